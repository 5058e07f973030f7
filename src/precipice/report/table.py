"""Both tracks of a run as one table."""

import csv
import math
from typing import TextIO

import numpy as np

from precipice.report.clearance import NO_GAP
from precipice.report.scene import zero_time, zero_word
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
"""Head of `track.csv` of the main stunt; see `columns_of`."""
_GAP = COLUMNS.index("gap to the motorcycle [m]")


def columns_of(run: Run) -> tuple[str, ...]:
    """Return the head of a run's `track.csv`: without a motorcycle there is no gap to it."""
    named = tuple(name.replace("takeoff", zero_word(run)) for name in COLUMNS)
    return named if run.motorcycle is not None else (*named[:_GAP], *named[_GAP + 1 :])


def write_table(run: Run, stream: TextIO) -> None:
    """Write all tracks as CSV, one after the other; see `columns_of`.

    A tenth of a millimetre, a tenth of a millisecond; what does not apply is left empty.

    Args:
        run: What happened.
        stream: Opened without newline translation.
    """
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns_of(run))
    for body, track in run.tracks.items():
        rows = _rows(track, body, zero_time(run), run.lip_altitude)
        if run.motorcycle is None:
            rows = [[*row[:_GAP], *row[_GAP + 1 :]] for row in rows]
        writer.writerows(rows)


def _rows(track: Track, body: str, zero: float | None, lip_altitude: float) -> list[list[str]]:
    single = np.stack(
        [track.air_speed, track.load, track.clearance, np.where(track.gap < NO_GAP, track.gap, np.nan)]
    )
    since = track.t - zero if zero is not None else np.full_like(track.t, np.nan)
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
