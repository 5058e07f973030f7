"""Distances at the samples of a box: exact near rock, filled in between fewer samples far from it."""

from collections.abc import Callable

import numpy as np

Distance = Callable[[np.ndarray], np.ndarray]
COARSEST = 4
"""Cells between the first samples."""
BAND = 8.0
"""Distance to rock, in steps between the finer samples, within which every one of them is asked for [-]."""


def band_distances(distance: Distance, corner: np.ndarray, cell: float, count: tuple[int, ...]) -> np.ndarray:
    """Return distances at the samples of a box, `count` of them [m].

    Every fourth sample is asked for, then every second one near rock, then every one nearer still: within
    six cells of rock all are exact, for a distance changes by at most a metre for each metre. The others lie
    on a curve through four neighbours along each axis, or on the straight line between two where that is
    lower: exact to some thousandths of a cell where distance is smooth, and less than the distance where two
    rocks are equally near.

    Args:
        distance: Exact distances, `(n,)` [m], of places `(n, 3)` [m].
        corner: Of the box, `(3,)` [m].
        cell: Between samples [m].
        count: Samples along each axis, `(3,)`.
    """
    step, first = COARSEST, -2 * COARSEST
    wanted = tuple(-(-(n + 9) // COARSEST) + 2 for n in count)
    found = distance(_nodes(corner, cell, wanted, step, first).reshape(-1, 3)).reshape(wanted)
    while step > 1:
        near = _near(found, BAND * 0.5 * step * cell)
        found = _between(found)
        first, step = first + step, step // 2
        nodes = _nodes(corner, cell, found.shape, step, first)
        found[near] = distance(nodes[near])
    return found[tuple(slice(-first, n - first) for n in count)]


def _nodes(corner: np.ndarray, cell: float, count: tuple[int, ...], step: int, first: int) -> np.ndarray:
    axes = [corner[k] + cell * (first + step * np.arange(n)) for k, n in enumerate(count)]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)


def _near(found: np.ndarray, limit: float) -> np.ndarray:
    """Return which samples between are needed: where a corner of their cell is nearer to rock than this."""
    from scipy.ndimage import minimum_filter

    spread = np.full([2 * n - 1 for n in found.shape], np.inf)
    spread[::2, ::2, ::2] = np.abs(found)
    new = np.ones(spread.shape, bool)
    new[::2, ::2, ::2] = False
    near = new & (minimum_filter(spread, 3, mode="constant", cval=np.inf) < limit)
    return near[2:-2, 2:-2, 2:-2]


def _between(found: np.ndarray) -> np.ndarray:
    """Return samples twice as dense, without the outermost step of the old ones on each side."""
    for axis in range(3):
        line = np.moveaxis(found, axis, -1)
        inner = line[..., 1:-1]
        straight = 0.5 * (inner[..., :-1] + inner[..., 1:])
        bent = straight - (line[..., :-3] - inner[..., :-1] - inner[..., 1:] + line[..., 3:]) / 16.0
        dense = np.empty((*line.shape[:-1], 2 * inner.shape[-1] - 1))
        dense[..., ::2], dense[..., 1::2] = inner, np.minimum(straight, bent)
        found = np.moveaxis(dense, -1, axis)
    return np.ascontiguousarray(found)
