"""What segmentation finds in a log: jumps, each with its events and how well each is dated."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Moment:
    """A dated event.

    Attributes:
        time: From the file's first row [s]; may lie before it where the log begins in the air.
        deviation: Standard deviation [s]; the width of the gap for an event inside one.
    """

    time: float
    deviation: float


@dataclass(frozen=True)
class Jump:
    """One jump. An event that the log does not show is missing from `events`.

    Attributes:
        kind: "skydive", "base", "ramp_jump", or "canopy" where the log begins under the canopy.
        events: By name, in order of time; names as in `EVENTS`.
        numbers: By name with unit, such as `lip_speed` [m/s]; each with its standard deviation.
    """

    kind: str
    events: dict[str, Moment]
    numbers: dict[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Segmentation:
    """Everything found in one log.

    Attributes:
        kind: Of the log: that of its jumps, "canopy" where it only holds a flight under one, or "none".
        jumps: In order of time.
        problems: Sentences for a person, those of the file first.
        canopies: Flights under a canopy whose jump is not in the log, with their landing.
    """

    kind: str
    jumps: tuple[Jump, ...]
    problems: tuple[str, ...]
    canopies: tuple[Jump, ...] = ()


EVENTS = (
    "exit", "flare", "opening_onset", "opening_peak", "canopy", "lip", "apex", "landing",
)  # fmt: skip
