"""One leg: solve one phase until its first event."""

import math
from typing import Any, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int

from precipice.frames import Scalar
from precipice.phases.phase import NO_GAP, AnyPhase
from precipice.phases.separation import PairRecord
from precipice.simulation.stepper import (
    BOSH3,
    SHORTEST,
    TSIT5,
    Method,
    between,
    next_length,
    step_error,
    take_step,
)
from precipice.world.presence import Presence
from precipice.world.world import World

FIRST_STEP = 1e-3
"""First step of every leg [s]: the controller lengthens it at once where it may."""
FAR = 1.0e4
"""Stands for a clearance that does not count [m]."""
LOW = 30.0
"""Height above the ground below which clearance from rock no longer counts: landing is meant [m]."""
WALL_COSINE, WALL_EXTENT = 0.906, 1.0
"""Of 25 degrees, as steep as ground can be that one lands on; about the radius of a performer [m]."""
STEPPING, LANDING = 0, 1
"""The two passes of a leg: step until a margin is negative, then step exactly to where it is zero."""


class Tolerance(eqx.Module):
    """How exactly a leg is solved.

    Attributes:
        relative: Of the solver's error estimate.
        absolute: Of the solver's error estimate, in the state's units.
        event: Width of the interval in which an event's time is found [s].
        longest: Longest step kept, so that a drawn track is smooth [s].
        differentiable: Whether a derivative may be taken: an event's time then follows the inputs.
        rough: Whether to solve by the pair of lower order.
        keeps: Whether every step is kept as a record; a campaign keeps none.
    """

    relative: float = eqx.field(static=True, default=1e-9)
    absolute: float = eqx.field(static=True, default=1e-9)
    event: float = eqx.field(static=True, default=1e-11)
    longest: float = eqx.field(static=True, default=1.0)
    differentiable: bool = eqx.field(static=True, default=False)
    rough: bool = eqx.field(static=True, default=False)
    keeps: bool = eqx.field(static=True, default=True)

    @property
    def method(self) -> Method:
        """The Runge-Kutta pair."""
        return BOSH3 if self.rough else TSIT5

    @property
    def halvings(self) -> int:
        """How often the longest step must be halved to find an event."""
        return math.ceil(math.log2(self.longest / self.event))


class Watch(NamedTuple):
    """What is looked at along a leg beside the phase's own record.

    Attributes:
        presence: Who and what else is there.
        zero_time: From which their times count: takeoff or exit, `()` [s].
        bodies: Where in the state each body's position and velocity begin, and its extent, `()` [m].
        over_people: Whether what moves comes down on people.
        walls_only: Whether rock counts only where it is much nearer than the ground straight below:
            under a canopy, one means to come down.
    """

    presence: Presence
    zero_time: Scalar
    bodies: tuple[tuple[int, Scalar], ...]
    over_people: bool = False
    walls_only: bool = False


class Extremes(NamedTuple):
    """Smallest and largest values of a leg, each `()`, at its steps; of the last two, between them too.

    Attributes:
        clearance: Smallest from rock, above `LOW` and once it counts [m].
        gap: Smallest between the bodies [m].
        gap_time: When [s].
        load: Largest [g].
        known: Smallest distance to the end of the terrain data [m].
        aircraft: Smallest distance from a body's extent to any aircraft, over its keep-out [m].
        people: Smallest distance on the map from a body's extent to any circle of people [m].
    """

    clearance: Scalar
    gap: Scalar
    gap_time: Scalar
    load: Scalar
    known: Scalar
    aircraft: Scalar
    people: Scalar


class LegEnd(NamedTuple):
    """How a leg ended, and what it met on its way.

    Attributes:
        t: `()` [s].
        state: `(n,)`.
        margin: Index of the margin that ended it, `()`.
        flown: Whether the leg took any step, `()`.
        resolved: Whether an event ended it with finite numbers, `()`.
        steps: Accepted and rejected, `()`.
        extremes: Along the leg.
        times: Of the kept steps, padded with infinity, `(k,)` [s].
        records: Kept steps, each leaf `(k, ...)`.
        path: Times, positions and velocities at the steps, `(k, 7)`; no rows if not asked for.
    """

    t: Scalar
    state: Float[Array, " n"]
    margin: Int[Array, ""]
    flown: Bool[Array, ""]
    resolved: Bool[Array, ""]
    steps: Int[Array, ""]
    extremes: Extremes
    times: Float[Array, " k"]
    records: Any
    path: Float[Array, "k 7"]


