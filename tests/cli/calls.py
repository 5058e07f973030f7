"""How tests of a command call it: as a person would, and with what it must refuse."""

import json

import pytest
from typer.testing import CliRunner

from precipice.cli.main import app, main
from precipice.report.files import run_json, save_netcdf


def run(command, *arguments):
    """Return what a command printed, and how it ended."""
    return CliRunner().invoke(app, [command, *map(str, arguments)])


def refused(command, capsys, *arguments):
    """Return the one line with which a command refuses: code 2, nothing printed, no traceback."""
    with pytest.raises(SystemExit) as caught:
        main([command, *map(str, arguments)])
    out, err = capsys.readouterr()
    assert caught.value.code == 2
    assert out == ""
    assert "Traceback" not in err
    assert len(err.splitlines()) == 1
    return err


def names(folder):
    """Return what lies in a folder."""
    return sorted(path.name for path in folder.iterdir())


def save_run(folder, run, scenario):
    """Return a folder with what commands read of a flight, as `fly --out` writes it."""
    folder.mkdir()
    save_netcdf(run, scenario, folder / "run.nc")
    (folder / "run.json").write_text(json.dumps(run_json(run, scenario)), encoding="utf-8")
    return folder
