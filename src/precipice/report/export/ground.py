"""The ground as triangles: parametric cliff, surveyed rock, or what a jump lands on; ramp and areas too."""

import itertools
import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from precipice.errors import InputError, PrecipiceError
from precipice.report.export.clip import Clip
from precipice.report.scene import areas, flown, out_bearing, ramp_shape, value_of
from precipice.scenario.scenario import Scenario
from precipice.simulation.run import Run
from precipice.world.arrange import altitude

ROCK, WOOD, FIELD = (0.50, 0.47, 0.43), (0.36, 0.27, 0.20), (0.25, 0.55, 0.25)
CELLS = 150
"""Cells of the ground along its longer side."""
MOST_TRIANGLES = 300_000
"""Of a scanned face that are handed on; a finer scan is left to its own file."""
MARGIN = (100.0, 0.25)
"""Ground kept around everything: metres, and share of the longer side."""
RIM = 48
LIFT = 0.05
"""By which areas are drawn above their ground [m]."""


Heights = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Height above the lip or exit of places on the map, east and north [m]."""


class Surface(NamedTuple):
    """Triangles.

    Attributes:
        name: What it is.
        points: East-north-up from the lip or exit, `(n, 3)` [m].
        triangles: Counter-clockwise seen from the air, `(m, 3)`.
        colour: Red, green, blue, 0 to 1, linear.
    """

    name: str
    points: np.ndarray
    triangles: np.ndarray
    colour: tuple[float, float, float]


def build_ground(clip: Clip) -> list[Surface]:
    """Return rock, ramp and landing areas around everything that moves or films.

    Args:
        clip: Gives run, scenario and what must be on the ground that is kept.

    Raises:
        InputError: When the scenario's survey is not at hand.
    """
    run, scenario = clip.run, clip.scenario
    low, high = _extent(clip)
    heights = None
    if scenario.site.terrain is not None:
        remedy = "export where its files are, or leave it out with --no-ground"
        heights, faces = surveyed_rock(run, scenario, remedy)
        found = [_grid("ground", low, high, heights), *faces]
    elif run.profile is not None and not _is_level(run.profile):
        found = [_extruded(run, scenario, low, high)]
    else:
        up = float(run.profile[0, 1]) if run.profile is not None else run.landing_altitude - run.lip_altitude
        found = [_grid("ground", low, high, lambda east, _: np.full(east.shape, up))]
    return [*found, *_ramp(run, scenario), *_areas(run, scenario, heights)]


def _is_level(profile: np.ndarray) -> bool:
    return bool(np.ptp(profile[:, 1]) == 0.0)


def _extent(clip: Clip) -> tuple[np.ndarray, np.ndarray]:
    """Return the corners on the map of the ground that is kept, `(2,)` each [m]."""
    points = [body.position[:, :2] for body in clip.bodies]
    points += [camera.position[None, :2] for camera in clip.cameras]
    for area in areas(clip.run, clip.scenario):
        points += [np.array([[area.east, area.north]]) + s * area.radius for s in (-1.0, 1.0)]
    every = np.concatenate(points)
    low, high = every.min(axis=0), every.max(axis=0)
    pad = MARGIN[0] + MARGIN[1] * float(np.max(high - low))
    return low - pad, high + pad


def _rows_of(rows: int, columns: int) -> np.ndarray:
    """Return the triangles of a sheet of points in rows, `(m, 3)`: up is rows across columns."""
    k = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = k[:-1, :-1].ravel(), k[1:, :-1].ravel(), k[1:, 1:].ravel(), k[:-1, 1:].ravel()
    return np.concatenate([np.stack([a, b, c], axis=1), np.stack([a, c, d], axis=1)])


def _grid(name: str, low: np.ndarray, high: np.ndarray, heights: Heights) -> Surface:
    """Return ground that has one height in each place; where that is not known it has a hole."""
    step = float(np.max(high - low)) / CELLS
    axes = [np.linspace(low[k], high[k], max(2, math.ceil((high[k] - low[k]) / step) + 1)) for k in range(2)]
    east, north = np.meshgrid(*axes, indexing="ij")
    up = np.asarray(heights(east, north), float)
    points = np.stack([east, north, up], axis=-1).reshape(-1, 3)
    triangles = _rows_of(*east.shape)
    known = np.isfinite(points[:, 2])
    triangles = triangles[np.all(known[triangles], axis=1)]
    kept = np.flatnonzero(known)
    number = np.zeros(len(points), int)
    number[kept] = np.arange(len(kept))
    return Surface(name, points[kept], number[triangles], ROCK)


def surveyed_rock(run: Run, scenario: Scenario, remedy: str) -> tuple[Heights, list[Surface]]:
    """Return heights over the map of the survey that was flown over, and its scanned faces; NaN: unknown.

    Args:
        run: Gives the altitude of the origin.
        scenario: What was decided.
        remedy: What to do where the survey is not at hand.

    Raises:
        InputError: When it is not.
    """
    from precipice.world.survey.look import column_at
    from precipice.world.survey.survey import base_altitude, survey_field, survey_site

    try:
        survey, field = survey_site(scenario), survey_field(scenario)
    except PrecipiceError as error:
        raise InputError(
            f"the ground must come from the survey that was flown over, but does not "
            f"({str(error).splitlines()[0]}): {remedy}"
        ) from None
    rise = base_altitude(scenario) - run.lip_altitude

    def heights(east: np.ndarray, north: np.ndarray) -> np.ndarray:
        found = column_at(field, east, north)
        return np.where(found[..., 2] > 0.0, found[..., 0], np.nan) + rise

    lift = np.array([0.0, 0.0, rise])
    coarse = [mesh for mesh in survey.meshes if len(mesh.faces) <= MOST_TRIANGLES]
    return heights, [Surface(mesh.name, mesh.vertices + lift, mesh.faces, ROCK) for mesh in coarse]


def _extruded(run: Run, scenario: Scenario, low: np.ndarray, high: np.ndarray) -> Surface:
    """Return a cross-section drawn out along the edge with its undercut; a landing as wide as built."""
    assert run.profile is not None
    bearing = out_bearing(run, scenario)
    outward = np.array([math.sin(bearing), math.cos(bearing)])
    along = np.array([outward[1], -outward[0]])
    corners = np.array([[x, y] for x in (low[0], high[0]) for y in (low[1], high[1])])
    ends, sides = corners @ outward, corners @ along
    near, far = float(sides.min()), float(sides.max())
    half = 0.5 * flown(run, scenario, "landing_surface.width")
    if half:
        near, far = -half, half
    step = float(np.max(high - low)) / CELLS
    line = _fine(_clipped(run.profile, float(ends.min()), float(ends.max())), step)
    across = np.linspace(near, far, max(2, min(CELLS, math.ceil((far - near) / step)) + 1))
    flat = line[:, None, :1] * outward + across[None, :, None] * along
    up = np.broadcast_to(line[:, None, 1:], (*flat.shape[:2], 1))
    points = np.concatenate([flat, up], axis=-1).reshape(-1, 3)
    # Out across along is down: rows and columns change places so that triangles face the air.
    return Surface("ground", points, _rows_of(*flat.shape[:2])[:, ::-1], ROCK)


def _clipped(profile: np.ndarray, start: float, end: float) -> np.ndarray:
    """Return a cross-section without what lies beyond both ends, whose last pieces reach far, `(n, 2)`."""
    kept = profile.astype(float).copy()
    for corner, beside, limit in ((0, 1, max(start, profile[0, 0])), (-1, -2, min(end, profile[-1, 0]))):
        run, rise = kept[corner] - kept[beside]
        if run != 0.0 and (limit - kept[beside, 0]) / run > 0.0:
            kept[corner] = [limit, kept[beside, 1] + rise * (limit - kept[beside, 0]) / run]
    return kept


def _fine(line: np.ndarray, step: float) -> np.ndarray:
    """Return a line with points no farther apart than a step, `(n, 2)`."""
    parts = [line[:1]]
    for a, b in itertools.pairwise(line):
        count = math.ceil(float(np.linalg.norm(b - a)) / step)
        if count:
            parts.append(a + np.arange(1, count + 1)[:, None] / count * (b - a))
    return np.concatenate(parts)


def ramp_line(run: Run, scenario: Scenario, count: int = 24) -> np.ndarray:
    """Return run-up and ramp from standstill to the lip, `(n, 2)` [m]: forward and up from the lip.

    Args:
        run: Gives the sizes that were flown.
        scenario: Gives the ramp's profile; it must have a ramp.
        count: Points along the ramp's curve.
    """
    shape = ramp_shape(run, scenario, count)
    length, slope = flown(run, scenario, "run_up.length"), value_of(run, scenario, "run_up.slope")
    falls = flown(run, scenario, "site.cliff.plateau_slope") if slope is None else -slope
    start = shape[0] - length * np.array([math.cos(falls), math.sin(falls)])
    return np.concatenate([start[None], shape])


def _ramp(run: Run, scenario: Scenario) -> list[Surface]:
    """Return ramp and run-up as one strip with a board below the lip."""
    if scenario.ramp is None:
        return []
    line = ramp_line(run, scenario)
    line = np.concatenate([line, [[line[-1, 0], line[1, 1]]]])
    azimuth = flown(run, scenario, "run_up.azimuth")
    half = 0.5 * flown(run, scenario, "ramp.width")
    ahead = np.array([math.sin(azimuth), math.cos(azimuth)])
    right = np.array([ahead[1], -ahead[0]])
    flat = line[:, None, :1] * ahead + np.array([-half, half])[None, :, None] * right
    up = np.broadcast_to(line[:, None, 1:], (*flat.shape[:2], 1))
    points = np.concatenate([flat, up + LIFT], axis=-1).reshape(-1, 3)
    return [Surface("ramp", points, _rows_of(len(line), 2)[:, ::-1], WOOD)]


def _areas(run: Run, scenario: Scenario, survey: Heights | None) -> list[Surface]:
    around = np.linspace(0.0, 2.0 * np.pi, RIM, endpoint=False)
    triangles = np.array([[0, 1 + k, 1 + (k + 1) % RIM] for k in range(RIM)])
    rim = np.stack([np.cos(around), np.sin(around)], axis=1)
    found = []
    for k, area in enumerate(areas(run, scenario)):
        level = run.landing_altitude
        if k and scenario.site.landing is not None:
            level = altitude(scenario.site.alternate[k - 1].position, run.lip_altitude, run.landing_altitude)
        flat = np.array([area.east, area.north]) + area.radius * np.concatenate([np.zeros((1, 2)), rim])
        up = float(level) - run.lip_altitude
        if survey is not None:
            # A level area on uneven ground is drawn where none of it is buried.
            inside = np.concatenate([flat + share * (flat[:1] - flat) for share in (0.0, 0.25, 0.5, 0.75)])
            up = float(np.nanmax([up, *survey(inside[:, 0], inside[:, 1])]))
        heights = np.full((RIM + 1, 1), up + LIFT)
        found.append(Surface(area.name, np.concatenate([flat, heights], axis=1), triangles, FIELD))
    return found
