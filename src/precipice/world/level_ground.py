"""Ground that is level everywhere: where no rock is described, the altitude of the landing area."""

import jax.numpy as jnp

from precipice.frames import Position, Scalar, Vector
from precipice.world.terrain import FAR, AbstractTerrain


class LevelGround(AbstractTerrain):
    """A horizontal plane.

    Attributes:
        up: Its height above the local origin, `()` [m].
    """

    up: Scalar

    def distance(self, position: Position) -> Scalar:
        """Return the height above the plane, `()` [m]; see the base class."""
        return position[2] - self.up

    def height_above(self, position: Position) -> Scalar:
        """Return the height above the plane, `()` [m]; see the base class."""
        return position[2] - self.up

    def known(self, position: Position) -> Scalar:
        """Return how far the plane is believed, `()` [m]: to any distance that a fall can reach."""
        return FAR - jnp.sqrt(jnp.sum(position[:2] ** 2) + 1e-18)

    def normal(self, position: Position) -> Vector:
        """Return the upward unit vector, `(3,)` [-]."""
        return jnp.array([0.0, 0.0, 1.0], position.dtype)
