"""The motorcycle, ridden and riderless."""

from precipice.scenario.field import (
    Area,
    Damping,
    Inertia,
    Length,
    Mass,
    Power,
    Ratio,
    Stiffness,
    Time,
    assume,
    choose,
    given,
    lognormal,
    normal,
    truncated,
    uniform,
)
from precipice.scenario.section import AbstractSection


class Motorcycle(AbstractSection):
    """A motocross machine. `ridden_` means with the rider standing on it."""

    name: str = choose("motorcycle", "Make and model.")
    mass: Mass = given("Without the rider, with fuel.", above=0)
    wheelbase: Length = assume("1.485 m", "Between the axles.", above=0)
    rear_axle_to_cg: Length = assume(
        "0.70 m", "Rear axle to the common centre of mass, along the ground.", above=0
    )
    cg_height: Length = assume(
        "0.86 m", "Of the common centre of mass above the ground, rider standing.", above=0
    )
    own_cg_height: Length = assume("0.58 m", "Of the centre of mass without the rider.", above=0)
    pitch_inertia: Inertia = assume("22 kg*m^2", "Riderless.", above=0)
    roll_inertia: Inertia = assume("5 kg*m^2", "Riderless.", above=0)
    yaw_inertia: Inertia = assume("19 kg*m^2", "Riderless.", above=0)
    ridden_pitch_inertia: Inertia = assume("50 kg*m^2", "With rider.", above=0)
    ridden_roll_inertia: Inertia = assume("26 kg*m^2", "With rider.", above=0)
    ridden_yaw_inertia: Inertia = assume("31 kg*m^2", "With rider.", above=0)
    wheel_radius: Length = assume("0.34 m", "Rolling radius.", above=0)
    front_wheel_inertia: Inertia = assume("0.60 kg*m^2", "About its axle.", least=0)
    rear_wheel_inertia: Inertia = assume("0.77 kg*m^2", "About its axle, with sprocket.", least=0)
    crank_inertia: Inertia = assume("0.006 kg*m^2", "Of everything that turns with the engine.", least=0)
    gear_reach: Length = assume(
        "0.01785 m", "Way for each radian of the crank, in the gear of the ramp.", above=0
    )
    power: Power = assume(
        "29 kW", "At the rear wheel at sea level.", above=0, spread=normal("1 kW", "constant")
    )
    fork_stiffness: Stiffness = assume("6 kN/m", "At the front wheel.", above=0)
    shock_stiffness: Stiffness = assume("8 kN/m", "At the rear wheel.", above=0)
    fork_damping: Damping = assume("1500 N*s/m", "At the front wheel.", least=0)
    shock_damping: Damping = assume("1800 N*s/m", "At the rear wheel.", least=0)
    ridden_drag_area: Area = assume(
        "0.65 m^2", "With rider standing.", above=0, spread=normal("0.05 m^2", "constant")
    )
    ridden_lift_area: Area = assume("0.09 m^2", "With rider standing.")
    pressure_centre_height: Length = assume(
        "0.15 m",
        "Centre of pressure above the centre of mass, with rider.",
        spread=uniform("0.10 m", "0.20 m", "constant"),
    )
    inline_drag_area: Area = assume("0.38 m^2", "Riderless, in line with the flow.", above=0)
    tumbling_drag_area: Area = assume(
        "0.84 m^2", "Riderless, mean over all attitudes.", above=0, spread=lognormal("0.25", "jump")
    )
    tumbling_lift_fraction: Ratio = assume(
        "0.2", "Random lift over drag while tumbling, rms.", least=0, below="2"
    )
    tumble_period: Time = assume("0.9 s", "Of one turn while tumbling.", above=0)
    radius: Length = assume("1.3 m", "Of a sphere that holds it.", above=0)
    restitution: Ratio = assume(
        "0.3",
        "Speed after a bounce over speed before.",
        least=0,
        most="1",
        spread=uniform("0.2", "0.4", "jump"),
    )
    slide_friction: Ratio = assume(
        "0.9", "Sliding over the ground.", above=0, most="3", spread=truncated("0.1", "0.5", "1.3", "jump")
    )
