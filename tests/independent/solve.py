"""One leg of motion, solved by SciPy's DOP853 at 1e-12, cut at every jump and ended at its first event."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.integrate import DOP853
from scipy.optimize import brentq

TOLERANCE = 1e-12
"""Of the solver's error estimate: relative, and absolute in the state's units."""

MOST_STEPS = 20_000
"""Of one leg; where the rate has no solution (a direction that turns at once) the steps shrink to nothing."""

Rate = Callable[[float, np.ndarray], Any]
Scalar = Callable[[float, np.ndarray], float]
Dense = Callable[[float], np.ndarray]


@dataclass
class Leg:
    """A solved leg.

    Attributes:
        t: End [s].
        y: State there.
        end: Name of the event that ended it.
        pieces: (start, end, interpolant) in order of time; empty unless the leg was kept.
        flown: Whether any time passed.
    """

    t: float
    y: np.ndarray
    end: str
    pieces: list[tuple[float, float, Dense]] = field(default_factory=list)
    flown: bool = True

    def at(self, t: float) -> np.ndarray:
        """Return the state at a time [s], held before the start and after the end."""
        if not self.pieces or t >= self.t:
            return self.y
        starts = [piece[0] for piece in self.pieces]
        index = max(int(np.searchsorted(starts, t, side="right")) - 1, 0)
        return self.pieces[index][2](max(t, starts[0]))


def solve(
    rate: Rate,
    t: float,
    y: Any,
    ends: Mapping[str, Scalar],
    regime: Callable[[float, np.ndarray], Any] | None = None,
    *,
    longest: float = 1800.0,
    keep: bool = False,
) -> Leg:
    """Return the leg that ends when the first of `ends` falls to zero.

    Args:
        rate: Time derivative of the state.
        t: Start [s].
        y: State at the start.
        ends: Positive while the leg goes on, by name; one that is not positive at the start ends it there.
        regime: Labels of the branches that the rate takes (which surface, which limit, which table cell).
            Where they change the solver stops and starts again, so that no step spans a jump or a kink.
        longest: Time after which a leg without an event is an error [s].
        keep: Whether to keep the motion in between.

    Raises:
        ArithmeticError: If no event comes, or the rate has no solution that a solver could follow.
    """
    y = np.asarray(y, float)
    first = {name: margin(t, y) for name, margin in ends.items()}
    if min(first.values()) <= 0.0:
        return Leg(t, y, min(first, key=first.__getitem__), flown=False)
    way = _Way(rate, ends, regime or (lambda t, y: None), t + longest, keep)
    end = None
    while end is None:
        t, y, end = way.stretch(t, y)
    return Leg(t, y, end, way.pieces)


@dataclass
class _Way:
    """A leg while it is solved, one stretch without jumps and kinks after the other."""

    rate: Rate
    ends: Mapping[str, Scalar]
    regime: Callable[[float, np.ndarray], Any]
    bound: float
    keep: bool
    pieces: list[tuple[float, float, Dense]] = field(default_factory=list)
    steps: int = 0
    step: float | None = None

    def stretch(self, t: float, y: np.ndarray) -> tuple[float, np.ndarray, str | None]:
        """Return time and state at the first event or change of regime, and the event's name."""
        options = {"first_step": self.step, "rtol": TOLERANCE, "atol": TOLERANCE}
        solver = DOP853(self.rate, t, y, self.bound, **options)
        label = self.regime(t, y)
        while True:
            message = solver.step()
            self.steps += 1
            if solver.status != "running" or self.steps > MOST_STEPS:
                raise ArithmeticError(f"no event by {solver.t} s after {self.steps} steps: {message}")
            a, b = solver.t_old, solver.t
            passed = [name for name, margin in self.ends.items() if margin(b, solver.y) <= 0.0]
            changed = self.regime(b, solver.y) != label
            if not (passed or changed or self.keep):
                continue
            dense = solver.dense_output()
            roots = {name: _root(self.ends[name], dense, a, b) for name in passed}
            end = min(roots, key=roots.__getitem__) if roots else None
            stop = roots.get(end, b)
            if self.regime(stop, dense(stop)) != label:
                stop, end, changed = _change(self.regime, label, dense, a, stop), None, True
            elif roots:
                changed = False
            if self.keep:
                self.pieces.append((a, stop, dense))
            if changed or end is not None:
                self.step = min(b - a, 0.5 * (self.bound - stop))
                return stop, dense(stop), end


def _root(margin: Scalar, dense: Dense, a: float, b: float) -> float:
    def value(s: float) -> float:
        return margin(s, dense(s))

    if value(b) >= 0.0:
        return b
    return float(brentq(value, a, b, xtol=1e-13, rtol=8.9e-16)) if value(a) > 0.0 else a


def _change(regime: Any, label: Any, dense: Dense, a: float, b: float) -> float:
    """Return the time just after the labels change [s]."""
    while b - a > 2.0 * math.ulp(b):
        middle = 0.5 * (a + b)
        if regime(middle, dense(middle)) == label:
            a = middle
        else:
            b = middle
    return b
