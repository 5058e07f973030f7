"""The earth: its gravity, and geodetic places in the local frame. NumPy only: cheap to import."""

import numpy as np

GRAVITY = 9.80665
"""Standard gravity [m/s^2]. Source: ISO 80000-3."""

_SEMI_MAJOR = 6378137.0
_FLATTENING = 1.0 / 298.257223563


def geodetic_to_local(
    latitude: float,
    longitude: float,
    altitude: float,
    origin: tuple[float, float, float],
) -> np.ndarray:
    """Return a geodetic point in the local frame of an origin.

    Args:
        latitude: WGS84 [rad].
        longitude: WGS84 [rad].
        altitude: Same vertical datum as the origin's [m].
        origin: Latitude [rad], longitude [rad], altitude [m] of the local origin.

    Returns:
        East-north-up, float64, `(3,)` [m].

    Source: topocentric conversion as in PROJ's `+proj=topocentric`; checked against its numbers.
    """
    lat0, lon0, _ = origin
    difference = _earth_centred(latitude, longitude, altitude) - _earth_centred(*origin)
    east = np.array([-np.sin(lon0), np.cos(lon0), 0.0])
    north = np.array([-np.sin(lat0) * np.cos(lon0), -np.sin(lat0) * np.sin(lon0), np.cos(lat0)])
    up = np.array([np.cos(lat0) * np.cos(lon0), np.cos(lat0) * np.sin(lon0), np.sin(lat0)])
    return np.array([east @ difference, north @ difference, up @ difference])


def _earth_centred(latitude: float, longitude: float, altitude: float) -> np.ndarray:
    squared = _FLATTENING * (2.0 - _FLATTENING)
    normal = _SEMI_MAJOR / np.sqrt(1.0 - squared * np.sin(latitude) ** 2)
    return np.array(
        [
            (normal + altitude) * np.cos(latitude) * np.cos(longitude),
            (normal + altitude) * np.cos(latitude) * np.sin(longitude),
            (normal * (1.0 - squared) + altitude) * np.sin(latitude),
        ]
    )
