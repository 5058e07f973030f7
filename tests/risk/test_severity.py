"""How badly people are hurt: the table's numbers, and how runs are graded and counted.

Sources: field triage of injured patients (Sasser et al. 2012, MMWR 61(RR-1)): adults who fell more than
20 ft, impacts of more than 20 mph; a median lethal fall of 48 ft (second-hand). Intervals: T23 of the fall
note, 9 of 20,850 jumps. Contact speeds: the flown track of the same run, and a fall without drag.
"""

import math
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from precipice.errors import InputError
from precipice.phases.sequence import OUTCOMES
from precipice.risk.contact import find_contacts
from precipice.risk.hazard import Flights
from precipice.risk.severity import KINDS, count_kinds, count_severities, grade_runs
from precipice.risk.severity_table import LEVELS, ROWS, TABLE
from precipice.scenario.load import load_scenario

SHIPPED = Path(__file__).parents[2] / "scenarios" / "recreational_cliff_jump.toml"
PAGE = Path(__file__).parents[2] / "docs" / "calibration.md"
NONE, MINOR, SEVERE, FATAL = range(4)


def test_published_thresholds_are_the_published_heights():
    """A body that falls without drag for t seconds falls g t^2 / 2 and is g t fast."""
    for threshold, feet in ((ROWS["landing"].severe, 20.0), (ROWS["landing"].fatal, 48.0)):
        time = threshold.value / 9.80665
        assert 0.5 * 9.80665 * time**2 == pytest.approx(feet * 0.3048, rel=1e-3)
        assert threshold.basis == "published"
    assert ROWS["motorcycle"].severe.value == pytest.approx(20.0 * 1609.344 / 3600.0, abs=0.005)


def test_every_number_says_what_it_rests_on():
    assert len(ROWS) == len(TABLE)
    for row in TABLE:
        assert 0.0 < row.minor.value <= row.severe.value <= row.fatal.value
        for threshold in (row.minor, row.severe, row.fatal):
            assert threshold.basis in ("published", "assumed")
            assert threshold.source
            if threshold.basis == "published":
                assert any(year in threshold.source for year in ("2005", "2012"))


def test_the_page_shows_the_table(capsys):
    from benchmarks.calibrate_severity import tell_table

    tell_table()
    page = PAGE.read_text(encoding="utf-8")
    for line in capsys.readouterr().out.splitlines():
        assert line in page


def test_a_threshold_counts_from_itself_on():
    row = ROWS["landing"]
    below, at = row.severe.value - 1e-6, row.severe.value
    found = row.grade(np.array([0.0, row.minor.value, below, at, row.fatal.value, 60.0, np.nan]))
    np.testing.assert_array_equal(found, [NONE, MINOR, MINOR, SEVERE, FATAL, FATAL, NONE])


def ended(runs):
    """Return flights from `(outcome, sink, level speed, height left, opening load in g)` of each run."""
    outcome, sink, level, left, load = zip(*runs, strict=True)
    count = len(runs)
    columns = {
        "resolved": np.array([name != "unresolved" for name in outcome]),
        "outcome": np.array([OUTCOMES.index(name) for name in outcome], np.float32),
        "landing_sink": np.array(sink, np.float32),
        "landing_speed": np.array(level, np.float32),
        "landing_up": np.array(left, np.float32) - 600.0,
        "lip_altitude": np.full(count, 1300.0, np.float32),
        "opening_load": np.array(load, np.float32),
        # What comes down beside the performer: 5 m/s apart.
        "closing_speed": np.full(count, 5.0, np.float32),
        "throw_time": np.full(count, 5.0),
        "open_time": np.full(count, 8.0),
        "end_time": np.full(count, 60.0),
    }
    values = {"site.landing.altitude": np.full(count, 700.0)}
    return Flights(columns, values, load_scenario(SHIPPED))


CASES = {
    "soft landing": (("landed", 2.0, 3.0, 0.0, 4.0), NONE, NONE),
    "landing at a paratrooper's sink": (("landed", 7.0, 3.0, 0.0, 4.0), MINOR, MINOR),
    "landing under a spiral": (("landed", 12.0, 3.0, 0.0, 4.0), SEVERE, SEVERE),
    "landing downwind": (("landed", 2.0, 12.0, 0.0, 4.0), SEVERE, SEVERE),
    "hard opening": (("landed", 2.0, 3.0, 0.0, 13.0), SEVERE, SEVERE),
    "water": (("landed-in-water", 5.0, 12.0, 0.0, 4.0), NONE, NONE),
    "no canopy": (("struck-ground-without-canopy", 45.0, 10.0, 0.0, 0.0), FATAL, FATAL),
    # 3-4-5: 6 and 8 m/s are 10 m/s into a wall; from 100 m up 44.3 m/s more, from 5 m 9.9 m/s: 14.1.
    "wall, high up": (("struck-rock-under-canopy", 6.0, 8.0, 100.0, 4.0), SEVERE, FATAL),
    "wall, low": (("struck-rock-under-canopy", 6.0, 8.0, 5.0, 4.0), SEVERE, SEVERE),
    "rock in freefall": (("struck-rock-in-freefall", 30.0, 5.0, 300.0, 0.0), FATAL, FATAL),
    "below the area": (("struck-rock-under-canopy", 2.0, 1.0, -30.0, 4.0), NONE, NONE),
    "motorcycle, and then the ground": (("re-contact", 30.0, 5.0, 300.0, 0.0), MINOR, FATAL),
    "off the deck, at a speed that nobody knows": (("left-deck", 9.0, 5.0, 300.0, 0.0), NONE, FATAL),
    "stopped on the run-up": (("stopped-before-lip", 0.0, 0.0, 600.0, 0.0), NONE, NONE),
}


