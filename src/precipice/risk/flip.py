"""Which assumption would flip the verdict, and what would settle it."""

from collections.abc import Sequence
from typing import NamedTuple

from precipice.risk.driver import Driver
from precipice.risk.verdict import Verdict
from precipice.scenario.criterion import Criterion
from precipice.scenario.scenario import Scenario

FIRST = {"not met": 0, "not shown": 1, "met": 2, "no criterion": 3}


class Candidate(NamedTuple):
    """A judged hazard, as far as a flip needs it."""

    name: str
    chance: float
    criterion: Criterion | None
    verdict: Verdict
    drivers: Sequence[Driver]


class Flip(NamedTuple):
    """The assumption that weighs most in the verdict.

    Attributes:
        hazard: Whose criterion.
        field: Dotted path, None where nothing is assumed that moves it.
        basis: Of the field: "assumed" or "published".
        constant: Whether it is an unknown constant, rather than differing from jump to jump.
        chance: When the field is one standard deviation off in the direction that matters.
        direction: "higher" or "lower".
        flips: Whether that alone would put the chance on the other side of what is accepted.
    """

    hazard: str
    field: str | None
    basis: str | None
    constant: bool
    chance: float | None
    direction: str | None
    flips: bool


def find_flip(judged: Sequence[Candidate], scenario: Scenario) -> Flip | None:
    """Return the assumption that would flip the verdict, or else comes nearest to it.

    Args:
        judged: Every hazard.
        scenario: Says what is measured, published and assumed.

    Returns:
        None when nobody named a criterion.
    """
    named = [item for item in judged if item.criterion is not None]
    if not named:
        return None
    # Of the criteria that decide, the one that is nearest to the other side.
    worst = min(FIRST[item.verdict.word] for item in named)
    deciding = [item for item in named if FIRST[item.verdict.word] == worst]
    found = [_of(item, scenario) for item in deciding]
    flips = [flip for flip in found if flip.flips]
    moved = [flip for flip in found if flip.field is not None]
    return (flips or moved or found)[0]


def _of(item: Candidate, scenario: Scenario) -> Flip:
    assert item.criterion is not None
    uncertain, accepted = scenario.uncertain(), item.criterion.chance
    wants_less = item.chance > accepted
    best: Flip | None = None
    for driver in item.drivers:
        quantity = uncertain.get(driver.field)
        if quantity is None or quantity.basis == "measured" or not driver.shown:
            continue
        higher = (driver.higher < driver.lower) == wants_less
        chance = driver.higher if higher else driver.lower
        constant = any(spread.varies == "constant" for spread in quantity.spread)
        flip = Flip(
            item.name,
            driver.field,
            quantity.basis,
            constant,
            chance,
            "higher" if higher else "lower",
            (chance <= accepted) if wants_less else (chance > accepted),
        )
        if best is None or _better(flip, best, wants_less=wants_less):
            best = flip
    return best or Flip(item.name, None, None, constant=False, chance=None, direction=None, flips=False)


def _better(flip: Flip, best: Flip, *, wants_less: bool) -> bool:
    assert flip.chance is not None
    assert best.chance is not None
    return flip.chance < best.chance if wants_less else flip.chance > best.chance
