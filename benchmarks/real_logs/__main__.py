"""Real logs beside the simulation: prints the table, and writes it and its picture into the documentation.

Needs the folder `shared` beside the checkout. From the checkout's root:

    python -m benchmarks.real_logs [runs]
"""

import sys

from benchmarks.real_logs.flown import SCENARIOS, fly_group, scenario_texts
from benchmarks.real_logs.measured import GROUPS, read_measured
from benchmarks.real_logs.picture import draw
from benchmarks.real_logs.table import lines, put_table

ROOT = SCENARIOS.parent
RUNS = 128


def main() -> int:
    """Compare, print, write; return an exit code."""
    shared = ROOT.parent / "shared"
    if not shared.is_dir():
        print(f"needs the folder {shared} with data/logs, which is absent", file=sys.stderr)
        return 2
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    measured = read_measured(shared)
    flown = {}
    for name, text in scenario_texts().items():
        flown[name] = fly_group(text, runs, name)
        print(f"{name}: {flown[name].runs} runs, {flown[name].landed} came down under their canopy")
        print(f"  line stretch {flown[name].delay.median:.1f} s after the exit (median)")
    print(f"{measured.too_fast} of {measured.rows} rows fall faster than a vacuum allows and are left out")
    for group in GROUPS:
        sink = flown[group].sink
        away = ", ".join(f"{measured.clock[group] * sink[k].median:.0f}" for k in sink)
        print(f"{group}: exit known to {measured.clock[group]:.2f} s, so drops after 1-6 s to {away} m")
    table = "\n".join(lines(measured, flown))
    print(table)
    put_table(ROOT / "docs" / "real-logs.md", table)
    draw(measured, flown, ROOT / "docs" / "pictures" / "real_logs.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
