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

    def fresh(self, count: int, random: Random) -> Runs:
        """Return new runs, independent of each other.

        Args:
            count: How many.
            random: Where numbers come from.
        """
        normals, before = random.standard_normal((count, self._score.dimensions)), self.unresolved
        margins = self(normals)
        self.fresh_runs += count
        self.fresh_unresolved += self.unresolved - before
        return Runs(normals, margins)

    def __call__(self, normals: Float[np.ndarray, "n d"]) -> Float[np.ndarray, " n"]:
        """Return margins, infinite where a run is unresolved, `(n,)`.

        Args:
            normals: `(n, d)`.
        """
        margins = self._score(normals)
        lost = np.isnan(margins)
        self.runs += len(margins)
        self.unresolved += int(np.sum(lost))
        return np.where(lost, np.inf, margins)


def lay_out(flights: Flights, chains: int, least: float, random: Random) -> Plan:
    """Return levels down to the event, by a pilot that chooses them as it goes.

    Args:
        flights: Of one stratum.
        chains: At each level.
        least: Chance below which nobody asks: the pilot gives up there.
        random: Where numbers come from.
    """
    runs = flights.fresh(LENGTH * chains, random)
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
        scale, runs = _pilot_walk(flights, seeds, threshold, scale, spread, random)
        levels.append(Level(threshold, np.minimum(1.0, scale * spread)))
    return Plan(tuple(levels), threshold, 0.0, "below")


def climb(flights: Flights, plan: Plan, chains: int, random: Random) -> Climb:
    """Return the chance of the event by one replicate.

    Args:
        flights: Of one stratum.
        plan: From a pilot that shares no number with this replicate.
        chains: At each level.
        random: Where numbers come from.
    """
    runs = flights.fresh(LENGTH * chains, random)
    chance, independent = 1.0, len(runs.margins)
    for threshold, steps in plan.levels:
        below = runs.margins <= threshold
        if not np.any(below):
            return Climb(0.0, chance, independent)
        chance *= float(np.mean(below))
        # Runs of one chain are alike: from here on only chains are counted as independent.
        independent = chains
        runs = _walk(flights, runs.take(_choose(below, chains, random)), threshold, steps, random)
    return Climb(chance * float(np.mean(runs.margins <= 0.0)), chance, independent)


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
    flights: Flights, runs: Runs, threshold: float, scale: float, spread: np.ndarray, random: Random
) -> tuple[float, Runs]:
    """Return the scale of moves that suits a level, and all runs of its chains."""
    walked = [runs]
    for _ in range(LENGTH - 1):
        runs, accepted = _move(flights, runs, threshold, np.minimum(1.0, scale * spread), random)
        walked.append(runs)
        # Not beyond full steps for all: it would take long to come back from there.
        scale = min(scale * float(np.exp(accepted - ACCEPTANCE)), 1.0 / float(np.min(spread)))
    return scale, _join(walked)


def _walk(flights: Flights, runs: Runs, threshold: float, step: np.ndarray, random: Random) -> Runs:
    """Return all runs of chains that stay below a level."""
    walked = [runs]
    for _ in range(LENGTH - 1):
        runs, _accepted = _move(flights, runs, threshold, step, random)
        walked.append(runs)
    return _join(walked)


def _move(
    flights: Flights, runs: Runs, threshold: float, step: np.ndarray, random: Random
) -> tuple[Runs, float]:
    """Return the chains one move further, side by side, and which share of them moved.

    Preconditioned Crank-Nicolson: x' = sqrt(1 - s^2) x + s w keeps standard normal numbers standard normal,
    in any number of dimensions.

    Source: Cotter et al. 2013, Statistical Science 28:424, eq. 4.
    """
    moved = np.sqrt(1.0 - step**2) * runs.normals + step * random.standard_normal(runs.normals.shape)
    margins = flights(moved)
    moves = margins <= threshold
    stay = Runs(np.where(moves[:, None], moved, runs.normals), np.where(moves, margins, runs.margins))
    return stay, float(np.mean(moves))


def _join(parts: Sequence[Runs]) -> Runs:
    return Runs(*(np.concatenate(pieces) for pieces in zip(*parts, strict=True)))
