"""Jumps with a parachute: the descents of a log, and which of them holds a jump."""

import numpy as np

from precipice.earth import GRAVITY
from precipice.training.dating import MOST_LAG, Gaps, date_exit
from precipice.training.exit import exit_before_start, exit_row, falls_from_start
from precipice.training.jump import Jump, Moment
from precipice.training.landing import landing_moment, under_canopy
from precipice.training.log import TrainingLog
from precipice.training.motion import Motion
from precipice.training.opening import date_opening, flare_moment, opening_row
from precipice.training.ramp_jump import left_ramp

REVERSAL = 60.0
"""Climb [m] that ends a descent: more than a wingsuit's flare gains, less than any flight up."""
UNPAID = 20.0
"""Metres of it, at least, that were not paid with speed."""
LEAST_PAUSE = 120.0
"""Seconds from a landing to the next exit."""
AGREEMENT = 0.4
"""Sink by Doppler velocity over sink by height, mean over a fall, at least; lag of 2 s in a fall of 5 s."""
FASTEST = 0.25
"""Greatest sink by Doppler velocity over the greatest by height, at least; lag flattens it."""
ALONE = 6.0
"""Seconds of a fall that are looked at where the log shows no opening."""
RIDE, SLOW = 60.0, 12.0
"""Seconds before a lip in which its run-up began from rest, and the speed [m/s] below which nothing flies."""
LEAST_DESCENT = 40.0
"""Height [m] below which a descent is not looked at; the lowest BASE jumps are from 45 m."""


def find_skydives(log: TrainingLog, motion: Motion) -> tuple[list[Jump], list[str]]:
    """Return the parachute jumps of a log in order of time, and sentences on what could not be told.

    Args:
        log: Raw rows.
        motion: Of the log.
    """
    jumps: list[Jump] = []
    problems: list[str] = []
    for first, last in _descents(motion):
        said: list[str] = []
        found = _one_descent(log, motion, first, last, said)
        if found is None or not _can_follow(jumps, found):
            continue
        if _comes_down(motion, found) and _doppler_agrees(motion, found):
            jumps.append(found)
            problems += said
    return jumps, problems


def _can_follow(jumps: list[Jump], found: Jump) -> bool:
    """Return whether a jump can come after the ones before: nobody is up again two minutes after landing.

    Receivers that are carried indoors draw climbs and falls of a hundred metres.
    """
    landed = [jump.events["landing"].time for jump in jumps if "landing" in jump.events]
    begun = min(moment.time for moment in found.events.values())
    return not landed or begun - landed[-1] >= LEAST_PAUSE


def _comes_down(motion: Motion, found: Jump) -> bool:
    """Return whether an opening is below its exit, which a height that walks at random need not be."""
    if "exit" not in found.events or "opening_peak" not in found.events:
        return True
    left, opened = (motion.index(found.events[name].time) for name in ("exit", "opening_peak"))
    return bool(motion.height[opened] < motion.height[left])


def _doppler_agrees(motion: Motion, found: Jump) -> bool:
    """Return whether the receiver's velocity fell about as much as its height did; lag is not that much.

    A height that still settles sinks like a canopy, by a hundred metres in a minute, while nothing moves.
    """
    opened = found.events.get("opening_peak") or found.events.get("landing")
    end = opened.time if opened else found.events["exit"].time + ALONE
    begin = found.events["exit"].time if "exit" in found.events else end - 60.0
    # After a fall of two seconds, what is that late comes behind the opening.
    rows = slice(motion.index(begin), motion.index(end + MOST_LAG) + 1)
    doppler = motion.doppler_sink[rows]
    seen = np.isfinite(doppler) & motion.known[rows]
    if seen.sum() * motion.step < 2.0:
        # Nothing is known of a fall that no opening ends, where velocities are otherwise told: a gap made it.
        return opened is not None or not np.isfinite(motion.doppler_sink).any()
    sink = motion.sink[rows][seen]
    if float(doppler[seen].max()) < FASTEST * float(sink.max()):
        # A height that walks at random climbs as much as it falls: its mean says nothing.
        return False
    return float(doppler[seen].mean()) >= AGREEMENT * float(sink.mean())


def _descents(motion: Motion) -> list[tuple[int, int]]:
    """Return first and last row of every descent, each ended by a climb of `REVERSAL`.

    A climb that is paid with speed, as a wingsuit's out of a dive, ends none.
    """
    found: list[tuple[int, int]] = []
    height = motion.height
    energy = height + 0.5 * motion.speed**2 / GRAVITY
    rows = np.arange(0, len(height), max(1, round(1.0 / motion.step)))
    top = bottom = -1
    for row in rows[motion.known[rows]].tolist():
        here = height[row]
        if top < 0 or (here >= height[top] and height[top] - height[bottom] < LEAST_DESCENT):
            top = bottom = row
        elif here < height[bottom]:
            bottom = row
        elif here > height[bottom] + REVERSAL and energy[row] > energy[bottom] + UNPAID:
            found.append((top, bottom))
            top = bottom = row
    if top >= 0:
        found.append((top, bottom))
    deep = [pair for pair in found if height[pair[0]] - height[pair[1]] >= LEAST_DESCENT]
    # A ramp throws up before the fall, and rest comes after the lowest point.
    if not deep:
        return []
    starts = [max(first - round(20.0 / motion.step), 0) for first, _ in deep]
    ends = [*starts[1:], len(height) - 1]
    return [(start, max(end, last)) for start, end, (_, last) in zip(starts, ends, deep, strict=True)]


