"""What stands at the site: ramp and run-up, landing areas, obstacles, people, cameras, aircraft."""

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from precipice.report.export.camera import Shot
from precipice.report.export.ground import LIFT, ramp_line
from precipice.report.film.figure import CREW, LEGS, LINE, STEEL, person
from precipice.report.film.machine import aircraft, tripod
from precipice.report.film.rock import Heights
from precipice.report.film.solid import Colour, Solid, ball, flat_sides, join, limb, place, sheet
from precipice.report.scene import Circle, aircraft_position, areas, circle, flown
from precipice.scenario.presence import Aircraft
from precipice.scenario.scenario import Scenario
from precipice.simulation.run import Run

WOOD, WOOD_DARK, BEAM = (0.72, 0.55, 0.35), (0.60, 0.45, 0.28), (0.36, 0.28, 0.20)
AREA, ALTERNATE, WATER, PEOPLE = (0.0, 0.62, 0.45), (0.34, 0.71, 0.91), (0.20, 0.42, 0.58), (0.80, 0.10, 0.16)
BUILDING, TREES, STONE = (0.62, 0.58, 0.55), (0.16, 0.30, 0.16), (0.46, 0.44, 0.42)
BOARD = 0.012
"""By which boards are drawn above what the wheels roll on [m]: else ground would show through."""
MOST_FIGURES = 12
"""That are drawn of people in one circle."""
OWN = 8.0
"""A camera does not see the stand or the aircraft that it is mounted on, this near [m]."""


class Mark(NamedTuple):
    """Something painted on the ground.

    Attributes:
        solid: It.
        opacity: 0 to 1.
    """

    solid: Solid
    opacity: float


class Setting(NamedTuple):
    """What stands or flies at the site at one time.

    Attributes:
        still: Always there.
        marks: Always there, on the ground.
        visits: There for a time: from, to [s after takeoff or exit], what, whether it lies on the ground.
        aircraft: That fly, each with its shape.
    """

    still: list[Solid]
    marks: list[Mark]
    visits: list[tuple[float, float, Solid, bool]]
    aircraft: list[tuple[Aircraft, Solid]]


def build_setting(run: Run, scenario: Scenario, top: Heights) -> Setting:
    """Return what stands at the site.

    Args:
        run: What happened.
        scenario: What was decided.
        top: Height of the ground.
    """
    site = scenario.site
    still, marks = _ramp(run, scenario), []
    for area in areas(run, scenario):
        colour = AREA if area.kind == "landing area" else ALTERNATE
        marks += [Mark(_disc(area, top, colour), 0.22), Mark(_rim(area, top, colour), 0.9)]
    low = run.landing_altitude - run.lip_altitude
    for item in site.obstacle:
        spot = circle(item, item.kind, scenario)
        if item.kind == "water":
            marks.append(Mark(_disc(spot, top, WATER), 0.85))
        else:
            still.append(_obstacle(spot, low + item.height.value, top))
    visits = []
    for people in site.people:
        spot = circle(people, people.kind, scenario)
        since, until = people.from_.value, people.to.value
        visits.append((since, until, _rim(spot, top, PEOPLE), True))
        if people.count and people.kind != "building":
            visits.append((since, until, _crowd(spot, people.count, top), False))
    return Setting(still, marks, visits, [(item, aircraft(item.name)) for item in site.aircraft])


def camera_solids(shots: list[Shot], index: int, eye: np.ndarray, top: Heights) -> list[Solid]:
    """Return the scenario's cameras as they are turned at one time; not the one that is looked through."""
    found = []
    for shot in shots:
        if np.linalg.norm(shot.position - eye) < 1.5:
            continue
        ground = float(np.asarray(top(*(np.array([shot.position[k]]) for k in (0, 1))))[0])
        high = shot.position[2] - ground
        ahead = -shot.axes[index][:, 2] * [1.0, 1.0, 0.0]
        length = float(np.linalg.norm(ahead))
        ahead = ahead / length if length > 1e-6 else np.array([0.0, 1.0, 0.0])
        turn = np.stack([ahead, np.array([-ahead[1], ahead[0], 0.0]), np.array([0.0, 0.0, 1.0])], axis=1)
        found.append(place(tripod(high if 0.3 < high < 15.0 else 0.0), turn, shot.position))
    return found


