"""The text of a run: what it must say, and that a person can trust the units and the width."""

import dataclasses
import re

import numpy as np
import pytest
from tests.conftest import ROOT

from precipice.earth import GRAVITY
from precipice.report.abort import deceleration, latest_abort, stopping_distance
from precipice.report.clearance import nearest_motorcycle, nearest_rock
from precipice.report.margins import margins
from precipice.report.scene import piece_name, ramp_shape, resample
from precipice.report.timeline import timeline
from precipice.report.words import OUTCOME_WORDS, number, quantity


def changed(run, **numbers):
    """The same run with other named numbers."""
    return dataclasses.replace(run, numbers={**run.numbers, **numbers})


def rows(text: str) -> dict[str, str]:
    """Rows of the table of events, by name."""
    found = re.findall(r"^ *(?:[+-]?[\d,.]+|-) +[\d,.]+  ([a-z][a-z ()]*?) {2,}(.*)$", text, re.MULTILINE)
    return dict(found)


def test_page_fits_and_names_every_event(flown, scenario):
    text = timeline(flown, scenario)
    assert max(len(line) for line in text.splitlines()) <= 100
    assert "\N{NO-BREAK SPACE}" not in text
    assert set(rows(text)) == {event.name for event in flown.events}


def test_every_section_is_there(flown, scenario):
    text = timeline(flown, scenario)
    for heading in (
        "Outcome:",
        "Closest",
        "Peak loads",
        "The motorcycle",
        "Margins",
        "What was assumed",
        "Not modelled",
    ):
        assert f"\n{heading}" in text
    assert "never a clearance to jump" in text


def test_speeds_agree_in_both_units(flown, scenario):
    for name, cells in rows(timeline(flown, scenario)).items():
        metres, kilometres = (float(cell) for cell in cells.split()[3:5])
        assert kilometres == pytest.approx(3.6 * metres, abs=0.7), name


def test_unresolved_is_loud(flown, scenario):
    doubted = dataclasses.replace(flown, resolved=False, doubts=("the path left the known terrain by 5 m",))
    text = timeline(doubted, scenario)
    head = text.split("Outcome:")[0]
    assert "UNRESOLVED" in head
    assert "left the known terrain" in head
    assert "(UNRESOLVED)" in text
    assert "UNRESOLVED" not in timeline(flown, scenario)


def test_every_outcome_has_words():
    from precipice.phases.sequence import OUTCOMES

    assert set(OUTCOMES) == set(OUTCOME_WORDS)


def test_overlap_is_a_hazard_and_never_clear_is_told(flown, scenario):
    gap = flown.performer.gap
    apart = dataclasses.replace(flown.performer, gap=np.where(gap < 1000.0, np.maximum(gap, 2.0), gap))
    assert "THE EXTENTS OVERLAP" not in timeline(dataclasses.replace(flown, performer=apart), scenario)
    row = int(np.argmin(gap))
    overlapping = gap.copy()
    overlapping[row] = -0.4
    together = dataclasses.replace(flown, performer=dataclasses.replace(flown.performer, gap=overlapping))
    text = timeline(together, scenario)
    assert "THE EXTENTS OVERLAP" in text
    assert "motorcycle gap -0.40 m" in " ".join(text.split("\n\n")[1].split())
    stuck = dataclasses.replace(flown.performer, gap=np.full_like(gap, 1000.0))
    never = dataclasses.replace(changed(flown, clear=0.0), performer=stuck)
    assert nearest_motorcycle(never) == ("never clear", None)
    assert "NEVER CAME CLEAR" in timeline(never, scenario)


def test_a_run_without_takeoff_has_no_gap_no_loads_and_no_margins_in_the_air(stopped, scenario):
    assert nearest_rock(stopped, scenario) is None
    assert nearest_motorcycle(stopped) == ("does not apply", None)
    reached = [name for name, margin in margins(stopped, scenario).items() if margin.value is not None]
    assert reached == ["gate_speed"]
    text = timeline(stopped, scenario)
    assert "no jump" in text
    assert "Peak loads" not in text


