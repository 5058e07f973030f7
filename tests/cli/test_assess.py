"""`precipice assess` as a person meets it, and as a script does."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from precipice.cli.main import app, main

SCENARIOS = Path(__file__).parents[2] / "scenarios"
FALL = SCENARIOS / "high_fall.toml"


def run(*arguments):
    return CliRunner().invoke(app, ["assess", *map(str, arguments)])


def refused(capsys, *arguments, code=2):
    with pytest.raises(SystemExit) as caught:
        main(["assess", *map(str, arguments)])
    out, err = capsys.readouterr()
    assert caught.value.code == code
    assert out == ""
    assert "Traceback" not in err
    return err


def test_prints_a_page_and_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shown = run(FALL, "--runs", 500, "--workers", 1)
    assert shown.exit_code == 0
    assert "VERDICT: NOT SHOWN" in shown.stdout
    assert "A planning aid, never a clearance to jump." in shown.stdout
    assert "flying: 500 runs" in shown.stderr
    assert list(tmp_path.iterdir()) == []


def test_prints_one_json_object():
    shown = run(FALL, "--runs", 500, "--workers", 1, "--json")
    told = json.loads(shown.stdout)
    assert (told["runs"], told["seed"], told["verdict"]) == (500, 0, "not shown")


def test_strict_says_by_its_code_that_it_is_not_met():
    assert run(FALL, "--runs", 200, "--workers", 1, "--strict").exit_code == 4


def test_folder_resumed_and_refused(tmp_path, capsys):
    assert run(FALL, "--runs", 300, "--workers", 1, "--out", tmp_path / "c").exit_code == 0
    assert {path.name for path in (tmp_path / "c").iterdir()} >= {
        "manifest.json", "shards", "assessment.json",
    }  # fmt: skip
    assert "add --resume" in refused(capsys, FALL, "--runs", 300, "--out", tmp_path / "c")
    assert run(FALL, "--runs", 600, "--workers", 1, "--out", tmp_path / "c", "--resume").exit_code == 0
    told = json.loads((tmp_path / "c" / "assessment.json").read_text())
    assert told["runs"] == 600


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--runs", "0"], "--runs must lie between 1 and"),
        (["--runs", "-3"], "--runs must lie between 1 and"),
        (["--workers", "0"], "--workers must be 1 or more"),
        (["--resume"], "--resume must come with --out"),
        (["--cluster", "here"], "--cluster must be an address"),
        (["--out", "/dev/null/c"], "must be a folder to write to"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(arguments, words, capsys):
    err = refused(capsys, FALL, *arguments)
    assert words in err


def test_a_scenario_that_is_not_there(capsys, tmp_path):
    assert "none.toml" in refused(capsys, tmp_path / "none.toml")


def test_stopped_by_hand_and_gone_on_with(tmp_path):
    """Ctrl-C in the middle: exit code 3, what is flown is kept, and the end is that of an undisturbed one."""
    folder = tmp_path / "c"
    command = [
        sys.executable,
        "-m",
        "precipice",
        "assess",
        str(FALL),
        "--runs",
        "400000",
        "--out",
        str(folder),
    ]
    process = subprocess.Popen(
        [*command, "--workers", "2", "--no-drivers"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    end = time.monotonic() + 60.0
    while len(list((folder / "shards").glob("*.parquet"))) < 2 and time.monotonic() < end:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60.0)
    assert process.returncode == 3, err
    assert out == ""
    assert "Traceback" not in err
    assert "--resume" in err
    kept = {path.name: path.stat().st_mtime_ns for path in (folder / "shards").glob("*.parquet")}
    assert len(kept) >= 2
    again = run(FALL, "--runs", 9000, "--workers", 1, "--out", folder, "--resume", "--no-drivers", "--json")
    whole = run(FALL, "--runs", 9000, "--workers", 1, "--no-drivers", "--json")
    one, other = json.loads(again.stdout), json.loads(whole.stdout)
    # More was asked for at first, so more guesses at the constants were flown: the rest is the same.
    for told in (one, other):
        del told["wall_s"], told["guesses"]
        for hazard in told["hazards"]:
            del hazard["ignorance_low"], hazard["ignorance_high"]
    assert one == other
