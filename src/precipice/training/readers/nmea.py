"""Loggers that mix NMEA 0183 with lines of their own inertial unit, such as dropkick.

`$PIMU,ms,ax,ay,az,gx,gy,gz` holds specific force [m/s²] and rotation rate [rad/s] at the board's clock
[ms]; `$PTH,ms` is the board's clock at the sentence before it and ties the two clocks; `$PENV,ms,hPa,...`
is pressure. Files of plain NMEA have only the sentences.
"""

import datetime as dt
import re

import numpy as np

from precipice.training.log import Inertial, Notes, TrainingLog
from precipice.training.rows import LARGEST, read_columns, rising_rows, whole_rows
from precipice.training.table import build_log

_SENTENCE = re.compile(rb"\$(?:G[A-Z](?:RMC|GGA|VTG)|P[A-Z]{2,4}),")
KNOT = 1852.0 / 3600.0
USER_RANGE_ERROR = 5.0
"""Metres of accuracy for each unit of dilution of precision. Source: GPS SPS performance standard 2020."""
_IMU = ("ax", "ay", "az", "gx", "gy", "gz")


def is_nmea(head: bytes) -> bool:
    """Return whether a file begins with NMEA sentences."""
    head = head.removeprefix(b"\xef\xbb\xbf")
    return head[:1] == b"$" and _SENTENCE.search(head) is not None


def read_nmea(data: bytes, source: str) -> TrainingLog:
    """Return the log of a file of NMEA sentences, with the inertial unit between them if there is one.

    Args:
        data: The file's bytes.
        source: Its name.
    """
    notes = Notes()
    lines = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    sentences = [line for line in lines if line.startswith(b"$G")]
    fixes = _Fixes(notes, 2 * sum(b"*" in line for line in sentences) > len(sentences))
    for number, line in enumerate(lines, 1):
        if line.startswith((b"$G", b"$PTH")):
            fixes.take(line, number)
    fixes.close()
    inertial, first = _inertial(lines, notes)
    columns, where = fixes.columns()
    shift = fixes.clock_shift()
    if inertial is not None and shift is None:
        notes.add(0, "no $PTH after a sentence ties the board's clock to UTC: the inertial unit is left out")
        inertial = None
    zero = None
    if inertial is not None and shift is not None:
        inertial = Inertial(inertial.time + shift, inertial.force_body, inertial.rate_body)
        zero = first + shift
    return build_log(
        columns, where, source=source, format="nmea", dated=True, notes=notes,
        inertial=inertial, zero=zero,
    )  # fmt: skip