def test_clearance_is_the_smallest_that_counts(flown, scenario):
    """Recounted from the track: 1 s after the exit, more than 30 m above the ground, falling.

    Between two steps it may be smaller by what the path's curvature allows, see `smallest_clearance`.
    """
    near = nearest_rock(flown, scenario, ("freefall", "deployment", "inflation"))
    track, exit_time = flown.performer, flown.event("exit").t
    falling = ~np.isin(track.phase, ("run-up", "ramp", "flight", "separation", "canopy"))
    counts = falling & (track.t >= exit_time + 1.0) & (track.height > 30.0)
    assert near.distance == pytest.approx(track.clearance[counts].min(), abs=0.05)
    assert near.distance <= track.clearance[counts].min()
    assert near.distance == pytest.approx(flown.numbers["fall_clearance"], abs=0.05)
    assert near.to == "the wall"


@pytest.mark.parametrize(("back", "word"), [(0.0, "the wall"), (3.0, "the overhang")])
def test_only_rock_that_lies_back_is_an_overhang(back, word):
    profile = np.array([(-9.0, 0.0), (1.0, 0.0), (1.0 - back, -20.0), (1.0 - back, -200.0), (90.0, -300.0)])
    profile = np.concatenate([profile, [(500.0, -300.0)]])
    assert piece_name(profile, 1) == word
    assert piece_name(profile, 2) == "the wall"


def test_margins_are_measured_the_right_way_round(flown, scenario):
    left, planned = margins(flown, scenario), flown.values
    assert left["throw_height"].value == pytest.approx(
        flown.numbers["throw_height"] - planned["plan.hard_deck"]
    )
    # The peak between two steps is a little higher than the highest step.
    assert left["opening_load"].value == pytest.approx(12.0 - flown.numbers["opening_load"], abs=0.01)
    assert left["opening_load"].value <= 12.0 - flown.numbers["opening_load"]
    assert left["landing_distance"].value == pytest.approx(60.0 - flown.numbers["landing_distance"])
    slow = planned["plan.gate.minimum_speed"]
    assert left["gate_speed"].value == pytest.approx(flown.numbers["gate_speed"] - slow)
    helicopter = left["aircraft.0.performer"]
    assert helicopter.limit == 60.0
    # It hovers 250 m from the lip on 230 deg, 40 m up; no body of the run is nearer than about 200 m.
    assert 150.0 < helicopter.found < 250.0
    for margin in left.values():
        assert margin.unit
        assert margin.source


def test_criterion_replaces_the_limit_of_its_margin(flown, scenario):
    from precipice.scenario.criterion import Criterion

    own = Criterion(
        hazard="low throw", chance=0.001, accepted_by="rigger", limit="200 m", limit_source="her log"
    )
    strict = scenario.model_copy(update={"criterion": (own,)})
    margin = margins(flown, strict)["throw_height"]
    assert margin.limit == pytest.approx(200.0)
    assert margin.source == "criterion, rigger: her log"


def test_stopping_distance_is_the_one_of_the_phases():
    """Over every argument at once, to where nothing is left to brake before the brakes are built up."""
    import jax
    import jax.numpy as jnp

    from precipice.phases import traction

    low, high = [0.0, 0.1, 0.0, 0.0, 0.0], [40.0, 12.0, 3.0, 1.5, 8.0]
    speed, slowing, reaction, build_up, gain = np.random.default_rng(8).uniform(low, high, (500, 5)).T
    theirs = jax.vmap(traction.stopping_distance)(
        *(jnp.asarray(x) for x in (speed, slowing, reaction, build_up, gain))
    )
    ours = [
        stopping_distance(speed[k : k + 1], slowing[k : k + 1], reaction[k], build_up[k], gain[k : k + 1])[0]
        for k in range(len(speed))
    ]
    np.testing.assert_allclose(ours, theirs, rtol=1e-12)


