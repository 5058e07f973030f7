"""Outcomes of rehearsals that a person counted: what no log shows, or jumps that nobody logged."""

import csv
import datetime as dt
import io
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, get_args

from precipice.errors import InputError, quote
from precipice.scenario.criterion import HAZARDS
from precipice.scenario.quantity import Rehearsal

NEEDED = ("date", "rehearsal", "criterion", "attempts", "failures", "counted_by")
MAY = ("note", "other_jumps")
"""Columns of a tally that may be missing or empty."""
YES, NO = ("yes", "true", "1"), ("no", "false", "0", "")
LARGEST = 1_000_000
"""Bytes of a tally: nobody counts more by hand."""
MOST_IN_A_DAY = 1000
"""Attempts: a helicopter or a ramp gives a team some dozens."""


class Count(NamedTuple):
    """One line of a tally.

    Attributes:
        date: ISO, such as "2026-05-04".
        rehearsal: What was rehearsed.
        criterion: Name of the hazard that was watched for.
        attempts: Jumps that were watched.
        failures: In which it happened.
        counted_by: Who watched and counted.
        note: What they want to add.
        other_jumps: Whether none of these jumps is in the logbook; else logged ones of that day are the same.
    """

    date: str
    rehearsal: str
    criterion: str
    attempts: int
    failures: int
    counted_by: str
    note: str
    other_jumps: bool


def load_hand_counts(path: Path, today: dt.date | None = None) -> tuple[Count, ...]:
    """Return the lines of a tally, a CSV with a header or a TOML file with `[[outcome]]` tables.

    Args:
        path: Of the file; `.toml` is TOML, all else CSV.
        today: No count is from a later day; the clock's when None.

    Raises:
        InputError: With every mistake of the file, a sentence each.
    """
    text = _text(path)
    told = _toml(path, text) if path.suffix.lower() == ".toml" else _csv(path, text)
    mistakes: list[str] = []
    seen: dict[tuple[str, str, str, bool], str] = {}
    found: list[Count] = []
    for where, row in told:
        wrong = _Wrong(f"{path}: {where}", mistakes)
        count = _line(row, today or dt.datetime.now(dt.UTC).date(), wrong)
        if count is None:
            continue
        key = (count.date, count.rehearsal, count.criterion, count.other_jumps)
        if key in seen:
            wrong.add("", f"must be the day's only count of {count.criterion}, but {seen[key]} is one, too",
                      "add them up, or keep one where both watched the same jumps")  # fmt: skip
        seen.setdefault(key, where)
        found.append(count)
    if mistakes:
        raise InputError("\n".join(mistakes))
    if not found:
        raise InputError(f"{path}: must hold at least one outcome, but holds none: {_example(path)}")
    return tuple(found)


class _Wrong:
    """Gathers what is wrong with one line.

    Attributes:
        mistakes: Of the whole file, a sentence each.
    """

    def __init__(self, where: str, mistakes: list[str]) -> None:
        self._where = where
        self.mistakes = mistakes

    def add(self, field: str, rule: str, remedy: str) -> None:
        named = f", {field}" if field else ""
        self.mistakes.append(f"{self._where}{named}: {rule}: {remedy}")


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(
                f"{path}: must be a tally, but is larger than {LARGEST:,} bytes: name another file"
            )
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}): check the path") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: must be UTF-8 text, but is not: save it as UTF-8") from None


def _toml(path: Path, text: str) -> list[tuple[str, Mapping[str, Any]]]:
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: must be TOML, but is not ({error}): correct it") from None
    rows = tables.pop("outcome", [])
    if tables or not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        other = quote(", ".join(tables)) if tables else "something else"
        raise InputError(f"{path}: must hold [[outcome]] tables only, but holds {other}: {_example(path)}")
    return [(f"outcome {number}", row) for number, row in enumerate(rows, 1)]


