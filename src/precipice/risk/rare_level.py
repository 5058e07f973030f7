"""Subset simulation in two acts: a pilot lays out levels, then replicates climb down the same ones.

With levels, steps and chain lengths fixed beforehand a replicate is unbiased, however few its runs; one that
chooses its own levels as it goes was up to 5 % too high in trials.

Source: Au & Beck 2001, Probabilistic Engineering Mechanics 16:263 (levels); Papaioannou et al. 2015, same
journal 41:89 (steps by coordinate, acceptance 0.44); Garvels 2000, ch. 3 (unbiased for fixed levels).
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from precipice.risk.rare_chain import (
    LENGTH,
    Climb,
    Flights,
    Random,
    Replicate,
    Runs,
    choose,
    join,
    move,
    walk,
)

ACCEPTANCE = 0.44
"""Share of moves that should be accepted: the best for chains that know one coordinate's scale."""
FIRST_STEP, LEAST_STEP = 0.6, 0.01
MOST_LEVELS = 60
"""A pilot gives up here: 0.2**60 is 1e-42."""


class Level(NamedTuple):
    """One level.

    Attributes:
        threshold: Margin that runs below the level have at most.
        steps: Of a move, by coordinate, 0 to 1, `(d,)`.
    """

    threshold: float
    steps: np.ndarray


End = Literal["reached", "below", "stuck"]
"""How a pilot ended: at the event, at a chance that nobody asks for, or where no run came nearer."""


class Plan(NamedTuple):
    """What a pilot found.

    Attributes:
        levels: From the first, down to the last before the event.
        last: Margin down to which the levels lead: 0, or what was left when the pilot gave up.
        chance: Of the event, roughly; 0 when the pilot gave up.
        end: How it ended.
    """

    levels: tuple[Level, ...]
    last: float
    chance: float
    end: End


def lay_out(flights: Flights, chains: int, least: float, random: Random) -> Plan:
    """Return levels down to the event, by a pilot that chooses them as it goes.

    Args:
        flights: Of one stratum.
        chains: At each level.
        least: Chance below which nobody asks: the pilot gives up there.
        random: Where numbers come from.
    """
    (runs,) = flights.fresh(LENGTH * chains, [random])
    levels: list[Level] = []
    chance, threshold, scale = 1.0, np.inf, FIRST_STEP
    for _ in range(MOST_LEVELS):
        previous, threshold = threshold, _next_threshold(runs.margins, threshold)
        if threshold <= 0.0:
            return Plan(tuple(levels), 0.0, chance * float(np.mean(runs.margins <= 0.0)), "reached")
        if threshold == previous:
            return Plan(tuple(levels), threshold, 0.0, "stuck")
        below = runs.margins <= threshold
        chance *= float(np.mean(below))
        if chance < least:
            break
        seeds = runs.take(choose(below, chains, random))
        spread = np.clip(np.std(seeds.normals, axis=0), LEAST_STEP, 1.0)
        scale, runs = _pilot_walk(flights, Replicate(random, seeds), threshold, scale, spread)
        levels.append(Level(threshold, np.minimum(1.0, scale * spread)))
    return Plan(tuple(levels), threshold, 0.0, "below")


def climb(flights: Flights, plan: Plan, chains: int, randoms: Sequence[Random]) -> list[Climb]:
    """Return the chance of the event by each of some replicates, which are flown side by side.

    Args:
        flights: Of one stratum.
        plan: From a pilot that shares no number with these replicates.
        chains: At each level.
        randoms: Where numbers of each replicate come from; how many there are changes none of them.
    """
    group = [
        Replicate(random, runs)
        for random, runs in zip(randoms, flights.fresh(LENGTH * chains, randoms), strict=True)
    ]
    for threshold, steps in plan.levels:
        passing = [replicate for replicate in group if replicate.passes(threshold, chains)]
        for replicate, runs in zip(passing, walk(flights, passing, threshold, steps), strict=True):
            replicate.runs = runs
    return [replicate.found() for replicate in group]


def _next_threshold(margins: np.ndarray, previous: float) -> float:
    """Return a margin that about one run in `LENGTH` is within, below the previous one; or that one."""
    place = len(margins) // LENGTH - 1
    threshold = float(np.partition(margins, place)[place])
    if threshold < previous:
        return threshold
    lower = margins[margins < previous]
    return float(np.max(lower)) if len(lower) else previous


def _pilot_walk(
    flights: Flights, pilot: Replicate, threshold: float, scale: float, spread: np.ndarray
) -> tuple[float, Runs]:
    """Return the scale of moves that suits a level, and all runs of its chains."""
    walked = [pilot.runs]
    for _ in range(LENGTH - 1):
        accepted = move(flights, [pilot], threshold, np.minimum(1.0, scale * spread))
        walked.append(pilot.runs)
        # Not beyond full steps for all: it would take long to come back from there.
        scale = min(scale * float(np.exp(accepted - ACCEPTANCE)), 1.0 / float(np.min(spread)))
    return scale, join(walked)
