"""The motorcycle's critical area and whom it hits.

Sources: T18 of the fall note (JARUS SORA Annex F by casex 1.2.3: 3 m wide, 25 kg, 45 m/s, 35 deg: 200.8 m^2),
and more numbers of casex 1.2.3 (person 0.3 m by 1.8 m, 290 J, friction 0.65, restitution 0.7, no obstacles,
no fuel). Its gravity is 9.81: 0.04 % less slide than here. The chance of a hit is against areas of circles
and stadiums, by hand.
"""

from types import SimpleNamespace

import numpy as np
import pytest

from precipice.errors import InputError
from precipice.phases.sequence import OUTCOMES
from precipice.risk.ground_risk import Swath, critical_area, distance_to, measure_ground_risk
from precipice.risk.hazard import Flights
from precipice.scenario.load import parse_scenario

# Width [m], mass [kg], speed [m/s], angle [deg], area [m^2], glide area, slide area, slide [m].
CASEX = [
    (3.0, 25.0, 45.0, 35.0, 200.8332, 14.3438, 186.4894, 50.3889),
    (2.0, 110.0, 45.0, 60.0, 57.5097, 5.3566, 52.1531, 19.0379),
    (2.0, 110.0, 45.0, 80.0, 11.1594, 3.4799, 7.6796, 1.9327),
    (2.6, 108.0, 46.0, 70.0, 39.2250, 6.1177, 33.1073, 9.0894),
    (2.6, 108.0, 30.0, 40.0, 78.4952, 10.8857, 67.6095, 19.8713),
    (1.5, 160.0, 20.0, 25.0, 37.4832, 9.8380, 27.6452, 12.3397),
    (8.0, 500.0, 60.0, 15.0, 1224.9482, 86.8162, 1138.1321, 128.9637),
    (2.0, 110.0, 3.0, 60.0, 8.0113, 5.3566, 2.6546, 0.0),
]


@pytest.mark.parametrize(("width", "mass", "speed", "angle", "area", "glide", "slid", "slide"), CASEX)
def test_critical_area_t18(width, mass, speed, angle, area, glide, slid, slide):
    found = critical_area(width, mass, speed, np.deg2rad(angle))
    assert found.area == pytest.approx(area, rel=1e-3)
    assert found.glide_area == pytest.approx(glide, rel=1e-4)
    assert found.slide_area == pytest.approx(slid, rel=1e-3)
    assert found.slide == pytest.approx(slide, rel=1e-3)


def test_many_at_once_are_each_alone():
    width, mass, speed, angle, area = np.array(CASEX).T[:5]
    np.testing.assert_allclose(critical_area(width, mass, speed, np.deg2rad(angle)).area, area, rtol=1e-3)


@pytest.mark.parametrize(
    ("numbers", "word"),
    [((0.0, 25.0, 45.0, 1.0), "width"), ((3.0, -1.0, 45.0, 1.0), "mass"), ((3.0, 25.0, 45.0, 2.0), "angle")],
)
def test_nonsense_is_refused(numbers, word):
    with pytest.raises(InputError, match=word):
        critical_area(*numbers)


def test_distance_to_a_line_that_ends():
    """A line of 10 m to the north: beside it, beyond its end, and before its beginning (3-4-5)."""
    swath = Swath(np.zeros((3, 2)), np.tile([0.0, 10.0], (3, 1)), np.ones(3), np.ones(3, bool))
    places = np.array([[2.0, 5.0], [3.0, 14.0], [-3.0, -4.0]])
    np.testing.assert_allclose(distance_to(swath, places), [2.0, 5.0, 5.0])


PEOPLE = """
[[site.people]]
name = "crew"
east = "{east} m"
north = "{north} m"
radius = "{radius} m"
count = 3
from = "{begin} s"
to = "100 s"
"""


