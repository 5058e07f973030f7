"""Legs in a row: the static chain that every stunt is."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int

from precipice.frames import Scalar
from precipice.phases.phase import AnyPhase
from precipice.simulation.leg import LegEnd, Tolerance, Watch, fly_leg
from precipice.simulation.outcome import GOES_ON, UNRESOLVED, outcome_codes
from precipice.simulation.replay import Replay
from precipice.world.world import World


class Carry(NamedTuple):
    """What goes from leg to leg.

    Attributes:
        t: `()` [s].
        state: Of the phase, `(n,)`.
        extra: What a phase hands from one of its legs to the next.
        alive: Whether the stunt is still going on, `()`.
        outcome: Index into `OUTCOMES` once it is not, `()`.
    """

    t: Scalar
    state: Float[Array, " n"]
    extra: Any
    alive: Bool[Array, ""]
    outcome: Int[Array, ""]


Prepare = Callable[[Array, Carry], tuple[Carry, Any]]
"""From the number of a leg and the carry to the carry and what the leg knows."""


class Chain:
    """The run so far, while it is being traced.

    Attributes:
        world: The run's world.
        phases: Legs flown, by name of the phase; leaves of `LegEnd` stacked `(legs, ...)`.
        numbers: Named results, each `()`, SI.
        counts_from: Since when the performer's clearance from rock counts, `()` [s].
        zero_time: From which the times of aircraft and people count: takeoff or exit, `()` [s].
    """

    def __init__(self, world: World, tolerance: Tolerance | Replay, steps: dict[str, int]):
        """Store what every leg needs.

        Args:
            world: The run's world.
            tolerance: How exactly legs are solved, or the flown legs to fly once more.
            steps: Most steps of a leg, by name of the phase.
        """
        self.world = world
        self.phases: dict[str, LegEnd] = {}
        self.numbers: dict[str, Scalar] = {}
        self.counts_from: Scalar | float = 0.0
        self.zero_time: Scalar | float = 0.0
        self._tolerance = tolerance
        self._steps = steps

    def fly(
        self,
        name: str,
        phase: AnyPhase,
        legs: int,
        prepare: Prepare,
        carry: Carry,
        longest: float,
        with_path: bool = False,
        bodies: tuple[tuple[int, Scalar], ...] = (),
        over_people: bool = False,
        walls_only: bool = False,
    ) -> Carry:
        """Return the carry after all legs of one phase; they share one compiled program.

        Args:
            name: Of the phase, a key of `ENDS`.
            phase: What is flown.
            legs: How many.
            prepare: What each leg knows.
            carry: Before.
            longest: Time after which a leg without an event is unresolved [s].
            with_path: Whether every lane keeps its path.
            bodies: Whose distance to aircraft is looked at; see `Watch`.
            over_people: Whether that to people is, too.
            walls_only: Which rock counts as clearance.
        """
        codes = jnp.asarray(outcome_codes(name))
        zero = jnp.asarray(self.zero_time, carry.t.dtype)
        watch = Watch(self.world.presence, zero, bodies, over_people, walls_only) if bodies else None

        def one(carry: Carry, leg: Array) -> tuple[Carry, LegEnd]:
            carry, memory = prepare(leg, carry)
            if isinstance(self._tolerance, Replay):
                end = self._tolerance.fly(
                    name, leg, phase, carry.t, carry.state, self.world, memory, with_path
                )
            else:
                end = fly_leg(
                    phase,
                    carry.t,
                    carry.state,
                    self.world,
                    memory,
                    carry.alive,
                    longest,
                    self._tolerance,
                    self._steps[name],
                    self.counts_from,
                    with_path,
                    watch,
                )
            code = jnp.where(end.resolved, codes[end.margin], UNRESOLVED)
            ended = carry.alive & (code != GOES_ON)
            outcome = jnp.where(ended, code, carry.outcome)
            return Carry(end.t, end.state, carry.extra, carry.alive & ~ended, outcome), end

        carry, self.phases[name] = jax.lax.scan(one, carry, jnp.arange(legs))
        return carry
