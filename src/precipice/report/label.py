"""Labels that do not overlap: each is put where it hides nothing, with a thin line to its point."""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

GROUP = "label"
"""Marks the texts that are placed here."""
_WAYS = np.linspace(0.0, 2.0 * np.pi, 16, endpoint=False)
_REACHES = (10.0, 16.0, 24.0, 34.0, 48.0, 66.0, 90.0, 120.0, 160.0)
"""Distances from a point to its label's nearest side that are tried [pixels]."""
_PAD, _GAP = 2.0, 2.5
"""Around the letters, and between a point and its line [pixels]."""
_CELL = 4.0
_ALONG = np.linspace(0.1, 0.9, 12)


class Label(NamedTuple):
    """A point that wants a name.

    Attributes:
        x: In the axes' data.
        y: In the axes' data.
        text: What to write.
        colour: Of text and line.
    """

    x: float
    y: float
    text: str
    colour: str = "#222222"


def place_labels(axes: "Axes", labels: list[Label], keep_free: np.ndarray, size: float = 8.0) -> None:
    """Write labels beside their points; the first are placed best.

    Call it when the limits are final: places are found in pixels.

    Args:
        axes: Where.
        labels: In order of importance; those outside the axes are left out.
        keep_free: Points of lines that no label should hide, `(n, 2)`, in the axes' data.
        size: Of the letters [points].
    """
    from matplotlib.collections import LineCollection
    from matplotlib.transforms import IdentityTransform

    figure: Any = axes.figure
    frame = axes.get_window_extent()
    hidden = _thinned(axes.transData.transform(keep_free), frame) if len(keep_free) else np.zeros((0, 2))
    dots = [np.asarray(axes.transData.transform((label.x, label.y))) for label in labels]
    taken: list[np.ndarray] = []
    leaders: list[np.ndarray] = []
    lines: list[np.ndarray] = []
    colours: list[str] = []
    for label, dot in zip(labels, dots, strict=True):
        if not (frame.x0 <= dot[0] <= frame.x1 and frame.y0 <= dot[1] <= frame.y1):
            continue
        text = axes.text(
            float(dot[0]), float(dot[1]), label.text, transform=IdentityTransform(), fontsize=size,
            color=label.colour, ha="center", va="center", zorder=9, gid=GROUP,
        )  # fmt: skip
        box = text.get_window_extent(figure.canvas.get_renderer())
        half = np.array([0.5 * box.width, 0.5 * box.height]) + _PAD
        avoid = np.concatenate([hidden, np.array(dots), *leaders])
        offset = best_offset(dot, half, taken, np.array([frame.x0, frame.y0, frame.x1, frame.y1]), avoid)
        text.set_position(tuple(dot + offset))
        taken.append(np.concatenate([dot + offset - half, dot + offset + half]))
        leaders.append(dot + _ALONG[:, None] * offset)
        lines.append(dot + np.outer(_ends(offset, half), offset))
        colours.append(label.colour)
    drawn = LineCollection(lines, colors=colours, linewidths=0.6, transform=IdentityTransform(), zorder=8)
    axes.add_collection(drawn, autolim=False)


def _ends(offset: np.ndarray, half: np.ndarray) -> np.ndarray:
    """Return where the line from a point to its label begins and ends, as parts of the way, `(2,)`."""
    to_side = float(np.min(half / np.maximum(np.abs(offset), 1e-9)))
    return np.array([_GAP / float(np.linalg.norm(offset)), 1.0 - to_side])


def _thinned(points: np.ndarray, frame: Any) -> np.ndarray:
    """Return the points inside a frame, at most one for each small square, `(n, 2)` [pixels]."""
    size = np.array([frame.width, frame.height])
    cells = np.floor((points - np.array([frame.x0, frame.y0])) / _CELL)
    cells = cells[np.all((cells >= 0.0) & (cells * _CELL < size), axis=1)].astype(int)
    packed = np.unique(cells[:, 0] * 100_000 + cells[:, 1])
    return np.stack([packed // 100_000, packed % 100_000], axis=1) * _CELL + np.array([frame.x0, frame.y0])


def best_offset(
    dot: np.ndarray,
    half: np.ndarray,
    taken: list[np.ndarray],
    frame: np.ndarray,
    avoid: np.ndarray,
) -> np.ndarray:
    """Return where a label's middle goes, relative to its point, `(2,)` [pixels]: the cheapest place.

    Args:
        dot: The point, `(2,)` [pixels].
        half: Half of the label's width and height, `(2,)` [pixels].
        taken: Low and high corners of the labels that are placed, each `(4,)` [pixels].
        frame: Low and high corner of the axes, `(4,)` [pixels].
        avoid: Points that no label should hide, `(n, 2)` [pixels].
    """
    reach, way = (part.ravel() for part in np.meshgrid(_REACHES, _WAYS, indexing="ij"))
    towards = np.stack([np.cos(way), np.sin(way)], axis=1)
    # The label's nearest side, not its middle, is that far away.
    to_side = np.min(half / np.maximum(np.abs(towards), 1e-9), axis=1)
    offsets = towards * (reach + to_side)[:, None]
    low, high = dot + offsets - half, dot + offsets + half
    outside = np.any((low < frame[:2] + _PAD) | (high > frame[2:] - _PAD), axis=1)
    hides = np.sum(np.all((avoid > low[:, None]) & (avoid < high[:, None]), axis=2), axis=1)
    cost = reach + 25.0 * hides + 1e5 * outside
    leader = dot + _ALONG[:, None] * offsets[:, None]
    for box in taken:
        cost = cost + 1e4 * np.all((low < box[2:]) & (high > box[:2]), axis=1)
        cost = cost + 60.0 * np.sum(np.all((leader > box[:2]) & (leader < box[2:]), axis=2), axis=1)
    return offsets[int(np.argmin(cost))]
