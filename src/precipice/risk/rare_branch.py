"""Discrete branches of a stunt, each flown by itself: malfunctions, and the rarer parts of mixtures.

Chains of small moves cannot step from one branch into another, and a branch of one run in a thousand can be
what a rare event needs.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from precipice.campaign.draws import LUCK
from precipice.campaign.value import named_spreads
from precipice.scenario.kind import CANOPY
from precipice.scenario.scenario import Scenario
from precipice.scenario.spread import Discrete, Mixture

Pieces = tuple[tuple[float, float], ...]
"""Parts of the interval from 0 to 1, in order, without overlap."""
WHOLE: Pieces = ((0.0, 1.0),)
RARE = 0.2
"""A branch at least this likely is met often enough without its own stratum."""


class Branch(NamedTuple):
    """Something that happens when a uniform number lies in one piece.

    Attributes:
        name: For people.
        number: Name of the uniform number.
        piece: Where it must lie.
    """

    name: str
    number: str
    piece: tuple[float, float]

    @property
    def chance(self) -> float:
        """Of its happening."""
        return self.piece[1] - self.piece[0]


class Box(NamedTuple):
    """One stratum.

    Attributes:
        name: For people.
        weight: Its chance.
        pieces: Where uniform numbers lie, by name; others lie anywhere.
    """

    name: str
    weight: float
    pieces: Mapping[str, Pieces]


def build_boxes(scenario: Scenario, held: frozenset[str] = frozenset()) -> list[Box]:
    """Return the strata of a stunt: each branch without the rarer ones, then none of them.

    In the stratum of a branch the likelier ones may happen too. So there is one more stratum than there are
    branches, not one for each combination.

    Args:
        scenario: What was decided.
        held: Names of numbers that do not vary.
    """
    left: dict[str, Pieces] = {}
    boxes = []
    for branch in sorted(_branches(scenario), key=lambda branch: branch.chance):
        if branch.number in held or not 0.0 < branch.chance < RARE:
            continue
        inside = {**left, branch.number: (branch.piece,)}
        boxes.append(Box(branch.name, _weight(inside), inside))
        left[branch.number] = _without(left.get(branch.number, WHOLE), branch.piece)
    return [*boxes, Box("none of these" if boxes else "all", _weight(left), dict(left))]


def conditional(uniform: Float[np.ndarray, " n"], pieces: Pieces) -> Float[np.ndarray, " n"]:
    """Return uniform numbers as they are spread within some pieces.

    Args:
        uniform: From 0 to 1, `(n,)`.
        pieces: Where they shall lie.
    """
    lows, highs = np.array(pieces).T
    ends = np.cumsum(highs - lows)
    along = uniform * ends[-1]
    place = np.minimum(np.searchsorted(ends, along, side="right"), len(ends) - 1)
    return np.minimum(highs[place] - ends[place] + along, highs[place])


def _branches(scenario: Scenario) -> Iterator[Branch]:
    if scenario.kind in CANOPY:
        centres = scenario.values()
        for name in LUCK:
            chance = centres[f"rig.malfunction.{name}.chance"]
            yield Branch(name.replace("_", " "), f"luck.{name}", (0.0, chance))
    for number, spread in named_spreads(scenario).items():
        if isinstance(spread, Mixture):
            names = [f"part {place + 1}" for place in range(len(spread.parts))]
            yield from _parts(number, names, [part.weight for part in spread.parts])
        if isinstance(spread, Discrete):
            count = len(spread.values)
            names = [f"value {place + 1}" for place in range(count)]
            yield from _parts(number, names, spread.weights or [1.0 / count] * count)


def _parts(number: str, names: Sequence[str], weights: Sequence[float]) -> Iterator[Branch]:
    """Yield every part of a mixture, or value of a few, but the likeliest."""
    ends = [*np.cumsum(weights)[:-1].tolist(), 1.0]
    for place, (low, high) in enumerate(zip([0.0, *ends[:-1]], ends, strict=True)):
        if place != int(np.argmax(weights)):
            yield Branch(f"{number.split('#')[0]}, {names[place]}", number, (low, high))


def _without(pieces: Pieces, gap: tuple[float, float]) -> Pieces:
    cut = [(low, min(high, gap[0])) for low, high in pieces] + [
        (max(low, gap[1]), high) for low, high in pieces
    ]
    return tuple(sorted(piece for piece in cut if piece[0] < piece[1]))


def _weight(pieces: Mapping[str, Pieces]) -> float:
    return float(np.prod([sum(high - low for low, high in parts) for parts in pieces.values()]))
