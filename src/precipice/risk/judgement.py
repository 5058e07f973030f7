"""From flown runs to an assessment."""

from typing import NamedTuple

import numpy as np

from precipice.campaign.draws import LUCK, draw_numbers
from precipice.phases.sequence import OUTCOMES
from precipice.risk.assessment import Assessment, Hazard, Look, When, Worst
from precipice.risk.driver import Driver, Sorted, find_drivers, sort_fields
from precipice.risk.flip import Candidate, find_flip
from precipice.risk.gather import Gathered
from precipice.risk.hazard import Found, Measured, unseen
from precipice.risk.ignorance import Ignorance
from precipice.risk.severity import count_kinds, count_severities
from precipice.risk.spread import spread_points
from precipice.risk.tally import tally
from precipice.risk.verdict import judge, overall
from precipice.scenario.kind import CANOPY
from precipice.scenario.scenario import Scenario
from precipice.simulation.kind import KINDS
from precipice.statistics import Interval

CONFIDENCE = 0.95
"""Of the bounds of hazards that no criterion names."""
WORST = 5
DRIVERS = 6
DRIVER_RUNS = 65_536
"""Most runs that are asked what drives a hazard: more would cost memory and tell little."""
SETTLING = 3
UNRESOLVED_NAMED = 5


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


def judge_runs(about: Circumstances, gathered: Gathered, ignorance: Ignorance | None) -> Assessment:
    """Return what runs say about every hazard.

    Args:
        about: What was flown.
        gathered: What is kept of the runs.
        ignorance: Ranges over the unknown constants, None where there are none.
    """
    scenario = about.scenario
    found, resolved = gathered.found, gathered.resolved
    runs = len(resolved)
    fields = _fields(scenario, about.seed, min(runs, DRIVER_RUNS)) if about.with_drivers else {}
    hazards = tuple(_hazard(item, about, resolved, ignorance, fields) for item in found)
    points = {name: spread_points(part) for name, part in gathered.fallen.items()}
    return Assessment(
        scenario=scenario.title,
        file=scenario.file,
        kind=scenario.kind,
        runs=runs,
        seed=about.seed,
        wall_s=0.0,
        unresolved=int(np.sum(~resolved)),
        unresolved_runs=tuple(int(run) for run in np.flatnonzero(~resolved)[:UNRESOLVED_NAMED]),
        hazards=hazards,
        any_hazard=tally(_any(found, runs), resolved, CONFIDENCE),
        any_criterion=tally(_any([f for f in found if f.criterion], runs), resolved, CONFIDENCE),
        verdict=overall([hazard.verdict for hazard in hazards]),
        flip=find_flip([_candidate(hazard) for hazard in hazards], scenario),
        unseen=tuple(unseen(scenario, [item.name for item in found])),
        outcomes=_outcomes(gathered.outcome),
        severity=() if gathered.graded is None else count_severities(gathered.graded, CONFIDENCE),
        contacts={} if gathered.graded is None else count_kinds(gathered.graded),
        landing_spread=None if gathered.landing is None else spread_points(gathered.landing),
        motorcycle_footprint={name: part for name, part in points.items() if part is not None},
        guesses=(0, 0) if ignorance is None else (ignorance.guesses, ignorance.runs),
        constants=() if ignorance is None else ignorance.constants,
        looks=about.looks,
        zero=KINDS[scenario.kind].zero,
    )


def _fields(scenario: Scenario, seed: int, runs: int) -> dict[str, Sorted]:
    """Return what differs from run to run, sorted: uncertain fields, and whether each malfunction came."""
    values, luck = draw_numbers(scenario, seed, range(runs))
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
        first = slice(min(len(resolved), DRIVER_RUNS))
        margin = np.where(resolved, measured.margin, np.nan)[first]
        drivers = find_drivers(fields, (measured.happened & resolved)[first], margin)[:DRIVERS]
    verdict = judge(counted, criterion, spread, alpha)
    if verdict.rests_on_values and ignorance is not None:
        settling = (driver.field for driver in drivers if driver.shown)
        verdict = verdict._replace(
            settled_by=tuple(field for field in settling if field in ignorance.constants)[:SETTLING]
        )
    known = measured.margin[np.isfinite(measured.margin) & resolved]
    return Hazard(
        name=item.name,
        limit=item.limit,
        criterion=criterion,
        tally=counted,
        ignorance=spread,
        verdict=verdict,
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


def _outcomes(outcome: np.ndarray) -> dict[str, int]:
    codes, counts = np.unique(outcome, return_counts=True)
    found = {OUTCOMES[code]: int(count) for code, count in zip(codes, counts, strict=True)}
    return dict(sorted(found.items(), key=lambda item: -item[1]))
