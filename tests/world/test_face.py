"""A scanned face in an elevation model: closed, placed, merged, sampled, looked past.

Sources: golden numbers T27 to T29 of the physics note on motorcycle, ramp and terrain. The face is a prism
whose distances can be written down; lines of sight are compared with Embree's rays on its triangles.
"""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import trimesh

from precipice.errors import RuleError
from precipice.world.sight import clear_way
from precipice.world.survey import field as sampling
from precipice.world.survey.crs import LocalFrame, read_reference
from precipice.world.survey.mesh import Mesh, read_mesh
from precipice.world.survey.solid import Sheet, Solid, footprint
from precipice.world.terrain import NestedGrid

FRAME = LocalFrame(np.radians(62.1), np.radians(6.9), 1200.0)
# Out and up: behind and below, behind, edge, back of the undercut, foot, floor, floor below. The rock goes
# back 7 m under the edge over 20 m; the wall is 30 m high below that; the floor lies 50 m under the edge.
OUTLINE = [(-40, -60), (-40, 0), (0, 0), (-7, -20), (-7, -50), (38, -50), (38, -60)]
CAPS = [(3, 2, 1), (3, 1, 0), (4, 3, 0), (6, 4, 0), (6, 5, 4)]
LENGTH = 80.0


def prism():
    """Return the face: out is east, 80 m along north, edge at the origin."""
    mesh = trimesh.creation.extrude_triangulation(np.array(OUTLINE, float), np.array(CAPS), LENGTH)
    x, y, z = mesh.vertices.T
    return trimesh.Trimesh(np.stack([x, 0.5 * LENGTH - z, y], axis=1), mesh.faces, process=False)


@pytest.fixture(scope="module")
def face():
    return prism()


def solid_of(mesh, clear=20.0):
    """Return the prism in an elevation model of a smeared wall: from 0 m at -15 m to -50 m at 15 m."""
    placed = Mesh("face.ply", np.asarray(mesh.vertices), np.asarray(mesh.faces, np.int64), clear)
    east = np.arange(-120.0, 121.0, 1.0)
    up = np.interp(east, [-15.0, 15.0], [0.0, -50.0])[:, None] * np.ones((1, len(east)))
    foot = footprint(placed, np.array([1.0, 0.0]), 0.5)
    place = np.stack(np.meshgrid(east, east, indexing="ij"), axis=-1)
    cut = np.where(foot.holds(place), np.minimum(up, foot.low), up)
    return Solid([Sheet(np.array([-120.0, -120.0]), 1.0, cut)], [placed], [foot])


def test_the_prism_is_what_its_outline_says(face):
    assert face.is_watertight
    # Shoelace formula by hand: 40 x 60 + 38 x 10 - 7 x 30 - 7 x 20 / 2 - ... is the outline's area.
    x, y = np.array(OUTLINE, float).T
    area = 0.5 * abs(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)))
    assert face.volume == pytest.approx(area * LENGTH)


def test_an_undercut_is_air_though_the_model_calls_it_ground_t28(face):
    solid = solid_of(face)
    # 3 m in from the edge, 12 m below it: (7 x 12 - 20 x 3)/sqrt(449) = 1.1326 m from the roof. The
    # smeared model has its ground 20 m higher there.
    point = np.array([[-3.0, 0.0, -12.0]])
    assert solid.distance(point)[0] == pytest.approx((7.0 * 12.0 - 20.0 * 3.0) / np.sqrt(449.0), abs=1e-6)
    assert np.interp(-3.0, [-15.0, 15.0], [0.0, -50.0]) < 0.0
    assert solid.distance(np.array([[-3.0, 0.0, -6.0]]))[0] < 0.0


def test_in_front_of_the_face_the_smear_is_gone(face):
    solid, smeared = solid_of(face), solid_of(face, clear=0.0)
    # 4 m out from the edge and 35 m down: 11 m from the wall at -7 m, and in the smeared model's rock.
    point = np.array([[4.0, 0.0, -35.0]])
    assert solid.distance(point)[0] == pytest.approx(11.0, abs=1e-6)
    # Beside the scan only the model speaks.
    beside = np.array([[4.0, 60.0, -35.0]])
    assert smeared.distance(beside)[0] == pytest.approx(solid.distance(beside)[0])
    assert solid.distance(beside)[0] < 0.0


def test_distances_of_a_box_are_exact_t27():
    box = trimesh.creation.box((20.0, 30.0, 10.0))
    placed = Mesh("box.ply", np.add(box.vertices, (0.0, 0.0, 50.0)), np.asarray(box.faces, np.int64), 0.0)
    ground = Sheet(np.array([-100.0, -100.0]), 10.0, np.full((21, 21), -1000.0))
    solid = Solid([ground], [placed], [footprint(placed, np.array([1.0, 0.0]), 1.0)])
    points = np.random.default_rng(27).uniform([-20, -25, 35], [20, 25, 65], (2000, 3))
    beyond = np.abs(points - [0.0, 0.0, 50.0]) - [10.0, 15.0, 5.0]
    outside = np.linalg.norm(np.maximum(beyond, 0.0), axis=1)
    exact = np.where(outside > 0.0, outside, np.max(beyond, axis=1))
    np.testing.assert_allclose(solid.distance(points), exact, atol=1e-6)
    assert (exact < 0.0).sum() > 100


