"""Tables over altitude or height, read with straight lines."""

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from precipice.frames import Scalar

COARSE = 8
"""Rows of a table that are told apart one by one, after every eighth."""


def interpolate_rows(
    levels: Float[Array, " n"], rows: Float[Array, "n m"], level: Scalar
) -> Float[Array, " m"]:
    """Return a row of a table between its rows; beyond its ends the end's own.

    Args:
        levels: Rising, `(n,)`.
        rows: `(n, m)`.
        level: In the unit of `levels`, `()`.

    Returns:
        `(m,)`.
    """
    last = levels.shape[0] - 2
    lower = _row_below(levels, level, last)
    low, high = _at(levels, lower), _at(levels, lower + 1)
    share = jnp.clip((level - low) / (high - low), 0.0, 1.0)
    below, above = _at(rows, lower), _at(rows, lower + 1)
    return below + share * (above - below)


def beyond_row(levels: Float[Array, " n"], level: Scalar) -> Scalar:
    """Return how far a level is beyond the nearest row, in rows, `()`: the table bends where that is zero.

    Args:
        levels: Rising, `(n,)`.
        level: In the unit of `levels`, `()`.
    """
    lower = _row_below(levels, level, levels.shape[0] - 2)
    low, high = _at(levels, lower), _at(levels, lower + 1)
    return beyond_node((level - low) / (high - low))


def beyond_node(place: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
    """Return how far places are beyond the nearest whole number, `(...)`: -1/2 to 1/2."""
    return place - jax.lax.stop_gradient(jnp.round(place))


def _row_below(levels: Float[Array, " n"], level: Scalar, last: int) -> Int[Array, ""]:
    """Return the last row that is below a level, `()`, 0 to `last`.

    First among every eighth row, all compared at once; then by halving: fixed places are read side by
    side for all lanes, found ones are not.
    """
    coarse = levels[COARSE : last + 1 : COARSE]
    lower = COARSE * jnp.sum(coarse < level)
    for step in (COARSE // 2, COARSE // 4, 1):
        later = jnp.minimum(lower + step, last)
        lower = jnp.where(_at(levels, later) < level, later, lower)
    return jnp.minimum(lower, last)


def _at(table: Array, row: Int[Array, ""]) -> Array:
    return jax.lax.dynamic_index_in_dim(table, row, keepdims=False)
