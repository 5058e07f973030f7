"""How far a field may be from its centre, and whether that differs by jump, by day, or is one unknown."""

import math
from collections.abc import Callable, Sequence
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from precipice.errors import RuleError, quote
from precipice.scenario.section import is_table
from precipice.units import format_quantity, parse_quantity

Varies = Literal["jump", "day", "constant"]

FAR = 6.0
"""Standard deviations that a campaign may reach: one draw in 1e9 lies beyond."""
WIDEST = 3.0
"""Standard deviation of a logarithm: a factor of twenty either way."""

_DIFFERENCE = {"temperature": "temperature_difference"}


def dimension_of(info: Any) -> str:
    """Return the dimension of the field that is being read, from what pydantic passes along."""
    context: dict[str, str] = info.context or {}
    return context["dimension"]


def _reader(*, difference: bool) -> Callable[[Any, Any], float]:
    def read(raw: Any, info: Any) -> float:
        dimension = dimension_of(info)
        return parse_quantity(raw, _DIFFERENCE.get(dimension, dimension) if difference else dimension)

    return read


def _read_ratio(raw: Any) -> float:
    return parse_quantity(raw, "ratio")


Same = Annotated[float, BeforeValidator(_reader(difference=False))]
"""Written in the field's own dimension."""
Difference = Annotated[float, BeforeValidator(_reader(difference=True))]
"""A difference between two values of the field."""
Ratio = Annotated[float, BeforeValidator(_read_ratio)]
"""A plain number."""


class AbstractSpread(BaseModel):
    """A distribution around a field's value."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid", strict=True)

    varies: Varies = Field(
        description="By jump, by day, or one unknown constant that no number of runs can cure."
    )


class Normal(AbstractSpread):
    """Bell curve around the value."""

    shape: Literal["normal"]
    sd: Difference = Field(description="Standard deviation.")


class TruncatedNormal(AbstractSpread):
    """Bell curve around the value, cut off at two limits."""

    shape: Literal["truncated-normal"]
    sd: Difference = Field(description="Standard deviation before the cut.")
    low: Same = Field(description="Never below.")
    high: Same = Field(description="Never above.")


class Lognormal(AbstractSpread):
    """Bell curve of the logarithm; the value is the median."""

    shape: Literal["lognormal"]
    sigma: Ratio = Field(
        description="Standard deviation of the natural logarithm: about the relative spread."
    )


class Uniform(AbstractSpread):
    """Anywhere between two limits, all equally likely."""

    shape: Literal["uniform"]
    low: Same = Field(description="Lower limit.")
    high: Same = Field(description="Upper limit.")


class Triangular(AbstractSpread):
    """Between two limits, most likely at the value."""

    shape: Literal["triangular"]
    low: Same = Field(description="Lower limit.")
    high: Same = Field(description="Upper limit.")


class Part(BaseModel):
    """One bell curve of a mixture."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid", strict=True)

    weight: Ratio = Field(description="Share of the draws.")
    value: Same | None = Field(default=None, description="Its centre; the field's value when absent.")
    sd: Difference = Field(description="Its standard deviation.")


class Mixture(AbstractSpread):
    """Several bell curves, each with its share."""

    shape: Literal["mixture"]
    parts: tuple[Part, ...] = Field(
        description="At least two; the weights add up to 1.", min_length=2, max_length=20
    )


class Discrete(AbstractSpread):
    """One of a few values, each with its share."""

    shape: Literal["discrete"]
    values: tuple[Same, ...] = Field(description="What it can be.", min_length=2, max_length=100)
    weights: tuple[Ratio, ...] = Field(default=(), description="Share of each; equal when absent.")


class Empirical(AbstractSpread):
    """Values that were measured; draws lie on straight lines between neighbours in order of size."""

    shape: Literal["empirical"]
    values: tuple[Same, ...] = Field(description="As measured, in any order.", min_length=3, max_length=5000)


Spread: TypeAlias = (
    Normal | TruncatedNormal | Lognormal | Uniform | Triangular | Mixture | Discrete | Empirical
)

SHAPES: dict[str, type[Spread]] = {
    "normal": Normal,
    "truncated-normal": TruncatedNormal,
    "lognormal": Lognormal,
    "uniform": Uniform,
    "triangular": Triangular,
    "mixture": Mixture,
    "discrete": Discrete,
    "empirical": Empirical,
}


