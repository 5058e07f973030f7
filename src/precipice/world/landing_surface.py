"""What a ramp-jump lands on: a profile along the run-up's bearing, as wide as it was built."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float

from precipice.errors import InputError
from precipice.frames import Position, Scalar, Vector, heading_vector, norm, right_vector
from precipice.scenario.landing_surface import LandingSurface as WrittenSurface
from precipice.world.terrain import FAR, AbstractTerrain

CORNERS = 96
"""Corners of a landing surface in a compiled program, whatever the scenario says."""
LONG = 1.0
"""Between two points that are farther apart the ground is straight [m]."""
ROUNDED = 0.3
"""How far before and after a corner the ground turns [m]."""
TURN = 0.3
"""Distance over which an error of slope is felt as one of height, when corners are chosen [m]."""
LEVEL_REACH = 1000.0
"""How far the level ground beyond a plane is taken as given, and every end goes on [m]."""


class LandingSurface(AbstractTerrain):
    """Ground behind the lip, a gap, the landing surface, and what comes after it.

    The profile is a chain of straight pieces that never doubles back, the same all across: the distance to
    it is exact. Between lip and surface the ground is taken as level, at the lower of both; a landing there
    is outside the area, whatever the ground.

    Attributes:
        starts: Where the pieces begin, distance from the lip and height above it, `(n, 2)` [m].
        along: From each start to the piece's end, `(n, 2)` [m]; (0, 0) for pieces that are not needed.
        table: Corners of the landing surface: distance, height [m], path angle [rad], `(k, 3)`.
        forward: Horizontal unit vector along the run-up, `(3,)` [-].
        half_width: Of the landing surface, `()` [m].
        known_from: Distance from the lip, negative, at which the ground begins to be given, `()` [m].
        known_to: Distance from the lip at which it ends, `()` [m].
    """

    starts: Float[Array, "n 2"]
    along: Float[Array, "n 2"]
    table: Float[Array, "k 3"]
    forward: Vector
    half_width: Scalar
    known_from: Scalar
    known_to: Scalar

    def _section(self, position: Position) -> Float[Array, "2"]:
        return jnp.stack([jnp.sum(position * self.forward), position[2]])

    def _across(self, position: Position) -> Scalar:
        level = position - jnp.sum(position * self.forward) * self.forward
        return norm(level[:2])

    def _columns(self, point: Float[Array, "2"]) -> tuple[Float[Array, " n"], Bool[Array, " n"]]:
        """Return, for each piece, its height at the point's column and whether it spans the column."""
        away = point[0] - self.starts[:, 0]
        inside = (away >= 0.0) != (away >= self.along[:, 0])
        slope = self.along[:, 1] / jnp.where(inside, self.along[:, 0], 1.0)
        return self.starts[:, 1] + away * slope, inside

    def distance(self, position: Position) -> Scalar:
        """Return the signed distance to the profile, `()` [m]; see the base class."""
        point = self._section(position)
        away = point[None] - self.starts
        length = jnp.sum(self.along * self.along, axis=1)
        fraction = jnp.sum(away * self.along, axis=1) / jnp.maximum(length, 1e-12)
        away = away - jnp.clip(fraction, 0.0, 1.0)[:, None] * self.along
        closest = jnp.sqrt(jnp.min(jnp.sum(away * away, axis=1)) + 1e-18)
        heights, inside = self._columns(point)
        return jnp.where(jnp.any(inside & (heights > point[1])), -closest, closest)

    def height_above(self, position: Position) -> Scalar:
        """Return the height above the ground straight below, `()` [m]; negative under it."""
        point = self._section(position)
        heights, inside = self._columns(point)
        return point[1] - jnp.max(jnp.where(inside, heights, -FAR))

    def known(self, position: Position) -> Scalar:
        """Return the distance to the end of what the scenario gives, along and across, `()` [m]."""
        away = jnp.sum(position * self.forward)
        ends = jnp.minimum(away - self.known_from, self.known_to - away)
        return jnp.minimum(ends, self.half_width - self._across(position))

    def inside(self, position: Position) -> Scalar:
        """Return the level distance to the edge of the landing surface, `()` [m]; negative: outside it."""
        away = jnp.sum(position * self.forward)
        ends = jnp.minimum(away - self.table[0, 0], self.table[-1, 0] - away)
        return jnp.minimum(ends, self.half_width - self._across(position))

    def slope(self, position: Position) -> Scalar:
        """Return the path angle of the landing surface below a position, `()` [rad].

        Between corners it turns steadily, as the surface that was drawn through them does; the straight
        pieces would make fall heights jump at each corner.
        """
        away = jnp.sum(position * self.forward)
        return jnp.interp(away, self.table[:, 0], self.table[:, 2])