def test_deceleration_is_the_one_of_the_phases(flown, scenario, world):
    """Both what the run says and what the phases say, over everything that goes into it."""
    import equinox as eqx
    import jax.numpy as jnp

    from precipice.phases import traction

    rng = np.random.default_rng(9)
    capped = 0
    for _ in range(60):
        length, back, height = rng.uniform([1.2, 0.4, 0.6], [1.7, 0.8, 1.8])
        grip, used, slope = rng.uniform([0.1, 0.5, -0.1], [1.5, 1.0, 0.1])
        values = flown.values | {
            "motorcycle.wheelbase": length,
            "motorcycle.rear_axle_to_cg": back,
            "motorcycle.cg_height": height,
            "performer.braking_efficiency": used,
            "site.cliff.plateau_slope": slope,
            "ramp.friction": grip,
        }
        values |= {path: grip + 0.1 for path in values if "surface" in path and path.endswith(".friction")}
        vehicle = eqx.tree_at(
            lambda m: (m.wheelbase, m.rear_axle_to_cg, m.cg_height),
            world.vehicle,
            tuple(jnp.asarray(x) for x in (length, back, height)),
        )
        load = GRAVITY * np.cos(slope)
        limits = traction.drive_limits(vehicle, jnp.asarray(grip), jnp.asarray(load))
        capped += float(limits.stoppie) < used * float(limits.both_brakes)
        brakes = traction.brake_deceleration(vehicle, *(jnp.asarray(x) for x in (grip, load, used)))
        expected = max(float(brakes) + GRAVITY * np.sin(slope), 0.1)
        changed = dataclasses.replace(flown, values=values)
        assert deceleration(changed, scenario, 0.0) == pytest.approx(expected, rel=1e-12)
    assert 5 < capped < 55


def test_latest_abort_is_the_last_that_stops_before_the_lip(flown, scenario):
    """A call there, then reaction, build-up and full braking, integrated in small steps."""
    latest, planned = latest_abort(flown, scenario), flown.values
    track = flown.performer
    speed = float(np.interp(latest.t, track.t, np.linalg.norm(track.velocity, axis=1)))
    pushing = float(np.interp(latest.t, track.t, track.control[:, 0]))
    delay, build_up = planned["plan.gate.call_delay"], planned["performer.brake_build_up"]
    full = 9.80665 * planned["performer.braking_efficiency"] * planned["ramp.friction"]
    rolled, step, t = 0.0, 1e-4, 0.0
    while speed > 0.0:
        braking = full * min(max((t - delay) / build_up, 0.0), 1.0)
        acceleration = pushing if t < delay else -braking
        rolled, speed, t = rolled + step * speed, speed + step * acceleration, t + step
    ramp = planned["ramp.lip_angle"] * planned["ramp.radius"] + planned["ramp.straight"]
    assert latest.station + rolled == pytest.approx(planned["run_up.length"] + ramp, abs=0.1)


def test_latest_abort_hardly_depends_on_the_steps(flown, scenario):
    """With every other step of the run-up left out; by straight lines it moves by 3 mm."""
    track = flown.performer
    keep = np.ones(len(track.t), bool)
    keep[np.flatnonzero(track.phase == "run-up")[2:-1:2]] = False
    rows = {field.name: getattr(track, field.name)[keep] for field in dataclasses.fields(track)}
    thinned = dataclasses.replace(flown, performer=dataclasses.replace(track, **rows))
    expected, found = latest_abort(flown, scenario), latest_abort(thinned, scenario)
    assert found.station == pytest.approx(expected.station, abs=5e-4)
    assert found.t == pytest.approx(expected.t, abs=3e-5)


def test_ramp_shape_is_the_world_s(world, flown, scenario):
    shape = ramp_shape(flown, scenario)
    np.testing.assert_allclose(shape[0], [-float(world.ramp.base), -float(world.ramp.height)], atol=1e-3)
    np.testing.assert_allclose(shape[-1], [0.0, 0.0], atol=1e-12)


def test_resampling_meets_the_track(flown):
    track = flown.performer
    times = 0.5 * (track.t[200:260] + track.t[201:261])
    expected = np.array([track.at(float(t))[0] for t in times])
    np.testing.assert_allclose(resample(track, times), expected, atol=1e-9)


def test_numbers_are_said_plainly():
    assert number(-0.04) == "0.0"
    assert number(None) == number(float("nan")) == "-"
    assert number(3.14159, 2, sign=True) == "+3.14"
    assert quantity(1251.09, "m").replace("\N{NO-BREAK SPACE}", " ") == "1,251 m"
    assert quantity(0.5, "1") == "0.50"


def test_a_canopy_far_from_the_wall_was_flown_all_the_same():
    """A wingsuit opens 2.2 km out and flies two minutes under the canopy: only the valley floor is near."""
    import precipice

    scenario = precipice.load_scenario(ROOT / "scenarios" / "wingsuit.toml")
    run = precipice.fly(scenario)
    assert run.outcome == "landed"
    told = timeline(run, scenario)
    assert "to rock, under canopy  does not apply: no rock that counts" in told
    assert "did not get that far" not in told
