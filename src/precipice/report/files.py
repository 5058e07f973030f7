"""A run as files: CSV, netCDF, JSON, picture. Each file is there as a whole or not at all."""

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from precipice.errors import InputError
from precipice.report.record import run_json
from precipice.report.table import write_table
from precipice.scenario.scenario import Scenario
from precipice.simulation.run import Run

__all__ = ["put_whole", "run_json", "save_netcdf", "save_run", "save_track"]


def save_track(run: Run, path: Path) -> None:
    """Write both tracks as a table; see `table.write_table`.

    Args:
        run: What happened.
        path: Of the file.
    """
    put_whole(path, lambda part: _write_text(part, lambda stream: write_table(run, stream)))


def save_netcdf(run: Run, scenario: Scenario, path: Path) -> None:
    """Write a run as netCDF 4 with units, names and provenance; see `dataset.write_dataset`.

    Args:
        run: What happened.
        scenario: What was decided.
        path: Of the file.
    """
    from precipice.report.dataset import write_dataset

    put_whole(path, lambda part: write_dataset(run, scenario, part))


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
        "run.json": lambda path: put_whole(
            path, lambda part: _write_text(part, lambda stream: stream.write(text))
        ),
        "track.csv": lambda path: save_track(run, path),
        "run.nc": lambda path: save_netcdf(run, scenario, path),
        "flight.png": lambda path: put_whole(path, lambda part: draw_run(run, scenario, part)),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, write in writers.items():
            write(folder / name)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(
            f"{folder} must be a folder to write to, but is not ({reason}): choose another"
        ) from None
    return [folder / name for name in writers]


def _write_text(path: Path, write: Callable[[TextIO], object]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        write(stream)


def put_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let a file be written under a temporary name and put it in place when that went well.

    Args:
        path: Of the file.
        write: Given the temporary path, writes it.
    """
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
