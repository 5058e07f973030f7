"""The ways in which a stage is compiled and flown."""

from typing import NamedTuple


class Mode(NamedTuple):
    """A precision, how many runs fly side by side, and what is kept of them.

    Attributes:
        name: Of the mode.
        dtype: Of all numbers.
        lanes: Runs side by side.
        exact: Whether legs are solved as exactly as `fly` ships.
        keeps: Whether every step is kept.
    """

    name: str
    dtype: str
    lanes: int
    exact: bool
    keeps: bool


NOMINAL = Mode("nominal", "float64", 1, exact=True, keeps=True)
"""Of `fly`: one run, all its steps."""
DRAWN = Mode("drawn", "float32", 1, exact=False, keeps=True)
"""Of `fly --run N`: a campaign's run flown again, to the last bit, with all its steps."""
CAMPAIGN = Mode("campaign", "float32", 16, exact=False, keeps=False)
"""Of a campaign: as many runs side by side as the widest registers hold, numbers only."""
CHECK = Mode("check", "float64", 8, exact=False, keeps=False)
"""A campaign in double precision at the same tolerance: what single precision alone changes."""