class _Flying(NamedTuple):
    """A leg on its way.

    Attributes:
        t: `()` [s].
        state: At `t`, `(n,)`.
        first: Rates at `t`, `(n,)`.
        step: Length of the next step; of the step with the event, once there is one, `()` [s].
        going: Whether it goes on stepping, `()`.
        found: Whether an event lies in the next step, `()`.
        margin: Which margin is smallest, `()`.
        steps: Taken so far, `()`.
        extremes: So far.
        rates: At the stages of the last step, `(stages, n)`.
        reached: At the end of the last step, `(n,)`.
    """

    t: Any
    state: Any
    first: Any
    step: Any
    going: Any
    found: Any
    margin: Any
    steps: Any
    extremes: Extremes
    rates: Any
    reached: Any


class _Kept(NamedTuple):
    """Steps that are kept, in tables whose last row is where rejected steps go.

    Attributes:
        count: Rows so far, `()`.
        times: `(k,)` [s], or no rows.
        records: Leaves `(k, ...)`, or no rows.
        path: Times, positions, velocities, `(k, 7)`, or no rows.
    """

    count: Any
    times: Any
    records: Any
    path: Any


def fly_leg(
    phase: AnyPhase,
    t: Scalar,
    state: Float[Array, " n"],
    world: World,
    memory: Any,
    active: Bool[Array, ""],
    longest: float,
    tolerance: Tolerance,
    max_steps: int,
    counts_from: Scalar | float = 0.0,
    with_path: bool = False,
    watch: Watch | None = None,
) -> LegEnd:
    """Return the end of one leg: the first downward zero of the phase's smallest margin.

    Args:
        phase: What is flown.
        t: Start, `()` [s].
        state: At the start, `(n,)`.
        world: The run's world.
        memory: What the leg knows.
        active: Whether the stunt is still going on; if not, no step is taken.
        longest: Time after which a leg without an event is unresolved [s].
        tolerance: How exactly, and what is kept.
        max_steps: Most steps of the solver.
        counts_from: Since when clearance from rock counts, `()` [s].
        with_path: Whether the path is kept even where records are not.
        watch: What else is looked at on the way.

    Returns:
        End, reason, extremes and kept steps. A margin that is not positive at the start ends the leg there.
    """
    since = jnp.asarray(counts_from, state.dtype)
    leg = _Leg(phase, world, memory, tolerance, max_steps, t + longest, since, watch)

    def one_pass(which: Any, carry: tuple[_Flying, _Kept]) -> tuple[_Flying, _Kept]:
        exact = which == LANDING
        flying, kept = jax.lax.while_loop(
            lambda carry: carry[0].going, lambda carry: leg.advance(*carry, exact), carry
        )
        share = leg.find(flying, which)
        landing = flying.found & (flying.steps > 1) & ~exact
        step = jnp.where(landing, share * flying.step, flying.step)
        return flying._replace(going=landing, step=step), kept

    flying, kept = jax.lax.fori_loop(STEPPING, LANDING + 1, one_pass, leg.begin(t, state, active, with_path))
    flown = active & ~(flying.found & (flying.steps <= 1))
    finite = jnp.isfinite(flying.t) & jnp.all(jnp.isfinite(flying.state))
    return LegEnd(
        t=flying.t,
        state=flying.state,
        margin=flying.margin,
        flown=flown,
        resolved=~flown | (flying.found & finite),
        steps=flying.steps,
        extremes=flying.extremes,
        times=kept.times[:-1],
        records=jax.tree.map(lambda rows: rows[:-1], kept.records),
        path=kept.path[:-1],
    )


