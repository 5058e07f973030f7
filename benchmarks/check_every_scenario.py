"""Every command on every shipped scenario: `python -m benchmarks.check_every_scenario [NAME ...] [--runs N]`.

Each command runs in a process of its own, as for a person, with few runs; most of the time goes into
compiling, once for each kind of stunt. Prints a table of command by scenario: `ok`, `refused` in one sentence
with code 2, or `FAILED`; then what was said. Failed is a traceback, another exit code, NaN or infinity among
the words, or a file that should be there and is not. Whether pictures and sentences make sense a person must
see: --keep FOLDER keeps them. A scenario whose surveyed ground is absent is left out.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
SCENARIOS = ROOT / "scenarios"
FORMATS = ("kml", "czml", "glb", "usda", "csv", "netcdf", "chan")
CAMERAS = ("orbit", "chase", "performer", "top", "landing")
LONGEST = 1800
"""A command may take [s]."""
NO_NUMBER = re.compile(r"(?<![\w.-])[-+]?(?:nan|inf|infinity)(?![\w-])", re.IGNORECASE)
RARE = {"ramp-jump": "hard landing", "drop": "landing outside the area"}
"""Hazard for `rare` by kind; the others have canopies."""


class Step(NamedTuple):
    """One command of the matrix.

    Attributes:
        name: Of its row.
        arguments: Of `precipice`.
        made: Files that it must leave.
    """

    name: str
    arguments: list[str]
    made: tuple[Path, ...] = ()


class Ended(NamedTuple):
    """How a command ended on a scenario: the word of its cell, and what it said."""

    word: str
    said: str = ""


def steps(file: Path, folder: Path, kind: str, runs: int) -> Iterator[Step]:
    """Yield the commands of one scenario in the order in which they need each other.

    Args:
        file: The scenario.
        folder: For what they write.
        kind: Of the stunt.
        runs: Of a campaign.
    """
    stunt, flight, campaign = str(file), folder / "flight", folder / "campaign"
    yield Step("check", ["check", stunt])
    yield Step("fly", ["fly", stunt, "--out", str(flight)], (flight / "run.nc", flight / "flight.png"))
    yield Step("site", ["site", stunt, "--out", str(folder / "site")], (folder / "site" / "site.png",))
    yield Step("air", ["air", stunt, "--out", str(folder / "air.png")], (folder / "air.png",))
    yield Step("design-landing", ["design-landing", stunt, "--out", str(folder / "landing")])
    yield Step("report, flight", ["report", str(flight), "--pdf"], (flight / "report.html",))
    for form in FORMATS:
        yield Step(f"export {form}", ["export", str(flight), "--to", form, "--fps", "5"])
    for camera in CAMERAS:
        still = folder / f"{camera}.png"
        shot = ["film", str(flight), "--still", "0.5", "--camera", camera, "-o", str(still)]
        yield Step(f"film {camera}", shot, (still,))
    few = ["--runs", str(runs)]
    yield Step(
        "assess", ["assess", stunt, *few, "--tracks", "--out", str(campaign)], (campaign / "report.html",)
    )
    yield Step("report, campaign", ["report", str(campaign), "--pdf"], (campaign / "report.pdf",))
    yield Step("export, campaign", ["export", str(campaign), "--to", "glb", "--runs", "0-2"])
    yield Step("film, campaign", ["film", str(campaign), "--run", "1", "--still", "0.5"])
    yield Step("compare", ["compare", stunt, stunt, *few])
    yield Step("sensitivity", ["sensitivity", stunt, "--points", "64"])
    yield Step("rare", ["rare", stunt, "--hazard", RARE.get(kind, "low throw"), "--chains", "100"])


def ended(step: Step) -> Ended:
    """Return how a command ended."""
    command = [sys.executable, "-m", "precipice", *step.arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, cwd=ROOT, check=False)
    except subprocess.TimeoutExpired:
        return Ended("FAILED", f"longer than {LONGEST} s")
    if done.returncode == 2 and not done.stdout and "Traceback" not in done.stderr:
        return Ended("refused", done.stderr.strip().splitlines()[-1])
    if done.returncode != 0 or "Traceback" in done.stderr:
        return Ended("FAILED", f"code {done.returncode}: {done.stderr.strip()[-400:]}")
    odd = NO_NUMBER.search(done.stdout)
    if odd:
        line = next(line for line in done.stdout.splitlines() if NO_NUMBER.search(line))
        return Ended("FAILED", f"tells {odd[0]}: {line.strip()}")
    missing = [path.name for path in step.made if not path.is_file() or path.stat().st_size == 0]
    return Ended("FAILED", f"did not write {', '.join(missing)}") if missing else Ended("ok")


def served(target: Path) -> Ended:
    """Return whether the page of a scenario or folder answers with site, fields and nominal run."""
    command = [sys.executable, "-m", "precipice", "serve", str(target), "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT)
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        address = re.search(r"http://\S+/", line)
        if address is None:
            return Ended("FAILED", line)
        for path in ("", "api/state", "api/fields", "api/site", "api/flight"):
            with urllib.request.urlopen(address[0] + path, timeout=LONGEST) as answer:
                if not answer.read():
                    return Ended("FAILED", f"{path} is empty")
    except (urllib.error.URLError, TimeoutError) as error:
        said = error.read().decode() if isinstance(error, urllib.error.HTTPError) else str(error)
        return Ended("FAILED", said)
    finally:
        process.terminate()
        process.wait()
    return Ended("ok")


def kind_of(file: Path) -> str | None:
    """Return a scenario's kind, or None where files that it names are absent."""
    import tomllib

    told = tomllib.loads(file.read_text("utf-8"))
    model = told["site"].get("terrain", {}).get("dem")
    return told["kind"] if model is None or (file.parent / model).exists() else None


