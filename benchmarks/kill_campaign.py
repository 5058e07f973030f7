"""Kill a campaign over and over, and see that it ends with the same bytes as one that nobody disturbed.

    python -m benchmarks.kill_campaign [--times 100] [--dask]

Each time a campaign is started in a process of its own, and after a random time that process, or one of its
workers, gets SIGKILL: while it draws, flies, writes or renames. Then it is resumed, perhaps killed again, and
at last finished; its shards must equal those of an undisturbed campaign, byte for byte.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

ROOT = Path(__file__).resolve().parents[1]
SCENARIO = ROOT / "scenarios" / "high_fall.toml"
RUNS = 40_000
"""Enough for a dozen shards."""


def start(folder: Path, dask: bool) -> subprocess.Popen:
    """Start or resume a campaign."""
    command = [
        sys.executable, "-m", "precipice", "assess", str(SCENARIO), "--runs", str(RUNS), "--out", str(folder),
        "--workers", "2", "--no-drivers",
    ]  # fmt: skip
    command += ["--cluster", "local"] if dask else []
    command += ["--resume"] if folder.exists() else []
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def children(pid: int) -> list[int]:
    """Return the processes that a process has started and that fly for it."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(part) for part in task.read_text().split()]
        except OSError:
            continue
    return found


def shards(folder: Path) -> dict[str, bytes]:
    """Return the bytes of a campaign's shards and of those over guesses."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.parquet")}


def disturb(folder: Path, chance: random.Random, dask: bool) -> str:
    """Start a campaign and kill it or a worker; return what was killed, or "end" when it was too fast."""
    process = start(folder, dask)
    until = time.monotonic() + chance.uniform(0.5, 6.0)
    while time.monotonic() < until and process.poll() is None:
        time.sleep(0.005)
    if process.poll() is not None:
        return "end"
    workers = children(process.pid)
    if workers and chance.random() < 0.5:
        try:
            os.kill(chance.choice(workers), signal.SIGKILL)
        except ProcessLookupError:
            return "end"
        _, told = process.communicate(timeout=600)
        if process.returncode not in (0, 3):
            raise SystemExit(f"a killed worker ended it with {process.returncode}:\n{told}")
        return "worker"
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=600)
    return "program"


def check(
    times: Annotated[int, typer.Option(help="Campaigns that are killed.")] = 100,
    seed: int = 0,
    dask: Annotated[bool, typer.Option("--dask", help="On a Dask cluster of this machine.")] = False,
) -> None:
    """Kill and compare."""
    chance, counts = random.Random(seed), {"worker": 0, "program": 0, "end": 0}
    with tempfile.TemporaryDirectory() as home:
        whole = Path(home) / "whole"
        start(whole, dask=False).communicate()
        expected = shards(whole)
        done, kill = 0, 0
        while done < times:
            folder = Path(home) / f"killed{kill}"
            kill += 1
            while done < times:
                what = disturb(folder, chance, dask)
                counts[what] += 1
                done += what != "end"
                if what != "program" or chance.random() < 0.3:
                    break
            process = start(folder, dask)
            _, told = process.communicate(timeout=600)
            if process.returncode != 0 or shards(folder) != expected:
                raise SystemExit(f"campaign {kill} is not the same (code {process.returncode}):\n{told}")
            print(f"{done:4} kills, {kill} campaigns, all the same bytes: {counts}", flush=True)


if __name__ == "__main__":
    typer.run(check)
