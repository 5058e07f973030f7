"""Axes and rotations: the only place that knows how body and local frame relate.

Local frame: east-north-up with its origin at the lip. Bearings run clockwise from true north.
Body axes: forward-left-up. Attitude: unit quaternion, scalar first, body to east-north-up.
"""

from typing import TypeAlias

import jax.numpy as jnp
from jaxtyping import Array, Float

Scalar: TypeAlias = Float[Array, ""]
Vector: TypeAlias = Float[Array, "3"]
Position: TypeAlias = Float[Array, "3"]
Velocity: TypeAlias = Float[Array, "3"]
Force: TypeAlias = Float[Array, "3"]
Quaternion: TypeAlias = Float[Array, "4"]


def norm(vector: Float[Array, " n"]) -> Scalar:
    """Return the length of a vector, with a finite derivative at zero.

    Args:
        vector: Any vector, `(n,)`.

    Returns:
        Its Euclidean length (never below 1e-9), `()`, in the vector's unit.
    """
    return jnp.sqrt(jnp.sum(vector * vector) + 1e-18)


def heading_vector(bearing: Scalar) -> Vector:
    """Return the horizontal unit vector that points along a bearing.

    Args:
        bearing: Clockwise from true north, `()` [rad].

    Returns:
        East-north-up, `(3,)` [-].
    """
    return jnp.stack([jnp.sin(bearing), jnp.cos(bearing), jnp.zeros_like(bearing)])


def right_vector(bearing: Scalar) -> Vector:
    """Return the horizontal unit vector to the right of a bearing, `(3,)` [-]."""
    return jnp.stack([jnp.cos(bearing), -jnp.sin(bearing), jnp.zeros_like(bearing)])


def bearing_of(vector: Vector) -> Scalar:
    """Return the bearing of a vector's horizontal part, `()` [rad]."""
    return jnp.arctan2(vector[0], vector[1])


def wrap_angle(angle: Scalar) -> Scalar:
    """Return the angle brought into [-pi, pi), `()` [rad]."""
    return jnp.mod(angle + jnp.pi, 2.0 * jnp.pi) - jnp.pi


def rotate(attitude: Quaternion, vector: Vector) -> Vector:
    """Return a body vector in east-north-up.

    Args:
        attitude: Unit quaternion, scalar first, body to east-north-up, `(4,)`.
        vector: Body axes, `(3,)`, any unit.

    Returns:
        The same vector in east-north-up, `(3,)`.
    """
    axis = attitude[1:]
    twice = 2.0 * jnp.cross(axis, vector)
    return vector + attitude[0] * twice + jnp.cross(axis, twice)


def unrotate(attitude: Quaternion, vector: Vector) -> Vector:
    """Return an east-north-up vector in body axes (the inverse of `rotate`), `(3,)`."""
    return rotate(attitude * jnp.array([1.0, -1.0, -1.0, -1.0], attitude.dtype), vector)


def attitude_rate(attitude: Quaternion, rate_body: Vector) -> Quaternion:
    """Return the time derivative of an attitude.

    Args:
        attitude: Quaternion, scalar first, body to east-north-up, `(4,)`.
        rate_body: Angular velocity in body axes, `(3,)` [rad/s].

    Returns:
        Derivative, `(4,)` [1/s]. A weak pull keeps the length at one.

    Source: Diebel 2006, eq. 110; the pull vanishes at unit length.
    """
    scalar, axis = attitude[0], attitude[1:]
    spin = 0.5 * jnp.concatenate(
        [-jnp.sum(axis * rate_body)[None], scalar * rate_body + jnp.cross(axis, rate_body)]
    )
    return spin + (1.0 - jnp.sum(attitude * attitude)) * attitude


def attitude_from_bearing(bearing: Scalar, pitch: Scalar) -> Quaternion:
    """Return the attitude of a body that heads along a bearing with a pitch, wings level.

    Args:
        bearing: Clockwise from true north, `()` [rad].
        pitch: Nose up, `()` [rad].

    Returns:
        Quaternion, `(4,)`.
    """
    yaw = 0.5 * (0.5 * jnp.pi - bearing)
    half = -0.5 * pitch
    cy, sy, cp, sp = jnp.cos(yaw), jnp.sin(yaw), jnp.cos(half), jnp.sin(half)
    return jnp.stack([cy * cp, -sy * sp, cy * sp, sy * cp])
