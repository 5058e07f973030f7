"""A flown leg once more, on the steps that it was flown in: what a derivative is taken of.

The solver's search for steps and for the leg's end has no derivative and needs none. The steps stay where
they are, seen from the leg's start; the end moves so that its margin stays zero; where the vector field
jumps, the state moves by the jump times the shift in time; where it has a kink, a step ends just before it,
and that end moves with the kink: a step across it would err by the kink times the step times the shift.
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
NEAR = 1e-3
"""A row that is nearer to a kink than this share of the step is just before it [-]."""
EARLY = 0.02
"""Share of the way to a kink that is left out: no stage of the method may see what comes after it [-]."""
MOST_KINKS = 32
"""Rows before kinks between two flown steps: more come only from functions that hover about zero."""


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
        flown: Whether a flown step ended here; else the row is just before a kink.
        tries: Rows before kinks since the last flown step.
        before: Time of the step before.
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
    flown: Any
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


class _Again:
    """One leg while it is flown once more."""

    def __init__(self, phase: AnyPhase, world: World, memory: Any, margin: Any):
        """Store what is flown, where, and which margin ends it; see `_replay`."""
        self.phase, self.world, self.memory, self._margin = phase, world, memory, margin
        self._still = jax.lax.stop_gradient((world, memory))

    def rates(self, t: Any, y: Any) -> Any:
        """Return the rates, without slope."""
        return self.phase.vector_field(*jax.lax.stop_gradient((t, y)), *self._still)

    def jumps(self, t: Any, y: Any, world: World, memory: Any) -> Any:
        """Return the functions in whose zeros the rates jump."""
        if isinstance(self.phase, AbstractJumpingPhase):
            return self.phase.jumps(t, y, world, memory)
        return jnp.zeros(0, y.dtype)

    def margin(self, t: Any, y: Any, world: World, memory: Any) -> Any:
        """Return the margin that ends the leg."""
        return jnp.stack(list(self.phase.margins(t, y, world, memory).values()))[self._margin]

    def _rise(self, function: Any, t: Any, y: Any, rates: Any) -> tuple[Any, Any]:
        """Return functions of time and state and how fast they rise along the way, both without slope."""
        along = jnp.ones_like(t), rates
        return jax.jvp(lambda t, y: function(t, y, *self._still), jax.lax.stop_gradient((t, y)), along)

    def _away(self, function: Any, t: Any, y: Any, rates: Any) -> Any:
        """Return after which time functions are zero, as they rise or fall now; no number for never."""
        value, slope = self._rise(function, t, y, rates)
        return -value / jnp.where(slope == 0.0, jnp.nan, slope)

    def shift(self, function: Any, t: Any, y: Any, rates: Any) -> Any:
        """Return how far in time functions' zeros move: zero, with the derivative of that."""
        value = function(t, y, self.world, self.memory)
        slope = self._rise(function, t, y, rates)[1]
        slope = jnp.where(slope == 0.0, jnp.inf, slope)
        return -_slope_of(value) / slope

    def jump(self, row: _Row, rates: Any, bends: Any) -> tuple[Any, Any, Any]:
        """Return state and bends after the jumps that the last step crossed, and where jumps are now."""
        k, t, y = row.index, row.t, row.state
        if not isinstance(self.phase, AbstractJumpingPhase):
            return y, bends, row.jumps
        now = jax.lax.stop_gradient(self.jumps(t, y, self.world, self.memory))
        # A slide begins on the ground: that is no crossing.
        begun = (k > 1) | (jnp.abs(row.jumps) > ON_JUMP)
        crossed = (k > 0) & begun & (now * row.jumps <= 0.0) & (now != row.jumps)
        moved = jnp.where(crossed, self.shift(self.jumps, t, y, row.rates), 0.0)
        # Only the jump moves the state, not what the rates would have changed by anyway.
        since = jax.lax.stop_gradient(t - row.before)
        y = y + jnp.sum(moved) * (row.rates + since * row.bends - rates)
        return y, jnp.where(jnp.any(crossed), 0.0, bends), now

    def kink(self, row: _Row, y: Any, rates: Any, left: Any) -> tuple[Any, Any, Any]:
        """Return how far in time the kink moves that a row is just before, and the step up to the next one.

        Args:
            row: Where the leg is.
            y: Its state, with its slope.
            rates: Without slope.
            left: Of the flown step.

        Returns:
            A shift that is zero but for its derivative, the next step, and whether that ends before the flown
            one does.
        """
        kinks = jax.eval_shape(lambda: self.phase.kinks(row.t, y, self.world, self.memory))
        if kinks.shape[0] == 0:
            return jnp.zeros_like(left), left, jnp.zeros((), bool)
        away = self._away(self.phase.kinks, row.t, y, rates)
        if isinstance(self.phase, AbstractJumpingPhase):
            # A kink where the rates jump, too, or just before, is left to the jump.
            to_jump = self._away(self.jumps, row.t, y, rates)
            away = jnp.where(jnp.any((to_jump >= 0.0) & (to_jump < (1.0 + NEAR) * left)), jnp.inf, away)
        near = jnp.where((away >= 0.0) & (away < NEAR * left), away, jnp.inf)
        moved = self.shift(self.phase.kinks, row.t, y, rates)[jnp.argmin(near)]
        ahead = jnp.where((away >= NEAR * left) & (away < (1.0 + NEAR) * left), away, jnp.inf)
        step = (1.0 - EARLY) * jnp.min(ahead)
        meets = (step < left) & (row.tries < MOST_KINKS)
        return jnp.where(jnp.any(jnp.isfinite(near)), moved, 0.0), jnp.where(meets, step, left), meets


