"""Line of sight: whether rock stands between two places."""

import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool

from precipice.frames import Position, Scalar, norm
from precipice.world.terrain import AbstractTerrain

STEPS = 256
"""Most steps along a ray; one that has not arrived by then grazes rock and counts as hidden."""


def clear_way(terrain: AbstractTerrain, start: Position, end: Position) -> Scalar:
    """Return the smallest distance to rock along a straight line, `()` [m]; negative: hidden.

    Args:
        terrain: Rock.
        start: East-north-up, `(3,)` [m].
        end: East-north-up, `(3,)` [m].

    Source: sphere tracing, Hart 1996: no point within the distance to rock can be rock.
    """
    way = end - start
    length = norm(way)
    direction = way / length
    shortest = 1.0e-4 * length

    def going(carry: tuple[Array, Array, Array]) -> Array:
        step, travelled, nearest = carry
        return (step < STEPS) & (travelled < length) & (nearest > 0.0)

    def walk(carry: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
        step, travelled, nearest = carry
        distance = terrain.distance(start + travelled * direction)
        return step + 1, travelled + jnp.maximum(distance, shortest), jnp.minimum(nearest, distance)

    begin = (jnp.zeros((), int), jnp.zeros_like(length), jnp.full_like(length, jnp.inf))
    _, travelled, nearest = jax.lax.while_loop(going, walk, begin)
    arrived = travelled >= length
    return jnp.where(arrived, jnp.minimum(nearest, terrain.distance(end)), jnp.minimum(nearest, -0.0) - 1e-9)


def visible(terrain: AbstractTerrain, start: Position, end: Position) -> Bool[Array, ""]:
    """Return whether nothing stands between two places, `()`; a ray that leaves the data is hidden.

    Args:
        terrain: Rock.
        start: Where the eye is, `(3,)` [m].
        end: What it looks at, `(3,)` [m].
    """
    inside = jnp.minimum(terrain.known(start), terrain.known(end)) > 0.0
    return inside & (clear_way(terrain, start, end) > 0.0)
