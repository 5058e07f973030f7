"""Air and wind over altitude, as a stunt flies in them: in words and as plain data."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from precipice.errors import InputError, RuleError
from precipice.scenario.rule_weather import span_of, weather_warnings
from precipice.scenario.scenario import Scenario
from precipice.scenario.weather.column import air_column, wind_column
from precipice.scenario.weather.read import read_sounding
from precipice.scenario.weather.sounding import Request, Sounding
from precipice.scenario.weather.standard import GAS_CONSTANT, Numbers, dew_point_of, standard_column
from precipice.scenario.weather.table import Table, air_table, standard_table, wind_table

STEPS = 240
"""Altitudes of a drawn curve."""


class Profile(NamedTuple):
    """What is flown at some altitudes.

    Attributes:
        altitude: Above sea level, rising, `(n,)` [m].
        pressure: `(n,)` [Pa].
        temperature: Virtual where a file says humidity, `(n,)` [K].
        density: `(n,)` [kg/m^3].
        standard: Density of the standard atmosphere, `(n,)` [kg/m^3].
        speed: Of the wind, nan where there is none, `(n,)` [m/s].
        direction: Where it blows from, `(n,)` [rad].
    """

    altitude: Numbers
    pressure: Numbers
    temperature: Numbers
    density: Numbers
    standard: Numbers
    speed: Numbers
    direction: Numbers


class AirShown(NamedTuple):
    """Everything that is shown.

    Attributes:
        title: What it is of.
        curve: Finely, for the picture.
        listed: At round altitudes and at the marks, for the table.
        marks: Names of altitudes, such as the exit's.
        sources: Soundings that it was made from, by "air" and "wind".
        tables: What became of them, by the same names.
        remarks: Sentences for a person.
    """

    title: str
    curve: Profile
    listed: Profile
    marks: dict[str, float]
    sources: dict[str, Sounding]
    tables: dict[str, Table]
    remarks: tuple[str, ...]


def air_of_scenario(scenario: Scenario) -> AirShown:
    """Return the air and wind of a scenario at the centre of its fields.

    Args:
        scenario: What was decided.
    """
    from precipice.world.arrange import wind_profile
    from precipice.world.weather import air_of, air_rows, rename_wind, wind_of

    span, values = span_of(scenario), scenario.values()
    values.setdefault("site.landing.altitude", span.low)
    numbers = rename_wind(scenario, values) | {"option.air_measured": float(scenario.air.model == "measured")}
    rows = wind_profile(scenario, values)
    altitude = values["site.landing.altitude"] + rows[:, 0]
    speed, direction = numbers["wind.speed"] * rows[:, 1], numbers["wind.direction"] + rows[:, 2]
    wind = np.stack([altitude, speed, direction], axis=1)
    marks = {"exit": span.high} if span.low == span.high else {"landing area": span.low, "exit": span.high}
    if scenario.ramp is not None:
        marks = {"lip" if name == "exit" else name: level for name, level in marks.items()}
    margin = max(0.12 * (span.high - span.low), 100.0)
    curve, listed = _profiles(span.low - margin, span.high + margin, marks, numbers, air_rows(scenario), wind)
    sections = scenario.weather_sections()
    tables = {"air": air_of(scenario), "wind": wind_of(scenario)}
    return AirShown(
        scenario.title or scenario.file,
        curve,
        listed,
        marks,
        {part: scenario.sounding(part) for part in sections},
        {part: table for part, table in tables.items() if table is not None},
        (*_of_choice(scenario), *weather_warnings(scenario)),
    )


def _of_choice(scenario: Scenario) -> list[str]:
    air = {"isa": "the standard atmosphere", "measured": "the standard atmosphere through one measurement"}
    said = [f"air: {air[scenario.air.model]}"] if scenario.air.model in air else []
    if scenario.wind.profile != "file":
        said.append(f"wind: {scenario.wind.profile} profile")
    return said


def air_of_file(path: Path, request: Request) -> AirShown:
    """Return the air and wind of a weather file.

    Args:
        path: Of the file.
        request: Which of its times, places and stations.

    Raises:
        InputError: If the file cannot be used.
    """
    try:
        sounding = read_sounding(path, request)
    except RuleError as error:
        raise InputError(f"{path} {error.rule}, but is {error.value}: {error.remedy}") from None
    if sounding.problems:
        raise InputError("\n".join(f"{path}: {trouble}" for trouble in sounding.problems[:20]))
    air, wind = air_column(sounding), wind_column(sounding)
    tables = {
        "air": None if air is None else air_table(air),
        "wind": None if wind is None else wind_table(wind),
    }
    found = {part: table for part, table in tables.items() if table is not None}
    low, high = float(sounding.altitude[0]), float(sounding.altitude[-1])
    margin = 500.0 if low == high else 0.0
    rows = found["air"].rows if "air" in found else standard_table()
    numbers = {
        "air.altitude": 0.0, "air.temperature": 288.15, "air.pressure": 101325.0, "air.humidity": 0.0,
        "air.temperature_offset": 0.0, "option.air_measured": 0.0,
    }  # fmt: skip
    blown = found["wind"].rows if "wind" in found and wind is not None and len(wind.altitude) > 1 else None
    marks = {"the only level": low} if low == high else {}
    curve, listed = _profiles(low - margin, high + margin, marks, numbers, rows, blown)
    remarks = [
        *sounding.notes,
        *([] if "air" in found else ["no pressure with a temperature: the air shown is the standard's"]),
    ]
    return AirShown(path.name, curve, listed, marks, dict.fromkeys(found, sounding), found, tuple(remarks))


def _profiles(
    low: float,
    high: float,
    marks: Mapping[str, float],
    numbers: Mapping[str, float],
    air: Numbers,
    wind: Numbers | None,
) -> tuple[Profile, Profile]:
    step = _round_step((high - low) / 12.0)
    levels = np.arange(math.ceil(low / step), math.floor(high / step) + 1) * step
    listed = np.unique([*levels, *marks.values()])
    fine = np.unique([*np.linspace(low, high, STEPS), *(air[:, 0][(air[:, 0] > low) & (air[:, 0] < high)])])
    return _profile(fine, numbers, air, wind), _profile(listed, numbers, air, wind)


def _round_step(step: float) -> float:
    size = 10.0 ** math.floor(math.log10(step))
    return next(size * factor for factor in (1.0, 2.0, 2.5, 5.0, 10.0) if size * factor >= step)


def _profile(altitude: Numbers, numbers: Mapping[str, float], air: Numbers, wind: Numbers | None) -> Profile:
    """Return what the world's own functions make of the tables."""
    import jax
    import jax.numpy as jnp

    from precipice.world.atmosphere import build_atmosphere
    from precipice.world.lookup import interpolate_rows

    v = {
        key: jnp.asarray(value, float)
        for key, value in numbers.items()
        if key.startswith(("air.", "option.air"))
    }
    # Relative to the middle, as in a run: single precision keeps metres apart.
    origin = float(np.mean(altitude))
    ups = jnp.asarray(altitude - origin)
    atmosphere = build_atmosphere(v, jnp.asarray(air), jnp.asarray(origin))
    pressure, temperature = jax.vmap(atmosphere.pressure_and_temperature)(ups)
    density = jax.vmap(atmosphere.density)(ups)
    standard = standard_column(altitude)
    speed = direction = np.full_like(altitude, np.nan)
    if wind is not None:
        towards = np.stack([wind[:, 1] * np.sin(wind[:, 2]), wind[:, 1] * np.cos(wind[:, 2])], axis=1)
        from_ = jax.vmap(
            lambda up: interpolate_rows(jnp.asarray(wind[:, 0] - origin), jnp.asarray(towards), up)
        )(ups)
        east, north = np.asarray(from_, float).T
        speed, direction = np.hypot(east, north), np.mod(np.arctan2(east, north), 2.0 * np.pi)
    return Profile(
        altitude, np.asarray(pressure, float), np.asarray(temperature, float), np.asarray(density, float),
        standard[0] / (GAS_CONSTANT * standard[1]), speed, direction,
    )  # fmt: skip


