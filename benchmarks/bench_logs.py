"""Speed of reading and segmenting logs: `python -m benchmarks.bench_logs [TRACK.CSV]`.

Without a file, a FlySight 1 track of 8,000 rows at 5 Hz and a FlySight 2 pair of 1,600 s are made.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from precipice.training.motion import build_motion
from precipice.training.ramp_jump import find_ramp_jumps
from precipice.training.read import read_log
from precipice.training.skydive import find_skydives
from precipice.training.smooth import smooth


def main() -> None:
    if len(sys.argv) > 1:
        files = [Path(name) for name in sys.argv[1:]]
    else:
        folder = Path(tempfile.mkdtemp())
        files = [_track1(folder), _pair2(folder)]
    for file in files:
        log = read_log(file)
        smoothed = smooth(log)
        motion = build_motion(log, smoothed)
        felt = 0 if log.inertial is None else len(log.inertial.time)
        print(f"{file.name}: {len(log.time)} rows, {felt} inertial")
        print(f"  read     {_best(lambda: read_log(file))}")  # noqa: B023 - called at once
        print(f"  smooth   {_best(lambda: smooth(log))}")  # noqa: B023
        if motion is not None:
            print(f"  segment  {_best(lambda: _find(log, motion))}")  # noqa: B023


def _find(log, motion) -> None:
    find_skydives(log, motion)
    find_ramp_jumps(log, motion, [])


def _best(call: Callable[[], object], times: int = 60) -> str:
    """Return the shortest time of many calls and the shortest processor time, which others disturb less."""
    spent = []
    for _ in range(times):
        begin, before = time.perf_counter(), time.process_time()
        call()
        spent.append((time.perf_counter() - begin, time.process_time() - before))
    took, used = (1e3 * min(column) for column in zip(*spent, strict=True))
    return f"{took:6.1f} ms, {used:6.1f} ms of processor time"


def _rows(tag: str, rest: str) -> str:
    height = 1000.0 + 300.0 * np.sin(np.arange(8000) / 900.0)
    start = np.datetime64("2024-05-04T10:00:00.000")
    stamps = start + np.timedelta64(200, "ms") * np.arange(8000)
    return "".join(
        f"{tag}{stamp}Z,{45 + 1e-6 * k:.7f},7.1234567,{high:.3f},12.34,-3.21,1.23,1.234,2.345,0.34{rest}\n"
        for k, (stamp, high) in enumerate(zip(stamps, height, strict=True))
    )


def _track1(folder: Path) -> Path:
    path = folder / "flysight1.csv"
    names = "time,lat,lon,hMSL,velN,velE,velD,hAcc,vAcc,sAcc,heading,cAcc,gpsFix,numSV"
    units = ",(deg),(deg),(m),(m/s),(m/s),(m/s),(m),(m),(m/s),(deg),(deg),,,"
    path.write_text(f"{names}\n{units}\n" + _rows("", ",123.45678,0.98765,3,12"))
    return path


def _pair2(folder: Path) -> Path:
    head = "$FLYS,1\n$VAR,SESSION_ID,bench\n"
    track = "$COL,GNSS,time,lat,lon,hMSL,velN,velE,velD,hAcc,vAcc,sAcc,numSV\n$UNIT,GNSS,,deg\n$DATA\n"
    (folder / "TRACK.CSV").write_text(head + track + _rows("$GNSS,", ",12"))
    sensor = "$COL,IMU,time,wx,wy,wz,ax,ay,az,temperature\n$COL,TIME,time,tow,week\n$DATA\n"
    sensor += "$TIME,99.0,554400.0,2312\n"
    rows = "".join(
        f"$IMU,{100 + k / 13:.3f},1.234,-2.345,3.456,0.01234,-0.02345,0.98765,23.45\n" for k in range(20800)
    )
    (folder / "SENSOR.CSV").write_text(head + sensor + rows)
    return folder / "TRACK.CSV"


if __name__ == "__main__":
    main()
