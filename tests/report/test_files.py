"""The files of a run: whole or not at all, units everywhere, and the same numbers as the run."""

import csv
import dataclasses
import json

import numpy as np
import pytest

from precipice.errors import InputError
from precipice.phases.sequence import OUTCOMES
from precipice.report import files
from precipice.report.files import run_json, save_netcdf, save_run, save_track
from precipice.report.named_number import describe, si_unit
from precipice.report.table import COLUMNS

VECTOR = {"type": "array", "items": {"type": "number"}, "minItems": 3, "maxItems": 3}
MAYBE = {"type": ["number", "null"]}
NEAREST = {
    "type": ["object", "null"],
    "required": ["distance", "t", "position", "phase", "to"],
    "properties": {"distance": {"type": "number"}, "t": {"type": "number"}, "position": VECTOR},
}
EVENT = {
    "type": "object",
    "required": ["name", "body", "t", "position", "velocity", "altitude", "height", "load"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string"},
        "body": {"enum": ["performer", "motorcycle"]},
        "t": {"type": "number"},
        "position": VECTOR,
        "velocity": VECTOR,
        "altitude": {"type": "number"},
        "height": {"type": "number"},
        "load": {"type": "number"},
    },
}
MARGIN = {
    "type": "object",
    "required": ["value", "unit", "limit", "source"],
    "additionalProperties": False,
    "properties": {"value": MAYBE, "unit": {"type": "string"}, "limit": MAYBE, "source": {"type": "string"}},
}
SCHEMA = {
    "type": "object",
    "required": [
        "schema_version",
        "scenario",
        "outcome",
        "resolved",
        "doubts",
        "events",
        "loads",
        "clearance",
        "margins",
        "motorcycle",
        "body",
        "jump",
        "fastest_fall",
        "assumed",
    ],
    "additionalProperties": False,
    "properties": {
        "schema_version": {"const": 1},
        "scenario": {
            "type": "object",
            "required": ["file", "title", "kind", "sha256", "run", "seed"],
            "maxProperties": 6,
        },
        "outcome": {"enum": list(OUTCOMES)},
        "resolved": {"type": "boolean"},
        "doubts": {"type": "array", "items": {"type": "string"}},
        "events": {"type": "array", "items": EVENT, "minItems": 1},
        "loads": {"type": "object", "additionalProperties": MAYBE},
        "clearance": {
            "type": "object",
            "properties": dict.fromkeys(("smallest", "freefall", "canopy", "motorcycle"), NEAREST),
        },
        "margins": {"type": "object", "additionalProperties": MARGIN},
        "motorcycle": {"type": "object", "required": ["contact", "rest"]},
        "body": {"type": "null"},
        "jump": {"type": "null"},
        "fastest_fall": {"type": ["object", "null"], "required": ["speed", "t", "altitude"]},
        "assumed": {"type": "object", "required": ["count", "fields"]},
    },
}


def test_json_has_the_promised_shape(flown, scenario):
    import jsonschema

    found = run_json(flown, scenario)
    jsonschema.validate(json.loads(json.dumps(found, allow_nan=False)), SCHEMA)
    assert found["scenario"]["sha256"] == scenario.sha256
    assert found["scenario"]["run"] is None
    assert found["scenario"]["seed"] is None
    assert found["assumed"]["count"] == len(found["assumed"]["fields"]) == len(scenario.assumed())
    touchdown = flown.event("touchdown")
    assert found["events"][-1]["t"] == pytest.approx(touchdown.t)
    assert found["events"][-1]["position"] == pytest.approx(touchdown.position)


def test_json_never_holds_nan(flown, scenario):
    import jsonschema

    broken = {name: float("nan") for name in flown.numbers}
    doubted = dataclasses.replace(flown, numbers=broken, resolved=False, doubts=("not finite",))
    text = json.dumps(run_json(doubted, scenario), allow_nan=False)
    jsonschema.validate(json.loads(text), SCHEMA)


