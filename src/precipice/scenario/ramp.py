"""The ramp, from its foot to the lip."""

from typing import Literal

from precipice.scenario.field import (
    Angle,
    Length,
    Ratio,
    assume,
    choose,
    given,
    normal,
)
from precipice.scenario.section import AbstractSection


class Ramp(AbstractSection):
    """A transition that curves up and a straight end; its last edge is the lip."""

    profile: Literal["circular", "clothoid", "parabolic", "straight"] = choose(
        "circular", "Shape of the curved part."
    )
    lip_angle: Angle = given(
        "Of the straight end above level; negative where it drops.", above="-60 deg", below="75 deg"
    )
    radius: Length = assume("30 m", "Of the curved part.", above=0)
    straight: Length = assume(
        "4 m", "Of the straight end, so that curvature does not turn the rider.", least=0
    )
    width: Length = assume("2 m", "What the wheels may use.", above=0)
    friction: Ratio = assume("0.7", "Of the tyres on it.", above=0, most="2", spread=normal("0.05", "day"))
    rolling_resistance: Ratio = assume("0.02", "Rolling drag over weight.", least=0, below="0.5")
