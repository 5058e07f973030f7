"""Rock as a signed distance: positive in air, negative in rock, in metres."""

from abc import abstractmethod

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int

from precipice.frames import Position, Scalar, Vector, norm

FAR = 1.0e5
STRAIGHT = 1e-9
"""Sine of a turn below which two pieces of a cross-section are one [-]."""
BLEND = 2.0
"""Cells at the border of a box over which the next coarser box is blended in [-]."""


class AbstractTerrain(eqx.Module):
    """A solid world that answers how far away it is, and whether it is known there."""

    @abstractmethod
    def distance(self, position: Position) -> Scalar:
        """Return the signed distance to the nearest rock, `()` [m], negative inside it.

        Args:
            position: East-north-up, `(3,)` [m].
        """

    @abstractmethod
    def height_above(self, position: Position) -> Scalar:
        """Return the height above the first rock straight below a position, `()` [m]."""

    @abstractmethod
    def known(self, position: Position) -> Scalar:
        """Return the distance to the end of the data, `()` [m]; negative: the rock is unknown there."""

    def normal(self, position: Position) -> Vector:
        """Return the unit vector away from the nearest rock, `(3,)` [-]."""
        gradient = jax.grad(self.distance)(position)
        return gradient / norm(gradient)

    def normal_jumps(self, position: Position) -> Float[Array, " m"]:
        """Return functions of the place in some of whose zeros the normal jumps, `(m,)` [m]; here none.

        Args:
            position: East-north-up, `(3,)` [m].
        """
        return jnp.zeros(0, position.dtype)

    def distance_kinks(self, position: Position) -> Float[Array, " m"]:
        """Return functions of the place in whose zeros the distance has a kink, `(m,)` [m]; here none.

        Args:
            position: East-north-up, `(3,)` [m].
        """
        return jnp.zeros(0, position.dtype)


class ParametricCliff(AbstractTerrain):
    """A cliff of plateau, edge, undercut, wall, talus and valley floor, straight along its edge.

    The cross-section is a chain of five straight pieces, so the distance is exact at every scale:
    no grid is finer near the lip, and none can step over an edge.

    Attributes:
        starts: Where the pieces of the cross-section begin, distance out from the lip and height,
            `(5, 2)` [m]: plateau, roof of the undercut, wall, talus, valley floor.
        along: From each start to the piece's end, `(5, 2)` [m].
        outward: Horizontal unit vector out from the face, `(3,)` [-].
        known_to: Distance from the lip to which this cliff is believed, `()` [m].
    """

    starts: Float[Array, "5 2"]
    along: Float[Array, "5 2"]
    outward: Vector
    known_to: Scalar

    def _section(self, position: Position) -> Float[Array, "2"]:
        return jnp.stack([jnp.sum(position * self.outward), position[2]])

    def _crossings(self, point: Float[Array, "2"]) -> tuple[Float[Array, "5"], Bool[Array, "5"]]:
        """Return, for each piece, its height at the point's column and whether it spans the column."""
        away = point[0] - self.starts[:, 0]
        inside = (away >= 0.0) != (away >= self.along[:, 0])
        slope = self.along[:, 1] / jnp.where(inside, self.along[:, 0], 1.0)
        return self.starts[:, 1] + away * slope, inside

    def _squares(self, point: Float[Array, "2"]) -> Float[Array, "5"]:
        """Return the square of the distance to each piece, `(5,)` [m^2]."""
        away = point[None] - self.starts
        fraction = jnp.sum(away * self.along, axis=1) / jnp.sum(self.along * self.along, axis=1)
        away = away - jnp.clip(fraction, 0.0, 1.0)[:, None] * self.along
        return jnp.sum(away * away, axis=1)

    def distance(self, position: Position) -> Scalar:
        """Return the signed distance to the nearest rock, `()` [m]; see the base class."""
        point = self._section(position)
        closest = jnp.sqrt(jnp.min(self._squares(point)) + 1e-18)
        heights, inside = self._crossings(point)
        buried = jnp.sum(inside & (heights > point[1])) % 2
        return jnp.where(buried == 1, -closest, closest)

    def height_above(self, position: Position) -> Scalar:
        """Return the height above the first rock straight below, `()` [m]; see the base class."""
        point = self._section(position)
        heights, inside = self._crossings(point)
        below = jnp.where(inside & (heights <= point[1]), heights, -FAR)
        return point[1] - jnp.max(below)

    def normal_jumps(self, position: Position) -> Float[Array, "4"]:
        """Return by how much the piece before each corner is farther than the one after it, `(4,)` [m].

        Both as endless straight lines: zero where the angle between them is halved. No number where the
        pieces go on in one direction.
        """
        along, corners = self.along, self.starts[1:]
        length = jnp.sqrt(jnp.sum(along * along, axis=1, keepdims=True))
        direction = along / jnp.where(length > 0.0, length, 1.0)
        turn = direction[:-1, 0] * direction[1:, 1] - direction[:-1, 1] * direction[1:, 0]
        across = direction[:-1] - direction[1:]
        away = self._section(position)[None] - corners
        farther = away[:, 1] * across[:, 0] - away[:, 0] * across[:, 1]
        return jnp.where(jnp.abs(turn) > STRAIGHT, farther, jnp.nan)

    def distance_kinks(self, position: Position) -> Float[Array, "5"]:
        """Return by how much each piece is farther than the nearest other one, `(5,)` [m]."""
        away = jnp.sqrt(self._squares(self._section(position)) + 1e-18)
        others = jnp.where(jnp.eye(away.shape[0], dtype=bool), jnp.inf, away[None])
        return away - jnp.min(others, axis=1)

    def known(self, position: Position) -> Scalar:
        """Return the distance to where the cliff is no longer described, `()` [m]."""
        return self.known_to - norm(position)


