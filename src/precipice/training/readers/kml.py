"""KML: a `gx:Track`, whose times and places are paired in order, in turn or as two lists."""

import re
from typing import NamedTuple

import numpy as np

from precipice.training.log import Notes, TrainingLog
from precipice.training.rows import read_time
from precipice.training.table import build_log

_MARK = re.compile(rb"<(?:(when|(?:gx:)?coord)>([^<]*)(</)?|(/?)(?:gx:)?Track\b)")


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
    pairs = [pair for track, closed in _tracks(data) for pair in _paired(track, closed, notes)]
    rows: list[list[float]] = []
    kept: list[int] = []
    for when, where in pairs:
        number = when.line
        try:
            longitude, latitude, *rest = (float(text) for text in where.text.split())
            rows.append([read_time(when.text.decode("utf-8", "replace")), latitude, longitude, *rest[:1]])
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


class _Item(NamedTuple):
    """A time or a place; the text is empty where the item does not end as it began."""

    timed: bool
    text: bytes
    line: int


def _tracks(data: bytes) -> list[tuple[list[_Item], bool]]:
    """Return the items of every track, and whether it ends in the file."""
    tracks: list[tuple[list[_Item], bool]] = []
    items: list[_Item] = []
    line, last = 1, 0
    for mark in _MARK.finditer(data):
        line += data.count(b"\n", last, mark.start())
        last = mark.start()
        if mark[1] is not None:
            items.append(_Item(mark[1] == b"when", mark[2].strip() if mark[3] else b"", line))
        elif items:
            tracks.append((items, bool(mark[4])))
            items = []
    return [*tracks, (items, False)] if items else tracks


def _paired(items: list[_Item], closed: bool, notes: Notes) -> list[tuple[_Item, _Item]]:
    """Return each time with its place.

    Where they stand in turn, neighbours belong together whatever is lost elsewhere. Two lists are paired from
    their beginning; when both end and one is shorter, nobody knows what is missing where, and none is paired.
    """
    times, places = [item for item in items if item.timed], [item for item in items if not item.timed]
    # Places come first only in a whole track that ends with a time; else the first time was lost.
    late = closed and not items[0].timed and items[-1].timed
    turns = [k for k in range(len(items) - 1) if items[k].timed == (not late) != items[k + 1].timed]
    if 2 * len(turns) > len(times):
        for lone in sorted(set(range(len(items))) - {k + n for k in turns for n in (0, 1)}):
            notes.add(items[lone].line, "a time without a place or a place without a time, left out")
        return [(items[k + late], items[k + (not late)]) for k in turns]
    if len(times) == len(places):
        return list(zip(times, places, strict=True))
    lone = f"{len(times)} times and {len(places)} places in two lists"
    if closed:
        notes.add(items[0].line, f"{lone}: which belong together is not known, none is read")
        return []
    notes.add(items[0].line, f"{lone} that end early: those without a partner are left out")
    return list(zip(times, places, strict=False))
