"""When a ramp is left and when the ground is touched: what a motion sensor feels, or what rows leave open."""

import math
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from precipice.earth import GRAVITY
from precipice.training.lip import RAMP_PUSH, Corner
from precipice.training.log import Inertial, TrainingLog
from precipice.training.window import middle

WHEELBASE = 1.48
"""Of a motocross motorcycle [m]: CRF250R 2021, 1.477 m by its maker."""
FADING = 1.0 - 0.5 * GRAVITY / (RAMP_PUSH[0] + GRAVITY)
"""Share of the time from the front wheel's lip to the rear's by which rows date a takeoff too early: half the
weight is still carried then, which a fit with one corner takes for a little more of the ramp's push."""
SLOWEST = 6.0
"""No ramp is left slower [m/s]."""
FELT_WITHIN = 0.15
"""A motion sensor feels lip and landing within this of where rows date them, and twice their doubt [s]."""
CARRIED = 0.4
"""Share of gravity above which something surely carries: air alone does a third of it for a fast rider."""
FADED = 0.15
"""Share of gravity by which the force on wheels must be above that in flight, at least."""
QUIET = 6.0
"""Standard deviations of the force in flight above which it is no more that of the flight."""
MEANS = (1, 3, 5, 9)
"""Rows over which the force is averaged, as few as its trembling in flight allows."""


class Takeoff(NamedTuple):
    """When a ramp is left: nothing carries any more, both wheels are past the lip.

    Attributes:
        time: [s].
        deviation: Of it [s].
        clear: From where on surely nothing carries [s].
    """

    time: float
    deviation: float
    clear: float


def find_takeoff(log: TrainingLog, lip: Corner, end: float) -> Takeoff:
    """Return when a ramp is left.

    A motion sensor feels it. Rows of a receiver do not show it, nor what was ridden: between a body without
    length and a motorcycle the middle is taken, and the rest is doubt.

    Args:
        log: Raw rows.
        lip: As a fit with one corner dates it.
        end: Of the flight, or of a piece of it [s].
    """
    felt = None if log.inertial is None else _felt_takeoff(log.inertial, lip, end)
    if felt is not None:
        return felt
    most = FADING * WHEELBASE / max(_speed_at(log, lip.time), SLOWEST)
    doubt = math.hypot(lip.deviation, most / math.sqrt(12.0))
    return Takeoff(lip.time + 0.5 * most, doubt, lip.time + most + lip.deviation)


def _speed_at(log: TrainingLog, time: float) -> float:
    """Return about how fast a place is passed [m/s]."""
    first, last = np.searchsorted(log.time, [time - 0.5, time + 0.5])
    rows = np.arange(first, last)
    rows = rows[np.isfinite(log.position[rows]).all(axis=1)]
    if len(rows) < 2:
        return 0.0
    way = log.position[rows[-1]] - log.position[rows[0]]
    return float(np.linalg.norm(way)) / float(log.time[rows[-1]] - log.time[rows[0]])


def _felt_takeoff(inertial: Inertial, lip: Corner, end: float) -> Takeoff | None:
    """Return the last moment at which more is felt than in the flight itself, None where none stands out."""
    time = inertial.time
    reach = FELT_WITHIN + 2.0 * lip.deviation
    first, split, last = np.searchsorted(time, [lip.time - reach, lip.time + reach, end - FELT_WITHIN])
    if split - first < 5 or last - split < 10:
        return None
    step = middle(np.diff(time[first:split]))
    for rows in MEANS:
        force = np.linalg.norm(_means(inertial.force_body[first:last], rows), axis=1)
        near, flight = force[: split - first], force[split - first :]
        usual = middle(flight)
        # Scatter from the median of what is off: 0.6745 of a standard deviation of normal errors.
        scatter = middle(np.abs(flight - usual)) / 0.6745
        most = usual + max(QUIET * scatter, FADED * GRAVITY)
        if most > CARRIED * GRAVITY:
            continue
        heavy = np.flatnonzero(near > most)
        if not len(heavy) or heavy[-1] + 1 == len(near):
            return None
        row = int(first + heavy[-1])
        # A mean still holds what its first row felt. With a sensor that averages over its own step it was at
        # that row, with one that does not half a step later.
        at, deviation = float(time[row]) + (0.25 - 0.5 * (rows - 1)) * step, (1.0 + 0.5 * rows) * step
        return Takeoff(at, deviation, at + deviation)
    return None


def _means(force: Float[np.ndarray, "n 3"], rows: int) -> Float[np.ndarray, "n 3"]:
    """Return means of a force over some rows around each: what trembles averages out."""
    even = np.ones(rows) / rows
    return np.stack([np.convolve(axis, even, "same") for axis in force.T], axis=1)


def find_touchdown(log: TrainingLog, ground: Corner) -> Corner:
    """Return a touchdown moved to where a motion sensor feels it, if it does near by.

    Args:
        log: Raw rows.
        ground: As a fit with one corner dates it.
    """
    if log.inertial is None:
        return ground
    time = log.inertial.time
    reach = FELT_WITHIN + 2.0 * ground.deviation
    first, last = np.searchsorted(time, [ground.time - reach, ground.time + reach])
    if last - first < 3:
        return ground
    length = np.linalg.norm(log.inertial.force_body[first:last], axis=1)
    # The mean of three: a single row is a knock.
    length[1:-1] = (length[:-2] + length[1:-1] + length[2:]) / 3.0
    heavy = length > CARRIED * GRAVITY
    crossings = np.flatnonzero(~heavy[:-1] & heavy[1:])
    if not len(crossings):
        return ground
    step = np.diff(time[first:last])
    at = time[first:last][crossings] + 0.5 * step[crossings]
    moved = float(at[np.argmin(np.abs(at - ground.time))])
    climb = ground.climb - GRAVITY * (moved - ground.time)
    return Corner(moved, 1.5 * middle(step), climb, ground.climb_deviation, ground.push)
