"""Dating of an exit by a fit, and the doubt that gaps add to any date."""

import numpy as np

from precipice.training.jump import Moment
from precipice.training.motion import Motion

MOST_LAG = 3.0
"""Seconds that filters of a receiver come late, at most."""
LEFT_LEVEL = 2.0
"""Sink [m/s] above the level before, from which a body is on its way."""


class Gaps:
    """Times of which a log knows nothing."""

    def __init__(self, motion: Motion) -> None:
        edges = np.flatnonzero(np.diff(np.concatenate([[True], motion.known, [True]]).astype(np.int8)))
        ends = motion.time[np.clip(edges, 0, len(motion.time) - 1)]
        # What counts as known reaches beyond the rows on both sides.
        self.spans = [(float(ends[k]), float(ends[k + 1])) for k in range(0, len(edges) - 1, 2)]

    def widen(self, moment: Moment) -> Moment:
        """Return a moment whose deviation is at least the width of the gap that it lies in."""
        width = self._width(moment.time)
        return Moment(moment.time, max(moment.deviation, width)) if width else moment

    def _width(self, time: float, margin: float = 1.0) -> float:
        return max(
            (end - start + 3.0 for start, end in self.spans if start - margin < time < end + margin),
            default=0.0,
        )

    def between(self, first: float, last: float, least: float) -> list[tuple[float, float]]:
        """Return the gaps of at least a width [s] that touch a time span."""
        return [(s, e) for s, e in self.spans if e > first and s < last and e - s + 3.0 >= least]


def back_to_level(motion: Motion, row: int, first: int) -> int:
    """Return the row at which sink leaves the level that it had before; some exits are slow at first."""
    before = slice(max(row - round(8.0 / motion.step), first), max(row - round(3.0 / motion.step), first + 1))
    level = float(np.median(motion.sink[before]))
    limit = max(row - round(6.0 / motion.step), first)
    at = row
    while at > limit and motion.sink[at] > level + LEFT_LEVEL:
        at -= 1
    return at


def date_exit(motion: Motion, row: int, first: int) -> Moment:
    """Return when a fall began: where sink leaves its level and rises straight.

    Level and rise are fitted to the smoothed sink from four seconds before it leaves its level; the
    deviation is the fit's scatter over the rise.

    Args:
        motion: Of the log.
        row: Where sink gains most in the next three seconds.
        first: Row before which nothing is looked at.
    """
    leaves = back_to_level(motion, row, first)
    end = max(leaves + round(3.0 / motion.step), row + round(2.0 / motion.step))
    # Up to the greatest sink: a low opening may come within these seconds.
    end = min(end, len(motion.time))
    highest = leaves + int(np.argmax(motion.sink[leaves:end]))
    if end - highest > round(0.5 / motion.step):
        end = highest + 1
    rows = np.arange(max(leaves - round(4.0 / motion.step), first), end)
    rows = rows[motion.known[rows]]
    if len(rows) < 8:
        return Moment(float(motion.time[row]), 1.5)
    smoothed = _corner(motion.time[rows], motion.sink[rows], motion.step)
    doppler = motion.doppler_sink[rows]
    if not np.isfinite(doppler).all():
        return smoothed
    # Filters of a receiver come late, never early: where the two differ, the earlier is nearer.
    other = _corner(motion.time[rows], doppler, motion.step)
    apart = smoothed.time - other.time
    if not 0.0 < apart < MOST_LAG or other.deviation > 1.0:
        return smoothed
    return Moment(smoothed.time - 0.5 * apart, max(smoothed.deviation, 0.5 * apart))


def _corner(time: np.ndarray, sink: np.ndarray, step: float) -> Moment:
    """Return where a level and a straight rise meet, fitted to a sink, with the fit's doubt."""
    corners = np.arange(time[0], time[-1] - 1.0, 0.05)
    rise = np.maximum(time - corners[:, None], 0.0)
    rise -= rise.mean(axis=1, keepdims=True)
    level = sink - sink.mean()
    slope = rise @ level / np.maximum((rise**2).sum(axis=1), 1e-9)
    misfit = (level**2).sum() - slope * (rise @ level)
    misfit = np.where(slope > 0.0, misfit, np.inf)
    best = int(np.argmin(misfit)) if len(corners) else 0
    if not len(corners) or not np.isfinite(misfit[best]):
        return Moment(float(time[-1]), 1.5)
    scatter = (max(float(misfit[best]), 0.0) / len(time)) ** 0.5
    return Moment(float(corners[best]), 0.2 + step / 2 + scatter / max(float(slope[best]), 2.0))
