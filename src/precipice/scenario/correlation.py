"""What hangs together: two or more fields that are high or low at the same time."""

import math
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from precipice.scenario.field import PlainRatio, choose
from precipice.scenario.quantity import AbstractEvidence
from precipice.scenario.section import AbstractSection


class Correlation(AbstractSection, AbstractEvidence):
    """One rank correlation, which every pair of its fields has."""

    fields: tuple[str, ...] = choose(..., "Dotted paths of uncertain fields.", min_length=2, max_length=20)
    rank: PlainRatio = choose(..., "Spearman's rank correlation, between -1 and 1.")


def normal_correlations(items: Sequence[Correlation]) -> tuple[list[str], np.ndarray]:
    """Return the correlated fields and the correlations of the normal numbers behind them.

    Args:
        items: Of one scenario; pairs that none of them names are independent.

    Returns:
        Paths in the order of the file, and a symmetric matrix, `(n, n)`.

    Source: Pearson 1907: rank correlation r of two normals belongs to correlation 2 sin(pi r / 6).
    """
    paths = list(dict.fromkeys(path for item in items for path in item.fields))
    matrix = np.eye(len(paths))
    for item in items:
        for first, second in combinations([paths.index(path) for path in item.fields], 2):
            matrix[first, second] = matrix[second, first] = 2.0 * math.sin(math.pi * item.rank / 6.0)
    return paths, matrix
