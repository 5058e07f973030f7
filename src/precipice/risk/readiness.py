"""Whether rehearsals show that a stunt is ready: attempts, failures, intervals, and what is missing."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from precipice.risk.hand_count import Count
from precipice.risk.limit import criterion_of, limit_of
from precipice.risk.rehearsed import SPOKEN, Attempt, attempts, evidence
from precipice.scenario.criterion import HAZARDS, Criterion
from precipice.scenario.scenario import Scenario
from precipice.statistics import Interval, jeffreys, one_sided, runs_needed
from precipice.training.logbook import Logbook, name_of

Word = Literal["shown", "not met", "not shown", "no evidence"]
DOUBT = 2.0
"""Standard deviations from the limit within which nobody can say whether it was passed."""


class Piece(NamedTuple):
    """What one kind of rehearsal gave, by logs or by hand.

    Attributes:
        rehearsal: What was rehearsed.
        how: Whether logs show it or a person counted it.
        attempts: Jumps whose log shows it, or that were watched; those of both count as logged ones.
        failures: That certainly happened.
        undecided: So near to the limit that the log cannot tell.
        failed: Names of the failures and of the undecided, at most ten; days of those counted by hand.
        days: First and last.
        training_days: How many.
        counted_by: Who counted by hand.
        same_jumps: Days counted by hand that are logged, too, so that only what was seen beyond counts.
    """

    rehearsal: str
    how: Literal["logged", "counted by hand"]
    attempts: int
    failures: int
    undecided: int
    failed: tuple[str, ...]
    days: tuple[str, str]
    training_days: int
    counted_by: tuple[str, ...] = ()
    same_jumps: tuple[str, ...] = ()


class Shown(NamedTuple):
    """What rehearsals show about one criterion.

    Attributes:
        hazard: Its name.
        criterion: What is accepted.
        limit: From where on it counts, in words.
        pieces: By rehearsal.
        attempts: In all.
        failures: Certain ones.
        undecided: Counted as passed in lower bounds, as failed in upper ones.
        exact: One-sided Clopper-Pearson bounds.
        bayes: One-sided Jeffreys bounds.
        word: What can be said.
        missing: What would be needed, a sentence; empty when it is shown.
        more: Jumps without another failure that would show it; None where jumps do not help.
        days: Training days that these take at the present rate; None without a rate.
        until: Weeks at the present rate of the calendar; None without a rate.
        aside: Counted by hand, but in rehearsals that do not speak to it: rehearsal and attempts.
    """

    hazard: str
    criterion: Criterion
    limit: str
    pieces: tuple[Piece, ...]
    attempts: int
    failures: int
    undecided: int
    exact: Interval
    bayes: Interval
    word: Word
    missing: str
    more: int | None
    days: int | None
    until: float | None
    aside: tuple[tuple[str, int], ...] = ()


class Readiness(NamedTuple):
    """What a logbook says about a stunt.

    Attributes:
        scenario: Title.
        file: Of the scenario.
        kind: Of stunt.
        logbook: Its path.
        jumps: Real ones in it.
        synthetic: Jumps that nobody made, left out.
        criteria: In the order of the scenario.
        silent: Hazards of this stunt that no criterion names.
        ready: Whether every criterion is shown by rehearsal, and there is at least one.
        counted: Lines of outcomes that were counted by hand.
        unasked: Hazards that were counted by hand and that no criterion names.
    """

    scenario: str
    file: str
    kind: str
    logbook: str
    jumps: int
    synthetic: int
    criteria: tuple[Shown, ...]
    silent: tuple[str, ...]
    ready: bool
    counted: int = 0
    unasked: tuple[str, ...] = ()


def assess_readiness(scenario: Scenario, logbook: Logbook, outcomes: Sequence[Count] = ()) -> Readiness:
    """Return what rehearsals show about every criterion of a stunt.

    Args:
        scenario: The stunt.
        logbook: Of the rehearsals; synthetic jumps are left out.
        outcomes: Counted by hand. On a day that has logged jumps of the same rehearsal they are the same
            jumps, and count once, unless they say that they are others.
    """
    names = list(dict.fromkeys(criterion.hazard for criterion in scenario.criterion))
    found = tuple(_shown(name, scenario, logbook, outcomes) for name in names)
    real = len(evidence(logbook))
    kinds = [name for name, hazard in HAZARDS.items() if scenario.kind in hazard.kinds]
    return Readiness(
        scenario=scenario.title,
        file=scenario.file,
        kind=scenario.kind,
        logbook=str(logbook.path),
        jumps=real,
        synthetic=len(logbook) - real,
        criteria=found,
        silent=tuple(name for name in kinds if name not in names),
        ready=bool(found) and all(shown.word == "shown" for shown in found),
        counted=len(outcomes),
        unasked=tuple(
            dict.fromkeys(outcome.criterion for outcome in outcomes if outcome.criterion not in names)
        ),
    )


def _shown(hazard: str, scenario: Scenario, logbook: Logbook, outcomes: Sequence[Count]) -> Shown:
    criterion = criterion_of(scenario, hazard)
    assert criterion is not None
    limit = limit_of(scenario, hazard, criterion)
    by_rehearsal = attempts(hazard, logbook, scenario, limit)
    named = [outcome for outcome in outcomes if outcome.criterion == hazard]
    speak = SPOKEN[hazard].watched.get(scenario.kind, ())
    pieces: tuple[Piece, ...] = ()
    for name in SPOKEN[hazard].by(scenario.kind):
        told = by_rehearsal.get(name, [])
        if told:
            pieces += (_piece(name, told),)
        by_hand = [outcome for outcome in named if outcome.rehearsal == name] if name in speak else []
        if by_hand:
            pieces += (_counted_piece(name, by_hand, told),)
    aside = {name: 0 for name in (outcome.rehearsal for outcome in named) if name not in speak}
    for outcome in named:
        if outcome.rehearsal in aside:
            aside[outcome.rehearsal] += outcome.attempts
    count = sum(piece.attempts for piece in pieces)
    failures = sum(piece.failures for piece in pieces)
    undecided = sum(piece.undecided for piece in pieces)
    confidence = criterion.confidence
    exact, bayes = (
        Interval(bound(failures, count, confidence).low, bound(failures + undecided, count, confidence).high)
        for bound in (one_sided, jeffreys)
    )
    word = _word(count, exact, criterion)
    more = None
    if word == "not shown" or (word == "no evidence" and SPOKEN[hazard].by(scenario.kind)):
        more = runs_needed(criterion.chance, confidence, failures + undecided) - count
    dates = {row["day"] for told in by_rehearsal.values() for row, _ in told if row["day"]}
    dates |= {outcome.date for outcome in named if outcome.rehearsal in speak}
    days, until = _duration(more, count, dates)
    return Shown(
        hazard,
        criterion,
        f"{limit.words or hazard}: {limit.source}",
        pieces,
        count,
        failures,
        undecided,
        exact,
        bayes,
        word,
        _missing(word, hazard, scenario, more, exact, criterion),
        more,
        days,
        until,
        tuple(aside.items()),
    )


def _piece(rehearsal: str, told: list[tuple[Any, Attempt]]) -> Piece:
    near = [(row, attempt) for row, attempt in told if attempt.left < DOUBT * attempt.error]
    failed = [row for row, attempt in near if attempt.left < -DOUBT * attempt.error]
    days = sorted({row["day"] for row, _ in told if row["day"]})
    return Piece(
        rehearsal,
        "logged",
        len(told),
        len(failed),
        len(near) - len(failed),
        tuple(name_of(row) for row, _ in sorted(near, key=lambda pair: pair[1].left))[:10],
        (days[0], days[-1]) if days else ("", ""),
        len(days),
    )


def _counted_piece(rehearsal: str, by_hand: list[Count], told: list[tuple[Any, Attempt]]) -> Piece:
    """Return what a person counted, beyond what logs of the same day and rehearsal show already.

    Who watches sees every jump of the day: of the two numbers of jumps, and of failures, the larger holds.
    """
    attempts = failures = 0
    failed: list[str] = []
    same: list[str] = []
    for outcome in by_hand:
        logged = [attempt for row, attempt in told if row["day"] == outcome.date]
        known = sum(attempt.left < -DOUBT * attempt.error for attempt in logged)
        seen, wrong = outcome.attempts, outcome.failures
        if logged and not outcome.other_jumps:
            seen, wrong = max(seen - len(logged), 0), max(wrong - known, 0)
            same.append(outcome.date)
        attempts, failures = attempts + seen, failures + wrong
        if wrong:
            failed.append(f"{wrong} on {outcome.date}" + (f" ({outcome.note})" if outcome.note else ""))
    days = sorted({outcome.date for outcome in by_hand})
    who = tuple(dict.fromkeys(outcome.counted_by for outcome in by_hand))
    return Piece(
        rehearsal,
        "counted by hand",
        attempts,
        failures,
        0,
        tuple(failed[:10]),
        (days[0], days[-1]),
        len(days),
        who,
        tuple(same),
    )


def _word(count: int, exact: Interval, criterion: Criterion) -> Word:
    if count == 0:
        return "no evidence"
    if exact.low > criterion.chance:
        return "not met"
    return "shown" if exact.high <= criterion.chance else "not shown"


def _duration(more: int | None, count: int, dates: set[str]) -> tuple[int | None, float | None]:
    """Return training days and weeks that more jumps take at the present rate."""
    if not more or not dates or not count:
        return None, None
    first, last = (dt.date.fromisoformat(day) for day in (min(dates), max(dates)))
    weeks = ((last - first).days + 1) / 7.0
    return -(-more * len(dates) // count), more * weeks / count


def _missing(
    word: Word, hazard: str, scenario: Scenario, more: int | None, exact: Interval, criterion: Criterion
) -> str:
    spoken = SPOKEN[hazard]
    which = spoken.by(scenario.kind)
    if word == "no evidence":
        if not which:
            return spoken.others or "no rehearsal in a log speaks to it"
        wanted = f"{more:,} jumps of {' or '.join(which)} without a failure"
        if not spoken.rehearsals.get(scenario.kind):
            wanted += ", counted by hand"
        needs = f"; a log needs {spoken.needs}" if spoken.needs else ""
        others = f"; {spoken.others}" if spoken.others else ""
        return f"{wanted}{needs}{others}"
    if word == "not met":
        return f"it failed too often: at least {exact.low:.2g} where {criterion.chance:.2g} is accepted"
    if word == "not shown":
        return f"{more:,} more jumps of {' or '.join(which)} without another failure"
    return ""


def readiness_json(found: Readiness) -> dict[str, Any]:
    """Return a readiness as one JSON object."""
    return {
        "schema_version": 1,
        "scenario": found.file,
        "kind": found.kind,
        "logbook": found.logbook,
        "jumps": found.jumps,
        "synthetic_left_out": found.synthetic,
        "counted_by_hand": found.counted,
        "ready": found.ready,
        "criteria": [
            {
                "hazard": shown.hazard,
                "accepted": shown.criterion.chance,
                "confidence": shown.criterion.confidence,
                "limit": shown.limit,
                "attempts": shown.attempts,
                "failures": shown.failures,
                "undecided": shown.undecided,
                "clopper_pearson": list(shown.exact),
                "jeffreys": list(shown.bayes),
                "verdict": shown.word,
                "missing": shown.missing or None,
                "more_jumps": shown.more,
                "training_days": shown.days,
                "weeks": shown.until,
                "evidence": [piece._asdict() for piece in shown.pieces],
                "does_not_speak_to_it": [
                    {"rehearsal": name, "attempts": count} for name, count in shown.aside
                ],
            }
            for shown in found.criteria
        ],
        "no_criterion": list(found.silent),
        "counted_without_criterion": list(found.unasked),
    }
