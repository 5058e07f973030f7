"""What every phase is: a vector field, named margins that end it, and a record of it."""

from abc import abstractmethod
from typing import Any, Generic, NamedTuple, TypeVar

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from precipice.frames import Position, Quaternion, Scalar, Velocity
from precipice.world.world import World

Memory = TypeVar("Memory")
"""What a leg remembers of the legs before it: constants of the leg, never changed inside it."""


NO_GAP = 1.0e3
"""Stands for a gap that does not count [m]."""
NEVER = 1.0e9
"""A time that does not come [s]."""


class Record(NamedTuple):
    """What is kept of each step, the same for every phase.

    Attributes:
        position: Of the centre of mass, east-north-up, `(3,)` [m].
        velocity: `(3,)` [m/s].
        attitude: Quaternion body to east-north-up, `(4,)`.
        load: Non-gravitational acceleration over standard gravity, `()` [-].
        clearance: From the body's extent to the nearest rock, `()` [m].
        known: Distance to the end of the terrain data, `()` [m].
        height: Above the rock straight below, `()` [m].
        gap: Between the extents of performer (with lines and canopy) and motorcycle, `()` [m]; 1,000
            where it does not count.
        air_speed: `()` [m/s].
        control: Two numbers of the phase: brakes and turn input, or posture and instability, `(2,)` [-].
    """

    position: Position
    velocity: Velocity
    attitude: Quaternion
    load: Scalar
    clearance: Scalar
    known: Scalar
    height: Scalar
    gap: Scalar
    air_speed: Scalar
    control: Float[Array, "2"]


class AbstractPhase(eqx.Module, Generic[Memory]):
    """One phase of the stunt.

    A phase holds no data. State is one flat array, `(n,)`; `world` is the run's world; `memory` is
    what the leg knows from before it began. A leg ends at the first downward zero of its smallest
    margin; margins are pure functions of time, state, world and memory, positive while the phase
    lasts. The same phase may fly several legs in a row, told apart by `memory`.
    """

    @abstractmethod
    def vector_field(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: Memory
    ) -> Float[Array, " n"]:
        """Return the time derivative of the state, `(n,)`."""

    @abstractmethod
    def margins(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: Memory
    ) -> dict[str, Scalar]:
        """Return the margins that end the leg, by name, each `()`, positive while it lasts."""

    def kinks(self, t: Scalar, state: Float[Array, " n"], world: World, memory: Memory) -> Float[Array, " m"]:
        """Return functions in whose zeros the vector field is not smooth, `(m,)`; here none.

        A solver's steps may cross them; those that a derivative is taken of must end there.
        """
        return jnp.zeros(0, state.dtype)

    @abstractmethod
    def record(self, t: Scalar, state: Float[Array, " n"], world: World, memory: Memory) -> Any:
        """Return what is kept of a step: a `Record`, or a pair of them while two bodies are one leg."""

    @abstractmethod
    def step_limit(self, t: Scalar, state: Float[Array, " n"], world: World, memory: Memory) -> Scalar:
        """Return the longest step that a solver may take from here, `()` [s]."""


class AbstractJumpingPhase(AbstractPhase[Memory]):
    """A phase whose vector field jumps where a function of time and state is zero.

    The solver needs not know, its steps become short there; a derivative of the run must.
    """

    @abstractmethod
    def jumps(self, t: Scalar, state: Float[Array, " n"], world: World, memory: Memory) -> Float[Array, " m"]:
        """Return the functions in whose zeros the vector field jumps, `(m,)`."""


def step_near_rock(clearance: Scalar, velocity: Velocity) -> Scalar:
    """Return the longest step that cannot jump over rock, `()` [s].

    The distance to rock divided by the speed, but no shorter than a metre takes.

    Args:
        clearance: Distance to rock, `()` [m].
        velocity: `(3,)` [m/s].
    """
    return jnp.maximum(clearance, 1.0) / jnp.sqrt(jnp.sum(velocity**2) + 0.01)


AnyPhase = AbstractPhase[Any]
"""A phase whatever its memory."""
