"""How often a hazard happened, with unresolved runs counted both ways."""

from typing import NamedTuple

import numpy as np

from precipice.statistics import one_sided


class Tally(NamedTuple):
    """How often something happened.

    Attributes:
        happened: Resolved runs in which it did.
        unresolved: Runs that may or may not be among them.
        runs: All.
        chance: Share of the resolved runs.
        low: One-sided lower bound, with unresolved runs as if it did not happen in them.
        high: One-sided upper bound, with unresolved runs as if it did.
        confidence: Of each bound.
    """

    happened: int
    unresolved: int
    runs: int
    chance: float
    low: float
    high: float
    confidence: float


def tally(happened: np.ndarray, resolved: np.ndarray, confidence: float) -> Tally:
    """Return how often something happened.

    Args:
        happened: In each run, `(n,)`.
        resolved: Whether the run can be trusted, `(n,)`.
        confidence: Of each bound, such as 0.95.
    """
    runs, known = len(resolved), int(np.sum(resolved))
    count = int(np.sum(happened & resolved))
    low = one_sided(count, runs, confidence).low
    high = one_sided(count + runs - known, runs, confidence).high
    return Tally(count, runs - known, runs, count / known if known else float("nan"), low, high, confidence)
