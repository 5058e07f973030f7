"""The fall: from the exit through freefall, deployment and inflation to the open canopy."""

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array

from precipice.frames import Quaternion, Scalar, bearing_of, norm, rotate
from precipice.phases.deployment import DeploymentMemory, DeploymentPhase, pick_up, snatch_force
from precipice.phases.escort import Escort, escort_position, escort_velocity
from precipice.phases.freefall import FreefallMemory, FreefallPhase
from precipice.phases.inflation import InflationMemory, InflationPhase, fill_time
from precipice.phases.phase import NEVER
from precipice.phases.posture import body_drag_area, body_inertia, instability
from precipice.simulation.chain import Carry, Chain
from precipice.simulation.extremes import (
    largest_load,
    smallest_aircraft_left,
    smallest_clearance,
    smallest_gap,
    smallest_known,
)
from precipice.simulation.leg import Tolerance
from precipice.simulation.outcome import UNRESOLVED
from precipice.simulation.replay import Replay
from precipice.simulation.report import Report
from precipice.simulation.ride import Parted
from precipice.world.world import World


class Thrown(NamedTuple):
    """The performer at the throw: `drag_area` [m^2], `attitude`, `yaw_rate` [rad/s], `heading` [rad]."""

    drag_area: Scalar
    attitude: Quaternion
    yaw_rate: Scalar
    heading: Scalar


class Opened(NamedTuple):
    """The open canopy, main or reserve.

    Attributes:
        carry: Position, velocity and gust path, `(8,)`.
        yaw_rate: Of the body at the throw, `()` [rad/s].
        heading: Of the body at the throw, `()` [rad].
        area: Of the canopy, `()` [m^2].
        radius: Of a sphere that holds it, `()` [m].
        zero_time: From which the plan counts: the takeoff, else the exit, `()` [s].
    """

    carry: Carry
    yaw_rate: Scalar
    heading: Scalar
    area: Scalar
    radius: Scalar
    zero_time: Scalar


def under_canopy(world: World) -> Scalar:
    """Return the radius of a sphere round the performer that holds lines and canopy, `()` [m]."""
    return jnp.maximum(world.performer.radius, world.rig.line_length + world.rig.canopy_radius)


def leave(world: World, tolerance: Tolerance | Replay, steps: dict[str, int]) -> tuple[Parted, Report]:
    """Return the performer at an exit without a ramp: a ledge or an aircraft. See `fall`."""
    del tolerance, steps
    begin, performer = world.exit, world.performer
    zero = jnp.zeros_like(performer.mass)
    momentum = body_inertia(performer, zero) * begin.spin
    carry = Carry(
        t=zero,
        state=jnp.concatenate([begin.position, begin.velocity, begin.attitude, momentum, zero[None]]),
        extra=zero,
        alive=jnp.ones((), bool),
        outcome=jnp.asarray(UNRESOLVED),
    )
    return Parted(carry, zero, jnp.ones_like(zero)), Report({}, {"exit_time": zero})


def fall(
    world: World,
    parted: Parted,
    escort: Escort | None = None,
    *,
    tolerance: Tolerance | Replay,
    steps: dict[str, int],
) -> tuple[Opened, Report]:
    """Fly freefall, deployment and inflation.

    Args:
        world: What is true in this run.
        parted: The performer at the exit.
        escort: The riderless motorcycle, None where there is none.
        tolerance: How exactly the legs are solved.
        steps: Most steps of a leg, by name of the phase.
    """
    chain = Chain(world, tolerance, steps)
    chain.counts_from = parted.carry.t + 1.0
    chain.zero_time = parted.zero_time
    carry, body = _fall(chain, parted, escort)
    carry = _open(chain, carry, body, escort)
    numbers = chain.numbers
    numbers["fall_clearance"] = smallest_clearance(chain.phases)
    if escort is not None:
        numbers["smallest_gap"], numbers["smallest_gap_time"] = smallest_gap(chain.phases)
        # Where the two meet, the run is over and stands at that instant.
        numbers["closing_speed"] = norm(carry.state[3:6] - escort_velocity(escort, carry.t))
    numbers["opening_load"] = largest_load(chain.phases["inflation"])
    numbers["fall_known"] = smallest_known(chain.phases)
    numbers["fall_aircraft_left"] = smallest_aircraft_left(chain.phases)
    rig, used = world.rig, numbers["reserve_used"] > 0.5
    opened = Opened(
        carry._replace(extra=jnp.zeros_like(carry.t)),
        body.yaw_rate,
        body.heading,
        jnp.where(used, rig.reserve_area, rig.canopy_area),
        jnp.where(used, 0.5 * rig.reserve_span, rig.canopy_radius),
        parted.zero_time,
    )
    return opened, Report(chain.phases, numbers)


