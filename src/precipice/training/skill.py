"""How well somebody repeats a number: repeatability, trend, days that differ, jumps that stand out."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from precipice.errors import InputError
from precipice.statistics import Interval
from precipice.training.hierarchy import FEWEST, Posterior, learn
from precipice.training.logbook import NUMBERS, Logbook

LIMIT = 2.66
"""Mean moving ranges to each side of the middle where a control chart draws its limits: 3 / 1.128."""


class Trend(NamedTuple):
    """How a number, or its scatter, changes with practice.

    Attributes:
        change: For each doubling of the jumps made; of a scatter, as a factor less one.
        interval: 95 %.
        still: Whether the interval leaves out no change.
    """

    change: float
    interval: Interval
    still: bool


class Skill(NamedTuple):
    """How well a number is repeated.

    Attributes:
        name: Column of the logbook.
        jumps: Names, in order.
        values: `(n,)`, SI.
        days: `(n,)`.
        posterior: Mean, spread within a day, spread between days; None with fewer than three jumps.
        trend: Of the number; None with fewer than eight jumps.
        scatter: Of its distance from the trend.
        limits: Of the control chart.
        outliers: Names of the jumps outside them.
        day_chance: That days which are alike differ as much as these; None with one day.
        groups: Mean and its 95 % interval by gear, where there are several.
    """

    name: str
    jumps: tuple[str, ...]
    values: np.ndarray
    days: np.ndarray
    posterior: Posterior | None
    trend: Trend | None
    scatter: Trend | None
    limits: Interval
    outliers: tuple[str, ...]
    day_chance: float | None
    groups: dict[str, tuple[float, Interval]]


def find_skill(logbook: Logbook, name: str) -> Skill:
    """Return how well a number of a logbook is repeated.

    Drag is told as drag area over mass and terminal speed at sea level, so that altitude and standard air are
    out of it; what day's temperature does is in the differences between days.

    Args:
        logbook: Of one performer; synthetic jumps are as good as others here.
        name: A column of `NUMBERS`.

    Raises:
        InputError: When there is no such number, or no jump has it.
    """
    if name not in NUMBERS:
        raise InputError(f"number must be one of {', '.join(NUMBERS)}, but is {name}: choose one")
    values, errors = logbook.column(name), logbook.column(f"{name}_sd")
    there = np.isfinite(values)
    if not np.any(there):
        raise InputError(f"{logbook.path} must hold a jump with {name}, but has none: choose another number")
    jumps = tuple(word for word, is_there in zip(logbook.names(), there, strict=True) if is_there)
    values, errors, days = values[there], np.nan_to_num(errors[there]), logbook.words("day")[there]
    trend, left = _trend(values)
    limits = control_limits(values)
    outside = (values < limits.low) | (values > limits.high)
    return Skill(
        name,
        jumps,
        values,
        days,
        learn(values, errors, days) if len(values) >= FEWEST else None,
        trend,
        None if trend is None else _scatter(left),
        limits,
        tuple(jump for jump, is_out in zip(jumps, outside, strict=True) if is_out),
        _days_alike(values, days),
        _groups(values, logbook.words("gear")[there]),
    )


def control_limits(values: Float[np.ndarray, " n"]) -> Interval:
    """Return the limits of a chart of single values, infinite for fewer than two.

    Args:
        values: In order of time, `(n,)`.

    Source: Montgomery 2013, Introduction to Statistical Quality Control, section 6.4: moving ranges of two.
    """
    if len(values) < 2:
        return Interval(float("-inf"), float("inf"))
    # The median of the ranges: one wild jump must not hide itself. Of two normals it is 0.954 deviations.
    reach = LIMIT * 1.128 / 0.954 * float(np.median(np.abs(np.diff(values))))
    middle = float(np.median(values))
    return Interval(middle - reach, middle + reach)


def _trend(values: np.ndarray) -> tuple[Trend | None, np.ndarray]:
    """Return the change for each doubling of practice, and what is left."""
    if len(values) < 8:
        return None, values - np.mean(values)
    return _slope(np.log2(np.arange(1.0, len(values) + 1.0)), values)


def _slope(practice: np.ndarray, values: np.ndarray) -> tuple[Trend, np.ndarray]:
    """Return a straight line's slope with Student's interval.

    Source: power law of practice, Newell and Rosenbloom 1981, as a straight line over the logarithm.
    """
    from scipy.special import stdtrit

    away = practice - np.mean(practice)
    slope = float(away @ values / (away @ away))
    left = values - np.mean(values) - slope * away
    error = float(np.sqrt(left @ left / (len(values) - 2) / (away @ away)))
    reach = float(stdtrit(len(values) - 2, 0.975)) * error
    interval = Interval(slope - reach, slope + reach)
    return Trend(slope, interval, interval.low > 0.0 or interval.high < 0.0), left


def _scatter(left: np.ndarray) -> Trend:
    """Return by which factor, less one, the scatter changes with each doubling of practice."""
    practice = np.log2(np.arange(1.0, len(left) + 1.0))
    size = np.log(np.abs(left) + 0.05 * float(np.std(left)) + 1e-300)
    fit, _ = _slope(practice, size)
    ends = Interval(float(np.expm1(fit.interval.low)), float(np.expm1(fit.interval.high)))
    return Trend(float(np.expm1(fit.change)), ends, fit.still)


def _days_alike(values: np.ndarray, days: np.ndarray) -> float | None:
    """Return the chance that days without a difference differ as much: analysis of variance."""
    from scipy.stats import f_oneway

    groups = [values[days == day] for day in np.unique(days)]
    groups = [group for group in groups if len(group) >= 2]
    if len(groups) < 2 or all(np.ptp(group) == 0.0 for group in groups):
        return None
    return float(f_oneway(*groups).pvalue)


def _groups(values: np.ndarray, gear: np.ndarray) -> dict[str, tuple[float, Interval]]:
    from scipy.stats import t

    names = np.unique(gear)
    if len(names) < 2:
        return {}
    found: dict[str, tuple[float, Interval]] = {}
    for name in names:
        group = values[gear == name]
        middle = float(np.mean(group))
        reach = float("inf")
        if len(group) > 1:
            reach = float(t.ppf(0.975, len(group) - 1) * np.std(group, ddof=1) / len(group) ** 0.5)
        found[str(name) or "not named"] = (middle, Interval(middle - reach, middle + reach))
    return found
