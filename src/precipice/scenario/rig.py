"""The rig: container, pilot chute, lines, canopy, and what can go wrong with them."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from precipice.scenario import field as f
from precipice.scenario.field import (
    Angle,
    Area,
    Force,
    Frequency,
    Length,
    Mass,
    Measure,
    PerAngle,
    Ratio,
    Stiffness,
    Time,
    TimePerAngle,
    Within,
    assume,
    choose,
    lognormal,
    normal,
    truncated,
)
from precipice.scenario.kind import CANOPY, SKYDIVE
from precipice.scenario.quantity import DEFAULT_SOURCE, AbstractEvidence, Quantity
from precipice.scenario.section import AbstractSection, is_table

_Chance = Annotated[Quantity, Within(None, 0, None, "1"), Measure("ratio")]


class AbstractMalfunction(AbstractSection, AbstractEvidence):
    """Something that happens with a chance, how bad it is, and their common evidence.

    In the file the spread stands beside the value and belongs to it.
    """

    chance: _Chance = Field(description="Of its happening, for each jump.")
    value: Quantity

    @model_validator(mode="before")
    @classmethod
    def _fold(cls, raw: Any) -> Any:
        if not is_table(raw) or not {"spread", "value"} <= raw.keys():
            return raw
        value = {"value": raw["value"], "spread": raw["spread"]}
        return {name: item for name, item in raw.items() if name != "spread"} | {"value": value}

    @model_validator(mode="after")
    def _share_evidence(self) -> "AbstractMalfunction":
        evidence = {name: getattr(self, name) for name in AbstractEvidence.model_fields}
        shared = {name: getattr(self, name).model_copy(update=evidence) for name in ("chance", "value")}
        return self.model_copy(update=shared)


class Hesitation(AbstractMalfunction):
    """The pilot chute stays in the burble."""

    value: Annotated[f.Time, Within(None, 0, None, None)] = Field(description="How long it stays there.")


class LineTwist(AbstractMalfunction):
    """The lines are twisted and there is no control."""

    value: Annotated[f.Time, Within(None, 0, None, None)] = Field(description="How long until they are free.")


class LineOver(AbstractMalfunction):
    """A line lies over the canopy and turns it."""

    value: Annotated[f.Ratio, Within(None, 0, None, "1")] = Field(
        description="Forced turn, as a part of full toggle."
    )


class NoInflation(AbstractMalfunction):
    """The canopy does not open."""

    value: Annotated[f.Ratio, Within(None, 0, None, "1")] = Field(
        description="Part of the open drag area that remains."
    )


def _default(chance: str, value: str, description: str, spread: dict[str, str] | None = None) -> Any:
    table = {
        "chance": chance,
        "value": value,
        "source": DEFAULT_SOURCE,
        **({"spread": spread} if spread else {}),
    }
    return choose(table, description, validate_default=True)


class Malfunction(AbstractSection):
    """What can go wrong between throw and landing."""

    hesitation: Hesitation = _default(
        "1 %", "0.8 s", "Pilot chute in the burble.", {"shape": "lognormal", "sigma": "0.5", "varies": "jump"}
    )
    line_twist: LineTwist = _default(
        "2 %", "5 s", "Lines twisted.", {"shape": "uniform", "low": "3 s", "high": "8 s", "varies": "jump"}
    )
    line_twist_per_yaw_rate: TimePerAngle = assume(
        "0.05 s/rad", "Chance added for each rad/s of body yaw.", least=0
    )
    line_over: LineOver = _default("0.1 %", "0.6", "Line over the canopy.")
    no_inflation: NoInflation = _default("0.02 %", "0.05", "Canopy stays shut.")


class ReserveCanopy(AbstractSection):
    """A second canopy. Writing its table means that it is worn."""

    fitted: bool = choose(default=True, description="Whether it is worn.")
    area: Area = assume("15 m^2", "Of the canopy.", above=0)
    span: Length = assume("5.5 m", "Of the canopy.", above=0)
    activation_height: Length = assume(
        "225 m", "Height above the ground below at which a device opens it.", least=0
    )
    extraction_time: Time = assume("0.6 s", "From activation to line stretch.", above=0)
    fill_constant: Ratio = assume("13", "Diameters of fall while it fills.", above=0)
    fill_exponent: Ratio = assume("2", "Power of time with which its drag area grows.", least="1")


class Drogue(AbstractSection):
    """A small parachute that steadies a long fall until the throw; with its table it is worn."""

    fitted: bool = choose(default=True, description="Whether it is worn.")
    diameter: Length = assume("2 m", "Flat diameter.", above=0)
    drag_coefficient: Ratio = assume("0.5", "On its flat area.", above=0)
    fill_time: Time = assume("1 s", "From release to full.", above=0)
    throw: Time = assume("3 s", "After the exit.", least=0)


class Rig(AbstractSection):
    """Everything on the performer's back."""

    container: str = choose("BASE container", "Make and model.")
    reserve: bool = choose(default=False, description="Whether a reserve is worn.")
    reserve_canopy: ReserveCanopy = choose(ReserveCanopy(fitted=False), "The reserve.")
    drogue: Drogue = choose(Drogue(fitted=False), "The drogue.", only=SKYDIVE)
    slider: Literal["up", "down"] = choose(
        "up", "Up for long delays, down or off for short ones.", only=CANOPY
    )
    brake_setting: Ratio = assume("0.55", "As stowed; 0 toggles up, 1 full travel.", least=0, most="1")
    pilot_chute_diameter: Length = assume("38 inch", "Flat diameter.", above=0)
    pilot_chute_drag_coefficient: Ratio = assume(
        "0.55", "On its flat area.", above=0, spread=normal("0.05", "constant")
    )
    pilot_chute_mass: Mass = assume("0.35 kg", "With its share of the bridle.", above=0)
    pilot_chute_fill_time: Time = assume("0.25 s", "From clean air to full.", above=0)
    throw_time: Time = assume("0.2 s", "From the hand to clean air.", least=0)
    bridle_length: Length = assume("2.7 m", "Pilot chute to pin.", above=0)
    pack_mass: Mass = assume("3.2 kg", "Canopy, lines and bag that the pilot chute lifts.", above=0)
    line_length: Length = assume("6 m", "Canopy to risers.", above=0)
    stow_force: Force = assume("15 N", "That pulls a line out of its stow.", least=0)
    line_stiffness: Stiffness = assume("2.5 kN/m", "All lines together.", above=0)
    extraction_factor: Ratio = assume(
        "1", "Scales the time from throw to line stretch.", above=0, spread=lognormal("0.15", "jump")
    )
    canopy_area: Area = assume("22.3 m^2", "Of the canopy.", above=0)
    canopy_span: Length = assume("6.9 m", "Of the canopy.", above=0)
    canopy_radius: Length = assume("4 m", "Of a sphere that holds it.", above=0)
    fill_constant: Ratio = assume(
        "22", "Diameters of fall while it fills.", above=0, spread=lognormal("0.2", "jump")
    )
    fill_exponent: Ratio = assume(
        "2",
        "Power of time with which its drag area grows.",
        least="1",
        spread=truncated("0.3", "1.2", "3.5", "jump"),
    )
    opening_drag_coefficient: Ratio = assume("0.8", "At the end of inflation.", above=0)
    settle_time: Time = assume("1 s", "From open to steady flight.", above=0)
    lift_full: Ratio = assume(
        "0.62", "Lift coefficient, toggles up.", above=0, spread=normal("0.04", "constant")
    )
    drag_full: Ratio = assume(
        "0.22", "Drag coefficient, toggles up.", above=0, spread=normal("0.015", "constant")
    )
    lift_half: Ratio = assume("0.80", "Lift coefficient at half brakes.", above=0)
    drag_half: Ratio = assume("0.33", "Drag coefficient at half brakes.", above=0)
    lift_deep: Ratio = assume("0.95", "Lift coefficient at 75 % brakes.", above=0)
    drag_deep: Ratio = assume("0.55", "Drag coefficient at 75 % brakes.", above=0)
    bank_lag: Time = assume("0.6 s", "Time constant of rolling into a turn.", above=0)
    bank_limit: Angle = assume("40 deg", "In a turn with one toggle down.", above=0, below="80 deg")
    toggle_rate: Frequency = assume("1.5 1/s", "Full travels in a second.", above=0)
    sideslip_drag: PerAngle = assume(
        "0.5 1/rad", "Side force coefficient for each radian of sideslip.", least=0
    )
    heading_error: Angle = assume(
        "0 deg",
        "Of the opening; positive to the right.",
        spread={
            "shape": "mixture",
            "parts": (
                {"weight": "0.935", "sd": "20 deg"},
                {"weight": "0.06", "sd": "60 deg"},
                {"weight": "0.005", "value": "180 deg", "sd": "25 deg"},
            ),
            "varies": "jump",
        },
    )
    heading_from_body: Ratio = assume("1", "How far the opening heading follows the body's yaw.")
    malfunction: Malfunction = choose(Malfunction(), "What can go wrong.")
