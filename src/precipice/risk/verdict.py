"""Whether a criterion is met, not met, or not shown, and why, in a sentence."""

from typing import Literal, NamedTuple

from precipice.risk.tally import Tally
from precipice.scenario.criterion import Criterion
from precipice.statistics import Interval, more_runs, one_sided

Word = Literal["met", "not met", "not shown", "no criterion"]


class Verdict(NamedTuple):
    """What can be said of a criterion.

    Attributes:
        word: Met, not met, not shown, or that nobody named one.
        why: In a sentence; empty when it is met without more to say.
        more_runs: How many more would show it if the share stays as it is; None where runs do not help.
        rests_on_values: Whether it depends on unknown constants.
        settled_by: Constants that would settle it if somebody measured them, the weightiest first.
    """

    word: Word
    why: str
    more_runs: int | None
    rests_on_values: bool
    settled_by: tuple[str, ...] = ()


def judge(tally: Tally, criterion: Criterion | None, ignorance: Interval, alpha: float | None) -> Verdict:
    """Return the verdict on a hazard.

    Two doubts are kept apart: too few runs, and constants that nobody knows. The chance over both must be
    below what is accepted, and so must the chance at nearly every guess at the constants.

    Args:
        tally: Of the hazard's runs.
        criterion: What is accepted.
        ignorance: Range of the chance over the unknown constants.
        alpha: Chance of a false "met" that this look may spend; from the criterion's confidence when None.
    """
    if criterion is None:
        return Verdict("no criterion", "", None, rests_on_values=False)
    accepted = criterion.chance
    confidence = criterion.confidence if alpha is None else 1.0 - alpha
    high = one_sided(tally.happened + tally.unresolved, tally.runs, confidence).high
    low = one_sided(tally.happened, tally.runs, confidence).low
    if low > accepted:
        rests = ignorance.low <= accepted
        why = "but some guesses at the unknown constants would meet it" if rests else ""
        return Verdict("not met", why, None, rests_on_values=rests)
    if high <= accepted:
        if ignorance.high > accepted:
            why = "it rests on constants that nobody has measured"
            return Verdict("not shown", why, None, rests_on_values=True)
        return Verdict("met", "", None, rests_on_values=False)
    without = one_sided(tally.happened, tally.runs, confidence).high <= accepted
    if tally.unresolved and (without or tally.unresolved > accepted * tally.runs):
        why = f"{tally.unresolved:,} unresolved runs decide it, more runs would not"
        return Verdict("not shown", why, None, rests_on_values=False)
    more = more_runs(tally.happened, tally.runs, accepted, confidence)
    way = "not met" if tally.chance > accepted else "met"
    few = f"too few runs: {more or 0:,} more would show that it is {way}, if its chance stays as it is"
    why = few if more else "its chance is what is accepted"
    rests = ignorance.low <= accepted < ignorance.high
    return Verdict("not shown", why, more, rests_on_values=rests)


def overall(verdicts: list[Verdict]) -> Word:
    """Return the verdict on all criteria: the worst of them."""
    words = {verdict.word for verdict in verdicts}
    for word in ("not met", "not shown", "met"):
        if word in words:
            return word
    return "no criterion"
