"""Tables of fixed size for the world: the rows that matter most, and what leaving out the others costs."""

import math
from typing import NamedTuple

import numpy as np

from precipice.scenario.weather.column import AirColumn, WindColumn
from precipice.scenario.weather.standard import (
    GAS_CONSTANT,
    GRAVITY,
    Numbers,
    standard_column,
    standard_height,
)

ROWS = 64
"""Of a table: a sounding printed for people has 30 to 150 levels, a model 14 to 37, our own few."""
FLOOR, CEILING = -500.0, 52e3
"""Altitudes between which the air is tabulated [m]."""


class Table(NamedTuple):
    """A table and its largest error against the rows that it was made from.

    Attributes:
        rows: `(64, 3)`: for air altitude [m], log of pressure over the standard's [-], virtual temperature
            minus the standard's temperature [K]; for wind altitude [m], speed [m/s], direction [rad].
        error: Of density [-], or of the wind's vector [m/s].
        kept: How many rows of the source are in it.
        of: How many rows the source has.
    """

    rows: Numbers
    error: float
    kept: int
    of: int


def standard_table() -> Numbers:
    """Return the air table that changes nothing of the standard, `(64, 3)`."""
    rows = np.zeros((ROWS, 3))
    rows[:, 0] = np.linspace(FLOOR, CEILING, ROWS)
    return rows


def air_table(column: AirColumn) -> Table:
    """Return the air of a column as its difference from the standard atmosphere, continued beyond its ends.

    Beyond the ends the temperature keeps its difference from the standard, so it goes on with the
    standard's lapse, and the pressure follows hydrostatically.

    Args:
        column: Complete rows.
    """
    pressure, temperature = standard_column(column.altitude)
    inside = np.stack(
        [column.altitude, np.log(column.pressure / pressure), column.virtual - temperature], axis=1
    )
    below = _beyond(inside[0], FLOOR)[::-1]
    above = _beyond(inside[-1], CEILING)
    fine = np.concatenate([below, inside, above])
    scale = 1.0 / np.interp(fine[:, 0], column.altitude, column.virtual)
    # What is felt is density: pressure over temperature.
    density = np.stack([fine[:, 1], fine[:, 2] * scale], axis=1)
    chosen, error = choose_rows(fine[:, 0], density, ROWS)
    kept = int(np.count_nonzero((chosen >= len(below)) & (chosen < len(below) + len(inside))))
    return Table(_padded(fine[chosen]), error, kept, len(inside))


def _beyond(end: Numbers, limit: float) -> Numbers:
    """Return rows from an end of a column to a limit, at most 1 km apart, without the end itself."""
    start = float(end[0])
    if (limit - start) * (1.0 if limit > 0.0 else -1.0) <= 0.0:
        return np.empty((0, 3))
    fine = 10
    altitude = np.linspace(start, limit, fine * math.ceil(abs(limit - start) / 1000.0) + 1)
    _, temperature = standard_column(altitude)
    slope = GRAVITY / GAS_CONSTANT * (1.0 / temperature - 1.0 / (temperature + end[2]))
    step = np.diff(standard_height(altitude)) * 0.5 * (slope[1:] + slope[:-1])
    log = end[1] + np.concatenate([[0.0], np.cumsum(step)])
    rows = np.stack([altitude, log, np.full_like(log, end[2])], axis=1)
    return rows[fine::fine]


def wind_table(column: WindColumn) -> Table:
    """Return a column of wind with at most 64 rows; below and above it the wind stays.

    Args:
        column: At least one row.
    """
    chosen, error = choose_rows(column.altitude, column.components, ROWS)
    rows = np.stack([column.altitude, column.speed, column.direction], axis=1)[chosen]
    return Table(_padded(rows), error, len(chosen), len(column.altitude))


def choose_rows(altitude: Numbers, values: Numbers, most: int) -> tuple[np.ndarray, float]:
    """Return which rows to keep so that straight lines between them miss the others least.

    Begins with the ends and adds the row that is missed most, again and again.
    Source: Douglas and Peucker 1973, stopped at a number of points.

    Args:
        altitude: Rising, `(n,)` [m].
        values: `(n, m)`.
        most: Rows to keep.

    Returns:
        Indices, rising, and the largest distance of a row left out from its line.
    """
    count = len(altitude)
    chosen = np.unique([0, count - 1])
    while True:
        lines = np.stack([np.interp(altitude, altitude[chosen], v[chosen]) for v in values.T], axis=1)
        miss = np.linalg.norm(values - lines, axis=1)
        worst = int(np.argmax(miss))
        if len(chosen) >= min(most, count) or miss[worst] <= 1e-12:
            return chosen, float(miss[worst])
        chosen = np.sort(np.append(chosen, worst))


def _padded(rows: Numbers) -> Numbers:
    """Return 64 rows, the last one repeated one metre higher each time."""
    last = np.repeat(rows[-1:], ROWS - len(rows), axis=0)
    last[:, 0] += 1.0 + np.arange(ROWS - len(rows))
    return np.concatenate([rows, last])
