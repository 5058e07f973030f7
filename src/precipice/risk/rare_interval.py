"""From replicates to a chance and its interval."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float


class Interval(NamedTuple):
    """A chance with its interval, two-sided."""

    chance: float
    low: float
    high: float


def replicate_interval(
    chances: Float[np.ndarray, " r"], missed: Float[np.ndarray, " r"], confidence: float
) -> Interval:
    """Return the mean of replicates with its interval.

    Args:
        chances: Unbiased and independent, `(r,)`.
        missed: Chance that each could not look into: it only raises the upper end, `(r,)`.
        confidence: Of the interval, such as 0.95.
    """
    low = _ends(chances, confidence)[0]
    high = _ends(chances + missed, confidence)[1]
    return Interval(float(np.mean(chances)), low, min(1.0, high))


def relative_error(chances: Float[np.ndarray, " r"]) -> float:
    """Return the standard error of the mean of replicates over that mean; NaN where it is 0.

    Args:
        chances: Of replicates, `(r,)`.
    """
    mean = float(np.mean(chances))
    if mean == 0.0:
        return float("nan")
    return float(np.std(chances, ddof=1)) / mean / np.sqrt(len(chances))


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
