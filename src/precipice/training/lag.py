"""How late a receiver's velocity is, from the log itself.

A velocity that is late by `L` is the one of `L` ago: its integral is behind the positions by `L` times the
velocity. Positions drift besides, but over half a second nearly evenly: their second differences are free of
it. In these the bends of a jump stand out: the ramp, its lip and the landing.
"""

from typing import NamedTuple

import numpy as np

from precipice.training.log import TrainingLog
from precipice.training.window import middle

SPACING = 0.5
"""Of the second differences [s]: longer ones see the drift's own bends, shorter ones see less of the lag."""
PLACE_NOISE = 0.06
"""Of positions from row to row [m]; real receivers at rest have 0.034."""
MOST_MISFIT = 2.5
"""Times the noise of the positions that a lag may leave: what leaves more is not one lag."""
PASSES = 4
"""Corrections of the lag."""
MOST_LAG = 2.0
"""No receiver that was measured is later [s]."""
MOST_DOUBT = 0.05
"""Standard deviation of a lag [s] above which it is not known: half a metre a second in free fall."""


class Lag(NamedTuple):
    """By how much velocities are late.

    Attributes:
        time: [s].
        deviation: Of it [s].
    """

    time: float
    deviation: float


def velocity_lag(log: TrainingLog, start: float, end: float) -> Lag | None:
    """Return by how much the velocities of a piece of a log are late against its positions.

    None where the log does not tell: too few rows, no bend in the way, or a lag that changes.

    Args:
        log: Raw rows.
        start: Of the piece [s].
        end: Of the piece [s].
    """
    rows = np.arange(*np.searchsorted(log.time, [start, end]))
    rows = rows[np.isfinite(log.position[rows, 0]) & np.isfinite(log.velocity[rows, 0])]
    if len(rows) < 9:
        return None
    time, velocity, position = log.time[rows], log.velocity[rows], log.position[rows]
    step = middle(np.diff(time))
    apart = max(round(SPACING / step), 2)
    integral = np.zeros((len(time), 3))
    np.cumsum(0.5 * np.diff(time)[:, None] * (velocity[1:] + velocity[:-1]), axis=0, out=integral[1:])
    # Across a gap nothing was integrated.
    whole = time[2 * apart :] - time[: -2 * apart] < (2 * apart + 0.5) * step
    lag, more, bend, late = 0.0, 0.0, np.zeros(0), np.zeros(0)
    for _ in range(PASSES):
        # Positions of as long ago as the velocities are from; there are none from before the piece.
        ago = np.stack([np.interp(time - lag, time, axis) for axis in position.T], axis=1)
        there = whole & (time[: -2 * apart] - lag >= time[0]) & (time[2 * apart :] - lag <= time[-1])
        bend, late = _bends(velocity, apart)[there], _bends(ago - integral, apart)[there]
        finite = np.isfinite(bend) & np.isfinite(late)
        bend, late = bend[finite], late[finite]
        squared = float((bend**2).sum())
        if len(bend) < 9 or squared <= 0.0:
            return None
        more = float((bend * late).sum()) / squared
        lag = min(max(lag + more, -MOST_LAG), MOST_LAG)
    squared, rest = float((bend**2).sum()), float(np.mean((late - more * bend) ** 2)) ** 0.5
    # Near rows share errors. A second difference of white noise has six times its variance.
    shared = max(SPACING / step, 1.0)
    doubt = rest * (shared / squared) ** 0.5
    if rest > MOST_MISFIT * 6.0**0.5 * PLACE_NOISE or doubt > MOST_DOUBT:
        return None
    return Lag(lag, doubt)


def _bends(values: np.ndarray, apart: int) -> np.ndarray:
    return values[2 * apart :] - 2.0 * values[apart:-apart] + values[: -2 * apart]
