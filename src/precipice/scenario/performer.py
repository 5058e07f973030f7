"""The performer: body, skill, and what may differ from jump to jump."""

from typing import Any, Literal

from pydantic import Field, model_validator

from precipice.errors import RuleError
from precipice.scenario import field as f
from precipice.scenario.field import (
    Angle,
    AngularRate,
    Area,
    Length,
    Mass,
    Ratio,
    Speed,
    Time,
    Volume,
    assume,
    choose,
    given,
    lognormal,
    maybe,
    normal,
    truncated,
    uniform,
)
from precipice.scenario.kind import CANOPY, RAMP, SKYDIVE
from precipice.scenario.quantity import DEFAULT_SOURCE, AbstractEvidence
from precipice.scenario.section import AbstractSection


class BodyInertia(AbstractSection, AbstractEvidence):
    """Moments of inertia about the three body axes, which share their evidence."""

    roll: f.Inertia = Field(description="About the forward axis.")
    pitch: f.Inertia = Field(description="About the left axis.")
    yaw: f.Inertia = Field(description="About the up axis.")

    @model_validator(mode="after")
    def _share_evidence(self) -> "BodyInertia":
        evidence = {name: getattr(self, name) for name in AbstractEvidence.model_fields}
        shared = {axis: getattr(self, axis).model_copy(update=evidence) for axis in ("roll", "pitch", "yaw")}
        return self.model_copy(update=shared)


def _inertia(roll: str, pitch: str, yaw: str, description: str) -> Any:
    default = {"roll": roll, "pitch": pitch, "yaw": yaw, "source": DEFAULT_SOURCE}
    return choose(default, description, only=CANOPY, validate_default=True)


class Performer(AbstractSection):
    """A person with everything worn."""

    name: str = choose("performer", "Who it is.")
    suit: Literal["slick", "tracking", "wingsuit"] = choose(
        "slick", "What the freefall numbers are for.", only=CANOPY
    )
    mass: Mass | None = given("Exit weight: body, clothes, rig.", above=0, only=CANOPY)
    height: Length = assume("1.78 m", "Standing.", above=0, only=CANOPY)
    radius: Length = assume("1 m", "Of a sphere that holds arms and legs.", above=0, only=CANOPY)
    foot_offset: Length = assume(
        "0.9 m", "Centre of mass above the soles at touchdown.", above=0, only=CANOPY
    )
    upright_drag_area: Area = assume(
        "0.8 m^2", "Upright, broadside to the flow.", above=0, only=CANOPY, spread=normal("0.08 m^2", "jump")
    )
    drag_area: Area = assume(
        "0.49 m^2",
        "In the planned freefall posture.",
        above=0,
        only=CANOPY,
        spread=lognormal("0.1", "constant"),
    )
    head_on_fraction: Ratio = assume(
        "0.31", "Drag head-on over drag broadside.", above=0, most="1", only=CANOPY
    )
    lift_area: Area = assume(
        "0.15 m^2",
        "In the planned freefall posture, once at its angle.",
        least=0,
        only=CANOPY,
        spread=truncated("0.08 m^2", "0 m^2", "0.4 m^2", "jump"),
    )
    trim_angle: Angle = assume(
        "90 deg",
        "Angle of attack in the planned freefall posture; 90 deg is belly to the wind.",
        least="5 deg",
        most="90 deg",
        only=CANOPY,
    )
    sustained_speed: Speed | None = maybe(
        "Level speed of the steady glide at sea level; with sustained_sink it replaces both areas.",
        above=0,
        only=CANOPY,
    )
    sustained_sink: Speed | None = maybe(
        "Sink of the steady glide at sea level; with sustained_speed it replaces both areas.",
        above=0,
        only=CANOPY,
    )
    transonic_rise: Ratio = assume(
        "0.2", "Growth of the drag coefficient from below Mach 0.6 to Mach 1.1.", least=0, only=SKYDIVE
    )
    lift_delay: Time = assume(
        "2 s",
        "From exit until lift is available.",
        least=0,
        only=CANOPY,
        spread=uniform("1 s", "3 s", "jump"),
    )
    posture_lag: Time = assume(
        "0.75 s",
        "Time constant of a change of posture.",
        above=0,
        only=CANOPY,
        spread=uniform("0.5 s", "1 s", "constant"),
    )
    standing_inertia: BodyInertia = _inertia("14.91 kg*m^2", "13.44 kg*m^2", "1.48 kg*m^2", "Upright.")
    spread_inertia: BodyInertia = _inertia(
        "19.43 kg*m^2", "15.25 kg*m^2", "4.73 kg*m^2", "In freefall posture."
    )
    control_volume: Volume = assume(
        "0.045 m^3",
        "Area times lever that arms and legs can use.",
        above=0,
        only=CANOPY,
        spread=uniform("0.03 m^3", "0.06 m^3", "constant"),
    )
    stability_volume: Volume = assume(
        "0.02 m^3", "Area times lever of the arch's own stability.", least=0, only=CANOPY
    )
    body_width: Length = assume("0.4 m", "Lever of damping in roll and yaw.", above=0, only=CANOPY)
    reaction_time: Time = assume(
        "1.5 s", "From a surprise to the first action.", above=0, spread=lognormal("0.3", "jump")
    )
    speed_error: Speed = assume(
        "0 m/s", "Of the speed that is ridden.", only=RAMP, spread=normal("0.7 m/s", "jump")
    )
    pitch_rate_error: AngularRate = assume(
        "0 deg/s", "Of the rotation at the lip.", only=RAMP, spread=normal("20 deg/s", "jump")
    )
    pop: Speed = assume(
        "0 m/s",
        "Upward speed added by legs and suspension at the lip.",
        only=RAMP,
        spread=truncated("0.3 m/s", "-2.48 m/s", "1.12 m/s", "jump"),
    )
    steering_noise: Angle = assume(
        "0.3 deg", "Heading error on the deck, rms.", least=0, most="10 deg", only=RAMP
    )
    steering_lag: Time = assume("0.6 s", "Time constant of correcting a lateral error.", above=0, only=RAMP)
    exit_pitch_rate: AngularRate = assume(
        "0 deg/s", "At the exit, added to what physics gives.", only=CANOPY, spread=normal("30 deg/s", "jump")
    )
    exit_roll_rate: AngularRate = assume(
        "0 deg/s", "At the exit, added to what physics gives.", only=CANOPY, spread=normal("20 deg/s", "jump")
    )
    exit_yaw_rate: AngularRate = assume(
        "0 deg/s", "At the exit, added to what physics gives.", only=CANOPY, spread=normal("30 deg/s", "jump")
    )
    braking_efficiency: Ratio = assume(
        "0.7",
        "Share of the traction used when stopping.",
        above=0,
        most="1",
        only=RAMP,
        spread=uniform("0.5", "0.9", "jump"),
    )
    brake_build_up: Time = assume("0.25 s", "From lever to full brakes.", above=0, only=RAMP)

    @model_validator(mode="after")
    def _glides_at_both_speeds(self) -> "Performer":
        pair = {"sustained_speed": self.sustained_speed, "sustained_sink": self.sustained_sink}
        missing = [name for name, value in pair.items() if value is None]
        if len(missing) == 1:
            given_ = next(name for name in pair if name not in missing)
            raise RuleError(
                f"must be given with {given_}", "missing", "write both, or neither", within=missing[0]
            )
        return self
