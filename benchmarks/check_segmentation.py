"""Segmentation against jumps whose truth is known: `python -m benchmarks.check_segmentation`.

Each kind is a trap: wingsuits whose flare is harder than their opening, aircraft that descend before the
exit, falls of a second, launches from a ramp, receivers whose velocity is two seconds late, logs that end
under the canopy. Truth is the integration's, see `made_flights`. Prints one row for each kind.
"""

import argparse
import datetime as dt
import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from benchmarks.made_flights import STEP, Body, Jump, dense, fall, moved, stop

from precipice.earth import GRAVITY
from precipice.training.log import Inertial, TrainingLog
from precipice.training.segment import segment
from precipice.training.sensor import Receiver, receive
from precipice.training.true_motion import RATE, TrueMotion

LIMITS = {"exit": 1.0, "opening_peak": 1.0, "landing": 2.0}
"""Seconds that an event may be off, as a coach asks for them."""


class Flown(NamedTuple):
    """One jump with what came before and after.

    Attributes:
        motion: As it was.
        truth: Times of the events that the log shows, from its first row [s].
        exit: Time of the exit, for the receiver's lag, wherever the log begins [s].
        spike: Time of a knock on the motion sensor [s]; None without a sensor.
    """

    motion: TrueMotion
    truth: dict[str, float]
    exit: float
    spike: float | None = None


Draw = np.random.Generator


def _canopy(draw: Draw) -> Body:
    return Body(draw.uniform(10.0, 15.0), draw.uniform(2.2, 3.0))


def _turns(draw: Draw, hard: float = 1.1) -> tuple[tuple[float, float, float], ...]:
    starts = np.cumsum(draw.uniform(10.0, 60.0, 4))
    return tuple((float(s), float(draw.uniform(3.0, 12.0)), float(draw.uniform(-hard, hard))) for s in starts)


def _skydive(draw: Draw, **other: object) -> Jump:
    jump = Jump(
        velocity=(float(draw.uniform(35.0, 55.0)), 0.0, float(draw.uniform(-1.0, 1.0))),
        height=float(draw.uniform(3500.0, 4300.0)),
        body=Body(draw.uniform(50.0, 75.0), draw.uniform(0.0, 0.6)),
        takes=2.0,
        delay=float(draw.uniform(40.0, 55.0)),
        fill=float(draw.uniform(2.0, 4.5)),
        power=float(draw.uniform(1.3, 3.0)),
        canopy=_canopy(draw),
        pull_up=None,
        turns=_turns(draw),
        swoop=bool(draw.random() < 0.4),
        flare=float(draw.uniform(0.2, 0.5)),
        wind=(float(draw.uniform(-5.0, 5.0)), float(draw.uniform(-5.0, 5.0))),
    )
    jump = jump._replace(**other)
    # Nobody plans an opening below this.
    longest = (jump.height - 800.0) / jump.body.speed
    return jump._replace(delay=min(jump.delay, longest)) if "height" not in other else jump


def _wingsuit(draw: Draw, **other: object) -> Jump:
    body = Body(draw.uniform(40.0, 55.0), draw.uniform(1.8, 2.8))
    return _skydive(draw, body=body, takes=float(draw.uniform(3.0, 5.0)), **other)


def _ledge(draw: Draw, **other: object) -> Jump:
    calm = (float(draw.uniform(-2.0, 2.0)), float(draw.uniform(-2.0, 2.0)))
    jump = _skydive(draw, velocity=(float(draw.uniform(1.5, 5.0)), 0.0, 0.5), swoop=False, wind=calm)
    return jump._replace(turns=_turns(draw, 0.6), fill=float(draw.uniform(0.9, 1.8)), **other)


