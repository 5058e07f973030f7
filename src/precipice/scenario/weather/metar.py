"""Airport reports (METAR, SPECI), decoded by python-metar."""

import datetime as dt
import math
import re
import warnings
from typing import Any

from precipice.errors import RuleError, quote
from precipice.scenario.weather.sounding import Request, Row, Sounding, Trouble, build_sounding
from precipice.scenario.weather.standard import (
    BASE_PRESSURE,
    BASE_TEMPERATURE,
    GAS_CONSTANT,
    GRAVITY,
    LAPSE,
    humidity_of,
)

FORM = "METAR"
_REPORT = re.compile(r"^(?:(?:METAR|SPECI)\s+)?(?:COR\s+)?([A-Z][A-Z0-9]{3})\s+(\d{6}Z|NIL)\b")
_ALONE = re.compile(r"^\d{4}/\d\d/\d\d \d\d:\d\d$")


def is_metar(text: str) -> bool:
    """Return whether one of the first lines is an airport report."""
    return any(_REPORT.match(report) for _, report in _reports(text)[:50])


def read_metar(text: str, request: Request) -> Sounding:
    """Return the report of the requested station that is nearest to the requested time.

    It is one level: temperature at 2 m, wind at 10 m above the station. Reports do not say how high the
    station lies; without the request's altitude there is no pressure at the station.

    Args:
        text: One report a line, with or without "=" at its end.
        request: Station, time and the station's altitude. Reports have no year and no month: the requested
            time decides.

    Raises:
        RuleError: If the station or its report cannot be told.
    """
    reports = [(line, text, found[1]) for line, text in _reports(text) if (found := _REPORT.match(text))]
    line, report, station = _chosen(reports, request)
    decoded, problems = _decode(line, report)
    time = _time(report, request.time)
    notes = ["one level: temperature at 2 m, wind at 10 m above the station"]
    altitude = request.altitude
    if altitude is None:
        rule = "must have the station's altitude beside it, which no METAR says, but is without"
        problems.append(Trouble(line, f"{rule}: write air.altitude; for precipice air --altitude"))
        altitude = 0.0
    temperature, dew_point = _celsius(decoded, "temp"), _celsius(decoded, "dewpt")
    speed, direction, gust = _wind(decoded, notes)
    problems += _refuse_wind(line, report)
    row = Row(
        altitude, station_pressure(_value(decoded, "press", "HPA") * 100.0, altitude), temperature,
        float(humidity_of(dew_point, temperature)), speed, direction, line,
    )  # fmt: skip
    return build_sounding(FORM, [row], time=time, place=station, gust=gust, problems=problems, notes=notes)


def station_pressure(qnh: float, altitude: float) -> float:
    """Return the pressure at a station [Pa] from the altimeter setting.

    Args:
        qnh: Pressure at sea level that lets a standard altimeter show the station's altitude [Pa].
        altitude: Of the station [m].

    Source: the ICAO standard atmosphere's first layer, ICAO Doc 7488, solved for the pressure.
    """
    power = -GAS_CONSTANT * LAPSE[0] / GRAVITY
    base = (qnh / BASE_PRESSURE[0]) ** power + LAPSE[0] * altitude / BASE_TEMPERATURE[0]
    return float(BASE_PRESSURE[0] * base ** (1.0 / power))


def _reports(text: str) -> list[tuple[int, str]]:
    """Return reports with the number of their first line; indented lines continue the one before."""
    found: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or _ALONE.match(line.strip()):
            continue
        if found and not _REPORT.match(line.strip()) and not found[-1][1].endswith("="):
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
        else:
            found.append((number, line.strip()))
    return [(number, line.rstrip("= ").strip()) for number, line in found]


def _chosen(reports: list[tuple[int, str, str]], request: Request) -> tuple[int, str, str]:
    stations = list(dict.fromkeys(station for _, _, station in reports))
    listed = ", ".join(stations[:12]) + (" and more" if len(stations) > 12 else "")
    wanted = request.station or (stations[0] if len(stations) == 1 else None)
    if wanted is None:
        raise RuleError(
            "must be asked for one station", f"reports of {listed}", "add the station's four letters"
        )
    mine = [report for report in reports if report[2] == wanted.upper()]
    if not mine:
        raise RuleError(f"must hold a report of {quote(wanted)}", f"reports of {listed}", "name one of these")
    filled = [report for report in mine if not re.search(r"\bNIL\b", report[1])]
    if not filled:
        raise RuleError(
            f"must hold a report of {wanted} that is not NIL", "NIL", "take another time or station"
        )
    if request.time is None:
        if len(filled) > 1:
            raise RuleError(
                "must be asked for one time", f"{len(filled)} reports of {wanted}", "add the time"
            )
        return filled[0]
    wanted_time = request.time

    def away(report: tuple[int, str, str]) -> dt.timedelta:
        time = _time(report[1], wanted_time)
        return dt.timedelta.max if time is None else abs(time - wanted_time)

    return min(filled, key=away)


def _decode(line: int, report: str) -> tuple[Any, list[Trouble]]:
    from metar import Metar

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            decoded = Metar.Metar(report, month=1, year=2000, strict=False)
        except Metar.ParserError as error:
            rule = f"must be a METAR, but cannot be decoded: {quote(str(error))}"
            raise RuleError(rule, f"line {line}", "correct the line, or choose another report") from None
    doubts = [quote(str(warning.message).split("\n")[0], 100) for warning in caught]
    return decoded, [Trouble(line, f"must be a METAR throughout, but: {doubt}") for doubt in doubts]


def _time(report: str, wanted: dt.datetime | None) -> dt.datetime | None:
    """Return the report's time in the month that brings it nearest to the wanted one."""
    found = re.search(r"\b(\d\d)(\d\d)(\d\d)Z\b", report)
    if found is None or wanted is None:
        return None
    day, hour, minute = (int(part) for part in found.groups())
    wanted = wanted.astimezone(dt.UTC)
    tried: list[dt.datetime] = []
    for months in (-1, 0, 1):
        year, month = divmod(12 * wanted.year + wanted.month - 1 + months, 12)
        try:
            tried.append(dt.datetime(year, month + 1, day, hour, minute, tzinfo=dt.UTC))
        except ValueError:
            continue
    return min(tried, key=lambda time: abs(time - wanted)) if tried else None


def _value(decoded: Any, name: str, unit: str) -> float:
    found = getattr(decoded, name)
    return math.nan if found is None else float(found.value(unit))


def _celsius(decoded: Any, name: str) -> float:
    return _value(decoded, name, "C") + 273.15


def _wind(decoded: Any, notes: list[str]) -> tuple[float, float, float]:
    speed, gust = (_value(decoded, f"wind_{name}", "MPS") for name in ("speed", "gust"))
    direction = math.nan if decoded.wind_dir is None else math.radians(decoded.wind_dir.value())
    if math.isnan(direction) and speed > 0.0:
        notes.append(f"variable wind (VRB) of {speed:.1f} m/s: no direction, so it counts as absent")
    if decoded.wind_dir_from is not None:
        notes.append(
            f"direction varies {decoded.wind_dir_from.value():.0f} to {decoded.wind_dir_to.value():.0f} deg"
        )
    return speed, direction, gust


def _refuse_wind(line: int, report: str) -> list[Trouble]:
    body = re.split(r"\s(?:RMK|TEMPO|BECMG)\b", report)[0]
    if re.search(r"\b(?:\d{3}|VRB)P\d{2,3}(?:KT|MPS|KMH)\b", body):
        return [Trouble(line, "must say the wind's speed, but says only that it is above the scale's end")]
    return []
