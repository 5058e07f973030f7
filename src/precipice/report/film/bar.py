"""What is written over a picture: stunt, camera, time, speed, height, and that it is simulated."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFont

SHARE = 0.075
"""Of the picture's height that the bar takes."""
DIM = 0.45
"""What is left of the light outside the camera's frame."""
INK, PALE, PAPER = (255, 255, 255), (198, 208, 216), (14, 18, 22)
ALARM = (255, 176, 87)


class Words(NamedTuple):
    """What the bar says.

    Attributes:
        title: Of the stunt.
        camera: Name and lens.
        time: Counted from takeoff or exit.
        phase: What is going on.
        speed: Of what the stunt is about.
        height: Of it above the ground.
        mark: What kind of picture it is.
        alarm: Whether the mark is a warning.
    """

    title: str
    camera: str
    time: str
    phase: str
    speed: str
    height: str
    mark: str
    alarm: bool = False


def write_over(picture: np.ndarray, words: Words, frame: tuple[float, float]) -> np.ndarray:
    """Return a picture with the bar at its lower edge and what the camera does not record made darker.

    Args:
        picture: Red, green, blue, 0 to 255, `(rows, columns, 3)`.
        words: For the bar.
        frame: Share of width and height that the camera records.
    """
    picture = np.ascontiguousarray(picture)
    rows, columns = picture.shape[:2]
    _frame(picture, frame)
    high = max(26, round(SHARE * rows))
    low = picture[rows - high :].astype(np.uint16)
    picture[rows - high :] = (low * 3 + np.array(PAPER, np.uint16) * 10) // 13
    image = Image.fromarray(picture)
    draw = ImageDraw.Draw(image)
    edge = round(0.014 * columns)
    line = _Line(draw, rows - high, high, columns)
    right = columns - edge
    right -= line.pair(right, words.mark, "", ALARM if words.alarm else PALE, right=True) + 2 * edge
    places = [
        (words.height, "above ground"),
        (words.speed.split(" (", 1)[0], words.speed.partition(" (")[2].rstrip(")")),
        (words.time, words.phase),
    ]
    for big, small in places:
        wide = max(line.width(big, 0.46, bold=True), line.width(small, 0.30), round(0.085 * columns))
        right -= wide
        line.pair(right, big, small, INK)
        right -= 2 * edge
    line.title(edge, right - edge, words)
    return np.asarray(image)


class _Line(NamedTuple):
    """Where the bar is: its upper edge, height and the picture's width [pixels]."""

    draw: ImageDraw.ImageDraw
    top: int
    high: int
    columns: int

    def width(self, text: str, size: float, *, bold: bool = False) -> int:
        return round(self.draw.textlength(text, font=_font(max(9, round(size * self.high)), bold=bold)))

    def title(self, x: int, wide: int, words: Words) -> None:
        """Write the stunt's name as large as there is room for, and the camera below."""
        size = next(
            (s for s in (0.46, 0.42, 0.38, 0.34) if self.width(words.title, s, bold=True) <= wide), 0.30
        )
        text = self._cut(words.title, wide, size, bold=True)
        font = _font(max(9, round(size * self.high)), bold=True)
        self.draw.text((x, self.top + 0.36 * self.high), text, fill=INK, font=font, anchor="lm")
        font = _font(max(9, round(0.30 * self.high)), bold=False)
        text = self._cut(words.camera, wide, 0.30)
        self.draw.text((x, self.top + 0.78 * self.high), text, fill=PALE, font=font, anchor="lm")

    def _cut(self, text: str, wide: int, size: float, *, bold: bool = False) -> str:
        """Return a text that is no wider than there is room for."""
        if self.width(text, size, bold=bold) <= wide:
            return text
        while text and self.width(text + "…", size, bold=bold) > wide:
            text = text[:-1]
        return text + "…"

    def pair(self, x: int, big: str, small: str, ink: tuple[int, int, int], *, right: bool = False) -> int:
        """Write two lines at a place, and return how wide they are [pixels]."""
        size = max(9, round((0.46 if small else 0.36) * self.high))
        wide = round(self.draw.textlength(big, font=_font(size, bold=True)))
        at = x - wide if right else x
        middle = self.top + (0.36 if small else 0.5) * self.high
        self.draw.text((at, middle), big, fill=ink, font=_font(size, bold=True), anchor="lm")
        if small:
            font = _font(max(9, round(0.30 * self.high)), bold=False)
            self.draw.text((at, self.top + 0.78 * self.high), small, fill=PALE, font=font, anchor="lm")
        return wide


@cache
def _font(size: int, *, bold: bool) -> ImageFont.FreeTypeFont:
    # Matplotlib brings a font that every machine then has alike.
    from matplotlib import get_data_path

    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(str(Path(get_data_path()) / "fonts" / "ttf" / name), size)


def _frame(picture: np.ndarray, frame: tuple[float, float]) -> None:
    rows, columns = picture.shape[:2]
    wide, high = (
        round(0.5 * (1.0 - share) * whole) for share, whole in zip(frame, (columns, rows), strict=True)
    )
    if wide < 3 and high < 3:
        return
    for part in (
        picture[:high], picture[rows - high :], picture[high : rows - high, :wide],
        picture[high : rows - high, columns - wide :],
    ):  # fmt: skip
        part[...] = (part * DIM).astype(np.uint8)
    thin = max(1, rows // 720)
    inner = picture[max(high, 0) : rows - high, max(wide, 0) : columns - wide]
    for edge in (inner[:thin], inner[-thin:], inner[:, :thin], inner[:, -thin:]):
        edge[...] = 225
