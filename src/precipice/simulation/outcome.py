"""How a stunt ended, as data."""

from enum import IntEnum

from precipice.phases.sequence import ENDS, OUTCOMES

Outcome = IntEnum("Outcome", {name.replace("-", "_"): k for k, name in enumerate(OUTCOMES)})
"""Every way a stunt can end, in the order of `OUTCOMES`."""

GOES_ON = -1
"""What `outcome_codes` holds for a margin that leads on."""


def outcome_codes(phase: str) -> tuple[int, ...]:
    """Return the outcome that each margin of a phase means, `GOES_ON` where the stunt goes on.

    Args:
        phase: A key of `ENDS`.
    """
    return tuple(GOES_ON if end is None else OUTCOMES.index(end) for end in ENDS[phase].values())
