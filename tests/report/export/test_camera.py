"""Cameras that follow, stand, look straight down; lenses and their frames."""

import dataclasses

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from precipice.report.export.camera import Lens, camera_axes, shoot


def test_axes_are_right_handed_and_level():
    rng = np.random.default_rng(8)
    way = rng.normal(size=(200, 3)) * rng.uniform(0.1, 1000.0, (200, 1))
    axes = camera_axes(way)
    np.testing.assert_allclose(np.linalg.det(axes), 1.0, atol=1e-12)
    np.testing.assert_allclose(axes[:, 2, 0], 0.0, atol=1e-12)  # right is level
    assert np.all(axes[:, 2, 1] >= 0.0)  # up is up
    np.testing.assert_allclose(-axes[:, :, 2] * np.linalg.norm(way, axis=1, keepdims=True), way, atol=1e-9)


def test_straight_down_keeps_the_bearing_that_it_had():
    way = np.array([[1.0, 0.0, -1.0], [0.0, 0.0, -5.0], [0.0, 0.0, 5.0], [0.0, 1.0, 0.0]])
    axes = camera_axes(way)
    # Facing east, right is south; it stays so while the look has no bearing.
    np.testing.assert_allclose(axes[:3, :, 0], np.tile([0.0, -1.0, 0.0], (3, 1)), atol=1e-12)
    np.testing.assert_allclose(axes[1, :, 1], [1.0, 0.0, 0.0], atol=1e-12)
    np.testing.assert_allclose(axes[3, :, 0], [1.0, 0.0, 0.0], atol=1e-12)


def test_a_camera_in_its_own_target_looks_somewhere():
    axes = camera_axes(np.zeros((3, 3)))
    np.testing.assert_allclose(np.linalg.det(axes), 1.0)
    down_from_the_first = camera_axes(np.array([[0.0, 0.0, -1.0]]))
    np.testing.assert_allclose(down_from_the_first[0, :, 1], [0.0, 1.0, 0.0])


def test_angles_of_view_are_those_of_the_textbook():
    # A 50 mm lens on 36 x 24 mm: 39.6 x 27.0 degrees in every table of lenses.
    lens = Lens(0.050, 0.036, 0.024)
    assert np.degrees(lens.horizontal) == pytest.approx(39.6, abs=0.05)
    assert np.degrees(lens.vertical) == pytest.approx(27.0, abs=0.05)


def changed(scenario, text, kind="fixed"):
    from precipice.scenario.load import parse_scenario

    old = 'aspect = 2.39\naim = "performer"'
    assert old in scenario.text
    return parse_scenario(scenario.text.replace(old, text, 1)).site.camera[0]


@pytest.fixture
def shot(flown, scenario, clip):
    places = {body.name: body.position for body in clip.bodies}

    def taken(text):
        return shoot(changed(scenario, text), 0, flown, scenario, places, len(clip.time))

    return taken


def test_fixed_camera_looks_along_bearing_and_pitch(shot):
    fixed = shot('aspect = 1.5\naim = "fixed"\naim_bearing = "270 deg"\naim_pitch = "-30 deg"')
    level = np.sqrt(0.75)
    np.testing.assert_allclose(fixed.look, np.tile([-level, 0.0, -0.5], (len(fixed.look), 1)), atol=1e-9)
    np.testing.assert_allclose(np.degrees(fixed.pan) % 360.0, 270.0)
    np.testing.assert_allclose(np.degrees(fixed.tilt), -30.0)


@pytest.mark.parametrize(("aim", "body"), [("performer", 0), ("motorcycle", 1)])
def test_camera_follows_whom_it_is_told_to(shot, clip, aim, body):
    following = shot(f'aspect = 1.5\naim = "{aim}"')
    away = clip.bodies[body].position - following.position
    np.testing.assert_allclose(following.look * following.distance[:, None], away, atol=1e-6)


