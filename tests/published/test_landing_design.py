"""Surfaces of one equivalent fall height.

Sources: golden numbers T13 to T17 of the physics note on motorcycle, ramp and terrain; skijumpdesign 1.4.0
(Moore and Hubbard 2018, MIT), its tests and its output for three designs. g = 9.81 m/s^2 there: with the same
speeds lengths are larger here by STRETCH, drag smaller.

That package takes drag by component, -k u|u| and -k w|w|. Only these tests do so too, to show that the rest
of its design is met; with drag along the velocity the same designs differ by what `test_t14_along` says.
"""

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.optimize import brentq

from precipice.earth import GRAVITY
from precipice.errors import InputError
from precipice.planning.flight import along_velocity
from precipice.planning.ground import Slope
from precipice.planning.landing_design import (
    LandingCase,
    area_between,
    design_flight,
    design_landing,
    largest_fall_height,
)
from precipice.planning.landing_judgement import judge_surface
from precipice.planning.takeoff_design import design_takeoff

pytestmark = pytest.mark.published

STRETCH = 9.81 / GRAVITY
SKIER = 0.85 * 0.34 * 0.821 / (2.0 * 75.0)


def by_component(state, drag):
    """Drag by component over level distance; state as in precipice.planning.flight."""
    rise, inverse = state[1], state[2]
    bend = -GRAVITY * inverse - drag * rise * jnp.abs(rise) + drag * rise
    return jnp.stack([rise, bend, 2.0 * drag * inverse, jnp.sqrt(inverse)])


class Design:
    """Output of skijumpdesign 1.4.0 for make_jump(slope, 0, approach, lip angle, fall height), SI."""

    def __init__(self, slope, angle, height, lip, start, entry, speed, time, reach, apex, snow, transition):
        self.slope, self.angle, self.height = np.deg2rad(slope), np.deg2rad(angle), height
        self.lip, self.start, self.entry, self.speed = np.array(lip), np.array(start), entry, speed
        self.time, self.reach, self.apex, self.snow = time, reach, apex, snow
        self.transition = np.array(transition)

    def ground(self):
        below = self.lip[0] * np.tan(self.slope) - self.lip[1]
        return Slope(below * STRETCH, self.slope)

    def case(self, rates, **changed):
        given = {"fall_height": self.height * STRETCH, **changed}
        return LandingCase(
            lip_angle=self.angle,
            speed=self.speed,
            drag=SKIER / STRETCH,
            ground=self.ground(),
            rates=rates,
            **given,
        )


T14 = {
    "(-15, 0, 40, 25, 0.5)": Design(
        -15, 25, 0.5, (49.2443282, -8.4080071), (38.6370331, -10.3527618), 13.0181123, 10.667856,
        1.775428, 16.936572, 1.516238, 101.230007, (66.1808999, -15.8351505),
    ),
    "(-10, 0, 50, 20, 1.5)": Design(
        -10, 20, 1.5, (56.3800626, -7.3632016), (49.2403877, -8.6824089), 11.4355517, 9.716794,
        1.334329, 12.067583, 2.306884, 21.283729, (68.4477133, -11.6520999),
    ),
    "(-15, 0, 30, 10, 0.5)": Design(
        -15, 10, 0.5, (35.5626969, -7.4461603), (28.9777748, -7.7645714), 11.3608539, 10.640160,
        1.190193, 12.350036, 0.922788, 26.928548, (47.9127296, -12.1829975),
    ),
}  # fmt: skip


@pytest.fixture(scope="module", params=T14)
def published(request):
    return T14[request.param]


@pytest.fixture(scope="module")
def built(published):
    return design_landing(published.case(by_component))


def test_vacuum_surface_t13():
    # Any surface of the family: here the one through (30, -6), with the golden heights of five places.
    angle, height = np.deg2rad(20.0), 1.0

    def slope(x, y):
        inverse = 2.0 * (x * np.tan(angle) - y) / (GRAVITY * x**2)
        rise = np.tan(angle) - GRAVITY * inverse * x
        speed = np.sqrt((1.0 + rise**2) / inverse)
        return np.arctan(rise) + np.arcsin(np.sqrt(2.0 * GRAVITY * height * STRETCH) / speed)

    golden = {25: -3.919318, 20: -2.308718, 15: -1.188523, 10: -0.581581, 5: -0.513492}
    x = np.array(sorted([*golden, 30]), float) * STRETCH
    y = np.array([-0.513492, -0.581581, -1.188523, -2.308718, -3.919318, -6.0]) * STRETCH
    # The judge finds one fall height at all of them, on the slope that the differential equation asks for.
    judged = judge_surface(x, y, slope(x, y), angle, 0.0)
    np.testing.assert_allclose(judged.fall_height / STRETCH, 1.0, rtol=1e-6)


