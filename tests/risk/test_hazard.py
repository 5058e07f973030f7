"""Measures of hazards: plain geometry, and flown stunts with one thing changed."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

import precipice
from precipice.risk.hazard import landing_slopes, landing_to_people, speed_into_ground, unseen
from precipice.scenario.criterion import HAZARDS
from precipice.scenario.kind import CANOPY, RAMP
from precipice.world.arrange import place

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"


def test_speed_into_a_slope_that_rises_ahead() -> None:
    """3 m/s down and 4 m/s level onto a slope of 3 in 4: 3 x 0.8 + 4 x 0.6 = 4.8 m/s into it."""
    assert speed_into_ground(3.0, 4.0, np.arctan2(3.0, 4.0)) == pytest.approx(4.8)
    assert speed_into_ground(3.0, 4.0, 0.0) == 3.0


def test_slopes_of_area_and_alternates_in_order() -> None:
    values = {"site.landing.slope": 0.1, "site.alternate.0.slope": 0.2, "site.alternate.1.slope": 0.3}
    assert landing_slopes(values) == [0.1, 0.2, 0.3]


def test_a_steep_landing_area_is_hard(tmp_path) -> None:
    """Each landing's margin shrinks by what the slope adds: 3 m/s down and 6 m/s level meet 20 deg at 4.9."""
    text = (SCENARIOS / "skydive.toml").read_text()
    head, tail = text.split("[site.landing]\n", 1)
    path = tmp_path / "steep.toml"
    path.write_text(f'{head}[site.landing]\nslope = {{ value = "20 deg", basis = "assumed" }}\n{tail}')
    level, steep = (
        precipice.assess(file, 500, 0, workers=1, drivers=False).hazard("hard landing")
        for file in (SCENARIOS / "skydive.toml", path)
    )
    assert level is not None
    assert steep is not None
    assert steep.margin_median is not None
    assert level.margin_median is not None
    assert steep.margin_median < level.margin_median - 1.0
    assert steep.tally.happened > level.tally.happened
    run = steep.worst[0]
    flown = dataclasses.asdict(precipice.fly(path, run=run.run, seed=0))["numbers"]
    sink, over = flown["landing_sink"], flown["landing_speed"]
    slope = np.radians(20.0)
    assert 4.6 - (sink * np.cos(slope) + over * np.sin(slope)) == pytest.approx(run.margin, abs=2e-3)


def test_distance_to_circles_of_people() -> None:
    """24 m east and 32 m north of the middle is 40 m away, from which the circle and the arms go."""
    scenario = precipice.load_scenario(SCENARIOS / "helsetkopen.toml")
    crew, road = scenario.site.people
    middle = place(crew.position, scenario)
    values = {"performer.radius": 1.0}
    where = np.array([middle[0] + 24.0, middle[0]]), np.array([middle[1] + 32.0, middle[1]])
    near, _ = landing_to_people(scenario, *where, np.array([300.0, 300.0]), values)
    assert near == pytest.approx([40.0 - 15.0 - 1.0, -16.0])
    gone = crew.to.value + 1.0
    assert np.isinf(landing_to_people(scenario, *where, gone, values)).all()
    assert road.to.value == crew.to.value


def test_a_crew_in_the_landing_area_is_landed_on(tmp_path) -> None:
    """With the crew at the target nearly every landing is on it, and each run's margin is the flown one."""
    text = (SCENARIOS / "helsetkopen.toml").read_text()
    assert 'bearing = "261 deg"' in text
    path = tmp_path / "crew.toml"
    path.write_text(text.replace('bearing = "261 deg"', 'bearing = "258 deg"'))
    aside, amid = (
        precipice.assess(file, 500, 0, workers=1, drivers=False).hazard("landing where people are")
        for file in (SCENARIOS / "helsetkopen.toml", path)
    )
    assert aside is not None
    assert amid is not None
    assert amid.tally.happened > 300
    assert aside.tally.happened < 50
    worst = amid.worst[0]
    flown = precipice.fly(path, run=worst.run, seed=0)
    east, north = flown.numbers["landing_east"], flown.numbers["landing_north"]
    arms = flown.values.get("performer.radius", 1.0)
    turn = np.radians(258.0)
    left = [
        np.hypot(east - distance * np.sin(turn), north - distance * np.cos(turn)) - radius - arms
        for distance, radius in ((1527.0, 15.0), (1450.0, 30.0))
    ]
    assert min(left) == pytest.approx(worst.margin, abs=1e-2)


def test_a_crew_where_a_body_comes_down_is_counted(tmp_path) -> None:
    """Beside the cushion nobody is hit, around it everybody; a crew that has left is not there."""
    text = (SCENARIOS / "high_fall.toml").read_text()
    there = 'bearing = "90 deg"\ndistance = "25 m"'
    assert there in text

    def crew(name: str, distance: str, until: str):
        path = tmp_path / f"{name}.toml"
        moved = text.replace(there, f'bearing = "0 deg"\ndistance = "{distance}"')
        path.write_text(moved.replace('to = "60 s"', f'to = "{until}"'))
        found = precipice.assess(path, 200, 0, workers=1, drivers=False).hazard("landing where people are")
        assert found is not None
        return found, path

    aside, _ = crew("aside", "25 m", "60 s")
    amid, path = crew("amid", "3 m", "60 s")
    gone, _ = crew("gone", "3 m", "1 s")
    assert [hazard.tally.happened for hazard in (aside, amid, gone)] == [0, 200, 0]
    assert gone.worst == ()
    worst = amid.worst[0]
    flown = precipice.fly(path, run=worst.run, seed=0)
    track = flown.tracks["body"]
    contact = flown.event("contact")
    assert contact is not None
    on_ground = track.position[track.t >= contact.t]
    # The circle lies 3 m north and has 5 m; the body reaches 0.5 m.
    left = np.hypot(on_ground[:, 0], on_ground[:, 1] - 3.0).min() - 5.5
    assert worst.margin == pytest.approx(left, abs=1e-2)


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.toml")), ids=lambda path: path.stem)
def test_nobody_is_warned_of_what_the_stunt_does_not_have(path) -> None:
    """Skis have no engine and a skydive no motorcycle; a drop's body is told of people like all others."""
    scenario = precipice.load_scenario(path)
    told = " ".join(unseen(scenario, HAZARDS))
    ridden = scenario.vehicle.kind if scenario.vehicle else ""
    assert ("motorcycle" in told) == (scenario.kind == "ramp-to-canopy")
    assert ("engine" in told) == (scenario.kind in RAMP and ridden != "ski")
    assert ("binding" in told) == (ridden == "ski")
    assert ("canopy" in told) == (scenario.kind in CANOPY)
    assert "people" in told
