"""The wind far from the cliff, its gusts, and what the cliff does to it."""

import datetime as dt
from typing import Any, Literal

from pydantic import model_validator

from precipice.scenario.field import (
    Angle,
    Length,
    PlainAngle,
    Ratio,
    Speed,
    assume,
    choose,
    given,
    lognormal,
    maybe,
    normal,
    uniform,
)
from precipice.scenario.quantity import DEFAULT_SOURCE
from precipice.scenario.section import AbstractSection, is_table
from precipice.scenario.weather import words


class WindRow(AbstractSection):
    """Wind at one level of a table."""

    altitude: Length | None = maybe("Above sea level.")
    height: Length | None = maybe("Above the landing area.")
    speed: Speed = given("Mean speed.", least=0)
    direction: Angle = given("Where it blows from.")


class Wind(AbstractSection):
    """Mean wind over height, and gusts."""

    profile: Literal["constant", "table", "log", "power", "file"] = choose(
        "constant", "How it changes with height."
    )
    speed: Speed | None = maybe(
        'Must be given but for profile = "file": everywhere, at the reference height, or of the lowest row.',
        least=0,
    )
    direction: Angle | None = maybe(
        'Must be given but for profile = "file": where it blows from, clockwise from true north.'
    )
    file: str | None = choose(None, f'For profile = "file": {words.FILE}', min_length=1)
    file_time: dt.datetime | None = choose(None, words.TIME)
    file_latitude: PlainAngle | None = choose(None, words.LATITUDE)
    file_longitude: PlainAngle | None = choose(None, words.LONGITUDE)
    file_station: str | None = choose(None, words.STATION, min_length=1)
    factor: Ratio | None = maybe(
        'On all speeds of the file; for profile = "file", 1, lognormal, sigma 0.3 by day.', least=0
    )
    turn: Angle | None = maybe(
        'Of all directions of the file, clockwise; for profile = "file", 0 deg, normal, sd 20 deg by day.'
    )
    reference_height: Length = assume("10 m", "Above the landing area; for log and power profiles.", above=0)
    roughness: Length = assume("0.03 m", "Roughness length of the ground; for the log profile.", above=0)
    exponent: Ratio = assume("0.143", "Of height; for the power profile.", least=0, most="1")
    row: tuple[WindRow, ...] = choose((), "Levels of the table, from low to high.", max_length=63)
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

    @model_validator(mode="before")
    @classmethod
    def _is_uncertain(cls, raw: Any) -> Any:
        """Give the wind of a file its factor and turn: no file knows the wind at a cliff."""
        if not is_table(raw) or raw.get("profile") != "file":
            return raw
        evidence = {"basis": "assumed", "source": DEFAULT_SOURCE}
        factor = {"value": "1", "spread": lognormal("0.3", "day"), **evidence}
        turn = {"value": "0 deg", "spread": normal("20 deg", "day"), **evidence}
        return {"factor": factor, "turn": turn, **raw}
