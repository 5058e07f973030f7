"""One flown run: what happened, when, where, and with what to spare."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from precipice.phases.sequence import OUTCOMES
from precipice.simulation.event import NAMES, Event, Teller
from precipice.simulation.track import MOTORCYCLE, PERFORMER, Track, build_track

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Run:
    """One flown stunt.

    Attributes:
        outcome: One of `OUTCOMES`.
        resolved: Whether every number can be trusted; never safe when not.
        doubts: Why not, in sentences.
        events: In order of time.
        numbers: Named results, SI.
        performer: Track, on the motorcycle first.
        motorcycle: Track, with the performer first.
        lip_altitude: Above sea level [m].
        landing_altitude: Above sea level [m].
        run: Number of the run; None is the nominal one.
        seed: Of the draws; None for the nominal run, which draws nothing.
        values: Scenario numbers that were flown, by dotted path, SI.
        profile: Corners of the rock's cross-section, distance out from the lip at right angles to the
            face and height above the lip, `(n, 2)` [m]; None where nobody kept it.
    """

    outcome: str
    resolved: bool
    doubts: tuple[str, ...]
    events: tuple[Event, ...]
    numbers: dict[str, float]
    performer: Track
    motorcycle: Track
    lip_altitude: float
    landing_altitude: float
    run: int | None = None
    seed: int | None = None
    values: dict[str, float] = field(default_factory=dict)
    profile: np.ndarray | None = None

    def event(self, name: str) -> Event | None:
        """Return the first event of a name, or None."""
        return next((event for event in self.events if event.name == name), None)


def build_run(
    report: dict[str, np.ndarray], lip_altitude: float, landing_altitude: float, **more: Any
) -> Run:
    """Return a run from a program's report.

    Args:
        report: Arrays by name, of one run; see `simulate`.
        lip_altitude: Above sea level [m].
        landing_altitude: Above sea level [m].
        **more: Further fields of `Run`.
    """
    numbers = {
        name.removeprefix("numbers."): float(v) for name, v in report.items() if name.startswith("numbers.")
    }
    outcome = OUTCOMES[round(numbers["outcome"])]
    performer = build_track(report, PERFORMER, "performer")
    motorcycle = build_track(report, MOTORCYCLE, "motorcycle")
    doubts = _doubts(report, numbers, outcome)
    events = Teller(report, performer, motorcycle, lip_altitude, landing_altitude).tell(outcome)
    return Run(
        outcome=outcome,
        resolved=not doubts,
        doubts=doubts,
        events=events,
        numbers=numbers,
        performer=performer,
        motorcycle=motorcycle,
        lip_altitude=lip_altitude,
        landing_altitude=landing_altitude,
        **more,
    )


def _doubts(report: dict[str, np.ndarray], numbers: dict[str, float], outcome: str) -> tuple[str, ...]:
    open_ended = [phase for phase in NAMES if not np.all(report[f"legs.{phase}.resolved"])]
    found = [f"{phase}: no end was found within the solver's steps or time" for phase in open_ended]
    known = min(value for name, value in numbers.items() if name.endswith("_known"))
    if known < 0.0:
        found.append(f"the path left the known terrain by {-known:.0f} m; rock beyond it is unknown")
    if outcome == "unresolved" and not found:
        found.append("the stunt did not end in any known way")
    bad = [name for name, value in numbers.items() if not np.isfinite(value) and not name.endswith("_known")]
    if bad:
        found.append(f"not finite: {', '.join(sorted(bad))}")
    return tuple(found)
