"""Maps of a stunt: relief, where it flies and comes down, and where people are; north is up."""

import math
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from precipice.report.document.axes import Axes, Box, draw_axes, even_axes, round_below
from precipice.report.document.drawing import Drawing
from precipice.report.document.name import Name, place_names
from precipice.report.document.side_figure import lines_of
from precipice.report.document.strip_figure import draw_phases
from precipice.report.palette import riderless
from precipice.report.scene import (
    Circle,
    aircraft_position,
    areas,
    circle,
    flown,
    is_parametric,
    origin_word,
    out_bearing,
    surface_outline,
)
from precipice.report.site_ground import cliff_heights, ground_of
from precipice.report.words import number
from precipice.scenario.scenario import Scenario
from precipice.simulation.run import Run
from precipice.world.weather import exit_wind

MOST_POINTS = 3000
"""Points of one kind that are drawn: more would hide each other."""
_INTERVALS = (1.0, 2.0, 5.0, 10.0, 20.0, 25.0, 50.0, 100.0, 200.0, 500.0)
_GRID = 110
_RIM = np.stack([np.cos(np.linspace(0, 2 * np.pi, 60)), np.sin(np.linspace(0, 2 * np.pi, 60))], axis=1)


class Cliff(NamedTuple):
    """A cliff that is alike all along its edge.

    Attributes:
        outline: Out and up, `(n, 2)` [m].
        bearing: Of "out" [rad].
    """

    outline: np.ndarray
    bearing: float

    def lines(self, up: float, middle: np.ndarray, reach: float) -> list[np.ndarray]:
        """Return its contours at a height above the lip: straight lines, each `(2, 2)`, east and north [m].

        Args:
            up: [m].
            middle: Of the map, `(2,)` [m].
            reach: From there to its farthest corner [m].
        """
        way = np.array([math.sin(self.bearing), math.cos(self.bearing)])
        aside = np.array([-way[1], way[0]])
        base, along = float(middle @ aside) * aside, reach * aside
        found = []
        for (x0, z0), (x1, z1) in pairwise(self.outline):
            if (z0 - up) * (z1 - up) < 0.0:
                foot = base + (x0 + (x1 - x0) * (up - z0) / (z1 - z0)) * way
                found.append(np.array([foot - along, foot + along]))
        return found


class Heights(NamedTuple):
    """The ground under a map.

    Attributes:
        up: From east and north to height above the lip [m], NaN where nobody knows it.
        cliff: When it is one that is alike all along its edge; its contours are known exactly.
    """

    up: Callable[[np.ndarray, np.ndarray], np.ndarray]
    cliff: Cliff | None


class Points(NamedTuple):
    """Where things came down in many runs.

    Attributes:
        words: What they are.
        look: Class of their marks.
        mark: "dot" or "cross".
        places: East and north, `(n, 2)` [m].
        hull: Corners of what holds them all, `(k, 2)` [m].
    """

    words: str
    look: str
    mark: str
    places: np.ndarray
    hull: np.ndarray


class Window(NamedTuple):
    """What of the map is drawn, and how large.

    Attributes:
        low: South-western corner, `(2,)` [m].
        high: North-eastern one, `(2,)` [m].
        size: Of the drawing [px].
    """

    low: np.ndarray
    high: np.ndarray
    size: tuple[float, float]


def heights_of(run: Run, scenario: Scenario) -> Heights | None:
    """Return the ground under the map, None where nobody knows it."""
    terrain = scenario.site.terrain
    if terrain is not None:
        if not (Path(scenario.file).parent / terrain.dem).is_file():
            return None
        return Heights(ground_of(scenario).up, None)
    if run.profile is None or not is_parametric(run.profile):
        return None
    cliff = Cliff(run.profile, out_bearing(run, scenario))
    return Heights(cliff_heights(*cliff), cliff)


def map_figure(
    run: Run, scenario: Scenario, heights: Heights | None, window: Window, points: tuple[Points, ...] = ()
) -> Drawing:
    """Return a map.

    Args:
        run: Whose tracks are drawn.
        scenario: Says who and what is where.
        heights: Of the ground, from `heights_of`.
        window: What of it.
        points: Of many runs.
    """
    told = " and ".join(part.words for part in points) or "the flown tracks"
    drawing = Drawing(*window.size, f"Map, north up: {told}, landing areas, people, obstacles, aircraft.")
    axes = even_axes(Box(66.0, 12.0, window.size[0] - 10.0, window.size[1] - 46.0), window.low, window.high)
    origin = origin_word(run)
    draw_axes(drawing, axes, f"metres east of the {origin}", f"metres north of the {origin}", (5, 5))
    box = axes.box
    with drawing.inside(box.left, box.top, box.right - box.left, box.bottom - box.top):
        interval = 0.0 if heights is None else _contours(drawing, axes, heights, run.lip_altitude)
        _circles(drawing, axes, run, scenario)
        _tracks(drawing, axes, run)
        for part in points:
            _points(drawing, axes, part)
    _names(drawing, axes, run, scenario)
    _furniture(drawing, axes, run, scenario, interval)
    return drawing


