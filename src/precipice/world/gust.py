"""Dryden turbulence, frozen along the path: one correlated field for each run."""

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from precipice.frames import Scalar, Vector
from precipice.world.lookup import beyond_node
from precipice.world.noise import SPACING

FOOT = 0.3048
SCALE_ENDS = (10.0, 1000.0, 2000.0)
"""Heights between which the standard's formulas for scales hold [ft]."""


def interpolate_periodic(table: Float[Array, " n"], place: Scalar) -> Scalar:
    """Return a smooth (once differentiable) value between the nodes of a periodic table.

    Args:
        table: Node values, `(n,)`.
        place: In nodes; wraps around, `()` [-].

    Returns:
        Catmull-Rom interpolation, `()`.
    """
    count = table.shape[0]
    floor = jnp.floor(place)
    t = place - floor
    index = jnp.mod(floor.astype(int) + jnp.array([-1, 0, 1, 2]), count)
    a, b, c, d = table[index]
    return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))


def ease_periodic(table: Float[Array, " n"], place: Scalar) -> Scalar:
    """Return a value of a periodic table, eased from one node to the next (once differentiable).

    Two nodes where `interpolate_periodic` takes four: looking up is what gusts cost.

    Args:
        table: Node values, `(n,)`.
        place: In nodes; wraps around, `()` [-].

    Returns:
        Cubic between the two nodes, level at each, `()`.
    """
    count = table.shape[0]
    floor = jnp.floor(place)
    share = place - floor
    index = jnp.mod(floor.astype(int), count)
    here, there = table[index], table[jnp.where(index == count - 1, 0, index + 1)]
    return here + share * share * (3.0 - 2.0 * share) * (there - here)


def dryden_scales(height: Scalar, wind_at_20_feet: Scalar) -> tuple[Scalar, Scalar, Scalar, Scalar]:
    """Return length scales and intensities of low-altitude Dryden turbulence.

    Args:
        height: Above the nearest surface (never above sea level), `()` [m].
        wind_at_20_feet: The W20 of the standard, `()` [m/s].

    Returns:
        Horizontal scale [m], vertical scale [m], horizontal rms [m/s], vertical rms [m/s], each `()`.

    Source: MIL-F-8785C 3.7.3.4; lengths blend to 1750 ft between 1000 and 2000 ft, intensities stay.
    Valid for: above 10 ft; the standard has no terrain in it.
    """
    feet = jnp.clip(height / FOOT, 10.0, 1000.0)
    shape = 0.177 + 0.000823 * feet
    root = jnp.exp(0.4 * jnp.log(shape))
    horizontal, vertical = feet / root**3, feet
    blend = jnp.clip((height / FOOT - 1000.0) / 1000.0, 0.0, 1.0)
    horizontal = (horizontal + blend * (1750.0 - horizontal)) * FOOT
    vertical = (vertical + blend * (1750.0 - vertical)) * FOOT
    rms = 0.1 * wind_at_20_feet
    return horizontal, vertical, rms / root, rms


class Gust(eqx.Module):
    """One frozen field of turbulence, read off along the path.

    Attributes:
        table: Unit-variance nodes for along-wind, cross-wind and vertical, `(3, n)` [-].
        wind_at_20_feet: `()` [m/s].
        along: Horizontal unit vector of the mean wind, `(3,)` [-].
    """

    table: Float[Array, "3 n"]
    wind_at_20_feet: Scalar
    along: Vector

    def velocity(self, travelled: Float[Array, "2"], height: Scalar, factor: Scalar) -> Vector:
        """Return the gust at a place along the path.

        Args:
            travelled: Path through the air in horizontal and in vertical scale lengths, `(2,)` [-].
            height: Above the nearest surface, `()` [m].
            factor: Scales the intensity (rotor), `()` [-].

        Returns:
            East-north-up, `(3,)` [m/s].
        """
        _, _, rms, rms_vertical = dryden_scales(height, self.wind_at_20_feet)
        place = travelled / SPACING
        along = ease_periodic(self.table[0], place[0])
        across = ease_periodic(self.table[1], place[0])
        vertical = ease_periodic(self.table[2], place[1])
        right = jnp.stack([self.along[1], -self.along[0], jnp.zeros_like(self.along[0])])
        up = jnp.array([0.0, 0.0, 1.0], self.along.dtype)
        return factor * (rms * (along * self.along + across * right) + rms_vertical * vertical * up)

    def kinks(self, travelled: Float[Array, "2"], height: Scalar) -> Float[Array, "5"]:
        """Return functions in whose zeros gusts are not smooth: nodes, ends of the scales' formula, `(5,)`.

        Args:
            travelled: See `velocity`, `(2,)` [-].
            height: See `velocity`, `()` [m].
        """
        place = travelled / SPACING
        return jnp.concatenate([beyond_node(place), height / FOOT - jnp.array(SCALE_ENDS, height.dtype)])

    def travel_rate(self, speed: Scalar, height: Scalar) -> Float[Array, "2"]:
        """Return how fast the path runs through the field, in scale lengths a second, `(2,)` [1/s]."""
        horizontal, vertical, _, _ = dryden_scales(height, self.wind_at_20_feet)
        return speed / jnp.stack([horizontal, vertical])
