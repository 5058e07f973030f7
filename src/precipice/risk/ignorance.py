"""How far the chances depend on constants that nobody knows: runs in groups that share a guess at them."""

from typing import NamedTuple

import numpy as np

from precipice.campaign.draws import draw_numbers
from precipice.campaign.piece import Columns
from precipice.risk.hazard import Flights, measure_hazards
from precipice.scenario.scenario import Scenario
from precipice.statistics import Interval, spread_of_chance

GROUP = 128
"""Runs that share a guess."""
MOST, LEAST = 48, 24
"""Guesses."""
RANGE = 0.9
"""Of the guesses that the range holds: between the 5th and the 95th percentile."""


class Ignorance(NamedTuple):
    """Range of each hazard's chance over the unknown constants.

    Attributes:
        ranges: By hazard.
        guesses: At the constants.
        runs: At each guess.
        constants: Paths of the fields that are unknown constants.
    """

    ranges: dict[str, Interval]
    guesses: int
    runs: int
    constants: tuple[str, ...]


def unknown_constants(scenario: Scenario) -> tuple[str, ...]:
    """Return the paths of the fields with a spread that no number of runs can cure."""
    return tuple(
        path
        for path, quantity in scenario.uncertain().items()
        if any(spread.varies == "constant" for spread in quantity.spread)
    )


def count_guesses(scenario: Scenario, runs: int) -> int:
    """Return how many guesses go with so many runs: about six runs for ten of the campaign itself."""
    if not unknown_constants(scenario):
        return 0
    return int(np.clip(round(0.6 * runs / GROUP), LEAST, MOST))


def measure_ignorance(scenario: Scenario, columns: Columns, seed: int, guesses: int) -> Ignorance:
    """Return the ranges of the chances.

    Args:
        scenario: What was decided.
        columns: Of runs in groups of `GROUP`, each with its own guess.
        seed: Of the draws.
        guesses: How many.
    """
    count = guesses * GROUP
    values, _ = draw_numbers(scenario, seed, range(count), group=GROUP)
    resolved = columns["resolved"].reshape(guesses, GROUP)
    ranges = {}
    for found in measure_hazards(Flights(columns, values, scenario)):
        happened = (found.measured.happened & columns["resolved"]).reshape(guesses, GROUP)
        ranges[found.name] = spread_of_chance(happened.sum(axis=1), resolved.sum(axis=1), RANGE)
    return Ignorance(ranges, guesses, GROUP, unknown_constants(scenario))
