"""Every kind of stunt through the same commands: what `new` writes can be checked, flown and saved."""

import csv
import json

import pytest
from typer.testing import CliRunner

from precipice.cli.main import app
from precipice.scenario.kind import ALL

SUBJECTS = {
    "ramp-to-canopy": {"performer", "motorcycle"},
    "ramp-jump": {"vehicle"},
    "base-jump": {"performer"},
    "skydive": {"performer"},
    "drop": {"body"},
}
ENDS = {
    "ramp-to-canopy": "landed",
    "ramp-jump": "landed",
    "base-jump": "landed",
    "skydive": "landed",
    "drop": "came-to-rest",
}


@pytest.fixture(scope="module", params=sorted(ALL))
def saved(request, tmp_path_factory):
    """Kind, what was printed, and the folder of a template that was flown."""
    folder = tmp_path_factory.mktemp(request.param)
    path = folder / "stunt.toml"
    assert CliRunner().invoke(app, ["new", str(path), "--kind", request.param]).exit_code == 0
    assert CliRunner().invoke(app, ["check", str(path)]).exit_code == 0
    done = CliRunner().invoke(app, ["fly", str(path), "--out", str(folder / "out")])
    assert done.exit_code == 0, done.output
    return request.param, done.stdout, folder / "out"


def test_it_ends_as_planned(saved):
    kind, _, folder = saved
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert (run["outcome"], run["resolved"]) == (ENDS[kind], True)
    assert run["scenario"]["kind"] == kind


def test_the_table_has_the_bodies_of_the_kind(saved):
    kind, _, folder = saved
    with (folder / "track.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["body"] for row in rows} == SUBJECTS[kind]
    canopy = {row["phase"] for row in rows} & {"canopy", "inflation", "deployment"}
    assert bool(canopy) == (kind in ("ramp-to-canopy", "base-jump", "skydive"))


def test_the_dataset_has_the_bodies_of_the_kind(saved):
    import xarray as xr

    kind, _, folder = saved
    with xr.open_dataset(folder / "run.nc", engine="netcdf4") as dataset:
        bodies = ("performer", "motorcycle", "vehicle", "body")
        found = {name for name in bodies if f"{name}_time" in dataset}
        assert found == SUBJECTS[kind]
        assert dataset.attrs["scenario_kind"] == kind


def test_nothing_speaks_of_a_motorcycle_where_there_is_none(saved):
    kind, told, folder = saved
    if "motorcycle" in SUBJECTS[kind]:
        assert "motorcycle" in told
        return
    assert "motorcycle" not in told.lower()
    assert "motorcycle" not in (folder / "track.csv").read_text(encoding="utf-8").splitlines()[0]
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert "motorcycle" not in json.dumps(
        {key: run[key] for key in ("events", "margins", "loads", "outcome")}
    )


def test_the_picture_is_there(saved):
    _, _, folder = saved
    assert (folder / "flight.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