def aircraft_solids(
    setting: Setting, since: float, eye: np.ndarray, run: Run, scenario: Scenario
) -> list[Solid]:
    """Return other aircraft at a time after takeoff or exit [s], nose along their way."""
    found = []
    for item, shape in setting.aircraft:
        if not item.from_.value <= since <= item.to.value:
            continue
        position = aircraft_position(item, np.array([since]), run, scenario)[0]
        if np.linalg.norm(position - eye) < OWN:
            continue
        bearing = item.velocity.bearing.value
        ahead = np.array([math.sin(bearing), math.cos(bearing), 0.0])
        turn = np.stack([ahead, np.array([-ahead[1], ahead[0], 0.0]), np.array([0.0, 0.0, 1.0])], axis=1)
        found.append(place(shape, turn, position))
    return found


def _up(top: Heights, east: np.ndarray, north: np.ndarray) -> np.ndarray:
    found = np.asarray(top(east, north), float)
    known = np.isfinite(found)
    return np.where(known, found, found[known].mean() if np.any(known) else 0.0)


def _disc(spot: Circle, top: Heights, colour: Colour) -> Solid:
    share, turn = np.meshgrid(np.linspace(0.0, 1.0, 7), np.linspace(0.0, 2.0 * np.pi, 65), indexing="ij")
    return _draped(spot, spot.radius * share, turn, top, colour)


def _rim(spot: Circle, top: Heights, colour: Colour) -> Solid:
    width = min(max(0.04 * spot.radius, 0.5), 1.5)
    far, turn = np.meshgrid(
        [spot.radius - width, spot.radius], np.linspace(0.0, 2.0 * np.pi, 97), indexing="ij"
    )
    return _draped(spot, far, turn, top, colour)


def _draped(spot: Circle, far: np.ndarray, turn: np.ndarray, top: Heights, colour: Colour) -> Solid:
    east, north = spot.east + far * np.sin(turn), spot.north + far * np.cos(turn)
    points = np.stack([east, north, _up(top, east, north) + LIFT], axis=-1)
    return sheet(
        points,
        np.broadcast_to([0.0, 0.0, 1.0], points.shape),
        np.broadcast_to(np.array(colour), points.shape),
    )


def _crowd(spot: Circle, count: int, top: Heights) -> Solid:
    """Return people spread over their circle; where in it they stand nobody has said."""
    figures = []
    for k in range(min(count, MOST_FIGURES)):
        turn, far = 2.4 * k, 0.7 * spot.radius * math.sqrt((k + 0.5) / MOST_FIGURES)
        at = np.array([spot.east + far * math.cos(turn), spot.north + far * math.sin(turn)])
        ground = float(_up(top, at[:1], at[1:])[0])
        facing = np.array(
            [[math.cos(turn), -math.sin(turn), 0.0], [math.sin(turn), math.cos(turn), 0.0], [0, 0, 1.0]]
        )
        figures.append(place(person("stand", colours=(CREW, LEGS)), facing, np.array([*at, ground + 0.94])))
    return join(figures)


def _obstacle(spot: Circle, high: float, top: Heights) -> Solid:
    """Return an obstacle inside its cylinder, which reaches up to a height above the lip [m]."""
    at = np.array([spot.east, spot.north])
    ground = float(_up(top, at[:1], at[1:])[0])
    tall = max(high - ground, 0.5)
    if spot.kind == "wires":
        ends = [np.array([spot.east, spot.north + side * spot.radius, ground]) for side in (-1.0, 1.0)]
        up = np.array([0.0, 0.0, tall])
        poles = [limb(end, end + up, 0.14, BEAM) for end in ends]
        wires = [
            limb(ends[0] + up + [x, 0.0, -0.4], ends[1] + up + [x, 0.0, -0.4], 0.02, LINE, 1.0, 4)
            for x in (-0.8, 0.0, 0.8)
        ]
        bars = [limb(end + up + [-1.0, 0.0, -0.4], end + up + [1.0, 0.0, -0.4], 0.07, BEAM) for end in ends]
        return join([*poles, *bars, *wires])
    if spot.kind == "trees":
        rows = max(1, min(24, int(spot.radius**2 / 12.0)))
        crowns = []
        for k in range(rows):
            turn, far = 2.4 * k, spot.radius * math.sqrt((k + 0.3) / rows)
            base = np.array([spot.east + far * math.cos(turn), spot.north + far * math.sin(turn), ground])
            wide = min(0.25 * tall, 2.5)
            crowns.append(ball(np.add(base, (0.0, 0.0, 0.55 * tall)), (wide, wide, 0.45 * tall), TREES))
        return join(crowns)
    colour = {"building": BUILDING, "rock": STONE}.get(spot.kind, STEEL)
    turn, up = np.meshgrid(np.linspace(0.0, 2.0 * np.pi, 33), [ground - 1.0, ground + tall], indexing="ij")
    out = np.stack([np.sin(turn), np.cos(turn), np.zeros_like(turn)], axis=-1)
    points = np.stack(
        [spot.east + spot.radius * np.sin(turn), spot.north + spot.radius * np.cos(turn), up], axis=-1
    )
    wall = sheet(points, out, np.broadcast_to(np.array(colour), points.shape))
    roof = _draped(
        spot,
        *np.meshgrid([0.0, spot.radius], turn[:, 0], indexing="ij"),
        lambda e, _: np.full(np.shape(e), ground + tall),
        colour,
    )
    return join([wall, roof])


