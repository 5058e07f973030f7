"""Who and what is at the site, where and when. Times count from takeoff (or exit)."""

import datetime as dt
from typing import Literal

from precipice.scenario.field import Angle, Length, Ratio, Speed, Time, assume, choose, maybe
from precipice.scenario.position import AbstractPlace, AbstractSpot
from precipice.scenario.section import AbstractSection

_BEFORE = "From when, relative to takeoff; negative is before."
_AFTER = "Until when, relative to takeoff."


class People(AbstractSpot):
    """People on the ground, inside a circle."""

    name: str = choose("people", "Who they are.")
    kind: Literal["people", "crew", "audience", "road", "building"] = choose(
        "people", "What sort of place it is."
    )
    radius: Length = assume("10 m", "Of the circle that they may be in.", above=0)
    count: int = choose(1, "How many at most.", ge=0)
    from_: Time = assume("-1 h", _BEFORE, alias="from")
    to: Time = assume("1 h", _AFTER)


class GroundVelocity(AbstractSection):
    """How something moves over the ground."""

    bearing: Angle = assume("0 deg", "Where it goes.")
    speed: Speed = assume("0 m/s", "Over the ground.", least=0)
    climb: Speed = assume("0 m/s", "Upwards.")


class Aircraft(AbstractPlace):
    """Another aircraft, at its position at takeoff, moving steadily."""

    name: str = choose("aircraft", "Which one it is.")
    velocity: GroundVelocity = choose(GroundVelocity(), "How it moves.")
    keep_out: Length = assume("50 m", "Nothing of the stunt may come nearer.", above=0)
    from_: Time = assume("-1 h", _BEFORE, alias="from")
    to: Time = assume("1 h", _AFTER)


class Camera(AbstractPlace):
    """A camera and its lens."""

    name: str = choose("camera", "Which one it is.")
    focal_length: Length = assume("35 mm", "Of the lens.", above=0)
    sensor_width: Length = assume("36 mm", "Of the recorded picture.", above=0)
    sensor_height: Length = assume("24 mm", "Of the recorded picture.", above=0)
    aspect: Ratio = assume("1.778", "Width over height of the frame that is shown.", above=0)
    aim: Literal["performer", "motorcycle", "lip", "landing", "fixed"] = choose(
        "performer", "What it follows."
    )
    aim_bearing: Angle | None = maybe('Where it looks when aim = "fixed".')
    aim_pitch: Angle | None = maybe('How far up it looks when aim = "fixed".', least="-90 deg", most="90 deg")
    crew: int = choose(0, "How many people stand there.", ge=0)
    from_: Time = assume("-1 h", _BEFORE, alias="from")
    to: Time = assume("1 h", _AFTER)


class WindStation(AbstractSpot):
    """An anemometer; `height` is above the ground that it stands on."""

    name: str = choose("wind station", "Which one it is.")
    height: Length = assume("10 m", "Above the ground that it stands on.", least=0)
    speed: Speed | None = maybe("What it read.", least=0)
    direction: Angle | None = maybe("Where the wind that it read blew from.")
    gust: Speed | None = maybe("Highest gust that it read.", least=0)
    time: dt.time | None = choose(None, "When it was read, local.")
