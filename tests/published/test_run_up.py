"""Run-up, drive limits, braking, and the energy lost on a ramp.

Sources: golden numbers T1, T4 to T8 of the physics note on motorcycle, ramp and terrain (its section 1:
energy form of the run-up, longitudinal load transfer, abort distances), computed there with g = 9.81 m/s^2.

Gravity here is 9.80665. Where every force that is not gravity is made smaller by the same factor,
accelerations are smaller by 1/STRETCH, so the same speeds are reached after STRETCH times the time and the
distance: with that the golden numbers are met exactly, not only to 3e-4.
"""

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.interpolate import CubicSpline
from tests.conftest import UniformAir

from precipice.earth import GRAVITY
from precipice.phases.ramp import RampMemory, RampPhase, standing_state
from precipice.phases.run_up import STOPPED, RunUpMemory, RunUpPhase
from precipice.phases.traction import (
    available_drive,
    brake_deceleration,
    drive_limits,
    stopping_distance,
)
from precipice.world.atmosphere import standard_air
from precipice.world.ramp import build_ramp

pytestmark = pytest.mark.published

G_NOTE = 9.81
STRETCH = G_NOTE / GRAVITY
NEVER, ALWAYS = 1e9, -1e9
GEOMETRY = {"wheelbase": 1.485, "rear_axle_to_cg": 0.70, "cg_height": 0.86}


@pytest.fixture(scope="module")
def track(calm, change):
    """A straight, smooth, level, endless track; the rider asks for everything there is."""
    numbers = {
        "run_up.slope": 0.0,
        "run_up.length": 1000.0,
        "run_up.half_width": 1e3,
        "performer.steering_noise": 0.0,
        "plan.acceleration": 1e6,
        "vehicle.front_wheel_inertia": 0.0,
        "vehicle.rear_wheel_inertia": 0.0,
        "vehicle.crank_inertia": 0.0,
        "run_up.rolling_resistance": jnp.zeros(4),
    }
    return change(calm, numbers | {f"vehicle.{name}": value for name, value in GEOMETRY.items()})


def ride(fly, world, t, station, speed, end, brake_time=NEVER, target=1e3):
    end = fly(RunUpPhase, t, [station, speed, 0.0, 0.0], world, RunUpMemory(end, brake_time, target))
    assert bool(end.resolved)
    return float(end.t), float(end.state[0]), float(end.state[1])


def test_constant_power_without_losses_t1(fly, track, change):
    # T1: 29.08 kW on 185 kg, 0 to 20 m/s. The start at 0.5 m/s is on the closed form P t = m v^2/2, whose
    # distance is m v^3/(3 P).
    power, mass = 29.08e3, 185.0
    start = 0.5
    numbers = {
        "vehicle.power": power,
        "vehicle.mass": mass,
        "vehicle.drag_area": 0.0,
        "vehicle.cg_height": 1e-6,
        "run_up.friction": jnp.full(4, 1e6),
        "atmosphere": UniformAir(jnp.asarray(1.225)),
    }
    t0, s0 = 0.5 * mass * start**2 / power, mass * start**3 / (3.0 * power)
    t, _, speed = ride(fly, change(track, numbers), t0, s0, start, 16.96469509399358)
    assert t == pytest.approx(1.2723521320495186, abs=1e-7)
    assert speed == pytest.approx(20.0, abs=1e-7)


def test_drive_and_brake_limits_t4(track):
    limits = drive_limits(track.vehicle, jnp.asarray(0.6), jnp.asarray(G_NOTE))
    golden = {
        "wheelie": 7.984883720930233,
        "traction": 4.768328173374614,
        "stoppie": 8.95447674418605,
        "front_brake": 4.252012383900928,
        "rear_brake": 2.3091004497751126,
        "both_brakes": 5.886,
    }
    for name, expected in golden.items():
        assert float(getattr(limits, name)) == pytest.approx(expected, rel=1e-12), name


@pytest.mark.parametrize(
    ("station", "speed", "time"),
    [(49.4443, 20.0, 4.7821), (82.4787, 25.0, 6.2466), (60.0, 21.8008, 5.2870)],
)
def test_integrated_run_up_t5(fly, track, change, station, speed, time):
    # T5: 188 kg, CdA 0.65 m^2, air 1.2 kg/m^3, rolling 0.03, friction 0.6, 27.626 kW (of the air at hand).
    mass, area, density, rolling, friction = 188.0, 0.65, 1.2, 0.03, 0.6
    numbers = {
        "vehicle.mass": mass,
        "vehicle.drag_area": area / STRETCH,
        "vehicle.power": 27626.0 / STRETCH * 1.225 / density,
        "run_up.rolling_resistance": jnp.full(4, rolling),
        "run_up.friction": jnp.full(4, friction),
        "atmosphere": UniformAir(jnp.asarray(density)),
    }
    # From rest to 0.5 m/s in closed form: dv/dt = a - k v^2 gives v = sqrt(a/k) tanh(sqrt(a k) t). The net
    # acceleration a is T4's traction less rolling.
    a = (4.768328173374614 - rolling * G_NOTE) / STRETCH
    k = 0.5 * density * area / mass / STRETCH
    t0 = np.arctanh(0.5 * np.sqrt(k / a)) / np.sqrt(a * k)
    s0 = -np.log(1.0 - k * 0.25 / a) / (2.0 * k)
    t, _, reached = ride(fly, change(track, numbers), t0, s0, 0.5, station * STRETCH)
    assert t / STRETCH == pytest.approx(time, abs=1e-4)
    assert reached == pytest.approx(speed, abs=1e-4)


