"""A ramp-jump: run-up, ramp, and the flight with the vehicle to its landing."""

import jax.numpy as jnp

from precipice.frames import norm, rotate
from precipice.phases.flight import nearer_wheel
from precipice.phases.phase import NEVER
from precipice.simulation.chain import Carry, Chain
from precipice.simulation.extremes import largest_load, smallest_aircraft_left, smallest_known
from precipice.simulation.leg import Tolerance
from precipice.simulation.outcome import LANDED, MISSED_SURFACE
from precipice.simulation.replay import Replay
from precipice.simulation.report import Report
from precipice.simulation.ride import fly_vehicle, ride_up
from precipice.world.fall_height import fall_height
from precipice.world.landing_surface import LandingSurface
from precipice.world.world import World


def jump(world: World, tolerance: Tolerance | Replay, steps: dict[str, int]) -> tuple[Carry, Report]:
    """Fly run-up, ramp and flight to the first contact of a wheel with the ground; see `ride.ride`."""
    chain = Chain(world, tolerance, steps)
    carry = ride_up(chain)
    carry = fly_vehicle(chain, carry, jnp.full_like(carry.t, NEVER), "jump", 0.0)
    carry = _land(chain, carry)
    numbers = chain.numbers
    numbers["ramp_load"] = largest_load(chain.phases["ramp"])
    numbers["jump_known"] = smallest_known(chain.phases)
    numbers["jump_aircraft_left"] = smallest_aircraft_left(chain.phases)
    numbers["outcome"] = carry.outcome.astype(carry.t.dtype)
    return carry._replace(extra=jnp.zeros_like(carry.t)), Report(chain.phases, numbers)


def _land(chain: Chain, carry: Carry) -> Carry:
    """Say how the vehicle met the ground; a landing off the surface is none."""
    world, numbers, state = chain.world, chain.numbers, carry.state
    assert isinstance(world.terrain, LandingSurface)
    _, hub = nearer_wheel(state, world, ridden=True)
    up = jnp.array([0.0, 0.0, 1.0], state.dtype)
    along = jnp.sum(state[3:6] * world.site.launch)
    path, slope = jnp.arctan2(state[5], along), world.terrain.slope(hub)
    nose, top = rotate(state[6:10], jnp.array([1.0, 0.0, 0.0], state.dtype)), rotate(state[6:10], up)
    pitch = jnp.arctan2(nose[2], jnp.sum(nose * world.site.launch))
    numbers |= {
        "airtime": carry.t - numbers["lip_time"],
        "jump_distance": jnp.sum(hub * world.site.launch),
        "landing_offset": norm(hub[:2] - jnp.sum(hub * world.site.launch) * world.site.launch[:2]),
        "landing_edge_distance": world.terrain.inside(hub),
        "landing_speed": norm(state[3:6]),
        "landing_path_angle": path,
        "landing_slope_angle": slope,
        "landing_fall_height": fall_height(jnp.hypot(along, state[5]), path, slope),
        "landing_pitch_angle": pitch - slope,
        "landing_tilt_angle": jnp.arccos(jnp.clip(jnp.sum(top * world.terrain.normal(hub)), -1.0, 1.0)),
        "landing_pitch_rate": -state[11],
    }
    missed = (carry.outcome == LANDED) & (world.terrain.inside(hub) < 0.0)
    return carry._replace(outcome=jnp.where(missed, MISSED_SURFACE, carry.outcome))
