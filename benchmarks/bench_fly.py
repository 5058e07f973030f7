"""Wall time of `precipice fly`, as a person waits for it: interpreter, imports and files included.

Conditions are printed with the numbers. The limits are the project's own: first run ever under 45 s on
two cores, warm `--json` under 3 s, warm with files under 4 s. The landing error at the shipped tolerance
is measured by tests/independent, against an integration at 1e-12.
"""

import importlib.util
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
SCENARIO = ROOT / "scenarios" / "helsetkopen.toml"
REPEATS = 7


class Timed(NamedTuple):
    """One `precipice fly`: wall time and processor time [s], and what it printed."""

    wall: float
    cpu: float
    done: subprocess.CompletedProcess[str]


def timed(cache: str, *more: str) -> Timed:
    """Return what one `precipice fly` took and printed."""
    command = [sys.executable, "-m", "precipice", "fly", str(SCENARIO), *more]
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, "PRECIPICE_CACHE": cache}
    )
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Timed(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done)


def show(name: str, runs: list[Timed], limit: float) -> None:
    """Print one row: median, spread, processor time, limit."""
    seconds = [run.wall for run in runs]
    middle, cpu = statistics.median(seconds), statistics.median(run.cpu for run in runs)
    verdict = "within" if middle < limit else "OVER"
    spread = f"{min(seconds):.2f}-{max(seconds):.2f}"
    print(
        f"{name:24s} median {middle:6.2f} s  ({spread}, n={len(seconds)})  processor {cpu:6.2f} s  "
        f"limit {limit:.0f} s: {verdict}"
    )


def is_kept(name: str) -> bool:
    """Return whether Python finds a module's bytecode: without it, every process compiles every import."""
    found = importlib.util.find_spec(name)
    return found is not None and found.cached is not None and Path(found.cached).exists()


def main() -> None:
    """Measure and print."""
    load = os.getloadavg()[0]
    print(f"python {sys.version.split()[0]}, {os.cpu_count()} cores, load before {load:.2f}")
    without = [name for name in ("jax", "pydantic", "matplotlib", "xarray") if not is_kept(name)]
    if without:
        print(
            f"  no bytecode of {', '.join(without)}: run with PYTHONDONTWRITEBYTECODE unset, or install anew"
        )
    with tempfile.TemporaryDirectory() as cache, tempfile.TemporaryDirectory() as folder:
        first = timed(cache, "--json")
        show("first run ever, --json", [first], 45.0)
        outcome = json.loads(first.done.stdout)["outcome"]
        print(f"  said meanwhile: {first.done.stderr.strip()!r}; outcome: {outcome}")
        show("warm, --json", [timed(cache, "--json") for _ in range(REPEATS)], 3.0)
        show("warm, with files", [timed(cache, "--out", folder) for _ in range(REPEATS)], 4.0)


if __name__ == "__main__":
    main()
