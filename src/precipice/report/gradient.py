"""Gradients: how the landing point, the smallest clearance and the margins follow the scenario's numbers."""

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import overload

import numpy as np

from precipice.campaign.slope import slope
from precipice.errors import InputError, quote
from precipice.report.margins import margins
from precipice.scenario.load import load_scenario
from precipice.scenario.scenario import Scenario
from precipice.simulation.kind import KINDS
from precipice.simulation.run import Run
from precipice.simulation.track import COLUMNS, Track
from precipice.units import DIMENSIONS

Say = Callable[[str], None]

LANDING = ("landing_east", "landing_north")
"""Where the stunt first touches the ground, from the lip or exit."""
CLEARANCE = "clearance"
"""The smallest clearance from rock: the margin `rock_clearance` before its limit is taken off."""
_TOUCHES = ("touchdown", "contact", "landed in water", "struck obstacle", "struck rock under canopy")


@dataclass(frozen=True)
class Derivative:
    """How an output follows one field.

    Attributes:
        value: Change of the output per SI unit of the field; None where there is none, see `Gradient.doubts`.
        unit: Such as "m per m/s"; the field's part is always SI, angles in radians.
    """

    value: float | None
    unit: str


@dataclass(frozen=True)
class Gradient:
    """How one output of a run follows numbers of its scenario, while the outcome stays as it is.

    Attributes:
        output: Name.
        value: Of the output; None where the run did not get that far.
        unit: Of the value: that of `fly --json`.
        fields: Derivative by path of the field.
        outcome: Of the run.
        resolved: Whether the run's numbers can be trusted.
        doubts: Why not, and which derivatives are missing, in sentences.
    """

    output: str
    value: float | None
    unit: str
    fields: dict[str, Derivative]
    outcome: str
    resolved: bool
    doubts: tuple[str, ...]


@overload
def gradient(
    scenario: Scenario | str | Path,
    output: str,
    fields: Sequence[str] | None = None,
    run: int | None = None,
    seed: int = 0,
    say: Say | None = None,
) -> Gradient: ...
@overload
def gradient(
    scenario: Scenario | str | Path,
    output: list[str] | tuple[str, ...],
    fields: Sequence[str] | None = None,
    run: int | None = None,
    seed: int = 0,
    say: Say | None = None,
) -> dict[str, Gradient]: ...
def gradient(
    scenario: Scenario | str | Path,
    output: str | list[str] | tuple[str, ...],
    fields: Sequence[str] | None = None,
    run: int | None = None,
    seed: int = 0,
    say: Say | None = None,
) -> Gradient | dict[str, Gradient]:
    """Return how an output of a run changes with numbers of the scenario, each by itself.

    All outputs and fields of a kind of stunt share one compiled program; asking for many at once is cheap.

    Args:
        scenario: Loaded, or the path of its file.
        output: "landing_east", "landing_north", "clearance", or the name of a margin as in `fly --json`; or
            several.
        fields: Dotted paths such as "plan.throw"; every number of the scenario if None.
        run: Number of a drawn run, with its numbers and gusts; None is the nominal run.
        seed: Of the draws.
        say: Told once when programs must be compiled first.

    Returns:
        A `Gradient`, or one for each output by name. Flown in float64, drawn runs too.

    Raises:
        InputError: For a name that the stunt does not have.
        ScenarioError: If the file has problems.
    """
    if not isinstance(scenario, Scenario):
        scenario = load_scenario(scenario)
    wanted = [output] if isinstance(output, str) else list(output)
    units = output_units(scenario)
    for name in wanted:
        if name not in units:
            raise InputError(
                f"output must be one of {', '.join(units)}, but is {quote(name)}: choose among these"
            )
    paths = list(scenario.values()) if fields is None else list(fields)
    _refuse_unknown(paths, scenario)
    found = slope(scenario, measure, paths, run, seed, say)
    quantities = scenario.quantities()
    gradients = {}
    for name in wanted:
        derivatives = {
            path: Derivative(
                _finite(found.slopes[path].get(name)), f"{units[name]} per {_si(quantities[path].dimension)}"
            )
            for path in paths
        }
        gradients[name] = Gradient(
            output=name,
            value=found.values.get(name),
            unit=units[name],
            fields=derivatives,
            outcome=found.run.outcome,
            resolved=found.run.resolved,
            doubts=(*found.run.doubts, *_missing(name, found.values.get(name), derivatives)),
        )
    return gradients[output] if isinstance(output, str) else gradients


def measure(run: Run, scenario: Scenario) -> dict[str, float | None]:
    """Return every output of a run by name; None where the run did not get that far.

    Args:
        run: What happened.
        scenario: Gives limits, places and extents.
    """
    touch = next(
        (event for event in run.events if event.name in _TOUCHES and event.body == run.subject), None
    )
    place = (None, None) if touch is None else touch.position[:2]
    left = margins(run, scenario)
    found: dict[str, float | None] = dict(zip(LANDING, place, strict=True))
    if "rock_clearance" in left:
        found[CLEARANCE] = left["rock_clearance"].found
    return found | {name: margin.value for name, margin in left.items()}


def output_units(scenario: Scenario) -> dict[str, str]:
    """Return the outputs that a scenario's stunt has, each with its unit.

    Args:
        scenario: What was decided.
    """
    columns = {name: np.zeros((0, *shape)) for name, shape in _SHAPES.items()}
    empty = Track(t=np.zeros(0), phase=np.zeros(0, str), **columns)
    second = empty if "motorcycle" in KINDS[scenario.kind].bodies else None
    blank = Run("unresolved", False, (), (), {}, empty, second, 0.0, 0.0, kind=scenario.kind)  # noqa: FBT003
    left = margins(blank, scenario)
    rock = {CLEARANCE: "m"} if "rock_clearance" in left else {}
    return dict.fromkeys(LANDING, "m") | rock | {name: margin.unit for name, margin in left.items()}


_SHAPES = dict.fromkeys(COLUMNS, ()) | {"position": (3,), "velocity": (3,), "attitude": (4,), "control": (2,)}


def _refuse_unknown(paths: Sequence[str], scenario: Scenario) -> None:
    known = list(scenario.values())
    unknown = [path for path in paths if path not in known]
    if not unknown:
        return
    path = unknown[0]
    near = difflib.get_close_matches(path, known, 3, 0.5)
    section = [name for name in known if name.startswith(path.split(".")[0] + ".")]
    valid = near or section or sorted({name.split(".")[0] + ".*" for name in known})
    raise InputError(
        f"fields must be numbers of this {scenario.kind} scenario, but {quote(path)} is none: "
        f"choose {', '.join(valid)}, or another number of the file"
    )


def _si(dimension: str) -> str:
    return next(unit for unit, factor in DIMENSIONS[dimension].units.items() if factor == 1.0) or "1"


def _finite(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else float(value)


def _missing(name: str, value: float | None, derivatives: dict[str, Derivative]) -> tuple[str, ...]:
    if value is None:
        return (f"{name}: the run did not get that far",)
    paths = [path for path, derivative in derivatives.items() if derivative.value is None]
    return (f"{name}: no derivative with respect to {', '.join(paths)}",) if paths else ()
