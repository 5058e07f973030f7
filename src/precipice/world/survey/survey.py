"""From a scenario with a terrain to its sampled rock, or to everything that is wrong with its files."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from precipice.cache import cache_folder
from precipice.errors import Problem, RuleError, ScenarioError, quote
from precipice.scenario.scenario import Scenario
from precipice.scenario.site import Landing
from precipice.world.survey.crs import FOOT, LocalFrame
from precipice.world.survey.dem import Dem, read_dem
from precipice.world.survey.field import COUNT, Field, lay_boxes, sample_field
from precipice.world.survey.keep import key_of, load_field, save_field
from precipice.world.survey.look import cross_section
from precipice.world.survey.mesh import Mesh, read_mesh
from precipice.world.survey.solid import Sheet, Solid, footprint

Say = Callable[[str], None]
MARGIN = 500.0
"""Ground kept beyond lip and landing areas where the scenario does not say how much [m]."""
AIR = 120.0
"""Air kept above the highest ground near the stunt [m]."""
BELOW = 60.0
"""Rock kept below the lowest ground [m]."""


_loaded: dict[str, Field] = {}


@dataclass(frozen=True)
class Survey:
    """What was read, checked against the scenario.

    Attributes:
        scenario: Whose site it is.
        frame: East-north-up of the ground at the origin.
        dem: The elevation model.
        meshes: Scanned faces.
        places: Posts in the frame, `(rows, columns, 3)` [m].
        solid: The rock.
        low: Lower corner of what is kept, `(3,)` [m].
        high: Upper corner, `(3,)` [m].
        cell: Finest cell [m].
    """

    scenario: Scenario
    frame: LocalFrame
    dem: Dem
    meshes: list[Mesh]
    places: np.ndarray
    solid: Solid
    low: np.ndarray
    high: np.ndarray
    cell: float

    def up(self, east: float, north: float) -> float:
        """Return the height of the highest rock over a place on the map [m], NaN where unknown."""
        place = np.array([[east, north]])
        if any(bool(foot.holds(place)[0]) for foot in self.solid.footprints):
            tops = [_top(mesh, east, north) for mesh in self.meshes]
            found = [top for top in tops if math.isfinite(top)]
            return max(found) if found else float(self.solid.height(place)[0])
        return float(self.dem.up(self.frame, np.array([east]), np.array([north]))[0])


def _top(mesh: Mesh, east: float, north: float) -> float:
    """Return the highest point of a mesh over a place on the map [m], NaN where it is not."""
    a, b, c = np.moveaxis(mesh.vertices[mesh.faces], 1, 0)
    one, two, way = (b - a)[:, :2], (c - a)[:, :2], np.array([east, north]) - a[:, :2]
    area = one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0]
    flat = np.abs(area) > 1e-12
    area = np.where(flat, area, 1.0)
    u = (way[:, 0] * two[:, 1] - way[:, 1] * two[:, 0]) / area
    v = (one[:, 0] * way[:, 1] - one[:, 1] * way[:, 0]) / area
    hit = flat & (u >= 0.0) & (v >= 0.0) & (u + v <= 1.0)
    up = a[:, 2] + u * (b - a)[:, 2] + v * (c - a)[:, 2]
    return float(np.max(up[hit])) if np.any(hit) else math.nan


_read_before: dict[Any, Survey] = {}


def base_altitude(scenario: Scenario) -> float:
    """Return the altitude that the rock's heights count from: the ground at the lip or exit [m]."""
    site = scenario.site
    if site.altitude is not None:
        return site.altitude.value
    return 0.0 if site.landing is None else site.landing.altitude.value


def survey_site(scenario: Scenario) -> Survey:
    """Return a site's files, read and checked.

    Args:
        scenario: One with a terrain.

    Raises:
        ScenarioError: With what is wrong with its files.
    """
    known: Any = (scenario, *(path.stat().st_mtime_ns for path in _files(scenario) if path.is_file()))
    if known in _read_before:
        return _read_before[known]
    try:
        found = _read(scenario)
    except RuleError as error:
        raise ScenarioError((_problem(scenario, error),)) from None
    problems = _disagreements(found)
    if problems:
        raise ScenarioError(tuple(problems))
    _read_before.clear()
    _read_before[known] = found
    return found


