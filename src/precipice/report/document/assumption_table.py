"""Every number that a stunt rests on: how far it may be off, and how anybody knows."""

from typing import Any

from precipice.report.assumptions import basis_of, weighty
from precipice.report.document.folder import Told
from precipice.scenario.quantity import Quantity
from precipice.scenario.scenario import Scenario
from precipice.scenario.spread import Lognormal, Normal, Spread, Triangular, TruncatedNormal, Uniform
from precipice.units import format_quantity

HEADS = ["field", "value", "may be off by", "differs", "basis", "source"]
_VARIES = {"jump": "each jump", "day": "each day", "constant": "unknown constant"}


def assumption_groups(scenario: Scenario) -> list[dict[str, Any]]:
    """Return the fields in use, by section of the scenario, a row each.

    Args:
        scenario: What was decided.
    """
    idle = _idle(scenario)
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, known in scenario.quantities().items():
        if path not in idle:
            groups.setdefault(path.split(".")[0], []).append(_row(path, known))
    return [{"name": name.replace("_", " "), "rows": rows} for name, rows in groups.items()]


def _idle(scenario: Scenario) -> set[str]:
    """Return the paths of assumed fields that have no say, given the words beside them."""
    used = set(scenario.assumed())
    return {
        path for path, known in scenario.quantities().items() if known.basis == "assumed" and path not in used
    }


def _row(path: str, known: Quantity) -> dict[str, Any]:
    basis = known.basis
    if known.rehearsal:
        basis += f" ({known.rehearsal}{f', {known.count} times' if known.count else ''})"
    return {
        "basis": known.basis,
        "cells": [
            path,
            pretty(known.value, known.unit),
            "; ".join(spread_words(spread, known) for spread in known.spread),
            "; ".join(_VARIES[spread.varies] for spread in known.spread),
            basis,
            known.source or "",
        ],
    }


def pretty(value: float, unit: str) -> str:
    """Return a value in a unit to five digits, with raised powers."""
    number, _, name = format_quantity(value, unit).partition(" ")
    name = name.replace("^2", "²").replace("^3", "³").replace("delta_degC", "K").replace("*", "·")
    return f"{float(number):.5g} {name}".strip()


def spread_words(spread: Spread, known: Quantity) -> str:
    """Return how far a field may be off, in its own unit.

    Args:
        spread: One of the field's.
        known: The field.
    """
    unit = known.unit
    # A difference of temperatures has no zero to be moved by.
    degrees = "K" if known.dimension == "temperature" else unit
    match spread:
        case Normal(sd=sd):
            return f"± {pretty(sd, degrees)} (1 sd)"
        case TruncatedNormal(sd=sd, low=low, high=high):
            ends = f"{pretty(low, unit)} to {pretty(high, unit)}"
            return f"± {pretty(sd, degrees)} (1 sd), within {ends}"
        case Lognormal(sigma=sigma):
            return f"± {100.0 * sigma:.3g} % (1 sd)"
        case Uniform(low=low, high=high) | Triangular(low=low, high=high):
            return f"{pretty(low, unit)} to {pretty(high, unit)}, {spread.shape}"
        case _:
            return spread.shape


def basis_words(scenario: Scenario) -> str:
    """Return how many fields are measured, published, assumed, in a sentence."""
    basis = basis_of(scenario)
    return (
        f"{len(basis.assumed)} fields in use are assumed, {basis.published} published, "
        f"{basis.measured} measured."
    )


def weightiest(told: Told, most: int = 12) -> list[dict[str, Any]]:
    """Return the assumed fields that weigh most: first those that the runs show to drive a hazard.

    Args:
        told: What the report is about.
        most: How many.
    """
    quantities, found = told.scenario.quantities(), told.assessment
    paths: list[str] = [] if found is None or found.flip is None else [found.flip.field or ""]
    if found is not None:
        named = sorted(found.hazards, key=lambda hazard: hazard.criterion is None)
        paths += [driver.field for hazard in named for driver in hazard.drivers[:2] if driver.shown]
    paths += weighty(told.scenario)
    known = [path for path in dict.fromkeys(paths) if path in quantities]
    chosen = [path for path in known if quantities[path].basis != "measured"][:most]
    return [_row(path, quantities[path]) for path in chosen]