def build_landing_surface(
    table: Float[Array, "k 3"],
    behind: Float[Array, "b 2"],
    bearing: Scalar,
    half_width: Scalar,
    level_beyond: Scalar,
) -> LandingSurface:
    """Return the ground of a ramp-jump.

    Args:
        table: From `plane_table` or `fit_table`, `(k, 3)`.
        behind: Ground up to the lip's foot, rising distances that end at 0, `(b, 2)` [m]. With the ramp in
            it, its last two corners are the lip and the ground below.
        bearing: Of the run-up, `()` [rad].
        half_width: Of the landing surface, `()` [m].
        level_beyond: 1 where the ground goes on level after the surface, 0 where nobody knows, `()`.
    """
    first, last = table[0, :2], table[-1, :2]
    foot = jnp.minimum(behind[-1, 1], first[1])
    shift = jnp.array([LEVEL_REACH, 0.0], table.dtype)
    gap = jnp.stack([jnp.stack([behind[-1, 0], foot]), jnp.stack([first[0], foot])])
    corners = jnp.concatenate([(behind[0] - shift)[None], behind, gap, table[:, :2], (last + shift)[None]])
    return LandingSurface(
        starts=corners[:-1],
        along=corners[1:] - corners[:-1],
        table=table,
        forward=heading_vector(bearing),
        half_width=half_width,
        known_from=behind[0, 0],
        known_to=last[0] + level_beyond * LEVEL_REACH,
    )


def plane_table(distance: Scalar, up: Scalar, slope: Scalar, length: Scalar) -> Float[Array, "k 3"]:
    """Return the corners of a plane, `(CORNERS, 3)`: its beginning, and its end as often as there is room.

    Args:
        distance: From the lip to its beginning, level, `()` [m].
        up: Of its beginning above the lip, `()` [m].
        slope: Positive falls away from the lip, `()` [rad].
        length: How far it goes, level, `()` [m].
    """
    start = jnp.stack([distance, up, -slope])
    end = jnp.stack([distance + length, up - length * jnp.tan(slope), -slope])
    return jnp.concatenate([start[None], jnp.tile(end[None], (CORNERS - 1, 1))])


class Fitted(NamedTuple):
    """A profile with as many corners as a compiled program has room for.

    Attributes:
        table: Distance, height [m], path angle [rad], `(CORNERS, 3)`.
        error: Largest height between the profile and the table [m].
    """

    table: np.ndarray
    error: float


def fit_table(points: np.ndarray, corners: int = CORNERS) -> Fitted:
    """Return a profile with at most so many corners.

    A corner is added where height is most in error, an error of slope counting as one of height
    `TURN` away: fall heights depend on slopes.

    Args:
        points: Distances, strictly rising, and heights, `(n, 2)` [m].
        corners: Of the table.

    Source: after Douglas and Peucker 1973.
    """
    line = with_slopes(points)
    distance, columns = line[:, 0], np.stack([line[:, 1], TURN * np.tan(line[:, 2])])
    kept, height_error = [0, len(line) - 1], 0.0
    while True:
        kept.sort()
        error = np.abs([column - np.interp(distance, distance[kept], column[kept]) for column in columns])
        height_error, worst = float(error[0].max()), error.sum(axis=0)
        if len(kept) == corners or worst.max() <= 1e-9:
            break
        kept.append(int(np.argmax(worst)))
    table = line[kept]
    return Fitted(np.concatenate([table, np.repeat(table[-1:], corners - len(table), axis=0)]), height_error)


