"""Logs whose truth is known, made from closed-form motions: ramp jumps, falls with a parachute, noise.

Receivers: Doppler velocity is the mean since the last row; noise is that of real logs at rest.
"""

import datetime as dt

import numpy as np

from precipice.earth import GRAVITY
from precipice.training.log import Inertial, TrainingLog

FINE = 0.001


def ramp_motion(speed=20.0, angle=0.4, radius=18.0, drop=1.0, lead=20.0):
    """Return times, positions, forces along and across, and truth of a run-up, a circular ramp, a throw."""
    arc = radius * angle / speed
    high = radius * (1.0 - np.cos(angle))
    climb, along = speed * np.sin(angle), speed * np.cos(angle)
    airtime = (climb + np.sqrt(climb**2 + 2 * GRAVITY * (high + drop))) / GRAVITY
    speed_up = speed / 5.0
    begin, foot = lead, lead + speed_up
    lip = foot + arc
    land = lip + airtime
    end = land + 25.0
    time = np.arange(0.0, end, FINE)
    velocity = np.zeros((len(time), 2))
    run = (time >= begin) & (time < foot)
    velocity[run, 0] = 5.0 * (time[run] - begin)
    on = (time >= foot) & (time < lip)
    turned = (time[on] - foot) * speed / radius
    velocity[on] = speed * np.stack([np.cos(turned), np.sin(turned)], axis=1)
    fly = (time >= lip) & (time < land)
    velocity[fly, 0] = along
    velocity[fly, 1] = climb - GRAVITY * (time[fly] - lip)
    sink = climb - GRAVITY * airtime
    after = time >= land
    since = time[after] - land
    # Suspension takes the sink in 0.15 s; brakes stop the rest in six seconds.
    velocity[after, 1] = np.where(since < 0.15, sink * (1.0 - since / 0.15), 0.0)
    velocity[after, 0] = np.maximum(along * (1.0 - since / 6.0), 0.0)
    place = np.cumsum(velocity, axis=0) * FINE
    truth = {"lip": lip, "landing": land, "lip_speed": speed, "lip_path_angle": angle, "airtime": airtime}
    return time, place, velocity, truth


def received(time, place, rate, generator, *, imu=None, shift=0.37):
    """Return a log of a motion in a vertical plane, seen by a receiver and perhaps an inertial unit."""
    at = np.arange(shift % (1.0 / rate), time[-1], 1.0 / rate)
    flat = np.stack([0.6 * place[:, 0], 0.8 * place[:, 0], place[:, 1]], axis=1)

    def where(when):
        return np.stack([np.interp(when, time, column) for column in flat.T], axis=1)

    noise = generator.standard_normal((2, len(at), 3))
    position = where(at) + 0.034 * noise[0] + np.array([1.0, 0.5, 2.0]) * np.sin(at / 30.0)[:, None]
    velocity = (where(at) - where(at - 1.0 / rate)) * rate + np.array([0.07, 0.07, 0.042]) * noise[1]
    inertial = None
    if imu is not None:
        when = np.arange(0.0, time[-1], 1.0 / imu)
        speed = np.gradient(flat, FINE, axis=0)
        force = np.gradient(speed, FINE, axis=0) + np.array([0.0, 0.0, GRAVITY])
        width = round(1.0 / imu / FINE)
        smooth = np.stack([np.convolve(column, np.ones(width) / width, "same") for column in force.T], axis=1)
        felt = np.stack([np.interp(when, time, column) for column in smooth.T], axis=1)
        felt += 1.0 * generator.standard_normal(felt.shape)
        inertial = Inertial(when - at[0], felt, 0.02 * generator.standard_normal(felt.shape))
    stated = np.ones(len(at))
    return TrainingLog(
        source="made",
        format="made",
        start=dt.datetime(2024, 5, 4, tzinfo=dt.UTC),
        origin=(1.0, 0.1, 100.0),
        time=at - at[0],
        line=np.arange(len(at)),
        position=position - position[0],
        velocity=velocity,
        horizontal_accuracy=2.1 * stated,
        vertical_accuracy=2.7 * stated,
        speed_accuracy=0.43 * stated,
        inertial=inertial,
        problems=(),
    ), float(at[0])


def parachute_motion(
    *, start="ledge", speed=2.0, angle=0.35, high=1000.0, delay=6.0, fill=2.0, area=0.45, lead=60.0, sink=5.0
):
    """Return times, positions, velocities and truth of a jump with a parachute, integrated in small steps.

    A body of 90 kg falls with a drag area [m²], an opening grows it to where the canopy's sink is
    reached, and then it flies level at 9 m/s besides. `start` is "ledge", "ramp" or "aircraft".
    """
    mass, density = 90.0, 1.1
    canopy = 2.0 * mass * GRAVITY / (density * sink**2)
    time = np.arange(0.0, lead + delay + fill + high / sink + 60.0, FINE)
    velocity = np.zeros((len(time), 2))
    before = time < lead
    if start == "aircraft":
        velocity[before, 0] = speed
    elif start == "ramp":
        arc = 18.0 * angle / speed
        rolling = before & (time >= lead - arc - speed / 5.0)
        velocity[rolling, 0] = np.minimum(5.0 * (time[rolling] - time[rolling][0]), speed)
        on = before & (time >= lead - arc)
        turned = (time[on] - lead + arc) * speed / 18.0
        velocity[on] = speed * np.stack([np.cos(turned), np.sin(turned)], axis=1)
    first = int(before.sum())
    along, up = (float(part) for part in velocity[first - 1])
    if start == "ledge":
        along = speed
    height, landed = high, len(time)
    for row in range(first, len(time)):
        opened = min(max((FINE * row - lead - delay) / fill, 0.0), 1.0) ** 2
        air, drag = along - 9.0 * opened, 0.5 * density * (area + (canopy - area) * opened) / mass
        pull = drag * (air * air + up * up) ** 0.5
        along, up = along - FINE * pull * air, up - FINE * (pull * up + GRAVITY)
        velocity[row] = along, up
        height += FINE * up
        if height <= 0.0:
            landed = row
            break
    gone = time[landed + 1 :] - time[landed] if landed < len(time) else np.empty(0)
    if len(gone):
        velocity[landed + 1 :, 0] = np.maximum(velocity[landed, 0] * (1.0 - gone / 2.0), 0.0)
    load = np.gradient(velocity, FINE, axis=0) + np.array([0.0, GRAVITY])
    opening = (time > lead + delay) & (time < lead + delay + fill + 2.0)
    peak = time[opening][int(np.argmax(np.hypot(*load[opening].T)))]
    truth = {"exit": lead, "opening_peak": float(peak), "landing": float(time[min(landed, len(time) - 1)])}
    return time, np.cumsum(velocity, axis=0) * FINE, velocity, truth
