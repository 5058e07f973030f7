"""Solids to draw: triangles with normals and colours, and the parts that bodies are made of."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

Colour = tuple[float, float, float]
"""Red, green, blue as a screen takes them (sRGB), 0 to 1."""
Vector = Sequence[float] | np.ndarray
"""Forward, left, up or east, north, up, `(3,)`."""


class Solid(NamedTuple):
    """Triangles of one body.

    Attributes:
        points: `(n, 3)` [m].
        normals: Outwards, of length 1, `(n, 3)`.
        colours: Red, green, blue (sRGB), 0 to 1, `(n, 3)`.
        triangles: Three points each, `(m, 3)`.
    """

    points: np.ndarray
    normals: np.ndarray
    colours: np.ndarray
    triangles: np.ndarray


def join(parts: Iterable[Solid]) -> Solid:
    """Return several solids as one."""
    found = list(parts)
    starts = np.cumsum([0, *(len(part.points) for part in found[:-1])])
    triangles = [part.triangles + start for part, start in zip(found, starts, strict=True)]
    points, normals, colours = (np.concatenate([part[k] for part in found]) for k in range(3))
    return Solid(points, normals, colours, np.concatenate(triangles))


def place(solid: Solid, turn: np.ndarray, position: np.ndarray, size: float = 1.0) -> Solid:
    """Return a solid turned, made larger and moved.

    Args:
        solid: In its own axes.
        turn: Its axes as columns, `(3, 3)`.
        position: Of its origin, `(3,)` [m].
        size: By which it grows first.
    """
    points = size * solid.points @ turn.T + position
    return Solid(points, solid.normals @ turn.T, solid.colours, solid.triangles)


def sheet(points: np.ndarray, normals: np.ndarray, colours: np.ndarray) -> Solid:
    """Return rows of points as a surface; cells with an unknown corner are left out.

    Args:
        points: `(rows, columns, 3)` [m].
        normals: `(rows, columns, 3)`.
        colours: `(rows, columns, 3)`.
    """
    rows, columns = points.shape[:2]
    k = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = k[:-1, :-1].ravel(), k[1:, :-1].ravel(), k[1:, 1:].ravel(), k[:-1, 1:].ravel()
    triangles = np.concatenate([np.stack([a, b, c], axis=1), np.stack([a, c, d], axis=1)])
    flat = points.reshape(-1, 3)
    triangles = triangles[np.all(np.isfinite(flat[triangles]), axis=(1, 2))]
    return Solid(
        np.nan_to_num(flat), np.nan_to_num(normals.reshape(-1, 3)), colours.reshape(-1, 3), triangles
    )


def painted(points: np.ndarray, normals: np.ndarray, triangles: np.ndarray, colour: Colour) -> Solid:
    """Return triangles of one colour."""
    return Solid(points, normals, np.tile(np.array(colour, float), (len(points), 1)), triangles)


def flat_sides(corners: np.ndarray, colour: Colour) -> Solid:
    """Return four-cornered sides, each with its own normal.

    Args:
        corners: In order around each side, `(n, 4, 3)` [m].
        colour: Of all of them.
    """
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    length = np.linalg.norm(normal, axis=1, keepdims=True)
    normal = normal / np.where(length > 0.0, length, 1.0)
    first = 4 * np.arange(len(corners))[:, None]
    triangles = np.concatenate([first + np.array([k]) for k in ((0, 1, 2), (0, 2, 3))])
    return painted(corners.reshape(-1, 3), np.repeat(normal, 4, axis=0), triangles, colour)


_CUBE = np.array([[x, y, z] for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)])
_SIDES = np.array([[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]])


def box(centre: Vector, size: Vector, colour: Colour, pitch: float = 0.0) -> Solid:
    """Return a box.

    Args:
        centre: `(3,)` [m].
        size: Forward, left, up, `(3,)` [m].
        colour: Of it.
        pitch: By which its nose is up [rad].
    """
    turn = np.array(
        [[np.cos(pitch), 0.0, -np.sin(pitch)], [0.0, 1.0, 0.0], [np.sin(pitch), 0.0, np.cos(pitch)]]
    )
    corners = (_CUBE * np.array(size)) @ turn.T + np.array(centre)
    return flat_sides(corners[_SIDES], colour)


def ball(centre: Vector, radii: Vector, colour: Colour, around: int = 12, rows: int = 8) -> Solid:
    """Return an ellipsoid.

    Args:
        centre: `(3,)` [m].
        radii: Forward, left, up, `(3,)` [m].
        colour: Of it.
        around: Corners around it.
        rows: From below to above.
    """
    high, round_ = np.meshgrid(
        np.linspace(-0.5 * np.pi, 0.5 * np.pi, rows + 1),
        np.linspace(0.0, 2.0 * np.pi, around + 1),
        indexing="ij",
    )
    unit = np.stack([np.cos(high) * np.cos(round_), np.cos(high) * np.sin(round_), np.sin(high)], axis=-1)
    normal = unit / np.array(radii)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    points = unit * np.array(radii) + np.array(centre)
    return sheet(points, normal, np.broadcast_to(np.array(colour, float), points.shape))


def limb(
    start: Vector,
    end: Vector,
    radius: float,
    colour: Colour,
    thin: float = 1.0,
    around: int = 9,
) -> Solid:
    """Return a rod with round ends.

    Args:
        start: Of its axis, `(3,)` [m].
        end: Of its axis, `(3,)` [m].
        radius: At its start [m].
        colour: Of it.
        thin: Radius at its end over that at its start.
        around: Corners around it.
    """
    a, b = np.array(start, float), np.array(end, float)
    way = b - a
    length = float(np.linalg.norm(way))
    axis = way / length
    side = np.cross(axis, [0.0, 0.0, 1.0] if abs(axis[2]) < 0.9 else [1.0, 0.0, 0.0])
    side /= np.linalg.norm(side)
    other = np.cross(axis, side)
    bend = np.linspace(-0.5 * np.pi, 0.0, 4)
    shape = [(radius * np.sin(t), radius * np.cos(t), np.sin(t), np.cos(t)) for t in bend]
    shape += [
        (length + thin * radius * np.sin(t), thin * radius * np.cos(t), np.sin(t), np.cos(t))
        for t in -bend[::-1]
    ]
    along, wide, lengthwise, across = (np.array(column)[:, None, None] for column in zip(*shape, strict=True))
    turn = np.linspace(0.0, 2.0 * np.pi, around + 1)[None, :, None]
    out = np.cos(turn) * side + np.sin(turn) * other
    points = a + along * axis + wide * out
    normals = lengthwise * axis + across * out
    return sheet(points, normals, np.broadcast_to(np.array(colour, float), points.shape))


def ring(
    centre: Vector, radius: float, thick: float, colour: Colour, around: int = 24, sides: int = 8
) -> Solid:
    """Return a tyre that stands upright and rolls forward.

    Args:
        centre: `(3,)` [m].
        radius: To its tread [m].
        thick: Half its width [m].
        colour: Of it.
        around: Corners along it.
        sides: Corners across it.
    """
    turn, tube = np.meshgrid(
        np.linspace(0.0, 2.0 * np.pi, around + 1), np.linspace(0.0, 2.0 * np.pi, sides + 1), indexing="ij"
    )
    normal = np.stack([np.cos(tube) * np.cos(turn), np.sin(tube), np.cos(tube) * np.sin(turn)], axis=-1)
    middle = (radius - thick) * np.stack([np.cos(turn), np.zeros_like(turn), np.sin(turn)], axis=-1)
    points = np.array(centre) + middle + thick * normal
    return sheet(points, normal, np.broadcast_to(np.array(colour, float), points.shape))