def _carried(jump: Jump, speeds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return moved(speeds, np.array([0.0, 0.0, jump.height]))


def _level(jump: Jump, draw: Draw) -> np.ndarray:
    return np.tile(jump.velocity, (round(draw.uniform(20.0, 90.0) / STEP), 1))


def _after_climb(jump: Jump, draw: Draw) -> np.ndarray:
    """Return eighteen minutes of climb from the ground, a level run-in behind them."""
    run_in = np.tile(jump.velocity, (6000, 1))
    climb = np.tile([jump.velocity[0], 0.0, jump.height / 1080.0], (108_000, 1))
    ground = np.zeros((round(draw.uniform(20.0, 60.0) / STEP), 3))
    start = np.linspace(0.0, 1.0, 3000)[:, None] * np.array([jump.velocity[0], 0.0, 0.0])
    return np.concatenate([ground, start, climb, run_in])


def _descending(jump: Jump, draw: Draw) -> np.ndarray:
    """Return an aircraft that comes down by a kilometre, steeply, before it flies level for the exit."""
    sink = draw.uniform(8.0, 18.0)
    down = np.tile([draw.uniform(60.0, 80.0), 0.0, -sink], (round(1000.0 / sink / STEP), 1))
    level = np.tile(jump.velocity, (round(draw.uniform(5.0, 40.0) / STEP), 1))
    blend = np.linspace(0.0, 1.0, 400)[:, None]
    return np.concatenate([down, down[-1] * (1.0 - blend) + level[0] * blend, level])


def _standing(jump: Jump, draw: Draw) -> np.ndarray:
    """Return a hike, a wait at the edge and two steps."""
    hike = np.tile([0.8, 0.3, 0.25], (round(draw.uniform(20.0, 60.0) / STEP), 1))
    wait = np.zeros((round(draw.uniform(20.0, 60.0) / STEP), 3))
    steps = np.linspace(0.0, 1.0, 100)[:, None] * np.array([jump.velocity[0], 0.0, 0.0])
    return np.concatenate([hike, wait, steps])


def _ramp(jump: Jump, draw: Draw) -> np.ndarray:
    """Return a run-up on the flat and a ramp whose last direction is the exit's."""
    forward, _, up = jump.velocity
    fast, angle = float(np.hypot(forward, up)), float(np.arctan2(up, forward))
    wait = np.zeros((3000, 3))
    pull = np.linspace(0.0, fast, round(fast / 4.0 / STEP))
    arc = np.linspace(0.0, angle, round(angle * draw.uniform(15.0, 30.0) / fast / STEP))
    flat = np.stack([pull, 0.0 * pull, 0.0 * pull], axis=1)
    up = fast * np.stack([np.cos(arc), 0.0 * arc, np.sin(arc)], axis=1)
    return np.concatenate([wait, flat, up])


def _whole(jump: Jump, before: np.ndarray, draw: Draw) -> Flown:
    places, speeds, times = fall(jump)
    first = _carried(jump, before)
    after = stop(places, speeds, draw.uniform(20.0, 90.0), float(draw.choice([0.0, 1.3])))
    position, velocity = (np.concatenate(parts) for parts in zip(first, (places, speeds), after, strict=True))
    left = len(before) * STEP
    truth = {"exit": left} | {name: left + since for name, since in times.items()}
    return Flown(dense(position, velocity, STEP), truth, left)


def _cut(flown: Flown, first: float, last: float) -> Flown:
    """Return a jump whose log begins and ends elsewhere."""
    rows = slice(round(RATE * first), round(RATE * last))
    motion = TrueMotion(
        *(part[rows] for part in (flown.motion.position, flown.motion.velocity, flown.motion.attitude))
    )
    truth = {name: t - first for name, t in flown.truth.items() if first < t < last - 1.0}
    return Flown(motion, truth, flown.exit - first)


def _before_landing(draw: Draw) -> Flown:
    flown = _whole(jump := _skydive(draw), _level(jump, draw), draw)
    opened, landed = flown.truth["opening_peak"], flown.truth["landing"]
    return _cut(flown, 0.0, draw.uniform(opened + 25.0, landed - 8.0))


def _spiked(draw: Draw) -> Flown:
    flown = _whole(jump := _skydive(draw), _level(jump, draw), draw)
    return flown._replace(spike=flown.exit + draw.uniform(10.0, jump.delay - 6.0))


def _pulled(draw: Draw) -> Flown:
    """Return a wingsuit's flare of 3.4 g, slow flight after it, and a soft opening."""
    pull = (float(draw.uniform(6.0, 12.0)), 3.4)
    jump = _wingsuit(draw, height=float(draw.uniform(900.0, 1400.0)), delay=float(draw.uniform(22.0, 30.0)))
    jump = jump._replace(
        velocity=(3.0, 0.0, 0.5), pull_up=pull, fill=float(draw.uniform(2.5, 4.0)), swoop=False
    )
    return _whole(jump, _standing(jump, draw), draw)


def _low(draw: Draw) -> Flown:
    jump = _ledge(draw, height=float(draw.uniform(90.0, 200.0)), delay=float(draw.uniform(1.0, 2.5)))
    return _whole(jump, _standing(jump, draw), draw)


def _launched(draw: Draw) -> Flown:
    angle = draw.uniform(0.2, 0.45)
    velocity = (float(28.0 * np.cos(angle)), 0.0, float(28.0 * np.sin(angle)))
    jump = _ledge(draw, height=float(draw.uniform(400.0, 1000.0)), delay=float(draw.uniform(4.0, 8.0)))
    jump = jump._replace(velocity=velocity)
    return _whole(jump, _ramp(jump, draw), draw)


def _tandem(draw: Draw) -> Jump:
    return _skydive(draw, body=Body(55.0, 0.1), fill=float(draw.uniform(4.0, 6.0)), swoop=False)


def _hop(draw: Draw) -> Jump:
    return _skydive(draw, height=float(draw.uniform(1000.0, 1700.0)), delay=float(draw.uniform(3.0, 7.0)))


def _wingsuit_base(draw: Draw) -> Jump:
    return _wingsuit(draw, velocity=(3.0, 0.0, 0.5), height=1200.0, delay=28.0, swoop=False)


def _high(draw: Draw) -> Jump:
    return _ledge(draw, height=float(draw.uniform(300.0, 900.0)), delay=float(draw.uniform(2.0, 7.0)))


Make = Callable[[Draw], Jump]
Before = Callable[[Jump, Draw], np.ndarray]


def _with(make: Make, before: Before) -> Callable[[Draw], Flown]:
    def flown(draw: Draw) -> Flown:
        jump = make(draw)
        return _whole(jump, before(jump, draw), draw)

    return flown


KINDS: dict[str, Callable[[Draw], Flown]] = {
    "skydive": _with(_skydive, _level),
    "tandem": _with(_tandem, _level),
    "hop and pop": _with(_hop, _level),
    "wingsuit": _with(lambda draw: _wingsuit(draw, delay=float(draw.uniform(90.0, 130.0))), _level),
    "wingsuit, 3.4 g pull-up": _pulled,
    "wingsuit BASE": _with(_wingsuit_base, _standing),
    "BASE, 90 to 200 m": _low,
    "BASE, 300 to 900 m": _with(_high, _standing),
    "28 m/s off a ramp": _launched,
    "aircraft descends 1 km first": _with(_skydive, _descending),
    "18 minutes of climb": _with(_skydive, _after_climb),
    "cut before the landing": _before_landing,
    "knock on the motion sensor": _spiked,
}
"""By name: draws a jump."""


def logged(flown: Flown, draw: Draw) -> TrainingLog:
    """Return what a receiver, and perhaps a motion sensor, writes of a jump.

    Velocity is late by up to two seconds after the exit, and this fades in 5 to 60 s.
    """
    worse = float(draw.choice([1.0, 1.0, 2.0]))
    receiver = Receiver(
        rate=float(draw.choice([5.0, 10.0, 25.0], p=[0.6, 0.25, 0.15])),
        level_noise=0.073 * worse,
        down_noise=0.042 * worse,
        exit_lag=float(draw.uniform(0.0, 2.0)),
        exit_lag_sigma=0.0,
        exit_lag_fades=float(draw.uniform(5.0, 60.0)),
        stated=(2.1 * worse, 2.7 * worse, 0.43 * worse),
    )
    fixes = receive(flown.motion, receiver, draw, flown.exit)
    inertial = None
    if flown.spike is not None:
        force = np.gradient(flown.motion.velocity, 1.0 / RATE, axis=0) + np.array([0.0, 0.0, GRAVITY])
        force = force[::5] + 0.15 * draw.standard_normal(force[::5].shape)
        at = np.arange(len(force)) / 40.0
        force[(at >= flown.spike) & (at < flown.spike + 0.1)] += 45.0
        inertial = Inertial(at, force, 0.02 * draw.standard_normal(force.shape))
    return TrainingLog(
        source="made",
        sha256="0" * 64,
        format="made",
        start=dt.datetime(2024, 5, 4, tzinfo=dt.UTC),
        origin=(0.8, 0.2, 200.0),
        time=fixes.time,
        line=np.arange(len(fixes.time)),
        position=np.round(fixes.position - fixes.position[0], 3),
        velocity=np.round(fixes.velocity, 2),
        horizontal_accuracy=fixes.stated[:, 0],
        vertical_accuracy=fixes.stated[:, 1],
        speed_accuracy=fixes.stated[:, 2],
        inertial=inertial,
        problems=(),
    )


class Score:
    """Errors of one kind of jump."""

    def __init__(self) -> None:
        self.errors: dict[str, list[float]] = {name: [] for name in LIMITS}
        self.within: list[bool] = []
        self.jumps = self.missed = self.invented = 0
        self.worst: list[str] = []

    def add(self, truth: dict[str, float], log: TrainingLog, name: str) -> None:
        """Segment a log and compare it with the truth."""
        found = segment(log).jumps
        self.jumps += 1
        self.invented += max(len(found) - 1, 0)
        events = found[0].events if found else {}
        for event in LIMITS:
            if event not in truth:
                self.invented += event in events
                if event in events:
                    self.worst.append(f"{name}: {event} invented at {events[event].time:.1f} s")
                continue
            if event not in events:
                self.missed += 1
                self.worst.append(f"{name}: {event} missed")
                continue
            error = events[event].time - truth[event]
            self.errors[event].append(error)
            self.within.append(abs(error) <= 2.0 * events[event].deviation)
            if abs(error) > LIMITS[event]:
                self.worst.append(f"{name}: {event} {error:+.1f} s ± {events[event].deviation:.1f} s")

    def row(self, kind: str) -> str:
        """Return a row of the table."""
        cells = [kind, str(self.jumps)]
        for event, limit in LIMITS.items():
            size = np.abs(self.errors[event])
            if not len(size):
                cells.append("")
                continue
            good = 100.0 * float(np.mean(size <= limit))
            cells.append(f"{np.median(size):.2f}, {np.quantile(size, 0.95):.2f} ({good:.0f} %)")
        share = 100.0 * float(np.mean(self.within)) if self.within else 0.0
        return "| " + " | ".join([*cells, str(self.missed), str(self.invented), f"{share:.0f} %"]) + " |"


def main() -> None:
    """Print the table, and every jump that is beyond a limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jumps", type=int, default=40)
    parser.add_argument("--seed", type=int, default=77_001)
    parser.add_argument("--kind", default="")
    asked = parser.parse_args()
    limits = "exit: median, 95 % (within 1 s) | peak (1 s) | landing (2 s)"
    print(f"| kind | jumps | {limits} | missed | invented | in 2 sd |")
    print("|---|---|---|---|---|---|---|---|")
    whole, worst = Score(), []
    begin = time.process_time()
    for kind, make in KINDS.items():
        if asked.kind not in kind:
            continue
        score = Score()
        for number in range(asked.jumps):
            draw = np.random.default_rng([asked.seed, *kind.encode(), number])
            flown = make(draw)
            score.add(flown.truth, logged(flown, draw), f"{kind} {number}")
        print(score.row(kind), flush=True)
        worst += score.worst
        for event, errors in score.errors.items():
            whole.errors[event] += errors
        whole.within += score.within
        whole.jumps, whole.missed = whole.jumps + score.jumps, whole.missed + score.missed
        whole.invented += score.invented
    print(whole.row("all"))
    print(f"\nseed {asked.seed}, {1e3 * (time.process_time() - begin) / max(whole.jumps, 1):.0f} ms a jump")
    print("\n".join(f"- {line}" for line in worst))


if __name__ == "__main__":
    main()
