"""Canopy flight with four degrees of freedom, under a pilot who reacts late and steers smoothly."""

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from precipice.earth import GRAVITY
from precipice.frames import Scalar, Vector, attitude_from_bearing, norm, right_vector
from precipice.phases.phase import NO_GAP, AbstractJumpingPhase, Record, step_near_rock
from precipice.phases.pilot import Approach, Command, by_leg, pilot_command, turn_to, turn_wanted
from precipice.world.body import BRAKES
from precipice.world.world import Air, World

QUICK, CALM = 0.25, 0.6
"""Time in which small toggle movements follow what the pilot wants, in a turn from the wall or a flare,
and on the way to the landing [s]: assumed."""
SETTLE, TURN, HOLD, DOWNWIND, BASE, FINAL, FLARE = range(7)
"""The legs under the canopy, in order."""
LEG_NAMES = ("settle", "turn", "hold", "downwind", "base", "final", "flare")


class CanopyMemory(NamedTuple):
    """What a canopy leg knows.

    Attributes:
        leg: Which of the seven, `()`.
        opened: When the canopy was open, `()` [s].
        control: When the pilot has control, `()` [s].
        limit: When a turn ends at the latest, `()` [s].
        approach: Where to and how.
    """

    leg: Scalar
    opened: Scalar
    control: Scalar
    limit: Scalar
    approach: Approach


class CanopyPhase(AbstractJumpingPhase[CanopyMemory]):
    """State: position, velocity, heading [rad], bank [rad], brakes, turn input, gust path: `(12,)`.

    m dv/dt = m g + q S (CL (cos(bank) e_L + sin(bank) e_S) - CD e_v) - q S k beta right, with e_L
    normal to the motion through the air in the vertical plane of the heading; bank and toggles lag;
    heading turns at g tan(bank) / V. Coefficients hold for canopy, lines and performer together.
    Source: point-mass parafoil model, e.g. Jann 2004; steady turn checked in closed form.
    Left out: pitch dynamics, apparent mass (half the system's mass in heave), stall, riser twist.
    """

    def vector_field(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: CanopyMemory
    ) -> Float[Array, " n"]:
        """Return the rates of motion, heading, bank, toggles and gust path, `(12,)`."""
        rig = world.rig
        bank, brakes, turn = state[7], state[8], state[9]
        air = world.gusty_air(state[:3], state[3:6], state[10:12])
        force = self._force(t, state, world, memory, air)
        command = self._command(state, world, memory, air)
        calm = (memory.leg > TURN) & (memory.leg < FLARE)
        lag = jnp.where(calm, CALM, QUICK) * rig.toggle_rate
        rates = [
            state[3:6],
            force / world.performer.mass - jnp.array([0.0, 0.0, GRAVITY], state.dtype),
            turn_rate(bank, norm(air.velocity))[None],
            ((rig.bank_limit * turn - bank) / rig.bank_lag)[None],
            (rig.toggle_rate * jnp.tanh((command.brakes - brakes) / lag))[None],
            (rig.toggle_rate * jnp.tanh((command.turn - turn) / lag))[None],
            air.travel_rate,
        ]
        return jnp.concatenate(rates)

    def _force(
        self,
        t: Scalar,
        state: Float[Array, " n"],
        world: World,
        memory: CanopyMemory,
        air: Air,
    ) -> Vector:
        rig = world.rig
        lift, drag = rig.coefficients(_pulled(state))
        settled = _smooth_step((t - memory.opened) / rig.settle_time)
        drag = rig.opening_drag_coefficient + settled * (drag - rig.opening_drag_coefficient)
        return canopy_force(
            air.velocity,
            air.density,
            rig.canopy_area,
            lift * settled,
            drag,
            state[6],
            state[7],
            rig.sideslip_drag,
        )

    def _command(self, state: Float[Array, " n"], world: World, memory: CanopyMemory, air: Air) -> Command:
        command = pilot_command(state, world.plan, memory.approach, memory.leg, air.mean_wind)
        forced = world.malfunction.forced_turn
        stowed = memory.leg < TURN
        return Command(
            brakes=jnp.where(stowed, world.rig.brake_setting, command.brakes),
            turn=jnp.where(forced != 0.0, forced, jnp.where(stowed, 0.0, command.turn)),
        )

    def kinks(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: CanopyMemory
    ) -> Float[Array, " m"]:
        """Return functions in whose zeros the rates are not smooth, `(m,)`: of air, toggles and settling."""
        settled = (t - memory.opened) / world.rig.settle_time - jnp.array([0.0, 1.0], state.dtype)
        pulled = _pulled(state) - jnp.array(BRAKES, state.dtype)
        air = world.gusty_air_kinks(state[:3], state[10:12])
        return jnp.concatenate([air, state[9:10], pulled, settled])

    def margins(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: CanopyMemory
    ) -> dict[str, Scalar]:
        """Return what is left of the leg, and to the ground and to rock."""
        rig = world.rig
        towards = self._to_canopy(state)
        canopy_at = state[:3] + rig.line_length * towards
        return {
            "leg": self._leg_margin(t, state, world, memory),
            "ground": world.terrain.distance(state[:3]) - world.performer.foot_offset,
            "canopy_strike": world.terrain.distance(canopy_at) - rig.canopy_radius,
        }

    def jumps(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: CanopyMemory
    ) -> Float[Array, "1"]:
        """Return the sine of the turn wanted where that is more than a right angle, else no number, `(1,)`.

        Past half a turn the other way round is shorter, and the pilot changes hands: if the hands steer.
        """
        off = turn_wanted(state, memory.approach, memory.leg, world.wind.mean(state[:3]))
        steered = (memory.leg >= TURN) & (world.malfunction.forced_turn == 0.0)
        return jnp.where(steered & (jnp.cos(off) < 0.0), jnp.sin(off), jnp.nan)[None]

    def _to_canopy(self, state: Float[Array, " n"]) -> Vector:
        up = jnp.array([0.0, 0.0, 1.0], state.dtype)
        lean = jnp.cos(state[7]) * up + jnp.sin(state[7]) * right_vector(state[6])
        return lean / norm(lean)

    def _leg_margin(self, t: Scalar, state: Float[Array, " n"], world: World, memory: CanopyMemory) -> Scalar:
        approach, pattern = memory.approach, world.pattern
        height = state[2] - approach.target[2]
        ahead, aside = approach.coordinates(state[:3])
        off = turn_to(approach.hold_course(state[:3]), state[6])
        pointing = jnp.abs(off) - jnp.deg2rad(30.0)
        margins = (
            memory.control - t,
            jnp.minimum(pointing, memory.limit - t),
            height - pattern.height,
            jnp.where(approach.straight_in > 0.5, -1.0, height - approach.needed_height(ahead, aside)),
            jnp.where(approach.straight_in > 0.5, -1.0, jnp.abs(aside) - approach.turn_lead),
            height - pattern.flare_height,
            1.0e4,
        )
        return by_leg(memory.leg, margins)

    def record(self, t: Scalar, state: Float[Array, " n"], world: World, memory: CanopyMemory) -> Record:
        """Return the performer; the attitude is upright with the canopy's heading."""
        air = world.gusty_air(state[:3], state[3:6], state[10:12])
        force = self._force(t, state, world, memory, air)
        own = world.terrain.distance(state[:3]) - world.performer.radius
        canopy_at = state[:3] + world.rig.line_length * self._to_canopy(state)
        return Record(
            position=state[:3],
            velocity=state[3:6],
            attitude=attitude_from_bearing(state[6], jnp.zeros_like(t)),
            load=norm(force) / (world.performer.mass * GRAVITY),
            clearance=jnp.minimum(own, world.terrain.distance(canopy_at) - world.rig.canopy_radius),
            known=world.terrain.known(state[:3]),
            height=world.terrain.height_above(state[:3]),
            gap=jnp.full_like(state[0], NO_GAP),
            air_speed=norm(air.velocity),
            control=state[8:10],
        )

    def step_limit(self, t: Scalar, state: Float[Array, " n"], world: World, memory: CanopyMemory) -> Scalar:
        """Return a step that cannot jump over rock with the canopy, `()` [s]."""
        lower = world.terrain.distance(state[:3]) - world.performer.foot_offset
        above = world.terrain.distance(state[:3] + world.rig.line_length * self._to_canopy(state))
        return step_near_rock(jnp.minimum(lower, above - world.rig.canopy_radius), state[3:6])


