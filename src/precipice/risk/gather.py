"""What is kept of every run to judge it: hazards and points, shard by shard, so that a million runs fit."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from precipice.campaign.draws import draw_numbers
from precipice.campaign.piece import Columns
from precipice.risk.hazard import Flights, Found, Measured, measure_hazards
from precipice.risk.severity import Graded, grade_runs
from precipice.scenario.kind import DROP, MAIN
from precipice.scenario.scenario import Scenario

FIRST, WORST = 300, 50
"""Runs whose tracks are kept: the first ones, and the worst with each hazard."""


class Gathered(NamedTuple):
    """Runs as they are judged.

    Attributes:
        found: Every hazard with what all runs did.
        resolved: Whether each run can be trusted, `(n,)`.
        outcome: Index into `OUTCOMES`, `(n,)`.
        landing: Where performers or vehicles landed, east and north, `(m, 2)` [m]; None where none does.
        fallen: The same of what falls without a parachute, by "contact" and "rest".
        graded: How badly the person of each run is hurt; None where the stunt has none.
    """

    found: list[Found]
    resolved: np.ndarray
    outcome: np.ndarray
    landing: np.ndarray | None
    fallen: dict[str, np.ndarray]
    graded: Graded | None


def gather(scenario: Scenario, seed: int, shards: Iterable[Columns]) -> Gathered:
    """Return what is kept of runs.

    Args:
        scenario: What was decided.
        seed: Of the draws.
        shards: Numbers of the runs by name, each `(k,)`, in order of the runs from the first.
    """
    first, parts = 0, []
    for columns in shards:
        last = first + len(columns["resolved"])
        values, _ = draw_numbers(scenario, seed, range(first, last))
        parts.append(_part(Flights(columns, values, scenario)))
        first = last
    landings = [part.landing for part in parts if part.landing is not None]
    return Gathered(
        # One hazard after the other, from the last, so that its parts are free before the next is joined.
        found=[_joined([part.found.pop() for part in parts]) for _ in range(len(parts[0].found))][::-1],
        resolved=np.concatenate([part.resolved for part in parts]),
        outcome=np.concatenate([part.outcome for part in parts]),
        landing=np.concatenate(landings) if landings else None,
        fallen={name: np.concatenate([part.fallen[name] for part in parts]) for name in parts[0].fallen},
        graded=_joined_grades([part.graded for part in parts if part.graded is not None]),
    )


def _joined_grades(parts: list[Graded]) -> Graded | None:
    return Graded(*(np.concatenate(columns) for columns in zip(*parts, strict=True))) if parts else None


def worth_keeping(gathered: Gathered) -> list[int]:
    """Return the runs whose tracks a person may want: the first ones, and the worst with each hazard.

    Args:
        gathered: From `gather`.
    """
    wanted = list(range(min(FIRST, len(gathered.resolved))))
    for found in gathered.found:
        runs = np.flatnonzero(found.measured.happened & gathered.resolved)
        margins = found.measured.margin[runs]
        order = np.argsort(np.where(np.isfinite(margins), margins, np.inf), kind="stable")
        wanted += [int(run) for run in runs[order][:WORST]]
    return list(dict.fromkeys(wanted))


def _part(flights: Flights) -> Gathered:
    return Gathered(
        [_lean(found) for found in measure_hazards(flights)],
        np.asarray(flights.columns["resolved"]),
        np.rint(flights.columns["outcome"]).astype(np.int8),
        _landing(flights),
        _fallen(flights),
        None if flights.scenario.kind in DROP else grade_runs(flights),
    )


def _lean(found: Found) -> Found:
    happened, margin, t, unit = found.measured
    return found._replace(
        measured=Measured(happened, np.asarray(margin, np.float32), np.asarray(t, np.float32), unit)
    )


def _joined(parts: list[Found]) -> Found:
    measured = [part.measured for part in parts]
    return parts[0]._replace(
        measured=Measured(
            np.concatenate([part.happened for part in measured]),
            np.concatenate([part.margin for part in measured]),
            np.concatenate([part.t for part in measured]),
            measured[0].unit,
        )
    )


def places(flights: Flights) -> tuple[np.ndarray | None, dict[str, np.ndarray]]:
    """Return where landings were, and where what has no parachute came down; see `Gathered`."""
    return _landing(flights), _fallen(flights)


def _landing(flights: Flights) -> np.ndarray | None:
    if flights.scenario.kind in DROP:
        return None
    landed = flights.ended("landed", "landed-in-water", "missed-surface") & flights.columns["resolved"]
    if "landing_east" in flights.columns:
        return _points(flights, "landing")[landed]
    away = flights.number("jump_distance")[landed]
    azimuth = flights.values["run_up.azimuth"][landed]
    return np.stack([away * np.sin(azimuth), away * np.cos(azimuth)], axis=1)


def _fallen(flights: Flights) -> dict[str, np.ndarray]:
    if flights.scenario.kind not in MAIN | DROP:
        return {}
    named = "motorcycle_" if flights.scenario.kind in MAIN else ""
    fell = flights.columns["resolved"]
    if flights.scenario.kind in MAIN:
        fell = fell & flights.parted
    return {part: _points(flights, f"{named}{part}")[fell] for part in ("contact", "rest")}


def _points(flights: Flights, name: str) -> np.ndarray:
    return np.stack([flights.columns[f"{name}_east"], flights.columns[f"{name}_north"]], axis=1)
