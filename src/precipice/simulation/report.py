"""What a stage leaves behind."""

from typing import NamedTuple

from precipice.frames import Scalar
from precipice.simulation.leg import LegEnd


class Report(NamedTuple):
    """What a stage leaves: legs by phase (leaves stacked `(legs, ...)`) and named numbers, SI."""

    legs: dict[str, LegEnd]
    numbers: dict[str, Scalar]