def air_text(shown: AirShown) -> str:
    """Return what a person reads: where it comes from, a table from top to bottom, and remarks."""
    said = [f"  {part}: {source_words(sounding)}" for part, sounding in shown.sources.items()]
    lines = [shown.title, *said, ""]
    lines.append("  altitude   pressure  temperature   density  against ISA    wind   from")
    lines.append("         m        hPa         degC    kg/m^3            %     m/s    deg")
    names = {level: name for name, level in shown.marks.items()}
    for row in reversed(list(zip(*shown.listed, strict=True))):
        z, p, t, rho, standard, speed, direction = (float(x) for x in row)
        wind = (
            "      -      -" if math.isnan(speed) else f"{speed:7.1f}{math.degrees(direction) % 360.0:7.0f}"
        )
        against = 100.0 * (rho / standard - 1.0)
        line = f"{z:10.0f}{p / 100.0:11.1f}{t - 273.15:13.1f}{_digits(rho):>10}"
        line += f"{round(against, 1) + 0.0:+13.1f}{wind}"
        lines.append(f"{line}  {names.get(z, '')}".rstrip())
    lines.append("")
    if "air" in shown.tables:
        lines.append(
            "  temperature: the virtual one, of dry air as dense; what the file says stands in its rows"
        )
    lines += [f"  {_fit(part, table)}" for part, table in shown.tables.items()]
    return "\n".join([*lines, *(f"  note: {remark}" for remark in shown.remarks)]) + "\n"


