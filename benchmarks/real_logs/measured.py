"""What real logs say: drop after the exit, height lost in the opening, descent under the canopy.

Reads tables and logs in place, beside the checkout, and hands on medians, ranges and counts only: some of
the logs may not be copied here.
"""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from benchmarks.real_logs.level_speed import level_airspeed

SECONDS = (1, 2, 3, 4, 5, 6)
"""After the exit, at which drops are compared."""
GROUPS = ("wingsuit, cliff", "wingsuit, aircraft", "skydive", "hop-and-pop")
"""Kinds of jump that are compared with a simulation of their own."""

Row = dict[str, str]


class Spread(NamedTuple):
    """Some jumps' numbers, and no single one of them where there are several.

    Attributes:
        count: Of jumps.
        low: 5th percentile, interpolated: near the smallest of a few jumps.
        median: Of all.
        high: 95th percentile.
    """

    count: int
    low: float
    median: float
    high: float


class Measured(NamedTuple):
    """The logs' side of the comparison.

    Attributes:
        rows: Of the table of drops, all seconds.
        too_fast: Of these, rows that fall faster than a stone in a vacuum; left out of `drop`.
        left_out: Rows left out by group and second: those of `too_fast` that a group would have had.
        drop: Below the exit by group and second [m].
        clock: By how much the label of an exit may be late or early, by group: median [s].
        loss: Height from the onset of the opening to the inflated canopy, by group [m].
        onset: Speed at the onset of the opening, by group [m/s].
        canopy: Mean descent rate from inflated canopy to landing, by group [m/s].
        level: Level speed through the air under the canopy, by group [m/s].
    """

    rows: int
    too_fast: int
    left_out: dict[tuple[str, int], int]
    drop: dict[tuple[str, int], Spread]
    clock: dict[str, float]
    loss: dict[str, Spread]
    onset: dict[str, Spread]
    canopy: dict[str, Spread]
    level: dict[str, Spread]


def group_of(kind: str) -> str | None:
    """Return the group that a label's kind of jump belongs to, or None: nobody flew freefall, or unclear."""
    if "BASE" in kind:
        return GROUPS[0]
    if "hop-and-pop" in kind:
        return GROUPS[3]
    if "XRW" in kind or "log starts under canopy" in kind:
        return None
    return GROUPS[1] if "wingsuit" in kind else GROUPS[2]


def spread(numbers: Iterable[float]) -> Spread:
    """Return count, 5th percentile, median and 95th percentile."""
    values = np.asarray(list(numbers), float)
    low, median, high = np.percentile(values, [5.0, 50.0, 95.0])
    return Spread(len(values), float(low), float(median), float(high))


def faster_than_vacuum(row: Row) -> bool:
    """Whether a row of the table of drops is further down than a stone from rest in a vacuum."""
    return float(row["drop_m"]) > float(row["vacuum_drop_m"])


def read_measured(shared: Path) -> Measured:
    """Return the logs' side of the comparison.

    Args:
        shared: Folder of published data, with `data/logs/exit_drop.csv` and `labels.csv`.
    """
    drops = _table(shared / "data" / "logs" / "exit_drop.csv")
    labels = _table(shared / "data" / "logs" / "labels.csv")
    kept, left_out = {}, {}
    for group in GROUPS:
        for second in SECONDS:
            rows = [
                row
                for row in drops
                if group_of(row["kind"]) == group and row["t_after_exit_s"] == str(second)
            ]
            if rows:
                fits = [float(row["drop_m"]) for row in rows if not faster_than_vacuum(row)]
                left_out[group, second] = len(rows) - len(fits)
                if fits:
                    kept[group, second] = spread(fits)
    exits = {row["file"] for row in drops}
    timed = [row for row in labels if row["file"] in exits]
    return Measured(
        rows=len(drops),
        too_fast=sum(map(faster_than_vacuum, drops)),
        left_out=left_out,
        drop=kept,
        clock={group: found.median for group, found in _column(timed, "exit_unc_s").items()},
        loss=_column(labels, "open_alt_loss_m"),
        onset=_column(labels, "V_onset_ms"),
        canopy=_column(labels, "canopy_mean_vD_ms"),
        level=_column(_with_level_speed(labels, shared / "data" / "logs"), "level_ms"),
    )


def _table(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _with_level_speed(labels: list[Row], folder: Path) -> list[Row]:
    """Return rows with one column more, empty where a file is of another layout."""
    extended = []
    for row in labels:
        found = None
        if row["t_inflated_s"] and row["t_landing_s"]:
            found = level_airspeed(
                folder / row["file"], float(row["t_inflated_s"]), float(row["t_landing_s"])
            )
        extended.append({**row, "level_ms": "" if found is None else str(found)})
    return extended


def _column(labels: list[Row], name: str) -> dict[str, Spread]:
    """Return a column's spread by group, of the rows that have it."""
    found = {}
    for group in GROUPS:
        numbers = [float(row[name]) for row in labels if group_of(row["kind"]) == group and row[name]]
        if numbers:
            found[group] = spread(numbers)
    return found
