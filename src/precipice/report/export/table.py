"""A row for each body and camera in each frame, as CSV: place, heights, attitude, time."""

import datetime as dt
from collections.abc import Iterator

import numpy as np

from precipice.report.export.clip import Clip
from precipice.report.export.globe import Globe
from precipice.report.export.rotation import continuous, quaternion_of
from precipice.report.export.told import utc

COLUMNS = (
    "name",
    "frame",
    "time [s]",
    "time after {zero} [s]",
    "UTC",
    "phase",
    "east [m]",
    "north [m]",
    "up [m]",
    "longitude [deg]",
    "latitude [deg]",
    "altitude in the site's datum [m]",
    "height above the WGS84 ellipsoid [m]",
    "velocity east [m/s]",
    "velocity north [m/s]",
    "velocity up [m/s]",
    "attitude w [1]",
    "attitude x [1]",
    "attitude y [1]",
    "attitude z [1]",
)
"""Head of the table; "takeoff" or "exit" stands for zero."""


def csv_lines(clip: Clip, globe: Globe, start: dt.datetime | None, zero: str) -> Iterator[str]:
    """Yield the lines of a CSV file: bodies, then cameras, each frame by frame.

    A camera's attitude has forward along its look; its phase is empty.

    Args:
        clip: Bodies and cameras, frame by frame.
        globe: Where on the earth.
        start: Of the first frame; None leaves the column of UTC empty.
        zero: "takeoff" or "exit".
    """
    count = len(clip.frames)
    whens = _whens(clip, start)
    yield ",".join(COLUMNS).format(zero=zero)
    for body in clip.bodies:
        if body.name != "canopy":
            moves = (body.position, body.velocity, body.attitude)
            yield from _rows(body.title, whens, body.phase, *moves, globe)
    for shot in clip.cameras:
        axes = np.stack([-shot.axes[:, :, 2], -shot.axes[:, :, 0], shot.axes[:, :, 1]], axis=2)
        still, place = np.zeros((count, 3)), np.tile(shot.position, (count, 1))
        attitude = continuous(quaternion_of(axes))
        yield from _rows(shot.name, whens, np.full(count, ""), place, still, attitude, globe)


def _whens(clip: Clip, start: dt.datetime | None) -> list[str]:
    """Return the cells that tell which frame it is and when, for each frame."""
    found = []
    for k, time in enumerate(clip.time.tolist()):
        since = "" if clip.zero is None else f"{time - clip.zero + 0.0:.6f}"
        moment = "" if start is None else utc(start, float(clip.seconds[k]))
        found.append(f"{clip.frames[k]},{time:.6f},{since},{moment}")
    return found


def _rows(
    name: str,
    whens: list[str],
    phase: np.ndarray,
    position: np.ndarray,
    velocity: np.ndarray,
    attitude: np.ndarray,
    globe: Globe,
) -> Iterator[str]:
    longitude, latitude, above = globe.places(position)
    columns = [position, longitude, latitude, globe.in_datum(above), above, velocity, attitude]
    table = (np.column_stack(columns) + 0.0).tolist()
    form = ",".join(["%.4f"] * 3 + ["%.9f"] * 2 + ["%.4f"] * 5 + ["%.7f"] * 4)
    cell = quoted(name)
    for when, word, row in zip(whens, phase.tolist(), table, strict=True):
        yield f"{cell},{when},{word},{form % tuple(row)}"


def quoted(name: str) -> str:
    """Return a name as one cell of CSV that no spreadsheet takes for a formula."""
    plain = "".join(letter if letter.isprintable() else " " for letter in name)
    plain = f"'{plain}" if plain[:1] in "=+-@" else plain
    return '"' + plain.replace('"', '""') + '"' if any(c in plain for c in ',"') else plain
