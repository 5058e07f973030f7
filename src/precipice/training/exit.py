"""The exit: where a body that was carried loses its support and falls from there on."""

import numpy as np

from precipice.earth import GRAVITY
from precipice.training.dating import back_to_level
from precipice.training.jump import Moment
from precipice.training.motion import Motion
from precipice.training.window import sliding_max

EXIT_GAIN = 11.0
"""Sink [m/s] gained within three seconds of an exit: free fall gains 29, a wingsuit half of it."""
POOR_GAIN = 7.0
"""The same where an opening proves that there was an exit, but the receiver saw little of it."""
EXIT_LOAD = 0.75
"""Vertical load, over the lightest two seconds of a fall's beginning, is below this."""
DARK_LOAD, DARK_SINK = 0.5, 30.0
"""The same, and the sink [m/s] of a fall, where height alone was measured: an aeroplane that pushes over
and comes down by 25 m/s would pass for a fall, since nothing tells its level speed."""
TURNING_LOAD = 1.2
"""Mean load of eight seconds in a canopy's spiral, at least."""
BEGUN_SINK, STEEP = 4.0, 0.25
"""Sink [m/s], and its share of the speed, from which a body falls; aircraft come down less steep."""
CARRIED_FOR = 12.0
"""Seconds over which energy is compared."""
CARRIED_SINK, LEVEL_GLIDE, BEST_GLIDE = 3.0, 10.0, 6.0
"""A carrier sinks less than this [m/s] or flies flatter, and keeps more energy than a body's best glide."""


def exit_row(motion: Motion, first: int, last: int, *, opened: bool) -> int | None:
    """Return the row where a fall's first seconds gain most, or None where the rows show none.

    Args:
        motion: Of the log.
        first: Row from which to look.
        last: Row of the opening's peak, or of the descent's end.
        opened: Whether an opening proves that there was a fall.
    """
    load, carried = motion.mean(1.0 - motion.fall / GRAVITY, 0.0, 2.0), _carried(motion)
    least = POOR_GAIN if opened and motion.level else EXIT_GAIN
    tops = _tops(_gain(motion), first, last, round(3.0 / motion.step), least)
    found = _first_exit(motion, tops, load, carried, first, last, opened)
    if found is None and opened:
        found = _first_exit(motion, tops, _lightest(load, motion), carried, first, last, opened)
    return found


def _first_exit(
    motion: Motion,
    rows: list[int],
    load: np.ndarray,
    carried: np.ndarray,
    first: int,
    last: int,
    opened: bool,
) -> int | None:
    """Return the first of the rows that nothing contradicts as an exit; see `exit_row`."""
    most = EXIT_LOAD if motion.level else DARK_LOAD
    for row in rows:
        if load[row] > most or not motion.known[row] or _was_under_canopy(motion, row):
            continue
        end = last if opened else _next_gap(motion, row, last)
        stays = carried[row + round(5.0 / motion.step) : end - round(CARRIED_FOR / motion.step)]
        if not stays.any() and (opened or _falls_on(motion, row, last)):
            start = back_to_level(motion, row, first)
            if not _fell_before(motion, start):
                return row
    return None


def _next_gap(motion: Motion, row: int, last: int) -> int:
    """Return the first row after one of which nothing is known for a while, or the last row."""
    unknown = motion.mean((~motion.known).astype(float), 0.0, 3.0)[row : last + 1] >= 1.0
    return row + int(np.argmax(unknown)) if unknown.any() else last


def _fell_before(motion: Motion, row: int) -> bool:
    """Return whether a body was falling already, steeper than any aircraft, before a row."""
    before = slice(max(row - round(3.0 / motion.step), 0), max(row - round(0.3 / motion.step), 1))
    sink, speed = float(motion.sink[before].mean()), float(motion.speed[before].mean())
    return sink > max(BEGUN_SINK, STEEP * speed)


def exit_before_start(motion: Motion, first: int, peak: int | None) -> Moment | None:
    """Return the exit of a log that begins in the first second or two of a fall, else None.

    The first rows already gain sink as free fall does: they are followed back to no sink.
    """
    if first > 0 or (peak is not None and peak < round(2.0 / motion.step)):
        return None
    rows = np.arange(min(len(motion.time), round(1.2 / motion.step) + 1))
    if len(rows) < 3 or not motion.known[rows].all():
        return None
    slope, sink = np.polyfit(motion.time[rows], motion.sink[rows], 1)
    if not 5.0 <= slope <= 12.0 or not 0.0 <= sink <= 15.0 or not _falls_on(motion, 0, len(motion.time) - 1):
        return None
    # Half of the free fall's speed may have been the carrier's.
    return Moment(float(motion.time[0] - sink / slope), 0.3 + 0.3 * float(sink / slope))


