"""Time of a film: 10 s at 1280x720 and 24 pictures a second under 60 s on two cores, and of one picture.

python benchmarks/bench_film.py [--folder RUN_FOLDER] [--camera NAME]

Flies the shipped stunt first unless a folder is given. Each film is made by a process of its own, as a
person would, on two cores where the system lets one choose. Processor time, ffmpeg's included, stands beside
the wall clock: other work on the machine changes it little. Needs the extra `video` and ffmpeg on PATH.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.command import measure

GOAL = 60.0
"""Seconds on the wall clock for ten seconds of film."""
CAMERAS = ("orbit", "helicopter long lens", "lip crane", "chase")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--camera", action="append")
    given = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary) / "run"
        if given.folder is None:
            measure("fly", "scenarios/helsetkopen.toml", "--out", str(folder))
        clip, still = Path(temporary) / "clip.mp4", Path(temporary) / "still.png"
        for camera in given.camera or CAMERAS:
            command = ["film", str(folder), "--camera", camera, "--from", "-1", "--to", "9", "-o", str(clip)]
            wall, work = measure(*command)
            size = clip.stat().st_size / 1e6
            print(
                f"{camera:22} {wall:6.1f} s wall, {work:6.1f} s processor, {size:4.1f} MB; goal {GOAL:.0f} s"
            )
        wall, work = measure("film", str(folder), "--still", "1", "-o", str(still))
        print(f"{'one picture':22} {wall:6.1f} s wall, {work:6.1f} s processor")


if __name__ == "__main__":
    main()
