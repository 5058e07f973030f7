"""Where the riderless motorcycle is while the performer falls, and how near it comes."""

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Bool, Float

from precipice.frames import Position, Scalar, Vector, norm
from precipice.phases.phase import NO_GAP


class Escort(NamedTuple):
    """The motorcycle's flown track, for clearance only; nothing pushes back on it.

    Attributes:
        times: Of the steps, rising, padded with infinity, `(n,)` [s].
        positions: `(n, 3)` [m].
        velocities: `(n, 3)` [m/s].
        last: Index of the last valid step, `()`.
        clear: 1 if the bodies were once mutually clear, else 0, `()`.
        reach: Radius of performer plus motorcycle, `()` [m].
        radius: Of the motorcycle, `()` [m].
    """

    times: Float[Array, " n"]
    positions: Float[Array, "n 3"]
    velocities: Float[Array, "n 3"]
    last: Scalar
    clear: Scalar
    reach: Scalar
    radius: Scalar


def escort_position(escort: Escort, t: Scalar) -> Position:
    """Return the motorcycle's centre at a time, `(3,)` [m]: cubic between steps, held after contact.

    Args:
        escort: Its track.
        t: `()` [s].
    """
    count = escort.times.shape[0]
    index = jnp.clip(jnp.sum(escort.times < t) - 1, 0, jnp.maximum(escort.last.astype(int) - 1, 0))
    index = jnp.minimum(index, count - 2)
    start, end = escort.times[index], escort.times[index + 1]
    width = jnp.where(jnp.isfinite(end), jnp.maximum(end - start, 1e-9), 1.0)
    s = jnp.clip((t - start) / width, 0.0, 1.0)
    a, b = escort.positions[index], escort.positions[index + 1]
    u, v = width * escort.velocities[index], width * escort.velocities[index + 1]
    step = b - a
    place = a + s * step + s * (1.0 - s) * ((u - step) * (1.0 - s) + (step - v) * s)
    return jnp.where(escort.last < 0.5, a, place)


def escort_gap(escort: Escort | None, t: Scalar, position: Position) -> Scalar:
    """Return the gap between performer and motorcycle, `()` [m]; `NO_GAP` where it means nothing.

    Args:
        escort: The motorcycle, None where there is none.
        t: `()` [s].
        position: Of the performer, `(3,)` [m].
    """
    if escort is None:
        return jnp.full_like(t, NO_GAP)
    gap = norm(position - escort_position(escort, t)) - escort.reach
    return jnp.where(_counts(escort, t), gap, NO_GAP)


def _counts(escort: Escort, t: Scalar) -> Bool[Array, ""]:
    """Return whether a gap means anything: once clear, and the motorcycle still in the air."""
    return (escort.clear > 0.5) & (t <= escort.times[escort.last.astype(int)])


def certain_contact(escort: Escort | None, t: Scalar, position: Position) -> Scalar:
    """Return what is left until the bodies certainly hit each other, `()` [m].

    The extents are spheres that hold arms, legs and handlebar: that they overlap is the hazard of a
    re-contact; half-way into each other there is no missing.

    Args:
        escort: The motorcycle, None where there is none.
        t: `()` [s].
        position: Of the performer, `(3,)` [m].
    """
    if escort is None:
        return jnp.full_like(t, NO_GAP)
    return escort_gap(escort, t, position) + 0.5 * escort.reach


def escort_column_gap(
    escort: Escort | None, t: Scalar, position: Position, towards: Vector, length: Scalar, width: Scalar
) -> Scalar:
    """Return the gap between the motorcycle and performer, lines and canopy, `()` [m].

    Args:
        escort: The motorcycle, None where there is none.
        t: `()` [s].
        position: Of the performer, `(3,)` [m].
        towards: Unit vector to the canopy, `(3,)`.
        length: From performer to canopy, `()` [m].
        width: Radius of the canopy so far, `()` [m].
    """
    if escort is None:
        return jnp.full_like(t, NO_GAP)
    away = escort_position(escort, t) - position
    along = jnp.clip(jnp.sum(away * towards), 0.0, length)
    share = along / jnp.maximum(length, 1e-3)
    own = escort.reach - escort.radius
    gap = norm(away - along * towards) - escort.radius - (own + share * (width - own))
    return jnp.where(_counts(escort, t), gap, NO_GAP)
