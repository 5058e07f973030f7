"""Until where a run-up can still be stopped before the lip."""

import math
from typing import NamedTuple

import numpy as np

from precipice.earth import GRAVITY
from precipice.report.between import lagrange_weights
from precipice.report.scene import flown, ramp_shape
from precipice.scenario.scenario import Scenario
from precipice.simulation.run import Run

HALVINGS = 50
"""Of the interval in which what is left to stop becomes nothing: down to rounding."""


class LatestAbort(NamedTuple):
    """The last moment for a call.

    Attributes:
        station: Of the front wheel, from the start [m].
        t: From the start [s].
        always: Whether a stop was possible all along the run-up; then both are its end.
    """

    station: float
    t: float
    always: bool


def latest_abort(run: Run, scenario: Scenario) -> LatestAbort | None:
    """Return the last station at which a call still stops the motorcycle before the lip.

    Along the flown speeds: the rider accelerates on for the call's delay, then brakes as hard as the
    worst surface between there and the lip allows. Rolling drag, air and the ramp's rise would help
    and are left out.

    Args:
        run: What happened; after its own brakes came on it says nothing more.
        scenario: Gives surfaces and ramp.

    Returns:
        None where there is no run-up, or the run ended on it while a stop was still possible.
    """
    if scenario.run_up is None or scenario.ramp is None:
        return None
    track = run.performer
    rows = (track.phase == "run-up") & (track.t < run.numbers.get("brake_time", math.inf))
    if np.count_nonzero(rows) < 2:
        return None
    station = np.linalg.norm((track.position - track.position[0])[rows, :2], axis=1)
    speed = np.linalg.norm(track.velocity[rows], axis=1)
    acceleration = np.maximum(track.control[rows, 0], 0.0)
    # The same all along a surface: looking it up costs more than the rest.
    starts = [
        flown(run, scenario, f"run_up.surface.{k}.from") for k in range(1, len(scenario.run_up.surface))
    ]
    _, first, surface = np.unique(
        np.searchsorted(starts, station, side="right"), return_index=True, return_inverse=True
    )
    slowing = np.array([deceleration(run, scenario, float(s)) for s in station[first]])[surface]
    delay = flown(run, scenario, "plan.gate.call_delay")
    build_up = flown(run, scenario, "performer.brake_build_up")
    needed = stopping_distance(speed, slowing, delay, build_up, acceleration)
    left = flown(run, scenario, "run_up.length") + _ramp_length(run, scenario) - station - needed
    times = track.t[rows]
    short = np.flatnonzero(left < 0.0)
    if not short.size and run.event("ramp foot") is None:
        return None
    if not short.size:
        return LatestAbort(float(station[-1]), float(times[-1]), always=True)
    k = int(short[0])
    if k == 0:
        return LatestAbort(float(station[0]), float(times[0]), always=False)
    return LatestAbort(*_root(times, left, station, surface, k), always=False)


def _root(
    times: np.ndarray, left: np.ndarray, station: np.ndarray, surface: np.ndarray, row: int
) -> tuple[float, float]:
    """Return station [m] and time [s] at which what is left is zero, just before a row.

    By the polynomial through the two steps on either side that lie on one surface; a straight line errs by
    half a millimetre, and by what steps were flown.

    Args:
        times: Of the steps, `(n,)` [s].
        left: Falls below zero at the row, `(n,)` [m].
        station: `(n,)` [m].
        surface: Index, `(n,)`.
        row: The first one below zero.
    """
    near = np.arange(max(row - 2, 0), min(row + 2, len(times)))
    near = near[(surface[near] == surface[row - 1]) & (np.diff(times, prepend=-1.0)[near] > 0.0)]
    if surface[row] != surface[row - 1] or row not in near or row - 1 not in near:
        near = np.array([row - 1, row])
    low, high = float(times[row - 1]), float(times[row])
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        below = lagrange_weights(times[near], np.array([middle])) @ left[near] <= 0.0
        low, high = (low, middle) if below[0] else (middle, high)
    return float((lagrange_weights(times[near], np.array([high])) @ station[near])[0]), high


def stopping_distance(
    speed: np.ndarray, deceleration: np.ndarray, reaction: float, build_up: float, acceleration: np.ndarray
) -> np.ndarray:
    """Return the distances from a call to standstill, `(n,)` [m].

    The same as `precipice.phases.traction.stopping_distance`, on plain arrays: importing the phases
    would cost every flight a quarter of a second. Tied to it by a test.

    Args:
        speed: At the call, `(n,)` [m/s].
        deceleration: Full, `(n,)` [m/s^2].
        reaction: Still accelerating [s].
        build_up: Of the brakes [s].
        acceleration: During the reaction, `(n,)` [m/s^2].
    """
    at_brakes = speed + acceleration * reaction
    rolled = speed * reaction + 0.5 * acceleration * reaction**2
    rolled = rolled + at_brakes * build_up - deceleration * build_up**2 / 6.0
    at_full = np.maximum(at_brakes - 0.5 * deceleration * build_up, 0.0)
    return rolled + 0.5 * at_full**2 / deceleration


def brake_deceleration(
    wheelbase: float,
    rear_axle_to_cg: float,
    cg_height: float,
    friction: float,
    load: float,
    efficiency: float,
) -> float:
    """Return the deceleration that a rider gets from both brakes [m/s^2].

    The same as `precipice.phases.traction.brake_deceleration`, tied to it by a test.

    Args:
        wheelbase: [m].
        rear_axle_to_cg: With the rider [m].
        cg_height: With the rider [m].
        friction: Tyre on surface [-].
        load: Normal acceleration [m/s^2].
        efficiency: Part of the friction that the rider uses [-].

    Source: friction of both tyres, capped where the rear wheel lifts.
    """
    return min(efficiency * friction * load, load * (wheelbase - rear_axle_to_cg) / cg_height)


def deceleration(run: Run, scenario: Scenario, station: float) -> float:
    """Return the deceleration on the worst surface from a station to the lip [m/s^2].

    Args:
        run: Its drawn values win.
        scenario: Gives surfaces and ramp.
        station: Of the front wheel, from the start [m].
    """
    slope = flown(run, scenario, "site.cliff.plateau_slope") - flown(run, scenario, "run_up.slope")
    what = "vehicle" if scenario.vehicle is not None else "motorcycle"
    braking = brake_deceleration(
        flown(run, scenario, f"{what}.wheelbase", 1.485),
        flown(run, scenario, f"{what}.rear_axle_to_cg", 0.7),
        flown(run, scenario, f"{what}.cg_height", 0.86),
        _worst_friction(run, scenario, station),
        GRAVITY * math.cos(slope),
        flown(run, scenario, "performer.braking_efficiency", 0.7),
    )
    return max(braking + GRAVITY * math.sin(slope), 0.1)


def _worst_friction(run: Run, scenario: Scenario, station: float) -> float:
    assert scenario.run_up is not None
    surfaces = range(len(scenario.run_up.surface))
    starts = [flown(run, scenario, f"run_up.surface.{k}.from") for k in surfaces] + [math.inf]
    ahead = [k for k in surfaces if starts[k + 1] > station]
    frictions = [flown(run, scenario, f"run_up.surface.{k}.friction") for k in ahead]
    return min([*frictions, flown(run, scenario, "ramp.friction", 0.7)])


def _ramp_length(run: Run, scenario: Scenario) -> float:
    shape = ramp_shape(run, scenario)
    return float(np.sum(np.hypot(*np.diff(shape, axis=0).T)))
