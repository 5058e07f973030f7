"""Ramp profiles and the load on them.

Sources: golden numbers T9 (circle) and T10 (clothoid) of the physics note on motorcycle, ramp and terrain;
the clothoid is also in the ski-jump package that the note examined (series of the Fresnel integrals). Loads
are given there with g = 9.81; here gravity is 9.80665, and the part of a load that is not gravity is scaled
by their ratio.
"""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import quad

from precipice.earth import GRAVITY
from precipice.phases.ramp import RampMemory, RampPhase, standing_state
from precipice.world.ramp import build_ramp, circular_curve, clothoid_curve, parabolic_curve

pytestmark = pytest.mark.published

STRETCH = 9.81 / GRAVITY
CIRCLE = {"radius": 13.04, "angle": np.deg2rad(40.0)}
HEIGHT, BASE, ARC = 3.0507804617, 8.3819504303, 9.1036376784
PROFILES = {"circular": 0.0, "clothoid": 1.0, "parabolic": 2.0, "straight": 3.0}


def ramp(profile, angle, radius, straight):
    values = (PROFILES[profile], angle, radius, straight, 1.0, 0.7, 0.0)
    return build_ramp(*(jnp.asarray(value) for value in values))


def test_circle_t9():
    end = circular_curve(jnp.asarray(CIRCLE["radius"]), jnp.asarray(CIRCLE["angle"]), 48)[-1]
    np.testing.assert_allclose(end, [BASE, HEIGHT, CIRCLE["angle"]], rtol=1e-10)


def test_circular_ramp_with_straight_end_t9():
    # The straight end of 2 m adds 2 cos 40 deg = 1.532089 m of base and 2 sin 40 deg = 1.285575 m of height.
    built = ramp("circular", CIRCLE["angle"], CIRCLE["radius"], 2.0)
    assert float(built.height) == pytest.approx(HEIGHT + 1.285575219, abs=1e-8)
    assert float(built.base) == pytest.approx(BASE + 1.532088886, abs=1e-8)
    assert float(built.arc) == pytest.approx(ARC + 2.0, abs=2e-4)
    assert float(built.lip_angle) == pytest.approx(CIRCLE["angle"])


def test_clothoid_t10():
    # T10: length 10 m to a radius of 15 m, so the end angle is 10/(2 x 15) = 1/3.
    end = clothoid_curve(jnp.asarray(15.0), jnp.asarray(1.0 / 3.0), 48)[-1]
    np.testing.assert_allclose(end, [9.889459, 1.102324, 0.3333333], atol=1e-6)


def test_clothoid_is_the_fresnel_integral_all_along():
    curve = clothoid_curve(jnp.asarray(15.0), jnp.asarray(1.0 / 3.0), 48)
    for k, s in zip((12, 24, 40), 10.0 * np.array([12, 24, 40]) / 47.0, strict=True):
        x, z = (quad(lambda u, f=f: f(u**2 / 300.0), 0.0, s, epsabs=1e-13)[0] for f in (np.cos, np.sin))
        np.testing.assert_allclose(curve[k, :2], [x, z], atol=1e-11)


def test_parabola():
    # y = x^2/(2 p) with p = 10 m, up to 30 degrees: x = p tan 30 = 5.7735027, y = p tan^2(30)/2 = 5/3.
    end = parabolic_curve(jnp.asarray(10.0), jnp.asarray(np.pi / 6.0), 48)[-1]
    np.testing.assert_allclose(end, [5.773502692, 5.0 / 3.0, np.pi / 6.0], rtol=1e-9)


def test_surface_between_stations_is_the_circle():
    # Height and path angle of the true circle, at places that are no stations; flat before the foot; straight
    # on beyond the lip.
    built = ramp("circular", CIRCLE["angle"], CIRCLE["radius"], 0.0)
    angle = np.linspace(0.003, CIRCLE["angle"] - 0.003, 500)
    x = CIRCLE["radius"] * np.sin(angle) - float(built.base)
    height, slope = jax.vmap(built.surface)(jnp.asarray(x))
    true = CIRCLE["radius"] * (1.0 - np.cos(angle)) - float(built.height)
    np.testing.assert_allclose(height, true, atol=1e-6)
    np.testing.assert_allclose(slope, angle, atol=2e-5)
    before = built.surface(-built.base - 3.0)
    np.testing.assert_allclose(before, [-float(built.height), 0.0], atol=1e-12)
    beyond = built.surface(jnp.asarray(0.5))
    np.testing.assert_allclose(beyond, [0.5 * np.tan(CIRCLE["angle"]), CIRCLE["angle"]], atol=1e-9)


@pytest.fixture(scope="module")
def small_rider(calm, change):
    """A motorcycle so small and stiff that its centre of mass all but touches the ramp; no air."""
    stiff = {"front_stiffness": 1e7, "rear_stiffness": 1e7, "front_damping": 6e4, "rear_damping": 6e4}
    small = {"wheelbase": 0.2, "rear_axle_to_cg": 0.1, "cg_height": 0.02, "pitch_inertia": 1.85}
    masses = {"mass": 185.0, "drag_area": 0.0}
    numbers = {f"vehicle.{name}": value for name, value in (stiff | small | masses).items()}
    circle = ramp("circular", np.deg2rad(42.0), CIRCLE["radius"], 0.0)
    return change(calm, numbers | {"ramp": circle})


def load_along(fly, world, speed):
    """Return the load [g] and the path angle [rad] at the kept steps, up to the front wheel's lip."""
    memory = RampMemory(1.0, 1e9, 0.0, 0.0, 0.0)
    end = fly(RampPhase, 0.0, standing_state(world, jnp.asarray(speed)), world, memory, max_steps=4096)
    assert bool(end.resolved)
    kept = np.isfinite(end.times)
    velocity = np.asarray(end.records.velocity)[kept]
    angle = np.arctan2(velocity[:, 2], np.linalg.norm(velocity[:, :2], axis=1))
    return np.asarray(end.records.control)[kept].sum(axis=1), np.asarray(end.records.load)[kept], angle


def test_load_at_the_bottom_t9(fly, small_rider):
    # T9: 16.9 m/s at the bottom, 3.2327 g. Three degrees further the suspension has found its length, and the
    # load is smaller by 3 (1 - cos 3 deg) = 0.0041 g (less gravity along the normal, less speed).
    wheels, load, angle = load_along(fly, small_rider, 16.9)
    expected = 1.0 + 2.2327 * STRETCH - 0.0041
    assert np.interp(np.deg2rad(3.0), angle, wheels) == pytest.approx(expected, rel=2e-3)
    assert np.interp(np.deg2rad(3.0), angle, load) == pytest.approx(expected, rel=2e-3)


def test_load_at_the_lip_t9(fly, small_rider):
    # T9: 15.09 m/s at 40 degrees, 2.5461 g, of which cos 40 deg = 0.7660 is gravity. The speed at the foot
    # follows from the height that T9 gives; the ramp goes on to 42 degrees, so that both wheels are on it at
    # 40.
    at_foot = np.sqrt(15.09**2 + 2.0 * GRAVITY * HEIGHT)
    wheels, _, angle = load_along(fly, small_rider, at_foot)
    expected = 0.766044 + (2.5461 - 0.766044) * STRETCH
    assert np.interp(CIRCLE["angle"], angle, wheels) == pytest.approx(expected, rel=2e-3)
    assert wheels[0] == pytest.approx(1.0, abs=1e-6)
