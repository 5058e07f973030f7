"""What jumps of several days say about the next jump: mean, spread from jump to jump, spread from day to day.

A number of jump j on day i is m + d_i + e_ij, with d_i normal with standard deviation t, e_ij normal with s,
and measured with a known error. An error that the jumps of a day share, as of a wind aloft, looks like a
difference between days: it may be any share of what is told, and as far as the days leave that open it
is taken out of t. The mean is integrated in closed form, the two spreads on a grid: exact to the grid's step,
a few milliseconds, no sampler whose convergence somebody must judge.

Source: Gelman et al. 2013, Bayesian Data Analysis, section 5.4 (normal hierarchical model). Priors: flat for
the mean; Jeffreys' for the spread by jump behind a known error, s / (s^2 + error^2); for the spread by day,
which may be nothing, flat below the noise that hides it and one over the spread above,
1 / sqrt(t^2 + (s^2 + error^2) / jumps a day). Intervals of spreads are those of highest density, so that one
by day which may be nothing begins at zero. How often they hold: `python -m benchmarks.check_calibration`.
"""

from itertools import product
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from precipice.errors import InputError
from precipice.statistics import Interval

FEWEST = 3
"""Jumps that a spread needs."""
POINTS = 120
"""Of the grid, in each spread."""
CENTRAL = 0.9
"""Share of the predictive distribution that a normal with the told standard deviation reproduces."""


class Level(NamedTuple):
    """What is known of a mean or a spread.

    Attributes:
        middle: Posterior median.
        interval: Central for a mean, of highest density for a spread.
        scale: Standard deviation of the normal that has the same central 90 % as what it adds to the next
            jump: the mean's own uncertainty, or the spread with its uncertainty.
    """

    middle: float
    interval: Interval
    scale: float


class Posterior(NamedTuple):
    """What jumps say about the next one.

    Attributes:
        mean: Over jumps and days.
        jump: Spread from jump to jump within a day.
        day: Spread from day to day; None where all jumps are of one day.
        jumps: How many there were.
        days: On how many days.
    """

    mean: Level
    jump: Level
    day: Level | None
    jumps: int
    days: int

    @property
    def scale(self) -> float:
        """Standard deviation of the posterior predictive of a new jump on a new day."""
        day = 0.0 if self.day is None else self.day.scale
        return float(np.sqrt(self.mean.scale**2 + self.jump.scale**2 + day**2))


def learn(
    values: Float[np.ndarray, " n"],
    errors: Float[np.ndarray, " n"],
    days: np.ndarray,
    confidence: float = 0.95,
    doubt: float = 0.0,
    daily: float = 0.0,
) -> Posterior:
    """Return what measured jumps say about the next one.

    Args:
        values: One for each jump, `(n,)`.
        errors: Standard deviation of each measurement, `(n,)`.
        days: Day of each jump, anything that can be sorted, `(n,)`.
        confidence: Of the intervals, two-sided.
        doubt: Relative standard deviation of all errors together: by how much they may be stated too large or
            too small.
        daily: Largest standard deviation of an error that all measurements of a day share.

    Raises:
        InputError: With fewer than three jumps.
    """
    if len(values) < FEWEST:
        raise InputError(
            f"jumps must be {FEWEST} or more, but are {len(values)}: make more before calibrating"
        )
    names, day = np.unique(days, return_inverse=True)
    # Centred and scaled, so that one grid serves every quantity.
    middle, scale = float(np.mean(values)), float(np.std(values)) or max(float(np.mean(errors)), 1e-12)
    grid = _grid((values - middle) / scale, errors / scale, day, len(names), doubt, daily / scale)
    tail = 0.5 * (1.0 - confidence)
    levels = [_spread_level(grid.jump, grid.weight.sum(axis=(0, 2)), confidence, scale)]
    if len(names) > 1:
        levels.append(_spread_level(grid.day, grid.weight.sum(axis=(0, 1)), confidence, scale))
    mean = _mean_level(grid, tail)
    moved = Interval(middle + scale * mean.interval.low, middle + scale * mean.interval.high)
    told = Level(middle + scale * mean.middle, moved, scale * mean.scale)
    return Posterior(told, levels[0], levels[1] if len(levels) > 1 else None, len(values), len(names))


class _Grid(NamedTuple):
    """Posterior over both spreads and the scale of the errors.

    Attributes:
        jump: Values of the spread from jump to jump, `(a,)`.
        day: Values of the spread from day to day, `(b,)`.
        weight: Share of each combination, adds up to 1, `(e, a, b)`; e counts scales of both kinds of error.
        mean: Of the mean, given all, `(e, a, b)`.
        deviation: Of the mean, given all, `(e, a, b)`.
    """

    jump: np.ndarray
    day: np.ndarray
    weight: np.ndarray
    mean: np.ndarray
    deviation: np.ndarray


SCALES = ((1.0, 0.0),), ((1 / 6, -(3.0**0.5)), (2 / 3, 0.0), (1 / 6, 3.0**0.5))
"""Weights and places, in deviations, at which the scale of the errors is tried: without and with doubt.
Source: Gauss-Hermite quadrature of three points, exact for polynomials up to the fifth degree."""

SHARES = ((1.0, 0.0),), ((1 / 3, 0.0), (1 / 3, 0.5), (1 / 3, 1.0))
"""Weights and places at which the share of the day's error is tried, without and with one.

None of it, half of it and all of it are each as likely as the others.
"""


