"""From columns as a file holds them to a `TrainingLog`: order, plausibility, gaps, the local frame."""

import datetime as dt
from collections.abc import Mapping

import numpy as np

from precipice.training.log import Inertial, Notes, TrainingLog
from precipice.training.rows import rising_rows

LOWEST, HIGHEST = -1000.0, 40000.0
"""Altitudes [m] that a log may hold; the Dead Sea lies at -430 m, the highest jump began at 41 km."""
FASTEST = 500.0
"""Speed [m/s] above which a receiver's velocity is not believed; the fastest faller reached 377 m/s."""
STRONGEST, WILDEST = 2000.0, 200.0
"""Specific force [m/s²] and turn rate [rad/s] beyond what motion sensors measure: 200 g, 11,000 deg/s."""
SHORTEST_GAP = 2.0
"""Seconds without a row from which a gap is named."""

_LIMITS = {
    "latitude": (-90.0, 90.0),
    "longitude": (-180.0, 180.0),
    "altitude": (LOWEST, HIGHEST),
    "velocity_east": (-FASTEST, FASTEST),
    "velocity_north": (-FASTEST, FASTEST),
    "velocity_up": (-FASTEST, FASTEST),
    "horizontal_accuracy": (0.0, 1e9),
    "vertical_accuracy": (0.0, 1e9),
    "speed_accuracy": (0.0, 1e9),
}


def build_log(
    columns: Mapping[str, np.ndarray],
    line: np.ndarray,
    *,
    source: str,
    format: str,  # noqa: A002 - the word that the log itself uses
    dated: bool,
    notes: Notes,
    inertial: Inertial | None = None,
    zero: float | None = None,
) -> TrainingLog:
    """Return the log of a file's columns.

    Args:
        columns: `time` [s] (since 1970 where `dated`), and any of `latitude`, `longitude` [degrees],
            `altitude` [m], `velocity_east`, `velocity_north`, `velocity_up` [m/s],
            `horizontal_accuracy`, `vertical_accuracy` [m], `speed_accuracy` [m/s]; each `(n,)`.
        line: Of the file for each row, `(n,)`.
        source: Name of the file.
        format: Name of the reader.
        dated: Whether `time` counts from 1970.
        notes: Problems so far; more are added.
        inertial: On the same clock as `time`, not yet shifted to the first row.
        zero: Time of the first row of any kind; the first of `time` when None.
    """
    table = {name: np.asarray(column, float) for name, column in columns.items()}
    _blank_implausible(table, line, notes)
    kept = _ordered(table["time"], line, notes)
    if not kept.all():
        table, line = {name: column[kept] for name, column in table.items()}, line[kept]
    time = table["time"]
    if zero is None:
        zero = float(time[0]) if len(time) else 0.0
    if inertial is not None:
        inertial = _plausible(inertial, zero, notes)
    position, origin = _local(table)
    missing = np.full(len(time), np.nan)
    velocity = [table.get(f"velocity_{axis}", missing) for axis in ("east", "north", "up")]
    _name_gaps(time - zero, line, notes)
    _name_leaps(table, line, notes)
    return TrainingLog(
        source=source,
        format=format,
        start=_moment(zero) if dated else None,
        origin=origin,
        time=time - zero,
        line=line,
        position=position,
        velocity=np.stack(velocity).T,
        horizontal_accuracy=table.get("horizontal_accuracy", missing),
        vertical_accuracy=table.get("vertical_accuracy", missing),
        speed_accuracy=table.get("speed_accuracy", missing),
        inertial=inertial,
        problems=notes.problems(),
    )


def _plausible(inertial: Inertial, zero: float, notes: Notes) -> Inertial:
    """Return what a sensor can have measured, counted from the first row."""
    force, rate = np.abs(inertial.force_body), np.abs(inertial.rate_body)
    # Written so that a rate or force that is not there stays.
    can_be = ~((force > STRONGEST).any(axis=1) | (rate > WILDEST).any(axis=1))
    if not can_be.all():
        notes.add(0, f"{int((~can_be).sum())} rows of the motion sensor beyond what one measures, left out")
    return Inertial(inertial.time[can_be] - zero, inertial.force_body[can_be], inertial.rate_body[can_be])


