"""What stands and flies at the site is there when the scenario says, in its sizes."""

import numpy as np
import pytest

from precipice.report.export.moving import bodies_of
from precipice.report.film.cast import bodies_at
from precipice.report.film.setting import aircraft_solids, camera_solids
from precipice.report.film.shadow import shadow
from precipice.report.scene import ramp_shape


def test_aircraft_are_there_in_their_time_and_unseen_from_on_board(stage, flown, scenario):
    # The shipped scenario: helicopter B, 250 m away on a bearing of 230 deg, 40 m up, from -60 s to 300 s.
    place = np.array([250.0 * np.sin(np.radians(230)), 250.0 * np.cos(np.radians(230)), 40.0])

    def there(since, eye):
        return aircraft_solids(stage.setting, since, np.array(eye), flown, scenario)

    (solid,) = there(0.0, (0.0, 0.0, 2.0))
    assert np.linalg.norm(0.5 * (solid.points.min(axis=0) + solid.points.max(axis=0)) - place) < 3.0
    assert there(-61.0, (0.0, 0.0, 2.0)) == []
    assert there(301.0, (0.0, 0.0, 2.0)) == []
    assert there(0.0, place) == []


def test_a_camera_sees_the_others_and_not_itself(stage, flown, scenario):
    from precipice.report.film.film import take

    shot = take(stage, "lip crane", [flown.event("takeoff").t], (320, 180))
    (other,) = camera_solids(shot.shots, 0, shot.eye.position[0], stage.rock.top)
    assert np.linalg.norm(other.points.mean(axis=0) - shot.shots[0].position) < 3.0


def bodies_now(stage, flown, scenario, event, later=0.0):
    time = flown.event(event).t + later
    bodies = bodies_of(flown, scenario, np.array([time]))
    return bodies_at(stage.cast, bodies, 0, time)


@pytest.mark.parametrize("before", [0.2, 0.5, 3.0, 8.0])
def test_wheels_stand_on_the_ramp(stage, flown, scenario, before):
    """The ramp's surface is the curve that the engine integrates; before it the run-up is level."""
    time = flown.event("takeoff").t - before
    bodies = bodies_of(flown, scenario, np.array([time]))
    _, motorcycle = bodies_at(stage.cast, bodies, 0, time)
    line, azimuth = ramp_shape(flown, scenario, 200), flown.values["run_up.azimuth"]
    ahead = motorcycle.points[:, :2] @ [np.sin(azimuth), np.cos(azimuth)]
    above = motorcycle.points[:, 2] - np.interp(ahead, line[:, 0], line[:, 1])
    assert above.min() == pytest.approx(0.0, abs=0.03)


def test_canopy_has_the_scenarios_span_and_hangs_above(stage, flown, scenario):
    across = np.ptp(stage.cast.canopy(1.0).points[:, 1])
    # 6.9 m of cloth on an arc of about a radian are a twentieth less across.
    assert 0.93 * scenario.rig.canopy_span.value < across < 1.02 * scenario.rig.canopy_span.value
    performer, *_, canopy = bodies_now(stage, flown, scenario, "touchdown", -60.0)
    above = canopy.points[:, 2].max() - performer.points[:, 2].max()
    assert above == pytest.approx(scenario.rig.line_length.value, abs=1.5)


def test_nothing_is_overhead_before_the_throw_and_the_pilot_chute_trails(stage, flown, scenario):
    assert len(bodies_now(stage, flown, scenario, "throw", -0.2)) == 2
    *_, trailing = bodies_now(stage, flown, scenario, "bridle stretch")
    velocity = np.array(flown.event("bridle stretch").velocity)
    way = trailing.points.mean(axis=0) - np.array(flown.event("bridle stretch").position)
    assert way @ velocity / np.linalg.norm(way) / np.linalg.norm(velocity) < -0.9


def test_performer_swings_upright_while_the_canopy_opens(stage, flown, scenario):
    """At line stretch as the run fell, at the open canopy as it hangs, without a jump on the way."""
    start, end = flown.event("line stretch").t, flown.event("canopy open").t
    time = np.linspace(start + 0.01, end + 0.05, 60)
    bodies = bodies_of(flown, scenario, time)
    heads = []
    for k, now in enumerate(time):
        performer, *_ = bodies_at(stage.cast, bodies, k, float(now))
        # The helmet is the highest ball of the figure, 0.7 m from the centre of mass.
        way = performer.points - bodies[0].position[k]
        heads.append(way[np.linalg.norm(way, axis=1) > 0.72].mean(axis=0))
    heads = np.array(heads)
    assert np.linalg.norm(np.diff(heads, axis=0), axis=1).max() < 0.1
    upright = bodies_at(stage.cast, bodies, 59, float(time[59]))[0].points - bodies[0].position[59]
    assert upright[:, 2].max() > 0.75


def test_a_shadow_falls_on_what_is_below_or_nowhere(stage, flown, scenario):
    sun = stage.painter.sun
    rider, _ = bodies_now(stage, flown, scenario, "takeoff", -2.0)
    found = shadow(rider, sun, stage.cast.deck)
    assert found is not None
    outline, dark = found
    assert 0.4 < dark <= 0.5
    # On the deck, a little above what the wheels roll on.
    low = float(bodies_of(flown, scenario, np.array([flown.event("takeoff").t - 2.0]))[0].position[0, 2])
    assert np.all(outline.points[:, 2] < low)
    assert shadow(bodies_now(stage, flown, scenario, "throw")[0], sun, stage.cast.deck) is None
