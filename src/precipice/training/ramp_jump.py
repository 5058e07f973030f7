"""Jumps from a ramp back to the ground: lip, apex, landing, and how the ramp was left."""

import math

import numpy as np

from precipice.earth import GRAVITY
from precipice.training.jump import Jump, Moment
from precipice.training.lip import RAMP_PUSH, Corner, find_corner, level_velocity
from precipice.training.log import Inertial, TrainingLog
from precipice.training.motion import Motion

FLIGHT_LOAD = 0.55
"""Load over gravity below which nothing carries; air alone slows a rider by less than a third."""
SHORTEST, LONGEST = 0.4, 6.0
"""Seconds of a flight: a receiver's rows do not show shorter ones, and no ramp throws for longer."""
LEAST_SPEED = 6.0
"""Speed [m/s] at the lip of a jump that is worth a row."""
STEEPEST = 1.2
"""Path angle [rad] at a lip: ramps throw up to 60 degrees, quarter pipes are not ridden off."""
LEAST_THROW = 2.0
"""Climb [m/s] by which a ramp throws more than legs do."""
IMPACT = 2.0
"""Sink [m/s] that the ground takes within half a second of the landing, at least."""
IMU_LOAD = 0.4
"""Share of gravity between what wheels on a ramp feel and what air does: a third of it for a fast rider. Just
above that: the load fades while the front wheel is past the lip, and a takeoff is when both are."""


WHEELBASE = 1.48
"""Of a motocross motorcycle [m]: CRF250R 2021, 1.477 m by its maker."""
FADING = 1.0 - 0.5 * GRAVITY / (RAMP_PUSH[0] + GRAVITY)
"""Share of the time from the front wheel's lip to the rear's by which rows date a takeoff too early: half the
weight is still carried then, which a fit with one corner takes for a little more of the ramp's push."""


def find_ramp_jumps(log: TrainingLog, motion: Motion, taken: list[tuple[float, float]]) -> list[Jump]:
    """Return the jumps from ramps in a log, in order of time.

    Args:
        log: Raw rows.
        motion: Of the log.
        taken: Spans of time that belong to jumps with a parachute [s].
    """
    if not motion.level:
        return []
    force = None if log.inertial is None else _smoothed_force(log.inertial)
    found = []
    for start, end in _flights(motion):
        if any(first <= end and start <= last for first, last in taken):
            continue
        jump = _one_jump(log, force, start, end)
        if jump is not None:
            found.append(jump)
    return found


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
    lip = find_corner(log, float(motion.time[top]), 1.0, 0.3, first=True)
    if lip is None:
        return None
    force = None if log.inertial is None else _smoothed_force(log.inertial)
    lip = _taken_off(log, force, lip)
    level = level_velocity(log, lip.time, lip.time + 1.0)
    if level is None:
        return None
    speed, angle = _leaving(lip, *level)
    if angle[0] > STEEPEST:
        return None
    return Moment(lip.time, lip.deviation), {"lip_speed": speed, "lip_path_angle": angle}


def _flights(motion: Motion) -> list[tuple[float, float]]:
    """Return first and last time of each span in which nothing carries, after speed and before ground."""
    light = (motion.load < FLIGHT_LOAD) & (motion.fall > 0.5 * GRAVITY) & motion.known
    light &= motion.speed >= LEAST_SPEED
    edges = np.flatnonzero(np.diff(np.concatenate([[False], light, [False]]).astype(np.int8)))
    spans: list[tuple[int, int]] = []
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        # A row or two of noise do not end a flight.
        if spans and (start - spans[-1][1]) * motion.step <= 0.15:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return [
        (float(motion.time[start]), float(motion.time[end - 1]))
        for start, end in spans
        if SHORTEST - 0.15 <= (end - start) * motion.step <= LONGEST and _lands(motion, end - 1)
    ]


def _lands(motion: Motion, row: int) -> bool:
    """Return whether the ground takes sink soon after a row."""
    after = slice(row, row + round(0.8 / motion.step) + 1)
    sink = motion.sink[after]
    return bool(len(sink) > 2 and motion.known[after].all() and sink.max() - sink[-1] >= IMPACT)


