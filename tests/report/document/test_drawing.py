"""Drawings: axes that put numbers where they belong, marks that mean what they say."""

import re

import numpy as np
import pytest

from precipice.campaign.draws import LUCK
from precipice.report.document.axes import Box, even_axes, log_axis, round_below, ticks
from precipice.report.document.drawing import Drawing, thinned
from precipice.report.document.hazard_figure import hazard_figure, verdict_drawing
from precipice.report.document.hazard_table import hazard_rows
from precipice.report.document.map_figure import MOST_POINTS, Cliff, Points, near_window
from precipice.report.words import field_name


def test_a_metre_is_as_long_one_way_as_the_other():
    axes = even_axes(Box(60, 10, 460, 210), np.array([-5.0, 0.0]), np.array([95.0, 40.0]))
    corners = axes.at(np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]]))
    across, up = corners[1] - corners[0], corners[2] - corners[0]
    assert across == pytest.approx([np.hypot(*up), 0.0])
    assert up[1] < 0.0
    assert axes.x == pytest.approx((-5.0, 95.0))
    assert axes.y == pytest.approx((-5.0, 45.0))


def test_powers_of_ten_are_evenly_spaced():
    axis = log_axis(100.0, 500.0, [2e-4, 0.03, 0.0, float("nan")])
    assert (axis.low, axis.high) == (-4, -1)
    places = [axis.at(10.0**power) for power in range(-4, 0)]
    assert np.diff(places) == pytest.approx(400.0 / 3.0)
    assert axis.at(0.0) == 100.0


@pytest.mark.parametrize(
    ("low", "high", "count", "expected"),
    [
        (0.0, 10.0, 5, [0, 2, 4, 6, 8, 10]),
        (-3.0, 47.0, 5, [0, 10, 20, 30, 40]),
        (0.1, 0.9, 4, [0.2, 0.4, 0.6, 0.8]),
    ],
)
def test_ticks_are_round(low, high, count, expected):
    assert ticks(low, high, count) == pytest.approx(expected)


def test_lines_lose_what_nobody_sees_and_keep_their_end():
    points = np.stack([np.linspace(0.0, 10.0, 1001), np.zeros(1001)], axis=1)
    kept = thinned(points)
    assert len(kept) <= 15
    assert kept[0] == pytest.approx([0.0, 0.0])
    assert kept[-1] == pytest.approx([10.0, 0.0])


def test_words_are_escaped():
    drawing = Drawing(10, 10, 'a "b" <c>')
    drawing.text(1, 1, "<script>&")
    assert "&lt;script&gt;&amp;" in drawing.inline
    assert "<script>" not in drawing.alone
    assert 'aria-label="a &quot;b&quot; &lt;c&gt;"' in drawing.inline


def test_many_runs_make_no_large_map():
    drawing = Drawing(500, 500, "")
    rng = np.random.default_rng(0)
    drawing.dots(rng.uniform(0, 500, (100_000, 2))[:MOST_POINTS], "landed")
    assert len(drawing.inline) < 40_000


def test_contours_of_a_cliff_lie_where_its_outline_crosses_their_height():
    """A wall of 100 m at 20 m out, then scree at 45 degrees; north is out."""
    outline = np.array([[-50.0, 0.0], [20.0, 0.0], [20.0, -100.0], [120.0, -200.0]])
    cliff = Cliff(outline, 0.0)
    wall, scree = (cliff.lines(up, np.zeros(2), 10.0) for up in (-60.0, -150.0))
    assert len(wall) == len(scree) == 1
    assert wall[0][:, 1] == pytest.approx(20.0)
    assert scree[0][:, 1] == pytest.approx(70.0)
    assert sorted(wall[0][:, 0]) == pytest.approx([-10.0, 10.0])


