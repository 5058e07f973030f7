"""Any CSV by a small map: which column is what, in which unit. Known loggers' maps are here.

A map is `{"name in the file": "quantity [unit]"}`; quantities are those of `build_log`.
"""

import csv
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from precipice.errors import InputError, quote
from precipice.training.log import Notes, TrainingLog
from precipice.training.rows import read_time, whole_fields
from precipice.training.table import build_log

_FACTORS = {
    "s": 1.0, "ms": 1e-3, "m": 1.0, "ft": 0.3048, "m/s": 1.0, "km/h": 1 / 3.6, "mph": 0.44704,
    "kt": 1852 / 3600, "deg": 1.0, "iso": 1.0, "yymmdd": 1.0, "hhmmss": 1.0,
}  # fmt: skip
_QUANTITIES = (
    "time", "date", "latitude", "longitude", "altitude", "velocity_east", "velocity_north", "velocity_up",
    "velocity_down", "level_speed", "bearing", "horizontal_accuracy", "vertical_accuracy", "speed_accuracy",
)  # fmt: skip

KNOWN = (
    {
        "DATE": "date [yymmdd]",
        "TIME": "time [hhmmss]",
        "LATITUDE N/S": "latitude [deg]",
        "LONGITUDE E/W": "longitude [deg]",
        "HEIGHT": "altitude [m]",
        "SPEED": "level_speed [km/h]",
        "HEADING": "bearing [deg]",
    },
    {"Time(s)": "time [s]", "Altitude(m)": "altitude [m]"},
)
"""Maps of Columbus loggers and of ProTrack's exported tables."""


@dataclass(frozen=True)
class _Column:
    place: int
    quantity: str
    unit: str


def is_known_csv(head: bytes) -> bool:
    """Return whether a file begins with the header of a map in `KNOWN`."""
    return _known_map(head) is not None


def read_known_csv(data: bytes, source: str) -> TrainingLog:
    """Return the log of a CSV whose map is known; see `read_csv`."""
    return read_csv(data, source, _known_map(data) or {})


def read_csv(data: bytes, source: str, columns: Mapping[str, str]) -> TrainingLog:
    """Return the log of a CSV with a header.

    Args:
        data: The file's bytes.
        source: Its name.
        columns: Name in the file -> "quantity [unit]", such as `{"alt": "altitude [ft]"}`; `time` must be
            among them.

    Raises:
        InputError: If the map names a column, quantity or unit that is none.
    """
    notes = Notes()
    lines = data.decode("utf-8-sig", "replace").splitlines()
    names = _fields(lines[0]) if lines else []
    chosen = [_column(name, what, names, source) for name, what in columns.items()]
    if not any(column.quantity == "time" for column in chosen):
        raise InputError(f'{source}: the column map must name a time: add such as "t": "time [s]"')
    rows: list[list[float]] = []
    kept: list[int] = []
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        row = _row(line, number, len(names), chosen, notes)
        if row is not None:
            rows.append(row)
            kept.append(number)
    table = np.array(rows, float).reshape(len(rows), len(chosen))
    found = {column.quantity: table[:, place] for place, column in enumerate(chosen)}
    dated = "date" in found or any(column.unit == "iso" for column in chosen)
    return build_log(
        _derived(found), np.array(kept, int), source=source, format="csv", dated=dated,
        notes=notes,
    )  # fmt: skip


def _known_map(data: bytes) -> Mapping[str, str] | None:
    first = data[: data.find(b"\n") + 1 or len(data)][:2000].decode("utf-8-sig", "replace")
    names = {name.strip() for name in first.split(",")}
    return next((columns for columns in KNOWN if set(columns) <= names), None)


def _column(name: str, what: str, names: list[str], source: str) -> _Column:
    match = re.fullmatch(r"(\w+) \[([\w/]+)\]", what)
    if match is None or match[1] not in _QUANTITIES or match[2] not in _FACTORS:
        known = ", ".join(_QUANTITIES)
        raise InputError(
            f'{source}: column {name} must be "quantity [unit]", but is {quote(what)}: use one of {known}'
        )
    stripped = [text.strip() for text in names]
    if name not in stripped:
        raise InputError(f"{source}: the column map names {name}, which the header lacks: correct the map")
    return _Column(stripped.index(name), match[1], match[2])


def _fields(line: str) -> list[str]:
    try:
        return next(csv.reader([line]), [])
    except csv.Error:
        # A quote that is never closed makes a field longer than the reader takes.
        return line.split(",")


def _row(line: str, number: int, count: int, chosen: list[_Column], notes: Notes) -> list[float] | None:
    fields = _fields(line)
    whole = whole_fields(len(fields), count, number, notes)
    row: list[float] = []
    for column in chosen:
        text = fields[column.place].strip() if column.place < whole else ""
        try:
            row.append(_value(text, column) if text else np.nan)
        except ValueError:
            notes.add(number, f"{column.quantity} of {quote(text)} cannot be read, left out",
                      f"{column.quantity} cannot be read")  # fmt: skip
            row.append(np.nan)
    times = [value for value, column in zip(row, chosen, strict=True) if column.quantity in ("time", "date")]
    if any(value != value for value in times):
        notes.add(number, "no time, line left out")
        return None
    return row


def _value(text: str, column: _Column) -> float:
    if column.unit == "iso":
        return read_time(text)
    if column.unit == "yymmdd":
        return read_time(f"20{text[:2]}-{text[2:4]}-{text[4:6]}T00:00:00")
    if column.unit == "hhmmss":
        return 3600.0 * int(text[:2]) + 60.0 * int(text[2:4]) + float(text[4:])
    sign = 1.0
    if text[-1] in "NSEW":
        sign, text = (-1.0 if text[-1] in "SW" else 1.0), text[:-1]
    number = sign * float(text) * _FACTORS[column.unit]
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _derived(found: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return columns in the quantities of `build_log`: dates added, speeds with bearings taken apart."""
    found = dict(found)
    if "date" in found:
        found["time"] = found["time"] + found.pop("date")
    if "velocity_down" in found:
        found["velocity_up"] = -found.pop("velocity_down")
    speed, bearing = found.pop("level_speed", None), found.pop("bearing", None)
    if speed is not None and bearing is not None:
        found["velocity_east"] = speed * np.sin(np.radians(bearing))
        found["velocity_north"] = speed * np.cos(np.radians(bearing))
    return found
