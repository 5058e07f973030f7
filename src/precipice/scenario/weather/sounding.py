"""What every reader gives: rows over altitude, when, where, and what is wrong or missing."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from precipice.scenario.weather.standard import GAS_CONSTANT, GRAVITY, Numbers


class Request(NamedTuple):
    """Which of a file's times, places and stations is wanted; None where nobody says.

    Attributes:
        time: With its zone.
        latitude: [rad].
        longitude: [rad].
        altitude: Of the station, for files that do not say it [m].
        station: Its name in the file.
    """

    time: dt.datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    altitude: float | None = None
    station: str | None = None


class Trouble(NamedTuple):
    """Something wrong with one line of a file; line 0 is the file as a whole."""

    line: int
    sentence: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.sentence}" if self.line else self.sentence


class Row(NamedTuple):
    """One level; nan where nothing is said. SI, altitude above sea level, direction the wind blows from."""

    altitude: float
    pressure: float = math.nan
    temperature: float = math.nan
    humidity: float = math.nan
    speed: float = math.nan
    direction: float = math.nan
    line: int = 0


@dataclass(frozen=True, eq=False)
class Sounding:
    """Weather over altitude at one place and time.

    Attributes:
        form: Name of the file's format.
        altitude: Geometric, above mean sea level, rising, `(n,)` [m].
        pressure: `(n,)` [Pa].
        temperature: `(n,)` [K].
        humidity: Relative over water, 0 to 1, `(n,)`.
        speed: Of the wind, `(n,)` [m/s].
        direction: Where the wind blows from, clockwise from true north, `(n,)` [rad].
        line: Of the file, `(n,)`; 0 where there are none.
        time: When it is valid; None where the file does not say.
        latitude: [rad], nan where the file does not say.
        longitude: [rad], nan where the file does not say.
        place: In words.
        gust: Highest gust that the file reports [m/s], else nan.
        problems: What makes it unusable, line by line.
        notes: What it lacks, and what was done about it.
    """

    form: str
    altitude: Numbers
    pressure: Numbers
    temperature: Numbers
    humidity: Numbers
    speed: Numbers
    direction: Numbers
    line: Numbers
    time: dt.datetime | None = None
    latitude: float = math.nan
    longitude: float = math.nan
    place: str = ""
    gust: float = math.nan
    problems: tuple[Trouble, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def has_air(self) -> np.ndarray:
        """Which rows have a temperature, `(n,)`."""
        return np.isfinite(self.temperature)

    @property
    def has_wind(self) -> np.ndarray:
        """Which rows have a wind, `(n,)`."""
        return np.isfinite(self.speed) & np.isfinite(self.direction)


def build_sounding(
    form: str,
    rows: Sequence[Row],
    *,
    time: dt.datetime | None = None,
    latitude: float = math.nan,
    longitude: float = math.nan,
    place: str = "",
    gust: float = math.nan,
    problems: Sequence[Trouble] = (),
    notes: Sequence[str] = (),
) -> Sounding:
    """Return a sounding with its rows sorted, calm air given a direction, and everything checked.

    Args:
        form: Name of the file's format.
        rows: In any order.
        time: See `Sounding`, as all others.
        latitude: [rad].
        longitude: [rad].
        place: In words.
        gust: [m/s].
        problems: Found so far.
        notes: Made so far.
    """
    found, told = list(problems), list(notes)
    table = np.array(sorted(rows, key=lambda row: row.altitude), float).reshape(-1, len(Row._fields))
    if len(table):
        single = np.concatenate([[True], np.diff(table[:, 0]) > 0.0])
        if not np.all(single):
            told.append(f"{np.count_nonzero(~single)} rows at an altitude that was there already: left out")
        table = table[single]
    columns: dict[str, Any] = dict(zip(Row._fields, table.T, strict=True))
    columns["direction"] = np.where(
        columns["speed"] == 0.0, np.nan_to_num(columns["direction"]), columns["direction"]
    )
    found += [trouble for name in RANGES for trouble in _outside(name, columns)]
    when = None if time is None else time.astimezone(dt.UTC)
    sounding = Sounding(
        form, **columns, time=when, latitude=latitude, longitude=longitude, place=place, gust=gust,
    )  # fmt: skip
    found += _pressure_falls(sounding) or _hydrostatic(sounding)
    return replace(sounding, problems=tuple(found), notes=tuple(told + _lacks(sounding)))


RANGES = {
    "altitude": (-500.0, 90e3, 1.0, "m"),
    "pressure": (0.1, 110e3, 100.0, "hPa"),
    "temperature": (150.0, 340.0, 1.0, "K"),
    "humidity": (0.0, 1.1, 0.01, "%"),
    "speed": (0.0, 150.0, 1.0, "m/s"),
    "direction": (0.0, 2.0 * math.pi + 1e-6, math.pi / 180.0, "deg"),
}
"""Lowest and highest that air has: a number outside has another unit, or is no number of that kind."""


def _outside(name: str, columns: dict[str, Numbers]) -> list[Trouble]:
    low, high, unit, word = RANGES[name]
    values, lines = columns[name], columns["line"]
    wrong = np.flatnonzero((values < low) | (values > high))
    return [
        Trouble(
            int(lines[k]),
            f"{name} must be {low / unit:.5g} to {high / unit:.5g} {word}, but is "
            f"{values[k] / unit:.6g} {word}: correct the number, or its unit",
        )
        for k in wrong
    ]


def _pressure_falls(sounding: Sounding) -> list[Trouble]:
    known = np.flatnonzero(np.isfinite(sounding.pressure))
    pressure = sounding.pressure[known]
    wrong = known[1:][np.diff(pressure) >= 0.0]
    rule = "pressure must fall with altitude, but is {:.1f} hPa at {:.0f} m, no less than below: correct it"
    return [
        Trouble(int(sounding.line[k]), rule.format(sounding.pressure[k] / 100.0, sounding.altitude[k]))
        for k in wrong
    ]


MISFIT = 0.08
"""How far a layer's thickness may be from what its pressures and temperatures make of it: humidity,
rounded numbers and a straight line between far rows stay below; another unit does not."""
MISFIT_LENGTH = 60.0
"""The same for thin layers [m]: pressures are rounded to 1 hPa, altitudes to metres."""


def _hydrostatic(sounding: Sounding) -> list[Trouble]:
    """Say where pressure, temperature and altitude contradict each other."""
    rows = np.flatnonzero(np.isfinite(sounding.pressure) & sounding.has_air)
    pressure, altitude = sounding.pressure[rows], sounding.altitude[rows]
    mean = 0.5 * (sounding.temperature[rows][1:] + sounding.temperature[rows][:-1])
    thick = GAS_CONSTANT * mean / GRAVITY * np.log(pressure[:-1] / pressure[1:])
    step = np.diff(altitude)
    wrong = _misfit(thick, step) | _misfit(np.cumsum(thick), np.cumsum(step))
    # One fault may spoil all rows above it: the first two tell enough.
    return [
        Trouble(
            int(sounding.line[rows[k + 1]]),
            f"altitude, pressure and temperature must fit, but {pressure[k] / 100.0:.1f} to "
            f"{pressure[k + 1] / 100.0:.1f} hPa at this temperature is {thick[k]:.0f} m and the altitudes "
            f"differ by {step[k]:.0f} m: correct the number, or its unit",
        )
        for k in np.flatnonzero(wrong)[:2]
    ]


def _misfit(thick: Numbers, step: Numbers) -> np.ndarray:
    return np.abs(thick - step) > np.maximum(MISFIT * step, MISFIT_LENGTH)


def _lacks(sounding: Sounding) -> list[str]:
    notes: list[str] = []
    absent = [
        name
        for name in ("pressure", "temperature", "humidity")
        if not np.any(np.isfinite(getattr(sounding, name)))
    ]
    if absent:
        notes.append(f"no {', no '.join(absent)}")
    if not np.any(sounding.has_wind):
        notes.append("no wind")
    if sounding.time is None:
        notes.append("no time")
    if not math.isfinite(sounding.latitude):
        notes.append("no place")
    for word, some in (("temperature", sounding.has_air), ("wind", sounding.has_wind)):
        if np.any(some) and not np.all(some):
            notes.append(f"no {word} in {np.count_nonzero(~some)} of {len(some)} rows")
    return notes
