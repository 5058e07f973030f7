"""Rock hides what is behind it, judged by two answers that know nothing of triangles.

One is the engine's line of sight (exact distance to the cliff), the other the exact crossing of a line with
the cliff's cross-section; the shipped cliff is alike all along its edge, so both are exact.
"""

import math
from itertools import pairwise

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tests.report.film.conftest import MAGENTA, SIZE, magenta_in, picture_of

from precipice.report.export.camera import Lens, camera_axes
from precipice.report.film.eye import FREE, Eye, open_eye
from precipice.report.film.film import take
from precipice.report.film.painter import draw_sky, keep_patterns
from precipice.report.film.solid import ball
from precipice.report.scene import out_bearing
from precipice.world.sight import clear_way

ASPECT = SIZE[0] / SIZE[1]


def is_cut(profile, bearing, start, end):
    """Return whether the line between two places crosses the outline of a cliff."""
    out = np.array([math.sin(bearing), math.cos(bearing)])
    a, b = (np.array([place[:2] @ out, place[2]]) for place in (start, end))
    for p, q in pairwise(profile):
        matrix = np.column_stack([b - a, p - q])
        if abs(np.linalg.det(matrix)) < 1e-9:
            continue
        share, along = np.linalg.solve(matrix, p - a)
        if 0.0 < share < 1.0 and 0.0 <= along <= 1.0:
            return True
    return False


def seen(stage, canvas, patterns, eye, place):
    """Return whether a ball at a place shows in a picture with the rock."""
    axes = camera_axes((place - eye)[None])
    view = Eye("test", Lens(0.05, 0.036, 0.02025), eye[None], axes, own=True).view(0, ASPECT)
    canvas.begin(view, 1.0, 60_000.0)
    stage.painter.still(canvas, view, patterns)
    draw_sky(canvas, view)
    radius = max(0.3, 0.006 * float(np.linalg.norm(place - eye)))
    solid = ball(place, (radius, radius, radius), MAGENTA)
    corners = solid.triangles.ravel()
    canvas.draw(solid.points[corners], np.tile(np.array([255, 0, 255, 255], np.uint8), (len(corners), 1)))
    return radius, bool(magenta_in(picture_of(canvas)).sum() > 0.5)


def test_a_ball_is_seen_where_lines_of_sight_say_so(stage, canvas, world, flown):
    patterns = keep_patterns(canvas)
    bearing, rng = out_bearing(flown, stage.scenario), np.random.default_rng(8)
    out, along = (
        np.array([math.sin(bearing), math.cos(bearing), 0.0]),
        np.array([math.cos(bearing), -math.sin(bearing), 0.0]),
    )
    answers, way = [], jax.jit(clear_way)
    for _ in range(60):
        behind = rng.random() < 0.5
        eye = (rng.uniform(-400.0, -15.0) if behind else rng.uniform(15.0, 500.0)) * out
        eye = eye + rng.uniform(-200.0, 200.0) * along + np.array([0.0, 0.0, rng.uniform(2.0, 60.0)])
        place = rng.uniform(3.0, 120.0) * out + rng.uniform(-30.0, 30.0) * along
        place = place + np.array([0.0, 0.0, rng.uniform(-180.0, 20.0)])
        clear = float(way(world.terrain, jnp.asarray(eye), jnp.asarray(place)))
        assert is_cut(flown.profile, bearing, eye, place) == (clear <= 0.0)
        radius, found = seen(stage, canvas, patterns, eye, place)
        if clear > 0.0 or hidden_by(flown.profile, bearing, eye, place, 2.0 * radius):
            answers.append((clear > 0.0, found))
    expected, found = np.array(answers).T
    assert 12 < expected.sum() < len(expected) - 12
    np.testing.assert_array_equal(found, expected)


def hidden_by(profile, bearing, eye, place, margin):
    """Return whether a place stays hidden when it is moved up or out by a margin, as the rim of a ball is."""
    out = np.array([math.sin(bearing), math.cos(bearing), 0.0])
    moves = margin * np.array([[0.0, 0.0, 1.0], out, np.add(out, (0.0, 0.0, 1.0))])
    return all(is_cut(profile, bearing, eye, place + move) for move in moves)


def test_performer_below_the_edge_is_hidden_from_behind_and_seen_from_before(stage, canvas, flown, scenario):
    # 4.5 s after takeoff the performer is some 60 m below the lip.
    now = flown.event("takeoff").t + 4.5
    patterns = keep_patterns(canvas)
    amounts = {}
    for bearing in (78.0, 230.0):
        camera = scenario.site.camera[0]
        turned = camera.bearing.model_copy(update={"value": math.radians(bearing)})
        there = camera.model_copy(update={"bearing": turned, "name": "moved"})
        site = scenario.site.model_copy(update={"camera": (there,), "aircraft": ()})
        moved = type(stage)(
            flown, scenario.model_copy(update={"site": site}), stage.rock, stage.setting, stage.cast
        )
        shot = take(moved, "moved", [now], SIZE)
        samples = shot.draw(canvas, patterns, 0).astype(int)
        middle = samples[SIZE[1] - 30 : SIZE[1] + 30, SIZE[0] - 30 : SIZE[0] + 30]
        # The suit is orange: far more red than green, unlike rock, moss and sky.
        amounts[bearing] = int((middle[..., 0] - middle[..., 1] > 70).sum())
    assert amounts[78.0] == 0
    assert amounts[230.0] > 3


@pytest.mark.parametrize("name", FREE)
def test_free_cameras_stay_in_the_air_and_look_at_the_subject(stage, flown, scenario, world, name):
    from precipice.report.export.moving import bodies_of

    time = np.linspace(flown.performer.t[0], flown.performer.t[-1], 200)
    bodies = bodies_of(flown, scenario, time)
    eye = open_eye(name, flown, scenario, time, bodies, stage.rock.top, ASPECT)
    distances = np.array([float(world.terrain.distance(jnp.asarray(p))) for p in eye.position[::10]])
    assert distances.min() > 0.0
    np.testing.assert_allclose(
        np.einsum("nij,nik->njk", eye.axes, eye.axes), np.tile(np.eye(3), (len(time), 1, 1)), atol=1e-9
    )
    if name != "performer":
        x, y, ahead = (np.array([eye.view(k, ASPECT).project(bodies[0].position[k]) for k in range(200)])).T
        assert np.all(ahead > 0.0)
        assert np.all(np.maximum(abs(x), abs(y)) < 0.9)
