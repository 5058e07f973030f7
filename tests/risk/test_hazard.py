"""Measures of hazards: plain geometry, and flown stunts with one thing changed."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

import precipice
from precipice.risk.hazard import landing_slopes, speed_into_ground

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"


def test_speed_into_a_slope_that_rises_ahead() -> None:
    """3 m/s down and 4 m/s level onto a slope of 3 in 4: 3 x 0.8 + 4 x 0.6 = 4.8 m/s into it."""
    assert speed_into_ground(3.0, 4.0, np.arctan2(3.0, 4.0)) == pytest.approx(4.8)
    assert speed_into_ground(3.0, 4.0, 0.0) == 3.0


def test_slopes_of_area_and_alternates_in_order() -> None:
    values = {"site.landing.slope": 0.1, "site.alternate.0.slope": 0.2, "site.alternate.1.slope": 0.3}
    assert landing_slopes(values) == [0.1, 0.2, 0.3]


def test_a_steep_landing_area_is_hard(tmp_path) -> None:
    """Each landing's margin shrinks by what the slope adds: 3 m/s down and 6 m/s level meet 20 deg at 4.9."""
    text = (SCENARIOS / "skydive.toml").read_text()
    head, tail = text.split("[site.landing]\n", 1)
    path = tmp_path / "steep.toml"
    path.write_text(f'{head}[site.landing]\nslope = {{ value = "20 deg", basis = "assumed" }}\n{tail}')
    level, steep = (
        precipice.assess(file, 500, 0, workers=1, drivers=False).hazard("hard landing")
        for file in (SCENARIOS / "skydive.toml", path)
    )
    assert level is not None
    assert steep is not None
    assert steep.margin_median is not None
    assert level.margin_median is not None
    assert steep.margin_median < level.margin_median - 1.0
    assert steep.tally.happened > level.tally.happened
    run = steep.worst[0]
    flown = dataclasses.asdict(precipice.fly(path, run=run.run, seed=0))["numbers"]
    sink, over = flown["landing_sink"], flown["landing_speed"]
    slope = np.radians(20.0)
    assert 4.6 - (sink * np.cos(slope) + over * np.sin(slope)) == pytest.approx(run.margin, abs=2e-3)