def test_vacuum_design_t13():
    # The designer's own surface, ending where the golden one does: the same family, so the same curve.
    angle = np.deg2rad(20.0)
    end = np.array([30.0, -6.0]) * STRETCH
    inverse = 2.0 * (end[0] * np.tan(angle) - end[1]) / (GRAVITY * end[0] ** 2)
    speed = 1.0 / (np.sqrt(inverse) * np.cos(angle))

    def apart(below):
        case = LandingCase(angle, float(speed), 1.0 * STRETCH, 0.0, Slope(-below, 0.0), most_load=50.0)
        return design_landing(case)

    # A transition may be as sharp as 50 g, so the surface ends close to the ground; put the ground there.
    below = brentq(lambda b: apart(b).surface[-1, 0] - end[0], 6.01 * STRETCH, 7.5 * STRETCH, xtol=1e-7)
    surface = apart(below).surface
    for x, y in {25: -3.919318, 20: -2.308718, 15: -1.188523, 10: -0.581581, 5: -0.513492}.items():
        assert np.interp(x * STRETCH, *surface.T) / STRETCH == pytest.approx(y, abs=2e-5)


def test_t14_flight_and_transition(published, built):
    # The package looks for the transition to 1e-3 g, which moves it by up to 5 mm.
    place = built.surface[-1] / STRETCH
    np.testing.assert_allclose(place + published.lip, published.transition, atol=6e-3)
    assert built.judgement.time[-1] / STRETCH == pytest.approx(published.time, abs=6e-4)
    assert place[0] == pytest.approx(published.reach, abs=6e-3)
    assert built.load == pytest.approx(3.0, abs=1e-5)


def test_t14_height_above_the_surface():
    """1.516238 m is not above the apex: the package's interpolation over slopes looks 0.15 m beyond it.

    Its own flight is highest 4.42383 m out, 1.49324 m above its own surface.
    """
    design = design_landing(T14["(-15, 0, 40, 25, 0.5)"].case(by_component))
    for distance, height in ((4.42383366, 1.49324), (4.56945142, 1.516238)):
        up = design_flight(design.case, distance * STRETCH)[0]
        above = up - np.interp(distance * STRETCH, *design.surface.T)
        assert above / STRETCH == pytest.approx(height, abs=1e-3)
    assert design_flight(design.case, 4.42383366 * STRETCH)[2] == pytest.approx(0.0, abs=1e-3)


def test_t14_snow(published, built):
    takeoff = design_takeoff(published.speed, published.angle, published.slope, entry_speed=published.entry)
    # Its straight end is 0.25 s at a speed with friction, ours without: centimetres.
    rise = (published.lip - published.start) * STRETCH
    np.testing.assert_allclose(-takeoff.points[0], rise, atol=0.03)
    ground = built.case.ground
    # The package's transition ends after three characteristic distances.
    until = built.transition[:, 0] <= built.surface[-1, 0] + 3.0 * built.characteristic
    whole = np.concatenate([takeoff.points, built.surface, built.transition[until]])
    area = area_between(whole, ground) / STRETCH**2
    assert area == pytest.approx(published.snow, rel=6e-3)


def test_t14_along(published):
    # Drag along the velocity: up to two centimetres at the surface's end, half a percent of the material.
    ours, theirs = (design_landing(published.case(rates)) for rates in (along_velocity, by_component))
    assert 1e-3 < np.hypot(*(ours.surface[-1] - theirs.surface[-1])) < 0.03
    assert ours.fill == pytest.approx(theirs.fill, rel=5e-3)
    assert ours.fill != theirs.fill


def test_t15_landing_slope_is_that_of_the_vector_row():
    golden = T14["(-15, 0, 40, 25, 0.5)"]
    x, y = 16.936572 * STRETCH, -7.44237 * STRETCH
    slope = np.deg2rad(-42.3478)
    judged = judge_surface(np.array([x]), np.array([y]), np.array([slope]), golden.angle, SKIER / STRETCH)
    assert judged.fall_height[0] / STRETCH == pytest.approx(0.5, abs=2e-5)
    assert judged.takeoff_speed[0] == pytest.approx(10.667856, abs=1e-5)
    component = judge_surface(
        np.array([x]), np.array([-7.42722 * STRETCH]), np.array([np.deg2rad(-42.298)]), golden.angle,
        SKIER / STRETCH, by_component,
    )  # fmt: skip
    assert component.fall_height[0] / STRETCH == pytest.approx(0.5, abs=2e-5)


T16_SPEEDS = {2: 1.2356876, 3: 1.76885108, 4: 2.24964887, 5: 2.69168606, 20: 6.51082732, 40: 8.60226895,
              60: 9.74202917, 80: 10.51674639, 84: 10.64642594}  # fmt: skip
"""Takeoff speeds of the package's own test, by their number; one each 0.2 m from the lip."""


def test_t16_takeoff_speeds_along_the_surface():
    design = design_landing(T14["(-15, 0, 40, 25, 0.5)"].case(by_component))
    x = 0.2 * STRETCH * np.array(list(T16_SPEEDS))
    y = np.interp(x, *design.surface.T)
    judged = judge_surface(x, y, np.zeros_like(x), design.case.lip_angle, design.case.drag, by_component)
    np.testing.assert_allclose(judged.takeoff_speed, list(T16_SPEEDS.values()), rtol=2e-3)


