"""From the plane of the ramp into the air."""

import jax.numpy as jnp
from jaxtyping import Array, Float

from precipice.earth import GRAVITY
from precipice.frames import Scalar, attitude_from_bearing, heading_vector, right_vector
from precipice.world.world import World


def takeoff(
    state: Float[Array, "6"], lateral: Scalar, heading_error: Scalar, world: World
) -> Float[Array, "13"]:
    """Return the vehicle's rigid-body state when its rear wheel has left the lip.

    Args:
        state: Of `RampPhase`: place and motion in the plane of the ramp, `(6,)`.
        lateral: Offset to the right at the ramp's foot, `()` [m].
        heading_error: `()` [rad].
        world: Gives the rider's pop and pitch-rate error.

    Returns:
        State of `FlightPhase`, `(13,)`.

    Source: the rider's pop changes the speed normal to the ramp at the lip (McNeil 2011).
    """
    run_up, performer = world.run_up, world.performer
    bearing = run_up.bearing + heading_error
    up = jnp.array([0.0, 0.0, 1.0], state.dtype)
    angle = world.ramp.lip_angle
    pop = performer.pop * (jnp.cos(angle) * up - jnp.sin(angle) * heading_vector(bearing))
    aside = lateral + (state[0] + world.ramp.base) * jnp.tan(heading_error)
    position = (
        state[0] * heading_vector(run_up.bearing) + aside * right_vector(run_up.bearing) + state[1] * up
    )
    velocity = state[3] * heading_vector(bearing) + state[4] * up + pop
    spin = -(state[5] + performer.pitch_rate_error) * jnp.array([0.0, 1.0, 0.0], state.dtype)
    return jnp.concatenate([position, velocity, attitude_from_bearing(bearing, state[2]), spin])


def target_speed(world: World) -> Scalar:
    """Return the speed at the ramp's foot that the rider aims at, with the rider's error.

    Source: energy over the ramp: height gained, rolling resistance, air drag at the lip speed, drive.
    Springs and the last of the acceleration leave the lip speed some 0.2 m/s below the plan.

    Args:
        world: The run's world.

    Returns:
        `()` [m/s].
    """
    plan, ramp, vehicle = world.plan, world.ramp, world.vehicle
    way = ramp.arc + vehicle.wheelbase
    angle = ramp.lip_angle
    rise = ramp.height + vehicle.rear_axle_to_cg * jnp.sin(angle) + vehicle.cg_height * (jnp.cos(angle) - 1.0)
    density = world.atmosphere.density(-ramp.height)
    headwind = -jnp.sum(world.wind.free(jnp.zeros_like(rise)) * heading_vector(world.run_up.bearing))
    aero = 0.5 * density * vehicle.drag_area * (plan.lip_speed + headwind) ** 2 / vehicle.mass
    lost = GRAVITY * rise + way * (ramp.rolling_resistance * GRAVITY + aero - plan.ramp_drive)
    return jnp.sqrt(jnp.maximum(plan.lip_speed**2 + 2.0 * lost, 1.0)) + world.performer.speed_error
