"""Surveyed ground: files of heights and scanned faces, and what they do not say of themselves."""

import datetime as dt
from typing import Literal

from precipice.scenario.field import PlainLength, choose
from precipice.scenario.section import AbstractSection

IDLE = ("wall_angle", "undercut_depth", "undercut_height", "talus_angle", "known_to")
"""Fields of `site.cliff` that describe rock which a survey describes better."""
Unit = Literal["m", "ft", "US-ft"]


class Mesh(AbstractSection):
    """A closed mesh of rock: a scanned face with a skirt and a bottom."""

    file: str = choose(..., "OBJ, PLY or GLB, relative to the scenario file.", min_length=1)
    crs: str | None = choose(
        None, "What x and y mean; left out: metres east, north and up of the site's ground at the origin."
    )
    offset: tuple[float, float, float] = choose(
        (0.0, 0.0, 0.0), "Added to its coordinates: what the export took away."
    )
    axes: Literal["z-up", "y-up"] = choose("z-up", "Which axis points up.")
    unit: Unit = choose("m", "Of its coordinates; with a crs, of its heights.")
    clear: PlainLength | None = choose(
        None,
        "How far in front of it the elevation model's smeared wall gives way; left out: two posts.",
    )


class Terrain(AbstractSection):
    """Surveyed ground instead of the parametric cliff: an elevation model, and scanned faces in it."""

    dem: str = choose(..., "Elevation model, relative to the scenario file.", min_length=1)
    mesh: tuple[Mesh, ...] = choose((), "Scanned faces, near the lip.", max_length=8)
    crs: str | None = choose(None, "What its coordinates mean, where the file does not say.")
    unit: Unit | None = choose(None, "Of its heights, where the file does not say.")
    vertical_datum: str | None = choose(None, "What its heights count from, where the file does not say.")
    vertical_shift: PlainLength | None = choose(
        None, "Added to its heights to bring them to the site's vertical datum, when that is another."
    )
    covers: Literal["ground", "surface"] = choose(
        "ground", "Bare ground, or the surface with trees and houses."
    )
    date: dt.date | None = choose(None, "When it was surveyed.")
    source: str = choose("", "Who made it, for a person to look up.")
    radius: PlainLength | None = choose(
        None, "How far around the lip it is kept; left out: 500 m beyond lip and landing areas."
    )
    cell: PlainLength | None = choose(
        None, "Finest cell of the field; left out: 0.5 m with a mesh, else a sixth of a post."
    )
