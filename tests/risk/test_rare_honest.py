"""What rare events say when no number can be believed: never a number. Chances here are exact by design."""

import numpy as np
import pytest
from jaxtyping import Float
from scipy.stats import norm

from precipice.errors import InputError
from precipice.risk.rare_count import Effort
from precipice.risk.rare_estimate import Estimate, estimate_rare
from precipice.risk.rare_interval import relative_error, replicate_interval
from precipice.risk.rare_score import AbstractScore, Stratum

QUICK = Effort(chains=100)


class Made(AbstractScore):
    """A score made of one function of the first two numbers."""

    def __init__(self, function):
        self.function = function

    @property
    def dimensions(self) -> int:
        return 2

    def __call__(self, normals: Float[np.ndarray, "n d"]) -> Float[np.ndarray, " n"]:
        return np.asarray(self.function(normals[:, 0], normals[:, 1]), float)


def estimate(function, effort: Effort = QUICK, seed: int = 1) -> Estimate:
    return estimate_rare([Stratum("all", 1.0, Made(function))], seed, effort)


def tells_nothing(found: Estimate) -> bool:
    numbers = (found.chance, found.low, found.high, found.high_resolved, found.relative_error)
    told = [*numbers, *(case.chance for case in found.cases)]
    return found.word == "not resolved" and found.why != "" and all(x is None for x in told)


def test_runs_that_never_come_near() -> None:
    found = estimate(lambda x, y: np.full_like(x, np.inf))
    assert tells_nothing(found)
    assert "none of" in found.why


def test_margin_that_stops_short_of_the_event() -> None:
    """Everything beyond two standard deviations has the margin 1: nothing leads on to the event at 6."""
    found = estimate(lambda x, y: np.where(x > 6.0, -1.0, np.maximum(3.0 - x, 1.0)))
    assert tells_nothing(found)
    assert "no run had a margin below 1, and many had just that" in found.why


def test_margin_that_leads_elsewhere() -> None:
    """It falls with y, and the event needs x: what few runs find it by luck differ too much."""
    found = estimate(lambda x, y: np.where((x > 3.7) & (y > 2.0), -1.0, np.exp(-y)))
    assert tells_nothing(found)


def test_event_rarer_than_anybody_asks() -> None:
    found = estimate(lambda x, y: 9.0 - x)
    assert (found.word, found.chance, found.low) == ("below", None, 0.0)
    assert found.high is not None
    assert norm.sf(9.0) < 1e-9 <= found.high < 2e-9


def test_step_before_the_event_does_no_harm() -> None:
    """A body touches ground with its centre a metre up: the margin goes on to 1 and then jumps."""
    found = estimate(lambda x, y: np.where(x > 3.0, -1.0, 4.0 - x))
    assert found.word == "resolved"
    assert found.low is not None
    assert found.high is not None
    assert found.low < norm.sf(3.0) < found.high


def test_common_event_without_any_margin_is_counted() -> None:
    """1 in 44 happens often enough: its interval is that of counting."""
    found = estimate(lambda x, y: np.where(x > 2.0, -1.0, np.inf))
    assert found.word == "resolved"
    assert found.chance == pytest.approx(norm.sf(2.0), rel=4.0 / np.sqrt(5000 * norm.sf(2.0)))


def test_case_that_may_hide_more_than_is_found() -> None:
    """Half of the runs never come near: their part could be larger than the chance that the others show."""
    strata = [
        Stratum("falls", 0.5, Made(lambda x, y: 4.5 - x)),
        Stratum("silent", 0.5, Made(lambda x, y: np.full_like(x, np.inf))),
    ]
    found = estimate_rare(strata, 1, QUICK)
    assert tells_nothing(found)
    assert "'silent'" in found.why


def test_small_silent_case_raises_the_upper_end() -> None:
    silent = Made(lambda x, y: np.full_like(x, np.inf))
    falls = Made(lambda x, y: 3.0 - x)
    whole = estimate_rare([Stratum("falls", 1.0, falls)], 1, QUICK)
    split = estimate_rare([Stratum("falls", 0.999, falls), Stratum("silent", 0.001, silent)], 1, QUICK)
    assert split.word == whole.word == "resolved"
    assert whole.high is not None
    assert split.high is not None
    # The rule of three for ten times 125 runs of the case that matters less.
    assert split.high == pytest.approx(0.999 * whole.high + 0.001 * 3.0 / 1250, rel=1e-9)


def test_unresolved_runs_count_both_ways() -> None:
    """1 in 740 runs cannot be told, far from the event of 1 in 31,600: the upper end holds them."""
    found = estimate(lambda x, y: np.where(y < -3.0, np.nan, 4.0 - x))
    assert found.unresolved > 0
    assert found.low is not None
    assert found.high is not None
    assert found.high_resolved is not None
    assert found.low < norm.sf(4.0) < found.high_resolved
    assert found.high > norm.sf(3.0)


def test_replicates_without_any_event() -> None:
    interval = replicate_interval(np.zeros(10), 1e-4, 0.95)
    assert interval == (0.0, 0.0, 1e-4)
    assert relative_error(np.zeros(10)) is None


def test_interval_of_replicates_is_students_when_they_agree() -> None:
    """Of 1 +- 0.01 in ten: t(9) = 2.262 at 95 %, by tables."""
    chances = 1e-3 * (1.0 + 0.01 * np.sqrt(9.0 / 10.0) * np.array([1.0, -1.0] * 5))
    interval = replicate_interval(chances, 0.0, 0.95)
    half = 2.262 * 0.01 / np.sqrt(10.0)
    assert interval.low == pytest.approx(1e-3 * (1.0 - half), rel=1e-4)
    assert interval.high == pytest.approx(1e-3 * (1.0 + half), rel=1e-4)


@pytest.mark.parametrize(
    ("weight", "seed", "effort", "sentence"),
    [
        (0.9, 0, Effort(), "must add up to 1, but add up to 0.9"),
        (1.0, -1, Effort(), "seed must lie between"),
        (1.0, 0, Effort(chains=5), "chains must be 20 or more, but is 5"),
        (1.0, 0, Effort(replicates=2), "replicates must be 4 or more, but is 2"),
        (1.0, 0, Effort(least=0.0), "least must lie between 0 and 1"),
        (1.0, 0, Effort(confidence=1.0), "confidence must lie between 0 and 1"),
    ],
)
def test_refused(weight: float, seed: int, effort: Effort, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        estimate_rare([Stratum("all", weight, Made(lambda x, y: 1.0 - x))], seed, effort)
