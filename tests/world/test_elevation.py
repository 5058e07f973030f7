"""Elevation models: places, holes, units, datums, and what is refused.

Sources: golden numbers T30 and T32 of the physics note on motorcycle, ramp and terrain, section 6.4
(computed there with PROJ); the heights of El Capitan, Half Dome and Taft Point in their files, checked
against the summits that the data's provenance names.
"""

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine, from_origin

from precipice.errors import RuleError
from precipice.world.survey.crs import FOOT, SURVEY_FOOT, LocalFrame, read_reference
from precipice.world.survey.dem import interpolate, read_dem

WEST, NORTH, STEP = 390000.0, 6888000.0, 10.0


def write(path, heights, *, crs="EPSG:25832+5941", transform=None, nodata=None, units=None, **tags):
    heights = np.asarray(heights, np.float32)
    transform = transform or from_origin(WEST, NORTH, STEP, STEP)
    shape = {"height": heights.shape[0], "width": heights.shape[1], "count": 1, "dtype": "float32"}
    with rasterio.open(
        path, "w", driver="GTiff", crs=crs, transform=transform, nodata=nodata, **shape
    ) as raster:
        raster.write(heights, 1)
        raster.update_tags(**tags)
        if units:
            raster.units = (units,)
    return path


def slope(rows=40, columns=50):
    """Return heights that rise 1 m for each post south and 0.5 m for each post east."""
    return 500.0 + np.arange(rows)[:, None] + 0.5 * np.arange(columns)[None]


def test_local_frame_t30():
    frame = LocalFrame(np.radians(62.1), np.radians(6.9), 1200.0)
    place = frame.from_geodetic(6.92, 62.11, 100.0)
    np.testing.assert_allclose(place, [1044.2009, 1114.6513, -1100.1825], atol=1e-3)
    np.testing.assert_allclose(frame.to_geodetic(place), (6.92, 62.11, 100.0), rtol=0.0, atol=1e-9)


@pytest.mark.parametrize(
    ("crs", "place", "scale", "turn"),
    [
        ("EPSG:25832", (390382.175, 6887095.969), 0.99974719, -1.856),
        ("EPSG:25833", (77929.613, 6911750.314), 1.00178287, -7.169),
    ],
)
def test_grids_t30(crs, place, scale, turn):
    reference = read_reference(crs)
    np.testing.assert_allclose(reference.from_wgs84(6.9, 62.1), place, atol=1e-3)
    bearing, factor = reference.grid(6.9, 62.1)
    assert factor == pytest.approx(scale, abs=1e-7)
    # The note gives the convergence to a thousandth of a degree.
    assert np.degrees(bearing) == pytest.approx(turn, abs=5e-4 + 1e-4)


def test_single_precision_is_half_a_metre_at_a_northing_t31():
    assert np.spacing(np.float32(6887095.97)) == 0.5


@pytest.mark.parametrize("point", ["Area", "Point"])
def test_a_height_belongs_to_the_middle_of_its_pixel_t32(tmp_path, point):
    # GDAL writes its own convention for both; the corner of the raster is where we say.
    path = write(tmp_path / "a.tif", slope(), AREA_OR_POINT=point)
    dem = read_dem(path)
    x, y = WEST + 10.0 * STEP + 5.0, NORTH - 20.0 * STEP - 5.0
    found = dem.altitude(*dem.reference.to_wgs84(np.array([x]), np.array([y])))
    np.testing.assert_allclose(found, 500.0 + 20.0 + 5.0, atol=1e-5)
    half = dem.altitude(*dem.reference.to_wgs84(np.array([x + 5.0]), np.array([y])))
    np.testing.assert_allclose(half, 525.25, atol=1e-5)


def test_rows_from_the_south_are_the_same_ground(tmp_path):
    flipped = Affine(STEP, 0.0, WEST, 0.0, STEP, NORTH - 40.0 * STEP)
    north_up = read_dem(write(tmp_path / "a.tif", slope()))
    south_up = read_dem(write(tmp_path / "b.tif", slope()[::-1], transform=flipped))
    x, y = np.array([WEST + 123.0]), np.array([NORTH - 234.0])
    place = north_up.reference.to_wgs84(x, y)
    np.testing.assert_allclose(south_up.altitude(*place), north_up.altitude(*place), atol=1e-6)


def test_every_post_is_found_again_in_the_local_frame(shared):
    dem = read_dem(shared / "data" / "terrain" / "el_capitan.tif", unit="m")
    frame = LocalFrame(np.radians(37.73), np.radians(-119.635), 2150.0)
    inner = dem.places(frame)[3:-3, 3:-3].reshape(-1, 3)
    np.testing.assert_allclose(dem.up(frame, inner[:, 0], inner[:, 1]), inner[:, 2], atol=1e-4)


