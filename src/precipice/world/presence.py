"""Who and what else is there: aircraft that move steadily, people in circles on the ground."""

from typing import Any

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from precipice.frames import Position, Scalar, Velocity

FAR = 1.0e4
"""Stands for a distance that does not count [m]."""


class Presence(eqx.Module):
    """Aircraft and people around the stunt.

    Attributes:
        aircraft: East, north, up at the takeoff or exit [m], velocity east, north, up [m/s], keep-out [m],
            and from when to when it is there, after takeoff or exit [s], `(n, 9)`.
        people: East, north, radius [m], from when to when they are there [s], `(m, 5)`.
    """

    aircraft: Float[Array, "n 9"]
    people: Float[Array, "m 5"]

    def aircraft_left(
        self, since: Scalar, length: Scalar, start: tuple[Position, Velocity], end: tuple[Position, Velocity]
    ) -> Scalar:
        """Return the least distance of a point to any aircraft during one step, over its keep-out, `()` [m].

        Args:
            since: Start of the step after the takeoff or exit, `()` [s].
            length: Of the step, `()` [s].
            start: Position and velocity at its start, each `(3,)`.
            end: At its end.

        Source: nearest point of the chord, then one Newton step on the cubic through both ends.
        """
        if self.aircraft.shape[0] == 0:
            return jnp.full_like(since, FAR)
        rows = self.aircraft
        moved = rows[:, :3] + since * rows[:, 3:6]
        first = start[0][None] - moved
        step = (end[0] - start[0])[None] - length * rows[:, 3:6]
        share, there, low, high = _nearest(first, step, since, length, rows[:, 7], rows[:, 8])

        def apart(share: Any) -> tuple[Any, Any]:
            place, rate = _bend(start, end, length, share)
            own = moved + (share * length)[:, None] * rows[:, 3:6]
            return place - own, rate - length * rows[:, 3:6]

        return _least(apart, _nearer(share, *apart(share), low, high), there, rows[:, 6])

    def people_left(
        self, since: Scalar, length: Scalar, start: tuple[Position, Velocity], end: tuple[Position, Velocity]
    ) -> Scalar:
        """Return the least distance on the map to any circle of people during one step, `()` [m].

        Args:
            since: Start of the step after the takeoff or exit, `()` [s].
            length: Of the step, `()` [s].
            start: Position and velocity at its start, each `(3,)`.
            end: At its end.
        """
        if self.people.shape[0] == 0:
            return jnp.full_like(since, FAR)
        rows = self.people
        first = start[0][None, :2] - rows[:, :2]
        step = (end[0] - start[0])[None, :2] + 0.0 * first
        share, there, low, high = _nearest(first, step, since, length, rows[:, 3], rows[:, 4])

        def apart(share: Any) -> tuple[Any, Any]:
            place, rate = _bend(start, end, length, share)
            return place[:, :2] - rows[:, :2], rate[:, :2]

        return _least(apart, _nearer(share, *apart(share), low, high), there, rows[:, 2])


def _least(apart: Any, share: Any, there: Any, reach: Any) -> Any:
    """Return the least distance over what is to be kept, of those who are there and keep any, `()` [m]."""
    place, _ = apart(share)
    left = jnp.sqrt(jnp.sum(place * place, axis=1) + 1e-6) - reach
    return jnp.min(jnp.where(there & (reach > 0.0), left, FAR))


def _nearest(
    first: Any, step: Any, since: Any, length: Any, begin: Any, end: Any
) -> tuple[Any, Any, Any, Any]:
    """Return which share of a step is nearest on the straight line, whether anybody is there, and limits."""
    span = jnp.maximum(length, 1e-9)
    low = jnp.clip((begin - since) / span, 0.0, 1.0)
    high = jnp.clip((end - since) / span, 0.0, 1.0)
    share = -jnp.sum(first * step, axis=1) / jnp.maximum(jnp.sum(step * step, axis=1), 1e-9)
    return jnp.clip(share, low, high), (begin <= since + length) & (end >= since), low, high


def _nearer(share: Any, place: Any, rate: Any, low: Any, high: Any) -> Any:
    """Return a share moved to where the way apart is at right angles to the motion, `(n,)`."""
    shift = jnp.sum(place * rate, axis=1) / jnp.maximum(jnp.sum(rate * rate, axis=1), 1e-9)
    return jnp.clip(share - shift, low, high)


def _bend(start: tuple[Any, Any], end: tuple[Any, Any], length: Any, share: Any) -> tuple[Any, Any]:
    """Return the cubic through both ends of a step, with their velocities, and its rate, `(n, 3)` each."""
    s = share[:, None]
    a, step = start[0][None], (end[0] - start[0])[None]
    u, v = length * start[1][None] - step, step - length * end[1][None]
    place = a + s * step + s * (1.0 - s) * (u * (1.0 - s) + v * s)
    rate = step + (1.0 - 2.0 * s) * (u * (1.0 - s) + v * s) + s * (1.0 - s) * (v - u)
    return place, rate


def build_presence(aircraft: Float[Array, "n 10"], people: Float[Array, "m 5"], origin: Scalar) -> Presence:
    """Return who is there, with heights relative to the origin.

    Args:
        aircraft: See `precipice.world.arrange.Inputs`.
        people: See there.
        origin: Altitude of the lip or exit, `()` [m].
    """
    up = aircraft[:, 2] - jnp.where(aircraft[:, 3] > 0.5, 0.0, origin)
    return Presence(jnp.concatenate([aircraft[:, :2], up[:, None], aircraft[:, 4:]], axis=1), people)
