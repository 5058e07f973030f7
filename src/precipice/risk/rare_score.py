"""What a rare event is asked of: a margin for every run, from independent standard normal numbers."""

from abc import ABC, abstractmethod
from typing import NamedTuple

import numpy as np
from jaxtyping import Float


class AbstractScore(ABC):
    """How far runs are from an event.

    A score is a pure function: the same numbers give the same margin, in whatever batch. It should fall
    steadily towards the event; where it has a step, as many runs as the step hides are lost.
    """

    @property
    @abstractmethod
    def dimensions(self) -> int:
        """How many standard normal numbers a run is made from."""

    @abstractmethod
    def __call__(self, normals: Float[np.ndarray, "n d"]) -> Float[np.ndarray, " n"]:
        """Return what is left before the event, at most 0 where it happens, in any unit.

        Args:
            normals: Independent standard normal numbers of n runs, `(n, d)`.

        Returns:
            `(n,)`; infinite where a run never comes near the event, NaN where it is unresolved.
        """


class Stratum(NamedTuple):
    """One of several cases that exclude each other and together are everything.

    Attributes:
        name: Of the case.
        weight: Its chance; those of all cases add up to 1.
        score: Of runs in this case.
    """

    name: str
    weight: float
    score: AbstractScore
