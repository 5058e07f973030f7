"""Rules about weather files: what must be written, and what a file must hold for the stunt.

Where the stunt flies nothing is made up: a gap there is refused. Elsewhere, and within short distances
of the file's ends, the air goes on as `precipice.scenario.weather.table` says, and a warning says so.
"""

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from precipice.errors import RuleError, quote
from precipice.scenario.explanation import Finding, missing
from precipice.scenario.facts import Facts
from precipice.scenario.scenario import Scenario, in_utc
from precipice.scenario.section import is_table
from precipice.scenario.weather.column import Gap, air_column, gaps_of, wind_column
from precipice.scenario.weather.sounding import Sounding
from precipice.scenario.weather.standard import Numbers

OLDEST = dt.timedelta(hours=6)
"""Between the file's time and the stunt: radiosondes rise every 12 hours, so one is never further away."""
STALE = dt.timedelta(hours=3)
"""From here on a warning."""
FARTHEST = 200e3
"""Between the file's place and the site [m]: further away is other weather."""
FAR = 50e3
"""From here on a warning [m]."""
AIR_BEYOND = 500.0
"""How far the air may go on beyond the file where the stunt flies [m]: 3 K of lapse is 1 % of density."""
WIND_BEYOND = 150.0
"""How far the wind may stay as it is beyond the file where the stunt flies [m]: a model's lowest level
lies about as high above the sea."""
WIND_NOTED = 20.0
"""From here on a warning [m]."""
_PARTS = {"air": "model", "wind": "profile"}
_OF_FILE = ("file_time", "file_latitude", "file_longitude", "file_station")


class Span(NamedTuple):
    """Altitudes between which the stunt flies, above sea level [m]."""

    low: float
    high: float


def check_weather_fields(facts: Facts) -> Iterator[Finding]:
    """Yield every field about files that must be given or absent, given the words beside it."""
    for part, choice in _PARTS.items():
        word = facts.get(f"{part}.{choice}")
        if word is None:
            continue
        rule, others = f'for {choice} = "{word}"', f'write {choice} = "file", or remove it'
        names = ("file", *_OF_FILE, *(("factor", "turn") if part == "wind" else ()))
        if word == "file":
            if facts.get(f"{part}.file") is None:
                remedy = (
                    f'add file = "weather.txt", relative to the scenario file, or choose another {choice}'
                )
                yield Finding(f"{part}.file", f"must be given {rule}", "missing", remedy)
            pair = [name for name in _OF_FILE[1:3] if facts.get(f"{part}.{name}") is not None]
            if len(pair) == 1:
                other = next(name for name in _OF_FILE[1:3] if name not in pair)
                yield missing((part, other))
        else:
            for name in names:
                value = facts.get(f"{part}.{name}")
                if value is not None:
                    yield Finding(
                        f"{part}.{name}", f"must be absent {rule}", _written(facts, part, name), others
                    )
    yield from _wind_once(facts)


def _written(facts: Facts, part: str, name: str) -> str:
    path = f"{part}.{name}"
    return facts.text(path) if facts.quantity(path) else quote(facts.get(path))


def _wind_once(facts: Facts) -> Iterator[Finding]:
    if facts.get("wind.profile") != "file":
        return
    for name, other in (("speed", "factor scales the file's speeds"), ("direction", "turn turns the file's")):
        path = f"wind.{name}"
        if facts.quantity(path) is not None:
            rule = 'must be absent for profile = "file"'
            yield Finding(path, rule, facts.text(path), f"remove it: the file has it, and {other}")


