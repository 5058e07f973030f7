"""How hard it is to land at each place of a surface, for jumps at every speed from one lip."""

from dataclasses import dataclass
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from precipice.frames import Scalar
from precipice.planning.flight import Rates, along_velocity, fly_through
from precipice.world.fall_height import fall_height

BLOCK = 1024
"""Points that are judged together."""

Column = Float[np.ndarray, " n"]


@dataclass(frozen=True)
class Judgement:
    """A surface, and the flight that comes down at each of its points.

    Attributes:
        distance: From the lip, level, `(n,)` [m].
        up: Above the lip, `(n,)` [m].
        slope: Of the surface, `(n,)` [rad].
        takeoff_speed: That comes down there, `(n,)` [m/s]; NaN where none does: a slower flight hits the
            surface in front of it, or the point lies above the line along the lip.
        speed: At touchdown, `(n,)` [m/s].
        path_angle: At touchdown, positive up, `(n,)` [rad].
        fall_height: Equivalent fall height, `(n,)` [m].
        time: In the air, `(n,)` [s].
    """

    distance: Column
    up: Column
    slope: Column
    takeoff_speed: Column
    speed: Column
    path_angle: Column
    fall_height: Column
    time: Column

    @property
    def reached(self) -> np.ndarray:
        """Which points some flight comes down at, `(n,)`."""
        return np.isfinite(self.takeoff_speed)

    def at_speed(self, takeoff_speed: float) -> dict[str, float] | None:
        """Return every column where a takeoff speed comes down; None when it misses the surface.

        Args:
            takeoff_speed: [m/s].
        """
        rows = np.flatnonzero(self.reached)
        if len(rows) == 0:
            return None
        speeds = self.takeoff_speed[rows]
        if not speeds[0] <= takeoff_speed <= speeds[-1]:
            return None
        names = ("distance", "up", "slope", "speed", "path_angle", "fall_height", "time")
        return {name: float(np.interp(takeoff_speed, speeds, getattr(self, name)[rows])) for name in names}

    def worst(self, slowest: float = 0.0, fastest: float = np.inf) -> dict[str, float] | None:
        """Return distance, takeoff speed and fall height of the hardest landing; None when there is none.

        Args:
            slowest: Takeoff speed from which landings count [m/s].
            fastest: Up to which they count [m/s].
        """
        speed = np.nan_to_num(self.takeoff_speed, nan=-1.0)
        counted = self.reached & (speed >= slowest) & (speed <= fastest)
        if not np.any(counted):
            return None
        row = int(np.argmax(np.where(counted, self.fall_height, -1.0)))
        names = ("distance", "takeoff_speed", "fall_height")
        return {name: float(getattr(self, name)[row]) for name in names}


def judge_surface(
    distance: Column,
    up: Column,
    slope: Column,
    lip_angle: float,
    drag: float,
    rates: Rates = along_velocity,
) -> Judgement:
    """Return the landing at each point of a surface by the flight that reaches it.

    Flights from one lip never cross, a faster one is above a slower one everywhere. So a point is landed on
    only if it takes more speed than every point before it.

    Args:
        distance: Rising, from the lip, level, `(n,)` [m], above zero.
        up: Above the lip, `(n,)` [m].
        slope: Of the surface, positive up, `(n,)` [rad].
        lip_angle: [rad].
        drag: Air density times drag area over twice the mass [1/m].
        rates: Law of motion.

    Source: Hubbard 2009; Levy, Hubbard, McNeil, Swedberg 2015.
    Valid for: a point that leaves along the lip, in still air.
    """
    count = len(distance)
    # One compiled program for surfaces of any length up to a block.
    spare = -count % BLOCK
    with jax.enable_x64():
        columns = [jnp.asarray(np.pad(column, (0, spare), "edge"), float) for column in (distance, up, slope)]
        found = _judge(*columns, jnp.asarray(lip_angle, float), jnp.asarray(drag, float), rates)
    takeoff, speed, path, height, time = (np.asarray(column)[:count] for column in found)
    before = np.maximum.accumulate(np.nan_to_num(takeoff, nan=-np.inf))
    shadowed = np.concatenate([[False], takeoff[1:] <= before[:-1]])
    hidden = np.where(shadowed | ~np.isfinite(takeoff), np.nan, 1.0)
    return Judgement(
        *(np.asarray(column, float) for column in (distance, up, slope)),
        *(column * hidden for column in (takeoff, speed, path, height, time)),
    )


@partial(jax.jit, static_argnames="rates")
def _judge(
    distance: Float[Array, " n"],
    up: Float[Array, " n"],
    slope: Float[Array, " n"],
    lip_angle: Scalar,
    drag: Scalar,
    rates: Rates,
) -> tuple[Float[Array, " n"], ...]:
    def one(distance: Scalar, up: Scalar, slope: Scalar) -> tuple[Scalar, ...]:
        impact = fly_through(distance, up, lip_angle, drag, rates)
        height = fall_height(impact.speed, impact.path_angle, slope)
        return impact.takeoff_speed, impact.speed, impact.path_angle, height, impact.time

    return jax.vmap(one)(distance, up, slope)
