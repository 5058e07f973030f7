"""Mean wind, and what a cliff does to it."""

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from precipice.frames import Position, Scalar, Vector, Velocity
from precipice.world.gust import Gust
from precipice.world.lookup import beyond_row, interpolate_rows
from precipice.world.maybe import Maybe

BENDS_BELOW = (-0.5, -0.25, 0.0, 0.1, 2.0 / 3.0, 1.0, 4.0 / 3.0, 1.5)
"""Depths below the edge at which a smooth step of upwash or rotor begins or ends, in wall heights."""


class Wind(eqx.Module):
    """Wind from a table over height, bent by the cliff where there is one, with frozen gusts.

    Attributes:
        heights: Above the landing area, rising, `(n,)` [m].
        velocities: Mean wind at those heights, east and north, `(n, 2)` [m/s].
        landing_up: Height of the landing area relative to the local origin, `()` [m].
        gust: The run's turbulence.
        outward: Horizontal unit vector out from the face, `(3,)` [-].
        edge_out: Distance of the edge out from the lip, `()` [m].
        edge_up: Height of the edge relative to the lip, `()` [m].
        wall_height: `()` [m].
        upwash: Upward part of the wind onto the face, `()` [-].
        upwash_reach: Distance before the face over which it fades, in wall heights, `()` [-].
        rotor_reversal: Reversed part of the wind off the edge, `()` [-].
        rotor_sink: Sinking part, `()` [-].
        rotor_reach: Length of the rotor, in wall heights, `()` [-].
        rotor_gust_factor: Gust intensity inside the rotor over that outside, `()` [-].
    """

    heights: Float[Array, " n"]
    velocities: Float[Array, "n 2"]
    landing_up: Scalar
    gust: Gust
    outward: Vector
    edge_out: Maybe[Scalar]
    edge_up: Maybe[Scalar]
    wall_height: Maybe[Scalar]
    upwash: Scalar
    upwash_reach: Scalar
    rotor_reversal: Scalar
    rotor_sink: Scalar
    rotor_reach: Scalar
    rotor_gust_factor: Scalar

    def free(self, up: Scalar) -> Velocity:
        """Return the mean wind far from the cliff, `(3,)` [m/s], at a height above the lip [m]."""
        level = interpolate_rows(self.heights, self.velocities, up - self.landing_up)
        return jnp.concatenate([level, jnp.zeros_like(level[:1])])

    def rotor_share(self, position: Position) -> Scalar:
        """Return how far inside the lee rotor a place is, `()`, 0 to 1.

        The rotor lies beyond the edge and below it, to `rotor_reach` wall heights out, and exists
        only while the wind blows off the edge.
        """
        return self._mean_and_rotor(position)[1]

    def _rotor_share(self, out: Scalar, below: Scalar, off_edge: Scalar) -> Scalar:
        inside = _smooth_step(out / (0.1 * self.wall_height))
        inside *= _smooth_step(2.0 * (1.0 - out / (self.rotor_reach * self.wall_height)))
        inside *= _smooth_step(below / (0.1 * self.wall_height))
        inside *= _smooth_step(2.0 - 1.5 * below / self.wall_height)
        return inside * _smooth_step(off_edge)

    def mean(self, position: Position) -> Velocity:
        """Return the mean wind with upwash on both sides of the face's line, or the rotor in its lee.

        Args:
            position: East-north-up, `(3,)` [m].

        Returns:
            `(3,)` [m/s].

        Source: working model after the reviews in docs/phases/air.md; magnitudes are assumptions.
        """
        return self._mean_and_rotor(position)[0]

    def _mean_and_rotor(self, position: Position) -> tuple[Velocity, Scalar]:
        free = self.free(position[2])
        if self.wall_height is None:
            return free, jnp.zeros_like(position[2])
        out, below = self._from_edge(position)
        off_edge = self._off_edge(free)
        height = self.wall_height
        near = jnp.exp(-0.5 * (out / (self.upwash_reach * height)) ** 2)
        level = _smooth_step(1.0 + 4.0 * (below / height + 0.25)) * _smooth_step(3.0 - 2.0 * below / height)
        rise = self.upwash * jnp.maximum(-off_edge, 0.0) * near * level
        rotor = self._rotor_share(out, below, off_edge)
        reversal = -(1.0 + self.rotor_reversal) * off_edge * rotor * self.outward
        up = jnp.array([0.0, 0.0, 1.0], position.dtype)
        sink = self.rotor_sink * jnp.maximum(off_edge, 0.0) * rotor
        return free + reversal + (rise - sink) * up, rotor

    def velocity(
        self, position: Position, travelled: Float[Array, "2"], height: Scalar
    ) -> tuple[Velocity, Velocity]:
        """Return wind with gusts, and its mean.

        Args:
            position: East-north-up, `(3,)` [m].
            travelled: See `Gust.velocity`, `(2,)` [-].
            height: Above the nearest surface, `()` [m].

        Returns:
            Both `(3,)` [m/s].
        """
        mean, rotor = self._mean_and_rotor(position)
        factor = 1.0 + (self.rotor_gust_factor - 1.0) * rotor
        return mean + self.gust.velocity(travelled, height, factor), mean

    def kinks(self, position: Position) -> Float[Array, " m"]:
        """Return functions of the place in whose zeros the mean wind is not smooth, `(m,)`: see `mean`."""
        row = beyond_row(self.heights, position[2] - self.landing_up)[None]
        if self.wall_height is None:
            return row
        out, below = self._from_edge(position)
        off_edge = self._off_edge(self.free(position[2]))
        reach = self.rotor_reach
        outs = jnp.stack([jnp.zeros_like(reach), jnp.full_like(reach, 0.1), 0.5 * reach, reach])
        return jnp.concatenate(
            [
                row,
                out - outs * self.wall_height,
                below - jnp.array(BENDS_BELOW, reach.dtype) * self.wall_height,
                off_edge - jnp.array([0.0, 1.0], reach.dtype),
            ]
        )

    def _from_edge(self, position: Position) -> tuple[Scalar, Scalar]:
        return jnp.sum(position * self.outward) - self.edge_out, self.edge_up - position[2]

    def _off_edge(self, free: Velocity) -> Scalar:
        return jnp.sum(free * self.outward)


def _smooth_step(x: Scalar) -> Scalar:
    x = jnp.clip(x, 0.0, 1.0)
    return x * x * (3.0 - 2.0 * x)
