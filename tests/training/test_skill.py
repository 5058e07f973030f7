"""Repeatability, trend, control chart, days: numbers whose truth is drawn here, with fixed seeds.

Control limits of normal numbers: three standard deviations (Montgomery 2013, section 6.4).
"""

import numpy as np
import pytest
from tests.training.season import season_logbook
from typer.testing import CliRunner

from precipice.cli.main import app
from precipice.errors import InputError
from precipice.training.logbook import Logbook, save_logbook
from precipice.training.skill import control_limits, find_skill, learning_curve


def book(values, days=None, gear=None):
    rows = []
    for k, value in enumerate(values):
        rows.append(
            {
                "file": f"/logs/{k:04d}.csv", "jump": 1, "start": f"{k:05d}", "synthetic": False,
                "day": f"2026-01-{1 + (k // 10 if days is None else days[k]):02d}",
                "gear": "" if gear is None else gear[k],
                "lip_speed": value, "wind_speed": None, "lip_speed_sd": 0.01,
            }
        )  # fmt: skip
    return Logbook(rows)


def test_limits_are_three_deviations_of_normal_numbers():
    values = np.random.default_rng(1).normal(18.0, 0.5, 20_000)
    # The median of 20,000 ranges is known to 1 %.
    assert control_limits(values) == pytest.approx((16.5, 19.5), abs=0.03)


def test_outliers_are_named_and_do_not_hide_themselves():
    values = np.random.default_rng(2).normal(18.0, 0.3, 60)
    values[[17, 40]] = 24.0, 12.0
    found = find_skill(book(values), "lip_speed")
    assert {"logs/0017.csv#1", "logs/0040.csv#1"} <= set(found.outliers)
    assert len(found.outliers) <= 3


def test_learning_shows_and_no_learning_does_not():
    generator = np.random.default_rng(3)
    practice = np.log2(np.arange(1.0, 201.0))
    better = find_skill(book(18.0 + 0.2 * practice + 0.3 * generator.standard_normal(200)), "lip_speed")
    assert better.trend.still
    assert better.trend.interval.low < 0.2 < better.trend.interval.high
    steady = find_skill(book(18.0 + (1.0 / practice.clip(0.5)) * generator.standard_normal(200)), "lip_speed")
    assert steady.scatter.interval.high < 0.0
    # A 95 % interval shows a change that is not there in 5 % of the seasons: of 50, 9 once in a thousand.
    shown = 0
    for seed in range(50):
        values = np.random.default_rng([4, seed]).normal(18.0, 0.3, 40)
        shown += find_skill(book(values), "lip_speed").trend.still
    assert shown < 9


@pytest.mark.parametrize(("days", "each"), [(5, 6), (2, 12)])
def test_days_that_differ_are_no_learning(days, each):
    """Of 60 seasons without any, 95 % must say so: 9 that do not come three times in a thousand."""
    shown, day = 0, np.repeat(np.arange(days), each)
    for seed in range(60):
        generator = np.random.default_rng([7, seed])
        values = 18.0 + generator.normal(0.0, 1.0, days)[day] + generator.normal(0.0, 0.3, days * each)
        shown += find_skill(book(values, day), "lip_speed").trend.still
    assert shown < 9


def test_days_and_gear_that_differ():
    generator = np.random.default_rng(5)
    days = np.repeat(np.arange(5), 10)
    values = 18.0 + np.array([0.0, 0.5, -0.5, 1.0, 0.0])[days] + 0.2 * generator.standard_normal(50)
    found = find_skill(book(values, days, ["old" if day < 2 else "new" for day in days]), "lip_speed")
    assert found.day_chance < 1e-6
    assert found.posterior.day.interval.low > 0.1
    assert found.groups.keys() == {"gear old", "gear new"}
    assert found.groups["gear old"].jumps == 20
    alike = find_skill(book(18.0 + 0.2 * generator.standard_normal(50), days), "lip_speed")
    assert alike.day_chance > 1e-3


def test_wind_that_matters_shows_and_wind_that_does_not_does_not():
    """A number that falls by 0.1 for each m/s; of 40 seasons in which it does not, 95 % say so."""
    generator = np.random.default_rng(8)
    winds = np.repeat(np.array([1.0, 2.0, 3.0, 4.5, 6.0, 9.0, 2.5, 5.0]), 6)
    days = np.repeat(np.arange(8), 6)

    def season(slope):
        by_day = 0.1 * generator.standard_normal(8)[days]
        made = book(18.0 + slope * winds + by_day + 0.2 * generator.standard_normal(48), days)
        rows = [row | {"wind_speed": float(speed)} for row, speed in zip(made.rows, winds, strict=True)]
        return find_skill(Logbook(rows), "lip_speed")

    found = season(-0.1)
    assert found.by_wind.interval.low < -0.1 < found.by_wind.interval.high < 0.0
    assert found.groups["wind 0 to 1.6 m/s"].mean > found.groups["wind 8 m/s and more"].mean
    assert sum(group.jumps for group in found.groups.values()) == 48
    # Seven or more once in a thousand tests.
    assert sum(season(0.0).by_wind.still for _ in range(40)) < 7


def test_refuses_in_a_sentence():
    with pytest.raises(InputError, match="number must be one of"):
        find_skill(book([1.0]), "charm")
    with pytest.raises(InputError, match="must hold a jump with lip_speed"):
        find_skill(book([None]), "lip_speed")


