"""What a site's ground says about lip, wall and landing areas, and what the data behind it cannot show."""

import datetime as dt
import math
from typing import Any

import numpy as np

from precipice.report.site_ground import Ground
from precipice.report.site_level import level_facts
from precipice.scenario.scenario import Scenario
from precipice.scenario.site import Landing
from precipice.world.arrange import place
from precipice.world.survey.survey import base_altitude, survey_field, survey_site

WALL = math.radians(60.0)
"""Slope down to which rock below the lip counts as the wall [rad]."""
DROPS = (10.0, 30.0, 60.0, 150.0, 300.0)
"""Distances out from the lip at which the fall is told [m]."""


def site_facts(scenario: Scenario, ground: Ground) -> dict[str, Any]:
    """Return everything that is told about a site: SI, angles in radians; JSON can hold it.

    Args:
        scenario: What was decided.
        ground: Of its site.
    """
    site = scenario.site
    areas = [("landing area", site.landing)] if site.landing is not None else []
    areas += [("alternate", area) for area in site.alternate]
    return {
        "schema_version": 1,
        "scenario": scenario.file,
        "name": site.name,
        "latitude": site.latitude.value,
        "longitude": site.longitude.value,
        "altitude": None if site.altitude is None else site.altitude.value,
        "vertical_datum": site.vertical_datum,
        "origin": "lip" if scenario.run_up is not None else "exit",
        "lip": _lip(ground),
        "wall": _wall(scenario, ground),
        "areas": [_area(kind, area, scenario, ground) for kind, area in areas],
        "near": _near(scenario),
        "data": data_facts(scenario),
    }


def _lip(ground: Ground) -> dict[str, Any]:
    ahead = np.array([math.sin(ground.ahead), math.cos(ground.ahead)])
    here = float(ground.along(np.zeros((1, 2)))[0])
    behind = {}
    for reach in (10.0, 30.0, 100.0):
        up = float(ground.along(-reach * ahead[None])[0])
        behind[f"{reach:.0f}"] = _number(math.atan2(here - up, reach))
    falls = {f"{out:.0f}": _number(here - float(ground.along(out * ahead[None])[0])) for out in DROPS}
    around = np.radians(np.arange(0.0, 360.0, 5.0))
    rim = 60.0 * np.stack([np.sin(around), np.cos(around)], axis=1)
    levels = ground.along(rim)
    steepest = None if np.all(np.isnan(levels)) else float(around[int(np.nanargmin(levels))])
    return {
        "launch_bearing": ground.ahead % (2.0 * math.pi),
        "slope_behind": behind,
        "fall_ahead": falls,
        "steepest_bearing": steepest,
    }


def _wall(scenario: Scenario, ground: Ground) -> dict[str, Any]:
    """Return the wall below the lip, from the outline: where it is steeper than `WALL`."""
    cliff = scenario.site.cliff
    said = {
        "face_azimuth": None if cliff is None else cliff.face_azimuth.value,
        "said_height": None if cliff is None else cliff.wall_height.value,
    }
    found = {"height": None, "angle": None, "foot_out": None, "foot_up": None, "undercut": None, **said}
    if len(ground.profile) < 3:
        return found
    out, up = ground.profile.T
    # Half a post is no ledge; neither is a hundredth of the wall.
    window = max(ground.step, 5.0)
    steep, edge, foot = False, None, None
    for k in range(len(out)):
        after = int(np.argmax(np.hypot(out[k:] - out[k], up[k:] - up[k]) >= window)) + k
        slope = math.atan2(up[k] - up[after], out[after] - out[k])
        if not steep and slope > WALL and out[k] > -window:
            steep, edge = True, k
        elif steep and after > k and slope < WALL:
            foot = k
            break
    if edge is None:
        return found
    foot = len(out) - 1 if foot is None else foot
    back = float(np.max(np.maximum.accumulate(out[edge : foot + 1]) - out[edge : foot + 1]))
    height = float(up[edge] - up[foot])
    angle = math.atan2(height, float(out[foot] - out[edge]))
    return {
        **found,
        "height": height,
        "angle": angle,
        "foot_out": float(out[foot]),
        "foot_up": float(up[foot]),
        "undercut": back,
    }


