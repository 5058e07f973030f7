"""Level speed through the air under a canopy, from the tracks of receivers.

A canopy that turns at one airspeed draws a circle in the plane of its level velocities; the circle's middle
is the wind, its radius the level airspeed. Tracks are read in place, and one number of each is handed on.
"""

import csv
from datetime import datetime
from pathlib import Path

import numpy as np

SETTLING, LANDING = 5.0, 20.0
"""After the inflated canopy and before the landing, left out [s]."""
FEWEST = 50
"""Rows of a canopy flight that can be fitted."""


def level_airspeed(track: Path, inflated: float, landed: float) -> float | None:
    """Return the level airspeed under the canopy [m/s]; None for a file of another layout or too few rows.

    Args:
        track: A receiver's file with velocities east and north, column names in a row that begins with time.
        inflated: When the canopy was open, from the file's first row [s].
        landed: The same for the landing [s].
    """
    columns = _columns(track)
    if columns is None:
        return None
    time, north, east = columns
    rows = (time > inflated + SETTLING) & (time < landed - LANDING)
    return circle_radius(east[rows], north[rows]) if np.count_nonzero(rows) >= FEWEST else None


def circle_radius(x: np.ndarray, y: np.ndarray) -> float:
    """Return the radius of the circle through points, by least squares of `x² + y² = 2 a x + 2 b y + c`."""
    system = np.stack([2.0 * x, 2.0 * y, np.ones_like(x)], axis=1)
    a, b, c = np.linalg.lstsq(system, x**2 + y**2, rcond=None)[0]
    return float(np.sqrt(c + a * a + b * b))


def _columns(track: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Return time from the first row [s], velocity north and east [m/s], each `(n,)`."""
    names: list[str] = []
    rows = []
    with track.open(encoding="utf-8", errors="replace", newline="") as stream:
        for line in csv.reader(stream):
            if line and line[0] == "time":
                names = line
            elif names and line and line[0][:2] == "20" and len(line) == len(names):
                rows.append(line)
    if not rows or not {"velN", "velE"} <= set(names):
        return None
    at = {name: k for k, name in enumerate(names)}
    times = [datetime.fromisoformat(row[at["time"]].replace("Z", "+00:00")).timestamp() for row in rows]
    north, east = (np.array([float(row[at[name]]) for row in rows]) for name in ("velN", "velE"))
    return np.asarray(times) - times[0], north, east