def _csv(path: Path, text: str) -> list[tuple[str, Mapping[str, Any]]]:
    # Spreadsheets in half of Europe write semicolons.
    first = text[: text.find("\n") + 1 or len(text)]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in first else ",")
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        missing = [name for name in NEEDED if name not in names]
        strange = [name for name in names if name not in NEEDED + MAY]
        if missing or strange or len(set(names)) < len(names):
            lacks, has = f"lacks {', '.join(missing)}", quote(", ".join(strange) or "one twice")
            what = lacks if missing else f"has {has}"
            raise InputError(f"{path}: line 1 must name the columns, but {what}: {_example(path)}")
        rows: list[tuple[str, Mapping[str, Any]]] = []
        for fields in reader:
            if any(field.strip() for field in fields):
                padded = [field.strip() for field in fields] + [""] * (len(names) - len(fields))
                row: dict[str, Any] = dict(zip(names, padded, strict=False))
                rows.append((f"line {reader.line_num}", row | {"": padded[len(names) :]}))
    except csv.Error as error:
        raise InputError(
            f"{path}: line {reader.line_num} must be CSV, but is not ({error}): correct it"
        ) from None
    return rows


def _example(path: Path) -> str:
    if path.suffix.lower() == ".toml":
        return f"write [[outcome]] and below it {', '.join(NEEDED)}"
    return f"begin with the line {','.join((*NEEDED, 'note'))}"


def _line(row: Mapping[str, Any], today: dt.date, wrong: _Wrong) -> Count | None:
    """Return one line, None when anything is wrong with it, which is then told."""
    before = len(wrong.mistakes)
    if row.get(""):
        wrong.add("", f"must have as many fields as the header, but has {len(row[''])} more", "quote commas")
    strange = [name for name in row if name and name not in NEEDED + MAY]
    if strange:
        wrong.add(strange[0], "must be a known name, but is not", f"use {', '.join(NEEDED + MAY)}")
    date = _date(row.get("date", ""), today, wrong)
    words = get_args(Rehearsal)
    rehearsal = _one_of(row, "rehearsal", words, wrong)
    criterion = _one_of(row, "criterion", tuple(HAZARDS), wrong)
    attempts = _count(row, "attempts", 1, MOST_IN_A_DAY, wrong)
    failures = _count(row, "failures", 0, MOST_IN_A_DAY, wrong)
    if attempts is not None and failures is not None and failures > attempts:
        wrong.add("failures", f"must be at most the {attempts} attempts, but is {failures}",
                  "count a jump once, however often it failed")  # fmt: skip
    who = row.get("counted_by", "")
    if not isinstance(who, str) or not who.strip():
        wrong.add("counted_by", "must say who watched and counted, but is empty", "write a name")
    note = row.get("note", "")
    if not isinstance(note, str):
        wrong.add("note", f"must be text, but is {quote(note)}", "put it in quotes")
    other = str(row.get("other_jumps", "")).strip().lower()
    if other not in YES + NO:
        wrong.add(
            "other_jumps",
            f"must be yes or no, but is {quote(other)}",
            "write yes where no log has these jumps",
        )
    if len(wrong.mistakes) > before or attempts is None or failures is None:
        return None
    return Count(date, rehearsal, criterion, attempts, failures, str(who).strip(), str(note), other in YES)


def _date(value: object, today: dt.date, wrong: _Wrong) -> str:
    # A date of TOML is one already; one with a time is not a day.
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        date = value
    else:
        try:
            date = dt.date.fromisoformat(value.strip() if isinstance(value, str) else "")
        except ValueError:
            wrong.add("date", f"must be a day, but is {quote(value)}", "write such as 2026-05-04")
            return ""
    if date > today:
        wrong.add("date", f"must not lie after today, {today}, but is {date}", "write the day of the jumps")
    return date.isoformat()


def _one_of(row: Mapping[str, Any], name: str, words: tuple[str, ...], wrong: _Wrong) -> str:
    value = row.get(name, "")
    if value not in words:
        wrong.add(name, f"must be a known {name}, but is {quote(value)}", f"use one of {', '.join(words)}")
        return ""
    return str(value)


def _count(row: Mapping[str, Any], name: str, least: int, most: int, wrong: _Wrong) -> int | None:
    value = row.get(name, "")
    text = value if isinstance(value, str) else str(value) if isinstance(value, int) else ""
    whole = text.isascii() and text.isdigit() and len(text) < 10 and not isinstance(value, bool)
    if not whole or not least <= int(text) <= most:
        rule = f"must be a whole number from {least} to {most:,}, but is {quote(value)}"
        wrong.add(name, rule, "count the jumps of one day")
        return None
    return int(text)
