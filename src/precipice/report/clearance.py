"""How near it came: performer to rock, performer to motorcycle, both to aircraft, motorcycle to people."""

import math
from typing import Literal, NamedTuple

import numpy as np

from precipice.report.between import POINTS, ROUNDS, smallest
from precipice.report.scene import (
    VALLEY_FLOOR,
    aircraft_position,
    circle,
    distance_out,
    flown,
    is_parametric,
    nearest_piece,
    piece_name,
    resample,
    zero_time,
)
from precipice.scenario.kind import CANOPY
from precipice.scenario.presence import Aircraft, People
from precipice.scenario.scenario import Scenario
from precipice.simulation.run import Run
from precipice.simulation.track import Track

ALONE = ("freefall", "deployment", "inflation", "canopy")
"""Phases in which the performer falls or flies alone."""
SINCE_EXIT = 1.0
"""Time after the exit from which clearance counts [s]."""
ABOVE_GROUND = 30.0
"""Height above the ground down to which clearance counts [m]: below it, the ground is the aim."""
NO_GAP = 1000.0
"""What a track holds where the motorcycle does not count [m]."""

STEEP = math.radians(25.0)
"""Slope from which ground under the canopy counts as rock: as for a landing."""
EXTENT = 1.0
"""About the radius of a performer [m]: clearance counts from it, height from the middle."""

GapStatus = Literal["measured", "never clear", "does not apply"]


class Nearest(NamedTuple):
    """The smallest distance to something.

    Attributes:
        distance: Between extents, negative where they overlap [m].
        t: When, from the start of the run-up [s].
        position: Of the body, east-north-up from the lip [m].
        phase: In which phase.
        to: What was nearest.
    """

    distance: float
    t: float
    position: tuple[float, float, float]
    phase: str
    to: str


def nearest_rock(run: Run, scenario: Scenario, phases: tuple[str, ...] = ALONE) -> Nearest | None:
    """Return the performer's smallest clearance from rock; None without rock, or without a fall alone.

    From `SINCE_EXIT` to `ABOVE_GROUND`; under the canopy the valley floor, where one wants to land, is
    left out.

    Args:
        run: What happened.
        scenario: Gives the direction out from the face.
        phases: Which count, out of `ALONE`.
    """
    if run.kind not in CANOPY or scenario.site.cliff is None:
        return None
    exit_event = run.event("exit") or run.event("never clear of the motorcycle")
    if exit_event is None:
        return None
    since, profile = exit_event.t + SINCE_EXIT, run.profile

    def counts(track: Track) -> np.ndarray:
        rows = np.isin(track.phase, phases) & (track.t >= since) & (track.height > ABOVE_GROUND)
        if profile is not None and is_parametric(profile):
            piece = nearest_piece(profile, distance_out(run, scenario, track.position), track.position[:, 2])
            return rows & ((track.phase != "canopy") | (piece != VALLEY_FLOOR))
        # Rock that is much nearer than the ground straight below is no floor: ground steeper than 25 degrees.
        steep = track.clearance < math.cos(STEEP) * track.height - EXTENT
        return rows & ((track.phase != "canopy") | steep)

    at = smallest(run.performer, lambda track: track.clearance, counts)
    if at is None:
        return None
    to = "rock"
    if profile is not None and is_parametric(profile):
        out = distance_out(run, scenario, at.position)
        to = piece_name(profile, int(nearest_piece(profile, out, at.position[:, 2])[0]))
    return _nearest(at, 0, float(at.clearance[0]), to)


def nearest_motorcycle(run: Run) -> tuple[GapStatus, Nearest | None]:
    """Return how the gap to the riderless motorcycle is known, and the smallest one after coming clear.

    Args:
        run: What happened.

    Returns:
        "measured" with the gap; "never clear" if performer and motorcycle did not part;
        "does not apply" if the stunt was over before they could.
    """
    if run.motorcycle is None:
        return "does not apply", None
    track = run.performer
    at = smallest(track, lambda rows: rows.gap, _gap_counts, _gap_counts(track))
    if at is not None:
        return "measured", _nearest(at, 0, float(at.gap[0]), "the motorcycle")
    parted = run.event("release") is not None and run.event("end of push") is not None
    if parted and run.numbers.get("clear", 0.0) < 0.5:
        return "never clear", None
    return "does not apply", None


