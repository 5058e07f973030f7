"""Flights from one lip in still air, with the level distance in place of time."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from precipice.earth import GRAVITY
from precipice.frames import Scalar

STEPS = 48
"""Runge-Kutta steps of a flight: 1e-9 m over 60 m, measured against an integration at 1e-12."""
NEWTON = 4
"""Corrections of the takeoff speed: without drag the first one is exact."""

Flying = Float[Array, "4"]
"""Height [m], rise (tangent of the path angle) [-], 1/(level speed)^2 [s^2/m^2], time [s]."""
Rates = Callable[[Flying, Scalar], Flying]


class Impact(NamedTuple):
    """A flight at some distance from the lip.

    Attributes:
        takeoff_speed: `()` [m/s].
        up: Above the lip, `()` [m].
        speed: `()` [m/s].
        path_angle: Positive up, `()` [rad].
        time: Since the lip, `()` [s].
    """

    takeoff_speed: Scalar
    up: Scalar
    speed: Scalar
    path_angle: Scalar
    time: Scalar


def along_velocity(state: Flying, drag: Scalar) -> Flying:
    """Return the rates of a flight over level distance, with drag against the velocity vector, `(4,)`.

    Args:
        state: See `Flying`, `(4,)`.
        drag: Air density times drag area over twice the mass, `()` [1/m].

    Source: m dv/dt = m g - m drag |v| v, divided by the level speed.
    Valid for: still air of one density, no lift.
    """
    rise, inverse = state[1], state[2]
    slower = 2.0 * drag * inverse * jnp.sqrt(1.0 + rise * rise)
    return jnp.stack([rise, -GRAVITY * inverse, slower, jnp.sqrt(inverse)])


def _end(inverse: Scalar, distance: Scalar, lip_angle: Scalar, drag: Scalar, rates: Rates) -> Flying:
    step = distance / STEPS
    zero = jnp.zeros_like(inverse)
    state = jnp.stack([zero, jnp.tan(lip_angle) + zero, inverse, zero])

    def advance(_: Array, state: Flying) -> Flying:
        a = rates(state, drag)
        b = rates(state + 0.5 * step * a, drag)
        c = rates(state + 0.5 * step * b, drag)
        d = rates(state + step * c, drag)
        return state + step / 6.0 * (a + 2.0 * b + 2.0 * c + d)

    return jax.lax.fori_loop(0, STEPS, advance, state)


def _impact(inverse: Scalar, end: Flying, lip_angle: Scalar) -> Impact:
    return Impact(
        takeoff_speed=1.0 / (jnp.sqrt(inverse) * jnp.cos(lip_angle)),
        up=end[0],
        speed=jnp.sqrt((1.0 + end[1] ** 2) / end[2]),
        path_angle=jnp.arctan(end[1]),
        time=end[3],
    )


def fly_over(
    takeoff_speed: Scalar, distance: Scalar, lip_angle: Scalar, drag: Scalar, rates: Rates = along_velocity
) -> Impact:
    """Return a flight where it has gone a level distance.

    Args:
        takeoff_speed: `()` [m/s], above zero.
        distance: `()` [m].
        lip_angle: `()` [rad].
        drag: Air density times drag area over twice the mass, `()` [1/m].
        rates: Law of motion.
    """
    inverse = 1.0 / (takeoff_speed * jnp.cos(lip_angle)) ** 2
    return _impact(inverse, _end(inverse, distance, lip_angle, drag, rates), lip_angle)


def fly_through(
    distance: Scalar, up: Scalar, lip_angle: Scalar, drag: Scalar, rates: Rates = along_velocity
) -> Impact:
    """Return the flight that passes through a point, at that point.

    Args:
        distance: Of the point, level, `()` [m], above zero.
        up: Of the point above the lip, `()` [m].
        lip_angle: `()` [rad].
        drag: Air density times drag area over twice the mass, `()` [1/m].
        rates: Law of motion.

    Returns:
        The flight; NaN for a point that no speed reaches: on or above the line along the lip.

    Source: vacuum speed v^2 = g x^2/(2 cos^2 a (x tan a - y)), then Newton on 1/(level speed)^2, in which the
    height is linear without drag.
    """
    below = distance * jnp.tan(lip_angle) - up
    inverse = jnp.where(below > 0.0, 2.0 * below / (GRAVITY * distance**2), jnp.nan)
    height = partial(_height, distance=distance, lip_angle=lip_angle, drag=drag, rates=rates)

    def correct(_: Array, inverse: Scalar) -> Scalar:
        here, change = jax.jvp(height, (inverse,), (jnp.ones_like(inverse),))
        # Never below a quarter of the last guess: the square of a speed stays positive.
        return jnp.maximum(inverse - (here - up) / change, 0.25 * inverse)

    inverse = jax.lax.fori_loop(0, NEWTON, correct, inverse)
    return _impact(inverse, _end(inverse, distance, lip_angle, drag, rates), lip_angle)


def _height(inverse: Scalar, distance: Scalar, lip_angle: Scalar, drag: Scalar, rates: Rates) -> Scalar:
    return _end(inverse, distance, lip_angle, drag, rates)[0]
