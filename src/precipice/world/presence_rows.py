"""How many aircraft and people a program has room for. NumPy only, so that it is cheap to import."""

from typing import Any

import numpy as np

AIRCRAFT_ROWS = (0, 1, 2, 4)
"""Aircraft that a program has room for; the last is the most that a site has."""
PEOPLE_ROWS = (0, 2, 4, 8, 16)
"""Circles of people that a program has room for; the last is the most that a site has."""


def pad(rows: list[Any], sizes: tuple[int, ...], columns: int) -> np.ndarray:
    """Return rows, each `(..., columns)`, as a table of the next size a program has room for.

    Args:
        rows: Of what is there; the others are zero, which is nobody.
        sizes: That programs have.
        columns: Of a row.
    """
    size = next(size for size in sizes if size >= len(rows))
    if not rows:
        return np.zeros((size, columns))
    none = np.zeros_like(rows[0])
    return np.stack([*rows, *[none] * (size - len(rows))], axis=-2)
