"""A campaign: a folder of flown runs that can be finished, extended and read."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from precipice.campaign.atomic import FolderError, sweep
from precipice.campaign.executor import AbstractExecutor
from precipice.campaign.manifest import (
    build_manifest,
    identity,
    load_manifest,
    refuse_other,
    save_manifest,
)
from precipice.campaign.piece import PIECE, Columns, Job
from precipice.campaign.shard import SHARD, ShardName, load_shard, save_shard
from precipice.errors import InputError
from precipice.scenario.scenario import Scenario


class Progress(NamedTuple):
    """How far a campaign is.

    Attributes:
        done: Runs in the folder that count.
        runs: That are wanted.
        rate: Runs flown in each second since it went on; 0 before the first piece.
        left: Until the end [s]; infinite before the first piece.
    """

    done: int
    runs: int
    rate: float
    left: float


Told = Callable[[Progress], None]


class Campaign(NamedTuple):
    """A folder of runs.

    Attributes:
        folder: Where.
        scenario: What was decided.
        seed: Of the draws.
        group: How many runs in a row share a guess at the unknown constants.
        identity: What tells it from other campaigns.
        manifest: Of the folder.
    """

    folder: Path
    scenario: Scenario
    seed: int
    group: int
    identity: str
    manifest: dict[str, Any]

    @property
    def shards(self) -> Path:
        """Folder of the shards."""
        return self.folder / "shards"

    def name(self, number: int) -> ShardName:
        """Return the name of a shard."""
        return ShardName(number, self.identity)


def open_campaign(
    folder: Path, scenario: Scenario, seed: int, *, resume: bool = False, group: int = 1
) -> Campaign:
    """Return a campaign in a folder: a new one, or one that is there.

    Args:
        folder: Made if it is not there.
        scenario: What was decided.
        seed: Of the draws.
        resume: Whether a campaign that is there is gone on with.
        group: How many runs in a row share a guess at the unknown constants.

    Raises:
        InputError: When the folder holds another campaign, or this one and nobody asked to resume it.
        FolderError: When it cannot be written.
    """
    manifest = build_manifest(scenario, seed, group)
    found = load_manifest(folder) if folder.is_dir() else None
    if found is not None:
        refuse_other(folder, found, manifest)
        if not resume:
            raise InputError(
                f"--out must be a new folder, but {folder} holds this campaign already: add --resume to "
                "finish or extend it, or choose another"
            )
    campaign = Campaign(folder, scenario, seed, group, identity(manifest), manifest)
    try:
        campaign.shards.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FolderError(
            f"{folder} must be a folder to write to, but is not ({error.strerror}): choose another with --out"
        ) from None
    if found is None:
        if any(campaign.shards.glob("*.parquet")):
            raise InputError(
                f"{folder} must hold a campaign with its manifest.json, but has shards alone: choose another "
                "with --out"
            )
        save_manifest(folder, manifest)
    return campaign


@contextmanager
def working_in(campaign: Campaign) -> Iterator[None]:
    """Hold off others that would fly the same campaign at the same time, and sweep what they left.

    Raises:
        InputError: When somebody is at it.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    with (campaign.folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InputError(
                f"{campaign.folder} must be free, but another precipice is flying in it: wait for its end"
            ) from None
        sweep(campaign.folder)
        sweep(campaign.shards)
        yield


def fly_missing(campaign: Campaign, runs: int, executor: AbstractExecutor, told: Told | None = None) -> None:
    """Fly what is missing of the first so many runs; shards are written as soon as they are whole.

    Args:
        campaign: Where.
        runs: That are wanted.
        executor: Who flies.
        told: Called after each piece.

    Raises:
        InputError: When a shard is damaged or the folder cannot be written; whole shards are kept.
        IncompleteError: When workers keep dying.
    """
    with working_in(campaign):
        _fly(campaign, runs, executor, told)


def _fly(campaign: Campaign, runs: int, executor: AbstractExecutor, told: Told | None) -> None:
    have = {number: count_runs(campaign, number) for number in range(-(-runs // SHARD))}
    wanted = {number: min(SHARD, runs - number * SHARD) for number in have}
    missing = [number for number in have if have[number] < wanted[number]]
    jobs = [job for number in missing for job in _jobs(campaign, number, have[number], wanted[number])]
    flown: dict[int, dict[int, Columns]] = {number: {} for number in missing}
    done = sum(min(have[number], wanted[number]) for number in have)
    start, new = time.monotonic(), 0
    if told:
        told(Progress(done, runs, 0.0, np.inf if jobs else 0.0))
    for job, columns in executor.fly(campaign.scenario, jobs):
        number = job.first // SHARD
        flown[number][job.first] = columns
        new += job.last - job.first
        if sum(len(part["resolved"]) for part in flown[number].values()) == wanted[number] - have[number]:
            _save(campaign, number, have[number], flown.pop(number))
        if told:
            rate = new / max(time.monotonic() - start, 1e-9)
            told(Progress(done + new, runs, rate, (runs - done - new) / rate))


def count_runs(campaign: Campaign, number: int) -> int:
    """Return how many runs a shard holds, 0 when there is none; a damaged one raises `DamagedError`."""
    columns = load_shard(campaign.shards, campaign.name(number))
    return 0 if columns is None else len(columns["resolved"])


def _jobs(campaign: Campaign, number: int, have: int, wanted: int) -> list[Job]:
    begin, end = number * SHARD + have, number * SHARD + wanted
    firsts = range(begin, end, PIECE)
    return [Job(first, min(first + PIECE, end), campaign.seed, campaign.group) for first in firsts]


def _save(campaign: Campaign, number: int, have: int, parts: dict[int, Columns]) -> None:
    ordered = [parts[first] for first in sorted(parts)]
    if have:
        before = load_shard(campaign.shards, campaign.name(number))
        assert before is not None
        ordered = [before, *ordered]
    names = sorted(ordered[-1])
    joined = {name: np.concatenate([part[name] for part in ordered]) for name in names}
    save_shard(campaign.shards, campaign.name(number), joined)


def load_shards(campaign: Campaign, runs: int) -> Iterator[Columns]:
    """Yield the numbers of the first so many runs, a shard at a time.

    Args:
        campaign: Where.
        runs: All must be there.

    Raises:
        InputError: When one is missing, or a shard is damaged.
    """
    for number in range(-(-runs // SHARD)):
        columns = load_shard(campaign.shards, campaign.name(number))
        wanted = min(SHARD, runs - number * SHARD)
        if columns is None or len(columns["resolved"]) < wanted:
            raise InputError(
                f"{campaign.folder} must hold {runs} runs, but has fewer: finish it with --resume"
            )
        yield {name: column[:wanted] for name, column in columns.items()}


def load_runs(campaign: Campaign, runs: int) -> Columns:
    """Return the numbers of the first so many runs, each `(runs,)`; see `load_shards`."""
    parts = list(load_shards(campaign, runs))
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
