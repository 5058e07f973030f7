"""Intervals against published examples, known truths over many repetitions, and exact solutions."""

import numpy as np
import pytest

from precipice.errors import InputError
from precipice.statistics import (
    jeffreys,
    looks,
    more_runs,
    one_sided,
    paired_difference,
    paired_mean_difference,
    quantile_interval,
    runs_needed,
    spent,
    spread_of_chance,
    two_sided,
)


def pairs(both: int, only_first: int, only_second: int, neither: int) -> tuple[np.ndarray, np.ndarray]:
    counts = [both, only_first, only_second, neither]
    return np.repeat([True, True, False, False], counts), np.repeat([True, False, True, False], counts)


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(9, 1.97e-4, 8.19e-4), (82, 3.13e-3, 4.88e-3)],
)
def test_clopper_pearson_of_the_kjerag_records(count: int, low: float, high: float) -> None:
    """9 deaths and 82 injuries in 20,850 jumps (Soreide, Ellingsen and Knutson 2007), two-sided 95 %."""
    found = two_sided(count, 20_850, 0.95)
    assert found.low == pytest.approx(low, abs=10.0 ** np.floor(np.log10(low)) * 5e-3)
    assert found.high == pytest.approx(high, abs=10.0 ** np.floor(np.log10(high)) * 5e-3)


def test_nothing_in_300_runs() -> None:
    """0 of 300: Clopper-Pearson 1.22 % two-sided, rule of three 1 % one-sided, Jeffreys 0.64 %."""
    assert two_sided(0, 300, 0.95).high == pytest.approx(0.0122, abs=5e-5)
    assert one_sided(0, 300, 0.95).high == pytest.approx(1.0 - 0.05 ** (1 / 300), rel=1e-12)
    assert one_sided(0, 300, 0.95).high == pytest.approx(0.01, rel=0.01)
    assert jeffreys(0, 300, 0.95).high == pytest.approx(0.0064, abs=5e-5)


def test_runs_that_show_a_small_chance() -> None:
    """ln 0.05 / ln(1 - p), rounded up: 2,995 runs without failure for 1e-3, 29,956 for 1e-4."""
    assert runs_needed(1e-3, 0.95) == 2995
    assert runs_needed(1e-4, 0.95) == 29956
    assert more_runs(0, 1000, 1e-3, 0.95) == 1995
    assert more_runs(0, 3000, 1e-3, 0.95) == 0


def test_more_runs_settle_it_either_way() -> None:
    more = more_runs(30, 10_000, 2e-3, 0.95)
    assert more == 0
    more = more_runs(11, 10_000, 1e-3, 0.95)
    assert more is not None
    low = one_sided(round(11 * (1 + more / 10_000)), 10_000 + more, 0.95).low
    assert low > 1e-3
    assert more_runs(10, 10_000, 1e-3, 0.95) is None


def test_clopper_pearson_covers_at_least_as_often_as_it_says() -> None:
    """Exact sums over the binomial distribution, no draws."""
    from scipy.stats import binom

    for runs in (20, 300):
        high = np.asarray([one_sided(k, runs, 0.95).high for k in range(runs + 1)])
        low = np.asarray([one_sided(k, runs, 0.95).low for k in range(runs + 1)])
        for chance in np.geomspace(1e-4, 0.5, 40):
            weights = binom.pmf(np.arange(runs + 1), runs, chance)
            assert weights[high >= chance].sum() >= 0.95
            assert weights[low <= chance].sum() >= 0.95


def test_paired_difference_of_a_published_table() -> None:
    """Airway hyper-responsiveness before and after transplantation, 1, 1, 7, 12 of 21 (Bentur 2009):
    0.286 with 0.026 to 0.507 by Newcombe's square-and-add (Fagerland, Lydersen and Laake 2014)."""
    difference, interval = paired_difference(*pairs(1, 1, 7, 12), 0.95)
    assert difference == pytest.approx(0.286, abs=5e-4)
    assert interval == pytest.approx((0.026, 0.507), abs=5e-4)


