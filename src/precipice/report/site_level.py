"""Ground of a site without rock: level below an exit; ramp, gap and landing surface of a ramp-jump."""

import math
from typing import Any

import numpy as np

from precipice.scenario.scenario import Scenario
from precipice.world.survey.survey import base_altitude

FAR = 5000.0
"""How far it goes on beyond what the scenario says [m]."""


def level_outline(scenario: Scenario) -> np.ndarray:
    """Return the ground out from the origin's own, out and up, `(n, 2)` [m].

    Args:
        scenario: One with neither cliff nor terrain.

    Raises:
        ScenarioError: With what is wrong with a landing surface's file.
    """
    if scenario.landing_surface is not None:
        return _surface_outline(scenario)
    landing = scenario.site.landing
    level = 0.0 if landing is None else landing.altitude.value - base_altitude(scenario)
    return np.array([[-FAR, level], [FAR, level]])


def _surface_outline(scenario: Scenario) -> np.ndarray:
    points, run_up = surface_points(scenario), scenario.run_up
    assert run_up is not None
    behind = [-FAR, FAR * math.tan(run_up.slope.value)]
    # Between lip and surface the ground is taken as level, at the lower of both.
    gap = min(0.0, float(points[0, 1]))
    front = [[0.0, 0.0], [0.0, gap], [float(points[0, 0]), gap]] if points[0, 0] > 0.0 else [[0.0, 0.0]]
    return np.array([behind, *front, *points.tolist(), [float(points[-1, 0]) + FAR, float(points[-1, 1])]])


def surface_points(scenario: Scenario) -> np.ndarray:
    """Return the landing surface, distance from the lip and height above the ground there, `(n, 2)` [m].

    Args:
        scenario: One with a landing surface.

    Raises:
        ScenarioError: With what is wrong with its file.
    """
    from precipice.planning.landing_case import lip_of
    from precipice.world.landing_surface import landing_points

    written = scenario.landing_surface
    assert written is not None
    if written.shape == "file":
        from precipice.world.survey.surface import survey_surface

        return np.asarray(survey_surface(scenario).points, float)
    return landing_points(written, scenario.values()) + np.array([0.0, lip_of(scenario).height])


def level_facts(scenario: Scenario) -> dict[str, Any]:
    """Return what is told about such a ground: SI; JSON can hold it.

    Args:
        scenario: One with neither cliff nor terrain.
    """
    written, aircraft = scenario.landing_surface, scenario.aircraft
    if written is None:
        above = base_altitude(scenario) if aircraft is None else aircraft.altitude.value
        landing = scenario.site.landing
        return {"kind": "level", "fall": None if landing is None else above - landing.altitude.value}
    points = surface_points(scenario)
    from precipice.planning.landing_case import lip_of

    return {
        "kind": "surface",
        "shape": written.shape,
        "file": written.file,
        "lip_height": lip_of(scenario).height,
        "from": float(points[0, 0]),
        "to": float(points[-1, 0]),
        "width": written.width.value,
        "highest": float(points[:, 1].max()),
        "lowest": float(points[:, 1].min()),
        "steepest": float(np.max(np.arctan2(-np.diff(points[:, 1]), np.diff(points[:, 0])))),
    }
