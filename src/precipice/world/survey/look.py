"""Looking at sampled rock on the host: heights over the map, and a cross-section."""

from typing import Any

import numpy as np

from precipice.world.survey.field import Field
from precipice.world.survey.solid import Solid


def column_at(field: Field, east: np.ndarray, north: np.ndarray) -> np.ndarray:
    """Return top, ground under an overhang and reach of the data over the map, `(..., 3)` [m].

    Args:
        field: Sampled rock.
        east: From the site's origin, `(...)` [m].
        north: `(...)` [m].

    Returns:
        From the finest box that holds a place; NaN outside of all.
    """
    place = np.stack(np.broadcast_arrays(np.asarray(east, float), np.asarray(north, float)), axis=-1)
    found = np.full((*place.shape[:-1], 3), np.nan)
    for box, table in zip(field.boxes[::-1], field.columns[::-1], strict=True):
        scaled = 2.0 * (place - box[:2]) / box[3]
        shape = np.array(table.shape[:2])
        inside = np.all((scaled >= 0.0) & (scaled <= shape - 1.0), axis=-1)
        low = np.clip(np.floor(scaled[inside]).astype(int), 0, shape - 2)
        (i, j), (x, y) = low.T, (scaled[inside] - low).T[..., None]
        upper = (1.0 - y) * table[i, j] + y * table[i, j + 1]
        lower = (1.0 - y) * table[i + 1, j] + y * table[i + 1, j + 1]
        found[inside] = (1.0 - x) * upper + x * lower
    return found


def cross_section(solid: Solid, low: np.ndarray, high: np.ndarray, outward: np.ndarray, cell: float) -> Any:
    """Return the rock's outline in the upright plane out from the origin, `(n, 2)` [m]: out and up.

    An overhang stays one: the outline is where the distance is zero, not a height for each place.

    Args:
        solid: The rock.
        low: Lower corner of what is kept, `(3,)` [m].
        high: Upper corner, `(3,)` [m].
        outward: Unit vector on the map, `(2,)`.
        cell: Finest cell [m].
    """
    from contourpy import contour_generator

    # As far as the plane stays over what is kept; of the plateau no more than a picture shows.
    ways = np.linspace(-400.0, float(np.linalg.norm(high[:2] - low[:2])), 2000)
    over = np.all((ways[:, None] * outward >= low[:2]) & (ways[:, None] * outward <= high[:2]), axis=1)
    out = _stations(float(ways[over].min()), float(ways[over].max()), cell)
    up = _stations(float(low[2]), float(high[2]), cell)
    flat = np.stack(np.meshgrid(out, up), axis=-1)
    points = np.concatenate([flat[..., :1] * outward, flat[..., 1:]], axis=-1)
    distance = solid.distance(points.reshape(-1, 3)).reshape(flat.shape[:2])
    lines: Any = contour_generator(out, up, distance).lines(0.0)
    if not lines:
        return np.zeros((0, 2))
    line = max(lines, key=len)
    return line if line[0, 0] <= line[-1, 0] else line[::-1]


def _stations(low: float, high: float, cell: float) -> np.ndarray:
    """Return places from low to high, a cell apart near zero and up to 12 m apart far away."""
    step, found = cell, [0.0]
    while found[-1] < max(-low, high):
        step = min(max(cell, 0.04 * found[-1]), max(12.0, cell))
        found.append(found[-1] + step)
    both = np.concatenate([-np.array(found[:0:-1]), found])
    return both[(both >= low) & (both <= high)]
