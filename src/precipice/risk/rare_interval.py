"""From replicates to a chance and its interval."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float


class Interval(NamedTuple):
    """A chance with its interval, two-sided."""

    chance: float
    low: float
    high: float


def replicate_interval(chances: Float[np.ndarray, " r"], hidden: float, confidence: float) -> Interval:
    """Return the mean of replicates with its interval.

    Args:
        chances: Unbiased and independent, `(r,)`.
        hidden: Chance that none of them could look into: it only raises the upper end.
        confidence: Of the interval, such as 0.95.
    """
    low, high = _ends(chances, confidence)
    return Interval(float(np.mean(chances)), low, min(1.0, high + hidden))


def relative_error(chances: Float[np.ndarray, " r"]) -> float | None:
    """Return the standard error of the mean of replicates over that mean; None where it is 0.

    Args:
        chances: Of replicates, `(r,)`.
    """
    mean = float(np.mean(chances))
    if mean == 0.0:
        return None
    return float(np.std(chances, ddof=1)) / mean / float(np.sqrt(len(chances)))


def _ends(chances: np.ndarray, confidence: float) -> tuple[float, float]:
    """Return the ends of an interval for a mean that is above 0 and skewed to the right.

    On the logarithm, with the second-order terms of a lognormal's mean, written in the relative spread, which
    bears zeros.

    Source: Cox's method, in Zhou & Gao 1997, Statistics in Medicine 16:783, with Student's t for small r.
    """
    from scipy.special import stdtrit

    mean, count = float(np.mean(chances)), len(chances)
    if mean == 0.0:
        return 0.0, 0.0
    spread = float(np.std(chances, ddof=1)) / mean
    half = stdtrit(count - 1, 0.5 + 0.5 * confidence) * spread * np.sqrt((1.0 + 0.5 * spread**2) / count)
    centre = np.log(mean) + 0.5 * spread**2 / count
    return float(np.exp(centre - half)), float(np.exp(centre + half))
