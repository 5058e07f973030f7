"""One run's world."""

from typing import NamedTuple

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from precipice.frames import Position, Scalar, Velocity, norm
from precipice.world.atmosphere import Atmosphere
from precipice.world.body import Body, Malfunction, Performer, Rig, Vehicle
from precipice.world.exit import Exit
from precipice.world.maybe import Maybe
from precipice.world.obstacle import bare_rock
from precipice.world.plan import Pattern, Plan, Site
from precipice.world.presence import Presence
from precipice.world.ramp import Ramp, RunUp
from precipice.world.terrain import AbstractTerrain
from precipice.world.wind import Wind


class Air(NamedTuple):
    """The air around a body.

    Attributes:
        velocity: Of the body relative to wind and gusts, `(3,)` [m/s].
        density: `()` [kg/m^3].
        mean_wind: `(3,)` [m/s].
        travel_rate: How fast the path runs through the frozen gusts, `(2,)` [1/s].
    """

    velocity: Velocity
    density: Scalar
    mean_wind: Velocity
    travel_rate: Float[Array, "2"]


class World(eqx.Module):
    """Everything that is true in one run, in SI and the local frame; batched by `vmap` only.

    Parts that the kind of stunt does not have are None: see `precipice.simulation.kind`.
    """

    site: Site
    atmosphere: Atmosphere
    terrain: AbstractTerrain
    wind: Wind
    run_up: Maybe[RunUp]
    ramp: Maybe[Ramp]
    vehicle: Maybe[Vehicle]
    exit: Maybe[Exit]
    body: Maybe[Body]
    performer: Maybe[Performer]
    rig: Maybe[Rig]
    malfunction: Maybe[Malfunction]
    plan: Maybe[Plan]
    pattern: Maybe[Pattern]
    tumble_noise: Maybe[Float[Array, "2 n"]]
    presence: Presence

    def air(self, position: Position, velocity: Velocity) -> tuple[Velocity, Scalar]:
        """Return velocity relative to the mean wind, `(3,)` [m/s], and air density, `()` [kg/m^3]."""
        return velocity - self.wind.mean(position), self.atmosphere.density(position[2])

    def air_kinks(self, position: Position) -> Float[Array, " m"]:
        """Return functions in whose zeros `air` is not smooth, `(m,)`.

        Args:
            position: `(3,)` [m].
        """
        return jnp.concatenate([self.wind.kinks(position), self.atmosphere.kink(position[2])[None]])

    def gusty_air_kinks(self, position: Position, travelled: Float[Array, "2"]) -> Float[Array, " m"]:
        """Return functions in whose zeros `gusty_air` is not smooth, `(m,)`.

        Args:
            position: `(3,)` [m].
            travelled: See `gusty_air`, `(2,)` [-].
        """
        rock = bare_rock(self.terrain)
        gusts = self.wind.gust.kinks(travelled, abs(rock.distance(position)))
        return jnp.concatenate([self.air_kinks(position), rock.distance_kinks(position), gusts])

    def gusty_air(self, position: Position, velocity: Velocity, travelled: Float[Array, "2"]) -> Air:
        """Return the air around a body, gusts included: from the exit on; the ride feels the mean wind only.

        Args:
            position: `(3,)` [m].
            velocity: Of the body, `(3,)` [m/s].
            travelled: Its path through the frozen gusts, `(2,)` [-].
        """
        height = abs(bare_rock(self.terrain).distance(position))
        wind, mean = self.wind.velocity(position, travelled, height)
        relative = velocity - wind
        rate = self.wind.gust.travel_rate(norm(relative), height)
        return Air(relative, self.atmosphere.density(position[2]), mean, rate)
