"""How any number that is measured on a run changes with the scenario's numbers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from precipice.campaign.draws import Draw, centre_draw, draw
from precipice.campaign.fly import tell_run
from precipice.errors import InputError
from precipice.scenario.change import change_value
from precipice.scenario.scenario import Scenario
from precipice.simulation.run import Run
from precipice.world.arrange import Inputs, arrange, value_keys

Say = Callable[[str], None]
Measure = Callable[[Run, Scenario], Mapping[str, float | None]]
"""From a run and its scenario to numbers by name; None where the run did not get that far."""

STEP = 1e-5
"""Change of a number for the derivative of the tables that the host makes of it, over its size or 1."""
ALIKE = 1e-3
"""How far two such derivatives, with this step and a tenth of it, may differ, over their size."""
MOVE = 1e-3
"""How far a run is moved along its derivative, to see what is measured on it change [m, s, ...]."""


@dataclass(frozen=True)
class Slope:
    """What was measured on a run, and how it changes.

    Attributes:
        run: The run, in float64.
        values: What was measured, by name; None where the run did not get that far.
        slopes: For each of the fields, by path, the change per SI unit of what was measured, by name.
    """

    run: Run
    values: dict[str, float | None]
    slopes: dict[str, dict[str, float | None]]


def slope(
    scenario: Scenario,
    measure: Measure,
    fields: Sequence[str],
    run: int | None = None,
    seed: int = 0,
    say: Say | None = None,
) -> Slope:
    """Return a measure of a run and its derivative with respect to numbers of the scenario.

    What the host makes of a number (tables of wind and ground, places from latitude and longitude) is
    differentiated by central differences of `arrange`, the flight exactly, and the measure along it.

    Args:
        scenario: What was decided.
        measure: Piecewise smooth in the run and the scenario.
        fields: Paths of quantities, keys of `Scenario.values()`.
        run: Number of a drawn run, whose numbers and gusts are flown; None is the nominal one.
        seed: Of the draws.
        say: Told once when programs must be compiled first.

    Raises:
        InputError: When a table jumps at a field's value, so that there is no derivative.
    """
    from precipice.simulation.gradient import follow
    from precipice.world.rock import prepare_rock

    prepare_rock(scenario, say)
    drawn = centre_draw(scenario) if run is None else draw(scenario, seed, run)
    inputs, keys = arrange(scenario, drawn), value_keys(scenario)
    rows = [_direction(scenario, drawn, field) for field in fields]
    directions = Inputs(*[np.stack(leaves) for leaves in zip(*rows, strict=True)])
    report, slopes = follow(inputs, directions, keys, scenario.kind, say)
    flown = tell_run(report, scenario, drawn, run, seed)
    values = dict(measure(flown, scenario))
    found: dict[str, dict[str, float | None]] = {}
    for k, field in enumerate(fields):
        along = {name: np.asarray(rows[k]) for name, rows in slopes.items()}
        found[field] = _along(scenario, drawn, field, report, along, measure)
    return Slope(flown, values, found)


def shift(scenario: Scenario, drawn: Draw, field: str, by: float) -> tuple[Scenario, Draw]:
    """Return scenario and draw with one number changed in both.

    Args:
        scenario: What was decided.
        drawn: What a run drew.
        field: Path of a quantity.
        by: SI.
    """
    values = {**drawn.values, field: drawn.values[field] + by}
    return change_value(scenario, field, by), replace(drawn, values=values)


def _direction(scenario: Scenario, drawn: Draw, field: str) -> Inputs:
    """Return how the inputs change per unit of a field."""
    # Noise is drawn in float32; what is filtered out of it in that precision would seem to jump.
    drawn = replace(drawn, noise={name: noise.astype(float) for name, noise in drawn.noise.items()})
    size = abs(float(drawn.values[field])) or 1.0
    coarse, fine = (_difference(scenario, drawn, field, step * size) for step in (STEP, 0.1 * STEP))
    for name, one, other in zip(Inputs._fields, coarse, fine, strict=True):
        if not np.allclose(one, other, rtol=ALIKE, atol=ALIKE * max(1.0, np.max(np.abs(one), initial=0.0))):
            raise InputError(
                f"{field} must be where small changes have small effects, but the table `{name}` that is "
                "made of it jumps there: ask for other fields, or change its value a little"
            )
    return coarse


def _difference(scenario: Scenario, drawn: Draw, field: str, step: float) -> Inputs:
    after, before = (arrange(*shift(scenario, drawn, field, sign * step)) for sign in (1.0, -1.0))
    return Inputs(
        *[
            (np.asarray(a, float) - np.asarray(b, float)) / (2.0 * step)
            for a, b in zip(after, before, strict=True)
        ]
    )


def _along(
    scenario: Scenario,
    drawn: Draw,
    field: str,
    report: Mapping[str, np.ndarray],
    slopes: Mapping[str, np.ndarray],
    measure: Measure,
) -> dict[str, float | None]:
    """Return the change of what is measured when run and scenario move together."""
    moved = [np.max(np.abs(s[np.isfinite(s)]), initial=0.0) for name, s in slopes.items() if _places(name)]
    size = abs(float(drawn.values[field])) or 1.0
    step = min(STEP * size, MOVE / max([*moved, 1e-12]))
    ends: list[Mapping[str, float | None]] = []
    for sign in (1.0, -1.0):
        there, other = shift(scenario, drawn, field, sign * step)
        nearby: dict[str, Any] = {
            name: np.asarray(value + sign * step * slopes[name]) if name in slopes else value
            for name, value in report.items()
        }
        ends.append(measure(tell_run(nearby, there, other), there))
    after, before = ends
    found: dict[str, float | None] = {}
    for name, value in after.items():
        earlier = before[name]
        found[name] = None if value is None or earlier is None else (value - earlier) / (2.0 * step)
    return found


def _places(name: str) -> bool:
    return name.endswith((".position", ".times")) or name.startswith("numbers.landing")
