"""Air loads that several bodies share."""

import jax.numpy as jnp

from precipice.frames import Force, Quaternion, Scalar, Vector, Velocity, norm, rotate
from precipice.world.body import Body


def drag(air_velocity: Velocity, drag_area: Scalar, air_density: Scalar) -> Force:
    """Return the drag on a body moving through air.

    Takes the velocity vector, never a component: drag is quadratic.

    Args:
        air_velocity: Relative to the air, east-north-up, `(3,)` [m/s].
        drag_area: Drag coefficient times reference area, `()` [m^2].
        air_density: `()` [kg/m^3].

    Returns:
        Force on the body, east-north-up, `(3,)` [N].

    Source: Hoerner 1965, ch. 1; checked in tests/published/test_freefall_table.py.
    """
    return -0.5 * air_density * drag_area * norm(air_velocity) * air_velocity


def lift(air_velocity: Velocity, towards: Vector, lift_area: Scalar, air_density: Scalar) -> Force:
    """Return the lift on a body, normal to its motion through the air.

    Args:
        air_velocity: Relative to the air, east-north-up, `(3,)` [m/s].
        towards: Side to which the lift acts; only its part normal to the motion counts, `(3,)`.
        lift_area: Lift coefficient times reference area, `()` [m^2].
        air_density: `()` [kg/m^3].

    Returns:
        Force on the body, east-north-up, `(3,)` [N].

    Source: definition of lift, Hoerner and Borst 1985, ch. 1.
    """
    direction = air_velocity / norm(air_velocity)
    across = towards - jnp.sum(towards * direction) * direction
    dynamic = 0.5 * air_density * jnp.sum(air_velocity**2)
    return dynamic * lift_area * across / norm(across)


def alignment(axis: Vector, air_velocity: Velocity) -> Scalar:
    """Return the cosine of the angle between a unit axis and the motion through the air, `()`."""
    return jnp.sum(axis * air_velocity) / norm(air_velocity)


def tumbling_drag_area(body: Body, since: Scalar, attitude: Quaternion, air_velocity: Velocity) -> Scalar:
    """Return the drag area of a body that begins to tumble: in line at first, then the mean.

    Args:
        body: Its two areas and the time in which it forgets how it began.
        since: Time since it fell alone, `()` [s].
        attitude: Forward is in line, `(4,)`.
        air_velocity: `(3,)` [m/s].

    Returns:
        `()` [m^2].

    Source: Cauchy's mean silhouette for the tumbling value; the way from one to the other is assumed.
    """
    forward = rotate(attitude, jnp.array([1.0, 0.0, 0.0], attitude.dtype))
    in_line = alignment(forward, air_velocity) ** 2 * jnp.exp(-since / body.tumble_period)
    return body.drag_area + in_line * (body.inline_drag_area - body.drag_area)


def transonic_factor(rise: Scalar, mach: Scalar) -> Scalar:
    """Return the factor of compressibility on the drag of a person, `()` [-].

    Args:
        rise: Growth of the drag coefficient up to Mach 1.1, `()` [-].
        mach: Speed through the air over that of sound, `()` [-].

    Source: shape of the rise of blunt bodies, Hoerner 1965, ch. 16, smoothed from Mach 0.6 to 1.1; its size
    for a person is 19 % of that of a smooth blunt body (Guerster and Walter 2017, PLoS ONE 12:e0187798),
    whose drag coefficient about doubles.
    Valid for: up to Mach 1.3; faster, nobody has fallen.
    """
    x = jnp.clip((mach - 0.6) / 0.5, 0.0, 1.0)
    return 1.0 + rise * x * x * (3.0 - 2.0 * x)
