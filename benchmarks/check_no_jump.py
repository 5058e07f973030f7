"""Logs without a jump, which must give none: `python -m benchmarks.check_no_jump [--cases N] [--seed S]`.

Every kind is a motion that shares something with a jump: the sink of a descending aircraft, the turns of a
canopy, the bumps of a boat, the drift of a receiver that starts up. Prints how many cases gave a jump, and
how many a flight under a canopy: skis and cable cars come down as canopies do.
"""

import argparse
import dataclasses
import time
from collections.abc import Callable

import numpy as np
from benchmarks.check_segmentation import KINDS as JUMPS
from benchmarks.check_segmentation import Draw, Flown, logged
from benchmarks.made_flights import dense

from precipice.training.log import TrainingLog
from precipice.training.segment import segment

EVEN = 0.1
"""Step of these motions [s]."""
_NEVER = 1e5
"""Of the exit, which would make velocity late [s]."""


def _smooth(draw: Draw, seconds: float, forgets: float, size: float) -> np.ndarray:
    """Return noise that forgets itself in some seconds, `(n,)`, of that standard deviation."""
    from scipy.signal import lfilter

    count = round(seconds / EVEN)
    keep = float(np.exp(-EVEN / forgets))
    white = draw.standard_normal(count) * (1.0 - keep * keep) ** 0.5
    return size * np.asarray(lfilter([1.0], [1.0, -keep], white))


def _flown(level: np.ndarray, climb: np.ndarray, turn: np.ndarray, softness: float = 1.0) -> Flown:
    """Return a way by its level speed, its climb [m/s] and how fast its course turns [rad/s].

    Nothing with a mass changes its velocity at once: it takes the softness [s]. Lifts accelerate by 1 to
    1.5 m/s²; an aeroplane that pushes over at 0.7 g takes 8 s to 25 m/s of sink.
    """
    course = np.cumsum(turn) * EVEN
    velocity = np.stack([level * np.cos(course), level * np.sin(course), climb], axis=1)
    width = round(softness / EVEN)
    even = np.ones(width) / width
    velocity = np.stack([np.convolve(column, even, "same") for column in velocity.T], axis=1)
    place = np.cumsum(velocity, axis=0) * EVEN
    return Flown(dense(place + np.array([0.0, 0.0, 500.0]), velocity, EVEN), {}, _NEVER)


def _parked(draw: Draw) -> Flown:
    nothing = np.zeros(round(draw.uniform(60.0, 900.0) / EVEN))
    return _flown(nothing, nothing, nothing)


def _hike(draw: Draw) -> Flown:
    long = draw.uniform(300.0, 1200.0)
    pace = np.clip(1.2 + _smooth(draw, long, 30.0, 0.5), 0.0, 3.0)
    return _flown(pace, pace * _smooth(draw, long, 60.0, 0.25), _smooth(draw, long, 10.0, 0.1))


def _car(draw: Draw) -> Flown:
    """Return a drive over hills: up to 12 % steep, braking for bends."""
    long = draw.uniform(300.0, 1200.0)
    pace = np.clip(20.0 + _smooth(draw, long, 20.0, 10.0), 0.0, 40.0)
    slope = np.clip(_smooth(draw, long, 15.0, 0.06), -0.12, 0.12)
    return _flown(pace, pace * slope, _smooth(draw, long, 5.0, 0.1))


def _ski(draw: Draw) -> Flown:
    long = draw.uniform(120.0, 600.0)
    pace = np.clip(14.0 + _smooth(draw, long, 10.0, 6.0), 0.0, 30.0)
    return _flown(
        pace, -pace * np.clip(0.25 + _smooth(draw, long, 8.0, 0.12), 0.0, 0.6), _smooth(draw, long, 2.0, 0.4)
    )


def _boat(draw: Draw) -> Flown:
    long = draw.uniform(300.0, 900.0)
    at = np.arange(round(long / EVEN)) * EVEN
    waves = draw.uniform(0.3, 3.0) * np.sin(2.0 * np.pi * at / draw.uniform(4.0, 9.0))
    return _flown(
        np.clip(8.0 + _smooth(draw, long, 20.0, 4.0), 0.0, 25.0), waves, _smooth(draw, long, 10.0, 0.05)
    )


