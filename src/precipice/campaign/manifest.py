"""What a campaign's folder is about: scenario, seed, versions and processor, in `manifest.json`."""

import hashlib
import json
import platform
from pathlib import Path
from typing import Any

from precipice.campaign.atomic import write_json
from precipice.errors import InputError
from precipice.scenario.scenario import Scenario

SCHEMA_VERSION = 1
FILE = "manifest.json"
_TELLING = ("scenario", "file")
"""What may differ between two manifests of one campaign: the scenario's title and its file's name."""
_WORDS = {
    "schema_version": "layout of the folder",
    "kind": "kind of stunt",
    "scenario_sha256": "scenario, or a file that it names",
    "seed": "seed",
    "group": "sharing of constants",
    "versions": "version of precipice or of a library",
    "physics": "version of the physics",
    "processor": "type of processor",
}


def build_manifest(scenario: Scenario, seed: int, group: int = 1) -> dict[str, Any]:
    """Return everything that a campaign's bits depend on.

    Args:
        scenario: What was decided.
        seed: Of the draws.
        group: How many runs in a row share a guess at the unknown constants.
    """
    from precipice.simulation.program import physics_hash, processor, versions

    return {
        "schema_version": SCHEMA_VERSION,
        "scenario": scenario.title,
        "file": Path(scenario.file).name,
        "kind": scenario.kind,
        "scenario_sha256": hash_of(scenario),
        "scenario_text": scenario.text,
        "seed": seed,
        "group": group,
        "versions": {**versions(), "python": platform.python_version()},
        "physics": physics_hash(),
        "processor": processor(),
    }


def hash_of(scenario: Scenario) -> str:
    """Return a hash of a scenario and of every file that it names, in hexadecimal."""
    found = hashlib.sha256(scenario.sha256.encode())
    for path in _files(scenario):
        with path.open("rb") as stream:
            found.update(hashlib.file_digest(stream, "sha256").digest())
    return found.hexdigest()


def _files(scenario: Scenario) -> list[Path]:
    """Return the ground files of a scenario; its weather files are in its own hash."""
    beside, terrain = Path(scenario.file).parent, scenario.site.terrain
    named = [] if terrain is None else [terrain.dem, *(mesh.file for mesh in terrain.mesh)]
    surface = scenario.landing_surface
    if surface is not None and surface.file is not None:
        named.append(surface.file)
    return [beside / name for name in named]


def identity(manifest: dict[str, Any]) -> str:
    """Return what tells one campaign from another, in hexadecimal.

    Args:
        manifest: From `build_manifest`.
    """
    told = {key: value for key, value in manifest.items() if key not in _TELLING}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]


def save_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write `manifest.json` atomically.

    Args:
        folder: Of the campaign.
        manifest: From `build_manifest`.
    """
    write_json(folder / FILE, manifest)


def load_manifest(folder: Path) -> dict[str, Any] | None:
    """Return a folder's manifest, None when it has none.

    Args:
        folder: Of the campaign.

    Raises:
        InputError: When it cannot be read.
    """
    path = folder / FILE
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path} must be a campaign's manifest, but cannot be read ({error}): choose another folder"
        ) from None
    if not isinstance(found, dict) or "scenario_sha256" not in found:
        raise InputError(
            f"{path} must be a campaign's manifest, but is something else: choose another folder"
        )
    return found


def refuse_other(folder: Path, found: dict[str, Any], wanted: dict[str, Any]) -> None:
    """Raise an error when a folder holds another campaign than the one that is asked for.

    Args:
        folder: Of the campaign.
        found: Its manifest.
        wanted: From `build_manifest`.

    Raises:
        InputError: Saying what differs.
    """
    differs = [words for key, words in _WORDS.items() if found.get(key) != wanted.get(key)]
    if differs:
        raise InputError(
            f"{folder} must hold this campaign, but its manifest is of another {', '.join(differs)}: "
            "choose another folder with --out"
        )