def falls_from_start(motion: Motion, first: int, peak: int) -> bool:
    """Return whether a log begins so deep in a fall that its exit is not in it.

    Told by a speed that no canopy flies straight, in the log's first rows or right after a gap.
    """
    before = slice(first, peak - round(1.0 / motion.step))
    if before.stop <= before.start:
        return False
    sink = motion.mean(motion.sink, 0.0, 5.0)[before]
    speed, load = (motion.mean(values, 0.0, 5.0)[before] for values in (motion.speed, motion.load))
    falls = (sink >= 18.0) | ((speed >= 28.0) & (sink >= 8.0)) if motion.level else sink >= DARK_SINK
    fast = falls & (load < TURNING_LOAD)
    return bool(fast.sum() * motion.step >= 5.0 and not _carried(motion)[before][:-1].any())


def _lightest(load: np.ndarray, motion: Motion) -> np.ndarray:
    """Return the smallest load in the second and a half from each row on, `(n,)`.

    Where somebody stands before a fall of a second, noise says at which row most sink is gained.
    """
    half = round(0.75 / motion.step)
    return -sliding_max(-load, half)[np.minimum(np.arange(len(load)) + half, len(load) - 1)]


def _gain(motion: Motion) -> np.ndarray:
    """Return the most sink gained in the three seconds after each row, `(n,)` [m/s]."""
    half = round(1.5 / motion.step)
    row = np.minimum(np.arange(len(motion.sink)) + half, len(motion.sink) - 1)
    return sliding_max(motion.sink, half)[row] - motion.sink


def _tops(values: np.ndarray, first: int, last: int, around: int, least: float) -> list[int]:
    """Return rows whose value is the largest within `around` rows, and at least `least`."""
    top = (values >= least) & (values == sliding_max(values, around))
    rows = np.flatnonzero(top[first : last + 1]) + first
    # Of rows that are equal, the last: what is gained begins there.
    last_of_run = np.diff(rows, append=len(values) + 2) > 1
    return rows[last_of_run].tolist()


def _was_under_canopy(motion: Motion, row: int) -> bool:
    """Return whether the seconds before a row look like a canopy: sinking, and slow or in a spiral."""
    before = slice(max(row - round(8.0 / motion.step), 0), max(row - round(0.5 / motion.step), 0))
    if before.stop - before.start < round(1.0 / motion.step):
        return False
    sink, speed = float(motion.sink[before].mean()), float(motion.speed[before].mean())
    return sink >= 2.5 and (speed <= 21.0 or float(motion.load[before].mean()) >= TURNING_LOAD)


def _carried(motion: Motion) -> np.ndarray:
    """Return whether the time after each row is spent level, climbing or at rest, `(n,)`."""
    # Height and speed together: a wingsuit may climb out of a dive, but never without loss.
    energy = motion.height + 0.5 * motion.speed**2 / GRAVITY
    ahead = np.minimum(np.arange(len(energy)) + round(CARRIED_FOR / motion.step), len(energy) - 1)
    loss = (energy - energy[ahead]) / np.maximum(motion.time[ahead] - motion.time, 1.0)
    sink, speed = motion.mean(motion.sink, 0.0, CARRIED_FOR), motion.mean(motion.speed, 0.0, CARRIED_FOR)
    level = (sink < np.maximum(CARRIED_SINK, speed / LEVEL_GLIDE)) & (
        loss < np.maximum(4.0, speed / BEST_GLIDE)
    )
    rest = motion.mean(motion.speed, 0.0, 3.0) < 3.0
    return (level | rest) & motion.known


def _falls_on(motion: Motion, row: int, last: int) -> bool:
    """Return whether a body keeps falling, for five seconds or until the log ends."""
    rows = slice(row, min(row + round(6.0 / motion.step), last, len(motion.time) - 1) + 1)
    sink, height = motion.sink[rows], motion.height[rows]
    known = motion.known[rows]
    if known.sum() * motion.step < 1.5:
        return False
    # Height must agree: a receiver that goes astray invents a velocity more easily than both.
    lost = height[known][0] - height[known][-1]
    swept = float(sink[known].sum()) * motion.step
    return bool(sink[known][-1] >= 12.0 and 0.5 * swept <= lost <= 2.0 * swept)
