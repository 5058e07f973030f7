"""Everything of a site that stands still, for the page: rock, ramp, places, cameras."""

import dataclasses
import math
from typing import Any

import numpy as np

from precipice.errors import InputError
from precipice.report.scene import Circle, areas, circle, flown, out_bearing, ramp_shape
from precipice.report.site_ground import Ground, ground_of
from precipice.risk.assessment import plain
from precipice.scenario.scenario import Scenario
from precipice.simulation.run import Run
from precipice.web.envelope import pack
from precipice.web.ground import Triangles, cut, extruded, level, mapped, raised
from precipice.world.arrange import altitude, place

NEAREST = 300.0
"""How far the ground is drawn at least [m]."""
FARTHEST = 6000.0
BEYOND = 4.0
"""How many times as far a ground is drawn that is alike everywhere: it ends in the haze."""


def site(run: Run, scenario: Scenario) -> bytes:
    """Return the site for the page, as the nominal run has it; see `envelope.pack`.

    Args:
        run: The nominal run: gives heights, and how far one must see.
        scenario: What was decided.
    """
    has_rock = scenario.site.cliff is not None or scenario.site.terrain is not None
    try:
        ground = _from_the_lip(ground_of(scenario), run, scenario) if has_rock else None
    except InputError:
        ground = None
    reach = _reach(run, scenario)
    triangles = _rock(run, scenario, ground, reach)
    places = _places(run, scenario, ground)
    head = {
        "name": scenario.site.name,
        "title": scenario.title,
        "datum": scenario.site.vertical_datum,
        "reach": reach,
        "out_bearing": out_bearing(run, scenario),
        "parametric": ground is not None and scenario.site.terrain is None,
        "surveyed": ground is not None and scenario.site.terrain is not None,
        "rock": ground is not None,
        "width": triangles.width,
        "places": places,
        "cameras": [_camera(camera, run, scenario) for camera in scenario.site.camera],
        "ramp_width": 0.0 if scenario.ramp is None else flown(run, scenario, "ramp.width", 3.0),
        "rig": _rig(run, scenario),
        "vehicle": None if scenario.vehicle is None else scenario.vehicle.kind,
        "profile": _profile(run),
    }
    arrays = {"points": triangles.points, "corners": triangles.corners, "ramp": _ramp(run, scenario)}
    surface = _surface(run, scenario)
    arrays |= {"surface_points": surface.points, "surface_corners": surface.corners}
    return pack(plain(head), arrays)


def _from_the_lip(ground: Ground, run: Run, scenario: Scenario) -> Ground:
    """Return the ground with heights from the lip, which a ramp lifts above the survey's own zero."""
    if scenario.site.terrain is None:
        return ground
    from precipice.world.survey.survey import base_altitude

    rise = base_altitude(scenario) - run.lip_altitude
    return dataclasses.replace(ground, up=lambda east, north: ground.up(east, north) + rise)


def _reach(run: Run, scenario: Scenario) -> float:
    tracks = [track.position[:, :2] for track in run.tracks.values()]
    spots = [np.array([[area.east, area.north]]) for area in areas(run, scenario)]
    far = float(np.abs(np.concatenate([*tracks, *spots])).max())
    return min(max(1.25 * far, NEAREST), FARTHEST)


def _rock(run: Run, scenario: Scenario, ground: Ground | None, reach: float) -> Triangles:
    if ground is not None and scenario.site.terrain is not None:
        stands = [place(camera.position, scenario) for camera in scenario.site.camera]
        spots = [*stands, *((area.east, area.north) for area in areas(run, scenario))]
        return mapped(ground, reach, np.array(spots, float).reshape(-1, 2))
    if run.profile is not None and len(run.profile) > 1:
        profile = run.profile if scenario.landing_surface is None else _around_surface(run.profile)
        return extruded(profile, out_bearing(run, scenario), BEYOND * reach)
    return level(run.landing_altitude - run.lip_altitude, BEYOND * reach)


def _around_surface(profile: np.ndarray) -> np.ndarray:
    """Return the ground beside a built landing: what lies behind the lip, and level ground below the rest."""
    behind, low = profile[profile[:, 0] < 0.0], float(profile[profile[:, 0] >= 0.0, 1].min())
    step = [[0.0, behind[-1, 1]]] if len(behind) else []
    return np.array([*behind.tolist(), *step, [0.0, low], [float(profile[-1, 0]), low]])