def test_engine_loses_power_with_altitude_t5(track):
    # T5: "about 11 % at 1,250 m". US Standard Atmosphere 1976: 1.0846 kg/m^3 there, against 1.2250.
    pressure, temperature = standard_air(jnp.asarray(1250.0))
    ratio = pressure / (287.05287 * temperature) / 1.225
    assert float(ratio) == pytest.approx(1.0846 / 1.2250, abs=2e-4)
    given = [track.vehicle, *(jnp.asarray(x) for x in (185.0, 30.0, 5.0, G_NOTE))]
    loss = 1.0 - available_drive(*given, ratio) / available_drive(*given, jnp.asarray(1.0))
    assert float(loss) == pytest.approx(0.11, abs=0.005)


# T6: distance from the call to standstill, level, constant speed while reacting [m]; columns: friction times
# efficiency and reaction time [s].
ABORT_COLUMNS = [(0.35, 0.75), (0.50, 0.75), (0.60, 0.75), (0.35, 1.5), (0.60, 1.5)]
ABORT_TABLE = {
    10.0: (22.06, 17.69, 15.99, 29.56, 23.49),
    15.0: (44.02, 34.19, 30.36, 55.27, 41.61),
    20.0: (73.25, 55.77, 48.98, 88.25, 63.98),
    25.0: (109.76, 82.46, 71.84, 128.51, 90.59),
    30.0: (153.56, 114.24, 98.95, 176.06, 121.45),
}


@pytest.mark.parametrize("speed", ABORT_TABLE)
def test_abort_table_t6(speed):
    for (grip, reaction), expected in zip(ABORT_COLUMNS, ABORT_TABLE[speed], strict=True):
        values = (speed, grip * G_NOTE, reaction, 0.0, 0.0)
        assert float(stopping_distance(*(jnp.asarray(x) for x in values))) == pytest.approx(
            expected, abs=0.005
        )


@pytest.mark.parametrize(("build_up", "acceleration", "expected"), [(0.0, 4.0, 70.0496), (0.3, 0.0, 58.7563)])
def test_abort_while_accelerating_and_with_build_up_t6(build_up, acceleration, expected):
    values = (20.0, 0.5 * G_NOTE, 0.75, build_up, acceleration)
    assert float(stopping_distance(*(jnp.asarray(x) for x in values))) == pytest.approx(expected, abs=5e-5)


def test_run_up_phase_stops_where_t6_says(fly, track, change):
    # The same case flown: 20 m/s held for 0.75 s, brakes built up over 0.3 s, friction times efficiency 0.5.
    # The leg ends at STOPPED; what is left from there is v^2/(2 d).
    numbers = {
        "run_up.friction": jnp.full(4, 0.5 * STRETCH / 0.7),
        "performer.braking_efficiency": 0.7,
        "performer.brake_build_up": 0.3,
        "vehicle.drag_area": 0.0,
    }
    _, station, _ = ride(fly, change(track, numbers), 0.0, 0.0, 20.0, 1e3, brake_time=0.75, target=20.0)
    left = STOPPED**2 / (2.0 * 0.5 * G_NOTE)
    assert station + left == pytest.approx(58.7563, abs=1e-4)


@pytest.mark.parametrize(("friction", "expected"), [(0.5, 25.1117), (0.2, 38.4697)])
def test_braking_up_a_slope_t7(fly, track, change, friction, expected):
    # T7: 20 m/s up 20 degrees. Gravity and friction both scale with g, so distances scale with 1/g.
    numbers = {
        "run_up.slope": np.deg2rad(20.0),
        "run_up.friction": jnp.full(4, friction),
        "performer.braking_efficiency": 1.0,
        "performer.brake_build_up": 1e-9,
        "vehicle.drag_area": 0.0,
    }
    _, station, _ = ride(fly, change(track, numbers), 0.0, 0.0, 20.0, 1e3, brake_time=ALWAYS)
    left = expected * (STOPPED / 20.0) ** 2
    assert (station + left) / STRETCH == pytest.approx(expected, abs=1e-4)


