"""Where on the earth: the geoid, the datum, and local places turned into degrees."""

import dataclasses
import io
import zlib

import numpy as np
import pytest

from precipice.errors import InputError
from precipice.report.export import pack_geoid
from precipice.report.export.geoid import POSTS, TABLE, _table, geoid_height
from precipice.report.export.globe import find_globe, is_sea_level

# NGA, readme.txt of EGM96's program INTPT, OUTINTPT.DAT: latitude, longitude [deg], height [m].
PUBLISHED = [
    (38.6281550, 269.7791550, -31.628),
    (-14.6212170, 305.0211140, -2.969),
    (46.8743190, 102.4487290, -43.575),
    (-23.6174460, 133.8747120, 15.871),
    (38.6254730, 359.9995000, 50.066),
    (-0.4667440, 0.0023000, 17.329),
]


@pytest.mark.parametrize(("latitude", "longitude", "height"), PUBLISHED)
def test_geoid_is_the_published_one(latitude, longitude, height):
    east = np.radians((longitude + 180.0) % 360.0 - 180.0)
    assert geoid_height(np.radians(latitude), east) == pytest.approx(height, abs=0.3)


def test_geoid_has_no_seam_and_one_height_at_each_pole():
    for latitude in (-89.9, -60.0, 0.0, 62.0, 89.9):
        west, east = (geoid_height(np.radians(latitude), side * np.radians(179.9999)) for side in (-1.0, 1.0))
        assert west == pytest.approx(east, abs=0.01)
    # The same program at the poles gives 13.606 and -29.534 m.
    for pole, height in ((90.0, 13.606), (-90.0, -29.534)):
        found = [geoid_height(np.radians(pole), longitude) for longitude in (-3.0, 0.0, 2.0)]
        np.testing.assert_allclose(found, height, atol=0.1)


def test_table_is_made_again_from_a_grid_of_five_minutes(tmp_path):
    # What the wheel of egm96 holds: second differences in centimetres.
    rng = np.random.default_rng(5)
    centimetres = np.cumsum(rng.integers(-3, 4, size=(2161, 4321)), axis=1).astype(np.int32)
    steps = np.diff(np.diff(centimetres, axis=1, prepend=0), axis=0, prepend=0).astype(np.int16)
    np.savez(tmp_path / "grid.npz", undulation_d2=steps)
    np.testing.assert_array_equal(pack_geoid.read_grid(tmp_path / "grid.npz"), centimetres)
    packed = pack_geoid.pack(100.0 * _table())
    assert zlib.decompress(packed) == zlib.decompress(TABLE.read_bytes())
    assert len(zlib.decompress(packed)) == 2 * POSTS[0] * POSTS[1]
    assert io.BytesIO(packed).read(1)


@pytest.mark.parametrize("name", ["mean sea level", "MSL", "NN2000", "NAVD88", "EGM96 height", "DHHN2016"])
def test_height_systems_are_known(name):
    assert is_sea_level(name)


@pytest.mark.parametrize("name", ["top of the air cushion", "the lip", "", "WGS84 ellipsoid", "depth"])
def test_other_zeros_are_not_taken_for_the_sea(name):
    assert not is_sea_level(name)


def with_datum(scenario, datum):
    return scenario.model_copy(update={"site": scenario.site.model_copy(update={"vertical_datum": datum})})


def test_heights_count_from_what_they_say(scenario):
    globe = find_globe(scenario, 1248.0)
    # EGM96 at Helsetkopen, from the full grid of 5 minutes: 45.43 m.
    assert globe.geoid == pytest.approx(45.43, abs=0.1)
    lon, lat, above = globe.places(np.zeros(3))
    np.testing.assert_allclose([lon, lat], [6.97157, 62.05787], atol=1e-9)
    assert above == pytest.approx(1248.0 + 45.43, abs=0.1)
    assert globe.in_datum(above) == pytest.approx(1248.0, abs=1e-6)
    assert globe.above_sea(above) == pytest.approx(1248.0, abs=1e-6)


def test_ellipsoid_and_given_zeros_are_taken_as_they_are(scenario):
    ellipsoid = find_globe(with_datum(scenario, "WGS84 ellipsoid"), 1248.0)
    _, _, above = ellipsoid.places(np.zeros(3))
    assert above == pytest.approx(1248.0, abs=1e-6)
    assert ellipsoid.above_sea(above) == pytest.approx(1248.0 - 45.43, abs=0.1)
    given = find_globe(with_datum(scenario, "top of the air cushion"), 10.0, 300.0)
    _, _, above = given.places(np.zeros(3))
    assert above == pytest.approx(310.0, abs=1e-6)
    assert "--geoid" in given.source


def test_unknown_zero_is_refused(scenario):
    with pytest.raises(InputError, match=r"site\.vertical_datum must be a height system .* say with --geoid"):
        find_globe(with_datum(scenario, "top of the air cushion"), 10.0)


def test_places_are_those_of_the_ellipsoid(scenario, to_local):
    rng = np.random.default_rng(11)
    places = rng.uniform(-5000.0, 5000.0, (200, 3))
    globe = find_globe(scenario, 1248.0)
    lon, lat, above = globe.places(places)
    origin = globe.frame.altitude
    np.testing.assert_allclose(to_local(lon, lat, above, origin), places, atol=1e-5)
    # Level ground bends away by d²/2R: 1 km out it is 7.8 cm higher above the ellipsoid.
    _, _, far = globe.places(np.array([0.0, 1000.0, 0.0]))
    assert far - origin == pytest.approx(1000.0**2 / (2.0 * 6.39e6), rel=0.01)


def test_rotation_to_earth_is_that_of_the_places(scenario):
    globe = find_globe(scenario, 1248.0)
    from tests.report.export.conftest import east_north_up

    lon, lat = np.degrees([scenario.site.longitude.value, scenario.site.latitude.value])
    np.testing.assert_allclose(globe.to_earth(), east_north_up(lon, lat).T, atol=1e-12)
    assert dataclasses.is_dataclass(globe)
