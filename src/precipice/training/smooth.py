"""A smoother that fuses position, Doppler velocity and, where there is one, the inertial unit.

It is the fixed-interval (Rauch-Tung-Striebel) estimate of a body whose jerk is white noise: position,
velocity and acceleration of each axis at every row, given all rows. The estimate minimises a sum of
squares whose matrix is block tridiagonal: one factorisation in machine code solves it for 8,000 rows in a
fraction of a millisecond, where a Kalman filter stepped in Python takes 80 ms and more. Rows on both sides of
a long gap are not tied to each other.

Source: Bar-Shalom, Li & Kirubarajan 2001, sec. 6.2.3 (white jerk) and 8.6 (fixed-interval smoothing);
Bell 1994, SIAM J. Optim. 4, 626 (the smoother as a tridiagonal least-squares problem).
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from precipice.earth import GRAVITY
from precipice.training.log import Inertial, TrainingLog
from precipice.training.tridiagonal import solve_two
from precipice.training.window import middle, sliding_median

JERK_DENSITY = 60.0
"""Of the white jerk [m²/s⁵]: load changes by 8 m/s² in a second; openings change it by 20."""
LONGEST_LINK = 3.0
"""Rows further apart than this [s] are not tied to each other."""
POSITION_SHARE, SPEED_SHARE = 0.15, 0.5
"""Scatter from row to row over the accuracy that a receiver states, which counts slow errors too."""
POSITION_DEFAULT, SPEED_DEFAULT = 3.0, 0.3
"""Scatter [m], [m/s] of receivers that state no accuracy."""
POSITION_BEST, SPEED_BEST = 0.1, 0.05
"""No row scatters less [m], [m/s], whatever is stated."""
LEAST_LEAP, LEAP_SHARE, LEAP_SPEED = 3.0, 0.3, 20.0
"""A step of the position that its velocity does not explain is a leap from so many metres on, from this
share of the stated accuracy on, and from more than this speed [m/s], which Doppler lag explains."""
SETTLED = 10.0
"""Accuracy [m] from which a position still drifts as a whole, so that its scatter is nearly all of it."""
LAG_WINDOW = 1.6
"""Doppler velocity that disagrees with the positions for this long [s] lags and loses its weight."""
NEAREST = (5e-3, 0.2)
"""Rows nearer to each other [s] are tied as if that far apart: ties grow with the fifth power of the rate,
until all else is lost in rounding. The second is for logs in which the first is not enough."""
PASSES = 2
"""Solutions, each with the weights that the one before it leaves."""
TAIL = 4.0
"""Degrees of freedom of the errors: outliers lose their weight instead of bending the track."""


@dataclass(frozen=True)
class Smoothed:
    """Position, velocity and acceleration at the rows of a log.

    Attributes:
        time: From the log's first row, `(n,)` [s].
        position: Local east-north-up, `(n, 3)` [m]; NaN for an axis that was not measured.
        velocity: `(n, 3)` [m/s].
        acceleration: `(n, 3)` [m/s²].
        vertical_weight: Information that rows add on the vertical axis, by order, `(n, 3)`.
        nearest: Rows nearer to each other were tied as if that far apart [s].
    """

    time: Float[np.ndarray, " n"]
    position: Float[np.ndarray, "n 3"]
    velocity: Float[np.ndarray, "n 3"]
    acceleration: Float[np.ndarray, "n 3"]
    vertical_weight: Float[np.ndarray, "n 3"]
    nearest: float = NEAREST[0]

    def vertical_deviation(self, row: int) -> Float[np.ndarray, "3"]:
        """Return standard deviations of height [m], climb [m/s] and its rate [m/s²] at a row, `(3,)`."""
        from scipy.linalg import LinAlgError, solveh_banded

        # Rows 60 apart tell nothing about each other: a piece of the matrix is enough.
        first, last = max(row - 60, 0), min(row + 61, len(self.time))
        bands = _tied_bands(self.time, self.nearest)[:, first:last].copy()
        bands[0] += self.vertical_weight[first:last]
        bands = bands.reshape(6, -1)
        for band in range(1, 6):
            bands[band, bands.shape[1] - band :] = 0.0
        units = np.zeros((bands.shape[1], 3))
        place = 3 * (row - first)
        units[place + np.arange(3), np.arange(3)] = 1.0
        try:
            columns = solveh_banded(bands, units, lower=True, check_finite=False)
        except LinAlgError:
            return np.full(3, np.inf)
        return np.sqrt(np.maximum(columns[place + np.arange(3), np.arange(3)], 0.0))


def smooth(log: TrainingLog) -> Smoothed:
    """Return the smoothed track of a log.

    Args:
        log: With at least one row; axes without any measurement stay NaN.
    """
    for nearest in NEAREST[:-1]:
        try:
            return _smooth(log, nearest)
        except np.linalg.LinAlgError:
            continue
    return _smooth(log, NEAREST[-1])


def _smooth(log: TrainingLog, nearest: float) -> Smoothed:
    tied = _tied_bands(log.time, nearest)
    level, vertical = _level_scatter(log), _vertical_scatter(log)
    measured = [
        _measured(values, level[order], vertical[order])
        for order, values in enumerate((_joined(log), log.velocity.T))
    ]
    known = [any(part.weight[system].any() for part in measured) for system in range(2)]
    state, weight = _estimate(tied, measured, None)
    if log.inertial is not None and len(log.inertial.time) > 10 and all(known):
        measured.append(_pseudo(_force_at(log.inertial, log.time), state[2]))
        state, weight = _estimate(tied, measured, state)
    # Axes that nothing measured are where the ties alone left them.
    state[:, [not known[0], not known[0], not known[1]]] = np.nan
    position, velocity, acceleration = (part.T for part in state)
    return Smoothed(log.time, position, velocity, acceleration, weight[:, 1].T, nearest)


def _joined(log: TrainingLog) -> np.ndarray:
    """Return positions without leaps, `(3, n)` [m]: what stands before a leap is moved to what follows.

    A receiver that changes satellites leaps in one row, while its Doppler velocity says that nothing
    of the kind happened. It knows better after than before.
    """
    position, velocity, step = log.position.T, log.velocity.T, np.diff(log.time)
    leap = _or_zero(np.diff(position) - 0.5 * (velocity[:, 1:] + velocity[:, :-1]) * step)
    accuracy = np.stack([log.horizontal_accuracy, log.horizontal_accuracy, log.vertical_accuracy])
    real = np.maximum(LEAST_LEAP, LEAP_SHARE * _or_zero(accuracy[:, 1:])) + LEAP_SPEED * step
    leap[(np.abs(leap) <= real) | (step > LONGEST_LINK)] = 0.0
    if not leap.any():
        return position
    after = np.cumsum(leap[:, ::-1], axis=1)[:, ::-1]
    return position + np.concatenate([after, np.zeros((3, 1))], axis=1)


def _or_zero(values: np.ndarray) -> np.ndarray:
    """Return numbers with zero where there is none."""
    return np.where(np.isnan(values), 0.0, values)


def _level_scatter(log: TrainingLog) -> tuple[np.ndarray, np.ndarray]:
    position, velocity = _scatter(log.horizontal_accuracy, log.speed_accuracy)
    return position, np.hypot(velocity, _disagreement(log, slice(0, 2), log.horizontal_accuracy))


def _vertical_scatter(log: TrainingLog) -> tuple[np.ndarray, np.ndarray]:
    position, velocity = _scatter(log.vertical_accuracy, log.speed_accuracy)
    return position, np.hypot(velocity, _disagreement(log, slice(2, 3), log.vertical_accuracy))


def _disagreement(log: TrainingLog, axes: slice, accuracy: np.ndarray) -> np.ndarray:
    """Return by how much Doppler velocity and the steps of the positions differ for long, `(n,)` [m/s].

    Receivers filter velocity harder than position: after an exit and in an opening it comes up to
    two seconds late. The median leaves out single leaps of the position, which are no velocity. A
    position that still settles may drift by its stated accuracy in the window: that is no lag either.
    """
    step = np.diff(log.time)
    if len(step) < 3:
        return np.zeros(len(log.time))
    position, velocity = log.position.T[axes], log.velocity.T[axes]
    mean = 0.5 * (velocity[:, 1:] + velocity[:, :-1])
    apart = _or_zero(np.diff(position) / step - mean)
    half = int(0.5 * LAG_WINDOW / max(middle(step), 0.01))
    lasting = (sliding_median(apart, half) ** 2).sum(axis=0)
    drift = np.minimum(_or_zero(accuracy[1:]), 1e4) / LAG_WINDOW
    lasting = np.sqrt(np.maximum(lasting - drift**2, 0.0))
    both = np.zeros(len(log.time))
    both[1:] = lasting
    both[:-1] = np.maximum(both[:-1], lasting)
    return both


def _scatter(place: np.ndarray, speed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    place = np.minimum(place, 1e4)
    settling = POSITION_SHARE * place * (1.0 + place / SETTLED)
    position = np.where(np.isfinite(place), settling, POSITION_DEFAULT)
    velocity = np.where(np.isfinite(speed), SPEED_SHARE * speed, SPEED_DEFAULT)
    return np.clip(position, POSITION_BEST, 1e4), np.clip(velocity, SPEED_BEST, 1e3)


def _tied_bands(time: np.ndarray, nearest: float) -> np.ndarray:
    """Return the lower bands of what ties each row to the next, `(6, n, 3)`.

    The inverse of the covariance of white jerk over a step, and its products with the transition: blocks
    on the diagonal from the step before and the step after, and the block between.
    """
    step = np.diff(time)
    tied = step <= LONGEST_LINK
    step = np.where(tied, np.maximum(step, nearest), 1.0)
    one = np.where(tied, 1.0 / JERK_DENSITY, 0.0) / step
    two, three, four, five = one / step, one / step**2, one / step**3, one / step**4
    bands = np.zeros((6, len(time), 3))
    # Row, column and size of the lower half of a diagonal block; odd orders change sign with time.
    lower = ((0, 0, 720 * five), (1, 0, 360 * four), (1, 1, 192 * three),
             (2, 0, 60 * three), (2, 1, 36 * two), (2, 2, 9 * one))  # fmt: skip
    for row, column, size in lower:
        bands[row - column, :-1, column] += size
        bands[row - column, 1:, column] += size if (row + column) % 2 == 0 else -size
    between = ((720 * five, 360 * four, 60 * three), (-360 * four, -168 * three, -24 * two),
               (60 * three, 24 * two, 3 * one))  # fmt: skip
    for row, sizes in enumerate(between):
        for column, size in enumerate(sizes):
            bands[3 + row - column, :-1, column] -= size
    # So little that it only decides where nothing was measured: at rest, at the row's place.
    bands[0] += [1e-8, 1e-6, 1e-4]
    return bands


class _Measured(NamedTuple):
    """Measurements of one order: of the position, of the velocity or of the acceleration.

    The level axes share their weights: they are two right sides of one system, the vertical axis is another.

    Attributes:
        values: Axis, row; zero where nothing was measured.
        weight: System, row; zero where nothing was measured.
        inverse: Of the scatter: system, row.
    """

    values: Float[np.ndarray, "3 n"]
    weight: Float[np.ndarray, "2 n"]
    inverse: Float[np.ndarray, "2 n"]


def _measured(values: np.ndarray, level: np.ndarray, vertical: np.ndarray) -> _Measured:
    """Return measurements, `(3, n)`, with the scatter of their level and vertical axes, each `(n,)`."""
    finite = np.isfinite(values)
    there = np.stack([finite[0] & finite[1], finite[2]])
    inverse = 1.0 / np.stack([level, vertical])
    return _Measured(np.where(there[[0, 0, 1]], values, 0.0), np.where(there, inverse**2, 0.0), inverse)


def _estimate(
    tied: np.ndarray, measured: list[_Measured], state: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the state, order by axis by row, and the weights that led to it, order by system by row.

    Args:
        tied: Bands of what ties the rows.
        measured: By order.
        state: An earlier one, from which the first weights are taken.
    """
    rows = tied.shape[1]
    weights, right = np.zeros((3, 2, rows)), np.zeros((3, 3, rows))
    for _ in range(PASSES):
        for order, (values, weight, inverse) in enumerate(measured):
            if state is not None:
                off = (values - state[order]) ** 2
                level, vertical = (off[0] + off[1]) * inverse[0] ** 2, off[2] * inverse[1] ** 2
                weights[order, 0] = weight[0] * ((TAIL + 2.0) / (TAIL + level))
                weights[order, 1] = weight[1] * ((TAIL + 1.0) / (TAIL + vertical))
            else:
                weights[order] = weight
            np.multiply(weights[order, [0, 0, 1]], values, out=right[order])
        # An axis that nothing measured is held anywhere.
        weights[0, ~weights.any(axis=(0, 2))] = 1.0
        state = solve_two(tied, weights, right)
    assert state is not None
    return state, weights


