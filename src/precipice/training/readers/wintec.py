"""Wintec TES: binary records of 16 bytes, packed date, place in 1e-7 degrees, altitude in metres."""

import datetime as dt
import struct

import numpy as np

from precipice.training.log import Notes, TrainingLog
from precipice.training.table import build_log

_RECORD = struct.Struct("<HIiih")


def is_wintec(head: bytes) -> bool:
    """Return whether a file begins with records whose dates are dates and whose places are places."""
    if len(head) < 3 * _RECORD.size:
        return False
    rows = [_read(head, place) for place in range(0, 3 * _RECORD.size, _RECORD.size)]
    times = [row[0] for row in rows if row is not None]
    return len(times) == 3 and times == sorted(times) and times[2] - times[0] < 86400.0


def read_wintec(data: bytes, source: str) -> TrainingLog:
    """Return the log of a TES file; lines are records, counted from 1.

    Args:
        data: The file's bytes.
        source: Its name.
    """
    notes = Notes()
    rows: list[tuple[float, float, float, float]] = []
    records: list[int] = []
    whole = len(data) // _RECORD.size
    for record in range(whole):
        row = _read(data, record * _RECORD.size)
        if row is None:
            notes.add(record + 1, "a record that cannot be read, left out")
            continue
        rows.append(row)
        records.append(record + 1)
    if len(data) % _RECORD.size:
        notes.add(whole + 1, "the last record is cut off")
    table = np.array(rows, float).reshape(len(rows), 4)
    names = ("time", "latitude", "longitude", "altitude")
    return build_log(
        {name: table[:, column] for column, name in enumerate(names)},
        np.array(records, int),
        source=source,
        format="wintec",
        dated=True,
        notes=notes,
    )


def _read(data: bytes, place: int) -> tuple[float, float, float, float] | None:
    _, packed, latitude, longitude, altitude = _RECORD.unpack_from(data, place)
    if abs(latitude) > 9e8 or abs(longitude) > 18e8:
        return None
    second, minute, hour = packed & 63, packed >> 6 & 63, packed >> 12 & 31
    day, month, year = packed >> 17 & 31, packed >> 22 & 15, 2000 + (packed >> 26 & 63)
    try:
        moment = dt.datetime(year, month, day, hour, minute, second, tzinfo=dt.UTC)
    except ValueError:
        return None
    return moment.timestamp(), latitude / 1e7, longitude / 1e7, float(altitude)
