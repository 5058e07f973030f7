"""Smallest and largest values along flown legs, at the solver's steps."""

import jax.numpy as jnp

from precipice.frames import Scalar
from precipice.phases.phase import NO_GAP, Record
from precipice.simulation.leg import LegEnd

AIRBORNE = ("freefall", "deployment", "inflation", "canopy")
"""Phases in which the performer falls or flies alone."""


def performer_records(name: str, legs: LegEnd) -> Record:
    """Return a phase's records of the performer; each leaf `(legs, k, ...)`."""
    return legs.records.performer if name == "separation" else legs.records


def smallest_clearance(phases: dict[str, LegEnd], since: Scalar, ground: float) -> Scalar:
    """Return the performer's smallest clearance from rock, `()` [m].

    Near rock no step is longer than the clearance, so between steps it can be smaller only by what
    the path's curvature allows: acceleration times step squared over eight.

    Args:
        phases: Flown legs.
        since: From when it counts, `()` [s].
        ground: Height above the ground below from which it no longer counts [m].
    """
    smallest = jnp.full_like(since, 1.0e4)
    for legs in _airborne(phases):
        records = legs.records
        counts = jnp.isfinite(legs.times) & (legs.times >= since) & (records.height > ground)
        smallest = jnp.minimum(smallest, jnp.min(jnp.where(counts, records.clearance, 1.0e4)))
    return smallest


def smallest_gap(phases: dict[str, LegEnd]) -> tuple[Scalar, Scalar]:
    """Return the smallest gap between performer and motorcycle after they came clear, and when.

    Args:
        phases: Flown legs.

    Returns:
        Gap, `()` [m], `NO_GAP` if none counts, and its time, `()` [s].
    """
    gaps = [
        jnp.where(jnp.isfinite(legs.times), legs.records.gap, NO_GAP).ravel() for legs in _airborne(phases)
    ]
    times = jnp.concatenate([legs.times.ravel() for legs in _airborne(phases)])
    gap = jnp.concatenate(gaps)
    at = times[jnp.argmin(gap)]
    return jnp.min(gap), jnp.where(jnp.isfinite(at), at, 0.0)


def _airborne(phases: dict[str, LegEnd]) -> list[LegEnd]:
    return [phases[name] for name in AIRBORNE if name in phases]


def largest_load(legs: LegEnd) -> Scalar:
    """Return the largest load among the steps of a phase, `()` [g]; 0 if it was not flown."""
    return jnp.max(jnp.where(jnp.isfinite(legs.times), legs.records.load, 0.0))


def smallest_known(phases: dict[str, LegEnd]) -> Scalar:
    """Return the smallest distance to the end of the terrain data, `()` [m]; negative: it was left."""
    smallest = jnp.asarray(jnp.inf)
    for name, legs in phases.items():
        known = jnp.where(jnp.isfinite(legs.times), performer_records(name, legs).known, jnp.inf)
        smallest = jnp.minimum(smallest, jnp.min(known))
    return smallest
