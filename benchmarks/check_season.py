"""Segmentation against a synthetic season: `python -m benchmarks.check_season FOLDER`.

The folder is made by `precipice logs synthesize`. Prints errors over all jumps of `truth.csv`. The opening's
peak has no truth of its own: it must lie between line stretch and half a second after the canopy is open.
"""

import csv
import sys
from pathlib import Path

import numpy as np

from precipice.training.jump import Jump
from precipice.training.read import read_log
from precipice.training.segment import segment

TIMES = ("exit", "lip", "landing")
NUMBERS = ("lip_speed", "lip_path_angle")


class Score:
    """Errors of a season.

    Attributes:
        errors: By what.
        missed: How often an event was not found.
        jumps: In the truth.
        invented: Jumps that are not in it.
        peaks: Whether each opening's peak lies within its opening.
    """

    def __init__(self) -> None:
        self.errors: dict[str, list[float]] = {name: [] for name in (*TIMES, *NUMBERS)}
        self.missed: dict[str, int] = dict.fromkeys(TIMES, 0)
        self.jumps = self.invented = 0
        self.peaks: list[bool] = []

    def add(self, rows: list[dict[str, str]], path: Path) -> None:
        """Compare one file with its rows of the truth."""
        jumps = list(segment(read_log(path)).jumps)
        for row in rows:
            found = _nearest(jumps, float(row["landing"]))
            if found is not None:
                jumps.remove(found)
            self._compare(row, found or Jump("none", {}))
        self.jumps, self.invented = self.jumps + len(rows), self.invented + len(jumps)

    def _compare(self, row: dict[str, str], found: Jump) -> None:
        for name in TIMES:
            if not row[name] or (name == "exit" and row["lip"]):
                continue
            if name in found.events:
                self.errors[name].append(found.events[name].time - float(row[name]))
            else:
                self.missed[name] += 1
        for name in NUMBERS:
            if row[name] and name in found.numbers:
                self.errors[name].append(found.numbers[name][0] - float(row[name]))
        if row["line_stretch"] and row["open"]:
            peak = found.events.get("opening_peak")
            first, last = float(row["line_stretch"]), float(row["open"]) + 0.5
            self.peaks.append(peak is not None and first <= peak.time <= last)


def _nearest(jumps: list[Jump], landing: float) -> Jump | None:
    landed = [jump for jump in jumps if "landing" in jump.events]
    near = [jump for jump in landed if abs(jump.events["landing"].time - landing) < 20.0]
    return min(near, key=lambda jump: abs(jump.events["landing"].time - landing), default=None)


def main() -> None:
    """Print the table of one season."""
    folder = Path(sys.argv[1])
    truths = [row for row in csv.DictReader((folder / "truth.csv").open(encoding="utf-8")) if row["folder"]]
    score = Score()
    for where in sorted({row["folder"] for row in truths}):
        (path,) = [file for file in (folder / where).iterdir() if file.name in ("TRACK.CSV", "gnss.csv")]
        score.add([row for row in truths if row["folder"] == where], path)
    print("| what | jumps | median | 95 % | largest | missed |\n|---|---|---|---|---|---|")
    for name, values in score.errors.items():
        size = np.abs(values)
        if len(size):
            told = f"{np.median(size):.3f} | {np.quantile(size, 0.95):.3f} | {np.max(size):.3f}"
            print(f"| {name} | {len(size)} | {told} | {score.missed.get(name, '')} |")
    if score.peaks:
        print(f"\nopening peaks between line stretch and open: {sum(score.peaks)} of {len(score.peaks)}")
    print(f"\n{score.jumps} jumps, {score.invented} invented")


if __name__ == "__main__":
    main()
