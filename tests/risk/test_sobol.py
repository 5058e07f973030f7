"""Sobol' indices against a function whose indices are known, and against another estimator."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import qmc
from typer.testing import CliRunner

import precipice
from precipice.cli.main import app
from precipice.errors import InputError
from precipice.risk import sobol
from precipice.scenario.load import load_scenario

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"


def ishigami(x: np.ndarray) -> np.ndarray:
    return np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_ishigami() -> None:
    """First 0.3139, 0.4424, 0 and total 0.5576, 0.4424, 0.2437 (Ishigami and Homma 1990; a = 7, b = 0.1)."""
    points = 2.0 * np.pi * (qmc.Sobol(6, rng=1).random(4096) - 0.5)
    first, second = points[:, :3], points[:, 3:]
    parts = [ishigami(first), ishigami(second)]
    for k in range(3):
        mixed = first.copy()
        mixed[:, k] = second[:, k]
        parts.append(ishigami(mixed))
    groups = [sobol._Group((f"x{k}",), (f"x{k}",)) for k in range(3)]
    found = {index.fields[0]: index for index in sobol._solve(parts, groups, 0)}
    for k, (one, all_) in enumerate([(0.3139, 0.5576), (0.4424, 0.4424), (0.0, 0.2437)]):
        index = found[f"x{k}"]
        assert index.first == pytest.approx(one, abs=0.02)
        assert index.total == pytest.approx(all_, abs=0.02)
        assert index.total_interval.low <= all_ <= index.total_interval.high


def test_two_estimators_agree_on_a_flown_stunt() -> None:
    """First-order shares of a high fall's margin: exchanged columns here, bins of a campaign's runs there."""
    file = SCENARIOS / "high_fall.toml"
    found = sobol.sensitivity(load_scenario(file), 512)
    here = next(part for part in found.hazards if part.of == "margin")
    campaign = precipice.assess(file, 8000, 0, workers=1).hazard(here.hazard)
    assert campaign is not None
    there = {driver.field: driver for driver in campaign.drivers}
    compared = 0
    for index in here.indices:
        driver = there.get(index.fields[0])
        if len(index.fields) > 1 or driver is None or driver.margin_interval is None:
            continue
        low, high = driver.margin_interval
        assert index.first_interval.low - 0.05 < high
        assert index.first_interval.high + 0.05 > low
        compared += 1
    assert compared >= 3
    # Nothing explains less with others than alone, as far as 512 points can tell.
    for index in here.indices:
        assert index.total_interval.high > index.first_interval.low - 0.01


def test_correlated_fields_are_one_group(scenario) -> None:
    groups = sobol._groups(scenario)
    together = {path for part in scenario.correlation for path in part.fields}
    assert together
    for group in groups:
        if set(group.fields) & together and len(group.fields) == 1:
            pytest.fail(f"{group.fields[0]} is correlated, but exchanged alone")
    names = [name for group in groups for name in group.names]
    assert len(names) == len(set(names))


def test_the_page_and_the_json() -> None:
    arguments = ["sensitivity", str(SCENARIOS / "high_fall.toml"), "--points", "64"]
    shown = CliRunner().invoke(app, arguments)
    assert shown.exit_code == 0
    assert max(map(len, shown.stdout.splitlines())) <= 100
    told = json.loads(CliRunner().invoke(app, [*arguments, "--json"]).stdout)
    assert told["points"] == 64
    assert {"hazard", "of", "indices"} <= set(told["hazards"][0])


def test_points_that_do_not_fit_are_refused(scenario) -> None:
    with pytest.raises(InputError, match="power of two"):
        sobol.sensitivity(scenario, 1000)
