"""From a standard normal number to a value of a spread."""

import numpy as np

from precipice.scenario.spread import (
    Discrete,
    Empirical,
    Lognormal,
    Mixture,
    Normal,
    Spread,
    Triangular,
    TruncatedNormal,
    Uniform,
)


def quantile(spread: Spread, centre: float, normal: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return the values that stand where normal numbers stand in the standard normal distribution.

    Args:
        spread: Of one field.
        centre: The field's value, SI.
        normal: Standard normal numbers, `(n,)`.
        share: Uniform numbers that choose the part of a mixture, `(n,)`.

    Returns:
        `(n,)`, SI, rising with `normal` except where a mixture changes its part.
    """
    from scipy.special import ndtr

    match spread:
        case Normal(sd=sd):
            return centre + sd * normal
        case Lognormal(sigma=sigma):
            return centre * np.exp(sigma * normal)
        case TruncatedNormal():
            return _truncated(spread, centre, normal)
        case Uniform(low=low, high=high):
            return low + (high - low) * ndtr(normal)
        case Triangular(low=low, high=high):
            return _triangular(low, centre, high, ndtr(normal))
        case Mixture():
            return _mixture(spread, centre, normal, share)
        case Discrete(values=values, weights=weights):
            steps = np.cumsum(weights or np.full(len(values), 1.0 / len(values)))[:-1]
            return np.asarray(values)[np.searchsorted(steps, ndtr(normal), side="right")]
        case Empirical(values=values):
            ranks = np.linspace(0.0, 1.0, len(values))
            return np.interp(ndtr(normal), ranks, np.sort(values))


def _truncated(spread: TruncatedNormal, centre: float, normal: np.ndarray) -> np.ndarray:
    from scipy.special import ndtr, ndtri

    low, high = (spread.low - centre) / spread.sd, (spread.high - centre) / spread.sd
    below, above = ndtr(low), ndtr(high)
    deviation = ndtri(below + ndtr(normal) * (above - below))
    return np.clip(centre + spread.sd * deviation, spread.low, spread.high)


def _triangular(low: float, mode: float, high: float, level: np.ndarray) -> np.ndarray:
    knee = (mode - low) / (high - low)
    rising = low + np.sqrt(level * (high - low) * (mode - low))
    falling = high - np.sqrt((1.0 - level) * (high - low) * (high - mode))
    return np.where(level < knee, rising, falling)


def _mixture(spread: Mixture, centre: float, normal: np.ndarray, share: np.ndarray) -> np.ndarray:
    centres = np.array([centre if part.value is None else part.value for part in spread.parts])
    sds = np.array([part.sd for part in spread.parts])
    steps = np.cumsum([part.weight for part in spread.parts])[:-1]
    part = np.searchsorted(steps, share, side="right")
    return centres[part] + sds[part] * normal