def test_t16_fall_height_along_what_ships():
    design = design_landing(T14["(-15, 0, 40, 25, 0.5)"].case(along_velocity))
    judged = design.judgement
    held = judged.distance > design.free_to + 0.1
    np.testing.assert_allclose(judged.fall_height[held] / STRETCH, 0.5, atol=3e-4)
    # Before it the whole speed is less than the fall height, whatever the slope.
    assert np.all(judged.fall_height[~held] / STRETCH < 0.5003)


def test_t16_from_a_higher_lip():
    # The package's test again: the same surface from a lip 2 m farther and 2 m above the surface's start.
    design = design_landing(T14["(-15, 0, 40, 25, 0.5)"].case(by_component))
    # The package's surface starts 0.5011 m below its lip.
    lip = np.array([2.0, 2.0 - 0.5011]) * STRETCH
    x = design.surface[:, 0]
    beyond = x > lip[0] + 0.01
    slope = np.arctan(np.gradient(design.surface[:, 1], x))[beyond]
    judged = judge_surface(
        x[beyond] - lip[0], design.surface[beyond, 1] - lip[1], slope, design.case.lip_angle,
        design.case.drag, by_component,
    )  # fmt: skip
    golden = {1: 1.78401272, 10: 1.72865671, 30: 1.48906131, 50: 1.27717301, 74: 1.09629121}
    for row, height in golden.items():
        found = np.interp(0.2 * row * STRETCH, judged.distance, judged.fall_height) / STRETCH
        assert found == pytest.approx(height, rel=5e-3)


def test_t17_no_fall_height_is_refused():
    design = T14["(-15, 0, 40, 25, 0.5)"]
    for height in (0.0, -0.5):
        with pytest.raises(InputError, match="fall height must be above zero"):
            design_landing(design.case(along_velocity, fall_height=height))


def test_t17_a_lip_under_the_ground_is_refused():
    with pytest.raises(InputError, match="lip must be above the ground"):
        design_landing(LandingCase(0.4, 15.0, 0.5, 0.002, Slope(0.1, -0.2)))


def test_t17_too_large():
    # make_jump(-10, 0, 30, 20, 2.0): 30 m of start at -10 degrees. Its lip lies some 1.4 m above the slope.
    speed = np.sqrt(
        2.0 * GRAVITY * 30.0 * STRETCH * (np.sin(np.deg2rad(10.0)) - 0.03 * np.cos(np.deg2rad(10.0)))
    )
    takeoff = design_takeoff(0.85 * speed, np.deg2rad(20.0), np.deg2rad(-10.0), entry_speed=float(speed))
    below = takeoff.points[0, 1] - takeoff.points[0, 0] * np.tan(np.deg2rad(-10.0))
    case = LandingCase(
        np.deg2rad(20.0), float(0.85 * speed), 2.0 * STRETCH, SKIER / STRETCH, Slope(below, np.deg2rad(-10.0))
    )
    with pytest.raises(InputError, match="too large"):
        design_landing(case)
    most = largest_fall_height(case)
    assert 0.5 < most / STRETCH < 2.0


@pytest.mark.parametrize(
    ("length", "degrees", "correct", "no_drag"),
    [(20.0, 20.0, 10.9239038, 11.0971457), (40.0, 15.0, 13.016646, None)],
)
def test_slide_t2_t3(fly, calm, change, length, degrees, correct, no_drag):
    """Straight start on skis: v^2 = (a/k)(1 - exp(-2 k s)), friction from the cosine of the slope.

    The package prints 10.92727 and 13.01811: cos(tan(slope)) in its friction, and a solver at 1e-3.
    """
    from tests.conftest import UniformAir

    from precipice.phases.run_up import STOPPED, RunUpMemory, RunUpPhase

    numbers = {
        "run_up.slope": -np.deg2rad(degrees),
        "run_up.length": 1000.0,
        "run_up.half_width": 1e3,
        "run_up.rolling_resistance": jnp.full(4, 0.03),
        "performer.steering_noise": 0.0,
        "performer.braking_efficiency": 0.0,
        "vehicle.mass": 75.0,
        "vehicle.front_wheel_inertia": 0.0,
        "vehicle.rear_wheel_inertia": 0.0,
        "vehicle.crank_inertia": 0.0,
        "atmosphere": UniformAir(jnp.asarray(0.85 / STRETCH)),
        "vehicle.drag_area": 0.34 * 0.821,
    }
    start = 1.01 * STOPPED
    for air, golden in ((0.85 / STRETCH, correct), (0.0, no_drag)):
        if golden is None:
            continue
        world = change(calm, {**numbers, "atmosphere": UniformAir(jnp.asarray(air))})
        memory = RunUpMemory(length * STRETCH, -1e9, 1e3)
        end = fly(RunUpPhase, 0.0, [0.0, start, 0.0, 0.0], world, memory)
        assert bool(end.resolved)
        # The leg needs some speed at its start, which drag takes away as it takes the rest.
        left = start * np.exp(-air * 0.34 * 0.821 / (2.0 * 75.0) * length * STRETCH)
        assert float(end.state[1]) == pytest.approx(np.hypot(golden, left), rel=2e-6)
    assert abs(correct - {20.0: 10.92727081, 40.0: 13.01811}[length]) > 1e-3
