"""The commands new, check and schema, as a person meets them."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from precipice.cli.main import app, main
from precipice.errors import InputError
from precipice.scenario.kind import ALL
from precipice.scenario.load import load_scenario

SHIPPED = Path(__file__).parents[2] / "scenarios" / "helsetkopen.toml"


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


@pytest.mark.parametrize("kind", sorted(ALL))
def test_new_writes_a_scenario_that_check_accepts(tmp_path, kind):
    path = tmp_path / "stunt.toml"
    assert run("new", path, "--kind", kind).exit_code == 0
    assert load_scenario(path).kind == kind
    checked = run("check", path)
    assert checked.exit_code == 0
    assert checked.output.startswith(f"{path}: ok\n")
    assert [file.name for file in tmp_path.iterdir()] == ["stunt.toml"]


def test_new_does_not_overwrite_unless_told(tmp_path, capsys):
    path = tmp_path / "stunt.toml"
    path.write_text("mine")
    assert "must not exist yet" in refused(capsys, "new", path)
    assert path.read_text() == "mine"
    assert run("new", path, "--force").exit_code == 0
    assert path.read_text().startswith("#:schema")


def test_new_refuses_what_it_cannot_write(tmp_path, capsys):
    assert "is a directory" in refused(capsys, "new", tmp_path)
    assert "must be writable" in refused(capsys, "new", tmp_path / "none" / "stunt.toml")
    said = refused(capsys, "new", tmp_path / "stunt.toml", "--kind", "basejump")
    assert "--kind must be one of" in said
    assert "write --kind base-jump" in said
    assert "write --kind base-jump" in refused(capsys, "new", tmp_path / "stunt.toml", "--kind", "BASE jump")
    assert "choose one of these" in refused(capsys, "new", tmp_path / "stunt.toml", "--kind", "parkour")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["helsetkopen", "high_fall", "skydive"])
def test_new_copies_a_shipped_scenario(name, tmp_path):
    path = tmp_path / "mine.toml"
    made = run("new", path, "--shipped", name)
    assert made.exit_code == 0
    assert made.output.startswith(f"{path}: a copy of the shipped scenario {name}")
    assert path.read_bytes() == (SHIPPED.parent / f"{name}.toml").read_bytes()


def test_new_says_which_scenarios_are_shipped(tmp_path, capsys):
    path = tmp_path / "mine.toml"
    said = refused(capsys, "new", path, "--shipped", "Helsetkopen.toml")
    assert all(file.stem in said for file in SHIPPED.parent.glob("*.toml"))
    assert said.endswith("but is Helsetkopen.toml: write --shipped helsetkopen\n")
    assert "choose one of these" in refused(capsys, "new", path, "--shipped", "../pyproject")
    both = refused(capsys, "new", path, "--shipped", "helsetkopen", "--kind", "drop")
    assert "--kind must be left out beside --shipped" in both
    assert list(tmp_path.iterdir()) == []


def test_help_tells_of_every_command_in_a_whole_sentence(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    listed = run("--help").output.partition("Commands:\n")[2].splitlines()
    assert len(listed) >= 17
    assert all(line.endswith(".") and not line.endswith("...") for line in listed)


def test_new_leaves_nothing_when_the_disk_is_full(tmp_path, monkeypatch):
    def fail(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    result = run("new", tmp_path / "stunt.toml")
    assert isinstance(result.exception, InputError)
    assert "No space left" in str(result.exception)
    assert list(tmp_path.iterdir()) == []


def test_check_says_what_the_scenario_rests_on():
    result = run("check", SHIPPED)
    assert result.exit_code == 0
    scenario = load_scenario(SHIPPED)
    assert f"{len(scenario.values())} fields: " in result.output
    assert f"{len(scenario.uncertain())} uncertain: " in result.output
    assert "rig.bank_limit" not in result.output


def test_check_lists_what_is_assumed():
    lines = run("check", SHIPPED, "--all").output.splitlines()
    assert len([line for line in lines if line.startswith("  rig.bank_limit ")]) == 1
    assert not any(line.startswith("  site.altitude ") for line in lines)


def test_check_speaks_json(tmp_path):
    told = json.loads(run("check", SHIPPED, "--json").output)
    scenario = load_scenario(SHIPPED)
    assert told["ok"] is True
    assert told["schema_version"] == 1
    assert told["sha256"] == scenario.sha256
    assert told["assumed"] == scenario.assumed()
    assert sum(told["basis"].values()) == told["fields"] == len(scenario.values())
    bad = tmp_path / "bad.toml"
    bad.write_text(SHIPPED.read_text(encoding="utf-8").replace("takes = 6", "takes = 0"), encoding="utf-8")
    result = run("check", bad, "--json")
    told = json.loads(result.output)
    assert result.exit_code == 2
    assert told["ok"] is False
    assert [problem["field"] for problem in told["problems"]] == ["plan.takes"]
    assert told["problems"][0]["message"].startswith(f"{bad}: plan.takes must be")


def test_check_warns_about_what_is_seldom_meant(tmp_path):
    path = tmp_path / "stunt.toml"
    run("new", path, "--kind", "skydive")
    text = path.read_text(encoding="utf-8")
    cut = text[text.index("[rig.reserve_canopy]") : text.index("# ---", text.index("[rig.reserve_canopy]"))]
    path.write_text(text.replace("reserve = true", "reserve = false").replace(cut, ""), encoding="utf-8")
    assert "warning: a skydive without a reserve" in run("check", path).output


def test_schema_is_printed_or_written(tmp_path):
    printed = json.loads(run("schema").output)
    assert printed["$schema"].startswith("https://json-schema.org/draft/2020-12/")
    path = tmp_path / "scenario.schema.json"
    assert run("schema", "-o", path).exit_code == 0
    assert json.loads(path.read_text(encoding="utf-8")) == printed
    assert "| `lip_angle` |" in run("schema", "--table").output


def test_unknown_options_and_commands_are_bad_input():
    assert run("check", SHIPPED, "--colour").exit_code == 2
    assert run("chekc").exit_code == 2


def test_help_is_instant_and_errors_have_no_traceback(tmp_path):
    """The only test here that starts a process, for what an import hides: start-up and exit code."""
    code = "from precipice.cli.main import main; main()"
    began = time.perf_counter()
    shown = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code, "--help"], capture_output=True, text=True, check=True
    )
    took = time.perf_counter() - began
    for command in ("new", "check", "schema", "fly"):
        assert f" {command} " in shown.stdout
    slow = ("jax", "numpy", "scipy", "pydantic", "pint", "matplotlib", "xarray", "rich.markdown")
    imported = {line.rsplit("|", 1)[-1].strip() for line in shown.stderr.splitlines()}
    assert imported.isdisjoint(slow)
    assert took < 3.0  # 0.3 s on an idle machine
    path = tmp_path / "none.toml"
    missing = subprocess.run(
        [sys.executable, "-c", code, "check", str(path)], capture_output=True, text=True, check=False
    )
    assert missing.returncode == 2
    assert missing.stderr.startswith(f"{path}: file must exist, but is missing")
    assert missing.stdout == ""