def test_brakes_hold_on_a_slope_where_t7_says(track):
    # T7: on 20 degrees a stopped motorcycle stays only with friction of at least 0.36397: there the brakes
    # give as much as gravity takes. The stunt ends at standstill; sliding back is not flown.
    load, pull = GRAVITY * jnp.cos(jnp.deg2rad(20.0)), GRAVITY * np.sin(np.deg2rad(20.0))
    held = [
        float(brake_deceleration(track.vehicle, jnp.asarray(mu), load, jnp.asarray(1.0))) - pull
        for mu in (0.36397 - 1e-4, 0.36397023426620234, 0.36397 + 1e-4)
    ]
    assert held[0] < 0.0 < held[2]
    assert held[1] == pytest.approx(0.0, abs=1e-12)


@pytest.fixture(scope="module")
def small_rider(calm, change):
    """A motorcycle so small and stiff that its centre of mass all but touches the ramp; no air."""
    stiff = {"front_stiffness": 1e7, "rear_stiffness": 1e7, "front_damping": 6e4, "rear_damping": 6e4}
    small = {"wheelbase": 0.2, "rear_axle_to_cg": 0.1, "cg_height": 0.02, "pitch_inertia": 1.85}
    numbers = {f"vehicle.{name}": value for name, value in (stiff | small).items()}
    masses = {"vehicle.mass": 185.0, "vehicle.drag_area": 0.0}
    return change(calm, numbers | masses)


def up_the_ramp(fly, change, world, radius, angle, speed, rolling):
    """Return the kept steps of a coasting ride, from the foot until the front wheel passes the lip."""
    values = (0.0, angle, radius, 0.0, 100.0, 0.7, rolling)
    world = change(world, {"ramp": build_ramp(*(jnp.asarray(x) for x in values))})
    memory = RampMemory(1.0, NEVER, 0.0, 0.0, 0.0)
    end = fly(RampPhase, 0.0, standing_state(world, jnp.asarray(speed)), world, memory, max_steps=4096)
    assert bool(end.resolved)
    kept = np.isfinite(end.times)
    record = end.records
    place, motion = np.asarray(record.position)[kept], np.asarray(record.velocity)[kept]
    from_foot = np.array([world.ramp.base, world.ramp.height])
    bearing = float(world.run_up.bearing)
    forward = place @ np.array([np.sin(bearing), np.cos(bearing), 0.0])
    return np.stack([forward, place[:, 2]], axis=1) + from_foot, np.linalg.norm(motion, axis=1), record, kept


def test_speed_lost_to_height_t8(fly, small_rider, change):
    # T8: 17 m/s at the foot leave 15.137999 m/s after 3.05 m of height, without friction and with g = 9.81.
    place, speed, _, _ = up_the_ramp(fly, change, small_rider, 13.04, np.deg2rad(42.0), 17.0, 0.0)
    rise = place[:, 1] - place[0, 1]
    squared = np.interp(3.05, rise, speed**2)
    expected = 17.0**2 - (17.0**2 - 15.13799854670359**2) / STRETCH
    assert np.sqrt(squared) == pytest.approx(np.sqrt(expected), abs=2e-3)


def test_speed_lost_to_rolling_resistance_t8(fly, small_rider, change):
    # T8: over an arc of 30 degrees a rolling resistance of 0.03 leaves exp(-0.03 pi/6) = 0.984415 of the
    # speed if there were no gravity. With gravity, u = v^2 obeys du/da + 2 c u = -2 g R (sin a + c cos a), so
    # u e^(2 c a) = v0^2 - 2 g R I(a), I = [e^(2 c a) (3 c sin a - (1 - 2 c^2) cos a)/(1 + 4 c^2)] from 0 to
    # a.
    c, radius, arc, factor = 0.03, 22.765, np.pi / 6.0, 0.9844147633517137
    place, speed, _, _ = up_the_ramp(fly, change, small_rider, radius, np.deg2rad(34.0), 17.0, c)

    def antiderivative(a):
        return np.exp(2 * c * a) * (3 * c * np.sin(a) - (1 - 2 * c**2) * np.cos(a)) / (1 + 4 * c**2)

    expected = factor * np.sqrt(17.0**2 - 2 * GRAVITY * radius * (antiderivative(arc) - antiderivative(0.0)))
    # The centre of mass is cg_height nearer to the centre of the arc than the tyres are.
    reached = CubicSpline(place[:, 0], speed)((radius - 0.02) * np.sin(arc))
    assert reached == pytest.approx(expected, abs=3e-3)
    # Without rolling resistance it would be faster by far more than that tolerance.
    assert np.sqrt(17.0**2 - 2 * GRAVITY * radius * (1 - np.cos(arc))) > expected + 0.2
