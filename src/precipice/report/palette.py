"""Colours of a picture: the same phase has the same colour everywhere, for colour-blind eyes too."""

from typing import NamedTuple

import numpy as np

from precipice.simulation.track import Track


class Stretch(NamedTuple):
    """Phases that share a colour.

    Attributes:
        name: In the legend.
        phases: Names in a track.
        colour: After Okabe and Ito 2008.
    """

    name: str
    phases: tuple[str, ...]
    colour: str


STRETCHES = (
    Stretch("on the vehicle", ("run-up", "ramp", "flight"), "#0072B2"),
    Stretch("in the air", ("jump",), "#D55E00"),
    Stretch("separation", ("separation",), "#CC79A7"),
    Stretch("freefall", ("freefall",), "#D55E00"),
    Stretch("deployment and inflation", ("deployment", "inflation"), "#E69F00"),
    Stretch("canopy", ("canopy",), "#009E73"),
    Stretch("falling", ("tumble",), "#D55E00"),
    Stretch("sliding", ("slide",), "#0072B2"),
)
MOTORCYCLE = "#222222"
ROCK = "#cfc6ba"
ROCK_EDGE = "#7d7468"
GOOD = "#009E73"
BAD = "#B00020"
QUIET = "#555555"


def rows_of(track: Track, stretch: Stretch) -> np.ndarray:
    """Return which steps of a track belong to a stretch, `(n,)`, with the first step after it to join up."""
    inside = np.isin(track.phase, stretch.phases)
    joined = inside.copy()
    joined[1:] |= inside[:-1]
    return joined if np.any(inside) else inside


def riderless(track: Track) -> np.ndarray:
    """Return which steps of the motorcycle's track are without a performer on it, `(n,)`."""
    return np.isin(track.phase, ("separation", "tumble", "slide"))
