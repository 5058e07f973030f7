"""What is accepted: which hazard, with what chance, by whom."""

from typing import NamedTuple, Self

from pydantic import model_validator

from precipice.errors import RuleError
from precipice.scenario.field import PlainRatio, choose
from precipice.scenario.kind import ALL, CANOPY, MAIN, RAMP
from precipice.scenario.section import AbstractSection
from precipice.units import parse_quantity


class Hazard(NamedTuple):
    """A named bad event.

    Attributes:
        kinds: Kinds of stunt that have it.
        dimension: Of its limit; None where it needs none.
    """

    kinds: frozenset[str]
    dimension: str | None


HAZARDS: dict[str, Hazard] = {
    "lip not reached": Hazard(RAMP, "speed"),
    "departure off the side": Hazard(RAMP, None),
    "never clear of the motorcycle": Hazard(MAIN, None),
    "re-contact": Hazard(MAIN, "length"),
    "unstable at throw": Hazard(CANOPY, "angular_rate"),
    "object strike in freefall": Hazard(CANOPY | {"drop"}, "length"),
    "low throw": Hazard(CANOPY, "length"),
    "late or no opening": Hazard(CANOPY, "length"),
    "hard opening": Hazard(CANOPY, "acceleration"),
    "object strike under canopy": Hazard(CANOPY, "length"),
    "landing outside the area": Hazard(ALL, "length"),
    "hard landing": Hazard(ALL, "speed"),
    "motorcycle where people are": Hazard(RAMP, None),
    "aircraft keep-out": Hazard(ALL, "length"),
}
"""Every hazard that a criterion can name; what the limit measures is in docs/scenario.md."""


class Criterion(AbstractSection):
    """One line of what is accepted."""

    hazard: str = choose(..., "Which hazard.", json_schema_extra={"enum": list(HAZARDS)})
    chance: PlainRatio = choose(..., "Accepted for each jump.")
    accepted_by: str = choose(..., "Who accepts it.", min_length=1)
    confidence: PlainRatio = choose(0.95, "That the runs must show, one-sided.")
    limit: str | None = choose(None, "From where on it counts, with its unit, such as 100 m for a low throw.")
    limit_source: str | None = choose(None, "Where the limit comes from.")

    @model_validator(mode="after")
    def _is_a_chance(self) -> Self:
        for name in ("chance", "confidence"):
            share: float = getattr(self, name)
            if not 0.0 < share < 1.0:
                raise RuleError(
                    f"must have a {name} between 0 and 1", f"{share:.6g}", 'write such as "0.1 %"'
                )
        return self

    @property
    def limit_value(self) -> float | None:
        """The limit in SI units, None when it is the program's own."""
        dimension = HAZARDS[self.hazard].dimension
        return None if self.limit is None or dimension is None else parse_quantity(self.limit, dimension)