def _contours(drawing: Drawing, axes: Axes, heights: Heights, base: float) -> float:
    """Draw contours of altitude and return what lies between two [m]."""
    from contourpy import contour_generator

    x, y = (np.linspace(*ends, _GRID) for ends in (axes.x, axes.y))
    levels = base + heights.up(*np.meshgrid(x, y))
    if not np.any(np.isfinite(levels)):
        return 0.0
    low, high = float(np.nanmin(levels)), float(np.nanmax(levels))
    if high - low < _INTERVALS[0]:
        return 0.0
    interval = next((i for i in _INTERVALS if (high - low) / i <= 24.0), _INTERVALS[-1])
    middle = np.array([sum(axes.x), sum(axes.y)]) / 2.0
    reach = math.hypot(axes.x[1] - axes.x[0], axes.y[1] - axes.y[0])
    lines = contour_generator(x, y, np.ma.masked_invalid(levels))
    for k in range(math.floor(low / interval) + 1, math.ceil(high / interval)):
        look = "contour bold" if k % 5 == 0 else "contour"
        level = k * interval
        cliff = heights.cliff
        ways = lines.lines(level) if cliff is None else cliff.lines(level - base, middle, reach)
        for way in ways:
            drawing.path(axes.at(np.asarray(way)), look)
    return interval


def _circles(drawing: Drawing, axes: Axes, run: Run, scenario: Scenario) -> None:
    surface = surface_outline(run, scenario)
    if surface is not None:
        drawing.path(axes.at(surface), "area", closed=True)
    for area in areas(run, scenario):
        _circle(drawing, axes, area, "area" if area.kind == "landing area" else "other")
    for item in scenario.site.obstacle:
        _circle(
            drawing, axes, circle(item, item.kind, scenario), "water" if item.kind == "water" else "obstacle"
        )
    for item in scenario.site.people:
        _circle(drawing, axes, circle(item, item.kind, scenario), "people")
    for item in _aircraft(run, scenario):
        _circle(drawing, axes, item, "aircraft")


def _circle(drawing: Drawing, axes: Axes, item: Circle, look: str) -> None:
    x, y = float(axes.across(item.east)), float(axes.up(item.north))
    # What is smaller than a pen would not be seen.
    drawing.circle(x, y, max(axes.scale * item.radius, 3.0), look)


def _aircraft(run: Run, scenario: Scenario) -> list[Circle]:
    found = []
    for k, item in enumerate(scenario.site.aircraft):
        east, north, _ = aircraft_position(item, np.zeros(1), run, scenario)[0]
        keep_out = flown(run, scenario, f"site.aircraft.{k}.keep_out")
        found.append(Circle(item.name, "aircraft", float(east), float(north), keep_out))
    return found


def _points(drawing: Drawing, axes: Axes, part: Points) -> None:
    # The first runs are as good a choice as any.
    places = axes.at(part.places[:MOST_POINTS])
    if part.mark == "cross":
        drawing.crosses(places, part.look)
    else:
        drawing.dots(places, part.look)
    if len(part.hull) > 2:
        colour = {"landed": "canopy", "fell": "air", "rest": "moto"}[part.look]
        drawing.path(axes.at(part.hull), f"hull {colour}", closed=True)


def _tracks(drawing: Drawing, axes: Axes, run: Run) -> None:
    if run.motorcycle is not None and np.any(riderless(run.motorcycle)):
        drawing.path(axes.at(run.motorcycle.position[riderless(run.motorcycle), :2]), "track moto")
    draw_phases(drawing, axes, run.performer.position[:, :2], run.performer)


