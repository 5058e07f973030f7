"""Air pressure, temperature and density over altitude."""

from collections.abc import Mapping

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from precipice.earth import GRAVITY
from precipice.frames import Scalar
from precipice.scenario.weather.standard import (
    BASE_HEIGHT,
    BASE_PRESSURE,
    BASE_TEMPERATURE,
    EARTH_RADIUS,
    GAS_CONSTANT,
    LAPSE,
)
from precipice.world.lookup import beyond_row, interpolate_rows


def standard_air(altitude: Scalar) -> tuple[Scalar, Scalar]:
    """Return pressure and temperature of the US Standard Atmosphere 1976.

    Args:
        altitude: Geometric, above sea level, `()` [m].

    Returns:
        Pressure, `()` [Pa], and temperature, `()` [K].

    Source: US Standard Atmosphere 1976, eqs. 18, 23, 33; table 4.
    Valid for: -5 km to 86 km.
    """
    log, temperature = _log_standard_air(altitude)
    return jnp.exp(log), temperature


def _log_standard_air(altitude: Scalar) -> tuple[Scalar, Scalar]:
    """Return the logarithm of the standard's pressure in Pa, and its temperature [K], each `()`."""
    height = altitude * EARTH_RADIUS / (EARTH_RADIUS + altitude)
    layer = jnp.clip(jnp.sum(height >= jnp.asarray(BASE_HEIGHT[1:], height.dtype)), 0, 6)
    columns = (BASE_HEIGHT, LAPSE, BASE_TEMPERATURE, np.log(BASE_PRESSURE))
    base, lapse, base_temperature, log_pressure = (jnp.asarray(a, height.dtype)[layer] for a in columns)
    temperature = base_temperature + lapse * (height - base)
    isothermal = lapse == 0.0
    safe_lapse = jnp.where(isothermal, 1.0, lapse)
    gradient = jnp.log(temperature / base_temperature) / safe_lapse
    thickness = jnp.where(isothermal, (height - base) / base_temperature, gradient)
    return log_pressure - GRAVITY / GAS_CONSTANT * thickness, temperature


def vapour_pressure(temperature: Scalar, humidity: Scalar) -> Scalar:
    """Return the partial pressure of water vapour.

    Args:
        temperature: `()` [K].
        humidity: Relative, `()`, 0 to 1.

    Returns:
        `()` [Pa].

    Source: Magnus form, Alduchov and Eskridge 1996, eq. 21. Valid for: -40 to 50 degC over water.
    """
    celsius = temperature - 273.15
    return humidity * 610.94 * jnp.exp(17.625 * celsius / (celsius + 243.04))


class Atmosphere(eqx.Module):
    """Standard air, scaled through one measurement, and corrected by a table where a weather file was read.

    Attributes:
        pressure_factor: Measured over standard pressure at the station, `()` [-].
        temperature_offset: Measured minus standard temperature, `()` [K].
        vapour_fraction: Vapour pressure over pressure, taken constant with height, `()` [-].
        origin_altitude: Altitude of the local origin, `()` [m].
        table: Altitude [m], log of pressure over the standard's [-], virtual temperature minus the standard's
            temperature [K], `(n, 3)`; zeros in the last two columns change nothing.
    """

    pressure_factor: Scalar
    temperature_offset: Scalar
    vapour_fraction: Scalar
    origin_altitude: Scalar
    table: Float[Array, "n 3"]

    def density(self, up: Scalar) -> Scalar:
        """Return the density of moist air.

        Args:
            up: Height above the local origin, `()` [m].

        Returns:
            `()` [kg/m^3].

        Source: ideal gas with virtual temperature, e.g. Holton 2004, eq. 2.15.
        """
        pressure, temperature = self.pressure_and_temperature(up)
        return pressure / (GAS_CONSTANT * temperature) * (1.0 - 0.378 * self.vapour_fraction)

    def pressure_and_temperature(self, up: Scalar) -> tuple[Scalar, Scalar]:
        """Return pressure, `()` [Pa], and temperature, `()` [K]: a weather file's is the virtual one.

        The table holds differences from the standard, so that its straight lines need not follow the
        fall of pressure itself.

        Args:
            up: Height above the local origin, `()` [m].
        """
        altitude = up + self.origin_altitude
        standard, temperature = _log_standard_air(altitude)
        log, warmer = interpolate_rows(self.table[:, 0], self.table[:, 1:], altitude)
        return (
            self.pressure_factor * jnp.exp(standard + log),
            temperature + warmer + self.temperature_offset,
        )

    def kink(self, up: Scalar) -> Scalar:
        """Return a function of the height above the local origin [m] that is zero at each row, `()`."""
        return beyond_row(self.table[:, 0], up + self.origin_altitude)

    def sound_speed(self, up: Scalar) -> Scalar:
        """Return the speed of sound at a height above the local origin [m], `()` [m/s].

        Source: ideal diatomic gas, US Standard Atmosphere 1976, eq. 50.
        """
        _, temperature = self.pressure_and_temperature(up)
        return jnp.sqrt(1.4 * GAS_CONSTANT * temperature)

    def density_ratio(self, up: Scalar) -> Scalar:
        """Return density over the sea-level standard of 1.225 kg/m^3, `()` [-]."""
        return self.density(up) / 1.225


def build_atmosphere(
    v: Mapping[str, Scalar], table: Float[Array, "n 3"], origin_altitude: Scalar
) -> Atmosphere:
    """Return the air of one run.

    Args:
        v: Scenario numbers by path; `option.air_measured` is 1 for one measurement at a station.
        table: See `Atmosphere.table`.
        origin_altitude: Of the local origin, `()` [m].
    """
    pressure, temperature = standard_air(v["air.altitude"])
    measured = v["option.air_measured"] > 0.5
    actual = jnp.where(measured, v["air.temperature"], temperature + v["air.temperature_offset"])
    at_station = jnp.where(measured, v["air.pressure"], pressure)
    humidity = jnp.where(measured, v["air.humidity"], 0.0)
    return Atmosphere(
        pressure_factor=at_station / pressure,
        temperature_offset=actual - temperature,
        vapour_fraction=vapour_pressure(actual, humidity) / at_station,
        origin_altitude=origin_altitude,
        table=table,
    )