def test_distances_of_a_sphere_are_exact_t27():
    """Of triangles with all corners on a sphere, which can be written down along its corners and faces.

    Out beyond a corner that corner is nearest, |p| - r. Out beyond the middle of a triangle's circumcircle
    the triangle is, and at the centre the nearest of them. The sphere lies at most its sag farther out.
    """
    radius, centre = 12.0, np.array([3.0, -4.0, 60.0])
    ball = trimesh.creation.icosphere(subdivisions=4, radius=radius)
    placed = Mesh("ball.ply", ball.vertices + centre, np.asarray(ball.faces, np.int64), 0.0)
    ground = Sheet(np.array([-100.0, -100.0]), 10.0, np.full((21, 21), -1000.0))
    solid = Solid([ground], [placed], [footprint(placed, np.array([1.0, 0.0]), 1.0)])
    rng = np.random.default_rng(28)
    out = rng.uniform(0.01, 20.0, len(ball.vertices))[:, None]
    beyond_corners = centre + ball.vertices * (1.0 + out / radius)
    np.testing.assert_allclose(solid.distance(beyond_corners), out[:, 0], atol=1e-6)
    a, b, c = (ball.vertices[ball.faces[:, k]] for k in range(3))
    normal = np.cross(b - a, c - a)
    normal /= np.linalg.norm(normal, axis=1)[:, None]
    apart = np.sum(normal * a, axis=1)
    out = rng.uniform(0.01, 20.0, len(apart))
    beyond_faces = centre + normal * (apart + out)[:, None]
    np.testing.assert_allclose(solid.distance(beyond_faces), out, atol=1e-6)
    assert solid.distance(centre[None])[0] == pytest.approx(-apart.min(), abs=1e-6)
    # Everywhere, in and out, the sphere's own distance to within the sag.
    way = rng.normal(size=(2000, 3))
    far = rng.uniform(1.0, 30.0, 2000)
    found = solid.distance(centre + way * (far / np.linalg.norm(way, axis=1))[:, None])
    sag = radius - apart.min()
    assert 0.0 < sag < 0.02
    assert np.all((found >= far - radius - 1e-6) & (found <= far - radius + sag + 1e-6))


def test_distances_of_a_tilted_plane_are_exact_t27():
    """Ground through the origin that rises by 0.75 m a metre to the east: square to it, (-0.6, 0, 0.8)."""
    east = np.arange(-100.0, 101.0, 10.0)
    solid = Solid([Sheet(np.array([-100.0, -100.0]), 10.0, 0.75 * east[:, None] * np.ones((1, 21)))], [], [])
    points = np.random.default_rng(29).uniform([-30, -60, -30], [30, 60, 30], (2000, 3))
    exact = points @ np.array([-0.6, 0.0, 0.8])
    np.testing.assert_allclose(solid.distance(points), exact, atol=1e-6)
    assert 500 < (exact < 0.0).sum() < 1500


@pytest.fixture(scope="module")
def sampled(face):
    """The prism sampled at 1 m, coarser outside, as a run is given it."""
    before = sampling.COUNT
    sampling.COUNT = (97, 97, 81)
    try:
        solid = solid_of(face)
        boxes = [sampling.Box(np.array([-48.0, -48.0, -68.0]), 1.0)]
        boxes.append(sampling.Box(np.array([-96.0, -96.0, -90.0]), 2.0))
        east = np.arange(-120.0, 121.0, 8.0)
        places = np.stack([*np.meshgrid(east, east, indexing="ij"), np.zeros((31, 31))], axis=-1)

        values = np.stack([sampling._samples(solid, box) for box in boxes])
        corners = np.stack([np.append(box.corner, box.cell) for box in boxes])
        reach = sampling._Reach(places, 8.0, solid)
        columns = np.stack([sampling._columns(solid, box, reach) for box in boxes]).astype(np.float32)
        sampling._find_overhangs(solid, boxes, corners, values.astype(np.float32), columns)
        grid = NestedGrid(*(jnp.asarray(x) for x in (corners[:, :3], corners[:, 3], values, columns)))
        return solid, grid
    finally:
        sampling.COUNT = before


def test_samples_claim_at_most_087_cell_too_much_t27(sampled):
    solid, grid = sampled
    points = np.random.default_rng(1).uniform([-44, -44, -64], [44, 44, 8], (4000, 3))
    excess = np.asarray(jax.jit(jax.vmap(grid.distance))(jnp.asarray(points))) - solid.distance(points)
    assert 0.01 < excess.max() <= 0.87