def _one_descent(log: TrainingLog, motion: Motion, first: int, last: int, problems: list[str]) -> Jump | None:
    gaps = Gaps(motion)
    events: dict[str, Moment] = {}
    numbers: dict[str, tuple[float, float]] = {}
    peak = opening_row(motion, first, last)
    start = exit_row(motion, first, peak if peak is not None else last, opened=peak is not None)
    if start is not None:
        events, numbers = _leaving(log, motion, start, first, peak)
    else:
        early = exit_before_start(motion, first, peak)
        if early is not None and early.time <= motion.time[0]:
            problems.append("the log begins in the fall: the exit is reckoned back from its first rows")
        if early is not None:
            events["exit"] = early
        elif peak is not None and not falls_from_start(motion, first, peak):
            peak = None
    if peak is not None:
        events.update(_opening(motion, events.get("exit"), first, peak))
    landing = landing_moment(motion, first, last, peak, events.get("exit"))
    if not events:
        if landing is None or not under_canopy(motion, first, landing):
            return None
        landing = gaps.widen(landing)
        when = f"{landing.time:.1f} ± {landing.deviation:.1f} s"
        problems.append(
            f"a canopy flight with its landing at {when} is in the log, but no exit and no opening"
        )
        return Jump("canopy", {"landing": landing})
    if landing is not None:
        events["landing"] = landing
    _name_missing(motion, events, gaps, problems)
    kind = "base" if "lip" in events else _kind(motion, events)
    return Jump(kind, {name: gaps.widen(moment) for name, moment in events.items()}, numbers)


def _leaving(
    log: TrainingLog, motion: Motion, row: int, first: int, peak: int | None
) -> tuple[dict[str, Moment], dict[str, tuple[float, float]]]:
    """Return the exit of a fall that was seen at a row, and lip and numbers where it was a ramp's."""
    exit_, numbers = date_exit(motion, row, first), dict[str, tuple[float, float]]()
    thrown = left_ramp(log, motion, row, first) if _was_slow(motion, row) else None
    if thrown is not None:
        exit_, numbers = thrown
    if peak is not None and exit_.time >= motion.time[peak]:
        # Among holes and leaps the fit left the fall in which the exit was seen.
        return {"exit": Moment(float(motion.time[min(row, peak)]), 1.5)}, {}
    return {"exit": exit_} if thrown is None else {"exit": exit_, "lip": exit_}, numbers


def _opening(motion: Motion, left: Moment | None, first: int, peak: int) -> dict[str, Moment]:
    start = first if left is None else min(int(np.searchsorted(motion.time, left.time)), peak)
    events = date_opening(motion, start, peak)
    flare = flare_moment(motion, start, motion.index(events["opening_onset"].time))
    return events if flare is None else {"flare": flare, **events}


def _kind(motion: Motion, events: dict[str, Moment]) -> str:
    """Return "base" for a jump from standstill or a run, "skydive" from anything that flies."""
    if "exit" not in events or events["exit"].time < motion.time[0] + 1.0:
        low = float(np.ptp(motion.height[motion.known])) < 1500.0 if motion.known.any() else False
        return "base" if low and _slow_at(motion, 0) else "skydive"
    return "base" if _slow_at(motion, motion.index(events["exit"].time - 2.0)) else "skydive"


def _slow_at(motion: Motion, row: int) -> bool:
    return bool(motion.level and motion.speed[row] < SLOW)


def _was_slow(motion: Motion, row: int) -> bool:
    """Return whether a run-up began within a minute before; an aircraft that climbs at an exit never was."""
    rows = slice(max(row - round(RIDE / motion.step), 0), row + 1)
    return bool((motion.speed[rows][motion.known[rows]] < SLOW).any())


def _name_missing(motion: Motion, events: dict[str, Moment], gaps: Gaps, problems: list[str]) -> None:
    """Say which event of a jump the log does not show, and whether a gap or the log's end hides it."""
    first = events["exit"].time if "exit" in events else float(motion.time[0])
    last = events["landing"].time if "landing" in events else float(motion.time[-1])
    wide = gaps.between(first - 5.0, last, 4.0)
    for start, end in wide:
        problems.append(
            f"a gap of {end - start + 3.0:.0f} s from {start:.0f} s lies in the jump: nothing inside is dated"
        )
    if "exit" not in events:
        problems.append("the exit is not in the log")
    if "opening_peak" not in events:
        problems.append("no opening is in the log" + (": a gap may hold it" if wide else ""))
    elif "landing" not in events:
        problems.append("the log ends before the landing")
