"""An assessment read back from the folder that it was written into."""

import json
import math
from pathlib import Path
from typing import Any

from precipice.errors import InputError
from precipice.risk.assessment import FILE, SCHEMA_VERSION, Assessment, Hazard, Look, When, Worst
from precipice.risk.driver import Driver
from precipice.risk.flip import Flip
from precipice.risk.limit import Limit, criterion_of
from precipice.risk.severity import SeverityCount
from precipice.risk.spread import PointSpread
from precipice.risk.tally import Tally
from precipice.risk.verdict import Verdict
from precipice.scenario.scenario import Scenario
from precipice.statistics import Interval

_INTERVALS = ("share_interval", "margin_interval", "lower_interval", "higher_interval")


def load_record(folder: Path) -> dict[str, Any] | None:
    """Return what `assessment.json` of a campaign's folder holds, None when there is none.

    Args:
        folder: Of the campaign.

    Raises:
        InputError: When it cannot be read, or is of another version.
    """
    path = folder / FILE
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        version = told["schema_version"]
        told["scenario"]["file"].strip()
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(path, error) from None
    if version != SCHEMA_VERSION:
        raise InputError(
            f"{path} must be of layout {SCHEMA_VERSION}, but is of layout {version}, of another version of "
            "precipice: read it with that version, or assess the scenario again"
        )
    return told


def read_assessment(folder: Path, record: dict[str, Any], scenario: Scenario) -> Assessment:
    """Return the assessment that a record holds.

    Args:
        folder: Of the campaign, for messages.
        record: From `load_record`.
        scenario: Of the campaign: says what is accepted.

    Raises:
        InputError: When something is missing in it.
    """
    try:
        return _assessment(record, scenario)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(folder / FILE, error) from None


def _damaged(path: Path, error: Exception) -> InputError:
    reason = f"{type(error).__name__}: {error}".splitlines()[0][:80]
    return InputError(
        f"{path} must be an assessment, but is damaged ({reason}): remove it, then write it again with "
        "precipice assess --resume; what is flown is kept"
    )


def _assessment(told: dict[str, Any], scenario: Scenario) -> Assessment:
    about, runs, lost = told["scenario"], told["runs"], told["unresolved"]
    guesses, flip, landing = told["guesses"], told["flips_on"], told["landing_spread"]
    return Assessment(
        scenario=about["title"],
        file=about["file"],
        kind=about["kind"],
        runs=runs,
        seed=told["seed"],
        wall_s=told["wall_s"],
        unresolved=lost,
        unresolved_runs=tuple(told.get("unresolved_runs", ())),
        hazards=tuple(_hazard(part, scenario, runs, lost) for part in told["hazards"]),
        any_hazard=_tally(told["any_hazard"], runs, lost),
        any_criterion=_tally(told["any_criterion"], runs, lost),
        verdict=told["verdict"],
        flip=None if flip is None else Flip(**flip),
        unseen=tuple(told["unseen"]),
        outcomes=told["outcomes"],
        severity=tuple(SeverityCount(**level) for level in told["severity"]),
        contacts={kind: tuple(counts) for kind, counts in told["contacts"].items()},
        landing_spread=None if landing is None else _points(landing),
        motorcycle_footprint={name: _points(part) for name, part in told["motorcycle_footprint"].items()},
        guesses=(guesses["count"], guesses["runs"]),
        constants=tuple(guesses["constants"]),
        looks=tuple(Look(**look) for look in told["looks"]),
        zero=told["zero"],
    )


def _hazard(told: dict[str, Any], scenario: Scenario, runs: int, lost: int) -> Hazard:
    margin, when = told["margin"], told["when"]
    return Hazard(
        name=told["name"],
        limit=Limit(**told["threshold"]),
        criterion=criterion_of(scenario, told["name"]),
        tally=_tally(told, runs, lost),
        ignorance=Interval(_number(told["ignorance_low"]), _number(told["ignorance_high"])),
        verdict=Verdict(
            told["verdict"],
            told["why"] or "",
            told["more_runs"],
            told["rests_on_values"],
            tuple(told["settled_by"]),
        ),
        when=None if when is None else When(**when),
        worst=tuple(Worst(**part) for part in told["worst"]),
        margin_unit=margin["unit"],
        margin_low=margin["percentile_5"],
        margin_median=margin["median"],
        drivers=tuple(_driver(part) for part in told["drivers"]),
    )


def _tally(told: dict[str, Any], runs: int, lost: int) -> Tally:
    ends = (_number(told[name]) for name in ("chance", "low", "high", "confidence"))
    return Tally(told["count"], lost, runs, *ends)


def _driver(told: dict[str, Any]) -> Driver:
    ends = {name: None if told[name] is None else Interval(*told[name]) for name in _INTERVALS}
    return Driver(**{**told, **ends})


def _points(told: dict[str, Any]) -> PointSpread:
    corners: list[Any] = told["hull"]
    return PointSpread(**{**told, "hull": tuple((east, north) for east, north in corners)})


def _number(value: float | None) -> float:
    """Return a number, NaN for what JSON has no word for."""
    return math.nan if value is None else float(value)
