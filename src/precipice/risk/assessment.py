"""What many runs of a scenario say: hazards, chances, verdicts, as data and as JSON."""

import math
from pathlib import Path
from typing import Any, NamedTuple

from precipice.campaign.atomic import write_json
from precipice.risk.driver import Driver
from precipice.risk.flip import Flip
from precipice.risk.limit import Limit
from precipice.risk.severity import SeverityCount
from precipice.risk.spread import PointSpread
from precipice.risk.tally import Tally
from precipice.risk.verdict import Verdict, Word
from precipice.scenario.criterion import Criterion
from precipice.statistics import Interval

SCHEMA_VERSION = 1
FILE = "assessment.json"


class Look(NamedTuple):
    """A number of runs at which one may stop, and the share of the error chance that it may spend.

    Attributes:
        runs: So far.
        share: Of each criterion's chance of a false "met"; None: all of it, there is one look.
    """

    runs: int
    share: float | None


class When(NamedTuple):
    """When a hazard happens, seconds after takeoff or exit: 5th percentile, median, 95th percentile."""

    early: float
    median: float
    late: float


class Worst(NamedTuple):
    """One of the worst runs: its number, and its margin; None where nothing measures it."""

    run: int
    margin: float | None


class Hazard(NamedTuple):
    """A judged hazard.

    Attributes:
        name: A key of `precipice.scenario.criterion.HAZARDS`.
        limit: From where on it counts.
        criterion: What chance is accepted, by whom; None where nobody said.
        tally: How often it happened.
        ignorance: Range of its chance over the unknown constants; both ends its chance where there are none.
        verdict: On the criterion.
        when: It happened; None if it never did.
        worst: Runs with the smallest margins, or the first in which it happened.
        margin_unit: Of the margins, SI.
        margin_low: 5th percentile of the margin over the runs that got that far; None without one.
        margin_median: Median of it.
        drivers: Fields that move it most, the strongest first.
    """

    name: str
    limit: Limit
    criterion: Criterion | None
    tally: Tally
    ignorance: Interval
    verdict: Verdict
    when: When | None
    worst: tuple[Worst, ...]
    margin_unit: str
    margin_low: float | None
    margin_median: float | None
    drivers: tuple[Driver, ...]


class Assessment(NamedTuple):
    """What many runs of a scenario say.

    Attributes:
        scenario: Its title.
        file: Of the scenario.
        kind: Of stunt.
        runs: Flown.
        seed: Of the draws.
        wall_s: Time it took [s].
        unresolved: Runs that cannot be trusted, counted both ways everywhere.
        unresolved_runs: The first of them, for somebody to look at.
        hazards: In the order of the stunt.
        any_hazard: Runs with at least one hazard.
        any_criterion: Runs with at least one hazard that a criterion names.
        verdict: On all criteria.
        flip: The assumption that would flip it.
        unseen: Hazards that the model cannot see.
        outcomes: How many runs ended how.
        severity: In how many runs somebody is hurt so badly, or worse; empty where the stunt has no person.
        contacts: What hurts them: by kind of contact, runs minor, severe and fatal.
        landing_spread: Where performers or vehicles land; None where none does.
        motorcycle_footprint: Where the riderless motorcycle, or what was dropped, hits and comes to rest.
        guesses: At the unknown constants, and runs at each.
        constants: Paths of the unknown constants.
        looks: Numbers of runs at which one might have stopped.
        zero: From what the seconds of `when` count: "takeoff" or "exit".
    """

    scenario: str
    file: str
    kind: str
    runs: int
    seed: int
    wall_s: float
    unresolved: int
    unresolved_runs: tuple[int, ...]
    hazards: tuple[Hazard, ...]
    any_hazard: Tally
    any_criterion: Tally
    verdict: Word
    flip: Flip | None
    unseen: tuple[str, ...]
    outcomes: dict[str, int]
    severity: tuple[SeverityCount, ...]
    contacts: dict[str, tuple[int, ...]]
    landing_spread: PointSpread | None
    motorcycle_footprint: dict[str, PointSpread]
    guesses: tuple[int, int]
    constants: tuple[str, ...]
    looks: tuple[Look, ...]
    zero: str

    def hazard(self, name: str) -> Hazard | None:
        """Return a hazard by name, None when the stunt has none of that name."""
        return next((hazard for hazard in self.hazards if hazard.name == name), None)


def assessment_json(found: Assessment) -> dict[str, Any]:
    """Return an assessment as plain data for JSON: SI units, None for what is absent.

    Args:
        found: From `assess`.
    """
    whole = {
        "schema_version": SCHEMA_VERSION,
        "scenario": {"title": found.scenario, "file": found.file, "kind": found.kind},
        "runs": found.runs,
        "seed": found.seed,
        "wall_s": found.wall_s,
        "unresolved": found.unresolved,
        "unresolved_runs": list(found.unresolved_runs),
        "hazards": [_hazard(hazard) for hazard in found.hazards],
        "any_hazard": _counted(found.any_hazard),
        "any_criterion": _counted(found.any_criterion),
        "verdict": found.verdict,
        "flips_on": None if found.flip is None else found.flip._asdict(),
        "unseen": list(found.unseen),
        "outcomes": found.outcomes,
        "severity": [level._asdict() for level in found.severity],
        "contacts": found.contacts,
        "motorcycle_footprint": {name: part._asdict() for name, part in found.motorcycle_footprint.items()},
        "landing_spread": None if found.landing_spread is None else found.landing_spread._asdict(),
        "guesses": {"count": found.guesses[0], "runs": found.guesses[1], "constants": list(found.constants)},
        "looks": [look._asdict() for look in found.looks],
        "zero": found.zero,
    }
    return plain(whole)


def _hazard(hazard: Hazard) -> dict[str, Any]:
    criterion, tally, verdict = hazard.criterion, hazard.tally, hazard.verdict
    return {
        "name": hazard.name,
        **_counted(tally),
        "ignorance_low": hazard.ignorance.low,
        "ignorance_high": hazard.ignorance.high,
        "limit": None if criterion is None else criterion.chance,
        "accepted_by": None if criterion is None else criterion.accepted_by,
        "verdict": verdict.word,
        "why": verdict.why or None,
        "more_runs": verdict.more_runs,
        "rests_on_values": verdict.rests_on_values,
        "settled_by": list(verdict.settled_by),
        "threshold": hazard.limit._asdict(),
        "when": None if hazard.when is None else hazard.when._asdict(),
        "worst": [worst._asdict() for worst in hazard.worst],
        "margin": {
            "unit": hazard.margin_unit,
            "percentile_5": hazard.margin_low,
            "median": hazard.margin_median,
        },
        "drivers": [driver._asdict() for driver in hazard.drivers],
    }


def _counted(tally: Tally) -> dict[str, Any]:
    return {
        "count": tally.happened,
        "chance": tally.chance,
        "low": tally.low,
        "high": tally.high,
        "confidence": tally.confidence,
    }


def plain(value: Any) -> Any:
    """Return data without tuples, NumPy numbers, infinities and NaN; numbers to nine digits.

    Args:
        value: Tables, lists and single values.
    """
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, bool | int | str) or value is None:
        return value
    return float(f"{float(value):.9g}") if math.isfinite(value) else None


def save_assessment(folder: Path, found: Assessment) -> None:
    """Write `assessment.json` into a campaign's folder, atomically.

    Args:
        folder: Of the campaign.
        found: From `assess`.
    """
    write_json(folder / FILE, assessment_json(found))
