"""Chains of runs: several replicates move theirs side by side, and stay below a level."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from precipice.risk.rare_score import AbstractScore

Random = np.random.Generator

LENGTH = 5
"""Runs of a chain, its seed included; so about a fifth of the runs passes each level."""


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
            self.runs = self.runs.take(choose(below, chains, self.random))
        return not self._ended

    def found(self) -> Climb:
        """Return what it found: no event when it ended before the last level."""
        share = 0.0 if self._ended else float(np.mean(self.runs.margins <= 0.0))
        return Climb(self._chance * share, self._chance, self._independent)


def walk(flights: Flights, group: Sequence[Replicate], threshold: float, step: np.ndarray) -> list[Runs]:
    """Return all runs of each replicate's chains, which stay below a level.

    Args:
        flights: Of the stratum.
        group: Replicates, at the seeds of their chains; they end at the last runs.
        threshold: Of the level.
        step: Of a move, by coordinate, `(d,)`.
    """
    walked = [[replicate.runs] for replicate in group]
    for _ in range(LENGTH - 1):
        move(flights, group, threshold, step)
        for runs, replicate in zip(walked, group, strict=True):
            runs.append(replicate.runs)
    return [join(runs) for runs in walked]


def move(flights: Flights, group: Sequence[Replicate], threshold: float, step: np.ndarray) -> float:
    """Move all chains once, side by side, and return which share of them moved.

    Preconditioned Crank-Nicolson: x' = sqrt(1 - s^2) x + s w keeps standard normal numbers standard normal,
    in any number of dimensions.

    Args:
        flights: Of the stratum.
        group: Replicates, which are moved.
        threshold: Margin that nobody may leave.
        step: s, by coordinate, from 0 to 1, `(d,)`.

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


def join(parts: Sequence[Runs]) -> Runs:
    """Return runs one after another.

    Args:
        parts: In order.
    """
    return Runs(*(np.concatenate(pieces) for pieces in zip(*parts, strict=True)))


def choose(below: np.ndarray, chains: int, random: Random) -> np.ndarray:
    """Return which runs begin a chain, `(chains,)`: each of those below as often as any other, on average.

    Args:
        below: Whether each run may, `(n,)`.
        chains: How many begin.
        random: Where numbers come from.
    """
    places = random.permutation(np.flatnonzero(below))
    return np.resize(places, chains)