def main() -> None:
    """Print the table; exit with 1 when anything failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="Scenarios; all that are shipped without.")
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--only", default="", help="Commands that begin so.")
    parser.add_argument("--keep", type=Path, help="Folder for what the commands write.")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        keep = (asked.keep or Path(scratch)).resolve()
        table: dict[str, dict[str, Ended]] = {}
        for file in sorted(SCENARIOS.glob("*.toml")):
            kind = kind_of(file)
            if asked.names and file.stem not in asked.names:
                continue
            if kind is None:
                print(f"{file.stem}: left out, its surveyed ground is absent", flush=True)
                continue
            folder = keep / file.stem
            folder.mkdir(parents=True, exist_ok=True)
            begin, column = time.monotonic(), {}
            for step in steps(file, folder, kind, asked.runs):
                if step.name.startswith(asked.only):
                    column[step.name] = ended(step)
            for name, target in (("serve, file", file), ("serve, flight", folder / "flight")):
                if name.startswith(asked.only):
                    column[name] = served(target)
            table[file.stem] = column
            words = json.dumps({word: [e.word for e in column.values()].count(word) for word in WORDS})
            print(f"{file.stem}: {words} in {time.monotonic() - begin:.0f} s", flush=True)
    told(table)
    sys.exit(any(end.word == "FAILED" for column in table.values() for end in column.values()))


WORDS = ("ok", "refused", "FAILED")


def told(table: dict[str, dict[str, Ended]]) -> None:
    """Print the table, and what refusals and failures said."""
    rows = list(dict.fromkeys(name for column in table.values() for name in column))
    print(f"\n| command | {' | '.join(table)} |\n|---|{'---|' * len(table)}")
    for name in rows:
        cells = (column[name].word if name in column else "" for column in table.values())
        print(f"| {name} | {' | '.join(cells)} |")
    print()
    for stem, column in table.items():
        for name, end in column.items():
            if end.said:
                print(f"- {stem}, {name}: {end.word}: {end.said}")


if __name__ == "__main__":
    main()
