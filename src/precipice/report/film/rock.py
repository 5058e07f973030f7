"""The ground to draw, and how high it is: a cross-section drawn out along its edge, or surveyed rock."""

import math
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from precipice.report.export.ground import surveyed_rock
from precipice.report.film.grain import noise
from precipice.report.film.solid import Solid, flat_sides, sheet
from precipice.report.scene import flown, out_bearing
from precipice.report.site_ground import cliff_heights
from precipice.scenario.scenario import Scenario
from precipice.simulation.run import Run

HORIZON = 25_000.0
"""How far level ground is drawn [m]; haze has hidden it by then."""
ACROSS = 113
"""Places along the edge at which a cross-section is drawn, on each side of the middle."""
FINEST = 1.6
"""Between points of the ground where the stunt starts [m]."""
SURVEYED = 281
"""Places along each side of surveyed ground."""

Heights = Callable[[np.ndarray, np.ndarray], np.ndarray]

GRASS, FIELD, MOSS = (0.37, 0.45, 0.24), (0.47, 0.53, 0.28), (0.45, 0.44, 0.31)
SNOW, EARTH = (0.90, 0.92, 0.95), (0.58, 0.46, 0.34)
SCREE, WALL, STAIN = (0.54, 0.51, 0.47), (0.50, 0.47, 0.44), (0.33, 0.31, 0.30)


class Rock(NamedTuple):
    """Ground.

    Attributes:
        solids: To draw.
        top: From east and north `(...)` [m] to the height of its top above the lip or exit `(...)` [m];
            NaN where it is unknown.
    """

    solids: list[Solid]
    top: Heights


def build_rock(run: Run, scenario: Scenario) -> Rock:
    """Return the ground of a run.

    Args:
        run: Gives the cross-section that was flown.
        scenario: What was decided.

    Raises:
        InputError: When the scenario's survey is not at hand.
    """
    if scenario.site.terrain is not None:
        return _surveyed(run, scenario)
    low = run.landing_altitude - run.lip_altitude
    if run.profile is None or np.ptp(run.profile[:, 1]) == 0.0:
        up = low if run.profile is None else float(run.profile[0, 1])
        return _level(up, snow=_on_snow(scenario))
    return _extruded(run, scenario, run.profile.astype(float))


def graded(reach: float, finest: float, count: int) -> np.ndarray:
    """Return places from minus to plus a reach, finest in the middle, `(2 count + 1,)` [m].

    Args:
        reach: [m].
        finest: Between the middle and its neighbours [m].
        count: Places on each side.
    """
    share = np.linspace(-1.0, 1.0, 2 * count + 1)
    low, high = 1e-3, 30.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        step = reach * math.sinh(middle / count) / math.sinh(middle)
        low, high = (middle, high) if step > finest else (low, middle)
    return reach * np.sinh(low * share) / math.sinh(low)


def _on_snow(scenario: Scenario) -> bool:
    """Return whether what is ridden is ridden on snow."""
    return scenario.vehicle is not None and scenario.vehicle.kind in ("ski", "snowboard", "snowmobile")


def _white(points: np.ndarray) -> np.ndarray:
    return np.array(SNOW) * (1.0 + 0.03 * noise(points, 60.0) + 0.03 * noise(points, 5.0))[..., None]


def _level(up: float, *, snow: bool = False) -> Rock:
    places = graded(HORIZON, 2.0, 90)
    east, north = np.meshgrid(places, places, indexing="ij")
    points = np.stack([east, north, np.full(east.shape, up)], axis=-1)
    normals = np.broadcast_to([0.0, 0.0, 1.0], points.shape)
    colours = _white(points) if snow else ground_colours(points, normals)
    return Rock([sheet(points, normals, colours)], lambda east, _: np.full(np.shape(east), up))


def _extruded(run: Run, scenario: Scenario, profile: np.ndarray) -> Rock:
    bearing = out_bearing(run, scenario)
    outward = np.array([math.sin(bearing), math.cos(bearing), 0.0])
    along = np.array([outward[1], -outward[0], 0.0])
    half = 0.5 * flown(run, scenario, "landing_surface.width")
    across = np.linspace(-half, half, 33) if half else graded(HORIZON, FINEST, ACROSS)
    solids = []
    for a, b in pairwise(_cut(profile, HORIZON)):
        line = a + _steps(a, b)[:, None] * (b - a)
        way = (b - a) / np.linalg.norm(b - a)
        up = np.array([0.0, 0.0, 1.0])
        # Along the outline, air is to the left of out and up: on top of the plateau, before the wall.
        normal = -way[1] * outward + way[0] * up
        points = line[:, None, :1] * outward + line[:, None, 1:] * up + across[None, :, None] * along
        normals = np.broadcast_to(normal, points.shape)
        colours = ground_colours(points, normals)
        if half:
            earth = np.array(EARTH) * (1.0 + 0.08 * noise(points, 3.0))[..., None]
            colours = _white(points) if _on_snow(scenario) else earth
        solids.append(sheet(points, _rough(points, normals), colours))
    if half:
        low, snow = float(profile[:, 1].min()) - 0.05, _on_snow(scenario)
        solids += _level(low, snow=snow).solids
        solids.append(_flanks(_cut(profile, HORIZON), low, half, (outward, along), snow=snow))
    return Rock(solids, cliff_heights(profile, bearing))


