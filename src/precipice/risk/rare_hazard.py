"""Margins of named hazards, as rare events need them: at most 0 exactly where the hazard happens."""

from collections.abc import Callable, Mapping

import numpy as np

from precipice.errors import InputError
from precipice.risk.hazard import MEASURES, ROUNDING, Flights, Measured, unseen
from precipice.risk.limit import Limit, criterion_of, limit_of
from precipice.scenario.criterion import HAZARDS
from precipice.scenario.scenario import Scenario

Margin = Callable[[Mapping[str, np.ndarray], Mapping[str, np.ndarray]], np.ndarray]
"""From the numbers of flown runs and the values they drew, `(n,)` each, to what is left before an event."""

FLOOR = {"low throw": ROUNDING, "unstable at throw": 1e-3}
"""Where the plan itself ends many runs at the limit, what is nearer is rounding: all count as this near."""
LEAST = 1e-9
BARE = {"never clear of the motorcycle": "", "lip not reached": ", or give it a criterion with a limit"}
"""Hazards that nothing measures where no limit is named, and what else can be done."""


def hazard_limit(scenario: Scenario, hazard: str) -> Limit:
    """Return from where on a hazard counts.

    Args:
        scenario: What was decided.
        hazard: Its name.

    Raises:
        InputError: When the stunt has no such hazard, or nothing measures how near it came.
    """
    if hazard not in HAZARDS:
        raise InputError(f"hazard must be one of {', '.join(HAZARDS)}, but is {hazard!r}: name one of them")
    if scenario.kind not in HAZARDS[hazard].kinds:
        having = ", ".join(name for name, known in HAZARDS.items() if scenario.kind in known.kinds)
        raise InputError(
            f"{scenario.file}: hazard must be one that a {scenario.kind} has, but is {hazard!r}: name one of "
            f"{having}"
        )
    limit = limit_of(scenario, hazard, criterion_of(scenario, hazard))
    if limit.value is None and hazard in BARE:
        remedy = "ask precipice assess" + BARE[hazard]
        raise InputError(
            f"{scenario.file}: {hazard!r} could not be resolved as a rare event: it happens or does not, and "
            f"nothing measures how near a run came; {remedy}"
        )
    return limit


def hazard_margin(scenario: Scenario, hazard: str) -> Margin:
    """Return what tells how far runs are from a hazard; see `precipice.risk.rare_score.AbstractScore`.

    Args:
        scenario: What was decided.
        hazard: Its name.

    Raises:
        InputError: When the stunt has no such hazard, or nothing measures how near it came.
    """
    limit, floor = hazard_limit(scenario, hazard), FLOOR.get(hazard, LEAST)

    def margin(columns: Mapping[str, np.ndarray], values: Mapping[str, np.ndarray]) -> np.ndarray:
        measured = MEASURES[hazard](Flights(columns, values, scenario), limit)
        if measured is None:
            others = [name for name in HAZARDS if name != hazard]
            why = unseen(scenario, others)[0].removeprefix(f"{hazard}: ")
            raise InputError(f"{scenario.file}: {hazard!r} cannot be seen here: {why}; name another hazard")
        return signed(measured, floor)

    return margin


def signed(measured: Measured, floor: float) -> np.ndarray:
    """Return margins that are at most 0 where it happened and above 0 elsewhere.

    Args:
        measured: In every run.
        floor: What every run has left, at least, in which it did not happen.

    Returns:
        Infinite where a run did not get that far, `(n,)`.
    """
    left = np.asarray(measured.margin, float)
    other = np.where(np.isnan(left), np.inf, np.maximum(left, floor))
    return np.where(measured.happened, np.fmin(left, 0.0), other)