def _lift(draw: Draw) -> Flown:
    """Return lifts and cable cars: up and down by some hundred metres at up to 10 m/s."""
    parts = [np.full(round(draw.uniform(10.0, 60.0) / EVEN), v) for v in draw.choice([0.0, 1.0, -1.0], 12)]
    climb = np.concatenate(parts) * draw.uniform(2.0, 10.0)
    softness = float(np.max(np.abs(climb), initial=1.0)) / draw.uniform(1.0, 1.5)
    return _flown(np.abs(climb) * draw.uniform(0.0, 2.0), climb, 0.0 * climb, softness)


def _aeroplane(draw: Draw) -> Flown:
    """Return a climb, level flight and a jump aircraft's descent: up to 25 m/s, turning."""
    down = draw.uniform(5.0, 25.0)
    parts = [(0.0, 60.0), (7.0, 300.0), (0.0, 60.0), (-down, 2000.0 / down), (-3.0, 60.0), (0.0, 60.0)]
    climb = np.concatenate([np.full(round(seconds / EVEN), rate) for rate, seconds in parts])
    pace = np.concatenate(
        [
            np.full(round(seconds / EVEN), v)
            for (_, seconds), v in zip(parts, (0, 45, 42, 80, 45, 0), strict=True)
        ]
    )
    gusts = _smooth(draw, len(climb) * EVEN + EVEN, 3.0, 1.0)[: len(climb)] * (pace > 20.0)
    turn = np.where(pace > 20.0, draw.uniform(-0.08, 0.08), 0.0)
    return _flown(pace + gusts, climb + gusts, turn, float(draw.uniform(4.0, 12.0)) * down / 20.0 + 1.0)


def _glider(draw: Draw) -> Flown:
    long = draw.uniform(600.0, 1500.0)
    return _flown(
        30.0 + _smooth(draw, long, 20.0, 5.0), _smooth(draw, long, 20.0, 2.5), _smooth(draw, long, 20.0, 0.25)
    )


def _helicopter(draw: Draw) -> Flown:
    """Return climbs, hovers and quick descents of up to 12 m/s."""
    steps = [(0.0, 0.0, 60.0), (25.0, 6.0, 120.0), (0.0, 0.0, 40.0), (35.0, -draw.uniform(4.0, 12.0), 60.0)]
    parts = [(round(s / EVEN), v, c) for v, c, s in [*steps, (0.0, 0.0, 30.0)]]
    pace, climb = (np.concatenate([np.full(count, pair[k]) for count, *pair in parts]) for k in (0, 1))
    return _flown(pace, climb, 0.02 + 0.0 * pace, 4.0)


def _canopy_only(draw: Draw) -> Flown:
    """Return what a log shows that is switched on under the canopy: turns, a swoop, the landing."""
    kinds = list(JUMPS)
    whole = JUMPS[kinds[int(draw.choice([0, 2, 3]))]](draw)
    begin = whole.truth["opening_peak"] + draw.uniform(12.0, 60.0)
    rows = slice(round(200.0 * begin), None)
    motion = dataclasses.replace(
        whole.motion,
        position=whole.motion.position[rows],
        velocity=whole.motion.velocity[rows],
        attitude=whole.motion.attitude[rows],
    )
    return Flown(motion, {}, _NEVER)


def _walked(log: TrainingLog, draw: Draw) -> TrainingLog:
    """Return a log whose positions walk at random, as indoors, while its Doppler velocity is noise."""
    steps = draw.standard_normal(log.position.shape) * draw.uniform(0.1, 3.0)
    position = np.cumsum(steps, axis=0) * np.array([1.0, 1.0, 1.5])
    worse = float(draw.uniform(1.0, 4.0))
    leaps = (draw.random(len(position)) < 0.003)[:, None] * draw.standard_normal(position.shape) * 60.0
    position += np.cumsum(leaps, axis=0)
    return dataclasses.replace(
        log,
        position=np.round(position - position[0], 3),
        velocity=np.round(worse * draw.standard_normal(position.shape), 2),
        horizontal_accuracy=10.0 * worse + np.zeros(len(position)),
        vertical_accuracy=15.0 * worse + np.zeros(len(position)),
        speed_accuracy=0.6 * worse + np.zeros(len(position)),
    )


