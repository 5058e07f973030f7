"""Forecasts of MET Norway: the JSON of Locationforecast, compact or complete."""

import datetime as dt
import json
import math
from typing import Any

import numpy as np

from precipice.errors import RuleError, quote
from precipice.scenario.weather.sounding import Request, Row, Sounding, Trouble, build_sounding
from precipice.scenario.weather.standard import GAS_CONSTANT, GRAVITY, virtual_temperature

FORM = "MET Norway Locationforecast"
_SAVE = "save the answer of Locationforecast 2.0, compact or complete, as it is"
_UNITS = {
    "air_temperature": "celsius",
    "air_pressure_at_sea_level": "hPa",
    "relative_humidity": "%",
    "wind_speed": "m/s",
    "wind_from_direction": "degrees",
    "wind_speed_of_gust": "m/s",
}
_NEEDED = ("air_temperature", "wind_speed", "wind_from_direction")
_ANGULAR = {"wind_from_direction"}
LAPSE = 6.5e-3
"""With which the pressure is brought from sea level up to the place [K/m]."""


def read_metno(text: str, request: Request) -> Sounding:
    """Return the forecast for the requested time, between the two nearest steps of the file.

    It is one level: temperature and humidity at 2 m, wind at 10 m above the model's ground. The pressure
    at sea level is brought up to the place with the forecast's temperature.

    Args:
        text: Content of the file.
        request: Its time chooses among the steps.

    Raises:
        RuleError: If it is not such a file, or has not the time.
    """
    try:
        return _forecast(_body(text), request)
    except RuleError:
        raise
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        found = f"damaged ({quote(str(error))})"
        raise RuleError("must be a forecast of MET Norway", found, _SAVE) from None


def _forecast(body: dict[str, Any], request: Request) -> Sounding:
    properties, geometry = body["properties"], body.get("geometry") or {}
    place = [float(x) for x in geometry.get("coordinates", ())]
    if len(place) < 3:
        remedy = "ask for the forecast with its altitude"
        raise RuleError("must say longitude, latitude and altitude", f"{len(place)} coordinates", remedy)
    _refuse_units(properties.get("meta", {}).get("units", {}))
    steps = [(_moment(step), step) for step in properties["timeseries"]]
    time, values = _at(steps, request.time)
    # The wind is 10 m above the ground, the rest 2 m: one row, on which nothing hangs within 8 m.
    celsius, humidity = values["air_temperature"], 0.01 * values.get("relative_humidity", math.nan)
    sea = 100.0 * values.get("air_pressure_at_sea_level", math.nan)
    pressure = _station_pressure(sea, place[2], celsius + 273.15, humidity)
    row = Row(
        place[2], pressure, celsius + 273.15, humidity,
        values["wind_speed"], values["wind_from_direction"] % (2.0 * math.pi),
    )  # fmt: skip
    notes = ["one level: 2 m above the model's ground, wind at 10 m", "pressure brought up from sea level"]
    problems = (
        [] if math.isfinite(pressure) else [Trouble(0, "must hold air_pressure_at_sea_level: ask for it")]
    )
    return build_sounding(
        FORM, [row], time=time, latitude=math.radians(place[1]), longitude=math.radians(place[0]),
        place=f"{place[1]:.4f}, {place[0]:.4f}, {place[2]:.0f} m",
        gust=values.get("wind_speed_of_gust", math.nan), notes=notes, problems=problems,
    )  # fmt: skip


def _body(text: str) -> dict[str, Any]:
    try:
        body: Any = json.loads(text)
    except json.JSONDecodeError as error:
        raise RuleError("must be whole JSON", f"broken in line {error.lineno}", _SAVE) from None
    if isinstance(body, dict) and "properties" not in body and isinstance(body.get("data"), dict):
        body = body["data"]
    if not isinstance(body, dict) or not (body.get("properties") or {}).get("timeseries"):
        raise RuleError("must be a forecast of MET Norway", "JSON without properties.timeseries", _SAVE)
    return body


def _refuse_units(units: dict[str, str]) -> None:
    for name, unit in _UNITS.items():
        if name in units and units[name] != unit:
            remedy = "save the forecast in the units that MET Norway sends"
            raise RuleError(f"must have {name} in {unit}", quote(units[name]), remedy)


def _moment(step: dict[str, Any]) -> dt.datetime:
    return dt.datetime.fromisoformat(str(step["time"]))


def _at(
    steps: list[tuple[dt.datetime, dict[str, Any]]], wanted: dt.datetime | None
) -> tuple[dt.datetime, dict[str, float]]:
    """Return the time that is used and its numbers, angles as radians."""
    if wanted is None:
        ends = f"{len(steps)} times, {steps[0][0]:%Y-%m-%d %H:%MZ} to {steps[-1][0]:%Y-%m-%d %H:%MZ}"
        raise RuleError("must be asked for one time", ends, "add the time that is meant")
    wanted = min(max(wanted, steps[0][0]), steps[-1][0])
    after = next(k for k, (time, _) in enumerate(steps) if time >= wanted)
    before = max(after - 1, 0) if steps[after][0] > wanted else after
    span = (steps[after][0] - steps[before][0]).total_seconds()
    share = (wanted - steps[before][0]).total_seconds() / span if span else 0.0
    low, high = (_numbers(steps[k][1]) for k in (before, after))
    found = {name: low[name] + share * (high[name] - low[name]) for name in low.keys() & high.keys()}
    east, north = (
        (1.0 - share) * low["wind_speed"] * f(low["wind_from_direction"])
        + share * high["wind_speed"] * f(high["wind_from_direction"])
        for f in (math.sin, math.cos)
    )
    found["wind_speed"] = math.hypot(east, north)
    found["wind_from_direction"] = math.atan2(east, north) if found["wind_speed"] else 0.0
    return wanted, found


def _numbers(step: dict[str, Any]) -> dict[str, float]:
    details: dict[str, Any] = step.get("data", {}).get("instant", {}).get("details", {})
    lacking = [name for name in _NEEDED if not isinstance(details.get(name), int | float)]
    if lacking:
        remedy = "ask for the forecast with all its numbers"
        raise RuleError(f"must hold {', '.join(_NEEDED)}", f"no {lacking[0]} at {step['time']}", remedy)
    return {
        name: math.radians(value) if name in _ANGULAR else float(value)
        for name, value in details.items()
        if name in _UNITS and isinstance(value, int | float)
    }


def _station_pressure(sea: float, altitude: float, temperature: float, humidity: float) -> float:
    """Return the pressure at the place [Pa], from that at sea level with the mean temperature between."""
    one = [np.array([x]) for x in (temperature, sea, humidity)]
    mean = float(virtual_temperature(*one)[0]) + 0.5 * LAPSE * altitude
    return sea * math.exp(-GRAVITY * altitude / (GAS_CONSTANT * mean))