def with_slopes(points: np.ndarray) -> np.ndarray:
    """Return a profile with its path angle, `(m, 3)` [m, m, rad].

    Close points are samples of something smooth: the angle turns steadily from one to the next. A piece of
    more than `LONG` is straight, and its corners are rounded over `ROUNDED` on either side.

    Args:
        points: Distances, strictly rising, and heights, `(n, 2)` [m].

    Returns:
        The points and those that were put between.
    """
    points = refuse_doubling_back(points)
    distance = points[:, 0]
    long = np.flatnonzero(np.diff(distance) > LONG)
    between = np.concatenate([distance[long] + ROUNDED, distance[long + 1] - ROUNDED])
    distance = np.sort(np.concatenate([distance, between]))
    up = np.interp(distance, *points.T)
    return np.column_stack([distance, up, np.arctan(np.gradient(up, distance))])


def refuse_doubling_back(points: np.ndarray) -> np.ndarray:
    """Return the points if there are two at least, each farther out than the one before.

    Args:
        points: Distances and heights, `(n, 2)` [m].

    Raises:
        InputError: If not: a wall or an overhang has no landing surface.
    """
    points = np.asarray(points, float)
    if len(points) < 2 or not np.all(np.isfinite(points)) or np.any(np.diff(points[:, 0]) <= 0.0):
        raise InputError(
            "the landing surface must have at least two points, each farther out than the one before, "
            "but has not: list them from the lip outwards"
        )
    return points


class Section(NamedTuple):
    """A cross-section of a terrain.

    Attributes:
        points: Distance from the lip and height above it, along the middle, `(n, 2)` [m].
        worst_across: Largest height between the middle and either edge at one distance [m].
    """

    points: np.ndarray
    worst_across: float


def cut_section(
    height: Callable[[np.ndarray, np.ndarray], np.ndarray],
    bearing: float,
    reach: float,
    width: float,
    spacing: float = 0.25,
) -> Section:
    """Return the section of a terrain along the run-up's bearing, from the lip outwards.

    Args:
        height: Of the ground above the lip at east and north [m]; NaN where it is not known.
        bearing: Of the run-up [rad].
        reach: How far out [m].
        width: Of the landing surface; its edges are looked at too [m].
        spacing: Between samples [m].

    Returns:
        The section up to the first place that is not known.

    Raises:
        InputError: When not even the first two samples are known.
    """
    away = np.arange(0.0, reach + 0.5 * spacing, spacing)
    forward = np.asarray(heading_vector(jnp.asarray(bearing, float)))
    right = np.asarray(right_vector(jnp.asarray(bearing, float)))
    places = [away[:, None] * forward + across * right for across in (-0.5 * width, 0.0, 0.5 * width)]
    rows = np.stack([height(place[:, 0], place[:, 1]) for place in places])
    unknown = ~np.all(np.isfinite(rows), axis=0)
    count = int(np.argmax(unknown)) if np.any(unknown) else len(away)
    if count < 2:
        raise InputError(
            "landing_surface.file must hold the ground from the lip outwards, but does not: "
            "choose a file that covers the run-up's bearing from the lip on"
        )
    middle = rows[1, :count]
    worst = float(np.max(np.abs(rows[:, :count] - middle)))
    return Section(np.column_stack([away[:count], middle]), worst)


def landing_points(written: WrittenSurface, values: Mapping[str, Any]) -> np.ndarray:
    """Return the corners of a plane or of points as one run drew them, `(n, 2)` [m].

    Args:
        written: What was decided.
        values: Drawn numbers by dotted path, SI.

    Raises:
        InputError: For a terrain file, which has no corners; see `cut_section`.
    """
    if written.shape == "points":
        names = [f"landing_surface.point.{k}" for k in range(len(written.point))]
        return np.array([[values[f"{name}.distance"], values[f"{name}.up"]] for name in names], float)
    if written.shape == "file":
        raise InputError(
            'landing_surface.shape must be plane or points here, but is file: give its section as shape = "points"'
        )
    start, length = float(values["landing_surface.distance"]), float(values["landing_surface.length"])
    up, fall = float(values["landing_surface.up"]), np.tan(float(values["landing_surface.slope"]))
    return np.array([[start, up], [start + length, up - length * fall]])
