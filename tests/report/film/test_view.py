"""Where things are in a picture, by the pinhole formulas of the published camera note (its tests T33, T34).

u = f X / Z, angle of view 2 atan(W / 2 f), image height f H / d: any text on photographic optics.
"""

import math

import numpy as np
import pytest
from tests.report.film.conftest import MAGENTA, SIZE, magenta_in, picture_of

from precipice.report.export.camera import Lens, camera_axes
from precipice.report.film.canvas import View
from precipice.report.film.eye import Eye
from precipice.report.film.solid import ball, box, flat_sides

ASPECT = SIZE[0] / SIZE[1]


def looking(way, lens, position=(0.0, 0.0, 0.0)):
    axes = camera_axes(np.array([way], float))
    return Eye("test", lens, np.array([position], float), axes, own=True)


def paint(canvas, view, *solids):
    """Return the picture of solids in their own colours, unlit."""
    canvas.begin(view, 0.1, 10_000.0)
    for solid in solids:
        corners = solid.triangles.ravel()
        colours = np.concatenate([255.0 * solid.colours, np.full((len(solid.colours), 1), 255.0)], axis=1)
        canvas.draw(solid.points[corners], colours[corners].astype(np.uint8))
    return picture_of(canvas)


@pytest.mark.published
@pytest.mark.parametrize(
    ("focal", "width", "angle"),
    [(0.050, 0.036, 39.5978), (0.035, 0.02489, 39.1479), (0.024, 0.0367, 74.8019), (0.200, 0.036, 10.2855)],
)
def test_angle_of_view_is_the_published_one(focal, width, angle):
    view = looking((0.0, 1.0, 0.0), Lens(focal, width, width / ASPECT)).view(0, ASPECT)
    assert math.degrees(2.0 * math.atan(view.across)) == pytest.approx(angle, abs=1e-4)
    edge = math.radians(0.5 * angle)
    x, y, ahead = view.project(np.array([100.0 * math.sin(edge), 100.0 * math.cos(edge), 0.0]))
    assert (x, y) == pytest.approx((1.0, 0.0), abs=1e-5)
    assert ahead == pytest.approx(100.0 * math.cos(edge))


@pytest.mark.published
@pytest.mark.parametrize(("aspect", "share"), [(1.5, 0.18750), (2.39, 0.29875)])
def test_person_at_20_metres_is_as_high_as_published(canvas, aspect, share):
    # T34: 1.8 m at 20 m through 50 mm is 0.1875 of 24 mm, 0.29875 of a 2.39 crop of 36 mm (15.06 mm).
    eye = looking((0.0, 1.0, 0.0), Lens(0.050, 0.036, 0.036 / aspect))
    upright = flat_sides(np.array([[[-1, 20, -0.9], [1, 20, -0.9], [1, 20, 0.9], [-1, 20, 0.9]]]), MAGENTA)
    picture = paint(canvas, eye.view(0, ASPECT), upright)
    rows = magenta_in(picture)[:, SIZE[0] // 2].sum()
    frame = eye.frame(ASPECT)[1] * SIZE[1]
    assert rows / frame == pytest.approx(share, abs=1.0 / frame)


def test_drawn_places_are_where_the_pinhole_formula_puts_them(canvas):
    rng = np.random.default_rng(3)
    lens, worst = Lens(0.035, 0.036, 0.02025), 0.0
    for _ in range(12):
        position, way = rng.normal(0.0, 300.0, 3), rng.normal(0.0, 1.0, 3)
        view = looking(way, lens, position).view(0, ASPECT)
        right, up, ahead = view.axes[:, 0], view.axes[:, 1], -view.axes[:, 2]
        z = rng.uniform(30.0, 800.0)
        x, y = z * rng.uniform(-0.4, 0.4), z * rng.uniform(-0.2, 0.2)
        radius = 0.012 * z
        at = position + x * right + y * up + z * ahead
        found = magenta_in(paint(canvas, view, ball(at, (radius, radius, radius), MAGENTA)))
        columns, rows = np.meshgrid(np.arange(SIZE[0]) + 0.5, np.arange(SIZE[1]) + 0.5)
        middle = np.array([(found * columns).sum(), (found * rows).sum()]) / found.sum()
        # u = f X / Z on the sensor; 36 mm are the picture's width, and rows count downwards.
        u, v = 0.035 * x / z, 0.035 * y / z
        expected = np.array([0.5 * SIZE[0] + u / 0.036 * SIZE[0], 0.5 * SIZE[1] - v / 0.036 * SIZE[0]])
        worst = max(worst, float(np.abs(middle - expected).max()))
    # A ball off the axis is drawn a little outwards of its middle (an ellipse): less than half a pixel here.
    assert worst < 0.5


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_nearer_hides_farther_whatever_is_drawn_first(canvas, order):
    view = looking((0.0, 1.0, 0.0), Lens(0.035, 0.036, 0.02025)).view(0, ASPECT)
    wall = box((0.0, 900.0, 0.0), (40.0, 1.0, 40.0), (0.0, 1.0, 0.0))
    behind = box((0.0, 901.6, 0.0), (20.0, 0.5, 20.0), MAGENTA)
    before = box((0.0, 898.4, 0.0), (20.0, 0.5, 20.0), MAGENTA)
    for subject, seen in ((behind, False), (before, True)):
        pair = (wall, subject)
        picture = paint(canvas, view, *(pair[k] for k in order))
        assert bool(magenta_in(picture).sum() > 1.0) is seen


def test_up_is_up_and_colours_are_themselves(canvas):
    view = View(np.zeros(3), np.array([[1.0, 0, 0], [0, 0, -1.0], [0, 1.0, 0]]), 0.5, 0.5 / ASPECT)
    high = box((0.0, 10.0, 1.5), (1.0, 1.0, 1.0), (1.0, 0.0, 0.0))
    left = box((-2.0, 10.0, 0.0), (1.0, 1.0, 1.0), (0.0, 0.0, 1.0))
    picture = paint(canvas, view, high, left)
    red = np.argwhere(picture[..., 0] > 200).mean(axis=0)
    blue = np.argwhere(picture[..., 2] > 200).mean(axis=0)
    assert red[0] < SIZE[1] / 2 - 20
    assert red[1] == pytest.approx(SIZE[0] / 2, abs=1.5)
    assert blue[1] < SIZE[0] / 2 - 30
    assert blue[0] == pytest.approx(SIZE[1] / 2, abs=1.5)