@pytest.mark.parametrize(
    ("name", "place", "summit"),
    [("el_capitan", (37.7340, -119.6378), 2308.0), ("half_dome", (37.7459, -119.5332), 2694.0)],
)
def test_summits(shared, name, place, summit):
    dem = read_dem(shared / "data" / "terrain" / f"{name}.tif", unit="m")
    frame = LocalFrame(np.radians(place[0]), np.radians(place[1]), 0.0)
    steps = np.linspace(-300.0, 300.0, 61)
    up = dem.up(frame, *np.meshgrid(steps, steps))
    # A post every 31 m misses the top of a dome by some metres; its vertical error is a few metres.
    assert np.nanmax(up) == pytest.approx(summit, abs=15.0)


@pytest.mark.parametrize("hole", [np.nan, -9999.0, -32767.0])
@pytest.mark.parametrize("declared", [True, False])
def test_holes_are_never_blended_in(tmp_path, hole, declared):
    heights = slope()
    heights[10, 10] = hole
    path = write(tmp_path / "a.tif", heights, nodata=hole if declared else None)
    dem = read_dem(path)
    rows, columns = np.array([9.5, 10.0, 9.0, 8.0, 11.0]), np.array([9.5, 10.0, 9.7, 10.0, 12.0])
    found = interpolate(dem.posts, rows, columns)
    assert np.isnan(found[:2]).all()
    # Rows 8 and 9 and column 12 do not touch it: on a row, the next row has no weight.
    np.testing.assert_allclose(found[2:], 500.0 + rows[2:] + 0.5 * columns[2:], atol=1e-4)
    assert dem.undeclared == (0 if declared or np.isnan(hole) else 1)


@pytest.mark.parametrize(
    ("crs", "units", "unit", "metres"),
    [
        ("EPSG:25832+5941", None, None, 1.0),
        ("EPSG:25832", "ft", None, FOOT),
        ("EPSG:25832", None, "ft", FOOT),
        ("EPSG:2227+6360", None, None, SURVEY_FOOT),
        ("EPSG:25832", "metre", "m", 1.0),
    ],
)
def test_feet_become_metres_when_somebody_says_so(tmp_path, crs, units, unit, metres):
    dem = read_dem(write(tmp_path / "a.tif", slope(), crs=crs, units=units), unit=unit)
    assert dem.posts[0, 0] == pytest.approx(500.0 * metres)


def test_vertical_datum_is_named(tmp_path):
    geographic = from_origin(-119.6, 37.7, 1e-4, 1e-4)
    assert read_dem(write(tmp_path / "a.tif", slope())).datum == "NN2000 height"
    assert (
        read_dem(write(tmp_path / "b.tif", slope(), crs="EPSG:4269+5703", transform=geographic)).datum
        == "NAVD88 height"
    )


REFUSED = {
    "no reference": ({"crs": None}, {"unit": "m"}, "dem", "without a coordinate reference system"),
    "no unit": ({"crs": "EPSG:25832"}, {}, "dem", "does not say it"),
    "two units": ({"crs": "EPSG:25832+5941"}, {"unit": "ft"}, "unit", '"ft"'),
    "another reference": ({}, {"crs": "EPSG:25833"}, "crs", "UTM zone 33N"),
    "no such reference": ({"crs": None}, {"crs": "EPSG:nonsense", "unit": "m"}, "crs", "EPSG:nonsense"),
    "another datum": ({}, {"datum": "EGM2008"}, "vertical_datum", "EGM2008"),
    "off the map": ({"crs": "EPSG:4269+5703"}, {}, "dem", "do not fit"),
    "elsewhere": ({}, {"around": (10.0, 50.0, 500.0)}, "dem", "lies elsewhere"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_say_enough_is_refused(tmp_path, name):
    written, asked, within, value = REFUSED[name]
    path = write(tmp_path / "a.tif", slope(), **written)
    with pytest.raises(RuleError) as caught:
        read_dem(path, **asked)
    assert caught.value.within == within
    assert value in caught.value.value
    assert caught.value.remedy


def test_impossible_heights_and_other_files_are_refused(tmp_path):
    with pytest.raises(RuleError, match="no-data number"):
        read_dem(write(tmp_path / "a.tif", np.full((5, 5), -4000.0)))
    (tmp_path / "b.tif").write_text("no raster")
    with pytest.raises(RuleError, match="must be an elevation model"):
        read_dem(tmp_path / "b.tif")
    with pytest.raises(RuleError, match="must be a file"):
        read_dem(tmp_path / "c.tif")
