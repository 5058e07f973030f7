"""Rock as a signed distance: positive in air, negative in rock, in metres."""

from abc import abstractmethod

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float

from precipice.frames import Position, Scalar, Vector, norm

FAR = 1.0e5


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

    def distance(self, position: Position) -> Scalar:
        """Return the signed distance to the nearest rock, `()` [m]; see the base class."""
        point = self._section(position)
        away = point[None] - self.starts
        fraction = jnp.sum(away * self.along, axis=1) / jnp.sum(self.along * self.along, axis=1)
        away = away - jnp.clip(fraction, 0.0, 1.0)[:, None] * self.along
        closest = jnp.sqrt(jnp.min(jnp.sum(away * away, axis=1)) + 1e-18)
        heights, inside = self._crossings(point)
        buried = jnp.sum(inside & (heights > point[1])) % 2
        return jnp.where(buried == 1, -closest, closest)

    def height_above(self, position: Position) -> Scalar:
        """Return the height above the first rock straight below, `()` [m]; see the base class."""
        point = self._section(position)
        heights, inside = self._crossings(point)
        below = jnp.where(inside & (heights <= point[1]), heights, -FAR)
        return point[1] - jnp.max(below)

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

    Attributes:
        origins: Lower corner of each box, finest first, `(levels, 3)` [m].
        cells: Edge of a cell of each box, `(levels,)` [m].
        values: Samples, `(levels, nx, ny, nz)` [m].
    """

    origins: Float[Array, "levels 3"]
    cells: Float[Array, " levels"]
    values: Float[Array, "levels nx ny nz"]

    def _inside(self, position: Position) -> Float[Array, " levels"]:
        shape = jnp.asarray(self.values.shape[1:], position.dtype)
        low = position[None] - self.origins
        high = self.origins + (shape - 1.0)[None] * self.cells[:, None] - position[None]
        return jnp.minimum(jnp.min(low, axis=1), jnp.min(high, axis=1))

    def known(self, position: Position) -> Scalar:
        """Return the distance to the end of the largest box, `()` [m]."""
        return jnp.max(self._inside(position))

    def distance(self, position: Position) -> Scalar:
        """Return the trilinear distance of the finest box that holds the point, `()` [m].

        Outside every box the nearest sample less the distance to it: a lower bound of what a
        1-Lipschitz field can be there. `known` tells that this happened.
        """
        inside = self._inside(position)
        level = jnp.where(jnp.any(inside >= 0.0), jnp.argmax(inside >= 0.0), self.cells.shape[0] - 1)
        shape = jnp.asarray(self.values.shape[1:], position.dtype)
        scaled = (position - self.origins[level]) / self.cells[level]
        held = jnp.clip(scaled, 0.0, shape - 1.0)
        corner = jnp.clip(jnp.floor(held), 0.0, shape - 2.0)
        part = held - corner
        i, j, k = corner.astype(int)
        total = jnp.zeros((), position.dtype)
        for a in (0, 1):
            for b in (0, 1):
                for c in (0, 1):
                    weight = jnp.prod(jnp.where(jnp.array([a, b, c]) == 1, part, 1.0 - part))
                    total = total + weight * self.values[level, i + a, j + b, k + c]
        return total - norm(scaled - held) * self.cells[level]

    def height_above(self, position: Position) -> Scalar:
        """Return a height above rock by marching down the field, `()` [m]."""

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
