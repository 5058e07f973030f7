"""The ground that a run's tables of rock and obstacles build."""

from typing import Any

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from precipice.frames import Scalar
from precipice.world.obstacle import Obstructed, bare_rock
from precipice.world.terrain import AbstractTerrain, NestedGrid


def is_surveyed(boxes: Float[Array, "levels 4"]) -> bool:
    """Return whether there is surveyed rock; its shape decides, so a program knows when it is traced."""
    return boxes.shape[0] > 0


def build_rock(
    boxes: Float[Array, "levels 4"],
    values: Float[Array, "levels nx ny nz"],
    columns: Float[Array, "levels mx my 3"],
    base: Scalar,
    origin_altitude: Scalar,
) -> NestedGrid:
    """Return surveyed rock in a run's own frame; see `Rock` for the arguments.

    Args:
        boxes: `(levels, 4)` [m].
        values: `(levels, nx, ny, nz)` [m].
        columns: `(levels, mx, my, 3)` [m].
        base: `()` [m].
        origin_altitude: Of the run's local origin, `()` [m].
    """
    up = base - origin_altitude
    origins = boxes[:, :3].at[:, 2].add(up)
    return NestedGrid(origins, boxes[:, 3], values, columns, up)


def obstruct(
    ground: AbstractTerrain, obstacles: Float[Array, "n 5"], origin_altitude: Scalar
) -> AbstractTerrain:
    """Return rock with its obstacles on it, or the rock itself where there are none.

    Args:
        ground: The rock.
        obstacles: See `Rock`, `(n, 5)`.
        origin_altitude: Of the run's local origin, `()` [m].
    """
    if obstacles.shape[0] == 0:
        return ground
    return Obstructed(ground, jnp.asarray(obstacles).at[:, 2].add(-origin_altitude))


def shared_axes(structure: Any) -> list[int | None]:
    """Return the batch axis of each leaf of a world's pytree: None for what all runs share.

    Args:
        structure: Of a world.
    """
    world = jax.tree.unflatten(structure, range(structure.num_leaves))
    ground = bare_rock(world.terrain)
    tables = (ground.values, ground.columns) if isinstance(ground, NestedGrid) else ()
    return [None if index in tables else 0 for index in range(structure.num_leaves)]
