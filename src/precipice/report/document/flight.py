"""The folder of a single run read back for its report."""

from pathlib import Path

from precipice.report.document.folder import Told
from precipice.report.read_run import FILES, read_run


def read_flight(folder: Path) -> Told:
    """Return what a folder of `precipice fly --out` holds; nothing is flown again.

    Args:
        folder: Where.

    Raises:
        InputError: When it lacks a file, is damaged, or of another version.
    """
    run, scenario = read_run(folder)
    facts = {
        "seed": run.seed,
        "run": run.run,
        "versions": _versions(folder / FILES[1]),
        "scenario_text": scenario.text,
    }
    return Told(folder, scenario, run, facts)


def _versions(path: Path) -> dict[str, str]:
    from netCDF4 import Dataset

    with Dataset(path) as data:
        names = [name for name in data.ncattrs() if name.endswith("_version") and name != "schema_version"]
        return {name.removesuffix("_version"): str(data.getncattr(name)) for name in names}