def survey_field(scenario: Scenario, say: Say | None = None) -> Field:
    """Return the sampled rock of a site, from memory, from the cache folder, or built now.

    Args:
        scenario: One with a terrain.
        say: Told once when it must be built first.

    Raises:
        ScenarioError: With what is wrong with its files.
    """
    survey = survey_site(scenario)
    key = _key(survey)
    if key in _loaded:
        return _loaded[key]
    kept = cache_folder() / f"{key}-terrain.bin"
    field = load_field(kept)
    if field is None:
        if say:
            say("sampling the terrain, about a quarter of a minute: only the first time with these files")
        field = _build(survey)
        save_field(kept, field)
    _loaded[key] = field
    return field


def _read(scenario: Scenario) -> Survey:
    site = scenario.site
    terrain = site.terrain
    assert terrain is not None
    frame = LocalFrame(site.latitude.value, site.longitude.value, base_altitude(scenario))
    spots = _spots(scenario)
    reach = terrain.radius or MARGIN + max([math.hypot(*at[:2]) for at in spots], default=0.0)
    folder = Path(scenario.file).parent
    around = (math.degrees(frame.longitude), math.degrees(frame.latitude), 1.7 * reach)
    shift = terrain.vertical_shift or 0.0
    dem = read_dem(
        folder / terrain.dem, terrain.crs, terrain.unit, terrain.vertical_datum, shift, around=around
    )
    _refuse_other_datum(dem, scenario)
    meshes = _read_meshes(scenario, frame, folder, dem.spacing)
    places = dem.places(frame)
    cell = terrain.cell or (0.5 if meshes else float(np.clip(dem.spacing / 6.0, 0.5, 5.0)))
    low, high = _extent(spots, places, meshes, terrain.radius)
    solid = _solid(dem, frame, meshes, low, high, cell, _outward(scenario), spots)
    return Survey(scenario, frame, dem, meshes, places, solid, low, high, cell)


def _spots(scenario: Scenario) -> list[tuple[float, float, float]]:
    """Return landing area and alternates, east, north and radius from the origin [m]."""
    from precipice.world.arrange import place

    site = scenario.site
    areas = [area for area in (site.landing, *site.alternate) if area is not None]
    return [(*place(area.position, scenario), area.radius.value) for area in areas]


def _read_meshes(scenario: Scenario, frame: LocalFrame, folder: Path, spacing: float) -> list[Mesh]:
    terrain = scenario.site.terrain
    assert terrain is not None
    meshes = []
    for k, mesh in enumerate(terrain.mesh):
        try:
            meshes.append(
                read_mesh(
                    folder / mesh.file,
                    frame,
                    crs=mesh.crs,
                    offset=mesh.offset,
                    axes=mesh.axes,
                    unit=mesh.unit,
                    clear=2.0 * spacing if mesh.clear is None else mesh.clear,
                )
            )
        except RuleError as error:
            within = f"mesh[{k}]" + (f".{error.within}" if error.within else ".file")
            raise RuleError(error.rule, error.value, error.remedy, within) from None
    return meshes


def _refuse_other_datum(dem: Dem, scenario: Scenario) -> None:
    terrain, datum = scenario.site.terrain, scenario.site.vertical_datum
    assert terrain is not None
    same = dem.datum.lower().replace(" height", "") in (datum.lower().replace(" height", ""), "")
    if not same and terrain.vertical_shift is None:
        rule = f"must count heights from the site's vertical datum, {datum}"
        value = f"{dem.name}, whose heights count from {dem.datum}"
        remedy = (
            "convert it (gdalwarp -t_srs), or write vertical_shift, how far the first lies above the second "
            'here ("0 m" where the two are the same), or correct site.vertical_datum'
        )
        raise RuleError(rule, value, remedy, "dem")


