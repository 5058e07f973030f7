"""A scenario with another number in one place."""

from collections.abc import Callable
from typing import Any

from precipice.scenario.quantity import Quantity
from precipice.scenario.scenario import Scenario
from precipice.scenario.section import AbstractSection, key_of


def change_value(scenario: Scenario, path: str, by: float) -> Scenario:
    """Return a scenario in which one quantity is larger by something; nothing is checked again.

    Args:
        scenario: What was decided.
        path: A key of `Scenario.quantities()`.
        by: SI.
    """
    return change_quantity(
        scenario, path, lambda quantity: quantity.model_copy(update={"value": quantity.value + by})
    )


def change_quantity(scenario: Scenario, path: str, change: Callable[[Quantity], Quantity]) -> Scenario:
    """Return a scenario with another quantity in one place; nothing is checked again.

    Args:
        scenario: What was decided.
        path: A key of `Scenario.quantities()`.
        change: From the old quantity to the new one.
    """
    changed: Any = _change(scenario, path.split("."), change)
    return changed


def _change(part: Any, path: list[str], change: Callable[[Quantity], Quantity]) -> Any:
    if isinstance(part, Quantity):
        return change(part)
    first, rest = path[0], path[1:]
    if isinstance(part, tuple):
        items: list[Any] = list(part)  # pyright: ignore[reportUnknownArgumentType]
        items[int(first)] = _change(items[int(first)], rest, change)
        return tuple(items)
    section: AbstractSection = part
    name = next(name for name, field in type(section).model_fields.items() if key_of(name, field) == first)
    return section.model_copy(update={name: _change(getattr(section, name), rest, change)})
