"""Ramp to canopy: the chain of phases of the main stunt, in four stages that compile side by side."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool

from precipice.frames import Quaternion, Scalar, bearing_of, norm, rotate, wrap_angle
from precipice.phases.canopy import FLARE, HOLD, CanopyMemory, CanopyPhase
from precipice.phases.deployment import DeploymentMemory, DeploymentPhase, pick_up, snatch_force
from precipice.phases.escort import Escort, escort_position
from precipice.phases.flight import FlightMemory, FlightPhase
from precipice.phases.freefall import FreefallMemory, FreefallPhase
from precipice.phases.inflation import InflationMemory, InflationPhase, fill_time
from precipice.phases.pilot import plan_approach, simplify_approach
from precipice.phases.posture import body_drag_area, body_inertia, instability
from precipice.phases.ramp import RampMemory, RampPhase, standing_state
from precipice.phases.run_up import RunUpMemory, RunUpPhase
from precipice.phases.separation import SeparationMemory, SeparationPhase, push_velocity, separate
from precipice.phases.takeoff import takeoff, target_speed
from precipice.phases.tumble import SlideMemory, SlidePhase, TumbleMemory, TumblePhase, first_impact
from precipice.simulation.chain import Carry, Chain
from precipice.simulation.extremes import (
    largest_load,
    smallest_clearance,
    smallest_gap,
    smallest_known,
)
from precipice.simulation.leg import LegEnd, Tolerance
from precipice.simulation.outcome import LANDED, STRUCK_UNDER_CANOPY, UNRESOLVED, tell_obstacle
from precipice.world.world import World

START_SPEED = 0.5
"""Speed at which the run-up begins [m/s]: the clutch is out."""
NEVER = 1.0e9
"""A time that does not come [s]."""
LONGEST_TURN = 12.0
"""After which a pilot who still faces the wall goes on to the landing area anyway [s]: assumed."""
STEEP = 0.436
"""Ground steeper than this is a strike, not a landing [rad]: 25 degrees, assumed."""


class Ridden(NamedTuple):
    """Where the ride with the motorcycle ended: mutually clear, or the stunt over.

    Attributes:
        carry: Performer 14 and motorcycle 13, see `SeparationPhase`.
        lip_time: `()` [s].
        release_time: `()` [s].
        wheel_speed: `()` [m/s].
        clear: 1 if the bodies came clear of each other, `()`.
    """

    carry: Carry
    lip_time: Scalar
    release_time: Scalar
    wheel_speed: Scalar
    clear: Scalar


class Body(NamedTuple):
    """The performer at the throw: `drag_area` [m^2], `attitude`, `yaw_rate` [rad/s], `heading` [rad]."""

    drag_area: Scalar
    attitude: Quaternion
    yaw_rate: Scalar
    heading: Scalar


class Opened(NamedTuple):
    """The open canopy: `carry` with position, velocity and gust path, `(8,)`; `yaw_rate`; `heading`."""

    carry: Carry
    yaw_rate: Scalar
    heading: Scalar


class Report(NamedTuple):
    """What a stage leaves: legs by phase (leaves stacked `(legs, ...)`) and named numbers, SI."""

    legs: dict[str, LegEnd]
    numbers: dict[str, Scalar]


def ride(world: World, tolerance: Tolerance, steps: dict[str, int]) -> tuple[Ridden, Report]:
    """Fly run-up, ramp, flight and separation.

    Args:
        world: What is true in this run.
        tolerance: How exactly the legs are solved.
        steps: Most steps of a leg, by name of the phase.
    """
    chain = Chain(world, tolerance, steps)
    carry = _separate(chain, _ride(chain))
    numbers = chain.numbers
    numbers["ramp_load"] = largest_load(chain.phases["ramp"])
    numbers["ride_known"] = smallest_known(chain.phases)
    ridden = Ridden(
        carry, numbers["lip_time"], numbers["release_time"], numbers["lip_speed"], numbers["clear"]
    )
    return ridden, Report(chain.phases, numbers)


def drop_motorcycle(
    world: World, ridden: Ridden, tolerance: Tolerance, steps: dict[str, int]
) -> tuple[Escort, Report]:
    """Fly the riderless motorcycle to rest; see `ride` for the arguments."""
    chain = Chain(world, tolerance, steps)
    escort = _drop_motorcycle(chain, ridden)
    chain.numbers["motorcycle_known"] = smallest_known(chain.phases)
    return escort, Report(chain.phases, chain.numbers)


def fall(
    world: World, ridden: Ridden, escort: Escort, tolerance: Tolerance, steps: dict[str, int]
) -> tuple[Opened, Report]:
    """Fly freefall, deployment and inflation; see `ride` for the arguments."""
    chain = Chain(world, tolerance, steps)
    carry, body = _fall(chain, ridden, escort)
    carry = _open(chain, carry, body, escort)
    numbers = chain.numbers
    since = ridden.carry.t + 1.0
    numbers["fall_clearance"] = smallest_clearance(chain.phases, since, 30.0)
    numbers["smallest_gap"], numbers["smallest_gap_time"] = smallest_gap(chain.phases)
    numbers["opening_load"] = largest_load(chain.phases["inflation"])
    numbers["fall_known"] = smallest_known(chain.phases)
    return Opened(carry._replace(extra=jnp.zeros_like(carry.t)), body.yaw_rate, body.heading), Report(
        chain.phases, numbers
    )


def fly_canopy(
    world: World, opened: Opened, tolerance: Tolerance, steps: dict[str, int]
) -> tuple[Carry, Report]:
    """Fly the canopy to touchdown; see `ride` for the arguments."""
    chain = Chain(world, tolerance, steps)
    carry = _fly_canopy(chain, opened)
    chain.numbers["canopy_clearance"] = smallest_clearance(chain.phases, jnp.zeros_like(carry.t), 30.0)
    chain.numbers["canopy_known"] = smallest_known(chain.phases)
    chain.numbers["outcome"] = carry.outcome.astype(carry.t.dtype)
    return carry._replace(extra=jnp.zeros_like(carry.t)), Report(chain.phases, chain.numbers)


def _ride(chain: Chain) -> Carry:
    """Fly run-up, ramp and the flight of both, up to the release."""
    world, numbers = chain.world, chain.numbers
    dtype = world.performer.mass.dtype
    zero = jnp.zeros((), dtype)
    plan, target = world.plan, target_speed(world)
    gate = jnp.minimum(plan.speed_gate, world.run_up.length - 1.0)

    def prepare_run_up(leg: Array, carry: Carry) -> tuple[Carry, RunUpMemory]:
        slow = (leg == 1) & (carry.state[1] < plan.minimum_speed) & (plan.abort_when_slow > 0.5)
        brake_time = jnp.where(slow, carry.t + plan.call_delay, carry.extra)
        memory = RunUpMemory(jnp.where(leg == 0, gate, world.run_up.length), brake_time, target)
        return carry._replace(extra=brake_time), memory

    start = jnp.stack([zero, zero + START_SPEED, zero, zero])
    carry = Carry(
        t=zero,
        state=start,
        extra=zero + NEVER,
        alive=jnp.ones((), bool),
        outcome=jnp.asarray(UNRESOLVED),
    )
    carry = chain.fly("run-up", RunUpPhase(), 2, prepare_run_up, carry, 120.0)
    brake_time, lateral, heading_error = carry.extra, carry.state[2], carry.state[3]
    numbers |= {"target_speed": target, "brake_time": brake_time, "lip_offset": lateral}
    numbers |= {"gate_time": chain.phases["run-up"].t[0], "gate_speed": chain.phases["run-up"].state[0, 1]}
    numbers |= {"foot_time": carry.t, "foot_speed": carry.state[1]}

    def prepare_ramp(leg: Array, carry: Carry) -> tuple[Carry, RampMemory]:
        front_on = jnp.where(leg == 0, 1.0, 0.0).astype(dtype)
        return carry, RampMemory(front_on, brake_time, lateral, heading_error, plan.ramp_drive)

    carry = carry._replace(state=standing_state(world, carry.state[1]), extra=zero)
    carry = chain.fly("ramp", RampPhase(), 2, prepare_ramp, carry, 60.0)
    lip_time, lip_speed = carry.t, norm(carry.state[3:5])
    numbers |= {"lip_time": lip_time, "lip_speed": lip_speed, "lip_pitch": carry.state[2]}
    numbers["lip_path_angle"] = jnp.arctan2(carry.state[4], carry.state[3])
    carry = carry._replace(state=takeoff(carry.state, lateral, heading_error, world))
    numbers["lip_pitch_rate"] = -carry.state[11]

    def prepare_flight(leg: Array, carry: Carry) -> tuple[Carry, FlightMemory]:
        del leg
        return carry, FlightMemory(lip_time + plan.release, lip_speed)

    return chain.fly("flight", FlightPhase(), 1, prepare_flight, carry, 30.0)


def _separate(chain: Chain, carry: Carry) -> Carry:
    """Fly the push and the way to mutual clearance."""
    world, numbers = chain.world, chain.numbers
    dtype = carry.t.dtype
    push, release = push_velocity(world), carry.t
    plan = world.plan
    throw = numbers["lip_time"] + plan.throw
    at_once = release + plan.push_time + world.performer.reaction_time
    latest = jnp.where(plan.hung_up_throw > 1.5, NEVER, jnp.where(plan.hung_up_throw > 0.5, at_once, throw))

    def prepare(leg: Array, carry: Carry) -> tuple[Carry, SeparationMemory]:
        pushing = jnp.where(leg == 0, 1.0, 0.0).astype(dtype)
        end = jnp.where(leg == 0, release + plan.push_time, latest)
        return carry, SeparationMemory(pushing, release, end, numbers["lip_speed"], push)

    carry = carry._replace(state=separate(carry.state, world), extra=jnp.zeros((), dtype))
    carry = chain.fly("separation", SeparationPhase(), 2, prepare, carry, 60.0)
    clear = carry.alive & (chain.phases["separation"].margin[1] == 0)
    numbers |= {"release_time": release, "exit_time": carry.t, "clear": clear.astype(dtype)}
    return carry


def _drop_motorcycle(chain: Chain, ridden: Ridden) -> Escort:
    """Fly the riderless motorcycle to rest; it ends nothing for the performer."""
    world, numbers, carry = chain.world, chain.numbers, ridden.carry
    release, wheel_speed = ridden.release_time, ridden.wheel_speed

    def prepare_tumble(leg: Array, carry: Carry) -> tuple[Carry, TumbleMemory]:
        del leg
        return carry, TumbleMemory(release, wheel_speed)

    body = carry._replace(state=carry.state[14:])
    start = body
    body = chain.fly("tumble", TumblePhase(), 1, prepare_tumble, body, 120.0)
    tumble = chain.phases["tumble"]
    attitude = body.state[6:10]

    def prepare_slide(leg: Array, carry: Carry) -> tuple[Carry, SlideMemory]:
        del leg
        return carry, SlideMemory(attitude)

    numbers |= {"motorcycle_contact_time": body.t, "motorcycle_contact_speed": norm(body.state[3:6])}
    body = chain.fly(
        "slide", SlidePhase(), 1, prepare_slide, body._replace(state=first_impact(body.state, world)), 600.0
    )
    numbers["motorcycle_rest_time"] = body.t
    times = tumble.times[0]
    flown = jnp.isfinite(times)[:, None]
    return Escort(
        times=times,
        positions=jnp.where(flown, tumble.records.position[0], start.state[:3]),
        velocities=jnp.where(flown, tumble.records.velocity[0], start.state[3:6]),
        last=(jnp.sum(jnp.isfinite(times)) - 1).astype(carry.t.dtype),
        clear=ridden.clear,
        reach=world.performer.radius + world.motorcycle.radius,
        radius=world.motorcycle.radius,
    )


def _fall(chain: Chain, ridden: Ridden, escort: Escort) -> tuple[Carry, Body]:
    """Fly freefall up to the throw, waiting for a stable body if the plan says so."""
    world, numbers, carry = chain.world, chain.numbers, ridden.carry
    dtype = carry.t.dtype
    exit_time, plan = carry.t, world.plan
    throw = jnp.where(ridden.clear > 0.5, ridden.lip_time + plan.throw, exit_time)

    def prepare(leg: Array, carry: Carry) -> tuple[Carry, FreefallMemory]:
        wait = jnp.where(plan.wait_when_unstable > 0.5, plan.unstable_wait, 0.0)
        latest = jnp.where(leg == 0, throw, carry.t + wait)
        return carry, FreefallMemory(exit_time, latest, jnp.where(leg == 1, 1.0, 0.0).astype(dtype), escort)

    state = jnp.concatenate([carry.state[:14], jnp.zeros(2, dtype)])
    carry = carry._replace(state=state, extra=jnp.zeros((), dtype))
    carry = chain.fly("freefall", FreefallPhase(), 2, prepare, carry, 300.0)
    attitude, posture = carry.state[6:10], carry.state[13]
    air_velocity = world.gusty_air(carry.state[:3], carry.state[3:6], carry.state[14:16]).velocity
    spin = carry.state[10:13] / body_inertia(world.performer, posture)
    head = rotate(attitude, jnp.array([0.0, 0.0, 1.0], dtype))
    level = head.at[2].set(0.0) + 1e-6 * world.site.outward
    above = escort_position(escort, carry.t)[2] - carry.state[2]
    numbers |= {
        "throw_time": carry.t,
        "throw_speed": norm(carry.state[3:6]),
        "throw_instability": instability(attitude, spin, air_velocity),
        "throw_height": world.terrain.height_above(carry.state[:3]),
        "throw_motorcycle_above": above,
    }
    return carry, Body(
        drag_area=body_drag_area(world.performer, posture, head, air_velocity),
        attitude=attitude,
        yaw_rate=spin[0],
        heading=bearing_of(level),
    )


def _open(chain: Chain, carry: Carry, body: Body, escort: Escort) -> Carry:
    """Fly deployment and inflation."""
    world, numbers = chain.world, chain.numbers
    dtype = carry.t.dtype

    def prepare_deployment(leg: Array, carry: Carry) -> tuple[Carry, DeploymentMemory]:
        speed = norm(world.gusty_air(carry.state[:3], carry.state[3:6], carry.state[6:8]).velocity)
        begun = jnp.concatenate([carry.state[:8], jnp.zeros(1, dtype), speed[None]])
        begun = jnp.where(leg == 2, pick_up(carry.state, world, speed), begun)
        memory = DeploymentMemory(leg.astype(dtype), carry.t, body.drag_area, body.attitude, escort)
        return carry._replace(state=jnp.where(carry.alive, begun, carry.state)), memory

    state = jnp.concatenate([carry.state[:6], carry.state[14:16], jnp.zeros(2, dtype)])
    carry = chain.fly(
        "deployment", DeploymentPhase(), 3, prepare_deployment, carry._replace(state=state), 60.0
    )
    stretch_time = carry.t
    speed = norm(world.gusty_air(carry.state[:3], carry.state[3:6], carry.state[6:8]).velocity)
    rig = world.rig
    closing = jnp.abs(speed - carry.state[9])
    filling = fill_time(rig.fill_constant, rig.canopy_area, speed)
    numbers |= {
        "line_stretch_time": stretch_time,
        "line_stretch_speed": speed,
        "snatch_force": snatch_force(closing, rig.line_stiffness, rig.pack_mass, world.performer.mass),
        "fill_time": filling,
    }

    def prepare_inflation(leg: Array, carry: Carry) -> tuple[Carry, InflationMemory]:
        del leg
        return carry, InflationMemory(stretch_time, filling, body.drag_area, body.attitude, escort)

    carry = carry._replace(state=carry.state[:8])
    carry = chain.fly("inflation", InflationPhase(), 1, prepare_inflation, carry, 120.0)
    numbers |= {"open_time": carry.t, "open_height": world.terrain.height_above(carry.state[:3])}
    return carry


def _fly_canopy(chain: Chain, opened: Opened) -> Carry:
    """Fly the canopy from open to touchdown."""
    world, numbers, carry = chain.world, chain.numbers, opened.carry
    dtype = carry.t.dtype
    zero = jnp.zeros((), dtype)
    rig, malfunction, open_time = world.rig, world.malfunction, carry.t
    outward = bearing_of(world.site.outward)
    heading = outward + rig.heading_from_body * wrap_angle(opened.heading - outward) + rig.heading_error
    twist_chance = malfunction.twist_chance + malfunction.twist_per_yaw_rate * jnp.abs(opened.yaw_rate)
    twisted = malfunction.twist_luck < twist_chance
    control = (
        open_time
        + world.performer.reaction_time
        + jnp.where(twisted, world.plan.twist_factor * malfunction.twist_time, 0.0)
    )
    limit = control + jnp.where(world.plan.wall_turn > 0.0, LONGEST_TURN, 0.0)

    def prepare(leg: Array, carry: Carry) -> tuple[Carry, CanopyMemory]:
        position = carry.state[:3]
        simple = simplify_approach(carry.extra, position, world)
        approach = _where(leg == HOLD + 1, simple, carry.extra)
        return carry._replace(extra=approach), CanopyMemory(
            leg.astype(dtype), open_time, control, limit, approach
        )

    opening = jnp.stack([heading, zero, rig.brake_setting, zero])
    state = jnp.concatenate([carry.state[:6], opening, carry.state[6:8]])
    carry = carry._replace(state=state, extra=plan_approach(carry.state[:3], world))
    carry = chain.fly("canopy", CanopyPhase(), FLARE + 1, prepare, carry, 1800.0)
    approach = carry.extra
    away = carry.state[:3] - approach.target
    numbers |= {
        "opening_heading_error": wrap_angle(heading - outward),
        "twisted": twisted.astype(dtype),
        "control_time": control,
        "end_time": carry.t,
        "landing_area": approach.area,
        "landing_distance": norm(away[:2]),
        "landing_radius": world.pattern.areas[approach.area.astype(int), 3],
        "landing_sink": -carry.state[5],
        "landing_speed": norm(carry.state[3:5]),
    }
    flat = world.terrain.normal(carry.state[:3])[2] > jnp.cos(STEEP)
    landed = carry.outcome == LANDED
    outcome = jnp.where(landed & ~flat, STRUCK_UNDER_CANOPY, carry.outcome)
    return carry._replace(outcome=tell_obstacle(outcome, carry.state[:3], world))


def _where(condition: Bool[Array, ""], yes: Any, no: Any) -> Any:
    return jax.tree.map(lambda a, b: jnp.where(condition, a, b), yes, no)
