"""Verdicts on tallies whose answer a textbook or exact counting gives."""

import numpy as np
import pytest

from precipice.risk.tally import Tally, tally
from precipice.risk.verdict import judge, overall
from precipice.scenario.criterion import Criterion
from precipice.statistics import Interval, looks, one_sided, spent


def accepted(chance: str = "0.1 %") -> Criterion:
    return Criterion(hazard="low throw", chance=chance, accepted_by="safety officer")


def counted(happened: int, runs: int, unresolved: int = 0) -> Tally:
    hits, known = np.zeros(runs, bool), np.ones(runs, bool)
    hits[:happened] = True
    known[runs - unresolved :] = False
    return tally(hits, known, 0.95)


def verdict(happened: int, runs: int, unresolved: int = 0, ignorance: tuple[float, float] | None = None):
    found = counted(happened, runs, unresolved)
    return judge(found, accepted(), Interval(*(ignorance or (found.chance, found.chance))), None)


def test_too_few_runs_without_a_failure() -> None:
    """2,995 runs without a failure show 1e-3 with 95 %; 2,994 do not."""
    assert verdict(0, 2995).word == "met"
    few = verdict(0, 2994)
    assert (few.word, few.more_runs) == ("not shown", 1)


def test_not_met_when_the_lower_bound_is_above() -> None:
    assert verdict(30, 10_000).word == "not met"


def test_unresolved_runs_count_as_failures_for_met() -> None:
    """The upper bound with 4 unresolved of 10,000 is that of 4 failures: 9.15e-4, exact; with 8: 1.44e-3."""
    assert counted(0, 10_000, 4).high == pytest.approx(9.15e-4, rel=1e-3)
    assert verdict(0, 10_000, 4).word == "met"
    assert counted(0, 10_000, 8).high == pytest.approx(1.443e-3, rel=1e-3)
    told = verdict(0, 10_000, 8)
    assert told.word == "not shown"
    assert "8 unresolved runs decide it" in told.why


def test_unresolved_runs_count_as_harmless_for_not_met() -> None:
    assert counted(20, 10_000, 100).low == one_sided(20, 10_000, 0.95).low
    assert verdict(20, 10_000, 100).word == "not met"


def test_met_needs_every_likely_guess_below_what_is_accepted() -> None:
    told = verdict(0, 10_000, ignorance=(0.0, 0.02))
    assert (told.word, told.rests_on_values) == ("not shown", True)
    told = verdict(100, 10_000, ignorance=(0.0, 0.02))
    assert (told.word, told.rests_on_values) == ("not met", True)


def test_the_worst_verdict_is_the_verdict() -> None:
    words = [verdict(0, 2995), verdict(0, 10), verdict(30, 10_000)]
    assert overall(words) == "not met"
    assert overall(words[:2]) == "not shown"
    assert overall(words[:1]) == "met"
    assert overall([]) == "no criterion"


def test_several_looks_err_no_more_often_than_one() -> None:
    """A hazard whose chance is just what is accepted is called met in at most 5 % of 4,000 campaigns."""
    random, repeats = np.random.default_rng(12), 4000
    numbers = looks(2000, 32_000, 5)
    shares = [part / 0.05 for part in spent(numbers, 0.05)]
    steps = np.diff(numbers, prepend=0)
    counts = np.cumsum(random.binomial(steps, 1e-3, size=(repeats, len(steps))), axis=1)
    met = np.zeros(repeats, bool)
    for k, runs in enumerate(numbers):
        words = {count: _word(int(count), runs, shares[k]) for count in np.unique(counts[:, k])}
        met |= np.asarray([words[count] == "met" for count in counts[:, k]])
    assert met.mean() <= 0.05 + 4.0 * (0.05 * 0.95 / repeats) ** 0.5
    # Looking at every one of them at the full 5 % errs oftener: the spending is not idle.
    naive = np.zeros(repeats, bool)
    for k, runs in enumerate(numbers):
        bound = {count: one_sided(int(count), runs, 0.95).high for count in np.unique(counts[:, k])}
        naive |= np.asarray([bound[count] <= 1e-3 for count in counts[:, k]])
    assert naive.mean() > 0.08


def _word(count: int, runs: int, share: float) -> str:
    chance = count / runs
    found = Tally(count, 0, runs, chance, 0.0, 1.0, 0.95)
    return judge(found, accepted(), Interval(chance, chance), share * 0.05).word
