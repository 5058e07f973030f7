"""One's own measurements as a table: CSV whose head says what each column is, and in which unit."""

import csv
import datetime as dt
import io
import math
import re

from precipice.errors import RuleError, quote
from precipice.scenario.weather.sounding import Request, Row, Sounding, Trouble, build_sounding
from precipice.scenario.weather.standard import humidity_of
from precipice.units import parse_quantity

FORM = "CSV of stations"
DIMENSIONS = {
    "altitude": "length",
    "pressure": "pressure",
    "temperature": "temperature",
    "dew point": "temperature",
    "humidity": "ratio",
    "wind speed": "speed",
    "wind from": "angle",
    "gust": "speed",
}
"""Columns with a unit in brackets, such as `wind speed [km/h]`, and what they measure."""
PLAIN = ("time", "station", "latitude", "longitude")
"""Columns of words; time as 2020-09-06T10:30:00+02:00, UTC where it says no zone."""
_HEAD = re.compile(r"\s*([a-z ]+?)\s*(?:\[\s*(.*?)\s*\])?\s*")


def is_stations(text: str) -> bool:
    """Return whether the first line that is no remark is a head of known columns."""
    first = next((line for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
    names = [re.sub(r"\[.*", "", cell).strip().lower() for cell in re.split("[;,]", first)]
    return len({*names} & {*DIMENSIONS, *PLAIN}) >= 2


def read_stations(text: str, request: Request) -> Sounding:
    """Return the rows of a table whose time is nearest to the requested one.

    Args:
        text: Commas or semicolons between cells; empty cells are absent; lines that begin with # are remarks.
        request: Its time chooses where the table has several.

    Raises:
        RuleError: If the head is not understood.
    """
    lines = [
        (k, line) for k, line in enumerate(text.splitlines(), 1) if line.strip() and not line.startswith("#")
    ]
    separator = ";" if ";" in lines[0][1] else ","
    table = [(number, next(csv.reader(io.StringIO(line), delimiter=separator))) for number, line in lines]
    head = [_column(cell, table[0][0]) for cell in table[0][1]]
    _refuse_head([name for name, _ in head], table[0][0])
    problems: list[Trouble] = []
    found: list[tuple[dt.datetime | None, Row, float, dict[str, str]]] = []
    for number, cells in table[1:]:
        values, words = _cells(head, cells, number, problems)
        if values is not None:
            found.append(
                (_time(words, number, problems), _row(values, number), values.get("gust", math.nan), words)
            )
    if not found and not problems:
        raise RuleError("must have rows", "a head alone", "add a line for each station")
    time = _chosen({time for time, *_ in found if time is not None}, request.time)
    near = [item for item in found if time is None or item[0] == time]
    latitude, longitude = (_mean(near, name, problems) for name in ("latitude", "longitude"))
    gusts = [gust for _, _, gust, _ in near if math.isfinite(gust)]
    return build_sounding(
        FORM, [row for _, row, _, _ in near], time=time, latitude=latitude, longitude=longitude,
        place=", ".join(dict.fromkeys(words["station"] for *_, words in near if words.get("station"))),
        gust=max(gusts, default=math.nan), problems=problems,
    )  # fmt: skip


def _column(cell: str, line: int) -> tuple[str, str]:
    found = _HEAD.fullmatch(cell.strip().lower().lstrip("\ufeff"))
    name = found[1] if found else cell.strip()
    if name in PLAIN:
        return name, ""
    if name not in DIMENSIONS:
        known = ", ".join((*DIMENSIONS, *PLAIN))
        raise RuleError("must have known columns", f"{quote(cell)} in line {line}", f"known are {known}")
    unit = re.search(r"\[\s*(.*?)\s*\]", cell)
    if unit is None or not unit[1]:
        rule = f"must have the unit of {name} in its head"
        example = {"ratio": "%", "angle": "deg", "speed": "m/s", "length": "m", "temperature": "degC"}
        remedy = f"write such as {name} [{example.get(DIMENSIONS[name], 'hPa')}]"
        raise RuleError(rule, f"{quote(cell.strip())} in line {line}", remedy)
    try:
        parse_quantity(f"1 {unit[1]}", DIMENSIONS[name])
    except RuleError as error:
        rule = f"must have a unit of {DIMENSIONS[name]} for {name}"
        raise RuleError(rule, f"{quote(unit[1])} in line {line}", error.remedy) from None
    return name, unit[1]


def _refuse_head(names: list[str], line: int) -> None:
    if "altitude" not in names:
        remedy = "add altitude [m], above sea level"
        raise RuleError("must have a column altitude", f"{', '.join(names)} in line {line}", remedy)
    if ("wind speed" in names) != ("wind from" in names):
        rule, remedy = "must have both wind speed and wind from, or neither", "add the other column"
        raise RuleError(rule, f"{', '.join(names)} in line {line}", remedy)
    if len(set(names)) < len(names):
        raise RuleError("must have each column once", f"{', '.join(names)} in line {line}", "remove one")


def _cells(
    head: list[tuple[str, str]], cells: list[str], line: int, problems: list[Trouble]
) -> tuple[dict[str, float] | None, dict[str, str]]:
    if len(cells) != len(head):
        sentence = f"must have {len(head)} cells like the head, but has {len(cells)}: correct the line"
        problems.append(Trouble(line, sentence))
        return None, {}
    values: dict[str, float] = {}
    words: dict[str, str] = {}
    for (name, unit), cell in zip(head, cells, strict=True):
        if name in PLAIN:
            words[name] = cell.strip()
        elif cell.strip():
            try:
                values[name] = parse_quantity(f"{cell.strip()} {unit}".strip(), DIMENSIONS[name])
            except RuleError:
                sentence = f"{name} must be a number alone, but is {quote(cell.strip())}: write such as 12.5"
                problems.append(Trouble(line, sentence))
    if "altitude" not in values:
        if not problems or problems[-1].line != line:
            problems.append(Trouble(line, "altitude must be given, but is empty: add it, or remove the line"))
        return None, words
    return values, words


def _row(values: dict[str, float], line: int) -> Row:
    temperature = values.get("temperature", math.nan)
    humidity = values.get("humidity", math.nan)
    if "dew point" in values:
        humidity = float(humidity_of(values["dew point"], temperature))
    return Row(
        values["altitude"], values.get("pressure", math.nan), temperature, humidity,
        values.get("wind speed", math.nan), values.get("wind from", math.nan) , line,
    )  # fmt: skip


def _time(words: dict[str, str], line: int, problems: list[Trouble]) -> dt.datetime | None:
    if not words.get("time"):
        return None
    try:
        time = dt.datetime.fromisoformat(words["time"])
    except ValueError:
        sentence = f"time must be such as 2020-09-06T10:30+02:00, but is {quote(words['time'])}: correct it"
        problems.append(Trouble(line, sentence))
        return None
    return time if time.tzinfo else time.replace(tzinfo=dt.UTC)


def _chosen(times: set[dt.datetime], wanted: dt.datetime | None) -> dt.datetime | None:
    if len(times) < 2:
        return next(iter(times), None)
    if wanted is None:
        ends = f"{len(times)} times, {min(times):%Y-%m-%d %H:%MZ} to {max(times):%Y-%m-%d %H:%MZ}"
        raise RuleError("must be asked for one time", ends, "add the time that is meant")
    return min(times, key=lambda time: abs(time - wanted))


def _mean(
    near: list[tuple[dt.datetime | None, Row, float, dict[str, str]]], name: str, problems: list[Trouble]
) -> float:
    written = [(row.line, words[name]) for _, row, _, words in near if words.get(name)]
    numbers: list[float] = []
    for line, word in written:
        try:
            numbers.append(math.radians(float(word.removesuffix("deg").strip())))
        except ValueError:
            problems.append(
                Trouble(line, f"{name} must be a number of degrees, but is {quote(word)}: correct it")
            )
    return sum(numbers) / len(numbers) if numbers else math.nan
