"""How the pictures look: one size, one set of colours, small files that are the same bytes each time."""

import io
from pathlib import Path
from typing import Any

from precipice.report.palette import MOTORCYCLE, ROCK, ROCK_EDGE, STRETCHES

WIDTH, DPI = 9.0, 112
"""Of a picture [inch], [pixels an inch]: about as wide as the text of a page, sharp on most screens."""
COLOURS = 96
"""In a file."""
RIDE, SEPARATION, FALL, OPENING, CANOPY = (
    next(part.colour for part in STRETCHES if phase in part.phases)
    for phase in ("ramp", "separation", "freefall", "inflation", "canopy")
)
QUIET = "#6b6b6b"
PALE = "#c4c4c4"
LIMIT = "#B00020"
SKY = "#56B4E9"
GRID = "#e6e6e6"
__all__ = [
    "CANOPY",
    "FALL",
    "GRID",
    "LIMIT",
    "MOTORCYCLE",
    "OPENING",
    "PALE",
    "QUIET",
    "RIDE",
    "ROCK",
    "ROCK_EDGE",
    "SEPARATION",
    "SKY",
    "new_figure",
    "note",
    "pack",
    "picture_bytes",
]


def new_figure(height: float) -> Any:
    """Return an empty figure with a light background, as high as asked [inch]."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib.figure import Figure

    mpl.rcParams.update(
        {
            "font.family": "DejaVu Sans",
            "font.size": 10,
            "axes.titlesize": 10.5,
            "axes.titleweight": "bold",
            "axes.titlelocation": "left",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "grid.color": GRID,
            "grid.linewidth": 0.8,
            "axes.axisbelow": True,
            "legend.facecolor": "white",
            "legend.edgecolor": "none",
            "legend.framealpha": 0.85,
            "legend.fontsize": 9,
            "lines.linewidth": 1.8,
        }
    )
    return Figure(figsize=(WIDTH, height), dpi=DPI, facecolor="white", layout="constrained")


def note(
    axes: Any, text: str, at: tuple[float, float], to: tuple[float, float], colour: str = QUIET, **more: Any
) -> None:
    """Write a remark beside a place of the data, `to` points away from it, with a thin line between."""
    more = {"ha": "left" if to[0] >= 0 else "right", "va": "center", **more}
    line = {"arrowstyle": "-", "color": colour, "lw": 0.8, "shrinkA": 1, "shrinkB": 2}
    axes.annotate(
        text, at, xytext=to, textcoords="offset points", color=colour, fontsize=9, arrowprops=line, **more
    )


def picture_bytes(figure: Any) -> bytes:
    """Return a figure as a PNG of few colours, without date or version."""
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=DPI, facecolor="white", metadata={"Software": None})
    return pack(drawn)


def pack(picture: io.BytesIO | Path, colours: int = COLOURS) -> bytes:
    """Return a picture as a PNG of few colours: a fifth of its size, the same to the eye."""
    from PIL import Image

    few = (
        Image.open(picture)
        .convert("RGB")
        .quantize(colours, method=Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE)
    )
    packed = io.BytesIO()
    few.save(packed, format="PNG", optimize=True)
    return packed.getvalue()
