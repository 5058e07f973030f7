"""From where on a hazard counts, and where that limit comes from."""

from typing import NamedTuple

from precipice.earth import GRAVITY
from precipice.scenario.criterion import HAZARDS, Criterion
from precipice.scenario.scenario import Scenario

HARDEST_OPENING = 12.0 * GRAVITY
"""Opening load that is rejected [m/s^2]: a choice, openings of 9 to 10 g already count as hard."""
HARDEST_SINK = 4.6
"""Sink at touchdown [m/s]: ground reaction 13.7 body weights in a study of parachute landing falls."""
UNITS = {
    "length": "m",
    "speed": "m/s",
    "acceleration": "m/s^2",
    "angular_rate": "rad/s",
}
"""SI unit of a limit, by dimension."""


class Limit(NamedTuple):
    """From where on a hazard counts.

    Attributes:
        value: SI; None where the hazard happens or does not, or where each run has its own.
        unit: SI; "1" for what only happens or does not.
        source: Where it comes from.
        words: What it measures.
    """

    value: float | None
    unit: str
    source: str
    words: str


_OWN: dict[str, tuple[float | None, str]] = {
    "lip not reached": (None, "it takes off"),
    "departure off the side": (None, "wheels stay on the deck"),
    "never clear of the motorcycle": (None, "performer and motorcycle part"),
    "re-contact": (0.0, "the extents touch"),
    "unstable at throw": (None, "60 deg off trim or 120 deg/s, assumed"),
    "object strike in freefall": (0.0, "the extent touches rock"),
    "low throw": (None, "plan.hard_deck"),
    "late or no opening": (0.0, "the canopy opens above the ground"),
    "hard opening": (HARDEST_OPENING, "12 g, rejected above, assumed"),
    "object strike under canopy": (0.0, "rock, canopy or obstacle touched"),
    "landing outside the area": (None, "radius of the area"),
    "hard landing": (HARDEST_SINK, "landing-fall study, assumed"),
    "landing where people are": (0.0, "edge of their circle"),
    "motorcycle where people are": (0.0, "edge of their circle"),
    "aircraft keep-out": (None, "keep_out of each aircraft"),
}
"""Limit of each hazard where no criterion names another: SI, and its source."""


def limit_of(scenario: Scenario, hazard: str, criterion: Criterion | None) -> Limit:
    """Return the limit of a hazard: its criterion's, else the program's own.

    Args:
        scenario: What was decided.
        hazard: A key of `HAZARDS`.
        criterion: That names the hazard, None where none does.
    """
    known = HAZARDS[hazard]
    unit = UNITS[known.dimension] if known.dimension else "1"
    if criterion is not None and criterion.limit_value is not None:
        why = f": {criterion.limit_source}" if criterion.limit_source else ""
        return Limit(criterion.limit_value, unit, f"criterion, {criterion.accepted_by}{why}", known.limit)
    value, source = _OWN[hazard]
    if hazard == "lip not reached" and scenario.plan is not None and scenario.plan.gate is not None:
        source = "it takes off; no least speed at the lip is named"
    if hazard == "hard landing" and scenario.landing_surface is not None:
        value, source = None, "landing_surface.safe_fall_height"
    return Limit(value, unit, source, known.limit)


def criterion_of(scenario: Scenario, hazard: str) -> Criterion | None:
    """Return the strictest criterion that names a hazard, None where none does."""
    found = [criterion for criterion in scenario.criterion if criterion.hazard == hazard]
    return min(found, key=lambda criterion: criterion.chance) if found else None
