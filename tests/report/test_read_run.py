"""A run folder read back: the same run, or one sentence that says why not."""

import dataclasses
import json

import numpy as np
import pytest

from precipice.errors import InputError
from precipice.report.files import run_json, save_netcdf
from precipice.report.read_run import read_run
from precipice.simulation.track import COLUMNS


@pytest.fixture
def folder(flown, scenario, tmp_path):
    save_netcdf(flown, scenario, tmp_path / "run.nc")
    (tmp_path / "run.json").write_text(json.dumps(run_json(flown, scenario)), encoding="utf-8")
    return tmp_path


def test_run_and_scenario_come_back_whole(folder, flown, scenario):
    run, its = read_run(folder)
    assert its.sha256 == scenario.sha256
    assert its.text == scenario.text
    for name in ("outcome", "resolved", "doubts", "run", "seed", "kind", "lip_altitude", "landing_altitude"):
        assert getattr(run, name) == getattr(flown, name), name
    assert run.numbers == flown.numbers
    assert run.values == {path: flown.values.get(path, v) for path, v in scenario.values().items()}
    assert [dataclasses.astuple(event) for event in run.events] == [
        dataclasses.astuple(event) for event in flown.events
    ]
    np.testing.assert_array_equal(run.profile, flown.profile)
    for body, track in flown.tracks.items():
        np.testing.assert_array_equal(run.tracks[body].t, track.t)
        np.testing.assert_array_equal(run.tracks[body].phase, track.phase)
        for name in COLUMNS:
            np.testing.assert_array_equal(getattr(run.tracks[body], name), getattr(track, name), name)


def test_what_is_no_whole_folder_is_refused(folder, tmp_path):
    with pytest.raises(InputError, match="must be a run folder, but is missing"):
        read_run(tmp_path / "nowhere")
    with pytest.raises(InputError, match="must be a run folder, but is a file"):
        read_run(folder / "run.nc")
    (folder / "run.nc").unlink()
    with pytest.raises(InputError, match=r"but lacks run\.nc: fly the scenario again"):
        read_run(folder)


@pytest.mark.parametrize("keep", [0, 100, 40_000, -1000])
def test_cut_off_dataset_is_refused(folder, keep):
    content = (folder / "run.nc").read_bytes()
    (folder / "run.nc").write_bytes(content[:keep])
    with pytest.raises(InputError, match=r"run\.nc must be as precipice wrote it") as caught:
        read_run(folder)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "\xff", '{"schema_version": 1}', "[" * 100_000])
def test_damaged_json_is_refused(folder, text):
    (folder / "run.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(InputError, match=r"run\.json must be as precipice wrote it"):
        read_run(folder)


@pytest.mark.parametrize("version", [2, None, "1"])
def test_other_version_is_refused(folder, version):
    told = json.loads((folder / "run.json").read_text())
    (folder / "run.json").write_text(json.dumps(told | {"schema_version": version}))
    with pytest.raises(InputError, match="must be of schema version 1, but is of"):
        read_run(folder)


def test_other_version_of_the_dataset_is_refused(folder):
    import netCDF4

    with netCDF4.Dataset(folder / "run.nc", "a") as file:
        file.schema_version = 9
    with pytest.raises(InputError, match=r"run\.nc must be of schema version 1, but is of 9"):
        read_run(folder)


def test_files_of_two_runs_are_refused(folder, flown, scenario):
    other = dataclasses.replace(flown, run=3, seed=0)
    (folder / "run.json").write_text(json.dumps(run_json(other, scenario)))
    with pytest.raises(InputError, match="must hold one run, but"):
        read_run(folder)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("performer_position", np.nan, "track of the performer is not whole"),
        ("motorcycle_attitude", 0.0, "track of the motorcycle is no motion"),
        ("performer_time", 0.0, "no motion"),
    ],
)
def test_track_that_is_none_is_refused(folder, name, value, reason):
    import netCDF4

    with netCDF4.Dataset(folder / "run.nc", "a") as file:
        file[name][5] = value
    with pytest.raises(InputError, match=reason):
        read_run(folder)


def test_scenario_that_was_not_flown_is_refused(folder):
    import netCDF4

    with netCDF4.Dataset(folder / "run.nc", "a") as file:
        file.scenario_text = file.scenario_text.replace("Helsetkopen", "Elsewhere")
    with pytest.raises(InputError, match="its scenario is not the one that was flown"):
        read_run(folder)
    with netCDF4.Dataset(folder / "run.nc", "a") as file:
        file.scenario_text = "nonsense = "
    with pytest.raises(InputError, match="must hold a scenario that this version of precipice reads"):
        read_run(folder)
