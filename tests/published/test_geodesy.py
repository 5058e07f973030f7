"""From latitude and longitude to local east-north-up, and why the origin is local.

Sources: golden numbers T30 (computed with PROJ's topocentric conversion) and T31 of the physics note on
motorcycle, ramp and terrain.
"""

import jax
import numpy as np
import pytest

from precipice.earth import geodetic_to_local

pytestmark = pytest.mark.published

ORIGIN = (np.deg2rad(62.1), np.deg2rad(6.9), 1200.0)


def test_topocentric_t30():
    local = geodetic_to_local(np.deg2rad(62.11), np.deg2rad(6.92), 100.0, ORIGIN)
    np.testing.assert_allclose(local, [1044.2009422, 1114.6513219, -1100.1825367], atol=1e-3)


def test_origin_is_nowhere_else():
    np.testing.assert_allclose(geodetic_to_local(*ORIGIN, ORIGIN), np.zeros(3), atol=1e-9)
    higher = geodetic_to_local(ORIGIN[0], ORIGIN[1], 1300.0, ORIGIN)
    np.testing.assert_allclose(higher, [0.0, 0.0, 100.0], atol=1e-8)


def test_a_minute_of_arc_is_as_long_as_on_the_ellipsoid():
    # WGS84 radii of curvature at 45 degrees: meridian 6,367,381.8 m, prime vertical 6,388,838.3 m (any
    # geodesy textbook's table); a minute of arc is 2.908882e-4 rad.
    origin = (np.pi / 4.0, 0.0, 0.0)
    minute = np.pi / 180.0 / 60.0
    north = geodetic_to_local(np.pi / 4.0 + minute, 0.0, 0.0, origin)[1]
    east = geodetic_to_local(np.pi / 4.0, minute, 0.0, origin)[0]
    assert north == pytest.approx(6367381.8 * minute, abs=0.2)
    assert east == pytest.approx(6388838.3 * np.cos(np.pi / 4.0) * minute, abs=0.01)


def test_half_a_metre_of_float32_at_a_utm_northing_t31():
    assert np.spacing(np.float32(6887095.97)) == 0.5


def test_what_enters_a_run_is_local_t31(world):
    # The field at Helset lies some 1.5 km from the lip; in float32 its local coordinates step by a tenth of a
    # millimetre. Nothing that a run is given steps by a decimetre, not even the far ends of plateau and
    # valley (1e5 m away); only stations that are never reached (1e9 m) are larger.
    field = np.asarray(world.pattern.areas[0, :3])
    assert 1000.0 < np.linalg.norm(field) < 4000.0
    assert np.spacing(np.float32(np.abs(field).max())) <= 2.5e-4
    for leaf in jax.tree.leaves(world):
        values = np.abs(np.asarray(leaf, np.float32))
        assert np.all(np.spacing(values[values < 1e9]) < 0.1)
