"""What a reader sees first: which stunt, where, the verdict, what would flip it, what holds it back."""

import math
from typing import Any

from precipice.report.assessment import flip_words, unresolved_words
from precipice.report.assumptions import not_modelled
from precipice.report.document.folder import Told
from precipice.report.document.ranking import obstacles
from precipice.report.margins import margins
from precipice.report.words import WELL, between, datum_words, outcome_words, quantity
from precipice.risk.assessment import Assessment
from precipice.scenario.kind import MEANING
from precipice.scenario.scenario import Scenario


def opening(told: Told) -> dict[str, Any]:
    """Return the first screen as data.

    Args:
        told: What the report is about.
    """
    scenario = told.scenario
    start = {
        "title": scenario.title or scenario.file,
        "where": _where(scenario),
        "kind": f"{scenario.kind}: {MEANING[scenario.kind]}",
        "caution": "A planning aid, never a clearance to jump.",
    }
    return {**start, **(_of_run(told) if told.assessment is None else _of_campaign(told.assessment))}


def _where(scenario: Scenario) -> str:
    site = scenario.site
    latitude, longitude = (math.degrees(part.value) for part in (site.latitude, site.longitude))
    place = f"{abs(latitude):.5f}° {'N' if latitude >= 0 else 'S'}, {abs(longitude):.5f}° "
    place += "E" if longitude >= 0 else "W"
    zero = datum_words(site.vertical_datum)
    levels = [] if site.altitude is None else [f"{site.altitude.text} above {zero}"]
    names = [] if site.landing is None else [f"landing: {site.landing.name}"]
    return " · ".join(part for part in (site.name, place, *levels, *names, _when(scenario)) if part)


def _when(scenario: Scenario) -> str:
    """Return date and time as written, local, with what tells UTC from it."""
    site = scenario.site
    when = " ".join(str(part) for part in (site.date, site.time) if part is not None)
    if site.time is None:
        return when
    sign, minutes = "-" if site.utc_offset < 0.0 else "+", round(abs(site.utc_offset) / 60.0)
    return f"{when} UTC" + (f"{sign}{minutes // 60:02}:{minutes % 60:02}" if minutes else "")


def _of_campaign(found: Assessment) -> dict[str, Any]:
    return {
        "flown": f"{found.runs:,} runs of seed {found.seed}",
        "word": found.verdict,
        "verdict": found.verdict,
        "summary": " ".join(part for part in (_summary(found), _deaths(found)) if part),
        "doubts": _lost(found),
        "flips": _flips(found),
        "obstacles": [part._asdict() for part in obstacles(found)],
        "no_obstacles": "Nothing: every criterion is met, and nothing else happened in these runs.",
        "unseen": list(found.unseen),
    }


def _flips(found: Assessment) -> str:
    words = flip_words(found.flip, found)
    # A field's path is code, and stays as it is.
    return words if found.flip is not None and found.flip.field else words[:1].upper() + words[1:]


def _summary(found: Assessment) -> str:
    named = [hazard for hazard in found.hazards if hazard.criterion is not None]
    if not named:
        return "Nobody has said which chance is accepted: add a [[criterion]] to the scenario."
    words = ("met", "not met", "not shown")
    counts = [(word, sum(hazard.verdict.word == word for hazard in named)) for word in words]
    told = ", ".join(f"{count} {word}" for word, count in counts if count)
    return (
        f"Of {len(named)} criteria: {told}."
        if len(named) > 1
        else f"The one criterion is {named[0].verdict.word}."
    )


def _deaths(found: Assessment) -> str:
    """Return in how many runs somebody dies, between two readings; empty where the stunt has no person."""
    level = next((level for level in found.severity if level.level == "fatal"), None)
    if level is None:
        return ""
    ends = between(level.first / level.runs, level.last / level.runs)
    return f"By the severity table, somebody dies in {ends} of the runs."


def _lost(found: Assessment) -> str:
    if not found.unresolved:
        return ""
    runs = "1 run is" if found.unresolved == 1 else f"{found.unresolved:,} runs are"
    return f"{runs} unresolved{unresolved_words(found)}: harmless in lower bounds, harmful in upper ones."


def _of_run(told: Told) -> dict[str, Any]:
    run, scenario = told.run, told.scenario
    left = [margin for margin in margins(run, scenario).values() if margin.value is not None]
    short = [margin for margin in left if margin.short]
    well = run.resolved and run.outcome in WELL and not short
    nominal = "nominal run: every field at its centre, without gusts and bad luck"
    return {
        "flown": nominal if run.run is None else f"run {run.run} of seed {run.seed}",
        # One run meets nothing: only many can.
        "word": "no criterion" if well else "not shown" if not run.resolved else "not met",
        "verdict": outcome_words(run, scenario),
        "summary": "One run shows one course of events. Chances need many: precipice assess.",
        "doubts": ""
        if run.resolved
        else "UNRESOLVED: these numbers cannot be trusted. " + "; ".join(run.doubts),
        "flips": "",
        "obstacles": [
            {
                "word": "not met",
                "title": margin.label,
                "words": f"short by {quantity(-(margin.value or 0.0), margin.unit)}: "
                f"{quantity(margin.found, margin.unit)}, limit {quantity(margin.limit, margin.unit)} "
                f"({margin.source}).",
            }
            for margin in short[:3]
        ],
        "no_obstacles": "No margin is short in this run.",
        "unseen": not_modelled(run, scenario),
    }
