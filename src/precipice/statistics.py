"""Intervals: how sure a count, a difference, or a spread of chances is. See docs/statistics.md."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from precipice.errors import InputError

MOST_RUNS = 10**9
"""Runs above which "how many more" is answered by "none": the chance is what is accepted."""


class Interval(NamedTuple):
    """Two bounds."""

    low: float
    high: float


def one_sided(count: int, runs: int, confidence: float) -> Interval:
    """Return Clopper-Pearson bounds of a chance, of which each alone has the confidence.

    Args:
        count: Runs in which it happened.
        runs: All runs; without any, nothing is known.
        confidence: Of each bound, such as 0.95.

    Raises:
        InputError: When the numbers do not fit each other.

    Source: Clopper and Pearson 1934; quantiles of the beta distribution. Conservative: it covers at least
    as often as it says.
    """
    from scipy.special import betaincinv

    _check(count, runs, confidence)
    if runs == 0:
        return Interval(0.0, 1.0)
    low = float(betaincinv(count, runs - count + 1, 1.0 - confidence)) if count else 0.0
    high = float(betaincinv(count + 1, runs - count, confidence)) if count < runs else 1.0
    return Interval(low, high)


def two_sided(count: int, runs: int, confidence: float) -> Interval:
    """Return the Clopper-Pearson interval of a chance with equal tails; see `one_sided`."""
    return one_sided(count, runs, 0.5 * (1.0 + confidence))


def jeffreys(count: int, runs: int, confidence: float) -> Interval:
    """Return bounds of a chance after Jeffreys' prior Beta(1/2, 1/2), each alone with the confidence.

    Args:
        count: Runs in which it happened.
        runs: All runs.
        confidence: Of each bound.

    Raises:
        InputError: When the numbers do not fit each other.

    Source: Brown, Cai and DasGupta 2001, section 3.1.
    """
    from scipy.special import betaincinv

    _check(count, runs, confidence)
    first, second = count + 0.5, runs - count + 0.5
    low = float(betaincinv(first, second, 1.0 - confidence)) if count else 0.0
    high = float(betaincinv(first, second, confidence)) if count < runs or runs == 0 else 1.0
    return Interval(low, high)


def _check(count: int, runs: int, confidence: float) -> None:
    if not 0 <= count <= runs:
        raise InputError(f"count must lie between 0 and the {runs} runs, but is {count}: count runs once")
    if not 0.0 < confidence < 1.0:
        raise InputError(f"confidence must lie between 0 and 1, but is {confidence}: write such as 0.95")


def runs_needed(limit: float, confidence: float, failures: int = 0) -> int:
    """Return the fewest runs, so many of them failures, whose upper bound is not above a limit.

    Args:
        limit: Accepted chance.
        confidence: One-sided.
        failures: That happen in them.

    Raises:
        InputError: When limit or confidence are no chances.
    """
    if not 0.0 < limit < 1.0:
        raise InputError(f"limit must lie between 0 and 1, but is {limit}: write such as 0.001")
    few, many = failures, max(2 * failures, 1)
    while one_sided(failures, many, confidence).high > limit:
        few, many = many, 2 * many
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (middle, many) if one_sided(failures, middle, confidence).high > limit else (few, middle)
    return many


def more_runs(count: int, runs: int, limit: float, confidence: float) -> int | None:
    """Return how many more runs would settle a criterion if the share stays what it is.

    Args:
        count: Runs in which it happened.
        runs: All runs.
        limit: Accepted chance.
        confidence: One-sided.

    Returns:
        0 when it is settled; None where share and limit are so near that `MOST_RUNS` would not do.
    """
    if runs == 0:
        return runs_needed(limit, confidence)

    def settled(total: int) -> bool:
        happened = round(count * (total / runs))
        bounds = one_sided(happened, total, confidence)
        return bounds.high <= limit or bounds.low > limit

    few, many = runs, runs
    while not settled(many):
        few, many = many, 2 * many
        if many > MOST_RUNS:
            return None
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if settled(middle) else (middle, many)
    return many - runs


def looks(first: int, last: int, count: int = 5) -> tuple[int, ...]:
    """Return the numbers of runs at which one looks, fixed beforehand: each the same factor above the last.

    Args:
        first: Look.
        last: Look.
        count: Of looks.
    """
    if last <= first or count < 2:
        return (last,)
    found = {round(first * (last / first) ** (k / (count - 1))) for k in range(count)}
    return tuple(sorted(found | {last}))


def spent(numbers: Sequence[int], alpha: float) -> tuple[float, ...]:
    """Return the chance of a wrong answer that each look may spend; they add up to all of it.

    The chance that any look errs is at most the sum of theirs, whatever the looks have in common: with
    bounds at 1 minus what a look spends, looking several times errs no more often than `alpha`.

    Args:
        numbers: Of runs at the looks, rising.
        alpha: Chance of a wrong answer over all looks, one-sided.

    Source: Lan and DeMets 1983, spending function of the O'Brien-Fleming type,
    2 - 2 Phi(z(1 - alpha / 2) / sqrt(share of the runs)).
    """
    from scipy.special import ndtr, ndtri

    share = np.asarray(numbers, float) / numbers[-1]
    whole = min(alpha, 1.0 - 1e-12)
    total = 2.0 - 2.0 * np.asarray(ndtr(ndtri(1.0 - 0.5 * whole) / np.sqrt(share)))
    # The last look spends what is left, to the last digit.
    total[-1] = alpha
    return tuple(float(part) for part in np.diff(total, prepend=0.0))


def paired_difference(first: np.ndarray, second: np.ndarray, confidence: float) -> tuple[float, Interval]:
    """Return how much likelier something is in the second of two campaigns on the same draws.

    Args:
        first: Whether it happened, `(n,)`.
        second: The same draws in the other campaign, `(n,)`.
        confidence: Of the two-sided interval.

    Returns:
        Difference of the chances, second minus first, and its interval.

    Raises:
        InputError: When the campaigns differ in length or are empty.

    Source: Newcombe 1998, Statistics in Medicine 17:2635, method 10: Wilson scores of both chances, with
    the correlation of the pairs.
    """
    from scipy.special import ndtri

    if len(first) != len(second) or not len(first):
        raise InputError(
            f"pairs must be of the same runs, but there are {len(first)} and {len(second)}: fly both alike"
        )
    both, n = int(np.sum(first & second)), len(first)
    only_first, only_second = int(np.sum(first)) - both, int(np.sum(second)) - both
    neither = n - both - only_first - only_second
    z = float(ndtri(0.5 * (1.0 + confidence)))
    p1, p2 = (both + only_first) / n, (both + only_second) / n
    low1, high1 = _wilson(p1, n, z)
    low2, high2 = _wilson(p2, n, z)
    phi = _correlation(both, only_first, only_second, neither)
    difference = p2 - p1
    below = (p2 - low2) ** 2 - 2.0 * phi * (p2 - low2) * (high1 - p1) + (high1 - p1) ** 2
    above = (high2 - p2) ** 2 - 2.0 * phi * (high2 - p2) * (p1 - low1) + (p1 - low1) ** 2
    return difference, Interval(difference - max(below, 0.0) ** 0.5, difference + max(above, 0.0) ** 0.5)


def _wilson(share: float, n: int, z: float) -> Interval:
    middle = (share + z * z / (2 * n)) / (1.0 + z * z / n)
    reach = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)) ** 0.5 / (1.0 + z * z / n)
    return Interval(middle - reach, middle + reach)


def _correlation(both: int, only_first: int, only_second: int, neither: int) -> float:
    """Return the correlation of the pairs, less half a pair where it is positive; 0 in an empty margin."""
    margins = (both + only_first) * (only_second + neither) * (both + only_second) * (only_first + neither)
    if margins == 0:
        return 0.0
    n = both + only_first + only_second + neither
    excess = both * neither - only_first * only_second
    if excess > 0:
        excess = max(excess - 0.5 * n, 0.0)
    return excess / margins**0.5


def paired_mean_difference(
    first: np.ndarray, second: np.ndarray, confidence: float
) -> tuple[float, Interval]:
    """Return how much larger a number is in the second of two campaigns on the same draws.

    Args:
        first: `(n,)`; pairs with anything not finite are left out.
        second: `(n,)`.
        confidence: Of the two-sided interval.

    Returns:
        Mean difference and its interval; NaN without two pairs.

    Source: Student's t of the differences.
    """
    from scipy.special import stdtrit

    apart = np.asarray(second, float) - np.asarray(first, float)
    apart = apart[np.isfinite(apart)]
    if len(apart) < 2:
        return float("nan"), Interval(float("nan"), float("nan"))
    middle = float(np.mean(apart))
    error = float(np.std(apart, ddof=1)) / len(apart) ** 0.5
    reach = float(stdtrit(len(apart) - 1, 0.5 * (1.0 + confidence))) * error
    return middle, Interval(middle - reach, middle + reach)


def spread_of_chance(counts: np.ndarray, runs: np.ndarray, confidence: float) -> Interval:
    """Return between which bounds a chance lies over guesses at what nobody knows.

    Each guess was flown so many times; the noise of so few runs is taken out: the chances are taken for
    beta distributed, which may be U-shaped where a hazard comes at some guesses always and at others never.

    Args:
        counts: Runs in which it happened, by guess, `(k,)`.
        runs: Of each guess, `(k,)`; guesses without runs are left out.
        confidence: Share of the guesses between the bounds, such as 0.9.

    Returns:
        Quantiles of the chance; both the same where the guesses differ no more than luck explains.

    Source: maximum likelihood of the beta-binomial distribution (Skellam 1948); no spread is told unless the
    likelihood ratio to a common chance is beyond the 95th percentile of its boundary distribution
    (Self and Liang 1987).
    """
    from scipy.optimize import minimize
    from scipy.special import betaincinv, betaln, psi

    counts, runs = np.asarray(counts, float), np.asarray(runs, float)
    counts, runs = counts[runs > 0], runs[runs > 0]
    whole = float(counts.sum() / runs.sum()) if runs.sum() else float("nan")
    if not 0.0 < whole < 1.0:
        return Interval(whole, whole)

    def cost(at: np.ndarray) -> tuple[float, np.ndarray]:
        mean, size = 1.0 / (1.0 + np.exp(-at[0])), np.exp(at[1])
        a, b = mean * size, (1.0 - mean) * size
        both = np.sum(psi(size) - psi(runs + size))
        by_a, by_b = np.sum(psi(counts + a) - psi(a)) + both, np.sum(psi(runs - counts + b) - psi(b)) + both
        likelihood = float(np.sum(betaln(counts + a, runs - counts + b) - betaln(a, b)))
        return -likelihood, -np.array([a * (1.0 - mean) * (by_a - by_b), a * by_a + b * by_b])

    odds = float(np.log(whole / (1.0 - whole)))
    bounds = [(odds - 8.0, odds + 8.0), (-6.0, 14.0)]
    fits = [
        minimize(cost, [odds, size], jac=True, method="L-BFGS-B", bounds=bounds) for size in (-1.0, 2.0, 6.0)
    ]
    best = min(fits, key=lambda fit: fit.fun)
    common = -float(np.sum(counts * np.log(whole) + (runs - counts) * np.log1p(-whole)))
    if 2.0 * (common - best.fun) < 2.71:
        return Interval(whole, whole)
    mean, size = 1.0 / (1.0 + np.exp(-best.x[0])), np.exp(best.x[1])
    tail = 0.5 * (1.0 - confidence)
    low, high = (float(betaincinv(mean * size, (1.0 - mean) * size, q)) for q in (tail, 1.0 - tail))
    return Interval(low, high)


def quantile_interval(ordered: np.ndarray, level: float, confidence: float) -> Interval:
    """Return an interval of a quantile that holds for any distribution.

    Args:
        ordered: Sample in rising order, `(n,)`.
        level: Of the quantile, 0 to 1.
        confidence: Two-sided, at least.

    Returns:
        Two values of the sample; infinite where the sample is too small for a bound.

    Source: David and Nagaraja 2003, section 7.1: order statistics by the binomial distribution.
    """
    from scipy.stats import binom

    n, tail = len(ordered), 0.5 * (1.0 - confidence)
    first = int(binom.ppf(tail, n, level))
    if binom.cdf(first - 1, n, level) > tail or first == 0:
        first -= 1
    last = int(binom.ppf(1.0 - tail, n, level))
    low = float(ordered[first - 1]) if first >= 1 else float("-inf")
    high = float(ordered[last]) if last < n else float("inf")
    return Interval(low, high)
