"""The opening: a brake along the path, after which a body is carried slowly and is not dropped again."""

import numpy as np

from precipice.earth import GRAVITY
from precipice.training.jump import Moment
from precipice.training.motion import Motion
from precipice.training.window import sliding_max

LEAST_BRAKE = 1.15
"""Brake over gravity of the softest opening that is told from turns."""
BLURRED_BRAKE, BLURRED_FOR, STEADY_LOAD = 0.9, 8.0, 1.2
"""For loggers that smooth: brake, seconds until the canopy flies, load of a fall that is no spiral."""
LEAST_SINK = 4.0
"""Sink [m/s] at the peak: at the same brake, a wingsuit's flare is level or climbs."""
FALLING_SINK, FALLING_WITHIN = 8.0, 12.0
"""Sink [m/s] that was reached within so many seconds before: a wingsuit's climb out of a dive takes ten."""
CANOPY_SPEED, CANOPY_SINK = 23.0, 16.0
"""Mean speed and sink [m/s] in the ten seconds after an opening are below these."""
SLOWED = 0.8
"""Lowest speed after over the highest before, at most."""
DROPPED = 0.55
"""Vertical load over two seconds below which a body falls again: the peak before was a flare."""
SECOND_SHARE = 0.6
"""Brake of the opening over that of the flare before it, at least."""
LEAST_LEFT = 20.0
"""Metres of descent in the 25 s after an opening: the flare of a landing has none left."""


def opening_row(motion: Motion, first: int, last: int) -> int | None:
    """Return the row of the opening's peak in a descent, or None where there is none."""
    brake = motion.mean(motion.brake, -0.2, 0.3)
    rows = [row for row in _peaks(motion, brake, first, last) if _opens(motion, row, last)]
    if not rows:
        return _blurred_row(motion, brake, first, last)
    chosen = max(rows, key=lambda row: brake[row])
    carried = motion.mean(1.0 - motion.fall / GRAVITY, 0.0, 2.0)
    while True:
        dropped = np.flatnonzero(carried[chosen : chosen + round(7.0 / motion.step)] < DROPPED)
        limit = chosen + round(14.0 / motion.step)
        least = SECOND_SHARE * brake[chosen]
        later = [r for r in rows if len(dropped) and chosen + dropped[0] < r <= limit and brake[r] >= least]
        if not later:
            return _loudest(motion, chosen)
        chosen = max(later, key=lambda row: brake[row])


def _blurred_row(motion: Motion, brake: np.ndarray, first: int, last: int) -> int | None:
    """Return the opening's row in the log of a logger that smooths it over ten seconds, or None.

    A fall that ends under a canopy was ended by an opening, however softly it is drawn.
    """
    sink, speed = motion.mean(motion.sink, -12.0, -4.0), motion.mean(motion.speed, -12.0, -4.0)
    falls = ((sink >= 18.0) | ((speed >= 28.0) & (sink >= FALLING_SINK))) & motion.known
    falls &= motion.mean(motion.load, -12.0, -4.0) < STEADY_LOAD
    rows = [
        row
        for row in _peaks(motion, brake, first, last, BLURRED_BRAKE)
        if falls[row] and _opens(motion, row, last, BLURRED_FOR)
    ]
    return max(rows, key=lambda row: brake[row]) if rows else None


def _loudest(motion: Motion, row: int) -> int:
    """Return the row of the greatest load within a second of the greatest brake."""
    around = round(0.6 / motion.step)
    start = max(row - around, 0)
    return start + int(np.argmax(motion.load[start : row + around + 1]))


def _peaks(motion: Motion, brake: np.ndarray, first: int, last: int, least: float = LEAST_BRAKE) -> list[int]:
    top = brake == sliding_max(brake, round(1.5 / motion.step))
    good = top & (brake >= least) & (motion.sink >= LEAST_SINK) & motion.known
    return (np.flatnonzero(good[first : last + 1]) + first).tolist()


