"""A vertical fall with quadratic drag.

Source: golden numbers T22 of the physics note on motorcycle, ramp and terrain (closed form with g = 9.81 and
a terminal speed of 48 m/s: v = v_t tanh(g t/v_t), y = v_t^2/g ln cosh(g t/v_t)), and its "six-second window".

Gravity here is 9.80665; with the same terminal speed all times and lengths grow by STRETCH. The tumbling
motorcycle is flown, with one drag area in every attitude and no tumble lift.
"""

import jax.numpy as jnp
import numpy as np
import pytest
from tests.conftest import Level, UniformAir

from precipice.earth import GRAVITY
from precipice.phases.tumble import TumbleMemory, TumblePhase

pytestmark = pytest.mark.published

STRETCH = 9.81 / GRAVITY
DENSITY = 1.1


def dropped(fly, change, calm, terminal_speed, drop):
    """Return time [s] and speed [m/s] after a drop from rest [m]; terminal speed None is a vacuum."""
    mass, radius = 108.0, float(calm.body.radius)
    area = 2.0 * mass * GRAVITY / (DENSITY * terminal_speed**2) if terminal_speed else 0.0
    numbers = {
        "body.mass": mass,
        "body.drag_area": area,
        "body.inline_drag_area": area,
        "body.lift_fraction": 0.0,
        "atmosphere": UniformAir(jnp.asarray(DENSITY)),
        "terrain": Level(jnp.asarray(-drop - radius)),
    }
    state = np.zeros(13)
    state[6] = 1.0
    end = fly(TumblePhase, 0.0, state, change(calm, numbers), TumbleMemory(0.0, 0.0))
    assert bool(end.resolved)
    return float(end.t), -float(end.state[5])


@pytest.mark.parametrize(("time", "speed", "drop"), [(5.0, 36.9902, 105.8149), (10.0, 46.4156, 321.1144)])
def test_terminal_speed_48_t22(fly, calm, change, time, speed, drop):
    t, reached = dropped(fly, change, calm, 48.0, drop * STRETCH)
    # The golden drop is rounded to 5e-5 m.
    assert t / STRETCH == pytest.approx(time, abs=2e-6 + 5e-5 / speed)
    assert reached == pytest.approx(speed, abs=1e-4)


@pytest.mark.parametrize(("terminal_speed", "drop", "rounding"), [(53.0, 149.0, 0.5), (None, 176.6, 0.05)])
def test_six_second_window_t22(fly, calm, change, terminal_speed, drop, rounding):
    t, speed = dropped(fly, change, calm, terminal_speed, drop * STRETCH)
    assert t / STRETCH == pytest.approx(6.0, abs=rounding / speed)
