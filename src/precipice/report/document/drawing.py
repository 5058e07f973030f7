"""A drawing as SVG: shapes with a class each, so that light, dark and paper give them their colours."""

from collections.abc import Sequence
from contextlib import contextmanager
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from precipice.report.document.colour import printed_style

if TYPE_CHECKING:
    from collections.abc import Iterator

Pixels = float | int

LETTER = 0.56
"""Width of a letter over its size, about."""
SIZES = {"small": 11.5}
SIZE = 13.0
NEAR = 0.8
"""Points of a line that are nearer than that to the one before are left out [px]."""
FAR = 6000.0
"""No coordinate lies farther out, since renderers count in float32 [px]."""


class Drawing:
    """An SVG in the making.

    Attributes:
        width: Of its coordinates [px].
        height: [px].
        words: What it shows, for those who do not see it.
    """

    def __init__(self, width: Pixels, height: Pixels, words: str):
        """Begin an empty drawing.

        Args:
            width: Of its coordinates [px].
            height: [px].
            words: What it shows, for those who do not see it.
        """
        self.width, self.height, self.words = width, height, words
        self._parts: list[str] = []

    def line(self, x1: Pixels, y1: Pixels, x2: Pixels, y2: Pixels, look: str) -> None:
        """Draw a straight line."""
        self._parts.append(f'<path class="{look}" d="M{_at(x1, y1)}L{_at(x2, y2)}"/>')

    def path(self, points: np.ndarray, look: str, *, closed: bool = False) -> None:
        """Draw a line through points, `(n, 2)` [px]; where they lie close, some are left out."""
        kept = thinned(points)
        if len(kept) > 1:
            way = "L".join(_at(x, y) for x, y in kept)
            self._parts.append(f'<path class="{look}" d="M{way}{"Z" if closed else ""}"/>')

    def dots(self, points: np.ndarray, look: str) -> None:
        """Draw a round dot at each of many points, `(n, 2)` [px], as one path; alike ones once."""
        places = dict.fromkeys(_at(x, y, 0) for x, y in points)
        if places:
            self._parts.append(f'<path class="{look}" d="{"".join(f"M{place}h0" for place in places)}"/>')

    def crosses(self, points: np.ndarray, look: str, size: Pixels = 2.5) -> None:
        """Draw an upright cross at each of many points, `(n, 2)` [px], as one path."""
        places = dict.fromkeys((round(float(x)), round(float(y))) for x, y in points)
        way = "".join(f"M{x - size:g} {y}h{2 * size:g}m{-size:g} {-size:g}v{2 * size:g}" for x, y in places)
        if way:
            self._parts.append(f'<path class="{look}" d="{way}"/>')

    def rectangle(self, x: Pixels, y: Pixels, width: Pixels, height: Pixels, look: str) -> None:
        """Draw a rectangle from its upper left corner."""
        sizes = f'width="{_number(width)}" height="{_number(height)}"'
        self._parts.append(f'<rect class="{look}" x="{_number(x)}" y="{_number(y)}" {sizes}/>')

    def circle(self, x: Pixels, y: Pixels, radius: Pixels, look: str) -> None:
        """Draw a circle."""
        self._parts.append(
            f'<circle class="{look}" cx="{_number(x)}" cy="{_number(y)}" r="{_number(radius)}"/>'
        )

    def text(self, x: Pixels, y: Pixels, words: str, look: str = "", *, upright: bool = False) -> None:
        """Write words; their baseline begins, or by its class ends, at a point; `upright` turns them left."""
        turned = f' transform="rotate(-90 {_number(x)} {_number(y)})"' if upright else ""
        named = f' class="{look}"' if look else ""
        told = escape(words)
        self._parts.append(f'<text{named} x="{_number(x)}" y="{_number(y)}"{turned}>{told}</text>')

    @contextmanager
    def inside(self, x: Pixels, y: Pixels, width: Pixels, height: Pixels) -> "Iterator[None]":
        """Cut off whatever is drawn meanwhile outside a rectangle."""
        box = " ".join(_number(part) for part in (x, y, width, height))
        sizes = " ".join(
            f'{name}="{_number(part)}"'
            for name, part in zip(("x", "y", "width", "height"), (x, y, width, height), strict=True)
        )
        self._parts.append(f'<svg {sizes} viewBox="{box}">')
        yield
        self._parts.append("</svg>")

    @property
    def inline(self) -> str:
        """The drawing as part of an HTML page."""
        return f'<svg class="d" {self._box} role="img" aria-label="{escape(self.words)}">{self._body}</svg>'

    @property
    def alone(self) -> str:
        """The drawing as a file of its own, in the light colours."""
        space = 'xmlns="http://www.w3.org/2000/svg"'
        size = f'width="{_number(self.width)}" height="{_number(self.height)}"'
        style = f"<style>{printed_style()}</style>"
        return f'<svg {space} {size} {self._box} class="d">{style}<g class="d">{self._body}</g></svg>'

    @property
    def _box(self) -> str:
        return f'viewBox="0 0 {_number(self.width)} {_number(self.height)}"'

    @property
    def _body(self) -> str:
        return "".join(self._parts)


def thinned(points: np.ndarray) -> np.ndarray:
    """Return a line's points without those that nobody could tell from the one before, `(m, 2)`."""
    finite = points[np.all(np.isfinite(points), axis=1)]
    kept: list[np.ndarray] = []
    for k, point in enumerate(finite):
        if not kept or k == len(finite) - 1 or float(np.hypot(*(point - kept[-1]))) >= NEAR:
            kept.append(point)
    return np.array(kept) if kept else np.zeros((0, 2))


def text_width(words: str, look: str = "") -> float:
    """Return about how wide words are [px]."""
    size = next((value for name, value in SIZES.items() if name in look.split()), SIZE)
    return LETTER * size * max((len(line) for line in words.split("\n")), default=0)


def joined(points: Sequence[tuple[float, float]]) -> np.ndarray:
    """Return points as an array, `(n, 2)`."""
    return np.array(points, float).reshape(-1, 2)


def _number(value: Pixels, decimals: int = 1) -> str:
    return (
        f"{min(max(value, -FAR), FAR):.{decimals}f}".rstrip("0").rstrip(".") if decimals else f"{value:.0f}"
    )


def _at(x: Pixels, y: Pixels, decimals: int = 1) -> str:
    return f"{_number(x, decimals)} {_number(y, decimals)}"
