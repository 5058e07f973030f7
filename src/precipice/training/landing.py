"""The landing: the last motion before rest."""

import numpy as np

from precipice.training.dating import MOST_LAG
from precipice.training.jump import Moment
from precipice.training.motion import Motion

REST_SPEED, REST_SINK = 3.5, 1.0
"""Mean speed and sink [m/s] over three seconds of somebody who stands or gathers a canopy."""
RUN_OUT = 4.5
"""Speed [m/s] that is run out after touchdown, at most."""
TOUCH_SINK = 1.2
"""Sink [m/s] that ends with the touchdown."""
MOST_APART = 5.0
"""Seconds by which two datings of one touchdown differ at most; else one of them is of something else."""


def landing_moment(
    motion: Motion, first: int, last: int, peak: int | None, left: Moment | None
) -> Moment | None:
    """Return the touchdown of a descent, or None where the log has none.

    Args:
        motion: Of the log.
        first: Row where the descent begins.
        last: Its last row.
        peak: Row of the opening's peak; None without an opening.
        left: The exit; None without one.
    """
    start = first
    if peak is not None:
        start = peak + round(4.0 / motion.step)
    elif left is not None:
        start = motion.index(left.time + 8.0)
    rest = _rest(motion)
    if peak is None and left is None:
        # A log may begin at rest: look after it moves.
        moving = np.flatnonzero(~rest[start : last + 1] & (motion.sink[start : last + 1] > 2.0))
        if not len(moving):
            return None
        start += int(moving[0])
    still = np.flatnonzero(rest[start : last + 1])
    if not len(still):
        return None
    end = start + int(still[0])
    rows = slice(start, min(end + round(1.5 / motion.step), last) + 1)
    moves = (motion.speed[rows] > RUN_OUT) | (motion.sink[rows] > TOUCH_SINK)
    moved = np.flatnonzero(moves)
    if not len(moved):
        return None
    row = start + int(moved[-1])
    return _between(motion, row, start, min(end + round(MOST_LAG / motion.step), last))


def _between(motion: Motion, row: int, start: int, end: int) -> Moment:
    """Return the touchdown between where the height stops and where the receiver's own sink does.

    Doppler velocity comes late, and heights of a receiver near the ground wander: neither is right alone.
    """
    time, deviation = float(motion.time[row]), 0.6 + motion.step
    rows = slice(start, end + 1)
    level = np.sqrt(np.maximum(motion.speed[rows] ** 2 - motion.sink[rows] ** 2, 0.0))
    stated = np.flatnonzero((level > RUN_OUT) | (motion.doppler_sink[rows] > TOUCH_SINK))
    if not len(stated) or not np.isfinite(motion.doppler_sink[rows]).any():
        return Moment(time, deviation)
    apart = float(motion.time[start + int(stated[-1])]) - time
    if abs(apart) > MOST_APART:
        return Moment(time, deviation)
    return Moment(time + 0.5 * apart, max(deviation, 0.5 * abs(apart)))


def _rest(motion: Motion) -> np.ndarray:
    speed, sink = motion.mean(motion.speed, 0.0, 3.0), motion.mean(motion.sink, 0.0, 3.0)
    rest = (speed < REST_SPEED) & (np.abs(sink) < REST_SINK) & motion.known
    # At the end of a log a mean is over less than three seconds and may mean nothing.
    rest[-round(2.0 / motion.step) :] = False
    return rest


def under_canopy(motion: Motion, first: int, landing: Moment) -> bool:
    """Return whether the minute before a landing is a canopy's: steep for an aircraft, slow for a fall.

    Height alone tells nothing of how steep: a lift comes down as a canopy does.

    Source: glide ratios of ram-air canopies lie between 2 and 4, of aircraft on approach above 6.
    """
    end = motion.index(landing.time)
    rows = slice(max(end - round(60.0 / motion.step), first), end)
    if not motion.level or rows.stop - rows.start < round(10.0 / motion.step):
        return False
    known = motion.known[rows]
    if known.mean() < 0.5:
        return False
    sink, speed = float(motion.sink[rows][known].mean()), float(motion.speed[rows][known].mean())
    return 2.0 <= sink <= 16.0 and speed <= 25.0 and sink >= 0.2 * speed
