"""From standard numbers to the values of every field: whoever draws the numbers, the fields are the same."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from precipice.campaign.quantile import quantile
from precipice.scenario.correlation import normal_correlations
from precipice.scenario.quantity import Quantity
from precipice.scenario.scenario import Scenario
from precipice.scenario.spread import Lognormal, Spread


class Numbers(NamedTuple):
    """What one spread draws: a standard normal, and a uniform number for a mixture's part, each `(n,)`."""

    normal: np.ndarray
    share: np.ndarray


def number_name(path: str, spread: Spread) -> str:
    """Return the name of what a spread draws: a field has at most one spread for each way to vary.

    Args:
        path: Dotted, of the field.
        spread: One of the field's.
    """
    return f"{path}#{spread.varies}"


def named_spreads(scenario: Scenario) -> dict[str, Spread]:
    """Return every spread of a scenario by the name of what it draws.

    Args:
        scenario: What was decided.
    """
    return {
        number_name(path, spread): spread
        for path, quantity in scenario.uncertain().items()
        for spread in quantity.spread
    }


def build_values(scenario: Scenario, numbers: Mapping[str, Numbers], count: int) -> dict[str, np.ndarray]:
    """Return the values of every field, with the scenario's rank correlations.

    Args:
        scenario: What was decided.
        numbers: Independent of each other, by `number_name`, each `(n,)`.
        count: Of runs, n.

    Returns:
        By dotted path, SI, `(n,)`.
    """
    correlated = _correlated_normals(scenario, numbers, count)
    values = {path: np.full(count, centre) for path, centre in scenario.values().items()}
    for path, quantity in scenario.uncertain().items():
        values[path] = _field(path, quantity, numbers, correlated.get(path), count)
    return values


def _field(
    path: str, quantity: Quantity, numbers: Mapping[str, Numbers], correlated: np.ndarray | None, count: int
) -> np.ndarray:
    """Return one field's values: deviations add up, lognormal factors multiply."""
    total, factor = np.full(count, quantity.value), np.ones(count)
    for spread in quantity.spread:
        normal, share = numbers[number_name(path, spread)]
        drawn = quantile(spread, quantity.value, normal if correlated is None else correlated, share)
        if len(quantity.spread) == 1:
            return drawn
        if isinstance(spread, Lognormal):
            factor *= drawn / quantity.value
        else:
            total += drawn - quantity.value
    return total * factor


def _correlated_normals(
    scenario: Scenario, numbers: Mapping[str, Numbers], count: int
) -> dict[str, np.ndarray]:
    """Return normal numbers of the correlated fields, with the scenario's rank correlations."""
    paths, matrix = normal_correlations(scenario.correlation)
    lower = np.linalg.cholesky(matrix)
    uncertain = scenario.uncertain()
    independent = [numbers[number_name(path, uncertain[path].spread[0])].normal for path in paths]
    mixed: dict[str, np.ndarray] = {}
    for row, path in enumerate(paths):
        # Summed in a fixed order, element by element: a matrix product may round differently by batch.
        total = np.zeros(count)
        for column in range(row + 1):
            total = total + lower[row, column] * independent[column]
        mixed[path] = total
    return mixed
