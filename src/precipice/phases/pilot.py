"""The pilot under the canopy: smooth courses, a hand on each toggle."""

from typing import NamedTuple

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from precipice.earth import GRAVITY
from precipice.frames import (
    Position,
    Scalar,
    Vector,
    Velocity,
    bearing_of,
    heading_vector,
    norm,
    right_vector,
)
from precipice.world.plan import Plan
from precipice.world.world import World

TURN_LIMITS = (0.0, 1.0, 0.5, 0.6, 0.6, 0.5, 0.1)
"""Largest turn input on each leg: full toggle only to get away from the wall, little near the ground."""
LINE_REACH = 25.0
"""Distance over which the pilot closes on a line [m]."""
TURN_WAY = 1.6
"""Extra way of the two turns of the pattern, in radii of the last turn [-]: as the pilot has learnt it."""
LEVEL = np.array([1.0, 1.0, 0.0])
"""Takes the upward part away from a vector."""
FINAL_HEIGHT = 30.0
"""Above the area, where the wind counts by which final is planned [m]."""
TURN_GAIN = 1.2
"""Turn input per radian of heading error [1/rad]."""


class Command(NamedTuple):
    """Toggles: symmetric `brakes`, 0 to 1; `turn`, -1 full left to 1 full right; each `()`."""

    brakes: Scalar
    turn: Scalar


class Approach(eqx.Module):
    """Where the pilot wants to land, and how.

    Attributes:
        target: `(3,)` [m].
        bearing: Flown on final, `()` [rad].
        side: +1 right-hand pattern, -1 left-hand, `()`.
        offset: Of the downwind leg from final, `()` [m].
        hold_centre: `(3,)` [m].
        hold_radius: `()` [m].
        base_glide: Way over ground for each metre of height on base, `()` [-].
        final_glide: The same on final, `()` [-].
        turn_lead: Distance from the final line at which the last turn begins, `()` [m].
        final_brakes: `()`.
        flare_height: `()` [m].
        straight_in: 1 without a pattern, `()`.
        area: Which of the landing areas, `()`.
    """

    target: Position
    bearing: Scalar
    side: Scalar
    offset: Scalar
    hold_centre: Position
    hold_radius: Scalar
    base_glide: Scalar
    final_glide: Scalar
    turn_lead: Scalar
    final_brakes: Scalar
    flare_height: Scalar
    straight_in: Scalar
    area: Scalar

    def coordinates(self, position: Position) -> tuple[Scalar, Scalar]:
        """Return how far beyond the target along final, and how far right of it, each `()` [m]."""
        away = position - self.target
        ahead = jnp.sum(away * heading_vector(self.bearing))
        return ahead, jnp.sum(away * right_vector(self.bearing))

    def needed_height(self, ahead: Scalar, aside: Scalar) -> Scalar:
        """Return the height that base and final will use from a place on the downwind leg, `()` [m].

        Both turns carry the canopy on along the old leg; the way back is flown on final.
        """
        on_base = jnp.abs(aside) / self.base_glide
        on_final = (jnp.maximum(-ahead, 0.0) + TURN_WAY * self.turn_lead) / self.final_glide
        return on_base + on_final + self.flare_height

    def final_height(self, ahead: Scalar) -> Scalar:
        """Return the height above the target at which to be on final, `()` [m]."""
        return self.flare_height - ahead / self.final_glide

    def hold_course(self, position: Position) -> Vector:
        """Return the course towards and around the holding circle, level unit vector, `(3,)`.

        Source: vector field around a circle (Nelson et al. 2007): far away straight at its centre,
        on it along its tangent.
        """
        away = (position - self.hold_centre) * jnp.asarray(LEVEL, position.dtype)
        distance = norm(away)
        radial = away / distance
        inward = (distance - self.hold_radius) / (0.5 * self.hold_radius)
        return (self.side * right_of(radial) - inward * radial) / jnp.sqrt(1.0 + inward * inward)


def right_of(level: Vector) -> Vector:
    """Return a level vector turned to the right by a right angle, `(3,)`."""
    return jnp.stack([level[1], -level[0], jnp.zeros_like(level[0])])


