"""Flights over level distance, and the speed that reaches a point.

Sources: golden numbers T15 (vector row), T18 and T19 of the physics note on motorcycle, ramp and terrain,
with g = 9.81 m/s^2 (same speeds; lengths and times here larger by STRETCH, drag smaller by it); and an
independent integration over time.
"""

import jax.numpy as jnp
import numpy as np
import pytest
from tests.planning.independent import by_component, jump, jump_to

from precipice.earth import GRAVITY
from precipice.planning.flight import fly_over, fly_through

pytestmark = pytest.mark.published

STRETCH = 9.81 / GRAVITY
SKIER = 0.85 * 0.34 * 0.821 / (2.0 * 75.0)


def numbers(*values):
    return tuple(jnp.asarray(float(value)) for value in values)


def test_flight_of_t15_with_drag_along_the_velocity():
    angle = np.deg2rad(25.0)
    found = fly_over(*numbers(10.667856, 16.936572 * STRETCH, angle, SKIER / STRETCH))
    assert float(found.time) / STRETCH == pytest.approx(1.777578, abs=1e-6)
    assert float(found.up) / STRETCH == pytest.approx(-7.44237, abs=1e-5)
    assert float(found.speed) == pytest.approx(15.83699, abs=1e-5)
    assert np.rad2deg(float(found.path_angle)) == pytest.approx(-53.7544, abs=1e-4)


def test_drag_by_component_is_another_law():
    # T15 as the package computes it: the flight is 15 mm higher there, and 0.05 m/s faster.
    up, east, rise, time = jump(10.667856, np.deg2rad(25.0), SKIER, 16.936572, by_component, 9.81)
    assert (time, up, np.hypot(east, rise)) == pytest.approx((1.775428, -7.42722, 15.88751), abs=1e-5)
    ours = fly_over(*numbers(10.667856, 16.936572 * STRETCH, np.deg2rad(25.0), SKIER / STRETCH))
    assert np.hypot(east, rise) - float(ours.speed) == pytest.approx(0.0505, abs=1e-3)


@pytest.mark.parametrize(
    ("speed", "degrees", "reach", "time"),
    [(15.0, 25.0, 17.5698, 1.2924), (20.0, 30.0, 35.3119, 2.0387), (30.0, 25.0, 70.2793, 2.5848)],
)
def test_vacuum_t18(speed, degrees, reach, time):
    found = fly_through(*numbers(reach * STRETCH, 0.0, np.deg2rad(degrees), 0.0))
    assert float(found.takeoff_speed) == pytest.approx(speed, rel=3e-6)
    assert float(found.time) / STRETCH == pytest.approx(time, abs=6e-5)


GAP = {
    25.0: (17.11, 17.38),
    30.0: (16.09, 16.35),
    35.0: (15.45, 15.70),
    40.0: (15.09, 15.35),
    45.0: (14.98, 15.24),
}


@pytest.mark.parametrize("degrees", GAP)
def test_speeds_for_a_level_gap_of_75_ft_t19(degrees):
    for speed, drag in zip(GAP[degrees], (0.0, 1.2 * 0.6 / (2.0 * 185.0)), strict=True):
        found = fly_through(*numbers(22.86 * STRETCH, 0.0, np.deg2rad(degrees), drag / STRETCH))
        assert float(found.takeoff_speed) == pytest.approx(speed, abs=0.006)


@pytest.mark.parametrize(
    ("feet", "degrees", "speed", "time"), [(80.0, 20.0, 19.29, 1.35), (70.0, 30.0, 15.55, 1.58)]
)
def test_table_tops_of_70_and_80_ft_t19(feet, degrees, speed, time):
    found = fly_through(*numbers(0.3048 * feet * STRETCH, 0.0, np.deg2rad(degrees), 0.0))
    assert float(found.takeoff_speed) == pytest.approx(speed, abs=0.006)
    assert float(found.time) / STRETCH == pytest.approx(time, abs=0.006)


CASES = [
    (3.0, 25.0, 0.002, 2.0),
    (16.0, 25.0, 0.0022, 24.0),
    (30.0, -10.0, 0.002, 40.0),
    (38.0, 40.0, 0.003, 110.0),
]


@pytest.mark.parametrize(("speed", "degrees", "drag", "distance"), CASES)
def test_against_an_integration_over_time(speed, degrees, drag, distance):
    angle = np.deg2rad(degrees)
    up, east, rise, time = jump(speed, angle, drag, distance)
    found = fly_over(*numbers(speed, distance, angle, drag))
    allowed = 1e-8 * distance
    assert float(found.up) == pytest.approx(up, abs=allowed)
    assert float(found.time) == pytest.approx(time, abs=1e-8)
    assert float(found.speed) == pytest.approx(np.hypot(east, rise), abs=1e-6)
    assert float(found.path_angle) == pytest.approx(np.arctan2(rise, east), abs=1e-7)
    back = fly_through(*numbers(distance, up, angle, drag))
    assert float(back.takeoff_speed) == pytest.approx(speed, rel=1e-7)


def test_points_that_no_speed_reaches():
    assert np.isnan(float(fly_through(*numbers(10.0, 10.0 * np.tan(0.4), 0.4, 0.002)).takeoff_speed))
    assert np.isnan(float(fly_through(*numbers(10.0, 9.0, 0.4, 0.002)).takeoff_speed))
    just_below = fly_through(*numbers(10.0, 10.0 * np.tan(0.4) - 0.001, 0.4, 0.002))
    # Nearly straight, so nearly all of the drag's loss is on the way: v = v0 exp(-drag s).
    lost = float(just_below.speed) / float(just_below.takeoff_speed)
    assert lost == pytest.approx(np.exp(-0.002 * 10.0 / np.cos(0.4)), rel=2e-4)


def test_independent_speed_to_a_point_agrees():
    speed, _ = jump_to(22.0, -3.0, np.deg2rad(25.0), 0.0022)
    found = fly_through(*numbers(22.0, -3.0, np.deg2rad(25.0), 0.0022))
    assert float(found.takeoff_speed) == pytest.approx(speed, rel=1e-9)
