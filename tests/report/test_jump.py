"""What is told and drawn of a vehicle's jump: the jump, not the slope before it."""

import re

import numpy as np
import pytest
from tests.conftest import ROOT

from precipice.report.picture import compose_run
from precipice.report.timeline import timeline
from precipice.scenario.load import load_scenario


@pytest.fixture(scope="module")
def ski():
    """The ski jump's nominal run, whose start lies 10 m above the lip, and its scenario."""
    import precipice

    scenario = load_scenario(ROOT / "scenarios" / "ski_jump.toml")
    return precipice.fly(scenario), scenario


def test_the_top_is_that_of_the_jump(ski):
    run, scenario = ski
    top = float(re.search(r"centre of mass up to ([\d.]+).m above the lip", timeline(run, scenario))[1])
    # A parabola's rise above where it begins.
    takeoff = run.event("takeoff")
    assert takeoff.position[2] + takeoff.velocity[2] ** 2 / (2.0 * 9.80665) == pytest.approx(top, abs=0.03)
    assert run.performer.position[:, 2].max() > top + 5.0


def test_nobody_tells_of_a_gate_that_is_not_planned(ski):
    assert ski[0].event("speed gate") is None
    assert "gate" not in timeline(*ski)


def test_the_close_up_is_close_and_names_stay_in_the_picture(ski):
    figure = compose_run(*ski)
    close = next(axes for axes in figure.axes if axes.get_title().startswith("Close-up: ramp and jump"))
    assert np.ptp(close.get_xlim()) < 40.0
    assert np.ptp(close.get_ylim()) < 80.0
    figure.canvas.draw()
    edge = figure.bbox.width
    for axes in figure.axes:
        for text in axes.texts:
            assert text.get_window_extent().x1 <= edge + 1.0, text.get_text()
