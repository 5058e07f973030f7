"""How sections declare their fields: dimension, default, limits, and the kinds of stunt that have them.

A declaration reads as one line: `radius: Length = assume("30 m", "Of the curved part.", above=0)`.
"""

from typing import Annotated, Any

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from precipice.errors import RuleError
from precipice.scenario.kind import ALL
from precipice.scenario.quantity import DEFAULT_SOURCE, Quantity, read_quantity
from precipice.scenario.section import Only
from precipice.scenario.spread import Varies
from precipice.units import DIMENSIONS, format_quantity, parse_quantity

Limit = int | str | None
"""A quantity as text, or 0 in any unit."""


class Measure:
    """Reads a field as a quantity of one dimension."""

    def __init__(self, dimension: str, *, plain: bool = False) -> None:
        self.dimension = dimension
        self.plain = plain

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read before pydantic sees it; the comment is what `schema.py` replaces."""
        return core_schema.no_info_before_validator_function(
            self._read, handler(source), metadata={"pydantic_js_functions": [self._describe]}
        )

    def _describe(self, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"$comment": f"{'plain' if self.plain else 'quantity'} {self.dimension}"}

    def _read(self, raw: Any) -> Any:
        return parse_quantity(raw, self.dimension) if self.plain else read_quantity(raw, self.dimension)


class Within:
    """Refuses a quantity whose value, or any value that its spread allows, is outside limits."""

    def __init__(self, above: Limit, least: Limit, below: Limit, most: Limit) -> None:
        self.lower, self.upper = (least if above is None else above), (most if below is None else below)
        self.lower_open, self.upper_open = above is not None, below is not None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check after the quantity has been read."""
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def _check(self, quantity: Quantity | None) -> Quantity | None:
        if quantity is None:
            return None
        rule = self._broken(quantity, quantity.value, quantity.value)
        if rule:
            noun, example = DIMENSIONS[quantity.dimension].noun, self._example(quantity)
            raise RuleError(f"must be {rule}", quantity.text, f'write {noun} such as "{example}"')
        low, high = quantity.reach
        rule = self._broken(quantity, low, high)
        if rule:
            ends = f"{format_quantity(low, quantity.unit)} to {format_quantity(high, quantity.unit)}"
            remedy = 'narrow the spread, or write shape = "truncated-normal" with low and high'
            raise RuleError(f"must be {rule} over its whole spread", ends, remedy)
        return quantity

    def _broken(self, quantity: Quantity, low: float, high: float) -> str | None:
        lower, upper = self._number(self.lower, quantity), self._number(self.upper, quantity)
        if lower is not None and (low <= lower if self.lower_open else low < lower):
            if self.lower == 0:
                return "positive" if self.lower_open else "zero or more"
            return f"{'above' if self.lower_open else 'at least'} {self.lower}"
        if upper is not None and (high >= upper if self.upper_open else high > upper):
            return f"{'below' if self.upper_open else 'at most'} {self.upper}"
        return None

    def _number(self, limit: Limit, quantity: Quantity) -> float | None:
        if limit is None:
            return None
        if isinstance(limit, int):
            return float(limit)
        return parse_quantity(limit, quantity.dimension)

    def _example(self, quantity: Quantity) -> str:
        example = DIMENSIONS[quantity.dimension].example
        value = parse_quantity(example, quantity.dimension)
        if self._broken(quantity, value, value) is None:
            return example
        return str(self.lower if self.lower and not self.lower_open else self.upper or example)


Length = Annotated[Quantity, Measure("length")]
Mass = Annotated[Quantity, Measure("mass")]
Time = Annotated[Quantity, Measure("time")]
Speed = Annotated[Quantity, Measure("speed")]
Acceleration = Annotated[Quantity, Measure("acceleration")]
Angle = Annotated[Quantity, Measure("angle")]
AngularRate = Annotated[Quantity, Measure("angular_rate")]
Area = Annotated[Quantity, Measure("area")]
Volume = Annotated[Quantity, Measure("volume")]
Force = Annotated[Quantity, Measure("force")]
Inertia = Annotated[Quantity, Measure("inertia")]
Power = Annotated[Quantity, Measure("power")]
Stiffness = Annotated[Quantity, Measure("stiffness")]
Damping = Annotated[Quantity, Measure("damping")]
Pressure = Annotated[Quantity, Measure("pressure")]
Temperature = Annotated[Quantity, Measure("temperature")]
TemperatureDifference = Annotated[Quantity, Measure("temperature_difference")]
Ratio = Annotated[Quantity, Measure("ratio")]
Frequency = Annotated[Quantity, Measure("frequency")]
PerAngle = Annotated[Quantity, Measure("per_angle")]
TimePerAngle = Annotated[Quantity, Measure("time_per_angle")]