class _Leg:
    """One leg while it is being traced."""

    def __init__(
        self,
        phase: AnyPhase,
        world: World,
        memory: Any,
        tolerance: Tolerance,
        max_steps: int,
        latest: Scalar,
        since: Scalar,
        watch: Watch | None,
    ):
        """Store what is flown, where and how; see `fly_leg`."""
        self._phase, self._world, self._memory, self._watch = phase, world, memory, watch
        self._tolerance, self._max_steps = tolerance, max_steps
        self._latest, self._since = latest, since

    def _look(self, t: Any, y: Any) -> tuple[Any, Any, Any]:
        """Return what is left to the ends, the longest step allowed from here, and the record."""
        about = (t, y, self._world, self._memory)
        values = jnp.stack(list(self._phase.margins(*about).values()))
        return values, self._phase.step_limit(*about), self._phase.record(*about)

    def begin(self, t: Any, state: Any, active: Any, with_path: bool) -> tuple[_Flying, _Kept]:
        """Return the leg before a first step of no length, which finds rates, margins and records."""
        dtype, keeps = state.dtype, self._tolerance.keeps
        zero, none = jnp.zeros((), dtype), jnp.zeros((), int)
        flying = _Flying(
            t=t,
            state=state,
            first=jnp.zeros_like(state),
            step=zero,
            going=active,
            found=jnp.zeros((), bool),
            margin=none,
            steps=none,
            extremes=Extremes(zero + FAR, zero + NO_GAP, zero, zero, zero + FAR, zero + FAR, zero + FAR),
            rates=jnp.zeros((self._tolerance.method.stages, *state.shape), dtype),
            reached=state,
        )
        rows = self._max_steps + 2
        kept_rows, path_rows = (rows if keeps else 1), (rows if with_path else 1)
        record = jax.eval_shape(self._look, t, state)[2]
        kept = _Kept(
            count=none,
            times=jnp.full(kept_rows, jnp.inf, dtype),
            records=jax.tree.map(lambda leaf: jnp.zeros((kept_rows, *leaf.shape), leaf.dtype), record),
            path=jnp.full((path_rows, 7), jnp.inf, dtype),
        )
        return flying, kept

    def advance(self, flying: _Flying, kept: _Kept, exact: Any) -> tuple[_Flying, _Kept]:
        """Return the leg after one more step, and what is kept of it."""
        tolerance, method, since = self._tolerance, self._tolerance.method, self._since

        def field(t: Any, y: Any) -> Any:
            return self._phase.vector_field(t, y, self._world, self._memory)

        rates, reached = take_step(method, field, flying.t, flying.state, flying.first, flying.step)
        error = step_error(
            method, rates, flying.state, reached, flying.step, tolerance.relative, tolerance.absolute
        )
        accepted = (error <= 1.0) | (flying.step <= SHORTEST) | exact
        later = flying.t + flying.step
        values, limit, record = self._look(later, reached)
        found = accepted & (jnp.min(values) <= 0.0) & ~exact
        moved = accepted & ~found
        left = self._latest - later
        length = jnp.where(flying.steps == 0, FIRST_STEP, next_length(method, flying.step, error, accepted))
        length = jnp.where(accepted, jnp.minimum(length, jnp.minimum(limit, left)), length)
        length = jnp.where(later < since, jnp.minimum(length, since - later), length)
        length = jax.lax.stop_gradient(jnp.clip(length, SHORTEST, tolerance.longest))
        lost = moved & ~(jnp.all(jnp.isfinite(reached)) & (left > 0.0))
        steps = flying.steps + 1
        new = _Flying(
            t=jnp.where(moved, later, flying.t),
            state=jnp.where(moved, reached, flying.state),
            first=jnp.where(moved, rates[-1], flying.first),
            step=jnp.where(found, flying.step, length),
            going=~(found | exact | lost) & (steps < self._max_steps),
            found=flying.found | found,
            margin=jnp.argmin(values),
            steps=steps,
            extremes=self._extend(flying, reached, later, record, moved),
            rates=rates,
            reached=reached,
        )
        return new, _keep(kept, new, later, record, moved)

    def _extend(self, flying: _Flying, reached: Any, t: Any, record: Any, moved: Any) -> Extremes:
        """Return the extremes with one more step; of a pair, the performer's."""
        extremes, around = flying.extremes, self._around(flying, reached)
        own = record.performer if isinstance(record, PairRecord) else record
        counts = moved & (t >= self._since) & (own.height > LOW)
        if self._watch is not None and self._watch.walls_only:
            counts &= own.clearance < WALL_COSINE * own.height - WALL_EXTENT
        nearer = moved & (own.gap < extremes.gap)
        return Extremes(
            clearance=jnp.where(counts, jnp.minimum(extremes.clearance, own.clearance), extremes.clearance),
            gap=jnp.where(nearer, own.gap, extremes.gap),
            gap_time=jnp.where(nearer, t, extremes.gap_time),
            load=jnp.where(moved, jnp.maximum(extremes.load, own.load), extremes.load),
            known=jnp.where(moved, jnp.minimum(extremes.known, own.known), extremes.known),
            aircraft=jnp.where(moved, jnp.minimum(extremes.aircraft, around[0]), extremes.aircraft),
            people=jnp.where(moved, jnp.minimum(extremes.people, around[1]), extremes.people),
        )

    def _around(self, flying: _Flying, reached: Any) -> tuple[Any, Any]:
        """Return what is left to aircraft and to people during the last step."""
        far = jnp.full_like(flying.t, FAR)
        if self._watch is None:
            return far, far
        presence, zero_time, bodies, over_people, _ = self._watch
        aircraft, people = far, far
        for first, extent in bodies:
            ends = [
                (state[first : first + 3], state[first + 3 : first + 6]) for state in (flying.state, reached)
            ]
            step = (flying.t - zero_time, flying.step, ends[0], ends[1])
            aircraft = jnp.minimum(aircraft, presence.aircraft_left(*step) - extent)
            if over_people:
                people = jnp.minimum(people, presence.people_left(*step) - extent)
        return aircraft, people

    def _within(self, flying: _Flying, share: Any) -> Any:
        """Return the smallest margin inside the last step."""
        y = between(self._tolerance.method, flying.rates, flying.state, flying.reached, flying.step, share)
        values = self._phase.margins(flying.t + share * flying.step, y, self._world, self._memory)
        return jnp.min(jnp.stack(list(values.values())))

    def find(self, flying: _Flying, which: Any) -> Any:
        """Return where in the last step the smallest margin falls through zero, `()`, 0 to 1."""
        halvings = jnp.where((which == STEPPING) & flying.found, self._tolerance.halvings, 0)

        def halve(_: Any, bracket: tuple[Any, Any]) -> tuple[Any, Any]:
            low, high = bracket
            middle = 0.5 * (low + high)
            below = self._within(flying, middle) <= 0.0
            return jnp.where(below, low, middle), jnp.where(below, middle, high)

        bracket = jnp.zeros_like(flying.step), jnp.ones_like(flying.step)
        share = jax.lax.fori_loop(0, halvings, halve, bracket)[1]
        if not self._tolerance.differentiable:
            return share
        share = jax.lax.stop_gradient(share)
        value, slope = jax.jvp(lambda x: self._within(flying, x), (share,), (jnp.ones_like(share),))
        slope = jax.lax.stop_gradient(jnp.where(slope < 0.0, slope, -1.0))
        return share - (value - jax.lax.stop_gradient(value)) / slope


def _keep(kept: _Kept, flying: _Flying, t: Any, record: Any, moved: Any) -> _Kept:
    """Return the tables with one more row each, or with a rejected step in their last rows."""
    row = jnp.where(moved, kept.count, kept.times.shape[0] - 1)
    line = jnp.where(moved, kept.count, kept.path.shape[0] - 1)
    return _Kept(
        count=kept.count + moved,
        times=_write(kept.times, t, row),
        records=jax.tree.map(lambda rows, leaf: _write(rows, leaf, row), kept.records, record),
        path=_write(kept.path, jnp.concatenate([flying.t[None], flying.state[:6]]), line),
    )


def _write(rows: Any, row: Any, index: Any) -> Any:
    """Return rows with one replaced, in place where the compiler can; a lone row is never read."""
    return rows if rows.shape[0] == 1 else jax.lax.dynamic_update_index_in_dim(rows, row, index, 0)
