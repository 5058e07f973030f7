"""From a sounding's rows to what the air and the wind are made of: complete rows, and their gaps."""

import math
from typing import NamedTuple

import numpy as np

from precipice.scenario.weather.sounding import Sounding
from precipice.scenario.weather.standard import (
    GAS_CONSTANT,
    GRAVITY,
    Numbers,
    standard_height,
    virtual_temperature,
)


class AirColumn(NamedTuple):
    """Rows with everything that density needs.

    Attributes:
        altitude: Rising, `(n,)` [m].
        pressure: `(n,)` [Pa].
        temperature: `(n,)` [K].
        humidity: Relative, dry where nobody says, `(n,)`.
        virtual: Virtual temperature, `(n,)` [K].
    """

    altitude: Numbers
    pressure: Numbers
    temperature: Numbers
    humidity: Numbers
    virtual: Numbers

    @property
    def density(self) -> Numbers:
        """Of moist air, `(n,)` [kg/m^3]."""
        return self.pressure / (GAS_CONSTANT * self.virtual)


def air_column(sounding: Sounding) -> AirColumn | None:
    """Return the rows with a temperature, their pressures completed; None without any pressure.

    A row without pressure gets it from the nearest row that has one, through the layers between. Humidity
    is a straight line between rows that say it, and that of the nearest one outside.

    Args:
        sounding: One without problems.
    """
    rows = sounding.has_air
    if not np.any(rows & np.isfinite(sounding.pressure)):
        return None
    altitude, temperature = sounding.altitude[rows], sounding.temperature[rows]
    said = np.isfinite(sounding.humidity) & rows
    humidity = np.zeros_like(altitude)
    if np.any(said):
        humidity = np.interp(altitude, sounding.altitude[said], np.clip(sounding.humidity[said], 0.0, 1.0))
    pressure = _completed(altitude, temperature, humidity, sounding.pressure[rows])
    virtual = virtual_temperature(temperature, pressure, humidity)
    return AirColumn(altitude, pressure, temperature, humidity, virtual)


def _completed(altitude: Numbers, temperature: Numbers, humidity: Numbers, pressure: Numbers) -> Numbers:
    done = pressure.copy()
    known = np.flatnonzero(np.isfinite(pressure))
    for k in sorted(np.flatnonzero(np.isnan(pressure)), key=lambda k: int(np.min(np.abs(known - k)))):
        near = int(known[np.argmin(np.abs(known - k))])
        done[k] = done[near]
        # From its nearest neighbour with a pressure, one layer after the other.
        step = 1 if k > near else -1
        for j in range(near, int(k), step):
            done[j + step] = done[j] * _through(altitude, temperature, humidity, done[j], j, j + step)
    return done


def _through(
    altitude: Numbers, temperature: Numbers, humidity: Numbers, pressure: float, start: int, end: int
) -> float:
    both = [start, end]
    virtual = virtual_temperature(temperature[both], np.full(2, pressure), humidity[both])
    rise = float(np.diff(standard_height(altitude[both]))[0])
    return math.exp(-GRAVITY * rise / (GAS_CONSTANT * float(np.mean(virtual))))


class WindColumn(NamedTuple):
    """Rows with a wind.

    Attributes:
        altitude: Rising, `(n,)` [m].
        speed: `(n,)` [m/s].
        direction: Where it blows from, `(n,)` [rad].
    """

    altitude: Numbers
    speed: Numbers
    direction: Numbers

    @property
    def components(self) -> Numbers:
        """East and north of the velocity, `(n, 2)` [m/s]."""
        towards = self.direction + math.pi
        return np.stack([self.speed * np.sin(towards), self.speed * np.cos(towards)], axis=1)


def wind_column(sounding: Sounding) -> WindColumn | None:
    """Return the rows with a wind; None without any."""
    rows = sounding.has_wind
    if not np.any(rows):
        return None
    return WindColumn(sounding.altitude[rows], sounding.speed[rows], sounding.direction[rows])


class Gap(NamedTuple):
    """A stretch of altitude without rows [m]; `low` or `high` is infinite beyond the ends."""

    low: float
    high: float


def gaps_of(altitude: Numbers) -> list[Gap]:
    """Return the stretches that a column says too little about, from low to high.

    Between rows: more than 1 km, or than a quarter of the altitude where that is more (levels of models
    grow apart with altitude). The ends are always among them.

    Args:
        altitude: Of the rows, rising, `(n,)` [m].
    """
    widest = np.maximum(1000.0, 0.25 * altitude[1:])
    wide = np.flatnonzero(np.diff(altitude) > widest)
    between = [Gap(float(altitude[k]), float(altitude[k + 1])) for k in wide]
    return [Gap(-math.inf, float(altitude[0])), *between, Gap(float(altitude[-1]), math.inf)]