def _replay(
    phase: AnyPhase, t: Scalar, state: Any, world: World, memory: Any, known: Any, with_path: bool
) -> LegEnd:
    rows = known.times.shape[0]
    last = jnp.sum(jnp.isfinite(known.times)) - 1
    leg, start = _Again(phase, world, memory, known.margin), t

    def one(row: _Row) -> _Row:
        k, t = row.index, row.t
        rates, since = leg.rates(t, row.state), jax.lax.stop_gradient(t - row.before)
        bends = jnp.where(since > 0.0, (rates - row.rates) / jnp.where(since > 0.0, since, 1.0), 0.0)
        y, bends, now = leg.jump(row, rates, bends)
        goal = jnp.where(row.flown, k + 1, k)
        aim = start + (known.times[jnp.minimum(goal, rows - 1)] - known.times[0])
        left = jax.lax.stop_gradient(jnp.where(goal <= last, aim - t, 0.0))
        moved, part, meets = leg.kink(row, y, rates, left)
        t, y = t + moved, y + moved * rates
        ends = (k == last) & known.resolved & row.flown
        later = jnp.where(ends, leg.shift(leg.margin, t, y, rates), 0.0)
        t, y = t + later, y + later * rates
        record = phase.record(t, y, world, memory)
        path = row.path
        if with_path:
            path = _write(path, jnp.concatenate([t[None], y[:6]]), k)
        step = jnp.where(meets, part, jnp.where(goal <= last, aim - t, 0.0))
        return _Row(
            index=goal,
            flown=~meets,
            tries=jnp.where(meets, row.tries + 1, 0),
            before=t,
            t=t + step,
            state=_step(phase, t, y, step, world, memory),
            # A row before a kink is written where the next flown step will be.
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
        flown=jnp.ones((), bool),
        tries=none,
        before=t,
        t=t,
        state=state,
        times=jnp.full_like(known.times, jnp.inf),
        records=jax.tree.map(lambda leaf: jnp.zeros((rows, *leaf.shape), leaf.dtype), shape),
        path=jnp.full((rows if with_path else 0, 7), jnp.inf, state.dtype),
        rates=jnp.zeros_like(state),
        bends=jnp.zeros_like(state),
        jumps=jax.lax.stop_gradient(leg.jumps(t, state, world, memory)),
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


def _slope_of(value: Any) -> Any:
    """Return zero, with the derivative of a value."""
    return value - jax.lax.stop_gradient(value)


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