def test_bounds_and_guesses_are_two_marks_at_their_places(told):
    """The thick bar spans the bounds, the dashed line the guesses, on an axis read from its own numbers."""
    found = told.assessment
    text = hazard_figure(found).inline
    places = dict(
        re.findall(r'<text class="small middle quiet" x="([\d.]+)" y="[\d.]+">([\d.]+) %</text>', text)
    )
    at = {float(percent): float(x) for x, percent in places.items()}
    low, high = min(at), max(at)

    def place(chance):
        share = np.log(max(100.0 * chance, low) / low) / np.log(high / low)
        return at[low] + share * (at[high] - at[low])

    bars = re.findall(r'class="bar" d="M([\d.]+) ([\d.]+)L([\d.]+) ', text)[1:]
    assert len(bars) == len(found.hazards)
    for hazard, (left, _, right) in zip(found.hazards, bars, strict=True):
        assert float(left) == pytest.approx(place(hazard.tally.low), abs=0.2)
        assert float(right) == pytest.approx(place(hazard.tally.high), abs=0.2)
    dashed = re.findall(r'class="range dashed" d="M([\d.]+) [\d.]+L([\d.]+) ', text)[1:]
    spread = [hazard.ignorance for hazard in found.hazards if hazard.ignorance.low != hazard.ignorance.high]
    assert len(dashed) == len(spread)
    for ignorance, (left, right) in zip(spread, dashed, strict=True):
        assert float(left) == pytest.approx(place(ignorance.low), abs=0.2)
        assert float(right) == pytest.approx(place(ignorance.high), abs=0.2)


def test_what_nobody_accepted_is_said_in_one_word_and_every_driver_is_a_field(told):
    """A circle's edge has no number; luck that drives a hazard goes by the field with its chance."""
    text = hazard_figure(told.assessment).inline
    assert "no criterion" in text
    assert "nobody said" not in text
    crowd = next(row for row in hazard_rows(told.assessment) if row["cells"][0] == "landing where people are")
    assert crowd["limit"] == "edge of their circle"
    luck = [f"luck.{name}" for name in LUCK]
    assert {f"{field_name(path)}.chance" for path in luck} <= set(told.scenario.values())
    assert field_name("plan.throw") == "plan.throw"


def test_no_two_verdicts_look_alike_without_colour():
    shapes = {
        word: re.sub(r'class="[^"]*"|aria-label="[^"]*"', "", verdict_drawing(word).inline)
        for word in ("met", "not met", "not shown", "no criterion")
    }
    assert len(set(shapes.values())) == 4


def test_landings_lie_inside_the_map_of_the_landing(told):
    points = (Points("landings", "landed", "dot", told.landing, np.zeros((0, 2))),)
    window = near_window(told.run, told.scenario, points, (500.0, 500.0))
    inside = np.all((told.landing > window.low) & (told.landing < window.high), axis=1)
    assert np.mean(inside) > 0.97


def test_people_are_counted_inside_their_circle(told):
    """The shipped crew waits beside the field: the road's edge is landed on: counted by hand."""
    from precipice.report.document.place_table import people_rows

    rows = people_rows(told)
    for row, people in zip(rows, told.scenario.site.people, strict=True):
        bearing, away = people.bearing.value, people.distance.value
        middle = away * np.array([np.sin(bearing), np.cos(bearing)])
        count = int(np.sum(np.linalg.norm(told.landing - middle, axis=1) <= people.radius.value))
        assert row[5] == "none" if count == 0 else f"({count:,})" in row[5]
    assert rows[0][5] == "none"
    assert "(" in rows[1][5]


def test_a_scale_bar_is_round_and_never_nothing():
    """One of 1, 2, 5 and their decades, the longest that fits; a map 166 m wide once had a bar of 0 m."""
    lengths = [1e-3, 0.3, 1.0, 1.9, 2.0, 4.99, 5.0, 9.99, 10.0, 46.6, 1234.0]
    assert [round_below(most) for most in lengths] == pytest.approx(
        [1e-3, 0.2, 1.0, 1.0, 2.0, 2.0, 5.0, 5.0, 10.0, 20.0, 1000.0]
    )
