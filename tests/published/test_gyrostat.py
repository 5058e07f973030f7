"""A motorcycle in the air with spinning wheels: a gyrostat.

Source: golden numbers T21 of the physics note on motorcycle, ramp and terrain; the laws are textbook (Hughes
1986, Spacecraft Attitude Dynamics, ch. 3): with wheel momentum H along body left and equal inertias I about
the other axes, the transverse rate turns at H/I; total angular momentum and kinetic energy stay.
"""

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from tests.conftest import UniformAir

from precipice.frames import attitude_from_bearing
from precipice.phases.flight import FlightMemory, FlightPhase

pytestmark = pytest.mark.published

MOMENTUM, TRANSVERSE, PRECESSION = 80.0, 16.0, 5.0


@pytest.fixture(scope="module")
def spinning(calm, change):
    """A vacuum; both wheels and no crank give 80 N m s at a wheel speed of 20 m/s and 0.34 m of radius."""
    numbers = {
        "atmosphere": UniformAir(jnp.asarray(0.0)),
        "vehicle.crank_inertia": 0.0,
        "vehicle.wheel_radius": 0.34,
        "vehicle.front_wheel_inertia": 0.60,
        "vehicle.rear_wheel_inertia": MOMENTUM * 0.34 / 20.0 - 0.60,
    }
    return change(calm, numbers)


def with_inertia(change, world, roll, pitch, yaw):
    names = ("roll_inertia", "pitch_inertia", "yaw_inertia")
    return change(world, {f"vehicle.{n}": v for n, v in zip(names, (roll, pitch, yaw), strict=True)})


def spun(fly, world, spin, time):
    state = jnp.concatenate(
        [
            jnp.array([0.0, 0.0, 0.0, 20.0, 0.0, 5.0]),
            attitude_from_bearing(jnp.asarray(1.0), jnp.asarray(0.2)),
            jnp.asarray(spin),
        ]
    )
    end = fly(FlightPhase, 0.0, state, world, FlightMemory(time, 20.0))
    assert bool(end.resolved)
    return state, end


def test_transverse_rate_turns_at_five_rad_per_second_t21(fly, spinning, change):
    world = with_inertia(change, spinning, TRANSVERSE, 50.0, TRANSVERSE)
    # Without spin of the body about the wheels' axis: roll' = (H/I) yaw, yaw' = -(H/I) roll.
    for turns in (0.125, 0.25, 1.0, 4.0):
        _, end = spun(fly, world, [0.3, 0.0, 0.0], turns * 2.0 * np.pi / PRECESSION)
        angle = turns * 2.0 * np.pi
        np.testing.assert_allclose(
            end.state[10:13], [0.3 * np.cos(angle), 0.0, -0.3 * np.sin(angle)], atol=1e-8
        )


def test_angular_momentum_and_energy_stay_t21(fly, spinning, change):
    inertia = np.array([26.0, 50.0, 31.0])
    world = with_inertia(change, spinning, *inertia)
    begin, end = spun(fly, world, [0.5, -1.2, 0.8], 2.0)

    def momentum_and_energy(state):
        state = np.asarray(state)
        rate = state[10:13]
        body = inertia * rate + [0.0, MOMENTUM, 0.0]
        return Rotation.from_quat(state[6:10], scalar_first=True).apply(body), 0.5 * rate @ (inertia * rate)

    (before, energy), (after, left) = momentum_and_energy(begin), momentum_and_energy(end.state)
    assert np.linalg.norm(after) == pytest.approx(np.linalg.norm(before), rel=1e-9)
    np.testing.assert_allclose(after, before, rtol=0.0, atol=1e-9 * np.linalg.norm(before))
    assert left == pytest.approx(energy, rel=1e-9)
    # It did turn meanwhile: nothing here holds because nothing happens.
    assert np.linalg.norm(np.asarray(end.state[10:13]) - begin[10:13]) > 0.5


def test_momentum_of_a_braked_rear_wheel_t21(spinning, change):
    # T21: locking the rear wheel (0.75 kg m^2, 0.34 m) at 20 m/s turns the ridden motorcycle (50 kg m^2) nose
    # down by 0.8693 rad/s, since its 44.1 N m s then belong to 50.75 kg m^2; alone (22 kg m^2) by 1.94 rad/s.
    # The flight takes the wheels' speed constant, so the rider cannot do that there.
    world = change(spinning, {"vehicle.front_wheel_inertia": 0.0, "vehicle.rear_wheel_inertia": 0.75})
    momentum = float(world.vehicle.wheel_momentum(jnp.asarray(20.0)))
    assert momentum == pytest.approx(44.1, abs=0.05)
    assert momentum / 50.75 == pytest.approx(0.8693, abs=5e-5)
    assert momentum / 22.75 == pytest.approx(1.94, abs=0.005)