def build_cliff(
    corners: Float[Array, "4 2"], plateau_slope: Scalar, outward: Vector, known_to: Scalar
) -> ParametricCliff:
    """Return a cliff from the corners of its cross-section.

    Args:
        corners: From `cliff_corners`, `(4, 2)` [m].
        plateau_slope: Rise of the ground towards the edge, `()` [rad].
        outward: Horizontal unit vector out from the face, `(3,)` [-].
        known_to: Distance from the lip to which the cliff is believed, `()` [m].
    """
    edge, foot = corners[0], corners[3]
    behind = edge - FAR * jnp.stack([jnp.cos(plateau_slope), jnp.sin(plateau_slope)])
    beyond = foot + jnp.stack([jnp.full_like(plateau_slope, FAR), jnp.zeros_like(plateau_slope)])
    starts = jnp.concatenate([behind[None], corners])
    ends = jnp.concatenate([corners, beyond[None]])
    return ParametricCliff(starts, ends - starts, outward, known_to)


def cliff_corners(
    edge_out: Scalar,
    edge_up: Scalar,
    wall_height: Scalar,
    wall_angle: Scalar,
    undercut_depth: Scalar,
    undercut_height: Scalar,
    talus_angle: Scalar,
    valley_up: Scalar,
) -> Float[Array, "4 2"]:
    """Return the corners of a cliff's cross-section.

    Args:
        edge_out: Distance of the cliff edge out from the lip, `()` [m].
        edge_up: Height of the edge relative to the lip, `()` [m].
        wall_height: From the edge to the top of the talus, `()` [m].
        wall_angle: From horizontal, 90 degrees is vertical, `()` [rad].
        undercut_depth: How far the rock goes back under the edge, `()` [m].
        undercut_height: Height over which it goes back, `()` [m].
        talus_angle: Of the slope below the wall, from horizontal, `()` [rad].
        valley_up: Height of the valley floor relative to the lip, `()` [m].

    Returns:
        Edge, back of the undercut, foot of the wall, foot of the talus: `(4, 2)` [m].
    """
    wall_height = jnp.minimum(wall_height, edge_up - valley_up - 1.0)
    roof = jnp.minimum(undercut_height, 0.9 * wall_height)
    back_out, back_up = edge_out - undercut_depth, edge_up - roof
    foot_up = edge_up - wall_height
    foot_out = back_out + (back_up - foot_up) / jnp.tan(wall_angle)
    talus_out = foot_out + (foot_up - valley_up) / jnp.tan(talus_angle)
    rows = [(edge_out, edge_up), (back_out, back_up), (foot_out, foot_up), (talus_out, valley_up)]
    return jnp.stack([jnp.stack(row) for row in rows])


