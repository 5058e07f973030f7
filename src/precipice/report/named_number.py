"""Units and meanings of a run's named numbers and of a track's columns, for files that others read."""

from typing import NamedTuple

from precipice.units import DIMENSIONS

STANDARD_GRAVITY = "9.80665 m s-2"
"""Unit of a load in the words of UDUNITS, where "g" is the gram."""


class Column(NamedTuple):
    """One column of a track.

    Attributes:
        unit: In UDUNITS words; "1" for a pure number.
        meaning: What it is.
    """

    unit: str
    meaning: str


TRACK = {
    "position": Column("m", "centre of mass, east, north and up from the lip"),
    "velocity": Column("m s-1", "velocity, east, north and up"),
    "attitude": Column("1", "quaternion, scalar first, body (forward-left-up) to east-north-up"),
    "load": Column(STANDARD_GRAVITY, "non-gravitational acceleration over standard gravity"),
    "clearance": Column("m", "from the body's extent to rock; on the run-up to the deck's side"),
    "height": Column("m", "above the rock straight below"),
    "gap": Column("m", "between the extents of performer and motorcycle, where it counts"),
    "air_speed": Column("m s-1", "speed through the air"),
    "control": Column("1", "two numbers of the phase, such as brakes and turn input under the canopy"),
    "known": Column("m", "to the end of the terrain data"),
}

_SPECIAL = {
    "opening_heading_error": Column(
        "rad", "opening heading from straight away from the face, positive right"
    ),
    "throw_instability": Column("1", "instability at the throw; above 1 is unstable"),
    "lip_pitch": Column("rad", "pitch of the vehicle at takeoff, nose up"),
    "airtime": Column("s", "from takeoff to the first touch"),
    "landing_edge_distance": Column("m", "first touch to the edge of the surface; negative: outside"),
    "reserve_used": Column("1", "1 if the reserve was used"),
    "clear": Column("1", "1 if performer and motorcycle came clear of each other"),
    "landing_area": Column("1", "0 is the landing area, then the alternates"),
    "landing_sink": Column("m s-1", "sink at touchdown"),
    "landing_speed": Column("m s-1", "level speed at touchdown"),
    "outcome": Column("1", "code of the outcome; its word is an attribute of the file"),
    "twisted": Column("1", "1 if the lines are twisted"),
    "brake_time": Column("s", "when the brakes came on; 1e9 is never"),
    "smallest_gap": Column("m", "smallest gap to the motorcycle once clear; 1000 is none"),
    "throw_motorcycle_above": Column("m", "the motorcycle above the performer at the throw"),
    "contact_sink": Column("m s-1", "sink of the body at its first contact"),
    "motorcycle_contact_sink": Column("m s-1", "sink of the motorcycle at its first contact"),
    "snatch_force": Column("N", "peak force at line stretch"),
}
_ENDINGS = {
    "_time": "s",
    "_speed": "m s-1",
    "_pitch_rate": "rad s-1",
    "_yaw_rate": "rad s-1",
    "_angle": "rad",
    "_heading": "rad",
    "_load": STANDARD_GRAVITY,
    "_force": "N",
    "_altitude": "m",
    "_height": "m",
    "_clearance": "m",
    "known": "m",
    "_gap": "m",
    "_distance": "m",
    "_radius": "m",
    "_offset": "m",
    "_east": "m",
    "_north": "m",
    "_up": "m",
}


def describe(name: str) -> Column:
    """Return unit and meaning of a named number; one that nobody described is a pure number.

    Args:
        name: Such as "lip_speed".
    """
    if name in _SPECIAL:
        return _SPECIAL[name]
    unit = next((unit for ending, unit in _ENDINGS.items() if name.endswith(ending)), "1")
    return Column(unit, name.replace("_", " "))


def si_unit(dimension: str) -> str:
    """Return the SI unit of a scenario field in UDUNITS words, such as "m s-2".

    Args:
        dimension: A key of `precipice.units.DIMENSIONS`.
    """
    names = ("m", "kg", "s", "K", "rad")
    powers = zip(names, DIMENSIONS[dimension].base, strict=True)
    return " ".join(name + ("" if power == 1 else str(power)) for name, power in powers if power) or "1"
