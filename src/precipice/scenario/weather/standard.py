"""The US Standard Atmosphere 1976 in plain numbers, heights and altitudes, and water in the air."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Values = Numbers | Sequence[float] | float
"""Numbers, one or many."""

GRAVITY = 9.80665
"""Standard gravity [m/s^2]. Source: ISO 80000-3."""
GAS_CONSTANT = 287.05287
"""Of dry air [J/(kg K)]. Source: ISO 2533 (ICAO)."""
EARTH_RADIUS = 6356766.0
"""Of the standard's geopotential [m]. Source: US Standard Atmosphere 1976."""
BASE_HEIGHT: Numbers = np.array([0.0, 11e3, 20e3, 32e3, 47e3, 51e3, 71e3])
"""Geopotential bases of the layers [m]."""
LAPSE: Numbers = np.array([-6.5e-3, 0.0, 1.0e-3, 2.8e-3, 0.0, -2.8e-3, -2.0e-3])
"""Of the layers [K/m]."""


def _bases() -> tuple[Numbers, Numbers]:
    temperature, pressure = [288.15], [101325.0]
    for k in range(6):
        step = BASE_HEIGHT[k + 1] - BASE_HEIGHT[k]
        above = temperature[k] + LAPSE[k] * step
        if LAPSE[k] == 0.0:
            factor = np.exp(-GRAVITY * step / (GAS_CONSTANT * temperature[k]))
        else:
            factor = (above / temperature[k]) ** (-GRAVITY / (GAS_CONSTANT * LAPSE[k]))
        temperature.append(above)
        pressure.append(pressure[k] * factor)
    return np.array(temperature), np.array(pressure)


BASE_TEMPERATURE, BASE_PRESSURE = _bases()
"""At the bases [K] and [Pa]."""


def standard_column(altitude: Values) -> tuple[Numbers, Numbers]:
    """Return pressure [Pa] and temperature [K] of the US Standard Atmosphere 1976.

    Args:
        altitude: Geometric, above sea level, `(n,)` [m].

    Source: US Standard Atmosphere 1976, eqs. 18, 23, 33; table 4.
    Valid for: -5 km to 86 km.
    """
    height = standard_height(altitude)
    layer = np.clip(np.searchsorted(BASE_HEIGHT[1:], height, side="right"), 0, 6)
    step, lapse = height - BASE_HEIGHT[layer], LAPSE[layer]
    temperature = BASE_TEMPERATURE[layer] + lapse * step
    safe = np.where(lapse == 0.0, 1.0, lapse)
    power = (temperature / BASE_TEMPERATURE[layer]) ** (-GRAVITY / (GAS_CONSTANT * safe))
    flat = np.exp(-GRAVITY * step / (GAS_CONSTANT * BASE_TEMPERATURE[layer]))
    pressure = BASE_PRESSURE[layer] * np.where(lapse == 0.0, flat, power)
    return np.asarray(pressure), np.asarray(temperature)


def standard_height(altitude: Values) -> Numbers:
    """Return the standard's geopotential height [m] of a geometric altitude [m]."""
    z = np.asarray(altitude, float)
    return np.asarray(z * EARTH_RADIUS / (EARTH_RADIUS + z))


_SEMI_MAJOR, _FLATTENING, _SPIN = 6378137.0, 1.0 / 298.257223563, 0.003449787
_EQUATOR, _SOMIGLIANA, _ECCENTRICITY_SQUARED = 9.7803253359, 0.001931853, 0.00669438


def geometric_altitude(height: Values, latitude: float) -> Numbers:
    """Return altitude above sea level [m] of a geopotential height, as soundings and models give it.

    Args:
        height: Geopotential over 9.80665 m/s^2, `(n,)` [m].
        latitude: [rad]; nan takes the standard's own gravity and radius, those of 45.5 degrees.

    Source: normal gravity of WGS84 (Somigliana) and its decrease along the vertical, Mahoney 2001; below
        50 km within 5 mm of WMO-No. 8 (2018), Part I, eqs. 12.16 to 12.18.
    """
    h = np.asarray(height, float)
    if not np.isfinite(latitude):
        return np.asarray(EARTH_RADIUS * h / (EARTH_RADIUS - h))
    squared = np.sin(latitude) ** 2
    gravity = _EQUATOR * (1.0 + _SOMIGLIANA * squared) / np.sqrt(1.0 - _ECCENTRICITY_SQUARED * squared)
    radius = _SEMI_MAJOR / (1.0 + _FLATTENING + _SPIN - 2.0 * _FLATTENING * squared)
    return np.asarray(radius * h / (gravity / GRAVITY * radius - h))


def saturation_pressure(temperature: Values) -> Numbers:
    """Return the pressure of saturated water vapour over water [Pa].

    Args:
        temperature: `(n,)` [K].

    Source: Magnus form, Alduchov and Eskridge 1996, eq. 21. Valid for: -40 to 50 degC; colder, there is
        too little water for an error to matter.
    """
    celsius = np.maximum(np.asarray(temperature, float) - 273.15, -120.0)
    return np.asarray(610.94 * np.exp(17.625 * celsius / (celsius + 243.04)))


def humidity_of(dew_point: Values, temperature: Values) -> Numbers:
    """Return relative humidity over water, 0 to 1, from dew point and temperature [K]."""
    return np.asarray(saturation_pressure(dew_point) / saturation_pressure(temperature))


def dew_point_of(humidity: Values, temperature: Values) -> Numbers:
    """Return the dew point [K] of a relative humidity, 0 to 1, at a temperature [K]; nan for dry air."""
    vapour = np.asarray(humidity, float) * saturation_pressure(temperature)
    log = np.log(np.where(vapour > 0.0, vapour, np.nan) / 610.94)
    return np.asarray(273.15 + 243.04 * log / (17.625 - log))


def virtual_temperature(temperature: Numbers, pressure: Numbers, humidity: Numbers) -> Numbers:
    """Return the temperature at which dry air would be as dense [K].

    Args:
        temperature: `(n,)` [K].
        pressure: `(n,)` [Pa].
        humidity: Relative, 0 to 1, `(n,)`; nan counts as dry.

    Source: ideal gas, e.g. Holton 2004, eq. 2.15, with 1 - 0.622 = 0.378.
    """
    vapour = np.nan_to_num(humidity) * saturation_pressure(temperature)
    return temperature / (1.0 - 0.378 * vapour / pressure)
