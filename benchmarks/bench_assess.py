"""What an assessment costs: 10,000 runs with table and shards, two workers beside one, memory, and a peer.

    python -m benchmarks.bench_assess [--million] [--no-peer]

Programs are compiled before the clock starts, except in the row that says so; the landing error of these
runs is in bench_many.py, and what single precision changes in check_precision.py. The peer is RocketPy's
Monte Carlo of a small rocket in an environment of its own: not the same stunt, but the same kind of work.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

ROOT = Path(__file__).resolve().parents[1]
SCENARIO = ROOT / "scenarios" / "helsetkopen.toml"
SAMPLES = 12
"""Of the peer."""

COUNT = """
import json, resource, sys, tempfile, time
from pathlib import Path
from precipice.campaign.campaign import fly_missing, load_shards, open_campaign
from precipice.campaign.executor import InProcess, Processes
from precipice.campaign.piece import prepare
from precipice.risk.assess import assess
from precipice.scenario.load import load_scenario

def main(runs, workers, whole):
    scenario = load_scenario(sys.argv[1])
    prepare(scenario)
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        if whole:
            assess(scenario, runs, 0, Path(folder) / "c", workers=workers, drivers=False)
        else:
            executor = Processes(workers)
            campaign = open_campaign(Path(folder) / "c", scenario, 0)
            # Workers start and load their programs before the clock does.
            fly_missing(campaign, 4096, executor)
            start = time.perf_counter()
            fly_missing(campaign, 4096 + runs, executor)
        took = time.perf_counter() - start
        size = sum(path.stat().st_size for path in (Path(folder) / "c" / "shards").iterdir())
        flown = runs if whole else runs + 4096
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": took, "peak_mb": peak, "bytes_per_run": size / flown}))

if __name__ == "__main__":
    main(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4] == "whole")
"""


def measure(runs: int, workers: int, what: str, **environment: str) -> dict:
    """Return what a campaign in a process of its own took."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "count.py"
        script.write_text(COUNT)
        command = [sys.executable, str(script), str(SCENARIO), str(runs), str(workers), what]
        done = subprocess.run(
            command, check=True, capture_output=True, text=True, env={**os.environ, **environment}
        )
    return json.loads(done.stdout)


def command_line(**environment: str) -> float:
    """Return what `precipice assess` of 10,000 runs takes, Python's start and the table included [s]."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "precipice", "assess", str(SCENARIO), "--no-drivers", "--no-report"]
        start = time.perf_counter()
        subprocess.run(
            [*command, "--out", f"{folder}/c"],
            check=True,
            capture_output=True,
            env={**os.environ, **environment},
        )
        return time.perf_counter() - start


def peer() -> dict | None:
    """Return what a sample of RocketPy's Monte Carlo costs, None where it cannot be installed."""
    from benchmarks.peer import peer_python

    with tempfile.TemporaryDirectory() as folder:
        python = peer_python("rocketpy", folder)
        if python is None:
            return None
        script = str(ROOT / "benchmarks" / "rocketpy_peer.py")
        done = subprocess.run([python, script, str(SAMPLES)], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def bench(
    million: Annotated[bool, typer.Option("--million", help="Fly a million runs, too.")] = False,
    with_peer: Annotated[bool, typer.Option("--peer/--no-peer")] = True,
) -> None:
    """Measure and print."""
    print(
        f"python {sys.version.split()[0]}, {os.cpu_count()} cores, load before {os.getloadavg()[0]:.2f}, "
        f"{SCENARIO.name}"
    )
    with tempfile.TemporaryDirectory() as cache:
        first = command_line(PRECIPICE_CACHE=cache)
    print(f"assess, 10,000 runs, table and shards, programs not yet compiled: {first:.1f} s (limit 60)")
    warm = [command_line() for _ in range(3)]
    print(f"assess, 10,000 runs, table and shards, warm: {statistics.median(warm):.1f} s of 3 (limit 10)")
    one = statistics.median(measure(16_384, 1, "flying")["seconds"] for _ in range(3))
    two = statistics.median(measure(16_384, 2, "flying")["seconds"] for _ in range(3))
    print(f"16,384 runs flying and writing: one worker {one:.2f} s, two {two:.2f} s, ratio {one / two:.2f}")
    for runs in (1_000, 10_000, 100_000, *((1_000_000,) if million else ())):
        told = measure(runs, 2, "whole")
        rate = 1e3 * told["seconds"] / runs
        print(
            f"assess of {runs:9,} runs, two workers: {told['seconds']:7.1f} s, {rate:.3f} ms a run, peak "
            f"{told['peak_mb']:.0f} MB in the main process, {told['bytes_per_run']:.0f} bytes a run on disk"
        )
    found = peer() if with_peer else None
    if found:
        alone = measure(16_384, 1, "flying")
        mine, theirs = alone["seconds"] / 16_384, found["seconds"] / found["samples"]
        print(
            f"a sample: precipice {1e3 * mine:.2f} ms, {alone['bytes_per_run']:.0f} bytes (330 s of flight), "
            f"RocketPy 1.13 {1e3 * theirs:.0f} ms and {found['bytes'] / found['samples']:.0f} bytes "
            f"({found['flight_s']:.0f} s of flight), ratio {theirs / mine:.0f}"
        )


if __name__ == "__main__":
    typer.run(bench)