def _gap_counts(track: Track) -> np.ndarray:
    return np.isin(track.phase, ALONE) & (track.gap < NO_GAP)


def nearest_aircraft(run: Run, scenario: Scenario, aircraft: Aircraft, body: str) -> Nearest | None:
    """Return the smallest distance of a body's extent to an aircraft while it is there.

    Args:
        run: What happened.
        scenario: Gives the extents.
        aircraft: A point; its own size belongs into its keep-out distance.
        body: Which one, a key of `Run.tracks`. An open canopy counts as a sphere that holds lines and canopy.

    Returns:
        None if there was no takeoff or exit, or the aircraft is not there during the run.
    """
    zero, track = zero_time(run), run.tracks[body]
    if zero is None:
        return None
    first = max(float(track.t[0]), zero + aircraft.from_.value)
    last = min(float(track.t[-1]), zero + aircraft.to.value)
    if last <= first:
        return None
    times = np.linspace(first, last, max(2, int(20.0 * (last - first))))
    distance, t, place = math.inf, first, track.position[0]
    for _ in range(ROUNDS):
        places = resample(track, times)
        away = np.linalg.norm(places - aircraft_position(aircraft, times - zero, run, scenario), axis=1)
        away = away - _reach(run, scenario, body, times)
        k = int(np.argmin(away))
        distance, t, place = float(away[k]), float(times[k]), places[k]
        times = np.linspace(times[max(k - 1, 0)], times[min(k + 1, len(times) - 1)], POINTS)
    row = int(np.clip(np.searchsorted(track.t, t), 0, len(track.t) - 1))
    at = tuple(float(x) for x in place)
    return Nearest(distance, t, at, str(track.phase[row]), aircraft.name)  # type: ignore[arg-type]


def nearest_people(run: Run, scenario: Scenario, people: People) -> Nearest | None:
    """Return the smallest distance on the map from what comes down without a parachute to people's circle.

    Args:
        run: What happened.
        scenario: Gives its extent.
        people: In a circle, at times after takeoff or exit.

    Returns:
        None if it did not come down, or nobody is there while it moves.
    """
    zero, contact = zero_time(run), run.event("motorcycle contact") or run.event("contact")
    if zero is None or contact is None:
        return None
    first, last = max(contact.t, zero + people.from_.value), zero + people.to.value
    there = circle(people, people.kind, scenario)
    reach = there.radius + flown(run, scenario, f"{contact.body}.radius")

    def away(track: Track) -> np.ndarray:
        return np.linalg.norm(track.position[:, :2] - np.array([there.east, there.north]), axis=1) - reach

    at = smallest(run.tracks[contact.body], away, lambda track: (track.t >= first) & (track.t <= last))
    return None if at is None else _nearest(at, 0, float(away(at)[0]), people.name)


def _reach(run: Run, scenario: Scenario, body: str, times: np.ndarray) -> np.ndarray:
    """Return how far a body's extent reaches from its centre of mass, `(n,)` [m]."""
    if body != "performer":
        return np.full(len(times), flown(run, scenario, f"{body}.radius"))
    own = flown(run, scenario, "performer.radius")
    canopy = flown(run, scenario, "rig.line_length") + flown(run, scenario, "rig.canopy_radius")
    stretched = run.event("line stretch")
    opened = np.inf if stretched is None else stretched.t
    return np.where(times >= opened, max(own, canopy), own)


def _nearest(track: Track, row: int, distance: float, to: str) -> Nearest:
    east, north, up = (float(x) for x in track.position[row])
    return Nearest(distance, float(track.t[row]), (east, north, up), str(track.phase[row]), to)
