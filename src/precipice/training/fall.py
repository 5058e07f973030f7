"""What a freefall shows of a body: drag and lift area over mass, and the steady glide that they give."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from precipice.earth import GRAVITY
from precipice.training.air import SEA_LEVEL, Wind, standard_density
from precipice.training.jump import Jump
from precipice.training.log import TrainingLog
from precipice.training.number import Numbers, median_of, rows_between
from precipice.training.smooth import Smoothed

SETTLED = 6.0
"""Seconds of fall before a body is measured: posture is not yet taken and Doppler is late."""
BEFORE_OPENING = 2.0
"""Seconds before the opening in which hands go for the handle."""
SHORTEST = 3.0
"""Seconds of fall that are measured, at least."""
SLOWEST = 10.0
"""Airspeed [m/s] below which a force is small against its error."""
FLYING = 0.35
"""Level airspeed over sink from where on a body flies, so that its sink is no terminal speed."""
ALOFT = 5.0
"""By which wind in the fall differs from wind under the canopy, each component [m/s]; assumed."""
WITH_WIND_ALOFT = ("fall_glide", "drag_ratio", "lift_ratio", "glide_speed", "glide_sink", "terminal_speed")
"""Numbers whose stated error is mostly the wind's, which jumps of a day may share."""
SPEED_ERROR = 0.15
"""Of a mean velocity [m/s] where the receiver states none."""


class _Fall(NamedTuple):
    time: Float[np.ndarray, " n"]
    force: Float[np.ndarray, "n 3"]
    velocity: Float[np.ndarray, "n 3"]
    density: Float[np.ndarray, " n"]


def measure_fall(log: TrainingLog, smoothed: Smoothed, jump: Jump, wind: Wind) -> Numbers:
    """Return what a fall shows of the body, each with its standard deviation.

    Forces are taken along and across the velocity through the air, so that neither need be steady.

    Args:
        log: Holds the jump.
        smoothed: Its track.
        jump: With exit and opening, or nothing is returned.
        wind: Under its canopy. Aloft it is another: that is most of the lift's error, as it is the same in
            jumps of one day.

    Returns:
        `fall_sink` [m/s]; `drag_ratio`, `lift_ratio`: areas over mass [m²/kg]; `fall_glide`: level airspeed
        over sink; for a body that flies `glide_speed`, `glide_sink`: of its steady glide at sea level [m/s];
        for one that does not `terminal_speed`, the same for its drag alone [m/s].
    """
    if "exit" not in jump.events or "opening_onset" not in jump.events:
        return {}
    first, last = jump.events["exit"].time + SETTLED, jump.events["opening_onset"].time - BEFORE_OPENING
    rows = rows_between(smoothed, first, last)
    if len(rows) < 10 or smoothed.time[rows[-1]] - smoothed.time[rows[0]] < SHORTEST:
        return {}
    sink = -smoothed.velocity[rows, 2]
    found: Numbers = {"fall_sink": (float(np.median(sink)), SPEED_ERROR)}
    velocity = np.nan_to_num(smoothed.velocity[rows]) - np.append(wind.velocity, 0.0)
    if np.min(np.linalg.norm(velocity, axis=1)) < SLOWEST:
        return found
    fall = _Fall(
        smoothed.time[rows],
        np.nan_to_num(smoothed.acceleration[rows]) + np.array([0.0, 0.0, GRAVITY]),
        velocity,
        standard_density(log.origin[2] + smoothed.position[rows, 2]),
    )
    return found | _body(fall, float(np.hypot(ALOFT, wind.deviation)))


def _body(fall: _Fall, wind_error: float) -> Numbers:
    lift, drag = _ratios(fall)
    along = _along(fall.velocity)
    level = np.hypot(fall.velocity[:, 0], fall.velocity[:, 1])
    glide = float(np.median(level / np.maximum(-fall.velocity[:, 2], 1.0)))
    found = {
        "lift_ratio": median_of(lift, fall.time),
        "drag_ratio": median_of(drag, fall.time),
        "fall_glide": (glide, 0.0),
    }
    if glide > FLYING:
        found |= _glide(*(found[name] for name in ("lift_ratio", "drag_ratio")))
    # The same again in other winds, against and with the way that is flown.
    ends: list[Numbers] = []
    for sign in (-1.0, 1.0):
        moved = fall._replace(velocity=fall.velocity + sign * wind_error * along)
        lift, drag = _ratios(moved)
        other = {"lift_ratio": median_of(lift, fall.time), "drag_ratio": median_of(drag, fall.time)}
        speed = np.sum(moved.velocity * along, axis=1)
        other["fall_glide"] = (float(np.median(speed / np.maximum(-moved.velocity[:, 2], 1.0))), 0.0)
        ends.append(other | (_glide(other["lift_ratio"], other["drag_ratio"]) if glide > FLYING else {}))
    for name, (value, deviation) in found.items():
        off = 0.5 * abs(ends[1][name][0] - ends[0][name][0])
        found[name] = (value, float(np.hypot(deviation, off)))
    if glide <= FLYING and found["drag_ratio"][0] > 0.0:
        drag_ratio, error = found["drag_ratio"]
        terminal = (2.0 * GRAVITY / (SEA_LEVEL * drag_ratio)) ** 0.5
        found["terminal_speed"] = (terminal, 0.5 * terminal * error / drag_ratio)
    return found


def _along(velocity: np.ndarray) -> np.ndarray:
    """Return the level direction of each row, `(n, 3)`."""
    level = velocity * np.array([1.0, 1.0, 0.0])
    return level / np.maximum(np.linalg.norm(level, axis=1, keepdims=True), 1e-9)


def _ratios(fall: _Fall) -> tuple[np.ndarray, np.ndarray]:
    """Return lift and drag area over mass at each row, each `(n,)` [m²/kg].

    Lift is across the velocity in its vertical plane, positive upwards and ahead.
    """
    speed = np.linalg.norm(fall.velocity, axis=1)
    ahead = fall.velocity / speed[:, None]
    along = _along(fall.velocity)
    # Ahead turned up by a right angle in the plane of level way and vertical.
    upward = along * -ahead[:, 2:] + np.array([0.0, 0.0, 1.0]) * np.sum(ahead * along, axis=1)[:, None]
    dynamic = 0.5 * fall.density * speed**2
    return np.sum(fall.force * upward, axis=1) / dynamic, -np.sum(fall.force * ahead, axis=1) / dynamic


def _glide(lift: tuple[float, float], drag: tuple[float, float]) -> Numbers:
    """Return level speed and sink of a steady glide at sea level, with errors of lift and drag alone."""
    whole = float(np.hypot(lift[0], drag[0]))
    speed = (2.0 * GRAVITY / (SEA_LEVEL * max(whole, 1e-9))) ** 0.5
    share = float(np.hypot(lift[1], drag[1])) / max(whole, 1e-9)
    return {
        "glide_speed": (speed * lift[0] / whole, speed * share),
        "glide_sink": (speed * drag[0] / whole, speed * share),
    }
