"""Time and size of reports: HTML of a 10,000-run campaign under 5 s and 3 MB, its PDF under 3 s more.

python benchmarks/bench_report.py [--runs 10000] [--scenario scenarios/helsetkopen.toml] [--folder CAMPAIGN]

Makes the campaign first unless a folder is given, and the report once, so that programs are compiled. Then
each report is made three times by a process of its own, as a person would; the fastest counts, since other
work on the machine only adds. Processor time stands beside the wall clock: other work changes it little.
"""

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.command import measure

GOALS = {"HTML": 5.0, "HTML and PDF": 8.0}
"""Seconds on the wall clock."""
LARGEST = 3.0
"""HTML [MB]."""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--scenario", default="scenarios/helsetkopen.toml")
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary) / "campaign"
        if given.folder is None:
            measure("assess", given.scenario, "--runs", str(given.runs), "--out", str(folder), "--no-report")
        page = Path(temporary) / "report.html"
        for name, more in (("HTML", []), ("HTML and PDF", ["--pdf"])):
            command = ["report", str(folder), "-o", str(page), *more]
            measure(*command)
            wall, work = min(measure(*command) for _ in range(3))
            print(f"{name:14} {wall:5.2f} s wall, {work:5.2f} s processor; goal {GOALS[name]:.0f} s")
        for path in (page, page.with_suffix(".pdf")):
            print(f"{path.suffix[1:].upper():14} {path.stat().st_size / 1e6:5.2f} MB")
        print(f"HTML may have  {LARGEST:5.2f} MB")


if __name__ == "__main__":
    main()
