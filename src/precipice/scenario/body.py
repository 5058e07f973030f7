"""The body of a drop: anything that falls."""

from precipice.scenario.field import (
    Area,
    Length,
    Mass,
    Ratio,
    Time,
    assume,
    choose,
    given,
)
from precipice.scenario.section import AbstractSection


class Body(AbstractSection):
    """A body without a parachute."""

    name: str = choose("body", "What it is.")
    mass: Mass = given("Of the body.", above=0)
    drag_area: Area = given("Mean over all attitudes while falling.", least=0)
    inline_drag_area: Area = assume(
        "0 m^2", "In line with the flow, before it tumbles; 0: as drag_area.", least=0
    )
    lift_fraction: Ratio = assume("0", "Random lift over drag while tumbling, rms.", least=0, below="2")
    tumble_period: Time = assume("1 s", "Of one turn while tumbling.", above=0)
    radius: Length = assume("0.5 m", "Of a sphere that holds it.", above=0)
    restitution: Ratio = assume("0.3", "Speed after a bounce over speed before.", least=0, most="1")
    slide_friction: Ratio = assume("0.9", "Sliding over the ground.", above=0, most="3")
