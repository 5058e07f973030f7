"""`precipice rare` as a person meets it, and as a script does."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from precipice.cli.main import app, main

FALL = Path(__file__).parents[2] / "scenarios" / "high_fall.toml"
QUICK = ("--hazard", "landing outside the area", "--chains", "20", "--threads", "1")


def refused(capsys, *arguments) -> str:
    with pytest.raises(SystemExit) as caught:
        main(["rare", str(FALL), *arguments])
    out, err = capsys.readouterr()
    assert caught.value.code == 2
    assert out == ""
    assert "Traceback" not in err
    return err


def test_prints_a_page() -> None:
    shown = CliRunner().invoke(app, ["rare", str(FALL), *QUICK])
    assert shown.exit_code == 0
    assert "LANDING OUTSIDE THE AREA: 0." in shown.stdout
    assert "95 % sure." in shown.stdout
    assert "Counts from: 4.00 m, farthest from the middle of the area" in shown.stdout
    assert "A planning aid, never a clearance to jump." in shown.stdout
    assert max(len(line) for line in shown.stdout.splitlines()) <= 100


def test_prints_one_json_object() -> None:
    told = json.loads(CliRunner().invoke(app, ["rare", str(FALL), *QUICK, "--json"]).stdout)
    assert (told["schema_version"], told["hazard"]) == (1, "landing outside the area")
    assert told["low"] < told["chance"] < told["high"]
    assert told["runs_flown"] == sum(branch["runs"] for branch in told["branches"])
    assert told["levels"] == max(branch["levels"] for branch in told["branches"])


def test_refuses_in_one_sentence(capsys) -> None:
    assert "but is 'hard opening': name one of" in refused(capsys, "--hazard", "hard opening")
    assert "chains must be 20 or more" in refused(capsys, *QUICK[:2], "--chains", "3")
    assert "--threads must be 1 or more" in refused(capsys, *QUICK[:2], "--threads", "0")