def _settled(log: TrainingLog, draw: Draw) -> TrainingLog:
    """Return a log of a receiver that starts up: its height comes in from hundreds of metres off."""
    off = draw.normal(0.0, 200.0) * np.exp(-log.time / draw.uniform(2.0, 40.0))
    position = log.position + np.array([0.3, 0.3, 1.0]) * (off - off[0])[:, None]
    fading = 5.0 + np.abs(off) * draw.uniform(0.1, 1.0)
    return dataclasses.replace(
        log, position=position, horizontal_accuracy=0.5 * fading, vertical_accuracy=fading
    )


def _as_received(log: TrainingLog, _: Draw) -> TrainingLog:
    return log


def _heights_alone(log: TrainingLog, draw: Draw) -> TrainingLog:
    """Return what a barometer gives: heights, and wind on its port."""
    missing = np.full(log.position.shape, np.nan)
    high = log.position[:, 2] + draw.normal(0.0, draw.uniform(0.2, 2.0), len(log.time))
    position = np.stack([missing[:, 0], missing[:, 0], high], axis=1)
    unknown = missing[:, 0]
    return dataclasses.replace(
        log, position=position, velocity=missing, horizontal_accuracy=unknown, vertical_accuracy=unknown,
        speed_accuracy=unknown,
    )  # fmt: skip


Seen = Callable[[TrainingLog, Draw], TrainingLog]
KINDS: dict[str, tuple[Callable[[Draw], Flown], Seen]] = {
    "parked": (_parked, _as_received),
    "parked, random walk indoors": (_parked, _walked),
    "parked, starting up": (_parked, _settled),
    "hike": (_hike, _as_received),
    "hike, starting up": (_hike, _settled),
    "car": (_car, _as_received),
    "car, barometer": (_car, _heights_alone),
    "ski": (_ski, _as_received),
    "boat": (_boat, _as_received),
    "lift": (_lift, _as_received),
    "lift, barometer": (_lift, _heights_alone),
    "aeroplane": (_aeroplane, _as_received),
    "aeroplane, barometer": (_aeroplane, _heights_alone),
    "glider": (_glider, _as_received),
    "helicopter": (_helicopter, _as_received),
    "canopy alone": (_canopy_only, _as_received),
}
"""By name: draws a motion, and what the receiver makes of it besides its usual errors."""


def main() -> None:
    """Print how many cases of each kind gave a jump, and which."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=500, help="Of each kind.")
    parser.add_argument("--seed", type=int, default=88_001)
    parser.add_argument("--kind", default="")
    asked = parser.parse_args()
    print("| motion | cases | with a jump | canopy entries |\n|---|---|---|---|")
    told: list[str] = []
    cases = wrong = 0
    begin = time.process_time()
    for kind, (make, seen) in KINDS.items():
        if asked.kind not in kind:
            continue
        jumps = canopies = 0
        for number in range(asked.cases):
            draw = np.random.default_rng([asked.seed, *kind.encode(), number])
            found = segment(seen(logged(make(draw), draw), draw))
            canopies += bool(found.canopies)
            if found.jumps:
                jumps += 1
                first = found.jumps[0]
                events = ", ".join(f"{name} {moment.time:.0f} s" for name, moment in first.events.items())
                told.append(f"{kind} {number}: {first.kind}: {events}")
        cases, wrong = cases + asked.cases, wrong + jumps
        print(f"| {kind} | {asked.cases:,} | {jumps} | {canopies} |", flush=True)
    spent = 1e3 * (time.process_time() - begin) / max(cases, 1)
    print(f"\nseed {asked.seed}: {wrong} of {cases:,} cases with a jump that is none; {spent:.0f} ms each")
    print("\n".join(f"- {line}" for line in told[:40]))


if __name__ == "__main__":
    main()
