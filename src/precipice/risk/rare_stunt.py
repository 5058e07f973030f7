"""Whole stunts as a score: standard normal numbers in, flown runs' margins out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from precipice.campaign.draws import LUCK, NOISE, Draw, standard_numbers
from precipice.campaign.value import Numbers, build_values, named_spreads
from precipice.errors import InputError
from precipice.risk.rare_branch import WHOLE, Box, conditional
from precipice.risk.rare_count import Say
from precipice.risk.rare_hazard import Margin
from precipice.risk.rare_score import AbstractScore
from precipice.scenario.kind import CANOPY
from precipice.scenario.scenario import Scenario
from precipice.scenario.spread import Discrete, Mixture
from precipice.world.arrange import value_keys


def hold_constants(scenario: Scenario, seed: int, constant_index: int | None) -> dict[str, Numbers]:
    """Return the numbers behind one guess at the unknown constants, by name, each `(1,)`; none for None.

    Args:
        scenario: What was decided.
        seed: Of the campaign.
        constant_index: Number of the guess.
    """
    if constant_index is None:
        return {}
    if constant_index < 0:
        raise InputError(f"constant_index must be 0 or more, but is {constant_index}: guesses count from 0")
    counter = np.array([constant_index], np.uint64)
    return {
        name: standard_numbers(seed, name, counter)
        for name, spread in named_spreads(scenario).items()
        if spread.varies == "constant"
    }


@dataclass(frozen=True)
class StuntScore(AbstractScore):
    """Margins of flown runs of one stratum.

    Attributes:
        scenario: What was decided.
        margin: What to look at.
        box: The stratum.
        held: Numbers that do not vary, by name, each `(1,)`.
        threads: Which fly side by side.
        say: Told once when programs must be compiled first.
    """

    scenario: Scenario
    margin: Margin
    box: Box
    held: Mapping[str, Numbers]
    threads: int = 1
    say: Say | None = None

    @property
    def dimensions(self) -> int:
        """How many standard normal numbers a run is made from."""
        fields, _, mixed, luck = self._names()
        return len(fields) + len(mixed) + len(luck) + sum(int(np.prod(shape)) for shape in NOISE.values())

    def __call__(self, normals: Float[np.ndarray, "n d"]) -> Float[np.ndarray, " n"]:
        """Return margins of flown runs; NaN where a run is unresolved.

        Args:
            normals: Independent standard normal numbers, `(n, d)`.
        """
        # Imported here: they compile or load programs.
        from precipice.simulation.many import simulate_many
        from precipice.world.arrange_many import arrange_many

        drawn = self.draw(normals)
        columns = simulate_many(
            arrange_many(self.scenario, drawn),
            value_keys(self.scenario),
            self.scenario.kind,
            self.say,
            self.threads,
        )
        left = np.asarray(self.margin(columns, drawn.values), float)
        return np.where(columns["resolved"], left, np.nan)

    def draw(self, normals: Float[np.ndarray, "n d"]) -> Draw:
        """Return the inputs of runs that these numbers make: distributed as by `draw_many` in this stratum.

        Args:
            normals: Independent standard normal numbers, `(n, d)`.
        """
        from scipy.special import ndtr, ndtri

        count = len(normals)
        fields, stepped, mixed, luck = self._names()
        columns: dict[str, Any] = dict(zip([*fields, *mixed, *luck], normals.T, strict=False))
        shares = {name: conditional(ndtr(columns[name]), self._pieces(name)) for name in (*mixed, *luck)}
        for name in stepped:
            columns[name] = ndtri(conditional(ndtr(columns[name]), self._pieces(name)))
        middle = np.full(count, 0.5)
        numbers = {name: Numbers(columns[name], shares.get(f"{name} part", middle)) for name in fields}
        for name, (normal, share) in self.held.items():
            numbers[name] = Numbers(np.full(count, normal[0]), np.full(count, share[0]))
        return Draw(
            build_values(self.scenario, numbers, count),
            {name: shares.get(f"luck.{name}", np.ones(count)) for name in LUCK},
            self._noise(normals[:, len(columns) :]),
        )

    def _names(self) -> tuple[list[str], list[str], list[str], list[str]]:
        """Return names of spreads, of those that go in steps, of mixtures' parts, and of luck.

        Without the second they are in the order of a run's numbers.
        """
        spreads = {name: s for name, s in named_spreads(self.scenario).items() if name not in self.held}
        mixed = [f"{name} part" for name, spread in spreads.items() if isinstance(spread, Mixture)]
        luck = [f"luck.{name}" for name in LUCK] if self.scenario.kind in CANOPY else []
        stepped = [name for name in self.box.pieces if isinstance(spreads.get(name), Discrete)]
        return list(spreads), stepped, mixed, luck

    def _pieces(self, name: str) -> Any:
        return self.box.pieces.get(name.removesuffix(" part"), WHOLE)

    def _noise(self, normals: np.ndarray) -> dict[str, np.ndarray]:
        noise, start = {}, 0
        for name, shape in NOISE.items():
            size = int(np.prod(shape))
            block = normals[:, start : start + size]
            noise[name] = block.astype(np.float32).reshape(-1, *shape)
            start += size
        return noise
