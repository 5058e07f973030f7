"""What canopy flight shows: the wind, and lift and drag of canopy, lines and jumper together."""

import numpy as np

from precipice.earth import GRAVITY
from precipice.training.air import Wind, circle_of_velocities, standard_density
from precipice.training.jump import Jump
from precipice.training.log import TrainingLog
from precipice.training.number import Numbers, median_of, rows_between
from precipice.training.smooth import Smoothed

PATTERN = 300.0
"""Height above the landing [m] above which toggles are mostly up: landing patterns begin at 1,000 ft."""
OPEN, FLARE = 5.0, 20.0
"""Seconds after the opening and before the landing that are left out."""
CALM = 2.5
"""Level acceleration [m/s²] up to which the airspeed is that of straight flight: a bank of 14 degrees."""
GENTLE = 0.2
"""Turn rate [rad/s] below which toggles are hardly down: full ones give 1 to 1.6."""
STEADY = 1.0
"""Change of the airspeed [m/s²] below which the canopy flies steadily."""
LEAST = 8.0
"""Seconds of gentle, steady flight, at least."""
SPEED_ERROR = 0.15
"""Of a mean velocity [m/s] where the receiver states none."""


def measure_canopy(log: TrainingLog, smoothed: Smoothed, jump: Jump) -> tuple[Numbers, Wind | None]:
    """Return what the flight under a canopy shows, each with its standard deviation, and the wind.

    Args:
        log: Holds the jump.
        smoothed: Its track.
        jump: With canopy and landing, or nothing is returned.

    Returns:
        `canopy_sink` [m/s]; where headings go round the clock `wind_east`, `wind_north`, `wind_speed`,
        `canopy_speed` (level, through the air) [m/s], and `canopy_lift_ratio`, `canopy_drag_ratio`: areas
        over mass [m²/kg], `canopy_glide`: one over the other; and the wind, None where it is not known.
    """
    if "canopy" not in jump.events or "landing" not in jump.events:
        return {}, None
    landing = jump.events["landing"].time
    rows = rows_between(smoothed, jump.events["canopy"].time + OPEN, landing - FLARE)
    if len(rows) < 50:
        return {}, None
    found: Numbers = {"canopy_sink": median_of(-smoothed.velocity[rows, 2], smoothed.time[rows])}
    ground = float(np.interp(landing, smoothed.time, smoothed.position[:, 2]))
    high = smoothed.position[rows, 2] - ground > PATTERN
    calm = np.hypot(smoothed.acceleration[rows, 0], smoothed.acceleration[rows, 1]) < CALM
    circle = None
    for chosen in (rows[high & calm], rows[calm], rows):
        circle = circle_of_velocities(np.asarray(smoothed.velocity[chosen, :2]))
        if circle is not None:
            rows = chosen
            break
    if circle is None:
        return found, None
    velocity, speed, off = circle
    # Toggles change the airspeed, and with the wind in one direction only: twice the distance from the
    # circle is how far synthetic canopies of known wind were off.
    error = max(2.0 * off, SPEED_ERROR)
    found["wind_east"], found["wind_north"] = (float(velocity[0]), error), (float(velocity[1]), error)
    found["wind_speed"] = (float(np.hypot(*velocity)), error)
    found["canopy_speed"] = (speed, error)
    wind = Wind(velocity, error)
    return found | _polar(log, smoothed, rows, wind), wind


def _polar(log: TrainingLog, smoothed: Smoothed, rows: np.ndarray, wind: Wind) -> Numbers:
    """Return lift and drag area over mass from gentle, steady flight.

    Forces along and across the velocity through the air: a bank tilts the lift, and does not change it.
    """
    velocity = smoothed.velocity[rows] - np.append(wind.velocity, 0.0)
    acceleration = smoothed.acceleration[rows]
    speed = np.linalg.norm(velocity, axis=1)
    level = np.maximum(np.hypot(velocity[:, 0], velocity[:, 1]), 1.0)
    turn = (velocity[:, 0] * acceleration[:, 1] - velocity[:, 1] * acceleration[:, 0]) / level**2
    change = np.sum(velocity * acceleration, axis=1) / np.maximum(speed, 1.0)
    calm = (np.abs(turn) < GENTLE) & (np.abs(change) < STEADY) & (speed > 3.0)
    step = float(np.median(np.diff(smoothed.time[rows])))
    if np.sum(calm) * step < LEAST:
        return {}
    ahead, at = velocity[calm] / speed[calm, None], smoothed.time[rows][calm]
    force = acceleration[calm] + np.array([0.0, 0.0, GRAVITY])
    density = standard_density(log.origin[2] + smoothed.position[rows, 2][calm])
    dynamic = 0.5 * density * speed[calm] ** 2
    slowing = -np.sum(force * ahead, axis=1)
    across = np.linalg.norm(force + slowing[:, None] * ahead, axis=1)
    # A wrong wind makes one way faster and the other slower: it counts by how uneven the ways are.
    uneven = float(np.hypot(*np.mean(velocity[calm, :2] / level[calm, None], axis=0)))
    wrong = 2.0 * uneven * wind.deviation / float(np.median(speed))
    found: Numbers = {}
    for name, values in (("canopy_lift_ratio", across / dynamic), ("canopy_drag_ratio", slowing / dynamic)):
        value, deviation = median_of(values, at)
        found[name] = (value, float(np.hypot(deviation, wrong * value)))
    value, deviation = median_of(across / np.maximum(slowing, 0.1), at)
    found["canopy_glide"] = (value, float(np.hypot(deviation, 0.5 * wrong * value)))
    return found
