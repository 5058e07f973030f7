"""FlySight 1: one CSV, a header, a row of units (often one comma too long), rows of GNSS."""

from precipice.training.log import Notes, TrainingLog
from precipice.training.rows import read_columns
from precipice.training.table import build_log

GNSS = {
    "time": "time",
    "lat": "latitude",
    "lon": "longitude",
    "hMSL": "altitude",
    "velN": "velocity_north",
    "velE": "velocity_east",
    "velD": "velocity_up",
    "hAcc": "horizontal_accuracy",
    "vAcc": "vertical_accuracy",
    "sAcc": "speed_accuracy",
}
"""FlySight's names of columns -> ours. Down is turned into up by the reader."""


def is_flysight1(head: bytes) -> bool:
    """Return whether a file begins like a FlySight 1 log (extra columns may stand before)."""
    names = _names(head)
    return "time" in names and {"lat", "lon", "hMSL", "velD"} <= set(names)


def read_flysight1(data: bytes, source: str) -> TrainingLog:
    """Return the log of a FlySight 1 file.

    Args:
        data: The file's bytes.
        source: Its name.
    """
    notes = Notes()
    names = _names(data)
    start, line = data.find(b"\n") + 1 or len(data), 2
    if b"(deg)" in data[start : start + 60]:
        start, line = data.find(b"\n", start) + 1 or len(data), 3
    wanted = {name: target for name, target in GNSS.items() if name in names}
    columns, lines = read_columns(data[start:], names, wanted, line, notes)
    columns["velocity_up"] = -columns["velocity_up"]
    return build_log(columns, lines, source=source, format="flysight1", dated=True, notes=notes)


def _names(data: bytes) -> list[str]:
    first = data[: data.find(b"\n") + 1 or len(data)][:2000]
    return [name.strip() for name in first.decode("utf-8-sig", "replace").strip().split(",")]
