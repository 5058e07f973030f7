"""The wind far from the cliff, its gusts, and what the cliff does to it."""

from typing import Literal

from precipice.scenario.field import (
    Angle,
    Length,
    Ratio,
    Speed,
    assume,
    choose,
    given,
    maybe,
    uniform,
)
from precipice.scenario.section import AbstractSection


class WindRow(AbstractSection):
    """Wind at one level of a table."""

    altitude: Length | None = maybe("Above sea level.")
    height: Length | None = maybe("Above the landing area.")
    speed: Speed = given("Mean speed.", least=0)
    direction: Angle = given("Where it blows from.")


class Wind(AbstractSection):
    """Mean wind over height, and gusts."""

    profile: Literal["constant", "table", "log", "power"] = choose("constant", "How it changes with height.")
    speed: Speed = given("Mean: everywhere, at the reference height, or of the table's lowest row.", least=0)
    direction: Angle = given("Where it blows from, clockwise from true north.")
    reference_height: Length = assume("10 m", "Above the landing area; for log and power profiles.", above=0)
    roughness: Length = assume("0.03 m", "Roughness length of the ground; for the log profile.", above=0)
    exponent: Ratio = assume("0.143", "Of height; for the power profile.", least=0, most="1")
    row: tuple[WindRow, ...] = choose((), "Levels of the table, from low to high.", max_length=31)
    gust_speed: Speed = assume(
        "3 m/s",
        "W20 of MIL-F-8785C, the wind at 20 ft that sets the turbulence.",
        least=0,
        spread=uniform("1 m/s", "5 m/s", "day"),
    )
    upwash: Ratio = assume(
        "0.4",
        "Part of the wind onto the face that turns upwards.",
        least=0,
        most="2",
        spread=uniform("0.3", "0.5", "constant"),
    )
    upwash_reach: Ratio = assume("0.7", "In wall heights before the face.", above=0)
    rotor_reversal: Ratio = assume(
        "0.25", "Part of the wind off the edge that flows back.", least=0, most="1"
    )
    rotor_sink: Ratio = assume("0.25", "Part of the wind off the edge that flows down.", least=0, most="1")
    rotor_reach: Ratio = assume("6", "In wall heights.", above=0)
    rotor_gust_factor: Ratio = assume("1.75", "Gusts inside the rotor over those outside.", least=0)
