"""One leg: solve one phase until its first event."""

# Wrappers hand on whatever the libraries' base classes give them.
# pyright: reportIncompatibleMethodOverride=false, reportCallIssue=false

from typing import Any, NamedTuple

import diffrax
import equinox as eqx
import jax
import jax.numpy as jnp
import optimistix
from jaxtyping import Array, Bool, Float, Int

from precipice.frames import Scalar
from precipice.phases.phase import AnyPhase
from precipice.world.world import World

FIRST_STEP = 1e-3
"""First step of every leg [s]: the controller lengthens it at once where it may."""


class Tolerance(eqx.Module):
    """How exactly a leg is solved.

    Attributes:
        relative: Of the solver's error estimate.
        absolute: Of the solver's error estimate, in the state's units.
        event: Width of the interval in which an event's time is found [s].
        longest: Longest step kept, so that a drawn track is smooth [s].
    """

    relative: float = eqx.field(static=True, default=1e-9)
    absolute: float = eqx.field(static=True, default=1e-9)
    event: float = eqx.field(static=True, default=1e-11)
    longest: float = eqx.field(static=True, default=1.0)


class LegEnd(NamedTuple):
    """How a leg ended, and its steps.

    Attributes:
        t: `()` [s].
        state: `(n,)`.
        margin: Index of the margin that ended it, `()`.
        flown: Whether the leg took any step, `()`.
        resolved: Whether an event ended it with finite numbers, `()`.
        steps: Accepted and rejected, `()`.
        times: Of the kept steps, padded with infinity, `(k,)` [s].
        records: Kept steps, each leaf `(k, ...)`.
    """

    t: Scalar
    state: Float[Array, " n"]
    margin: Int[Array, ""]
    flown: Bool[Array, ""]
    resolved: Bool[Array, ""]
    steps: Int[Array, ""]
    times: Float[Array, " k"]
    records: Any


class _NarrowBisection(optimistix.AbstractRootFinder):
    """Bisection that stops when its interval is narrow, however steep the margin is there.

    optimistix's own also waits for a small residual, which float32 heights never reach.
    """

    inner: optimistix.Bisection
    width: float
    rtol: float = 0.0
    atol: float = 0.0
    norm: Any = eqx.field(static=True, default=None)

    def init(self, *args: Any) -> Any:
        return self.inner.init(*args)

    def step(self, *args: Any) -> Any:
        return self.inner.step(*args)

    def terminate(self, fn: Any, y: Any, args: Any, options: Any, state: Any, tags: Any) -> Any:
        del fn, args, options, tags
        narrow = jnp.abs(state.upper - state.lower) <= jnp.maximum(self.width, 2.0 * jnp.spacing(jnp.abs(y)))
        return narrow, optimistix.RESULTS.successful

    def postprocess(self, *args: Any) -> Any:
        return self.inner.postprocess(*args)


class _NearRock(diffrax.AbstractStepSizeController):
    """A step-size controller that also keeps every step within the phase's own limit."""

    inner: diffrax.PIDController
    limit: Any = eqx.field(static=True)

    def wrap(self, direction: Any) -> "_NearRock":
        return _NearRock(self.inner.wrap(direction), self.limit)

    def init(
        self, terms: Any, t0: Any, t1: Any, y0: Any, dt0: Any, args: Any, func: Any, error_order: Any
    ) -> Any:
        return self.inner.init(terms, t0, t1, y0, dt0, args, func, error_order)

    def adapt_step_size(
        self,
        t0: Any,
        t1: Any,
        y0: Any,
        y1_candidate: Any,
        args: Any,
        y_error: Any,
        error_order: Any,
        state: Any,
    ) -> Any:
        keep, begin, end, jumped, state, result = self.inner.adapt_step_size(
            t0, t1, y0, y1_candidate, args, y_error, error_order, state
        )
        y = jnp.where(keep, y1_candidate, y0)
        end = jnp.minimum(end, begin + self.limit(begin, y, args))
        return keep, begin, end, jumped, state, result


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
        tolerance: How exactly.
        max_steps: Most steps of the solver.

    Returns:
        End, reason and kept steps. A margin that is not positive at the start ends the leg there.
    """

    def values(t: Any, y: Any) -> Any:
        return jnp.stack(list(phase.margins(t, y, world, memory).values()))

    def limit(t: Any, y: Any, args: Any) -> Any:
        del args
        return phase.step_limit(t, y, world, memory)

    def smallest(t: Any, y: Any, args: Any, **unused: Any) -> Any:
        del args, unused
        return jnp.min(values(t, y))

    def field(t: Any, y: Any, args: Any) -> Any:
        del args
        return phase.vector_field(t, y, world, memory)

    flown = active & (jnp.min(values(t, state)) > 0.0)
    # A margin falls through zero, so the bracket's signs are known: two compiled copies fewer.
    half = optimistix.Bisection(rtol=0.0, atol=tolerance.event, flip=True)
    controller = diffrax.PIDController(
        rtol=tolerance.relative,
        atol=tolerance.absolute,
        dtmax=tolerance.longest,
        dtmin=1e-7,
        force_dtmin=True,
    )
    solution = diffrax.diffeqsolve(
        diffrax.ODETerm(field),
        diffrax.Tsit5(),
        t0=t,
        t1=jnp.where(flown, t + longest, t),
        dt0=FIRST_STEP,
        y0=state,
        saveat=diffrax.SaveAt(t0=True, steps=True),
        stepsize_controller=_NearRock(controller, limit),
        event=diffrax.Event(smallest, _NarrowBisection(half, tolerance.event), direction=False),
        max_steps=max_steps,
        throw=False,
        adjoint=diffrax.ForwardMode(),
    )
    times, states = solution.ts, solution.ys
    assert times is not None
    assert states is not None
    last = jnp.maximum(jnp.sum(jnp.isfinite(times)) - 1, 0)
    end_t, end_state = jnp.where(flown, times[last], t), jnp.where(flown, states[last], state)
    happened = jnp.any(jnp.asarray(jax.tree.leaves(solution.event_mask)))
    finite = jnp.isfinite(end_t) & jnp.all(jnp.isfinite(end_state))
    times = jnp.where(flown, times, jnp.inf)
    return LegEnd(
        t=end_t,
        state=end_state,
        margin=jnp.argmin(values(end_t, end_state)),
        flown=flown,
        resolved=~flown | (happened & finite),
        steps=solution.stats["num_steps"],
        times=times,
        records=_records(phase, times, states, world, memory),
    )


def _records(phase: AnyPhase, times: Any, states: Any, world: World, memory: Any) -> Any:
    """Return the records of the kept steps, zero elsewhere: one step at a time compiles four times faster."""
    count = jnp.sum(jnp.isfinite(times))
    empty = jax.tree.map(
        lambda leaf: jnp.zeros((times.shape[0], *leaf.shape), leaf.dtype),
        jax.eval_shape(lambda t, y: phase.record(t, y, world, memory), times[0], states[0]),
    )

    def keep(index: Any, kept: Any) -> Any:
        record = phase.record(times[index], states[index], world, memory)
        return jax.tree.map(lambda rows, row: rows.at[index].set(row), kept, record)

    return jax.lax.fori_loop(0, count, keep, empty)
