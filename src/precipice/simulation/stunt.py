"""What each stage of each kind of stunt does; `kind.KINDS` says which kind has which."""

from collections.abc import Callable
from typing import Any

from precipice.simulation.descent import fly_canopy
from precipice.simulation.drop import drop_body, drop_motorcycle
from precipice.simulation.fall import fall, leave
from precipice.simulation.jump import jump
from precipice.simulation.ride import ride

STAGES: dict[str, Callable[..., tuple[Any, Any]]] = {
    "ride": ride,
    "jump": jump,
    "leave": leave,
    "motorcycle": drop_motorcycle,
    "drop": drop_body,
    "fall": fall,
    "canopy": fly_canopy,
}
"""By name: called with what it takes, `tolerance` and `steps`; returns what it hands on and a `Report`."""
