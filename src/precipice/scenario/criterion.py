"""What is accepted: which hazard, with what chance, by whom."""

from typing import NamedTuple

from pydantic import model_validator

from precipice.errors import RuleError
from precipice.scenario.field import PlainRatio, choose
from precipice.scenario.kind import ALL, CANOPY, DROP, MAIN, RAMP
from precipice.scenario.section import AbstractSection
from precipice.units import parse_quantity


class Hazard(NamedTuple):
    """A named bad event.

    Attributes:
        kinds: Kinds of stunt that have it.
        dimension: Of its limit; None where it happens or does not.
        limit: What its limit measures.
    """

    kinds: frozenset[str]
    dimension: str | None
    limit: str


HAZARDS: dict[str, Hazard] = {
    "lip not reached": Hazard(RAMP, "speed", "least speed at the lip"),
    "departure off the side": Hazard(RAMP, None, ""),
    "never clear of the motorcycle": Hazard(MAIN, None, ""),
    "re-contact": Hazard(MAIN, "length", "least gap between the two bodies once clear"),
    "unstable at throw": Hazard(CANOPY, "angular_rate", "highest rate of the body at the throw"),
    "object strike in freefall": Hazard(CANOPY | DROP, "length", "least clearance"),
    "low throw": Hazard(CANOPY, "length", "least height above the ground below"),
    "late or no opening": Hazard(CANOPY, "length", "least height above the ground below with an open canopy"),
    "hard opening": Hazard(CANOPY, "acceleration", "highest load"),
    "object strike under canopy": Hazard(CANOPY, "length", "least clearance"),
    "landing outside the area": Hazard(ALL, "length", "farthest from the middle of the area"),
    "hard landing": Hazard(ALL, "speed", "highest speed into the ground"),
    "landing where people are": Hazard(CANOPY | DROP, None, ""),
    "motorcycle where people are": Hazard(MAIN, None, ""),
    "aircraft keep-out": Hazard(ALL, "length", "least distance"),
}
"""Every hazard that a criterion can name."""


class Criterion(AbstractSection):
    """One line of what is accepted."""

    hazard: str = choose(..., "Which hazard.", json_schema_extra={"enum": list(HAZARDS)})
    chance: PlainRatio = choose(..., "Accepted for each jump.")
    accepted_by: str = choose(..., "Who accepts it.", min_length=1)
    confidence: PlainRatio = choose(0.95, "That the runs must show, one-sided.")
    limit: str | None = choose(None, "From where on it counts, with its unit, such as 100 m for a low throw.")
    limit_source: str | None = choose(None, "Where the limit comes from.")

    @model_validator(mode="after")
    def _is_a_chance(self) -> "Criterion":
        for name in ("chance", "confidence"):
            share: float = getattr(self, name)
            if not 0.0 < share < 1.0:
                rule, remedy = "must lie between 0 and 1, both excluded", 'write such as "0.1 %"'
                raise RuleError(rule, f"{share:.6g}", remedy, within=name)
        return self

    @property
    def limit_value(self) -> float | None:
        """The limit in SI units, None when it is the program's own."""
        dimension = HAZARDS[self.hazard].dimension
        return None if self.limit is None or dimension is None else parse_quantity(self.limit, dimension)