@pytest.mark.parametrize("case", CASES)
def test_runs_are_graded(case):
    run, first, last = CASES[case]
    graded = grade_runs(ended([run]))
    assert (graded.first[0], graded.last[0]) == (first, last)
    assert (KINDS[graded.kind[0]] == "") == (last == NONE)


def test_what_hurt_whom():
    graded = grade_runs(ended([run for run, _, _ in CASES.values()]))
    found = count_kinds(graded)
    assert found["landing"] == (1, 1, 0)
    assert found["rock or obstacle under the canopy"] == (0, 1, 1)
    assert found["motorcycle"] == (0, 0, 2)
    assert sum(sum(counts) for counts in found.values()) == int(np.sum(graded.last > NONE))


def test_an_interval_of_deaths_t23():
    """9 of 20,850 jumps: 1.97e-4 to 8.19e-4 at 95 %, two-sided."""
    fatal, fine = CASES["no canopy"][0], CASES["soft landing"][0]
    graded = grade_runs(ended([fatal] * 9 + [fine] * 20_841))
    counts = {count.level: count for count in count_severities(graded, 0.975)}
    assert list(counts) == list(LEVELS[1:])
    assert (counts["fatal"].low, counts["fatal"].high) == pytest.approx((1.97e-4, 8.19e-4), rel=3e-3)
    assert counts["minor"].first == counts["severe"].first == 9


def test_doubt_widens_the_interval_on_both_sides():
    """Two contacts of unknown speed and three unresolved runs: none of them below, all of them above."""
    fine, met = CASES["soft landing"][0], ("re-contact", 30.0, 5.0, 300.0, 0.0)
    lost = ("unresolved", 50.0, 5.0, 0.0, 0.0)
    severe, fatal = count_severities(grade_runs(ended([met] * 2 + [lost] * 3 + [fine] * 995)))[1:]
    assert severe[1:4] == fatal[1:4] == (0, 2, 3)
    assert fatal.low == 0.0
    # 5 of 1,000, one-sided 95 %: 10.48 expected (chi-squared with 12 degrees of freedom, 21.03 / 2, tables).
    assert fatal.high == pytest.approx(21.03 / 2.0 / 1000.0, rel=0.01)


def test_a_vehicle_is_graded_by_its_fall_height():
    """Falls of 0.5 m, 3 m (7.7 m/s), 8 m and 16 m into the surface; beside it nothing tells."""
    names = ["landed"] * 4 + ["missed-surface"]
    columns = {
        "resolved": np.ones(5, bool),
        "outcome": np.array([OUTCOMES.index(name) for name in names], np.float32),
        "landing_fall_height": np.array([0.5, 3.0, 8.0, 16.0, 0.1]),
        "lip_time": np.zeros(5),
    }
    graded = grade_runs(Flights(columns, {}, SimpleNamespace(kind="ramp-jump")))
    np.testing.assert_array_equal(graded.first, [NONE, MINOR, SEVERE, FATAL, NONE])
    np.testing.assert_array_equal(graded.last, [NONE, MINOR, SEVERE, FATAL, FATAL])


def test_a_body_without_a_person_is_refused():
    flights = ended([CASES["soft landing"][0]])._replace(scenario=SimpleNamespace(kind="drop"))
    with pytest.raises(InputError, match="kind must have a person"):
        find_contacts(flights)


def test_the_last_numbers_are_those_of_the_contact(fly_kind):
    """A wall that leans out is met in freefall: speeds and height are those at the end of the track."""
    wall = {"site.cliff.wall_angle": math.radians(60.0), "exit.speed": 0.5, "plan.hard_deck": 0.0}
    run = fly_kind("recreational_cliff_jump", wall)
    assert run.outcome == "struck-rock-in-freefall"
    velocity, position = run.performer.velocity[-1], run.performer.position[-1]
    assert run.numbers["landing_sink"] == pytest.approx(-velocity[2], rel=1e-6)
    assert run.numbers["landing_speed"] == pytest.approx(np.hypot(*velocity[:2]), rel=1e-6)
    assert run.numbers["landing_up"] == pytest.approx(position[2], abs=1e-6)
    assert run.events[-1].speed == pytest.approx(np.linalg.norm(velocity), rel=1e-6)


def test_the_recreational_jump_says_where_every_value_comes_from(fly_kind):
    scenario = load_scenario(SHIPPED)
    written = [quantity for quantity in scenario.quantities().values() if not quantity.is_default]
    assert all(quantity.source for quantity in written)
    assert {quantity.basis for quantity in written} == {"published", "assumed"}
    assert scenario.criterion
    run = fly_kind("recreational_cliff_jump")
    assert (run.outcome, run.resolved) == ("landed", True)
