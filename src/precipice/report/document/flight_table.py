"""One run in tables: its events and its margins."""

from precipice.report.event_table import event_numbers
from precipice.report.margins import margins
from precipice.report.scene import low_word, origin_word, zero_time, zero_word
from precipice.report.words import number, quantity
from precipice.scenario.scenario import Scenario
from precipice.simulation.run import Run


def event_heads(run: Run) -> list[str]:
    """Return the heads of the table of events, with units."""
    return [
        f"after {zero_word(run)} [s]",
        "event",
        "height above ground [m]",
        f"above {low_word(run)} [m]",
        f"out from {origin_word(run)} [m]",
        "speed [m/s]",
        "speed [km/h]",
        "load [g]",
        "climb [m/s]",
    ]


def event_rows(run: Run, scenario: Scenario) -> list[list[str]]:
    """Return the events of a run, a row each; see `event_heads`."""
    zero = zero_time(run)
    return [
        [
            number(None if zero is None else event.t - zero, 2, sign=True),
            event.name,
            *event_numbers(event, run, scenario),
        ]
        for event in run.events
    ]


MARGIN_HEADS = ["margin", "found", "limit", "to spare", "limit from"]


def margin_rows(run: Run, scenario: Scenario) -> list[dict[str, object]]:
    """Return the margins of a run, a row each, and whether it is short."""
    return [
        {
            "short": margin.short,
            "cells": [
                margin.label,
                quantity(margin.found, margin.unit),
                quantity(margin.limit, margin.unit),
                "not reached" if margin.value is None else quantity(margin.value, margin.unit, sign=True),
                margin.source,
            ],
        }
        for margin in margins(run, scenario).values()
    ]
