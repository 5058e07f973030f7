"""Compare segmentation with hand-made labels: `python benchmarks/check_labels.py FOLDER` prints every error.

The folder holds `labels.csv`, `negatives.csv` and the logs that they name.
"""

import csv
import sys
import time
from pathlib import Path

from precipice.errors import PrecipiceError
from precipice.training.jump import Segmentation
from precipice.training.read import read_log
from precipice.training.segment import segment

EVENTS = {"exit": "t_exit_s", "opening_peak": "t_open_peak_s", "landing": "t_landing_s"}
LIMITS = {"exit": 1.0, "opening_peak": 1.0, "landing": 2.0}
OTHERS = {"opening_onset": "t_open_onset_s", "canopy": "t_inflated_s", "flare": "t_flare_start_s"}


def main() -> None:
    folder = Path(sys.argv[1])
    counts: dict[tuple[str, bool], list[bool]] = {}
    print("| log | trust | exit | peak | landing | onset | canopy | flare | jumps | ms |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for label in csv.DictReader((folder / "labels.csv").read_text().splitlines()):
        begin = time.perf_counter()
        found = segment(read_log(folder / label["file"]))
        spent = 1e3 * (time.perf_counter() - begin)
        cells = [label["file"], label["confidence"]]
        for event, column in {**EVENTS, **OTHERS}.items():
            cells.append(_cell(found, label, event, column, counts))
        print("| " + " | ".join(cells) + f" | {len(found.jumps)} | {spent:.0f} |")
    print()
    for (event, high), good in sorted(counts.items()):
        trust = "high" if high else "other"
        print(f"- {event}, {trust}: {sum(good)} of {len(good)} ({100 * sum(good) / len(good):.0f} %)")
    print("\n| log | may hold | found |\n|---|---|---|")
    for label in csv.DictReader((folder / "negatives.csv").read_text().splitlines()):
        found = segment(read_log(folder / label["file"]))
        events = [
            f"{n} {m.time:.1f} ± {m.deviation:.1f}"
            for j in found.jumps + found.canopies
            for n, m in j.events.items()
        ]
        print(f"| {label['file']} | {label['jump']} | {'; '.join(events) or 'nothing'} |")
    unread = [path for path in sorted(folder.glob("*/*")) if not _reads(path)]
    print("\nNot read:", ", ".join(str(path.relative_to(folder)) for path in unread) or "none")


def _cell(found: Segmentation, label: dict[str, str], event: str, column: str, counts: dict) -> str:
    flights = found.jumps + found.canopies
    times = [flight.events[event] for flight in flights if event in flight.events]
    truth = float(label[column]) if label[column] else None
    if truth is None or not times:
        missed = truth is not None
        if missed and event in LIMITS:
            counts.setdefault((event, label["confidence"] == "high"), []).append(False)
        return "MISSED" if missed else (f"({times[0].time:.1f})" if times else "")
    moment = min(times, key=lambda moment: abs(moment.time - truth))
    error = moment.time - truth
    if event not in LIMITS:
        return f"{error:+.1f}"
    high = label["confidence"] == "high"
    limit = LIMITS[event] if high else 1.0 + float(label["exit_unc_s"] or 0.0)
    good = abs(error) <= limit + 1e-9
    counts.setdefault((event, high), []).append(good)
    return f"{error:+.1f} ± {moment.deviation:.1f}" + ("" if good else " **out**")


def _reads(path: Path) -> bool:
    if path.suffix == ".md" or path.name.startswith("LICENSE"):
        return True
    try:
        read_log(path)
    except PrecipiceError:
        return False
    return True


if __name__ == "__main__":
    main()
