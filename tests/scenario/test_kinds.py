"""What each kind of stunt must have, must not have, and the rules that only some kinds know."""

import math
import pickle
from importlib.resources import files

import numpy as np
import pytest

from precipice.errors import ScenarioError
from precipice.scenario.criterion import HAZARDS
from precipice.scenario.kind import ALL
from precipice.scenario.load import load_scenario, parse_scenario

SECTIONS = {
    "ramp-to-canopy": {"run_up", "ramp", "motorcycle", "performer", "rig", "plan"},
    "ramp-jump": {"run_up", "ramp", "vehicle", "landing_surface", "performer", "plan"},
    "base-jump": {"exit", "performer", "rig", "plan"},
    "skydive": {"aircraft", "performer", "rig", "plan"},
    "drop": {"exit", "body", "plan"},
}


def template(kind):
    return files("precipice.scenario").joinpath("template", f"{kind}.toml").read_text(encoding="utf-8")


def problems(text):
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text)
    return [(problem.field, problem.rule, problem.value, problem.remedy) for problem in caught.value.problems]


def without(text, start):
    """Return a scenario without the table that begins with a heading."""
    first = text.index(start)
    ends = [text.find(mark, first + 1) for mark in ("\n[", "\n# ---")]
    return text[:first] + text[min(end for end in ends if end > 0) :]


@pytest.mark.parametrize("kind", sorted(ALL))
def test_a_kind_has_its_sections_and_no_others(kind):
    scenario = parse_scenario(template(kind))
    every = set().union(*SECTIONS.values())
    assert {name for name in every if getattr(scenario, name) is not None} == SECTIONS[kind]


@pytest.mark.parametrize("kind", sorted(ALL))
def test_sections_of_other_kinds_are_refused(kind):
    for other in sorted(set().union(*SECTIONS.values()) - SECTIONS[kind]):
        found = problems(template(kind) + f"\n[{other}]\n")
        assert any(field == other and f"absent for the kind {kind}" in rule for field, rule, _, _ in found)


NEEDED = [
    ("ramp-to-canopy", "[motorcycle]", "motorcycle"),
    ("ramp-to-canopy", "[plan.pattern]", "plan.pattern"),
    ("ramp-to-canopy", "[plan.gate]", "plan.gate"),
    ("ramp-to-canopy", "[site.cliff]", "site.cliff"),
    ("ramp-jump", "[vehicle]", "vehicle"),
    ("ramp-jump", "[landing_surface]", "landing_surface"),
    ("base-jump", "[exit]", "exit"),
    ("base-jump", "[site.landing]", "site.landing"),
    ("skydive", "[aircraft]", "aircraft"),
    ("skydive", "[performer]", "performer"),
    ("drop", "[body]", "body"),
    ("drop", "[wind]", "wind"),
]


@pytest.mark.parametrize(("kind", "heading", "field"), NEEDED)
def test_sections_that_a_kind_needs(kind, heading, field):
    found = problems(without(template(kind), heading))
    assert (field, "must be given", "missing") in [entry[:3] for entry in found]


def test_a_field_of_another_kind_is_refused():
    text = template("base-jump").replace("[plan]\n", '[plan]\nlip_speed = "20 m/s"\n')
    assert [entry[0] for entry in problems(text)] == ["plan.lip_speed"]


@pytest.mark.parametrize("kind", sorted(ALL))
def test_only_the_hazards_of_the_kind_can_be_accepted(kind):
    for name, hazard in HAZARDS.items():
        text = template(kind) + f'\n[[criterion]]\nhazard = "{name}"\nchance = "1 %"\naccepted_by = "all"\n'
        if kind in hazard.kinds:
            assert parse_scenario(text).criterion[-1].hazard == name
        else:
            assert [entry[0].split("[")[0] for entry in problems(text)] == ["criterion"]


def test_a_limit_is_si_inside():
    text = (
        template("skydive") + '\n[[criterion]]\nhazard = "hard landing"\nchance = 0.01\naccepted_by = "me"\n'
    )
    criterion = parse_scenario(text + 'limit = "18 km/h"\n').criterion[-1]
    assert (criterion.chance, criterion.limit_value) == pytest.approx((0.01, 5.0))
    assert [entry[0] for entry in problems(text + 'limit = "5 m"\n')] == ["criterion[2].limit"]


