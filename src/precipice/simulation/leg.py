"""One leg: solve one phase until its first event, any number of lanes side by side."""

import functools
import math
from typing import Any, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
from jax.custom_batching import custom_vmap
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
from precipice.world.world import World

FIRST_STEP = 1e-3
"""First step of every leg [s]: the controller lengthens it at once where it may."""
FAR = 1.0e4
"""Stands for a clearance that does not count [m]."""
LOW = 30.0
"""Height above the ground below which clearance from rock no longer counts: landing is meant [m]."""
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
    """

    relative: float = eqx.field(static=True, default=1e-9)
    absolute: float = eqx.field(static=True, default=1e-9)
    event: float = eqx.field(static=True, default=1e-11)
    longest: float = eqx.field(static=True, default=1.0)
    differentiable: bool = eqx.field(static=True, default=False)
    rough: bool = eqx.field(static=True, default=False)

    @property
    def method(self) -> Method:
        """The Runge-Kutta pair."""
        return BOSH3 if self.rough else TSIT5

    @property
    def halvings(self) -> int:
        """How often the longest step must be halved to find an event."""
        return math.ceil(math.log2(self.longest / self.event))


class Extremes(NamedTuple):
    """Smallest and largest values at the steps of a leg, each `()`.

    Attributes:
        clearance: Smallest from rock, above `LOW` and once it counts [m].
        gap: Smallest between the bodies [m].
        gap_time: When [s].
        load: Largest [g].
        known: Smallest distance to the end of the terrain data [m].
    """

    clearance: Scalar
    gap: Scalar
    gap_time: Scalar
    load: Scalar
    known: Scalar


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
        times: Of the kept steps of the first lane, padded with infinity, `(k,)` [s].
        records: Kept steps of the first lane, each leaf `(k, ...)`.
        path: Times, positions and velocities at the steps of this lane, `(k, 7)`; no rows if not asked for.
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


class _Lanes(NamedTuple):
    """All lanes on their way; each leaf `(lanes,)`, but states `(n, lanes)`: components lie side by side.

    Attributes:
        t: [s].
        state: At `t`, `(n, lanes)`.
        first: Rates at `t`, `(n, lanes)`.
        step: Length of the next step; of the step with the event, once there is one [s].
        going: Whether the lane goes on stepping.
        found: Whether an event lies in the next step.
        margin: Which margin is smallest.
        steps: Taken so far.
        extremes: So far.
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


class _Kept(NamedTuple):
    """What is kept besides: the step with the event, and tracks.

    Attributes:
        rates: At the stages of each lane's last step, `(stages, n, lanes)`.
        reached: At the end of each lane's last step, `(n, lanes)`.
        count: Rows kept of the first lane, `()`.
        times: Of the first lane, `(k,)` [s]; the last row is where rejected steps go.
        records: Of the first lane, leaves `(k, ...)`; likewise.
        turns: Of the loop, `()`.
        path: Of all lanes, `(k, lanes, 7)`, or no rows.
    """

    rates: Any
    reached: Any
    count: Any
    times: Any
    records: Any
    turns: Any
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
) -> LegEnd:
    """Return the end of one leg: the first downward zero of the phase's smallest margin.

    Written for one run. Under `vmap` all lanes step side by side; only the first one's steps are kept.

    Args:
        phase: What is flown.
        t: Start, `()` [s].
        state: At the start, `(n,)`.
        world: The run's world.
        memory: What the leg knows.
        active: Whether the stunt is still going on; if not, no step is taken.
        longest: Time after which a leg without an event is unresolved [s].
        tolerance: How exactly.
        max_steps: Most steps of the solver.
        counts_from: Since when clearance from rock counts, `()` [s].
        with_path: Whether every lane keeps its path.

    Returns:
        End, reason, extremes and kept steps. A margin that is not positive at the start ends the leg there.
    """
    leg = _Leg(phase, longest, tolerance, max_steps, with_path)
    counts_from = jnp.asarray(counts_from, state.dtype)
    given = (t, state, world, memory, active, counts_from)

    @custom_vmap
    def fly(*given: Any) -> LegEnd:
        one = jax.tree.map(lambda leaf: leaf[None], given)
        end = leg.fly(1, jax.tree.map(lambda _: 0, given), *one)
        return end._replace(**{name: jax.tree.map(lambda x: x[0], getattr(end, name)) for name in _BY_LANE})

    @fly.def_vmap
    def _(size: int, batched: Any, *given: Any) -> tuple[LegEnd, LegEnd]:
        axes = jax.tree.map(lambda has: 0 if has else None, batched)
        own = [
            leaf if has is True else jnp.broadcast_to(leaf, (size, *jnp.shape(leaf)))
            for leaf, has in zip(given, batched, strict=True)
            if isinstance(has, bool)
        ]
        t, state, active, since = own
        end = leg.fly(size, axes, t, state, given[2], given[3], active, since)
        marks = jax.tree.map(lambda _: False, end)
        return end, marks._replace(
            **{name: jax.tree.map(lambda _: True, getattr(end, name)) for name in _BY_LANE}
        )

    return fly(*given)


