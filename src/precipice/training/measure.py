"""Numbers of a jump that a stunt depends on, each with its standard deviation, from a log and its events."""

import numpy as np

from precipice.earth import GRAVITY, local_to_geodetic
from precipice.training.air import circle_of_velocities, standard_density
from precipice.training.jump import Jump
from precipice.training.log import TrainingLog
from precipice.training.smooth import Smoothed

Numbers = dict[str, tuple[float, float]]
"""By name: value and standard deviation, SI."""

MEASURED = 2
"""Version of these measures: a logbook made by another is read anew."""
SETTLED = 6.0
"""Seconds of fall before drag is measured: posture is not yet taken and Doppler is late."""
TRACKING = 0.35
"""Level speed over sink from where on a body flies, so that its sink says nothing about its drag area."""
SERIES_RATE, SERIES_BEFORE, SERIES_AFTER = 10.0, 4.0, 7.0
"""Of the kept sink around an opening: rows in a second, seconds before and after its onset."""
FLARE_ERROR = 0.8
"""Of the sink at touchdown [m/s]: it changes by more within the receiver's steps; seen on synthetic jumps."""
PLACE_ERROR, SPEED_ERROR = 3.0, 0.15
"""Of a place [m] and of a mean velocity [m/s] where the receiver states none."""


def measure(log: TrainingLog, smoothed: Smoothed, jump: Jump) -> tuple[Numbers, np.ndarray | None]:
    """Return the numbers of a jump and, for an opening, the sink around it.

    Args:
        log: Holds the jump.
        smoothed: Its track.
        jump: With its events.

    Returns:
        Numbers by name; sink at `SERIES_RATE`, `(n,)` [m/s], None without an opening.
    """
    found: Numbers = dict(jump.numbers)
    found |= _durations(jump)
    found |= _opening(log, smoothed, jump)
    found |= _canopy(smoothed, jump)
    wind = np.array([found[name][0] if name in found else 0.0 for name in ("wind_east", "wind_north")])
    found |= _fall(log, smoothed, jump, wind)
    found |= _landing(log, smoothed, jump)
    return {name: pair for name, pair in found.items() if np.isfinite(pair[0])}, _series(smoothed, jump)


def _durations(jump: Jump) -> Numbers:
    spans = {
        "delay": ("exit", "opening_onset"),
        "canopy_time": ("opening_peak", "landing"),
        "airtime": ("lip", "landing"),
    }
    found: Numbers = {}
    for name, (first, last) in spans.items():
        if first in jump.events and last in jump.events and name not in jump.numbers:
            a, b = jump.events[first], jump.events[last]
            found[name] = (b.time - a.time, float(np.hypot(a.deviation, b.deviation)))
    return found


def _rows(smoothed: Smoothed, first: float, last: float) -> np.ndarray:
    return np.flatnonzero((smoothed.time >= first) & (smoothed.time <= last))


def _fall(log: TrainingLog, smoothed: Smoothed, jump: Jump, wind: np.ndarray) -> Numbers:
    """Return drag area over mass of a body that falls, and the speed that it would reach at sea level.

    The force against the air's velocity counts: what holds a body up by its lift is no drag. Wind is the
    canopy's, lower down: 5 m/s more aloft make drag 1 % wrong.
    """
    if "exit" not in jump.events or "opening_onset" not in jump.events:
        return {}
    rows = _rows(smoothed, jump.events["exit"].time + SETTLED, jump.events["opening_onset"].time - 2.0)
    if len(rows) < 10 or smoothed.time[rows[-1]] - smoothed.time[rows[0]] < 3.0:
        return {}
    sink = -smoothed.velocity[rows, 2]
    air = np.nan_to_num(smoothed.velocity[rows] - np.append(wind, 0.0))
    level = np.hypot(air[:, 0], air[:, 1])
    density = standard_density(log.origin[2] + smoothed.position[rows, 2])
    found: Numbers = {"fall_sink": (float(np.median(sink)), SPEED_ERROR)}
    if np.median(level) > TRACKING * np.median(sink) or np.min(sink) < 10.0:
        return found
    force = np.nan_to_num(smoothed.acceleration[rows]) + np.array([0.0, 0.0, GRAVITY])
    ratio = -2.0 * np.sum(force * air, axis=1) / (density * np.linalg.norm(air, axis=1) ** 3)
    drag, error = _median(ratio, smoothed.time[rows])
    found["drag_ratio"] = (drag, error)
    terminal = float(np.sqrt(2.0 * GRAVITY / (1.225 * drag))) if drag > 0.0 else np.nan
    found["terminal_speed"] = (terminal, 0.5 * terminal * error / max(drag, 1e-9))
    return found


def _median(values: np.ndarray, time: np.ndarray) -> tuple[float, float]:
    """Return the median, and its standard deviation for rows that forget each other in two seconds."""
    middle = float(np.median(values))
    spread = 1.4826 * float(np.median(np.abs(values - middle)))
    return middle, 1.2533 * spread / max((time[-1] - time[0]) / 2.0, 1.0) ** 0.5