def source_words(sounding: Sounding) -> str:
    """Return what a sounding is and how much of it there is."""
    when = "no time" if sounding.time is None else f"{sounding.time:%Y-%m-%d %H:%MZ}"
    place = f", {sounding.place}" if sounding.place else ""
    count = len(sounding.altitude)
    wind = ""
    if count == 1 and sounding.has_wind[0]:
        wind = f", wind {sounding.speed[0]:.1f} m/s from {math.degrees(sounding.direction[0]):.0f} deg"
    levels = (
        f"{count} levels, {sounding.altitude[0]:,.0f} to {sounding.altitude[-1]:,.0f} m"
        if count > 1
        else "one level"
    )
    gust = f", gusts {sounding.gust:.1f} m/s" if math.isfinite(sounding.gust) else ""
    return f"{sounding.form}{place}, {when}, {levels}{wind}{gust}"


def _fit(part: str, table: Table) -> str:
    worst = f"{100.0 * table.error:.2g} % of density" if part == "air" else f"{table.error:.2g} m/s"
    if table.of == 1:
        return (
            f"{part}: one row; elsewhere {'the lapse of the standard' if part == 'air' else 'nobody knows'}"
        )
    if table.error < 1e-9:
        return f"{part}: every row is flown"
    return f"{part}: {table.kept} of {table.of} rows are flown; the others are missed by {worst} at most"


def _digits(density: float) -> str:
    return f"{density:.4f}" if density >= 0.1 else f"{density:.3g}"


def air_json(shown: AirShown) -> dict[str, Any]:
    """Return it as plain data for JSON: SI units, degrees for directions, None for what is absent."""
    names = (
        "altitude",
        "pressure",
        "virtual_temperature",
        "density",
        "standard_density",
        "wind_speed",
        "wind_from",
    )
    return {
        "schema_version": 1,
        "title": shown.title,
        "marks": shown.marks,
        "profile": [
            dict(zip(names, (*map(_plain, row[:6]), _plain(math.degrees(row[6]))), strict=True))
            for row in zip(*(column.tolist() for column in shown.listed), strict=True)
        ],
        "sources": {part: _source(sounding) for part, sounding in shown.sources.items()},
        "fit": {
            part: {"rows": table.of, "kept": table.kept, "largest_error": table.error}
            for part, table in shown.tables.items()
        },
        "remarks": list(shown.remarks),
    }  # fmt: skip


def _source(sounding: Sounding) -> dict[str, Any]:
    dew_point = dew_point_of(sounding.humidity, sounding.temperature)
    columns = (
        sounding.altitude, sounding.pressure, sounding.temperature, sounding.humidity, dew_point,
        sounding.speed, np.degrees(sounding.direction),
    )  # fmt: skip
    names = ("altitude", "pressure", "temperature", "humidity", "dew_point", "wind_speed", "wind_from")
    return {
        "form": sounding.form,
        "time": None if sounding.time is None else sounding.time.isoformat(),
        "place": sounding.place or None,
        "gust": _plain(sounding.gust),
        "notes": list(sounding.notes),
        "rows": [dict(zip(names, map(_plain, row), strict=True)) for row in zip(*columns, strict=True)],
    }


def _plain(value: Any) -> float | None:
    return float(value) if math.isfinite(value) else None
