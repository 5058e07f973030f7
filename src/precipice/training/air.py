"""The air of a log: standard density at an altitude, and the wind that a turning canopy shows."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

SEA_LEVEL = 1.225
"""Density of the standard atmosphere there [kg/m³]."""


class Wind(NamedTuple):
    """Level velocity of the air.

    Attributes:
        velocity: East and north, `(2,)` [m/s].
        deviation: Standard deviation of each [m/s].
    """

    velocity: Float[np.ndarray, "2"]
    deviation: float


UNKNOWN_WIND = Wind(np.zeros(2), 6.0)
"""Where no log shows one: people jump in less than 10 m/s."""
PASSES = 4
"""Of the fit, each with the weights that the one before it leaves."""
SLOWEST, WIDTH = 5.0, 1.4
"""Airspeed [m/s] of the slowest canopy, and how wide its velocities lie, in airspeeds: three quarters of a
circle are 1.7 wide; a straight flight with some noise makes small circles, and bends make large ones."""


def standard_density(altitude: Float[np.ndarray, " n"]) -> Float[np.ndarray, " n"]:
    """Return the density of the standard atmosphere, `(n,)` [kg/m³].

    Args:
        altitude: Above mean sea level, `(n,)` [m].

    Source: ISO 2533, troposphere: 288.15 K, 101,325 Pa, 6.5 K/km. Valid for: below 11,000 m.
    """
    ratio = 1.0 - 0.0065 * np.clip(altitude, -2000.0, 11000.0) / 288.15
    return SEA_LEVEL * ratio**4.25588


def circle_of_velocities(
    velocity: Float[np.ndarray, "n 2"],
) -> tuple[Float[np.ndarray, "2"], float, float] | None:
    """Return wind and airspeed of something that flies at an even airspeed in all directions.

    Args:
        velocity: Level velocities over the ground, `(n, 2)` [m/s].

    Returns:
        Velocity of the air `(2,)` [m/s], level airspeed [m/s], and the rms distance from the circle [m/s];
        None where directions within three quarters of a circle are missing. Every direction counts alike.

    Source: least-squares circle, Kåsa 1976.
    """
    velocity = velocity[np.isfinite(velocity).all(axis=1)]
    if len(velocity) < 20:
        return None
    weight = np.ones(len(velocity))
    wind, speed = _circle(velocity, weight)
    for _ in range(PASSES):
        # A minute straight on is one direction and not many: all directions count alike.
        counts, sector = _sectors(velocity - wind)
        weight = 1.0 / np.maximum(counts, 0.02 * len(velocity))[sector]
        wind, speed = _circle(velocity, weight)
    counts, _ = _sectors(velocity - wind)
    if speed < SLOWEST or np.sum(counts > 0) < 6 or _narrowest(velocity) < WIDTH * speed:
        return None
    off = np.linalg.norm(velocity - wind, axis=1) - speed
    return wind, speed, float(np.sqrt(np.sum(weight * off**2) / np.sum(weight)))


def _circle(velocity: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, float]:
    """Return centre and radius of a least-squares circle."""
    root = np.sqrt(weight)
    left = np.column_stack([velocity, np.ones(len(velocity))]) * root[:, None]
    solution, *_ = np.linalg.lstsq(left, (velocity**2).sum(axis=1) * root, rcond=None)
    centre = 0.5 * solution[:2]
    return centre, float(max(solution[2] + centre @ centre, 0.0)) ** 0.5


def _sectors(away: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how many rows each eighth of a circle has, `(8,)`, and in which each row is, `(n,)`."""
    sector = ((np.arctan2(away[:, 1], away[:, 0]) + np.pi) // (np.pi / 4.0)).astype(int).clip(0, 7)
    return np.bincount(sector, minlength=8), sector


def _narrowest(velocity: np.ndarray) -> float:
    """Return the width of points across the direction in which they are closest together."""
    angles = np.linspace(0.0, np.pi, 12, endpoint=False)
    across = velocity @ np.stack([np.cos(angles), np.sin(angles)])
    return float(np.min(np.ptp(across, axis=0)))
