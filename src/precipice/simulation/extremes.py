"""Smallest and largest values along flown legs, looked for between steps as well as at them."""

import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float

from precipice.frames import Scalar
from precipice.phases.escort import Escort, escort_gap
from precipice.phases.phase import Record
from precipice.simulation.leg import LegEnd
from precipice.world.world import World

PARTS = 4
"""Into how many parts each step is cut."""


def between_steps(
    legs: LegEnd, records: Record
) -> tuple[Float[Array, " m"], Float[Array, "m 3"], Bool[Array, " m"]]:
    """Return times and places at the steps and at cuts between them.

    Args:
        legs: Of one phase, stacked.
        records: Of its steps, each leaf `(legs, k, ...)`.

    Returns:
        Times, `(m,)` [s], places, `(m, 3)` [m] (cubic in position and velocity), and which are real, `(m,)`.
    """
    start, end = legs.times[:, :-1], legs.times[:, 1:]
    real = jnp.isfinite(end)
    width = jnp.where(real, end - start, 0.0)
    a, b = records.position[:, :-1], records.position[:, 1:]
    u, v = (width[..., None] * records.velocity[:, k : k + a.shape[1]] for k in (0, 1))
    cuts = jnp.arange(PARTS + 1) / PARTS
    s = cuts[:, None, None, None].astype(a.dtype)
    step = b - a
    place = a + s * step + s * (1.0 - s) * ((u - step) * (1.0 - s) + (step - v) * s)
    times = jnp.where(real, start, 0.0) + cuts[:, None, None].astype(a.dtype) * width
    return times.reshape(-1), place.reshape(-1, 3), jnp.broadcast_to(real, times.shape).reshape(-1)


def smallest_clearance(phases: dict[str, LegEnd], world: World, since: Scalar, ground: float) -> Scalar:
    """Return the performer's smallest clearance from rock, `()` [m].

    Args:
        phases: Legs from freefall on.
        world: Gives rock, body and landing area.
        since: From when it counts, `()` [s].
        ground: Height above the ground below from which it no longer counts [m].
    """
    smallest = jnp.full((), 1.0e4, world.performer.mass.dtype)
    for name in ("freefall", "deployment", "inflation", "canopy"):
        legs = phases[name]
        times, places, real = between_steps(legs, legs.records)
        distance = jax.vmap(world.terrain.distance)(places) - world.performer.radius
        height = jax.vmap(world.terrain.height_above)(places)
        counts = real & (times >= since) & (height > ground)
        smallest = jnp.minimum(smallest, jnp.min(jnp.where(counts, distance, 1.0e4)))
    return smallest


def smallest_gap(phases: dict[str, LegEnd], escort: Escort, world: World) -> Scalar:
    """Return the smallest gap between performer and motorcycle after they came clear, `()` [m]."""
    smallest = jnp.full((), 1.0e3, world.performer.mass.dtype)
    for name in ("freefall", "deployment", "inflation"):
        legs = phases[name]
        times, places, real = between_steps(legs, legs.records)
        gaps = jax.vmap(lambda t, place: escort_gap(escort, t, place))(times, places)
        smallest = jnp.minimum(smallest, jnp.min(jnp.where(real, gaps, 1.0e3)))
    return smallest


def largest_load(legs: LegEnd, records: Record) -> Scalar:
    """Return the largest load among the steps of a phase, `()` [g]; 0 if it was not flown."""
    return jnp.max(jnp.where(jnp.isfinite(legs.times), records.load, 0.0))


def smallest_known(phases: dict[str, LegEnd]) -> Scalar:
    """Return the smallest distance to the end of the terrain data, `()` [m]; negative: it was left."""
    smallest = jnp.full((), jnp.inf)
    for name, legs in phases.items():
        records = legs.records.performer if name == "separation" else legs.records
        known = jnp.where(jnp.isfinite(legs.times), records.known, jnp.inf)
        smallest = jnp.minimum(smallest, jnp.min(known))
    return smallest
