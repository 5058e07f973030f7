"""Ground on a map: shaded by a light from the north-west, with contours."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Heights = Callable[[np.ndarray, np.ndarray], np.ndarray]
INTERVALS = (1.0, 2.0, 5.0, 10.0, 20.0, 25.0, 50.0, 100.0, 200.0)
"""Between contours [m]: the finest that gives at most 30 of them."""
UNKNOWN = "#d9a5a5"


def draw_relief(
    axes: "Axes", heights: Heights, base: float, limits: tuple[float, float, float, float], count: int = 400
) -> float:
    """Draw shaded ground with contours of altitude, holes in red, and return the interval [m].

    Args:
        axes: A map, east and north [m].
        heights: From east and north to height above the origin's ground [m], NaN where unknown.
        base: Altitude of that ground [m].
        limits: West, east, south, north [m].
        count: Places along the longer side.
    """
    from matplotlib.colors import LightSource

    west, east, south, north = limits
    step = max(east - west, north - south) / count
    x, y = np.arange(west, east + step, step), np.arange(south, north + step, step)
    up = heights(*np.meshgrid(x, y))
    known = np.isfinite(up)
    axes.set_facecolor(UNKNOWN)
    if not np.any(known):
        return 0.0
    whole = np.where(known, up, np.nanmin(up))
    # Matplotlib counts rows from the north, these heights begin in the south.
    shade = LightSource(azdeg=315.0, altdeg=45.0).hillshade(whole[::-1], dx=step, dy=step)[::-1]
    picture = np.zeros((*shade.shape, 4))
    picture[..., :3] = (0.4 + 0.6 * shade)[..., None] * np.array([0.98, 0.96, 0.92])
    picture[..., 3] = known
    extent = (x[0] - step / 2, x[-1] + step / 2, y[0] - step / 2, y[-1] + step / 2)
    axes.imshow(picture, extent=extent, origin="lower", zorder=0.5, interpolation="bilinear", aspect="auto")
    levels = base + up
    interval = next(
        (i for i in INTERVALS if (np.nanmax(levels) - np.nanmin(levels)) / i <= 30.0), INTERVALS[-1]
    )
    first, last = np.floor(np.nanmin(levels) / interval), np.ceil(np.nanmax(levels) / interval)
    lines = interval * np.arange(first, last + 1.0)
    if len(lines) > 1:
        bold = np.where(np.round(lines / interval) % 5 == 0, 0.8, 0.35)
        axes.contour(x, y, np.ma.masked_invalid(levels), lines, colors="#6b5b49", linewidths=bold, zorder=0.8)
    return interval
