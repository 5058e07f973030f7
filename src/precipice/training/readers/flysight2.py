"""FlySight 2: TRACK (GNSS) and SENSOR (inertial, barometer, clock) files of tagged lines."""

from pathlib import Path

import numpy as np

from precipice.earth import GRAVITY
from precipice.training.log import Inertial, Notes, TrainingLog
from precipice.training.pressure import pressure_altitude
from precipice.training.readers.flysight1 import GNSS
from precipice.training.rows import read_columns, read_sound, rising_rows, whole_rows
from precipice.training.table import build_log

GPS_EPOCH = 315964800.0
"""1980-01-06 in seconds since 1970."""
WEEK = 604800.0

LONGEST_HEADER = 4096
"""Bytes within which a header ends."""

_BEFORE_ROWS = ("$FLYS", "$VAR", "$UNIT", "$COL", "")


def is_flysight2(head: bytes) -> bool:
    """Return whether a file begins like a FlySight 2 log."""
    return head.lstrip(b"\xef\xbb\xbf").startswith(b"$FLYS") or (b"\n$COL," in head and b"\n$DATA" in head)


def read_flysight2(data: bytes, source: str) -> TrainingLog:
    """Return the log of a FlySight 2 file, TRACK or SENSOR.

    Args:
        data: The file's bytes.
        source: Its name; beside a TRACK file, the SENSOR file of the same session is read too.
    """
    notes = Notes()
    tagged = _Tagged(data, notes)
    if "GNSS" not in tagged.columns:
        return _sensor_log(tagged, source, notes)
    columns, lines = tagged.read("GNSS", GNSS, notes)
    if "velocity_up" in columns:
        columns["velocity_up"] = -columns["velocity_up"]
    return build_log(
        columns,
        lines,
        source=source,
        format="flysight2",
        dated=True,
        notes=notes,
        inertial=_sensor_beside(source, data, notes),
    )


class _Tagged:
    """A FlySight 2 file: names of columns by tag, and its rows.

    Attributes:
        columns: Names by tag.
        body: Everything after the header.
        line: On which `body` begins.
    """

    def __init__(self, data: bytes, notes: Notes) -> None:
        self.columns: dict[str, list[str]] = {}
        start, self.line = 0, 1
        # A whole header ends with $DATA, whatever else got into it.
        marked = data.find(b"\n$DATA", 0, LONGEST_HEADER) + 1
        while start < (marked or len(data)):
            end = data.find(b"\n", start) + 1 or len(data)
            fields = data[start:end].decode("utf-8-sig", "replace").strip().split(",")
            if fields[0] == "$COL":
                self.columns[fields[1] if len(fields) > 1 else ""] = fields[2:]
            elif fields[0] not in _BEFORE_ROWS:
                if not marked:
                    break
                notes.add(self.line, "a line that belongs to no header, left out")
            start, self.line = end, self.line + 1
        if data[start : start + 5] == b"$DATA":
            start, self.line = data.find(b"\n", start) + 1 or len(data), self.line + 1
        else:
            notes.add(self.line, "no $DATA before the rows")
        self.body = data[start:]
        self._lines: list[bytes] = []

    def read(
        self, tag: str, wanted: dict[str, str], notes: Notes
    ) -> tuple[dict[str, np.ndarray], np.ndarray]:
        """Return columns of the rows with a tag, and the line of each; no rows where it has no columns."""
        names = ["tag", *self.columns.get(tag, [])]
        present = {name: target for name, target in wanted.items() if name in names}
        if "time" not in present:
            if tag in self.columns:
                notes.add(0, f"the header names no time for {tag}: it is not read")
            return {target: np.empty(0) for target in wanted.values()}, np.empty(0, int)
        # Nothing but these rows, as in TRACK files: no need to take the file apart.
        columns = read_sound(self.body, names, present, f"${tag}")
        if columns is not None:
            return columns, np.arange(self.line, self.line + len(columns[present["time"]]))
        mark = f"${tag},".encode()
        lines = self._lines = self._lines or self.body.split(b"\n")
        chosen = [number for number, line in enumerate(lines) if line.startswith(mark)]
        if tag == "GNSS":
            self._name_strangers(lines, notes)
        text = b"\n".join([lines[number] for number in chosen])
        return read_columns(text, names, present, np.array(chosen, int) + self.line, notes)

    def _name_strangers(self, lines: list[bytes], notes: Notes) -> None:
        for number, line in enumerate(lines):
            if line[:1] != b"$" and line.strip():
                notes.add(number + self.line, "a line without a tag, left out")


