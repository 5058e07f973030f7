"""Which stages each kind of stunt is flown in, and which bodies it is told of: the whole engine in one table.

Read it as: the stages in order, with the stages whose results each is given; then, for each body, the
phases it goes through. What a stage does stands in `stunt.STAGES`, which event of which phase leads where
in `precipice.phases.sequence`. This file imports nothing heavy: a kept program is flown without the physics.
"""

from typing import Literal, NamedTuple

RIDING = ("run-up", "ramp", "flight")
FALLING = ("freefall", "deployment", "inflation", "canopy")
TUMBLING = ("tumble", "slide")


class KindStages(NamedTuple):
    """How one kind of stunt is flown and told.

    Attributes:
        stages: Names in order, each with the stages whose results it takes; "inputs" are the run's own.
        bodies: Phases of each body, the one that the stunt is about first.
        zero: The event from which a person counts the seconds.
    """

    stages: dict[str, tuple[str, ...]]
    bodies: dict[str, tuple[str, ...]]
    zero: Literal["takeoff", "exit"]


KINDS: dict[str, KindStages] = {
    "ramp-to-canopy": KindStages(
        stages={
            "world": ("inputs",),
            "ride": ("world",),
            "motorcycle": ("world", "ride"),
            "fall": ("world", "ride", "motorcycle"),
            "canopy": ("world", "fall"),
        },
        bodies={
            "performer": (*RIDING, "separation", *FALLING),
            "motorcycle": (*RIDING, "separation", *TUMBLING),
        },
        zero="takeoff",
    ),
    "base-jump": KindStages(
        stages={
            "world": ("inputs",),
            "leave": ("world",),
            "fall": ("world", "leave"),
            "canopy": ("world", "fall"),
        },
        bodies={"performer": FALLING},
        zero="exit",
    ),
    "skydive": KindStages(
        stages={
            "world": ("inputs",),
            "leave": ("world",),
            "fall": ("world", "leave"),
            "canopy": ("world", "fall"),
        },
        bodies={"performer": FALLING},
        zero="exit",
    ),
    "ramp-jump": KindStages(
        stages={"world": ("inputs",), "jump": ("world",)},
        bodies={"vehicle": ("run-up", "ramp", "jump")},
        zero="takeoff",
    ),
    "drop": KindStages(
        stages={"world": ("inputs",), "drop": ("world",)},
        bodies={"body": TUMBLING},
        zero="exit",
    ),
}
"""Every kind of stunt."""


def phases_of(kind: str) -> tuple[str, ...]:
    """Return the phases of a kind of stunt, in order, each once."""
    return tuple(dict.fromkeys(phase for phases in KINDS[kind].bodies.values() for phase in phases))
