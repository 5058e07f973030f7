"""A flown leg once more, on the steps that it was flown in: what a derivative is taken of.

The solver's search for steps and for the leg's end has no derivative and needs none. The steps stay where
they are, seen from the leg's start; the end moves so that its margin stays zero; where the vector field
jumps, the state moves by the jump times the shift in time.
"""

from typing import Any, NamedTuple

import diffrax
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int

from precipice.frames import Scalar
from precipice.phases.phase import AbstractJumpingPhase, AnyPhase
from precipice.simulation.leg import Extremes, LegEnd
from precipice.world.world import World

_TABLEAU: Any = diffrax.Tsit5.tableau
STAGES = len(_TABLEAU.b_sol) - 1
"""Of Tsitouras' pair; its last one only serves the error."""
WEIGHTS = np.zeros((STAGES + 1, STAGES))
for _k, _row in enumerate(_TABLEAU.a_lower, 1):
    WEIGHTS[_k, : len(_row)] = _row
PLACES = np.concatenate([[0.0], _TABLEAU.c])

ON_JUMP = 1e-9
"""A leg that begins this near to a jump of its vector field begins on it, in the jump's own unit."""
NEAR_END = 1e-3
"""Share of a step at either end in which a kink needs no step of its own [-]."""
MOST_KINKS = 16
"""Kinks that are met between two flown steps: more come only from functions that hover about zero."""


class FlownLegs(NamedTuple):
    """What is known of the flown legs of a phase, leaves `(legs, ...)`.

    Attributes:
        times: Of the steps, padded with infinity, `(legs, k)` [s].
        margin: Which one ended the leg, `(legs,)`.
        flown: Whether the leg took any step, `(legs,)`.
        resolved: Whether an event ended it, `(legs,)`.
    """

    times: Float[Array, "legs k"]
    margin: Int[Array, " legs"]
    flown: Bool[Array, " legs"]
    resolved: Bool[Array, " legs"]


class Replay(NamedTuple):
    """Stands in for a `Tolerance`: legs are not solved, but flown once more.

    Attributes:
        legs: By name of the phase.
    """

    legs: dict[str, FlownLegs]

    def fly(
        self,
        name: str,
        leg: Array,
        phase: AnyPhase,
        t: Scalar,
        state: Float[Array, " n"],
        world: World,
        memory: Any,
        with_path: bool,
    ) -> LegEnd:
        """Return the end of a leg; its extremes are not looked for.

        Args:
            name: Of the phase.
            leg: Its number, `()`.
            phase: What is flown.
            t: Start, `()` [s].
            state: At the start, `(n,)`.
            world: The run's world.
            memory: What the leg knows.
            with_path: Whether its path is kept.
        """
        known = jax.tree.map(lambda rows: rows[leg], self.legs[name])
        return _replay(phase, t, state, world, memory, known, with_path)


class _Row(NamedTuple):
    """One step of the replay, on its way.

    Attributes:
        index: Of the flown step that is reached next, or is here.
        kink: Which function is zero here, between two flown steps; -1 at a flown one.
        tries: Kinks that were met since the last flown step.
        before: Time of the step before, without slope.
        t: Time.
        state: State.
        times: Kept.
        records: Kept.
        path: Kept.
        rates: At the step before, without slope.
        bends: How the rates last changed, for each second, zero where they jumped.
        jumps: Functions in whose zeros the rates jump, at the step before.
    """

    index: Any
    kink: Any
    tries: Any
    before: Any
    t: Any
    state: Any
    times: Any
    records: Any
    path: Any
    rates: Any
    bends: Any
    jumps: Any


