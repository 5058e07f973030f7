"""The two ends of a ballistic flight, dated by a fit: the lip behind it, the touchdown before it.

In flight the vertical acceleration is gravity's; on the ramp it is not. Both pieces are fitted to the raw
rows, positions first: receivers average velocity over the time between two rows, and it comes late.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from precipice.earth import GRAVITY
from precipice.training.lag import Lag
from precipice.training.log import TrainingLog
from precipice.training.window import middle

PLACE_SCATTER = 0.06
"""Of positions from row to row, within a second [m]; slow errors do not matter here."""
RAMP_PUSH, GROUND_PUSH = (12.0, 10.0, 20.0), (60.0, 60.0, 300.0)
"""Upward acceleration on the ground's side, its scatter [m/s²], and that of its rate [m/s³]: ramps of 10 to
30 m radius at 12 to 28 m/s push with 5 to 30, landings stop 5 to 10 m/s within 0.1 to 0.2 s."""
FIT_STEP = 0.01
"""Of the times that are tried [s]."""


@dataclass(frozen=True)
class Corner:
    """Where a flight meets the ground.

    Attributes:
        time: From the log's first row [s].
        deviation: Of the time [s].
        climb: Upward velocity there, on the flight's side [m/s].
        climb_deviation: Of it [m/s].
        push: Upward acceleration on the ground's side [m/s²]; gravity's where that is flight too.
    """

    time: float
    deviation: float
    climb: float
    climb_deviation: float
    push: float


def find_corner(
    log: TrainingLog, lag: Lag | None, near: float, flight: float, ground: float, *, first: bool
) -> Corner | None:
    """Return the end of a flight near a time, or None where too few rows are there.

    Args:
        log: Raw rows.
        lag: Of its velocities, where it is known.
        near: Where to look, within a quarter of a second and two rows [s].
        flight: How long the flight lasts beyond the corner, at least [s].
        ground: How long the other side stays smooth [s]; at least the time of three rows is used.
        first: Whether the flight begins here; it ends here otherwise.
    """
    found = _corner(log, lag, near, flight, ground, first=first)
    # Again around the first answer: the rows that belong to each side are known better.
    return found and (_corner(log, lag, found.time, flight, ground, first=first) or found)


def _corner(
    log: TrainingLog, lag: Lag | None, near: float, flight: float, ground: float, *, first: bool
) -> Corner | None:
    usual = np.diff(log.time[slice(*np.searchsorted(log.time, [near - 1.0, near + 1.0]))])
    ground = max(ground, 3.5 * middle(usual)) if len(usual) else ground
    sign = 1.0 if first else -1.0
    reach = max(ground, flight) + 1.0
    around = np.arange(*np.searchsorted(log.time, [near - reach, near + reach]))
    away = sign * (log.time[around] - near)
    rows = around[(away >= -ground - 0.15) & (away <= flight) & np.isfinite(log.position[around, 2])]
    if len(rows) < 6:
        return None
    # Time runs away from the ground, so that one fit does for both ends.
    time = sign * (log.time[rows] - near)
    step = middle(np.abs(np.diff(time)))
    reach = 0.25 + 2.0 * step
    tried = np.arange(-reach, min(reach, flight - 2.0 * step), FIT_STEP)
    if len(tried) < 5:
        return None
    misfit, climb, push, spread = _misfits(log, lag, rows, time, sign, step, tried)
    best = int(np.argmin(misfit))
    # A fifth of a row's step beside the fit's width: what receivers average over is not known better.
    deviation = _width(tried, misfit, best) + 0.2 * step
    shift = float(tried[best])
    climb_off = spread + GRAVITY * deviation
    return Corner(near + sign * shift, deviation, float(sign * climb[best]), climb_off, float(push[best]))


def _misfits(
    log: TrainingLog,
    lag: Lag | None,
    rows: np.ndarray,
    time: np.ndarray,
    sign: float,
    step: float,
    tried: np.ndarray,
) -> tuple[Float[np.ndarray, " t"], Float[np.ndarray, " t"], Float[np.ndarray, " t"], float]:
    """Return misfit, climb at the corner and the ground's push for each time tried; the climb's deviation.

    Unknown: height and climb at the corner, and on the ground's side an acceleration and its rate.
    """
    count = len(rows)
    height, climb = log.position[rows, 2] - log.position[rows, 2].mean(), sign * log.velocity[rows, 2]
    since = time - tried[:, None]
    ground = np.minimum(since, 0.0)
    squared = ground**2
    # Heights first, then climbs where the receiver gives them; each divided by its scatter.
    climbs = bool(np.isfinite(climb).all())
    width = 2 * count if climbs else count
    design, target = np.zeros((len(tried), 4, width)), np.zeros((len(tried), width))
    sure = 1.0 / PLACE_SCATTER
    for column, values in enumerate((1.0, since, 0.5 * squared, squared * ground / 6.0)):
        design[:, column, :count] = sure * values
    air = since - ground
    target[:, :count] = sure * (height + 0.5 * GRAVITY * air**2)
    if climbs:
        late, doubt = (0.0, 0.0) if lag is None else (lag.time, lag.deviation)
        since = time - sign * late - tried[:, None]
        ground = np.minimum(since, 0.0)
        squared, air = ground**2, since - ground
        # A receiver averages over the corner, which a shift in time does not undo.
        sure = 1.0 / (0.1 + GRAVITY * (doubt + step))
        for column, values in enumerate((1.0, ground, 0.5 * squared), start=1):
            design[:, column, count:] = sure * values
        target[:, count:] = sure * (climb + GRAVITY * air)
    # What is believed of the ground's side: it pushes up, and steadily.
    push, scatter, rate = RAMP_PUSH if sign > 0.0 else GROUND_PUSH
    scale = np.array([1e-3, 1e-3, 1.0 / scatter, 1.0 / rate])
    normal = design @ design.transpose(0, 2, 1) + np.diag(scale**2)
    right = (design @ target[:, :, None])[:, :, 0]
    right[:, 2] += push * scale[2] ** 2
    answer = np.linalg.solve(normal, right[:, :, None])[:, :, 0]
    misfit = (target**2).sum(axis=1) + (push * scale[2]) ** 2 - (right * answer).sum(axis=1)
    spread = float(np.linalg.inv(normal[int(np.argmin(misfit))])[1, 1]) ** 0.5
    return misfit, answer[:, 1], answer[:, 2], spread


def _width(tried: np.ndarray, misfit: np.ndarray, best: int) -> float:
    """Return how far off a time is hardly worse: where chi-square rises by two, scaled by its own level."""
    # Twice a unit: the rows' errors are not independent of each other.
    freedom = max(float(misfit[best]) / 10.0, 2.0)
    near = np.flatnonzero(misfit <= misfit[best] + freedom)
    return float(max(np.ptp(tried[near]) / 2.0, FIT_STEP))
