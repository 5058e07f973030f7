"""Names beside points of a drawing, placed so that they hide nothing."""

from typing import NamedTuple

import numpy as np

from precipice.report.document.axes import Box
from precipice.report.document.drawing import Drawing, text_width
from precipice.report.label import best_offset

_HIGH = 13.0
_PAD = 2.0


class Name(NamedTuple):
    """A point that wants a name.

    Attributes:
        x: [px].
        y: [px].
        words: What to write.
        look: Class of the words.
    """

    x: float
    y: float
    words: str
    look: str = ""


def place_names(drawing: Drawing, box: Box, names: list[Name], avoid: np.ndarray) -> None:
    """Write names beside their points, the first ones placed best; those outside the axes are left out.

    Args:
        drawing: Where.
        box: Axes [px].
        names: In order of importance.
        avoid: Points of lines that no name should hide, `(n, 2)` [px].
    """
    frame = np.array(box)
    inside = (frame[0] <= avoid[:, 0]) & (avoid[:, 0] <= frame[2])
    inside &= (frame[1] <= avoid[:, 1]) & (avoid[:, 1] <= frame[3])
    hidden = np.unique(np.round(avoid[inside] / 4.0), axis=0) * 4.0
    shown = [name for name in names if box.left <= name.x <= box.right and box.top <= name.y <= box.bottom]
    dots = np.array([(name.x, name.y) for name in shown]).reshape(-1, 2)
    taken: list[np.ndarray] = []
    for name, dot in zip(shown, dots, strict=True):
        half = np.array([0.5 * text_width(name.words, "small"), 0.5 * _HIGH]) + _PAD
        offset = best_offset(dot, half, taken, frame, np.concatenate([hidden, dots]))
        middle = dot + offset
        taken.append(np.concatenate([middle - half, middle + half]))
        reach = float(np.min(half / np.maximum(np.abs(offset), 1e-9)))
        near, end = dot + 0.12 * offset, middle - reach * offset
        drawing.line(float(near[0]), float(near[1]), float(end[0]), float(end[1]), "lead")
        place = float(middle[0]), float(middle[1]) + 4.0
        drawing.text(*place, name.words, "small middle halo")
        drawing.text(*place, name.words, f"small middle {name.look}".rstrip())
