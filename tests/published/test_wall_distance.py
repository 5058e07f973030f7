"""How far a canopy that opens facing the wall flies towards it before it has turned away.

Source: closed form derived from constant speed V_h, a reaction t_r straight on, and then a constant turn
rate r (T19 of the collected tests; the opening heading psi is counted from straight away from the wall):
d = V_h [-cos(psi) t_r + (1 - sin(psi)) / r]. At 8 m/s, 1.25 s, 60 deg/s and psi = 180 deg it is 17.6 m.

The closed form is not an upper bound. `CanopyPhase` needs 0.67 s to pull a toggle all the way and 0.6 s to
roll into the turn, its full-toggle turn reaches 56 deg/s rather than 60, and a banked canopy flies
faster: 23.8 m in the same case, 6 m more. Planning with 17.6 m would be on the unsafe side.
"""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import solve_ivp

pytestmark = pytest.mark.published

TABLE = {45.0: (16.2, 20.2, 26.2), 60.0: (13.6, 17.6, 23.6), 90.0: (11.1, 15.1, 21.1)}
"""Turn rate [deg/s]: distance [m] for reactions of 0.75, 1.25 and 2.0 s at 8 m/s and 180 deg."""
REACTIONS = (0.75, 1.25, 2.0)
SPEED = 8.0


def _closed_form(speed, heading, reaction, rate):
    return speed * (-np.cos(heading) * reaction + (1.0 - np.sin(heading)) / rate)


def _kinematics(speed, heading, reaction, rate):
    """Largest way towards the wall of a point that holds its course, then turns, stepped in time."""

    def fly(start, seconds, turning):
        def motion(_, y):
            return [speed * np.cos(y[1]), -turning]

        return solve_ivp(motion, (0.0, seconds), start, max_step=0.01, rtol=1e-8)

    first = fly([0.0, heading], reaction, 0.0)
    second = fly(first.y[:, -1], np.pi / rate, rate)
    return -min(first.y[0].min(), second.y[0].min())


@pytest.mark.parametrize("rate", TABLE)
def test_closed_form_is_the_stepped_motion(rate):
    """T19 and its neighbours, 1e-2 (half of the last printed digit)."""
    for reaction, expected in zip(REACTIONS, TABLE[rate], strict=True):
        closed = _closed_form(SPEED, np.pi, reaction, np.deg2rad(rate))
        assert closed == pytest.approx(expected, abs=0.05)
        assert _kinematics(SPEED, np.pi, reaction, np.deg2rad(rate)) == pytest.approx(closed, rel=1e-4)
    half_off = np.deg2rad(135.0)
    closed = _closed_form(SPEED, half_off, 1.25, np.deg2rad(rate))
    assert _kinematics(SPEED, half_off, 1.25, np.deg2rad(rate)) == pytest.approx(closed, rel=1e-4)


@pytest.fixture(scope="module")
def towards_wall(calm, change):
    """A function: way towards the wall [m] and largest turn rate [deg/s] of the full canopy phase."""
    from precipice.phases.canopy import SETTLE, TURN, CanopyMemory, CanopyPhase
    from precipice.phases.pilot import Approach, steady_glide

    phase, zero = CanopyPhase(), jnp.zeros(())
    still = change(calm, {"atmosphere.value": 1.225})
    # North is away from the wall, and the landing area lies far out there.
    far = jnp.array([0.0, 1.0e6, 0.0])
    pattern = {"side": 1.0, "hold_radius": 45.0, "base_glide": 3.0, "final_glide": 3.0, "turn_lead": 20.0}
    pattern |= {"final_brakes": 0.4, "flare_height": 3.0}
    pattern |= dict.fromkeys(("bearing", "offset", "straight_in", "area"), 0.0)
    numbers = {name: jnp.asarray(value) for name, value in pattern.items()}
    approach = Approach(target=far, hold_centre=far, **numbers)

    @jax.jit
    def rate(t, y, leg, heavy, forced):
        memory = CanopyMemory(leg, zero - 100.0, zero, zero + 100.0, approach)
        return phase.vector_field(t, y, change(heavy, {"malfunction.forced_turn": forced}), memory)

    def flown(reaction, heading, rig=None, forced=0.0):
        one = change(still, {"rig": rig or still.rig})
        at = one.rig.brake_setting
        forward, _ = steady_glide(one, at, zero)
        # The exit weight with which this canopy flies at the closed form's speed.
        one = change(one, {"performer.mass": one.performer.mass * (SPEED / forward) ** 2})
        one = change(one, {"plan.wall_brakes": at, "plan.wall_turn": 1.0})
        forward, sink = (float(v) for v in steady_glide(one, at, zero))
        assert forward == pytest.approx(SPEED, rel=1e-9)
        velocity = [forward * np.sin(heading), forward * np.cos(heading), -sink]
        start = np.array([0.0, 0.0, 0.0, *velocity, heading, 0.0, float(at), 0.0, 0.0, 0.0])

        def leg(y, which, seconds, turn):
            def field(t, y):
                return np.asarray(rate(t, y, float(which), one, turn))

            return solve_ivp(field, (0.0, seconds), y, rtol=1e-8, atol=1e-8, max_step=0.1)

        first = leg(start, SETTLE, reaction, 0.0)
        second = leg(first.y[:, -1], TURN, 40.0, forced)
        rates = np.rad2deg(np.abs(np.diff(second.y[6]) / np.diff(second.t)))
        return -min(first.y[1].min(), second.y[1].min()), rates.max()

    return flown


def test_canopy_phase_tends_to_the_closed_form(towards_wall, world, change):
    """A canopy without lag, a bank of 5 deg (speed + 0.2 %), brakes that do not change the speed: 0.5 %.

    The hands' last quarter second stays, however fast they move, and counts as reaction.
    """
    bank, heading, reaction = np.deg2rad(5.0), np.pi, 1.25
    numbers = {"bank_lag": 0.01, "toggle_rate": 100.0, "bank_limit": bank}
    numbers |= {"lift_half": 0.62001, "lift_deep": 0.62002, "drag_half": 0.22001, "drag_deep": 0.22002}
    ideal = change(world.rig, numbers)
    glide = 0.62 / 0.22
    rate = 9.80665 * np.tan(bank) / (SPEED * np.hypot(1.0, 1.0 / glide))
    found, fastest = towards_wall(reaction, heading, ideal, 1.0)
    assert np.deg2rad(fastest) == pytest.approx(rate, rel=0.01)
    assert found == pytest.approx(_closed_form(SPEED, heading, reaction + 0.25, rate), rel=0.005)


def test_full_canopy_phase_needs_more_room(towards_wall, world):
    """The shipped rig in the case of T19: 23.8 m against 17.6 m, inside what its lags explain."""
    found, fastest = towards_wall(1.25, np.pi)
    closed = _closed_form(SPEED, np.pi, 1.25, np.deg2rad(60.0))
    lags = float(world.rig.bank_lag) + 1.0 / float(world.rig.toggle_rate)
    assert fastest == pytest.approx(60.0, rel=0.10)
    assert closed + 0.5 * SPEED * lags < found < closed + SPEED * lags
    assert found == pytest.approx(23.8, abs=0.2)


def test_a_second_of_reaction_costs_its_flight(towards_wall):
    """Before the hands move, only V_h t_r is lost, as in the closed form."""
    early, _ = towards_wall(0.75, np.pi)
    late, _ = towards_wall(2.0, np.pi)
    assert late - early == pytest.approx(SPEED * 1.25, abs=0.01)
