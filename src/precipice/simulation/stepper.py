"""The solver's step: Tsitouras' 5(4) pair, its error, and the next step's length.

diffrax's own loop keeps whatever it is asked to keep for every lane, and looks for an event in every
step; the main stunt flew 6 runs a second on a core with it. Tableau and interpolation are diffrax's; the
loop (`leg`) is ours, because a campaign wants the extremes along the way and no record of it.
"""

from collections.abc import Callable
from typing import Any

import diffrax
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool

SAFETY = 0.9
SHRINK, GROW = 0.2, 10.0
"""Factors by which a step may change at most: diffrax's defaults."""
SHORTEST = 1e-7
"""Steps no longer than this are taken whatever their error [s]."""


class Method:
    """An explicit Runge-Kutta pair whose last stage is the first of the next step.

    Attributes:
        stages: How many.
        order: Of the solution.
        weights: Of earlier stages, `(stages, stages)`; the last row is the solution itself.
        places: Of the stages in the step, `(stages,)`.
        error: Weights of the error estimate, `(stages,)`.
    """

    def __init__(self, solver: type[diffrax.AbstractERK], order: int):
        """Take the tableau of one of diffrax's solvers.

        Args:
            solver: Whose.
            order: Of its solution.
        """
        tableau: Any = solver.tableau
        self.solver: Any = solver
        self.order, self.stages = order, len(tableau.b_sol)
        self.weights = np.zeros((self.stages, self.stages))
        for k, row in enumerate(tableau.a_lower, 1):
            self.weights[k, : len(row)] = row
        self.places = np.concatenate([[0.0], tableau.c])
        self.error = np.asarray(tableau.b_error)


TSIT5 = Method(diffrax.Tsit5, 5)
"""Tsitouras 2011: for smooth paths and small errors."""
BOSH3 = Method(diffrax.Bosh3, 3)
"""Bogacki and Shampine 1989: three evaluations a step; better value where gusts are rough."""


def take_step(
    method: Method, field: Callable[[Any, Any], Any], t: Any, state: Any, first: Any, step: Any
) -> tuple[Any, Any]:
    """Return the rates at the stages of one step and the state after it.

    Args:
        method: The pair.
        field: Rates, `(n,)`, of a time and a state.
        t: Start, `()` [s].
        state: At the start, `(n,)`.
        first: Rates at the start, `(n,)`: the last stage of the step before.
        step: Length, `()` [s].

    Returns:
        Rates, `(stages, n)`, and state, `(n,)`.
    """
    dtype = state.dtype
    weights, places = jnp.asarray(method.weights, dtype), jnp.asarray(method.places, dtype)

    def reached(row: Any, rates: Any) -> Any:
        return state + step * sum(row[k] * rates[k] for k in range(method.stages - 1))

    def stage(index: Any, rates: Any) -> Any:
        found = field(t + places[index] * step, reached(weights[index], rates))
        return jax.lax.dynamic_update_index_in_dim(rates, found, index, 0)

    rates = jnp.concatenate([first[None], jnp.zeros((method.stages - 2, *state.shape), dtype)])
    rates = jax.lax.fori_loop(1, method.stages - 1, stage, rates)
    # The last stage stands outside: it shares what it computes with whatever else looks at the end.
    end = reached(weights[-1], rates)
    return jnp.concatenate([rates, field(t + step, end)[None]]), end


def step_error(
    method: Method, rates: Any, state: Any, reached: Any, step: Any, relative: float, absolute: float
) -> Any:
    """Return the error estimate over what is tolerated, root mean square, `()` [-].

    Args:
        method: The pair.
        rates: `(stages, n)`.
        state: Before, `(n,)`.
        reached: After, `(n,)`.
        step: `()` [s].
        relative: Tolerance relative to the larger of the two states.
        absolute: Tolerance in the state's units.
    """
    wrong = step * sum(float(weight) * rates[k] for k, weight in enumerate(method.error))
    allowed = absolute + relative * jnp.maximum(jnp.abs(state), jnp.abs(reached))
    return jnp.sqrt(jnp.mean((wrong / allowed) ** 2))


def next_length(method: Method, step: Any, error: Any, accepted: Bool[Array, ""]) -> Any:
    """Return the length of the next step by the error of this one, `()` [s].

    Args:
        method: The pair.
        step: `()` [s].
        error: Over what is tolerated, `()` [-].
        accepted: A rejected step only shrinks.

    Source: elementary controller, Hairer, Norsett and Wanner 1993, eq. II.4.13.
    """
    wanted = SAFETY * jnp.maximum(error, 1e-12) ** (-1.0 / method.order)
    factor = jnp.where(jnp.isfinite(wanted), jnp.clip(wanted, SHRINK, GROW), SHRINK)
    return step * jnp.where(accepted, factor, jnp.minimum(factor, 1.0))


def between(method: Method, rates: Any, state: Any, reached: Any, step: Any, share: Any) -> Any:
    """Return the state inside a step, `(n,)`.

    Args:
        method: The pair.
        rates: `(stages, n)`.
        state: At the step's start, `(n,)`.
        reached: At its end, `(n,)`.
        step: `()` [s].
        share: How far through the step, `()`, 0 to 1.
    """
    inside = method.solver.interpolation_cls(
        t0=jnp.zeros_like(step), t1=jnp.ones_like(step), y0=state, y1=reached, k=step * rates
    )
    return inside.evaluate(share)
