"""`precipice air`: what it prints, draws and refuses."""

import json

import pytest

from precipice.cli.main import main

CSV = (
    "altitude [m],pressure [hPa],temperature [degC],humidity [%],wind speed [m/s],wind from [deg]\n"
    "100,1000,20,50,2,350\n600,943.4,16,60,5,20\n1100,889.4,12,70,9,40\n"
)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "stations.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


def refused(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    out, err = capsys.readouterr()
    assert caught.value.code == 2
    assert out == ""
    assert "Traceback" not in err
    return err


def run(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert not caught.value.code
    return capsys.readouterr()


def test_a_file(path, capsys, tmp_path):
    picture = tmp_path / "air.png"
    out, _ = run(["air", str(path), "--out", str(picture)], capsys)
    assert "3 levels, 100 to 1,100 m" in out
    # 1000 hPa, 20 degC, half saturated (11.7 hPa): 1.183 kg/m^3; the wind of that row.
    row = next(line for line in out.splitlines() if line.split()[:1] == ["100"])
    assert row.split()[1] == "1000.0"
    assert float(row.split()[3]) == pytest.approx(1.183, abs=0.001)
    assert row.split()[-2:] == ["2.0", "350"]
    assert "no time" in out
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["air.png", "stations.csv"]


def test_json(path, capsys):
    found = json.loads(run(["air", str(path), "--json"], capsys)[0])
    assert found["schema_version"] == 1
    assert found["sources"]["air"]["rows"][1]["temperature"] == pytest.approx(289.15)
    assert found["fit"]["wind"]["rows"] == 3
    assert found["profile"][0]["altitude"] == 100.0


def test_a_scenario(capsys, scenario):
    out, _ = run(["air", scenario.file], capsys)
    lip = next(line for line in out.splitlines() if line.endswith("lip"))
    # The standard at 1,248 m: 872.1 hPa, 1.0848 kg/m^3; the scenario's 1 m/s from 258 degrees.
    assert lip.split()[:2] == ["1248", "872.1"]
    assert lip.split()[3] == "1.0848"
    assert lip.split()[-3:-1] == ["1.0", "258"]
    assert any(line.endswith("landing area") for line in out.splitlines())


def test_what_is_refused(path, capsys, scenario, tmp_path):
    assert "must come with a weather file" in refused(["air", scenario.file, "--station", "ENAL"], capsys)
    assert "must be a file" in refused(["air", str(tmp_path / "none.txt")], capsys)
    assert "--time must be" in refused(["air", str(path), "--time", "noon"], capsys)
    path.write_text(CSV.replace("943.4", "1943.4"), encoding="utf-8")
    assert "line 3: pressure must be" in refused(["air", str(path)], capsys)
    path.write_text(CSV, encoding="utf-8")
    assert "must be writable" in refused(["air", str(path), "--out", str(tmp_path / "no" / "a.png")], capsys)