def _flanks(
    line: np.ndarray, low: float, half: float, ways: tuple[np.ndarray, np.ndarray], *, snow: bool
) -> Solid:
    """Return both sides of a landing that is as wide as built, down to the ground around it."""
    outward, along = ways
    up = np.array([0.0, 0.0, 1.0])
    walls = []
    for side in (-half, half):
        top = line[:, :1] * outward + line[:, 1:] * up + side * along
        foot = top * np.array([1.0, 1.0, 0.0]) + low * up
        walls.append(np.stack([top[:-1], foot[:-1], foot[1:], top[1:]], axis=1))
    return flat_sides(np.concatenate(walls), SNOW if snow else EARTH)


def _cut(profile: np.ndarray, reach: float) -> np.ndarray:
    """Return a cross-section without what lies farther than a reach, `(n, 2)` [m]."""
    kept = profile.copy()
    for end, beside in ((0, 1), (-1, -2)):
        run, rise = kept[end] - kept[beside]
        if abs(run) > reach:
            kept[end] = kept[beside] + np.array([math.copysign(reach, run), rise / abs(run) * reach])
    length = np.linalg.norm(np.diff(kept, axis=0), axis=1)
    return kept[np.concatenate([[True], length > 1e-6])]


def _steps(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return how far along a piece of the outline its points are, 0 to 1, closest near the origin, `(n,)`."""
    length = float(np.linalg.norm(b - a))
    found, done = [0.0], 0.0
    while done < length and len(found) < 400:
        at = a + done / length * (b - a)
        done += max(FINEST, 0.035 * float(np.hypot(*at)))
        found.append(min(done / length, 1.0))
    return np.array(found) if found[-1] == 1.0 else np.array([*found, 1.0])


def _surveyed(run: Run, scenario: Scenario) -> Rock:
    heights, faces = surveyed_rock(run, scenario, "film where its files are")
    places = graded(6_000.0, 3.0, SURVEYED // 2)
    east, north = np.meshgrid(places, places, indexing="ij")
    up = np.asarray(heights(east, north), float)
    points = np.stack([east, north, up], axis=-1)
    normals = np.cross(np.gradient(points, axis=0), np.gradient(points, axis=1))
    length = np.linalg.norm(normals, axis=-1, keepdims=True)
    # Beside a hole no slope is known.
    normals = np.where(length > 0.0, normals / np.where(length > 0.0, length, 1.0), [0.0, 0.0, 1.0])
    solids = [sheet(points, _rough(points, normals), ground_colours(np.nan_to_num(points), normals))]
    solids += [_scanned(face.points, face.triangles) for face in faces]
    return Rock(solids, heights)


def _scanned(points: np.ndarray, triangles: np.ndarray) -> Solid:
    corners = points[triangles]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    total = np.zeros(points.shape)
    for k in range(3):
        np.add.at(total, triangles[:, k], normal)
    total /= np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)
    return Solid(points, total, ground_colours(points, total), triangles)


def _rough(points: np.ndarray, normals: np.ndarray) -> np.ndarray:
    """Return normals as those of rough rock, steep ones most, `(..., 3)`: light only, no shape."""
    known = np.nan_to_num(points)
    steep = np.clip(1.05 - normals[..., 2:], 0.06, 1.0)
    bumps = np.stack(
        [noise(known + 100.0 * k, 7.0) + noise(known - 70.0 * k, 31.0) for k in (1, 2, 3)], axis=-1
    )
    found = normals + 0.34 * steep * bumps
    return found / np.maximum(np.linalg.norm(found, axis=-1, keepdims=True), 1e-12)


def ground_colours(points: np.ndarray, normals: np.ndarray) -> np.ndarray:
    """Return what ground of a slope looks like, `(..., 3)`: wall, scree, moss above, fields below.

    Args:
        points: East-north-up, `(..., 3)` [m].
        normals: Out of it, `(..., 3)`.
    """
    up = normals[..., 2:]
    band = noise(points, np.array([90.0, 90.0, 6.0]))[..., None]
    streak = noise(points, np.array([3.5, 3.5, 60.0]))[..., None]
    spot, patch = noise(points, 4.0)[..., None], noise(points, 160.0)[..., None]
    wall = np.array(WALL) * (1.0 + 0.10 * band + 0.06 * spot)
    wall = wall + np.clip(streak - 0.15, 0.0, 1.0) * 0.55 * (np.array(STAIN) - wall)
    scree = np.array(SCREE) * (1.0 + 0.09 * spot + 0.06 * patch)
    green = np.clip(0.5 + 0.9 * patch, 0.0, 1.0)
    low = np.array(GRASS) + green * (np.array(FIELD) - np.array(GRASS))
    high = np.array(MOSS) * (1.0 + 0.16 * patch)
    level = np.where(points[..., 2:] > -60.0, high, low) * (1.0 + 0.09 * spot)
    steep = np.clip((0.80 - up) / 0.12, 0.0, 1.0)
    flat = np.clip((up - 0.88) / 0.08, 0.0, 1.0)
    mixed = scree + steep * (wall - scree)
    return np.clip(mixed + flat * (level - mixed), 0.0, 1.0)
