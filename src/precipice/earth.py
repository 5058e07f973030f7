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


def local_to_geodetic(position: np.ndarray, origin: tuple[float, float, float]) -> np.ndarray:
    """Return local points as geodetic ones, the inverse of `geodetic_to_local`.

    Args:
        position: East-north-up from the origin, `(n, 3)` [m].
        origin: Latitude [rad], longitude [rad], altitude [m] of the local origin.

    Returns:
        Latitude [rad], longitude [rad], altitude [m], `(n, 3)`.

    Source: Bowring 1976, one step, exact to 1e-9 m near the ground.
    """
    lat0, lon0, _ = origin
    east = np.array([-np.sin(lon0), np.cos(lon0), 0.0])
    north = np.array([-np.sin(lat0) * np.cos(lon0), -np.sin(lat0) * np.sin(lon0), np.cos(lat0)])
    up = np.array([np.cos(lat0) * np.cos(lon0), np.cos(lat0) * np.sin(lon0), np.sin(lat0)])
    x, y, z = (_earth_centred(*origin) + position @ np.stack([east, north, up])).T
    squared = _FLATTENING * (2.0 - _FLATTENING)
    semi_minor = _SEMI_MAJOR * (1.0 - _FLATTENING)
    out = np.hypot(x, y)
    reduced = np.arctan2(z * _SEMI_MAJOR, out * semi_minor)
    rise = z + squared / (1.0 - squared) * semi_minor * np.sin(reduced) ** 3
    latitude = np.arctan2(rise, out - squared * _SEMI_MAJOR * np.cos(reduced) ** 3)
    normal = _SEMI_MAJOR / np.sqrt(1.0 - squared * np.sin(latitude) ** 2)
    height = out * np.cos(latitude) + (z + squared * normal * np.sin(latitude)) * np.sin(latitude) - normal
    return np.stack([latitude, np.arctan2(y, x), height], axis=1)
