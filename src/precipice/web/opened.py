"""What the page was opened on: a scenario file, a folder of runs, or the shipped scenario."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from precipice.errors import InputError
from precipice.scenario.load import LARGEST

SHOWN = frozenset({".json", ".csv", ".nc", ".png", ".html", ".pdf", ".svg"})
"""Endings of files that may be fetched from the opened folder."""
HEAVIEST = 64_000_000
"""Bytes of a file that may be fetched, or of a run folder's JSON."""


@dataclass(frozen=True)
class Opened:
    """What the page shows.

    Attributes:
        name: What to call it in messages; the files that the scenario names lie beside it.
        path: Of the scenario file that is saved to; None where there is none.
        text: Of the scenario.
        folder: Whose files may be fetched; None where it is a file that was opened.
        run: Number of the run that is shown first; None is the nominal one.
        seed: Of its draws.
        assessment: That the folder holds, as plain data; None without one.
    """

    name: str
    path: Path | None
    text: str
    folder: Path | None = None
    run: int | None = None
    seed: int = 0
    assessment: dict[str, Any] | None = None

    def file(self, name: str) -> Path | None:
        """Return a file of the opened folder, None for anything else: other places, links, hidden files.

        Args:
            name: As a browser asks for it.
        """
        if self.folder is None or "\0" in name or "\\" in name:
            return None
        root = self.folder.resolve()
        path = (root / name).resolve()
        if not path.is_relative_to(root) or any(
            part.startswith(".") for part in path.relative_to(root).parts
        ):
            return None
        if path.suffix not in SHOWN or not path.is_file() or path.stat().st_size > HEAVIEST:
            return None
        return path


def open_target(target: Path | None) -> Opened:
    """Return what a person named at the command line.

    Args:
        target: Scenario file or run folder; the shipped scenario when None.

    Raises:
        InputError: When it is neither.
    """
    if target is None:
        from importlib.resources import files

        text = files("precipice.scenario").joinpath("template", "ramp-to-canopy.toml").read_text("utf-8")
        return Opened("ramp-to-canopy.toml", None, text)
    if target.is_dir():
        return _open_folder(target)
    return Opened(str(target), target, _read(target))


def _open_folder(folder: Path) -> Opened:
    manifest, run = _json(folder / "manifest.json"), _json(folder / "run.json")
    if manifest is not None:
        text, name = manifest.get("scenario_text"), manifest.get("file")
        if not isinstance(text, str) or not isinstance(name, str) or len(text) > LARGEST:
            raise _damaged(folder / "manifest.json", "the scenario's text")
        found = _json(folder / "assessment.json")
        if found is not None and not {"hazards", "verdict", "runs", "seed"} <= set(found):
            raise _damaged(folder / "assessment.json", "hazards, verdict, runs and seed")
        # Files that the scenario names were beside it: the folder is as good a guess as any.
        return Opened(str(folder / Path(name).name), None, text, folder, assessment=found)
    if run is None:
        raise InputError(
            f"{folder} must be a run folder with manifest.json or run.json, but has neither: make one with "
            "precipice assess --out, or precipice fly --out"
        )
    return _open_flight(folder, run)


def _open_flight(folder: Path, run: dict[str, Any]) -> Opened:
    about = run.get("scenario")
    if not isinstance(about, dict) or not isinstance(about.get("file"), str):
        raise _damaged(folder / "run.json", "which scenario was flown")
    path = Path(about["file"])
    if not path.is_file():
        raise InputError(
            f"{folder}/run.json must name a scenario that is there, but {path} is missing: start from the "
            "folder where it was flown, or open the scenario itself"
        )
    number, seed = about.get("run"), about.get("seed")
    return Opened(str(path), None, _read(path), folder, number, int(seed or 0))


def _read(path: Path) -> str:
    """Return a scenario file's text; what is wrong with it is said by `load_scenario`."""
    from precipice.scenario.load import load_scenario

    return load_scenario(path).text


def _json(path: Path) -> dict[str, Any] | None:
    """Return a file of a run folder as data; None where it is not there."""
    if not path.is_file():
        return None
    if path.stat().st_size > HEAVIEST:
        raise _damaged(path, f"at most {HEAVIEST} bytes")
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        raise _damaged(path, "JSON") from None
    if not isinstance(found, dict):
        raise _damaged(path, "an object")
    version = found.get("schema_version")
    if version != 1:
        raise InputError(
            f"{path} must have schema_version 1, but has {json.dumps(version)[:40]}: fly it again with this "
            "version, or open it with the version that wrote it"
        )
    return found


def _damaged(path: Path, what: str) -> InputError:
    return InputError(f"{path} must hold {what}, but does not: it is damaged; fly it again")
