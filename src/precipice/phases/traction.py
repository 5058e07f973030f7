"""What tyres, wheelbase and engine allow: shared by run-up and ramp."""

from typing import NamedTuple

import jax.numpy as jnp

from precipice.frames import Scalar
from precipice.world.body import Vehicle


class DriveLimits(NamedTuple):
    """Largest accelerations and (positive) decelerations, each `()` [m/s^2]."""

    wheelie: Scalar
    traction: Scalar
    stoppie: Scalar
    front_brake: Scalar
    rear_brake: Scalar
    both_brakes: Scalar


def drive_limits(vehicle: Vehicle, friction: Scalar, load: Scalar) -> DriveLimits:
    """Return what wheelbase, centre of mass and friction allow.

    Args:
        vehicle: Geometry with everybody on it.
        friction: Tyre on surface, `()` [-].
        load: Normal acceleration: g cos(slope) plus curvature times speed squared, `()` [m/s^2].

    Returns:
        The limits.

    Source: longitudinal load transfer, e.g. Cossalter 2006, ch. 3.
    """
    length, back, height = vehicle.wheelbase, vehicle.rear_axle_to_cg, vehicle.cg_height
    front = length - back
    lever = jnp.maximum(length - friction * height, 0.05 * length)
    return DriveLimits(
        wheelie=load * back / height,
        traction=_traction(vehicle, friction * load, front, lever),
        stoppie=load * front / height,
        front_brake=friction * load * back / lever,
        rear_brake=friction * load * front / (length + friction * height),
        both_brakes=friction * load,
    )


def _traction(vehicle: Vehicle, grip: Scalar, front: Scalar, lever: Scalar) -> Scalar:
    """Return what the driven wheels can pull: the rear ones, which load as they pull, or all of them."""
    if vehicle.driven_share is None:
        return grip * front / lever
    rear = grip * vehicle.driven_share * vehicle.wheelbase / lever
    return jnp.where(vehicle.driven_share < 1.0, rear, grip)


def available_drive(
    vehicle: Vehicle, mass: Scalar, speed: Scalar, friction: Scalar, load: Scalar, density_ratio: Scalar
) -> Scalar:
    """Return the largest drive force over mass that the vehicle can put down.

    Args:
        vehicle: Its power is at the driven wheels, at sea level.
        mass: Of everything, `()` [kg].
        speed: `()` [m/s].
        friction: `()` [-].
        load: Normal acceleration, `()` [m/s^2].
        density_ratio: Air density over 1.225 kg/m^3; an engine that breathes freely loses power so, `()`.

    Returns:
        The least of power over speed, traction, and the front wheel lifting, `()` [m/s^2].
    """
    limits = drive_limits(vehicle, friction, load)
    power = vehicle.power * density_ratio / (mass * jnp.maximum(speed, 0.5))
    return jnp.minimum(power, jnp.minimum(limits.wheelie, limits.traction))


def brake_deceleration(vehicle: Vehicle, friction: Scalar, load: Scalar, efficiency: Scalar) -> Scalar:
    """Return the deceleration that a rider gets from both brakes, `()` [m/s^2].

    Args:
        vehicle: Geometry with everybody on it.
        friction: `()` [-].
        load: Normal acceleration, `()` [m/s^2].
        efficiency: Part of the friction that the rider uses, `()` [-].

    Source: friction of both tyres, capped where the rear wheel lifts.
    """
    limits = drive_limits(vehicle, friction, load)
    return jnp.minimum(efficiency * limits.both_brakes, limits.stoppie)


def stopping_distance(
    speed: Scalar, deceleration: Scalar, reaction: Scalar, build_up: Scalar, acceleration: Scalar
) -> Scalar:
    """Return the distance from a call to standstill on a level track.

    Args:
        speed: At the call, `()` [m/s].
        deceleration: Full, `()` [m/s^2].
        reaction: Still accelerating, `()` [s].
        build_up: Of the brakes, linear, `()` [s].
        acceleration: During the reaction, `()` [m/s^2].

    Returns:
        `()` [m].

    Source: constant acceleration, linear build-up, constant deceleration.
    """
    at_brakes = speed + acceleration * reaction
    rolled = speed * reaction + 0.5 * acceleration * reaction**2
    rolled += at_brakes * build_up - deceleration * build_up**2 / 6.0
    at_full = jnp.maximum(at_brakes - 0.5 * deceleration * build_up, 0.0)
    return rolled + 0.5 * at_full**2 / deceleration
