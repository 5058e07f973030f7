"""How well somebody repeats a number: repeatability, trend, days that differ, jumps that stand out."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from precipice.errors import InputError
from precipice.statistics import Interval
from precipice.training.fall import FLYING, WITH_WIND_ALOFT
from precipice.training.hierarchy import FEWEST, Posterior, learn
from precipice.training.logbook import NUMBERS, Logbook, Row

DAYS = 3
"""That a line over days needs."""
LEAST_TREND = 8
"""Jumps that a trend needs."""
BREEZES = (1.6, 3.4, 5.5, 8.0)
"""Wind [m/s] from which Beaufort 2, 3, 4 and 5 blow (World Meteorological Organization)."""
LIMIT = 2.66
"""Mean moving ranges to each side of the middle where a control chart draws its limits: 3 / 1.128."""


class Trend(NamedTuple):
    """How a number, or its scatter, changes with practice.

    Attributes:
        change: For each doubling of the jumps made; of a scatter, as a factor less one.
        interval: 95 %.
        still: Whether the interval leaves out no change at all.
    """

    change: float
    interval: Interval
    still: bool


class Group(NamedTuple):
    """Jumps that have something in common.

    Attributes:
        mean: Of the number.
        interval: 95 %, with differences between days; infinite for fewer than three jumps.
        jumps: How many.
        days: On how many days.
    """

    mean: float
    interval: Interval
    jumps: int
    days: int


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
        groups: By gear, by posture in the fall, by wind under the canopy, each where there are several.
        by_wind: Change for each metre a second of wind; None with fewer than eight jumps or three days in
            known wind.
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
    groups: dict[str, Group]
    by_wind: Trend | None


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
    if name in WITH_WIND_ALOFT:
        # Jumps of a day share most of this error: taken out of their spread it would hide some of it.
        errors = np.zeros_like(errors)
    trend, left = _trend(values, errors, days)
    limits = control_limits(values)
    wind = np.full(len(values), np.nan) if name.startswith("wind_") else logbook.column("wind_speed")[there]
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
        _groups(values, errors, days, _kinds(logbook.rows, there)),
        _by_wind(values, errors, days, wind),
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


def _trend(values: np.ndarray, errors: np.ndarray, days: np.ndarray) -> tuple[Trend | None, np.ndarray]:
    """Return the change for each doubling of practice, and what is left.

    Days differ for other reasons than practice and count as such; of one or two days only what changes
    within them is told.
    """
    if len(values) < LEAST_TREND:
        return None, values - np.mean(values)
    practice = np.log2(np.arange(1.0, len(values) + 1.0))
    names, day = np.unique(days, return_inverse=True)
    if len(names) >= DAYS:
        trend = _slope_over_days(practice, values, errors, days)
    else:
        size = np.bincount(day)
        inside, at = (part - (np.bincount(day, part) / size)[day] for part in (values, practice))
        trend, _ = _slope(at, inside, 1 + len(names))
    away = practice - np.mean(practice)
    return trend, values - np.mean(values) - trend.change * away


def _slope(practice: np.ndarray, values: np.ndarray, fitted: int = 2) -> tuple[Trend, np.ndarray]:
    """Return a straight line's slope with Student's interval, and what is left; `fitted` numbers are fitted.

    Source: power law of practice, Newell and Rosenbloom 1981, as a straight line over the logarithm.
    """
    from scipy.special import stdtrit

    away = practice - np.mean(practice)
    slope = float(away @ values / (away @ away))
    left = values - np.mean(values) - slope * away
    error = float(np.sqrt(left @ left / (len(values) - fitted) / (away @ away)))
    reach = float(stdtrit(len(values) - fitted, 0.975)) * error
    interval = Interval(slope - reach, slope + reach)
    return Trend(slope, interval, interval.low > 0.0 or interval.high < 0.0), left


def learning_curve(skill: Skill) -> tuple[Float[np.ndarray, " n"], Float[np.ndarray, " n"]]:
    """Return the trend at each jump and its 95 % to each side, each `(n,)`, SI.

    Args:
        skill: With a trend.

    Source: confidence band of a straight line, Draper and Smith 1998, Applied Regression Analysis, eq. 1.4.7.
    """
    assert skill.trend is not None
    practice = np.log2(np.arange(1.0, len(skill.values) + 1.0))
    away = practice - np.mean(practice)
    middle = float(np.mean(skill.values)) + skill.trend.change * away
    # Of the slope this is Student's factor times the scatter over the root of the sum of squares.
    reach = 0.5 * (skill.trend.interval.high - skill.trend.interval.low)
    return middle, reach * np.sqrt(float(away @ away) / len(away) + away**2)


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


def _kinds(rows: Sequence[Row], there: np.ndarray) -> list[np.ndarray]:
    """Return a word for each jump in each way to sort them, empty where it is not known."""
    gear, posture, wind = [], [], []
    for row in [row for row, is_there in zip(rows, there, strict=True) if is_there]:
        gear.append(f"gear {row.get('gear') or 'not named'}")
        glide, speed = row.get("fall_glide"), row.get("wind_speed")
        posture.append("" if glide is None else "flies in the fall" if glide > FLYING else "falls flat")
        wind.append("" if speed is None else _wind_word(speed))
    return [np.array(words, dtype=str) for words in (gear, posture, wind)]


def _wind_word(speed: float) -> str:
    place = int(np.searchsorted(BREEZES, speed, side="right"))
    if place == len(BREEZES):
        return f"wind {BREEZES[-1]:g} m/s and more"
    low = BREEZES[place - 1] if place else 0.0
    return f"wind {low:g} to {BREEZES[place]:g} m/s"


def _groups(
    values: np.ndarray, errors: np.ndarray, days: np.ndarray, kinds: list[np.ndarray]
) -> dict[str, Group]:
    """Return mean and interval by each kind that divides the jumps."""
    found: dict[str, Group] = {}
    for words in kinds:
        names = [name for name in np.unique(words) if name]
        if len(names) < 2:
            continue
        for name in names:
            alike = words == name
            count, on = int(np.sum(alike)), len(np.unique(days[alike]))
            mean, interval = float(np.mean(values[alike])), Interval(float("-inf"), float("inf"))
            if count >= FEWEST:
                level = learn(values[alike], errors[alike], days[alike]).mean
                mean, interval = level.middle, level.interval
            found[str(name)] = Group(mean, interval, count, on)
    return found


def _by_wind(values: np.ndarray, errors: np.ndarray, days: np.ndarray, wind: np.ndarray) -> Trend | None:
    """Return how a number changes with the wind, where there are days enough."""
    there = np.isfinite(wind)
    values, errors, days, wind = values[there], errors[there], days[there], wind[there]
    if len(values) < LEAST_TREND or len(np.unique(days)) < DAYS or np.ptp(wind) == 0.0:
        return None
    return _slope_over_days(wind, values, errors, days)


def _slope_over_days(at: np.ndarray, values: np.ndarray, errors: np.ndarray, days: np.ndarray) -> Trend:
    """Return a straight line's slope with an interval that holds differences between three or more days.

    Source: generalised least squares with a random intercept by day (Gelman et al. 2013, section 15.1).
    """
    from scipy.special import stdtrit

    names, day = np.unique(days, return_inverse=True)
    design = np.column_stack([np.ones(len(at)), at - np.mean(at)])
    left = values - design @ np.linalg.lstsq(design, values, rcond=None)[0]
    spread = learn(left, errors, days)
    between = 0.0 if spread.day is None else spread.day.scale
    covariance = np.diag(spread.jump.scale**2 + errors**2) + between**2 * (day[:, None] == day)
    weight = np.linalg.inv(covariance)
    of_fit = np.linalg.inv(design.T @ weight @ design)
    slope = float((of_fit @ design.T @ weight @ values)[1])
    reach = float(stdtrit(len(names) - 2, 0.975)) * float(of_fit[1, 1]) ** 0.5
    interval = Interval(slope - reach, slope + reach)
    return Trend(slope, interval, interval.low > 0.0 or interval.high < 0.0)