def turn_to(course: Vector, heading: Scalar) -> Scalar:
    """Return the angle from a heading to a course, positive to the right, `()` [rad].

    Args:
        course: Level, `(3,)`.
        heading: Bearing, `()` [rad].
    """
    return jnp.arctan2(jnp.sum(course * right_vector(heading)), jnp.sum(course * heading_vector(heading)))


def pilot_command(
    state: Float[Array, " n"], plan: Plan, approach: Approach, leg: Scalar, wind: Velocity
) -> Command:
    """Return where the pilot wants the toggles.

    Args:
        state: Of `CanopyPhase`, `(12,)`.
        plan: Brakes and turn input for an opening towards the wall.
        approach: Where to and how.
        leg: 0 settle, 1 turn, 2 hold, 3 downwind, 4 base, 5 final, 6 flare, `()`.
        wind: Mean, as the pilot feels it by the drift, `(3,)` [m/s].

    Returns:
        Toggle commands.
    """
    position = state[:3]
    ahead, _ = approach.coordinates(position)
    limit = jnp.where(leg == 1.0, plan.wall_turn, by_leg(leg, TURN_LIMITS))
    off = turn_wanted(state, approach, leg, wind)
    turn = limit * jnp.tanh(TURN_GAIN * off / jnp.maximum(limit, 0.05))
    too_high = position[2] - approach.target[2] - approach.final_height(ahead)
    steered = approach.final_brakes + 0.3 * jnp.tanh(too_high / 6.0)
    brakes = by_leg(leg, (plan.wall_brakes, plan.wall_brakes, 0.1, 0.15, 0.25, steered, 1.0))
    return Command(brakes=brakes, turn=turn)


def turn_wanted(state: Float[Array, " n"], approach: Approach, leg: Scalar, wind: Velocity) -> Scalar:
    """Return the angle to the heading that the leg asks for, the shorter way, positive right, `()` [rad].

    Args:
        state: Of `CanopyPhase`, `(12,)`.
        approach: Where to and how.
        leg: See `pilot_command`, `()`.
        wind: Mean, `(3,)` [m/s].
    """
    _, aside = approach.coordinates(state[:3])
    course = _course(state[:3], aside, approach, leg)
    right = right_of(course)
    drift = jnp.clip(jnp.sum(wind * right) / norm(state[3:6] - wind), -0.8, 0.8)
    wanted = jnp.sqrt(1.0 - drift * drift) * course - drift * right
    return turn_to(wanted, state[6])


def _course(position: Position, aside: Scalar, approach: Approach, leg: Scalar) -> Vector:
    """Return the course over ground that the leg asks for, level unit vector, `(3,)`."""
    final, right = heading_vector(approach.bearing), right_vector(approach.bearing)
    side = approach.side
    off_line = jnp.where(leg == 3.0, side * approach.offset - aside, -aside) / LINE_REACH
    line = (jnp.where(leg == 3.0, -1.0, 1.0) * final + off_line * right) / jnp.sqrt(1.0 + off_line**2)
    pattern = jnp.where(leg == 4.0, -side * right, line)
    return jnp.where(leg < 3.0, approach.hold_course(position), pattern)


def by_leg(leg: Scalar, values: tuple[Scalar | float, ...]) -> Scalar:
    """Return the value of a leg: choosing costs less than looking up."""
    chosen = jnp.asarray(values[-1], leg.dtype)
    for index in range(len(values) - 2, -1, -1):
        chosen = jnp.where(leg <= index, values[index], chosen)
    return chosen


def steady_glide(world: World, brakes: Scalar, up: Scalar) -> tuple[Scalar, Scalar]:
    """Return horizontal speed and sink rate in straight flight, each `()` [m/s].

    Args:
        world: The run's world.
        brakes: `()`.
        up: Height relative to the lip, `()` [m].

    Source: balance of weight, lift and drag.
    """
    lift, drag = world.rig.coefficients(brakes)
    resultant = jnp.hypot(lift, drag)
    density = world.atmosphere.density(up)
    weight = world.performer.mass * GRAVITY
    speed = jnp.sqrt(2.0 * weight / (density * world.rig.canopy_area * resultant))
    return speed * lift / resultant, speed * drag / resultant


