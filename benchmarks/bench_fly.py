"""Wall time of `precipice fly`, as a person waits for it: interpreter, imports and files included.

Conditions are printed with the numbers. The limits are the project's own: first run ever under 45 s on
two cores, warm `--json` under 3 s, warm with files under 4 s. The landing error at the shipped tolerance
is measured by tests/independent, against an integration at 1e-12.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SCENARIO = ROOT / "scenarios" / "helsetkopen.toml"
REPEATS = 7


def timed(cache: str, *more: str) -> tuple[float, subprocess.CompletedProcess[str]]:
    """Return the wall time of one `precipice fly` and what it printed [s]."""
    command = [sys.executable, "-m", "precipice", "fly", str(SCENARIO), *more]
    start = time.perf_counter()
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, "PRECIPICE_CACHE": cache}
    )
    return time.perf_counter() - start, done


def show(name: str, seconds: list[float], limit: float) -> None:
    """Print one row: median, spread, limit."""
    middle = statistics.median(seconds)
    verdict = "within" if middle < limit else "OVER"
    spread = f"{min(seconds):.2f}-{max(seconds):.2f}"
    print(f"{name:32s} median {middle:6.2f} s  ({spread}, n={len(seconds)})  limit {limit:.0f} s: {verdict}")


def main() -> None:
    """Measure and print."""
    load = os.getloadavg()[0]
    print(f"python {sys.version.split()[0]}, {os.cpu_count()} cores, load before {load:.2f}")
    with tempfile.TemporaryDirectory() as cache, tempfile.TemporaryDirectory() as folder:
        first, done = timed(cache, "--json")
        outcome = json.loads(done.stdout)["outcome"]
        show("first run ever, --json", [first], 45.0)
        print(f"  said meanwhile: {done.stderr.strip()!r}; outcome: {outcome}")
        show("warm, --json", [timed(cache, "--json")[0] for _ in range(REPEATS)], 3.0)
        show("warm, with files", [timed(cache, "--out", folder)[0] for _ in range(REPEATS)], 4.0)


if __name__ == "__main__":
    main()
