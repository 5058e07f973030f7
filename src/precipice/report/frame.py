"""Axes in which a metre is as long one way as the other."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes


Limits = tuple[tuple[float, float], tuple[float, float]]
"""Left and right, bottom and top, in data."""


def limits_of(axes: "Axes") -> Limits:
    """Return what axes show."""
    return axes.get_xlim(), axes.get_ylim()


def equalise(axes: "Axes", limits: Limits, anchor: tuple[float, float]) -> None:
    """Widen one pair of limits so that both axes have one scale and the axes are filled.

    The size of the axes is taken in pixels, so the layout should be settled.

    Args:
        axes: Where.
        limits: What must stay visible.
        anchor: Where it stays inside the new limits: 0 left or bottom, 1 right or top.
    """
    frame = axes.get_window_extent()
    (left, right), (bottom, top) = limits
    scale = max((right - left) / frame.width, (top - bottom) / frame.height)
    wider, taller = scale * frame.width - (right - left), scale * frame.height - (top - bottom)
    axes.set_xlim(left - anchor[0] * wider, right + (1.0 - anchor[0]) * wider)
    axes.set_ylim(bottom - anchor[1] * taller, top + (1.0 - anchor[1]) * taller)
    # Few numbers on the axes: laying them out is most of the time that a picture takes.
    axes.locator_params(axis="x", nbins=max(2, int(frame.width / 80.0)))
    axes.locator_params(axis="y", nbins=max(2, min(8, int(frame.height / 60.0))))
