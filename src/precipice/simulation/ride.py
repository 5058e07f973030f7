"""The ride: run-up and ramp, and then with the vehicle into the air, to the release or back to the ground."""

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array

from precipice.frames import Scalar, norm
from precipice.phases.flight import SCRAPE, FlightMemory, FlightPhase
from precipice.phases.phase import NEVER
from precipice.phases.ramp import RampMemory, RampPhase, standing_state
from precipice.phases.run_up import RunUpMemory, RunUpPhase
from precipice.phases.separation import SeparationMemory, SeparationPhase, push_velocity, separate
from precipice.phases.takeoff import takeoff, target_speed
from precipice.simulation.chain import Carry, Chain
from precipice.simulation.extremes import largest_load, smallest_aircraft_left, smallest_known
from precipice.simulation.leg import Tolerance
from precipice.simulation.outcome import UNRESOLVED
from precipice.simulation.replay import Replay
from precipice.simulation.report import Report
from precipice.world.world import World

START_SPEED = 0.5
"""Speed at which a run-up from standstill begins [m/s]: the clutch is out."""


class Parted(NamedTuple):
    """The performer at the exit, alone: where freefall begins, or where the stunt ended before it.

    Attributes:
        carry: Performer 14, and motorcycle 13 where there is one; see `SeparationPhase`.
        zero_time: From which the plan counts the throw: the takeoff, else the exit, `()` [s].
        clear: 1 if the performer came clear of what was left, `()`.
        release_time: When the motorcycle was let go, `()` [s]; None without one.
        wheel_speed: Of its spinning wheels, `()` [m/s]; None without one.
    """

    carry: Carry
    zero_time: Scalar
    clear: Scalar
    release_time: Scalar | None = None
    wheel_speed: Scalar | None = None


def ride(world: World, tolerance: Tolerance | Replay, steps: dict[str, int]) -> tuple[Parted, Report]:
    """Fly run-up, ramp, flight and separation of the main stunt.

    Args:
        world: What is true in this run.
        tolerance: How exactly the legs are solved.
        steps: Most steps of a leg, by name of the phase.
    """
    chain = Chain(world, tolerance, steps)
    carry = ride_up(chain)
    numbers = chain.numbers
    carry = fly_vehicle(chain, carry, numbers["lip_time"] + world.plan.release)
    carry = _separate(chain, carry)
    numbers["ramp_load"] = largest_load(chain.phases["ramp"])
    numbers["ride_known"] = smallest_known(chain.phases)
    numbers["ride_aircraft_left"] = smallest_aircraft_left(chain.phases)
    parted = Parted(
        carry, numbers["lip_time"], numbers["clear"], numbers["release_time"], numbers["lip_speed"]
    )
    return parted, Report(chain.phases, numbers)


def ride_up(chain: Chain) -> Carry:
    """Fly run-up and ramp, to the takeoff: both wheels past the lip."""
    world, numbers = chain.world, chain.numbers
    dtype = world.wind.heights.dtype
    zero = jnp.zeros((), dtype)
    plan, target = world.plan, target_speed(world)
    gate = jnp.minimum(plan.speed_gate, world.run_up.length - 1.0)

    def prepare_run_up(leg: Array, carry: Carry) -> tuple[Carry, RunUpMemory]:
        slow = (leg == 1) & (carry.state[1] < plan.minimum_speed) & (plan.abort_when_slow > 0.5)
        brake_time = jnp.where(slow, carry.t + plan.call_delay, carry.extra)
        memory = RunUpMemory(jnp.where(leg == 0, gate, world.run_up.length), brake_time, target)
        return carry._replace(extra=brake_time), memory

    begin = jnp.maximum(world.run_up.start_speed, START_SPEED)
    start = jnp.stack([zero, begin, zero, zero])
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
    return carry


def fly_vehicle(
    chain: Chain, carry: Carry, release: Scalar, name: str = "flight", scrape: float = SCRAPE
) -> Carry:
    """Fly on with the vehicle, until the release at the latest.

    Args:
        chain: The run so far.
        carry: At the takeoff.
        release: `()` [s].
        name: Of the phase, a key of `ENDS`: what a contact with the ground means.
        scrape: How far a wheel may touch the ground before that ends the flight [m].
    """
    wheel_speed = chain.numbers["lip_speed"]

    def prepare(leg: Array, carry: Carry) -> tuple[Carry, FlightMemory]:
        del leg
        return carry, FlightMemory(release, wheel_speed, jnp.full_like(release, scrape))

    chain.zero_time = chain.numbers["lip_time"]
    return chain.fly(name, FlightPhase(), 1, prepare, carry, 30.0, bodies=_ridden(chain.world))


def _ridden(world: World) -> tuple[tuple[int, Scalar], ...]:
    """Return the ridden vehicle as `Watch.bodies`; a sphere that holds the rider too, where there is one."""
    if world.body is None or world.performer is None:
        return ((0, jnp.zeros_like(world.vehicle.mass)),)
    return ((0, jnp.maximum(world.body.radius, world.performer.radius)),)


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

    numbers["release_time"] = release
    carry = carry._replace(state=separate(carry.state, world), extra=jnp.zeros((), dtype))
    bodies = ((0, world.performer.radius), (14, world.body.radius))
    carry = chain.fly("separation", SeparationPhase(), 2, prepare, carry, 60.0, bodies=bodies)
    clear = carry.alive & (chain.phases["separation"].margin[1] == 0)
    numbers |= {"exit_time": carry.t, "clear": clear.astype(dtype)}
    return carry