def _pulled(state: Float[Array, " n"]) -> Scalar:
    """Return how far the brakes are pulled, those for a turn included, `()`."""
    return state[8] + 0.3 * jnp.abs(state[9])


def turn_rate(bank: Scalar, air_speed: Scalar) -> Scalar:
    """Return the heading rate in a coordinated turn, `()` [rad/s].

    Source: lateral balance, V_h psi' = g tan(bank) cos(path): path angles cancel.
    """
    return GRAVITY * jnp.tan(bank) / jnp.maximum(air_speed, 3.0)


def canopy_force(
    air_velocity: Vector,
    density: Scalar,
    area: Scalar,
    lift: Scalar,
    drag: Scalar,
    heading: Scalar,
    bank: Scalar,
    sideslip_drag: Scalar,
) -> Vector:
    """Return the air's force on canopy, lines and performer.

    Args:
        air_velocity: East-north-up, `(3,)` [m/s].
        density: `()` [kg/m^3].
        area: `()` [m^2].
        lift: Coefficient, `()` [-].
        drag: Coefficient, `()` [-].
        heading: Bearing of the canopy, `()` [rad].
        bank: To the right, `()` [rad].
        sideslip_drag: Side-force coefficient per radian of sideslip, `()` [1/rad].

    Returns:
        East-north-up, `(3,)` [N].
    """
    direction = air_velocity / norm(air_velocity)
    right = right_vector(heading)
    upward = jnp.cross(right, direction)
    upward = upward / norm(upward)
    sideward = jnp.cross(direction, upward)
    sideslip = jnp.sum(direction * right)
    dynamic = 0.5 * density * area * jnp.sum(air_velocity**2)
    lifting = lift * (jnp.cos(bank) * upward + jnp.sin(bank) * sideward)
    return dynamic * (lifting - drag * direction - sideslip_drag * sideslip * right)


def _smooth_step(x: Scalar) -> Scalar:
    x = jnp.clip(x, 0.0, 1.0)
    return x * x * (3.0 - 2.0 * x)
