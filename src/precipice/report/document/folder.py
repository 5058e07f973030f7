"""A run folder read back: what was decided, what was flown, what was found."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from precipice.campaign.campaign import Campaign, load_runs
from precipice.campaign.manifest import FILE as MANIFEST
from precipice.campaign.manifest import SCHEMA_VERSION, hash_of, identity, load_manifest
from precipice.campaign.shard import SHARD
from precipice.errors import IncompleteError, InputError, ScenarioError
from precipice.risk.assessment import Assessment
from precipice.risk.gather import places
from precipice.risk.hazard import Flights
from precipice.risk.saved import load_record, read_assessment
from precipice.scenario.load import LARGEST, parse_scenario
from precipice.scenario.scenario import Scenario
from precipice.simulation.run import Run

Say = Callable[[str], None]

DRAWN = 10_000
"""Runs whose places are drawn: more would make a page large and tell nobody more."""
AGAIN = 6
"""Worst runs that are flown again for their tracks."""


class Told(NamedTuple):
    """What a report tells of.

    Attributes:
        folder: Where it was read.
        scenario: What was decided.
        run: Whose tracks are drawn: the nominal one, or the one of the folder.
        facts: Seed, versions, processor: what it takes to do it again.
        assessment: Of a campaign; None for a single run.
        flights: A campaign's first runs: what they drew and did.
        landing: Where landings were, east and north, `(n, 2)` [m]; None where nothing lands.
        fallen: The same of what falls without a parachute, by "contact" and "rest".
        worst: Runs with the smallest margins, flown again, by hazard.
    """

    folder: Path
    scenario: Scenario
    run: Run
    facts: dict[str, Any]
    assessment: Assessment | None = None
    flights: Flights | None = None
    landing: np.ndarray | None = None
    fallen: Mapping[str, np.ndarray] = MappingProxyType({})
    worst: tuple[tuple[str, Run], ...] = ()


def read_folder(folder: Path, say: Say | None = None) -> Told:
    """Return what a folder of `precipice assess --out` or `precipice fly --out` holds.

    Args:
        folder: Where.
        say: Told once when programs must be compiled first.

    Raises:
        InputError: When it is no such folder, damaged, or of another version.
        IncompleteError: When the campaign in it was stopped before its end.
    """
    if not folder.is_dir():
        what = "a file" if folder.exists() else "missing"
        raise InputError(
            f"{folder} must be a folder that precipice assess --out or precipice fly --out wrote, but is "
            f"{what}: run one of them first, then name its folder"
        )
    if (folder / MANIFEST).exists() or (folder / "shards").is_dir():
        return _campaign(folder, say)
    if (folder / "run.json").exists():
        from precipice.report.document.flight import read_flight

        return read_flight(folder)
    raise InputError(
        f"{folder} must hold a manifest.json of precipice assess --out or a run.json of precipice fly --out, "
        "but has neither: name the folder that one of them wrote"
    )


class Judged(NamedTuple):
    """A campaign that ran to its end, as its folder tells of it; nothing is flown again for it.

    Attributes:
        campaign: Its manifest, shards and scenario.
        record: What `assessment.json` holds.
        found: The same, read back.
    """

    campaign: Campaign
    record: dict[str, Any]
    found: Assessment


def read_campaign(folder: Path) -> Judged:
    """Return the campaign and the assessment that a folder of `precipice assess --out` holds.

    Args:
        folder: Where.

    Raises:
        InputError: When it is damaged, of another version, or its ground and weather files are not at hand.
        IncompleteError: When it was stopped before its end.
    """
    manifest = load_manifest(folder)
    if manifest is None:
        raise InputError(
            f"{folder} must hold a campaign with its manifest.json, but has shards alone: name another folder"
        )
    _refuse_other_version(folder, manifest)
    record = load_record(folder)
    if record is None:
        raise IncompleteError(
            f"{folder} must hold an assessment.json, but has none: its campaign was stopped; finish it with "
            f"precipice assess {manifest['file']} --out {folder} --resume"
        )
    scenario = find_scenario(
        folder,
        manifest["scenario_text"],
        beside(folder, Path(record["scenario"]["file"]).with_name(manifest["file"])),
        lambda scenario: hash_of(scenario) == manifest["scenario_sha256"],
    )
    found = read_assessment(folder, record, scenario)
    campaign = Campaign(folder, scenario, manifest["seed"], manifest["group"], identity(manifest), manifest)
    _refuse_missing(campaign, found)
    return Judged(campaign, record, found)


def _campaign(folder: Path, say: Say | None) -> Told:
    from precipice.campaign.draws import draw_numbers
    from precipice.campaign.fly import fly

    campaign, _, found = read_campaign(folder)
    scenario = campaign.scenario
    runs = min(found.runs, DRAWN)
    columns = load_runs(campaign, runs)
    nominal = fly(scenario, say=say)
    flights = Flights(columns, draw_numbers(scenario, found.seed, range(runs))[0], scenario)
    return Told(
        folder,
        scenario,
        nominal,
        campaign.manifest,
        found,
        flights,
        *places(flights),
        _fly_worst(scenario, found, say),
    )


def _refuse_other_version(folder: Path, manifest: dict[str, Any]) -> None:
    from precipice.simulation.program import physics_hash, versions

    wanted = ("schema_version", "physics", "versions", "seed", "group", "scenario_text", "file", "processor")
    missing = [name for name in wanted if name not in manifest]
    if missing:
        raise InputError(
            f"{folder / MANIFEST} must say {missing[0]}, but does not: it is of another version or damaged; "
            "assess the scenario again"
        )
    other = manifest["schema_version"] != SCHEMA_VERSION
    if other or manifest["physics"] != physics_hash():
        theirs = manifest["versions"].get("precipice", "unknown")
        what = "layout" if other else "physics"
        raise InputError(
            f"{folder} must be of this version of precipice, but was flown with another version's {what} "
            f"({theirs}; this one is {versions()['precipice']}): report it with that version, or assess the "
            "scenario again"
        )


def beside(folder: Path, file: Path) -> list[Path]:
    """Return where a scenario's file may be: its ground and weather files lie where it says, seen from it.

    Args:
        folder: That was written.
        file: What the scenario was called then, seen from where the program was started.
    """
    return [file, folder / file.name, folder.parent / file.name]


def find_scenario(folder: Path, text: str, paths: list[Path], agrees: Callable[[Scenario], bool]) -> Scenario:
    """Return the scenario of a folder from its text and from where its ground and weather files may lie.

    Args:
        folder: Which keeps the text.
        text: Of the scenario.
        paths: Where its file may have been.
        agrees: Whether a scenario with its files is the one that was flown.
    """
    if not isinstance(text, str) or len(text) > LARGEST:
        raise InputError(
            f"{folder} must hold the scenario's text, of at most {LARGEST} characters, but does not: it is "
            "damaged; fly it again"
        )
    problem = ""
    for path in paths:
        try:
            scenario = parse_scenario(text, str(path))
            if agrees(scenario):
                return scenario
            problem = "a file that it names has changed"
        except (ScenarioError, OSError) as error:
            problem = problem or str(error).splitlines()[0]
    raise InputError(
        f"{folder} must go with the ground and weather files that its scenario names, but does not "
        f"({problem}): put them back where they were, or beside the folder, and start from there"
    )


def _refuse_missing(campaign: Campaign, found: Assessment) -> None:
    """Look for every shard, but read none: those that are drawn are checked to the last bit later."""
    for number in range(-(-found.runs // SHARD)):
        path = campaign.shards / campaign.name(number).file
        if not path.exists():
            raise IncompleteError(
                f"{path} must be there, since {found.runs:,} runs were judged, but is missing: fly its runs "
                f"again with precipice assess {campaign.manifest['file']} --out {campaign.folder} --resume"
            )


def _fly_worst(scenario: Scenario, found: Assessment, say: Say | None) -> tuple[tuple[str, Run], ...]:
    """Fly the worst run of each hazard that happened again, first where it holds the stunt back most."""
    from precipice.campaign.fly import fly
    from precipice.report.document.ranking import ranked

    chosen: dict[int, str] = {}
    for hazard in ranked(found):
        if hazard.worst and hazard.tally.happened and hazard.worst[0].run not in chosen:
            chosen[hazard.worst[0].run] = hazard.name
    return tuple((name, fly(scenario, run, found.seed, say)) for run, name in list(chosen.items())[:AGAIN])
