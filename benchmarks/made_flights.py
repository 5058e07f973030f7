"""Jumps whose truth is known, integrated here and by nothing of the package: a body, its drag and its lift.

A mass under gravity, drag against its motion through air and lift across it, in an even wind. A fall has the
coefficients of a belly flyer, a tracker or a wingsuit; an opening grows the drag to that of a cloth across
the flow, which then begins to fly; a canopy turns and flares. What a receiver makes of it is
`precipice.training.sensor`, whose numbers are real logs'.

Source: coefficients from terminal speeds and glide ratios, 50 to 80 m/s and 0.5 to 3 falling, 10 to 16 m/s
and 2 to 3 under a canopy (../shared/physics holds them with their sources).
"""

import math
from typing import NamedTuple

import numpy as np

from precipice.earth import GRAVITY
from precipice.training.true_motion import RATE, TrueMotion

STEP = 0.01
"""Of the integration [s]."""
FILLED, FLIES_IN = 5.5, 2.0
"""Steady sink [m/s] under a canopy that has filled and does not fly yet; seconds until it flies."""


class Body(NamedTuple):
    """A falling body.

    Attributes:
        speed: Through the air, steady [m/s].
        glide: Lift over drag.
    """

    speed: float
    glide: float

    def coefficients(self) -> tuple[float, float]:
        """Return drag and lift over mass and squared speed [1/m]."""
        whole = GRAVITY / self.speed**2
        drag = whole / math.hypot(1.0, self.glide)
        return drag, self.glide * drag


class Jump(NamedTuple):
    """What is done from the exit on.

    Attributes:
        velocity: At the exit, `(3,)` [m/s].
        height: Of the exit above the ground [m].
        body: In the fall.
        takes: Time constant in which the body takes its posture [s].
        delay: Exit to the beginning of the opening [s].
        fill: Of the opening [s].
        power: Of the growth of the drag area in time.
        canopy: Open.
        pull_up: Before the opening: seconds before it, load; None without.
        turns: Under the canopy: start after the opening [s], length [s], bank [rad].
        swoop: Whether the landing is dived at.
        flare: Share of the lift that the landing's flare adds.
        wind: `(2,)` [m/s].
    """

    velocity: tuple[float, float, float]
    height: float
    body: Body
    takes: float
    delay: float
    fill: float
    power: float
    canopy: Body
    pull_up: tuple[float, float] | None
    turns: tuple[tuple[float, float, float], ...]
    swoop: bool
    flare: float
    wind: tuple[float, float]