def _opens(motion: Motion, row: int, last: int, settles: float = 3.0) -> bool:
    """Return whether a brake ends a fall and leaves a body under a canopy some seconds later."""
    before = slice(max(row - round(6.0 / motion.step), 0), row + 1)
    after = slice(
        row + round(settles / motion.step), min(row + round((settles + 10.0) / motion.step), len(motion.time))
    )
    if min(after.stop, last + 1) - after.start < round(1.0 / motion.step) or not motion.known[before].any():
        return False
    speed, sink = float(motion.speed[after].mean()), float(motion.sink[after].mean())
    # At once, not on the mean: a canopy flies faster than a body that fell for a second.
    slowed = float(motion.speed[row : after.stop].min()) <= SLOWED * float(motion.speed[before].max())
    soon = slice(after.start, min(after.start + round(25.0 / motion.step), last + 1))
    left = float(motion.height[after.start] - motion.height[soon].min())
    cut = (last - row) * motion.step < 15.0
    fell = motion.sink[max(row - round(FALLING_WITHIN / motion.step), 0) : row + 1].max()
    return bool(
        fell >= FALLING_SINK
        and speed <= CANOPY_SPEED
        and -2.0 <= sink <= CANOPY_SINK
        and slowed
        and (left >= LEAST_LEFT or (cut and sink >= 2.0))
    )


def date_opening(motion: Motion, first: int, peak: int) -> dict[str, Moment]:
    """Return onset, peak and end of an opening.

    Args:
        motion: Of the log.
        first: Row of the exit, or of the descent's beginning.
        peak: Row of the greatest load.
    """
    start = max(peak - round(6.0 / motion.step), first)
    brake = motion.mean(motion.brake, -0.2, 0.3)
    base = (
        float(np.median(brake[start : peak - round(3.0 / motion.step)]))
        if peak - start > round(4.0 / motion.step)
        else float(brake[start : peak + 1].min())
    )
    limit = base + 0.2 * (float(brake[peak]) - base)
    quiet = np.flatnonzero(brake[start : peak + 1] <= limit)
    onset = start + int(quiet[-1]) if len(quiet) else start
    # Within this share of the peak, noise of the load decides which row is the highest.
    near = np.flatnonzero(motion.load[onset : peak + round(3.0 / motion.step)] >= motion.load[peak] - 0.25)
    width = float(np.ptp(near)) * motion.step if len(near) else 0.0
    blurred = 3.0 if brake[peak] < LEAST_BRAKE or not _opens(motion, peak, len(motion.time) - 1) else 0.0
    events = {
        "opening_onset": Moment(float(motion.time[onset]), 0.5 + motion.step + blurred),
        "opening_peak": Moment(float(motion.time[peak]), 0.2 + 0.3 * width + 0.3 * motion.step + blurred),
    }
    settled = _settled_row(motion, peak)
    if settled is not None:
        events["canopy"] = Moment(float(motion.time[settled]), 1.0 + motion.step)
    return events


def _settled_row(motion: Motion, peak: int) -> int | None:
    """Return the first row after a peak from which sink is that of the next ten seconds."""
    start = peak + round(0.5 / motion.step)
    after = slice(start, min(start + round(15.0 / motion.step), len(motion.time) - round(2.0 / motion.step)))
    if after.stop <= after.start:
        return None
    mean = motion.mean(motion.sink, 0.0, 10.0)[after]
    calm = np.flatnonzero((motion.sink[after] <= mean + 2.0) & (motion.load[after] <= 1.5))
    return after.start + int(calm[0]) if len(calm) else None


def flare_moment(motion: Motion, first: int, onset: int) -> Moment | None:
    """Return when a wingsuit's flare begins: lift above 1.6 at flying speed, and sink that goes.

    Args:
        motion: Of the log.
        first: Row of the exit.
        onset: Row of the opening's onset.
    """
    start = max(first + round(8.0 / motion.step), onset - round(25.0 / motion.step))
    rows = slice(start, onset)
    if rows.stop <= rows.start:
        return None
    lift = np.sqrt(np.maximum(motion.load**2 - motion.brake**2, 0.0))
    hard = np.flatnonzero((lift[rows] >= 1.6) & (motion.speed[rows] >= 30.0))
    if not len(hard):
        return None
    begin = start + int(hard[0])
    while begin > start and lift[begin] > 1.15:
        begin -= 1
    lost = motion.sink[begin] - motion.sink[begin:onset].min()
    return Moment(float(motion.time[begin]), 0.5 + motion.step) if lost >= 8.0 else None
