"""What the page is opened on: run folders as they were flown, and those that are not whole.

What a folder shows must be what `precipice.fly` and `precipice.assess` gave, whatever the files say by now.
"""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from tests.web.conftest import SCENARIOS
from tests.web.test_parts import unpack
from tests.web.test_security import fly_into

from precipice.errors import PrecipiceError
from precipice.web.opened import open_target

RUNS = 40


@pytest.fixture
def scenario(tmp_path):
    path = tmp_path / "place" / "fall.toml"
    path.parent.mkdir()
    shutil.copy(SCENARIOS / "high_fall.toml", path)
    return path


@pytest.fixture(scope="module")
def campaign(tmp_path_factory):
    """Folder of a small campaign of the shipped fall."""
    from precipice.risk.assess import assess

    folder = tmp_path_factory.mktemp("page") / "campaign"
    assess(SCENARIOS / "high_fall.toml", RUNS, 5, folder, workers=1)
    return folder


def edit(path, **changes):
    told = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({k: v for k, v in (told | changes).items() if v is not None}), "utf-8")


def halve(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


BROKEN = {
    "nothing": (lambda folder: [path.unlink() for path in folder.glob("*.json")], 2, "has shards alone"),
    "stopped early": (lambda folder: (folder / "assessment.json").unlink(), 3, "finish it with precipice"),
    "half an assessment": (lambda folder: halve(folder / "assessment.json"), 2, "damaged"),
    "half a manifest": (lambda folder: halve(folder / "manifest.json"), 2, "cannot be read"),
    "no seed": (lambda folder: edit(folder / "manifest.json", seed=None), 2, "must say seed"),
    "other layout": (lambda folder: edit(folder / "manifest.json", schema_version=9), 2, "another version"),
    "other physics": (lambda folder: edit(folder / "manifest.json", physics="0"), 2, "another version"),
    "a lost shard": (lambda folder: next((folder / "shards").iterdir()).unlink(), 3, "is missing"),
    "other scenario": (
        lambda folder: edit(folder / "manifest.json", scenario_text="x = 1"),
        2,
        "must go with",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_campaign_that_is_not_whole_is_refused_in_one_sentence(campaign, tmp_path, name, capsys):
    from precipice.cli.main import main

    damage, code, words = BROKEN[name]
    folder = Path(shutil.copytree(campaign, tmp_path / "copy"))
    damage(folder)
    with pytest.raises(SystemExit) as caught:
        main(["serve", str(folder), "--port", "0"])
    out, err = capsys.readouterr()
    assert (caught.value.code, out) == (code, "")
    assert words in err
    assert len(err.strip().splitlines()) == 1


FLIGHTS = {
    "nothing": (lambda folder: [path.unlink() for path in folder.iterdir()], "has neither"),
    "no run.nc": (lambda folder: (folder / "run.nc").unlink(), "lacks run.nc"),
    "half a run.nc": (lambda folder: halve(folder / "run.nc"), "cannot be read"),
    "half a run.json": (lambda folder: halve(folder / "run.json"), "no whole JSON"),
    "other version": (lambda folder: edit(folder / "run.json", schema_version=7), "is of 7"),
    "another run's": (lambda folder: edit(folder / "run.json", outcome="landed"), "are of two"),
}


@pytest.mark.parametrize("name", FLIGHTS)
def test_a_flight_that_is_not_whole_is_refused(tmp_path, scenario, name):
    folder = tmp_path / "flight"
    fly_into(folder, scenario)
    damage, words = FLIGHTS[name]
    damage(folder)
    with pytest.raises(PrecipiceError, match=words):
        open_target(folder)


def test_a_flight_is_shown_as_its_folder_holds_it(tmp_path, scenario):
    import precipice
    from precipice.web.desk import Desk

    folder = tmp_path / "flight"
    fly_into(folder, scenario, run=3, seed=9)
    was = scenario.read_text("utf-8")
    # Somebody goes on with the scenario: the folder is still of what was flown.
    scenario.write_text(was.replace('value = "104.5 m"', 'value = "50 m"'), "utf-8")
    assert scenario.read_text("utf-8") != was
    desk = Desk(open_target(folder))
    assert desk.draft.scenario.text == was
    assert desk.state()["first"] == {"run": 3, "seed": 9}
    assert not desk.state()["can_save"]
    head, arrays = unpack(desk.flight(3, 9))
    scenario.write_text(was, "utf-8")
    flown = precipice.fly(scenario, 3, 9)
    assert (head["run"], head["seed"], head["outcome"]) == (3, 9, flown.outcome)
    np.testing.assert_allclose(arrays["body.position"], flown.performer.position, atol=1e-4)


def test_a_campaign_is_shown_with_its_verdict_and_its_runs(campaign):
    import precipice
    from precipice.web.desk import Desk

    opened = open_target(campaign)
    desk = Desk(opened)
    desk.warm_up()
    try:
        (job,) = desk.state()["jobs"]
        record = json.loads((campaign / "assessment.json").read_text("utf-8"))
        assert (job["verdict"], job["runs"], job["seed"]) == (record["verdict"], RUNS, 5)
        assert job["flown"] == desk.state()["flown"]
        desk._ensemble._thread.join(60)
        head, arrays = unpack(desk.ensemble(0))
    finally:
        desk.stop_ensemble()
    assert (head["done"], head["seed"]) == (RUNS, 5)
    again = precipice.fly(desk.draft.scenario, 7, 5)
    np.testing.assert_allclose(arrays["ends"][7, 0], again.performer.position[-1], atol=1e-3)
    # What was counted is what is drawn: as many runs that came to rest, with or without a margin short.
    drawn = [item["outcome"].removesuffix("-short") for item in head["list"]]
    assert {name: drawn.count(name) for name in set(drawn)} == record["outcomes"]


def test_files_that_a_scenario_names_are_found_where_it_was_flown(tmp_path, monkeypatch):
    # The folder lies elsewhere than the scenario, whose weather file is beside the scenario.
    from precipice.risk.assess import assess

    (tmp_path / "place").mkdir()
    station = "altitude [m],pressure [hPa],temperature [degC]\n0,1013.0,17.2\n200,989.0,15.9\n"
    (tmp_path / "place" / "stations.csv").write_text(station, "utf-8")
    text = (SCENARIOS / "high_fall.toml").read_text("utf-8").splitlines()
    start = text.index('model = "isa"')
    text[start : start + 2] = ['model = "file"', 'file = "stations.csv"']
    (tmp_path / "place" / "fall.toml").write_text("\n".join(text), "utf-8")
    monkeypatch.chdir(tmp_path)
    assess(Path("place/fall.toml"), 4, 0, Path("far/away/campaign"), workers=1)
    opened = open_target(Path("far/away/campaign"))
    assert Path(opened.name) == Path("place/fall.toml")
    (tmp_path / "place" / "stations.csv").write_text(station.replace("989", "988"), "utf-8")
    with pytest.raises(PrecipiceError, match="must go with the ground and weather files"):
        open_target(Path("far/away/campaign"))
