"""The velocity with which something flies off, from the rows of its flight.

In flight the acceleration is gravity's and the air's, which is against the motion: height, level place and
velocity are each a parabola. Positions drift by a slope, which a second does not tell from speed; velocities
do not, but are late. Both are unknowns of the fit: what the log says of the lag decides which is believed.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from precipice.earth import GRAVITY
from precipice.training.lag import PLACE_NOISE, Lag
from precipice.training.log import TrainingLog

SPEED_NOISE = 0.1
"""Of velocities from row to row [m/s]; real receivers at rest have 0.04 to 0.07."""
DRIFT = (0.15, 0.3)
"""Slope of the positions' slow error, level and upward [m/s]: heights drift by 2.2 m in 10 s, median of 30
real logs (`python -m benchmarks.measure_sensors`), level places by half of that."""
AIR = (3.0, 0.4)
"""What is not known of the acceleration [m/s²]: level all that the air does, less than half of gravity;
upward what is left, such as lift, when air takes as large a share of the climb as of the level speed."""
MOST_DRAG = 0.3
"""Air takes no larger share of a speed in a second [1/s]: half of gravity at 16 m/s."""


class Leaving(NamedTuple):
    """A velocity and what is doubtful about it.

    Attributes:
        along: Level, at the start of a flight [m/s].
        climb: Upward [m/s].
        along_deviation: [m/s].
        climb_deviation: [m/s].
    """

    along: float
    climb: float
    along_deviation: float
    climb_deviation: float


class _Rows(NamedTuple):
    """Rows of a flight, times from its start [s].

    Attributes:
        since: Of positions, `(n,)`.
        place: `(n, 3)` [m].
        at: Of velocities, without their lag, `(k,)`.
        speed: `(k, 3)` [m/s]; NaN where none was measured.
    """

    since: Float[np.ndarray, " n"]
    place: Float[np.ndarray, "n 3"]
    at: Float[np.ndarray, " k"]
    speed: Float[np.ndarray, "k 3"]


def leaving_velocity(
    log: TrainingLog, lag: Lag | None, lip: float, clear: float, end: float
) -> Leaving | None:
    """Return the velocity at a lip, or None where the flight has too few rows.

    Args:
        log: Raw rows.
        lag: Of its velocities; they are not used without it.
        lip: Where the flight begins [s].
        clear: From where on surely nothing carries; at the lip or after it [s].
        end: Of the piece of the flight that is fitted [s].
    """
    rows = np.arange(np.searchsorted(log.time, clear), np.searchsorted(log.time, end, "right"))
    rows = rows[np.isfinite(log.position[rows]).all(axis=1)]
    if len(rows) < 4:
        return None
    since = log.time[rows] - lip
    # A mean over the time since the last row, or a filter, must not reach back to the ramp.
    late, doubt = (0.0, 0.0) if lag is None else (lag.time, lag.deviation)
    timely = (since - 2.0 * late >= clear - lip - 1e-6) & (lag is not None)
    place = log.position[rows] - log.position[rows[0]]
    flight = _Rows(since, place, since[timely] - late, log.velocity[rows[timely]])
    level, level_deviation, slowing = _fit(flight, slice(0, 2), 0.0, AIR[0] * doubt)
    share = -float((slowing * level).sum()) / max(float((level**2).sum()), 1.0)
    drag = min(max(share, 0.0), MOST_DRAG)
    climb, climb_deviation, _ = _fit(flight, slice(2, 3), drag, GRAVITY * doubt)
    return Leaving(float(np.hypot(*level)), float(climb[0]), level_deviation, climb_deviation)


def _fit(rows: _Rows, axes: slice, drag: float, late: float) -> tuple[np.ndarray, float, np.ndarray]:
    """Return velocities at the start [m/s], their deviation, and the accelerations that are fitted [m/s²].

    Args:
        rows: Of the flight.
        axes: The two level ones, which share a design, or the upward one.
        drag: Share of its speed that air takes in a second [1/s].
        late: Deviation of the velocities by their lag's [m/s].
    """
    upward = axes.start == 2
    there = np.isfinite(rows.speed[:, axes]).all(axis=1)
    since, at, speed = rows.since, rows.at[there], rows.speed[there, axes]
    sure, quick = 1.0 / PLACE_NOISE, 1.0 / SPEED_NOISE
    design = np.zeros((len(since) + len(at), 5))
    heights, speeds = design[: len(since)], design[len(since) :]
    # Place and velocity at the start, acceleration, slope of the positions' drift, offset of late velocities.
    for column, values in enumerate((1.0, since - 0.5 * drag * since**2, 0.5 * since**2, since)):
        heights[:, column] = sure * values
    for column, values in ((1, 1.0 - drag * at), (2, at), (4, 1.0)):
        speeds[:, column] = quick * values
    pull = GRAVITY if upward else 0.0
    fallen, gained = pull * (0.5 * since**2 - drag * since**3 / 6.0), pull * (at - 0.5 * drag * at**2)
    target = np.concatenate(
        [sure * (rows.place[:, axes] + fallen[:, None]), quick * (speed + gained[:, None])]
    )
    spread = np.array([1e3, 1e3, AIR[upward], DRIFT[upward], max(late, 1e-3)])
    inverse = np.linalg.inv(design.T @ design + np.diag(spread**-2.0))
    answer = inverse @ (design.T @ target)
    return answer[1], float(inverse[1, 1]) ** 0.5, answer[2]
