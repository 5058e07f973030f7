"""The folder of a single run read back, and flown again for its tracks."""

import json
from pathlib import Path
from typing import Any

from precipice.campaign.fly import fly
from precipice.errors import IncompleteError, InputError
from precipice.report.document.folder import Say, Told, find_scenario
from precipice.simulation.run import SCHEMA_VERSION, Run

ALIKE = 0.02
"""How far an end of the same flight may lie from what was written [s]: processors round differently."""


def read_flight(folder: Path, say: Say | None = None) -> Told:
    """Return what a folder of `precipice fly --out` holds.

    Args:
        folder: Where.
        say: Told once when programs must be compiled first.

    Raises:
        InputError: When it is damaged or of another version.
        IncompleteError: When a file is missing.
    """
    told = _record(folder / "run.json")
    facts = _attributes(folder / "run.nc")
    about = told["scenario"]
    if about["sha256"] != facts["scenario_sha256"]:
        raise InputError(
            f"{folder / 'run.nc'} must be of the run in run.json, but is of another scenario: fly it again "
            f"with precipice fly {about['file']} --out {folder}"
        )
    name = Path(about["file"])
    scenario = find_scenario(
        folder,
        facts["scenario_text"],
        [name, folder / name.name, folder.parent / name.name],
        lambda scenario: scenario.sha256 == about["sha256"],
    )
    run = fly(scenario, about["run"], about["seed"] or 0, say)
    _refuse_other(folder, told, run)
    versions = {key.removesuffix("_version"): text for key, text in facts.items() if key.endswith("_version")}
    versions.pop("schema", None)
    return Told(
        folder,
        scenario,
        run,
        {"seed": about["seed"], "run": about["run"], "versions": versions, "scenario_text": scenario.text},
    )


def _record(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        known = told["schema_version"], told["scenario"]["file"], told["scenario"]["sha256"], told["outcome"]
        _ = told["scenario"]["run"], told["scenario"]["seed"], told["events"][-1]["t"]
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise InputError(
            f"{path} must be a flown run, but is damaged ({type(error).__name__}): fly it again with "
            "precipice fly --out"
        ) from None
    if known[0] != SCHEMA_VERSION:
        raise InputError(
            f"{path} must be of layout {SCHEMA_VERSION}, but is of layout {known[0]}, of another version of "
            "precipice: fly it again with precipice fly --out"
        )
    return told


def _attributes(path: Path) -> dict[str, Any]:
    if not path.exists():
        raise IncompleteError(
            f"{path} must be there, since it holds the scenario, but is missing: fly it again with "
            "precipice fly --out"
        )
    from netCDF4 import Dataset

    try:
        with Dataset(path) as data:
            found = {name: data.getncattr(name) for name in data.ncattrs()}
        return {**found, "scenario_text": found["scenario_text"], "scenario_sha256": found["scenario_sha256"]}
    except (OSError, KeyError, RuntimeError) as error:
        raise InputError(
            f"{path} must be a flown run, but is damaged ({type(error).__name__}): fly it again with "
            "precipice fly --out"
        ) from None


def _refuse_other(folder: Path, told: dict[str, Any], run: Run) -> None:
    """Raise an error when the run does not end as the folder says: then its physics is another."""
    last = told["events"][-1]
    same = told["outcome"] == run.outcome and last["name"] == run.events[-1].name
    if not same or abs(float(last["t"]) - run.events[-1].t) > ALIKE:
        now = f"flown again, {run.outcome} at {run.events[-1].t:.2f} s"
        raise InputError(
            f"{folder} must be of this version of precipice, but its run ends otherwise ({told['outcome']} "
            f"at {last['t']:.2f} s; {now}): fly it again with precipice fly --out"
        )
