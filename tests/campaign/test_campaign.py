"""A campaign's folder: the same bytes whoever flies it, and nothing lost when it is stopped.

The expected bytes are those of a campaign that one process flew in one go.
"""

import errno
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from precipice.campaign import atomic
from precipice.campaign.atomic import FolderError
from precipice.campaign.campaign import fly_missing, load_runs, open_campaign
from precipice.campaign.executor import AbstractExecutor, InProcess, Processes
from precipice.campaign.piece import Job, fly_piece
from precipice.errors import InputError
from precipice.scenario.load import load_scenario

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "scenarios" / "high_fall.toml"
SEED, RUNS = 11, 9000


@pytest.fixture(scope="module")
def drop() -> Any:
    return load_scenario(FILE)


def shards(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / "shards").iterdir())}


def flown(folder: Path, drop: Any, executor: AbstractExecutor, runs: int = RUNS, **more: Any) -> None:
    campaign = open_campaign(folder, drop, SEED, resume=folder.exists(), **more)
    try:
        fly_missing(campaign, runs, executor)
    finally:
        executor.close()


@pytest.fixture(scope="module")
def whole(drop, tmp_path_factory) -> dict[str, bytes]:
    """Bytes of an undisturbed campaign's shards."""
    folder = tmp_path_factory.mktemp("whole") / "campaign"
    flown(folder, drop, InProcess())
    return shards(folder)


class Shuffled(AbstractExecutor):
    """Flies in this process, in any order."""

    def fly(self, scenario: Any, jobs: Iterable[Job]) -> Any:
        mixed = list(jobs)
        random.Random(3).shuffle(mixed)
        for job in mixed:
            yield job, fly_piece(scenario, job)

    def close(self) -> None:
        pass

    @property
    def words(self) -> str:
        return "this process, shuffled"


def test_three_shards_of_few_bytes(whole) -> None:
    assert len(whole) == 3
    assert sum(map(len, whole.values())) / RUNS < 300.0


@pytest.mark.parametrize(
    "executor", [Shuffled(), InProcess(threads=2), Processes(1), Processes(2), Processes(4)]
)
def test_same_bytes_whoever_flies(executor, whole, drop, tmp_path) -> None:
    flown(tmp_path / "c", drop, executor)
    assert shards(tmp_path / "c") == whole


def test_same_bytes_resumed_and_extended(whole, drop, tmp_path) -> None:
    for runs in (700, 5000, 5000, RUNS):
        flown(tmp_path / "c", drop, InProcess(), runs)
    assert shards(tmp_path / "c") == whole


def test_a_missing_shard_alone_is_flown_again(whole, drop, tmp_path) -> None:
    flown(tmp_path / "c", drop, InProcess())
    first, second, third = sorted((tmp_path / "c" / "shards").iterdir())
    kept = first.stat().st_mtime_ns, third.stat().st_mtime_ns
    second.unlink()
    flown(tmp_path / "c", drop, InProcess())
    assert shards(tmp_path / "c") == whole
    assert (first.stat().st_mtime_ns, third.stat().st_mtime_ns) == kept


def test_a_killed_process_costs_time_only(whole, drop, tmp_path) -> None:
    executor = Processes(2)
    campaign = open_campaign(tmp_path / "c", drop, SEED)
    killed = []

    def kill(progress: Any) -> None:
        if progress.done and not killed:
            killed.append(executor.pids()[0])
            os.kill(killed[0], signal.SIGKILL)

    fly_missing(campaign, RUNS, executor, kill)
    executor.close()
    assert killed
    assert shards(tmp_path / "c") == whole


def test_same_bytes_from_dask_though_a_worker_is_killed(whole, drop, tmp_path) -> None:
    from precipice.campaign.cluster import Cluster

    executor = Cluster("local", 2)
    campaign = open_campaign(tmp_path / "c", drop, SEED)
    pids = list(executor._client.run(os.getpid).values())
    killed = []

    def kill(progress: Any) -> None:
        if progress.done and not killed:
            killed.append(pids[0])
            os.kill(pids[0], signal.SIGKILL)

    try:
        fly_missing(campaign, RUNS, executor, kill)
    finally:
        executor.close()
    assert killed
    assert shards(tmp_path / "c") == whole


KILLED = """
import os, signal, sys
from pathlib import Path
from precipice.campaign import atomic
from precipice.campaign.campaign import fly_missing, open_campaign
from precipice.campaign.executor import InProcess
from precipice.scenario.load import load_scenario

file, folder, where, seed, runs = sys.argv[1:]
calls = 0

def die(real, nth):
    def wrapped(*arguments):
        global calls
        calls += 1
        if calls == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments)
    return wrapped

if where == "write":
    # The file's bytes are there, but nobody has flushed them.
    atomic._flush = die(atomic._flush, 5)
else:
    # It is whole, but still has the name of a part.
    Path.replace = die(Path.replace, 3)
campaign = open_campaign(Path(folder), load_scenario(file), int(seed))
fly_missing(campaign, int(runs), InProcess())
"""


