"""The run-up: from standstill to the ramp's foot."""

from typing import Literal

from precipice.scenario.field import Angle, Length, Ratio, Speed, assume, choose, given
from precipice.scenario.section import AbstractSection

SurfaceKind = Literal[
    "asphalt",
    "concrete",
    "gravel",
    "dirt",
    "grass",
    "plywood",
    "grip-coated deck",
    "steel",
    "snow",
    "ice",
    "other",
]

_RAMP_JUMP = frozenset({"ramp-jump"})


class Surface(AbstractSection):
    """What the tyres run on, from a station to the next surface."""

    name: str = choose("surface", "What it is called.")
    from_: Length = assume("0 m", "Station where it begins, counted from the start.", least=0, alias="from")
    kind: SurfaceKind = choose("other", "What it is made of.")
    wet: bool = choose(default=False, description="Whether it is wet.")
    friction: Ratio = given("Of the tyres, as it is on the day.", above=0, most="2")
    rolling_resistance: Ratio = assume("0.02", "Rolling drag over weight.", least=0, below="0.5")


class RunUp(AbstractSection):
    """The straight way to the ramp."""

    azimuth: Angle = given("Bearing of travel; the ramp has the same.")
    length: Length = given("From the start to the ramp's foot.", above=0)
    deck_width: Length = assume("2 m", "What the wheels may use.", above=0)
    deck_height: Length = assume("0 m", "Of the deck above the ground; the ramp stands on it.", least=0)
    slope: Angle = assume("0 deg", "Positive: downhill.", above="-60 deg", below="60 deg", only=_RAMP_JUMP)
    start_speed: Speed = assume("0 m/s", "At its start, when towed in or let go.", least=0, only=_RAMP_JUMP)
    surface: tuple[Surface, ...] = choose(
        ..., "In the order of travel; the first begins at 0 m.", min_length=1, max_length=4
    )
