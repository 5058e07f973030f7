"""Bad input: one clear sentence for each problem, exit code 2, nothing written."""

import os
from importlib.resources import files

import pytest
from tests.scenario.bad_cases import CASES, GOOD

from precipice.cli.main import main
from precipice.errors import ScenarioError
from precipice.scenario.load import LARGEST, MOST, parse_scenario


@pytest.mark.parametrize("name", CASES)
def test_a_problem_names_file_field_rule_value_and_remedy(name, tmp_path, monkeypatch, capsys):
    case = CASES[name]
    assert case.old in GOOD
    monkeypatch.chdir(tmp_path)
    (tmp_path / "stunt.toml").write_text(GOOD.replace(case.old, case.new, 1), encoding="utf-8")
    with pytest.raises(SystemExit) as caught:
        main(["check", "stunt.toml"])
    out, err = capsys.readouterr()
    assert caught.value.code == 2
    assert out == ""
    assert [path.name for path in tmp_path.iterdir()] == ["stunt.toml"]
    lines = [line for line in err.splitlines() if line.startswith(f"stunt.toml: {case.field}")]
    assert lines, err
    rule, rest = lines[0].removeprefix(f"stunt.toml: {case.field}").split(", but is ", 1)
    assert case.rule in rule
    assert case.value in rest
    assert case.remedy in rest
    assert "Traceback" not in err


def test_problems_come_all_at_once():
    names = [
        "negative mass",
        "landing above the lip",
        "unknown hazard",
        "unknown key",
        "gates out of order",
        "celsius",
    ]
    text = GOOD
    for name in names:
        text = text.replace(CASES[name].old, CASES[name].new, 1)
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text, "stunt.toml")
    assert {problem.field for problem in caught.value.problems} == {CASES[name].field for name in names}
    assert str(caught.value).count("\n") == len(names) - 1


def test_one_mistake_is_told_once():
    for name in ("negative mass", "unknown key", "ramp too steep", "missing field"):
        case = CASES[name]
        with pytest.raises(ScenarioError) as caught:
            parse_scenario(GOOD.replace(case.old, case.new, 1))
        assert [problem.field for problem in caught.value.problems] == [case.field]


def test_a_mistake_in_the_only_entry_of_a_list_does_not_make_it_empty():
    text = files("precipice.scenario").joinpath("template", "ramp-jump.toml").read_text(encoding="utf-8")
    old = 'friction = { value = "0.6", spread = { shape = "normal", sd = "0.05", varies = "day" } }'
    assert old in text
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text.replace(old, 'friction = "-1"'))
    assert [problem.field for problem in caught.value.problems] == ["run_up.surface[0].friction"]


def test_thousands_of_problems_are_counted_rather_than_told():
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(GOOD.replace("takes = 1 ", "\n".join(f"key{number} = 1" for number in range(5000))))
    assert len(caught.value.problems) == MOST + 1
    assert "more problems" in str(caught.value.problems[-1])


def refusal(path, capsys):
    with pytest.raises(SystemExit) as caught:
        main(["check", str(path)])
    out, err = capsys.readouterr()
    assert caught.value.code == 2
    assert out == ""
    assert err.startswith(f"{path}: ")
    assert err.count("\n") == 1
    return err


def test_a_missing_file(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert "must exist, but is missing: check the path" in refusal("none.toml", capsys)


def test_a_directory(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    assert "must be a file, but is a directory" in refusal("folder", capsys)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser can read everything"
)
def test_an_unreadable_file(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret.toml").touch(mode=0)
    assert "must be readable, but is Permission denied" in refusal("secret.toml", capsys)


def test_a_file_that_is_not_text(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "latin.toml").write_bytes('format = 1\ntitle = "Å"\n'.encode("latin-1"))
    assert "line 2 must be UTF-8 text, but is byte 0xc5: save it as UTF-8" in refusal("latin.toml", capsys)


def test_a_file_that_is_far_too_long(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "long.toml").write_bytes(b"#" * (LARGEST + 1))
    assert "must be a scenario, but is longer than" in refusal("long.toml", capsys)


def test_an_empty_file(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.toml").touch()
    assert "kind must be one of" in refusal("empty.toml", capsys)
