"""Which pictures there are, on which page each stands, and the sentence beside it."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from benchmarks.pictures.air import draw_air
from benchmarks.pictures.canopy import draw_canopy
from benchmarks.pictures.canvas import picture_bytes
from benchmarks.pictures.deployment import draw_deployment
from benchmarks.pictures.flight import draw_flight
from benchmarks.pictures.flights import Flights
from benchmarks.pictures.freefall import draw_freefall
from benchmarks.pictures.inflation import draw_inflation
from benchmarks.pictures.landing import draw_landing
from benchmarks.pictures.motorcycle import draw_motorcycle
from benchmarks.pictures.place import ROOT
from benchmarks.pictures.ramp import draw_ramp
from benchmarks.pictures.run_up import draw_run_up
from benchmarks.pictures.separation import draw_separation
from benchmarks.pictures.terrain import draw_terrain

DOCS = ROOT / "docs"


class Picture(NamedTuple):
    """A picture of a page.

    Attributes:
        page: From the docs folder.
        draw: Function: figure and caption, from flights.
    """

    page: str
    draw: Callable[[Flights], tuple[Any, str]]


PICTURES = {
    "terrain": Picture("phases/terrain.md", draw_terrain),
    "air": Picture("phases/air.md", draw_air),
    "run-up": Picture("phases/run-up.md", draw_run_up),
    "ramp": Picture("phases/ramp.md", draw_ramp),
    "flight": Picture("phases/flight.md", draw_flight),
    "separation": Picture("phases/separation.md", draw_separation),
    "freefall": Picture("phases/freefall.md", draw_freefall),
    "deployment": Picture("phases/deployment.md", draw_deployment),
    "inflation": Picture("phases/inflation.md", draw_inflation),
    "canopy": Picture("phases/canopy.md", draw_canopy),
    "touchdown": Picture("phases/landing.md", draw_landing),
    "motorcycle": Picture("phases/motorcycle.md", draw_motorcycle),
}


def draw_picture(name: str, flights: Flights) -> tuple[bytes, str]:
    """Return a picture as a PNG, and its caption; matplotlib's settings stay as they were."""
    import matplotlib as mpl

    with mpl.rc_context():
        figure, caption = PICTURES[name].draw(flights)
        return picture_bytes(figure), caption


def captions(name: str, text: str) -> list[str]:
    """Return the sentences between a picture's marks in the text of a page, each on one line."""
    found = re.findall(rf"<!-- picture {name}: begin -->(.*?)<!-- picture {name}: end -->", text, re.S)
    return [" ".join(re.sub(r"!\[.*?\]\(.*?\)", "", part, flags=re.S).split()) for part in found]


def put_caption(name: str, caption: str) -> None:
    """Write the sentence beside a picture into its page."""
    path = DOCS / PICTURES[name].page
    text = path.read_text(encoding="utf-8")
    up = "../" * PICTURES[name].page.count("/")
    title = caption.split(".")[0]
    body = f"![{title}]({up}pictures/{name}.png)\n\n{_wrapped(caption)}\n"
    begin, end = f"<!-- picture {name}: begin -->", f"<!-- picture {name}: end -->"
    whole = re.sub(rf"{begin}.*?{end}", lambda _: f"{begin}\n\n{body}\n{end}", text, flags=re.S)
    assert begin in whole, f"{path} has no place for the picture {name}"
    path.write_text(whole, encoding="utf-8")


def _wrapped(text: str) -> str:
    import textwrap

    return textwrap.fill(text, 120, break_long_words=False, break_on_hyphens=False)
