"""White noise made to look like turbulence: NumPy only, so that it is cheap to import."""

from typing import Any

import numpy as np

SPACING = 0.08
"""Nodes of the gust tables, in scale lengths."""


def correlate_longitudinal(noise: np.ndarray, spacing: float = SPACING) -> np.ndarray:
    """Return white noise coloured to the longitudinal Dryden correlation exp(-r/L).

    Args:
        noise: Standard normals, `(..., n)`; the result is periodic over n nodes.
        spacing: Between nodes, in scale lengths.

    Returns:
        Unit variance, `(..., n)`, correlated exp(-r).

    Source: exact sampling of the first-order Dryden filter, MIL-F-8785C 3.7.2.
    """
    keep = np.exp(-spacing)
    return _filter(noise, np.sqrt(1.0 - keep**2), 0.0, keep, 1)


def correlate_lateral(noise: np.ndarray, spacing: float = SPACING) -> np.ndarray:
    """Return white noise coloured to the lateral Dryden correlation exp(-r/L) (1 - r/(2L)).

    Args:
        noise: Standard normals, `(..., n)`; the result is periodic over n nodes.
        spacing: Between nodes, in scale lengths.

    Returns:
        Unit variance, `(..., n)`.

    Source: exact sampling of the second-order Dryden filter (MIL-F-8785C 3.7.2): the moving-average
    part follows from the correlation at lags 0, 1 and 2.
    """
    keep = np.exp(-spacing)
    lag1, lag2 = keep * (1.0 - 0.5 * spacing), keep**2 * (1.0 - spacing)
    variance = (1 + 4 * keep**2 + keep**4) - 4 * (keep + keep**3) * lag1 + 2 * keep**2 * lag2
    neighbour = (1 + 4 * keep**2 + keep**4) * lag1 - 2 * (keep + keep**3) * (1 + lag2)
    neighbour += keep**2 * (lag1 + keep**3 * (1.0 - 1.5 * spacing))
    ratio = neighbour / variance
    theta = (1.0 - np.sqrt(1.0 - 4.0 * ratio**2)) / (2.0 * ratio)
    return _filter(noise, np.sqrt(variance / (1.0 + theta**2)), theta, keep, 2)


def _filter(noise: np.ndarray, gain: float, theta: float, keep: float, order: int) -> np.ndarray:
    """Return noise with a filter's spectrum; white noise is white among frequencies too: it is read there."""
    count = noise.shape[-1]
    delay = np.exp(-2j * np.pi * np.fft.rfftfreq(count))
    response = gain * np.sqrt(count) * (1.0 + theta * delay) / (1.0 - keep * delay) ** order
    waves: Any = np.zeros((*noise.shape[:-1], count // 2 + 1), np.result_type(noise.dtype, np.complex64))
    paired = (count - 1) // 2
    waves[..., 0] = noise[..., 0]
    waves.real[..., 1 : paired + 1] = noise[..., 1 : paired + 1]
    waves.imag[..., 1 : paired + 1] = noise[..., count - paired :]
    waves[..., 1 : paired + 1] *= np.sqrt(0.5).astype(noise.dtype)
    if count % 2 == 0:
        waves[..., -1] = noise[..., count // 2]
    waves *= response.astype(waves.dtype)
    return np.fft.irfft(waves, count)
