"""Shadows and trails: marks that show where in space a body is."""

import math

import numpy as np
from scipy.spatial import ConvexHull, QhullError

from precipice.report.export.ground import ramp_line
from precipice.report.film.canvas import View
from precipice.report.film.rock import Heights
from precipice.report.film.solid import Colour, Solid, painted
from precipice.report.scene import flown
from precipice.scenario.scenario import Scenario
from precipice.simulation.run import Run

HIGHEST = 60.0
"""Above the ground, beyond which no shadow is drawn [m]."""


def with_deck(top: Heights, run: Run, scenario: Scenario) -> Heights:
    """Return the height of what a body may stand on: the ground, or deck and ramp where they are.

    Args:
        top: Of the ground.
        run: Gives the ramp's sizes.
        scenario: Gives its profile.
    """
    if scenario.ramp is None:
        return top
    line, half = ramp_line(run, scenario, 40), 0.5 * flown(run, scenario, "ramp.width")
    azimuth = flown(run, scenario, "run_up.azimuth")

    def either(east: np.ndarray, north: np.ndarray) -> np.ndarray:
        ahead = east * math.sin(azimuth) + north * math.cos(azimuth)
        beside = east * math.cos(azimuth) - north * math.sin(azimuth)
        on = (ahead >= line[0, 0]) & (ahead <= line[-1, 0]) & (np.abs(beside) <= half)
        deck = np.interp(ahead, line[:, 0], line[:, 1])
        return np.where(on, np.fmax(deck, top(east, north)), top(east, north))

    return either


def shadow(solid: Solid, sun: np.ndarray, top: Heights) -> tuple[Solid, float] | None:
    """Return the outline of a body's shadow and how dark it is, 0 to 1; None where there is none to see.

    Args:
        solid: The body where it is.
        sun: Towards the light, `(3,)`.
        top: Height of what the shadow falls on.
    """
    middle = solid.points.mean(axis=0)
    slope = sun[:2] / sun[2]
    ground = float(np.asarray(top(middle[:1], middle[1:2]))[0])
    for _ in range(4):
        at = middle[:2] - slope * (middle[2] - ground)
        ground = float(np.asarray(top(at[:1], at[1:]))[0])
    high = middle[2] - ground
    if not 0.0 < high < HIGHEST:
        return None
    flat = solid.points[:, :2] - slope * (solid.points[:, 2:] - ground)
    try:
        rim = flat[ConvexHull(flat).vertices]
    except QhullError:
        return None
    # Finer edges, so that the outline follows the ground.
    rim = np.concatenate([rim + share * (np.roll(rim, -1, axis=0) - rim) for share in (0.0, 0.5)], axis=1)
    places = np.concatenate([rim.mean(axis=0).reshape(2, 2).mean(axis=0)[None], rim.reshape(-1, 2)])
    up = np.asarray(top(places[:, 0], places[:, 1]), float)
    if not np.all(np.isfinite(up)):
        return None
    # It ends where what it falls on ends, such as a deck: there it stays level.
    far = np.linalg.norm(places - places[0], axis=1)
    up = np.where(np.abs(up - up[0]) > 0.5 + far, up[0], up)
    points = np.column_stack([places, up + 0.04])
    k = 1 + np.arange(len(points) - 1)
    triangles = np.stack([np.zeros_like(k), k, np.roll(k, -1)], axis=1)
    return painted(points, np.tile([0.0, 0.0, 1.0], (len(points), 1)), triangles, (0.05, 0.06, 0.08)), 0.5 * (
        1.0 - high / HIGHEST
    )


def trail(path: np.ndarray, view: View, width: float, colour: Colour) -> Solid | None:
    """Return a path as a ribbon of one width in the picture.

    Args:
        path: `(n, 3)` [m].
        view: The picture.
        width: Of the ribbon as a share of the picture's width.
        colour: Of it.
    """
    if len(path) < 2:
        return None
    away = path - view.position
    ahead = np.maximum(away @ -view.axes[:, 2], 0.0)
    side = np.cross(np.gradient(path, axis=0), away)
    length = np.linalg.norm(side, axis=1, keepdims=True)
    side = side / np.where(length > 1e-9, length, 1.0) * (width * view.across * ahead)[:, None]
    points = np.stack([path - side, path + side], axis=1).reshape(-1, 3)
    k = 2 * np.arange(len(path) - 1)
    triangles = np.concatenate([np.stack([k, k + 1, k + 3], axis=1), np.stack([k, k + 3, k + 2], axis=1)])
    return painted(points, np.tile([0.0, 0.0, 1.0], (len(points), 1)), triangles, colour)
