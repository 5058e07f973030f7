"""Numbers of a jump with their standard deviations, and how they come from rows of a log."""

import numpy as np

from precipice.training.smooth import Smoothed

Numbers = dict[str, tuple[float, float]]
"""By name: value and standard deviation, SI."""
FORGETS = 2.0
"""Seconds after which rows forget each other's errors; assumed."""


def rows_between(smoothed: Smoothed, first: float, last: float) -> np.ndarray:
    """Return the rows within two times, `(n,)`.

    Args:
        smoothed: A track.
        first: Seconds from the log's first row.
        last: The same.
    """
    return np.flatnonzero((smoothed.time >= first) & (smoothed.time <= last))


def median_of(values: np.ndarray, time: np.ndarray) -> tuple[float, float]:
    """Return the median of rows, and its standard deviation.

    Args:
        values: `(n,)`.
        time: Of the rows, in order, `(n,)` [s].
    """
    middle = float(np.median(values))
    spread = 1.4826 * float(np.median(np.abs(values - middle)))
    return middle, 1.2533 * spread / max(float(np.ptp(time)) / FORGETS, 1.0) ** 0.5
