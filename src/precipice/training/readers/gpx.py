"""GPX 1.0 and 1.1: the points of all tracks, in the order of the file."""

import re

import numpy as np

from precipice.errors import quote
from precipice.training.log import Notes, TrainingLog
from precipice.training.rows import read_time
from precipice.training.table import build_log

# Taken apart at the marks, not by an XML parser: a file that was cut off gives all its whole points.
_OPEN, _CLOSE = b"<trkpt", b"</trkpt"
_PLACE = re.compile(rb"""\b(lat|lon)\s*=\s*["']([^"']*)["']""")
_FIELD = re.compile(rb"<(?:\w+:)?(ele|time|speed|course|hdop|vdop)>([^<]*)<")


def is_gpx(head: bytes) -> bool:
    """Return whether a file begins like GPX."""
    return b"<gpx" in head


def read_gpx(data: bytes, source: str) -> TrainingLog:
    """Return the log of a GPX file.

    Args:
        data: The file's bytes.
        source: Its name.
    """
    notes = Notes()
    rows: list[list[float]] = []
    lines: list[int] = []
    before, *points = data.split(_OPEN)
    line = 1 + before.count(b"\n")
    for point in points:
        row = _read_point(point, line, notes)
        if row is not None:
            rows.append(row)
            lines.append(line)
        line += point.count(b"\n")
    opened = len(points)
    if opened != len(rows):
        notes.add(0, f"{opened - len(rows)} of {opened} points are not whole or have no time, left out")
    table = np.array(rows, float).reshape(len(rows), 4)
    names = ("time", "latitude", "longitude", "altitude")
    return build_log(
        {name: table[:, column] for column, name in enumerate(names)},
        np.array(lines, int),
        source=source,
        format="gpx",
        dated=True,
        notes=notes,
    )


def _read_point(point: bytes, line: int, notes: Notes) -> list[float] | None:
    """Return time, latitude, longitude and altitude of a point; None without its end or a time."""
    whole, close, _ = point.partition(_CLOSE)
    head, _, body = whole.partition(b">")
    if not close:
        return None
    places = dict(_PLACE.findall(head))
    fields = dict(_FIELD.findall(body))
    try:
        time = read_time(fields.get(b"time", b"").decode("utf-8", "replace"))
    except ValueError:
        return None
    numbers = [time]
    for name, text in (("lat", places.get(b"lat")), ("lon", places.get(b"lon")), ("ele", fields.get(b"ele"))):
        numbers.append(_number(name, text, line, notes))
    return numbers


def _number(name: str, text: bytes | None, line: int, notes: Notes) -> float:
    if text is None:
        return float("nan")
    try:
        return float(text)
    except ValueError:
        shown = quote(text.decode("utf-8", "replace"))
        notes.add(line, f"{name} of {shown} is no number, left out", f"{name} is no number")
        return float("nan")
