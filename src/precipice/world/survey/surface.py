"""The landing surface of a ramp-jump from an elevation model: its section along the run-up's bearing."""

from pathlib import Path
from typing import Any

import numpy as np

from precipice.errors import InputError, Problem, RuleError, ScenarioError, quote
from precipice.scenario.scenario import Scenario
from precipice.world.landing_surface import Section, cut_section
from precipice.world.survey.crs import LocalFrame
from precipice.world.survey.dem import Dem, read_dem

LEVEL = 0.5
"""How far the model's ground at the lip may lie from the scenario's, at least [m]; or a tenth of a post."""

_read_before: dict[Any, Section] = {}


def survey_surface(scenario: Scenario) -> Section:
    """Return the section of a ramp-jump's elevation model, heights above the ground at the lip.

    It goes from the lip to the surface's length, or to the first place that is not known.

    Args:
        scenario: One whose landing surface is a file.

    Raises:
        ScenarioError: With what is wrong with the file.
    """
    written = scenario.landing_surface
    assert written is not None
    assert written.file is not None
    path = Path(scenario.file).parent / written.file
    known = scenario, path.stat().st_mtime_ns if path.is_file() else 0
    if known not in _read_before:
        found = _read(scenario, path)
        _read_before.clear()
        _read_before[known] = found
    return _read_before[known]


def _read(scenario: Scenario, path: Path) -> Section:
    written, site, run_up = scenario.landing_surface, scenario.site, scenario.run_up
    assert written is not None
    assert site.altitude is not None
    assert run_up is not None
    frame = LocalFrame(site.latitude.value, site.longitude.value, site.altitude.value)
    reach, width = written.length.value, written.width.value
    around = (np.degrees(frame.longitude), np.degrees(frame.latitude), 1.1 * (reach + width))
    try:
        dem = read_dem(path, written.crs, written.unit, around=around)
    except RuleError as error:
        name = "file" if error.within == "dem" else error.within
        raise _problem(scenario, f"landing_surface.{name}", error.rule, error.value, error.remedy) from None
    _refuse_other_level(scenario, dem, frame)
    try:
        return cut_section(lambda east, north: dem.up(frame, east, north), run_up.azimuth.value, reach, width)
    except InputError:
        value = f"{dem.name}, with a hole or its border there"
        remedy = "take a file that covers the run-up's bearing from the lip on"
        rule = "must hold the ground from the lip outwards"
        raise _problem(scenario, "landing_surface.file", rule, value, remedy) from None


def _refuse_other_level(scenario: Scenario, dem: Dem, frame: LocalFrame) -> None:
    """Refuse a model whose ground at the lip is not the scenario's: another unit, datum or place."""
    up = float(dem.up(frame, np.zeros(1), np.zeros(1))[0])
    tolerance = max(LEVEL, 0.1 * dem.spacing)
    if np.isfinite(up) and abs(up) > tolerance:
        ground = frame.altitude + up
        rule = f"must be the ground at the lip, {ground:.2f} m in {dem.name}, to {tolerance:.1f} m"
        remedy = f'write altitude = "{ground:.2f} m", or check place, unit and vertical datum'
        raise _problem(scenario, "site.altitude", rule, f"{frame.altitude:.2f} m", remedy)


def _problem(scenario: Scenario, field: str, rule: str, value: str, remedy: str) -> ScenarioError:
    return ScenarioError((Problem(quote(scenario.file, 1000), field, rule, quote(value, 200), remedy),))
