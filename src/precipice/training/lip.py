"""The two ends of a ballistic flight, dated by a fit: the lip behind it, the touchdown before it.

In flight the vertical acceleration is gravity's; on the ramp it is not. Both pieces are fitted to the raw
rows, positions first: receivers average velocity over the time between two rows, and it comes late.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from precipice.earth import GRAVITY
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
    """

    time: float
    deviation: float
    climb: float
    climb_deviation: float


def find_corner(log: TrainingLog, near: float, flight: float, ground: float, *, first: bool) -> Corner | None:
    """Return the end of a flight near a time, or None where too few rows are there.

    Args:
        log: Raw rows.
        near: Where to look, within a quarter of a second and two rows [s].
        flight: How long the flight lasts beyond the corner, at least [s].
        ground: How long the other side stays smooth [s]; at least the time of three rows is used.
        first: Whether the flight begins here; it ends here otherwise.
    """
    found = _corner(log, near, flight, ground, first=first)
    # Again around the first answer: the rows that belong to each side are known better.
    return found and (_corner(log, found.time, flight, ground, first=first) or found)


def _corner(log: TrainingLog, near: float, flight: float, ground: float, *, first: bool) -> Corner | None:
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
    misfit, climb, spread = _misfits(log, rows, time, sign, step, tried)
    best = int(np.argmin(misfit))
    # A fifth of a row's step beside the fit's width: what receivers average over is not known better.
    deviation = _width(tried, misfit, best) + 0.2 * step
    shift = float(tried[best])
    return Corner(near + sign * shift, deviation, float(sign * climb[best]), spread + GRAVITY * deviation)


def _misfits(
    log: TrainingLog, rows: np.ndarray, time: np.ndarray, sign: float, step: float, tried: np.ndarray
) -> tuple[Float[np.ndarray, " t"], Float[np.ndarray, " t"], float]:
    """Return misfit and climb at the corner for each time tried, and the climb's deviation.

    Unknown: height and climb at the corner, and on the ground's side an acceleration and its rate.
    """
    height = log.position[rows, 2] - log.position[rows, 2].mean()
    since = time - tried[:, None]
    ground = np.minimum(since, 0.0)
    air = since - ground
    squared = ground**2
    cubed = squared * ground
    # Sums over the rows of powers of time on the ground's side, by power; a row is on one side only.
    count, first = float(len(rows)), since.sum(axis=1)
    one, two, three, four, five, six = (
        np.einsum("tm,tm->t", left, right)
        for left, right in ((ground, np.ones_like(ground)), (ground, ground), (ground, squared),
                            (squared, squared), (squared, cubed), (cubed, cubed))
    )  # fmt: skip
    normal, right = np.zeros((len(tried), 4, 4)), np.zeros((len(tried), 4))
    target = height + 0.5 * GRAVITY * air**2
    weight = 1.0 / PLACE_SCATTER**2
    terms = {
        (0, 0): count, (0, 1): first, (0, 2): two / 2.0, (0, 3): three / 6.0,
        (1, 1): np.einsum("tm,tm->t", since, since), (1, 2): three / 2.0, (1, 3): four / 6.0,
        (2, 2): four / 4.0, (2, 3): five / 12.0, (3, 3): six / 36.0,
    }  # fmt: skip
    for place, value in terms.items():
        normal[:, *place] = weight * value
    right[:, 0] = weight * target.sum(axis=1)
    right[:, 1] = weight * np.einsum("tm,tm->t", since, target)
    right[:, 2] = weight * (squared @ height) / 2.0
    right[:, 3] = weight * (cubed @ height) / 6.0
    length = weight * np.einsum("tm,tm->t", target, target)
    climb = sign * log.velocity[rows, 2]
    if np.isfinite(climb).all():
        late = 1.0 / (0.1 + GRAVITY * step) ** 2
        target = climb + GRAVITY * air
        for place, value in {(1, 1): count, (1, 2): one, (1, 3): two / 2.0, (2, 2): two,
                             (2, 3): three / 2.0, (3, 3): four / 4.0}.items():  # fmt: skip
            normal[:, *place] += late * value
        right[:, 1] += late * target.sum(axis=1)
        right[:, 2] += late * (ground @ climb)
        right[:, 3] += late * (squared @ climb) / 2.0
        length += late * np.einsum("tm,tm->t", target, target)
    for row, column in terms:
        normal[:, column, row] = normal[:, row, column]
    # What is believed of the ground's side: it pushes up, and steadily.
    push, scatter, rate = RAMP_PUSH if sign > 0.0 else GROUND_PUSH
    scale = np.array([1e-3, 1e-3, 1.0 / scatter, 1.0 / rate])
    normal += np.diag(scale**2)
    right[:, 2] += push * scale[2] ** 2
    answer = np.linalg.solve(normal, right[:, :, None])[:, :, 0]
    misfit = length + (push * scale[2]) ** 2 - (right * answer).sum(axis=1)
    spread = float(np.linalg.inv(normal[int(np.argmin(misfit))])[1, 1]) ** 0.5
    return misfit, answer[:, 1], spread


def _width(tried: np.ndarray, misfit: np.ndarray, best: int) -> float:
    """Return how far off a time is hardly worse: where chi-square rises by two, scaled by its own level."""
    # Twice a unit: the rows' errors are not independent of each other.
    freedom = max(float(misfit[best]) / 10.0, 2.0)
    near = np.flatnonzero(misfit <= misfit[best] + freedom)
    return float(max(np.ptp(tried[near]) / 2.0, FIT_STEP))


def level_velocity(log: TrainingLog, start: float, end: float) -> tuple[Float[np.ndarray, "2"], float] | None:
    """Return the level velocity at the start of a flight, `(2,)` [m/s], and its deviation.

    Air slows the body, so a straight line through its positions would not do: a parabola is fitted.

    Args:
        log: Raw rows.
        start: Of the flight [s].
        end: Of the piece that is fitted [s].
    """
    rows = np.arange(np.searchsorted(log.time, start), np.searchsorted(log.time, end, "right"))
    rows = rows[np.isfinite(log.position[rows, 0])]
    time, place, speed = log.time[rows] - start, log.position[rows, :2], log.velocity[rows, :2]
    if len(rows) < 4:
        return None
    design = np.stack([np.ones_like(time), time, 0.5 * time**2], axis=1) / PLACE_SCATTER
    target = (place - place[0]) / PLACE_SCATTER
    if np.isfinite(speed).all():
        step = middle(np.diff(time))
        scatter = 0.1 + 2.0 * step
        rates = np.stack([np.zeros_like(time), np.ones_like(time), time], axis=1) / scatter
        design, target = np.concatenate([design, rates]), np.concatenate([target, speed / scatter])
    # Air slows by less than half of gravity.
    normal = design.T @ design + np.diag([1e-6, 1e-6, 1.0 / 5.0**2])
    answer = np.linalg.solve(normal, design.T @ target)
    return answer[1], float(np.linalg.inv(normal)[1, 1]) ** 0.5
