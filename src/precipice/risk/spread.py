"""Where points of many runs lie on the map."""

from typing import NamedTuple

import numpy as np


class PointSpread(NamedTuple):
    """Where one kind of point lies on the map, east and north of the lip or exit [m].

    Attributes:
        points: How many.
        east: Of the middle.
        north: Of the middle.
        radius_50: Of the circle round the middle that holds half of them.
        radius_95: That holds 95 of 100.
        farthest: From the middle.
        long_axis: Standard deviation along the longer axis.
        short_axis: Across it.
        bearing: Of the longer axis, clockwise from north, 0 to pi [rad].
        hull: Corners of the smallest convex polygon round all points, counter-clockwise, east and north.
        area: Of it [m^2].
    """

    points: int
    east: float
    north: float
    radius_50: float
    radius_95: float
    farthest: float
    long_axis: float
    short_axis: float
    bearing: float
    hull: tuple[tuple[float, float], ...]
    area: float


def spread_points(points: np.ndarray) -> PointSpread | None:
    """Return where points lie, None when there is none.

    Args:
        points: East and north, `(n, 2)` [m]; what is not finite is left out.
    """
    points = np.asarray(points, float)
    points = points[np.all(np.isfinite(points), axis=1)]
    if not len(points):
        return None
    middle = points.mean(axis=0)
    away = np.linalg.norm(points - middle, axis=1)
    covariance = np.cov(points.T) if len(points) > 1 else np.zeros((2, 2))
    variances, axes = np.linalg.eigh(covariance)
    long_axis = axes[:, 1]
    corners, area = _hull(points)
    half, most = (float(np.quantile(away, share)) for share in (0.5, 0.95))
    short, long = (float(np.sqrt(max(variance, 0.0))) for variance in variances)
    return PointSpread(
        points=len(points),
        east=float(middle[0]),
        north=float(middle[1]),
        radius_50=half,
        radius_95=most,
        farthest=float(away.max()),
        long_axis=long,
        short_axis=short,
        bearing=float(np.arctan2(long_axis[0], long_axis[1]) % np.pi),
        hull=corners,
        area=area,
    )


def _hull(points: np.ndarray) -> tuple[tuple[tuple[float, float], ...], float]:
    from scipy.spatial import ConvexHull, QhullError

    try:
        hull = ConvexHull(points)
    except QhullError:
        # Fewer than three points, or all on a line.
        return tuple((float(e), float(n)) for e, n in np.unique(points, axis=0)[:2]), 0.0
    corners = tuple((float(points[k, 0]), float(points[k, 1])) for k in hull.vertices)
    # Qhull calls the area of a polygon its volume.
    return corners, float(hull.volume)