def test_a_skydive_lands_below_its_aircraft():
    text = template("skydive").replace('altitude = { value = "200 m"', 'altitude = { value = "4100 m"')
    field, rule, value, _ = problems(text)[0]
    assert (field, value) == ("site.landing.altitude", "4100 m")
    assert "aircraft.altitude, 4000 m" in rule


SURFACE = template("ramp-jump")[template("ramp-jump").index("[landing_surface]") :]
SURFACE = SURFACE[: SURFACE.index("# ---")]


def surface(text):
    return template("ramp-jump").replace(SURFACE, text)


def points(*distances):
    rows = "".join(f'[[landing_surface.point]]\ndistance = "{way} m"\nup = "-1 m"\n' for way in distances)
    return surface(f'[landing_surface]\nshape = "points"\n{rows}')


def test_a_landing_surface_goes_through_points():
    scenario = parse_scenario(points(0, 10, 30))
    assert [point.distance.value for point in scenario.landing_surface.point] == [0.0, 10.0, 30.0]
    assert scenario.values()["landing_surface.point.2.distance"] == 30.0


@pytest.mark.parametrize("distances", [(0, 10, 5), (0, 0), (7,)])
def test_a_landing_surface_that_doubles_back_is_refused(distances):
    field, rule, value, _ = problems(points(*distances))[0]
    assert field == "landing_surface.point"
    assert "farther out" in rule
    assert value.startswith(f"{distances[0]} m")


def test_a_landing_surface_is_one_of_three():
    assert problems(surface('[landing_surface]\nshape = "points"\n'))[0][0] == "landing_surface.point"
    assert problems(surface('[landing_surface]\nshape = "file"\n'))[0][0] == "landing_surface.file"
    both = surface('[landing_surface]\nshape = "plane"\nfile = "park.tif"\n')
    assert problems(both)[0][:2] == ("landing_surface.file", 'must be absent for shape = "plane"')


def test_a_terrain_file_must_be_there(tmp_path):
    path = tmp_path / "jump.toml"
    path.write_text(surface('[landing_surface]\nshape = "file"\nfile = "park.tif"\n'), encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"landing_surface\.file must be a file, but is park\.tif"):
        load_scenario(path)
    (tmp_path / "park.tif").touch()
    assert load_scenario(path).landing_surface.file == "park.tif"


def steepest_by_forces(wheelbase, back, height, friction):
    """Return the steepest steady climb [deg], from a balance of forces and moments solved at each angle.

    Statics of a rigid body on two wheels that pulls at the rear one; unknown are the two normal
    forces, in units of the weight.
    """
    for degrees in np.arange(0.0, 90.0, 0.01):
        angle = math.radians(degrees)
        rear, front = np.linalg.solve(
            [[1.0, 1.0], [0.0, wheelbase]],
            [math.cos(angle), back * math.cos(angle) - height * math.sin(angle)],
        )
        if front < 0.0 or math.sin(angle) > friction * rear:
            return degrees
    return 90.0


@pytest.mark.parametrize("friction", [0.4, 0.7, 1.5])
def test_a_ramp_can_be_as_steep_as_statics_allow(friction):
    limit = steepest_by_forces(1.485, 0.70, 0.86, friction)
    grip = (
        'friction = { value = "0.70", spread = { shape = "normal", sd = "0.05", varies = "day" } }\n\n# ---'
    )
    text = template("ramp-to-canopy")
    assert grip in text
    text = text.replace(grip, f'friction = "{friction}"\n\n# ---')
    parse_scenario(text.replace('lip_angle = "15 deg"', f'lip_angle = "{limit - 0.02} deg"'))
    found = problems(text.replace('lip_angle = "15 deg"', f'lip_angle = "{limit + 0.02} deg"'))
    assert [entry[0] for entry in found] == ["ramp.lip_angle"]


def test_a_scenario_can_be_sent_to_another_process():
    scenario = parse_scenario(template("ramp-to-canopy"), "stunt.toml")
    sent = pickle.loads(pickle.dumps(scenario))
    assert sent == scenario
    assert (sent.text, sent.file, sent.sha256) == (scenario.text, "stunt.toml", scenario.sha256)
