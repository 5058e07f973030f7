"""Putting solids on a canvas: what stands still is prepared once, what is out of sight is left out."""

from typing import NamedTuple

import numpy as np

from precipice.report.film.canvas import FINE, Canvas, View
from precipice.report.film.grain import PERIOD, PLAIN, ROCK, TURF, fine_grain, fine_level
from precipice.report.film.light import hazy, lit, sky_colour
from precipice.report.film.solid import Solid

PATCH = 1_500
"""Triangles that are kept or left out together."""
FAR = 60_000.0
"""Farthest that is drawn [m]."""


class _Patch(NamedTuple):
    """Triangles near each other, lit, ready to be drawn.

    Attributes:
        middle: Of a ball around them, `(3,)` [m].
        radius: Of it [m].
        points: `(n, 3)` [m].
        colours: In light, `(n, 3)`.
        corners: Which point each corner is, `(3 m,)`.
        places: Of the corners, `(3 m, 3)` [m].
        normal: Its mean, of length 1, `(3,)`.
        repeats: Where the corners are in a fine grain, `(3 m, 2)`; None without one.
    """

    middle: np.ndarray
    radius: float
    points: np.ndarray
    colours: np.ndarray
    corners: np.ndarray
    places: np.ndarray
    normal: np.ndarray
    repeats: np.ndarray | None


class Painter:
    """Draws one place from many views.

    Attributes:
        sun: Direction towards the light, `(3,)`.
    """

    def __init__(self, ground: list[Solid], still: list[Solid], sun: np.ndarray) -> None:
        self.sun = sun
        self._patches = [patch for solid in ground for patch in _patches(solid, sun, grained=True)]
        self._patches += [patch for solid in still for patch in _patches(solid, sun)]

    def still(self, canvas: Canvas, view: View, patterns: "Patterns") -> None:
        """Draw what does not move."""
        sample = 2.0 * view.across / (FINE * canvas.width)
        seen = [patch for patch in self._patches if _in_sight(view, patch.middle, patch.radius)]
        # From near to far: what is hidden is then not painted first.
        for patch in sorted(seen, key=lambda p: float(np.linalg.norm(p.middle - view.position)) - p.radius):
            away = patch.points - view.position.astype(np.float32)
            distance = np.sqrt(np.einsum("ij,ij->i", away, away))
            colours = hazy(patch.colours, distance)
            pattern = None
            if patch.repeats is not None:
                flat = abs(float((patch.middle - view.position) @ patch.normal)) / max(
                    float(distance.mean()), 1e-3
                )
                level = fine_level(sample * float(distance.min()) / max(flat, 0.1) ** 0.5)
                if level is not None:
                    pattern = patterns[ROCK if patch.normal[2] < 0.87 else TURF][level], patch.repeats
                    colours = colours * np.float32(1.0 / PLAIN)
            canvas.draw(patch.places, _bytes(colours)[patch.corners], pattern=pattern)

    def solid(self, canvas: Canvas, view: View, solid: Solid) -> None:
        """Draw a body where it is now."""
        middle = 0.5 * (solid.points.min(axis=0) + solid.points.max(axis=0))
        radius = float(np.linalg.norm(solid.points - middle, axis=1).max())
        if not _in_sight(view, middle, radius):
            return
        distance = np.linalg.norm(solid.points - view.position, axis=1)
        colours = _bytes(hazy(lit(solid.colours, solid.normals, self.sun), distance))
        corners = solid.triangles.ravel()
        canvas.draw(solid.points[corners], colours[corners])

    def mark(self, canvas: Canvas, view: View, solid: Solid, opacity: float) -> None:
        """Draw a mark that lies on something: seen through, a little nearer than it is.

        Moved along the line of sight it stays where it is in the picture.
        """
        nearer = view.position + 0.998 * (solid.points - view.position)
        distance = np.linalg.norm(solid.points - view.position, axis=1)
        colours = _bytes(hazy(solid.colours, distance), opacity)
        corners = solid.triangles.ravel()
        canvas.draw(nearer[corners], colours[corners], hides=False)