def _surface(run: Run, scenario: Scenario) -> Triangles:
    """Return what is landed on, as wide as it is built; nothing where nothing is built to land on."""
    if scenario.landing_surface is None or run.profile is None:
        return Triangles(np.zeros((0, 3)), np.zeros((0, 3), int), 0)
    half = 0.5 * flown(run, scenario, "landing_surface.width")
    low = float(run.profile[run.profile[:, 0] >= 0.0, 1].min())
    # The last piece is the ground that the run-out goes on over.
    section = cut(run.profile, 0.0, float(run.profile[-2, 0]))
    return raised(section, out_bearing(run, scenario), half, low)


def _profile(run: Run) -> list[list[float]]:
    """Return the rock's cross-section without what lies too far, for the side view."""
    if run.profile is None:
        return []
    return [[float(x), float(z)] for x, z in cut(run.profile, -FARTHEST, FARTHEST)]


def _ramp(run: Run, scenario: Scenario) -> np.ndarray:
    """Return the middle line of deck and ramp from the standstill to the lip, `(n, 3)` [m]."""
    if scenario.ramp is None or scenario.run_up is None:
        return np.zeros((0, 3))
    azimuth = flown(run, scenario, "run_up.azimuth")
    ahead = np.array([math.sin(azimuth), math.cos(azimuth)])
    shape = ramp_shape(run, scenario)
    foot, track = shape[0], run.performer
    far = foot[0] - flown(run, scenario, "run_up.length")
    fast = np.flatnonzero(track.phase == "ramp")
    drop = track.position[fast[0], 2] - track.position[0, 2] if fast.size else 0.0
    line = np.concatenate([[[far, foot[1] - drop]], shape])
    return np.concatenate([line[:, :1] * ahead, line[:, 1:]], axis=1)


def _places(run: Run, scenario: Scenario, ground: Ground | None) -> list[dict[str, Any]]:
    about = scenario.site
    survey = ground if about.terrain is not None else None
    found = [_lifted(_place(area, run, ground, landing=True), survey) for area in areas(run, scenario)]
    for item in about.obstacle:
        spot = _place(circle(item, item.kind, scenario), run, ground, landing=True)
        found.append({**spot, "tall": item.height.value, "role": "obstacle"})
    for people in about.people:
        spot = _place(circle(people, people.kind, scenario), run, ground)
        found.append({**spot, "count": people.count, "role": "people"})
    return found


def _place(spot: Circle, run: Run, ground: Ground | None, *, landing: bool = False) -> dict[str, Any]:
    up = run.landing_altitude - run.lip_altitude
    if ground is not None and not landing:
        known = float(ground.up(np.array(spot.east), np.array(spot.north)))
        up = known if math.isfinite(known) else up
    return {**spot._asdict(), "up": up, "role": "landing"}


def _lifted(spot: dict[str, Any], survey: Ground | None) -> dict[str, Any]:
    """Return a level area where none of it is buried in uneven ground."""
    if survey is None:
        return spot
    turn = np.linspace(0.0, 2.0 * np.pi, 24, endpoint=False)[:, None]
    far = spot["radius"] * np.array([0.0, 0.25, 0.5, 0.75, 1.0])
    known = survey.up(spot["east"] + far * np.sin(turn), spot["north"] + far * np.cos(turn))
    return {**spot, "up": float(np.nanmax([spot["up"], *known.ravel()]))}


def _camera(camera: Any, run: Run, scenario: Scenario) -> dict[str, Any]:
    east, north = place(camera.position, scenario)
    up = altitude(camera.position, run.lip_altitude, run.landing_altitude) - run.lip_altitude
    fixed = camera.aim == "fixed"
    return {
        "name": camera.name,
        "position": [float(east), float(north), float(up)],
        "focal_mm": 1e3 * camera.focal_length.value,
        "width_mm": 1e3 * camera.sensor_width.value,
        "height_mm": 1e3 * camera.sensor_height.value,
        "aspect": camera.aspect.value,
        "aim": camera.aim,
        "bearing": camera.aim_bearing.value if fixed and camera.aim_bearing else None,
        "pitch": camera.aim_pitch.value if fixed and camera.aim_pitch else None,
    }


def _rig(run: Run, scenario: Scenario) -> dict[str, float]:
    """Return the sizes of what hangs above a performer [m²; m]."""
    if scenario.rig is None:
        return {"area": 0.0, "lines": 0.0}
    return {
        "area": flown(run, scenario, "rig.canopy_area", 22.0),
        "lines": flown(run, scenario, "rig.line_length", 3.0),
    }
