"""netCDF by the CF conventions, as an independent judge sees it: the compliance checker of US IOOS.

It knows the conventions up to 1.11 and comes with a table of CF standard names: it asks nobody.
"""

import importlib.util
import json
import shutil
import subprocess
import sys

import pytest

# Not imported here: it and what it needs warn, and warnings are errors.
pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("compliance_checker") is None,
    reason="needs compliance-checker, which knows the CF conventions",
)

JUDGE = """
import sys
from compliance_checker.runner import CheckSuite, ComplianceChecker
CheckSuite.load_all_available_checkers()
folder, *files = sys.argv[1:]
for file in files:
    ComplianceChecker.run_checker(
        file, ["cf:1.11"], 0, "strict", output_filename=f"{folder}/{file.rpartition('/')[2]}.json",
        output_format=["json"],
    )
"""


@pytest.fixture
def judge(tmp_path):
    """Function: what the checker says against each file, as lines."""

    def judged(*files):
        done = subprocess.run(
            [sys.executable, "-c", JUDGE, str(tmp_path), *map(str, files)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        # It says so, and goes on, when it stumbles over a file.
        assert "exceptions occurred" not in done.stdout + done.stderr
        found = [json.loads((tmp_path / f"{file.name}.json").read_text("utf-8")) for file in files]
        return [
            [line for level in ("high", "medium", "low") for line in told(each["cf:1.11"], level)]
            for each in found
        ]

    return judged


def told(found, level):
    return [line for check in found[f"{level}_priorities"] for line in check["msgs"]]


def test_an_independent_checker_finds_nothing(judge, written, flown, scenario, clip, tmp_path):
    from precipice.report.export.globe import find_globe
    from precipice.report.export.told import tell
    from precipice.report.export.trajectory import write_trajectories
    from precipice.report.files import save_netcdf

    shutil.copy(written("netcdf"), tmp_path / "dated.nc")
    globe = find_globe(scenario, flown.lip_altitude)
    write_trajectories(clip, globe, None, tell(clip, globe, None), tmp_path / "undated.nc")
    save_netcdf(flown, scenario, tmp_path / "run.nc")
    names = ("dated.nc", "undated.nc", "run.nc")
    found = judge(*(tmp_path / name for name in names))
    assert dict(zip(names, found, strict=True)) == {name: [] for name in names}


def test_the_checker_does_find_mistakes(judge, written, tmp_path):
    import netCDF4

    wrong = tmp_path / "wrong.nc"
    shutil.copy(written("netcdf"), wrong)
    with netCDF4.Dataset(wrong, "a") as file:
        file["lat"].units = "degrees_up"
        file["alt"].standard_name = "highness"
    (found,) = judge(wrong)
    assert any("lat" in line for line in found)
    assert any("highness" in line for line in found)
