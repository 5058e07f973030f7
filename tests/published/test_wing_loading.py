"""Speed grows with the root of the wing loading.

Source: Yuri, "The Wingsuit Theory" (T3 of the collected tests): the same wing at 260 lb and at 180 lb
flies at speeds in the ratio 48/40 = sqrt(260/180), 1.2 within 0.2 %.
"""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import solve_ivp

POUND, GRAVITY = 0.45359237, 9.80665

pytestmark = pytest.mark.published


@pytest.fixture(scope="module")
def glide(world):
    """Steady velocity of the shipped canopy with toggles up, flown to equilibrium, by exit mass [kg]."""
    from precipice.phases.canopy import canopy_force

    rig, zero = world.rig, jnp.zeros(())
    lift, drag = rig.coefficients(zero)

    @jax.jit
    def force(velocity):
        return canopy_force(
            velocity, jnp.asarray(1.1), rig.canopy_area, lift, drag, zero, zero, rig.sideslip_drag
        )

    def flown(mass):
        def rate(_, velocity):
            return np.asarray(force(velocity)) / mass - [0.0, 0.0, GRAVITY]

        # Two minutes outlast the slow phugoid motion of every canopy.
        path = solve_ivp(rate, (0.0, 120.0), [0.0, 9.0, -3.0], method="DOP853", rtol=1e-10, atol=1e-10)
        return path.y[:, -1]

    return flown


def test_speed_ratio(glide):
    """T3: 48/40, 0.2 %."""
    heavy, light = glide(260 * POUND), glide(180 * POUND)
    assert np.linalg.norm(heavy) / np.linalg.norm(light) == pytest.approx(48 / 40, rel=0.002)
    np.testing.assert_allclose(heavy / np.linalg.norm(heavy), light / np.linalg.norm(light), atol=1e-6)


def test_the_pilots_glide_is_the_flown_one(glide, world):
    """What the pilot plans with is where the equations of motion settle."""
    from precipice.phases.pilot import steady_glide

    at = jnp.asarray(0.0)
    density = float(world.atmosphere.density(at))
    forward, sink = steady_glide(world, jnp.asarray(0.0), at)
    # The flown glide has air of 1.1 kg/m^3; speeds go with one over the root of the density.
    expected = np.array([0.0, forward, -sink]) * np.sqrt(density / 1.1)
    np.testing.assert_allclose(glide(float(world.performer.mass)), expected, rtol=1e-5, atol=1e-6)
