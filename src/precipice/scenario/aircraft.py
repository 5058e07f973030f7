"""The aircraft that a skydive leaves. Its position at the exit is the local origin."""

from typing import Literal

from precipice.scenario.field import Angle, Length, Speed, assume, choose, given
from precipice.scenario.section import AbstractSection


class ExitAircraft(AbstractSection):
    """How the aircraft moves at the exit."""

    kind: Literal["aeroplane", "helicopter", "balloon"] = choose("aeroplane", "What it is.")
    altitude: Length = given("Of the exit above sea level.", above="-500 m", most="50 km")
    speed: Speed = given("Along its heading.", least=0)
    speed_through: Literal["air", "ground"] = choose(
        "air", "Whether the speed is through the air or over the ground."
    )
    heading: Angle = given("Where its nose points.")
    climb: Speed = assume("0 m/s", "Upwards.")
    exit_speed: Speed = assume(
        "0 m/s", "Of the jump away from the aircraft, to the left of its heading.", least=0
    )
    pitch: Angle = assume("0 deg", "Of the body at the exit; 0 upright.", least="-180 deg", most="180 deg")
