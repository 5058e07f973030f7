"""`precipice export` as a person meets it: seven formats, and one sentence when it cannot be."""

import dataclasses
import json
import re
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from tests.cli import calls

FORMATS = {
    "kml": "kml", "czml": "czml", "glb": "glb", "usda": "usda", "csv": "csv", "netcdf": "nc", "chan": "chan",
}  # fmt: skip


@pytest.fixture
def folder(flown, scenario, tmp_path):
    return calls.save_run(tmp_path / "stunt", flown, scenario)


run, refused = partial(calls.run, "export"), partial(calls.refused, "export")


@pytest.mark.parametrize(("form", "suffix"), FORMATS.items())
def test_writes_one_file_beside_the_run(folder, form, suffix):
    more = ["--camera", "lip crane"] if form == "chan" else []
    shown = run(folder, "--to", form, "--fps", 4, *more)
    assert shown.exit_code == 0, shown.output
    assert shown.stdout == f"Saved {folder / f'flight.{suffix}'}\n"
    assert calls.names(folder) == sorted(["run.json", "run.nc", f"flight.{suffix}"])
    assert (folder / f"flight.{suffix}").stat().st_size > 10_000


def test_output_is_named_and_replaced(folder, tmp_path):
    path = tmp_path / "out.csv"
    path.write_text("old")
    assert run(folder, "--to", "csv", "--fps", 1, "-o", path).exit_code == 0
    assert path.read_text().startswith("name,frame,")
    assert calls.names(folder) == ["run.json", "run.nc"]
    assert path.stat().st_mode & 0o777 == 0o644


def test_options_reach_the_file(folder, tmp_path):
    def made(form, *more):
        path = tmp_path / f"out.{form}"
        assert run(folder, "--to", form, "--fps", 2, "-o", path, *more).exit_code == 0
        return path.read_text(encoding="utf-8")

    assert "2021-05-01T08:00:00.000Z" in made("kml", "--takeoff", "2021-05-01T10:00:00+02:00")
    assert 'Mesh "ground"' in made("usda")
    assert 'Mesh "ground"' not in made("usda", "--no-ground")
    assert "lip_crane" not in made("usda", "--no-ground", "--camera", "helicopter long lens")
    above = made("csv", "--geoid", "100").splitlines()[1].split(",")
    assert float(above[12]) - float(above[11]) == pytest.approx(100.0, abs=1e-3)


def test_several_runs_of_one_scenario_share_a_file(folder, flown, scenario, tmp_path):
    other = calls.save_run(tmp_path / "second", dataclasses.replace(flown, run=3, seed=0), scenario)
    path = tmp_path / "both.csv"
    assert run(folder, other, "--to", "csv", "--fps", 1, "-o", path).exit_code == 0
    found = dict.fromkeys(line.split(",")[0] for line in path.read_text().splitlines()[1:])
    assert list(found)[:4] == ["performer", "motorcycle", "second performer", "second motorcycle"]
    assert list(found)[4:] == ["helicopter long lens", "lip crane"]


def test_runs_of_a_campaign_are_flown_again(scenario, tmp_path, monkeypatch):
    import precipice
    from precipice.campaign.campaign import open_campaign

    campaign = open_campaign(tmp_path / "campaign", scenario, 5).folder
    monkeypatch.chdir(tmp_path)
    shown = run(campaign, "--to", "csv", "--fps", 1, "--runs", "2,0-1", "-o", "many.csv")
    assert shown.exit_code == 0, shown.output
    assert "flying 3 runs again" in shown.stderr
    rows = [line.split(",") for line in Path("many.csv").read_text().splitlines()[1:]]
    assert list(dict.fromkeys(row[0] for row in rows))[:4:2] == ["performer", "run 2 performer"]
    last = [row for row in rows if row[0] == "run 1 performer"][-1]
    end = [float(cell) for cell in last[6:9]]
    again = precipice.fly(scenario, 1, 5)
    np.testing.assert_allclose(end, again.event("touchdown").position, atol=1e-3)


