"""Tables over altitude or height, read with straight lines."""

import jax.numpy as jnp
from jaxtyping import Array, Float

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
    level = jnp.clip(level, levels[0], levels[-1])
    lower = jnp.clip(jnp.sum(levels[1:] < level), 0, levels.shape[0] - 2)
    low, high = levels[lower], levels[lower + 1]
    share = (level - low) / (high - low)
    return rows[lower] + share * (rows[lower + 1] - rows[lower])
