"""What drives a hazard: how much of it each field explains, and where its chance goes when a field moves.

Both are estimated from the campaign's own runs, so they stay right when fields hang together: a field then
answers for what moves with it, too.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from precipice.statistics import Interval

BINS = 20
"""Parts of equal size into which a field's values are put."""
BLOCKS = 20
"""Parts of a campaign that are left out one by one, to see how sure an estimate is."""
FEW = 200
"""Runs below which nothing is said about drivers."""


class Driver(NamedTuple):
    """How a field drives a hazard.

    Attributes:
        field: Dotted path of the scenario, or `luck.` and a malfunction.
        share: Of the variance of what is explained that goes with the field, 0 to 1.
        share_interval: 95 %.
        margin_share: The same of the hazard's margin; None where it has none.
        margin_interval: 95 %; None where it has none.
        lower: Chance of the hazard when the field's distribution is one standard deviation lower.
        higher: When it is one higher.
        lower_interval: 95 %.
        higher_interval: 95 %.
    """

    field: str
    share: float
    share_interval: Interval
    margin_share: float | None
    margin_interval: Interval | None
    lower: float
    higher: float
    lower_interval: Interval
    higher_interval: Interval

    @property
    def shown(self) -> bool:
        """Whether the runs show that the chance moves with the field, rather than by luck."""
        return self.lower_interval.high < self.higher_interval.low or (
            self.higher_interval.high < self.lower_interval.low
        )


class Sorted(NamedTuple):
    """A field's values in many runs, put into bins; made once for all hazards.

    Attributes:
        bins: Of each run, `(n,)`.
        size: How many bins there are.
        normal: Standard normal number of the same rank, `(n,)`.
    """

    bins: np.ndarray
    size: int
    normal: np.ndarray


def sort_fields(values: Mapping[str, np.ndarray]) -> dict[str, Sorted]:
    """Return the fields that differ from run to run, put into bins.

    Args:
        values: Of each field in every run, each `(n,)`.
    """
    return {path: _sort(column) for path, column in values.items() if np.any(column != column[0])}


def _sort(column: np.ndarray) -> Sorted:
    from scipy.special import ndtri
    from scipy.stats import rankdata

    known, inverse = np.unique(column, return_inverse=True)
    # Those alike get their middle rank: a malfunction that happens or does not has two values.
    normal = np.asarray(ndtri((rankdata(column) - 0.5) / len(column)))
    if len(known) <= BINS:
        return Sorted(inverse, len(known), normal)
    edges = np.quantile(column, np.linspace(0.0, 1.0, BINS + 1)[1:-1])
    return Sorted(np.searchsorted(edges, column, side="right"), BINS, normal)


def find_drivers(fields: Mapping[str, Sorted], happened: np.ndarray, margin: np.ndarray) -> list[Driver]:
    """Return how each field drives a hazard, the strongest first.

    Args:
        fields: From `sort_fields`.
        happened: Whether the hazard did, `(n,)`.
        margin: What was left before it, NaN where nothing is known, `(n,)`.

    Returns:
        Nothing where there are too few runs, or the hazard never or always happened.

    Source: main effects from given data by binning (Plischke, Borgonovo and Smith 2013), with the bias of
    few runs in a bin taken out (Kelley's epsilon squared, 1935); intervals by a delete-a-block jackknife.
    """
    if len(happened) < FEW or np.all(happened) or not np.any(happened):
        return []
    known = np.isfinite(margin)
    measured = int(known.sum()) >= FEW and float(np.ptp(margin[known])) > 0.0
    found = [
        _driver(path, field, happened.astype(float), margin if measured else None)
        for path, field in fields.items()
    ]
    return sorted(found, key=lambda driver: -_pull(driver))


def _pull(driver: Driver) -> float:
    """Return how far a field moves the chance, as a factor."""
    low, high = (max(chance, 1e-12) for chance in (driver.lower, driver.higher))
    # What the runs do not show comes after all that they do.
    return abs(float(np.log(high / low))) * (1.0 if driver.shown else 1e-6)


def _driver(path: str, field: Sorted, happened: np.ndarray, margin: np.ndarray | None) -> Driver:
    share, share_interval = _explained(field, happened)
    lower, lower_interval = _shifted(field, happened, -1.0)
    higher, higher_interval = _shifted(field, happened, 1.0)
    margin_share, margin_interval = (None, None) if margin is None else _explained(field, margin)
    return Driver(
        path,
        share,
        share_interval,
        margin_share,
        margin_interval,
        lower,
        higher,
        lower_interval,
        higher_interval,
    )


def _blocks(count: int) -> np.ndarray:
    """Return which block each run is in, `(n,)`."""
    return np.arange(count) % BLOCKS


def _explained(field: Sorted, what: np.ndarray) -> tuple[float, Interval]:
    """Return which share of the variance goes with a field, and its 95 % interval."""
    known = np.isfinite(what)
    value = what[known] - np.mean(what[known])
    place = field.bins[known] * BLOCKS + _blocks(len(what))[known]
    size = field.size * BLOCKS
    counts, sums, squares = (
        np.bincount(place, weights=weights, minlength=size).reshape(field.size, BLOCKS)
        for weights in (np.ones(len(value)), value, value * value)
    )
    whole = _epsilon_squared(counts.sum(1), sums.sum(1), float(squares.sum()))
    left_out = [
        _epsilon_squared(
            counts.sum(1) - counts[:, k], sums.sum(1) - sums[:, k], float(squares.sum() - squares[:, k].sum())
        )
        for k in range(BLOCKS)
    ]
    interval = _jackknife(whole, np.asarray(left_out))
    low, high = (min(max(end, 0.0), 1.0) for end in interval)
    return min(max(whole, 0.0), 1.0), Interval(low, high)


def _epsilon_squared(counts: np.ndarray, sums: np.ndarray, squares: float) -> float:
    used = counts > 0
    number, total = float(counts.sum()), float(sums.sum())
    all_squares = squares - total**2 / number
    between = float(np.sum(sums[used] ** 2 / counts[used])) - total**2 / number
    groups = int(used.sum())
    if all_squares <= 0.0 or number <= groups:
        return 0.0
    within = (all_squares - between) / (number - groups)
    return (between - (groups - 1) * within) / all_squares


def _shifted(field: Sorted, happened: np.ndarray, by: float) -> tuple[float, Interval]:
    """Return the chance when the field's normal numbers are higher, by weighting the runs, with 95 %.

    Source: importance weights of a shifted normal, exp(b z - b^2 / 2).
    """
    weights = np.exp(by * field.normal - 0.5 * by * by)
    block = _blocks(len(happened))
    top, bottom = (
        np.bincount(block, weights=part, minlength=BLOCKS) for part in (weights * happened, weights)
    )
    whole = float(top.sum() / bottom.sum())
    left_out = (top.sum() - top) / (bottom.sum() - bottom)
    low, high = _jackknife(whole, left_out)
    return whole, Interval(max(low, 0.0), min(high, 1.0))


def _jackknife(whole: float, left_out: np.ndarray) -> Interval:
    """Return the 95 % interval of an estimate from what it is without each block; Student's t."""
    from scipy.special import stdtrit

    spread = np.sqrt((BLOCKS - 1) / BLOCKS * float(np.sum((left_out - np.mean(left_out)) ** 2)))
    reach = float(stdtrit(BLOCKS - 1, 0.975)) * float(spread)
    return Interval(whole - reach, whole + reach)
