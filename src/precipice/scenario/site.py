"""The site: rock, landing areas, obstacles."""

import datetime as dt
from typing import Literal

from precipice.scenario.field import (
    Angle,
    Length,
    PlainTime,
    assume,
    choose,
    given,
    need,
    normal,
    truncated,
    uniform,
)
from precipice.scenario.kind import ALL, CANOPY, CLIFF, DROP
from precipice.scenario.position import AbstractSpot
from precipice.scenario.presence import Aircraft, Camera, People, WindStation
from precipice.scenario.section import AbstractSection
from precipice.scenario.terrain import Terrain

_GROUND_START = ALL - {"skydive"}
_LANDING = ALL - {"ramp-jump"}


class Cliff(AbstractSection):
    """The rock: a plateau, its edge, a wall, and talus below. With a terrain, what the wind meets."""

    lip_to_edge: Length = assume(
        "0 m",
        "From the lip to the edge of the rock; positive: the edge lies beyond the lip.",
        spread=uniform("-0.5 m", "0.5 m", "constant"),
    )
    face_azimuth: Angle = given("Bearing that the wall faces.")
    wall_height: Length = given("From the edge down to the top of the talus.", above=0)
    wall_angle: Angle = assume(
        "90 deg",
        "From horizontal; above 90 overhangs.",
        above="30 deg",
        below="150 deg",
        spread=normal("2 deg", "constant"),
    )
    undercut_depth: Length = assume("0 m", "How far the wall lies back below the edge.", least=0)
    undercut_height: Length = assume("20 m", "How far down the undercut reaches.", above=0)
    talus_angle: Angle = assume(
        "38 deg",
        "Slope of the scree below the wall, from horizontal.",
        least=0,
        below="90 deg",
        spread=truncated("4 deg", "20 deg", "60 deg", "constant"),
    )
    plateau_slope: Angle = assume(
        "0 deg", "Positive: the ground rises towards the edge.", above="-60 deg", below="60 deg"
    )
    known_to: Length = assume(
        "3000 m", "Beyond this distance from the lip the rock is unknown, hence never safe.", above=0
    )


class Landing(AbstractSpot):
    """The landing area."""

    name: str = choose("landing area", "What it is called.")
    altitude: Length = given("Of its ground above sea level, in the site's vertical datum.")
    radius: Length = assume("30 m", "A canopy that lands within it has landed in the area.", above=0)
    slope: Angle = assume("0 deg", "Steepest slope of its ground.", least=0, below="60 deg")


class Obstacle(AbstractSpot):
    """Something to stay away from: an upright cylinder up to its height; a strike, unless water."""

    name: str = choose("obstacle", "What it is called.")
    kind: Literal["water", "wires", "trees", "building", "rock", "other"] = choose(..., "What it is.")
    radius: Length = assume("10 m", "Its extent on the map.", above=0)
    height: Length = assume("0 m", "Of its top above the landing area; 0 for water.")


class Site(AbstractSection):
    """Where the stunt is. Its latitude, longitude and altitude are those of the lip or exit point."""

    name: str = choose("", "What people call it.")
    vertical_datum: str = choose("mean sea level", "What altitudes count from.")
    date: dt.date | None = choose(None, "Of the stunt.")
    time: dt.time | None = choose(None, "Of the stunt, local.")
    utc_offset: PlainTime = choose(0.0, "Local time minus UTC.")
    latitude: Angle = given("WGS84 latitude of the origin.", least="-90 deg", most="90 deg")
    longitude: Angle = given("WGS84 longitude of the origin.", least="-180 deg", most="180 deg")
    altitude: Length | None = given(
        "Of the ground at the lip, or of the exit point, above sea level.",
        above="-500 m",
        most="9000 m",
        only=_GROUND_START,
    )
    cliff: Cliff | None = need("The rock.", CLIFF, also=DROP)
    terrain: Terrain | None = choose(None, "Surveyed ground.")
    landing: Landing | None = need("The landing area.", _LANDING)
    alternate: tuple[Landing, ...] = choose((), "Other places to land.", only=CANOPY, max_length=3)
    obstacle: tuple[Obstacle, ...] = choose((), "What to stay away from.", max_length=16)
    people: tuple[People, ...] = choose((), "Who is where, and when.", max_length=16)
    aircraft: tuple[Aircraft, ...] = choose((), "What else flies.", max_length=4)
    camera: tuple[Camera, ...] = choose((), "What films from where.", max_length=100)
    wind_station: tuple[WindStation, ...] = choose((), "Where wind is measured.", max_length=100)
