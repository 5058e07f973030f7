"""Obstacles: upright cylinders that stand in the rock's air, and water that is no ground."""

from typing import Any

import jax.numpy as jnp
from jaxtyping import Array, Bool, Float

from precipice.frames import Position, Scalar
from precipice.world.terrain import FAR, AbstractTerrain


class Obstructed(AbstractTerrain):
    """Rock with obstacles on it: the nearer of both answers.

    A cylinder reaches from below the ground to its top, so it has no underside: flying under a wire
    is a strike.

    Attributes:
        ground: The rock.
        cylinders: East, north, top and radius, and 1 if it is solid, 0 if it is water, `(n, 5)` [m];
            radius 0: none.
    """

    ground: AbstractTerrain
    cylinders: Float[Array, "n 5"]

    def _beside(self, position: Position) -> Float[Array, " n"]:
        """Return how far outside each circle on the map a point is, `(n,)` [m]."""
        away = position[None, :2] - self.cylinders[:, :2]
        return jnp.sqrt(jnp.sum(away * away, axis=1) + 1e-18) - self.cylinders[:, 3]

    def normal_jumps(self, position: Position) -> Float[Array, " m"]:
        """Return the rock's own, then by how much the rock is farther than the obstacles, `(m,)` [m].

        Left out: halfway between two obstacles, and inside one.
        """
        farther = self.ground.distance(position) - self.obstacle_distance(position)
        return jnp.concatenate([self.ground.normal_jumps(position), farther[None]])

    def obstacle_distance(self, position: Position) -> Scalar:
        """Return the signed distance to the nearest solid obstacle, `()` [m].

        Args:
            position: East-north-up, `(3,)` [m].

        Source: exact distance to a cylinder without a bottom.
        """
        beside, above = self._beside(position), position[2] - self.cylinders[:, 2]
        corner = jnp.sqrt(jnp.maximum(beside, 0.0) ** 2 + jnp.maximum(above, 0.0) ** 2 + 1e-18)
        outside = jnp.where((beside > 0.0) & (above > 0.0), corner, jnp.maximum(beside, above))
        solid = (self.cylinders[:, 4] > 0.5) & (self.cylinders[:, 3] > 0.0)
        return jnp.min(jnp.where(solid, outside, FAR))

    def distance(self, position: Position) -> Scalar:
        """Return the signed distance to the nearest rock or obstacle, `()` [m]; see the base class."""
        return jnp.minimum(self.ground.distance(position), self.obstacle_distance(position))

    def height_above(self, position: Position) -> Scalar:
        """Return the height above the rock straight below, obstacles left out, `()` [m]."""
        return self.ground.height_above(position)

    def known(self, position: Position) -> Scalar:
        """Return the distance to the end of the data, `()` [m]; see the base class."""
        return self.ground.known(position)

    def struck(self, position: Position, reach: Scalar) -> Bool[Array, ""]:
        """Return whether a body that has struck something has struck an obstacle, `()`.

        Args:
            position: Of the body, `(3,)` [m].
            reach: How far above it its canopy is, `()` [m]; 0 without one.
        """
        above = position.at[2].add(reach)
        own, over = self.obstacle_distance(position), self.obstacle_distance(above)
        rock = jnp.minimum(self.ground.distance(position), self.ground.distance(above))
        return jnp.minimum(own, over) <= rock

    def in_water(self, position: Position) -> Bool[Array, ""]:
        """Return whether a place on the map is inside a circle of water, `()`."""
        water = (self.cylinders[:, 4] < 0.5) & (self.cylinders[:, 3] > 0.0)
        return jnp.any(water & (self._beside(position) <= 0.0))


def bare_rock(terrain: Any) -> Any:
    """Return the rock without what stands on it.

    Args:
        terrain: Rock, with obstacles or without.
    """
    return terrain.ground if isinstance(terrain, Obstructed) else terrain
