"""What is told and drawn of a vehicle's jump: the jump, not the slope before it."""

import re

import numpy as np
import pytest
from tests.conftest import ROOT

from precipice.report.picture import compose_run
from precipice.report.scene import surface_outline
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


def test_skis_have_no_tyres_and_a_jump_no_landing_area(ski):
    told = timeline(*ski)
    assert not re.search("tyre|gear|wheels|landing area", told)
    assert "above base: over the ground at the lip" in told
    assert "turning, edging and the rider" in told


def test_heights_count_from_the_ground_at_the_lip(ski):
    """`site.altitude` is defined as that of the ground at the lip."""
    run, scenario = ski
    takeoff = run.event("takeoff")
    assert takeoff.height == pytest.approx(takeoff.altitude - scenario.site.altitude.value, abs=1e-6)
    row = next(line for line in timeline(run, scenario).splitlines() if "  takeoff" in line)
    assert float(row.split()[4]) == pytest.approx(takeoff.height, abs=0.06)


def test_the_landing_is_on_the_map(ski):
    """As written: from the lip on, 8 m wide and 40.1 m long, towards 30 degrees as the run-up."""
    corners = surface_outline(*ski)
    ahead = np.array([np.sin(np.radians(30.0)), np.cos(np.radians(30.0))])
    assert np.linalg.norm(corners[1] - corners[2]) == pytest.approx(8.0)
    assert ahead @ (corners[1] - corners[0]) == pytest.approx(40.1, abs=0.1)
    assert ahead @ corners[0] == pytest.approx(0.0, abs=0.05)
    plan = next(axes for axes in compose_run(*ski).axes if axes.get_title().startswith("Plan view"))
    drawn = [patch.get_path().vertices[:4] for patch in plan.patches if len(patch.get_path().vertices) == 5]
    assert any(np.allclose(shape, corners) for shape in drawn)
    east, north = plan.get_xlim(), plan.get_ylim()
    assert np.all((corners > [east[0], north[0]]) & (corners < [east[1], north[1]]))
