"""Fly RocketPy's Monte Carlo in its own environment and print what a sample costs, as JSON.

Run by bench_assess.py with the interpreter of requirements/peers/rocketpy.lock. The rocket is small and flies
with a parachute from apogee to the ground: about as many seconds of flight as a sport rocket has.
"""

import contextlib
import io
import json
import sys
import tempfile
import time
from pathlib import Path

from rocketpy import Environment, Flight, MonteCarlo, Rocket, SolidMotor
from rocketpy.stochastic import (
    StochasticEnvironment,
    StochasticFlight,
    StochasticNoseCone,
    StochasticParachute,
    StochasticRocket,
    StochasticSolidMotor,
    StochasticTrapezoidalFins,
)


def build(folder: str):
    """Return a Monte Carlo of a small rocket."""
    air = Environment(latitude=61.0, longitude=7.9, elevation=1200.0)
    air.set_atmospheric_model(type="custom_atmosphere", wind_u=2.0, wind_v=1.0)
    motor = SolidMotor(
        thrust_source=lambda t: 1500.0 if t < 3.0 else 0.0,
        burn_time=3.0, dry_mass=1.8, dry_inertia=(0.125, 0.125, 0.002), nozzle_radius=0.033, grain_number=5,
        grain_density=1815.0, grain_outer_radius=0.033, grain_initial_inner_radius=0.015,
        grain_initial_height=0.12, grain_separation=0.005, grains_center_of_mass_position=0.397,
        center_of_dry_mass_position=0.317, nozzle_position=0.0, throat_radius=0.011,
        coordinate_system_orientation="nozzle_to_combustion_chamber",
    )  # fmt: skip
    rocket = Rocket(
        radius=0.0635, mass=14.4, inertia=(6.3, 6.3, 0.034), power_off_drag=0.5, power_on_drag=0.5,
        center_of_mass_without_motor=0.0, coordinate_system_orientation="tail_to_nose",
    )  # fmt: skip
    rocket.add_motor(motor, position=-1.255)
    nose = rocket.add_nose(length=0.558, kind="vonKarman", position=1.278)
    fins = rocket.add_trapezoidal_fins(n=4, root_chord=0.12, tip_chord=0.06, span=0.11, position=-1.049)
    chute = rocket.add_parachute(name="main", cd_s=10.0, trigger="apogee", sampling_rate=105, lag=1.5)
    flight = Flight(rocket=rocket, environment=air, rail_length=5.2, inclination=85, heading=0)
    shaken = StochasticRocket(rocket=rocket, radius=0.0005, mass=0.5)
    shaken.add_motor(StochasticSolidMotor(solid_motor=motor, total_impulse=(4500.0, 100.0)), position=0.001)
    shaken.add_nose(StochasticNoseCone(nosecone=nose, length=0.001), position=(1.278, 0.001))
    shaken.add_trapezoidal_fins(StochasticTrapezoidalFins(trapezoidal_fins=fins, root_chord=0.0005))
    shaken.add_parachute(StochasticParachute(parachute=chute, cd_s=0.1, lag=0.1))
    return flight, MonteCarlo(
        filename=str(Path(folder) / "mc"),
        environment=StochasticEnvironment(environment=air, wind_velocity_x_factor=(1.0, 0.3)),
        rocket=shaken,
        flight=StochasticFlight(flight=flight, inclination=(85.0, 1.0), heading=(0.0, 2.0)),
        export_list=["apogee", "x_impact", "y_impact", "t_final"],
    )


def main(samples: int) -> None:
    """Fly and print."""
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        flight, many = build(folder)
        many.simulate(number_of_simulations=2, append=False)
        start = time.perf_counter()
        many.simulate(number_of_simulations=samples, append=False)
        took = time.perf_counter() - start
        written = sum(path.stat().st_size for path in Path(folder).iterdir())
    told = {"samples": samples, "seconds": took, "bytes": written, "flight_s": float(flight.t_final)}
    print(json.dumps(told))


if __name__ == "__main__":
    main(int(sys.argv[1]))
