"""One flown run: what happened, when, where, and with what to spare."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from precipice.phases.sequence import ENDS, OUTCOMES

SCHEMA_VERSION = 1
COLUMNS = ("position", "velocity", "attitude", "load", "clearance", "height", "gap", "air_speed", "control", "known")


@dataclass(frozen=True)
class Track:
    """One body's way through a run, at the solver's steps, in order of time.

    Attributes:
        t: `(n,)` [s] from the start of the run-up.
        phase: Name of the phase at each step, `(n,)`.
        position: East-north-up from the lip, `(n, 3)` [m].
        velocity: `(n, 3)` [m/s].
        attitude: Quaternion, scalar first, body (forward-left-up) to east-north-up, `(n, 4)`.
        load: Non-gravitational acceleration over standard gravity, `(n,)`.
        clearance: From the body's extent to rock (to the deck's side on the ground), `(n,)` [m].
        height: Above the rock straight below, `(n,)` [m].
        gap: Between the extents of performer and motorcycle, `(n,)` [m]; 1,000 where it does not count.
        air_speed: `(n,)` [m/s].
        control: Two numbers of the phase, `(n, 2)`; see `Record`.
        known: Distance to the end of the terrain data, `(n,)` [m].
    """

    t: np.ndarray
    phase: np.ndarray
    position: np.ndarray
    velocity: np.ndarray
    attitude: np.ndarray
    load: np.ndarray
    clearance: np.ndarray
    height: np.ndarray
    gap: np.ndarray
    air_speed: np.ndarray
    control: np.ndarray
    known: np.ndarray

    def at(self, t: float) -> tuple[np.ndarray, np.ndarray]:
        """Return position and velocity at a time, each `(3,)`: cubic between steps, held outside.

        Args:
            t: [s].
        """
        if t <= self.t[0] or t >= self.t[-1]:
            k = 0 if t <= self.t[0] else -1
            return self.position[k], self.velocity[k]
        k = int(np.searchsorted(self.t, t, side="right")) - 1
        width = self.t[k + 1] - self.t[k]
        s = (t - self.t[k]) / width
        a, b = self.position[k], self.position[k + 1]
        u, v = width * self.velocity[k], width * self.velocity[k + 1]
        step = b - a
        place = a + s * step + s * (1 - s) * ((u - step) * (1 - s) + (step - v) * s)
        return place, self.velocity[k] + s * (self.velocity[k + 1] - self.velocity[k])


@dataclass(frozen=True)
class Event:
    """Something that happened.

    Attributes:
        name: From a closed list, see docs/start.md.
        body: "performer" or "motorcycle".
        t: [s] from the start of the run-up.
        position: East, north, up from the lip [m].
        velocity: [m/s].
        altitude: Above sea level [m].
        height: Above the landing area [m].
        load: [g].
    """

    name: str
    body: str
    t: float
    position: tuple[float, float, float]
    velocity: tuple[float, float, float]
    altitude: float
    height: float
    load: float

    @property
    def speed(self) -> float:
        """Length of the velocity [m/s]."""
        return float(np.linalg.norm(self.velocity))


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


_NAMES = {
    "run-up": ("speed gate", "ramp foot"),
    "ramp": ("front wheel past the lip", "takeoff"),
    "flight": ("release",),
    "separation": ("end of push", "exit"),
    "freefall": ("throw", "throw"),
    "deployment": ("pilot chute in clean air", "bridle stretch", "line stretch"),
    "inflation": ("canopy open",),
    "canopy": ("control", "turned away", "pattern", "base turn", "final turn", "flare", "touchdown"),
    "tumble": ("motorcycle contact",),
    "slide": ("motorcycle at rest",),
}
PERFORMER = ("run-up", "ramp", "flight", "separation", "freefall", "deployment", "inflation", "canopy")
MOTORCYCLE = ("run-up", "ramp", "flight", "separation", "tumble", "slide")


def build_run(report: dict[str, np.ndarray], lip_altitude: float, landing_altitude: float, **more: Any) -> Run:
    """Return a run from a program's report.

    Args:
        report: Arrays by name, of one run; see `simulate`.
        lip_altitude: Above sea level [m].
        landing_altitude: Above sea level [m].
        **more: Further fields of `Run`.
    """
    numbers = {name.removeprefix("numbers."): float(v) for name, v in report.items() if name.startswith("numbers.")}
    outcome = OUTCOMES[round(numbers["outcome"])]
    performer = _track(report, PERFORMER, "performer")
    motorcycle = _track(report, MOTORCYCLE, "motorcycle")
    doubts = _doubts(report, numbers, outcome)
    events = _events(report, outcome, performer, motorcycle, lip_altitude, landing_altitude)
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
    found = []
    for phase in _NAMES:
        if not np.all(report[f"legs.{phase}.resolved"]):
            found.append(f"{phase}: no end was found within the solver's steps or time")
    known = min(value for name, value in numbers.items() if name.endswith("_known"))
    if known < 0.0:
        found.append(f"the path left the known terrain by {-known:.0f} m; rock beyond it is unknown")
    if outcome == "unresolved" and not found:
        found.append("the stunt did not end in any known way")
    bad = [name for name, value in numbers.items() if not np.isfinite(value) and not name.endswith("_known")]
    if bad:
        found.append(f"not finite: {', '.join(sorted(bad))}")
    return tuple(found)


def _track(report: dict[str, np.ndarray], phases: tuple[str, ...], body: str) -> Track:
    times, names = [], []
    columns: dict[str, list[np.ndarray]] = {name: [] for name in COLUMNS}
    for phase in phases:
        prefix = f"legs.{phase}.records." + (f"{body}." if phase == "separation" else "")
        for leg, row in enumerate(report[f"legs.{phase}.times"]):
            kept = np.isfinite(row)
            times.append(row[kept])
            names.append(np.full(int(kept.sum()), phase))
            for name in COLUMNS:
                columns[name].append(report[prefix + name][leg][kept])
    joined = {name: np.concatenate(parts) for name, parts in columns.items()}
    return Track(t=np.concatenate(times), phase=np.concatenate(names), **joined)


def _events(
    report: dict[str, np.ndarray],
    outcome: str,
    performer: Track,
    motorcycle: Track,
    lip_altitude: float,
    landing_altitude: float,
) -> tuple[Event, ...]:
    def event(name: str, body: str, t: float, phase: str) -> Event:
        track = performer if body == "performer" else motorcycle
        rows = np.flatnonzero((np.abs(track.t - t) < 1e-9 * max(1.0, t) + 1e-12) & (track.phase == phase))
        row = int(rows[-1]) if rows.size else int(np.argmin(np.abs(track.t - t)))
        position, velocity = track.position[row], track.velocity[row]
        altitude = float(position[2]) + lip_altitude
        return Event(
            name=name,
            body=body,
            t=float(t),
            position=tuple(float(x) for x in position),  # type: ignore[arg-type]
            velocity=tuple(float(x) for x in velocity),  # type: ignore[arg-type]
            altitude=altitude,
            height=altitude - landing_altitude,
            load=float(track.load[row]),
        )

    found = [event("start", "performer", float(performer.t[0]), "run-up")]
    for phase, names in _NAMES.items():
        body = "motorcycle" if phase in ("tumble", "slide") else "performer"
        margins = list(ENDS[phase])
        for leg, name in enumerate(names):
            if not report[f"legs.{phase}.flown"][leg]:
                continue
            margin = margins[int(report[f"legs.{phase}.margin"][leg])]
            end = ENDS[phase][margin]
            if end is not None and end != "landed":
                name = end.replace("-", " ")
            elif end == "landed":
                name = "touchdown"
            elif phase == "separation" and leg == 1 and margin == "time":
                name = "never clear of the motorcycle"
            elif phase == "freefall":
                continue  # the throw is told below: a leg of no length may hold it
            found.append(event(name, body, float(report[f"legs.{phase}.t"][leg]), phase))
    if outcome == "struck-rock-under-canopy" and found[-1].name == "touchdown":
        found[-1] = event("struck rock under canopy", "performer", found[-1].t, "canopy")
    if report["legs.deployment.flown"][0]:
        decided = [list(ENDS["freefall"])[int(m)] for m in report["legs.freefall.margin"]]
        name = "throw (hard deck)" if "hard_deck" in decided else "throw"
        found.append(event(name, "performer", float(report["numbers.throw_time"]), "deployment"))
    return tuple(sorted(found, key=lambda e: (e.t, e.body)))
