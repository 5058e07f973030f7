"""A designed landing, checked by an integration that shares nothing with it."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.interpolate import CubicSpline
from tests.planning.independent import GRAVITY, jump, jump_to

from precipice.errors import InputError
from precipice.planning.ground import Profile, Slope
from precipice.planning.landing_design import LandingCase, area_between, design_landing
from precipice.planning.landing_judgement import judge_surface
from precipice.planning.takeoff_design import design_takeoff

DRAG = 1.19 * 0.65 / (2.0 * 185.0)
CASE = LandingCase(np.deg2rad(25.0), 18.0, 0.5, DRAG, Slope(-1.83, 0.0))


@pytest.fixture(scope="module", params=["level", "downhill", "surveyed"])
def design(request):
    x = np.linspace(-5.0, 90.0, 60)
    grounds = {
        "level": CASE.ground,
        "downhill": Slope(-2.5, -np.deg2rad(12.0)),
        "surveyed": Profile(np.column_stack([x, -2.0 - 0.1 * x - 0.002 * x**2])),
    }
    return design_landing(replace(CASE, ground=grounds[request.param]))


def test_every_landing_is_equally_hard(design):
    """Independent flights onto the surface's own points, slope by a spline through them."""
    points = design.surface[design.surface[:, 0] > design.free_to + 0.05]
    spline = CubicSpline(*points.T)
    for x in np.linspace(points[3, 0], points[-3, 0], 9):
        speed, (_, east, rise, _) = jump_to(x, float(spline(x)), CASE.lip_angle, DRAG)
        slope = np.arctan(spline(x, 1))
        into = rise * np.cos(slope) - east * np.sin(slope)
        assert into**2 / (2.0 * GRAVITY) == pytest.approx(0.5, rel=2e-4)
        assert speed < CASE.speed


def test_it_ends_where_the_fastest_lands(design):
    end = design.surface[-1]
    assert jump(CASE.speed, CASE.lip_angle, DRAG, end[0])[0] == pytest.approx(end[1], abs=1e-7)


def test_the_transition_presses_no_harder_than_allowed(design):
    """Curvature by a spline through its points, speed that of the fastest landing."""
    x, y = design.transition.T
    spline = CubicSpline(x, y)
    rise, bend = spline(x, 1), spline(x, 2)
    _, east, up, _ = jump(CASE.speed, CASE.lip_angle, DRAG, design.surface[-1, 0])
    load = bend / (1.0 + rise**2) ** 1.5 * (east**2 + up**2) / GRAVITY + 1.0 / np.sqrt(1.0 + rise**2)
    inner = load[2:-2]
    assert inner.max() == pytest.approx(3.0, abs=0.03)
    assert design.load == pytest.approx(3.0, abs=1e-6)


def test_the_transition_leaves_without_a_kink_and_meets_the_ground(design):
    before = np.diff(design.surface[-3:], axis=0)[-1]
    after = np.diff(design.transition[:2], axis=0)[0]
    assert np.arctan2(*before[::-1]) == pytest.approx(np.arctan2(*after[::-1]), abs=0.02)
    end = design.transition[-1]
    assert end[1] - float(design.case.ground.height(end[0])) == pytest.approx(0.01, abs=2e-3)


def test_a_sharper_transition_is_cheaper_and_a_gentler_one_dearer():
    fills = [design_landing(replace(CASE, most_load=load)).fill for load in (2.5, 3.0, 4.0)]
    assert fills[0] > fills[1] > fills[2]


def test_softer_or_faster_takes_more():
    fill = design_landing(CASE).fill
    assert design_landing(replace(CASE, fall_height=0.3)).fill > fill
    assert design_landing(replace(CASE, speed=19.0)).fill > fill


def test_slow_flights_may_be_left_out():
    whole = design_landing(CASE)
    part = design_landing(replace(CASE, slowest=12.0))
    first = part.surface[0]
    speed, _ = jump_to(*first, CASE.lip_angle, DRAG)
    assert speed == pytest.approx(12.0, abs=2e-3)
    assert np.interp(first[0], *whole.surface.T) == pytest.approx(first[1], abs=1e-5)
    assert part.fill < whole.fill


def test_area_of_a_triangle():
    wedge = np.array([[0.0, -2.0], [5.0, 0.0], [10.0, -2.0]])
    assert area_between(wedge, Slope(-2.0, 0.0)) == pytest.approx(10.0)


def test_what_cannot_be_built_is_said():
    for change, words in (
        ({"ground": Slope(-1.0, 0.6)}, "point up from the ground"),
        ({"slowest": 18.0}, "faster than the slowest"),
        ({"fall_height": 3.0}, "too large"),
        ({"most_load": 0.5}, "no more than 0.5 g"),
        ({"ground": Profile(np.array([[0.0, -2.0], [10.0, -2.0]]))}, "ends 10 m from the lip"),
    ):
        with pytest.raises(InputError, match=words):
            design_landing(replace(CASE, **change))


def test_a_slower_flight_hits_what_stands_before():
    # A wall of 1 m at 10 m: what lies behind it is reached only by flights above its top.
    x = np.linspace(1.0, 20.0, 400)
    up = np.where((x > 10.0) & (x < 10.5), 1.0, -1.0)
    judged = judge_surface(x, up, np.zeros_like(x), CASE.lip_angle, DRAG)
    over, _ = jump_to(10.48, 1.0, CASE.lip_angle, DRAG)
    behind = judged.takeoff_speed[x > 10.5]
    assert np.isnan(behind[0])
    assert np.nanmin(behind) == pytest.approx(over, abs=0.05)
    assert judged.at_speed(100.0) is None
    assert judged.worst(50.0) is None


def test_takeoff_presses_no_harder_than_allowed():
    """Curvature from its points; the straight end is ridden for a quarter of a second at its first speed."""
    takeoff = design_takeoff(15.0, np.deg2rad(25.0), np.deg2rad(-10.0))
    spline_way = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(takeoff.points, axis=0).T))])
    bend = np.diff(takeoff.slope) / np.diff(spline_way)
    entry = np.sqrt(15.0**2 + 2.0 * GRAVITY * takeoff.rise)
    assert bend.max() * entry**2 / GRAVITY == pytest.approx(1.5, rel=1e-3)
    assert np.rad2deg(takeoff.slope[[0, -1]]) == pytest.approx([-10.0, 25.0], abs=1e-9)
    # Slope and points belong together.
    steps = np.diff(takeoff.points, axis=0)
    middle = 0.5 * (takeoff.slope[1:] + takeoff.slope[:-1])
    np.testing.assert_allclose(np.arctan2(steps[:, 1], steps[:, 0]), middle, atol=1e-3)
    first = np.sqrt(15.0**2 + 2.0 * GRAVITY * takeoff.straight * np.sin(np.deg2rad(25.0)))
    assert takeoff.straight / first == pytest.approx(0.25, rel=1e-6)
    with pytest.raises(InputError, match="point up from the run-up"):
        design_takeoff(15.0, -0.2, 0.0)
