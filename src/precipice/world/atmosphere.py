"""Air pressure, temperature and density over altitude."""

import equinox as eqx
import jax.numpy as jnp
import numpy as np

from precipice.frames import GRAVITY, Scalar

GAS_CONSTANT = 287.05287
_EARTH_RADIUS = 6356766.0
_BASE_HEIGHT = np.array([0.0, 11e3, 20e3, 32e3, 47e3, 51e3, 71e3])
_LAPSE = np.array([-6.5e-3, 0.0, 1.0e-3, 2.8e-3, 0.0, -2.8e-3, -2.0e-3])


def _standard_bases() -> tuple[np.ndarray, np.ndarray]:
    temperature, pressure = [288.15], [101325.0]
    for k in range(6):
        step = _BASE_HEIGHT[k + 1] - _BASE_HEIGHT[k]
        above = temperature[k] + _LAPSE[k] * step
        if _LAPSE[k] == 0.0:
            factor = np.exp(-GRAVITY * step / (GAS_CONSTANT * temperature[k]))
        else:
            factor = (above / temperature[k]) ** (-GRAVITY / (GAS_CONSTANT * _LAPSE[k]))
        temperature.append(above)
        pressure.append(pressure[k] * factor)
    return np.array(temperature), np.array(pressure)


_BASE_TEMPERATURE, _BASE_PRESSURE = _standard_bases()


def standard_air(altitude: Scalar) -> tuple[Scalar, Scalar]:
    """Return pressure and temperature of the US Standard Atmosphere 1976.

    Args:
        altitude: Geometric, above sea level, `()` [m].

    Returns:
        Pressure, `()` [Pa], and temperature, `()` [K].

    Source: US Standard Atmosphere 1976, eqs. 18, 23, 33; table 4.
    Valid for: -5 km to 86 km.
    """
    height = altitude * _EARTH_RADIUS / (_EARTH_RADIUS + altitude)
    layer = jnp.clip(jnp.sum(height >= jnp.asarray(_BASE_HEIGHT[1:], height.dtype)), 0, 6)
    at = [
        jnp.asarray(a, height.dtype)[layer] for a in (_BASE_HEIGHT, _LAPSE, _BASE_TEMPERATURE, _BASE_PRESSURE)
    ]
    base, lapse, base_temperature, base_pressure = at
    temperature = base_temperature + lapse * (height - base)
    isothermal = lapse == 0.0
    safe_lapse = jnp.where(isothermal, 1.0, lapse)
    gradient = (temperature / base_temperature) ** (-GRAVITY / (GAS_CONSTANT * safe_lapse))
    exponential = jnp.exp(-GRAVITY * (height - base) / (GAS_CONSTANT * base_temperature))
    return base_pressure * jnp.where(isothermal, exponential, gradient), temperature


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
    """Standard air, scaled through one measurement of pressure, temperature and humidity.

    Attributes:
        pressure_factor: Measured over standard pressure at the station, `()` [-].
        temperature_offset: Measured minus standard temperature, `()` [K].
        vapour_fraction: Vapour pressure over pressure, taken constant with height, `()` [-].
        origin_altitude: Altitude of the local origin, `()` [m].
    """

    pressure_factor: Scalar
    temperature_offset: Scalar
    vapour_fraction: Scalar
    origin_altitude: Scalar

    def density(self, up: Scalar) -> Scalar:
        """Return the density of moist air.

        Args:
            up: Height above the local origin, `()` [m].

        Returns:
            `()` [kg/m^3].

        Source: ideal gas with virtual temperature, e.g. Holton 2004, eq. 2.
        """
        pressure, temperature = standard_air(up + self.origin_altitude)
        dry = GAS_CONSTANT * (temperature + self.temperature_offset)
        return self.pressure_factor * pressure / dry * (1.0 - 0.378 * self.vapour_fraction)

    def sound_speed(self, up: Scalar) -> Scalar:
        """Return the speed of sound at a height above the local origin [m], `()` [m/s].

        Source: ideal diatomic gas, US Standard Atmosphere 1976, eq. 50.
        """
        _, temperature = standard_air(up + self.origin_altitude)
        return jnp.sqrt(1.4 * GAS_CONSTANT * (temperature + self.temperature_offset))

    def density_ratio(self, up: Scalar) -> Scalar:
        """Return density over the sea-level standard of 1.225 kg/m^3, `()` [-]."""
        return self.density(up) / 1.225
