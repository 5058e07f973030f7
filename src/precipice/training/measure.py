"""Numbers of a jump that a stunt depends on, each with its standard deviation, from a log and its events."""

import numpy as np

from precipice.earth import GRAVITY, local_to_geodetic
from precipice.training.air import UNKNOWN_WIND
from precipice.training.canopy_flight import measure_canopy
from precipice.training.fall import measure_fall
from precipice.training.jump import Jump
from precipice.training.log import TrainingLog
from precipice.training.number import Numbers, rows_between
from precipice.training.smooth import Smoothed

MEASURED = 5
"""Version of these measures: a logbook made by another is read anew."""
SERIES_RATE, SERIES_BEFORE, SERIES_AFTER = 10.0, 4.0, 7.0
"""Of the kept sink around an opening: rows in a second, seconds before and after its onset."""
FLARE_ERROR = 0.8
"""Of the sink at touchdown [m/s]: it changes by more within the receiver's steps; seen on synthetic jumps."""
PLACE_ERROR = 3.0
"""Of a place [m] where the receiver states none."""


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
    under_canopy, wind = measure_canopy(log, smoothed, jump)
    found |= under_canopy
    found |= measure_fall(log, smoothed, jump, wind or UNKNOWN_WIND)
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


def _opening(log: TrainingLog, smoothed: Smoothed, jump: Jump) -> Numbers:
    if "opening_onset" not in jump.events or "opening_peak" not in jump.events:
        return {}
    onset, peak = jump.events["opening_onset"].time, jump.events["opening_peak"].time
    found: Numbers = {}
    rows = rows_between(smoothed, onset - 1.0, peak + 1.5)
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


def _landing(log: TrainingLog, smoothed: Smoothed, jump: Jump) -> Numbers:
    if "landing" not in jump.events:
        return {}
    t = jump.events["landing"].time
    found: Numbers = {}
    rows = rows_between(smoothed, t - 1.0, t - 0.2)
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
    rows = rows_between(smoothed, lip + 0.3 * (landing - lip), landing - 0.15)
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
