"""From flown runs to an assessment."""

from typing import NamedTuple

import numpy as np

from precipice.campaign.draws import LUCK, draw_numbers
from precipice.campaign.piece import Columns
from precipice.phases.sequence import OUTCOMES
from precipice.risk.assessment import Assessment, Hazard, Look, When, Worst
from precipice.risk.driver import Driver, Sorted, find_drivers, sort_fields
from precipice.risk.flip import Candidate, find_flip
from precipice.risk.hazard import Flights, Found, Measured, measure_hazards, unseen
from precipice.risk.ignorance import Ignorance
from precipice.risk.spread import PointSpread, spread_points
from precipice.risk.tally import tally
from precipice.risk.verdict import judge, overall
from precipice.scenario.kind import CANOPY, DROP, MAIN
from precipice.scenario.scenario import Scenario
from precipice.simulation.kind import KINDS
from precipice.statistics import Interval

CONFIDENCE = 0.95
"""Of the bounds of hazards that no criterion names."""
WORST = 5
DRIVERS = 6


class Circumstances(NamedTuple):
    """Under which runs are judged.

    Attributes:
        scenario: What was decided.
        seed: Of the draws.
        look: At which this is.
        looks: All that were declared.
        with_drivers: Whether to ask what drives each hazard.
    """

    scenario: Scenario
    seed: int
    look: Look
    looks: tuple[Look, ...]
    with_drivers: bool


def judge_runs(about: Circumstances, columns: Columns, ignorance: Ignorance | None) -> Assessment:
    """Return what runs say about every hazard.

    Args:
        about: What was flown.
        columns: Numbers of the runs by name, each `(n,)`.
        ignorance: Ranges over the unknown constants, None where there are none.
    """
    scenario, runs = about.scenario, len(columns["resolved"])
    values, luck = draw_numbers(scenario, about.seed, range(runs))
    flights = Flights(columns, values, scenario)
    found, resolved = measure_hazards(flights), columns["resolved"]
    fields = _fields(scenario, values, luck) if about.with_drivers else {}
    hazards = tuple(_hazard(item, about, resolved, ignorance, fields) for item in found)
    verdicts = [hazard.verdict for hazard in hazards]
    return Assessment(
        scenario=scenario.title,
        file=scenario.file,
        kind=scenario.kind,
        runs=runs,
        seed=about.seed,
        wall_s=0.0,
        unresolved=int(np.sum(~resolved)),
        hazards=hazards,
        any_hazard=tally(_any(found, runs), resolved, CONFIDENCE),
        any_criterion=tally(_any([f for f in found if f.criterion], runs), resolved, CONFIDENCE),
        verdict=overall(verdicts),
        flip=find_flip([_candidate(hazard) for hazard in hazards], scenario),
        unseen=tuple(unseen(flights)),
        outcomes=_outcomes(columns),
        landing_spread=_landing(flights),
        motorcycle_footprint=_footprint(flights),
        guesses=(0, 0) if ignorance is None else (ignorance.guesses, ignorance.runs),
        constants=() if ignorance is None else ignorance.constants,
        looks=about.looks,
        zero=KINDS[scenario.kind].zero,
    )


def _fields(
    scenario: Scenario, values: dict[str, np.ndarray], luck: dict[str, np.ndarray]
) -> dict[str, Sorted]:
    """Return what differs from run to run, sorted: uncertain fields, and whether each malfunction came."""
    uncertain = {path: values[path] for path in scenario.uncertain()}
    if scenario.kind in CANOPY:
        for name in LUCK:
            uncertain[f"luck.{name}"] = (luck[name] < values[f"rig.malfunction.{name}.chance"]).astype(float)
    return sort_fields(uncertain)


