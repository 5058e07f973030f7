"""Whether a rehearsal was made with what the stunt is made with."""

from precipice.scenario.scenario import Scenario
from precipice.training.informed import BODY

SAME_CANOPY = 0.02
"""Share by which two canopies' areas may differ and be taken for the same."""


def why_foreign(path: str, scenario: Scenario, practice: Scenario) -> str | None:
    """Return why a rehearsal with other gear says nothing of a field, in words; None where it does.

    Args:
        path: Of the field.
        scenario: The stunt.
        practice: What was rehearsed.
    """
    if path.startswith("rig.") and _canopy(scenario) is not None:
        return _other_canopy(scenario, practice)
    if path in BODY and _suit(practice) != _suit(scenario):
        return f"rehearsed in another posture or suit ({_suit(practice)}; the stunt has {_suit(scenario)})"
    return None


def _canopy(scenario: Scenario) -> tuple[float, str] | None:
    area = scenario.values().get("rig.canopy_area")
    return None if scenario.rig is None or area is None else (area, scenario.rig.slider)


def _other_canopy(scenario: Scenario, practice: Scenario) -> str | None:
    flown, planned = _canopy(practice), _canopy(scenario)
    if flown is None or planned is None:
        return None
    if abs(flown[0] / planned[0] - 1.0) <= SAME_CANOPY and flown[1] == planned[1]:
        return None
    was, will = (f"{area:.3g} m^2, slider {slider}" for area, slider in (flown, planned))
    return f"rehearsed with another canopy ({was}; the stunt has {will}): one says nothing of the other"


def _suit(scenario: Scenario) -> str:
    if scenario.performer is None:
        return "none"
    glides = ", glide given" if scenario.performer.sustained_speed is not None else ""
    return f"{scenario.performer.suit}{glides}"
