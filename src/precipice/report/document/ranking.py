"""What holds a stunt back, the worst first."""

from typing import NamedTuple

from precipice.report.words import between, field_name, quantity, share
from precipice.risk.assessment import Assessment, Hazard
from precipice.risk.verdict import Word

_ORDER = {"not met": 0, "not shown": 1, "no criterion": 2, "met": 3}


class Obstacle(NamedTuple):
    """One thing that holds a stunt back.

    Attributes:
        word: Verdict on it.
        title: What it is.
        words: How often, what is accepted, what would help.
    """

    word: Word
    title: str
    words: str


def ranked(found: Assessment) -> list[Hazard]:
    """Return the hazards, those that hold the stunt back most first.

    Those with a criterion that is not met, by how many times too often they happen; then those whose
    criterion is not shown; then what happens often and nobody has accepted; then what is met.
    """

    def key(hazard: Hazard) -> tuple[int, float]:
        accepted = 1.0 if hazard.criterion is None else hazard.criterion.chance
        worst = hazard.tally.high if hazard.verdict.word == "not shown" else hazard.tally.chance
        return _ORDER[hazard.verdict.word], -worst / accepted

    return sorted(found.hazards, key=key)


def obstacles(found: Assessment, most: int = 3) -> list[Obstacle]:
    """Return what holds a stunt back most.

    Args:
        found: From a campaign.
        most: How many.
    """
    told = [
        _obstacle(hazard)
        for hazard in ranked(found)
        if hazard.verdict.word in ("not met", "not shown")
        or (hazard.verdict.word == "no criterion" and hazard.tally.happened)
    ]
    return told[:most]


def _obstacle(hazard: Hazard) -> Obstacle:
    tally, accepted = hazard.tally, hazard.criterion
    chance = f"{share(tally.chance)} of the runs ({between(tally.low, tally.high)})"
    if accepted is None:
        return Obstacle(
            hazard.verdict.word, hazard.name, f"{chance}; nobody has said what is accepted.{_help(hazard)}"
        )
    told = f"{chance}; accepted: {share(accepted.chance)} ({accepted.accepted_by})"
    if hazard.verdict.word == "not met":
        times = tally.chance / accepted.chance
        often = f"{times:,.0f} times" if times >= 2.0 else "more often than"
        told += f", so {often} what is accepted" if times < 2.0 else f", so {often} too often"
    elif hazard.verdict.why:
        told += f"; {hazard.verdict.why}"
    return Obstacle(hazard.verdict.word, hazard.name, f"{told}.{_help(hazard)}")


def _help(hazard: Hazard) -> str:
    """Return what moves a hazard most, and where to."""
    shown = [driver for driver in hazard.drivers if driver.shown]
    if hazard.verdict.settled_by:
        return f" Measure {' and '.join(hazard.verdict.settled_by[:2])}."
    if not shown:
        return ""
    driver = shown[0]
    chance = min(driver.lower, driver.higher)
    way = "lower" if driver.lower < driver.higher else "higher"
    return f" Moved most by {field_name(driver.field)}: one standard deviation {way}, {share(chance)}."


def margin_words(value: float | None, unit: str) -> str:
    """Return a margin in words, SI units said as people say them."""
    return "" if value is None else quantity(value, {"m/s^2": "m/s²"}.get(unit, unit), sign=True)
