"""A season's reading: 500 skydive files (5,000 rows at 5 Hz) and 450 motocross sessions (29 jumps, 25 Hz).

Files are synthetic; a part of the season is written (each file's session name differs, so none is a copy),
read, and scaled up; the second reading is timed as it is. Peak memory is that of the largest process.

    python -m benchmarks.bench_ingest          # 40 + 36 files, or --whole for all of them
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

from precipice.campaign.fly import fly
from precipice.scenario.load import load_scenario, parse_scenario
from precipice.training.ingest import ingest
from precipice.training.sensor import Receiver
from precipice.training.synthesize import Devices, synthesize

ROOT = Path(__file__).resolve().parents[1]
SKYDIVES, SESSIONS = 500, 450


def templates(folder):
    """Return the text of a skydive's and of a session's TRACK file."""
    sky = load_scenario(ROOT / "scenarios" / "skydive.toml")
    text = (ROOT / "scenarios" / "ramp_jump.toml").read_text().replace("takes = 20", "takes = 29")
    ramp = parse_scenario(text, "ramp.toml")
    made = []
    for scenario, jumps, rate in ((sky, 1, 5.0), (ramp, 29, 25.0)):
        season = synthesize(
            scenario,
            lambda run, scenario=scenario: fly(scenario, run, 2),
            jumps,
            folder / scenario.kind,
            Devices(Receiver(rate=rate), None, "flysight2"),
        )
        made.append(season.files[0].read_text())
    return made


def write(folder, text, count, name):
    for k in range(count):
        where = folder / name / f"{k:03d}"
        where.mkdir(parents=True)
        (where / "TRACK.CSV").write_text(text.replace("$VAR,SESSION_ID,", f"$VAR,SESSION_ID,{name}{k}-"))


def processor():
    """Return the processor time of this process and its children so far [s]."""
    found = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(part.ru_utime + part.ru_stime for part in found)


def main():
    share = 1.0 if "--whole" in sys.argv else 0.08
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sky, session = templates(folder)
        logs = folder / "season"
        rows = sky.count("\n")
        write(logs, sky, round(share * SKYDIVES), "sky")
        write(logs, session, round(share * SESSIONS), "ramp")
        began, before = time.perf_counter(), processor()
        found = ingest(logs, folder / "book.parquet")
        took = time.perf_counter() - began
        print(f"skydive files of {rows:,} rows, sessions of {session.count(chr(10)):,}")
        used = processor() - before
        print(f"processor time {used:.1f} s; the season {used / share:.0f} s, over two cores half of it")
        print(f"{found.read} files, {found.jumps:,} jumps: {took:.1f} s; the season {took / share:.0f} s")
        began = time.perf_counter()
        again = ingest(logs, folder / "book.parquet")
        print(f"second reading: {again.read} read, {time.perf_counter() - began:.2f} s")
        most = max(
            resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        print(f"largest process {most / 1024:.0f} MB")


if __name__ == "__main__":
    main()