def read_spread(raw: object, dimension: str) -> Spread:
    """Return a spread from its table in the file.

    Args:
        raw: Table with `shape`, `varies` and the shape's numbers.
        dimension: Of the field that it belongs to.

    Raises:
        RuleError: When it is no table or names no shape.
        pydantic.ValidationError: When its keys or numbers are wrong.
    """
    if not is_table(raw):
        remedy = 'write such as { shape = "normal", sd = "...", varies = "jump" }'
        raise RuleError("must be a table", quote(raw), remedy)
    shape = raw.get("shape")
    if not isinstance(shape, str) or shape not in SHAPES:
        raise RuleError("must name its shape", quote(shape), "write one of " + ", ".join(SHAPES))
    return SHAPES[shape].model_validate(raw, context={"dimension": dimension})


def reach(spread: Spread, value: float) -> tuple[float, float]:
    """Return the lowest and highest number that a campaign may meet.

    Args:
        spread: Of one field.
        value: The field's centre, SI.
    """
    match spread:
        case Normal(sd=sd):
            return value - FAR * sd, value + FAR * sd
        case Lognormal(sigma=sigma):
            return value / math.exp(FAR * sigma), value * math.exp(FAR * sigma)
        case Mixture(parts=parts):
            ends = [(value if part.value is None else part.value, FAR * part.sd) for part in parts]
            return min(centre - far for centre, far in ends), max(centre + far for centre, far in ends)
        case Discrete(values=values) | Empirical(values=values):
            return min(values), max(values)
        case (
            TruncatedNormal(low=low, high=high) | Uniform(low=low, high=high) | Triangular(low=low, high=high)
        ):
            return low, high


def refuse_inconsistent(spread: Spread, value: float, unit: str) -> None:
    """Raise `RuleError` if a spread's numbers do not fit each other or the field's centre.

    Args:
        spread: Of one field.
        value: The field's centre, SI.
        unit: Of the field, for messages.
    """
    match spread:
        case Normal(sd=sd):
            _need(sd > 0, "must have a positive sd", f"{sd:.6g}")
        case Lognormal(sigma=sigma):
            _need(0 < sigma <= WIDEST, f"must have a sigma above 0 and up to {WIDEST:g}", f"{sigma:.6g}")
            _need(value > 0, "can be lognormal around a positive value only", format_quantity(value, unit))
        case Mixture(parts=parts):
            _need(min(part.sd for part in parts) > 0, "must have a positive sd in every part", "zero or less")
            _need_shares([part.weight for part in parts], len(parts))
        case Discrete(values=values) | Empirical(values=values):
            _need_around(min(values), value, max(values), unit)
            if isinstance(spread, Discrete) and spread.weights:
                _need_shares(spread.weights, len(values))
        case (
            TruncatedNormal(low=low, high=high) | Uniform(low=low, high=high) | Triangular(low=low, high=high)
        ):
            if isinstance(spread, TruncatedNormal):
                _need(spread.sd > 0, "must have a positive sd", f"{spread.sd:.6g}")
            _need_around(low, value, high, unit)


def _need(holds: bool, rule: str, value: str, remedy: str = "see the shapes in docs/scenario.md") -> None:
    if not holds:
        raise RuleError(rule, value, remedy, within="spread")


def _need_around(low: float, value: float, high: float, unit: str) -> None:
    ends = f"{format_quantity(low, unit)} to {format_quantity(high, unit)}"
    _need(low < high, "must have low below high", ends, "write the smaller of the two as low")
    rule = f"must enclose the field's own value, {format_quantity(value, unit)}"
    _need(low <= value <= high, rule, ends, "move the value inside, or the limits apart")


def _need_shares(weights: Sequence[float], count: int) -> None:
    _need(len(weights) == count, "must have one weight for each value", f"{len(weights)} weights")
    _need(min(weights) > 0, "must have positive weights", f"{min(weights):.6g}")
    remedy = "divide every weight by their sum"
    _need(abs(sum(weights) - 1.0) < 1e-9, "must have weights that add up to 1", f"{sum(weights):.6g}", remedy)