def _hazard(
    item: Found,
    about: Circumstances,
    resolved: np.ndarray,
    ignorance: Ignorance | None,
    fields: dict[str, Sorted],
) -> Hazard:
    criterion, measured = item.criterion, item.measured
    confidence = CONFIDENCE if criterion is None else criterion.confidence
    counted = tally(measured.happened, resolved, confidence)
    own = Interval(counted.chance, counted.chance)
    spread = own if ignorance is None else ignorance.ranges[item.name]
    share = about.look.share
    alpha = None if share is None or criterion is None else max(share * (1.0 - confidence), 1e-12)
    drivers: list[Driver] = []
    if about.with_drivers:
        margin = np.where(resolved, measured.margin, np.nan)
        drivers = find_drivers(fields, measured.happened & resolved, margin)[:DRIVERS]
    known = measured.margin[np.isfinite(measured.margin) & resolved]
    return Hazard(
        name=item.name,
        limit=item.limit,
        criterion=criterion,
        tally=counted,
        ignorance=spread,
        verdict=judge(counted, criterion, spread, alpha),
        when=_when(measured, resolved),
        worst=_worst(measured, resolved),
        margin_unit=measured.unit,
        margin_low=float(np.quantile(known, 0.05)) if known.size else None,
        margin_median=float(np.median(known)) if known.size else None,
        drivers=tuple(drivers),
    )


def _candidate(hazard: Hazard) -> Candidate:
    return Candidate(hazard.name, hazard.tally.chance, hazard.criterion, hazard.verdict, hazard.drivers)


def _any(found: list[Found], runs: int) -> np.ndarray:
    happened = np.zeros(runs, bool)
    for item in found:
        happened |= item.measured.happened
    return happened


def _when(measured: Measured, resolved: np.ndarray) -> When | None:
    times = measured.t[measured.happened & resolved & np.isfinite(measured.t)]
    return When(*(float(x) for x in np.quantile(times, [0.05, 0.5, 0.95]))) if times.size else None


def _worst(measured: Measured, resolved: np.ndarray) -> tuple[Worst, ...]:
    """Return runs with the smallest margins; where there are none, the first in which it happened."""
    order = np.where(np.isfinite(measured.margin), measured.margin, np.inf)
    order = np.where(measured.happened & np.isinf(order), -1e9, order)
    order = np.where(resolved, order, np.inf)
    runs = np.argsort(order, kind="stable")[:WORST]
    return tuple(
        Worst(int(run), float(measured.margin[run]) if np.isfinite(measured.margin[run]) else None)
        for run in runs
        if np.isfinite(order[run])
    )


def _outcomes(columns: Columns) -> dict[str, int]:
    codes, counts = np.unique(np.rint(columns["outcome"]).astype(int), return_counts=True)
    found = {OUTCOMES[code]: int(count) for code, count in zip(codes, counts, strict=True)}
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def _landing(flights: Flights) -> PointSpread | None:
    if flights.scenario.kind in DROP:
        return None
    landed = flights.ended("landed", "landed-in-water", "missed-surface") & flights.columns["resolved"]
    if "landing_east" in flights.columns:
        return _points(flights, "landing", landed)
    away = flights.number("jump_distance")[landed]
    azimuth = flights.values["run_up.azimuth"][landed]
    return spread_points(away * np.sin(azimuth), away * np.cos(azimuth))


def _footprint(flights: Flights) -> dict[str, PointSpread]:
    """Return where what has no parachute first hits and comes to rest, by these words."""
    if flights.scenario.kind not in MAIN | DROP:
        return {}
    named = "motorcycle_" if flights.scenario.kind in MAIN else ""
    fell = flights.columns["resolved"]
    if flights.scenario.kind in MAIN:
        fell = fell & flights.parted
    parts = {part: _points(flights, f"{named}{part}", fell) for part in ("contact", "rest")}
    return {name: part for name, part in parts.items() if part is not None}


def _points(flights: Flights, name: str, rows: np.ndarray) -> PointSpread | None:
    return spread_points(flights.number(f"{name}_east")[rows], flights.number(f"{name}_north")[rows])