def test_paired_difference_covers() -> None:
    """2,000 pairs of campaigns with a known difference; four standard errors below 95 % is the floor."""
    random = np.random.default_rng(5)
    chances = [0.03, 0.02, 0.05, 0.90]
    covered, repeats = 0, 2000
    for _ in range(repeats):
        first, second = pairs(*random.multinomial(800, chances))
        _, (low, high) = paired_difference(first, second, 0.95)
        covered += low <= 0.03 <= high
    assert covered / repeats > 0.95 - 4.0 * (0.95 * 0.05 / repeats) ** 0.5


def test_paired_means_agree_with_scipy() -> None:
    from scipy.stats import ttest_rel

    random = np.random.default_rng(2)
    first = random.normal(size=50)
    second = first + random.normal(0.3, 0.5, size=50)
    difference, interval = paired_mean_difference(first, second, 0.9)
    told = ttest_rel(second, first).confidence_interval(0.9)
    assert difference == pytest.approx(np.mean(second - first))
    assert interval == pytest.approx((told.low, told.high))


def test_spending_is_of_the_obrien_fleming_type() -> None:
    """Cumulative 0.0000, 0.0004, 0.0038, 0.0122, 0.0250 at five looks (Lan and DeMets 1983; R's gsDesign)."""
    parts = spent((20, 40, 60, 80, 100), 0.025)
    assert np.cumsum(parts) == pytest.approx([0.0, 0.0004, 0.0038, 0.0122, 0.025], abs=5e-5)


def test_looks_are_fixed_beforehand() -> None:
    assert looks(2000, 32_000, 5) == (2000, 4000, 8000, 16_000, 32_000)
    assert looks(2000, 1000, 5) == (1000,)


def test_no_spread_is_told_where_luck_explains_it() -> None:
    """Of campaigns whose guesses all have one chance, about 5 % may seem to differ: the test's own level."""
    random = np.random.default_rng(3)
    runs = np.full(40, 128)
    told = [spread_of_chance(random.binomial(128, 0.1, size=40), runs, 0.9) for _ in range(200)]
    apart = sum(interval.low < interval.high for interval in told)
    assert apart <= 0.05 * 200 + 4.0 * (200 * 0.05 * 0.95) ** 0.5


def test_spread_of_a_known_beta() -> None:
    """Chances drawn from beta(2, 18): its 5th and 95th percentiles, within 15 % from 400 guesses."""
    from scipy.stats import beta

    random = np.random.default_rng(4)
    chances = random.beta(2.0, 18.0, size=400)
    found = spread_of_chance(random.binomial(128, chances), np.full(400, 128), 0.9)
    assert found == pytest.approx(beta(2, 18).ppf([0.05, 0.95]), rel=0.15)


def test_quantile_interval_covers() -> None:
    """The median of 30 exponential numbers, 2,000 times."""
    random = np.random.default_rng(6)
    covered, repeats = 0, 2000
    for _ in range(repeats):
        low, high = quantile_interval(np.sort(random.exponential(size=30)), 0.5, 0.95)
        covered += low <= np.log(2.0) <= high
    assert covered / repeats > 0.95 - 4.0 * (0.95 * 0.05 / repeats) ** 0.5


def test_quantile_beyond_a_small_sample_has_no_bound() -> None:
    assert quantile_interval(np.arange(10.0), 0.99, 0.95).high == np.inf


@pytest.mark.parametrize(("count", "runs", "confidence"), [(-1, 5, 0.95), (6, 5, 0.95), (1, 5, 1.0)])
def test_numbers_that_do_not_fit_are_refused(count: int, runs: int, confidence: float) -> None:
    with pytest.raises(InputError, match="must lie between"):
        one_sided(count, runs, confidence)