def fall(jump: Jump) -> tuple[np.ndarray, np.ndarray, dict[str, float]]:
    """Return position and velocity from exit to touchdown at `STEP`, `(n, 3)` each, and the events' times.

    Times are from the exit: `opening_peak`, the greatest load of the opening as 0.2 s see it, and `landing`.
    """
    drag0, lift0 = jump.body.coefficients()
    drag1, lift1 = jump.canopy.coefficients()
    x, y, z = 0.0, 0.0, jump.height
    vx, vy, vz = jump.velocity
    heading = math.atan2(vy, vx)
    places, speeds, loads = [], [], []
    t, diving = 0.0, 0.0
    while z > 0.0 and t < 3000.0:
        ux, uy = vx - jump.wind[0], vy - jump.wind[1]
        along, through = math.hypot(ux, uy), math.sqrt(ux * ux + uy * uy + vz * vz)
        if along > 2.0:
            heading = math.atan2(uy, ux)
        opened = min(max((t - jump.delay) / jump.fill, 0.0), 1.0) ** jump.power
        posture = 1.0 - math.exp(-t / jump.takes)
        flies = min(max((t - jump.delay - jump.fill) / FLIES_IN, 0.0), 1.0)
        drag = drag0 + (GRAVITY / FILLED**2 - drag0) * opened
        drag += (drag1 - drag) * flies
        lift = lift0 * posture * (1.0 - opened) + lift1 * flies
        bank = 0.0
        if jump.pull_up and jump.delay - jump.pull_up[0] < t < jump.delay - jump.pull_up[0] + 2.0:
            lift = jump.pull_up[1] * GRAVITY / max(through, 20.0) ** 2
        if opened >= 1.0:
            since = t - jump.delay - jump.fill
            bank = next((b for start, long, b in jump.turns if start < since < start + long), 0.0)
            # A dive of one turn, then level by the rear risers; else the flare of the last seconds.
            if jump.swoop and z < 180.0 and diving < 4.5:
                bank, diving = 1.15, diving + STEP
            elif jump.swoop and diving and vz < -1.0 and z < 40.0:
                lift *= 1.9
            elif not jump.swoop and z < 2.2 * -vz:
                lift, drag = lift * (1.0 + jump.flare), drag * (1.0 + jump.flare)
            if z < 60.0 and not jump.swoop:
                bank = 0.0
        cosine, sine = math.cos(heading), math.sin(heading)
        # Lift in the vertical plane of the motion, turned about it by the bank.
        up, forward = along, -vz
        push = lift * through * math.cos(bank)
        side = lift * through * through * math.sin(bank)
        fx = -drag * through * ux + push * forward * cosine + side * sine
        fy = -drag * through * uy + push * forward * sine - side * cosine
        fz = -drag * through * vz + push * up
        places.append((x, y, z))
        speeds.append((vx, vy, vz))
        loads.append(math.sqrt(fx * fx + fy * fy + fz * fz))
        vx, vy, vz = vx + STEP * fx, vy + STEP * fy, vz + STEP * (fz - GRAVITY)
        x, y, z, t = x + STEP * vx, y + STEP * vy, z + STEP * vz, t + STEP
    load = np.convolve(loads, np.ones(20) / 20.0, "same")
    rows = slice(int(jump.delay / STEP), int((jump.delay + jump.fill + 3.0) / STEP))
    times = {"landing": t}
    if jump.delay + jump.fill < t:
        times["opening_peak"] = STEP * (rows.start + int(np.argmax(load[rows])))
    return np.array(places), np.array(speeds), times


def dense(position: np.ndarray, velocity: np.ndarray, step: float) -> TrueMotion:
    """Return rows at an even step as a dense record; the attitude is not what is looked at."""
    since = np.arange(len(position)) * step
    at = np.arange(0.0, since[-1], 1.0 / RATE)
    places, speeds = (
        np.stack([np.interp(at, since, column) for column in table.T], axis=1)
        for table in (position, velocity)
    )
    return TrueMotion(places, speeds, np.tile([1.0, 0.0, 0.0, 0.0], (len(at), 1)))


def moved(velocity: np.ndarray, end: np.ndarray, step: float = STEP) -> tuple[np.ndarray, np.ndarray]:
    """Return position and velocity of a way that is given by its velocities and where it ends.

    Args:
        velocity: At `step`, `(n, 3)` [m/s].
        end: `(3,)` [m].
        step: Between two rows [s].
    """
    place = np.cumsum(velocity, axis=0) * step
    return place - place[-1] + end, velocity


def stop(
    position: np.ndarray, velocity: np.ndarray, seconds: float, walk: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return how a jumper comes to rest after the last row and stands, or walks off after a while.

    Args:
        position: Of the way before, `(n, 3)` [m].
        velocity: Of it, `(n, 3)` [m/s].
        seconds: After the touchdown.
        walk: Speed [m/s] from the tenth second on.
    """
    since = np.arange(1, round(seconds / STEP) + 1)[:, None] * STEP
    fades = np.concatenate(
        [np.exp(-since / 0.5), np.exp(-since / 0.5), np.maximum(1.0 - since / 0.15, 0.0)], axis=1
    )
    speeds = velocity[-1] * fades
    speeds[:, 0] += walk * (since[:, 0] > 10.0)
    return position[-1] + np.cumsum(speeds, axis=0) * STEP, speeds
