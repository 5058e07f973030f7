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
UNKNOWN = 0.3
"""Standard deviation of a lag that a log does not tell [s]: half of what receivers show after an exit."""
PLACE_NOISE = 0.06
"""Of positions from row to row [m]; real receivers at rest have 0.034."""
MOST_MISFIT = 2.5
"""A lag that leaves more than so many times the noise of the positions is not one lag."""


class Lag(NamedTuple):
    """By how much velocities are late.

    Attributes:
        time: [s].
        deviation: Of it [s].
    """

    time: float
    deviation: float


def velocity_lag(log: TrainingLog, start: float, end: float) -> Lag:
    """Return by how much the velocities of a piece of a log are late against its positions.

    Without an answer it is half a step, as of a mean over the time since the last row, with a wide doubt.

    Args:
        log: Raw rows.
        start: Of the piece [s].
        end: Of the piece [s].
    """
    rows = np.arange(*np.searchsorted(log.time, [start, end]))
    rows = rows[np.isfinite(log.position[rows, 0]) & np.isfinite(log.velocity[rows, 0])]
    time, velocity, position = log.time[rows], log.velocity[rows], log.position[rows]
    step = middle(np.diff(time)) if len(time) > 1 else 0.0
    guess = Lag(0.5 * step, UNKNOWN)
    apart = max(round(SPACING / step), 2) if step > 0.0 else 2
    if len(time) < 2 * apart + 5:
        return guess
    integral = np.cumsum(0.5 * np.diff(time)[:, None] * (velocity[1:] + velocity[:-1]), axis=0)
    behind = position - np.concatenate([np.zeros((1, 3)), integral])
    # Across a gap nothing was integrated.
    whole = time[2 * apart :] - time[: -2 * apart] < (2 * apart + 0.5) * step
    bend, late = _bends(velocity, apart)[whole], _bends(behind, apart)[whole]
    there = np.isfinite(bend) & np.isfinite(late)
    bend, late = bend[there], late[there]
    squared = float((bend**2).sum())
    if not len(bend) or squared <= 0.0:
        return guess
    lag = float((bend * late).sum()) / squared
    rest = float(np.mean((late - lag * bend) ** 2)) ** 0.5
    # A second difference of white noise has six times its variance.
    if rest > MOST_MISFIT * 6.0**0.5 * PLACE_NOISE:
        return guess
    # Rows nearer than the spacing share their errors.
    shared = float(np.sum(whole)) / max(np.sum(whole) * step / SPACING, 1.0)
    doubt = max(rest, 1e-3) * (shared / squared) ** 0.5
    # Both are answers; the wide one counts where the log has no bends.
    share = UNKNOWN**2 / (UNKNOWN**2 + doubt**2)
    return Lag(share * lag + (1.0 - share) * guess.time, doubt * share**0.5)


def _bends(values: np.ndarray, apart: int) -> np.ndarray:
    return values[2 * apart :] - 2.0 * values[apart:-apart] + values[: -2 * apart]
