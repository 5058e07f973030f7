"""Inflation: from line stretch to the open canopy."""

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from precipice.earth import GRAVITY
from precipice.frames import Quaternion, Scalar, norm
from precipice.phases.drag import drag
from precipice.phases.escort import Escort, certain_contact, escort_column_gap
from precipice.phases.phase import NEVER, AbstractPhase, Record, step_near_rock
from precipice.world.world import Air, World


class InflationMemory(NamedTuple):
    """What the inflation knows.

    Attributes:
        start: Line stretch, `()` [s].
        fill_time: `()` [s].
        drag_area: Of the performer's body, `()` [m^2].
        attitude: At the throw, kept for the picture, `(4,)`.
        escort: The motorcycle, None where there is none.
        full_area: Drag area once full, `()` [m^2]; None: the main canopy's.
        fill_exponent: Of the drag area's growth, `()`; None: the main canopy's.
        open_fraction: Part of it that opens, `()`; None: what the run's malfunction leaves of the main's.
        cutaway: When the canopy is given up for the reserve at the latest, `()` [s]; None: never.
    """

    start: Scalar
    fill_time: Scalar
    drag_area: Scalar
    attitude: Quaternion
    escort: Escort | None
    full_area: Scalar | None = None
    fill_exponent: Scalar | None = None
    open_fraction: Scalar | None = None
    cutaway: Scalar | None = None


class InflationPhase(AbstractPhase[InflationMemory]):
    """State: position, velocity, gust path: `(8,)`.

    The drag area grows as (time over fill time) to the fill exponent.
    Source: Knacke 1991, ch. 5; closed form without gravity in tests (Pflanz). The fill constant is
    for canopy and slider together and must come from the rigger's own jumps.
    """

    def vector_field(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: InflationMemory
    ) -> Float[Array, " n"]:
        """Return the rates of motion and gust path, `(8,)`."""
        force, air = self._force(t, state, world, memory)
        acceleration = force / world.performer.mass - jnp.array([0.0, 0.0, GRAVITY], state.dtype)
        return jnp.concatenate([state[3:6], acceleration, air.travel_rate])

    def _force(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: InflationMemory
    ) -> tuple[Float[Array, "3"], Air]:
        air = world.gusty_air(state[:3], state[3:6], state[6:8])
        return drag(air.velocity, self.drag_area(t, world, memory), air.density), air

    def drag_area(self, t: Scalar, world: World, memory: InflationMemory) -> Scalar:
        """Return the drag area of body and filling canopy, `()` [m^2]."""
        rig = world.rig
        share = jnp.clip((t - memory.start) / memory.fill_time, 1e-6, 1.0)
        full = (
            rig.opening_drag_coefficient * rig.canopy_area if memory.full_area is None else memory.full_area
        )
        exponent = rig.fill_exponent if memory.fill_exponent is None else memory.fill_exponent
        grown = jnp.minimum(share**exponent, _open_fraction(world, memory))
        return memory.drag_area + (full - memory.drag_area) * grown

    def kinks(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: InflationMemory
    ) -> Float[Array, " m"]:
        """Return functions in whose zeros the rates are not smooth, `(m,)`: of air and of the filling."""
        filled = (t - memory.start) / memory.fill_time - 1.0
        return jnp.concatenate([world.gusty_air_kinks(state[:3], state[6:8]), filled[None]])

    def margins(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: InflationMemory
    ) -> dict[str, Scalar]:
        """Return the time to the open canopy, the distance from rock and motorcycle, the time to cut away."""
        remaining = memory.start + memory.fill_time - t
        far = jnp.full_like(t, 1.0e4)
        cutaway = far
        if memory.cutaway is not None:
            low = world.terrain.height_above(state[:3]) - world.rig.reserve_activation_height
            cutaway = jnp.where(memory.cutaway < NEVER, jnp.minimum(memory.cutaway - t, low), far)
        return {
            "open": jnp.where(_open_fraction(world, memory) > 0.5, remaining, far),
            "strike": world.terrain.distance(state[:3]) - world.performer.radius,
            "recontact": certain_contact(memory.escort, t, state[:3]),
            "cutaway": cutaway,
        }

    def record(self, t: Scalar, state: Float[Array, " n"], world: World, memory: InflationMemory) -> Record:
        """Return the performer under the filling canopy."""
        force, air = self._force(t, state, world, memory)
        share = jnp.clip((t - memory.start) / memory.fill_time, 0.0, 1.0)
        return Record(
            position=state[:3],
            velocity=state[3:6],
            attitude=memory.attitude,
            load=norm(force) / (world.performer.mass * GRAVITY),
            clearance=world.terrain.distance(state[:3]) - world.performer.radius,
            known=world.terrain.known(state[:3]),
            height=world.terrain.height_above(state[:3]),
            gap=self._gap(t, state, world, memory, air, share),
            air_speed=norm(air.velocity),
            control=jnp.stack([share, self.drag_area(t, world, memory)]),
        )

    def _gap(
        self,
        t: Scalar,
        state: Float[Array, " n"],
        world: World,
        memory: InflationMemory,
        air: Air,
        share: Scalar,
    ) -> Scalar:
        towards = -air.velocity / norm(air.velocity)
        width = 0.5 + share * (world.rig.canopy_radius - 0.5)
        return escort_column_gap(memory.escort, t, state[:3], towards, world.rig.line_length, width)

    def step_limit(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: InflationMemory
    ) -> Scalar:
        """Return a fortieth of the fill time at most, so that the peak load is seen, `()` [s]."""
        near = step_near_rock(world.terrain.distance(state[:3]) - world.performer.radius, state[3:6])
        return jnp.minimum(memory.fill_time / 40.0, near)


def _open_fraction(world: World, memory: InflationMemory) -> Scalar:
    return world.malfunction.open_fraction if memory.open_fraction is None else memory.open_fraction


def fill_time(fill_constant: Scalar, canopy_area: Scalar, speed: Scalar) -> Scalar:
    """Return the time from line stretch to the full canopy, `()` [s].

    Args:
        fill_constant: `()` [-].
        canopy_area: `()` [m^2].
        speed: Through the air at line stretch, `()` [m/s].

    Source: Knacke 1991, eq. 5-11, with the square root of the area as the length.
    """
    return fill_constant * jnp.sqrt(canopy_area) / jnp.maximum(speed, 1.0)
