"""How the other kinds of stunt end when something goes wrong: the reasoning stands beside each case."""

import math

import numpy as np
import pytest


def test_a_jump_along_the_wall_strikes_it(fly_kind):
    """A wall that comes out by 30 degrees below a jumper who falls nearly straight down: it is met."""
    run = fly_kind(
        "base_jump",
        {
            "site.cliff.wall_angle": math.radians(60.0),
            "site.cliff.undercut_depth": 0.0,
            "exit.speed": 0.5,
            "plan.hard_deck": 0.0,
        },
    )
    assert run.outcome == "struck-rock-in-freefall"
    assert run.events[-1].name == "struck rock in freefall"
    assert run.resolved, run.doubts


def test_a_low_hard_deck_is_kept_from_a_low_object(fly_kind):
    """The plan throws 9 s after the exit; a hard deck of 700 m above the ground is passed long before."""
    run = fly_kind("base_jump", {"plan.hard_deck": 500.0})
    assert run.event("throw (hard deck)").t < 9.0
    assert run.numbers["throw_height"] == pytest.approx(500.0, abs=0.5)


def test_a_wall_that_leans_back_is_no_hard_deck(fly_kind):
    """At 86 degrees rock is 29 m below one who is 2 m out: the deck counts once the jumper was above it."""
    run = fly_kind("base_jump", {"site.cliff.wall_angle": math.radians(86.0)})
    thrown = run.event("throw") or run.event("throw (hard deck)")
    assert thrown.t > 4.0


@pytest.mark.parametrize("speed", [4.0 + 1e-4 * k for k in range(8)])
def test_rising_above_the_hard_deck_never_throws(fly_kind, speed):
    """4 m/s out from rock that leans back by 4 degrees: the height above it grows from metres through the
    hard deck of 250 m, which is passed upwards after 5.1 s. Only falling through it is a reason to throw."""
    changed = {"site.cliff.wall_angle": math.radians(86.0), "site.cliff.undercut_depth": 0.0}
    run = fly_kind("base_jump", changed | {"exit.speed": speed})
    assert run.event("throw (hard deck)") is None
    assert run.event("throw").t == pytest.approx(9.0)


def test_freefall_heads_where_the_plan_says(fly_kind):
    """Flown 30 degrees to the right of the face, the suit's way over ground is that way."""
    run = fly_kind("wingsuit", {"plan.heading": math.radians(300.0), "wind.speed": 0.0})
    end = run.event("throw") or run.event("throw (hard deck)")
    assert math.degrees(math.atan2(end.position[0], end.position[1])) % 360.0 == pytest.approx(300.0, abs=6.0)


def test_an_exit_through_the_air_carries_the_wind(fly_kind):
    """43 m/s through air that moves 3 m/s the same way are 46 m/s over the ground; a metre a second aside."""
    run = fly_kind("skydive")
    begin = run.performer.velocity[0]
    np.testing.assert_allclose(begin, [-1.0, 46.0, 0.0], atol=1e-9)


def test_a_dropped_body_bounces_by_its_restitution(fly_kind):
    """First contact: speed after over speed before is the restitution, straight down on level ground."""
    run = fly_kind("high_fall", {"exit.speed": 0.0, "wind.speed": 0.0, "body.restitution": 0.5})
    contact = run.event("contact")
    after = run.performer.velocity[run.performer.phase == "slide"][0]
    assert after[2] / -contact.velocity[2] == pytest.approx(0.5, rel=1e-6)


def test_a_vacuum_drop_falls_as_galileo_says(fly_kind):
    run = fly_kind("high_fall", {"body.drag_area": 0.0, "body.inline_drag_area": 0.0, "exit.speed": 0.0})
    contact = run.event("contact")
    assert contact.t == pytest.approx(math.sqrt(2.0 * 104.5 / 9.80665), rel=1e-6)
    assert contact.speed == pytest.approx(math.sqrt(2.0 * 104.5 * 9.80665), rel=1e-6)


def test_a_vehicle_without_power_rolls_down_and_jumps(fly_kind):
    """Skis: no engine; 100 ft of height give at most sqrt(2 g h), the ramp's height taken off."""
    run = fly_kind("car_jump", {"vehicle.power": 0.0, "run_up.surface.0.rolling_resistance": 0.0})
    height = 800.0 * 0.3048 * math.sin(math.radians(7.2)) - 4.6
    fastest = math.sqrt(2.0 * 9.80665 * height)
    assert 0.85 * fastest < run.numbers["lip_speed"] < fastest


def test_a_jump_in_a_vacuum_is_a_parabola(fly_kind):
    run = fly_kind("ramp_jump", {"vehicle.drag_area": 0.0, "vehicle.lift_area": 0.0})
    track = run.performer
    air = track.phase == "jump"
    t, up = track.t[air] - track.t[air][0], track.position[air, 2]
    expected = up[0] + track.velocity[air][0, 2] * t - 0.5 * 9.80665 * t**2
    np.testing.assert_allclose(up, expected, atol=1e-6)
    # T17 of the fall note is the same formula for other angles: 15 m/s at -30 deg onto -20 deg is 0.346 m.
    n = run.numbers
    into = n["landing_speed"] * math.sin(n["landing_path_angle"] - n["landing_slope_angle"])
    assert n["landing_fall_height"] == pytest.approx(into**2 / (2.0 * 9.80665), rel=1e-3)


@pytest.mark.parametrize("name", ["ramp_jump", "car_jump", "ski_jump", "snowmobile_jump"])
def test_every_shipped_vehicle_comes_down_on_its_surface(fly_kind, name):
    run = fly_kind(name)
    assert (run.outcome, run.resolved) == ("landed", True)
    assert run.numbers["airtime"] > 0.5


@pytest.mark.parametrize("in_run", [32.0, 40.0, 48.0])
def test_skiers_of_any_speed_land_softly_on_a_surface_of_equal_fall_height(fly_kind, in_run):
    """The shipped surface was designed for 0.5 m at up to 11.7 m/s, and is 0.57 m at its hardest as written.

    The design's flights leave along the lip. A body on two springs leaves 5 degrees lower, so it comes in
    flatter near the lip, where the surface is flat: softer there, alike farther out.
    """
    run = fly_kind("ski_jump", {"run_up.length": in_run})
    assert run.outcome == "landed"
    assert 0.25 < run.numbers["landing_fall_height"] < 0.57 + 0.05
    if in_run >= 40.0:
        assert run.numbers["landing_fall_height"] == pytest.approx(0.5, abs=0.12)


def test_who_lands_into_the_wind_turns_the_pattern_to_it(fly_kind):
    """Air that comes from the east at 3 m/s: on final the pilot faces it, and is 3 m/s slower over the ground
    than through the air. A wind that counts as light is landed across, on the planned bearing, south: the way
    over the ground is then within half a right angle of it, on a line that the pilot still closes on."""
    wind = {"wind.direction": math.radians(90.0), "wind.speed": 3.0}
    course = []
    for light in (1.0, 5.0):
        run = fly_kind("recreational_cliff_jump", {**wind, "plan.pattern.light_wind": light})
        assert run.outcome == "landed"
        east, north, _ = run.event("flare").velocity
        course.append(math.degrees(math.atan2(east, north)) % 360.0)
        if light == 1.0:
            assert math.hypot(east, north) == pytest.approx(math.hypot(east + 3.0, north) - 3.0, abs=0.1)
    assert course == [pytest.approx(90.0, abs=15.0), pytest.approx(180.0, abs=45.0)]
