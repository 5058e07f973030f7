"""Every hazard of a campaign as a row of words and numbers."""

import math
from typing import Any

from precipice.report.words import between, number, quantity, share
from precipice.risk.assessment import Assessment, Hazard

HEADS = ["hazard", "runs", "chance", "bounds", "over guesses", "accepted", "verdict", "counts from", "when"]
_UNITS = {"m/s^2": ("m/s²", 1.0), "rad/s": ("deg/s", 180.0 / math.pi)}


def hazard_rows(found: Assessment) -> list[dict[str, Any]]:
    """Return the hazards of a campaign, a row each.

    Args:
        found: From a campaign.
    """
    return [_row(hazard, guessed=found.guesses[0] > 0) for hazard in found.hazards]


def _row(hazard: Hazard, *, guessed: bool) -> dict[str, Any]:
    tally, criterion, verdict = hazard.tally, hazard.criterion, hazard.verdict
    low, high = hazard.ignorance
    over = "" if not guessed else "no spread seen" if low == high else between(low, high)
    accepted = "nobody said" if criterion is None else f"{share(criterion.chance)} ({criterion.accepted_by})"
    why = verdict.why + (f": measure {', '.join(verdict.settled_by)}" if verdict.settled_by else "")
    return {
        "word": verdict.word,
        "why": why,
        "cells": [
            hazard.name,
            f"{tally.happened:,}",
            share(tally.chance),
            between(tally.low, tally.high),
            over,
            accepted,
        ],
        "limit": limit_words(hazard),
        "when": _when(hazard),
    }


def _when(hazard: Hazard) -> str:
    """Return early, median and late; a lip that was not reached has no time after the takeoff."""
    if hazard.when is None or hazard.name == "lip not reached":
        return ""
    return " · ".join(number(part) for part in hazard.when)


def limit_words(hazard: Hazard) -> str:
    """Return from where on a hazard counts, and where that comes from."""
    limit = hazard.limit
    if limit.value is None or limit.unit == "1":
        return limit.source
    return f"{limit.words} {told(limit.value, limit.unit)}: {limit.source}".strip()


def told(value: float | None, unit: str, *, sign: bool = False) -> str:
    """Return a number in the unit in which people say it."""
    name, scale = _UNITS.get(unit, (unit, 1.0))
    return quantity(None if value is None else scale * value, name, sign=sign)


def notes(found: Assessment) -> list[str]:
    """Return what the two kinds of doubt mean, in sentences."""
    sure = " or ".join(f"{100.0 * part:g} %" for part in sorted({h.tally.confidence for h in found.hazards}))
    bounds = (
        f"Bounds (thick bar) are exact (Clopper-Pearson), each {sure} sure: what too few runs leave open. "
        "More runs make them narrower."
    )
    if not found.guesses[0]:
        return [bounds]
    count, runs = found.guesses
    guesses = (
        f"The range over guesses (dashed line) runs from the 5th to the 95th percentile of the chance over "
        f"{count} guesses at {len(found.constants)} unknown constants, {runs} runs each: no number of runs "
        "makes it narrower, a measurement does."
    )
    return [bounds, guesses]


SEVERITY_HEADS = ["somebody is hurt, at least", "first contact alone", "all of the fall", "bounds"]


def severity_rows(found: Assessment) -> list[list[str]]:
    """Return how badly somebody is hurt, a row for each level; empty where the stunt has no person."""
    return [
        [
            level.level,
            f"{level.first:,} runs ({share(level.first / level.runs)})",
            f"{level.last:,} runs ({share(level.last / level.runs)})",
            between(level.low, level.high),
        ]
        for level in found.severity
    ]


def totals(found: Assessment) -> list[list[str]]:
    """Return the chances of any hazard at all, and of any with a criterion."""
    return [
        [name, f"{whole.happened:,}", share(whole.chance), between(whole.low, whole.high)]
        for name, whole in (("any of these", found.any_hazard), ("any with a criterion", found.any_criterion))
    ]