def test_height_above_under_the_overhang_and_over_it(sampled):
    _, grid = sampled
    height = jax.jit(lambda place: grid.height_above(place) + 0.0)
    # Over the plateau; under the roof, down to the floor at -50 m; out over the floor.
    assert float(height(jnp.array([-20.0, 0.0, 5.0]))) == pytest.approx(5.0, abs=0.3)
    assert float(height(jnp.array([-3.0, 0.0, -30.0]))) == pytest.approx(20.0, abs=0.5)
    assert float(height(jnp.array([20.0, 0.0, -10.0]))) == pytest.approx(40.0, abs=0.3)


def test_lines_of_sight_against_embree_t29(sampled, face):
    from trimesh.ray.ray_pyembree import RayMeshIntersector

    solid, grid = sampled
    rng = np.random.default_rng(29)
    low, high = [-30.0, -36.0, -48.0], [36.0, 36.0, 7.0]
    starts, ends = rng.uniform(low, high, (30000, 3)), rng.uniform(low, high, (30000, 3))
    # Eyes and what they look at are a cell away from rock.
    air = (solid.distance(starts) > 1.0) & (solid.distance(ends) > 1.0)
    starts, ends = starts[air], ends[air]
    way = ends - starts
    length = np.linalg.norm(way, axis=1)
    rays = RayMeshIntersector(face)
    hits, index, _ = rays.intersects_location(starts, way / length[:, None], multiple_hits=False)
    hidden = np.zeros(len(starts), bool)
    hidden[index] = np.linalg.norm(hits - starts[index], axis=1) < length[index]
    look = jax.jit(jax.vmap(clear_way, in_axes=(None, 0, 0)))
    found = np.asarray(look(grid, jnp.asarray(starts), jnp.asarray(ends))) <= 0.0
    assert len(starts) > 8000
    assert 0.1 < hidden.mean() < 0.9
    assert (found == hidden).mean() >= 0.999


def save(mesh, path):
    mesh.export(path)
    return path


@pytest.mark.parametrize("kind", ["ply", "obj", "glb"])
def test_formats_are_read(face, tmp_path, kind):
    mesh = read_mesh(save(face, tmp_path / f"face.{kind}"), FRAME)
    np.testing.assert_allclose(mesh.low, [-40.0, -40.0, -60.0], atol=1e-4)
    np.testing.assert_allclose(mesh.high, [38.0, 40.0, 0.0], atol=1e-4)


def test_axes_units_and_offset(face, tmp_path):
    turned = face.copy()
    x, y, z = face.vertices.T
    # East, north, up of a mesh with y up: x, -z, y.
    turned.vertices = np.stack([x, z, -y], axis=1) / 0.3048
    path = save(turned, tmp_path / "face.ply")
    mesh = read_mesh(path, FRAME, axes="y-up", unit="ft", offset=(100.0, 0.0, 0.0))
    np.testing.assert_allclose(mesh.low, [-40.0 + 30.48, -40.0, -60.0], atol=1e-3)
    np.testing.assert_allclose(mesh.high, [38.0 + 30.48, 40.0, 0.0], atol=1e-3)


def test_a_mesh_in_a_map_projection(face, tmp_path):
    reference = read_reference("EPSG:25832")
    east, north = reference.from_wgs84(6.9, 62.1)
    path = save(face, tmp_path / "face.ply")
    mesh = read_mesh(path, FRAME, crs="EPSG:25832", offset=(float(east), float(north), 1200.0))
    # The grid is turned by 1.856 degrees there, T30: a point 38 m east on the grid.
    row = int(np.argmin(np.linalg.norm(np.asarray(face.vertices) - [38.0, 40.0, -50.0], axis=1)))
    turn = np.radians(-1.856)
    wanted = np.array([38.0 * np.cos(turn) + 40.0 * np.sin(turn), -38.0 * np.sin(turn) + 40.0 * np.cos(turn)])
    found = mesh.vertices[np.argmin(np.linalg.norm(mesh.vertices[:, :2] - wanted, axis=1) + 0 * row)]
    # Its scale is 0.99975: 55 m on the grid are 0.014 m longer on the ground.
    np.testing.assert_allclose(found[:2], wanted, atol=0.02)


def test_open_inside_out_and_coarse_meshes_are_refused(face, tmp_path):
    opened = face.copy()
    opened.update_faces(np.arange(len(face.faces)) > 0)
    flipped = face.copy()
    flipped.invert()
    far = face.copy()
    far.vertices = np.add(far.vertices, (390000.0, 6887000.0, 0.0))
    cases = {
        "open": (opened, "closed"),
        "inside-out": (flipped, "facing the air"),
        "utm": (far, "finer than"),
    }
    for name, (mesh, rule) in cases.items():
        with pytest.raises(RuleError, match=rule) as caught:
            read_mesh(save(mesh, tmp_path / f"{name}.ply"), FRAME)
        assert f"{name}.ply" in caught.value.value
        assert caught.value.remedy
    (tmp_path / "no.ply").write_text("nothing")
    with pytest.raises(RuleError, match="triangle mesh"):
        read_mesh(tmp_path / "no.ply", FRAME)
