"""Both tracks of a run as one table."""

import csv
import math
from typing import TextIO

import numpy as np

from precipice.report.clearance import NO_GAP
from precipice.report.scene import takeoff_time
from precipice.simulation.run import Run
from precipice.simulation.track import Track

COLUMNS = (
    "body",
    "phase",
    "time [s]",
    "time after takeoff [s]",
    "east [m]",
    "north [m]",
    "up [m]",
    "altitude [m]",
    "height above the ground below [m]",
    "velocity east [m/s]",
    "velocity north [m/s]",
    "velocity up [m/s]",
    "speed [m/s]",
    "air speed [m/s]",
    "load [g]",
    "clearance [m]",
    "gap to the motorcycle [m]",
    "attitude w [1]",
    "attitude x [1]",
    "attitude y [1]",
    "attitude z [1]",
)
"""Head of `track.csv`."""


def write_table(run: Run, stream: TextIO) -> None:
    """Write both tracks as CSV: the performer's rows, then the motorcycle's; see `COLUMNS`.

    A tenth of a millimetre, a tenth of a millisecond; what does not apply is left empty.

    Args:
        run: What happened.
        stream: Opened without newline translation.
    """
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    takeoff = takeoff_time(run)
    for body, track in (("performer", run.performer), ("motorcycle", run.motorcycle)):
        writer.writerows(_rows(track, body, takeoff, run.lip_altitude))


def _rows(track: Track, body: str, takeoff: float | None, lip_altitude: float) -> list[list[str]]:
    single = np.stack(
        [track.air_speed, track.load, track.clearance, np.where(track.gap < NO_GAP, track.gap, np.nan)]
    )
    since = track.t - takeoff if takeoff is not None else np.full_like(track.t, np.nan)
    table = np.column_stack(
        [
            track.t,
            since,
            track.position,
            track.position[:, 2] + lip_altitude,
            track.height,
            track.velocity,
            np.linalg.norm(track.velocity, axis=1),
            single.T,
        ]
    )
    ahead = [[body, str(phase)] for phase in track.phase]
    numbers = [[_cell(x, 4) for x in row] for row in table.tolist()]
    turns = [[_cell(x, 6) for x in row] for row in track.attitude.tolist()]
    return [a + b + c for a, b, c in zip(ahead, numbers, turns, strict=True)]


def _cell(value: float, decimals: int) -> str:
    return f"{round(value, decimals) + 0.0:.{decimals}f}" if math.isfinite(value) else ""
