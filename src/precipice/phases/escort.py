"""Where the riderless motorcycle is while the performer falls, and how near it comes."""

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float

from precipice.frames import Position, Scalar, Vector, norm
from precipice.phases.phase import NO_GAP

NODES = 128
"""Points in time, equally far apart, at which the track is kept."""


class Escort(NamedTuple):
    """The motorcycle's flown track, for clearance only; nothing pushes back on it.

    Attributes:
        begin: When the track begins, `()` [s].
        end: When the motorcycle hits the ground, `()` [s].
        track: Position [m] and velocity [m/s] at `NODES` times from begin to end, `(n, 6)`.
        clear: 1 if the bodies were once mutually clear, else 0, `()`.
        reach: Radius of performer plus motorcycle, `()` [m].
        radius: Of the motorcycle, `()` [m].
    """

    begin: Scalar
    end: Scalar
    track: Float[Array, "n 6"]
    clear: Scalar
    reach: Scalar
    radius: Scalar


def sample_track(path: Float[Array, "k 7"], start: Float[Array, "6"]) -> Float[Array, "n 6"]:
    """Return a track at equal intervals of time, `(NODES, 6)`.

    Args:
        path: Times, positions and velocities at the solver's steps, padded with infinity, `(k, 7)`.
        start: Position and velocity where no step was taken, `(6,)`.
    """
    last = jnp.maximum(jnp.sum(jnp.isfinite(path[:, 0])) - 1, 0)
    begin, end = path[0, 0], _row(path, last)[0]
    flown = jnp.isfinite(begin) & (path.shape[0] > 1)

    def one(below: Array, share: Array) -> tuple[Array, Array]:
        time = begin + share * (end - begin)
        below = jax.lax.while_loop(
            lambda k: (k + 1 < last) & (_row(path, k + 1)[0] <= time), lambda k: k + 1, below
        )
        a, b = _row(path, below), _row(path, jnp.minimum(below + 1, last))
        width = jnp.maximum(b[0] - a[0], 1e-9)
        part = jnp.clip((time - a[0]) / width, 0.0, 1.0)
        place = _hermite(a[1:], b[1:], width, part)
        found = jnp.concatenate([place, a[4:] + part * (b[4:] - a[4:])])
        return below, jnp.where(flown, found, start)

    return jax.lax.scan(one, jnp.zeros((), int), jnp.linspace(0.0, 1.0, NODES, dtype=path.dtype))[1]


def _row(path: Float[Array, "k 7"], row: Array) -> Float[Array, "7"]:
    return jax.lax.dynamic_index_in_dim(path, row, keepdims=False)


def _hermite(a: Array, b: Array, width: Array, s: Array) -> Array:
    """Return positions between nodes of position and velocity, `(..., 3)` [m]."""
    step = b[..., :3] - a[..., :3]
    u, v = width * a[..., 3:], width * b[..., 3:]
    return a[..., :3] + s * step + s * (1.0 - s) * ((u - step) * (1.0 - s) + (step - v) * s)


def escort_position(escort: Escort, t: Scalar) -> Position:
    """Return the motorcycle's centre at a time, `(3,)` [m]: cubic between nodes, held after contact.

    Args:
        escort: Its track.
        t: `()` [s].
    """
    before, after, spacing, share = _between(escort, t)
    return _hermite(before, after, spacing, share)


def escort_velocity(escort: Escort, t: Scalar) -> Vector:
    """Return the motorcycle's velocity at a time, `(3,)` [m/s]: linear between nodes, held after contact.

    Args:
        escort: Its track.
        t: `()` [s].
    """
    before, after, _, share = _between(escort, t)
    return before[3:] + share * (after[3:] - before[3:])


def _between(escort: Escort, t: Scalar) -> tuple[Array, Array, Scalar, Scalar]:
    """Return the nodes before and after a time, each `(6,)`, the time between them, and the share passed."""
    spacing = jnp.maximum(escort.end - escort.begin, 1e-6) / (escort.track.shape[0] - 1)
    place = jnp.clip((t - escort.begin) / spacing, 0.0, escort.track.shape[0] - 1.0)
    index = jnp.minimum(place.astype(int), escort.track.shape[0] - 2)
    return escort.track[index], escort.track[index + 1], spacing, place - index


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
    return (escort.clear > 0.5) & (t <= escort.end)


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