def _fall(chain: Chain, parted: Parted, escort: Escort | None) -> tuple[Carry, Thrown]:
    """Fly freefall up to the throw, waiting for a stable body if the plan says so."""
    world, numbers, carry = chain.world, chain.numbers, parted.carry
    dtype = carry.t.dtype
    exit_time, plan = carry.t, world.plan
    ledge = 0 if world.exit is None else 2
    throw = jnp.where(parted.clear > 0.5, parted.zero_time + plan.throw, exit_time)

    def prepare(leg: Array, carry: Carry) -> tuple[Carry, FreefallMemory]:
        wait = jnp.where(plan.wait_when_unstable > 0.5, plan.unstable_wait, 0.0)
        latest = jnp.where(leg <= ledge, throw, carry.t + wait)
        waiting = jnp.where(leg == ledge + 1, 1.0, 0.0).astype(dtype)
        leaving = jnp.maximum(ledge - leg, 0).astype(dtype) if ledge else None
        return carry, FreefallMemory(exit_time, latest, waiting, escort, leaving)

    state = jnp.concatenate([carry.state[:14], jnp.zeros(2, dtype)])
    carry = carry._replace(state=state, extra=jnp.zeros((), dtype))
    own = ((0, world.performer.radius),)
    carry = chain.fly("freefall", FreefallPhase(), ledge + 2, prepare, carry, 1200.0, bodies=own)
    attitude, posture = carry.state[6:10], carry.state[13]
    air_velocity = world.gusty_air(carry.state[:3], carry.state[3:6], carry.state[14:16]).velocity
    spin = carry.state[10:13] / body_inertia(world.performer, posture)
    head = rotate(attitude, jnp.array([0.0, 0.0, 1.0], dtype))
    level = head.at[2].set(0.0) + 1e-6 * world.site.outward
    numbers |= {
        "throw_time": carry.t,
        "throw_speed": norm(carry.state[3:6]),
        "throw_rate": norm(spin),
        "throw_instability": instability(world.performer, attitude, spin, air_velocity),
        "throw_height": world.terrain.height_above(carry.state[:3]),
    }
    if escort is not None:
        numbers["throw_motorcycle_above"] = escort_position(escort, carry.t)[2] - carry.state[2]
    return carry, Thrown(
        drag_area=body_drag_area(world.performer, posture, head, air_velocity),
        attitude=attitude,
        yaw_rate=spin[0],
        heading=bearing_of(level),
    )


def _open(chain: Chain, carry: Carry, body: Thrown, escort: Escort | None) -> Carry:
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
        "deployment",
        DeploymentPhase(),
        3,
        prepare_deployment,
        carry._replace(state=state),
        60.0,
        bodies=((0, world.performer.radius),),
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

    left, one = world.malfunction.open_fraction, jnp.ones((), dtype)
    cut = (rig.reserve > 0.5) & (left <= 0.5)
    given_up = stretch_time + filling + world.performer.reaction_time
    full = rig.opening_drag_coefficient * jnp.stack([rig.canopy_area, rig.reserve_area])

    def prepare_inflation(leg: Array, carry: Carry) -> tuple[Carry, InflationMemory]:
        """Return the main's filling; after a cutaway the fall to the reserve's line stretch, then its own."""
        speed = norm(world.gusty_air(carry.state[:3], carry.state[3:6], carry.state[6:8]).velocity)
        reserve_filling = fill_time(rig.reserve_fill_constant, rig.reserve_area, speed)
        rows = [
            (stretch_time, filling, full[0], rig.fill_exponent, left, jnp.where(cut, given_up, NEVER)),
            (carry.t, rig.reserve_extraction_time, body.drag_area, one, one, NEVER),
            (carry.t, reserve_filling, full[1], rig.reserve_fill_exponent, one, NEVER),
        ]
        columns = [jnp.stack([jnp.asarray(x, dtype) for x in column]) for column in zip(*rows, strict=True)]
        row = jnp.where(cut, leg, 0)
        start, time, area, exponent, fraction, cutaway = (column[row] for column in columns)
        # Without a cutaway the legs of the reserve are over before they begin.
        start = jnp.where((leg > 0) & ~cut, -NEVER, start)
        return carry, InflationMemory(
            start, time, body.drag_area, body.attitude, escort, area, exponent, fraction, cutaway
        )

    carry = carry._replace(state=carry.state[:8])
    under = ((0, under_canopy(world)),)
    carry = chain.fly("inflation", InflationPhase(), 3, prepare_inflation, carry, 120.0, bodies=under)
    numbers |= {"open_time": carry.t, "open_height": world.terrain.height_above(carry.state[:3])}
    numbers["open_up"] = carry.state[2]
    numbers["reserve_used"] = (cut & carry.alive).astype(dtype)
    return carry