def _ramp(run: Run, scenario: Scenario) -> list[Solid]:
    """Return the ramp as a deck on posts, and the run-up as a strip of boards."""
    if scenario.ramp is None:
        return []
    line = ramp_line(run, scenario, 40)
    azimuth, half = flown(run, scenario, "run_up.azimuth"), 0.5 * flown(run, scenario, "ramp.width")
    ahead = np.array([math.sin(azimuth), math.cos(azimuth), 0.0])
    right, up = np.array([ahead[1], -ahead[0], 0.0]), np.array([0.0, 0.0, 1.0])
    start, curve = line[:2], line[1:]
    count = max(2, round(float(np.linalg.norm(start[1] - start[0])) / 1.5))
    track = start[0] + np.linspace(0.0, 1.0, count + 1)[:, None] * (start[1] - start[0])
    parts = [_boards(track, ahead, right, half), _boards(_even(curve, 0.6), ahead, right, half)]
    foot = float(curve[0, 1])
    posts = _even(curve, 1.6)
    for (x, z), (x1, z1) in pairwise(posts):
        for side in (-half + 0.06, half - 0.06):
            base, high = x1 * ahead + side * right + foot * up, x1 * ahead + side * right + (z1 - 0.05) * up
            before = x * ahead + side * right
            parts.append(limb(before + (z - 0.06) * up, high, 0.07, BEAM, 1.0, 5))
            if z1 - foot > 0.25:
                parts += [
                    limb(base, high, 0.055, BEAM, 1.0, 5),
                    limb(before + foot * up, high, 0.035, BEAM, 1.0, 4),
                ]
    return [join(parts)]


def _even(line: np.ndarray, step: float) -> np.ndarray:
    """Return a line with points evenly spaced, about a step apart, `(n, 2)` [m]."""
    length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    at = np.linspace(0.0, length[-1], max(2, round(length[-1] / step) + 1))
    return np.stack([np.interp(at, length, line[:, k]) for k in range(2)], axis=1)


def _boards(line: np.ndarray, ahead: np.ndarray, right: np.ndarray, half: float) -> Solid:
    """Return boards across a line, forward and up; every second one is darker, so that speed is seen."""
    up = np.array([0.0, 0.0, 1.0])
    middle = line[:, :1] * ahead + (line[:, 1:] + BOARD) * up
    near, far = middle - half * right, middle + half * right
    tops = np.stack([near[:-1], far[:-1], far[1:], near[1:]], axis=1)
    thick = 0.10 * up
    sides = [
        np.stack([edge[:-1] - thick, edge[1:] - thick, edge[1:], edge[:-1]], axis=1) for edge in (near, far)
    ]
    solid = flat_sides(tops, WOOD)
    upward = np.where(solid.normals[:, 2:] < 0.0, -solid.normals, solid.normals)
    dark = np.repeat(np.arange(len(tops)) % 2 == 1, 4)[:, None]
    solid = solid._replace(normals=upward, colours=np.where(dark, np.array(WOOD_DARK), solid.colours))
    return join([solid, *(flat_sides(side, WOOD_DARK) for side in sides)])