def _replay(
    phase: AnyPhase, t: Scalar, state: Any, world: World, memory: Any, known: Any, with_path: bool
) -> LegEnd:
    rows = known.times.shape[0]
    last = jnp.sum(jnp.isfinite(known.times)) - 1
    still_world, still_memory = jax.lax.stop_gradient((world, memory))
    start = t

    def jumps(t: Any, y: Any, world: World, memory: Any) -> Any:
        return (
            phase.jumps(t, y, world, memory)
            if isinstance(phase, AbstractJumpingPhase)
            else jnp.zeros(0, y.dtype)
        )

    def rise(function: Any, t: Any, y: Any, rates: Any) -> tuple[Any, Any]:
        """Return functions of time and state and how fast they rise along the way, both without slope."""
        return jax.jvp(
            lambda t, y: function(t, y, still_world, still_memory),
            jax.lax.stop_gradient((t, y)),
            (jnp.ones_like(t), rates),
        )

    def shift(function: Any, t: Any, y: Any, rates: Any) -> Any:
        """Return how far in time functions' zeros move: zero, with the derivative of that."""
        value = function(t, y, world, memory)
        slope = rise(function, t, y, rates)[1]
        slope = jnp.where(slope == 0.0, jnp.inf, slope)
        return -(value - jax.lax.stop_gradient(value)) / slope

    def margin(t: Any, y: Any, world: World, memory: Any) -> Any:
        return jnp.stack(list(phase.margins(t, y, world, memory).values()))[known.margin]

    def next_kink(t: Any, y: Any, rates: Any, left: Any) -> tuple[Any, Any]:
        """Return time to the first kink well inside what is left of a step, infinity for none, and which."""
        value, slope = rise(phase.kinks, t, y, rates)
        away = -value / jnp.where(slope == 0.0, jnp.nan, slope)
        inside = (away > NEAR_END * left) & (away < (1.0 - NEAR_END) * left)
        away = jnp.where(inside, away, jnp.inf)
        which = jnp.argmin(away)
        return away[which], which

    bent = jax.eval_shape(lambda: phase.kinks(t, state, world, memory)).shape[0] > 0

    def one(row: _Row) -> _Row:
        k, t, y = row.index, row.t, row.state
        still = jax.lax.stop_gradient((t, y))
        rates = phase.vector_field(*still, still_world, still_memory)
        since = still[0] - row.before
        bends = jnp.where(since > 0.0, (rates - row.rates) / jnp.where(since > 0.0, since, 1.0), 0.0)
        flown = row.kink < 0
        if isinstance(phase, AbstractJumpingPhase):
            now = jax.lax.stop_gradient(jumps(t, y, world, memory))
            # A slide begins on the ground: that is no crossing.
            begun = (k > 1) | (jnp.abs(row.jumps) > ON_JUMP)
            crossed = (k > 0) & begun & (now * row.jumps <= 0.0) & (now != row.jumps)
            moved = jnp.where(crossed, shift(jumps, t, y, row.rates), 0.0)
            # Only the jump moves the state, not what the rates would have changed by anyway.
            y = y + jnp.sum(moved) * (row.rates + since * row.bends - rates)
            bends = jnp.where(jnp.any(crossed), 0.0, bends)
        else:
            now = row.jumps
        if bent:
            moved = shift(phase.kinks, t, y, rates)[jnp.maximum(row.kink, 0)]
            moved = jnp.where(flown, 0.0, moved)
            t, y = t + moved, y + moved * rates
        ends = (k == last) & known.resolved & flown
        later = jnp.where(ends, shift(margin, t, y, rates), 0.0)
        t, y = t + later, y + later * rates
        record = phase.record(t, y, world, memory)
        path = row.path
        if with_path:
            path = _write(path, jnp.concatenate([t[None], y[:6]]), k)
        goal = jnp.where(flown, k + 1, k)
        step = start + (known.times[jnp.minimum(goal, rows - 1)] - known.times[0]) - t
        kink, tries = jnp.full_like(k, -1), row.tries
        if bent:
            to_kink, which = next_kink(still[0], still[1], rates, jax.lax.stop_gradient(step))
            meets = jnp.isfinite(to_kink) & (tries < MOST_KINKS)
            step = jnp.where(meets, to_kink, step)
            kink = jnp.where(meets, which, -1)
            tries = jnp.where(meets, tries + 1, 0)
        step = jnp.where(goal <= last, step, 0.0)
        return _Row(
            index=goal,
            kink=kink,
            tries=tries,
            before=still[0],
            t=t + step,
            state=_step(phase, t, y, step, world, memory),
            # A kink's row is written where the next flown step will be.
            times=_write(row.times, t, k),
            records=jax.tree.map(lambda kept, leaf: _write(kept, leaf, k), row.records, record),
            path=path,
            rates=rates,
            bends=bends,
            jumps=now,
        )

    shape = jax.eval_shape(lambda: phase.record(t, state, world, memory))
    none = jnp.zeros((), int)
    begin = _Row(
        index=none,
        kink=none - 1,
        tries=none,
        before=jax.lax.stop_gradient(t),
        t=t,
        state=state,
        times=jnp.full_like(known.times, jnp.inf),
        records=jax.tree.map(lambda leaf: jnp.zeros((rows, *leaf.shape), leaf.dtype), shape),
        path=jnp.full((rows if with_path else 0, 7), jnp.inf, state.dtype),
        rates=jnp.zeros_like(state),
        bends=jnp.zeros_like(state),
        jumps=jax.lax.stop_gradient(jumps(t, state, world, memory)),
    )
    end = jax.lax.while_loop(lambda row: row.index <= last, one, begin)
    none = jnp.zeros_like(t)
    return LegEnd(
        t=end.t,
        state=end.state,
        margin=known.margin,
        flown=known.flown,
        resolved=known.resolved,
        steps=end.index,
        extremes=Extremes(none, none, none, none, none, none, none),
        times=end.times,
        records=end.records,
        path=end.path,
    )


def _step(phase: AnyPhase, t: Any, y: Any, step: Any, world: World, memory: Any) -> Any:
    """Return the state after one step of Tsitouras' method, `(n,)`."""
    weights, places = jnp.asarray(WEIGHTS, y.dtype), jnp.asarray(PLACES, y.dtype)

    def stage(index: Any, rates: Any) -> Any:
        reached = y + step * (weights[index] @ rates)
        found = phase.vector_field(t + places[index] * step, reached, world, memory)
        return jax.lax.dynamic_update_index_in_dim(rates, found, index, 0)

    rates = jax.lax.fori_loop(0, STAGES, stage, jnp.zeros((STAGES, *y.shape), y.dtype))
    return y + step * (weights[STAGES] @ rates)


def _write(rows: Any, row: Any, index: Any) -> Any:
    return jax.lax.dynamic_update_index_in_dim(rows, row, index, 0)
