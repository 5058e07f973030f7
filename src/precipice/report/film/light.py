"""Light and air of a picture: sun from one side, sky from above, haze with distance."""

import numpy as np

HAZE, ZENITH = np.array([0.78, 0.84, 0.89]), np.array([0.27, 0.47, 0.73])
"""Sky at the horizon and straight up (sRGB)."""
CLEAR = 9_000.0
"""Distance at which haze hides 63 % [m]."""
SUN_SIDE, SUN_HEIGHT = 0.65, 0.75
"""Where the light comes from: bearing from "out" and pitch [rad]; to show shapes, not the day's sun."""


def sun_way(out: float) -> np.ndarray:
    """Return the direction towards the light, `(3,)`.

    Args:
        out: Bearing of "out" [rad].
    """
    bearing = out + SUN_SIDE
    level = np.cos(SUN_HEIGHT)
    return np.array([level * np.sin(bearing), level * np.cos(bearing), np.sin(SUN_HEIGHT)])


def lit(colours: np.ndarray, normals: np.ndarray, sun: np.ndarray) -> np.ndarray:
    """Return colours in light, `(n, 3)`, sRGB.

    Args:
        colours: sRGB, `(n, 3)`.
        normals: `(n, 3)`.
        sun: See `sun_way`.

    Source: Lambert's cosine law and light of a half-sphere of sky, in linear light; gamma 2.2.
    """
    direct = np.maximum(normals @ sun, 0.0)[:, None]
    above = (0.5 + 0.5 * normals[:, 2])[:, None]
    light = (
        direct * np.array([1.02, 0.96, 0.86])
        + above * np.array([0.34, 0.40, 0.48])
        + np.array([0.13, 0.12, 0.11])
    )
    return np.clip(np.clip(colours, 0.0, 1.0) ** 2.2 * light, 0.0, 1.0) ** (1.0 / 2.2)


def hazy(colours: np.ndarray, distance: np.ndarray) -> np.ndarray:
    """Return colours after a way through the air, `(n, 3)`.

    Args:
        colours: sRGB, `(n, 3)`.
        distance: `(n,)` [m].
    """
    kept = np.exp(distance * (-1.0 / CLEAR))[:, None].astype(np.float32)
    return HAZE.astype(np.float32) + kept * (colours - HAZE.astype(np.float32))


def sky_colour(pitch: np.ndarray) -> np.ndarray:
    """Return the sky at angles above the horizon, `(n, 3)`; below, the haze.

    Args:
        pitch: `(n,)` [rad].
    """
    share = 1.0 - np.exp(-np.maximum(pitch, 0.0)[:, None] * 2.6)
    return HAZE + share * (ZENITH - HAZE)
