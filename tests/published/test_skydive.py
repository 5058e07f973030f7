"""Openings of a sport canopy and of a reserve (T6, T7), and the fall of a belly flyer to terminal speed.

Sources: Popular Mechanics 2008, "Parachute tester": a sport canopy opens 150 to 200 m after the pull at
terminal speed, a reserve after 90 m or 3 s. TSO-C23d and PIA TS-135 r1.4: from 150 kt (77 m/s) with 254 lb a
reserve is open (75 % of its drag area) within 3.04 s or 304 ft of the pack's opening. USPA SIM 6-3: belly
flyers fall at 110 to 130 mph.
"""

import jax.numpy as jnp
import numpy as np
import pytest

from precipice.phases.inflation import InflationMemory, InflationPhase, fill_time

FOOT, MPH, POUND, KNOT = 0.3048, 0.44704, 0.45359237, 1852.0 / 3600.0


@pytest.fixture(scope="module")
def jump(fly_kind):
    return fly_kind("skydive")


def test_it_lands_in_its_field(jump):
    assert (jump.outcome, jump.resolved) == ("landed", True)
    assert jump.numbers["landing_distance"] < jump.numbers["landing_radius"]


def test_terminal_speed(jump):
    """In the air of 1,500 m above sea level, 110 to 130 mph at sea level are 7.6 % more."""
    speed = jump.numbers["throw_speed"]
    assert 110.0 * MPH * 1.06 < speed < 130.0 * MPH * 1.08


def test_the_throw_forward_of_the_aircraft(jump):
    """Speed of exit through still air dies with v0 / (1 + k v0 x): hundreds of metres, not 2.3 km."""
    out = float(np.linalg.norm(jump.event("throw").position[:2]))
    assert 250.0 < out < 43.0 * 51.0 / 3.0


def test_sport_opening_t7(jump):
    lost = jump.numbers["throw_height"] - jump.numbers["open_height"]
    assert 150.0 < lost < 200.0


@pytest.fixture(scope="module")
def saved(fly_kind):
    return fly_kind("skydive", luck={"no_inflation": 0.0})


def test_a_canopy_that_stays_shut_is_cut_away(saved):
    names = [event.name for event in saved.events]
    assert names.index("cutaway") < names.index("reserve at line stretch") < names.index("reserve open")
    assert "canopy open" not in names
    assert (saved.outcome, saved.resolved) == ("landed", True)
    assert saved.numbers["reserve_used"] == 1.0


def test_reserve_opening_t7(saved):
    cut, opened = saved.event("cutaway"), saved.event("reserve open")
    assert opened.t - cut.t < 3.0
    assert cut.height - opened.height < 90.0 * 1.1


def test_without_a_reserve_nothing_saves(fly_kind):
    """The same malfunction on the BASE rig of the other scenario, which has no reserve."""
    run = fly_kind("base_jump", luck={"no_inflation": 0.0})
    assert run.outcome == "struck-ground-without-canopy"
    assert run.event("cutaway") is None


def test_a_device_opens_the_reserve_when_nobody_does(fly_kind):
    run = fly_kind("skydive", {"performer.reaction_time": 60.0}, luck={"no_inflation": 0.0})
    cut = run.event("cutaway")
    assert cut.height == pytest.approx(225.0, abs=1.0)


def test_reserve_from_150_knots_t6(world, change, fly):
    from tests.conftest import Level, UniformAir

    area, constant, extraction, speed = 15.0, 13.0, 0.6, 150.0 * KNOT
    sea_level = {"atmosphere": UniformAir(jnp.asarray(1.225)), "terrain": Level(jnp.asarray(-1.0e4))}
    still = {"wind.velocities": jnp.zeros_like(world.wind.velocities)}
    heavy = change(world, {**sea_level, **still, "performer.mass": 254.0 * POUND})
    body = jnp.asarray(0.3)
    upright = jnp.array([1.0, 0.0, 0.0, 0.0])
    state = jnp.zeros(8).at[5].set(-speed)
    full = 0.8 * area

    def memory(start, time, target):
        return InflationMemory(
            jnp.asarray(start), jnp.asarray(time), body, upright, None,
            jnp.asarray(target), jnp.asarray(2.0), jnp.asarray(1.0), jnp.asarray(1.0e9),
        )  # fmt: skip

    stretch = fly(InflationPhase, 0.0, state, heavy, memory(0.0, extraction, float(body)))
    falling = float(-stretch.state[5])
    filling = float(fill_time(jnp.asarray(constant), jnp.asarray(area), jnp.asarray(falling)))
    # 75 % of the drag area: 0.75 = share^2 of the filling time, but for the body's part.
    share = np.sqrt(0.75)
    leg = fly(InflationPhase, extraction, stretch.state, heavy, memory(extraction, filling, full))
    kept = np.isfinite(leg.times)
    times, up = np.asarray(leg.times)[kept], np.asarray(leg.records.position)[kept][:, 2]
    open_time = extraction + share * filling
    assert open_time < 3.04
    assert -np.interp(open_time, times, up) < 304.0 * FOOT
