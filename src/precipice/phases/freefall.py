"""Freefall: from mutual clearance to the throw, belly to the wind as far as the air allows."""

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from precipice.earth import GRAVITY
from precipice.frames import Scalar, Vector, attitude_rate, norm
from precipice.phases.drag import drag, transonic_factor
from precipice.phases.escort import Escort, certain_contact, escort_gap
from precipice.phases.phase import AbstractPhase, Record, step_near_rock
from precipice.phases.posture import body_force, body_inertia, body_moment, instability
from precipice.world.world import Air, World

AWAY = 1.3
"""Distance from the ledge, in radii of the performer, at which the body counts as away from it [-]."""
CLEARED = 1.0
"""Height above the hard deck from which on it counts, at an exit that begins below it [m]: on the deck
itself rounding would decide whether the throw is due at once."""


class FreefallMemory(NamedTuple):
    """What a freefall leg knows.

    Attributes:
        exit: When freefall began, `()` [s].
        throw: When the leg throws at the latest, `()` [s].
        until_stable: 1 in the leg that waits for a stable body, else 0, `()`.
        escort: The motorcycle, None where there is none.
        leaving: 2 until the body is away from a ledge, 1 until it was once well above the hard deck (a wall
            that leans back is near below at first), then 0, `()`; None without a ledge.
    """

    exit: Scalar
    throw: Scalar
    until_stable: Scalar
    escort: Escort | None
    leaving: Scalar | None = None


class FreefallPhase(AbstractPhase[FreefallMemory]):
    """State: position, velocity, attitude, body angular momentum, posture, gust path: `(16,)`.

    Forces and moments: `posture`. The commanded posture is belly to the wind; it lags.
    Lift grows with the time since exit as 1 - exp(-(t/delay)^2). At a ledge the body is thin until it is
    its radius away: its feet touch the rock that they leave.
    Source: point-mass fall with posture lag and quasi-steady body moments; the skydiver's table and
    first-principles limits in tests. Left out: flexible body, arm and leg dynamics.
    """

    def vector_field(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: FreefallMemory
    ) -> Float[Array, " n"]:
        """Return the rates of motion, rotation, posture and gust path, `(16,)`."""
        performer = world.performer
        attitude, momentum, posture = state[6:10], state[10:13], state[13]
        air = world.gusty_air(state[:3], state[3:6], state[14:16])
        inertia = body_inertia(performer, posture)
        spin = momentum / inertia
        force, drogue = self._force(t, state, world, memory, air)
        moment = body_moment(
            performer, inertia, attitude, spin, air.velocity, air.density, world.site.flown, drogue
        )
        return jnp.concatenate(
            [
                state[3:6],
                force / performer.mass - jnp.array([0.0, 0.0, GRAVITY], state.dtype),
                attitude_rate(attitude, spin),
                moment - jnp.cross(spin, momentum),
                ((1.0 - posture) / performer.posture_lag)[None],
                air.travel_rate,
            ]
        )

    def _force(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: FreefallMemory, air: Air
    ) -> tuple[Vector, Scalar | float]:
        """Return the air's force, `(3,)` [N], and the drogue's drag area, `()` [m^2]."""
        performer, rig = world.performer, world.rig
        share = lift_share(t - memory.exit, performer.lift_delay)
        factor: Scalar | float = 1.0
        if performer.transonic_rise is not None:
            mach = norm(air.velocity) / world.atmosphere.sound_speed(state[2])
            factor = transonic_factor(performer.transonic_rise, mach)
        force = body_force(performer, state[13], share, state[6:10], air.velocity, air.density, factor)
        if rig.drogue_drag_area is None:
            return force, 0.0
        filled = jnp.clip((t - memory.exit - rig.drogue_throw) / rig.drogue_fill_time, 0.0, 1.0)
        drogue = rig.drogue_drag_area * filled
        return force + drag(air.velocity, drogue, air.density), drogue

    def kinks(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: FreefallMemory
    ) -> Float[Array, " m"]:
        """Return functions in whose zeros the rates are not smooth, `(m,)`: of air, damping, drogue."""
        parts = [world.gusty_air_kinks(state[:3], state[14:16]), state[10:13]]
        if world.rig.drogue_drag_area is not None:
            since = t - memory.exit - world.rig.drogue_throw
            parts.append(jnp.stack([since, since - world.rig.drogue_fill_time]))
        return jnp.concatenate(parts)

    def margins(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: FreefallMemory
    ) -> dict[str, Scalar]:
        """Return what is left to throw, hard deck, rock, motorcycle, stability, and away from the ledge."""
        height = world.terrain.height_above(state[:3])
        distance = world.terrain.distance(state[:3])
        above = height - world.plan.hard_deck
        far = jnp.full_like(t, 1.0e4)
        radius, away = world.performer.radius, far
        above = jnp.where(world.plan.throw_below_hard_deck > 0.5, above, far)
        if memory.leaving is not None:
            thin, unwatched = memory.leaving > 1.5, memory.leaving > 0.5
            off = jnp.maximum(AWAY * radius - distance, 2.0 * radius - height)
            away = jnp.where(thin, off, jnp.where(unwatched, world.plan.hard_deck + CLEARED - height, far))
            above = jnp.where(unwatched, far, above)
            radius = jnp.where(thin, 0.5 * world.performer.body_width, radius)
        return {
            "throw": memory.throw - t,
            "hard_deck": above,
            "strike": distance - radius,
            "recontact": certain_contact(memory.escort, t, state[:3]),
            "stable": jnp.where(
                memory.until_stable > 0.5,
                self._instability(state, world.gusty_air(state[:3], state[3:6], state[14:16]), world) - 1.0,
                far,
            ),
            "away": away,
        }

    def _instability(self, state: Float[Array, " n"], air: Air, world: World) -> Scalar:
        spin = state[10:13] / body_inertia(world.performer, state[13])
        return instability(world.performer, state[6:10], spin, air.velocity)

    def record(self, t: Scalar, state: Float[Array, " n"], world: World, memory: FreefallMemory) -> Record:
        """Return the performer."""
        air = world.gusty_air(state[:3], state[3:6], state[14:16])
        force, _ = self._force(t, state, world, memory, air)
        return Record(
            position=state[:3],
            velocity=state[3:6],
            attitude=state[6:10],
            load=norm(force) / (world.performer.mass * GRAVITY),
            clearance=world.terrain.distance(state[:3]) - world.performer.radius,
            known=world.terrain.known(state[:3]),
            height=world.terrain.height_above(state[:3]),
            gap=escort_gap(memory.escort, t, state[:3]),
            air_speed=norm(air.velocity),
            control=jnp.stack([state[13], self._instability(state, air, world)]),
        )

    def step_limit(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: FreefallMemory
    ) -> Scalar:
        """Return a step that cannot jump over rock, `()` [s]."""
        return step_near_rock(world.terrain.distance(state[:3]) - world.performer.radius, state[3:6])


def lift_share(since: Scalar, delay: Scalar) -> Scalar:
    """Return the part of the lift area that works, `()`, a time after exit [s] with a delay [s]."""
    since = jnp.maximum(since, 0.0)
    return 1.0 - jnp.exp(-((since / jnp.maximum(delay, 1e-3)) ** 2))
