"""Equivalent fall height: how hard a landing is, as the height of a fall onto level ground."""

import jax.numpy as jnp

from precipice.earth import GRAVITY
from precipice.frames import Scalar, Vector, Velocity


def fall_height(speed: Scalar, path_angle: Scalar, slope: Scalar) -> Scalar:
    """Return the equivalent fall height of one landing in the plane of its flight.

    Args:
        speed: At touchdown, `()` [m/s].
        path_angle: Of the motion, positive up, `()` [rad].
        slope: Of the ground, positive up, `()` [rad].

    Returns:
        Height of the vertical fall with the same speed into the ground, `()` [m].

    Source: Levy, Hubbard, McNeil, Swedberg 2015, eq. 1; Moore and Hubbard 2018.
    Valid for: a point; what legs, tyres and springs take of it is left out.
    """
    return (speed * jnp.sin(path_angle - slope)) ** 2 / (2.0 * GRAVITY)


def fall_height_onto(velocity: Velocity, normal: Vector) -> Scalar:
    """Return the equivalent fall height of a landing on ground of any direction.

    Args:
        velocity: At touchdown, east-north-up, `(3,)` [m/s].
        normal: Unit vector out of the ground, `(3,)` [-].

    Returns:
        `()` [m]; zero for a motion away from the ground.

    Source: as `fall_height`, with speed times sine written as the speed into the ground.
    """
    into = jnp.minimum(jnp.sum(velocity * normal), 0.0)
    return into**2 / (2.0 * GRAVITY)


def speed_into_ground(height: Scalar) -> Scalar:
    """Return the speed into the ground that a fall height stands for, `()` [m/s].

    Args:
        height: Equivalent fall height, `()` [m].
    """
    return jnp.sqrt(2.0 * GRAVITY * height)
