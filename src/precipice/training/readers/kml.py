"""KML: a `gx:Track`, whose times and places stand in two lists, paired in order."""

import re

import numpy as np

from precipice.training.log import Notes, TrainingLog
from precipice.training.rows import read_time
from precipice.training.table import build_log

_ITEM = re.compile(rb"<(when|(?:gx:)?coord)>([^<]*)</(?:when|(?:gx:)?coord)>")


def is_kml(head: bytes) -> bool:
    """Return whether a file begins like KML."""
    return b"<kml" in head


def read_kml(data: bytes, source: str) -> TrainingLog:
    """Return the log of a KML file with a track.

    Args:
        data: The file's bytes.
        source: Its name.
    """
    notes = Notes()
    moments: list[bytes] = []
    places: list[bytes] = []
    lines: list[int] = []
    line, last = 1, 0
    for match in _ITEM.finditer(data):
        if match[1] == b"when":
            line += data.count(b"\n", last, match.start())
            last = match.start()
            moments.append(match[2].strip())
            lines.append(line)
        else:
            places.append(match[2])
    if len(moments) != len(places):
        notes.add(0, f"{len(moments)} times and {len(places)} places: those without a partner are left out")
    rows: list[list[float]] = []
    kept: list[int] = []
    for moment, place, number in zip(moments, places, lines, strict=False):
        try:
            longitude, latitude, *rest = (float(text) for text in place.split())
            rows.append([read_time(moment.decode("utf-8", "replace")), latitude, longitude, *rest[:1]])
        except ValueError:
            notes.add(number, "a point that cannot be read, left out")
            continue
        rows[-1] += [float("nan")] * (4 - len(rows[-1]))
        kept.append(number)
    table = np.array(rows, float).reshape(len(rows), 4)
    # Loggers write an altitude of exactly zero until they have one.
    unknown = np.cumsum(table[:, 3] != 0.0) == 0
    if unknown.any() and not unknown.all():
        notes.add(kept[0], f"altitude is 0 in the first {int(unknown.sum())} points: taken as not measured")
        table[unknown, 3] = np.nan
    names = ("time", "latitude", "longitude", "altitude")
    return build_log(
        {name: table[:, column] for column, name in enumerate(names)},
        np.array(kept, int),
        source=source,
        format="kml",
        dated=True,
        notes=notes,
    )
