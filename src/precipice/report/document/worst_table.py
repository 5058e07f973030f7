"""The worst runs of a campaign: which, by how much, how to fly them again, and what was unusual in them."""

from typing import Any

import numpy as np

from precipice.campaign.draws import LUCK, draw_numbers
from precipice.report.document.assumption_table import pretty
from precipice.report.document.flight_table import event_rows
from precipice.report.document.folder import Told
from precipice.report.document.hazard_table import told as said
from precipice.report.document.ranking import ranked
from precipice.report.document.side_figure import NARROW, side_figure
from precipice.report.scene import distance_out
from precipice.report.side import CLOSE
from precipice.report.words import WELL, outcome_words
from precipice.simulation.run import Run

HEADS = ["hazard", "run", "left to the limit", "fly it again"]
UNUSUAL = 6
"""Fields that are named of each run."""


def worst_rows(told: Told, most: int = 3) -> list[dict[str, Any]]:
    """Return the worst runs of each hazard, a row each.

    Args:
        told: What the report is about.
        most: Runs of each hazard.
    """
    found = told.assessment
    if found is None:
        return []
    inside = {run.run for _, run in told.worst}
    rows = []
    for hazard in ranked(found):
        if not hazard.worst or (not hazard.tally.happened and hazard.margin_low is None):
            continue
        for worst in hazard.worst[:most]:
            left = said(worst.margin, hazard.margin_unit, sign=True)
            here = worst.run in inside
            command = _command(told, worst.run)
            rows.append(
                {"hazard": hazard.name, "run": worst.run, "left": left, "command": command, "here": here}
            )
    return rows


def _command(told: Told, run: int) -> str:
    assert told.assessment is not None
    return f"precipice fly {told.scenario.file} --run {run} --seed {told.assessment.seed}"


def worst_sections(told: Told) -> list[dict[str, Any]]:
    """Return the runs that were flown again, each with a side view, its events and what was unusual."""
    if told.assessment is None or told.flights is None:
        return []
    return [_section(told, hazard, run) for hazard, run in told.worst]


def _section(told: Told, hazard: str, run: Run) -> dict[str, Any]:
    far = _ends_far(told, run)
    return {
        "run": run.run,
        "hazard": hazard,
        "outcome": outcome_words(run, told.scenario),
        "unusual": unusual(told, run),
        "drawing": side_figure(run, told.scenario, close=not far, width=NARROW),
        "events": [[row[0], row[1], row[2], row[5]] for row in event_rows(run, told.scenario)],
        "command": _command(told, run.run or 0),
    }


def _ends_far(told: Told, run: Run) -> bool:
    """Return whether a run went wrong far from the lip, so that its beginning would not show it."""
    end = [event for event in run.events if event.body == run.subject][-1]
    out = float(distance_out(run, told.scenario, end.position))
    return run.outcome not in WELL and (out > CLOSE or end.position[2] < -400.0)


def unusual(told: Told, run: Run) -> list[str]:
    """Return what was drawn farthest from its middle in a run, and what bad luck it had.

    Args:
        told: Gives what other runs drew.
        run: One of them.
    """
    assert told.flights is not None
    happened = _bad_luck(told, run)
    known = told.scenario.uncertain()
    ranks = {
        path: _rank(told.flights.values[path], run.values[path])
        for path in known
        if path in told.flights.values and path in run.values
    }
    spared = {f"rig.malfunction.{name}.value" for name in LUCK if name not in happened}
    told_of = [path for path in ranks if path not in spared]
    farthest = sorted(told_of, key=lambda path: -abs(ranks[path] - 0.5))[:UNUSUAL]
    return [
        *(f"bad luck: {name.replace('_', ' ')}" for name in happened),
        *(
            f"{path} {pretty(run.values[path], known[path].unit)}: {_rank_words(ranks[path])}"
            for path in farthest
        ),
    ]


def _rank(column: np.ndarray, value: float) -> float:
    """Return which share of drawn values lies below one, half of those alike included."""
    return float(np.mean(column < value) + 0.5 * np.mean(column == value))


def _rank_words(rank: float) -> str:
    share = rank if rank < 0.5 else 1.0 - rank
    side = "lower" if rank < 0.5 else "higher"
    return f"{100.0 * share:.2g} % of runs are {side}"


def _bad_luck(told: Told, run: Run) -> list[str]:
    """Return which malfunctions a run had, as its draws say."""
    if run.run is None or run.seed is None:
        return []
    luck = draw_numbers(told.scenario, run.seed, [run.run])[1]
    names = [name for name in luck if f"rig.malfunction.{name}.chance" in run.values]
    return [name for name in names if float(luck[name][0]) < run.values[f"rig.malfunction.{name}.chance"]]
