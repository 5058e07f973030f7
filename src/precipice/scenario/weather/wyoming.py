"""Radiosonde soundings as the University of Wyoming prints them: text, or the saved page around it."""

import datetime as dt
import html
import math
import re
from collections.abc import Callable
from typing import NamedTuple

from precipice.errors import RuleError, quote
from precipice.scenario.weather.sounding import Request, Row, Sounding, Trouble, build_sounding
from precipice.scenario.weather.standard import geometric_altitude, humidity_of

FORM = "University of Wyoming sounding"
_KNOT = 1852.0 / 3600.0
_UNITS: dict[str, dict[str, Callable[[float], float]]] = {
    "PRES": {"hPa": lambda x: 100.0 * x},
    "HGHT": {"m": lambda x: x},
    "TEMP": {"C": lambda x: x + 273.15},
    "DWPT": {"C": lambda x: x + 273.15},
    "RELH": {"%": lambda x: 0.01 * x},
    "DRCT": {"deg": math.radians},
    "SKNT": {"knot": lambda x: _KNOT * x},
    "SPED": {"m/s": lambda x: x},
}
_GRAVITY_NOTE = "heights become altitudes with gravity of 45.5 degrees latitude"
_NEEDED = ("PRES", "HGHT", "TEMP", "DRCT")
_HEADER = re.compile(r"^\s*PRES\s+HGHT\s")
_TITLE = re.compile(r"(\d{5})?\s*(\S.*?)?\s*Observations at (\d\d)Z (\d\d) (\w{3}) (\d{4})")


class _Block(NamedTuple):
    """One sounding of a file: its column names, units, lines with their numbers, and the text around it."""

    names: list[str]
    ends: list[int]
    units: list[str]
    lines: list[tuple[int, str]]
    around: str


def is_wyoming(text: str) -> bool:
    """Return whether a text has the head of such a table."""
    return any(_HEADER.match(line) for line in _plain(text).splitlines())


def read_wyoming(text: str, request: Request) -> Sounding:
    """Return the sounding of a text that is nearest to the requested time.

    HGHT is geopotential height; it becomes altitude with the station's latitude where the text has it.

    Args:
        text: Content of the file.
        request: Its time chooses among several soundings.

    Raises:
        RuleError: If no row can be read.
    """
    blocks = _blocks(_plain(text))
    dated = [(_time(block.around), block) for block in blocks]
    if len(dated) > 1 and request.time is None:
        listed = ", ".join(_when(time) for time, _ in dated)
        raise RuleError("must name the time of one sounding", listed, "add the time that is meant")
    wanted = request.time
    time, block = min(
        dated, key=lambda pair: abs(pair[0] - wanted) if pair[0] and wanted else dt.timedelta.max
    )
    problems: list[Trouble] = []
    latitude = math.radians(_fact(block.around, "latitude"))
    rows = [row for line in block.lines if (row := _row(block, *line, latitude, problems))]
    if not rows and not problems:
        raise RuleError("must hold a sounding", "a head without rows", "save the whole table")
    return build_sounding(
        FORM, rows, time=time, latitude=latitude, longitude=math.radians(_fact(block.around, "longitude")),
        place=_place(block.around), problems=problems,
        notes=[] if math.isfinite(latitude) else [_GRAVITY_NOTE],
    )  # fmt: skip


def _plain(text: str) -> str:
    return html.unescape(re.sub(r"<[^>\n]*>", "", text)) if "<" in text else text


