"""Jumps from a ramp back to the ground: lip, apex, landing, and how the ramp was left."""

import math

import numpy as np

from precipice.earth import GRAVITY
from precipice.training.jump import Jump, Moment
from precipice.training.lag import Lag, velocity_lag
from precipice.training.leaving import Leaving, leaving_velocity
from precipice.training.lip import Corner, find_corner
from precipice.training.log import Inertial, TrainingLog
from precipice.training.motion import Motion
from precipice.training.takeoff import Takeoff, find_takeoff, find_touchdown
from precipice.training.window import middle

FLIGHT_LOAD = 0.55
"""Load over gravity below which nothing carries; air alone slows a rider by less than a third."""
SHORTEST, LONGEST = 0.4, 6.0
"""Seconds of a flight: a receiver's rows do not show shorter ones, and no ramp throws for longer."""
LEAST_SPEED = 6.0
"""Speed [m/s] at the lip of a jump that is worth a row."""
UPHILL = 30.0
"""Speed [m/s] at which no motorcycle lands on a hill that it still rises to: an aircraft that climbs does."""
STEEPEST = 1.2
"""Path angle [rad] at a lip: ramps throw up to 60 degrees, quarter pipes are not ridden off."""
LEAST_THROW = 2.0
"""Climb [m/s] by which a ramp throws more than legs do."""
IMPACT = 2.0
"""Sink [m/s] that the ground takes within half a second of the landing, at least; a landing that is built for
the jump, or one near the top of the flight, takes less: there the ramp's throw tells."""
CARRIES = 0.8
"""Load over gravity after a landing, at least: a slope that falls away carries less than level ground."""
BEFORE, AFTER = 3.0, 3.0
"""Seconds before a lip and after a landing in which the lag of the velocities is looked for."""
LEAST_GAP = 0.15
"""Seconds without rows, and more than two rows missing, that are a gap."""
RIDDEN = 0.3
"""Seconds of the ramp before a lip that are fitted."""
FITTED = 1.5
"""Seconds of a flight from which its beginning is read, at most."""


def find_ramp_jumps(
    log: TrainingLog, motion: Motion, taken: list[tuple[float, float]]
) -> tuple[list[Jump], list[str]]:
    """Return the jumps from ramps in a log, in order of time, and sentences about gaps that may hide one.

    Args:
        log: Raw rows.
        motion: Of the log.
        taken: Spans of time that belong to jumps with a parachute [s].
    """
    if not motion.level:
        return [], []
    gaps = _gaps(log)
    found: list[Jump] = []
    for start, end in _flights(motion, gaps):
        if any(first <= end and start <= last for first, last in taken):
            continue
        jump = _one_jump(log, start, end)
        # Two pieces of one flight lead to the same lip.
        if jump is None or (found and jump.events["lip"].time < found[-1].events["landing"].time):
            continue
        found.append(jump)
    # Who jumps with a parachute climbs in aircraft, whose gaps are many.
    hidden = [] if taken else _hidden(motion, gaps, found)
    return found, hidden


def _gaps(log: TrainingLog) -> list[tuple[float, float]]:
    """Return where rows are missing for longer than a fit bears, first and last time of each [s]."""
    step = np.diff(log.time)
    if not len(step):
        return []
    wide = np.flatnonzero(step > max(LEAST_GAP, 2.5 * middle(step)))
    return [(float(log.time[row]), float(log.time[row + 1])) for row in wide.tolist()]


def _hidden(motion: Motion, gaps: list[tuple[float, float]], jumps: list[Jump]) -> list[str]:
    """Return a sentence for each gap that begins with something thrown up or flying and no known jump."""
    known = [(jump.events["lip"].time, jump.events["landing"].time) for jump in jumps]
    told = []
    for first, last in gaps:
        row = motion.index(first)
        before = motion.sink[max(row - round(1.0 / motion.step), 0) : row + 1]
        thrown = float(before.max() - before[-1]) >= LEAST_THROW and before[-1] < 0.0
        flies = motion.load[row] < FLIGHT_LOAD and motion.fall[row] > 0.5 * GRAVITY
        inside = any(start <= last and first <= end for start, end in known)
        fast = motion.known[row] and motion.speed[row] >= LEAST_SPEED
        if (thrown or flies) and fast and last - first <= LONGEST and not inside:
            told.append(f"gap of {last - first:.1f} s after {first:.1f} s: it may hide a jump from a ramp")
    return told


