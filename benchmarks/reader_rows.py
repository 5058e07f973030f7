"""The rows of a log as any reader gives them, and how two readers' rows differ."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from precipice.earth import GRAVITY
from precipice.training.log import TrainingLog

Rows = dict[str, np.ndarray]
"""Columns of one length by name: `time` [s since 1970], `latitude`, `longitude` [degrees], `altitude` [m],
`north`, `east`, `down` [m/s]; of a motion sensor: `time` [s], `ax`... [g], `wx`... [degrees/s].
What is missing is NaN or absent."""

RADIUS = 6378137.0
"""Of the earth [m], for turning degrees into metres of difference."""
TOGETHER = 5e-4
"""Seconds within which two readers' times are one row."""


@dataclass(frozen=True)
class Difference:
    """How two readers' rows differ.

    Attributes:
        both: Rows with a time that both have.
        only_first: Times that only the first has.
        only_second: Times that only the second has.
        place: Largest difference of latitude or longitude [m].
        altitude: Largest difference of altitude [m].
        other: Largest difference of anything else: velocity [m/s], force [g], turn rate [degrees/s].
        missing: Values that one of them alone has, in rows that both have.
    """

    both: int
    only_first: int
    only_second: int
    place: float
    altitude: float
    other: float
    missing: int


def log_rows(log: TrainingLog) -> Rows:
    """Return the rows of a log of ours as its file has them; those of a motion sensor that stands alone.

    Local east and north are turned back into degrees. Source: Torge 2001, Geodesy, eq. 4.11 to 4.15.
    """
    if log.format == "flysight2-sensor":
        return _sensor_rows(log)
    latitude, longitude, altitude = log.origin
    squared = 0.0066943799901413165
    narrow = 1.0 - squared * np.sin(latitude) ** 2
    across, along = RADIUS / np.sqrt(narrow), RADIUS * (1.0 - squared) / narrow**1.5
    lat = latitude + log.position[:, 1] / along
    lon = longitude + log.position[:, 0] / (across * np.cos(lat))
    start = log.start.timestamp() if log.start is not None else 0.0
    return {
        "time": start + log.time,
        "latitude": np.degrees(lat),
        "longitude": (np.degrees(lon) + 180.0) % 360.0 - 180.0,
        "altitude": altitude + log.position[:, 2],
        "north": log.velocity[:, 1],
        "east": log.velocity[:, 0],
        "down": -log.velocity[:, 2],
    }


def _sensor_rows(log: TrainingLog) -> Rows:
    """Return the motion sensor's rows in the file's units; its own clock is not kept."""
    felt = log.inertial
    assert felt is not None
    names = ("ax", "ay", "az"), ("wx", "wy", "wz")
    columns = np.concatenate([felt.force_body / GRAVITY, np.degrees(felt.rate_body)], axis=1)
    rows = dict(zip((*names[0], *names[1]), columns.T, strict=True))
    return {"time": felt.time, **rows}


def peer_rows(archive: Path) -> Rows:
    """Return the rows that readers_peer.py wrote."""
    with np.load(archive, allow_pickle=False) as told:
        return {name: np.asarray(told[name], float) for name in told.files}


def differ(first: Rows, second: Rows) -> Difference:
    """Return how two readers' rows differ; rows are paired by their times, equal times in their order."""
    if "ax" in first or "ax" in second:
        # A motion sensor alone counts seconds from no known moment.
        first, second = ({**rows, "time": rows["time"] - rows["time"][:1].sum()} for rows in (first, second))
    a, b = _partners(first["time"], second["time"])
    worst = {"place": 0.0, "altitude": 0.0, "other": 0.0}
    missing = 0
    for name in sorted((first.keys() & second.keys()) - {"time", "text"}):
        x, y = first[name][a], second[name][b]
        lone = np.isnan(x) != np.isnan(y)
        missing += int(lone.sum())
        apart = np.abs(x - y)[~lone & ~np.isnan(x)]
        kind = "place" if name in ("latitude", "longitude") else "altitude" if name == "altitude" else "other"
        if kind == "place":
            apart = np.minimum(apart, np.abs(360.0 - apart)) * np.pi / 180.0 * RADIUS
        worst[kind] = max(worst[kind], float(apart.max()) if len(apart) else 0.0)
    return Difference(
        len(a), len(first["time"]) - len(a), len(second["time"]) - len(a), missing=missing, **worst
    )  # fmt: skip


def _partners(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows of both that have a time in common, each used once."""
    one, two = _keys(first), _keys(second)
    shared = sorted(one.keys() & two.keys())
    return np.array([one[key] for key in shared], int), np.array([two[key] for key in shared], int)


def _keys(time: np.ndarray) -> dict[tuple[int, int], int]:
    seen: dict[int, int] = {}
    keys: dict[tuple[int, int], int] = {}
    for row in np.flatnonzero(np.isfinite(time)):
        tick = round(float(time[row]) / (2.0 * TOGETHER))
        seen[tick] = seen.get(tick, -1) + 1
        keys[tick, seen[tick]] = int(row)
    return keys
