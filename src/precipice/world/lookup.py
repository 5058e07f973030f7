"""Tables over altitude or height, read with straight lines."""

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from precipice.frames import Scalar


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
    lower = jnp.zeros((), int)
    for step in (1 << bit for bit in reversed(range(max(last, 1).bit_length()))):
        later = jnp.minimum(lower + step, last)
        lower = jnp.where(_at(levels, later) < level, later, lower)
    low, high = _at(levels, lower), _at(levels, lower + 1)
    share = jnp.clip((level - low) / (high - low), 0.0, 1.0)
    below, above = _at(rows, lower), _at(rows, lower + 1)
    return below + share * (above - below)


def _at(table: Array, row: Int[Array, ""]) -> Array:
    return jax.lax.dynamic_index_in_dim(table, row, keepdims=False)