def left_ramp(
    log: TrainingLog, motion: Motion, row: int, first: int
) -> tuple[Moment, dict[str, tuple[float, float]]] | None:
    """Return when a fall left a ramp that threw it up, and how; None for exits that fall from the start.

    Args:
        log: Raw rows.
        motion: Of the log.
        row: Where the fall's first seconds gain most sink.
        first: Row before which nothing is looked at.
    """
    if not motion.level:
        return None
    start = max(row - round(1.5 / motion.step), first)
    top = start + int(np.argmin(motion.sink[start : row + round(1.5 / motion.step)]))
    before = motion.sink[
        max(top - round(8.0 / motion.step), first) : max(top - round(3.0 / motion.step), first + 1)
    ]
    thrown = float(np.median(before)) - float(motion.sink[top])
    if thrown < LEAST_THROW or motion.speed[top] < LEAST_SPEED:
        return None
    near = float(motion.time[top])
    lag = velocity_lag(log, near - BEFORE, near + AFTER)
    lip = find_corner(log, lag, near, 1.0, RIDDEN, first=True)
    if lip is None:
        return None
    takeoff = find_takeoff(log, lip, lip.time + FITTED)
    left = leaving_velocity(log, lag, takeoff.time, takeoff.clear, lip.time + FITTED)
    if left is None:
        return None
    numbers = _leaving(left, takeoff)
    if numbers["lip_path_angle"][0] > STEEPEST:
        return None
    return Moment(takeoff.time, takeoff.deviation), numbers


