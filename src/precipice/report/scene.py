"""Where a scenario's places are in one run, seen from the lip or the exit."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from precipice.scenario.kind import MAIN, RAMP
from precipice.scenario.presence import Aircraft, People
from precipice.scenario.scenario import Scenario
from precipice.scenario.site import Landing, Obstacle
from precipice.simulation.kind import KINDS
from precipice.simulation.run import Run
from precipice.simulation.track import Track
from precipice.world.arrange import altitude, place

OVERHANG, VALLEY_FLOOR = 1, 4
PIECES = ("the plateau", "the overhang", "the wall", "the talus", "the valley floor")
"""What the pieces of a cliff's cross-section are called, from the plateau outwards."""


class Circle(NamedTuple):
    """A place on the map.

    Attributes:
        name: What it is called.
        kind: What sort of place.
        east: Of its middle, from the lip [m].
        north: [m].
        radius: [m].
    """

    name: str
    kind: str
    east: float
    north: float
    radius: float


def value_of(run: Run, scenario: Scenario, path: str) -> float | None:
    """Return the number that was flown for a field, SI, or None where this stunt has no such field.

    Args:
        run: Its drawn values win.
        scenario: Gives the centre.
        path: Dotted, such as `plan.throw`.
    """
    found = run.values.get(path)
    return scenario.values().get(path) if found is None else found


def flown(run: Run, scenario: Scenario, path: str, otherwise: float = 0.0) -> float:
    """Return the number that was flown for a field, SI, or another one where there is no such field."""
    found = value_of(run, scenario, path)
    return otherwise if found is None else float(found)


def takeoff_time(run: Run) -> float | None:
    """Return when both wheels were past the lip [s], or None if they never were."""
    event = run.event("takeoff")
    return None if event is None else event.t


def zero_word(run: Run) -> str:
    """Return from what a person counts the seconds of a kind of stunt: "takeoff" or "exit"."""
    return KINDS[run.kind].zero


def zero_time(run: Run) -> float | None:
    """Return the time from which a person counts the seconds [s], or None if it never came."""
    event = run.event(zero_word(run))
    return None if event is None else event.t


def origin_word(run: Run) -> str:
    """Return what the origin of all places is called: "lip" or "exit"."""
    return "lip" if zero_word(run) == "takeoff" else "exit"


def low_word(run: Run) -> str:
    """Return what heights of events count from."""
    return "the ground at the lip" if run.kind in RAMP - MAIN else "the landing area"


def out_bearing(run: Run, scenario: Scenario) -> float:
    """Return the bearing of "out" [rad]: the cliff's facing, else that of run-up, exit or aircraft."""
    paths = ("site.cliff.face_azimuth", "run_up.azimuth", "exit.azimuth", "aircraft.heading")
    found = (value_of(run, scenario, path) for path in paths)
    return float(next((bearing for bearing in found if bearing is not None), 0.0))


def distance_out(run: Run, scenario: Scenario, position: Sequence[float] | np.ndarray) -> np.ndarray:
    """Return how far out from the lip places are, `(...)` [m].

    Args:
        run: Gives the facing that was flown.
        scenario: What was decided.
        position: East-north-up, `(..., 3)` [m].
    """
    bearing = out_bearing(run, scenario)
    at = np.asarray(position, float)
    return np.asarray(at[..., 0] * math.sin(bearing) + at[..., 1] * math.cos(bearing))


class Fastest(NamedTuple):
    """The greatest speed in freefall: `speed` [m/s], `t` [s], `altitude` above sea level [m]."""

    speed: float
    t: float
    altitude: float


def fastest_fall(run: Run) -> Fastest | None:
    """Return the greatest speed over the ground in freefall, or None without one."""
    track = run.performer
    rows = np.flatnonzero(track.phase == "freefall")
    if not rows.size:
        return None
    speed = np.linalg.norm(track.velocity[rows], axis=1)
    k = int(np.argmax(speed))
    row = rows[k]
    return Fastest(float(speed[k]), float(track.t[row]), float(track.position[row, 2]) + run.lip_altitude)


def areas(run: Run, scenario: Scenario) -> list[Circle]:
    """Return the landing area and its alternates, in the order of `numbers["landing_area"]`."""
    del run
    site = scenario.site
    kinds = ["landing area"] + ["alternate"] * len(site.alternate)
    found = [*([site.landing] if site.landing else []), *site.alternate]
    return [circle(item, kind, scenario) for item, kind in zip(found, kinds, strict=False)]


def circle(item: Landing | Obstacle | People, kind: str, scenario: Scenario) -> Circle:
    """Return a section with a place and a radius as a circle on the map."""
    east, north = place(item.position, scenario)
    return Circle(item.name, kind, float(east), float(north), item.radius.value)


def aircraft_position(aircraft: Aircraft, since: np.ndarray, run: Run, scenario: Scenario) -> np.ndarray:
    """Return where an aircraft is, `(n, 3)` [m] from the lip.

    Args:
        aircraft: As planned.
        since: Times after takeoff, `(n,)` [s].
        run: Gives the altitudes that were flown.
        scenario: What was decided.
    """
    east, north = place(aircraft.position, scenario)
    up = altitude(aircraft.position, run.lip_altitude, run.landing_altitude) - run.lip_altitude
    motion = aircraft.velocity
    bearing, speed = motion.bearing.value, motion.speed.value
    velocity = np.array([speed * math.sin(bearing), speed * math.cos(bearing), motion.climb.value])
    return np.array([east, north, up]) + since[:, None] * velocity