def _blocks(text: str) -> list[_Block]:
    lines = text.splitlines()
    heads = [k for k, line in enumerate(lines) if _HEADER.match(line)]
    blocks: list[_Block] = []
    for k, head in enumerate(heads):
        names = lines[head].split()
        ends = [found.end() for found in re.finditer(r"\S+", lines[head])]
        units = lines[head + 1].split() if head + 1 < len(lines) else []
        end = heads[k + 1] if k + 1 < len(heads) else len(lines)
        rows: list[tuple[int, str]] = []
        for number in range(head + 2, end):
            line = lines[number]
            if re.match(r"\s*-{5,}\s*$", line):
                continue
            if not line.strip() or re.match(r"\s*[A-Za-z]", line) or _TITLE.search(line):
                if rows:
                    break
                continue
            rows.append((number + 1, line))
        before = lines[heads[k - 1] if k else 0 : head]
        around = "\n".join(before[-6:] + lines[head + 2 + len(rows) : end])
        blocks.append(_Block(names, ends, units, rows, around))
        _refuse_columns(blocks[-1], head + 1)
    return blocks


def _refuse_columns(block: _Block, line: int) -> None:
    lacking = [name for name in _NEEDED if name not in block.names]
    if not {"SKNT", "SPED"} & set(block.names):
        lacking.append("SKNT")
    if lacking:
        rule = f"must have the columns {', '.join(_NEEDED)} and SKNT"
        raise RuleError(rule, f"a table without {', '.join(lacking)} in line {line}", "save the whole table")
    for name, unit in zip(block.names, block.units, strict=False):
        if name in _UNITS and unit not in _UNITS[name]:
            rule = f"must have {name} in {' or '.join(_UNITS[name])}"
            raise RuleError(rule, f"{quote(unit)} in line {line + 1}", "save the table in these units")
    if len(block.units) < len(block.names):
        raise RuleError("must have a line of units", f"{len(block.units)} units", "save the whole table")


def _row(block: _Block, number: int, line: str, latitude: float, problems: list[Trouble]) -> Row | None:
    found: dict[str, float] = {}
    start = 0
    for name, end in zip(block.names, block.ends, strict=True):
        cell, start = line[start:end], end
        if not cell.strip():
            continue
        convert = _UNITS.get(name, {}).get(block.units[block.names.index(name)])
        value = _number(cell, end - len(line) if len(line) < end else 0)
        if value is None:
            found_text = quote(cell.strip())
            sentence = (
                f"{name} must end where its column ends, but is {found_text}: the line is cut or shifted"
            )
            problems.append(Trouble(number, sentence))
            return None
        if convert is not None:
            found[name] = convert(value)
    if "HGHT" not in found:
        return None
    humidity = found.get("RELH", math.nan)
    if "DWPT" in found and "TEMP" in found:
        humidity = float(humidity_of(found["DWPT"], found["TEMP"]))
    return Row(
        float(geometric_altitude(found["HGHT"], latitude)),
        found.get("PRES", math.nan),
        found.get("TEMP", math.nan),
        humidity,
        found.get("SKNT", found.get("SPED", math.nan)),
        found.get("DRCT", math.nan),
        number,
    )


def _number(cell: str, cut: int) -> float | None:
    if cut or cell != cell.rstrip():
        return None
    try:
        return float(cell)
    except ValueError:
        return None


def _time(around: str) -> dt.datetime | None:
    if found := re.search(r"Observation time:\s*(\d{6})/(\d{4})", around):
        return _parsed(found[1] + found[2], "%y%m%d%H%M")
    if found := _TITLE.search(around):
        return _parsed(" ".join(found.groups()[2:]), "%H %d %b %Y")
    return None


def _parsed(text: str, form: str) -> dt.datetime | None:
    try:
        return dt.datetime.strptime(text, form).replace(tzinfo=dt.UTC)
    except ValueError:
        return None


def _when(time: dt.datetime | None) -> str:
    return f"{time:%Y-%m-%d %H:%MZ}" if time else "one without time"


def _fact(around: str, name: str) -> float:
    found = re.search(rf"Station {name}:\s*(-?\d+(?:\.\d*)?)", around)
    return float(found[1]) if found else math.nan


def _place(around: str) -> str:
    found = _TITLE.search(around)
    return " ".join(word for word in (found[1], found[2]) if word) if found else ""
