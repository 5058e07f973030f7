"""Reading a folder of logs into a logbook: every file once, only what is new, several at a time."""

import datetime as dt
import hashlib
import multiprocessing
import os
import signal
import stat
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import starmap
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from precipice.errors import InputError
from precipice.training.logbook import SERIES, Row, load_table, save_tables, table_of
from precipice.training.measure import MEASURED
from precipice.whole_file import check_place

LARGEST = 200_000_000
"""Bytes of a file that is read; an hour of the fastest sensor has 40 million."""
ALONE = 8
"""Files that one process reads faster than others are started."""
MARK = b"synthetic"
"""What the head of a file that no device wrote holds, in capitals or not; see `write_log`."""
REHEARSALS = {"skydive": "skydive", "base": "base", "ramp_jump": "practice-ramp"}
"""What a jump of each kind rehearses unless somebody says more."""

ROWS = 1000
"""Rows that are kept as such before they are packed."""
HELD = 31 * 2**20
"""Bytes of a block that is freed once so that smaller ones are kept."""
STATE = ("size", "modified_ns", "measured")
"""Columns that tell whether a file must be read again."""
LABELS = ("jump", "kind", "rehearsal", "performer", "gear")
"""Columns that hold what the files do not say, and which rows have it."""

Told = Callable[[int, int], None]


class About(NamedTuple):
    """What the files do not say.

    Attributes:
        rehearsal: What was rehearsed; by the kind of jump when None.
        performer: Whose logs these are.
        gear: What was worn or ridden.
    """

    rehearsal: str | None = None
    performer: str = ""
    gear: str = ""


class Ingested(NamedTuple):
    """What a reading did.

    Attributes:
        read: Files read now.
        known: Files that were in the logbook and have not changed.
        jumps: In the logbook.
        new: Jumps that were found now.
        skipped: Files read now without a jump in them: name and why.
    """

    read: int
    known: int
    jumps: int
    new: int
    skipped: tuple[tuple[str, str], ...]


def ingest(
    folder: Path,
    logbook: Path,
    about: About | None = None,
    workers: int | None = None,
    told: Told | None = None,
) -> Ingested:
    """Read every log below a folder into a logbook; files that have not changed are left alone.

    Args:
        folder: Searched with everything below it; or one file.
        logbook: Parquet file, made when it is not there.
        about: What the files do not say.
        workers: Processes; one a core when None.
        told: Told how many of how many files are read.

    Returns:
        What was read and skipped.

    Raises:
        InputError: When there is no such folder, or the logbook is none.
    """
    if not folder.exists():
        raise InputError(f"{folder} must be a folder of logs, but is not there: check the path")
    check_place(logbook)
    about = about or About()
    before = _state(logbook)
    old = load_table(logbook) if logbook.exists() else table_of([])
    files = {_name(path): path for path in _files(folder)}
    files.pop(_name(logbook), None)
    known = {row["file"]: row for row in old.select([*STATE, *LABELS, "file"]).to_pylist()}
    todo = {
        name: path
        for name, path in files.items()
        if _is_new(path, known.get(name)) or _is_told_otherwise(about, known.get(name))
    }
    kept = _without(old, set(todo))
    read = _Read(kept, about)
    asked = [(path, _remembered(about, known.get(name))) for name, path in todo.items()]
    for done, found in enumerate(_read_all(asked, workers), start=1):
        read.add(found)
        if told:
            told(done, len(todo))
    if todo or not logbook.exists():
        if _state(logbook) != before:
            # Somebody else has read into it meanwhile: theirs stay.
            kept = _without(load_table(logbook), set(todo))
        kept = _without(kept, read.moved)
        save_tables(logbook, [kept, *read.tables()])
    jumps = sum(number > 0 for number in kept["jump"].to_pylist())
    return Ingested(
        len(todo), len(files) - len(todo), jumps + read.new + read.again, read.new, tuple(read.skipped)
    )


def _name(path: Path) -> str:
    """Return a path as the logbook holds it: whole, links followed, bytes that are no text written out."""
    return os.fsencode(os.path.realpath(path)).decode("utf-8", "backslashreplace")


def _state(path: Path) -> tuple[int, int, int] | None:
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_ino, state.st_size, state.st_mtime_ns


