"""The command design-landing, as a ramp builder meets it."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from precipice.cli.main import app, main
from precipice.planning.landing_case import judge_written, lip_of
from precipice.scenario.load import load_scenario


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def refused(capsys, *arguments):
    with pytest.raises(SystemExit) as caught:
        main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    assert caught.value.code == 2
    assert out == ""
    assert "Traceback" not in err
    return err


@pytest.fixture(scope="module")
def jump(tmp_path_factory):
    path = tmp_path_factory.mktemp("jump") / "jump.toml"
    assert run("new", path, "--kind", "ramp-jump").exit_code == 0
    text = path.read_text(encoding="utf-8")
    assert 'lip_speed = "17 m/s"' in text
    path.write_text(text.replace('lip_speed = "17 m/s"', 'lip_speed = "16 m/s"'), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def designed(jump):
    folder = jump.parent / "out"
    done = run("design-landing", jump, "--fall-height", "0.5 m", "--out", folder)
    assert done.exit_code == 0, done.output
    return done.output, folder


def test_says_what_to_build(designed):
    text, folder = designed
    assert text.startswith("Landing for: A vehicle off a ramp, onto a landing ramp\n")
    # 16 m/s planned, 0.7 m/s standard deviation.
    assert "up to 18.1 m/s (65 km/h)" in text
    assert "like a fall from 0.50 m" in text
    assert "never a clearance" in text
    assert all(len(line) <= 100 for line in text.splitlines() if not line.startswith("Saved"))
    assert sorted(path.name for path in folder.iterdir()) == [
        "landing.json", "landing.png", "landing_surface.toml", "points.csv",
    ]  # fmt: skip
    assert (folder / "landing.png").read_bytes().startswith(b"\x89PNG")


def test_the_block_can_be_pasted_and_lands_as_designed(jump, designed, tmp_path):
    block = (designed[1] / "landing_surface.toml").read_text(encoding="utf-8")
    text = jump.read_text(encoding="utf-8")
    start, end = text.index("[landing_surface]"), text.index("# ------", text.index("[landing_surface]"))
    path = tmp_path / "pasted.toml"
    path.write_text(text[:start] + block + "\n" + text[end:], encoding="utf-8")
    scenario = load_scenario(path)
    assert run("check", path).exit_code == 0
    lip = lip_of(scenario)
    judged = judge_written(scenario, lip)
    worst = judged.worst(0.0, lip.fastest)
    assert worst["fall_height"] == pytest.approx(0.5, abs=0.02)
    # What the file had before: a plane, far harder for the fastest.
    assert judge_written(load_scenario(jump), lip).worst(0.0, lip.fastest)["fall_height"] > 2.0


def test_points_to_stake_out(designed):
    with (designed[1] / "points.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["part"] for row in rows} == {"surface", "transition"}
    away = np.array([float(row["distance from the lip [m]"]) for row in rows])
    assert np.all(np.diff(away) > 0.0)
    assert np.max(np.diff(away)) <= 0.2501
    on = [row for row in rows if row["part"] == "surface" and float(row["distance from the lip [m]"]) > 1.0]
    heights = np.array([float(row["equivalent fall height [m]"]) for row in on])
    np.testing.assert_allclose(heights, 0.5, atol=0.01)
    speeds = np.array([float(row["takeoff speed [m/s]"]) for row in on])
    assert np.all(np.diff(speeds) > 0.0)
    assert speeds[-1] == pytest.approx(18.1, abs=1e-3)


def test_json_is_the_file_and_has_no_nan(jump, designed):
    done = run("design-landing", jump, "--json")
    assert done.exit_code == 0
    told = json.loads(done.output, parse_constant=pytest.fail)
    assert told == json.loads((designed[1] / "landing.json").read_text(encoding="utf-8"))
    assert told["schema_version"] == 1
    assert told["transition"]["load_g"] == pytest.approx(3.0, abs=1e-6)
    assert told["off_plan"]["faster_fall_height"] > 1.5


def test_survey_in_place_of_a_slope(jump, tmp_path):
    survey = tmp_path / "ground.csv"
    rows = "\n".join(f"{x},{-1.83 - 0.05 * x:.4f}" for x in range(0, 90, 3))
    survey.write_text(f"distance,up\n{rows}\n", encoding="utf-8")
    by_survey = json.loads(run("design-landing", jump, "--ground", survey, "--json").output)
    by_slope = json.loads(run("design-landing", jump, "--slope", "2.8624 deg", "--json").output)
    assert by_survey["fill"] == pytest.approx(by_slope["fill"], rel=0.01)


def test_what_slower_jumps_hit_is_said(jump):
    done = run("design-landing", jump, "--slowest", "12 m/s")
    text = " ".join(done.output.split())
    assert "Every jump from 12.0 m/s (43 km/h) to 18.1 m/s (65 km/h) lands like" in text
    assert "SLOWER ONES HIT ITS FRONT" in text


def test_bad_input_is_said_in_one_sentence(jump, tmp_path, capsys):
    shipped = Path(__file__).parents[2] / "scenarios" / "helsetkopen.toml"
    assert "kind must be ramp-jump" in refused(capsys, "design-landing", shipped)
    assert "--fall-height must be a length" in refused(capsys, "design-landing", jump, "--fall-height", "0.5")
    assert "above zero" in refused(capsys, "design-landing", jump, "--fall-height", "0 m")
    assert "too large for this lip" in refused(capsys, "design-landing", jump, "--fall-height", "3 m")
    assert "--slowest must not be negative" in refused(capsys, "design-landing", jump, "--slowest", "-3 m/s")
    (tmp_path / "bad.csv").write_text("distance,up\n1,2\nx,3\n")
    assert "line 3 must be two numbers" in refused(
        capsys, "design-landing", jump, "--ground", tmp_path / "bad.csv"
    )
    both = ("--ground", tmp_path / "bad.csv", "--slope", "3 deg")
    assert "without --slope" in refused(capsys, "design-landing", jump, *both)
    assert "must be a folder" in refused(capsys, "design-landing", jump, "--out", jump)
    assert "must exist" in refused(capsys, "design-landing", tmp_path / "none.toml")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.csv"]


def test_help_does_not_load_the_physics():
    done = run("design-landing", "--help")
    assert done.exit_code == 0
    assert "--fall-height" in done.output