def _names(drawing: Drawing, axes: Axes, run: Run, scenario: Scenario) -> None:
    site = scenario.site
    people = [circle(item, item.kind, scenario) for item in site.people]
    named = [(Circle(origin_word(run), "", 0.0, 0.0, 0.0), "strong")]
    named += [(item, "bad-text") for item in people]
    named += [(area, "good-text") for area in areas(run, scenario)]
    named += [(item, "quiet") for item in _aircraft(run, scenario)]
    named += [(circle(item, item.kind, scenario), "quiet") for item in site.obstacle]
    names = [
        Name(float(axes.across(item.east)), float(axes.up(item.north)), item.name, look)
        for item, look in named
    ]
    lines = [axes.at(lines_of(track)[:, :2]) for track in run.tracks.values()]
    rims = [
        axes.at(np.array([[item.east, item.north]]) + item.radius * _RIM)
        for item in [*people, *areas(run, scenario)]
    ]
    place_names(drawing, axes.box, names, np.concatenate([*lines, *rims]))


def _furniture(drawing: Drawing, axes: Axes, run: Run, scenario: Scenario, interval: float) -> None:
    """Draw scale, north and wind, and say what lies between two contours."""
    box = axes.box
    length = round_below(0.28 * (axes.x[1] - axes.x[0]))
    x, y = box.left + 12.0, box.bottom - 12.0
    drawing.line(x, y, x + axes.scale * length, y, "scalebar")
    told = f"{length:,.6g} m" + (f", contours every {interval:g} m" if interval else "")
    drawing.text(x, y - 7, told, "small halo")
    drawing.text(x, y - 7, told, "small")
    north, top = box.right - 22.0, box.top + 14.0
    drawing.path(np.array([[north, top + 30], [north, top], [north - 5, top + 10]]), "scalebar")
    drawing.path(np.array([[north, top], [north + 5, top + 10]]), "scalebar")
    drawing.text(north, top + 44, "N", "small middle strong")
    speed, bearing = exit_wind(scenario, {**scenario.values(), **run.values})
    _wind(drawing, np.array([north - 66.0, top + 16.0]), speed, bearing)


def _wind(drawing: Drawing, middle: np.ndarray, speed: float, bearing: float) -> None:
    """Draw the wind's arrow towards where it blows, and say where it comes from."""
    way = np.array([-math.sin(bearing), math.cos(bearing)])
    side = np.array([-way[1], way[0]])
    tip, tail = middle + 14.0 * way, middle - 14.0 * way
    drawing.path(np.array([tail, tip]), "wind")
    drawing.path(np.array([tip - 8.0 * way + 5.0 * side, tip, tip - 8.0 * way - 5.0 * side]), "wind")
    told = f"wind {number(speed)} m/s from {number(math.degrees(bearing) % 360.0, 0)}°"
    drawing.text(float(middle[0]) - 24, float(middle[1]) + 4, told, "small end halo")
    drawing.text(float(middle[0]) - 24, float(middle[1]) + 4, told, "small end")


def whole_window(
    run: Run, scenario: Scenario, points: tuple[Points, ...], size: tuple[float, float]
) -> Window:
    """Return the part of the map that holds everything but the farthest strays of many runs.

    Args:
        run: What happened.
        scenario: Says who and what is where.
        points: Of many runs.
        size: Of the drawing [px].
    """
    parts = [track.position[:, :2] for track in run.tracks.values()]
    surface = surface_outline(run, scenario)
    parts += [] if surface is None else [surface]
    circles = [*areas(run, scenario), *(circle(item, item.kind, scenario) for item in scenario.site.people)]
    circles += _aircraft(run, scenario)
    parts += [np.array([[item.east, item.north]]) + item.radius * _RIM for item in circles]
    parts += [np.quantile(part.places, [0.002, 0.998], axis=0) for part in points if len(part.places)]
    every = np.concatenate(parts)
    low, high = every.min(axis=0), every.max(axis=0)
    pad = 0.04 * float(np.max(high - low)) + 1.0
    return Window(low - pad, high + pad, size)


def near_window(
    run: Run, scenario: Scenario, points: tuple[Points, ...], size: tuple[float, float]
) -> Window:
    """Return the part of the map around the landing area, or around where the run ended."""
    circles = areas(run, scenario)
    parts = [run.performer.position[-1:, :2]]
    if circles:
        area = circles[0]
        parts = [np.array([[area.east, area.north]]) + 1.3 * area.radius * _RIM]
    parts += [np.quantile(part.places, [0.005, 0.995], axis=0) for part in points if len(part.places)]
    every = np.concatenate(parts)
    low, high = every.min(axis=0), every.max(axis=0)
    pad = 0.06 * float(np.max(high - low)) + 4.0
    return Window(low - pad, high + pad, size)
