"""A rare chance as a page: a number with its interval, a bound, or why there is none."""

from dataclasses import replace

import pytest

from precipice.report.rare import rare_page
from precipice.risk.limit import Limit
from precipice.risk.rare import RareChance
from precipice.risk.rare_estimate import Case, Estimate

CASES = (Case("hesitation", 0.01, 2e-6, 4, 900), Case("none of these", 0.99, 1e-6, 6, 1100))
FOUND = Estimate(
    "resolved", "", 3e-6, 1.5e-6, 6e-6, 5e-6, 0.95, 0.3, 6, 2000, 10, CASES, 2
)  # fmt: skip


def page(estimate: Estimate) -> str:
    limit = Limit(12.0, "m/s^2", "criterion, rigger", "highest load")
    return rare_page(RareChance("A stunt", "a.toml", "hard opening", limit, 7, estimate))


def test_number_with_its_interval() -> None:
    told = page(FOUND)
    assert "HARD OPENING: 0.00030 % (1 in 333,333); 0.00015 to 0.00060 %, 95 % sure." in told
    assert "2,000 runs of seed 7, 10 repeats, 2 cases, up to 6 levels" in told
    assert "Counts from: 12.0 m/s^2, highest load (criterion, rigger)" in told
    assert "UNRESOLVED: 2 runs" in told
    assert "without them is 0.00050 %" in " ".join(told.split())


def test_bound() -> None:
    told = page(replace(FOUND, word="below", chance=None, low=0.0, high=1e-9))
    assert "HARD OPENING: below 0.00000010 %" in told
    assert "1 in" not in told


@pytest.mark.parametrize("unresolved", [0, 2])
def test_no_number(unresolved: int) -> None:
    """Nothing that could be taken for a chance."""
    cases = tuple(case._replace(chance=None) for case in CASES)
    none = dict.fromkeys(("chance", "low", "high", "high_resolved", "relative_error"))
    told = page(replace(FOUND, word="not resolved", why="no", cases=cases, unresolved=unresolved, **none))
    assert "HARD OPENING: COULD NOT BE RESOLVED: no." in told
    assert "sure" not in told
    assert all(line.split()[-3] == "-" for line in told.splitlines() if line.startswith(("hesi", "none")))
