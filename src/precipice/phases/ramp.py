"""Ramp: a vehicle on two sprung wheels, in the plane of the ramp, until both have left the lip."""

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from precipice.earth import GRAVITY
from precipice.frames import Scalar, Vector, attitude_from_bearing, heading_vector, norm, right_vector
from precipice.phases.phase import NO_GAP, AbstractJumpingPhase, Record
from precipice.phases.run_up import STOPPED
from precipice.phases.traction import available_drive, brake_deceleration
from precipice.world.body import Vehicle
from precipice.world.lookup import beyond_row
from precipice.world.world import World


class RampMemory(NamedTuple):
    """What a ramp leg knows.

    Attributes:
        front_on: 1 while the front wheel is still on the ramp, 0 after it has passed the lip, `()`.
        brake_time: When the brakes come on; infinite without an abort, `()` [s].
        lateral: Offset to the right at the foot, `()` [m].
        heading_error: Kept from the foot, `()` [rad].
        drive: That the rider asks for, `()` [m/s^2].
    """

    front_on: Scalar
    brake_time: Scalar
    lateral: Scalar
    heading_error: Scalar
    drive: Scalar


class Forces(NamedTuple):
    """Loads on the vehicle in the plane of the ramp.

    Attributes:
        force: Forward and up, without gravity, `(2,)` [N].
        moment: Nose up, `()` [N m].
        front: Normal load of the front wheel, `()` [N].
        rear: Normal load of the rear wheel, `()` [N].
    """

    force: Float[Array, "2"]
    moment: Scalar
    front: Scalar
    rear: Scalar


