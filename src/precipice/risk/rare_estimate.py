"""Chances of 1e-3 to 1e-8, which no campaign of affordable size would see: strata, replicates, interval."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from precipice.errors import InputError
from precipice.risk.rare_count import Count, Effort, Say, count_strata
from precipice.risk.rare_interval import Interval, relative_error, replicate_interval
from precipice.risk.rare_level import Plan
from precipice.risk.rare_score import Stratum
from precipice.statistics import two_sided

Word = Literal["resolved", "below", "not resolved"]

MOST_ERROR = 0.5
"""Standard error over the chance above which replicates disagree too much for an interval to be believed."""
MOST_HIDDEN = 0.2
"""Part of the chance that may hide where no run could look: it raises the upper end, but no further."""


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
    count = count_strata(strata, seed, effort, say)
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


def _judge(strata: Sequence[Stratum], count: Count, found: Interval, error: float | None) -> tuple[Word, str]:
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


def _unresolved(strata: Sequence[Stratum], count: Count, confidence: float) -> float:
    """Return an upper bound of the chance that a run is unresolved, from fresh runs; 0 where none was."""
    return math.fsum(
        stratum.weight * two_sided(flights.fresh_unresolved, flights.fresh_runs, confidence).high
        for stratum, flights in zip(strata, count.flights, strict=True)
        if flights.unresolved
    )


def _cases(strata: Sequence[Stratum], count: Count, *, told: bool) -> tuple[Case, ...]:
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