PlainRatio = Annotated[float, Measure("ratio", plain=True)]
"""A number that is decided rather than uncertain."""
PlainTime = Annotated[float, Measure("time", plain=True)]
"""A time that is decided rather than uncertain."""
PlainAngle = Annotated[float, Measure("angle", plain=True)]
"""An angle that is decided rather than uncertain."""


PlainLength = Annotated[float, Measure("length", plain=True)]
"""A length that is decided rather than uncertain."""


def given(
    description: str,
    *,
    above: Limit = None,
    least: Limit = None,
    below: Limit = None,
    most: Limit = None,
    only: frozenset[str] = ALL,
) -> Any:
    """Declare a quantity that the file must give; None for kinds that do not have it."""
    field: Any = Field(description=description) if only == ALL else _absent(description)
    field.metadata += [Within(above, least, below, most), Only(only, needed=only)]
    return field


def _absent(description: str) -> Any:
    return Field(default=None, description=description)


def maybe(
    description: str,
    *,
    above: Limit = None,
    least: Limit = None,
    below: Limit = None,
    most: Limit = None,
    only: frozenset[str] = ALL,
) -> Any:
    """Declare a quantity that may be absent and then is None."""
    field = _absent(description)
    field.metadata += [Within(above, least, below, most), Only(only)]
    return field


def assume(
    value: str,
    description: str,
    *,
    above: Limit = None,
    least: Limit = None,
    below: Limit = None,
    most: Limit = None,
    only: frozenset[str] = ALL,
    spread: dict[str, Any] | None = None,
    alias: str | None = None,
) -> Any:
    """Declare a quantity with a default, which counts as assumed.

    Args:
        value: Default as text.
        description: One sentence for the person who writes the file.
        above: Must be more; 0 in any unit, else text.
        least: Must not be less.
        below: Must be less.
        most: Must not be more.
        only: Kinds of stunt that have the field.
        spread: Of the default, as in the file: a silent file must not look sure of itself.
        alias: Name in the file where that is a Python keyword.
    """
    table: dict[str, Any] = {"value": value, "basis": "assumed", "source": DEFAULT_SOURCE}
    if spread is not None:
        table["spread"] = spread
    extra: dict[str, Any] = {"default": value}
    field: Any = Field(
        default=table, description=description, validate_default=True, alias=alias, json_schema_extra=extra
    )
    field.metadata += [Within(above, least, below, most), Only(only)]
    return field


def normal(sd: str, varies: Varies) -> dict[str, Any]:
    """Return a normal spread as the file has it."""
    return {"shape": "normal", "sd": sd, "varies": varies}


def truncated(sd: str, low: str, high: str, varies: Varies) -> dict[str, Any]:
    """Return a truncated normal spread as the file has it."""
    return {"shape": "truncated-normal", "sd": sd, "low": low, "high": high, "varies": varies}


def lognormal(sigma: str, varies: Varies) -> dict[str, Any]:
    """Return a lognormal spread as the file has it."""
    return {"shape": "lognormal", "sigma": sigma, "varies": varies}


def uniform(low: str, high: str, varies: Varies) -> dict[str, Any]:
    """Return a uniform spread as the file has it."""
    return {"shape": "uniform", "low": low, "high": high, "varies": varies}


def choose(default: Any, description: str, *, only: frozenset[str] = ALL, **options: Any) -> Any:
    """Declare a field without a unit (a word, a switch, a count, a section) and its default.

    Args:
        default: Its value when the file is silent; `...` when the file must say.
        description: One sentence for the person who writes the file.
        only: Kinds of stunt that have the field.
        options: Passed on to `pydantic.Field`.
    """
    field: Any = Field(default=default, description=description, **options)
    field.metadata += [Only(only)]
    return field


def need(description: str, by: frozenset[str], *, also: frozenset[str] = frozenset()) -> Any:
    """Declare a section or word that some kinds of stunt must have.

    Args:
        description: One sentence for the person who writes the file.
        by: Kinds that must have it.
        also: Kinds that may have it; the others must not.
    """
    field = _absent(description)
    field.metadata += [Only(by | also, needed=by)]
    return field