def _moment(seconds: float) -> dt.datetime | None:
    try:
        return dt.datetime.fromtimestamp(seconds, dt.UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _blank_implausible(table: dict[str, np.ndarray], line: np.ndarray, notes: Notes) -> None:
    """Replace what cannot be by NaN, and say so."""
    for name, (low, high) in _LIMITS.items():
        if name not in table or not len(line):
            continue
        column = table[name]
        if column.min() >= low and column.max() <= high:
            continue
        wrong = (column < low) | (column > high) | np.isinf(column)
        if wrong.any():
            table[name] = np.where(wrong, np.nan, column)
            kind = f"{name} outside {low:g} to {high:g}, left out"
            for row in np.flatnonzero(wrong):
                notes.add(int(line[row]), f"{name} of {column[row]:g} is {kind[len(name) + 1 :]}", kind)


def _ordered(time: np.ndarray, line: np.ndarray, notes: Notes) -> np.ndarray:
    """Return which rows have a time in order, `(n,)`; see `rising_rows`."""
    if len(time) < 2 or (np.diff(time) > 0).all():
        return np.isfinite(time)
    kept = rising_rows(time)
    for row in np.flatnonzero(~kept):
        notes.add(int(line[row]), "time out of order, row left out")
    return kept


def _local(table: Mapping[str, np.ndarray]) -> tuple[np.ndarray, tuple[float, float, float]]:
    """Return positions around the first row that has one, `(n, 3)`, and that origin.

    Up is altitude above the origin's, not above the tangent plane, which leaves the ellipsoid by 8 m
    in 10 km. East and north use the radii of curvature at the origin.

    Source: Torge 2001, Geodesy, eq. 4.11 to 4.15.
    """
    missing = np.full(len(table["time"]), np.nan)
    latitude = np.radians(table.get("latitude", missing))
    longitude = np.radians(table.get("longitude", missing))
    altitude = table.get("altitude", missing)
    lat0, lon0, alt0 = _first(latitude), _first(longitude), _first(altitude)
    squared = 0.0066943799901413165
    narrow = 1.0 - squared * np.sin(lat0) ** 2
    across, along = 6378137.0 / np.sqrt(narrow), 6378137.0 * (1.0 - squared) / narrow**1.5
    apart = longitude - lon0
    apart -= 2.0 * np.pi * np.round(apart / (2.0 * np.pi))
    east = across * np.cos(latitude) * apart
    north = along * (latitude - lat0)
    return np.stack([east, north, altitude - alt0]).T, (lat0, lon0, alt0)


def _first(column: np.ndarray) -> float:
    finite = np.flatnonzero(np.isfinite(column))
    return float(column[finite[0]]) if len(finite) else float("nan")


def _name_gaps(time: np.ndarray, line: np.ndarray, notes: Notes) -> None:
    if len(time) < 3:
        return
    steps = np.diff(time)
    longest = max(SHORTEST_GAP, 5.0 * float(np.median(steps)))
    for row in np.flatnonzero(steps > longest):
        text = f"gap of {steps[row]:.1f} s after {time[row]:.1f} s: nothing is known inside"
        notes.add(int(line[row]), text, f"gap of more than {longest:g} s")


def _name_leaps(table: Mapping[str, np.ndarray], line: np.ndarray, notes: Notes) -> None:
    """Name where altitude leaps by more than any velocity nearby explains."""
    if "altitude" not in table or len(line) < 2:
        return
    altitude, steps = table["altitude"], np.diff(table["time"])
    allowed = 20.0 + 150.0 * steps
    if "vertical_accuracy" in table:
        stated = np.nan_to_num(table["vertical_accuracy"], nan=0.0)
        allowed = allowed + stated[1:] + stated[:-1]
    leap = np.diff(altitude)
    for row in np.flatnonzero(np.abs(leap) > allowed):
        text = f"altitude leaps by {leap[row]:.0f} m in {steps[row]:.2f} s"
        notes.add(int(line[row + 1]), text, "altitude leaps")
