"""The kinds of stunt that one engine flies, and which of them have what."""

from typing import Literal, get_args

Kind = Literal["ramp-to-canopy", "ramp-jump", "base-jump", "skydive", "drop"]

ALL: frozenset[str] = frozenset(get_args(Kind))
RAMP: frozenset[str] = frozenset({"ramp-to-canopy", "ramp-jump"})
"""A vehicle takes a run-up and leaves a ramp."""
CANOPY: frozenset[str] = frozenset({"ramp-to-canopy", "base-jump", "skydive"})
"""A performer falls free and lands under a canopy."""
CLIFF: frozenset[str] = frozenset({"ramp-to-canopy", "base-jump"})
"""It begins at the edge of a cliff."""
SKYDIVE: frozenset[str] = frozenset({"skydive"})
"""It begins at an aircraft."""
DROP: frozenset[str] = frozenset({"drop"})
"""A body falls."""
MAIN: frozenset[str] = frozenset({"ramp-to-canopy"})
"""Motorcycle, ramp, freefall and canopy: the main stunt."""

MEANING: dict[str, str] = {
    "ramp-to-canopy": "a rider leaves a ramp at a cliff, lets the motorcycle go, and lands under a canopy",
    "ramp-jump": "a vehicle leaves a ramp and lands on a surface",
    "base-jump": "a person leaves a fixed place, falls free, and lands under a canopy",
    "skydive": "a person leaves an aircraft, falls free, and lands under a canopy",
    "drop": "a body falls, slides, and comes to rest",
}
