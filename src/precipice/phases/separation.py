"""Separation: performer and motorcycle push apart and fly side by side until mutually clear."""

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from precipice.earth import GRAVITY
from precipice.frames import Scalar, Vector, attitude_rate, norm, rotate, unrotate
from precipice.phases.drag import drag, tumbling_drag_area
from precipice.phases.flight import gyrostat_rate, wheel_clearance
from precipice.phases.phase import NO_GAP, AbstractPhase, Record, step_near_rock
from precipice.phases.posture import body_force, body_inertia, body_moment, instability
from precipice.world.world import World


class SeparationMemory(NamedTuple):
    """What a separation leg knows.

    Attributes:
        pushing: 1 while the push lasts, 0 after, `()`.
        release: When the push begins, `()` [s].
        end: When the leg ends at the latest: end of the push, or the throw, `()` [s].
        wheel_speed: Of the spinning wheels, `()` [m/s].
        push: Velocity the push gives the performer relative to the motorcycle, `(3,)` [m/s].
    """

    pushing: Scalar
    release: Scalar
    end: Scalar
    wheel_speed: Scalar
    push: Vector


class PairRecord(NamedTuple):
    """What is kept of a step of two bodies."""

    performer: Record
    motorcycle: Record


class SeparationPhase(AbstractPhase[SeparationMemory]):
    """State: performer 14 (position, velocity, attitude, body angular momentum, posture), motorcycle 13.

    The push is a half-sine force pair along one line, which passes the performer's centre of mass by
    the planned offset; its impulse is the relative velocity times the reduced mass.
    Angular momentum, not rate, is the performer's state: opening up slows a rotation by itself.
    Source: impulse between two bodies, linear and angular momentum exact; magnitudes are assumptions.
    """

    def vector_field(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: SeparationMemory
    ) -> Float[Array, " n"]:
        """Return the rates of both bodies, `(27,)`."""
        share = self._push_share(t, world, memory)
        masses = world.performer.mass, world.body.mass
        reduced = masses[0] * masses[1] / (masses[0] + masses[1])
        push = reduced * memory.push * share
        performer = self._performer_rate(t, state[:14], world, memory, push, share)
        lever = self._push_point(state, world) - state[14:17]
        return jnp.concatenate([performer, self._motorcycle_rate(t, state[14:], world, memory, push, lever)])

    def _push_share(self, t: Scalar, world: World, memory: SeparationMemory) -> Scalar:
        duration = world.plan.push_time
        phase = jnp.clip((t - memory.release) / duration, 0.0, 1.0)
        return memory.pushing * 0.5 * jnp.pi / duration * jnp.sin(jnp.pi * phase)

    def _push_point(self, state: Float[Array, " n"], world: World) -> Vector:
        ahead = jnp.array([1.0, 0.0, 0.0], state.dtype) * world.plan.push_offset
        return state[:3] + rotate(state[6:10], ahead)

    def _performer_rate(
        self,
        t: Scalar,
        state: Float[Array, " n"],
        world: World,
        memory: SeparationMemory,
        push: Vector,
        share: Scalar,
    ) -> Float[Array, " n"]:
        performer = world.performer
        attitude, momentum, posture = state[6:10], state[10:13], state[13]
        air_velocity, density = world.air(state[:3], state[3:6])
        inertia = body_inertia(performer, posture)
        spin = momentum / inertia
        force = body_force(performer, posture, jnp.zeros_like(t), attitude, air_velocity, density) + push
        free = 1.0 - memory.pushing
        moment = free * body_moment(
            performer, inertia, attitude, spin, air_velocity, density, world.site.outward
        )
        kick = jnp.stack([performer.exit_roll_rate, -performer.exit_pitch_rate, performer.exit_yaw_rate])
        offset = jnp.array([1.0, 0.0, 0.0], state.dtype) * world.plan.push_offset
        moment = moment + share * inertia * kick + jnp.cross(offset, unrotate(attitude, push))
        return jnp.concatenate(
            [
                state[3:6],
                force / performer.mass - jnp.array([0.0, 0.0, GRAVITY], state.dtype),
                attitude_rate(attitude, spin),
                moment - jnp.cross(spin, momentum),
                ((1.0 - posture) * free / performer.posture_lag)[None],
            ]
        )

    def _motorcycle_rate(
        self,
        t: Scalar,
        state: Float[Array, " n"],
        world: World,
        memory: SeparationMemory,
        push: Vector,
        lever: Vector,
    ) -> Float[Array, " n"]:
        body = world.body
        attitude, spin = state[6:10], state[10:13]
        air_velocity, density = world.air(state[:3], state[3:6])
        area = tumbling_drag_area(body, t - memory.release, attitude, air_velocity)
        force = drag(air_velocity, area, density) - push
        moment = unrotate(attitude, jnp.cross(lever, -push))
        wheels = world.vehicle.wheel_momentum(memory.wheel_speed)
        return jnp.concatenate(
            [
                state[3:6],
                force / body.mass - jnp.array([0.0, 0.0, GRAVITY], state.dtype),
                attitude_rate(attitude, spin),
                gyrostat_rate(spin, body.inertia, wheels, moment),
            ]
        )

    def kinks(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: SeparationMemory
    ) -> Float[Array, " m"]:
        """Return functions in whose zeros the rates are not smooth, `(m,)`: of airs and damping."""
        both = [world.air_kinks(state[:3]), world.air_kinks(state[14:17])]
        return jnp.concatenate([*both, state[10:13]])

    def margins(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: SeparationMemory
    ) -> dict[str, Scalar]:
        """Return what is left to mutual clearance, to the leg's latest end, and to rock."""
        needed = world.performer.radius + world.body.radius + world.plan.clear_distance
        gap = norm(state[:3] - state[14:17])
        return {
            "clear": jnp.where(memory.pushing > 0.5, 1.0e3, needed - gap),
            "time": memory.end - t,
            "strike": world.terrain.distance(state[:3]) - 0.5 * world.performer.radius,
            "motorcycle_strike": wheel_clearance(state[14:], world, ridden=False) + 0.1,
        }

    def record(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: SeparationMemory
    ) -> PairRecord:
        """Return both bodies."""
        return PairRecord(self._performer(t, state, world, memory), self._motorcycle(t, state, world, memory))

    def _performer(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: SeparationMemory
    ) -> Record:
        rate = self.vector_field(t, state, world, memory)
        felt = rate[3:6] + jnp.array([0.0, 0.0, GRAVITY], state.dtype)
        air_velocity, _ = world.air(state[:3], state[3:6])
        spin = state[10:13] / body_inertia(world.performer, state[13])
        return Record(
            position=state[:3],
            velocity=state[3:6],
            attitude=state[6:10],
            load=norm(felt) / GRAVITY,
            clearance=world.terrain.distance(state[:3]) - world.performer.radius,
            known=world.terrain.known(state[:3]),
            height=world.terrain.height_above(state[:3]),
            gap=jnp.full_like(state[0], NO_GAP),
            air_speed=norm(air_velocity),
            control=jnp.stack([state[13], instability(world.performer, state[6:10], spin, air_velocity)]),
        )

    def _motorcycle(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: SeparationMemory
    ) -> Record:
        air_velocity, density = world.air(state[14:17], state[17:20])
        area = tumbling_drag_area(world.body, t - memory.release, state[20:24], air_velocity)
        return Record(
            position=state[14:17],
            velocity=state[17:20],
            attitude=state[20:24],
            load=norm(drag(air_velocity, area, density)) / (world.body.mass * GRAVITY),
            clearance=world.terrain.distance(state[14:17]) - world.body.radius,
            known=world.terrain.known(state[14:17]),
            height=world.terrain.height_above(state[14:17]),
            gap=jnp.full_like(state[0], NO_GAP),
            air_speed=norm(air_velocity),
            control=jnp.zeros(2, state.dtype),
        )

    def step_limit(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: SeparationMemory
    ) -> Scalar:
        """Return a step that cannot jump over rock, `()` [s]."""
        return step_near_rock(world.terrain.distance(state[:3]) - world.performer.radius, state[3:6])