class NestedGrid(AbstractTerrain):
    """Signed distances sampled on boxes that nest: the finest box that holds a point answers.

    Between samples the field is a quadratic B-spline: 27 samples that lie together in memory, one
    lookup for distance and normal. It returns any linear field exactly, its normal has no jumps, and
    like trilinear interpolation it errs by at most sqrt(3)/2 = 0.87 of a cell for a field that changes
    by at most a metre for each metre. Near the border of a box the next coarser one is blended in.
    Source: Unser 1999, quadratic B-spline; the bound is the spread of its weights, 1/4 cell^2 an axis.

    Attributes:
        origins: Lower corner of each box, finest first, `(levels, 3)` [m].
        cells: Edge of a cell of each box, `(levels,)` [m].
        values: Samples, `(levels, nx, ny, nz)` [m].
        columns: Of each box, twice as fine on the map: top of the rock, ground under an overhang (the
            top where there is none), and distance on the map to where the data end (negative beyond),
            `(levels, 2 nx - 1, 2 ny - 1, 3)` [m]; None: marched, and all of every box is known.
        base: Height from which those two heights count, `()` [m].
    """

    origins: Float[Array, "levels 3"]
    cells: Float[Array, " levels"]
    values: Float[Array, "levels nx ny nz"]
    columns: Float[Array, "levels mx my 3"] | None = None
    base: Scalar | float = 0.0

    def _inside(self, position: Position) -> Float[Array, " levels"]:
        shape = jnp.asarray(self.values.shape[1:], position.dtype)
        low = position[None] - self.origins
        high = self.origins + (shape - 1.0)[None] * self.cells[:, None] - position[None]
        return jnp.minimum(jnp.min(low, axis=1), jnp.min(high, axis=1))

    def _levels(self, position: Position) -> tuple[Int[Array, ""], Int[Array, ""], Scalar]:
        """Return the finest box that holds a point, the next one, and the share of the first."""
        inside = self._inside(position)
        held = inside >= 0.0
        last = self.cells.shape[0] - 1
        first = jnp.where(jnp.any(held), jnp.argmax(held), last)
        others = held & (jnp.arange(last + 1) > first)
        second = jnp.where(jnp.any(others), jnp.argmax(others), first)
        ramp = jnp.clip(inside[first] / (BLEND * self.cells[first]), 0.0, 1.0)
        share = jnp.where(second == first, 1.0, ramp * ramp * (3.0 - 2.0 * ramp))
        return first, second, share

    def _sample(self, level: Int[Array, ""], position: Position) -> tuple[Scalar, Vector]:
        """Return distance and gradient from one box; outside it a lower bound of the distance."""
        shape = jnp.asarray(self.values.shape[1:], position.dtype)
        scaled = (position - self.origins[level]) / self.cells[level]
        held = jnp.clip(scaled, 0.0, shape - 1.0)
        nearest = jnp.clip(jnp.round(held), 1.0, shape - 2.0)
        t = (held - nearest)[:, None]
        # Beyond the last half cell the spline goes on as a straight line to the border's sample.
        bent = jnp.clip(t, -0.5, 0.5)
        rest = t - bent
        slopes = jnp.concatenate([bent - 0.5, -2.0 * bent, bent + 0.5], axis=1)
        weights = jnp.concatenate([0.5 * (0.5 - bent) ** 2, 0.75 - bent**2, 0.5 * (0.5 + bent) ** 2], axis=1)
        weights = weights + rest * slopes
        i, j, k = nearest.astype(int) - 1
        block = jax.lax.dynamic_slice(self.values, (level, i, j, k), (1, 3, 3, 3))[0]
        # Sums of products, not matrix products: those become calls that cost more than they do.
        deep, steep = weights[2][None, None], slopes[2][None, None]
        wide, tilted = weights[1][None], slopes[1][None]
        along_z, slope_z = jnp.sum(block * deep, axis=2), jnp.sum(block * steep, axis=2)
        rows, slope_y = jnp.sum(along_z * wide, axis=1), jnp.sum(along_z * tilted, axis=1)
        slope_z = jnp.sum(slope_z * wide, axis=1)
        pairs = ((rows, slopes[0]), (slope_y, weights[0]), (slope_z, weights[0]))
        gradient = jnp.stack([jnp.sum(row * weight) for row, weight in pairs])
        value = jnp.sum(rows * weights[0])
        return value - norm(scaled - held) * self.cells[level], gradient / self.cells[level]

    def _column(self, level: Int[Array, ""], position: Position) -> Float[Array, "3"]:
        """Return top, ground and reach of the data in a point's column, bilinear, `(3,)` [m]."""
        assert self.columns is not None
        shape = jnp.asarray(self.columns.shape[1:3], position.dtype)
        scaled = 2.0 * (position[:2] - self.origins[level, :2]) / self.cells[level]
        held = jnp.clip(scaled, 0.0, shape - 1.0)
        corner = jnp.clip(jnp.floor(held), 0.0, shape - 2.0)
        (i, j), (x, y) = corner.astype(int), held - corner
        block = jax.lax.dynamic_slice(self.columns, (level, i, j, 0), (1, 2, 2, 3))[0]
        row = (1.0 - x) * block[0] + x * block[1]
        return (1.0 - y) * row[0] + y * row[1]

    def known(self, position: Position) -> Scalar:
        """Return the distance to the end of the largest box or to a hole in the data, `()` [m]."""
        inside = jnp.max(self._inside(position))
        if self.columns is None:
            return inside
        return jnp.minimum(inside, self._column(self._levels(position)[0], position)[2])

    def distance(self, position: Position) -> Scalar:
        """Return the distance from the finest box that holds the point, `()` [m].

        Outside every box the nearest sample less the distance to it: a lower bound of what a
        1-Lipschitz field can be there. `known` tells that this happened.
        """
        first, second, share = self._levels(position)
        fine, coarse = self._sample(first, position)[0], self._sample(second, position)[0]
        return share * fine + (1.0 - share) * coarse

    def normal(self, position: Position) -> Vector:
        """Return the unit vector away from the nearest rock, `(3,)` [-]."""
        first, second, share = self._levels(position)
        fine, coarse = self._sample(first, position)[1], self._sample(second, position)[1]
        gradient = share * fine + (1.0 - share) * coarse
        return gradient / norm(gradient)

    def height_above(self, position: Position) -> Scalar:
        """Return a height above rock, `()` [m]: from the columns, or by marching down the field.

        Rock straight below is never nearer than the nearest rock, which catches the ramp that a
        column table makes of a wall.
        """
        if self.columns is None:
            return self._march_down(position)
        top, ground, _ = self._column(self._levels(position)[0], position)
        up = position[2] - self.base
        above = up - jnp.where(up >= top, top, ground)
        return jnp.maximum(above, self.distance(position))

    def _march_down(self, position: Position) -> Scalar:
        def march(_, depth):
            return depth + jnp.maximum(self.distance(position.at[2].add(-depth)), 0.0)

        return jax.lax.fori_loop(0, 64, march, jnp.zeros((), position.dtype))


def sample_grid(
    terrain: AbstractTerrain, centre: np.ndarray, cells: tuple[float, ...], count: int
) -> NestedGrid:
    """Return nested grids of a terrain around a point, each `count` samples a side.

    Args:
        terrain: What to sample.
        centre: Of every box, `(3,)` [m].
        cells: Cell size of each box, finest first [m].
        count: Samples along each edge.

    Returns:
        The sampled field.
    """
    steps = np.arange(count) - (count - 1) / 2.0
    unit = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1)
    sample = jax.jit(jax.vmap(terrain.distance))
    values = [np.asarray(sample(jnp.asarray((centre + c * unit).reshape(-1, 3)))) for c in cells]
    origins = np.stack([centre + c * steps[0] for c in cells])
    shape = (len(cells), count, count, count)
    return NestedGrid(
        jnp.asarray(origins), jnp.asarray(cells, origins.dtype), jnp.asarray(np.stack(values)).reshape(shape)
    )
