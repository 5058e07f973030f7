"""What could be read from a scenario, by path, for rules that look at several fields at once."""

from collections.abc import Iterator
from typing import Any

from precipice.scenario.quantity import Quantity


class Facts:
    """Fields by dotted path (lists as `run_up.surface.0.friction`); those that are wrong are None."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self._fields = fields

    def quantity(self, path: str) -> Quantity | None:
        """Return a quantity, or None where it is absent or wrong."""
        found = self._fields.get(path)
        return found if isinstance(found, Quantity) else None

    def number(self, path: str) -> float | None:
        """Return the centre of a quantity in SI units."""
        quantity = self.quantity(path)
        return None if quantity is None else quantity.value

    def numbers(self, *paths: str) -> tuple[float, ...] | None:
        """Return the centres of several quantities, or None where one is absent."""
        found = [self.number(path) for path in paths]
        return None if None in found else tuple(number for number in found if number is not None)

    def text(self, path: str) -> str:
        """Return a quantity as the file has it."""
        quantity = self.quantity(path)
        return "missing" if quantity is None else quantity.text

    def get(self, path: str) -> Any:
        """Return any field, or None."""
        return self._fields.get(path)

    def items(self, path: str) -> Iterator[str]:
        """Yield the path of every table in a list of tables, such as `site.alternate.0`."""
        start = path + "."
        seen = [key[len(start) :].split(".", 1)[0] for key in self._fields if key.startswith(start)]
        yield from (start + index for index in dict.fromkeys(seen))

    def declares(self, path: str) -> bool:
        """Return whether there is such a field, readable or not."""
        return path in self._fields

    def quantities(self) -> dict[str, Quantity]:
        """Return all quantities."""
        return {path: field for path, field in self._fields.items() if isinstance(field, Quantity)}
