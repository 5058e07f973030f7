"""What a log holds before and after the flown part: climb, steps at an exit point, rest, the ride back.

None of it is simulated: plain ways with even speeds, so that a log begins and ends as real ones do.
"""

from typing import NamedTuple

import numpy as np

from precipice.training.true_motion import RATE, TrueMotion, bridge, heading_attitude

CLIMB, TURN_RADIUS, RUN_IN = 7.0, 1200.0, 60.0
"""Of the aircraft: [m/s], [m], level seconds before the exit."""
TAXI = 30.0
"""Seconds on the ground before the takeoff."""
SETTLE = 0.15
"""In which a landing's speed into the ground is taken up [s]: the travel of a suspension, bent knees."""
BRAKING, ROLLING, RIDING, PULLING = 3.0, 5.0, 9.0, 2.0
"""Of the vehicle after a landing: brakes [m/s²], speed in turns, on the way back [m/s], throttle [m/s²]."""
STEPS = 1.2
"""Seconds in which somebody who stands at an exit point gains the speed of the exit: three steps; assumed."""
SURFACE_LEFT = 6.0
"""Of the landing surface beyond the touchdown, at least [m]."""
SIDE = 12.0
"""Of the way back beside the run-up [m]."""


def climb_to(velocity: np.ndarray, height: float, wait: float) -> TrueMotion:
    """Return an aircraft's way from the ground to the exit, which is its last row.

    Args:
        velocity: At the exit, `(3,)` [m/s].
        height: Of the exit above the ground [m].
        wait: On the ground before that [s].
    """
    speed, bearing = float(np.hypot(*velocity[:2])), float(np.arctan2(velocity[0], velocity[1]))
    back = np.arange(0.0, RUN_IN + height / CLIMB + 60.0, 1.0 / RATE)
    climb = CLIMB * np.clip((back - RUN_IN) / 10.0, 0.0, 1.0)
    up = -np.cumsum(climb) / RATE
    flying = up > -height
    # Backwards in time the wheels touch when the height is used up; the run along the ground is shorter.
    rolled = np.clip(1.0 - (back - back[int(np.sum(flying)) - 1]) / 25.0, 0.0, 1.0)
    pace = np.where(flying, speed, speed * rolled)
    turning = speed / TURN_RADIUS * np.clip((back - RUN_IN) / 15.0, 0.0, 1.0) * (pace / max(speed, 1.0))
    course = bearing - np.cumsum(turning) / RATE
    level = np.stack([np.sin(course), np.cos(course)], axis=1) * pace[:, None]
    moved = np.concatenate([-np.cumsum(level, axis=0) / RATE, np.maximum(up, -height)[:, None]], axis=1)
    speed_up = np.where(flying, climb, 0.0)[:, None]
    velocities = np.concatenate([level, speed_up], axis=1)
    pitch = np.arctan2(speed_up[:, 0], np.maximum(pace, 10.0))
    way = TrueMotion(moved[::-1], velocities[::-1], heading_attitude(course, pitch)[::-1])
    return _after_wait(way, wait)


def _after_wait(way: TrueMotion, wait: float) -> TrueMotion:
    rows = round(wait * RATE)
    return TrueMotion(
        np.concatenate([np.repeat(way.position[:1], rows, axis=0), way.position]),
        np.concatenate([np.zeros((rows, 3)), way.velocity]),
        np.concatenate([np.repeat(way.attitude[:1], rows, axis=0), way.attitude]),
    )


def run_off(flown: TrueMotion, wait: float) -> TrueMotion:
    """Return how a jumper stands at the exit point and gains the speed of the exit in the last steps.

    Args:
        flown: TrueMotion whose first row is the exit, of a standing or a running jumper.
        wait: From the first row to the exit [s].
    """
    rows, steps = round(wait * RATE), round(STEPS * RATE)
    before = np.clip(1.0 - (rows - np.arange(rows)) / steps, 0.0, 1.0)
    velocities = before[:, None] * flown.velocity[0]
    left = np.cumsum(velocities[::-1], axis=0)[::-1] / RATE
    upright = heading_attitude(np.full(1, np.arctan2(*flown.velocity[0, :2])), np.zeros(1))[0]
    leans = bridge(upright, flown.attitude[0], min(steps, rows))
    attitude = np.concatenate([np.repeat(upright[None], rows - len(leans), axis=0), leans])
    return TrueMotion(flown.position[0] - left, velocities, attitude)


