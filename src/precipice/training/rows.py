"""Separated text to columns: all at once where the file is sound, line by line where it is not."""

import datetime as dt
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from precipice.errors import quote
from precipice.training.log import Notes

_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(-?)(\d{1,9}))?\s*(Z|[+-]\d\d:?\d\d)?")
LARGEST = 1e12
"""No clock, force or pressure counts further in any unit: a larger number is damage."""
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def read_columns(
    data: bytes, names: Sequence[str], wanted: Mapping[str, str], lines: int | np.ndarray, notes: Notes
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return columns of comma-separated text.

    Args:
        data: The rows, without header.
        names: Of every column in the file, in order.
        wanted: Name in the file -> name in the result; "time" is read as an ISO date and time.
        lines: Of the file: the one on which `data` begins, or the one of each line of `data`.
        notes: Told about every line that cannot be read whole.

    Returns:
        Columns by result name, NaN where a field is empty or broken, and the line of each row.
    """
    columns = read_sound(data, names, wanted)
    if columns is None:
        text = data.split(b"\n")
        numbers = np.arange(lines, lines + len(text)) if isinstance(lines, int) else lines
        return read_lines(text, numbers, names, wanted, notes)
    rows = len(next(iter(columns.values())))
    return columns, np.arange(lines, lines + rows) if isinstance(lines, int) else lines


def read_sound(
    data: bytes, names: Sequence[str], wanted: Mapping[str, str], tag: str = ""
) -> dict[str, np.ndarray] | None:
    """Return columns of text each of whose lines is a whole row, or None when any line is not.

    Args:
        data: The rows, without header.
        names: Of every column in the file, in order.
        wanted: As for `read_columns`.
        tag: What the first column holds in every row; anything when empty.
    """
    columns = _read_fast(data, names, wanted, tag)
    if columns is None and b".-" in data:
        # Looked for only now: it takes a third as long as reading.
        columns = _read_fast(_mend_times(data), names, wanted, tag)
    return columns


def _read_fast(
    data: bytes, names: Sequence[str], wanted: Mapping[str, str], tag: str
) -> dict[str, np.ndarray] | None:
    import pyarrow as pa
    from pyarrow import csv

    # A lone return would end a row for this reader, but not a line of the file.
    if not data or (b"\r" in data and data.count(b"\r") != data.count(b"\r\n")):
        return None
    types = {
        name: pa.timestamp("us", "UTC") if target == "time" else pa.float64()
        for name, target in wanted.items()
    }
    if tag:
        types[names[0]] = pa.dictionary(pa.int32(), pa.string())
    try:
        table = csv.read_csv(
            pa.py_buffer(data),
            # One block: a second one would only start when the first ends.
            read_options=csv.ReadOptions(column_names=list(names), block_size=max(len(data), 1) + 1),
            # An empty line would be skipped and the lines after it misnumbered.
            parse_options=csv.ParseOptions(ignore_empty_lines=False),
            convert_options=csv.ConvertOptions(include_columns=list(types), column_types=types),
        )
    except (pa.ArrowInvalid, pa.ArrowKeyError):
        return None
    if table.num_rows != data.count(b"\n") + (not data.endswith(b"\n")):
        # A quote that is not closed takes all lines up to the next one into its field.
        return None
    if tag and table.column(names[0]).combine_chunks().dictionary.to_pylist() != [tag]:
        return None
    found: dict[str, np.ndarray] = {}
    for name, target in wanted.items():
        column = table.column(name).combine_chunks()
        if target == "time" and column.null_count:
            return None
        values = _values(column, np.dtype(np.int64 if target == "time" else np.float64))
        found[target] = values / 1e6 if target == "time" else values
    return found


def _values(column: Any, kind: np.dtype) -> np.ndarray:
    """Return an Arrow array as it lies in memory, NaN where it is null; its own way would import pandas."""
    valid, numbers = column.buffers()
    values = np.frombuffer(numbers, kind, len(column), kind.itemsize * column.offset).copy()
    if column.null_count:
        bits = np.unpackbits(np.frombuffer(valid, np.uint8), bitorder="little")
        values[bits[column.offset : column.offset + len(column)] == 0] = np.nan
    return values


def read_lines(
    lines: Sequence[bytes],
    numbers: np.ndarray,
    names: Sequence[str],
    wanted: Mapping[str, str],
    notes: Notes,
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return what can be read of damaged lines; arguments and result as for `read_columns`."""
    places = [(names.index(name), target) for name, target in wanted.items()]
    rows: list[list[float]] = []
    kept: list[int] = []
    for line, number in zip(lines, numbers, strict=False):
        if not line.strip():
            continue
        row = _read_line(line, int(number), len(names), places, notes)
        if row is not None:
            rows.append(row)
            kept.append(int(number))
    table = np.array(rows, float).reshape(len(rows), len(places))
    return {target: table[:, place] for place, (_, target) in enumerate(places)}, np.array(kept, int)


def _read_line(
    line: bytes, number: int, count: int, places: Sequence[tuple[int, str]], notes: Notes
) -> list[float] | None:
    fields = line.decode("utf-8", "replace").strip().split(",")
    whole = whole_fields(len(fields), count, number, notes)
    row: list[float] = []
    for place, target in places:
        text = fields[place].strip() if place < whole else ""
        try:
            row.append(read_time(text) if target == "time" else float(text) if text else np.nan)
        except ValueError:
            if target == "time":
                notes.add(number, f"no time in {quote(text)}, line left out", "no time, line left out")
                return None
            notes.add(number, f"{target} of {quote(text)} is no number, left out", f"{target} is no number")
            row.append(np.nan)
    return row


def whole_fields(found: int, count: int, number: int, notes: Notes) -> int:
    """Return how many fields of a line to believe, and note where there are more or fewer than names.

    A line that ends early may end within a number: 7.49 of 7.4951234 is a number, too, and 600 m away.

    Args:
        found: Fields in the line.
        count: Names in the header.
        number: Of the line.
        notes: Told.
    """
    if found == count:
        return found
    kept = "what is there is read" if found > count else "what stands before the last of them is read"
    notes.add(number, f"{found} fields instead of {count}, {kept}", "number of fields")
    return found if found > count else found - 1


def whole_rows(table: np.ndarray) -> np.ndarray:
    """Return which rows of a table `(n, columns)` hold a number that can be in every column, `(n,)`."""
    return np.asarray((np.abs(table) <= LARGEST).all(axis=1))


def rising_rows(time: np.ndarray) -> np.ndarray:
    """Return which rows are the longest series of rising times, `(n,)`; a day off the middle is none.

    A time that leaps ahead, by damage or by a clock that is set, hides no row after it. Source: longest
    increasing subsequence, Fredman 1975, Discrete Mathematics 11:29; of equal times the first stays.
    """
    finite = np.isfinite(time)
    usual = np.median(time[finite]) if finite.any() else 0.0
    finite &= np.abs(time - usual) < 86400.0
    rows = np.flatnonzero(finite)
    if np.all(np.diff(time[rows]) > 0.0):
        return finite
    kept = np.zeros(len(time), bool)
    kept[rows[_longest_rise(time[rows].tolist())]] = True
    return kept


def _longest_rise(values: list[float]) -> list[int]:
    """Return the places of the longest series of rising values, in order; of several the earliest."""
    # From the end, so that an earlier row replaces a later one. Of every length, the greatest value that a
    # series can begin on, negative, its place, and who stands behind each place.
    begins: list[float] = []
    places: list[int] = []
    behind = [-1] * len(values)
    for place in range(len(values) - 1, -1, -1):
        value = -values[place]
        length = bisect_left(begins, value)
        behind[place] = places[length - 1] if length else -1
        if length == len(begins):
            begins.append(value)
            places.append(place)
        else:
            begins[length], places[length] = value, place
    found: list[int] = []
    place = places[-1] if places else -1
    while place >= 0:
        found.append(place)
        place = behind[place]
    return found


def read_time(text: str) -> float:
    """Return seconds since 1970 of an ISO date and time.

    Firmware writes `13:31:20.-002Z` for two milliseconds before the full second.

    Raises:
        ValueError: If it is none.
    """
    match = _ISO.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    year, month, day, hour, minute = (int(part) for part in match.groups()[:5])
    # A leap second, 60, is the first second of the next minute.
    second, sign, digits = int(match[6]), match[7], match[8]
    moment = dt.datetime(year, month, day, hour, minute, 0, tzinfo=dt.UTC)
    part = int(digits) / 10 ** len(digits) if digits else 0.0
    seconds = (moment - _EPOCH).total_seconds() + second + (-part if sign else part)
    zone = match[9]
    if zone and zone != "Z":
        shift = 3600 * int(zone[1:3]) + 60 * int(zone[-2:])
        seconds -= shift if zone[0] == "+" else -shift
    return seconds


_BEFORE_SECOND = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.-\d{1,6}Z")


def _mend_times(data: bytes) -> bytes:
    """Return text in which times such as `13:31:20.-002Z` are written as others write them."""
    return _BEFORE_SECOND.sub(_mended, data)


def _mended(match: re.Match[bytes]) -> bytes:
    try:
        moment = dt.datetime.fromtimestamp(read_time(match[0].decode()), dt.UTC)
    except ValueError:
        return match[0]
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ").encode()
