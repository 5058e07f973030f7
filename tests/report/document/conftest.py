"""A campaign's folder and a flight's, and the report of each, made once."""

import shutil
from pathlib import Path

import pytest

SCENARIO = Path(__file__).parents[3] / "scenarios" / "helsetkopen.toml"
RUNS = 300


@pytest.fixture(scope="session")
def campaign(tmp_path_factory):
    """Folder of a small campaign of the shipped stunt."""
    from precipice.risk.assess import assess

    folder = tmp_path_factory.mktemp("report") / "campaign"
    assess(SCENARIO, RUNS, 0, folder, workers=1)
    return folder


@pytest.fixture(scope="session")
def flight(tmp_path_factory, flown, scenario):
    """Folder of the nominal run of the shipped stunt, as `precipice fly --out` writes it."""
    from precipice.report.files import save_run

    folder = tmp_path_factory.mktemp("report") / "flight"
    save_run(flown, scenario, folder)
    return folder


@pytest.fixture(scope="session")
def told(campaign):
    """What the report of the campaign tells of."""
    from precipice.report.document.folder import read_folder

    return read_folder(campaign)


@pytest.fixture(scope="session")
def content(told):
    from precipice.report.document.content import content_of

    return content_of(told)


@pytest.fixture(scope="session")
def page(content):
    """The campaign's report."""
    from precipice.report.document.page import report_page

    return report_page(content)


@pytest.fixture
def copied(campaign, tmp_path):
    """A copy of the campaign's folder that a test may damage."""
    return Path(shutil.copytree(campaign, tmp_path / "copy"))


@pytest.fixture
def copied_flight(flight, tmp_path):
    """A copy of the flight's folder that a test may damage."""
    return Path(shutil.copytree(flight, tmp_path / "flight"))
