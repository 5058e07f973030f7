"""Where a riderless motorcycle falls.

Sources: golden numbers T25 (time and distance for three ballistic coefficients) and T26 (scatter) of the
physics note on motorcycle, ramp and terrain: launch with 20 m/s at 15 degrees, air of 1.1 kg/m^3, no wind, g
= 9.81. Range safety practice takes one ballistic coefficient, so drag is the same in every attitude here and
tumble lift is off.

Gravity here is 9.80665. With ballistic coefficients and drops larger by STRETCH, times and distances grow by
it.
"""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tests.conftest import Level, UniformAir

from precipice.earth import GRAVITY
from precipice.frames import heading_vector
from precipice.phases.tumble import TumbleMemory, TumblePhase
from precipice.simulation.leg import Tolerance, fly_leg

pytestmark = pytest.mark.published

STRETCH = 9.81 / GRAVITY
MASS = 108.0
# Ballistic coefficient [kg/m^2], drop [m], time [s], distance [m].
TABLE = [
    (98, 100, 5.6062, 78.85),
    (98, 300, 10.796, 106.561),
    (98, 400, 13.2192, 111.812),
    (98, 1200, 32.3702, 118.628),
    (129, 100, 5.484, 82.816),
    (129, 300, 10.2325, 116.781),
    (129, 400, 12.3828, 124.543),
    (129, 1200, 29.1111, 138.297),
    (180, 100, 5.3717, 86.678),
    (180, 300, 9.715, 127.382),
    (180, 400, 11.6069, 138.239),
    (180, 1200, 25.8727, 164.515),
]
VACUUM = [(100, 5.074, 98.02), (300, 8.366, 161.62), (400, 9.574, 184.95), (1200, 16.178, 312.53)]


@pytest.fixture(scope="module")
def wreck(calm, change):
    numbers = {
        "body.mass": MASS,
        "body.lift_fraction": 0.0,
        "body.tumble_period": 8.0,
        # A wind that knows nothing of the cliff: no upwash, no sink, nothing turned round in the lee.
        "wind.upwash": 0.0,
        "wind.rotor_sink": 0.0,
        "wind.rotor_reversal": -1.0,
        "atmosphere": UniformAir(jnp.asarray(1.1)),
    }
    return change(calm, numbers)


def launched(world, speed, degrees):
    angle = np.deg2rad(degrees)
    state = np.zeros(13)
    state[3:6] = speed * np.cos(angle) * np.asarray(heading_vector(world.run_up.bearing))
    state[5] += speed * np.sin(angle)
    state[6] = 1.0
    return state


def fallen(fly, change, world, area, drop):
    numbers = {f"body.{name}": area for name in ("drag_area", "inline_drag_area")}
    numbers["terrain"] = Level(-(drop + world.body.radius))
    end = fly(TumblePhase, 0.0, launched(world, 20.0, 15.0), change(world, numbers), TumbleMemory(0.0, 0.0))
    assert bool(end.resolved)
    return float(end.t), float(end.state[:3] @ heading_vector(world.run_up.bearing))


@pytest.mark.parametrize(("coefficient", "drop", "time", "distance"), TABLE)
def test_table_t25(fly, wreck, change, coefficient, drop, time, distance):
    t, x = fallen(fly, change, wreck, MASS / (coefficient * STRETCH), drop * STRETCH)
    assert t / STRETCH == pytest.approx(time, abs=1e-4)
    assert x / STRETCH == pytest.approx(distance, abs=1e-3)


@pytest.mark.parametrize(("drop", "time", "distance"), VACUUM)
def test_vacuum_t25(fly, wreck, change, drop, time, distance):
    t, x = fallen(fly, change, wreck, 0.0, drop * STRETCH)
    assert t / STRETCH == pytest.approx(time, abs=6e-4)
    assert x / STRETCH == pytest.approx(distance, abs=1e-2)


def test_scatter_t26(wreck, change):
    # T26: log of the ballistic coefficient (129) normal with sd 0.25, speed 20 +- 1 m/s, angle 15 +- 2
    # degrees, wind along the path 0 +- 3 m/s, drop 350 m: distance 119 +- 2 m, sd 22 +- 2 m, 1 % to 99 % 67
    # to 162 m, impact at about 46 m/s. With 2,000 draws the mean is known to 0.5 m, the sd to 0.35 m, the
    # outer quantiles to 2 m.
    count = 2000
    noise = np.random.Generator(np.random.Philox(key=26)).standard_normal((4, count))
    area = MASS / (129.0 * STRETCH * np.exp(0.25 * noise[0]))
    states = np.stack([launched(wreck, 20.0 + a, 15.0 + 2.0 * b) for a, b in noise[1:3].T])
    along = np.asarray(heading_vector(wreck.run_up.bearing))
    world = change(wreck, {"terrain": Level(-(350.0 * STRETCH + wreck.body.radius))})
    tolerance = Tolerance(relative=1e-4, absolute=1e-4, event=1e-6, longest=10.0)
    memory = TumbleMemory(jnp.asarray(0.0), jnp.asarray(0.0))

    @eqx.filter_jit
    def land(area, wind, state, world):
        def one(area, wind, state):
            own = change(world, {f"body.{name}": area for name in ("drag_area", "inline_drag_area")})
            own = change(
                own, {"wind.velocities": jnp.broadcast_to(wind * along[:2], own.wind.velocities.shape)}
            )
            end = fly_leg(
                TumblePhase(), jnp.asarray(0.0), state, own, memory, jnp.asarray(True), 60.0, tolerance, 64
            )
            return end.resolved, end.state

        return jax.vmap(one)(area, wind, state)

    resolved, end = land(jnp.asarray(area), jnp.asarray(3.0 * noise[3]), jnp.asarray(states), world)
    assert bool(jnp.all(resolved))
    distance = np.asarray(end[:, :3]) @ along / STRETCH
    assert distance.mean() == pytest.approx(119.0, abs=2.0)
    assert distance.std() == pytest.approx(22.0, abs=2.0)
    np.testing.assert_allclose(np.quantile(distance, [0.01, 0.99]), [67.0, 162.0], atol=6.0)
    assert np.linalg.norm(end[:, 3:6], axis=1).mean() == pytest.approx(46.0, abs=1.0)
