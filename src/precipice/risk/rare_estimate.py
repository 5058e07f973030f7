"""Chances of 1e-3 to 1e-8, which no campaign of affordable size would see: strata, replicates, interval."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from precipice.errors import InputError
from precipice.risk.rare_interval import Interval, relative_error, replicate_interval
from precipice.risk.rare_level import Climb, Flights, Plan, climb, lay_out
from precipice.risk.rare_score import Stratum
from precipice.statistics import two_sided

Say = Callable[[str], None]
Word = Literal["resolved", "below", "not resolved"]

BESIDE = 800
"""Chains flown side by side: fewer leave lanes empty, more need much memory."""
PILOT = 4
"""A pilot has one in so many of the chains of a replicate; so has a stratum that hardly matters."""
NEGLIGIBLE = 1e-3
"""Part of the chance found so far below which a stratum is not followed further."""
NONE_SEEN = 3.0
"""Rule of three: with none seen in n, at most 3/n at 95 %."""
MOST_ERROR = 0.5
"""Standard error over the chance above which replicates disagree too much for an interval to be believed."""
MOST_HIDDEN = 0.2
"""Part of the chance that may hide where no run could look: it raises the upper end, but no further."""


class Effort(NamedTuple):
    """How hard to look.

    Attributes:
        chains: Side by side at each level of the stratum that matters most; five runs each. More of them
            narrow the interval; fewer than about 100 make it unreliable.
        replicates: Independent repeats that the interval comes from.
        least: Chance below which nobody asks.
        confidence: Of the interval, two-sided.
    """

    chains: int = 400
    replicates: int = 10
    least: float = 1e-9
    confidence: float = 0.95


class Case(NamedTuple):
    """What one stratum adds.

    Attributes:
        name: Of the stratum.
        weight: Its chance.
        chance: What it adds to the chance of the event; None where that could not be told.
        levels: That it needed.
        runs: Flown in it.
    """

    name: str
    weight: float
    chance: float | None
    levels: int
    runs: int


@dataclass(frozen=True)
class Estimate:
    """The chance of a rare event, or why there is none.

    Attributes:
        word: "resolved"; "below" when it is rarer than anybody asks; "not resolved" when no number can be
            believed.
        why: A sentence where it is not resolved, else "".
        chance: With unresolved runs counted as no event; None unless resolved.
        low: Lower end of its interval, counted alike; None when not resolved.
        high: Upper end with unresolved runs counted as events, and with what no run could look into; None
            when not resolved.
        high_resolved: Upper end with unresolved runs counted as no event; None when not resolved.
        confidence: Of the interval, two-sided.
        relative_error: Standard error over the chance; None unless resolved.
        levels: Most that any stratum needed.
        runs: All that were flown, pilots included.
        replicates: Independent repeats that the interval comes from.
        cases: What each stratum adds.
        unresolved: Runs among all.
    """

    word: Word
    why: str
    chance: float | None
    low: float | None
    high: float | None
    high_resolved: float | None
    confidence: float
    relative_error: float | None
    levels: int
    runs: int
    replicates: int
    cases: tuple[Case, ...]
    unresolved: int


class _Count(NamedTuple):
    """Replicates of all strata: `chances`, `(strata, replicates)`; `hidden`, `(strata,)`."""

    chances: np.ndarray
    hidden: np.ndarray
    plans: list[Plan]
    flights: list[Flights]


def estimate_rare(
    strata: Sequence[Stratum], seed: int, effort: Effort | None = None, say: Say | None = None
) -> Estimate:
    """Return the chance that a margin is used up.

    Every replicate of every stratum has its own numbers; the interval comes from how totals of replicates
    differ, so that it holds what strata, levels and correlated chains do together. It cannot see a case that
    every replicate missed: stratify what is discrete.

    Args:
        strata: Cases that exclude each other and together are everything.
        seed: The same gives the same answer, 0 to 2**64 - 1.
        effort: How hard to look.
        say: Told how far it is, once for each stratum.

    Raises:
        InputError: When weights do not add up to 1, or the effort is too small for an interval.
    """
    effort = effort or Effort()
    _refuse(strata, seed, effort)
    count = _count(strata, seed, effort, say)
    whole = count.chances.sum(axis=0)
    found = replicate_interval(whole, float(count.hidden.sum()), effort.confidence)
    error = relative_error(whole)
    word, why = _judge(strata, count, found, error)
    shown = word != "not resolved"
    # Nobody looked further than what is asked.
    high = max(found.high, effort.least) if word == "below" else found.high
    return Estimate(
        word=word,
        why=why,
        chance=found.chance if word == "resolved" else None,
        low=found.low if shown else None,
        high=min(1.0, high + _unresolved(strata, count, effort.confidence)) if shown else None,
        high_resolved=high if shown else None,
        confidence=effort.confidence,
        relative_error=error if word == "resolved" else None,
        levels=max(len(plan.levels) + 1 for plan in count.plans),
        runs=sum(flights.runs for flights in count.flights),
        replicates=effort.replicates,
        cases=_cases(strata, count, told=word == "resolved"),
        unresolved=sum(flights.unresolved for flights in count.flights),
    )


def _refuse(strata: Sequence[Stratum], seed: int, effort: Effort) -> None:
    total = sum(stratum.weight for stratum in strata)
    rules = {
        f"weights of strata must add up to 1, but add up to {total:.6g}: name every case once": abs(total - 1)
        < 1e-9,
        f"seed must lie between 0 and 2**64 - 1, but is {seed}: choose such a number": 0 <= seed < 2**64,
        f"chains must be 20 or more, but is {effort.chains}: 400 is usual": effort.chains >= 20,
        f"replicates must be 4 or more, but is {effort.replicates}: 10 is usual": effort.replicates >= 4,
        f"least must lie between 0 and 1, but is {effort.least:g}: 1e-9 is usual": 0 < effort.least < 1,
        f"confidence must lie between 0 and 1, but is {effort.confidence:g}: 0.95 is usual": (
            0 < effort.confidence < 1
        ),
    }
    for sentence, holds in rules.items():
        if not holds:
            raise InputError(sentence)


def _judge(
    strata: Sequence[Stratum], count: _Count, found: Interval, error: float | None
) -> tuple[Word, str]:
    """Return whether the chance can be believed, and why not."""
    stuck = [place for place, plan in enumerate(count.plans) if plan.end == "stuck" and count.hidden[place]]
    if sum(count.hidden[place] for place in stuck) > MOST_HIDDEN * found.chance:
        place = max(stuck, key=lambda place: count.hidden[place])
        return "not resolved", _stuck(strata[place], count.plans[place], count.flights[place].runs)
    if error is None:
        return "below", ""
    if error > MOST_ERROR:
        return "not resolved", (
            f"{count.chances.shape[1]} independent repeats disagree, with a standard error of "
            f"{100 * error:.0f} % of their mean; the margin jumps to the event, or more chains are needed"
        )
    return "resolved", ""


def _stuck(stratum: Stratum, plan: Plan, runs: int) -> str:
    if np.isinf(plan.last):
        return f"in the case '{stratum.name}' none of {runs:,} runs came near: nothing leads to the event"
    return (
        f"in the case '{stratum.name}' no run had a margin below {plan.last:.4g}, and many had just that: "
        "it does not fall on towards the event"
    )


def _unresolved(strata: Sequence[Stratum], count: _Count, confidence: float) -> float:
    """Return an upper bound of the chance that a run is unresolved, from fresh runs; 0 where none was."""
    return math.fsum(
        stratum.weight * two_sided(flights.fresh_unresolved, flights.fresh_runs, confidence).high
        for stratum, flights in zip(strata, count.flights, strict=True)
        if flights.unresolved
    )


def _cases(strata: Sequence[Stratum], count: _Count, *, told: bool) -> tuple[Case, ...]:
    return tuple(
        Case(
            stratum.name,
            stratum.weight,
            float(count.chances[place].mean()) if told else None,
            len(count.plans[place].levels) + 1,
            count.flights[place].runs,
        )
        for place, stratum in enumerate(strata)
    )


def _count(strata: Sequence[Stratum], seed: int, effort: Effort, say: Say | None) -> _Count:
    """Return all replicates."""
    flights = [Flights(stratum.score) for stratum in strata]
    plans = _pilots(strata, flights, seed, effort)
    shares = np.array([s.weight * plan.chance for s, plan in zip(strata, plans, strict=True)])
    most = shares.max() or 1.0
    chances, hidden = np.zeros((len(strata), effort.replicates)), np.zeros(len(strata))
    for place, (stratum, plan) in enumerate(zip(strata, plans, strict=True)):
        part = max(shares[place] / most, 1.0 / PILOT) if shares.any() else 1.0
        chains = max(20, round(part * effort.chains))
        randoms = [_numbers(seed, place, replicate + 1) for replicate in range(effort.replicates)]
        beside = max(1, BESIDE // chains)
        climbs = [
            found
            for first in range(0, effort.replicates, beside)
            for found in climb(flights[place], plan, chains, randoms[first : first + beside])
        ]
        chances[place] = [stratum.weight * found.chance for found in climbs]
        hidden[place] = stratum.weight * _hidden(plan, climbs)
        if say:
            say(f"{stratum.name}: {chances[place].mean():.2e}, {flights[place].runs} runs")
    return _Count(chances, hidden, plans, flights)


def _hidden(plan: Plan, climbs: Sequence[Climb]) -> float:
    """Return how much chance may lie where no run could look: none where any run reached the event."""
    if plan.end == "reached" or any(found.chance for found in climbs):
        return 0.0
    level = float(np.mean([found.level for found in climbs]))
    return level * min(1.0, NONE_SEEN / sum(found.independent for found in climbs))


def _pilots(strata: Sequence[Stratum], flights: Sequence[Flights], seed: int, effort: Effort) -> list[Plan]:
    """Return the levels of each stratum: the likeliest first, since they show what is negligible."""
    plans: dict[int, Plan] = {}
    found = 0.0
    for place in sorted(range(len(strata)), key=lambda k: -strata[k].weight):
        weight = strata[place].weight
        least = max(effort.least, NEGLIGIBLE * found) / weight
        chains = max(20, effort.chains // PILOT)
        plans[place] = lay_out(flights[place], chains, least, _numbers(seed, place, 0))
        found += weight * plans[place].chance
    return [plans[place] for place in range(len(strata))]


def _numbers(seed: int, stratum: int, replicate: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, stratum, replicate])))
