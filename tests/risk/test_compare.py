"""Two scenarios on the same draws: what is alike cancels, what differs shows its sign."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import precipice
from precipice.cli.main import app
from precipice.errors import InputError

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
FALL = SCENARIOS / "high_fall.toml"


@pytest.fixture
def heavier(tmp_path) -> Path:
    """The high fall with a body of twice the weight: it falls faster and drifts less."""
    text = FALL.read_text()
    mass = re.search(r'^mass = \{ value = "([0-9.]+) kg"', text, flags=re.M)
    assert mass
    path = tmp_path / "heavier.toml"
    path.write_text(text.replace(mass[0], mass[0].replace(mass[1], str(2.0 * float(mass[1])))))
    return path


def test_a_scenario_does_not_differ_from_itself() -> None:
    found = precipice.compare(FALL, FALL, 500, workers=1)
    for hazard in (*found.hazards, found.any_hazard):
        assert (hazard.only_first, hazard.only_second, hazard.change) == (0, 0, 0.0)
        assert not hazard.shown
        assert hazard.margin in (None, 0.0)


def test_a_heavier_body_keeps_nearer_the_middle(heavier) -> None:
    """Drift in the wind goes with drag area over mass: with twice the mass, every run has more to spare."""
    found = precipice.compare(FALL, heavier, 3000, workers=1)
    outside = next(hazard for hazard in found.hazards if hazard.name == "landing outside the area")
    assert outside.second <= outside.first
    assert outside.margin is not None
    assert outside.margin_interval is not None
    assert outside.margin_interval.low > 0.0


def test_the_page_and_the_json(heavier) -> None:
    arguments = ["compare", str(FALL), str(heavier), "--runs", "500", "--workers", "1"]
    shown = CliRunner().invoke(app, arguments)
    assert shown.exit_code == 0
    assert max(map(len, shown.stdout.splitlines())) <= 100
    assert "CHANGE:" in shown.stdout
    told = json.loads(CliRunner().invoke(app, [*arguments, "--json"]).stdout)
    assert told["runs"] == 500
    assert {"name", "first", "second", "change", "interval", "shown"} <= set(told["hazards"][0])


def test_two_kinds_are_refused() -> None:
    with pytest.raises(InputError, match="kind must be drop"):
        precipice.compare(FALL, SCENARIOS / "base_jump.toml", 100)
    with pytest.raises(InputError, match="--runs must"):
        precipice.compare(FALL, FALL, 1)
