"""Axes of a drawing: from numbers to pixels, straight or logarithmic, with ticks."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from precipice.report.document.drawing import Drawing


class Box(NamedTuple):
    """Where axes are [px]."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Axes:
    """Where numbers are drawn.

    Attributes:
        box: Outline [px].
        x: Numbers at its left and right side.
        y: Numbers at its bottom and top.
    """

    box: Box
    x: tuple[float, float]
    y: tuple[float, float]

    def at(self, points: np.ndarray) -> np.ndarray:
        """Return where points lie, `(n, 2)` [px]."""
        return np.stack([self.across(points[:, 0]), self.up(points[:, 1])], axis=1)

    def across(self, value: np.ndarray | float) -> np.ndarray:
        """Return where numbers lie from left to right [px]."""
        share = (np.asarray(value, float) - self.x[0]) / (self.x[1] - self.x[0])
        return np.asarray(self.box.left + share * (self.box.right - self.box.left))

    def up(self, value: np.ndarray | float) -> np.ndarray:
        """Return where numbers lie from bottom to top [px]."""
        share = (np.asarray(value, float) - self.y[0]) / (self.y[1] - self.y[0])
        return np.asarray(self.box.bottom - share * (self.box.bottom - self.box.top))

    @property
    def scale(self) -> float:
        """Pixels of one unit from left to right."""
        return (self.box.right - self.box.left) / (self.x[1] - self.x[0])


def even_axes(box: Box, low: np.ndarray, high: np.ndarray, anchor: tuple[float, float] = (0.5, 0.5)) -> Axes:
    """Return axes in which a metre is as long one way as the other, and that hold two corners.

    Args:
        box: Outline [px].
        low: Lower corner, `(2,)`.
        high: Upper corner, `(2,)`.
        anchor: Where what must be seen stays when there is room for more: 0 left or bottom, 1 right or top.
    """
    size = np.array([box.right - box.left, box.bottom - box.top])
    span = np.maximum(high - low, 1.0)
    more = size * float(np.max(span / size)) - span
    start = low - np.array(anchor) * more
    end = start + span + more
    return Axes(box, (float(start[0]), float(end[0])), (float(start[1]), float(end[1])))


def ticks(low: float, high: float, count: int = 6) -> list[float]:
    """Return round numbers between two, about so many."""
    raw = max(high - low, 1e-9) / max(count, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * part for part in (1.0, 2.0, 5.0, 10.0) if power * part >= raw - 1e-12)
    first = math.ceil(low / step - 1e-9)
    return [k * step for k in range(first, math.floor(high / step + 1e-9) + 1)]


def round_below(most: float) -> float:
    """Return the largest of 1, 2 and 5 times a power of ten that is not above a positive number."""
    power = 10.0 ** math.floor(math.log10(most) + 1e-12)
    return max(power * part for part in (1.0, 2.0, 5.0) if power * part <= most * (1.0 + 1e-12))


def draw_axes(
    drawing: Drawing, axes: Axes, across: str = "", up: str = "", counts: tuple[int, int] = (6, 5)
) -> None:
    """Draw grid, ticks and names of axes; what they hold comes after.

    Args:
        drawing: Where.
        axes: Which.
        across: Name with unit, below; no numbers there when empty.
        up: Name with unit, on the left; no numbers there when empty.
        counts: About how many ticks across and up.
    """
    box = axes.box
    drawing.rectangle(box.left, box.top, box.right - box.left, box.bottom - box.top, "sky")
    for value in ticks(*axes.x, counts[0]):
        x = float(axes.across(value))
        drawing.line(x, box.top, x, box.bottom, "grid")
        if across:
            drawing.text(x, box.bottom + 15, _told(value), "small middle quiet")
    for value in ticks(*axes.y, counts[1]):
        y = float(axes.up(value))
        drawing.line(box.left, y, box.right, y, "grid")
        if up:
            drawing.text(box.left - 6, y + 4, _told(value), "small end quiet")
    if across:
        drawing.text(0.5 * (box.left + box.right), box.bottom + 32, across, "small middle quiet")
    if up:
        drawing.text(box.left - 53, 0.5 * (box.top + box.bottom), up, "small middle quiet", upright=True)


def _told(value: float) -> str:
    text = f"{value:,.10g}"
    return text.replace("-", "−")


@dataclass(frozen=True)
class LogAxis:
    """A logarithmic axis of chances from left to right.

    Attributes:
        left: [px].
        right: [px].
        low: Power of ten at the left.
        high: Power of ten at the right.
    """

    left: float
    right: float
    low: int
    high: int

    def at(self, chance: float) -> float:
        """Return where a chance lies [px]; what is smaller than the axis's lowest lies at its left end."""
        power = math.log10(max(chance, 1e-300))
        share = (min(max(power, self.low), self.high) - self.low) / (self.high - self.low)
        return self.left + share * (self.right - self.left)

    def draw(self, drawing: Drawing, top: float, bottom: float) -> None:
        """Draw its grid and numbers, in percent, above and below."""
        for power in range(self.low, self.high + 1):
            x = self.at(10.0**power)
            drawing.line(x, top, x, bottom, "grid")
            words = f"{100.0 * 10.0**power:.6g} %"
            drawing.text(x, bottom + 15, words, "small middle quiet")


def log_axis(left: float, right: float, chances: list[float]) -> LogAxis:
    """Return an axis of whole powers of ten that holds chances; zeros and what is not finite do not count."""
    known = [chance for chance in chances if math.isfinite(chance) and chance > 1e-7]
    # What lies at the very end of an axis could not be told from what lies beyond it.
    low = math.floor(math.log10(min(known)) - 0.1) if known else -4
    high = math.ceil(math.log10(max(known)) - 1e-9) if known else 0
    return LogAxis(left, right, min(low, high - 1), min(max(high, low + 1), 0))