def check_wind_given(raw: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield speed and direction where the wind does not come from a file and lacks them.

    Args:
        raw: The scenario's tables as read.
    """
    wind: object = raw.get("wind")
    if is_table(wind) and wind.get("profile", "constant") in ("constant", "table", "log", "power"):
        yield from (missing(("wind", name)) for name in ("speed", "direction") if name not in wind)


def span_of(scenario: Scenario) -> Span:
    """Return between which altitudes a stunt flies, at the centre of its fields."""
    site = scenario.site
    start = scenario.aircraft.altitude if scenario.aircraft is not None else site.altitude
    assert start is not None
    low = site.landing.altitude.value if site.landing is not None else start.value
    return Span(min(low, start.value), start.value)


def check_weather(scenario: Scenario) -> Iterator[Finding]:
    """Yield everything for which the weather files of a scenario cannot be used.

    Args:
        scenario: One without other problems.
    """
    for part in scenario.weather_sections():
        try:
            sounding = scenario.sounding(part)
        except RuleError as error:
            yield Finding(f"{part}.file", error.rule, error.value, error.remedy)
            continue
        name = str(scenario.air.file if part == "air" else scenario.wind.file)
        if sounding.problems:
            for trouble in sounding.problems[:20]:
                yield _trouble(part, name, trouble.line, trouble.sentence)
            continue
        yield from _time(scenario, part, sounding)
        yield from _distance(scenario, part, sounding)
        yield from _air(scenario, sounding) if part == "air" else _wind(scenario, sounding)


def _trouble(part: str, name: str, line: int, sentence: str) -> Finding:
    where = f" (line {line} of {quote(name)})" if line else ""
    head, _, rest = sentence.partition(", but ")
    value, _, remedy = rest.removeprefix("is ").rpartition(": ")
    if not value:
        return Finding(f"{part}.file", f"must be without faults{where}", quote(sentence, 300), "correct it")
    return Finding(
        f"{part}.file",
        f"{head}{where}" if head.startswith("must") else f"must be right{where}: {head}",
        value,
        remedy,
    )


def _file_time(scenario: Scenario, part: str) -> dt.datetime | None:
    return scenario.air.file_time if part == "air" else scenario.wind.file_time


def _away(scenario: Scenario, sounding: Sounding) -> dt.timedelta | None:
    takeoff = scenario.takeoff_time()
    return None if takeoff is None or sounding.time is None else abs(sounding.time - takeoff)


def _time(scenario: Scenario, part: str, sounding: Sounding) -> Iterator[Finding]:
    wanted = _file_time(scenario, part)
    if wanted is not None:
        wanted = in_utc(wanted)
        if sounding.time is not None and abs(sounding.time - wanted) > OLDEST:
            rule = f"must be within {_hours(OLDEST)} of a time in the file"
            remedy = f"write one near {sounding.time:%Y-%m-%dT%H:%MZ}"
            yield Finding(f"{part}.file_time", rule, f"{wanted:%Y-%m-%d %H:%MZ}", remedy)
        return
    away = _away(scenario, sounding)
    if away is not None and away > OLDEST:
        rule = f"must be within {_hours(OLDEST)} of the stunt, {scenario.takeoff_time():%Y-%m-%d %H:%MZ}"
        remedy = "take the weather of that day, correct site.date, or write file_time to use it all the same"
        yield Finding(
            f"{part}.file", rule, f"of {sounding.time:%Y-%m-%d %H:%MZ}, {_hours(away)} away", remedy
        )


def _hours(length: dt.timedelta) -> str:
    hours = length.total_seconds() / 3600.0
    return f"{hours:.3g} h" if hours < 72.0 else f"{round(hours / 24.0):,} days"


def _metres_away(scenario: Scenario, part: str, sounding: Sounding) -> float:
    """Return the distance between the file's place and the wanted one [m], 0 where the file has none."""
    section = scenario.air if part == "air" else scenario.wind
    latitude = section.file_latitude if section.file_latitude is not None else scenario.site.latitude.value
    longitude = (
        section.file_longitude if section.file_longitude is not None else scenario.site.longitude.value
    )
    if not math.isfinite(sounding.latitude):
        return 0.0
    half = 0.5 * (sounding.latitude - latitude), 0.5 * (sounding.longitude - longitude)
    chord = math.sin(half[0]) ** 2 + math.cos(latitude) * math.cos(sounding.latitude) * math.sin(half[1]) ** 2
    return 2.0 * 6371e3 * math.asin(math.sqrt(chord))


def _distance(scenario: Scenario, part: str, sounding: Sounding) -> Iterator[Finding]:
    away = _metres_away(scenario, part, sounding)
    if away > FARTHEST:
        rule = f"must be of a place within {FARTHEST / 1e3:.0f} km of the site"
        remedy = (
            "take the weather of the site, or write file_latitude and file_longitude to use it all the same"
        )
        yield Finding(f"{part}.file", rule, f"of {sounding.place}, {away / 1e3:,.0f} km away", remedy)


def _air(scenario: Scenario, sounding: Sounding) -> Iterator[Finding]:
    column = air_column(sounding)
    if column is None:
        remedy = "add them, or write wind.file alone with another air.model"
        lacks = "temperature" if not sounding.has_air.any() else "pressure"
        yield Finding("air.file", "must hold pressure and temperature", f"without {lacks}", remedy)
    elif len(column.altitude) > 1:
        yield from _covered("air", "temperature", column.altitude, span_of(scenario), AIR_BEYOND)


def _wind(scenario: Scenario, sounding: Sounding) -> Iterator[Finding]:
    column = wind_column(sounding)
    if column is None:
        yield Finding("wind.file", "must hold wind", "without any", 'write another profile than "file"')
    elif len(column.altitude) == 1:
        k = int(sounding.has_wind.argmax())
        bearing = math.degrees(sounding.direction[k])
        found = f"wind at one level, {sounding.speed[k]:.1f} m/s from {bearing:.0f} deg"
        remedy = 'write these as speed and direction of profile = "constant", "log" or "power"'
        yield Finding("wind.file", "must hold wind at two levels or more", found, remedy)
    else:
        yield from _covered("wind", "wind", column.altitude, span_of(scenario), WIND_BEYOND)


def _covered(part: str, what: str, altitude: Numbers, span: Span, beyond: float) -> Iterator[Finding]:
    rule = f"must hold {what} where the stunt flies, {span.low:,.0f} to {span.high:,.0f} m above sea level"
    for gap in gaps_of(altitude):
        if math.isinf(gap.low) and gap.high > span.low + beyond:
            remedy = f"add rows from {span.low:,.0f} m up; at most {beyond:.0f} m are filled in"
            yield Finding(f"{part}.file", rule, f"without any below {gap.high:,.0f} m", remedy)
        elif math.isinf(gap.high) and gap.low < span.high - beyond:
            remedy = f"add rows up to {span.high:,.0f} m; at most {beyond:.0f} m are filled in"
            yield Finding(f"{part}.file", rule, f"without any above {gap.low:,.0f} m", remedy)
        elif _inside(gap, span):
            remedy = "add rows between: at most 1 km apart, or a quarter of the altitude"
            yield Finding(
                f"{part}.file", rule, f"without any from {gap.low:,.0f} to {gap.high:,.0f} m", remedy
            )


def _inside(gap: Gap, span: Span) -> bool:
    return math.isfinite(gap.low) and math.isfinite(gap.high) and gap.low < span.high and gap.high > span.low


def weather_warnings(scenario: Scenario) -> Iterator[str]:
    """Yield what a person should know about the weather files of a scenario that can be used."""
    for part in scenario.weather_sections():
        sounding = scenario.sounding(part)
        yield from _about_time(scenario, part, sounding)
        away = _metres_away(scenario, part, sounding)
        if away > FAR:
            yield f"{part}.file is of {sounding.place}, {away / 1e3:.0f} km from the site"
        yield from _about_air(scenario, sounding) if part == "air" else _about_wind(scenario, sounding)


def _about_time(scenario: Scenario, part: str, sounding: Sounding) -> Iterator[str]:
    away = _away(scenario, sounding)
    if sounding.time is None:
        yield f"{part}.file says no time: nobody has checked that it is the weather of the day"
    elif away is None:
        when = f"{sounding.time:%Y-%m-%d %H:%MZ}"
        yield f"{part}.file is of {when}: without site.date and site.time nobody can check it"
    elif away > STALE:
        yield f"{part}.file is of {sounding.time:%Y-%m-%d %H:%MZ}, {_hours(away)} from the stunt"


def _about_air(scenario: Scenario, sounding: Sounding) -> Iterator[str]:
    column = air_column(sounding)
    assert column is not None
    if all(math.isnan(x) for x in sounding.humidity[sounding.has_air]):
        yield "air.file holds no humidity: taken as dry, up to 1 % too dense on a warm day"
    if len(column.altitude) == 1:
        yield f"air.file holds one level, {column.altitude[0]:,.0f} m: elsewhere the standard's lapse"
        return
    yield from _filled("air", column.altitude, span_of(scenario), 0.0, "the standard's lapse")


def _about_wind(scenario: Scenario, sounding: Sounding) -> Iterator[str]:
    column = wind_column(sounding)
    assert column is not None
    yield from _filled("wind", column.altitude, span_of(scenario), WIND_NOTED, "the same wind")


def _filled(part: str, altitude: Numbers, span: Span, noted: float, how: str) -> Iterator[str]:
    if span.low < altitude[0] - noted:
        yield f"{part}.file begins at {altitude[0]:,.0f} m: {how} below, down to {span.low:,.0f} m"
    if span.high > altitude[-1] + noted:
        yield f"{part}.file ends at {altitude[-1]:,.0f} m: {how} above, up to {span.high:,.0f} m"
    for gap in gaps_of(altitude)[1:-1]:
        yield f"{part}.file says nothing from {gap.low:,.0f} to {gap.high:,.0f} m, outside the stunt"
