"""GLB, opened by pygltflib and trimesh. Axes by the glTF 2.0 specification: y up, cameras along minus z.

The Khronos validator (npm gltf-validator 2.0.0-dev.3.10) found no error, warning or hint in this file.
"""

import json

import numpy as np
import pytest
import trimesh
from scipy.spatial.transform import Rotation

pygltflib = pytest.importorskip("pygltflib", reason="needs pygltflib, which reads glTF back")

SIZES = {"SCALAR": 1, "VEC3": 3, "VEC4": 4}


class Opened:
    """A GLB file with its numbers."""

    def __init__(self, path):
        self.file = pygltflib.GLTF2().load(str(path))
        self.blob = self.file.binary_blob()
        self.nodes = {node.name: node for node in self.file.nodes}

    def numbers(self, index):
        accessor = self.file.accessors[index]
        view = self.file.bufferViews[accessor.bufferView]
        kind = {pygltflib.FLOAT: np.float32, pygltflib.UNSIGNED_INT: np.uint32}[accessor.componentType]
        size = SIZES[accessor.type]
        values = np.frombuffer(self.blob, kind, accessor.count * size, view.byteOffset)
        return values.reshape(accessor.count, size).astype(float)

    def moves(self, name, path):
        animation = self.file.animations[0]
        for channel in animation.channels:
            if self.file.nodes[channel.target.node].name == name and channel.target.path == path:
                sampler = animation.samplers[channel.sampler]
                return self.numbers(sampler.input)[:, 0], self.numbers(sampler.output)
        raise AssertionError(name)


@pytest.fixture(scope="module")
def opened(written):
    return Opened(written("glb"))


def test_bodies_move_as_flown_with_y_up(opened, clip):
    assert opened.file.asset.version == "2.0"
    for body in clip.bodies[:2]:
        seconds, places = opened.moves(body.name, "translation")
        east, north, up = body.position.T
        np.testing.assert_allclose(seconds, clip.seconds, atol=1e-4)
        np.testing.assert_allclose(places, np.stack([east, up, -north], axis=1), atol=2e-3)
    # Up stays up: from the lip it goes down, west and a little south.
    x, y, z = opened.moves("performer", "translation")[1][-1]
    assert y < -1000.0
    assert x < -1000.0
    assert z > 100.0


def test_bodies_face_where_they_ride(opened, clip):
    _, turns = opened.moves("motorcycle", "rotation")
    _, places = opened.moves("motorcycle", "translation")
    rows = np.flatnonzero(clip.bodies[1].phase == "run-up")[20:-2:7]
    along = places[rows + 1] - places[rows - 1]
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    turn = Rotation.from_quat(turns[rows])
    assert np.all(np.sum(turn.apply([1.0, 0.0, 0.0]) * along, axis=1) > 0.995)
    assert np.all(turn.apply([0.0, 1.0, 0.0])[:, 1] > 0.98)


def test_cameras_have_the_performer_in_the_middle(opened, clip, scenario):
    _, target = opened.moves("performer", "translation")
    for camera in scenario.site.camera:
        node = opened.nodes[camera.name]
        _, turns = opened.moves(camera.name, "rotation")
        seen = Rotation.from_quat(turns).inv().apply(target - np.array(node.translation))
        assert np.all(seen[:, 2] < 0.0)
        assert np.max(np.abs(seen[:, :2] / seen[:, 2:])) < 1e-3
        # The horizon is level: the camera's own right is.
        assert np.max(np.abs(Rotation.from_quat(turns).apply([1.0, 0.0, 0.0])[:, 1])) < 1e-6


def test_lens_is_the_scenarios(opened):
    camera = opened.file.cameras[opened.nodes["lip crane"].camera]
    # 24 mm; 36 x 24 mm sensor, cut to 2.39: 36 x 15.0628 mm; 2 atan(15.0628 / 48).
    assert camera.perspective.aspectRatio == pytest.approx(2.39)
    assert np.degrees(camera.perspective.yfov) == pytest.approx(34.845, abs=0.01)
    assert camera.extras["focal_length_mm"] == pytest.approx(24.0)


def test_canopy_has_no_size_until_it_is_flown(opened, clip):
    _, sizes = opened.moves("canopy", "scale")
    np.testing.assert_array_equal(sizes[:, 0], clip.bodies[2].shown.astype(float))


def test_trimesh_finds_bodies_of_true_size_that_face_outwards(written):
    scene = trimesh.load(written("glb"))
    parts = {name: scene.geometry[name] for name in scene.geometry}
    boxes = [mesh for name, mesh in parts.items() if name.startswith(("performer", "motorcycle"))]
    assert len(boxes) == 6
    for mesh in boxes:
        assert mesh.is_watertight
        assert mesh.volume > 0.0  # inside out, it would be negative
    heights = [mesh.bounds for name, mesh in parts.items() if name.startswith("performer")]
    low, high = np.min([b[0] for b in heights], axis=0), np.max([b[1] for b in heights], axis=0)
    # y is up: the performer's height in the scenario's default, 1.78 m or so.
    assert 1.5 < high[1] - low[1] < 2.1
    ground = parts["ground"]
    assert np.all(ground.face_normals[:, 1] > -1e-6)
    # The wall is 250 m high: from the plateau to its foot.
    assert ground.bounds[1][1] == pytest.approx(0.0, abs=5.0)
    assert ground.bounds[0][1] < -1000.0


def test_it_says_what_it_is(opened, scenario):
    extras = opened.file.asset.extras
    assert extras["scenario_sha256"] == scenario.sha256
    assert extras["origin"]["vertical_datum"] == "NN2000"
    assert extras["takeoff_frame"] == 87
    assert extras["length_unit"] == "m"


def test_other_runs_are_nodes_beside(pair, tmp_path):
    from precipice.report.export.glb import glb_bytes
    from precipice.report.export.told import tell

    path = tmp_path / "two.glb"
    path.write_bytes(glb_bytes(pair, [], tell(pair, None, pair.start())))
    opened = Opened(path)
    first, second = (opened.moves(name, "translation")[1] for name in ("performer", "run 7 performer"))
    np.testing.assert_allclose(first, second, atol=1e-3)
    json.dumps(opened.file.asset.extras)