def resample(track: Track, times: np.ndarray) -> np.ndarray:
    """Return positions at times, `(n, 3)` [m]: cubic between the steps, held outside; see `Track.at`.

    Args:
        track: Of one body.
        times: `(n,)` [s].
    """
    times = np.clip(times, track.t[0], track.t[-1])
    k = np.clip(np.searchsorted(track.t, times, side="right") - 1, 0, len(track.t) - 2)
    width = track.t[k + 1] - track.t[k]
    s = ((times - track.t[k]) / np.where(width > 0.0, width, 1.0))[:, None]
    a, step = track.position[k], track.position[k + 1] - track.position[k]
    u, v = width[:, None] * track.velocity[k], width[:, None] * track.velocity[k + 1]
    return a + s * step + s * (1.0 - s) * ((u - step) * (1.0 - s) + (step - v) * s)


def ground_height(track: Track, t: float, phase: str | None = None) -> float:
    """Return the height above the rock straight below at a time [m], from the nearest step.

    Args:
        track: Of one body.
        t: [s].
        phase: Only steps of this phase count, where it has any.
    """
    return float(track.height[row_at(track, t, phase)])


def row_at(track: Track, t: float, phase: str | None = None) -> int:
    """Return the last of the steps nearest to a time; see `ground_height`."""
    away = np.abs(track.t - t)
    if phase is not None and np.any(track.phase == phase):
        away = np.where(track.phase == phase, away, np.inf)
    return int(np.flatnonzero(away <= away.min() + 1e-9)[-1])


def nearest_piece(profile: np.ndarray, out: np.ndarray, up: np.ndarray) -> np.ndarray:
    """Return which piece of the cliff is nearest to points of its cross-section, `(n,)`, as an index.

    Args:
        profile: Corners, `(m, 2)` [m].
        out: Distance out from the lip, `(n,)` [m].
        up: Height above the lip, `(n,)` [m].
    """
    starts, along = profile[:-1], np.diff(profile, axis=0)
    away = np.stack([out, up], axis=1)[:, None] - starts
    squared = np.maximum(np.sum(along * along, axis=1), 1e-12)
    share = np.clip(np.sum(away * along, axis=2) / squared, 0.0, 1.0)
    return np.argmin(np.linalg.norm(away - share[..., None] * along, axis=2), axis=1)


def is_parametric(profile: np.ndarray | None) -> bool:
    """Return whether a cross-section is the parametric cliff's, whose pieces have names."""
    return profile is not None and len(profile) == len(PIECES) + 1


def piece_name(profile: np.ndarray, piece: int) -> str:
    """Return what a piece of a cross-section is called; rock that does not lie back is no overhang."""
    if len(profile) == len(PIECES) + 1 and piece == OVERHANG and profile[2, 0] >= profile[1, 0]:
        return "the wall"
    return PIECES[piece] if len(profile) == len(PIECES) + 1 else "the ground"


def surface_outline(run: Run, scenario: Scenario) -> np.ndarray | None:
    """Return the corners of a ramp-jump's landing surface on the map, `(4, 2)` [m]; None without one.

    Args:
        run: Its drawn values win.
        scenario: Gives the centre.
    """
    from precipice.world.landing_surface import landing_points

    written = scenario.landing_surface
    if written is None:
        return None
    if written.shape == "file":
        if run.profile is None:
            return None
        ends = (0.0, float(run.profile[-2, 0]))
    else:
        points = landing_points(written, {**scenario.values(), **run.values})
        ends = (float(points[0, 0]), float(points[-1, 0]))
    bearing, half = out_bearing(run, scenario), 0.5 * flown(run, scenario, "landing_surface.width")
    ahead = np.array([math.sin(bearing), math.cos(bearing)])
    right = np.array([ahead[1], -ahead[0]])
    corners = ((ends[0], -half), (ends[1], -half), (ends[1], half), (ends[0], half))
    return np.array([out * ahead + aside * right for out, aside in corners])


def ramp_shape(run: Run, scenario: Scenario, count: int = 64) -> np.ndarray:
    """Return the ramp's surface from its foot to the lip, `(n, 2)` [m]: forward and up from the lip.

    Args:
        run: Gives the sizes that were flown.
        scenario: Gives the profile.
        count: Points along the curve.

    Source: the curves of precipice.world.ramp, integrated along their path angle.
    """
    assert scenario.ramp is not None
    radius, angle = flown(run, scenario, "ramp.radius", 30.0), flown(run, scenario, "ramp.lip_angle")
    straight = flown(run, scenario, "ramp.straight")
    share = np.linspace(0.0, 1.0, count)
    if scenario.ramp.profile == "parabolic":
        x = share * radius * math.tan(angle)
        curve = np.stack([x, 0.5 * x**2 / radius], axis=1)
    else:
        power = 2.0 if scenario.ramp.profile == "clothoid" else 1.0
        bend = {"circular": radius, "clothoid": 2.0 * radius, "straight": 3.0}[scenario.ramp.profile]
        middle = 0.5 * (share[1:] + share[:-1])
        slope, step = angle * middle**power, bend * angle / (count - 1)
        moves = step * np.stack([np.cos(slope), np.sin(slope)], axis=1)
        curve = np.concatenate([np.zeros((1, 2)), np.cumsum(moves, axis=0)])
    end = curve[-1] + straight * np.array([math.cos(angle), math.sin(angle)])
    return np.concatenate([curve, end[None]]) - end