def flights(scenario_text, east=0.0, north=0.0, radius=20.0, begin=-10.0, runs=20_000, outcome="landed"):
    """Return runs whose motorcycle falls straight down at the origin of the map and stays there."""
    people = PEOPLE.format(east=east, north=north, radius=radius, begin=begin)
    scenario = parse_scenario(scenario_text + people)
    columns = {
        "resolved": np.ones(runs, bool),
        "outcome": np.full(runs, OUTCOMES.index(outcome), np.float32),
        "lip_time": np.full(runs, 5.0),
        "motorcycle_contact_speed": np.full(runs, 46.0),
        "motorcycle_contact_sink": np.full(runs, 46.0),
        "motorcycle_contact_time": np.full(runs, 15.0),
        "motorcycle_rest_time": np.full(runs, 20.0),
    }
    for name in ("contact", "rest"):
        columns |= {f"motorcycle_{name}_{axis}": np.zeros(runs) for axis in ("east", "north")}
    return Flights(columns, {"motorcycle.radius": np.full(runs, 1.3)}, scenario)


@pytest.fixture(scope="module")
def text():
    from importlib.resources import files

    whole = files("precipice.scenario").joinpath("template", "ramp-to-canopy.toml").read_text("utf-8")
    parts = whole.split("\n[[site.people]]")
    # Whoever the template puts there is left out: the table up to the next heading.
    return parts[0] + "".join(part[part.index("\n[") :] for part in parts[1:])


def test_chance_of_a_hit_is_a_share_of_area(text):
    """A disc of 1.6 m in a circle of 20 m: 0.0064 of its places; 20,000 runs know it to 0.00057 (s.d.)."""
    (found,) = measure_ground_risk(flights(text), seed=1)
    share = (1.6 / 20.0) ** 2
    assert found.name == "crew"
    assert found.hit.chance == pytest.approx(share, abs=4.0 * np.sqrt(share / 20_000))
    assert found.hit.low < found.hit.chance < found.hit.high
    assert found.expected == pytest.approx(3.0 * found.hit.chance)
    assert found.reached.chance == 1.0
    assert found.area == pytest.approx(np.pi * 1.6**2)


def test_a_slide_through_the_middle_hits_a_strip(text):
    """A slide of 400 m over the whole circle: a strip of 3.2 m in a disc of 40 m, by the circular segment."""
    given = flights(text)
    given.columns["motorcycle_contact_north"][:] = -200.0
    given.columns["motorcycle_rest_north"][:] = 200.0
    half, radius = 1.6, 20.0
    strip = 2.0 * (half * np.sqrt(radius**2 - half**2) + radius**2 * np.arcsin(half / radius))
    share = strip / (np.pi * radius**2)
    (found,) = measure_ground_risk(given, seed=2)
    assert found.hit.chance == pytest.approx(share, abs=4.0 * np.sqrt(share / 20_000))


def test_a_flat_path_hits_people_before_the_contact(text):
    """At 45 deg it is below 1.8 m for 1.8 m of way: a stadium of that length."""
    given = flights(text)
    given.columns["motorcycle_contact_sink"][:] = 46.0 * np.sqrt(0.5)
    given.columns["motorcycle_rest_north"][:] = 1e-3
    (found,) = measure_ground_risk(given, seed=3)
    assert found.area == pytest.approx(3.2 * 1.8 + np.pi * 1.6**2, rel=1e-3)


def test_people_elsewhere_or_not_there_yet_are_not_hit(text):
    for other in ({"east": 300.0}, {"begin": 16.0}, {"outcome": "stopped-before-lip"}):
        (found,) = measure_ground_risk(flights(text, **other, runs=2000), seed=4)
        assert (found.reached.happened, found.hit.happened) == (0, 0)


def test_unresolved_runs_count_as_hits_in_the_upper_bound(text):
    given = flights(text, east=300.0, runs=1000)
    given.columns["resolved"][:10] = False
    (found,) = measure_ground_risk(given, seed=5)
    assert found.hit.unresolved == 10
    assert found.hit.low == 0.0
    assert found.hit.high > 0.010


def test_a_stunt_without_a_motorcycle_is_refused(text):
    given = flights(text, runs=10)
    other = SimpleNamespace(kind="base-jump", site=given.scenario.site)
    with pytest.raises(InputError, match="ramp-to-canopy"):
        measure_ground_risk(given._replace(scenario=other), seed=6)
