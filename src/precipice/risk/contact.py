"""What a person met at the end of each run, and how hard: read from a campaign's numbers.

A run that has ended passes through later stages unchanged, so `landing_sink`, `landing_speed` and
`landing_up` are those of its last instant, however it ended, and `closing_speed` is the one between performer
and motorcycle when they meet again. Missing is the speed of who rides off the deck.
Missing, too, is the part of a speed that points into the rock: a graze counts like a hit.
"""

from typing import NamedTuple

import numpy as np

from precipice.earth import GRAVITY
from precipice.errors import InputError
from precipice.risk.hazard import Flights, landing_slope, speed_into_ground
from precipice.scenario.kind import CANOPY, DROP


class Contact(NamedTuple):
    """One kind of contact in many runs.

    Attributes:
        kind: A key of `ROWS`.
        happened: Whether it did, `(n,)`.
        first: What it measures at the first touch; NaN where nothing tells, `(n,)`.
        last: The same when the rest of the height is fallen, too; as `first` where there is none, `(n,)`.
    """

    kind: str
    happened: np.ndarray
    first: np.ndarray
    last: np.ndarray


def find_contacts(flights: Flights) -> tuple[Contact, ...]:
    """Return every contact that people had, by kind.

    Args:
        flights: Flown runs.

    Raises:
        InputError: When the stunt has no person in it.
    """
    if flights.scenario.kind in DROP:
        raise InputError(
            f"kind must have a person in it, but is {flights.scenario.kind}: severity is that of a person"
        )
    if flights.scenario.kind not in CANOPY:
        return (_on_a_vehicle(flights),)
    return (*_landings(flights), *_strikes(flights), _opening(flights))


def _landings(flights: Flights) -> list[Contact]:
    landed, wet = flights.ended("landed"), flights.ended("landed-in-water")
    sink, level = flights.number("landing_sink"), flights.number("landing_speed")
    into = speed_into_ground(sink, level, landing_slope(flights))
    kinds = (("landing", landed, into), ("landing, over the ground", landed, level), ("water", wet, sink))
    return [Contact(kind, happened, speed, speed) for kind, happened, speed in kinds]


def _strikes(flights: Flights) -> list[Contact]:
    speed = np.hypot(flights.number("landing_sink"), flights.number("landing_speed"))
    fallen = np.sqrt(speed**2 + 2.0 * GRAVITY * height_left(flights))
    obstacle = flights.ended("struck-obstacle")
    fall = ("struck-rock-in-freefall", "struck-rock-in-deployment")
    riding = ("struck-rock-on-motorcycle", "struck-rock-at-separation")
    kinds = {
        "ground without a canopy": flights.ended("struck-ground-without-canopy"),
        "rock in freefall": flights.ended(*fall, *riding) | (obstacle & ~flights.opened),
        "rock or obstacle under the canopy": flights.ended("struck-rock-under-canopy")
        | (obstacle & flights.opened),
    }
    found = [Contact(kind, happened, speed, fallen) for kind, happened in kinds.items()]
    return [*found, _met_the_motorcycle(flights, fallen)]


def _met_the_motorcycle(flights: Flights, fallen: np.ndarray) -> Contact:
    """Return the meeting of performer and motorcycle, after which nobody may be awake to open a canopy."""
    again, off = flights.ended("re-contact"), flights.ended("left-deck")
    if "closing_speed" not in flights.columns:
        return Contact("motorcycle", off, flights.nothing, flights.nothing)
    closing = np.where(again, flights.number("closing_speed"), np.nan)
    return Contact("motorcycle", again | off, closing, np.where(again, np.maximum(closing, fallen), np.nan))


def height_left(flights: Flights) -> np.ndarray:
    """Return how far above the landing area each run ended, at least 0, `(n,)` [m]."""
    area = flights.values.get("site.landing.altitude")
    if area is None:
        return np.zeros(len(flights.zero))
    return np.maximum(flights.number("landing_up") + flights.number("lip_altitude") - area, 0.0)


def _opening(flights: Flights) -> Contact:
    load = GRAVITY * flights.number("opening_load")
    return Contact("opening", flights.thrown & (load > 0.0), load, load)


def _on_a_vehicle(flights: Flights) -> Contact:
    """Return the landing on a vehicle; how hard one is beside its surface, nothing tells."""
    landed, missed = flights.ended("landed"), flights.ended("missed-surface", "left-deck")
    into = np.sqrt(2.0 * GRAVITY * np.maximum(flights.number("landing_fall_height"), 0.0))
    known = np.where(missed, np.nan, into)
    return Contact("landing on a vehicle", landed | missed, known, known)
