"""Surveyed ground in exports: a made-up wall as GeoTIFF with a scanned face, and the shipped real one.

The made-up ground is a formula, so its height is known everywhere between posts that lie on straight pieces.
"""

import dataclasses

import numpy as np
import pytest
import rasterio
import trimesh
from tests.conftest import ROOT

from precipice.report.export.ground import build_ground
from precipice.report.site_ground import ground_of
from precipice.scenario.load import parse_scenario
from precipice.web.site import _from_the_lip

# A plateau falls to a floor 948.6 m lower between 40 m and 80 m south of the lip; both are level.
TOP, FLOOR, NEAR, FAR = 2154.0, 1205.4, -40.0, -80.0
POST = 20.0
SCAN = (60.0, -60.0, -100.0)
"""Middle of the scanned face, a box of 20 m, from the lip."""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The shipped surveyed stunt on made-up ground."""
    folder = tmp_path_factory.mktemp("made-up")
    text = (ROOT / "scenarios" / "el_capitan.toml").read_text("utf-8")
    latitude, longitude = 37.730062, -119.635400
    # A transverse Mercator projection with its origin at the lip: east and north are metres from it.
    crs = f"+proj=tmerc +lat_0={latitude} +lon_0={longitude} +k=1 +x_0=0 +y_0=0 +datum=WGS84 +units=m"
    north = np.arange(1490.0, -1500.0, -POST)
    up = np.interp(-north, [-NEAR, -FAR], [TOP, FLOOR])
    heights = np.repeat(up[:, None], len(north), axis=1).astype(np.float32)
    place = rasterio.transform.from_origin(-1500.0, 1500.0, POST, POST)
    size = {"width": len(north), "height": len(north)}
    about = {"driver": "GTiff", "count": 1, "dtype": "float32", "crs": crs, "transform": place, **size}
    with rasterio.open(folder / "dem.tif", "w", **about) as raster:
        raster.write(heights, 1)
    box = trimesh.creation.box((20.0, 20.0, 20.0), trimesh.transformations.translation_matrix(SCAN))
    box.export(folder / "face.ply")
    terrain = text.index('unit = "m"')
    extra = 'unit = "m"\nradius = "1400 m"\ncell = "5 m"'
    text = text[:terrain] + extra + text[terrain + len('unit = "m"') :]
    text = text.replace("../../shared/data/terrain/el_capitan.tif", "dem.tif")
    text = text.replace("[site.cliff]", '[[site.terrain.mesh]]\nfile = "face.ply"\n\n[site.cliff]', 1)
    (folder / "stunt.toml").write_text(text, "utf-8")
    return parse_scenario(text, str(folder / "stunt.toml"))


@pytest.fixture(scope="module")
def surveyed(clip, site):
    """The shared run's clip, moved to the made-up site: exports read its ground, and fly nothing."""
    run = dataclasses.replace(clip.run, lip_altitude=TOP, landing_altitude=FLOOR, values={})
    return dataclasses.replace(clip, scenario=site, run=run)


def meshes(surfaces):
    return {
        surface.name: trimesh.Trimesh(surface.points, surface.triangles, process=False)
        for surface in surfaces
    }


@pytest.fixture(scope="module")
def ground(surveyed):
    return build_ground(surveyed)


def test_ground_is_the_survey(ground):
    found = meshes(ground)["ground"]
    north = found.vertices[:, 1]
    want = np.interp(-north, [-NEAR, -FAR], [0.0, FLOOR - TOP])
    # Away from the two edges, where a field of cells rounds, and from the scan, it is the made-up ground.
    far = np.abs(north - NEAR) > 2 * POST
    far &= np.abs(north - FAR) > 2 * POST
    far &= np.linalg.norm(found.vertices[:, :2] - SCAN[:2], axis=1) > 60.0
    assert far.sum() > 1000
    np.testing.assert_allclose(found.vertices[far, 2], want[far], atol=1.0)
    assert np.all(found.face_normals[:, 2] >= -1e-6)
    # Outside what was surveyed there is none: a hole, no guess.
    assert np.linalg.norm(found.vertices[:, :2], axis=1).max() < 2100.0


def test_the_scanned_face_is_where_it_was_scanned(ground):
    face = meshes(ground)["face.ply"]
    assert face.is_watertight
    assert face.volume == pytest.approx(20.0**3)
    np.testing.assert_allclose(face.bounds.mean(axis=0), SCAN, atol=1e-6)


def test_areas_lie_on_the_ground(ground, site):
    found = meshes(ground)
    area = found[site.site.landing.name]
    assert np.ptp(area.vertices[:, 2]) == pytest.approx(0.0)
    assert area.vertices[0, 2] == pytest.approx(FLOOR - TOP, abs=1.0)
    assert area.vertices[0, 2] > FLOOR - TOP


def test_glb_and_usda_hold_the_surveyed_ground_with_up_up(surveyed, ground, tmp_path):
    pytest.importorskip("pxr", reason="needs usd-core")
    from pxr import Usd, UsdGeom, UsdValidation

    from precipice.report.export.glb import glb_bytes
    from precipice.report.export.told import tell
    from precipice.report.export.usda import usda_lines

    told = tell(surveyed, None, None)
    (tmp_path / "a.glb").write_bytes(glb_bytes(surveyed, ground, told))
    (tmp_path / "a.usda").write_text("\n".join(usda_lines(surveyed, ground, told)), "utf-8")
    scene = trimesh.load(tmp_path / "a.glb")
    stage = Usd.Stage.Open(str(tmp_path / "a.usda"))
    validators = UsdValidation.ValidationRegistry().GetOrLoadAllValidators()
    assert not UsdValidation.ValidationContext(validators).Validate(stage)
    inside = UsdGeom.Mesh.Get(stage, "/stunt/ground").GetPointsAttr().Get()
    for points in (scene.geometry["ground"].vertices, np.array(inside)):
        # y is up, z is south: the plateau is high in the north, the floor low in the south.
        assert points[points[:, 2] < 0.0][:, 1].min() == pytest.approx(0.0, abs=1.0)
        assert points[points[:, 2] > 200.0][:, 1].max() == pytest.approx(FLOOR - TOP, abs=1.0)
    east, north, up = SCAN
    middle = scene.geometry["face.ply"].bounds.mean(axis=0)
    np.testing.assert_allclose(middle, [east, up, -north], atol=1e-3)


def test_a_survey_that_is_gone_is_told(surveyed, tmp_path):
    from precipice.errors import InputError

    text = surveyed.scenario.text
    (tmp_path / "stunt.toml").write_text(text, "utf-8")
    from precipice.scenario.load import reparse_scenario

    lost = reparse_scenario(text, str(tmp_path / "stunt.toml"))
    with pytest.raises(InputError, match="the ground must come from the survey"):
        build_ground(dataclasses.replace(surveyed, scenario=lost))


def test_the_page_counts_heights_from_the_lip(surveyed):
    """The lip of a ramp stands 3.1 m above the rock: floor and plateau are that much farther down."""
    run = dataclasses.replace(surveyed.run, lip_altitude=TOP + 3.1)
    ground = _from_the_lip(ground_of(surveyed.scenario), run, surveyed.scenario)
    floor, plateau = ground.up(np.array([300.0, 300.0]), np.array([-800.0, 400.0]))
    assert floor == pytest.approx(FLOOR - TOP - 3.1, abs=0.5)
    assert plateau == pytest.approx(-3.1, abs=0.5)
