"""What the page was opened on: a scenario file, a folder of runs, or what `precipice new` writes."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from precipice.campaign.manifest import FILE as MANIFEST
from precipice.errors import InputError
from precipice.report.read_run import FILES, read_run
from precipice.simulation.run import Run

SHOWN = frozenset({".json", ".csv", ".nc", ".png", ".html", ".pdf", ".svg"})
"""Endings of files that may be fetched from the opened folder."""
HEAVIEST = 64_000_000
"""Bytes of a file that may be fetched, or of what is read of a run folder."""


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
        flown: The run that the folder holds; None without one.
    """

    name: str
    path: Path | None
    text: str
    folder: Path | None = None
    run: int | None = None
    seed: int = 0
    assessment: dict[str, Any] | None = None
    flown: Run | None = None

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
        target: Scenario file or run folder; what `precipice new` writes when None.

    Raises:
        ScenarioError: With what is wrong with a scenario file.
        InputError: When it is neither, damaged, or of another version.
        IncompleteError: When it is a campaign that was stopped before its end.
    """
    if target is None:
        from importlib.resources import files

        text = files("precipice.scenario").joinpath("template", "ramp-to-canopy.toml").read_text("utf-8")
        return Opened("ramp-to-canopy.toml", None, text)
    if target.is_dir():
        return _open_folder(target)
    return Opened(str(target), target, _read(target))


def _open_folder(folder: Path) -> Opened:
    from precipice.report.document.folder import read_campaign

    for name in (MANIFEST, "assessment.json", *FILES):
        path = folder / name
        if path.is_file() and path.stat().st_size > HEAVIEST:
            raise InputError(
                f"{path} must have at most {HEAVIEST} bytes, but has more: it is damaged; fly it again"
            )
    if (folder / MANIFEST).exists() or (folder / "shards").is_dir():
        judged = read_campaign(folder)
        scenario = judged.campaign.scenario
        return Opened(
            scenario.file, None, scenario.text, folder, seed=judged.found.seed, assessment=judged.record
        )
    if not (folder / FILES[0]).exists():
        raise InputError(
            f"{folder} must be a run folder with {MANIFEST} or {FILES[0]}, but has neither: make one with "
            "precipice assess --out, or precipice fly --out"
        )
    return _open_flight(folder)


def _open_flight(folder: Path) -> Opened:
    """Return what a flight's folder shows: the scenario as it was flown, whatever its file says by now."""
    from precipice.report.document.folder import beside, find_scenario

    run, flown = read_run(folder)
    told = json.loads((folder / FILES[0]).read_text("utf-8"))
    scenario = find_scenario(
        folder,
        flown.text,
        beside(folder, Path(flown.file)),
        lambda scenario: scenario.sha256 == told["scenario"]["sha256"],
    )
    return Opened(scenario.file, None, scenario.text, folder, run.run, run.seed or 0, flown=run)


def _read(path: Path) -> str:
    """Return a scenario file's text; what is wrong with it is said by `load_scenario`."""
    from precipice.scenario.load import load_scenario

    return load_scenario(path).text
