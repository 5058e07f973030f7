"""A landing surface from an elevation model: a slope that can be written down, and flown both ways."""

import os
from importlib.resources import files

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from precipice.errors import ScenarioError
from precipice.scenario.load import load_scenario
from precipice.world.survey.crs import LocalFrame
from precipice.world.survey.surface import survey_surface

TEMPLATE = files("precipice.scenario").joinpath("template", "ramp-jump.toml").read_text(encoding="utf-8")
START = TEMPLATE.index("[landing_surface]")
END = TEMPLATE.index("# ---", START)
FRAME = LocalFrame(np.radians(46.0), np.radians(8.0), 300.0)
FALL = np.tan(np.radians(15.0))
# A circle of 15 m up to 25 degrees, and a metre straight on.
LIP = 15.0 * (1.0 - np.cos(np.radians(25.0))) + np.sin(np.radians(25.0))
STEP, SIDE = 0.5, 160


def slope(south):
    """Return the ground over the way south of the lip: level 300 m up to 10 m, then 15 degrees down."""
    return 300.0 - FALL * np.maximum(south - 10.0, 0.0)


@pytest.fixture
def write(tmp_path):
    """Function: the path of a ramp-jump, and beside it the slope as a model in UTM zone 32."""

    def written(block='shape = "file"\nfile = "park.tif"\nlength = "60 m"', change=None, **profile):
        east, north = _utm()
        corner = east - 0.5 * STEP * SIDE, north + 0.5 * STEP * SIDE
        transform = from_origin(*corner, STEP, STEP)
        rows, columns = np.indices((SIDE, SIDE)) + 0.5
        x, y = transform * (columns, rows)
        longitude, latitude = _to_wgs84(x, y)
        place = FRAME.from_geodetic(longitude, latitude, np.full(x.shape, 300.0))
        heights = slope(-place[..., 1])
        heights = heights if change is None else change(heights)
        kept = {"driver": "GTiff", "crs": "EPSG:32632", "dtype": "float64", "count": 1, "nodata": np.nan}
        kept |= {"width": SIDE, "height": SIDE, "transform": transform} | profile
        with rasterio.open(tmp_path / "park.tif", "w", **kept) as raster:
            raster.write(heights, 1)
            raster.units = ("m",)
        path = tmp_path / "jump.toml"
        path.write_text(f"{TEMPLATE[:START]}[landing_surface]\n{block}\n\n{TEMPLATE[END:]}", encoding="utf-8")
        return path

    return written


def _utm():
    from pyproj import Transformer

    return Transformer.from_crs(4326, 32632, always_xy=True).transform(8.0, 46.0)


def _to_wgs84(x, y):
    from pyproj import Transformer

    return Transformer.from_crs(32632, 4326, always_xy=True).transform(x, y)


def test_the_section_is_the_slope(write):
    section = survey_surface(load_scenario(write()))
    away, up = section.points.T
    # The model ends 40 m south of the lip, up to half a post.
    assert away[-1] == pytest.approx(0.5 * STEP * SIDE, abs=STEP)
    # Bilinear posts: exact but for the cell with the kink, where a quarter of a post of slope is missed.
    np.testing.assert_allclose(up, slope(away) - 300.0, atol=0.26 * STEP * FALL)
    far = np.abs(away - 10.0) > STEP
    np.testing.assert_allclose(up[far], slope(away[far]) - 300.0, atol=2e-3)
    assert section.worst_across < 0.01


def test_it_is_flown_like_the_same_surface_by_points(write):
    """The model counts from the ground, points from the lip, which stands `LIP` above it."""
    import precipice

    corners = [(0.0, -LIP), (10.0, -LIP), (39.5, -LIP - 29.5 * FALL)]
    rows = ", ".join(f'{{ distance = "{x} m", up = "{z:.6f} m" }}' for x, z in corners)
    by_file = precipice.fly(load_scenario(write()))
    by_points = precipice.fly(load_scenario(write(f'shape = "points"\npoint = [{rows}]')))
    assert by_file.outcome == by_points.outcome
    assert by_file.resolved
    assert by_points.resolved
    touched = [run.performer.position[-1] for run in (by_file, by_points)]
    # Far from the kink both are one plane; its rounding differs.
    assert touched[1][1] < -12.0
    np.testing.assert_allclose(*touched, atol=0.02)


def hole(heights):
    heights[SIDE // 2 - 4 : SIDE // 2 + 4, SIDE // 2 - 4 : SIDE // 2 + 4] = np.nan
    return heights


REFUSED = {
    "no reference": ({"crs": None}, "landing_surface.file", "must say what its coordinates mean"),
    "a hole at the lip": ({"change": hole}, "landing_surface.file", "must hold the ground from the lip"),
    "feet": (
        {"change": lambda heights: heights / 0.3048}, "site.altitude", "must be the ground at the lip, 984.",
    ),
    "elsewhere": (
        {"crs": "EPSG:32633"}, "landing_surface.file", "must hold the site, 46.00000 deg, 8.00000 deg",
    ),
    "another reference": (
        {"block": 'shape = "file"\nfile = "park.tif"\ncrs = "EPSG:25832"'},
        "landing_surface.crs", "must be what park.tif says",
    ),
    "a reference for a plane": (
        {"block": 'shape = "plane"\ncrs = "EPSG:25832"'}, "landing_surface.crs", "must be absent",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_by_check_and_fly(write, name, capsys):
    from precipice.cli.main import main

    changed, field, words = REFUSED[name]
    path = write(**changed)
    for command in ("check", "fly"):
        with pytest.raises(SystemExit) as caught:
            main([command, str(path)])
        out, err = capsys.readouterr()
        assert (caught.value.code, out) == (2, "")
        assert f"{field} {words}" in err
        assert ", but is " in err
        assert "Traceback" not in err


def test_another_file_is_another_surface(write):
    first = survey_surface(load_scenario(write())).points[-1, 1]
    path = write(change=lambda heights: np.where(heights < 299.0, heights - 1.0, heights))
    os.utime(path.parent / "park.tif", ns=(0, 0))
    assert survey_surface(load_scenario(path)).points[-1, 1] == pytest.approx(first - 1.0, abs=1e-4)


def test_a_missing_file_is_told(write):
    path = write()
    (path.parent / "park.tif").unlink()
    with pytest.raises(ScenarioError, match=r"landing_surface\.file must be a file"):
        load_scenario(path)
