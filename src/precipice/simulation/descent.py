"""The descent: the open canopy from the opening to touchdown."""

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool

from precipice.frames import bearing_of, norm, wrap_angle
from precipice.phases.canopy import FLARE, HOLD, CanopyMemory, CanopyPhase
from precipice.phases.pilot import plan_approach, simplify_approach
from precipice.simulation.chain import Carry, Chain
from precipice.simulation.extremes import smallest_aircraft_left, smallest_clearance, smallest_known
from precipice.simulation.fall import Opened, under_canopy
from precipice.simulation.leg import Tolerance
from precipice.simulation.outcome import LANDED, STRUCK_UNDER_CANOPY, tell_obstacle
from precipice.simulation.replay import Replay
from precipice.simulation.report import Report
from precipice.world.world import World

LONGEST_TURN = 12.0
"""After which a pilot who still faces the wall goes on to the landing area anyway [s]: assumed."""
STEEP = 0.436
"""Ground steeper than this is a strike, not a landing [rad]: 25 degrees, assumed."""


def fly_canopy(
    world: World, opened: Opened, tolerance: Tolerance | Replay, steps: dict[str, int]
) -> tuple[Carry, Report]:
    """Fly the canopy to touchdown; see `fall.fall` for the arguments."""
    flown = (opened.area, opened.radius)
    world = eqx.tree_at(lambda w: (w.rig.canopy_area, w.rig.canopy_radius), world, flown)
    chain = Chain(world, tolerance, steps)
    chain.zero_time = opened.zero_time
    carry = _fly_canopy(chain, opened)
    chain.numbers["canopy_clearance"] = smallest_clearance(chain.phases)
    chain.numbers["canopy_known"] = smallest_known(chain.phases)
    chain.numbers["canopy_aircraft_left"] = smallest_aircraft_left(chain.phases)
    chain.numbers["outcome"] = carry.outcome.astype(carry.t.dtype)
    return carry._replace(extra=jnp.zeros_like(carry.t)), Report(chain.phases, chain.numbers)


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
    under = ((0, under_canopy(world)),)
    carry = chain.fly(
        "canopy", CanopyPhase(), FLARE + 1, prepare, carry, 3600.0, bodies=under, walls_only=True
    )
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
        "landing_east": carry.state[0],
        "landing_north": carry.state[1],
        "landing_up": carry.state[2],
    }
    flat = world.terrain.normal(carry.state[:3])[2] > jnp.cos(STEEP)
    landed = carry.outcome == LANDED
    outcome = jnp.where(landed & ~flat, STRUCK_UNDER_CANOPY, carry.outcome)
    return carry._replace(outcome=tell_obstacle(outcome, carry.state[:3], world))


def _where(condition: Bool[Array, ""], yes: Any, no: Any) -> Any:
    return jax.tree.map(lambda a, b: jnp.where(condition, a, b), yes, no)
