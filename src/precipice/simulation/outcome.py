"""How a stunt ended, as data."""

import jax.numpy as jnp
from jaxtyping import Array, Int

from precipice.frames import Position
from precipice.phases.sequence import ENDS, OUTCOMES
from precipice.world.obstacle import Obstructed
from precipice.world.world import World

GOES_ON = -1
"""What `outcome_codes` holds for a margin that leads on."""
UNRESOLVED = OUTCOMES.index("unresolved")
LANDED = OUTCOMES.index("landed")
MISSED_SURFACE = OUTCOMES.index("missed-surface")
STRUCK_UNDER_CANOPY = OUTCOMES.index("struck-rock-under-canopy")
STRUCK_OBSTACLE = OUTCOMES.index("struck-obstacle")
LANDED_IN_WATER = OUTCOMES.index("landed-in-water")
CONTACTS = tuple(k for k, name in enumerate(OUTCOMES) if name == "landed" or name.startswith("struck-"))
"""Outcomes in which the performer has touched something of the site."""


def outcome_codes(phase: str) -> tuple[int, ...]:
    """Return the outcome that each margin of a phase means, `GOES_ON` where the stunt goes on.

    Args:
        phase: A key of `ENDS`.
    """
    return tuple(GOES_ON if end is None else OUTCOMES.index(end) for end in ENDS[phase].values())


def tell_obstacle(outcome: Int[Array, ""], position: Position, world: World) -> Int[Array, ""]:
    """Return the outcome with what was touched told apart: rock, an obstacle, or water, `()`.

    Args:
        outcome: Index into `OUTCOMES`, `()`.
        position: Of the performer at the end, `(3,)` [m].
        world: The run's world.
    """
    if not isinstance(world.terrain, Obstructed):
        return outcome
    under_canopy = (outcome == LANDED) | (outcome == STRUCK_UNDER_CANOPY)
    hit = world.terrain.struck(position, jnp.where(under_canopy, world.rig.line_length, 0.0))
    touched = jnp.any(outcome == jnp.asarray(CONTACTS))
    wet = (outcome == LANDED) & world.terrain.in_water(position)
    return jnp.where(touched & hit, STRUCK_OBSTACLE, jnp.where(wet, LANDED_IN_WATER, outcome))
