"""A whole report as data: texts, tables and drawings, for the page and for the brief alike."""

from typing import Any

from precipice.report.document import (
    assumption_table,
    flight_table,
    hazard_table,
    place_table,
    worst_table,
)
from precipice.report.document.again import again
from precipice.report.document.card import rider_card
from precipice.report.document.drawing import Drawing
from precipice.report.document.folder import Told
from precipice.report.document.hazard_figure import driver_figure, hazard_figure, verdict_drawing
from precipice.report.document.map_figure import heights_of, map_figure, near_window, whole_window
from precipice.report.document.opening import opening
from precipice.report.document.ranking import ranked
from precipice.report.document.side_figure import side_figure
from precipice.report.document.strip_figure import strip_figure
from precipice.report.picture import key_facts
from precipice.risk.assessment import Assessment

MARKS = ("met", "not met", "not shown", "no criterion")


def content_of(told: Told) -> dict[str, Any]:
    """Return everything that a report shows; drawings are `Drawing`s.

    Args:
        told: What the report is about.
    """
    found = told.assessment
    return {
        "opening": opening(told),
        "marks": {word: verdict_drawing(word) for word in MARKS},
        "flight": _flight(told),
        "maps": _maps(told),
        "hazards": None if found is None else _hazards(found),
        "drivers": [] if found is None else _drivers(found),
        "assumptions": _assumptions(told),
        "worst": {
            "heads": worst_table.HEADS,
            "rows": worst_table.worst_rows(told),
            "sections": worst_table.worst_sections(told),
        },
        "card": rider_card(told),
        "again": again(told),
        "campaign": found is not None,
    }


def _flight(told: Told) -> dict[str, Any]:
    run, scenario = told.run, told.scenario
    nominal = "the nominal run: every field at its centre, without gusts and bad luck"
    return {
        "which": nominal if run.run is None else f"run {run.run} of seed {run.seed}",
        "facts": key_facts(run, scenario),
        "strips": strip_figure(run),
        "close": side_figure(run, scenario, close=True),
        "side": side_figure(run, scenario, close=False),
        "event_heads": flight_table.event_heads(run),
        "events": flight_table.event_rows(run, scenario),
        "margin_heads": flight_table.MARGIN_HEADS,
        "margins": flight_table.margin_rows(run, scenario),
    }


def _maps(told: Told) -> dict[str, Any]:
    run, scenario = told.run, told.scenario
    heights, points = heights_of(run, scenario), place_table.footprints(told)
    aim = tuple(part for part in points if part.look == "landed") or points
    whole = map_figure(run, scenario, heights, whole_window(run, scenario, points, (1000.0, 560.0)), points)
    near = map_figure(run, scenario, heights, near_window(run, scenario, aim, (640.0, 520.0)), points)
    return {
        "whole": whole,
        "near": near,
        "legend": [{**row, "drawing": _mark(row)} for row in place_table.legend(told)],
        "spread_heads": place_table.SPREAD_HEADS,
        "spreads": place_table.spread_rows(told),
        "people_heads": place_table.people_heads(told),
        "people": place_table.people_rows(told),
        "note": place_table.people_note(told),
    }


def _mark(row: dict[str, Any]) -> Drawing:
    """Return a mark of the maps alone, beside its words."""
    import numpy as np

    drawing = Drawing(26.0, 16.0, row["words"])
    places = np.array([[7.0, 5.0], [14.0, 10.0], [19.0, 5.0]])
    if row["mark"] == "circle":
        drawing.circle(13.0, 8.0, 6.5, row["look"])
    elif row["mark"] == "cross":
        drawing.crosses(places, row["look"])
    else:
        drawing.dots(places, row["look"])
    return drawing


def _hazards(found: Assessment) -> dict[str, Any]:
    return {
        "figure": hazard_figure(found),
        "heads": hazard_table.HEADS,
        "rows": hazard_table.hazard_rows(found),
        "totals": hazard_table.totals(found),
        "notes": hazard_table.notes(found),
        "zero": found.zero,
        "severity_heads": hazard_table.SEVERITY_HEADS,
        "severity": hazard_table.severity_rows(found),
    }


def _drivers(found: Assessment) -> list[dict[str, Any]]:
    figures = [(hazard, driver_figure(hazard)) for hazard in ranked(found)]
    return [
        {"hazard": hazard.name, "word": hazard.verdict.word, "figure": figure}
        for hazard, figure in figures
        if figure is not None
    ]


def _assumptions(told: Told) -> dict[str, Any]:
    return {
        "words": assumption_table.basis_words(told.scenario),
        "heads": assumption_table.HEADS,
        "weightiest": assumption_table.weightiest(told),
        "groups": assumption_table.assumption_groups(told.scenario),
    }
