"""How a ramp is left, from rows whose errors are known: lag, drift, gaps, soft landings.

Truth is that of closed-form motions: a circular ramp and a throw without air.
"""

from dataclasses import replace

import numpy as np
import pytest
from tests.training.made import ramp_motion, received

from precipice.training.lag import velocity_lag
from precipice.training.segment import segment


def _seen(rate: float = 25.0, imu: int | None = 100, seed: int = 5, **motion):
    """Return a log, and when lip and landing are in it."""
    time, place, _, truth = ramp_motion(**motion)
    log, zero = received(time, place, rate, np.random.default_rng(seed), imu=imu)
    return log, truth["lip"] - zero, truth["landing"] - zero


def _later(log, seconds):
    """Return a log whose velocities are later by so much, `(n,)` or one for all rows."""
    at = log.time - seconds
    return replace(log, velocity=np.stack([np.interp(at, log.time, axis) for axis in log.velocity.T], axis=1))


def _without(log, first, last):
    kept = ~((log.time > first) & (log.time < last))
    names = ("time", "line", "position", "velocity", "horizontal_accuracy", "vertical_accuracy")
    return replace(log, **{name: getattr(log, name)[kept] for name in (*names, "speed_accuracy")})


@pytest.mark.parametrize("rate", [10.0, 25.0])
@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.3])
def test_a_lag_is_read_from_the_log(rate, seconds):
    """`received` makes a velocity the mean over a step, which is late by half of one."""
    log, lip, landing = _seen(rate, None)
    lag = velocity_lag(_later(log, seconds), lip - 3.0, landing + 3.0)
    assert lag is not None
    assert lag.time == pytest.approx(seconds + 0.5 / rate, abs=3.0 * lag.deviation)
    assert lag.deviation < 0.02


def test_a_lag_that_changes_or_that_nothing_tells_is_none():
    log, lip, landing = _seen(10.0, None)
    changing = _later(log, np.where(log.time > lip, 1.0, 0.0))
    assert velocity_lag(changing, lip - 3.0, landing + 3.0) is None
    # Standing still before the run-up: no bend in the way.
    assert velocity_lag(log, 1.0, 10.0) is None
    silent = replace(log, velocity=np.full_like(log.velocity, np.nan))
    assert velocity_lag(silent, lip - 3.0, landing + 3.0) is None


@pytest.mark.parametrize("drift", [-0.3, 0.3])
@pytest.mark.parametrize("seconds", [0.0, 0.15])
def test_neither_drift_nor_lag_bends_the_lip_speed(drift, seconds):
    """Positions drift by 0.3 m/s in height and half of that level; velocities are late: 0.3 m/s is asked."""
    log, _, _ = _seen()
    way = drift * np.array([0.3, 0.4, 1.0])
    drifting = replace(log, position=log.position + log.time[:, None] * way)
    (jump,) = segment(_later(drifting, seconds)).jumps
    speed, deviation = jump.numbers["lip_speed"]
    assert speed == pytest.approx(20.0, abs=0.2)
    assert speed == pytest.approx(20.0, abs=2.5 * deviation)


@pytest.mark.parametrize(("rate", "imu"), [(25.0, 100), (10.0, None)])
def test_a_landing_near_the_top_of_the_flight_is_one(rate, imu):
    """2.9 m above the lip, 0.2 m below the top: the ground takes less than 2 m/s of sink."""
    lip_height = 18.0 * (1.0 - np.cos(0.4))
    log, lip, landing = _seen(rate, imu, drop=-lip_height - 2.9)
    (jump,) = segment(log).jumps
    assert jump.events["lip"].time == pytest.approx(lip, abs=0.2 if imu is None else 0.05)
    assert jump.events["landing"].time == pytest.approx(landing, abs=0.1)


@pytest.mark.parametrize("since", [-0.4, -0.1, 0.3, 0.8])
def test_a_gap_of_half_a_second_hides_no_jump(since):
    log, lip, _ = _seen()
    (jump,) = segment(_without(log, lip + since, lip + since + 0.5)).jumps
    assert jump.events["lip"].time == pytest.approx(lip, abs=0.05)
    speed, deviation = jump.numbers["lip_speed"]
    assert speed == pytest.approx(20.0, abs=3.0 * deviation)


def test_a_gap_that_swallows_a_jump_is_told():
    log, lip, landing = _seen()
    found = segment(_without(log, lip, landing))
    assert not found.jumps
    (problem,) = found.problems
    assert problem.startswith(f"gap of {landing - lip:.1f} s after {lip - 0.02:.1f} s")
    assert "may hide a jump from a ramp" in problem
    # Without a throw before it a gap hides nothing.
    assert segment(_without(log, 5.0, 7.0)).problems == ()
