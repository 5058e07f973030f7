"""USDA, opened and validated by usd-core, Pixar's own library."""

import numpy as np
import pytest

pytest.importorskip("pxr", reason="needs usd-core, the reference library of USD")
from pxr import Gf, Usd, UsdGeom, UsdValidation


@pytest.fixture(scope="module")
def stage(written):
    return Usd.Stage.Open(str(written("usda")))


def problems(stage):
    validators = UsdValidation.ValidationRegistry().GetOrLoadAllValidators()
    return [error.GetErrorAsString() for error in UsdValidation.ValidationContext(validators).Validate(stage)]


def test_every_validator_is_content(stage):
    assert problems(stage) == []


def test_the_validators_do_find_mistakes():
    broken = Usd.Stage.CreateInMemory()
    broken.DefinePrim("/there", "Xform")
    assert problems(broken)


def test_stage_tells_axes_units_and_time(stage, clip):
    assert UsdGeom.GetStageUpAxis(stage) == UsdGeom.Tokens.y
    assert UsdGeom.GetStageMetersPerUnit(stage) == 1.0
    assert stage.GetTimeCodesPerSecond() == 8.0
    assert stage.GetStartTimeCode() == 1.0
    assert stage.GetEndTimeCode() == len(clip.time)
    assert stage.GetDefaultPrim().GetName() == "stunt"
    assert '"takeoff_frame": 87' in stage.GetRootLayer().customLayerData["precipice"]


def test_bodies_move_as_flown(stage, clip):
    for body in clip.bodies[:2]:
        prim = stage.GetPrimAtPath(f"/stunt/{body.name}")
        for k in range(0, len(clip.time), 150):
            world = UsdGeom.XformCache(float(clip.frames[k])).GetLocalToWorldTransform(prim)
            east, north, up = body.position[k]
            np.testing.assert_allclose(world.Transform(Gf.Vec3d(0, 0, 0)), [east, up, -north], atol=1e-4)


def test_bodies_face_where_they_ride(stage, clip):
    prim = stage.GetPrimAtPath("/stunt/motorcycle")
    body = clip.bodies[1]
    for k in np.flatnonzero(body.phase == "run-up")[20:-2:13]:
        world = UsdGeom.XformCache(float(clip.frames[k])).GetLocalToWorldTransform(prim)
        east, north, up = body.velocity[k] / np.linalg.norm(body.velocity[k])
        assert np.dot(world.TransformDir(Gf.Vec3d(1, 0, 0)), [east, up, -north]) > 0.995
        assert world.TransformDir(Gf.Vec3d(0, 1, 0))[1] > 0.98


def test_cameras_see_the_performer_in_the_middle(stage, clip, scenario):
    for name in ("helicopter_long_lens", "lip_crane"):
        camera = UsdGeom.Camera.Get(stage, f"/stunt/{name}")
        for k in range(0, len(clip.time), 150):
            view = camera.GetCamera(float(clip.frames[k]))
            east, north, up = clip.bodies[0].position[k]
            seen = view.frustum.ComputeViewMatrix().Transform(Gf.Vec3d(east, up, -north))
            assert seen[2] < 0.0
            assert abs(seen[0] / seen[2]) < 1e-4
            assert abs(seen[1] / seen[2]) < 1e-4
            assert view.focusDistance == pytest.approx(-seen[2], rel=1e-4)
            assert view.transform.TransformDir(Gf.Vec3d(1, 0, 0))[1] == pytest.approx(0.0, abs=1e-6)
    assert scenario.site.camera[0].name == "helicopter long lens"


def test_lens_is_the_scenarios(stage):
    view = UsdGeom.Camera.Get(stage, "/stunt/helicopter_long_lens").GetCamera(1.0)
    # 85 mm, 36 x 24 mm cut to 2.39; USD turns both lengths into an angle: 2 atan(18 / 85).
    across = view.GetFieldOfView(Gf.Camera.FOVHorizontal)
    assert across == pytest.approx(23.9132, abs=1e-3)
    assert view.aspectRatio == pytest.approx(2.39, rel=1e-5)
    # On a stage in metres, tenths of a unit are decimetres.
    assert view.focalLength * 0.1 * UsdGeom.GetStageMetersPerUnit(stage) == pytest.approx(0.085)


def test_lengths_are_in_tenths_of_the_stage_t37(clip):
    # T37: 50 mm on a stage in metres is 0.5, a sensor 36 mm wide is 0.36.
    import dataclasses

    from precipice.report.export.camera import Lens
    from precipice.report.export.told import tell
    from precipice.report.export.usda import usda_lines

    one = dataclasses.replace(clip.cameras[0], lens=Lens(0.050, 0.036, 0.024))
    filmed = dataclasses.replace(clip, cameras=(one,))
    stage = Usd.Stage.CreateInMemory()
    text = "\n".join(usda_lines(filmed, [], tell(filmed, None, None)))
    assert stage.GetRootLayer().ImportFromString(text)
    camera = UsdGeom.Camera.Get(stage, "/stunt/helicopter_long_lens")
    assert camera.GetFocalLengthAttr().Get() == pytest.approx(0.5)
    assert camera.GetHorizontalApertureAttr().Get() == pytest.approx(0.36)
    # T33: what Pixar's library makes of both is 39.5978 degrees.
    across = camera.GetCamera(1.0).GetFieldOfView(Gf.Camera.FOVHorizontal)
    assert across == pytest.approx(39.5978, abs=1e-3)


def test_canopy_is_visible_while_it_is_flown(stage, clip):
    canopy = UsdGeom.Imageable.Get(stage, "/stunt/canopy")
    for k in range(0, len(clip.time), 30):
        seen = canopy.ComputeVisibility(float(clip.frames[k])) != UsdGeom.Tokens.invisible
        assert seen == clip.bodies[2].shown[k]


def test_ground_faces_the_air(stage):
    mesh = UsdGeom.Mesh.Get(stage, "/stunt/ground")
    points = np.array(mesh.GetPointsAttr().Get())
    corners = points[np.array(mesh.GetFaceVertexIndicesAttr().Get()).reshape(-1, 3)]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    # Level ground up; the wall, which faces west (258 degrees), west.
    size = np.linalg.norm(normal, axis=1)
    assert np.all(normal[:, 1] > -1e-3 * size)
    wall = np.abs(normal[:, 1]) < 0.1 * size
    assert wall.any()
    assert np.all(normal[wall, 0] < 0.0)


@pytest.mark.parametrize("name", ["3 Kameras", "ünïcode", 'a"b', "", "lip crane", "lip_crane"])
def test_any_name_becomes_one_that_usd_takes(name):
    from pxr import Sdf

    from precipice.report.export.usda import Names

    names = Names()
    made = {names(name), names(name), names("lip crane")}
    assert len(made) == 3
    assert all(Sdf.Path.IsValidIdentifier(each) for each in made)


def test_other_runs_are_prims_beside(pair, tmp_path):
    from precipice.report.export.told import tell
    from precipice.report.export.usda import usda_lines

    path = tmp_path / "two.usda"
    path.write_text("\n".join(usda_lines(pair, [], tell(pair, None, pair.start()))), encoding="utf-8")
    stage = Usd.Stage.Open(str(path))
    assert problems(stage) == []
    places = [
        UsdGeom.XformCache(500.0).GetLocalToWorldTransform(stage.GetPrimAtPath(f"/stunt/{name}"))
        for name in ("performer", "run_7_performer")
    ]
    np.testing.assert_allclose(*places, atol=1e-4)
