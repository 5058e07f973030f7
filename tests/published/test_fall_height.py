"""Equivalent fall height of one landing.

Sources: golden numbers T12 of the physics note on motorcycle, ramp and terrain; T16 and T17 of the note on
fall and canopy (parachute landing falls at 2.1 and 4.6 m/s: 0.225 and 1.079 m). The first note has
g = 9.81 m/s^2: its heights are larger here by STRETCH. The second has standard gravity.
"""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from precipice.earth import GRAVITY
from precipice.world.fall_height import fall_height, fall_height_onto, speed_into_ground

pytestmark = pytest.mark.published

STRETCH = 9.81 / GRAVITY
FROM_THE_SIDE = [
    (15.0, -25.0, 0.0, 2.048236),
    (17.11, -25.0, -25.0, 0.0),
    (17.11, -25.0, 0.0, 2.665002),
    (17.11, -25.0, -20.0, 0.113343),
    (20.0, -30.0, -15.0, 1.365694),
]


@pytest.mark.parametrize(("speed", "path", "slope", "height"), FROM_THE_SIDE)
def test_t12(speed, path, slope, height):
    found = fall_height(*(jnp.asarray(x) for x in (speed, np.deg2rad(path), np.deg2rad(slope))))
    assert float(found) == pytest.approx(height * STRETCH, abs=6e-7)


@pytest.mark.parametrize(("slope", "height"), [(-20.0, 0.346), (0.0, 2.868)])
def test_t17(slope, height):
    found = fall_height(jnp.asarray(15.0), jnp.deg2rad(-30.0), jnp.deg2rad(slope))
    assert float(found) == pytest.approx(height, abs=6e-4)


@pytest.mark.parametrize(("speed", "height"), [(2.1, 0.225), (4.6, 1.079)])
def test_parachute_landing_falls_t16(speed, height):
    straight_down = fall_height(jnp.asarray(speed), jnp.asarray(-0.5 * jnp.pi), jnp.asarray(0.0))
    assert float(straight_down) == pytest.approx(height, abs=6e-4)
    assert float(speed_into_ground(straight_down)) == pytest.approx(speed, rel=1e-12)


def test_a_table_top_is_landed_on_like_a_fall_from_the_apex():
    # Level ground at the lip's height, no drag: all that counts is the vertical speed, so the apex.
    apex = (17.11 * np.sin(np.deg2rad(25.0))) ** 2 / (2.0 * GRAVITY)
    found = fall_height(jnp.asarray(17.11), jnp.deg2rad(-25.0), jnp.asarray(0.0))
    assert float(found) == pytest.approx(apex, rel=1e-12)


@pytest.mark.parametrize("bearing", [0.0, 1.0, 4.0])
@pytest.mark.parametrize(("speed", "path", "slope", "height"), FROM_THE_SIDE)
def test_onto_ground_of_any_direction(bearing, speed, path, slope, height):
    path, slope = np.deg2rad(path), np.deg2rad(slope)
    level = np.array([np.sin(bearing), np.cos(bearing), 0.0])
    velocity = jnp.asarray(speed * (np.cos(path) * level + np.array([0.0, 0.0, np.sin(path)])))
    normal = np.cos(slope) * np.array([0.0, 0.0, 1.0]) - np.sin(slope) * level
    assert float(fall_height_onto(velocity, jnp.asarray(normal))) == pytest.approx(height * STRETCH, abs=1e-6)
    assert float(fall_height_onto(-velocity, jnp.asarray(normal))) == 0.0


def test_gradient_is_that_of_a_square():
    # d(fall height)/d(speed) = 2 h/v; exact for v^2 sin^2/(2g).
    rate = jax.grad(fall_height)(jnp.asarray(15.0), jnp.deg2rad(-25.0), jnp.asarray(0.0))
    assert float(rate) == pytest.approx(2.0 * 2.048236 * STRETCH / 15.0, rel=1e-6)
