"""Where points lie, of clouds whose numbers are exact."""

import numpy as np
import pytest

from precipice.risk.spread import spread_points


def test_a_square() -> None:
    corners = np.asarray([[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0], [1.0, 1.0]])
    found = spread_points(corners)
    assert found is not None
    assert (found.points, found.east, found.north, found.area) == (5, 1.0, 1.0, 4.0)
    assert found.farthest == pytest.approx(2.0**0.5)
    assert sorted(found.hull) == [(0.0, 0.0), (0.0, 2.0), (2.0, 0.0), (2.0, 2.0)]


def test_a_normal_cloud() -> None:
    """Axes 30 m and 5 m towards 60 deg; a round cloud of 10 m has radii 11.77 m (half) and 24.48 m (95 %)."""
    random = np.random.default_rng(1)
    long, short = 30.0 * random.normal(size=20_000), 5.0 * random.normal(size=20_000)
    bearing = np.deg2rad(60.0)
    east = long * np.sin(bearing) - short * np.cos(bearing)
    north = long * np.cos(bearing) + short * np.sin(bearing)
    found = spread_points(np.stack([east, north], axis=1))
    assert found is not None
    assert found.bearing == pytest.approx(bearing, abs=0.02)
    assert (found.long_axis, found.short_axis) == pytest.approx((30.0, 5.0), rel=0.03)
    round_ = spread_points(10.0 * random.normal(size=(20_000, 2)))
    assert round_ is not None
    assert (round_.radius_50, round_.radius_95) == pytest.approx((11.774, 24.477), rel=0.03)


def test_points_on_a_line_or_none() -> None:
    line = spread_points(np.asarray([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]]))
    assert line is not None
    assert line.area == 0.0
    assert spread_points(np.asarray([[np.nan, 0.0]])) is None