def test_commands_show_and_draw_a_season(tmp_path):
    path = str(season_logbook("skydive", 4).path)
    run = lambda *arguments: CliRunner().invoke(app, ["logs", *arguments])  # noqa: E731
    listed = run("list", path)
    assert "4 jumps, 4 of them SYNTHETIC: evidence of nothing" in listed.stdout
    shown = run("show", path, "14-00-00/TRACK.CSV#1")
    assert "SYNTHETIC" in shown.stdout
    assert "terminal speed at sea level" in shown.stdout
    season = run("show", path, "--number", "delay")
    assert "rider, skydives: 4, SYNTHETIC: evidence of nothing" in season.stdout
    assert "exit to opening [s], 4 jumps on 1 day\n" in season.stdout
    for arguments in (["14-00-00/TRACK.CSV#1"], ["--number", "delay"]):
        assert run("plot", path, *arguments, "-o", str(tmp_path / "a.png")).exit_code == 0
        assert (tmp_path / "a.png").stat().st_size > 10_000
        (tmp_path / "a.png").unlink()


def test_the_band_of_the_learning_curve_holds_the_truth_as_often_as_it_says():
    """400 drawn learners of known slope, in one day each: 95 % at the first and last jump; luck is 3 %."""
    generator, held = np.random.default_rng(5), []
    practice = np.log2(np.arange(1.0, 25.0))
    truth = 20.0 - 0.4 * practice
    for _ in range(400):
        middle, reach = learning_curve(
            find_skill(book(truth + generator.normal(0.0, 1.0, 24), np.zeros(24, int)), "lip_speed")
        )
        held.append(np.abs(middle - truth) <= reach)
    assert np.mean(held, axis=0)[[0, -1]] == pytest.approx([0.95, 0.95], abs=0.03)


def mixed(tmp_path):
    """A logbook of two riders, a skydive of one of them, and a synthetic jump."""
    rows = []
    for number, (who, kind, made) in enumerate(
        [("Ana", "ramp_jump", False)] * 4
        + [("Ana", "ramp_jump", True)] * 3
        + [("Jon", "ramp_jump", False)] * 3
        + [("Ana", "skydive", False)] * 3
    ):
        speed = {"Ana": 18.0, "Jon": 25.0}[who] + 0.1 * number
        rows.append(
            {
                "file": f"/{who}/{number // 2}/24-05-04/10-00-00/TRACK.CSV",
                "jump": number % 2 + 1,
                "size": 1,
                "modified_ns": 1,
                "measured": 1,
                "problems": 0,
                "sha256": str(number),
                "kind": kind,
                "performer": who,
                "rehearsal": "practice-ramp",
                "day": "2024-05-04",
                "synthetic": made,
                "landing_sink": speed,
                "landing_sink_sd": 0.1,
            }
        )
    save_logbook(tmp_path / "mixed.parquet", rows)
    return str(tmp_path / "mixed.parquet")


def test_performers_kinds_and_synthetic_jumps_are_kept_apart(tmp_path):
    path = mixed(tmp_path)
    run = lambda *arguments: CliRunner().invoke(app, ["logs", *arguments])  # noqa: E731
    shown = run("show", path).stdout
    heads = [line for line in shown.splitlines() if line.startswith(("Ana,", "Jon,"))]
    assert heads == [
        "Ana, ramp jumps: 4",
        "Ana, ramp jumps: 3, SYNTHETIC: evidence of nothing",
        "Ana, skydives: 3",
        "Jon, ramp jumps: 3",
    ]
    assert len([line for line in shown.splitlines() if line.startswith("sink at the landing")]) == 4
    only = run("show", path, "--performer", "Jon").stdout
    assert "25.8" in only
    assert "Ana" not in only
    picture = str(tmp_path / "a.png")
    refused = run("plot", path, "-o", picture)
    assert "choose with --performer and --kind" in str(refused.exception)
    assert run("plot", path, "-o", picture, "--performer", "Ana", "--kind", "ramp_jump").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["show", "--performer", "Zoe"], "--performer must be one of Ana, Jon"),
        (["show", "--kind", "base"], "--kind must be one of ramp_jump, skydive"),
        (["show", "--kind", "skydive", "--performer", "Jon"], "must hold skydive jumps of Jon"),
        (["show", "--number", "charm"], "--number must be one of"),
        (["plot", "-o", "picture"], "must end with .png, .svg or .pdf"),
        (["plot", "-o", "nowhere/picture.png"], "must be writable"),
        (["show", "TRACK.CSV#1"], "write more of /Ana/0/24-05-04/10-00-00/TRACK.CSV#1, "),
        (["show", "TRACK.CSV#9"], "none fits TRACK.CSV#9"),
    ],
)
def test_looking_refuses_in_a_sentence(arguments, said, tmp_path):
    command, *rest = arguments
    found = CliRunner().invoke(app, ["logs", command, mixed(tmp_path), *rest])
    assert isinstance(found.exception, InputError)
    assert said in str(found.exception)


def test_a_jump_is_found_by_as_much_of_its_path_as_it_takes(tmp_path):
    found = CliRunner().invoke(app, ["logs", "show", mixed(tmp_path), "Jon/4/24-05-04/10-00-00/TRACK.CSV#1"])
    assert "25.8" in found.stdout
