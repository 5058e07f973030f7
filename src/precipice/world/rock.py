"""What a run's rock is made of: tables for `Inputs`. NumPy only, so that it is cheap to import."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from precipice.scenario.scenario import Scenario

SHARED = ("rock_values", "rock_columns")
"""Fields of `Inputs` that are the same in every run of a campaign, and too large to repeat for each."""

ROWS = (0, 2, 4, 8, 16)
"""Obstacles that a program has room for; the last is the most that a site has."""


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


def arrange_rock(scenario: Scenario, landing_altitude: Any) -> Rock:
    """Return a scenario's rock and obstacles.

    Args:
        scenario: What was decided.
        landing_altitude: Drawn, which obstacles' heights count from [m].

    Raises:
        ScenarioError: With what is wrong with the site's files.
    """
    obstacles = arrange_obstacles(scenario, landing_altitude)
    if scenario.site.terrain is None:
        none = np.zeros((0, 0, 0, 0))
        return Rock(np.zeros((0, 4)), none, none, np.zeros(()), obstacles)
    from precipice.world.survey.survey import base_altitude, survey_field

    field = survey_field(scenario)
    base = np.asarray(base_altitude(scenario))
    return Rock(field.boxes, field.values, field.columns, base, obstacles)


def arrange_obstacles(scenario: Scenario, landing_altitude: Any) -> np.ndarray:
    """Return the site's obstacles, see `Rock.obstacles`; `(..., n, 5)`.

    Args:
        scenario: What was decided.
        landing_altitude: Drawn, which obstacles' heights count from, `()`, or `(n,)` for many runs [m].
    """
    from precipice.world.arrange import place

    found = scenario.site.obstacle
    base = np.asarray(landing_altitude)
    rows = np.zeros((*base.shape, next(rows for rows in ROWS if rows >= len(found)), 5))
    for k, item in enumerate(found):
        rows[..., k, 0], rows[..., k, 1] = place(item.position, scenario)
        rows[..., k, 2] = base + item.height.value
        rows[..., k, 3], rows[..., k, 4] = item.radius.value, float(item.kind != "water")
    return rows
