"""Tracks of some runs of a campaign, kept as small files; any other run can be flown again on demand."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from precipice.campaign.atomic import write_atomically
from precipice.campaign.fly import fly
from precipice.errors import InputError
from precipice.simulation.track import Track

if TYPE_CHECKING:
    from precipice.campaign.campaign import Campaign

FOLDER = "tracks"
POINTS = 300
"""Most points of a body's track."""


class Way(NamedTuple):
    """The way of one body in one run.

    Attributes:
        t: From the start, `(n,)` [s].
        position: East, north, up of the lip or exit, `(n, 3)` [m].
        phase: Of the stunt, `(n,)`.
    """

    t: np.ndarray
    position: np.ndarray
    phase: np.ndarray


def file_of(folder: Path, run: int) -> Path:
    """Return the file of a run's tracks.

    Args:
        folder: Of the campaign.
        run: Its number.
    """
    return folder / FOLDER / f"run-{run:010d}.parquet"


def save_tracks(campaign: "Campaign", runs: Iterable[int], told: Callable[[int], None] | None = None) -> None:
    """Fly some runs again and keep their tracks; those that are there stay as they are.

    Args:
        campaign: Whose runs.
        runs: Their numbers.
        told: Called after each run with how many there are so far.

    Raises:
        FolderError: When a file cannot be written.
    """
    (campaign.folder / FOLDER).mkdir(exist_ok=True)
    for count, run in enumerate(dict.fromkeys(runs), start=1):
        path = file_of(campaign.folder, run)
        if not path.exists():
            flown = fly(campaign.scenario, run, campaign.seed)
            _save(path, {body: _thinned(track) for body, track in flown.tracks.items()})
        if told:
            told(count)


def _thinned(track: Track) -> Way:
    """Return at most `POINTS` points of a track, evenly in time, with its ends and each phase's first."""
    phases = track.phase
    turns = np.flatnonzero(phases[1:] != phases[:-1]) + 1
    if len(track.t) <= POINTS:
        chosen = np.arange(len(track.t))
    else:
        evenly = np.linspace(track.t[0], track.t[-1], POINTS - len(turns) - 1)
        chosen = np.unique(np.concatenate([np.searchsorted(track.t, evenly), turns, [len(track.t) - 1]]))
    chosen = chosen[chosen < len(track.t)]
    return Way(track.t[chosen], track.position[chosen], phases[chosen])


def _save(path: Path, bodies: dict[str, Way]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = np.concatenate([np.full(len(way.t), body) for body, way in bodies.items()])
    position = np.concatenate([way.position for way in bodies.values()]).astype(np.float32)
    table = pa.table(
        {
            "body": pa.array(names).dictionary_encode(),
            "phase": pa.array(np.concatenate([way.phase for way in bodies.values()])).dictionary_encode(),
            "t": np.concatenate([way.t for way in bodies.values()]).astype(np.float32),
            **{axis: position[:, k] for k, axis in enumerate(("east", "north", "up"))},
        }
    )
    write_atomically(path, lambda part: pq.write_table(table, part, compression="zstd"))


def load_tracks(folder: Path, run: int) -> dict[str, Way]:
    """Return the kept tracks of a run by body.

    Args:
        folder: Of the campaign.
        run: Its number.

    Raises:
        InputError: When they were not kept, or the file is damaged.
    """
    import pyarrow.parquet as pq

    path = file_of(folder, run)
    if not path.exists():
        raise InputError(
            f"{path} must be there, but is not: fly the run again with precipice fly --run {run}"
        )
    try:
        # Its short form, read_table, imports pandas, which takes longer than reading.
        with pq.ParquetFile(path) as file:
            table = file.read().to_pydict()
    except (OSError, ValueError) as error:
        raise InputError(f"{path} must be a run's tracks, but cannot be read ({error}): delete it") from None
    bodies = np.asarray(table["body"])
    position = np.stack([np.asarray(table[axis]) for axis in ("east", "north", "up")], axis=1)
    return {
        body: Way(np.asarray(table["t"])[rows], position[rows], np.asarray(table["phase"])[rows])
        for body in dict.fromkeys(table["body"])
        for rows in [bodies == body]
    }


def kept_runs(folder: Path) -> list[int]:
    """Return the numbers of the runs whose tracks are kept, in order.

    Args:
        folder: Of the campaign.
    """
    return sorted(int(path.stem.removeprefix("run-")) for path in (folder / FOLDER).glob("run-*.parquet"))
