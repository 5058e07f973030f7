"""Flight: vehicle and people as one rigid body with spinning wheels, from takeoff to release or contact."""

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from precipice.earth import GRAVITY
from precipice.frames import Scalar, Vector, attitude_rate, norm, rotate, unrotate
from precipice.phases.drag import drag, lift
from precipice.phases.phase import NO_GAP, AbstractPhase, Record, step_near_rock
from precipice.world.world import World

SCRAPE = 0.15
"""How far a wheel may touch rock before it counts as a strike [m]: at the lip it still touches."""


class FlightMemory(NamedTuple):
    """What the flight knows.

    Attributes:
        release: When the performer lets go, `()` [s].
        wheel_speed: At which the wheels spin on, `()` [m/s].
        scrape: How far a wheel may touch the ground before it ends the flight [m].
    """

    release: Scalar
    wheel_speed: Scalar
    scrape: Scalar | float = SCRAPE


class FlightPhase(AbstractPhase[FlightMemory]):
    """State: position [m], velocity [m/s], attitude [-], body angular velocity [rad/s]: `(13,)`.

    Equations: Newton; Euler for a gyrostat, I w' + w x (I w + H) = M with the wheels' spin H along
    body left. Air: drag along the motion, lift, and the drag's moment about the centre of mass.
    Source: Hughes 1986, ch. 3 (gyrostat). Valid for: the first seconds; wheel spin is taken constant.
    """

    def vector_field(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: FlightMemory
    ) -> Float[Array, " n"]:
        """Return the rates of motion and rotation, `(13,)`."""
        attitude, spin = state[6:10], state[10:13]
        force, moment = self._air_loads(state, world)
        vehicle = world.vehicle
        acceleration = force / vehicle.mass - jnp.array([0.0, 0.0, GRAVITY], state.dtype)
        rate = gyrostat_rate(spin, vehicle.inertia, vehicle.wheel_momentum(memory.wheel_speed), moment)
        return jnp.concatenate([state[3:6], acceleration, attitude_rate(attitude, spin), rate])

    def _air_loads(self, state: Float[Array, " n"], world: World) -> tuple[Vector, Vector]:
        vehicle = world.vehicle
        air_velocity, density = world.air(state[:3], state[3:6])
        up_body = rotate(state[6:10], jnp.array([0.0, 0.0, 1.0], state.dtype))
        resisting = drag(air_velocity, vehicle.drag_area, density)
        force = resisting + lift(air_velocity, up_body, vehicle.lift_area, density)
        centre = jnp.array([0.0, 0.0, 1.0], state.dtype) * vehicle.pressure_centre_height
        return force, jnp.cross(centre, unrotate(state[6:10], resisting))

    def kinks(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: FlightMemory
    ) -> Float[Array, " m"]:
        """Return functions in whose zeros the rates are not smooth, `(m,)`: of the air."""
        return world.air_kinks(state[:3])

    def margins(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: FlightMemory
    ) -> dict[str, Scalar]:
        """Return the time to release and the wheels' distance from rock."""
        return {
            "release": memory.release - t,
            "strike": wheel_clearance(state, world, ridden=True) + memory.scrape,
        }

    def record(self, t: Scalar, state: Float[Array, " n"], world: World, memory: FlightMemory) -> Record:
        """Return the common centre of mass and its motion."""
        force, _ = self._air_loads(state, world)
        air_velocity, _ = world.air(state[:3], state[3:6])
        return Record(
            position=state[:3],
            velocity=state[3:6],
            attitude=state[6:10],
            load=norm(force) / (world.vehicle.mass * GRAVITY),
            clearance=wheel_clearance(state, world, ridden=True),
            known=world.terrain.known(state[:3]),
            height=world.terrain.height_above(state[:3]),
            gap=jnp.full_like(state[0], NO_GAP),
            air_speed=norm(air_velocity),
            control=jnp.stack([-state[11], state[12]]),
        )

    def step_limit(self, t: Scalar, state: Float[Array, " n"], world: World, memory: FlightMemory) -> Scalar:
        """Return a step that cannot jump over rock, `()` [s]."""
        return step_near_rock(world.terrain.distance(state[:3]) - world.vehicle.radius, state[3:6])


def gyrostat_rate(spin: Vector, inertia: Vector, wheel_momentum: Scalar, moment: Vector) -> Vector:
    """Return the angular acceleration of a rigid body with wheels about body left.

    Args:
        spin: Body axes, `(3,)` [rad/s].
        inertia: Principal, about body axes, without the wheels' own spin, `(3,)` [kg m^2].
        wheel_momentum: Along body left, `()` [N m s].
        moment: Body axes, `(3,)` [N m].

    Returns:
        Body axes, `(3,)` [rad/s^2].
    """
    momentum = inertia * spin + jnp.array([0.0, 1.0, 0.0], spin.dtype) * wheel_momentum
    return (moment - jnp.cross(spin, momentum)) / inertia


def wheel_clearance(state: Float[Array, " n"], world: World, ridden: bool) -> Scalar:
    """Return the distance from the nearer wheel's rim to rock, `()` [m]; see `nearer_wheel`."""
    return nearer_wheel(state, world, ridden)[0]


def nearer_wheel(state: Float[Array, " n"], world: World, ridden: bool) -> tuple[Scalar, Vector]:
    """Return the distance from the nearer wheel's rim to rock, `()` [m], and that wheel's hub, `(3,)` [m].

    Args:
        state: Position and attitude of the body whose wheels these are, `(n,)`.
        world: The run's world.
        ridden: Whether the centre of mass is the common one or the motorcycle's own.
    """
    vehicle = world.vehicle
    height = vehicle.cg_height if ridden else vehicle.empty_cg_height
    back = vehicle.rear_axle_to_cg
    down = vehicle.wheel_radius - height
    zero = jnp.zeros_like(down)
    hubs, distances = [], []
    for forward in (-back, vehicle.wheelbase - back):
        hub = state[:3] + rotate(state[6:10], jnp.stack([forward, zero, down]))
        hubs.append(hub)
        distances.append(world.terrain.distance(hub))
    hub = jnp.where(distances[0] < distances[1], hubs[0], hubs[1])
    return jnp.minimum(distances[0], distances[1]) - vehicle.wheel_radius, hub