def draw_sky(canvas: Canvas, view: View) -> None:
    """Draw the sky, and haze below the horizon, behind everything that is there already."""
    turn, pitch = np.meshgrid(np.linspace(0.0, 2.0 * np.pi, 25), _RISE, indexing="ij")
    points = np.stack([np.cos(pitch) * np.cos(turn), np.cos(pitch) * np.sin(turn), np.sin(pitch)], axis=-1)
    rows, columns = turn.shape
    k = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = k[:-1, :-1].ravel(), k[1:, :-1].ravel(), k[1:, 1:].ravel(), k[:-1, 1:].ravel()
    corners = np.concatenate([np.stack([a, b, c], axis=1), np.stack([a, c, d], axis=1)]).ravel()
    places = 0.8 * FAR * points.reshape(-1, 3) + view.position
    canvas.draw(places[corners], _bytes(sky_colour(pitch.ravel()))[corners], hides=False)


_RISE = np.concatenate(
    [[-0.5 * np.pi, -0.6, -0.02], np.linspace(0.0, 0.5 * np.pi, 24) ** 1.5 / (0.5 * np.pi) ** 0.5]
)


Patterns = dict[str, list[int]]
"""Numbers of a canvas's patterns by kind of ground, ever coarser."""


def keep_patterns(canvas: Canvas) -> Patterns:
    """Give a canvas the fine grain of rock and turf."""
    return {
        kind: [canvas.pattern(level, smooth=k == 0) for k, level in enumerate(fine_grain(kind))]
        for kind in (ROCK, TURF)
    }


def _patches(solid: Solid, sun: np.ndarray, *, grained: bool = False) -> list[_Patch]:
    colours = lit(solid.colours, solid.normals, sun).astype(np.float32)
    points = solid.points.astype(np.float32)
    middles = points[solid.triangles].mean(axis=1)
    found = []
    waiting = [np.arange(len(middles))]
    while waiting:
        rows = waiting.pop()
        if not len(rows):
            continue
        if len(rows) > PATCH:
            wide = np.ptp(middles[rows], axis=0)
            order = rows[np.argsort(middles[rows, int(np.argmax(wide))], kind="stable")]
            waiting += [order[: len(order) // 2], order[len(order) // 2 :]]
            continue
        used, corners = np.unique(solid.triangles[rows].ravel(), return_inverse=True)
        own = points[used]
        middle = 0.5 * (own.min(axis=0) + own.max(axis=0)).astype(float)
        radius = float(np.linalg.norm(own - middle, axis=1).max())
        normal = solid.normals[used].mean(axis=0)
        normal = normal / max(float(np.linalg.norm(normal)), 1e-9)
        corners = corners.ravel()
        repeats = _repeats(own, normal)[corners] if grained else None
        found.append(_Patch(middle, radius, own, colours[used], corners, own[corners], normal, repeats))
    return found


def _repeats(points: np.ndarray, normal: np.ndarray) -> np.ndarray:
    """Return where points are in a pattern that lies on them, `(n, 2)`."""
    if normal[2] > 0.7:
        return points[:, :2] / PERIOD
    side = np.array([normal[1], -normal[0]]) / max(float(np.hypot(*normal[:2])), 1e-9)
    return np.column_stack([points[:, :2] @ side, points[:, 2]]) / PERIOD


def _in_sight(view: View, middle: np.ndarray, radius: float) -> bool:
    """Return whether a ball may be in the picture."""
    x, y, back = (middle - view.position) @ view.axes
    ahead = -back
    if ahead < -radius:
        return False
    beside = (abs(x) - ahead * view.across) / np.hypot(1.0, view.across)
    above = (abs(y) - ahead * view.upright) / np.hypot(1.0, view.upright)
    return bool(beside < radius and above < radius)


def _bytes(colours: np.ndarray, opacity: float = 1.0) -> np.ndarray:
    """Return colours as red, green, blue and opacity, 0 to 255, `(n, 4)`."""
    found = np.empty((len(colours), 4), np.uint8)
    found[:, :3] = np.clip(255.0 * colours + 0.5, 0.0, 255.0)
    found[:, 3] = round(255.0 * opacity)
    return found