@pytest.mark.parametrize("where", ["write", "rename"])
def test_a_kill_in_the_middle_of_writing(where, whole, drop, tmp_path) -> None:
    folder = tmp_path / "c"
    arguments = [str(FILE), str(folder), where, str(SEED), str(RUNS)]
    done = subprocess.run([sys.executable, "-c", KILLED, *arguments], timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL
    assert 0 < len(list((folder / "shards").glob("*.parquet"))) < 3
    assert list((folder / "shards").glob(".*.part"))
    flown(folder, drop, InProcess())
    assert shards(folder) == whole


LIMITED = """
import resource, sys
from pathlib import Path
from precipice.campaign.campaign import fly_missing, open_campaign
from precipice.campaign.executor import InProcess
from precipice.errors import PrecipiceError
from precipice.scenario.load import load_scenario

file, folder, seed, runs = sys.argv[1:]
scenario = load_scenario(file)
campaign = open_campaign(Path(folder), scenario, int(seed), resume=True)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    fly_missing(campaign, int(runs), InProcess())
except PrecipiceError as error:
    print(error)
    sys.exit(error.exit_code)
"""


def test_a_disk_that_takes_no_more(whole, drop, tmp_path) -> None:
    """The system's own limit of a file's size stops the writing, as a full disk would."""
    pytest.importorskip("resource")
    folder = tmp_path / "c"
    flown(folder, drop, InProcess(), 4096)
    before = shards(folder)
    arguments = [str(FILE), str(folder), str(SEED), str(RUNS)]
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, *arguments], timeout=120, check=False, capture_output=True, text=True
    )
    assert done.returncode == 2, done.stderr
    assert "make room or choose another folder" in done.stdout
    assert shards(folder) == before
    flown(folder, drop, InProcess())
    assert shards(folder) == whole


def test_a_full_disk_is_said(drop, tmp_path, monkeypatch) -> None:
    def full(path: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    campaign = open_campaign(tmp_path / "c", drop, SEED)
    monkeypatch.setattr(atomic, "_flush", full)
    with pytest.raises(FolderError, match="No space left on device"):
        fly_missing(campaign, 1000, InProcess())
    assert shards(tmp_path / "c") == {}


def test_a_folder_that_cannot_be_made(drop, tmp_path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(FolderError, match="must be a folder to write to"):
        open_campaign(tmp_path / "file" / "c", drop, SEED)
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("damage", ["cut", "flipped", "emptied", "foreign"])
def test_a_damaged_shard_is_named_and_kept(damage, drop, tmp_path) -> None:
    folder = tmp_path / "c"
    flown(folder, drop, InProcess(), 1000)
    (path,) = (folder / "shards").iterdir()
    good = path.read_bytes()
    middle = len(good) // 2
    bad = {
        "cut": good[:-40],
        "flipped": good[:middle] + bytes([good[middle] ^ 16]) + good[middle + 1 :],
        "emptied": b"",
        "foreign": b"a text\n" * 50,
    }[damage]
    path.write_bytes(bad)
    with pytest.raises(InputError, match=path.name):
        flown(folder, drop, InProcess(), 2000)
    assert path.read_bytes() == bad


def test_another_scenario_seed_or_version_is_refused(drop, scenario, tmp_path) -> None:
    folder = tmp_path / "c"
    flown(folder, drop, InProcess(), 100)
    with pytest.raises(InputError, match="another kind of stunt, scenario"):
        open_campaign(folder, scenario, SEED, resume=True)
    with pytest.raises(InputError, match="another seed"):
        open_campaign(folder, drop, SEED + 1, resume=True)
    with pytest.raises(InputError, match="add --resume"):
        open_campaign(folder, drop, SEED)
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"precipice": "', '"precipice": "9.'))
    with pytest.raises(InputError, match="another version of precipice"):
        open_campaign(folder, drop, SEED, resume=True)
    manifest.write_text("{")
    with pytest.raises(InputError, match="cannot be read"):
        open_campaign(folder, drop, SEED, resume=True)


def test_two_at_once_are_kept_apart(drop, tmp_path) -> None:
    campaign = open_campaign(tmp_path / "c", drop, SEED)
    inside, leave = threading.Event(), threading.Event()

    def hold(progress: Any) -> None:
        inside.set()
        leave.wait(30.0)

    first = threading.Thread(target=fly_missing, args=(campaign, 1000, InProcess(), hold))
    first.start()
    try:
        assert inside.wait(30.0)
        with pytest.raises(InputError, match="another precipice is flying"):
            fly_missing(campaign, 1000, InProcess())
    finally:
        leave.set()
        first.join()


def test_progress_knows_rate_and_time_left(drop, tmp_path) -> None:
    told: list[Any] = []
    campaign = open_campaign(tmp_path / "c", drop, SEED)
    start = time.monotonic()
    fly_missing(campaign, 5000, InProcess(), told.append)
    took = time.monotonic() - start
    assert [progress.done for progress in told] == [0, 1024, 2048, 3072, 4096, 5000]
    assert told[-1].left == 0.0
    assert told[-1].rate >= 5000 / took


def test_loading_more_than_was_flown_is_refused(drop, tmp_path) -> None:
    campaign = open_campaign(tmp_path / "c", drop, SEED)
    fly_missing(campaign, 100, InProcess())
    assert len(load_runs(campaign, 60)["resolved"]) == 60
    with pytest.raises(InputError, match="finish it with --resume"):
        load_runs(campaign, 101)


def test_a_cluster_that_does_not_answer(monkeypatch) -> None:
    from precipice.campaign import cluster

    monkeypatch.setattr(cluster, "ANSWER", 1.0)
    with pytest.raises(InputError, match="--cluster must answer"):
        cluster.Cluster("tcp://127.0.0.1:9", 1)
    with pytest.raises(InputError, match="must be an address"):
        cluster.Cluster("nowhere", 1)
