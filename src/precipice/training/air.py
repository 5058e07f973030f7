"""The air of a log: standard density at an altitude, and the wind that a turning canopy shows."""

import numpy as np
from jaxtyping import Float


def standard_density(altitude: Float[np.ndarray, " n"]) -> Float[np.ndarray, " n"]:
    """Return the density of the standard atmosphere, `(n,)` [kg/m³].

    Args:
        altitude: Above mean sea level, `(n,)` [m].

    Source: ISO 2533, troposphere: 288.15 K, 101,325 Pa, 6.5 K/km. Valid for: below 11,000 m.
    """
    ratio = 1.0 - 0.0065 * np.clip(altitude, -2000.0, 11000.0) / 288.15
    return 1.225 * ratio**4.25588


def circle_of_velocities(
    velocity: Float[np.ndarray, "n 2"],
) -> tuple[Float[np.ndarray, "2"], float, float] | None:
    """Return wind and airspeed of something that flies at an even airspeed in all directions.

    Args:
        velocity: Level velocities over the ground, `(n, 2)` [m/s].

    Returns:
        Velocity of the air `(2,)` [m/s], level airspeed [m/s], and the rms distance from the circle [m/s];
        None where directions within three quarters of a circle are missing.

    Source: least-squares circle, Kåsa 1976.
    """
    velocity = velocity[np.isfinite(velocity).all(axis=1)]
    if len(velocity) < 20:
        return None
    left = np.column_stack([velocity, np.ones(len(velocity))])
    solution, *_ = np.linalg.lstsq(left, (velocity**2).sum(axis=1), rcond=None)
    wind = 0.5 * solution[:2]
    squared = float(solution[2] + wind @ wind)
    if squared <= 0.0:
        return None
    away = velocity - wind
    sectors = np.unique((np.arctan2(away[:, 1], away[:, 0]) // (np.pi / 4.0)).astype(int))
    if len(sectors) < 6:
        return None
    speed = squared**0.5
    return wind, speed, float(np.sqrt(np.mean((np.linalg.norm(away, axis=1) - speed) ** 2)))