def come_to_rest(last: TrueMotion, wait: float) -> TrueMotion:
    """Return how a jumper stops after the touchdown, and then stands.

    Args:
        last: TrueMotion whose last row is the touchdown.
        wait: Standing [s].
    """
    since = np.arange(1, round(wait * RATE) + 1) / RATE
    velocity = last.velocity[-1]
    fades = np.stack(
        [np.exp(-since / 0.6), np.exp(-since / 0.6), np.clip(1.0 - since / SETTLE, 0.0, 1.0)], axis=1
    )
    velocities = velocity * fades
    position = last.position[-1] + np.cumsum(velocities, axis=0) / RATE
    upright = heading_attitude(np.zeros(1), np.zeros(1))[0]
    turned = bridge(last.attitude[-1], upright, min(round(RATE), len(since)))
    attitude = np.concatenate([turned, np.repeat(upright[None], len(since) - len(turned), axis=0)])
    return TrueMotion(position, velocities, attitude)


def fly_level(velocity: np.ndarray, seconds: float) -> TrueMotion:
    """Return an aircraft's last seconds before the exit, which is the last row.

    Args:
        velocity: At the exit, `(3,)` [m/s].
        seconds: How long.
    """
    since = (np.arange(round(seconds * RATE)) - round(seconds * RATE)) / RATE
    bearing = np.full(len(since), float(np.arctan2(velocity[0], velocity[1])))
    even = np.repeat(velocity[None], len(since), axis=0)
    return TrueMotion(since[:, None] * velocity, even, heading_attitude(bearing, np.zeros(len(since))))


def stand(position: np.ndarray, attitude: np.ndarray, seconds: float) -> TrueMotion:
    """Return a body that stands where its motion begins.

    Args:
        position: `(3,)` [m].
        attitude: `(4,)`.
        seconds: How long.
    """
    rows = round(seconds * RATE)
    return TrueMotion(np.tile(position, (rows, 1)), np.zeros((rows, 3)), np.tile(attitude, (rows, 1)))


class Way(NamedTuple):
    """A way on the ground, by its length from the first row.

    Attributes:
        along: `(n,)` [m] along the run-up.
        aside: `(n,)` [m] to its right.
        bearing: Clockwise from the run-up, `(n,)` [rad].
        slow: Fastest speed, `(n,)` [m/s].
    """

    along: np.ndarray
    aside: np.ndarray
    bearing: np.ndarray
    slow: np.ndarray


GRID = 0.05
"""Between two rows of a way [m]."""


def ride_back(last: TrueMotion, start: np.ndarray, azimuth: float, slope: float, wait: float) -> TrueMotion:
    """Return how a vehicle rolls out after a landing, rides back and stands at the start.

    Args:
        last: TrueMotion whose last row is the touchdown.
        start: Where it stands before the next jump, `(3,)` [m].
        azimuth: Of the run-up, clockwise from north [rad].
        slope: Of the landing surface, positive downhill [rad].
        wait: Standing at the start [s].
    """
    ahead = np.array([np.sin(azimuth), np.cos(azimuth)])
    right = np.array([np.cos(azimuth), -np.sin(azimuth)])
    here, velocity = last.position[-1], last.velocity[-1]
    along, aside = float(here[:2] @ ahead), float(here[:2] @ right)
    fast = float(velocity[:2] @ ahead)
    way = _loop(along, aside, float(start[:2] @ ahead), float(start[:2] @ right), fast)
    t, length = _timed(way, fast)
    since = np.arange(1, int(t[-1] * RATE)) / RATE
    place = np.interp(since, t, length)
    grid = np.arange(len(way.along)) * GRID
    out, side, bearing = (np.interp(place, grid, values) for values in (way.along, way.aside, way.bearing))
    up = _height(out, place, here[2], velocity[2], float(start[2]), slope, since)
    level = out[:, None] * ahead + side[:, None] * right
    position = np.concatenate([level, up[:, None]], axis=1)
    velocities = np.gradient(np.concatenate([here[None], position]), 1.0 / RATE, axis=0)[1:]
    pitch = np.arctan2(velocities[:, 2], np.maximum(np.hypot(*velocities[:, :2].T), 2.0))
    attitude = heading_attitude(azimuth + bearing, pitch)
    settle = round(SETTLE * RATE)
    attitude[:settle] = bridge(last.attitude[-1], attitude[settle], settle)
    return _stand(TrueMotion(position, velocities, attitude), start, azimuth, wait)


