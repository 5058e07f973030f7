"""A run as files: CSV, netCDF, JSON, picture. Each file is there as a whole or not at all."""

import csv
import json
import math
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from precipice.errors import InputError
from precipice.report.assumptions import basis_of
from precipice.report.clearance import NO_GAP, Nearest, nearest_motorcycle, nearest_rock
from precipice.report.margins import margins
from precipice.report.scene import distance_out, flown, ground_height, takeoff_time
from precipice.scenario.scenario import Scenario
from precipice.simulation.run import SCHEMA_VERSION, Event, Run, Track

COLUMNS = (
    "body",
    "phase",
    "time [s]",
    "time after takeoff [s]",
    "east [m]",
    "north [m]",
    "up [m]",
    "altitude [m]",
    "height above the ground below [m]",
    "velocity east [m/s]",
    "velocity north [m/s]",
    "velocity up [m/s]",
    "speed [m/s]",
    "air speed [m/s]",
    "load [g]",
    "clearance [m]",
    "gap to the motorcycle [m]",
    "attitude w [1]",
    "attitude x [1]",
    "attitude y [1]",
    "attitude z [1]",
)
"""Head of `track.csv`."""
GRAVITY = 9.80665


def save_track(run: Run, path: Path) -> None:
    """Write both tracks as a table: the performer's rows, then the motorcycle's; see `COLUMNS`.

    A tenth of a millimetre, a tenth of a millisecond; what does not apply is left empty.

    Args:
        run: What happened.
        path: Of the file.
    """
    _whole(path, lambda part: _write_text(part, lambda stream: _write_rows(run, stream)))


def save_netcdf(run: Run, scenario: Scenario, path: Path) -> None:
    """Write a run as netCDF 4 with units, names and provenance; see `dataset.build_dataset`.

    Args:
        run: What happened.
        scenario: What was decided.
        path: Of the file.
    """
    from precipice.report.dataset import build_dataset

    def write(part: Path) -> None:
        build_dataset(run, scenario).to_netcdf(part, engine="netcdf4", format="NETCDF4")

    _whole(path, write)


