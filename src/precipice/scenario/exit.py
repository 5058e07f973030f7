"""The exit of a base-jump or a drop: how the body leaves a fixed place."""

from typing import Literal

from precipice.scenario.field import Angle, AngularRate, Length, Speed, assume, choose, given
from precipice.scenario.kind import DROP
from precipice.scenario.section import AbstractSection


class Exit(AbstractSection):
    """Velocity and attitude at the instant when freefall begins. The exit point is the local origin."""

    style: Literal["standing", "running", "released"] = choose("standing", "Released: let go, as in a drop.")
    azimuth: Angle = given("Bearing of travel, and where the body faces.")
    speed: Speed = assume("1 m/s", "Of the centre of mass.", least=0)
    path: Angle = assume("0 deg", "Of the velocity; positive up.", least="-90 deg", most="90 deg")
    pitch: Angle = assume(
        "0 deg", "Of the body; 0 upright, negative leaning forward.", least="-180 deg", most="180 deg"
    )
    centre_height: Length = assume("1 m", "Of the centre of mass above the exit point.", least=0)
    pitch_rate: AngularRate = assume(
        "0 deg/s", "Nose up; a person's is performer.exit_pitch_rate.", only=DROP
    )
