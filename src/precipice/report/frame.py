"""Axes in which a metre is as long one way as the other."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def equalise(axes: "Axes", anchor: tuple[float, float] = (0.5, 0.5)) -> None:
    """Widen one pair of limits so that both axes have one scale and the axes are filled.

    Call it when the layout is settled: the size is taken in pixels.

    Args:
        axes: With the limits that must stay visible.
        anchor: Where the old limits stay inside the new ones: 0 left or bottom, 1 right or top.
    """
    frame = axes.get_window_extent()
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    scale = max((right - left) / frame.width, (top - bottom) / frame.height)
    wider, taller = scale * frame.width - (right - left), scale * frame.height - (top - bottom)
    axes.set_xlim(left - anchor[0] * wider, right + (1.0 - anchor[0]) * wider)
    axes.set_ylim(bottom - anchor[1] * taller, top + (1.0 - anchor[1]) * taller)
