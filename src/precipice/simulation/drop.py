"""A body without a parachute: the riderless motorcycle, or what a drop lets go, to its rest."""

import jax.numpy as jnp
from jaxtyping import Array

from precipice.frames import Scalar, norm
from precipice.phases.escort import Escort, sample_track
from precipice.phases.tumble import SlideMemory, SlidePhase, TumbleMemory, TumblePhase, first_impact
from precipice.simulation.chain import Carry, Chain
from precipice.simulation.extremes import smallest_aircraft_left, smallest_known, smallest_people_left
from precipice.simulation.leg import Tolerance
from precipice.simulation.outcome import UNRESOLVED
from precipice.simulation.replay import Replay
from precipice.simulation.report import Report
from precipice.simulation.ride import Parted
from precipice.world.world import World


def drop_motorcycle(
    world: World, parted: Parted, tolerance: Tolerance | Replay, steps: dict[str, int]
) -> tuple[Escort, Report]:
    """Fly the riderless motorcycle to rest; it ends nothing for the performer. See `ride.ride`.

    Args:
        world: What is true in this run.
        parted: Where it was left.
        tolerance: How exactly the legs are solved.
        steps: Most steps of a leg, by name of the phase.
    """
    chain = Chain(world, tolerance, steps)
    chain.zero_time = parted.zero_time
    start = parted.carry._replace(state=parted.carry.state[14:])
    assert parted.release_time is not None
    assert parted.wheel_speed is not None
    momentum = world.vehicle.wheel_momentum(parted.wheel_speed)
    _fall_and_slide(chain, start, parted.release_time, momentum, "motorcycle_", with_path=True)
    escort = Escort(
        begin=start.t,
        end=chain.phases["tumble"].t[0],
        track=sample_track(chain.phases["tumble"].path[0], start.state[:6]),
        clear=parted.clear,
        reach=world.performer.radius + world.body.radius,
        radius=world.body.radius,
    )
    return escort, Report(chain.phases, chain.numbers)


def drop_body(world: World, tolerance: Tolerance | Replay, steps: dict[str, int]) -> tuple[Carry, Report]:
    """Fly a dropped body from where it is let go to rest; see `drop_motorcycle`."""
    chain = Chain(world, tolerance, steps)
    begin = world.exit
    zero = jnp.zeros_like(world.body.mass)
    carry = Carry(
        t=zero,
        state=jnp.concatenate([begin.position, begin.velocity, begin.attitude, begin.spin]),
        extra=zero,
        alive=jnp.ones((), bool),
        outcome=jnp.asarray(UNRESOLVED),
    )
    carry = _fall_and_slide(chain, carry, zero, zero, "")
    chain.numbers["exit_time"] = zero
    chain.numbers["outcome"] = carry.outcome.astype(zero.dtype)
    return carry, Report(chain.phases, chain.numbers)


def _fall_and_slide(
    chain: Chain,
    carry: Carry,
    release: Scalar,
    wheel_momentum: Scalar,
    named: str,
    with_path: bool = False,
) -> Carry:
    """Fly a body to its first contact, then bounce and slide to rest; numbers begin with `named`."""
    world, numbers = chain.world, chain.numbers
    bodies = ((0, world.body.radius),)

    def prepare_tumble(leg: Array, carry: Carry) -> tuple[Carry, TumbleMemory]:
        del leg
        return carry, TumbleMemory(release, wheel_momentum)

    carry = chain.fly("tumble", TumblePhase(), 1, prepare_tumble, carry, 600.0, with_path, bodies)
    attitude = carry.state[6:10]

    def prepare_slide(leg: Array, carry: Carry) -> tuple[Carry, SlideMemory]:
        del leg
        return carry, SlideMemory(attitude)

    numbers |= {
        f"{named}contact_time": carry.t,
        f"{named}contact_speed": norm(carry.state[3:6]),
        f"{named}contact_sink": -carry.state[5],
        f"{named}contact_east": carry.state[0],
        f"{named}contact_north": carry.state[1],
    }
    begun = carry._replace(state=first_impact(carry.state, world))
    carry = chain.fly("slide", SlidePhase(), 1, prepare_slide, begun, 600.0, bodies=bodies, over_people=True)
    numbers |= {
        f"{named}rest_time": carry.t,
        f"{named}rest_east": carry.state[0],
        f"{named}rest_north": carry.state[1],
    }
    numbers[f"{named}known"] = smallest_known(chain.phases)
    numbers[f"{named}aircraft_left"] = smallest_aircraft_left(chain.phases)
    numbers[f"{named}people_left"] = smallest_people_left(chain.phases)
    return carry
