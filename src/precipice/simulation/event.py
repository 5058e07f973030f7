"""What happened in a run, by name."""

from dataclasses import dataclass, replace

import numpy as np

from precipice.phases.sequence import ENDS
from precipice.simulation.kind import KINDS, phases_of
from precipice.simulation.track import Track

NAMES = {
    "run-up": ("speed gate", "ramp foot"),
    "ramp": ("front wheel past the lip", "takeoff"),
    "flight": ("release",),
    "jump": ("landing",),
    "separation": ("end of push", "exit"),
    "freefall": ("throw", "throw", "throw", "throw"),
    "deployment": ("pilot chute in clean air", "bridle stretch", "line stretch"),
    "inflation": ("canopy open", "reserve at line stretch", "reserve open"),
    "canopy": ("control", "turned away", "pattern", "base turn", "final turn", "flare", "touchdown"),
    "tumble": ("contact",),
    "slide": ("at rest",),
}
"""What the end of each leg is called when the stunt goes on, by phase; the motorcycle's bear its name."""


@dataclass(frozen=True)
class Event:
    """Something that happened.

    Attributes:
        name: From a closed list, see docs/start.md.
        body: "performer", "motorcycle", "vehicle" or "body".
        t: [s] from the start of the run-up, or from the exit.
        position: East, north, up from the lip or exit [m].
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


_ENDS_OTHERWISE = {
    "struck-rock-under-canopy": "struck rock under canopy",
    "struck-obstacle": "struck obstacle",
    "landed-in-water": "landed in water",
}
"""Outcomes that say more than the margin that ended the run: what its last event is called."""


def _is_contact(event: Event) -> bool:
    return event.name == "touchdown" or event.name.startswith("struck ")


@dataclass(frozen=True)
class Teller:
    """Turns a report into events.

    Attributes:
        report: Arrays by name; see `simulate`.
        tracks: By body.
        kind: Of stunt.
        lip_altitude: Above sea level [m].
        landing_altitude: Above sea level [m].
    """

    report: dict[str, np.ndarray]
    tracks: dict[str, Track]
    kind: str
    lip_altitude: float
    landing_altitude: float

    def tell(self, outcome: str) -> tuple[Event, ...]:
        """Return all events in order of time.

        Args:
            outcome: Of the run, which renames a touchdown on rock.
        """
        phases = phases_of(self.kind)
        first = "start" if phases[0] == "run-up" else "exit"
        found = [self._event(first, float(self._track(phases[0]).t[0]), phases[0])]
        for phase in phases:
            found += self._ends(phase)
        if "deployment" in phases and self.report["legs.deployment.flown"][0]:
            found.append(self._throw())
        renamed = _ENDS_OTHERWISE.get(outcome)
        if renamed:
            found = [replace(e, name=renamed) if _is_contact(e) else e for e in found]
        return tuple(sorted(found, key=lambda e: (e.t, e.body)))

    def _ends(self, phase: str) -> list[Event]:
        """Return one event for the end of each flown leg; freefall's throw is told apart."""
        flown, ends = self.report[f"legs.{phase}.flown"], self.report[f"legs.{phase}.t"]
        named = [(self._name(phase, int(leg)), float(ends[leg])) for leg in np.flatnonzero(flown)]
        return [self._event(name, t, phase) for name, t in named if name != "throw"]

    def _name(self, phase: str, leg: int) -> str:
        margin = list(ENDS[phase])[int(self.report[f"legs.{phase}.margin"][leg])]
        end = ENDS[phase][margin]
        if phase in ("tumble", "slide"):
            return ("motorcycle " if "motorcycle" in self.tracks else "") + NAMES[phase][leg]
        if end == "landed":
            return "touchdown"
        if end is not None:
            return end if end == "re-contact" else end.replace("-", " ")
        if phase == "separation" and leg == 1 and margin == "time":
            return "never clear of the motorcycle"
        if margin == "cutaway":
            return "cutaway"
        if margin == "away" and leg == 0:
            return "away from the ledge"
        return NAMES[phase][leg]

    def _throw(self) -> Event:
        """Return the throw however it came about: a leg of no length may hold it."""
        decided = [list(ENDS["freefall"])[int(m)] for m in self.report["legs.freefall.margin"]]
        name = "throw (hard deck)" if "hard_deck" in decided else "throw"
        return self._event(name, float(self.report["numbers.throw_time"]), "deployment")

    def _body(self, phase: str) -> str:
        return next(body for body, phases in KINDS[self.kind].bodies.items() if phase in phases)

    def _track(self, phase: str) -> Track:
        return self.tracks[self._body(phase)]

    def _event(self, name: str, t: float, phase: str) -> Event:
        body = self._body(phase)
        track = self.tracks[body]
        here = np.flatnonzero((np.abs(track.t - t) <= 1e-9 * (1.0 + t)) & (track.phase == phase))
        row = int(here[-1]) if here.size else int(np.argmin(np.abs(track.t - t)))
        east, north, up = (float(x) for x in track.position[row])
        v_east, v_north, v_up = (float(x) for x in track.velocity[row])
        altitude = up + self.lip_altitude
        return Event(
            name=name,
            body=body,
            t=t,
            position=(east, north, up),
            velocity=(v_east, v_north, v_up),
            altitude=altitude,
            height=altitude - self.landing_altitude,
            load=float(track.load[row]),
        )
