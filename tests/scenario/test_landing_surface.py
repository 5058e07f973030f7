"""What a landing surface must not be."""

from importlib.resources import files

import pytest

from precipice.errors import ScenarioError
from precipice.scenario.load import load_scenario

TEMPLATE = files("precipice.scenario").joinpath("template", "ramp-jump.toml").read_text(encoding="utf-8")
START = TEMPLATE.index("[landing_surface]")
END = TEMPLATE.index("# ------", START)
NORMAL = 'spread = { shape = "normal", sd = "0.2 m", varies = "constant" }'


def load(folder, block):
    path = folder / "jump.toml"
    path.write_text(f"{TEMPLATE[:START]}[landing_surface]\n{block}\n\n{TEMPLATE[END:]}", encoding="utf-8")
    return load_scenario(path)


def points(*pairs):
    rows = ", ".join(f"{{ distance = {x}, up = {z} }}" for x, z in pairs)
    return f'shape = "points"\npoint = [{rows}]'


def test_points_from_the_lip_outwards(tmp_path):
    surface = load(tmp_path, points(('"0 m"', '"-1 m"'), ('"12 m"', '"-3 m"'))).landing_surface
    assert surface is not None
    assert [point.distance.value for point in surface.point] == [0.0, 12.0]


@pytest.mark.parametrize(
    ("block", "field", "words"),
    [
        (points(('"0 m"', '"-1 m"'), ('"8 m"', '"-1 m"'), ('"7 m"', '"-3 m"')), "point", "farther out"),
        (points(('"-2 m"', '"-1 m"'), ('"8 m"', '"-1 m"')), "distance", "zero or more"),
        (points(('"1 m"', '"-1 m"')), "point", "at least two points"),
        ('shape = "plane"\ndistance = "-1 m"', "distance", "zero or more"),
        (
            points(('"5 m"', '"-1 m"'), (f'{{ value = "6 m", {NORMAL} }}', '"-2 m"')),
            "point",
            "stay apart over the whole spread",
        ),
    ],
)
def test_refused(tmp_path, block, field, words):
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path, block)
    assert len(caught.value.problems) == 1
    problem = caught.value.problems[0]
    assert field in problem.field
    assert words in problem.rule


@pytest.mark.parametrize("command", ["check", "fly"])
def test_a_surface_that_doubles_back_is_refused_on_the_command_line(tmp_path, capsys, command):
    from precipice.cli.main import main

    with pytest.raises(ScenarioError):
        load(tmp_path, points(('"0 m"', '"-1 m"'), ('"8 m"', '"-1 m"'), ('"7 m"', '"-3 m"')))
    with pytest.raises(SystemExit) as caught:
        main([command, str(tmp_path / "jump.toml")])
    out, err = capsys.readouterr()
    assert (caught.value.code, out) == (2, "")
    assert "landing_surface.point must have at least two points, each farther out" in err
    assert "list them from the lip outwards" in err
    assert "Traceback" not in err
