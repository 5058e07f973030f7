"""One run's world."""

import equinox as eqx
from jaxtyping import Array, Float

from precipice.frames import Position, Scalar, Velocity
from precipice.world.atmosphere import Atmosphere
from precipice.world.body import Malfunction, Motorcycle, Performer, Rig
from precipice.world.plan import Pattern, Plan, Site
from precipice.world.ramp import Ramp, RunUp
from precipice.world.terrain import AbstractTerrain
from precipice.world.wind import Wind


class World(eqx.Module):
    """Everything that is true in one run, in SI and the local frame; batched by `vmap` only."""

    site: Site
    atmosphere: Atmosphere
    terrain: AbstractTerrain
    wind: Wind
    run_up: RunUp
    ramp: Ramp
    motorcycle: Motorcycle
    performer: Performer
    rig: Rig
    malfunction: Malfunction
    plan: Plan
    pattern: Pattern
    tumble_noise: Float[Array, "2 n"]

    def air(self, position: Position, velocity: Velocity) -> tuple[Velocity, Scalar]:
        """Return velocity relative to the mean wind, `(3,)` [m/s], and air density, `()` [kg/m^3]."""
        return velocity - self.wind.mean(position), self.atmosphere.density(position[2])

    def gusty_air(
        self, position: Position, velocity: Velocity, travelled: Float[Array, "2"]
    ) -> tuple[Velocity, Scalar]:
        """Return velocity relative to wind and gusts, `(3,)` [m/s], and air density, `()` [kg/m^3]."""
        wind = self.wind.velocity(position, travelled, self.terrain)
        return velocity - wind, self.atmosphere.density(position[2])

    def travel_rate(self, position: Position, air_speed: Scalar) -> Float[Array, "2"]:
        """Return how fast the path runs through the frozen gusts, `(2,)` [1/s]."""
        height = abs(self.terrain.distance(position))
        return self.wind.gust.travel_rate(air_speed, height)
