"""How a stunt ends when physics or a plan stops it: the reasoning for each case stands beside it."""

import dataclasses
import re
from importlib.resources import files

import numpy as np
import pytest
from tests.conftest import ROOT

import precipice
from precipice.campaign.draws import centre_draw
from precipice.scenario.load import parse_scenario
from precipice.simulation.run import Run, build_run
from precipice.world.arrange import arrange, value_keys


@pytest.fixture(scope="module")
def fly_with(scenario):
    """Return a function that flies the shipped scenario with changed numbers or luck."""
    from precipice.simulation.simulate import simulate

    centre, keys = centre_draw(scenario), value_keys(scenario)

    def fly(changed: dict[str, float], luck: dict[str, float] | None = None) -> Run:
        unknown = set(changed) - set(centre.values)
        assert not unknown, f"no such field: {unknown}"
        drawn = dataclasses.replace(
            centre, values={**centre.values, **changed}, luck={**centre.luck, **(luck or {})}
        )
        report = simulate(arrange(scenario, drawn), keys)
        lip = float(report["numbers.lip_altitude"])
        return build_run(report, lip, drawn.values["site.landing.altitude"])

    return fly


STOPPED = {
    # 3 m/s at the lip is far below the 18 m/s of the speed gate, so the plan's abort is called.
    "slow plan": ({"plan.lip_speed": 3.0}, "stopped-before-lip"),
    # 2 kW cannot give 18 m/s in 60 m: even without any loss v = (3 P s / m)^(1/3) = 12.2 m/s.
    "weak engine": ({"motorcycle.power": 2000.0}, "stopped-before-lip"),
    # Friction below the rolling resistance plus the climb of the ramp: it cannot keep moving.
    "ice": (
        {"run_up.surface.0.friction": 0.02, "run_up.surface.1.friction": 0.02},
        "stopped-before-lip",
    ),
    # 12 s of fall from 250 m of wall and talus: the vacuum fall to the talus takes under 9 s.
    "no throw in time": ({"plan.throw": 12.0, "plan.hard_deck": 20.0}, "struck-rock-in-deployment"),
}


@pytest.mark.parametrize("name", STOPPED)
def test_physics_stops_the_stunt(fly_with, name):
    changed, outcome = STOPPED[name]
    run = fly_with(changed)
    assert run.outcome == outcome
    assert run.resolved, run.doubts


def test_canopy_that_never_inflates_hits_the_ground(fly_with):
    run = fly_with({}, luck={"no_inflation": 0.0})
    assert run.outcome == "struck-ground-without-canopy"
    strike = run.events[-1] if run.events[-1].body == "performer" else run.events[-2]
    # Terminal speed with the body's drag area and 5 % of the canopy: above 25 m/s, below the body's 53 m/s.
    assert 25.0 < strike.speed < 53.0


def test_a_push_too_weak_to_come_clear_is_told(fly_with):
    run = fly_with({"plan.push_speed": 0.31})
    assert run.numbers["clear"] == 0.0
    assert run.event("never clear of the motorcycle") is not None
    assert run.event("exit") is None
    assert run.numbers["smallest_gap"] == pytest.approx(1000.0)


def test_unknown_rock_is_never_safe(fly_with):
    run = fly_with({"site.cliff.known_to": 1000.0})
    assert not run.resolved
    assert "unknown" in run.doubts[0]


def test_throw_at_the_hard_deck_comes_before_the_planned_throw(fly_with):
    run = fly_with({"plan.throw": 9.0})
    thrown = run.event("throw (hard deck)")
    assert thrown is not None
    assert thrown.t < run.numbers["lip_time"] + 9.0
    assert run.numbers["throw_height"] == pytest.approx(150.0, abs=1e-6)


