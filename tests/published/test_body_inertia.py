"""Moments of inertia of a living person, from pound-force inch second squared.

Source: Table A.2.1, human body inertia (guwsmedical.info), subject 1: 173.5 lb, 72.2 in. The collected
physics (T12) gives its conversions: pitch 13.4 standing, 15.3 spread, 4.21 sitting, in kg m^2. The table's
own figures have three digits; scatter between people is about 8 % (Santschi et al. 1963). Sitting is flown
in tests/systems/test_phase_laws_fall.py.
"""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

INCH, POUND, GRAVITY = 0.0254, 0.45359237, 9.80665
UNIT = POUND * GRAVITY * INCH
"""One pound-force inch second squared, exact in SI [kg m^2]."""

pytestmark = pytest.mark.published

# About the fore-aft, the left-right and the head-foot axis.
CONVERTED = {"standing": (14.9, 13.4, 1.48), "spread": (19.4, 15.3, 4.73)}
AXES = ("roll", "pitch", "yaw")


def _shipped(scenario, posture):
    inertia = getattr(scenario.performer, f"{posture}_inertia")
    return np.array([getattr(inertia, axis).value for axis in AXES])


def test_unit():
    """The note's factor, 0.11298, is the exact one."""
    assert pytest.approx(0.11298, rel=5e-5) == UNIT


@pytest.mark.parametrize("posture", CONVERTED)
def test_shipped_inertia_is_the_tables(scenario, posture):
    """T12: the shipped values are the table's, to the table's three digits; so are its axes."""
    assert _shipped(scenario, posture) == pytest.approx(np.array(CONVERTED[posture]), rel=0.004)


@pytest.mark.parametrize("posture", CONVERTED)
def test_conversion_is_exact(scenario, posture):
    """T12: back in the source's unit, every shipped value is a figure of three digits, within rounding."""
    original = _shipped(scenario, posture) / UNIT
    digits = np.where(original >= 100.0, 0, 1)
    rounded = np.array([round(value, int(places)) for value, places in zip(original, digits, strict=True)])
    # Shipped to 0.01 kg m^2, half of which is 0.044 of the source's unit; its factor adds 4e-5 of 119.
    np.testing.assert_allclose(original, rounded, rtol=0.0, atol=0.05)


def test_body_turns_about_the_right_axes(scenario, world):
    """Roll is about the chest's axis, pitch across, yaw head to foot: standing, yaw is by far the least."""
    from precipice.phases.posture import body_inertia

    for posture, name in ((0.0, "standing"), (1.0, "spread")):
        found = np.asarray(body_inertia(world.performer, jnp.asarray(posture)))
        np.testing.assert_allclose(found, _shipped(scenario, name), rtol=1e-12)
        roll, pitch, yaw = found
        assert yaw < pitch < roll
        # A body of two halves on either side of an axis: no inertia exceeds the sum of the other two.
        assert roll < pitch + yaw


def test_between_the_postures(world):
    """Opening up never takes the inertia outside the two postures, and changes it evenly."""
    from precipice.phases.posture import body_inertia

    shares = jnp.linspace(0.0, 1.0, 11)
    between = np.asarray(jax.vmap(lambda s: body_inertia(world.performer, s))(shares))
    steps = np.diff(between, axis=0)
    np.testing.assert_allclose(steps, np.broadcast_to(steps[0], steps.shape), atol=1e-12)
    assert np.all(steps > 0.0)