def _grid(
    values: np.ndarray, errors: np.ndarray, day: np.ndarray, days: int, doubt: float, daily: float
) -> _Grid:
    jump = np.geomspace(0.01, 10.0, POINTS)
    between = np.geomspace(1e-3, 100.0, POINTS) if days > 1 else np.array([1e-9])
    parts = []
    for (share, place), (other, part) in product(SCALES[doubt > 0.0], SHARES[daily > 0.0]):
        stated = errors * np.exp(doubt * place)
        log, mean, deviation = _one_scale(values, stated, day, days, jump, between, part * daily)
        parts.append((log + np.log(share * other), mean, deviation))
    log, mean, deviation = (np.stack(tables) for tables in zip(*parts, strict=True))
    weight = np.exp(log - log.max())
    return _Grid(jump, between, weight / weight.sum(), mean, deviation)


def _one_scale(
    values: np.ndarray,
    errors: np.ndarray,
    day: np.ndarray,
    days: int,
    jump: np.ndarray,
    between: np.ndarray,
    daily: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the logarithm of the posterior, and mean and deviation of the mean, each `(a, b)`."""
    variance = jump[:, None] ** 2 + errors**2 + 1e-12
    a, b, c, logs = (
        np.stack([np.bincount(day, row, days) for row in table])
        for table in (1.0 / variance, values / variance, values**2 / variance, np.log(variance))
    )
    # Axes: spread of jumps, spread of days, day.
    shrink = 1.0 + (between[:, None] ** 2 + daily**2) * a[:, None, :]
    weight, centre = a[:, None, :] / shrink, (b / a)[:, None, :]
    total = weight.sum(axis=2)
    mean = (weight * centre).sum(axis=2) / total
    left = (weight * (centre - mean[:, :, None]) ** 2).sum(axis=2) + (c - b * b / a).sum(axis=1)[:, None]
    log = -0.5 * (left + logs.sum(axis=1)[:, None] + np.log(shrink).sum(axis=2) + np.log(total))
    noise, each = float(np.mean(errors**2)), len(values) / days
    # On a grid of logarithms a density is the one of the spread times the spread.
    log += np.log(jump**2 / (jump**2 + noise + 1e-12))[:, None]
    if days > 1:
        below = (jump[:, None] ** 2 + noise) / each + daily**2
        log += np.log(between / np.sqrt(between**2 + below))
    return log, mean, total**-0.5


def _quantile(at: np.ndarray, share: np.ndarray, level: float) -> float:
    """Return a quantile of a distribution on a grid of logarithms."""
    summed = np.concatenate([[0.0], np.cumsum(share)])
    edges = np.concatenate([[at[0]], np.sqrt(at[1:] * at[:-1]), [at[-1]]])
    return float(np.exp(np.interp(level, summed / summed[-1], np.log(edges))))


def _spread_level(at: np.ndarray, share: np.ndarray, confidence: float, scale: float) -> Level:
    middle = scale * _quantile(at, share, 0.5)
    low, high = (scale * end for end in _densest(at, share, confidence))
    reach = _mixture_quantile(np.zeros_like(at), at, share, 0.5 * (1.0 + CENTRAL))
    return Level(middle, Interval(low, high), scale * reach / _normal_quantile(0.5 * (1.0 + CENTRAL)))


def _densest(at: np.ndarray, share: np.ndarray, confidence: float) -> tuple[float, float]:
    """Return the ends of the interval of highest density of a spread; from 0 where that is in it."""
    order = np.argsort(-share / at, kind="stable")
    count = int(np.searchsorted(np.cumsum(share[order]) / share.sum(), confidence)) + 1
    chosen = order[:count]
    step = float(np.sqrt(at[1] / at[0]))
    low = 0.0 if chosen.min() == 0 else float(at[chosen.min()]) / step
    return low, float(at[chosen.max()]) * step


def _mean_level(grid: _Grid, tail: float) -> Level:
    keep = grid.weight > 1e-9
    mean, deviation, share = grid.mean[keep], grid.deviation[keep], grid.weight[keep]
    levels = (tail, 0.5, 1.0 - tail, 0.5 * (1.0 - CENTRAL), 0.5 * (1.0 + CENTRAL))
    low, middle, high, *ends = (_mixture_quantile(mean, deviation, share, level) for level in levels)
    scale = (ends[1] - ends[0]) / (2.0 * _normal_quantile(0.5 * (1.0 + CENTRAL)))
    return Level(middle, Interval(low, high), scale)


def _normal_quantile(level: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(level))


def _mixture_quantile(mean: np.ndarray, deviation: np.ndarray, share: np.ndarray, level: float) -> float:
    """Return a quantile of a mixture of normals, to 1e-12 of the widest."""
    from scipy.optimize import root_scalar
    from scipy.special import ndtr

    share = share / share.sum()
    # The mixture's quantile lies between the least and the greatest of its parts'.
    each = mean + _normal_quantile(level) * deviation
    low, high = float(each.min()), float(each.max())
    precision = 1e-12 * float(deviation.max())
    if high - low <= precision:
        return low

    def beyond(at: float) -> float:
        return float(share @ ndtr((at - mean) / deviation)) - level

    if beyond(low) >= 0.0:
        return low
    if beyond(high) <= 0.0:
        return high
    return float(root_scalar(beyond, bracket=(low, high), method="brentq", xtol=precision).root)
