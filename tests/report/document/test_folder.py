"""Run folders that are incomplete, damaged or of another version: one clear sentence each."""

import json

import pytest

from precipice.cli.main import main
from precipice.risk.assessment import assessment_json
from precipice.risk.saved import load_record, read_assessment


def refused(capsys, *arguments):
    with pytest.raises(SystemExit) as caught:
        main(["report", *map(str, arguments)])
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    assert len(err.strip().splitlines()) == 1
    return caught.value.code, err


def edit(path, change):
    told = json.loads(path.read_text())
    change(told)
    path.write_text(json.dumps(told))


def cut(path):
    raw = path.read_bytes()
    path.write_bytes(raw[: len(raw) // 2])


def flip_a_byte(path):
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 3] ^= 0xFF
    path.write_bytes(bytes(raw))


def shard(folder):
    return next((folder / "shards").glob("*.parquet"))


def put(name, **more):
    return lambda folder: edit(folder / name, lambda told: told.update(more))


def drop(name, key):
    return lambda folder: edit(folder / name, lambda told: told.pop(key))


def lose(name):
    return lambda folder: (folder / name).unlink()


def halve(name):
    return lambda folder: cut(folder / name)


FOUND, MANIFEST = "assessment.json", "manifest.json"
CAMPAIGNS = {
    "no assessment": (3, "its campaign was stopped; finish it with precipice assess", lose(FOUND)),
    "half an assessment": (2, "must be an assessment, but is damaged", halve(FOUND)),
    "no hazards in it": (2, "damaged (KeyError", drop(FOUND, "hazards")),
    "a list instead": (2, "must be an assessment", lambda folder: (folder / FOUND).write_text("[]")),
    "assessment of another layout": (2, "is of layout 99", put(FOUND, schema_version=99)),
    "half a manifest": (2, "must be a campaign's manifest", halve(MANIFEST)),
    "manifest without seed": (2, "must say seed", drop(MANIFEST, "seed")),
    "other physics": (2, "flown with another version's physics", put(MANIFEST, physics="0")),
    "other layout": (2, "flown with another version's layout", put(MANIFEST, schema_version=99)),
    "another scenario": (2, "has changed", put(MANIFEST, scenario_sha256="0")),
    "no scenario": (2, "must go with", put(MANIFEST, scenario_text="kind =")),
    "no manifest": (2, "has shards alone", lose(MANIFEST)),
    "a missing shard": (3, "is missing: fly its runs again", lambda folder: shard(folder).unlink()),
    "a damaged shard": (2, "is damaged", lambda folder: flip_a_byte(shard(folder))),
    "half a shard": (2, "is damaged", lambda folder: cut(shard(folder))),
}


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_campaigns(name, copied, capsys):
    code, words, damage = CAMPAIGNS[name]
    damage(copied)
    found, err = refused(capsys, copied)
    assert words in err
    assert str(copied) in err
    assert found == code
    assert not (copied / "report.html").exists()


FLIGHTS = {
    "half a record": (2, "is no whole JSON", halve("run.json")),
    "record of another version": (2, "is of 99", put("run.json", schema_version=99)),
    "no netCDF": (2, "but lacks run.nc", lose("run.nc")),
    "half a netCDF": (2, "cannot be read", halve("run.nc")),
    "another end": (2, "are of two", put("run.json", outcome="re-contact")),
}


@pytest.mark.parametrize("name", FLIGHTS)
def test_flights(name, copied_flight, capsys):
    code, words, damage = FLIGHTS[name]
    damage(copied_flight)
    found, err = refused(capsys, copied_flight)
    assert words in err
    assert found == code


def test_what_is_no_run_folder(tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.toml").write_text("")
    for name, words in (("none", "is missing"), ("a.toml", "is a file"), ("empty", "has neither")):
        code, err = refused(capsys, tmp_path / name)
        assert words in err
        assert code == 2


def test_where_it_cannot_be_written(campaign, tmp_path, capsys):
    assert "is a folder" in refused(capsys, campaign, "-o", tmp_path)[1]
    (tmp_path / "file").write_text("")
    assert "must lie in a folder" in refused(capsys, campaign, "-o", tmp_path / "file" / "r.html")[1]


def test_what_is_read_back_is_what_was_written(campaign, told):
    """Every field of an assessment survives the file: written again, it is the same text."""
    record = load_record(campaign)
    assert assessment_json(read_assessment(campaign, record, told.scenario)) == record


def test_ground_files_are_found_beside_the_folder(copied, told):
    """A folder may be carried elsewhere: without ground files its manifest is enough."""
    from precipice.report.document.folder import read_folder

    edit(copied / "assessment.json", lambda t: t["scenario"].update(file="/nowhere/stunt.toml"))
    assert read_folder(copied).scenario.text == told.scenario.text


def test_assess_writes_it_unless_told_not_to(tmp_path):
    from typer.testing import CliRunner

    from precipice.cli.main import app

    fall = str(__file__).replace("tests/report/document/test_folder.py", "scenarios/high_fall.toml")
    for name, more in (("with", []), ("without", ["--no-report"])):
        out = tmp_path / name
        shown = CliRunner().invoke(
            app, ["assess", fall, "--runs", "300", "--workers", "1", "--out", str(out), "--json", *more]
        )
        assert shown.exit_code == 0
        json.loads(shown.stdout)
        assert (out / "report.html").exists() == (not more)
