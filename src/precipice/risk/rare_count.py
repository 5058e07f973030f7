"""Replicates of all strata: who is flown how far, and what each replicate found."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from precipice.risk.rare_chain import Climb, Flights
from precipice.risk.rare_level import Plan, climb, lay_out
from precipice.risk.rare_score import Stratum

Say = Callable[[str], None]

BESIDE = 800
"""Chains flown side by side: fewer leave lanes empty, more need much memory."""
PILOT = 4
"""A pilot has one in so many of the chains of a replicate; so has a stratum that hardly matters."""
NEGLIGIBLE = 1e-3
"""Part of the chance found so far below which a stratum is not followed further."""
NONE_SEEN = 3.0
"""Rule of three: with none seen in n, at most 3/n at 95 %."""


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


class Count(NamedTuple):
    """What was flown in all strata.

    Attributes:
        chances: What each replicate adds to the chance of the event, `(strata, replicates)`.
        hidden: Chance that no run of a stratum could look into, `(strata,)`.
        plans: Levels of each stratum.
        flights: Of each stratum.
    """

    chances: np.ndarray
    hidden: np.ndarray
    plans: list[Plan]
    flights: list[Flights]


def count_strata(strata: Sequence[Stratum], seed: int, effort: Effort, say: Say | None) -> Count:
    """Return all replicates of all strata.

    Args:
        strata: Cases.
        seed: Of all numbers.
        effort: How hard to look.
        say: Told how far it is, once for each stratum.
    """
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
    return Count(chances, hidden, plans, flights)


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