class RampPhase(AbstractJumpingPhase[RampMemory]):
    """State: forward [m], up [m], pitch [rad] (nose up) of the centre of mass, and their rates.

    Suspensions are linear springs and dampers at the wheels' contact points with no unsprung mass;
    a wheel never pulls. The front wheel passing the lip ends the first leg, the rear wheel the second,
    so no force jumps inside a leg.

    Source: planar half-vehicle with one-sided contacts; in the stiff limit it must give the rigid
    two-contact result (tests/published/test_lip_pitch.py).
    Left out: tyre slip, chain forces, the rider's own motion (see `takeoff`).
    """

    def vector_field(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: RampMemory
    ) -> Float[Array, " n"]:
        """Return the rates of place and motion, `(6,)`."""
        mass = world.vehicle.mass
        loads = self.forces(t, state, world, memory)
        acceleration = loads.force / mass - jnp.array([0.0, GRAVITY], state.dtype)
        spin = loads.moment / world.vehicle.pitch_inertia
        return jnp.concatenate([state[3:], acceleration, spin[None]])

    def forces(self, t: Scalar, state: Float[Array, " n"], world: World, memory: RampMemory) -> Forces:
        """Return wheel loads, drive, brakes, rolling resistance and air drag."""
        vehicle, ramp = world.vehicle, world.ramp
        mass = vehicle.mass
        velocity = state[3:5]
        rear_arm, rear_load, rear_slope = _contact(state, world, rear=True)
        front_arm, front_load, front_slope = _contact(state, world, rear=False)
        front_load = front_load * memory.front_on
        speed = jnp.sqrt(jnp.sum(velocity**2) + 1e-6)
        available = available_drive(
            vehicle,
            mass,
            speed,
            ramp.friction,
            jnp.full_like(speed, 3.0 * GRAVITY),
            world.atmosphere.density_ratio(state[1]),
        )
        drive = mass * jnp.minimum(memory.drive, available)
        drive = jnp.where(t < memory.brake_time, jnp.minimum(drive, ramp.friction * rear_load), 0.0)
        built_up = jnp.clip((t - memory.brake_time) / world.performer.brake_build_up, 0.0, 1.0)
        grip = built_up * brake_deceleration(
            vehicle, ramp.friction, jnp.ones_like(speed), world.performer.braking_efficiency
        )
        held = (grip + ramp.rolling_resistance) * jnp.tanh(speed / STOPPED)
        force, moment = self._aero(state, world)
        for arm, load, slope, push in (
            (rear_arm, rear_load, rear_slope, drive - held * rear_load),
            (front_arm, front_load, front_slope, -held * front_load),
        ):
            along = jnp.stack([jnp.cos(slope), jnp.sin(slope)])
            across = jnp.stack([-jnp.sin(slope), jnp.cos(slope)])
            wheel = load * across + push * along
            force = force + wheel
            moment = moment + arm[0] * wheel[1] - arm[1] * wheel[0]
        return Forces(force, moment, front_load, rear_load)

    def jumps(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: RampMemory
    ) -> Float[Array, "3"]:
        """Return the time since the brakes came on [s], and how far each wheel's spring is in [m], `(3,)`."""
        springs = [_touch(state, world, rear)[0] for rear in (True, False)]
        return jnp.stack([t - memory.brake_time, *springs])

    def kinks(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: RampMemory
    ) -> Float[Array, " m"]:
        """Return functions in whose zeros the rates are not smooth, `(m,)`: of air, wheels and brakes."""
        own = [t - memory.brake_time - world.performer.brake_build_up]
        for rear in (True, False):
            _, push, _, forward, _ = _touch(state, world, rear)
            own += [push / world.vehicle.mass, beyond_row(world.ramp.x, forward)]
        place = _place(state, world, jnp.zeros_like(state[0]))
        return jnp.concatenate([world.air_kinks(place), jnp.stack(own)])

    def _aero(self, state: Float[Array, " n"], world: World) -> tuple[Float[Array, "2"], Scalar]:
        bearing = world.run_up.bearing
        motion = state[3] * heading_vector(bearing) + state[4] * jnp.array([0.0, 0.0, 1.0], state.dtype)
        air_velocity, density = world.air(_place(state, world, jnp.zeros_like(state[0])), motion)
        planar = jnp.stack([jnp.sum(air_velocity * heading_vector(bearing)), air_velocity[2]])
        force = -0.5 * density * world.vehicle.drag_area * norm(planar) * planar
        return force, -force[0] * world.vehicle.pressure_centre_height

    def margins(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: RampMemory
    ) -> dict[str, Scalar]:
        """Return how far the next wheel is from the lip, and what is left to standstill and to the side."""
        rear_arm, _, _ = _contact(state, world, rear=True)
        front_arm, _, _ = _contact(state, world, rear=False)
        wheel = jnp.where(memory.front_on > 0.5, front_arm[0], rear_arm[0])
        past = state[0] + wheel
        lateral = memory.lateral + (state[0] + world.ramp.base) * jnp.tan(memory.heading_error)
        return {
            "lip": -past,
            "stopped": state[3] - STOPPED,
            "side": world.ramp.half_width - jnp.abs(lateral),
        }

    def record(self, t: Scalar, state: Float[Array, " n"], world: World, memory: RampMemory) -> Record:
        """Return the centre of mass of the vehicle and its motion."""
        bearing = world.run_up.bearing + memory.heading_error
        lateral = memory.lateral + (state[0] + world.ramp.base) * jnp.tan(memory.heading_error)
        position = _place(state, world, lateral)
        velocity = state[3] * heading_vector(bearing) + state[4] * jnp.array([0.0, 0.0, 1.0], state.dtype)
        loads = self.forces(t, state, world, memory)
        mass = world.vehicle.mass
        air_velocity, _ = world.air(position, velocity)
        return Record(
            position=position,
            velocity=velocity,
            attitude=attitude_from_bearing(bearing, state[2]),
            load=jnp.sqrt(jnp.sum(loads.force**2)) / (mass * GRAVITY),
            clearance=world.ramp.half_width - jnp.abs(lateral),
            known=world.terrain.known(position),
            height=world.terrain.height_above(position),
            gap=jnp.full_like(state[0], NO_GAP),
            air_speed=jnp.sqrt(jnp.sum(air_velocity**2)),
            control=jnp.stack([loads.front, loads.rear]) / (mass * GRAVITY),
        )

    def step_limit(self, t: Scalar, state: Float[Array, " n"], world: World, memory: RampMemory) -> Scalar:
        """Return a step of a quarter of a metre, `()` [s]."""
        return 0.25 / (jnp.abs(state[3]) + 0.25)


def standing_state(world: World, speed: Scalar) -> Float[Array, "6"]:
    """Return the state with the front wheel at the ramp's foot, suspensions at their static length.

    Args:
        world: The run's world.
        speed: `()` [m/s].

    Returns:
        State of `RampPhase`, `(6,)`.
    """
    vehicle = world.vehicle
    behind = vehicle.wheelbase - vehicle.rear_axle_to_cg
    zero = jnp.zeros_like(speed)
    place = [-world.ramp.base - behind, -world.ramp.height + vehicle.cg_height, zero]
    return jnp.stack([*place, speed, zero, zero])


