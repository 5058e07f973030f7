"""Both tracks of a run as one table."""

from collections.abc import Iterator
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
    stream.write(",".join(columns_of(run)) + "\n")
    for body, track in run.tracks.items():
        stream.writelines(_rows(track, body, run))


def _rows(track: Track, body: str, run: Run) -> Iterator[str]:
    zero = zero_time(run)
    single = [track.air_speed, track.load, track.clearance]
    if run.motorcycle is not None:
        single.append(np.where(track.gap < NO_GAP, track.gap, np.nan))
    since = track.t - zero if zero is not None else np.full_like(track.t, np.nan)
    table = np.column_stack(
        [
            track.t,
            since,
            track.position,
            track.position[:, 2] + run.lip_altitude,
            track.height,
            track.velocity,
            np.linalg.norm(track.velocity, axis=1),
            *single,
        ]
    )
    # The zero turns -0.0 into 0.0.
    whole = np.column_stack([np.round(table, 4), np.round(track.attitude, 6)]) + 0.0
    whole[~np.isfinite(whole)] = np.nan
    # One format for a whole row: a third of the time that a cell at a time takes.
    form = ",".join(["%.4f"] * table.shape[1] + ["%.6f"] * track.attitude.shape[1])
    for phase, row in zip(track.phase.tolist(), whole.tolist(), strict=True):
        yield f"{body},{phase},{(form % tuple(row)).replace('nan', '')}\n"