def test_camera_on_places_stands_still(shot, scenario, flown):
    lip = shot('aspect = 1.5\naim = "lip"')
    np.testing.assert_allclose(lip.look * lip.distance[:, None], -np.tile(lip.position, (len(lip.look), 1)))
    landing = shot('aspect = 1.5\naim = "landing"')
    at = landing.position + landing.look[0] * landing.distance[0]
    # The field's place in the file is within its radius of where the performer lands.
    touchdown = np.array(flown.event("touchdown").position)
    assert np.linalg.norm((at - touchdown)[:2]) < scenario.site.landing.radius.value
    assert at[2] == pytest.approx(flown.landing_altitude - flown.lip_altitude)


@pytest.mark.parametrize(
    ("aspect", "width", "height"), [(2.0, 36.0, 18.0), (1.0, 24.0, 24.0), (1.5, 36.0, 24.0)]
)
def test_frame_is_the_largest_inside_the_sensor(flown, scenario, clip, aspect, width, height):
    from precipice.report.export.camera import lens_of

    camera = changed(scenario, f'aspect = {aspect}\naim = "performer"')
    bare = dataclasses.replace(flown, values={})
    lens, sensor = lens_of(
        camera, bare, scenario.model_copy(update={"site": with_camera(scenario, camera)}), 0
    )
    assert (1000.0 * lens.width, 1000.0 * lens.height) == pytest.approx((width, height))
    assert sensor == pytest.approx((0.036, 0.024))


def with_camera(scenario, camera):
    return scenario.site.model_copy(update={"camera": (camera,)})


def test_a_pan_is_as_fast_as_geometry_says_t35(flown, scenario):
    # T35: past a camera 30 m away at 20 m/s: v/d = 2/3 rad/s when nearest, 38.197 degrees a second, and
    # the pan's acceleration is (3 sqrt 3 / 8) (v/d)² = 0.2887 rad/s² at most, 16.540 degrees a second².
    step = 1.0 / 240.0
    seconds = np.arange(-3.0, 3.0 + step / 2, step)
    camera = changed(scenario, 'aspect = 1.5\naim = "performer"')
    at = shoot(camera, 0, flown, scenario, {"performer": np.zeros((1, 3))}, 1).position
    along = np.stack([20.0 * seconds, np.full(len(seconds), 30.0), np.zeros(len(seconds))], axis=1)
    shot = shoot(camera, 0, flown, scenario, {"performer": at + along}, len(seconds))
    rate = np.gradient(np.degrees(np.unwrap(shot.pan)), step)
    assert np.max(rate) == pytest.approx(38.197, abs=0.01)
    assert np.max(np.abs(np.gradient(rate, step))) == pytest.approx(16.540, abs=0.02)
    assert seconds[np.argmax(rate)] == pytest.approx(0.0, abs=step)


def test_axes_there_and_back_with_up_up_t36():
    # T36: (x, y, z) -> (x, z, -y), and back (x, y, z) -> (x, -z, y), written out by hand.
    from precipice.report.export.rotation import quaternion_y_up, y_up

    places = np.random.default_rng(3).normal(size=(50, 3))
    found = y_up(places)
    np.testing.assert_array_equal(np.stack([found[:, 0], -found[:, 2], found[:, 1]], axis=1), places)
    np.testing.assert_array_equal(y_up(np.array([[0.0, 0.0, 1.0]])), [[0.0, 1.0, 0.0]])
    np.testing.assert_array_equal(y_up(np.array([[0.0, 1.0, 0.0]])), [[0.0, 0.0, -1.0]])
    # A body at rest faces east with its head up in both; one that leans back by 90 degrees faces up.
    half = np.sqrt(0.5)
    turn = Rotation.from_quat(
        np.roll(quaternion_y_up(np.array([[1.0, 0.0, 0.0, 0.0], [half, 0.0, -half, 0.0]])), -1, axis=1)
    )
    np.testing.assert_allclose(turn.apply([1.0, 0.0, 0.0]), [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]], atol=1e-12)
    np.testing.assert_allclose(turn[0].apply([0.0, 1.0, 0.0]), [0.0, 1.0, 0.0], atol=1e-12)
