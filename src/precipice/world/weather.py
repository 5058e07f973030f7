"""What weather files put into a run's inputs: the air's table, the wind's rows and its scale."""

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from precipice.errors import RuleError
from precipice.scenario.rule_weather import span_of
from precipice.scenario.scenario import Scenario
from precipice.scenario.weather.column import air_column, wind_column
from precipice.scenario.weather.sounding import Sounding
from precipice.scenario.weather.table import Table, air_table, standard_table, wind_table

WIND_NUMBERS = {"wind.factor": "wind.speed", "wind.turn": "wind.direction"}
"""What a file's wind has in place of speed and direction: the profile's rows hold the file's own."""


def air_of(scenario: Scenario) -> Table | None:
    """Return the air of a scenario's weather file; None where its air comes from no file."""
    if scenario.air.model != "file":
        return None
    return _air(scenario.sounding("air"))


@lru_cache(maxsize=8)
def _air(sounding: Sounding) -> Table:
    column = air_column(sounding)
    if column is None:
        raise RuleError("must hold pressure and temperature", "without", "choose another file")
    return air_table(column)


def wind_of(scenario: Scenario) -> Table | None:
    """Return the wind of a scenario's weather file; None where its wind comes from no file."""
    if scenario.wind.profile != "file":
        return None
    return _wind(scenario.sounding("wind"))


@lru_cache(maxsize=8)
def _wind(sounding: Sounding) -> Table:
    column = wind_column(sounding)
    if column is None:
        raise RuleError("must hold wind", "without any", "choose another file")
    return wind_table(column)


def air_rows(scenario: Scenario) -> np.ndarray:
    """Return `Inputs.air_table`, `(64, 3)`."""
    table = air_of(scenario)
    return standard_table() if table is None else table.rows


def file_wind(scenario: Scenario, landing_altitude: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return heights above the landing area [m], speeds as factors on 1 m/s, and turns of direction.

    Turns count from the exit's direction.

    Args:
        scenario: Its wind comes from a file.
        landing_altitude: As drawn, so that rows stay at their altitudes above sea level [m].
    """
    table = wind_of(scenario)
    assert table is not None
    altitude, speed, direction = table.rows.T
    return altitude - landing_altitude, speed, direction - exit_direction(table, span_of(scenario).high)


def exit_direction(table: Table, altitude: float) -> float:
    """Return where the wind blows from at an altitude [rad]: gusts lie along and across it."""
    rows, speed, direction = table.rows.T
    east, north = (np.interp(altitude, rows, speed * part(direction)) for part in (np.sin, np.cos))
    return math.atan2(float(east), float(north))


def rename_wind(scenario: Scenario, numbers: Mapping[str, Any]) -> dict[str, Any]:
    """Return scenario numbers with speed and direction of the wind for every profile.

    For a file's wind, `wind.speed` is the factor (rows are in m/s), `wind.direction` the exit's, turned.

    Args:
        scenario: Gives the profile.
        numbers: As drawn, by path.
    """
    table = wind_of(scenario)
    if table is None:
        return dict(numbers)
    kept = {key: value for key, value in numbers.items() if key not in WIND_NUMBERS}
    direction = exit_direction(table, span_of(scenario).high) + numbers["wind.turn"]
    return {**kept, "wind.speed": numbers["wind.factor"], "wind.direction": direction}


def exit_wind(scenario: Scenario, values: Mapping[str, float]) -> tuple[float, float]:
    """Return what to say about the wind of a run: its speed [m/s] and where it blows from [rad].

    That of the scenario's speed and direction; for a file's wind, the free wind at the exit.

    Args:
        scenario: What was decided.
        values: Numbers that were flown, by path.
    """
    table = wind_of(scenario)
    if table is None:
        return float(values["wind.speed"]), float(values["wind.direction"])
    rows, speed, direction = table.rows.T
    level = span_of(scenario).high
    east, north = (np.interp(level, rows, speed * part(direction)) for part in (np.sin, np.cos))
    turned = math.atan2(float(east), float(north)) + float(values["wind.turn"])
    return float(np.hypot(east, north)) * float(values["wind.factor"]), turned