def _force_at(inertial: Inertial, time: np.ndarray) -> np.ndarray:
    """Return the length of the specific force around each row, NaN where the unit did not run, `(n,)`."""
    force = np.linalg.norm(inertial.force_body, axis=1)
    summed = np.concatenate([[0.0], np.cumsum(force)])
    half = 0.5 * middle(np.diff(time)) if len(time) > 1 else 0.1
    first = np.searchsorted(inertial.time, time - half)
    last = np.searchsorted(inertial.time, time + half)
    count = last - first
    return np.where(count > 0, (summed[last] - summed[first]) / np.maximum(count, 1), np.nan)


def _pseudo(force: np.ndarray, acceleration: np.ndarray) -> _Measured:
    """Return accelerations that have the inertial unit's length and the receiver's direction.

    The attitude of the board on the body is not known, but the length of the specific force needs
    none. The less the two lengths agree, the less the direction is believed.

    Args:
        force: Its length, `(n,)` [m/s²].
        acceleration: By axis, `(3, n)` [m/s²].
    """
    specific = acceleration + np.array([[0.0], [0.0], [GRAVITY]])
    length = np.linalg.norm(specific, axis=0)
    scaled = specific * (force / np.maximum(length, 1.0)) - np.array([[0.0], [0.0], [GRAVITY]])
    scatter = 1.0 + np.abs(_or_zero(force) - length)
    return _measured(scaled, scatter, scatter)
