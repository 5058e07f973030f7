"""Chances of 1e-3 to 1e-8, which no campaign of affordable size would see."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from precipice.errors import InputError
from precipice.risk.rare_interval import Interval, relative_error, replicate_interval
from precipice.risk.rare_level import Flights, Plan, climb, lay_out
from precipice.risk.rare_score import Stratum

Say = Callable[[str], None]

PILOT = 4
"""A pilot has one in so many of the chains of a replicate; so has a stratum that hardly matters."""
NEGLIGIBLE = 1e-3
"""Part of the chance found so far below which a stratum is not followed further."""


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


@dataclass(frozen=True)
class RareChance:
    """The chance of a rare event.

    Attributes:
        chance: With unresolved runs counted as no event.
        low: Lower end of its interval.
        high: Upper end; it includes what no run could look into.
        confidence: Of the interval, two-sided.
        relative_error: Standard error over the chance; NaN where that is 0.
        levels: Most that any stratum needed.
        runs: All that were flown, pilots included.
        replicates: Independent repeats that the interval comes from.
        strata: What each case adds to the chance.
        unresolved: Runs among all.
        if_unresolved: The chance and its interval with unresolved runs counted as events.
    """

    chance: float
    low: float
    high: float
    confidence: float
    relative_error: float
    levels: int
    runs: int
    replicates: int
    strata: dict[str, float]
    unresolved: int
    if_unresolved: Interval


class _Count(NamedTuple):
    """Replicates of all strata, `(strata, replicates)`, counted one way."""

    chances: np.ndarray
    missed: np.ndarray
    levels: int
    runs: int
    unresolved: int


def estimate_rare(
    strata: Sequence[Stratum], seed: int, effort: Effort | None = None, say: Say | None = None
) -> RareChance:
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
    best = _count(strata, seed, effort, np.inf, say)
    # Without an unresolved run the second count would repeat the first, number by number.
    worst = _count(strata, seed, effort, -np.inf, say) if best.unresolved else best
    whole = best.chances.sum(axis=0)
    found = replicate_interval(whole, best.missed.sum(axis=0), effort.confidence)
    return RareChance(
        *found,
        confidence=effort.confidence,
        relative_error=relative_error(whole),
        levels=max(best.levels, worst.levels),
        runs=best.runs + (worst.runs if worst is not best else 0),
        replicates=effort.replicates,
        strata={s.name: float(row.mean()) for s, row in zip(strata, best.chances, strict=True)},
        unresolved=best.unresolved + (worst.unresolved if worst is not best else 0),
        if_unresolved=replicate_interval(
            worst.chances.sum(axis=0), worst.missed.sum(axis=0), effort.confidence
        ),
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


def _count(
    strata: Sequence[Stratum], seed: int, effort: Effort, unresolved: float, say: Say | None
) -> _Count:
    """Return all replicates, with the margin that an unresolved run shall have."""
    flights = [Flights(stratum.score, unresolved) for stratum in strata]
    plans = _pilots(strata, flights, seed, effort)
    shares = np.array([s.weight * plan.chance for s, plan in zip(strata, plans, strict=True)])
    most = shares.max() or 1.0
    shape = (len(strata), effort.replicates)
    chances, missed = np.zeros(shape), np.zeros(shape)
    for place, (stratum, plan) in enumerate(zip(strata, plans, strict=True)):
        part = max(shares[place] / most, 1.0 / PILOT) if shares.any() else 1.0
        for replicate in range(effort.replicates):
            random = _numbers(seed, place, replicate + 1)
            found = climb(flights[place], plan, round(part * effort.chains), random)
            chances[place, replicate] = stratum.weight * found.chance
            missed[place, replicate] = stratum.weight * found.missed
        if say:
            say(f"{stratum.name}: {chances[place].mean():.2e}, {flights[place].runs} runs")
    return _Count(
        chances,
        missed,
        max(len(plan.levels) + 1 for plan in plans),
        sum(flight.runs for flight in flights),
        sum(flight.unresolved for flight in flights),
    )


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
