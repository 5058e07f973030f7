"""Run-up: from standstill to the foot of the ramp, along and across the deck."""

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from precipice.earth import GRAVITY
from precipice.frames import Scalar, attitude_from_bearing, heading_vector, right_vector
from precipice.phases.phase import NO_GAP, AbstractJumpingPhase, Record
from precipice.phases.traction import available_drive, brake_deceleration
from precipice.world.gust import interpolate_periodic
from precipice.world.lookup import beyond_node
from precipice.world.world import World

STOPPED = 0.2
"""Speed at which the vehicle counts as stopped [m/s]."""


class RunUpMemory(NamedTuple):
    """What a run-up leg knows.

    Attributes:
        end: Station of the front wheel that ends the leg, `()` [m].
        brake_time: When the brakes come on; infinite without an abort, `()` [s].
        target_speed: That the rider steers for, `()` [m/s].
    """

    end: Scalar
    brake_time: Scalar
    target_speed: Scalar


class RunUpPhase(AbstractJumpingPhase[RunUpMemory]):
    """State: station of the front wheel [m], speed [m/s], offset to the right [m], heading error [rad].

    Station and speed are along the track, which may rise.

    Valid for: a straight track of one slope, both wheels on the ground, small heading errors.
    Left out: gear changes (power is taken at the rear wheel over the whole band), leaning.
    """

    def vector_field(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: RunUpMemory
    ) -> Float[Array, " n"]:
        """Return the rates of station, speed, offset and heading error, `(4,)`."""
        station, speed, lateral, heading = state
        vehicle, performer = world.vehicle, world.performer
        mass = vehicle.mass
        aero, density, air_velocity = self._aero(state, world)
        crosswind = jnp.sum(air_velocity * right_vector(world.run_up.bearing))
        side = -0.5 * density * vehicle.drag_area * jnp.abs(crosswind) * crosswind
        load = GRAVITY * jnp.cos(world.run_up.slope)
        friction, rolling = world.run_up.surface(station)
        drive = jnp.minimum(*self._drives(state, world, memory, aero, density))
        built_up = jnp.clip((t - memory.brake_time) / performer.brake_build_up, 0.0, 1.0)
        braking = built_up * brake_deceleration(vehicle, friction, load, performer.braking_efficiency)
        drive = jnp.where(t < memory.brake_time, drive, 0.0)
        resisting = aero / mass + rolling * load + braking + GRAVITY * jnp.sin(world.run_up.slope)
        acceleration = (drive - resisting) * mass / (mass + vehicle.rotating_mass)
        noise = interpolate_periodic(world.run_up.steering, station / world.run_up.steering_spacing)
        correction = -lateral / (jnp.maximum(speed, 1.0) * 2.0 * performer.steering_lag)
        steering = (correction + performer.steering_noise * noise - heading) / (0.5 * performer.steering_lag)
        turning = steering + 0.1 * side / (mass * jnp.maximum(speed, 1.0))
        return jnp.stack([speed * jnp.cos(heading), acceleration, speed * jnp.sin(heading), turning])

    def kinks(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: RunUpMemory
    ) -> Float[Array, " m"]:
        """Return functions in whose zeros the rates are not smooth, `(m,)`: of air, steering and drive."""
        wanted, available = self._drives(state, world, memory, *self._aero(state, world)[:2])
        node = beyond_node(state[0] / world.run_up.steering_spacing)
        built_up = t - memory.brake_time - world.performer.brake_build_up
        own = jnp.stack([wanted - available, node, state[1] - 1.0, built_up])
        return jnp.concatenate([world.air_kinks(_place(state, world)), own])

    def margins(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: RunUpMemory
    ) -> dict[str, Scalar]:
        """Return what is left to the leg's end, to standstill, and to the deck's side."""
        return {
            "end": memory.end - state[0],
            "stopped": state[1] - STOPPED,
            "side": world.run_up.half_width - jnp.abs(state[2]),
        }

    def _aero(self, state: Float[Array, " n"], world: World) -> tuple[Scalar, Scalar, Float[Array, "3"]]:
        """Return the air's drag along the track [N], its density [kg/m^3], the velocity through it [m/s]."""
        air_velocity, density = self._air(state, world)
        headwind_speed = jnp.sum(air_velocity * _along(world.run_up.bearing, world.run_up.slope))
        drag = 0.5 * density * world.vehicle.drag_area * jnp.abs(headwind_speed) * headwind_speed
        return drag, density, air_velocity

    def _drives(
        self, state: Float[Array, " n"], world: World, memory: RunUpMemory, aero: Scalar, density: Scalar
    ) -> tuple[Scalar, Scalar]:
        """Return the drive that the rider wants and the largest there is, each `()` [m/s^2]."""
        speed, vehicle = state[1], world.vehicle
        load = GRAVITY * jnp.cos(world.run_up.slope)
        friction, rolling = world.run_up.surface(state[0])
        wanted = world.plan.acceleration * jnp.tanh(memory.target_speed - speed)
        wanted = wanted + (aero / vehicle.mass + rolling * load) + GRAVITY * jnp.sin(world.run_up.slope)
        return wanted, available_drive(vehicle, vehicle.mass, speed, friction, load, density / 1.225)

    def record(self, t: Scalar, state: Float[Array, " n"], world: World, memory: RunUpMemory) -> Record:
        """Return position of the vehicle's centre of mass and its motion."""
        _, speed, lateral, heading = state
        bearing = world.run_up.bearing + heading
        motion = speed * _along(bearing, world.run_up.slope)
        air_velocity, _ = self._air(state, world)
        rate = self.vector_field(t, state, world, memory)[1]
        load = jnp.hypot(jnp.cos(world.run_up.slope), rate / GRAVITY + jnp.sin(world.run_up.slope))
        return Record(
            position=_place(state, world),
            velocity=motion,
            attitude=attitude_from_bearing(bearing, world.run_up.slope),
            load=load,
            clearance=world.run_up.half_width - jnp.abs(lateral),
            known=world.terrain.known(_place(state, world)),
            height=world.terrain.height_above(_place(state, world)),
            gap=jnp.full_like(state[0], NO_GAP),
            air_speed=jnp.sqrt(jnp.sum(air_velocity**2)),
            control=jnp.stack([rate, jnp.zeros_like(rate)]),
        )

    def step_limit(self, t: Scalar, state: Float[Array, " n"], world: World, memory: RunUpMemory) -> Scalar:
        """Return a step within which surfaces and steering noise are seen, `()` [s]."""
        return jnp.maximum(world.run_up.steering_spacing, 0.5) / (state[1] + 0.5)

    def jumps(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: RunUpMemory
    ) -> Float[Array, " m"]:
        """Return the way since each surface's beginning, `(m - 1,)` [m], and the time since braking [s]."""
        return jnp.concatenate([state[0] - world.run_up.starts, (t - memory.brake_time)[None]])

    def _air(self, state: Float[Array, " n"], world: World) -> tuple[Float[Array, "3"], Scalar]:
        motion = state[1] * _along(world.run_up.bearing + state[3], world.run_up.slope)
        return world.air(_place(state, world), motion)


def _along(bearing: Scalar, slope: Scalar) -> Float[Array, "3"]:
    """Return the unit vector up the track, `(3,)` [-]."""
    up = jnp.array([0.0, 0.0, 1.0], slope.dtype)
    return jnp.cos(slope) * heading_vector(bearing) + jnp.sin(slope) * up


def _place(state: Float[Array, " n"], world: World) -> Float[Array, "3"]:
    """Return the centre of mass, `(3,)` [m]: behind the front contact, above the deck."""
    vehicle, run_up = world.vehicle, world.run_up
    behind = vehicle.wheelbase - vehicle.rear_axle_to_cg
    before_foot = run_up.length - state[0] + behind
    along = -(world.ramp.base + before_foot * jnp.cos(run_up.slope))
    up = -world.ramp.height - before_foot * jnp.sin(run_up.slope) + vehicle.cg_height
    unit_up = jnp.array([0.0, 0.0, 1.0], state.dtype)
    return along * heading_vector(run_up.bearing) + state[2] * right_vector(run_up.bearing) + up * unit_up