def _static_deflection(vehicle: Vehicle, mass: Scalar, rear: bool) -> Scalar:
    share = vehicle.rear_axle_to_cg / vehicle.wheelbase
    if rear:
        return mass * GRAVITY * (1.0 - share) / vehicle.rear_stiffness
    return mass * GRAVITY * share / vehicle.front_stiffness


def _contact(state: Float[Array, " n"], world: World, rear: bool) -> tuple[Float[Array, "2"], Scalar, Scalar]:
    """Return arm from the centre of mass to the contact `(2,)` [m], normal load [N], surface slope [rad]."""
    compression, push, free, _, slope = _touch(state, world, rear)
    load = jnp.maximum(push, 0.0) * (compression > 0.0)
    across = jnp.stack([-jnp.sin(slope), jnp.cos(slope)])
    return free + jnp.maximum(compression, 0.0) * across, load, slope


def _touch(
    state: Float[Array, " n"], world: World, rear: bool
) -> tuple[Scalar, Scalar, Float[Array, "2"], Scalar, Scalar]:
    """Return what the spring is in [m], what it and the damper give [N], the wheel's place and the surface.

    The wheel's place is that on a free suspension, from the centre of mass, `(2,)` [m]; of the surface the
    contact's station [m] and the slope there [rad].

    The contact is the point of the ramp nearest to the wheel's place on a free suspension (one step from
    the point straight above it towards it), so that the load has no moment but its own.
    """
    vehicle = world.vehicle
    mass = vehicle.mass
    axle = -vehicle.rear_axle_to_cg
    stiffness, damping = vehicle.rear_stiffness, vehicle.rear_damping
    if not rear:
        axle = axle + vehicle.wheelbase
        stiffness, damping = vehicle.front_stiffness, vehicle.front_damping
    deflection = _static_deflection(vehicle, mass, rear)
    down = -(vehicle.cg_height + deflection)
    cosine, sine = jnp.cos(state[2]), jnp.sin(state[2])
    free = jnp.stack([axle * cosine - down * sine, axle * sine + down * cosine])
    height, slope = world.ramp.surface(state[0] + free[0])
    towards = jnp.minimum(state[1] + free[1] - height, 0.0) * jnp.cos(slope) * jnp.sin(slope)
    forward = state[0] + free[0] + towards
    height, slope = world.ramp.surface(forward)
    across = jnp.stack([-jnp.sin(slope), jnp.cos(slope)])
    compression = jnp.sum(across * jnp.stack([towards, height - state[1] - free[1]]))
    motion = state[3:5] + state[5] * jnp.stack([-free[1], free[0]])
    closing = -jnp.sum(motion * across)
    return compression, stiffness * compression + damping * closing, free, forward, slope


def _place(state: Float[Array, " n"], world: World, lateral: Scalar) -> Vector:
    bearing = world.run_up.bearing
    up = jnp.array([0.0, 0.0, 1.0], state.dtype)
    return state[0] * heading_vector(bearing) + lateral * right_vector(bearing) + state[1] * up


def lip_pitch_rate(
    vehicle: Vehicle,
    mass: Scalar,
    speed: Scalar,
    radius: Scalar,
    angle: Scalar,
    gravity: float = GRAVITY,
) -> Scalar:
    """Return the pitch rate of a rigid, coasting vehicle when its rear wheel leaves a circular lip.

    Args:
        vehicle: Geometry and inertia with the rider.
        mass: With the rider, `()` [kg].
        speed: Of the rear contact, `()` [m/s].
        radius: Of the ramp at the lip, `()` [m].
        angle: Of the lip, `()` [rad].
        gravity: [m/s^2].

    Returns:
        Nose up, `()` [rad/s]; negative for every radius when the vehicle coasts.

    Source: rigid body on its rear contact for the time wheelbase/speed. Valid for: wheelbase/radius <= 0.15.
    """
    back, inertia = vehicle.rear_axle_to_cg, vehicle.pitch_inertia
    load = gravity * jnp.cos(angle) + speed**2 / radius
    slowing = mass * back * load / (inertia + mass * back**2)
    return speed / radius - slowing * vehicle.wheelbase / speed