class _Fixes:
    """Sentences of one second or fraction of it, gathered into rows.

    Args:
        notes: Told about every sentence that cannot be read.
        checked: Whether the file's sentences have checksums, so that one without has lost its end.
    """

    def __init__(self, notes: Notes, checked: bool) -> None:
        self._notes, self._with_checksums = notes, checked
        self._rows: list[dict[str, float]] = []
        self._lines: list[int] = []
        self._shifts: list[float] = []
        self._day: float | None = None
        self._clock = b""
        self._row: dict[str, float] = {}
        self._tied = False

    def take(self, line: bytes, number: int) -> None:
        """Add one sentence."""
        fields = self._checked(line, number)
        if fields is None:
            return
        kind = fields[0][-3:]
        try:
            if kind == b"RMC":
                self._begin(fields[1], number)
                self._rmc(fields)
            elif kind == b"GGA":
                self._begin(fields[1], number)
                self._gga(fields)
            elif fields[0] == b"$PTH" and self._row and not self._tied:
                self._tied = True
                self._row["board"] = float(fields[1]) / 1000.0
        except (ValueError, IndexError):
            self._notes.add(number, "a sentence with fields that cannot be read, left out")

    def _checked(self, line: bytes, number: int) -> list[bytes] | None:
        """Return the fields of a sentence, None when its checksum says that it is damaged."""
        body, star, check = line.strip().partition(b"*")
        if star:
            total = 0
            for byte in body[1:]:
                total ^= byte
            if check[:2].upper() != b"%02X" % total:
                self._notes.add(number, "a sentence whose checksum does not fit, left out")
                return None
        elif self._with_checksums and body.startswith(b"$G"):
            self._notes.add(number, "a sentence without the checksum that others have: cut off, left out")
            return None
        return body.split(b",")

    def _begin(self, clock: bytes, number: int) -> None:
        if clock == self._clock:
            return
        self.close()
        self._clock, self._row, self._tied = clock, {"clock": _seconds(clock)}, False
        self._lines.append(number)

    def close(self) -> None:
        """Finish the row that is being gathered."""
        if self._row:
            self._rows.append(self._row)
        self._row = {}

    def _rmc(self, fields: list[bytes]) -> None:
        day = fields[9].decode()
        date = dt.datetime(2000 + int(day[4:6]), int(day[2:4]), int(day[:2]), tzinfo=dt.UTC)
        self._row["day"] = date.timestamp()
        if fields[2] != b"A":
            return
        speed = KNOT * float(fields[7])
        # A receiver that stands gives no course, and its speed is then next to nothing.
        course = np.radians(float(fields[8])) if fields[8] else 0.0
        if fields[8] or speed < 1.0:
            self._row["velocity_east"] = speed * float(np.sin(course))
            self._row["velocity_north"] = speed * float(np.cos(course))

    def _gga(self, fields: list[bytes]) -> None:
        if fields[6] in (b"", b"0"):
            return
        self._row["latitude"] = _degrees(fields[2], fields[3])
        self._row["longitude"] = _degrees(fields[4], fields[5])
        self._row["altitude"] = float(fields[9])
        if fields[8]:
            accuracy = USER_RANGE_ERROR * float(fields[8])
            self._row["horizontal_accuracy"] = accuracy
            # Geometry makes height about one and a half times as bad as place.
            self._row["vertical_accuracy"] = 1.5 * accuracy

    def columns(self) -> tuple[dict[str, np.ndarray], np.ndarray]:
        """Return what the sentences say by column, and the line of each row."""
        days = [row.get("day", np.nan) for row in self._rows]
        known = [day for day in days if day == day]
        day = known[0] if known else 0.0
        if not known:
            self._notes.add(0, "no date in any sentence: times count from midnight")
        times: list[float] = []
        for row, own in zip(self._rows, days, strict=True):
            day = own if own == own else day
            time = day + row["clock"]
            # A sentence without a date after midnight is of the next day.
            times.append(time + 86400.0 if times and own != own and time < times[-1] - 43200.0 else time)
        names = ("latitude", "longitude", "altitude", "velocity_east", "velocity_north",
                 "horizontal_accuracy", "vertical_accuracy")  # fmt: skip
        columns = {name: np.array([row.get(name, np.nan) for row in self._rows], float) for name in names}
        columns["time"] = np.array(times, float)
        board = np.array([row.get("board", np.nan) for row in self._rows], float)
        shifts = (columns["time"] - board)[np.abs(board) <= LARGEST]
        # A damaged line may hold any clock: one that is a day off the others is none.
        self._shifts = shifts[np.abs(shifts - np.median(shifts)) < 86400.0].tolist() if len(shifts) else []
        return columns, np.array(self._lines[: len(times)], int)

    def clock_shift(self) -> float | None:
        """Return UTC minus the board's clock [s]: sentences come late, never early."""
        return float(np.quantile(self._shifts, 0.95)) if self._shifts else None


def _seconds(clock: bytes) -> float:
    text = clock.decode()
    return 3600.0 * int(text[:2]) + 60.0 * int(text[2:4]) + float(text[4:])


def _degrees(text: bytes, side: bytes) -> float:
    whole, minutes = divmod(float(text), 100.0)
    return (whole + minutes / 60.0) * (-1.0 if side in (b"S", b"W") else 1.0)


def _inertial(lines: list[bytes], notes: Notes) -> tuple[Inertial | None, float]:
    """Return the inertial unit at the board's clock, and that clock at the first line of any kind."""
    chosen = [number for number, line in enumerate(lines) if line.startswith(b"$PIMU,")]
    if not chosen:
        return None, 0.0
    text = b"\n".join([lines[number] for number in chosen])
    names = ["tag", "clock", *_IMU]
    wanted = {name: name for name in names[1:]}
    columns, where = read_columns(text, names, wanted, np.array(chosen, int) + 1, notes)
    whole = whole_rows(np.stack(list(columns.values()), axis=1))
    whole &= rising_rows(np.where(whole, columns["clock"] / 1000.0, np.nan))
    for number in where[~whole]:
        notes.add(int(number), "a line of $PIMU with missing fields or time out of order, left out")
    time = columns["clock"][whole] / 1000.0
    table = np.stack([columns[name][whole] for name in _IMU], axis=1)
    return Inertial(time, table[:, :3], table[:, 3:]), float(time[0]) if len(time) else 0.0
