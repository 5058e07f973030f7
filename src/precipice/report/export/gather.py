"""The runs that an export is of: run folders as they are, or runs of a campaign flown again."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from precipice.errors import InputError, quote
from precipice.report.read_run import FILES, read_run
from precipice.scenario.scenario import Scenario
from precipice.simulation.run import Run

MOST_RUNS = 2_000
"""That one export flies again."""
_MANIFEST = "manifest.json"
_SEEDS = 2**64

Say = Callable[[str], None]


class Gathered(NamedTuple):
    """Runs of one scenario.

    Attributes:
        run: That the cameras follow.
        scenario: Of all of them.
        others: By what they are called.
    """

    run: Run
    scenario: Scenario
    others: dict[str, Run]


def gather(folders: Sequence[Path], runs: str | None = None, say: Say | None = None) -> Gathered:
    """Return the runs of folders; of a campaign, the nominal run and those that are asked for.

    Args:
        folders: That `fly --out` wrote, the one that cameras follow first; or one of a campaign.
        runs: Numbers of a campaign's runs, such as "0-19" or "3,7,12-14"; without, run folders are read.
        say: Told what takes long.

    Raises:
        InputError: When a folder is none, damaged or of another version, or they are of two scenarios.
    """
    is_campaign = [(folder / _MANIFEST).is_file() and not (folder / FILES[0]).exists() for folder in folders]
    if not any(is_campaign):
        if runs is not None and (folders[0] / FILES[0]).exists():
            raise InputError(
                f"--runs must come with a campaign's folder, but {folders[0]} is a run's: leave it out"
            )
        if runs is not None:
            raise InputError(
                f"--runs must come with a campaign's folder, but {folders[0]} is none: fly one with "
                "precipice assess --out, then name its folder"
            )
        return _read(folders)
    campaign = folders[is_campaign.index(True)]
    if runs is None:
        raise InputError(
            f"{campaign} must be a run folder, but is a campaign's, which holds many runs: add --runs 0-19 "
            "to fly such runs again, or fly one with precipice fly --run --out"
        )
    if len(folders) > 1:
        raise InputError(
            f"a campaign's folder must be alone, but {len(folders)} folders are named: leave out the others"
        )
    return _fly_again(campaign, read_numbers(runs), say)


def read_numbers(text: str) -> list[int]:
    """Return the numbers of runs that a text such as "3,7,12-14" names, each once, in its order.

    Raises:
        InputError: When it is no such list, or a long one.
    """
    wrong = InputError(
        f"--runs must be numbers of runs from 0, such as 0-19 or 3,7,12-14, but is {quote(text)}: correct it"
    )
    found: dict[int, None] = {}
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        ends = [first, last] if dash else [first, first]
        if not all(end.isascii() and end.isdigit() and len(end) < 19 for end in ends):
            raise wrong
        low, high = map(int, ends)
        if high < low:
            raise wrong
        if high - low >= MOST_RUNS or len(found) + high - low >= MOST_RUNS:
            raise InputError(
                f"--runs must be at most {MOST_RUNS} runs, but {quote(text)} is more: name fewer of them"
            )
        found |= dict.fromkeys(range(low, high + 1))
    return list(found)


def _read(folders: Sequence[Path]) -> Gathered:
    run, scenario = read_run(folders[0])
    others: dict[str, Run] = {}
    for folder in folders[1:]:
        other, its = read_run(folder)
        if its.sha256 != scenario.sha256:
            raise InputError(
                f"{folder} must be a run of the same scenario as {folders[0]}, but is of another: "
                "export it alone"
            )
        name = folder.resolve().name
        others[name if name not in others else f"{name} ({len(others) + 1})"] = other
    return Gathered(run, scenario, others)


def _fly_again(folder: Path, numbers: list[int], say: Say | None) -> Gathered:
    from precipice.campaign.fly import fly

    manifest, scenario = _campaign(folder)
    if say and len(numbers) > 1:
        say(f"flying {len(numbers)} runs again")
    seed = int(manifest["seed"])
    flown = {f"run {number}": fly(scenario, number, seed, say) for number in numbers}
    return Gathered(fly(scenario, say=say), scenario, flown)


def _campaign(folder: Path) -> tuple[dict[str, Any], Scenario]:
    """Return a campaign's manifest and its scenario, of the version that runs here."""
    from precipice.campaign.manifest import SCHEMA_VERSION, hash_of, load_manifest
    from precipice.report.document.folder import beside, find_scenario
    from precipice.risk.saved import load_record
    from precipice.simulation.program import physics_hash

    path = folder / _MANIFEST
    manifest = load_manifest(folder)
    assert manifest is not None
    try:
        seed, text, file = int(manifest["seed"]), str(manifest["scenario_text"]), str(manifest["file"])
        group, physics, sha256 = (manifest[key] for key in ("group", "physics", "scenario_sha256"))
    except (KeyError, TypeError, ValueError):
        raise InputError(
            f"{path} must be a campaign's manifest, but lacks parts of it: fly it again"
        ) from None
    if manifest.get("schema_version") != SCHEMA_VERSION or physics != physics_hash():
        raise InputError(
            f"{folder} must be of this version's layout and physics, but another version flew it: assess the "
            "scenario again, or use the version of precipice that did"
        )
    if group != 1 or not 0 <= seed < _SEEDS:
        raise InputError(
            f"{folder} must hold independent runs, but does not: name the folder that it lies in"
        )
    record = load_record(folder) or {"scenario": {"file": file}}
    file_then = Path(record["scenario"]["file"]).with_name(Path(file).name)
    places = [*beside(folder, file_then), Path(Path(file).name)]
    return manifest, find_scenario(folder, text, places, lambda scenario: hash_of(scenario) == sha256)