def _without(table: Any, names: set[str]) -> Any:
    """Return the rows of a logbook but those of some files."""
    # Not filtered without need: Arrow imports pandas for it, which takes longer than all the rest.
    kept = [name not in names for name in table["file"].to_pylist()]
    return table if all(kept) else table.filter(kept)


def _is_told_otherwise(about: About, known: Row | None) -> bool:
    """Return whether something else is said of a file's jumps than when it was read."""
    if known is None or not known["jump"]:
        return False
    return any(word and word != known[name] for name, word in about._asdict().items())


def _remembered(about: About, known: Row | None) -> About:
    """Return what is said of a file, and where nothing is, what was said when it was read before."""
    if known is None:
        return about
    rehearsal = known["rehearsal"]
    if rehearsal == REHEARSALS.get(known["kind"] or ""):
        rehearsal = None
    return About(
        about.rehearsal or rehearsal,
        about.performer or known["performer"] or "",
        about.gear or known["gear"] or "",
    )


class _Read:
    """What was read so far, without a second count of the same content under another name.

    Attributes:
        new: Jumps.
        again: Jumps of files that were known at another place and are no longer there.
        moved: Those places.
        skipped: Files without a jump, and why.
    """

    def __init__(self, kept: Any, about: About) -> None:
        self.new = self.again = 0
        self.moved: set[str] = set()
        self.skipped: list[tuple[str, str]] = []
        rows = kept.select(["sha256", "file", *LABELS]).to_pylist()
        self._known = {row["file"]: row for row in rows}
        self._seen = {row["sha256"]: row["file"] for row in rows if row["jump"]}
        self._about = about
        self._tables: list[Any] = []
        self._rows: list[Row] = []

    def add(self, rows: list[Row]) -> None:
        """Add the rows of one file."""
        other = self._seen.get(rows[0]["sha256"]) if rows[0]["jump"] else None
        moved = other is not None and other in self._known and not Path(other).exists()
        if moved:
            self.moved.add(str(other))
            rows = self._relabelled(rows, self._known[str(other)])
        elif other is not None and other != rows[0]["file"]:
            rows = [_blank(rows[0]) | {"why": f"the same content as another file: {other}"}]
        if rows[0]["jump"]:
            self._seen[rows[0]["sha256"]] = rows[0]["file"]
            self.again += len(rows) if moved else 0
            self.new += 0 if moved else len(rows)
        else:
            self.skipped.append((rows[0]["file"], rows[0]["why"]))
        self._rows += rows
        if len(self._rows) >= ROWS:
            self._pack()

    def tables(self) -> list[Any]:
        """Return all rows as Arrow tables."""
        self._pack()
        return self._tables

    def _relabelled(self, rows: list[Row], known: Row) -> list[Row]:
        """Return rows of a file that was moved, with what was said of it at its old place."""
        said = _remembered(self._about, known)
        named = {"performer": said.performer, "gear": said.gear}
        return [row | named | {"rehearsal": said.rehearsal or row["rehearsal"]} for row in rows]

    def _pack(self) -> None:
        self._tables.append(table_of(self._rows))
        self._rows = []


def _files(folder: Path) -> list[Path]:
    if folder.is_file():
        return [folder]
    found = (Path(where) / name for where, _, names in os.walk(folder) for name in names)
    return sorted(path for path in found if not path.name.startswith(".") and not _beside_track(path))


def _beside_track(path: Path) -> bool:
    """Return whether a SENSOR file is read together with the TRACK file beside it."""
    return "SENSOR" in path.name and path.with_name(path.name.replace("SENSOR", "TRACK")).is_file()


def _is_new(path: Path, known: Row | None) -> bool:
    if known is None or known["measured"] != MEASURED:
        return True
    state = _state(path)
    return state is None or state[1:] != (known["size"], known["modified_ns"])


def _read_all(files: Sequence[tuple[Path, About]], workers: int | None) -> Iterator[list[Row]]:
    count = min(workers or os.cpu_count() or 1, len(files))
    if count <= 1 or len(files) <= ALONE:
        yield from starmap(read_file, files)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, mp_context=context, initializer=_hold_memory) as pool:
        with _deaf():
            found = pool.map(read_file, *zip(*files, strict=True), chunksize=4)
        yield from found


