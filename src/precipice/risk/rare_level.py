"""Subset simulation in two acts: a pilot lays out levels, then replicates climb down the same ones.

With levels, steps and chain lengths fixed beforehand a replicate is unbiased, however few its runs; one that
chooses its own levels as it goes was up to 5 % too high in trials.

Source: Au & Beck 2001, Probabilistic Engineering Mechanics 16:263 (levels); Papaioannou et al. 2015, same
journal 41:89 (steps by coordinate, acceptance 0.44); Garvels 2000, ch. 3 (unbiased for fixed levels).
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from jaxtyping import Float

from precipice.risk.rare_score import AbstractScore

Random = np.random.Generator

LENGTH = 5
"""Runs of a chain, its seed included; so about a fifth of the runs passes each level."""
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


class Climb(NamedTuple):
    """What one replicate found.

    Attributes:
        chance: Unbiased.
        level: Chance of the last level that any run passed; what lies within it and is no event is unknown.
        independent: Runs there that may count as independent of each other.
    """

    chance: float
    level: float
    independent: int


class Runs(NamedTuple):
    """Some runs: `normals`, `(n, d)`, and `margins`, `(n,)`."""

    normals: np.ndarray
    margins: np.ndarray

    def take(self, places: np.ndarray) -> "Runs":
        """Return some of them.

        Args:
            places: Which, `(m,)`.
        """
        return Runs(self.normals[places], self.margins[places])


class Flights:
    """A score that counts what it is asked.

    Attributes:
        runs: Asked so far.
        unresolved: Among them; they count as no event.
        fresh_runs: Runs so far that were independent of all others.
        fresh_unresolved: Among them.
    """

    def __init__(self, score: AbstractScore) -> None:
        """Store the score."""
        self._score = score
        self.runs = self.unresolved = self.fresh_runs = self.fresh_unresolved = 0

    def fresh(self, count: int, randoms: Sequence[Random]) -> list[Runs]:
        """Return new runs for each replicate, independent of each other.

        Args:
            count: How many for each.
            randoms: Where numbers come from, one for each replicate.
        """
        before = self.unresolved
        runs = self([random.standard_normal((count, self._score.dimensions)) for random in randoms])
        self.fresh_runs += count * len(randoms)
        self.fresh_unresolved += self.unresolved - before
        return runs

    def __call__(self, normals: Sequence[Float[np.ndarray, "n d"]]) -> list[Runs]:
        """Return runs with margins, infinite where one is unresolved.

        Args:
            normals: Of each replicate, `(n, d)`.
        """
        if not normals:
            return []
        margins = self._score(np.concatenate(normals))
        lost = np.isnan(margins)
        self.runs += len(margins)
        self.unresolved += int(np.sum(lost))
        ends = np.cumsum([len(block) for block in normals])[:-1]
        parts = np.split(np.where(lost, np.inf, margins), ends)
        return [Runs(block, part) for block, part in zip(normals, parts, strict=True)]


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
        seeds = runs.take(_choose(below, chains, random))
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
        for replicate, runs in zip(passing, _walk(flights, passing, threshold, steps), strict=True):
            replicate.runs = runs
    return [replicate.found() for replicate in group]


class Replicate:
    """One replicate on its way down."""

    def __init__(self, random: Random, runs: Runs) -> None:
        """Store where its numbers come from, and its fresh runs."""
        self.random, self.runs = random, runs
        self._chance, self._independent, self._ended = 1.0, len(runs.margins), False

    def passes(self, threshold: float, chains: int) -> bool:
        """Return whether any run is below a level, and keep those from which chains begin.

        Args:
            threshold: Of the level.
            chains: How many begin.
        """
        below = self.runs.margins <= threshold
        self._ended = self._ended or not np.any(below)
        if not self._ended:
            self._chance *= float(np.mean(below))
            # Runs of one chain are alike: from here on only chains are counted as independent.
            self._independent = chains
            self.runs = self.runs.take(_choose(below, chains, self.random))
        return not self._ended

    def found(self) -> Climb:
        """Return what it found: no event when it ended before the last level."""
        share = 0.0 if self._ended else float(np.mean(self.runs.margins <= 0.0))
        return Climb(self._chance * share, self._chance, self._independent)


def _next_threshold(margins: np.ndarray, previous: float) -> float:
    """Return a margin that about one run in `LENGTH` is within, below the previous one; or that one."""
    place = len(margins) // LENGTH - 1
    threshold = float(np.partition(margins, place)[place])
    if threshold < previous:
        return threshold
    lower = margins[margins < previous]
    return float(np.max(lower)) if len(lower) else previous


def _choose(below: np.ndarray, chains: int, random: Random) -> np.ndarray:
    """Return which runs begin a chain, `(chains,)`: each of those below as often as any other, on average."""
    places = random.permutation(np.flatnonzero(below))
    return np.resize(places, chains)


def _pilot_walk(
    flights: Flights, pilot: Replicate, threshold: float, scale: float, spread: np.ndarray
) -> tuple[float, Runs]:
    """Return the scale of moves that suits a level, and all runs of its chains."""
    walked = [pilot.runs]
    for _ in range(LENGTH - 1):
        accepted = _move(flights, [pilot], threshold, np.minimum(1.0, scale * spread))
        walked.append(pilot.runs)
        # Not beyond full steps for all: it would take long to come back from there.
        scale = min(scale * float(np.exp(accepted - ACCEPTANCE)), 1.0 / float(np.min(spread)))
    return scale, _join(walked)


def _walk(flights: Flights, group: Sequence[Replicate], threshold: float, step: np.ndarray) -> list[Runs]:
    """Return all runs of each replicate's chains, which stay below a level."""
    walked = [[replicate.runs] for replicate in group]
    for _ in range(LENGTH - 1):
        _move(flights, group, threshold, step)
        for runs, replicate in zip(walked, group, strict=True):
            runs.append(replicate.runs)
    return [_join(runs) for runs in walked]


def _move(flights: Flights, group: Sequence[Replicate], threshold: float, step: np.ndarray) -> float:
    """Move all chains once, side by side, and return which share of them moved.

    Preconditioned Crank-Nicolson: x' = sqrt(1 - s^2) x + s w keeps standard normal numbers standard normal,
    in any number of dimensions.

    Source: Cotter et al. 2013, Statistical Science 28:424, eq. 4.
    """
    keep, accepted = np.sqrt(1.0 - step**2), []
    moved = [
        keep * one.runs.normals + step * one.random.standard_normal(one.runs.normals.shape) for one in group
    ]
    for replicate, new in zip(group, flights(moved), strict=True):
        moves = new.margins <= threshold
        replicate.runs = Runs(
            np.where(moves[:, None], new.normals, replicate.runs.normals),
            np.where(moves, new.margins, replicate.runs.margins),
        )
        accepted.append(float(np.mean(moves)))
    return float(np.mean(accepted)) if accepted else 0.0


def _join(parts: Sequence[Runs]) -> Runs:
    return Runs(*(np.concatenate(pieces) for pieces in zip(*parts, strict=True)))
