"""The picture of a run: right size, something in every part of it, and labels that can be read."""

import dataclasses

import numpy as np
import pytest


@pytest.fixture(scope="module")
def pixels(flown, scenario, tmp_path_factory):
    from matplotlib.image import imread

    from precipice.report.picture import draw_run

    path = tmp_path_factory.mktemp("picture") / "flight.png"
    draw_run(flown, scenario, path)
    return imread(path)


def test_size(pixels):
    assert pixels.shape[:2] == (1000, 1600)


def test_no_part_is_empty(pixels):
    """Every sixteenth of the picture holds something that is not its commonest colour."""
    for rows in np.array_split(pixels[..., :3], 4):
        for part in np.array_split(rows, 4, axis=1):
            packed = (part * 255).astype(int) @ np.array([65536, 256, 1])
            colours, counts = np.unique(packed, return_counts=True)
            assert len(colours) > 10
            assert counts.max() < 0.995 * counts.sum()


def composed(run, scenario):
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from precipice.report.picture import _compose

    figure = Figure(figsize=(16, 10), dpi=100, layout="constrained")
    canvas = FigureCanvasAgg(figure)
    _compose(figure, run, scenario)
    canvas.draw()
    return figure


@pytest.fixture(scope="module")
def figure(flown, scenario):
    return composed(flown, scenario)


def test_axes_are_labelled_with_units(figure):
    labels = [text for axes in figure.axes for text in (axes.get_xlabel(), axes.get_ylabel()) if text]
    assert len(labels) >= 12
    assert all("[" in text for text in labels)


def test_labels_do_not_overlap(figure):
    from matplotlib.text import Annotation, Text

    renderer = figure.canvas.get_renderer()
    for axes in figure.axes:
        boxes = [
            (text.get_text(), Text.get_window_extent(text, renderer))
            for text in axes.texts
            if isinstance(text, Annotation) and text.get_text() and text.arrowprops
        ]
        for k, (name, box) in enumerate(boxes):
            for other, there in boxes[k + 1 :]:
                both = (
                    min(box.x1, there.x1) - max(box.x0, there.x0),
                    min(box.y1, there.y1) - max(box.y0, there.y0),
                )
                assert min(both) < 1.0, (name, other)


def test_maps_have_one_scale_both_ways(figure):
    maps = [axes for axes in figure.axes if "north" in axes.get_ylabel() or "lip" in axes.get_ylabel()]
    assert len(maps) == 4
    for axes in maps:
        frame = axes.get_window_extent()
        wide, high = np.ptp(axes.get_xlim()) / frame.width, np.ptp(axes.get_ylim()) / frame.height
        assert wide == pytest.approx(high, rel=1e-6)


def test_a_run_that_stopped_on_the_run_up_is_drawn_too(stopped, scenario):
    assert composed(dataclasses.replace(stopped, profile=None), scenario).axes