def test_table_reads_back_as_the_track(flown, tmp_path):
    save_track(flown, tmp_path / "track.csv")
    with (tmp_path / "track.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert all("[" in name or name in ("body", "phase") for name in COLUMNS)
    for body, track in (("performer", flown.performer), ("motorcycle", flown.motorcycle)):
        mine = [row for row in rows if row["body"] == body]
        assert [row["phase"] for row in mine] == list(track.phase)
        columns = {
            "time [s]": track.t,
            "east [m]": track.position[:, 0],
            "north [m]": track.position[:, 1],
            "up [m]": track.position[:, 2],
            "velocity up [m/s]": track.velocity[:, 2],
            "load [g]": track.load,
            "clearance [m]": track.clearance,
            "attitude w [1]": track.attitude[:, 0],
        }
        for name, values in columns.items():
            np.testing.assert_allclose([float(row[name]) for row in mine], values, atol=5.1e-5, err_msg=name)
        gaps = [row["gap to the motorcycle [m]"] for row in mine]
        assert [gap == "" for gap in gaps] == list(track.gap >= 1000.0)


def test_every_variable_of_the_dataset_has_a_unit_and_a_name(flown, scenario, tmp_path):
    import xarray as xr

    save_netcdf(flown, scenario, tmp_path / "run.nc")
    with xr.open_dataset(tmp_path / "run.nc") as found:
        for name in found.variables:
            assert found[name].attrs["units"], name
            assert found[name].attrs["long_name"], name
        assert found.attrs["scenario_text"] == scenario.text
        assert found.attrs["scenario_sha256"] == scenario.sha256
        assert found.attrs["outcome"] == flown.outcome
        assert found.attrs["precipice_version"]
        assert found.attrs["jax_version"]
        np.testing.assert_array_equal(found["performer_position"], flown.performer.position)
        np.testing.assert_array_equal(found["performer_time"], flown.performer.t)
        np.testing.assert_array_equal(found["motorcycle_velocity"], flown.motorcycle.velocity)
        words = found["performer_phase"].attrs["flag_meanings"].split()
        assert [words[code] for code in found["performer_phase"].values] == list(flown.performer.phase)
        assert list(found["event_name"].values) == [event.name for event in flown.events]
        assert float(found["number_lip_speed"]) == flown.numbers["lip_speed"]
        values = dict(zip(found["field_path"].values, found["field_value"].values, strict=True))
        assert values["plan.throw"] == 5.0


def test_named_numbers_have_units():
    known = {
        "lip_speed": "m s-1",
        "throw_time": "s",
        "snatch_force": "N",
        "open_height": "m",
        "lip_path_angle": "rad",
    }
    assert {name: describe(name).unit for name in known} == known
    assert si_unit("acceleration") == "m s-2"
    assert si_unit("ratio") == "1"


def test_folder_holds_four_whole_files_and_is_written_again(flown, scenario, tmp_path):
    folder = tmp_path / "deep" / "run"
    for _ in range(2):
        paths = save_run(flown, scenario, folder)
        assert sorted(file.name for file in folder.iterdir()) == [
            "flight.png",
            "run.json",
            "run.nc",
            "track.csv",
        ]
        assert sorted(path.name for path in paths) == ["flight.png", "run.json", "run.nc", "track.csv"]
    assert json.loads((folder / "run.json").read_text())["outcome"] == flown.outcome


def test_nothing_half_written_when_a_writer_fails(flown, scenario, tmp_path, monkeypatch):
    (tmp_path / "track.csv").write_text("old")

    def fail_midway(run, stream):
        stream.write("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "write_table", fail_midway)
    with pytest.raises(InputError, match="No space left on device"):
        save_run(flown, scenario, tmp_path)
    assert (tmp_path / "track.csv").read_text() == "old"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["run.json", "track.csv"]


def test_folder_that_is_a_file_is_refused(flown, scenario, tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(InputError, match="must be a folder"):
        save_run(flown, scenario, tmp_path / "taken")
