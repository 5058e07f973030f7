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
    from precipice.report.picture import compose_run

    figure = compose_run(run, scenario)
    figure.canvas.draw()
    return figure


@pytest.fixture(scope="module")
def figure(flown, scenario):
    return composed(flown, scenario)


def test_axes_are_labelled_with_units(figure):
    labels = [text for axes in figure.axes for text in (axes.get_xlabel(), axes.get_ylabel()) if text]
    assert len(labels) >= 12
    assert all("[" in text for text in labels)


def overlap(one, other):
    """How far two boxes reach into each other, both ways [pixels]."""
    return min(min(one.x1, other.x1) - max(one.x0, other.x0), min(one.y1, other.y1) - max(one.y0, other.y0))


def test_labels_do_not_overlap(figure):
    from precipice.report.label import GROUP

    renderer, count = figure.canvas.get_renderer(), 0
    for axes in figure.axes:
        labels = [text for text in axes.texts if text.get_gid() == GROUP]
        boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in labels]
        count += len(boxes)
        for k, (name, box) in enumerate(boxes):
            assert overlap(box, axes.get_window_extent()) > 0.9 * box.height, name
            for other, there in boxes[k + 1 :]:
                assert overlap(box, there) < 1.0, (name, other)
    assert count > 15


def written(figure):
    """What stands around the axes and in none of them: numbers, names of the axes, titles."""
    texts = list(figure.texts)
    for axes in figure.axes:
        if axes.axison:
            texts += [axes.title, axes.xaxis.label, axes.yaxis.label]
            for axis, ends in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
                ticks = [tick for tick in axis.get_major_ticks() if ends[0] <= tick.get_loc() <= ends[1]]
                texts += [tick.label1 for tick in ticks if tick.label1.get_visible()]
        else:
            texts += axes.texts
    renderer = figure.canvas.get_renderer()
    return [(text.get_text(), text.get_window_extent(renderer)) for text in texts if text.get_text()]


def test_nothing_around_the_axes_is_cut_off_or_written_over(figure):
    found = written(figure)
    assert len(found) > 60
    for k, (name, box) in enumerate(found):
        assert min(box.x0, 1600.0 - box.x1, box.y0, 1000.0 - box.y1) >= 0.0, name
        for other, there in found[k + 1 :]:
            assert overlap(box, there) < 1.0, (name, other)
        for axes in figure.axes:
            assert not axes.axison or overlap(box, axes.get_window_extent()) < 1.0, name


def test_maps_have_one_scale_both_ways(figure):
    maps = [axes for axes in figure.axes if "north" in axes.get_ylabel() or "lip" in axes.get_ylabel()]
    assert len(maps) == 4
    for axes in maps:
        frame = axes.get_window_extent()
        wide, high = np.ptp(axes.get_xlim()) / frame.width, np.ptp(axes.get_ylim()) / frame.height
        assert wide == pytest.approx(high, rel=1e-6)


def test_a_run_that_stopped_on_the_run_up_is_drawn_too(stopped, scenario):
    assert composed(dataclasses.replace(stopped, profile=None), scenario).axes