def _flights(motion: Motion, gaps: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return first and last time of each span in which nothing carries, after speed and before ground.

    Args:
        motion: Of the log.
        gaps: Where rows are missing [s]: what is between them may well be flight.
    """
    light = (motion.load < FLIGHT_LOAD) & (motion.fall > 0.5 * GRAVITY) & motion.known
    light &= motion.speed >= LEAST_SPEED
    edges = np.flatnonzero(np.diff(np.concatenate([[False], light, [False]]).astype(np.int8)))
    spans: list[tuple[int, int]] = []
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        # A row or two of noise do not end a flight, nor does a gap.
        if spans and (start - spans[-1][1]) * motion.step <= 0.15 + _missing(
            motion, gaps, spans[-1][1], start
        ):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return [
        (float(motion.time[start]), float(motion.time[end - 1]))
        for start, end in spans
        if SHORTEST - 0.15 <= (end - start) * motion.step <= LONGEST and _lands(motion, start, end - 1)
    ]


def _missing(motion: Motion, gaps: list[tuple[float, float]], first: int, last: int) -> float:
    """Return how much of the time between two rows, and next to them, lies in gaps [s]."""
    start, end = float(motion.time[first]) - 0.15, float(motion.time[last]) + 0.15
    return sum((max(min(b, end) - max(a, start), 0.0) for a, b in gaps), 0.0)


def _lands(motion: Motion, start: int, end: int) -> bool:
    """Return whether the ground takes sink soon after a flight, or carries what a ramp threw.

    Args:
        motion: Of the log.
        start: First row of the flight.
        end: Last row of the flight.
    """
    after = slice(end, end + round(0.8 / motion.step) + 1)
    sink = motion.sink[after]
    if len(sink) <= 2 or not motion.known[after].all():
        return False
    before = motion.sink[max(start - round(1.0 / motion.step), 0) : start + 1]
    thrown = float(before.max() - before[-1]) >= LEAST_THROW
    carried = float(np.mean(motion.load[after][len(sink) // 4 :])) >= CARRIES
    return bool(sink.max() - sink[-1] >= IMPACT) or (thrown and carried)


def _one_jump(log: TrainingLog, start: float, end: float) -> Jump | None:
    length = end - start
    lag = velocity_lag(log, start - BEFORE, end + AFTER)
    lip = _find_lip(log, lag, start, min(0.75 * length, 1.0))
    ground = find_corner(log, lag, end, min(0.75 * length, 1.0), 0.2, first=False)
    if lip is None or ground is None or ground.time - lip.time < SHORTEST:
        return None
    takeoff, ground = find_takeoff(log, lip, ground.time), find_touchdown(log, ground)
    fitted = takeoff.time + min(0.9 * (ground.time - takeoff.time), FITTED)
    left = leaving_velocity(log, lag, takeoff.time, takeoff.clear, fitted)
    if left is None or not _flies(log, takeoff, left, ground):
        return None
    numbers = _leaving(left, takeoff)
    if numbers["lip_speed"][0] < LEAST_SPEED or abs(numbers["lip_path_angle"][0]) > STEEPEST:
        return None
    airtime = (ground.time - takeoff.time, math.hypot(takeoff.deviation, ground.deviation))
    rising, doubt = left.climb / GRAVITY, math.hypot(left.climb_deviation / GRAVITY, airtime[1])
    if rising > airtime[0] + 2.0 * doubt and left.along > UPHILL:
        return None
    numbers |= {"airtime": airtime} | _rotation(log.inertial, takeoff.time, ground.time)
    events = {"lip": Moment(takeoff.time, takeoff.deviation)}
    if left.climb > 0.5 and rising < airtime[0]:
        # From a lip that is dated late less climb is left: the top of the flight stays where it is.
        events["apex"] = Moment(takeoff.time + rising, left.climb_deviation / GRAVITY)
    events["landing"] = Moment(ground.time, ground.deviation)
    return Jump("ramp_jump", events, numbers)


def _find_lip(log: TrainingLog, lag: Lag | None, start: float, flight: float) -> Corner | None:
    """Return where a flight begins; further back where what lies before is flight too."""
    for back in np.arange(0.0, LONGEST, RIDDEN):
        lip = find_corner(log, lag, start - float(back), flight, RIDDEN, first=True)
        if lip is None or lip.push > -0.5 * GRAVITY:
            return lip
    return None


def _flies(log: TrainingLog, takeoff: Takeoff, left: Leaving, ground: Corner) -> bool:
    """Return whether heights from takeoff to ground are those of a throw, within a metre and a tenth."""
    rows = np.arange(*np.searchsorted(log.time, [takeoff.time, ground.time]))
    rows = rows[np.isfinite(log.position[rows, 2])]
    if len(rows) < 3:
        return False
    since = log.time[rows] - takeoff.time
    rest = log.position[rows, 2] - (left.climb * since - 0.5 * GRAVITY * since**2)
    airtime = ground.time - takeoff.time
    return float(np.std(rest)) <= 0.3 + 0.05 * airtime**2 * GRAVITY / 2.0


def _leaving(left: Leaving, takeoff: Takeoff) -> dict[str, tuple[float, float]]:
    """Return speed [m/s] and path angle [rad] at the lip, each with its deviation."""
    speed, angle = math.hypot(left.along, left.climb), math.atan2(left.climb, left.along)
    # Later on the way it climbs less.
    climb_off = math.hypot(left.climb_deviation, GRAVITY * takeoff.deviation)
    off = math.hypot(left.along_deviation * math.cos(angle), climb_off * math.sin(angle))
    turned = math.hypot(left.along_deviation * math.sin(angle), climb_off * math.cos(angle))
    return {"lip_speed": (speed, off), "lip_path_angle": (angle, turned / max(speed, 1.0))}


def _rotation(inertial: Inertial | None, lip: float, ground: float) -> dict[str, tuple[float, float]]:
    """Return the rate of rotation at the lip [rad/s] and the turn of the whole flight [rad], if felt."""
    if inertial is None:
        return {}
    rows = slice(*np.searchsorted(inertial.time, [lip + 0.03, ground - 0.03]))
    time, rate = inertial.time[rows], inertial.rate_body[rows]
    if len(time) < 5 or not np.isfinite(rate).all():
        return {}
    soon = rate[time <= lip + 0.25]
    if len(soon) < 3:
        return {}
    step = np.diff(time)
    turn = float(np.linalg.norm((0.5 * (rate[1:] + rate[:-1]) * step[:, None]).sum(axis=0)))
    scatter = float(np.linalg.norm(soon.std(axis=0))) / len(soon) ** 0.5
    return {
        "lip_rotation_rate": (float(np.linalg.norm(soon.mean(axis=0))), scatter + 0.04),
        "rotation": (turn, 0.04 * float(time[-1] - time[0])),
    }
