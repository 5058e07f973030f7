"""Air pressure to altitude, for loggers with a barometer."""

import numpy as np


def pressure_altitude(pressure: np.ndarray) -> np.ndarray:
    """Return the altitude at which the standard atmosphere has a pressure, `(n,)` [m].

    Args:
        pressure: `(n,)` [Pa]; NaN comes back where it is not positive.

    Source: ICAO Doc 7488, eq. 12 for the layer below 11 km, where every parachute opens.
    """
    sound = np.where(pressure > 0.0, pressure, np.nan)
    return 44330.77 * (1.0 - (sound / 101325.0) ** 0.1902632)
