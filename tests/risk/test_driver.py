"""Drivers against exact variances and tails of functions that are known in closed form."""

import numpy as np
import pytest
from scipy.stats import norm

from precipice.risk.driver import find_drivers, sort_fields

RUNS = 20_000


@pytest.fixture(scope="module")
def sample() -> dict[str, np.ndarray]:
    random = np.random.default_rng(8)
    return {name: random.normal(size=RUNS) for name in ("a", "b", "idle")}


def found(sample, margin, happened):
    return {driver.field: driver for driver in find_drivers(sort_fields(sample), happened, margin)}


def test_shares_of_a_linear_margin_are_its_squared_weights(sample) -> None:
    """Var(2a + b) = 4 + 1: first-order indices 0.8, 0.2 and 0; twenty bins hold 0.99 of it."""
    margin = 2.0 * sample["a"] + sample["b"]
    drivers = found(sample, margin, margin < -4.0)
    for field, exact in (("a", 0.8), ("b", 0.2), ("idle", 0.0)):
        assert drivers[field].margin_share == pytest.approx(exact, abs=0.02)
    assert drivers["a"].margin_interval.low > 0.7
    assert drivers["idle"].margin_interval.low == 0.0


def test_ishigami(sample) -> None:
    """First-order indices 0.3139, 0.4424, 0 of the function of Ishigami and Homma (1990), a = 7, b = 0.1."""
    random = np.random.default_rng(9)
    x = {name: random.uniform(-np.pi, np.pi, size=RUNS) for name in ("x1", "x2", "x3")}
    margin = np.sin(x["x1"]) + 7.0 * np.sin(x["x2"]) ** 2 + 0.1 * x["x3"] ** 4 * np.sin(x["x1"])
    drivers = found(x, margin, margin < -3.0)
    for field, exact in (("x1", 0.3139), ("x2", 0.4424), ("x3", 0.0)):
        assert drivers[field].margin_share == pytest.approx(exact, abs=0.02)


def test_chance_with_a_field_shifted(sample) -> None:
    """a + b < -3 with a's mean one lower or higher has the chance Phi(-2/sqrt 2) or Phi(-4/sqrt 2)."""
    margin = sample["a"] + sample["b"] + 3.0
    drivers = found(sample, margin, margin < 0.0)
    lower, higher = (float(norm.cdf(x / 2**0.5)) for x in (-2.0, -4.0))
    assert drivers["a"].lower_interval.low <= lower <= drivers["a"].lower_interval.high
    assert drivers["a"].higher == pytest.approx(higher, abs=0.002)
    assert drivers["a"].shown
    assert not drivers["idle"].shown


def test_intervals_cover_the_truth() -> None:
    """Of 200 campaigns of 2,000 runs, the 95 % interval of a shifted chance holds it in 90 % or more."""
    random, inside = np.random.default_rng(10), 0
    truth = float(norm.cdf(-1.0 / 2**0.5))
    for _ in range(200):
        sample = {name: random.normal(size=2000) for name in ("a", "b")}
        margin = sample["a"] + sample["b"] + 2.0
        interval = found(sample, margin, margin < 0.0)["a"].lower_interval
        inside += interval.low <= truth <= interval.high
    assert inside >= 180


def test_correlated_fields_answer_for_each_other() -> None:
    """With correlation r, a field that does nothing itself explains r^2 of one that does everything."""
    random = np.random.default_rng(11)
    cause = random.normal(size=RUNS)
    shadow = 0.8 * cause + 0.6 * random.normal(size=RUNS)
    drivers = found({"cause": cause, "shadow": shadow}, cause, cause < -1.0)
    assert drivers["shadow"].margin_share == pytest.approx(0.64, abs=0.02)


def test_a_switch_drives_by_its_chance() -> None:
    random = np.random.default_rng(13)
    came = random.random(RUNS) < 0.1
    happened = came & (random.random(RUNS) < 0.5)
    (driver,) = find_drivers(
        sort_fields({"luck.line_over": came.astype(float)}), happened, np.full(RUNS, np.nan)
    )
    assert driver.higher > driver.lower
    assert driver.shown


def test_nothing_is_said_of_too_few_or_without_a_hazard(sample) -> None:
    few = {name: column[:50] for name, column in sample.items()}
    assert find_drivers(sort_fields(few), np.arange(50) < 9, np.arange(50.0)) == []
    assert find_drivers(sort_fields(sample), np.zeros(RUNS, bool), np.zeros(RUNS)) == []
