"""`precipice logs segment` and `synthesize`: what they print and how they end."""

import csv
import json
from pathlib import Path

from tests.training.test_readers import text1

from precipice.cli.main import main


def run(arguments, capsys):
    try:
        main(arguments)
        code = 0
    except SystemExit as end:
        code = end.code or 0
    return code, capsys.readouterr()


def test_one_object_a_line(tmp_path, capsys):
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    for path in (first, second):
        path.write_text(text1(40))
    code, told = run(["logs", "segment", str(first), str(second), "--json"], capsys)
    assert code == 0
    objects = [json.loads(line) for line in told.out.splitlines()]
    assert [each["file"] for each in objects] == [str(first), str(second)]
    assert all(set(each) == {"file", "kind", "jumps", "problems"} for each in objects)


def test_what_cannot_be_read_is_said_and_ends_with_two(tmp_path, capsys):
    good, bad = tmp_path / "a.csv", tmp_path / "b.csv"
    good.write_text(text1(40))
    bad.write_bytes(b"\x00\x01 not a log")
    code, told = run(["logs", "segment", str(bad), str(good), str(tmp_path / "none")], capsys)
    assert code == 2
    assert "no known format" in told.out
    assert f"{good}: none" in told.out
    assert "check the path" in told.out


def test_a_season_is_of_one_performer_on_one_motorcycle(tmp_path, capsys):
    """What the scenario calls an unknown constant is the same in every jump; the rest differs."""
    stunt = Path(__file__).parents[2] / "scenarios" / "ramp_jump.toml"
    code, told = run(["logs", "synthesize", str(stunt), "--jumps", "3", "-o", str(tmp_path / "s")], capsys)
    assert code == 0
    assert "truth in truth.csv" in told.out
    rows = list(csv.DictReader((tmp_path / "s" / "truth.csv").read_text().splitlines()))
    different = {name: len({row[name] for row in rows}) for name in rows[0]}
    assert different["vehicle.mass"] == different["vehicle.drag_area"] == 1
    assert different["performer.speed_error"] == 3