def test_campaign_of_another_version_or_scenario_is_refused(scenario, tmp_path, capsys):
    from precipice.campaign.campaign import open_campaign

    campaign = open_campaign(tmp_path / "campaign", scenario, 5).folder
    assert "add --runs 0-19" in refused(capsys, campaign, "--to", "kml")
    manifest = campaign / "manifest.json"
    told = json.loads(manifest.read_text())

    def with_(**changes):
        manifest.write_text(json.dumps({k: v for k, v in (told | changes).items() if v is not None}))
        return refused(capsys, campaign, "--to", "kml", "--runs", "0")

    assert "another version flew it" in with_(physics="0" * 64)
    assert "another version flew it" in with_(schema_version=2)
    assert "lacks parts" in with_(seed=None)
    assert "must go with the ground and weather files" in with_(scenario_text="format = 1")
    assert "a file that it names has changed" in with_(scenario_sha256="0" * 64)
    assert "independent runs" in with_(group=10)
    manifest.write_text("{")
    assert "cannot be read" in refused(capsys, campaign, "--to", "kml", "--runs", "0")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--to", "obj"], "--to must be one of kml, czml, glb, usda, csv, netcdf, chan, but is obj"),
        (["--to", "chan"], "--to chan must be of one camera, but the scenario has 2"),
        (["--to", "kml", "--camera", "crane"], "it has helicopter long lens, lip crane"),
        (["--to", "glb", "--geoid", "40"], "--geoid must come with one of kml, czml, csv, netcdf"),
        (["--to", "kml", "--geoid", "nan"], "--geoid must lie within 12000 m"),
        (["--to", "chan", "--takeoff", "2020-09-06T10:30:00Z"], "--takeoff must come with one of kml"),
        (["--to", "csv", "--no-ground"], "--no-ground must come with one of glb, usda"),
        (["--to", "kml", "--takeoff", "10:30"], "--takeoff must be a date and time with a zone"),
        (
            ["--to", "kml", "--takeoff", "2020-09-06T10:30:00"],
            "--takeoff must be a date and time with a zone",
        ),
        (["--to", "kml", "--fps", "0"], "--fps must be frames a second from 1/60 to 1000"),
        (["--to", "kml", "--fps", "900"], "or fewer"),
        (["--to", "kml", "--runs", "0-3"], "--runs must come with a campaign's folder"),
        (["--to", "csv", "-o", "."], "-o must be a file, but . is a folder"),
        (["--to", "csv", "-o", "nowhere/out.csv"], "nowhere/out.csv must be writable, but is not"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(folder, capsys, arguments, sentence, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert sentence in refused(capsys, folder, *arguments)
    assert calls.names(folder) == ["run.json", "run.nc"]


def test_the_runs_own_files_are_never_replaced(folder, capsys):
    before = (folder / "run.nc").read_bytes()
    assert "one of the folder's own" in refused(capsys, folder, "--to", "netcdf", "-o", folder / "run.nc")
    assert (folder / "run.nc").read_bytes() == before


def test_folders_that_are_none_are_refused(folder, capsys, tmp_path):
    assert "must be a run folder, but is missing" in refused(capsys, tmp_path / "no", "--to", "kml")
    (folder / "run.nc").write_bytes(b"CDF")
    assert "must be as precipice wrote it" in refused(capsys, folder, "--to", "kml")
    (folder / "run.nc").unlink()
    assert "lacks run.nc" in refused(capsys, folder, "--to", "kml")


def test_one_camera_cannot_carry_two_runs(folder, flown, scenario, capsys, tmp_path):
    other = calls.save_run(tmp_path / "other", flown, scenario)
    assert "must be of one run, but 2" in refused(
        capsys, folder, other, "--to", "chan", "--camera", "lip crane"
    )


def test_runs_of_two_scenarios_are_refused(folder, flown, scenario, capsys, tmp_path):
    from precipice.scenario.load import parse_scenario

    changed = parse_scenario(scenario.text.replace('name = "lip crane"', 'name = "crane"'), scenario.file)
    other = calls.save_run(tmp_path / "other", flown, changed)
    assert "must be a run of the same scenario" in refused(capsys, folder, other, "--to", "glb")


def test_without_a_date_globes_ask_for_one(flown, scenario, capsys, tmp_path):
    from precipice.scenario.load import parse_scenario

    text = re.sub(r"^(date|time) = .*\n", "", scenario.text, count=2, flags=re.M)
    dateless = calls.save_run(tmp_path / "dateless", flown, parse_scenario(text, scenario.file))
    assert "give the time of takeoff or exit with --takeoff" in refused(capsys, dateless, "--to", "czml")
    assert run(dateless, "--to", "csv", "--fps", 1).exit_code == 0
    assert run(dateless, "--to", "kml", "--fps", 1, "--takeoff", "2020-09-06T10:30:00Z").exit_code == 0


def test_without_a_height_system_globes_ask_for_one(flown, scenario, capsys, tmp_path):
    from precipice.scenario.load import parse_scenario

    text = scenario.text.replace('"NN2000"', '"top of the air cushion"')
    odd = calls.save_run(tmp_path / "odd", flown, parse_scenario(text, scenario.file))
    assert "say with --geoid how far" in refused(capsys, odd, "--to", "kml")
    assert run(odd, "--to", "glb", "--fps", 1).exit_code == 0
    assert run(odd, "--to", "kml", "--fps", 1, "--geoid", "45.4").exit_code == 0


@pytest.mark.parametrize("text", ["", "x", "3-1", "-1", "1-", "1,,2", "1.5", "9" * 30, "0-2000", "٣"])
def test_numbers_that_are_none_are_refused(text):
    from precipice.errors import InputError
    from precipice.report.export.gather import read_numbers

    with pytest.raises(InputError, match="--runs must be"):
        read_numbers(text)


def test_numbers_come_once_in_their_order():
    from precipice.report.export.gather import read_numbers

    assert read_numbers("7, 1-3,2,0") == [7, 1, 2, 3, 0]