def save_run(run: Run, scenario: Scenario, folder: Path) -> list[Path]:
    """Write `run.json`, `track.csv`, `run.nc` and `flight.png` into a folder.

    Args:
        run: What happened.
        scenario: What was decided.
        folder: Made if it is not there; older files of these names are replaced.

    Returns:
        Paths of the four files.

    Raises:
        InputError: When the folder cannot be written; files written before stay whole.
    """
    from precipice.report.picture import draw_run

    text = json.dumps(run_json(run, scenario), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    writers: dict[str, Callable[[Path], None]] = {
        "run.json": lambda path: _whole(path, lambda part: _write_text(part, lambda stream: stream.write(text))),
        "track.csv": lambda path: save_track(run, path),
        "run.nc": lambda path: save_netcdf(run, scenario, path),
        "flight.png": lambda path: _whole(path, lambda part: draw_run(run, scenario, part)),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, write in writers.items():
            write(folder / name)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(f"{folder} must be a folder to write to, but is not ({reason}): choose another") from None
    return [folder / name for name in writers]


def run_json(run: Run, scenario: Scenario) -> dict[str, Any]:
    """Return a run as plain data for JSON: SI units, g for loads, None for what is absent.

    Args:
        run: What happened.
        scenario: What was decided.
    """
    basis = basis_of(scenario)
    left = margins(run, scenario)
    whole = {
        "schema_version": SCHEMA_VERSION,
        "scenario": {
            "file": scenario.file,
            "title": scenario.title,
            "kind": scenario.kind,
            "sha256": scenario.sha256,
            "run": run.run,
            "seed": run.seed,
        },
        "outcome": run.outcome,
        "resolved": run.resolved,
        "doubts": list(run.doubts),
        "events": [_event(event) for event in run.events],
        "loads": _loads(run, scenario),
        "clearance": _clearance(run, scenario),
        "margins": {
            name: {"value": m.value, "unit": m.unit, "limit": m.limit, "source": m.source} for name, m in left.items()
        },
        "motorcycle": _motorcycle(run, scenario),
        "assumed": {"count": len(basis.assumed), "fields": list(basis.assumed)},
    }
    return _plain(whole)


def _event(event: Event) -> dict[str, Any]:
    names = ("name", "body", "t", "position", "velocity", "altitude", "height", "load")
    return {name: getattr(event, name) for name in names}


def _loads(run: Run, scenario: Scenario) -> dict[str, float | None]:
    def after(event: str, name: str) -> float | None:
        return run.numbers.get(name) if run.event(event) else None

    force, mass = after("line stretch", "snatch_force"), flown(run, scenario, "performer.mass")
    return {
        "ramp": after("ramp foot", "ramp_load"),
        "snatch_force": force,
        "snatch": force / (mass * GRAVITY) if force is not None and mass else None,
        "opening_shock": after("canopy open", "opening_load"),
    }


def _clearance(run: Run, scenario: Scenario) -> dict[str, Any]:
    status, gap = nearest_motorcycle(run)
    return {
        "smallest": _nearest(nearest_rock(run, scenario)),
        "freefall": _nearest(nearest_rock(run, scenario, ("freefall", "deployment", "inflation"))),
        "canopy": _nearest(nearest_rock(run, scenario, ("canopy",))),
        "motorcycle": _nearest(gap),
        "motorcycle_status": status,
    }


def _nearest(near: Nearest | None) -> dict[str, Any] | None:
    return None if near is None else near._asdict()


def _motorcycle(run: Run, scenario: Scenario) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, name in (("contact", "motorcycle contact"), ("rest", "motorcycle at rest")):
        event = run.event(name)
        found[key] = event and {
            "t": event.t,
            "position": event.position,
            "speed": event.speed,
            "out": float(distance_out(run, scenario, event.position)),
            "height_above_ground": ground_height(run.motorcycle, event.t),
        }
    return found


def _plain(value: Any) -> Any:
    """Return data without tuples, NumPy numbers, infinities and NaN; numbers to nine digits."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, bool | int | str) or value is None:
        return value
    return float(f"{float(value):.9g}") if math.isfinite(value) else None


def _write_rows(run: Run, stream: TextIO) -> None:
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    takeoff = takeoff_time(run)
    for body, track in (("performer", run.performer), ("motorcycle", run.motorcycle)):
        writer.writerows(_rows(track, body, takeoff, run.lip_altitude))


def _rows(track: Track, body: str, takeoff: float | None, lip_altitude: float) -> list[list[str]]:
    single = np.stack([track.air_speed, track.load, track.clearance, np.where(track.gap < NO_GAP, track.gap, np.nan)])
    since = track.t - takeoff if takeoff is not None else np.full_like(track.t, np.nan)
    table = np.column_stack(
        [
            track.t,
            since,
            track.position,
            track.position[:, 2] + lip_altitude,
            track.height,
            track.velocity,
            np.linalg.norm(track.velocity, axis=1),
            single.T,
        ]
    )
    ahead = [[body, str(phase)] for phase in track.phase]
    numbers = [[_cell(x, 4) for x in row] for row in table.tolist()]
    turns = [[_cell(x, 6) for x in row] for row in track.attitude.tolist()]
    return [a + b + c for a, b, c in zip(ahead, numbers, turns, strict=True)]


def _cell(value: float, decimals: int) -> str:
    return f"{round(value, decimals) + 0.0:.{decimals}f}" if math.isfinite(value) else ""


def _write_text(path: Path, write: Callable[[TextIO], object]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        write(stream)


def _whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let a file be written under a temporary name and put it in place when that went well."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}.", suffix=path.suffix)
    os.close(handle)
    part = Path(name)
    try:
        write(part)
        # mkstemp makes files that only their owner can read.
        part.chmod(0o644)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
