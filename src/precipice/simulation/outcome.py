"""How a stunt ended, as data."""

from precipice.phases.sequence import ENDS, OUTCOMES

GOES_ON = -1
"""What `outcome_codes` holds for a margin that leads on."""
UNRESOLVED = OUTCOMES.index("unresolved")
LANDED = OUTCOMES.index("landed")
MISSED_SURFACE = OUTCOMES.index("missed-surface")
STRUCK_UNDER_CANOPY = OUTCOMES.index("struck-rock-under-canopy")


def outcome_codes(phase: str) -> tuple[int, ...]:
    """Return the outcome that each margin of a phase means, `GOES_ON` where the stunt goes on.

    Args:
        phase: A key of `ENDS`.
    """
    return tuple(GOES_ON if end is None else OUTCOMES.index(end) for end in ENDS[phase].values())