@contextmanager
def _deaf() -> Iterator[None]:
    """Start processes that leave Ctrl-C to this one, which ends them in order.

    Source: signal(7), an ignored signal stays ignored in what is executed.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _hold_memory() -> None:
    """Make the C library keep what is freed for the next file, instead of giving it back each time.

    Handed out anew page by page it takes a sixth of the reading. GNU's library keeps blocks up to the size of
    the largest one that was freed, at most 32 MiB.

    Source: mallopt(3), M_MMAP_THRESHOLD.
    """
    np.empty(HELD, np.uint8)


def _blank(row: Row) -> Row:
    kept = ("file", "sha256", "size", "modified_ns", "measured", "format")
    return {name: row.get(name) for name in kept} | {"jump": 0, "problems": 0}


def read_file(path: Path, about: About) -> list[Row]:
    """Return the rows of one file: one for each jump, or one that says why there is none.

    Args:
        path: Of the file.
        about: What it does not say.
    """
    row: Row = {"file": _name(path), "measured": MEASURED, "jump": 0, "problems": 0, "sha256": ""}
    try:
        state = path.stat()
        # A pipe would keep everybody waiting.
        if not stat.S_ISREG(state.st_mode):
            return [row | {"why": "no file with a content, but a pipe or a device"}]
        row |= {"size": state.st_size, "modified_ns": state.st_mtime_ns}
        if state.st_size > LARGEST:
            return [row | {"why": f"larger than {LARGEST:,} bytes"}]
        data = path.read_bytes()
    except OSError as error:
        return [row | {"why": f"cannot be read ({error.strerror})"}]
    row["sha256"] = hashlib.sha256(data).hexdigest()
    # Seconds of a season's reading are worth nothing if one damaged file stops it.
    try:
        return _jumps(path, data, row, about)
    except InputError as error:
        return [row | {"why": str(error).removeprefix(f"{path}: ")}]
    except (ValueError, ArithmeticError, IndexError, np.linalg.LinAlgError) as error:
        return [row | {"why": f"could not be understood ({type(error).__name__}: {error})"}]


def _jumps(path: Path, data: bytes, row: Row, about: About) -> list[Row]:
    from precipice.training.measure import measure
    from precipice.training.read import read_bytes
    from precipice.training.segment import segment
    from precipice.training.smooth import smooth

    log = read_bytes(data, str(path))
    smoothed = smooth(log) if len(log.time) >= 5 else None
    found = segment(log, smoothed)
    row |= {
        "format": log.format,
        "problems": len(found.problems),
        "synthetic": _is_synthetic(path, data),
        "performer": about.performer,
        "gear": about.gear,
        "rate": _rate(log.time),
        "inertial_rate": None if log.inertial is None else _rate(log.inertial.time),
    }
    if not found.jumps or smoothed is None:
        why = "no whole jump: it begins under the canopy" if found.canopies else "no jump in it"
        return [row | {"why": why, "kind": found.kind}]
    rows: list[Row] = []
    for number, jump in enumerate(found.jumps, start=1):
        numbers, series = measure(log, smoothed, jump)
        start = None if log.start is None else log.start
        told = row | {"jump": number, "kind": jump.kind, "start": start}
        told["day"] = None if start is None else f"{day_there(start, log.origin[1]):%Y-%m-%d}"
        told["rehearsal"] = about.rehearsal or REHEARSALS[jump.kind]
        for name, moment in jump.events.items():
            told[f"t_{name}"], told[f"t_{name}_sd"] = moment.time, moment.deviation
        for name, (value, deviation) in numbers.items():
            told[name], told[f"{name}_sd"] = float(value), float(deviation)
        told[SERIES] = None if series is None else [float(x) for x in series]
        rows.append(told)
    return rows


def day_there(moment: dt.datetime, longitude: float) -> dt.date:
    """Return the day by the sun where something happened: afternoons in America are tomorrow in UTC.

    Args:
        moment: In UTC.
        longitude: Eastward [rad]; NaN where it is not known, and the day is UTC's or the device's own.
    """
    if np.isfinite(longitude):
        moment += dt.timedelta(hours=float(np.degrees(longitude)) / 15.0)
    return moment.date()


def _rate(time: np.ndarray) -> float | None:
    steps = np.diff(time)
    return float(1.0 / np.median(steps)) if len(steps) and np.median(steps) > 0.0 else None


def _is_synthetic(path: Path, data: bytes) -> bool:
    """Return whether nobody made this jump: the file says so, or a note beside or above it does."""
    if MARK in data[:2000].lower():
        return True
    return any((parent / "SYNTHETIC.txt").is_file() for parent in list(path.resolve().parents)[:4])