_BY_LANE = ("t", "state", "margin", "flown", "resolved", "steps", "extremes", "path")
"""What every lane has; the rest is the first lane's."""


class _Leg:
    """One leg of all lanes, while it is being traced."""

    def __init__(
        self, phase: AnyPhase, longest: float, tolerance: Tolerance, max_steps: int, with_path: bool
    ):
        """Store what is flown and how; see `fly_leg`."""
        self._phase, self._longest, self._tolerance = phase, longest, tolerance
        self._max_steps, self._with_path = max_steps, with_path

    def fly(
        self, size: int, axes: Any, t: Any, state: Any, world: Any, memory: Any, active: Any, since: Any
    ) -> LegEnd:
        """Return the ends of all lanes.

        Args:
            size: Number of lanes.
            axes: Of what `fly_leg` is given: 0 where it has a lane axis, else None.
            t: `(lanes,)` [s].
            state: `(lanes, n)`.
            world: With or without lanes.
            memory: With or without lanes.
            active: `(lanes,)`.
            since: `(lanes,)` [s].
        """
        about = (0, 1, axes[2], axes[3])

        def look(t: Any, y: Any) -> Any:
            return jax.vmap(self._look, about)(t, y, world, memory)

        def field(t: Any, y: Any) -> Any:
            return jax.vmap(self._phase.vector_field, about, out_axes=1)(t, y, world, memory)

        def within(kept: _Kept, lanes: _Lanes, share: Any) -> Any:
            inside = jax.vmap(self._within, (2, 0, 1, 1, 0, 0, axes[2], axes[3]))
            return inside(kept.rates, lanes.t, lanes.state, kept.reached, lanes.step, share, world, memory)

        def one_pass(which: Any, carry: tuple[_Lanes, _Kept]) -> tuple[_Lanes, _Kept]:
            exact = which == LANDING
            carry = jax.lax.while_loop(
                lambda carry: jnp.any(carry[0].going),
                lambda carry: self._advance(*carry, exact, field, look, t + self._longest, since),
                carry,
            )
            lanes, kept = carry
            share = self._find(functools.partial(within, kept, lanes), lanes.step, which)
            landing = lanes.found & (lanes.steps > 1) & ~exact
            step = jnp.where(landing, share * lanes.step, lanes.step)
            return lanes._replace(going=landing, step=step), kept

        state = state.T
        begun = self._begin(size, t, state, active, jax.eval_shape(look, t, state)[2])
        lanes, kept = jax.lax.fori_loop(STEPPING, LANDING + 1, one_pass, begun)
        flown = active & ~(lanes.found & (lanes.steps <= 1))
        finite = jnp.isfinite(lanes.t) & jnp.all(jnp.isfinite(lanes.state), axis=0)
        return LegEnd(
            t=lanes.t,
            state=lanes.state.T,
            margin=lanes.margin,
            flown=flown,
            resolved=~flown | (lanes.found & finite),
            steps=lanes.steps,
            extremes=lanes.extremes,
            times=jnp.where(flown[0], kept.times, jnp.inf)[:-1],
            records=jax.tree.map(lambda rows: rows[:-1], kept.records),
            path=jnp.moveaxis(kept.path, 0, 1),
        )

    def _look(self, t: Any, y: Any, world: World, memory: Any) -> tuple[Any, Any, Any]:
        """Return what is left to the ends, the longest step allowed from here, and the record."""
        values = jnp.stack(list(self._phase.margins(t, y, world, memory).values()))
        limit = self._phase.step_limit(t, y, world, memory)
        return values, limit, self._phase.record(t, y, world, memory)

    def _within(
        self, rates: Any, t: Any, y: Any, reached: Any, step: Any, share: Any, world: World, memory: Any
    ) -> Any:
        """Return the smallest margin inside a step."""
        values = self._phase.margins(
            t + share * step, between(self._tolerance.method, rates, y, reached, step, share), world, memory
        )
        return jnp.min(jnp.stack(list(values.values())))

    def _begin(self, size: int, t: Any, state: Any, active: Any, record: Any) -> tuple[_Lanes, _Kept]:
        """Return all lanes before a first step of no length, which finds rates, margins and records."""
        rows, dtype = self._max_steps + 2, state.dtype
        zero, none = jnp.zeros(size, dtype), jnp.zeros((), int)
        lanes = _Lanes(
            t=t,
            state=state,
            first=jnp.zeros_like(state),
            step=zero,
            going=active,
            found=jnp.zeros(size, bool),
            margin=jnp.zeros(size, int),
            steps=jnp.zeros(size, int),
            extremes=Extremes(zero + FAR, zero + NO_GAP, zero, zero, zero + FAR),
        )
        kept = _Kept(
            rates=jnp.zeros((self._tolerance.method.stages, *state.shape), dtype),
            reached=state,
            count=none,
            times=jnp.full(rows, jnp.inf, dtype),
            records=jax.tree.map(lambda leaf: jnp.zeros((rows, *leaf.shape[1:]), leaf.dtype), record),
            turns=none,
            path=jnp.full((rows if self._with_path else 0, size, 7), jnp.inf, dtype),
        )
        return lanes, kept

    def _advance(
        self, lanes: _Lanes, kept: _Kept, exact: Any, field: Any, look: Any, latest: Any, since: Any
    ) -> tuple[_Lanes, _Kept]:
        """Return all lanes after one more step, and what is kept of it."""
        tolerance = self._tolerance
        rates, reached = take_step(tolerance.method, field, lanes.t, lanes.state, lanes.first, lanes.step)
        error = step_error(
            tolerance.method, rates, lanes.state, reached, lanes.step, tolerance.relative, tolerance.absolute
        )
        accepted = (error <= 1.0) | (lanes.step <= SHORTEST) | exact
        later = lanes.t + lanes.step
        values, limit, record = look(later, reached)
        found = accepted & (jnp.min(values, axis=1) <= 0.0) & ~exact
        moved = lanes.going & accepted & ~found
        steps = lanes.steps + 1
        left = latest - later
        length = jnp.where(
            lanes.steps == 0, FIRST_STEP, next_length(tolerance.method, lanes.step, error, accepted)
        )
        length = jnp.where(accepted, jnp.minimum(length, jnp.minimum(limit, left)), length)
        length = jnp.where(later < since, jnp.minimum(length, since - later), length)
        length = jax.lax.stop_gradient(jnp.clip(length, SHORTEST, tolerance.longest))
        lost = moved & ~(jnp.all(jnp.isfinite(reached), axis=0) & (left > 0.0))
        new = lanes._replace(
            t=jnp.where(moved, later, lanes.t),
            state=jnp.where(moved[None], reached, lanes.state),
            first=jnp.where(moved[None], rates[-1], lanes.first),
            step=jnp.where(found, lanes.step, length),
            going=~(found | exact | lost) & (steps < self._max_steps),
            found=lanes.found | found,
            margin=jnp.argmin(values, axis=1),
            steps=steps,
            extremes=_extend(lanes.extremes, later, record, since, moved),
        )
        chosen = jax.tree.map(
            lambda a, b: jnp.where(lanes.going if a.ndim == 1 else lanes.going[None], a, b), new, lanes
        )
        row = jnp.where(moved[0], kept.count, kept.times.shape[0] - 1)
        kept = kept._replace(
            rates=jnp.where(lanes.going[None, None], rates, kept.rates),
            reached=jnp.where(lanes.going[None], reached, kept.reached),
            count=kept.count + moved[0],
            times=_write(kept.times, later[0], row),
            records=jax.tree.map(lambda rows, leaf: _write(rows, leaf[0], row), kept.records, record),
            turns=kept.turns + 1,
        )
        if self._with_path:
            line = jnp.concatenate([chosen.t[None], chosen.state[:6]]).T
            kept = kept._replace(path=_write(kept.path, line, kept.turns - 1))
        return chosen, kept

    def _find(self, within: Any, step: Any, which: Any) -> Any:
        """Return where in its last step each lane's margin falls through zero, `(lanes,)`, 0 to 1."""
        halvings = jnp.where(which == STEPPING, self._tolerance.halvings, 0)

        def halve(_: Any, bracket: tuple[Any, Any]) -> tuple[Any, Any]:
            low, high = bracket
            middle = 0.5 * (low + high)
            below = within(middle) <= 0.0
            return jnp.where(below, low, middle), jnp.where(below, middle, high)

        bracket = jnp.zeros_like(step), jnp.ones_like(step)
        share = jax.lax.fori_loop(0, halvings, halve, bracket)[1]
        if not self._tolerance.differentiable:
            return share
        share = jax.lax.stop_gradient(share)
        value, slope = jax.jvp(within, (share,), (jnp.ones_like(share),))
        slope = jax.lax.stop_gradient(jnp.where(slope < 0.0, slope, -1.0))
        return share - (value - jax.lax.stop_gradient(value)) / slope


def _write(rows: Any, row: Any, index: Any) -> Any:
    """Return rows with one replaced, in place where the compiler can."""
    return jax.lax.dynamic_update_index_in_dim(rows, row, index, 0)


def _extend(extremes: Extremes, t: Any, record: Any, since: Any, moved: Any) -> Extremes:
    """Return the extremes with one more step; of a pair, the performer's."""
    own = record.performer if isinstance(record, PairRecord) else record
    counts = moved & (t >= since) & (own.height > LOW)
    nearer = moved & (own.gap < extremes.gap)
    return Extremes(
        clearance=jnp.where(counts, jnp.minimum(extremes.clearance, own.clearance), extremes.clearance),
        gap=jnp.where(nearer, own.gap, extremes.gap),
        gap_time=jnp.where(nearer, t, extremes.gap_time),
        load=jnp.where(moved, jnp.maximum(extremes.load, own.load), extremes.load),
        known=jnp.where(moved, jnp.minimum(extremes.known, own.known), extremes.known),
    )
