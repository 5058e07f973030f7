"""What a run's rock is made of: tables for `Inputs`, and the terrain that they build."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from precipice.frames import Scalar
from precipice.scenario.scenario import Scenario
from precipice.world.obstacle import ROWS, Obstructed, bare_rock
from precipice.world.terrain import AbstractTerrain, NestedGrid

SHARED = ("rock_values", "rock_columns")
"""Fields of `Inputs` that are the same in every run of a campaign, and too large to repeat for each."""


class Rock(NamedTuple):
    """Surveyed rock and obstacles as `Inputs` has them; no boxes: the rock is the parametric cliff.

    Attributes:
        rock_boxes: Corner and cell of each box, finest first, `(levels, 4)` [m].
        rock_values: Signed distances, `(levels, nx, ny, nz)` [m].
        rock_columns: See `NestedGrid`, `(levels, mx, my, 3)` [m].
        rock_base: Altitude that heights in them count from, `()` [m].
        obstacles: East, north, altitude of the top, radius, solid (1) or water (0), `(n, 5)`; no rows
            where the site has no obstacles.
    """

    rock_boxes: Any
    rock_values: Any
    rock_columns: Any
    rock_base: Any
    obstacles: Any


def prepare_rock(scenario: Scenario, say: Callable[[str], None] | None = None) -> None:
    """Read and sample a site's surveyed rock, unless that was done before.

    Args:
        scenario: What was decided.
        say: Told once when it takes long.

    Raises:
        ScenarioError: With what is wrong with the site's files.
    """
    if scenario.site.terrain is not None:
        from precipice.world.survey.survey import survey_field

        survey_field(scenario, say)


def arrange_rock(scenario: Scenario, landing_altitude: float) -> Rock:
    """Return a scenario's rock and obstacles.

    Args:
        scenario: What was decided.
        landing_altitude: Drawn, which obstacles' heights count from [m].

    Raises:
        ScenarioError: With what is wrong with the site's files.
    """
    obstacles = _obstacles(scenario, landing_altitude)
    if scenario.site.terrain is None:
        none = np.zeros((0, 0, 0, 0))
        return Rock(np.zeros((0, 4)), none, none, np.zeros(()), obstacles)
    from precipice.world.survey.survey import base_altitude, survey_field

    field = survey_field(scenario)
    base = np.asarray(base_altitude(scenario))
    return Rock(field.boxes, field.values, field.columns, base, obstacles)


def _obstacles(scenario: Scenario, landing_altitude: float) -> np.ndarray:
    from precipice.world.arrange import place

    found = scenario.site.obstacle
    rows = np.zeros((ROWS if found else 0, 5))
    for k, item in enumerate(found):
        east, north = place(item.position, scenario)
        solid = float(item.kind != "water")
        rows[k] = east, north, landing_altitude + item.height.value, item.radius.value, solid
    return rows


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