def _loop(along: float, aside: float, start_along: float, start_aside: float, fast: float) -> Way:
    """Return straight on, half a turn, back beside the run-up, half a turn, and to the start."""
    stop = along + max(fast * fast / (2.0 * BRAKING), 10.0) + 5.0
    home = start_along - 15.0
    parts = [
        _straight(along, aside, stop, 0.0, 1e3),
        _half_turn(stop, aside, SIDE, 0.0),
        _straight(stop, aside + SIDE, home, np.pi, RIDING),
        _half_turn(home, aside + SIDE, start_aside - aside - SIDE, np.pi),
        _straight(home, start_aside, start_along, 2.0 * np.pi, ROLLING),
    ]
    return Way(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _straight(along: float, aside: float, end: float, bearing: float, slow: float) -> Way:
    count = max(round(abs(end - along) / GRID), 1)
    row = np.ones(count)
    out = np.linspace(along, end, count, endpoint=False)
    return Way(out, aside * row, bearing * row, slow * row)


def _half_turn(along: float, aside: float, width: float, bearing: float) -> Way:
    """Return half a circle, to the right of the bearing where it begins."""
    radius = 0.5 * abs(width)
    angle = np.linspace(0.0, np.pi, max(round(np.pi * radius / GRID), 2), endpoint=False)
    forward = np.cos(bearing)
    out = along + forward * radius * np.sin(angle)
    side = aside + 0.5 * width * (1.0 - np.cos(angle))
    return Way(out, side, bearing + angle, np.full_like(angle, ROLLING))


def _timed(way: Way, fast: float) -> tuple[np.ndarray, np.ndarray]:
    """Return time and length at each row of a way that ends at rest, each `(n,)`."""
    speed2 = way.slow**2
    speed2[0], speed2[-1] = fast * fast, 0.01
    for k in range(len(speed2) - 2, -1, -1):
        speed2[k] = min(speed2[k], speed2[k + 1] + 2.0 * BRAKING * GRID)
    speed2[0] = fast * fast
    for k in range(1, len(speed2)):
        speed2[k] = min(speed2[k], speed2[k - 1] + 2.0 * PULLING * GRID)
    pace = np.sqrt(speed2)
    t = np.concatenate([[0.0], np.cumsum(2.0 * GRID / (pace[1:] + pace[:-1]))])
    return t, np.arange(len(t)) * GRID


def _height(
    out: np.ndarray,
    place: np.ndarray,
    up: float,
    climb: float,
    ground: float,
    slope: float,
    since: np.ndarray,
) -> np.ndarray:
    """Return heights down the landing surface, level, and back to where the ride ends, `(n,)` [m]."""
    far = float(np.max(out) - out[0])
    bottom = min(ground, up - np.tan(slope) * SURFACE_LEFT)
    above = up - bottom - np.tan(slope) * np.minimum(place, far)
    # Bends into the level like a softened corner of this size.
    soft = 0.3
    surface = bottom + soft * np.logaddexp(0.0, above / soft)
    surface += up - bottom - soft * np.logaddexp(0.0, (up - bottom) / soft)
    home = np.clip((place - far - SIDE) / max(0.8 * (place[-1] - far - SIDE), 1.0), 0.0, 1.0)
    surface += home**2 * (3.0 - 2.0 * home) * (ground - bottom)
    # The speed into the surface is taken up over the suspension's travel, which comes back.
    into = climb - float(surface[1] - surface[0]) * RATE
    return surface + into * since * np.exp(-since / SETTLE * 2.0)


def _stand(way: TrueMotion, start: np.ndarray, azimuth: float, wait: float) -> TrueMotion:
    rows = round(wait * RATE)
    still = heading_attitude(np.full(1, azimuth), np.zeros(1))
    # The last metres of the way end a little beside the start.
    drift = np.linspace(0.0, 1.0, rows // 2)[:, None]
    creep = way.position[-1] + drift * (start - way.position[-1])
    position = np.concatenate([creep, np.repeat(start[None], rows - len(creep), axis=0)])
    return TrueMotion(
        np.concatenate([way.position, position]),
        np.concatenate([way.velocity, np.gradient(position, 1.0 / RATE, axis=0)]),
        np.concatenate([way.attitude, np.repeat(still, rows, axis=0)]),
    )
