"""Smallest and largest values along flown legs, at the solver's steps."""

import jax.numpy as jnp

from precipice.frames import Scalar
from precipice.phases.phase import NO_GAP
from precipice.simulation.leg import LegEnd

AIRBORNE = ("freefall", "deployment", "inflation", "canopy")
"""Phases in which the performer falls or flies alone."""


def smallest_clearance(phases: dict[str, LegEnd]) -> Scalar:
    """Return the performer's smallest clearance from rock, `()` [m].

    Near rock no step is longer than the clearance, so between steps it can be smaller only by what
    the path's curvature allows: acceleration times step squared over eight.

    Args:
        phases: Flown legs.
    """
    return jnp.min(jnp.concatenate([legs.extremes.clearance for legs in _airborne(phases)]))


def smallest_gap(phases: dict[str, LegEnd]) -> tuple[Scalar, Scalar]:
    """Return the smallest gap between performer and motorcycle after they came clear, and when.

    Args:
        phases: Flown legs.

    Returns:
        Gap, `()` [m], `NO_GAP` if none counts, and its time, `()` [s].
    """
    gaps = jnp.concatenate([legs.extremes.gap for legs in _airborne(phases)])
    times = jnp.concatenate([legs.extremes.gap_time for legs in _airborne(phases)])
    gap, time = gaps[0], times[0]
    for other, when in zip(gaps[1:], times[1:], strict=True):
        gap, time = jnp.where(other < gap, other, gap), jnp.where(other < gap, when, time)
    return jnp.minimum(gap, NO_GAP), time


def _airborne(phases: dict[str, LegEnd]) -> list[LegEnd]:
    return [phases[name] for name in AIRBORNE if name in phases]


def largest_load(legs: LegEnd) -> Scalar:
    """Return the largest load among the steps of a phase, `()` [g]; 0 if it was not flown."""
    return jnp.max(legs.extremes.load)


def smallest_known(phases: dict[str, LegEnd]) -> Scalar:
    """Return the smallest distance to the end of the terrain data, `()` [m]; negative: it was left."""
    return jnp.min(jnp.concatenate([legs.extremes.known for legs in phases.values()]))


def smallest_aircraft_left(phases: dict[str, LegEnd]) -> Scalar:
    """Return the smallest distance to any aircraft, over its keep-out, `()` [m]; see `Extremes`."""
    return jnp.min(jnp.concatenate([legs.extremes.aircraft for legs in phases.values()]))


def smallest_people_left(phases: dict[str, LegEnd]) -> Scalar:
    """Return the smallest distance on the map to any circle of people, `()` [m]; see `Extremes`."""
    return jnp.min(jnp.concatenate([legs.extremes.people for legs in phases.values()]))
