"""Sliding windows over rows, in plain NumPy: an image library would cost half a second to import."""

import numpy as np

MOST = 9
"""Values of a window that a median looks at; more would not change it by anything that matters."""


def middle(values: np.ndarray) -> float:
    """Return the median of numbers, `(n,)`, n > 0; NumPy's own takes ten times as long on a few rows."""
    half = len(values) // 2
    if len(values) % 2:
        return float(np.partition(values, half)[half])
    low, high = np.partition(values, (half - 1, half))[half - 1 : half + 1]
    return float(0.5 * (low + high))


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
    """Return the median within `half` rows on both sides of each row, `(columns, n)`; ends repeat.

    Args:
        values: Finite, `(columns, n)`.
        half: Rows on each side; of more than four, four that are evenly spread are looked at.
    """
    rows = values.shape[1]
    if rows == 0 or half == 0:
        return values
    offsets = np.linspace(-half, half, min(2 * half + 1, MOST)).round().astype(int)
    ends = np.ones(half)
    padded = np.concatenate([values[:, :1] * ends, values, values[:, -1:] * ends], axis=1)
    window = [padded[:, half + offset : half + offset + rows] for offset in offsets.tolist()]
    for low, high in _EXCHANGES[len(window)]:
        first, second = window[low], window[high]
        window[low], window[high] = np.minimum(first, second), np.maximum(first, second)
    return window[len(window) // 2]


_EXCHANGES = {
    3: ((0, 1), (1, 2), (0, 1)),
    5: ((0, 1), (3, 4), (0, 3), (1, 4), (1, 2), (2, 3), (1, 2)),
    7: ((0, 5), (0, 3), (1, 6), (2, 4), (0, 1), (3, 5), (2, 6), (2, 3), (3, 6), (4, 5), (1, 4), (1, 3),
        (3, 4)),
    9: ((1, 2), (4, 5), (7, 8), (0, 1), (3, 4), (6, 7), (1, 2), (4, 5), (7, 8), (0, 3), (5, 8), (4, 7),
        (3, 6), (1, 4), (2, 5), (4, 7), (4, 2), (6, 4), (4, 2)),
}  # fmt: skip
"""Pairs to put in order, by the numbers in a window, after which the one in the middle is the median.

Source: Smith 1996, Implementing median filters in XC4000E FPGAs, XCELL 23, 16.
"""