def _extent(
    spots: list[tuple[float, float, float]], places: np.ndarray, meshes: list[Mesh], radius: float | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the corners of what is kept, `(3,)` each [m]."""
    points = np.array([[0.0, 0.0], *(spot[:2] for spot in spots)])
    margin = MARGIN if radius is None else 0.0
    low, high = points.min(axis=0) - margin, points.max(axis=0) + margin
    if radius is not None:
        low, high = np.full(2, -radius), np.full(2, radius)
    inside = np.all((places[..., :2] >= low) & (places[..., :2] <= high), axis=-1)
    heights = [places[..., 2][inside & np.isfinite(places[..., 2])], np.zeros(1)]
    heights += [mesh.vertices[:, 2] for mesh in meshes]
    levels = np.concatenate(heights)
    # Above the lip a jump needs little air; a summit beside it is not flown over.
    top = max(min(float(levels.max()), AIR), 0.0) + AIR
    return np.append(low, float(levels.min()) - BELOW), np.append(high, top)


def _outward(scenario: Scenario) -> np.ndarray:
    """Return the unit vector on the map out from the face, `(2,)`, else of the run-up or the exit."""
    site = scenario.site
    if site.cliff is not None:
        bearing = site.cliff.face_azimuth.value
    elif scenario.run_up is not None:
        bearing = scenario.run_up.azimuth.value
    elif scenario.exit is not None:
        bearing = scenario.exit.azimuth.value
    else:
        return np.zeros(2)
    return np.array([math.sin(bearing), math.cos(bearing)])


def _solid(
    dem: Dem,
    frame: LocalFrame,
    meshes: list[Mesh],
    low: np.ndarray,
    high: np.ndarray,
    cell: float,
    outward: np.ndarray,
    spots: list[tuple[float, float, float]],
) -> Solid:
    """Return the rock: heights on sheets as fine as the boxes, cut away where a mesh speaks."""
    step = float(np.clip(cell, 0.25, 1.0))
    footprints = [footprint(mesh, outward, step) for mesh in meshes]
    sheets = []
    for box in lay_boxes(low, high, cell, outward, _landing(dem, frame, spots)):
        step = box.cell if sheets else 0.5 * box.cell
        pad = 0.3 * (box.high - box.corner)[:2]
        corner = box.corner[:2] - pad
        count = np.ceil(((box.high - box.corner)[:2] + 2.0 * pad) / step).astype(int) + 1
        axes = [corner[k] + step * np.arange(count[k]) for k in range(2)]
        place = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
        up = _filled(dem.up(frame, place[..., 0], place[..., 1]))
        for foot in footprints:
            up = np.where(foot.holds(place), np.minimum(up, foot.low), up)
        sheets.append(Sheet(corner, step, up))
    return Solid(sheets, meshes, footprints)


def _landing(dem: Dem, frame: LocalFrame, spots: list[tuple[float, float, float]]) -> np.ndarray | None:
    if not spots:
        return None
    east, north, _ = spots[0]
    up = float(dem.up(frame, np.array([east]), np.array([north]))[0])
    return np.array([east, north, up]) if math.isfinite(up) else None


def _filled(up: np.ndarray) -> np.ndarray:
    """Return heights with every hole at the level of its nearest post: rock that nobody may rely on."""
    from scipy.ndimage import distance_transform_edt

    lost = np.isnan(up)
    if not np.any(lost) or np.all(lost):
        return np.nan_to_num(up)
    nearest: Any = distance_transform_edt(lost, return_distances=False, return_indices=True)
    return up[tuple(nearest)]


def _problem(scenario: Scenario, error: RuleError) -> Problem:
    field = f"site.terrain.{error.within}" if error.within else "site.terrain"
    return Problem(quote(scenario.file, 1000), field, error.rule, quote(error.value, 200), error.remedy)


def _disagreements(survey: Survey) -> list[Problem]:
    """Return every way in which the survey and the scenario cannot both be true."""
    scenario, site = survey.scenario, survey.scenario.site
    found: list[Problem] = []
    file = quote(scenario.file, 1000)
    base = base_altitude(scenario)
    if site.altitude is not None:
        tolerance = max(2.0, 0.1 * survey.dem.spacing)
        found += _level(survey, "site", "the ground at the lip or exit", 0.0, 0.0, base, tolerance)
    for path, area in _areas(scenario):
        from precipice.world.arrange import place

        east, north = place(area.position, scenario)
        tolerance = max(3.0, 0.2 * survey.dem.spacing)
        words = "the surveyed ground there"
        found += _level(survey, path, words, east, north, area.altitude.value, tolerance)
    hole = hole_on_the_way(survey)
    if hole is not None:
        rule = "must have no holes between the run-up and the landing area"
        value = f"{survey.dem.name}, with one {hole:.0f} m from the lip on the map"
        remedy = "fill it from another survey, or cover it with a mesh: unknown ground is never safe"
        found.append(Problem(file, "site.terrain.dem", rule, value, remedy))
    return found


def _areas(scenario: Scenario) -> list[tuple[str, Landing]]:
    site = scenario.site
    first = [("site.landing", site.landing)] if site.landing is not None else []
    return first + [(f"site.alternate[{k}]", area) for k, area in enumerate(site.alternate)]


def _level(
    survey: Survey, path: str, words: str, east: float, north: float, altitude: float, tolerance: float
) -> list[Problem]:
    file = quote(survey.scenario.file, 1000)
    up = survey.up(east, north)
    if not math.isfinite(up):
        rule = f"must have known ground in {survey.dem.name}"
        remedy = "take data that hold it: unknown ground is never safe"
        return [Problem(file, path, rule, "in a hole of it, or outside", remedy)]
    # Altitude of that ground: up counts along the vertical at the lip, not there.
    ground = float(survey.frame.to_geodetic(np.array([east, north, up]))[2])
    if abs(ground - altitude) <= tolerance:
        return []
    rule = f"must be {words}, {ground:.1f} m in the survey, to {tolerance:.0f} m"
    remedy = f'write altitude = "{ground:.1f} m", or move it: check place, unit and vertical datum'
    if altitude and abs(ground / altitude * FOOT - 1.0) < 0.01:
        remedy = f"{survey.dem.name} has 3.28 times as much, as if in feet: correct the unit of its heights"
    return [Problem(file, f"{path}.altitude", rule, f"{altitude:.1f} m", remedy)]


def hole_on_the_way(survey: Survey) -> float | None:
    """Return how far from the lip the first hole below the way to the landing area is [m], or None."""
    scenario = survey.scenario
    way = way_on_the_map(scenario)
    if way is None:
        return None
    parts = []
    for a, b in pairwise(way):
        count = max(2, int(np.linalg.norm(b - a) / (0.25 * survey.dem.spacing)))
        parts.append(a + np.linspace(0.0, 1.0, count)[:, None] * (b - a))
    place = np.concatenate(parts)
    up = survey.dem.up(survey.frame, place[:, 0], place[:, 1])
    lost = np.isnan(up)
    for foot in survey.solid.footprints:
        lost &= ~foot.holds(place)
    return float(np.min(np.linalg.norm(place[lost], axis=1))) if np.any(lost) else None


def way_on_the_map(scenario: Scenario) -> np.ndarray | None:
    """Return start of the run-up, lip, a point ahead and the landing area, `(n, 2)` [m], or None."""
    from precipice.world.arrange import place

    landing = scenario.site.landing
    points = [np.zeros(2)]
    outward = _outward(scenario)
    if scenario.run_up is not None:
        azimuth = scenario.run_up.azimuth.value
        ahead = np.array([math.sin(azimuth), math.cos(azimuth)])
        points = [-scenario.run_up.length.value * ahead, *points, 80.0 * ahead]
    elif np.any(outward):
        points.append(80.0 * outward)
    if landing is not None:
        points.append(np.array(place(landing.position, scenario)))
    return np.array(points) if len(points) > 1 else None


def _files(scenario: Scenario) -> list[Path]:
    terrain = scenario.site.terrain
    assert terrain is not None
    folder = Path(scenario.file).parent
    return [folder / terrain.dem, *(folder / mesh.file for mesh in terrain.mesh)]


def _key(survey: Survey) -> str:
    terrain = survey.scenario.site.terrain
    assert terrain is not None
    settings = [
        terrain.model_dump(mode="json"),
        [survey.frame.latitude, survey.frame.longitude, survey.frame.altitude],
        [survey.low.tolist(), survey.high.tolist(), survey.cell, _outward(survey.scenario).tolist()],
        _spots(survey.scenario)[:1],
        list(COUNT),
    ]
    return key_of(_files(survey.scenario), settings)


def _build(survey: Survey) -> Field:
    outward, spots = _outward(survey.scenario), _spots(survey.scenario)
    landing = _landing(survey.dem, survey.frame, spots)
    boxes = lay_boxes(survey.low, survey.high, survey.cell, outward, landing)
    field = sample_field(survey.solid, boxes, survey.dem, survey.places)
    outline = np.zeros((0, 2))
    if np.any(outward):
        outline = cross_section(survey.solid, survey.low, survey.high, outward, survey.cell)
    return replace(field, facts={**field.facts, "profile": np.round(outline, 3).tolist()})


def surveyed_profile(scenario: Scenario, lip_altitude: float) -> np.ndarray | None:
    """Return the outline of surveyed rock out from the lip, `(n, 2)` [m], or None without a survey.

    Args:
        scenario: What was decided.
        lip_altitude: Of the run's origin, which its heights count from [m].
    """
    if scenario.site.terrain is None:
        return None
    outline = np.array(survey_field(scenario).facts["profile"], float).reshape(-1, 2)
    if not len(outline):
        return None
    return outline + np.array([0.0, base_altitude(scenario) - lip_altitude])
