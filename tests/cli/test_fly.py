"""`precipice fly` as a person meets it, and as a script does."""

import json
import pickle
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from precipice.cli.main import app, main

SHIPPED = Path(__file__).parents[2] / "scenarios" / "helsetkopen.toml"


@pytest.fixture(autouse=True)
def ready(flown):
    """Every test here flies: the programs are in memory once the shared run was flown."""


def run(*arguments):
    return CliRunner().invoke(app, ["fly", *map(str, arguments)])


def refused(capsys, *arguments):
    with pytest.raises(SystemExit) as caught:
        main(["fly", *map(str, arguments)])
    out, err = capsys.readouterr()
    assert caught.value.code == 2
    assert out == ""
    assert "Traceback" not in err
    return err


@pytest.fixture
def scenario_with(tmp_path):
    """Function: the shipped scenario's file with other values."""

    def written(**changes):
        text = SHIPPED.read_text(encoding="utf-8")
        for key, value in changes.items():
            text, count = re.subn(
                rf'^{key} = {{ value = "[^"]*"', f'{key} = {{ value = "{value}"', text, flags=re.M
            )
            assert count == 1, key
        path = tmp_path / "stunt.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return written


def test_prints_the_timeline_and_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shown = run(SHIPPED)
    assert shown.exit_code == 0
    assert "Outcome: landed under the canopy" in shown.stdout
    assert list(tmp_path.iterdir()) == []


def test_json_is_one_object_and_nothing_else():
    shown = run(SHIPPED, "--json")
    assert shown.exit_code == 0
    found = json.loads(shown.stdout)
    assert found["outcome"] == "landed"
    assert found["scenario"]["file"] == str(SHIPPED)
    assert shown.stdout.startswith("{\n")
    assert shown.stdout.endswith("}\n")


def test_out_saves_the_files_and_says_where(tmp_path):
    folder = tmp_path / "run"
    shown = run(SHIPPED, "--out", folder, "--json")
    assert shown.exit_code == 0
    json.loads(shown.stdout)
    assert f"in {folder}" in shown.stderr
    assert sorted(file.name for file in folder.iterdir()) == ["flight.png", "run.json", "run.nc", "track.csv"]
    assert json.loads((folder / "run.json").read_text()) == json.loads(shown.stdout)


def test_what_new_writes_can_be_stopped_after_the_gate_and_lands_beside_nobody(tmp_path):
    """A gate after the last station from which one can stop would teach a gate that is of no use."""
    path = tmp_path / "stunt.toml"
    assert CliRunner().invoke(app, ["new", str(path)]).exit_code == 0
    told = json.loads(run(path, "--json").stdout)
    assert told["outcome"] == "landed"
    short = [name for name, margin in told["margins"].items() if margin["value"] < 0.0]
    # Nobody has measured a push: with the one that is assumed the motorcycle comes too near.
    assert short == ["motorcycle_gap"]


def test_physics_that_stops_the_stunt_is_a_result(scenario_with):
    slow = scenario_with(lip_speed="3 m/s", minimum_speed="2 m/s")
    shown = run(slow, "--json")
    assert shown.exit_code == 0
    found = json.loads(shown.stdout)
    assert found["outcome"] == "stopped-before-lip"
    assert found["clearance"]["motorcycle_status"] == "does not apply"
    assert found["loads"]["opening_shock"] is None
    assert run(slow).exit_code == 0


def test_bad_input_is_refused_and_nothing_is_written(tmp_path, capsys, scenario_with):
    folder = tmp_path / "out"
    bad = scenario_with(lip_speed="20")
    assert "plan.lip_speed" in refused(capsys, bad, "--out", folder)
    assert "plan.lip_speed" in refused(capsys, bad, "--out", folder, "--json")
    assert not folder.exists()
    assert "missing.toml" in refused(capsys, tmp_path / "missing.toml", "--out", folder)
    assert not folder.exists()


def test_refuses_what_cannot_be_meant(tmp_path, capsys):
    assert "--run" in refused(capsys, SHIPPED, "--seed", "3")
    (tmp_path / "file").write_text("")
    assert "must be a folder" in refused(capsys, SHIPPED, "--out", tmp_path / "file")
    assert run(SHIPPED, "--run", "-1").exit_code == 2


def test_json_imports_nothing_slow(flown, tmp_path):
    """A script waits for every import: those that only files and pictures need must not be among them."""
    kept = tmp_path / "run.pickle"
    kept.write_bytes(pickle.dumps(flown))
    code = (
        "import sys, pickle, precipice.campaign.fly as room\n"
        f"run = pickle.loads(open({str(kept)!r}, 'rb').read())\n"
        "room.fly = lambda *given, **more: run\n"
        "from precipice.cli.main import main\n"
        f"main_ = lambda: main(['fly', {str(SHIPPED)!r}, '--json'])\n"
        "try:\n    main_()\nexcept SystemExit as end:\n    assert not end.code\n"
        "slow = {'pint', 'xarray', 'matplotlib', 'rich', 'pandas', 'scipy', 'equinox', 'diffrax'}\n"
        "print(sorted(slow & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["outcome"] == flown.outcome
    assert done.stderr.strip().splitlines()[-1] == "[]"
