"""Axes at a fixed place, and axes in which a metre is as long one way as the other."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


Box = tuple[int, int, int, int]
"""Left, bottom, right and top of axes, from the picture's lower left corner [pixels]."""

_TITLE, _X_LABEL = 6.0, 30.0
"""From the axes to their title above and to the middle of their label below [pixels]."""


def add_axes(figure: "Figure", box: Box, beside: float = 55.0, **more: Any) -> "Axes":
    """Return new axes whose labels have a fixed place too.

    Args:
        figure: Where.
        box: Outline of the axes.
        beside: From the axes to the middle of their label on the left [pixels]; the default clears
            numbers of four digits and a sign.
        **more: Passed on to `Figure.add_axes`.
    """
    left, bottom, right, top = box
    whole, high = figure.bbox.width, figure.bbox.height
    place = (left / whole, bottom / high, (right - left) / whole, (top - bottom) / high)
    axes = figure.add_axes(place, **more)
    axes.xaxis.set_label_coords(0.5, -_X_LABEL / (top - bottom))
    axes.yaxis.set_label_coords(-beside / (right - left), 0.5)
    axes.xaxis.label.set_verticalalignment("center")
    axes.yaxis.label.set_verticalalignment("center")
    return axes


def set_title(axes: "Axes", title: str) -> None:
    """Write a title above axes, at a fixed distance."""
    axes.set_title(title, fontsize=9, y=1.0 + _TITLE / axes.get_window_extent().height, pad=0.0)


def equalise(axes: "Axes", anchor: tuple[float, float]) -> None:
    """Widen one pair of limits so that both axes have one scale and the axes are filled.

    Args:
        axes: Where; what their limits hold stays visible.
        anchor: Where it stays inside the new limits: 0 left or bottom, 1 right or top.
    """
    frame = axes.get_window_extent()
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    scale = max((right - left) / frame.width, (top - bottom) / frame.height)
    wider, taller = scale * frame.width - (right - left), scale * frame.height - (top - bottom)
    axes.set_xlim(left - anchor[0] * wider, right + (1.0 - anchor[0]) * wider)
    axes.set_ylim(bottom - anchor[1] * taller, top + (1.0 - anchor[1]) * taller)
    # Few numbers on the axes: laying them out is most of the time that a picture takes.
    axes.locator_params(axis="x", nbins=max(2, int(frame.width / 80.0)))
    axes.locator_params(axis="y", nbins=max(2, min(8, int(frame.height / 60.0))))
    axes.tick_params(labelsize=8.5)