def plan_approach(position: Position, world: World) -> Approach:
    """Return the approach to the landing area, or to the best alternate when it is out of reach.

    Args:
        position: Where the pilot decides, `(3,)` [m].
        world: The run's world.

    Returns:
        The approach, with the planned pattern.
    """
    pattern = world.pattern
    forward, sink = steady_glide(world, jnp.asarray(0.1, position.dtype), position[2])
    targets = pattern.areas[:, :3]
    away = targets - position[None]
    distance = jnp.sqrt(jnp.sum(away[:, :2] ** 2, axis=1))
    wind = world.wind.free(0.5 * (position[2] + targets[0, 2]))
    helped = jnp.sum(away[:, :2] * wind[None, :2], axis=1) / (distance + 1.0)
    reach = -away[:, 2] * (forward + helped) / sink - distance
    reach = jnp.where(pattern.areas[:, 3] > 0.0, reach, -1.0e6)
    best = jnp.where((reach[0] > 0.0) | (world.plan.use_alternate < 0.5), 0, jnp.argmax(reach))
    return approach_to(best, final_bearing(targets[best, 2], world), world)


def final_bearing(up: Scalar, world: World) -> Scalar:
    """Return which way final is flown, `()` [rad]: as planned, or into the wind unless that is light.

    Args:
        up: Of the area, relative to the origin, `()` [m].
        world: The run's world.
    """
    pattern = world.pattern
    wind = world.wind.free(up + FINAL_HEIGHT)
    turned = (pattern.into_wind > 0.5) & (norm(wind) > pattern.light_wind)
    # Still air has no direction: its bearing is not asked for, not even for a gradient.
    somewhere = heading_vector(pattern.final_bearing)
    return jnp.where(turned, bearing_of(jnp.where(turned, -wind, somewhere)), pattern.final_bearing)


def approach_to(area: Int[Array, ""], bearing: Scalar, world: World) -> Approach:
    """Return the planned pattern at one of the landing areas.

    Args:
        area: Index into the pattern's areas, `()`.
        bearing: Of final, `()` [rad].
        world: The run's world.
    """
    pattern = world.pattern
    target = pattern.areas[area, :3]
    brakes = pattern.final_brakes
    forward, sink = steady_glide(world, brakes, target[2])
    base_forward, base_sink = steady_glide(world, jnp.full_like(brakes, 0.25), target[2])
    wind = world.wind.free(target[2] + FINAL_HEIGHT)
    headwind = -jnp.sum(wind * heading_vector(bearing))
    right = pattern.side * right_vector(bearing)
    centre = target + 20.0 * heading_vector(bearing) + (pattern.offset - pattern.hold_radius) * right
    bank = jnp.tan(TURN_LIMITS[5] * world.rig.bank_limit)
    radius = forward * jnp.hypot(forward, sink) / (GRAVITY * bank)
    return Approach(
        target=target,
        bearing=bearing,
        side=pattern.side,
        offset=pattern.offset,
        hold_centre=centre,
        hold_radius=pattern.hold_radius,
        base_glide=base_forward / base_sink,
        final_glide=jnp.maximum(forward - headwind, 1.0) / sink,
        turn_lead=radius + forward * world.rig.bank_lag,
        final_brakes=brakes,
        flare_height=pattern.flare_height,
        straight_in=jnp.zeros_like(bearing),
        area=area.astype(bearing.dtype),
    )


def simplify_approach(approach: Approach, position: Position, world: World) -> Approach:
    """Return the approach from where the holding circle is left: straight in when still far out.

    Args:
        approach: As planned.
        position: `(3,)` [m].
        world: The run's world.
    """
    far = norm((position - approach.hold_centre)[:2]) > approach.hold_radius + 2.0 * LINE_REACH
    direct = approach_to(approach.area.astype(int), bearing_of(approach.target - position), world)
    direct = eqx.tree_at(lambda a: a.straight_in, direct, jnp.ones_like(direct.bearing))
    chosen = [jnp.where(far, a, b) for a, b in zip(_leaves(direct), _leaves(approach), strict=True)]
    return Approach(*chosen)


def _leaves(approach: Approach) -> list[Array]:
    return [getattr(approach, name) for name in Approach.__dataclass_fields__]
