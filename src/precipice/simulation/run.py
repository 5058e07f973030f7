"""One flown run: what happened, when, where, and with what to spare."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from precipice.phases.sequence import OUTCOMES
from precipice.simulation.event import Event, Teller
from precipice.simulation.kind import KINDS, phases_of
from precipice.simulation.track import Track, build_track

SCHEMA_VERSION = 1


@dataclass(frozen=True, eq=False)
class Run:
    """One flown stunt.

    Attributes:
        outcome: One of `OUTCOMES`.
        resolved: Whether every number can be trusted; never safe when not.
        doubts: Why not, in sentences.
        events: In order of time.
        numbers: Named results, SI.
        performer: Track of what the stunt is about, see `subject`; on the motorcycle first.
        motorcycle: Track, with the performer first; None where none is let go.
        lip_altitude: Of the lip or exit, above sea level [m].
        landing_altitude: Above sea level [m].
        run: Number of the run; None is the nominal one.
        seed: Of the draws; None for the nominal run, which draws nothing.
        values: Scenario numbers that were flown, by dotted path, SI.
        kind: Of stunt, a key of `KINDS`.
        profile: Corners of the rock's cross-section, distance out from the lip at right angles to the
            face and height above the lip, `(n, 2)` [m]; None where nobody kept it.
    """

    outcome: str
    resolved: bool
    doubts: tuple[str, ...]
    events: tuple[Event, ...]
    numbers: dict[str, float]
    performer: Track
    motorcycle: Track | None
    lip_altitude: float
    landing_altitude: float
    run: int | None = None
    seed: int | None = None
    values: dict[str, float] = field(default_factory=dict)
    kind: str = "ramp-to-canopy"
    profile: np.ndarray | None = None

    @property
    def subject(self) -> str:
        """What the stunt is about: "performer", "vehicle" or "body"."""
        return next(iter(KINDS[self.kind].bodies))

    @property
    def tracks(self) -> dict[str, Track]:
        """Tracks by the name of the body, the one that the stunt is about first."""
        second = {} if self.motorcycle is None else {"motorcycle": self.motorcycle}
        return {self.subject: self.performer, **second}

    def event(self, name: str) -> Event | None:
        """Return the first event of a name, or None."""
        return next((event for event in self.events if event.name == name), None)


def build_run(
    report: dict[str, np.ndarray],
    lip_altitude: float,
    landing_altitude: float,
    kind: str = "ramp-to-canopy",
    **more: Any,
) -> Run:
    """Return a run from a program's report.

    Args:
        report: Arrays by name, of one run; see `simulate`.
        lip_altitude: Of the lip or exit, above sea level [m].
        landing_altitude: Above sea level [m].
        kind: Of stunt, a key of `KINDS`.
        **more: Further fields of `Run`.
    """
    numbers = {
        name.removeprefix("numbers."): float(v) for name, v in report.items() if name.startswith("numbers.")
    }
    outcome = OUTCOMES[round(numbers["outcome"])]
    tracks = {body: build_track(report, phases, body) for body, phases in KINDS[kind].bodies.items()}
    doubts = _doubts(report, numbers, outcome, kind)
    events = Teller(report, tracks, kind, lip_altitude, landing_altitude).tell(outcome)
    return Run(
        outcome=outcome,
        resolved=not doubts,
        doubts=doubts,
        events=events,
        numbers=numbers,
        performer=next(iter(tracks.values())),
        motorcycle=tracks.get("motorcycle"),
        lip_altitude=lip_altitude,
        landing_altitude=landing_altitude,
        kind=kind,
        **more,
    )


def _doubts(
    report: dict[str, np.ndarray], numbers: dict[str, float], outcome: str, kind: str
) -> tuple[str, ...]:
    open_ended = [phase for phase in phases_of(kind) if not np.all(report[f"legs.{phase}.resolved"])]
    found = [f"{phase}: no end was found within the solver's steps or time" for phase in open_ended]
    known = min(value for name, value in numbers.items() if name.endswith("known"))
    if known < 0.0:
        found.append(f"the path left the known terrain by {-known:.0f} m; rock beyond it is unknown")
    if outcome == "unresolved" and not found:
        found.append("the stunt did not end in any known way")
    bad = [name for name, value in numbers.items() if not np.isfinite(value) and not name.endswith("known")]
    if bad:
        found.append(f"not finite: {', '.join(sorted(bad))}")
    return tuple(found)
