"""The ground of a site on the map, surveyed, parametric or level, with the origin's own ground at zero."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from precipice.report.site_level import level_outline
from precipice.scenario.scenario import Scenario
from precipice.world.arrange import place
from precipice.world.survey.look import column_at
from precipice.world.survey.survey import survey_field, survey_site, surveyed_profile, way_on_the_map


@dataclass(frozen=True)
class Ground:
    """Heights over the map.

    Attributes:
        up: From east and north `(...)` [m] to the top of the rock `(...)` [m]; NaN where it is unknown.
        profile: Outline out from the origin, out and up, `(n, 2)` [m].
        low: Lower corner on the map of what is known, `(2,)` [m].
        high: Upper corner, `(2,)` [m].
        outward: Bearing out from the face [rad].
        ahead: Bearing in which the stunt leaves [rad].
        start: Where the run-up begins, east and north [m].
        landing: East, north and radius of the landing area [m]; None without one.
        step: How finely the ground is known [m]; 0 for a parametric cliff, which is exact.
    """

    up: Callable[[np.ndarray, np.ndarray], np.ndarray]
    profile: np.ndarray
    low: np.ndarray
    high: np.ndarray
    outward: float
    ahead: float
    start: np.ndarray
    landing: tuple[float, float, float] | None
    step: float

    def along(self, way: np.ndarray) -> np.ndarray:
        """Return heights at places, `(n,)` [m], from `(n, 2)` [m]."""
        return self.up(way[..., 0], way[..., 1])


def ground_of(scenario: Scenario, say: Callable[[str], None] | None = None) -> Ground:
    """Return a site's ground.

    Args:
        scenario: What was decided.
        say: Told when a survey must be sampled first.

    Raises:
        ScenarioError: With what is wrong with the site's files.
    """
    way = way_on_the_map(scenario)
    start = np.zeros(2) if way is None else way[0]
    ahead = math.atan2(*-start) if np.any(start) else _outward(scenario)
    site = scenario.site
    spot = (
        None if site.landing is None else (*place(site.landing.position, scenario), site.landing.radius.value)
    )
    rest = (_outward(scenario), ahead, start, spot)
    if site.terrain is None:
        corners = level_outline(scenario) if site.cliff is None else _cliff_corners(scenario)
        reach = max(1.3 * (math.hypot(*spot[:2]) if spot else 300.0), 300.0)
        box = (np.full(2, -reach), np.full(2, reach))
        outline = np.zeros((0, 2)) if site.cliff is None else corners
        return Ground(cliff_heights(corners, rest[0]), outline, *box, *rest, 0.0)
    survey, field = survey_site(scenario), survey_field(scenario, say)
    profile = surveyed_profile(scenario, survey.frame.altitude)

    def up(east: np.ndarray, north: np.ndarray) -> np.ndarray:
        found = column_at(field, east, north)
        return np.where(found[..., 2] > 0.0, found[..., 0], np.nan)

    outline = np.zeros((0, 2)) if profile is None else profile
    return Ground(up, outline, survey.low[:2], survey.high[:2], *rest, survey.dem.spacing)


def _outward(scenario: Scenario) -> float:
    site = scenario.site
    if site.cliff is not None:
        return site.cliff.face_azimuth.value
    for part in (scenario.run_up, scenario.exit):
        if part is not None:
            return part.azimuth.value
    return 0.0


def _cliff_corners(scenario: Scenario) -> np.ndarray:
    """Return the cliff's outline from far behind to far out, `(6, 2)` [m]."""
    from precipice.world.terrain import cliff_corners

    cliff, site = scenario.site.cliff, scenario.site
    assert cliff is not None
    launch = cliff.face_azimuth if scenario.run_up is None else scenario.run_up.azimuth
    out = cliff.lip_to_edge.value * math.cos(launch.value - cliff.face_azimuth.value)
    up = cliff.lip_to_edge.value * math.tan(cliff.plateau_slope.value)
    level = -300.0
    if site.landing is not None and site.altitude is not None:
        level = site.landing.altitude.value - site.altitude.value
    names = ("wall_height", "wall_angle", "undercut_depth", "undercut_height", "talus_angle")
    import jax
    import jax.numpy as jnp

    with jax.enable_x64(True):  # noqa: FBT003
        given = (out, up, *(getattr(cliff, name).value for name in names), level)
        corners = np.asarray(cliff_corners(*(jnp.asarray(x) for x in given)))
    behind = corners[0] - 2000.0 * np.array([1.0, math.tan(cliff.plateau_slope.value)])
    return np.concatenate([behind[None], corners, [[corners[-1, 0] + 5000.0, level]]])


def cliff_heights(corners: np.ndarray, bearing: float) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """Return the heights of a cliff that is alike all along its edge, as a function of east and north.

    Args:
        corners: Its outline, out and up, `(n, 2)` [m].
        bearing: Of "out" [rad].
    """

    def up(east: np.ndarray, north: np.ndarray) -> np.ndarray:
        out = np.asarray(east) * math.sin(bearing) + np.asarray(north) * math.cos(bearing)
        found = np.full(out.shape, -np.inf)
        for (x0, z0), (x1, z1) in pairwise(corners):
            low, high = min(x0, x1), max(x0, x1)
            share = (out - x0) / (x1 - x0) if x1 != x0 else np.zeros(out.shape)
            found = np.where((out >= low) & (out <= high), np.maximum(found, z0 + share * (z1 - z0)), found)
        return np.where(np.isfinite(found), found, np.nan)

    return up
