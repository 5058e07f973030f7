"""Where something is: relative to the lip, or by latitude and longitude."""

from dataclasses import dataclass
from typing import Literal

from pydantic import model_validator

from precipice.errors import RuleError
from precipice.scenario.field import Angle, Length, maybe
from precipice.scenario.quantity import Quantity
from precipice.scenario.section import AbstractSection

HorizontalForm = Literal["bearing", "local", "geodetic"]
VerticalForm = Literal["altitude", "up", "height"]

_PAIRS: dict[HorizontalForm, tuple[str, str]] = {
    "bearing": ("bearing", "distance"),
    "local": ("east", "north"),
    "geodetic": ("latitude", "longitude"),
}
_LEVELS: tuple[VerticalForm, ...] = ("altitude", "up", "height")
_REMEDY = "write bearing and distance, east and north, or latitude and longitude"


@dataclass(frozen=True)
class Position:
    """A place as it was written.

    Attributes:
        horizontal: Which pair gives the place on the map.
        first: Bearing, east or latitude [rad or m].
        second: Distance, north or longitude [rad or m].
        vertical: What the level counts from: sea level, the lip, or the landing area; None when not given.
        level: [m]; 0 when not given.
    """

    horizontal: HorizontalForm
    first: float
    second: float
    vertical: VerticalForm | None
    level: float


class AbstractSpot(AbstractSection):
    """A section that says where it is on the map, in one of three ways."""

    bearing: Angle | None = maybe("Bearing from the lip, clockwise from true north.")
    distance: Length | None = maybe("Level distance from the lip.", least=0)
    east: Length | None = maybe("East of the lip.")
    north: Length | None = maybe("North of the lip.")
    latitude: Angle | None = maybe("WGS84 latitude.", least="-90 deg", most="90 deg")
    longitude: Angle | None = maybe("WGS84 longitude.", least="-180 deg", most="180 deg")

    @model_validator(mode="after")
    def _is_one_spot(self) -> "AbstractSpot":
        written = [name for pair in _PAIRS.values() for name in pair if getattr(self, name) is not None]
        if tuple(written) not in _PAIRS.values():
            raise RuleError(
                "must say where it is in exactly one way", " and ".join(written) or "missing", _REMEDY
            )
        return self

    @property
    def position(self) -> Position:
        """The place as it was written."""
        forms: list[HorizontalForm] = [
            form for form, pair in _PAIRS.items() if getattr(self, pair[0]) is not None
        ]
        form = forms[0]
        first, second = (_number(getattr(self, name)) for name in _PAIRS[form])
        levels: list[VerticalForm] = [level for level in _LEVELS if getattr(self, level, None) is not None]
        level = levels[0] if levels else None
        return Position(form, first, second, level, _number(getattr(self, level)) if level else 0.0)


class AbstractPlace(AbstractSpot):
    """A section that says where it is on the map and at what level."""

    altitude: Length | None = maybe("Above sea level, in the site's vertical datum.")
    up: Length | None = maybe("Above the lip.")
    height: Length | None = maybe("Above the landing area.")

    @model_validator(mode="after")
    def _is_one_level(self) -> "AbstractPlace":
        written = [level for level in _LEVELS if getattr(self, level) is not None]
        if len(written) != 1:
            remedy = "write altitude (above sea level), up (above the lip) or height (above the landing area)"
            raise RuleError(
                "must say its level in exactly one way", " and ".join(written) or "missing", remedy
            )
        return self


def _number(quantity: Quantity) -> float:
    return quantity.value