def separate(state: Float[Array, " n"], world: World) -> Float[Array, "27"]:
    """Return both bodies at the release: they share the ridden motorcycle's rotation.

    Args:
        state: Of the flight, `(13,)`.
        world: The run's world.

    Returns:
        State of `SeparationPhase`, `(27,)`; total momentum is that of the flight.
    """
    performer, vehicle, body = world.performer, world.vehicle, world.body
    total = performer.mass + body.mass
    below = vehicle.empty_cg_height - vehicle.cg_height
    above = -below * body.mass / performer.mass
    position, velocity, attitude, spin = state[:3], state[3:6], state[6:10], state[10:13]
    unit = jnp.array([0.0, 0.0, 1.0], state.dtype)
    parts = []
    for height in (above, below):
        arm = height * unit
        parts.append((position + rotate(attitude, arm), velocity + rotate(attitude, jnp.cross(spin, arm))))
    momentum = body_inertia(performer, jnp.zeros_like(total)) * spin
    zero = jnp.zeros(1, state.dtype)
    return jnp.concatenate([*parts[0], attitude, momentum, zero, *parts[1], attitude, spin])


def push_velocity(world: World) -> Vector:
    """Return the planned push of the performer relative to the motorcycle, `(3,)` [m/s]."""
    plan = world.plan
    up = jnp.array([0.0, 0.0, 1.0], world.site.launch.dtype)
    direction = -jnp.cos(plan.push_angle) * world.site.launch + jnp.sin(plan.push_angle) * up
    return plan.push_speed * direction
