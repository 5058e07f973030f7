"""A field with a number: its value, how far it may be off, and how anybody knows."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from precipice.errors import RuleError
from precipice.scenario.section import is_list, is_table
from precipice.scenario.spread import (
    Lognormal,
    Same,
    Spread,
    dimension_of,
    reach,
    read_spread,
    refuse_inconsistent,
)
from precipice.units import format_quantity, split_quantity

Basis = Literal["measured", "published", "assumed"]
Rehearsal = Literal[
    "tabletop", "rig-over-boxes", "skydive", "helicopter-exit", "base", "practice-ramp", "bench", "survey"
]

DEFAULT_SOURCE = "default of precipice"


class AbstractEvidence(BaseModel):
    """How anybody knows a number."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid", strict=True)

    basis: Basis = Field(default="assumed", description="Measured in a rehearsal, published, or assumed.")
    rehearsal: Rehearsal | None = Field(default=None, description="What it was measured in.")
    count: int | None = Field(default=None, ge=1, description="How many times it was measured.")
    source: str | None = Field(default=None, description="Where it comes from, for a person to look up.")

    @model_validator(mode="after")
    def _has_evidence(self) -> "AbstractEvidence":
        if self.basis == "measured" and self.rehearsal is None:
            rule, remedy = (
                'must be given for basis = "measured"',
                'write "tabletop", "skydive", "bench" or another',
            )
            raise RuleError(rule, "missing", remedy, within="rehearsal")
        if self.basis == "published" and not (self.source or "").strip():
            rule, remedy = 'must be given for basis = "published"', 'write who says so, or basis = "assumed"'
            raise RuleError(rule, "missing", remedy, within="source")
        if self.basis != "measured" and (self.rehearsal or self.count):
            remedy = "write so, or take rehearsal and count away"
            raise RuleError(
                'must be "measured" with a rehearsal or a count', self.basis, remedy, within="basis"
            )
        return self


class Quantity(AbstractEvidence):
    """A number in SI units with its spread and its evidence.

    Attributes:
        value: Centre; what the nominal run uses.
        spread: None, or one distribution, or up to one for each way to vary. The deviations from
            the value add up; those of lognormal spreads multiply.
        dimension: A key of `precipice.units.DIMENSIONS`.
        unit: As written in the file.
    """

    value: float
    spread: tuple[Spread, ...] = ()
    dimension: str
    unit: str

    @property
    def text(self) -> str:
        """The value in the unit of the file."""
        return format_quantity(self.value, self.unit)

    @property
    def is_default(self) -> bool:
        """Whether the file is silent about it."""
        return self.source == DEFAULT_SOURCE

    @property
    def reach(self) -> tuple[float, float]:
        """Lowest and highest value, SI, that a campaign may meet."""
        low = high = self.value
        least = most = 1.0
        for spread in self.spread:
            below, above = reach(spread, self.value)
            if isinstance(spread, Lognormal):
                least, most = least * below / self.value, most * above / self.value
            else:
                low, high = low + below - self.value, high + above - self.value
        return min(low * least, low * most), max(high * least, high * most)


def _read_spreads(raw: Any, info: Any) -> tuple[Spread, ...]:
    dimension = dimension_of(info)
    items = raw if is_list(raw) else (raw,)
    spreads = tuple(read_spread(item, dimension) for item in items)
    if len({spread.varies for spread in spreads}) < len(spreads):
        remedy = "keep one spread for each of jump, day and constant"
        raise RuleError("must not have two spreads that vary alike", f"{len(spreads)} spreads", remedy)
    return spreads


class WrittenQuantity(AbstractEvidence):
    """A quantity as a table of the file."""

    value: Same = Field(description="Number and unit.")
    spread: Annotated[tuple[Spread, ...], BeforeValidator(_read_spreads)] = Field(
        default=(), description="How far it may be off: a table, or a list with one for each way to vary."
    )


def read_quantity(raw: Any, dimension: str) -> Quantity:
    """Return the quantity that a field of the file describes.

    Args:
        raw: "20 m/s", or a table with at least a value.
        dimension: A key of `precipice.units.DIMENSIONS`.

    Raises:
        pydantic.ValidationError: With everything that is wrong with its keys and numbers.
        precipice.errors.RuleError: When the numbers do not fit each other.
    """
    if isinstance(raw, Quantity):
        return raw
    table: Mapping[str, Any] = raw if is_table(raw) else {"value": raw}
    written = WrittenQuantity.model_validate(table, context={"dimension": dimension})
    unit = split_quantity(table["value"], dimension)[1]
    for spread in written.spread:
        refuse_inconsistent(spread, written.value, unit)
    return Quantity(
        value=written.value,
        spread=written.spread,
        basis=written.basis,
        rehearsal=written.rehearsal,
        count=written.count,
        source=written.source,
        dimension=dimension,
        unit=unit,
    )
