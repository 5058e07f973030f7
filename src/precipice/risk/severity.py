"""How badly people are hurt in many runs: each contact against the severity table."""

from typing import NamedTuple

import numpy as np

from precipice.risk.contact import Contact, find_contacts
from precipice.risk.hazard import Flights
from precipice.risk.severity_table import LEVELS, ROWS
from precipice.statistics import one_sided

KINDS = ("", *ROWS)
"""Kinds of contact; the first stands for runs in which nobody is hurt."""


class Graded(NamedTuple):
    """How badly the person of each run is hurt, as an index into `LEVELS`.

    A run ends at the first contact. So there are two readings: that contact alone, and the rest of the
    height fallen freely after it. The truth of one run lies between them.

    Attributes:
        first: By the first contact alone; a contact of unknown speed counts as none, `(n,)`.
        last: With the rest of the height fallen; a contact of unknown speed counts as fatal, `(n,)`.
        kind: Contact that is worst by the second reading, as an index into `KINDS`, `(n,)`.
        resolved: Whether the run can be trusted, `(n,)`.
    """

    first: np.ndarray
    last: np.ndarray
    kind: np.ndarray
    resolved: np.ndarray


def grade_runs(flights: Flights) -> Graded:
    """Return how badly the person of each run is hurt.

    Args:
        flights: Flown runs.

    Raises:
        InputError: When the stunt has no person in it.
    """
    runs = len(flights.columns["resolved"])
    # Small numbers: a million runs are kept at once.
    first, last, kind = (np.zeros(runs, np.int8) for _ in range(3))
    for contact in find_contacts(flights):
        low, high = _grade(contact)
        kind[high > last] = KINDS.index(contact.kind)
        first, last = (np.maximum(old, new).astype(np.int8) for old, new in ((first, low), (last, high)))
    return Graded(first, last, kind, np.asarray(flights.columns["resolved"]))


def _grade(contact: Contact) -> tuple[np.ndarray, np.ndarray]:
    row = ROWS[contact.kind]
    unknown = contact.happened & np.isnan(contact.last)
    low = np.where(contact.happened, row.grade(contact.first), 0)
    high = np.where(contact.happened, row.grade(contact.last), 0)
    return low, np.where(unknown, len(LEVELS) - 1, high)


class SeverityCount(NamedTuple):
    """In how many runs somebody is hurt so badly, or worse.

    Attributes:
        level: From `LEVELS`.
        first: Runs by the first contact alone.
        last: Runs with the rest of the height fallen.
        unresolved: Runs that may or may not be among them.
        runs: All.
        low: One-sided lower bound: by the first contact, no unresolved run among them.
        high: One-sided upper bound: with the rest fallen, every unresolved run among them.
        confidence: Of each bound.
    """

    level: str
    first: int
    last: int
    unresolved: int
    runs: int
    low: float
    high: float
    confidence: float


def count_severities(graded: Graded, confidence: float = 0.95) -> tuple[SeverityCount, ...]:
    """Return in how many runs somebody is hurt at least so badly: minor, severe, fatal.

    Args:
        graded: Severity of each run.
        confidence: Of each bound.
    """
    runs, known = len(graded.resolved), graded.resolved
    unresolved = runs - int(np.sum(known))
    found = []
    for index, level in enumerate(LEVELS[1:], start=1):
        first, last = (int(np.sum((grade >= index) & known)) for grade in (graded.first, graded.last))
        low = one_sided(first, runs, confidence).low
        high = one_sided(last + unresolved, runs, confidence).high
        found.append(SeverityCount(level, first, last, unresolved, runs, low, high, confidence))
    return tuple(found)


def count_kinds(graded: Graded) -> dict[str, tuple[int, ...]]:
    """Return what hurt people: by kind of contact, in how many resolved runs minor, severe, fatal.

    By the reading with the rest of the height fallen; the commonest first.

    Args:
        graded: Severity of each run.
    """
    found = {}
    for index, kind in enumerate(KINDS):
        if not index or not np.any(graded.kind == index):
            continue
        of_it = graded.last[(graded.kind == index) & graded.resolved]
        found[kind] = tuple(int(np.sum(of_it == level)) for level in range(1, len(LEVELS)))
    return dict(sorted(found.items(), key=lambda item: -sum(item[1])))
