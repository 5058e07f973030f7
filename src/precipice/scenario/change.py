"""A scenario with another number in one place."""

from typing import Any

from precipice.scenario.quantity import Quantity
from precipice.scenario.scenario import Scenario
from precipice.scenario.section import AbstractSection, key_of


def change_value(scenario: Scenario, path: str, value: float) -> Scenario:
    """Return a scenario in which one quantity has another centre; nothing is checked again.

    Args:
        scenario: What was decided.
        path: A key of `Scenario.quantities()`.
        value: SI.
    """
    changed: Any = _change(scenario, path.split("."), value)
    return changed


def _change(part: Any, path: list[str], value: float) -> Any:
    if isinstance(part, Quantity):
        return part.model_copy(update={"value": value})
    first, rest = path[0], path[1:]
    if isinstance(part, tuple):
        items: list[Any] = list(part)  # pyright: ignore[reportUnknownArgumentType]
        items[int(first)] = _change(items[int(first)], rest, value)
        return tuple(items)
    section: AbstractSection = part
    name = next(name for name, field in type(section).model_fields.items() if key_of(name, field) == first)
    return section.model_copy(update={name: _change(getattr(section, name), rest, value)})