def test_off_heading_opening_turns_away_from_the_wall(fly_with):
    """A canopy that opens towards the wall must fly away from it, and come nearer to it first."""
    straight, turned = fly_with({}), fly_with({"rig.heading_error": np.pi})
    assert turned.outcome == "landed"
    assert abs(turned.numbers["opening_heading_error"]) == pytest.approx(np.pi, abs=0.2)
    assert turned.event("turned away") is not None

    def nearest_to_wall(run: Run) -> float:
        out = run.performer.position @ np.array([np.sin(np.deg2rad(258.0)), np.cos(np.deg2rad(258.0)), 0.0])
        opened = run.event("canopy open")
        assert opened is not None
        return float(np.min(out[run.performer.t > opened.t + 1.0]))

    assert nearest_to_wall(turned) < nearest_to_wall(straight) - 5.0


def test_line_twist_delays_control_by_its_length(fly_with):
    straight = fly_with({})
    twisted = fly_with({"rig.malfunction.line_twist.value": 8.0}, luck={"line_twist": 0.0})
    delay = twisted.numbers["control_time"] - twisted.numbers["open_time"]
    usual = straight.numbers["control_time"] - straight.numbers["open_time"]
    assert delay - usual == pytest.approx(8.0, abs=1e-9)


def test_momentum_of_both_bodies_survives_the_release(fly_with):
    """Sum of momenta just before and after the release: Newton's third law."""
    run = fly_with({})
    release = run.event("release")
    assert release is not None
    mass = np.array([90.0, 108.0])
    before = (run.performer.phase == "flight") & (run.performer.t <= release.t)
    after_p = np.flatnonzero((run.performer.phase == "separation") & (run.performer.t >= release.t))[0]
    after_m = np.flatnonzero((run.motorcycle.phase == "separation") & (run.motorcycle.t >= release.t))[0]
    total = mass.sum() * run.performer.velocity[np.flatnonzero(before)[-1]]
    parts = mass[0] * run.performer.velocity[after_p] + mass[1] * run.motorcycle.velocity[after_m]
    np.testing.assert_allclose(parts, total, rtol=1e-10)


def test_headwind_leads_to_the_alternate(fly_with):
    """At 5 m/s of headwind the reference calculation falls short of the field (reference scenario note)."""
    run = fly_with({"wind.speed": 5.0})
    assert run.numbers["landing_area"] == 1.0


@pytest.mark.slow
def test_a_surveyed_site_is_flown(shared):
    import precipice

    run = precipice.fly(ROOT / "scenarios" / "el_capitan.toml")
    assert run.resolved
    assert run.outcome == "landed"
    # The riderless motorcycle falls about as far as the elevation model's wall is high: 824 m.
    contact = run.event("motorcycle contact")
    assert contact is not None
    assert contact.position[2] == pytest.approx(-824.0, abs=40.0)
    assert run.profile is not None
    assert run.profile[:, 1].min() < -900.0
    # The meadow lies at 1,205.4 m; the performer's centre of mass is 0.9 m above the soles.
    assert run.performer.position[-1, 2] + run.lip_altitude == pytest.approx(1205.4 + 0.9, abs=1.0)


def test_a_motorcycle_that_spins_fast_reaches_the_ground_below_a_high_wall():
    """A body falls until there is ground: that it turns on the way, in a cross wind, is no doubt.

    A fall of 1,000 m in a vacuum takes sqrt(2 * 1000 / 9.81) = 14.3 s; with drag it takes longer.
    """
    text = files("precipice.scenario").joinpath("template", "ramp-to-canopy.toml").read_text("utf-8")
    wall = re.search(r"^wall_height = .*$", text, re.M)
    assert wall is not None
    for old, new in {
        wall[0]: 'wall_height = "1000 m"',
        'altitude = { value = "1200 m"': 'altitude = { value = "2000 m"',
        'lip_angle = "15 deg"': 'lip_angle = "20 deg"',
        'radius = "30 m"': 'radius = "25 m"',
        'direction = { value = "180 deg"': 'direction = { value = "225 deg"',
    }.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    run = precipice.fly(parse_scenario(text, "high.toml"))
    assert run.doubts == ()
    assert run.event("motorcycle contact").t - run.event("takeoff").t > 14.3
