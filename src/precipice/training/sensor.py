"""What receivers and motion sensors make of a motion: noise, lag, gaps, bias, clipping.

The numbers are medians over the real logs that `python -m benchmarks.measure_sensors` reads and prints: 30
logs of GNSS receivers, 14 of them with a labelled exit, and 5 of motion sensors. Where no log shows a number
it is marked as assumed.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from precipice.earth import GRAVITY
from precipice.training.true_motion import RATE, TrueMotion


class Receiver(NamedTuple):
    """A GNSS receiver.

    Attributes:
        rate: Rows in a second; the logs have 5 to 10, receivers of today give 25.
        level_noise: Of each level velocity, white [m/s].
        down_noise: Of the vertical velocity, white [m/s].
        place_noise: Of each coordinate from row to row, white [m].
        wander: Of the height against the integral of the velocity in 10 s [m]; half as much level.
        wander_time: Time constant, twice, after which that error forgets itself [s]; assumed.
        exit_lag: By which Doppler velocity is late after an exit [s], median; 5-95 % is 0.03 to 1.4.
        exit_lag_sigma: Its spread from jump to jump, of the logarithm.
        exit_lag_fades: Time constant with which it fades [s]; assumed.
        gaps: In an hour.
        gap_rows: Median length of a gap.
        stated: Accuracies as the receiver states them: level [m], vertical [m], speed [m/s].
    """

    rate: float = 5.0
    level_noise: float = 0.073
    down_noise: float = 0.042
    place_noise: float = 0.034
    wander: float = 2.2
    wander_time: float = 20.0
    exit_lag: float = 0.4
    exit_lag_sigma: float = 0.75
    exit_lag_fades: float = 8.0
    gaps: float = 1.6
    gap_rows: int = 3
    stated: tuple[float, float, float] = (2.1, 2.7, 0.43)


class MotionSensor(NamedTuple):
    """An accelerometer with gyroscopes.

    Attributes:
        rate: Rows in a second; the logs have 13 and 40.
        force_noise: White [m/s²].
        force_bias: From unit to unit, standard deviation [m/s²].
        rate_noise: White [rad/s].
        rate_bias: From unit to unit, standard deviation [rad/s].
        most_force: Where it clips [m/s²]: 4 g in the one log that clips; 16 g is common today.
        most_rate: Where it clips [rad/s]: 2,000 deg/s, by data sheet.
        dropped: Share of steps with rows missing, mean over the logs: none in four, 8.6 % in one.
        jitter: Standard deviation of a step over the step.
        warming: Of its temperature [K/min].
        rate_drift: Change of the gyroscopes' bias with temperature [rad/s/K]; assumed, 0.01 deg/s/K.
        mount: By which its axes are off the body's, standard deviation [rad]; assumed.
    """

    rate: float = 100.0
    force_noise: float = 0.083
    force_bias: float = 0.15
    rate_noise: float = 0.012
    rate_bias: float = 0.039
    most_force: float = 16.0 * GRAVITY
    most_rate: float = float(np.deg2rad(2000.0))
    dropped: float = 0.017
    jitter: float = 0.006
    warming: float = 2.4
    rate_drift: float = float(np.deg2rad(0.01))
    mount: float = float(np.deg2rad(3.0))


def describe(receiver: Receiver, sensor: MotionSensor | None) -> list[str]:
    """Return the errors of what is worn, in lines for a person."""
    r = receiver
    first = f"receiver {r.rate:g}/s: noise {r.level_noise:g} m/s level, {r.down_noise:g} m/s down; height"
    rest = f"Doppler late by {r.exit_lag:g} s after an exit; {r.gaps:g} gaps an hour"
    lines = [f"{first} wanders {r.wander:g} m in 10 s; {rest}"]
    if sensor is not None:
        noise = f"noise {sensor.force_noise:g} m/s² and {sensor.rate_noise:g} rad/s"
        bias = f"bias {sensor.force_bias:g} m/s² and {sensor.rate_bias:g} rad/s"
        clips = f"clips at {sensor.most_force:.0f} m/s²; {100 * sensor.dropped:.1f} % of rows missing"
        lines.append(f"motion sensor {sensor.rate:g}/s: {noise}, {bias}; {clips}")
    return [*lines, "medians over real logs: python -m benchmarks.measure_sensors"]


class Fixes(NamedTuple):
    """What a receiver wrote.

    Attributes:
        time: `(k,)` [s] from the start of the motion.
        position: Local east-north-up, `(k, 3)` [m].
        velocity: `(k, 3)` [m/s].
        stated: Level [m], vertical [m], speed [m/s] accuracy, `(k, 3)`.
        satellites: `(k,)`.
    """

    time: Float[np.ndarray, " k"]
    position: Float[np.ndarray, "k 3"]
    velocity: Float[np.ndarray, "k 3"]
    stated: Float[np.ndarray, "k 3"]
    satellites: np.ndarray


class Samples(NamedTuple):
    """What a motion sensor wrote.

    Attributes:
        time: `(m,)` [s] from the start of the motion.
        force: Specific force in its own axes, `(m, 3)` [m/s²].
        rate: Angular velocity, `(m, 3)` [rad/s].
        temperature: `(m,)` [K].
    """

    time: Float[np.ndarray, " m"]
    force: Float[np.ndarray, "m 3"]
    rate: Float[np.ndarray, "m 3"]
    temperature: Float[np.ndarray, " m"]


def receive(
    motion: TrueMotion, receiver: Receiver, generator: np.random.Generator, exit_time: float | None = None
) -> Fixes:
    """Return what a receiver writes of a motion.

    Doppler velocity is the mean over the time since the last row, so it is late by half a step; after an
    exit from an aircraft it is later still, and that fades.

    Args:
        motion: As it was.
        receiver: Its errors.
        generator: Of the noise.
        exit_time: When the aircraft was left [s]; None without one.
    """
    count = int((len(motion.position) - 1) / RATE * receiver.rate) + 1
    time = np.arange(count) / receiver.rate
    lag = np.zeros(count)
    if exit_time is not None:
        drawn = receiver.exit_lag * np.exp(receiver.exit_lag_sigma * generator.standard_normal())
        since = time - exit_time
        lag = np.where(
            since > 0.0, min(drawn, 2.0) * np.exp(-np.maximum(since, 0.0) / receiver.exit_lag_fades), 0.0
        )
    position = _at(motion.position, time) + _wander(receiver, count, generator)
    position += receiver.place_noise * generator.standard_normal((count, 3))
    velocity = _mean_velocity(motion.position, time - lag, 1.0 / receiver.rate)
    noise = np.array([receiver.level_noise, receiver.level_noise, receiver.down_noise])
    velocity += noise * generator.standard_normal((count, 3))
    shaky = np.exp(0.1 * _slow(count, receiver.rate, 20.0, generator))
    stated = np.array(receiver.stated) * shaky[:, None]
    satellites = np.clip(np.rint(12.0 - 3.0 * np.log(shaky) / 0.1), 4, 20).astype(int)
    kept = _without_gaps(count, receiver, generator)
    return Fixes(time[kept], position[kept], velocity[kept], stated[kept], satellites[kept])


def _at(values: np.ndarray, time: np.ndarray) -> np.ndarray:
    """Return columns of a dense record at times, straight between its rows, `(k, c)`."""
    place = np.clip(time * RATE, 0.0, len(values) - 1.0)
    row = np.minimum(place.astype(int), len(values) - 2)
    share = (place - row)[:, None]
    return (1.0 - share) * values[row] + share * values[row + 1]


def _mean_velocity(position: np.ndarray, time: np.ndarray, width: float) -> np.ndarray:
    end = np.clip(time, width, None)
    return (_at(position, end) - _at(position, end - width)) / width


def _slow(count: int, rate: float, forgets: float, generator: np.random.Generator) -> np.ndarray:
    """Return noise of unit variance that forgets itself in some seconds, `(count,)`."""
    from scipy.signal import lfilter

    keep = float(np.exp(-1.0 / (rate * forgets)))
    white = generator.standard_normal(count) * (1.0 - keep * keep) ** 0.5
    white[0] = generator.standard_normal()
    return np.asarray(lfilter([1.0], [1.0, -keep], white))


def _wander(receiver: Receiver, count: int, generator: np.random.Generator) -> np.ndarray:
    """Return slow errors of the place, `(count, 3)` [m].

    Smooth from row to row, as in real logs: noise that has passed the same slow filter twice, whose
    correlation over a time `t` is (1 + t / wander_time) exp(-t / wander_time).
    """
    from scipy.signal import lfilter

    keep = float(np.exp(-1.0 / (receiver.rate * receiver.wander_time)))
    run_in = round(6.0 * receiver.rate * receiver.wander_time)
    white = generator.standard_normal((run_in + count, 3))
    twice = np.asarray(lfilter([1.0], [1.0, -2.0 * keep, keep * keep], white, axis=0))[run_in:]
    variance = (1.0 + keep**2) / (1.0 - keep**2) ** 3
    share = 10.0 / receiver.wander_time
    apart = 2.0 * (1.0 - (1.0 + share) * np.exp(-share))
    return twice * receiver.wander / (variance * apart) ** 0.5 * np.array([0.5, 0.5, 1.0])


def _without_gaps(count: int, receiver: Receiver, generator: np.random.Generator) -> np.ndarray:
    kept = np.ones(count, bool)
    for _ in range(generator.poisson(receiver.gaps * count / receiver.rate / 3600.0)):
        first = int(generator.integers(1, max(count - 1, 2)))
        kept[first : first + 1 + generator.geometric(1.0 / receiver.gap_rows)] = False
    kept[[0, -1]] = True
    return kept


def sense(
    motion: TrueMotion, sensor: MotionSensor, generator: np.random.Generator, shaking: Float[np.ndarray, " n"]
) -> Samples:
    """Return what a motion sensor writes of a motion.

    Args:
        motion: As it was.
        sensor: Its errors.
        generator: Of the noise.
        shaking: Vibration of what it is fixed to, at each row of the motion, standard deviation [m/s²].
    """
    from scipy.spatial.transform import Rotation

    count = int((len(motion.position) - 1) / RATE * sensor.rate)
    time = (np.arange(count) + 0.5) / sensor.rate
    time += sensor.jitter / sensor.rate * generator.standard_normal(count)
    # Rows must rise in time, whatever their jitter.
    time = np.maximum.accumulate(time) + np.arange(count) * 1e-9
    mount = Rotation.from_rotvec(sensor.mount * generator.standard_normal(3))
    warm = sensor.warming / 60.0 * time
    force = mount.apply(_at(_averaged(motion.force_body(), sensor.rate), time))
    force += sensor.force_bias * generator.standard_normal(3)
    loud = np.hypot(sensor.force_noise, _at(shaking[:, None], time))
    force += loud * generator.standard_normal((count, 3))
    rate = mount.apply(_at(_averaged(motion.rate_body(), sensor.rate), time))
    rate += sensor.rate_bias * generator.standard_normal(3)
    rate += sensor.rate_drift * warm[:, None] * generator.standard_normal(3)
    rate += sensor.rate_noise * generator.standard_normal((count, 3))
    kept = generator.random(count) >= sensor.dropped / (1.0 + sensor.dropped)
    return Samples(
        time[kept],
        np.clip(force, -sensor.most_force, sensor.most_force)[kept],
        np.clip(rate, -sensor.most_rate, sensor.most_rate)[kept],
        (293.15 + warm)[kept],
    )


def _averaged(values: np.ndarray, rate: float) -> np.ndarray:
    """Return what a sensor's filter leaves: the mean over the time between two of its rows."""
    from scipy.ndimage import uniform_filter1d

    return uniform_filter1d(values, max(round(RATE / rate), 2), axis=0, mode="nearest")