def _opening(log: TrainingLog, smoothed: Smoothed, jump: Jump) -> Numbers:
    if "opening_onset" not in jump.events or "opening_peak" not in jump.events:
        return {}
    onset, peak = jump.events["opening_onset"].time, jump.events["opening_peak"].time
    found: Numbers = {}
    rows = _rows(smoothed, onset - 1.0, peak + 1.5)
    if len(rows):
        force = smoothed.acceleration[rows] + np.array([0.0, 0.0, GRAVITY])
        found["opening_load_gnss"] = (float(np.max(np.linalg.norm(np.nan_to_num(force), axis=1))), 3.0)
    if log.inertial is not None:
        inside = (log.inertial.time > onset - 1.0) & (log.inertial.time < peak + 1.5)
        if np.sum(inside) > 20:
            force = np.linalg.norm(log.inertial.force_body[inside], axis=1)
            # The rise of an opening takes tenths of a second: one row alone is a knock.
            three = np.minimum(np.minimum(force[:-2], force[1:-1]), force[2:])
            found["opening_load"] = (float(np.max(three)), 0.5)
    height = _height(smoothed, onset)
    if "canopy" in jump.events:
        low = _height(smoothed, jump.events["canopy"].time)
        found["opening_loss"] = (height - low, 5.0)
    if "landing" in jump.events:
        ground = _height(smoothed, jump.events["landing"].time)
        steep = jump.events["opening_onset"].deviation * max(-_velocity(smoothed, onset)[2], 1.0)
        found["opening_height"] = (height - ground, float(np.hypot(PLACE_ERROR, steep)))
        if "canopy" in jump.events:
            low = _height(smoothed, jump.events["canopy"].time)
            found["canopy_height"] = (low - ground, float(np.hypot(PLACE_ERROR, 8.0)))
    return found


def _height(smoothed: Smoothed, time: float) -> float:
    return float(np.interp(time, smoothed.time, smoothed.position[:, 2]))


def _velocity(smoothed: Smoothed, time: float) -> np.ndarray:
    return np.array([np.interp(time, smoothed.time, smoothed.velocity[:, k]) for k in range(3)])


def _canopy(smoothed: Smoothed, jump: Jump) -> Numbers:
    if "canopy" not in jump.events or "landing" not in jump.events:
        return {}
    rows = _rows(smoothed, jump.events["canopy"].time + 5.0, jump.events["landing"].time - 20.0)
    if len(rows) < 50:
        return {}
    found: Numbers = {"canopy_sink": _median(-smoothed.velocity[rows, 2], smoothed.time[rows])}
    circle = circle_of_velocities(np.asarray(smoothed.velocity[rows, :2]))
    if circle is not None:
        wind, speed, off = circle
        # Toggles change the airspeed, and with the wind in one direction only: twice the distance from the
        # circle is how far synthetic canopies of known wind were off.
        error = max(2.0 * off, SPEED_ERROR)
        found["wind_east"], found["wind_north"] = (float(wind[0]), error), (float(wind[1]), error)
        found["wind_speed"] = (float(np.hypot(*wind)), error)
        found["canopy_speed"] = (speed, error)
    return found


def _landing(log: TrainingLog, smoothed: Smoothed, jump: Jump) -> Numbers:
    if "landing" not in jump.events:
        return {}
    t = jump.events["landing"].time
    found: Numbers = {}
    rows = _rows(smoothed, t - 1.0, t - 0.2)
    if "lip" in jump.events:
        found |= _ballistic_landing(smoothed, jump.events["lip"].time, t)
    elif len(rows):
        sink = -smoothed.velocity[rows, 2]
        found["landing_sink"] = (float(np.median(sink)), max(FLARE_ERROR, float(np.std(sink))))
        level = np.hypot(smoothed.velocity[rows, 0], smoothed.velocity[rows, 1])
        found["landing_speed"] = (float(np.median(level)), max(0.3, float(np.std(level))))
    if all(np.isfinite(log.origin)) and np.isfinite(smoothed.position[:, 0]).all():
        here = np.array([[np.interp(t, smoothed.time, smoothed.position[:, k]) for k in range(3)]])
        latitude, longitude, altitude = (float(x) for x in local_to_geodetic(here, log.origin)[0])
        found["landing_latitude"] = (latitude, PLACE_ERROR / 6.4e6)
        found["landing_longitude"] = (longitude, PLACE_ERROR / (6.4e6 * np.cos(latitude)))
        found["landing_altitude"] = (altitude, PLACE_ERROR)
    return found


def _ballistic_landing(smoothed: Smoothed, lip: float, landing: float) -> Numbers:
    """Return sink and level speed at the touchdown of a vehicle, from its free flight before it."""
    rows = _rows(smoothed, lip + 0.3 * (landing - lip), landing - 0.15)
    if len(rows) < 3:
        return {}
    left = landing - smoothed.time[rows]
    sink = -smoothed.velocity[rows, 2] + GRAVITY * left
    level = np.hypot(smoothed.velocity[rows, 0], smoothed.velocity[rows, 1])
    return {
        "landing_sink": (float(np.median(sink)), max(0.3, float(np.std(sink)))),
        "landing_speed": (float(np.median(level)), max(0.2, float(np.std(level)))),
    }


def _series(smoothed: Smoothed, jump: Jump) -> np.ndarray | None:
    if "opening_onset" not in jump.events:
        return None
    onset = jump.events["opening_onset"].time
    at = onset + np.arange(-SERIES_BEFORE, SERIES_AFTER + 1e-9, 1.0 / SERIES_RATE)
    if at[0] < smoothed.time[0] or at[-1] > smoothed.time[-1]:
        return None
    return np.interp(at, smoothed.time, -smoothed.velocity[:, 2])
