"""Deployment: throw, pilot chute to bridle stretch, pack to line stretch."""

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from precipice.earth import GRAVITY
from precipice.frames import Quaternion, Scalar, norm
from precipice.phases.drag import drag
from precipice.phases.escort import Escort, certain_contact, escort_column_gap
from precipice.phases.phase import AbstractPhase, Record, step_near_rock
from precipice.world.world import Air, World

THROWN, BRIDLE, LINES = 0.0, 1.0, 2.0
"""The three legs: in the hand and the burble, paying out bridle, paying out lines."""


class DeploymentMemory(NamedTuple):
    """What a deployment leg knows.

    Attributes:
        leg: `THROWN`, `BRIDLE` or `LINES`, `()`.
        start: When the leg began, `()` [s].
        drag_area: Of the performer's body at the throw, `()` [m^2].
        attitude: At the throw, kept for the picture, `(4,)`.
        escort: The motorcycle, None where there is none.
    """

    leg: Scalar
    start: Scalar
    drag_area: Scalar
    attitude: Quaternion
    escort: Escort | None


class DeploymentPhase(AbstractPhase[DeploymentMemory]):
    """State: position, velocity, gust path, way paid out [m], speed of what is paid out [m/s]: `(10,)`.

    Pilot chute (then pilot chute and pack) move along the performer's path through the air: one
    dimension, two bodies, both with the part of gravity along that path. `extraction_factor` stretches
    their time.
    Source: two-body extraction as in Knacke 1991, ch. 6; inelastic pick-up of the pack at bridle stretch.
    Left out: line waves, gravity across the path, the throw's direction.
    """

    def vector_field(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: DeploymentMemory
    ) -> Float[Array, " n"]:
        """Return the rates of performer, gust path and of what is paid out, `(10,)`."""
        air = world.gusty_air(state[:3], state[3:6], state[6:8])
        speed = norm(air.velocity)
        acceleration = drag(air.velocity, memory.drag_area, air.density) / world.performer.mass
        acceleration = acceleration - jnp.array([0.0, 0.0, GRAVITY], state.dtype)
        own, rig = state[9], world.rig
        filled = jnp.where(
            memory.leg == BRIDLE, jnp.clip((t - memory.start) / rig.pilot_chute_fill_time, 0.02, 1.0), 1.0
        )
        pull = 0.5 * air.density * rig.pilot_chute_drag_area * filled * own * jnp.abs(own)
        bridle = -pull / rig.pilot_chute_mass
        lines = (rig.stow_force - pull) / (rig.pilot_chute_mass + rig.pack_mass)
        slowing = jnp.where(memory.leg == BRIDLE, bridle, lines)
        held = jnp.sum(acceleration * air.velocity) / speed
        paying = (memory.leg > THROWN) / rig.extraction_factor
        out = (speed - own) * paying
        falling = -GRAVITY * air.velocity[2] / speed
        change = jnp.where(memory.leg > THROWN, slowing / rig.extraction_factor + falling, held)
        rates = [state[3:6], acceleration, air.travel_rate, out[None], change[None]]
        return jnp.concatenate(rates)

    def kinks(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: DeploymentMemory
    ) -> Float[Array, " m"]:
        """Return functions in whose zeros the rates are not smooth, `(m,)`: of air and of the pilot chute."""
        filled = (t - memory.start) / world.rig.pilot_chute_fill_time - jnp.array([0.02, 1.0], state.dtype)
        return jnp.concatenate([world.gusty_air_kinks(state[:3], state[6:8]), filled])

    def margins(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: DeploymentMemory
    ) -> dict[str, Scalar]:
        """Return what is left to the leg's end, to rock, to the motorcycle."""
        rig = world.rig
        in_hand = memory.start + rig.throw_time + world.malfunction.hesitation - t
        end = jnp.where(memory.leg == BRIDLE, rig.bridle_length, rig.line_length) - state[8]
        return {
            "end": jnp.where(memory.leg == THROWN, in_hand, end),
            "strike": world.terrain.distance(state[:3]) - world.performer.radius,
            "recontact": certain_contact(memory.escort, t, state[:3]),
        }

    def record(self, t: Scalar, state: Float[Array, " n"], world: World, memory: DeploymentMemory) -> Record:
        """Return the performer."""
        air = world.gusty_air(state[:3], state[3:6], state[6:8])
        force = drag(air.velocity, memory.drag_area, air.density)
        return Record(
            position=state[:3],
            velocity=state[3:6],
            attitude=memory.attitude,
            load=norm(force) / (world.performer.mass * GRAVITY),
            clearance=world.terrain.distance(state[:3]) - world.performer.radius,
            known=world.terrain.known(state[:3]),
            height=world.terrain.height_above(state[:3]),
            gap=self._gap(t, state, world, memory, air),
            air_speed=norm(air.velocity),
            control=state[8:10],
        )

    def _gap(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: DeploymentMemory, air: Air
    ) -> Scalar:
        towards = -air.velocity / norm(air.velocity)
        length = jnp.where(memory.leg == LINES, world.rig.bridle_length, 0.0) + state[8] + 0.1
        return escort_column_gap(memory.escort, t, state[:3], towards, length, jnp.full_like(length, 0.5))

    def step_limit(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: DeploymentMemory
    ) -> Scalar:
        """Return a step that cannot jump over rock, `()` [s]."""
        return step_near_rock(world.terrain.distance(state[:3]) - world.performer.radius, state[3:6])


def pick_up(state: Float[Array, "10"], world: World, air_speed: Scalar) -> Float[Array, "10"]:
    """Return the state after bridle stretch: pilot chute and pack move on together.

    Args:
        state: At the end of the bridle leg, `(10,)`.
        world: The run's world.
        air_speed: Of the performer and so of the pack, `()` [m/s].
    """
    small, pack = world.rig.pilot_chute_mass, world.rig.pack_mass
    shared = (small * state[9] + pack * air_speed) / (small + pack)
    return jnp.concatenate([state[:8], jnp.zeros(1, state.dtype), shared[None]])


def snatch_force(
    closing_speed: Scalar, stiffness: Scalar, pack_mass: Scalar, performer_mass: Scalar
) -> Scalar:
    """Return the peak force at line stretch, `()` [N].

    Args:
        closing_speed: Of pack and performer, `()` [m/s].
        stiffness: Of all lines, `()` [N/m].
        pack_mass: Canopy, lines and pilot chute, `()` [kg].
        performer_mass: `()` [kg].

    Source: elastic impact of two masses; same form in Knacke 1991.
    """
    reduced = pack_mass * performer_mass / (pack_mass + performer_mass)
    return closing_speed * jnp.sqrt(stiffness * reduced)
