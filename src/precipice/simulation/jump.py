"""A ramp-jump: run-up, ramp, and the flight with the vehicle to the landing."""

import jax.numpy as jnp

from precipice.phases.phase import NEVER
from precipice.simulation.chain import Carry, Chain
from precipice.simulation.extremes import largest_load, smallest_known
from precipice.simulation.leg import Tolerance
from precipice.simulation.report import Report
from precipice.simulation.ride import fly_vehicle, ride_up
from precipice.world.world import World


def jump(world: World, tolerance: Tolerance, steps: dict[str, int]) -> tuple[Carry, Report]:
    """Fly run-up, ramp and flight to the first contact with the ground; see `ride.ride`."""
    chain = Chain(world, tolerance, steps)
    carry = ride_up(chain)
    carry = fly_vehicle(chain, carry, jnp.full_like(carry.t, NEVER))
    numbers = chain.numbers
    numbers["ramp_load"] = largest_load(chain.phases["ramp"])
    numbers["known"] = smallest_known(chain.phases)
    numbers["outcome"] = carry.outcome.astype(carry.t.dtype)
    return carry._replace(extra=jnp.zeros_like(carry.t)), Report(chain.phases, numbers)
