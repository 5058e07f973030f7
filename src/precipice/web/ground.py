"""The rock as triangles: an extruded cross-section, or a height map that is finest around the lip."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from precipice.report.site_ground import Ground

ACROSS = 49
"""Places along the edge at which a cross-section is drawn."""
SIDE = 161
"""Places along each side of a height map."""
FINENESS = 4.0
"""How much finer a height map is in its middle: a cell there is 1/7 of the mean one."""

CLOSE = (-30.0, -15.0, -6.0, -2.0, 2.0, 6.0, 15.0, 30.0)
"""Lines of a height map beside a spot [m]."""


class Triangles(NamedTuple):
    """Rock for a picture.

    Attributes:
        points: East-north-up from the lip, `(n, 3)` [m].
        corners: Three points of each triangle, counter-clockwise from outside, `(m, 3)`.
        width: Points of a row: neighbours in a row and between rows are neighbours on the rock.
    """

    points: np.ndarray
    corners: np.ndarray
    width: int


def extruded(profile: np.ndarray, bearing: float, reach: float) -> Triangles:
    """Return a cross-section drawn along the edge of the rock.

    Args:
        profile: Corners, out from the lip and up, `(n, 2)` [m].
        bearing: In which out is [rad].
        reach: How far to draw [m].
    """
    corners = cut(profile, -reach, reach)
    section = _split(corners)
    along = reach * graded(ACROSS)
    out = np.array([np.sin(bearing), np.cos(bearing)])
    side = np.array([out[1], -out[0]])
    flat = section[None, :, :1] * out + along[:, None, None] * side
    up = np.broadcast_to(section[None, :, 1:], (*flat.shape[:2], 1))
    return _woven(np.concatenate([flat, up], axis=-1), turned=False)


def raised(section: np.ndarray, bearing: float, half: float, base: float) -> Triangles:
    """Return a built surface as wide as it is, with sides down to the ground that it stands on.

    Args:
        section: Corners, out from the lip and up, `(n, 2)` [m].
        bearing: In which out is [rad].
        half: Of its width [m].
        base: Height of that ground [m].
    """
    out = np.array([np.sin(bearing), np.cos(bearing)])
    side = np.array([out[1], -out[0]])
    rows = []
    for along, top in ((-half, False), (-half, True), (half, True), (half, False)):
        up = section[:, 1] if top else np.full(len(section), base)
        rows.append(np.column_stack([section[:, :1] * out + along * side, up]))
    return _woven(np.stack(rows), turned=True)


def mapped(ground: Ground, reach: float, spots: np.ndarray | None = None) -> Triangles:
    """Return the top of surveyed rock; holes in the data stay holes.

    Args:
        ground: Heights over the map.
        reach: How far from the lip to draw [m].
        spots: Where somebody stands: it is as fine there, lest a coarse hillside hides them, `(n, 2)` [m].
    """
    low, high = np.maximum(ground.low, -reach), np.minimum(ground.high, reach)
    near = np.zeros((0, 2)) if spots is None else spots
    lines = [np.concatenate([reach * graded(SIDE), *(near[:, k] + d for d in CLOSE)]) for k in (0, 1)]
    grades = [np.unique(np.clip(lines[k], low[k], high[k])) for k in (0, 1)]
    east, north = np.meshgrid(*grades, indexing="ij")
    points = np.stack([east, north, ground.up(east, north)], axis=-1)
    return _woven(points, turned=True)


def level(up: float, reach: float) -> Triangles:
    """Return level ground.

    Args:
        up: Above the lip or exit [m].
        reach: How far to draw [m].
    """
    east, north = np.meshgrid(reach * graded(33), reach * graded(33), indexing="ij")
    return _woven(np.stack([east, north, np.full(east.shape, up)], axis=-1), turned=True)


def graded(count: int) -> np.ndarray:
    """Return numbers from -1 to 1, densest around 0, `(count,)`."""
    return np.sinh(FINENESS * np.linspace(-1.0, 1.0, count)) / np.sinh(FINENESS)


def cut(profile: np.ndarray, low: float, high: float) -> np.ndarray:
    """Return a cross-section without what lies too far behind or out, `(n, 2)` [m].

    Args:
        profile: Corners, out from the lip and up, `(n, 2)` [m].
        low: Least way out [m].
        high: Greatest [m].
    """
    kept: list[np.ndarray] = []
    for a, b in pairwise(profile):
        if max(a[0], b[0]) < low or min(a[0], b[0]) > high:
            continue
        for end in (a, b):
            wide = b[0] - a[0]
            way = min(max(end[0], low), high)
            point = end if wide == 0.0 else a + (way - a[0]) / wide * (b - a)
            if not kept or np.any(point != kept[-1]):
                kept.append(point)
    return np.array(kept).reshape(-1, 2)


def _split(corners: np.ndarray, pieces: int = 14) -> np.ndarray:
    """Return a cross-section with corners between its corners, where there are few, `(n, 2)` [m]."""
    if len(corners) > 40:
        return corners
    length = np.linalg.norm(np.diff(corners, axis=0), axis=1)
    share = np.linspace(0.0, 1.0, pieces + 1)[1:, None]
    kept = [corners[:1]]
    for a, b, far in zip(corners[:-1], corners[1:], length, strict=True):
        if far > 0.0:
            kept.append(a + share * (b - a) if far > 5.0 else b[None])
    return np.concatenate(kept)


def _woven(points: np.ndarray, *, turned: bool) -> Triangles:
    """Return a sheet of rows of points as triangles, without those that have an unknown corner."""
    rows, width = points.shape[:2]
    number = np.arange(rows * width).reshape(rows, width)
    a, b, c, d = number[:-1, :-1], number[:-1, 1:], number[1:, 1:], number[1:, :-1]
    first, second = np.stack([a, b, c], -1), np.stack([a, c, d], -1)
    corners = np.concatenate([first.reshape(-1, 3), second.reshape(-1, 3)])
    flat = points.reshape(-1, 3)
    corners = corners[np.all(np.isfinite(flat[corners]), axis=(1, 2))]
    return Triangles(np.nan_to_num(flat), corners[:, ::-1] if turned else corners, width)
