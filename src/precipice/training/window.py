"""Sliding windows over rows, in plain NumPy: an image library would cost half a second to import."""

import numpy as np

MOST = 9
"""Values of a window that a median looks at; more would not change it by anything that matters."""


def sliding_max(values: np.ndarray, half: int) -> np.ndarray:
    """Return the largest value within `half` rows on both sides of each row, `(n,)`."""
    padded = np.concatenate([np.full(half, -np.inf), values, np.full(half, -np.inf)])
    width, largest, reach = 2 * half + 1, padded, 1
    # Doubling the reach takes a dozen passes however wide the window is.
    while 2 * reach <= width:
        largest = np.maximum(largest[:-reach], largest[reach:])
        reach *= 2
    rest = width - reach
    return np.maximum(largest[: len(values)], largest[rest : rest + len(values)])


def sliding_median(values: np.ndarray, half: int) -> np.ndarray:
    """Return the median within `half` rows on both sides of each row, `(n, columns)`; ends repeat."""
    if len(values) == 0 or half == 0:
        return values
    offsets = np.unique(np.linspace(-half, half, min(2 * half + 1, MOST)).round().astype(int))
    rows = np.clip(np.arange(len(values))[:, None] + offsets, 0, len(values) - 1)
    # Infinite and missing steps come last and do not move the middle of the others.
    return np.median(values[rows], axis=1)