def _area(kind: str, area: Landing, scenario: Scenario, ground: Ground) -> dict[str, Any]:
    east, north = place(area.position, scenario)
    radius = area.radius.value
    steps = np.linspace(-radius, radius, 21)
    x, y = (axis.ravel() for axis in np.meshgrid(steps, steps))
    inside = np.hypot(x, y) <= radius
    up = ground.up(east + x[inside], north + y[inside])
    plane = np.stack([x[inside], y[inside], np.ones(inside.sum())], axis=1)
    slope = rough = None
    if not np.any(np.isnan(up)):
        fit = np.linalg.lstsq(plane, up, rcond=None)[0]
        slope = math.atan(float(np.hypot(*fit[:2])))
        rough = float(np.max(np.abs(up - plane @ fit)))
    level = area.altitude.value - base_altitude(scenario)
    distance = math.hypot(east, north)
    return {
        "kind": kind,
        "name": area.name,
        "east": east,
        "north": north,
        "distance": distance,
        "bearing": math.atan2(east, north) % (2.0 * math.pi),
        "height": -level,
        "glide": distance / -level if level < 0.0 else None,
        "radius": radius,
        "slope": slope,
        "said_slope": area.slope.value,
        "roughness": rough,
    }


def _near(scenario: Scenario) -> list[dict[str, Any]]:
    """Return what lies around, with its distance from the middle of the landing area."""
    site = scenario.site
    middle = (0.0, 0.0) if site.landing is None else place(site.landing.position, scenario)
    groups = (("obstacle", site.obstacle), ("people", site.people), ("camera", site.camera))
    found = []
    for group, items in groups:
        for item in items:
            east, north = place(item.position, scenario)
            radius = getattr(item, "radius", None)
            found.append(
                {
                    "group": group,
                    "name": item.name,
                    "kind": getattr(item, "kind", group),
                    "east": float(east),
                    "north": float(north),
                    "radius": 0.0 if radius is None else radius.value,
                    "from_landing": math.hypot(east - middle[0], north - middle[1]),
                }
            )
    return found


def data_facts(scenario: Scenario) -> dict[str, Any]:
    """Return what the ground is known from, and how well; `kind` tells which.

    "surveyed", "parametric" for a cliff in numbers, "level", or "surface" for a ramp-jump.
    """
    terrain = scenario.site.terrain
    if terrain is None:
        return level_facts(scenario) if scenario.site.cliff is None else {"kind": "parametric"}
    survey, field = survey_site(scenario), survey_field(scenario)
    places, dem = survey.places, survey.dem
    inside = np.all((places[..., :2] >= survey.low[:2]) & (places[..., :2] <= survey.high[:2]), axis=-1)
    grid = dem.reference.grid(math.degrees(survey.frame.longitude), math.degrees(survey.frame.latitude))
    age = None
    if terrain.date is not None:
        age = ((scenario.site.date or dt.datetime.now(dt.UTC).date()) - terrain.date).days / 365.25
    return {
        "kind": "surveyed",
        "dem": dem.name,
        "source": terrain.source,
        "reference": dem.reference.name,
        "vertical_datum": dem.datum or None,
        "unit": dem.unit,
        "covers": terrain.covers,
        "spacing": dem.spacing,
        "posts": int(inside.sum()),
        "holes": int(np.isnan(places[..., 2][inside]).sum()),
        "undeclared": dem.undeclared,
        "age": age,
        "grid_north": None if grid is None else grid[0],
        "grid_scale": None if grid is None else grid[1],
        "meshes": [
            {"file": mesh.name, "triangles": len(mesh.faces), "edge": mesh.edge, "low": float(mesh.low[2])}
            for mesh in survey.meshes
        ],
        "cells": field.facts["cells"],
        "errors": field.facts["errors"],
    }


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