def _one_jump(
    log: TrainingLog, force: tuple[np.ndarray, np.ndarray] | None, start: float, end: float
) -> Jump | None:
    length = end - start
    lip = find_corner(log, start, min(0.75 * length, 1.0), 0.3, first=True)
    ground = find_corner(log, end, min(0.75 * length, 1.0), 0.2, first=False)
    if lip is None or ground is None or ground.time - lip.time < SHORTEST:
        return None
    lip = _taken_off(log, force, lip)
    if force is not None:
        ground = _at_force(force, ground, first=False)
    level = level_velocity(log, lip.time, lip.time + min(0.9 * length, 1.0))
    if level is None:
        return None
    speed, angle = _leaving(lip, *level)
    if speed[0] < LEAST_SPEED or abs(angle[0]) > STEEPEST or not _flies(log, lip, ground):
        return None
    airtime = (ground.time - lip.time, math.hypot(lip.deviation, ground.deviation))
    numbers = {"lip_speed": speed, "lip_path_angle": angle, "airtime": airtime}
    numbers |= _rotation(log.inertial, lip.time, ground.time)
    events = {"lip": Moment(lip.time, lip.deviation)}
    if lip.climb > 0.5:
        events["apex"] = Moment(lip.time + lip.climb / GRAVITY, lip.deviation + lip.climb_deviation / GRAVITY)
    events["landing"] = Moment(ground.time, ground.deviation)
    return Jump("ramp_jump", events, numbers)


def _flies(log: TrainingLog, lip: Corner, ground: Corner) -> bool:
    """Return whether heights between two corners are those of a throw, within a metre and a tenth."""
    rows = np.arange(np.searchsorted(log.time, lip.time, "right"), np.searchsorted(log.time, ground.time))
    rows = rows[np.isfinite(log.position[rows, 2])]
    if len(rows) < 3:
        return False
    since = log.time[rows] - lip.time
    rest = log.position[rows, 2] - (lip.climb * since - 0.5 * GRAVITY * since**2)
    airtime = ground.time - lip.time
    return float(np.std(rest)) <= 0.3 + 0.05 * airtime**2 * GRAVITY / 2.0


def _leaving(
    lip: Corner, level: np.ndarray, deviation: float
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return speed [m/s] and path angle [rad] at the lip, each with its deviation."""
    along = float(np.hypot(*level))
    speed = math.hypot(along, lip.climb)
    angle = math.atan2(lip.climb, along)
    off = math.hypot(deviation * math.cos(angle), lip.climb_deviation * math.sin(angle))
    turned = math.hypot(deviation * math.sin(angle), lip.climb_deviation * math.cos(angle)) / max(speed, 1.0)
    return (speed, off), (angle, turned)


def _taken_off(log: TrainingLog, force: tuple[np.ndarray, np.ndarray] | None, lip: Corner) -> Corner:
    """Return a lip moved to where nothing carries any more: both wheels are past it.

    A motion sensor feels that. Rows of a receiver do not show it, nor what was ridden: between a body without
    length and a motorcycle the middle is taken, and the rest is doubt.
    """
    felt = lip if force is None else _at_force(force, lip, first=True)
    level = level_velocity(log, lip.time, lip.time + 1.0)
    if felt is not lip or level is None:
        return felt
    most = FADING * WHEELBASE / max(math.hypot(*level[0], lip.climb), LEAST_SPEED)
    late, doubt = 0.5 * most, most / math.sqrt(12.0)
    climb_doubt = math.hypot(lip.climb_deviation, GRAVITY * doubt)
    return Corner(lip.time + late, math.hypot(lip.deviation, doubt), lip.climb - GRAVITY * late, climb_doubt)


def _smoothed_force(inertial: Inertial) -> tuple[np.ndarray, np.ndarray]:
    """Return times and length of the specific force, mean of three rows: wheels on a ramp shake."""
    force = np.linalg.norm(inertial.force_body, axis=1)
    if len(force) >= 3:
        force[1:-1] = (force[:-2] + force[1:-1] + force[2:]) / 3.0
    return inertial.time, force


def _at_force(force: tuple[np.ndarray, np.ndarray], corner: Corner, *, first: bool) -> Corner:
    """Return a corner moved to where the inertial unit feels it, if it does near by."""
    time, length = force
    reach = 0.15 + 2.0 * corner.deviation
    rows = slice(*np.searchsorted(time, [corner.time - reach, corner.time + reach]))
    heavy = length[rows] > IMU_LOAD * GRAVITY
    crossings = np.flatnonzero(heavy[:-1] & ~heavy[1:] if first else ~heavy[:-1] & heavy[1:])
    if not len(crossings):
        return corner
    at = time[rows][crossings] + 0.5 * np.diff(time[rows])[crossings]
    moved = float(at[np.argmin(np.abs(at - corner.time))])
    step = float(np.median(np.diff(time[rows])))
    climb = corner.climb - GRAVITY * (moved - corner.time)
    return Corner(moved, 1.5 * step, climb, corner.climb_deviation)


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
