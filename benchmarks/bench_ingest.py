"""A season's reading: 500 skydive files and 450 motocross sessions.

A skydive has 8,000 rows at 5 Hz, a session 29 jumps in 30,000 rows at 25 Hz. The files are synthetic: 20
skydives and 4 sessions are flown, and each is written many times under other session names, so that none is a
copy of another. The season is kept where `--keep` says and made only once; it takes 1.8 GB. A hundred of its
files are read first, then all of them, then all of them again, each in a program of its own: memory must not
grow from the first to the second.

    python -m benchmarks.bench_ingest                      # 40 + 36 files, scaled up
    python -m benchmarks.bench_ingest --keep FOLDER        # the whole season
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SKYDIVES, SESSIONS = 500, 450
JUMPS = 29
DIFFERENT_SKYDIVES, DIFFERENT_SESSIONS = 20, 4
SKYDIVE_REST, SESSION_REST = 620.0, 1.0
"""Seconds after a landing that make 8,000 and 30,000 rows."""
PART = 50
"""Files of each kind in the part that is read first."""


def templates(folder, skydives, sessions):
    """Return texts of TRACK files: of skydives, and of sessions."""
    from precipice.campaign.fly import fly
    from precipice.scenario.load import load_scenario, parse_scenario
    from precipice.training.sensor import Receiver
    from precipice.training.synthesize import Devices, synthesize

    sky = load_scenario(ROOT / "scenarios" / "skydive.toml")
    text = (ROOT / "scenarios" / "ramp_jump.toml").read_text().replace("takes = 20", f"takes = {JUMPS}")
    ramp = parse_scenario(text, "ramp.toml")
    made = []
    for scenario, jumps, rate, rest in (
        (sky, skydives, 5.0, SKYDIVE_REST),
        (ramp, JUMPS * sessions, 25.0, SESSION_REST),
    ):
        season = synthesize(
            scenario,
            lambda run, scenario=scenario: fly(scenario, run, 2),
            jumps,
            folder / scenario.kind,
            Devices(Receiver(rate=rate), None, "flysight2", rest),
        )
        made.append([file.read_text() for file in season.files])
    return made


def write(folder, texts, count, name):
    """Write as many files as wanted, each of another session."""
    for k in range(count):
        where = folder / name / f"{k:03d}"
        where.mkdir(parents=True)
        text = texts[k % len(texts)]
        (where / "TRACK.CSV").write_text(text.replace("$VAR,SESSION_ID,", f"$VAR,SESSION_ID,{name}{k}-"))


def build(folder, skydives, sessions):
    """Write a season below a folder unless it is there."""
    if (folder / "season").is_dir():
        return
    folder.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    for name in ("made", "new"):
        shutil.rmtree(folder / name, ignore_errors=True)
    few = min(DIFFERENT_SKYDIVES, skydives), min(DIFFERENT_SESSIONS, sessions)
    texts = templates(folder / "made", *few)
    for name, made, count in zip(("sky", "ramp"), texts, (skydives, sessions), strict=True):
        write(folder / "new", made, count, name)
        lines = [text.count("\n") for text in made]
        print(f"{count} files of {min(lines):,} to {max(lines):,} lines ({name}, {len(made)} different)")
    (folder / "new").rename(folder / "season")
    print(f"the season was made in {time.perf_counter() - began:.0f} s", flush=True)


def part_of(season, folder):
    """Return a folder with the first files of a season, which are not copied."""
    for name in ("sky", "ramp"):
        for where in sorted((season / name).iterdir())[:PART]:
            target = folder / name / where.name
            target.mkdir(parents=True)
            os.link(where / "TRACK.CSV", target / "TRACK.CSV")
    return folder


def read(logs, book, share):
    """Read a folder into a logbook and print what it took, scaled up from a share of the season."""
    from precipice.training.ingest import ingest

    began, load = time.perf_counter(), os.getloadavg()[0]
    found = ingest(logs, book)
    took = time.perf_counter() - began
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    used = sum(part.ru_utime + part.ru_stime for part in spent)
    own, worker = (part.ru_maxrss / 1024 for part in spent)
    scaled = f" (the season: {took / share:.0f} s, {used / share:.0f} s)" if share < 1.0 else ""
    print(f"{found.read} files read, {found.new:,} jumps in them")
    print(f"  {took:.1f} s, {used:.1f} s of processor time with starting{scaled}")
    print(f"  memory {own:.0f} MB, of the largest worker {worker:.0f} MB")
    print(f"  load of the machine {load:.1f} before, {os.getloadavg()[0]:.1f} after", flush=True)


def apart(*arguments):
    """Do a part of it in a program of its own, whose memory no other has grown."""
    command = [sys.executable, "-m", "benchmarks.bench_ingest", *(str(argument) for argument in arguments)]
    subprocess.run(command, check=True)


def main():
    if "--build" in sys.argv:
        build(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
        return
    if "--read" in sys.argv:
        read(Path(sys.argv[2]), Path(sys.argv[3]), float(sys.argv[4]))
        return
    kept = Path(sys.argv[sys.argv.index("--keep") + 1]).absolute() if "--keep" in sys.argv else None
    share = 1.0 if kept else 0.08
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
    # Beside the season, so that files of both can be the same ones.
    with tempfile.TemporaryDirectory(dir=kept) as name:
        folder = Path(name)
        home = kept or folder / "whole"
        season, book = home / "season", folder / "book.parquet"
        apart("--build", home, round(share * SKYDIVES), round(share * SESSIONS))
        if kept:
            apart("--read", part_of(season, folder / "part"), folder / "part.parquet", share)
        apart("--read", season, book, share)
        print(f"logbook of {book.stat().st_size / 1e6:.1f} MB; again:", flush=True)
        apart("--read", season, book, 1.0)


if __name__ == "__main__":
    main()
