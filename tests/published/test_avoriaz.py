"""The nearest published analog of the main stunt: Tom Pages' motorcycle BASE jump at Avoriaz, November 2021.

Source: Red Bull release on 3mpg.ch, Carscoops (B63-B68 of the collected facts): 80 km/h on a freestyle ramp
7 m high, over a cliff of 135 m; more than 55 m out from the cliff in the air; 100 to 150 km/h before the
throw; about 30 s from ramp to landing, 170 m below. Trust: press, so within 15 %. "30 s of freefall", as
other papers wrote, cannot be: 170 m are fallen in 6 s.
The ramp's curve, the delay and the canopy are not published; they are chosen once, below, not fitted.
"""

import math

import numpy as np
import pytest

HIGHEST_SPEED = 150.0 / 3.6


@pytest.fixture(scope="module")
def jump(fly_kind):
    lip = 1800.0 + 7.0
    changed = {
        "site.altitude": 1800.0,
        "site.landing.altitude": lip - 170.0,
        "site.cliff.wall_height": 135.0 - 7.0,
        "site.cliff.talus_angle": math.radians(60.0),
        "site.cliff.known_to": 3000.0,
        "run_up.length": 90.0,
        "ramp.lip_angle": math.radians(35.0),
        "ramp.radius": 30.0,
        "ramp.straight": (7.0 - 30.0 * (1.0 - math.cos(math.radians(35.0)))) / math.sin(math.radians(35.0)),
        "plan.lip_speed": 80.0 / 3.6,
        "plan.gate.minimum_speed": 0.0,
        "plan.release": 0.7,
        "plan.throw": 3.8,
        "plan.hard_deck": 20.0,
        "plan.pattern.height": 40.0,
        "plan.pattern.offset": 20.0,
        "plan.pattern.hold_radius": 20.0,
        "rig.fill_constant": 3.5,
        "rig.pilot_chute_diameter": 46.0 * 0.0254,
        "wind.speed": 0.0,
    }
    return fly_kind("helsetkopen", changed)


def out_of(run, event):
    bearing = math.radians(258.0)
    return event.position[0] * math.sin(bearing) + event.position[1] * math.cos(bearing)


def test_ramp(jump):
    takeoff, foot = jump.event("takeoff"), jump.event("ramp foot")
    assert jump.numbers["lip_speed"] == pytest.approx(80.0 / 3.6, rel=0.05)
    assert takeoff.height - foot.height == pytest.approx(7.0, abs=1.0)


def test_reach_and_speed_before_the_throw(jump):
    opened, thrown = jump.event("canopy open"), jump.event("throw")
    assert out_of(jump, opened) > 55.0 * 0.85
    assert 55.0 * 0.85 < out_of(jump, thrown) < 75.0
    assert 100.0 / 3.6 * 0.85 < thrown.speed < HIGHEST_SPEED


def test_time_to_the_landing(jump):
    lost = jump.event("takeoff").height - jump.performer.position[-1, 2] + jump.lip_altitude
    down, up = jump.performer.t[-1], jump.event("takeoff").t
    assert jump.outcome in ("landed", "struck-rock-under-canopy")
    assert down - up == pytest.approx(30.0, rel=0.2)
    assert np.isfinite(lost)
    # What the press called freefall: no fall of 170 m takes 30 s.
    assert math.sqrt(2.0 * 170.0 / 9.80665) < 6.0