def _sensor_log(tagged: _Tagged, source: str, notes: Notes) -> TrainingLog:
    """Return the log of a SENSOR file alone: its barometer gives the altitude, at standard pressure."""
    inertial, shift = _inertial(tagged, notes)
    columns, lines = _clocked(tagged, "BARO", {"pressure": "pressure"}, notes)
    missing = np.full(len(columns["time"]), np.nan)
    columns["altitude"] = pressure_altitude(columns.pop("pressure", missing))
    columns["time"] = columns["time"] + (shift or 0.0)
    starts = [times[0] for times in (columns["time"], inertial.time) if len(times)]
    return build_log(
        columns,
        lines,
        source=source,
        format="flysight2-sensor",
        dated=shift is not None,
        notes=notes,
        inertial=inertial,
        zero=float(min(starts)) if starts else 0.0,
    )


def _sensor_beside(source: str, data: bytes, notes: Notes) -> Inertial | None:
    """Return the inertial unit of the SENSOR file beside a TRACK file; None where there is none."""
    path = Path(source)
    if "TRACK" not in path.name:
        return None
    other = path.with_name(path.name.replace("TRACK", "SENSOR"))
    try:
        sensor = other.read_bytes()
    except OSError:
        return None
    if _session(sensor) != _session(data) or not is_flysight2(sensor[:16]):
        notes.add(0, f"{other.name} is of another session: it is not used")
        return None
    inertial, shift = _inertial(_Tagged(sensor, notes), notes)
    if shift is None:
        notes.add(0, f"{other.name} has no $TIME row, so its clock is unknown: it is not used")
        return None
    return inertial


def _session(data: bytes) -> bytes:
    start = data.find(b"$VAR,SESSION_ID,")
    return data[start : data.find(b"\n", start)].strip() if start >= 0 else b""


def _inertial(tagged: _Tagged, notes: Notes) -> tuple[Inertial, float | None]:
    """Return the inertial unit in UTC where the file ties its clock, and that shift [s]."""
    axes = {name: name for name in ("wx", "wy", "wz", "ax", "ay", "az")}
    columns, _ = _clocked(tagged, "IMU", axes, notes)
    shift = _clock_shift(tagged, notes)
    missing = np.full(len(columns["time"]), np.nan)
    force = np.stack([columns.get(name, missing) for name in ("ax", "ay", "az")], axis=1) * GRAVITY
    rate = np.radians(np.stack([columns.get(name, missing) for name in ("wx", "wy", "wz")], axis=1))
    return Inertial(columns["time"] + (shift or 0.0), force, rate), shift


def _clocked(
    tagged: _Tagged, tag: str, wanted: dict[str, str], notes: Notes
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return columns whose time is a count of seconds, in rising order and with all fields there."""
    # Read under another name: a count of seconds is no date.
    columns, lines = tagged.read(tag, {"time": "clock", **wanted}, notes)
    columns["time"] = columns.pop("clock")
    whole = whole_rows(np.stack(list(columns.values()), axis=1))
    whole &= rising_rows(np.where(whole, columns["time"], np.nan))
    for line in lines[~whole]:
        notes.add(int(line), f"a row of {tag} with missing fields or time out of order, left out")
    return {name: column[whole] for name, column in columns.items()}, lines[whole]


def _clock_shift(tagged: _Tagged, notes: Notes) -> float | None:
    """Return UTC minus the device's clock [s]; the week rolls over by itself, being counted.

    Week and time of week are those of the receiver's time pulse, which the firmware sets to UTC's grid
    (UBX-CFG-TP5 with flags 0x73), so no leap seconds lie between; whole sessions end with their tracks.
    """
    columns, _ = _clocked(tagged, "TIME", {"tow": "tow", "week": "week"}, notes)
    if not len(columns["time"]) or "week" not in columns or "tow" not in columns:
        return None
    utc = GPS_EPOCH + columns["week"] * WEEK + columns["tow"]
    return float(np.median(utc - columns["time"]))
