"""The vehicle of a ramp-jump, with everybody on it."""

from typing import Literal

from precipice.scenario.field import (
    Area,
    Damping,
    Inertia,
    Length,
    Mass,
    Power,
    Ratio,
    Stiffness,
    assume,
    choose,
    given,
)
from precipice.scenario.section import AbstractSection


class Vehicle(AbstractSection):
    """A vehicle that stays whole: all numbers are with the people in or on it."""

    kind: Literal["motorcycle", "car", "ski", "snowmobile", "snowboard", "bicycle", "other"] = choose(
        ..., "What it is."
    )
    name: str = choose("vehicle", "Make and model.")
    mass: Mass = given("Everything together.", above=0)
    drag_area: Area = given("In flight.", least=0)
    lift_area: Area = assume("0 m^2", "In flight; negative presses down.")
    pressure_centre_height: Length = assume("0 m", "Centre of pressure above the centre of mass.")
    power: Power = assume("0 kW", "At the wheels at sea level; 0 for skis.", least=0)
    driven_share: Ratio = assume(
        "1", "Part of the weight on driven wheels; 1 where all are driven.", least=0, most="1"
    )
    wheelbase: Length = assume("1.485 m", "First to last contact with the ground.", above=0)
    rear_axle_to_cg: Length = assume(
        "0.70 m", "Last contact to the centre of mass, along the ground.", above=0
    )
    cg_height: Length = assume("0.86 m", "Of the centre of mass above the ground.", above=0)
    pitch_inertia: Inertia = assume("50 kg*m^2", "Everything together.", above=0)
    roll_inertia: Inertia = assume("26 kg*m^2", "Everything together.", above=0)
    yaw_inertia: Inertia = assume("31 kg*m^2", "Everything together.", above=0)
    wheel_radius: Length = assume("0.34 m", "Rolling radius.", above=0)
    front_wheel_inertia: Inertia = assume("0.60 kg*m^2", "All front wheels together; 0 for skis.", least=0)
    rear_wheel_inertia: Inertia = assume("0.77 kg*m^2", "All rear wheels together; 0 for skis.", least=0)
    crank_inertia: Inertia = assume("0 kg*m^2", "Of everything that turns with the engine.", least=0)
    gear_reach: Length = assume(
        "0.01785 m", "Way for each radian of the crank, in the gear of the ramp.", above=0
    )
    front_stiffness: Stiffness = assume("6 kN/m", "At the front wheels.", above=0)
    rear_stiffness: Stiffness = assume("8 kN/m", "At the rear wheels.", above=0)
    front_damping: Damping = assume("1500 N*s/m", "At the front wheels.", least=0)
    rear_damping: Damping = assume("1800 N*s/m", "At the rear wheels.", least=0)
    radius: Length = assume("1.3 m", "Of a sphere that holds it.", above=0)
    restitution: Ratio = assume("0.1", "Speed after a bounce over speed before.", least=0, most="1")
    slide_friction: Ratio = assume("0.9", "Sliding or braking after landing.", above=0, most="3")
