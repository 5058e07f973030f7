"""A season of logs whose truth is known: flown runs, seen through sensor models, as files of a device."""

import csv
import datetime as dt
import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np

from precipice.earth import GRAVITY
from precipice.errors import InputError
from precipice.scenario.scenario import Scenario
from precipice.simulation.run import Run
from precipice.training.ground import TAXI, climb_to, come_to_rest, ride_back, run_off
from precipice.training.sensor import MotionSensor, Receiver, receive, sense
from precipice.training.true_motion import RATE, TrueMotion, flown_motion, join
from precipice.training.write_log import MARK, Session, save_flysight2, save_plain

Form = Literal["flysight2", "plain"]
REST = 40.0
"""Seconds after a landing unless somebody says more; see `Devices`."""
BETWEEN_DAYS, BETWEEN_JUMPS = 3, 75
"""Days between training days; minutes between the parachute jumps of one."""
AT_EXIT = 120.0
"""Seconds at the exit point with the device switched on, before a BASE jump; assumed."""
SHAKING = 2.0
"""Vibration of a vehicle with its wheels on the ground [m/s²]; assumed, no log of one is at hand."""
FACTS = (
    "folder", "jump", "day", "run", "seed", "outcome", "exit", "throw", "line_stretch", "open", "lip",
    "landing", "lip_speed", "lip_path_angle", "lip_pitch_rate", "airtime", "fill_time",
    "opening_load", "landing_sink",
)  # fmt: skip
"""Columns of truth.csv before the drawn numbers: SI, times in seconds from the file's first row."""


class Season(NamedTuple):
    """What was written.

    Attributes:
        files: Logs, in order.
        jumps: That are in them.
        left_out: Runs that no log can show as a jump: run and why.
        truth: Path of truth.csv.
    """

    files: tuple[Path, ...]
    jumps: int
    left_out: tuple[tuple[int, str], ...]
    truth: Path


class Devices(NamedTuple):
    """What everybody wears.

    Attributes:
        receiver: Of positions and velocities.
        sensor: Of forces and turn rates, None where nobody wears one.
        form: Of the files.
        rest: Seconds that a log goes on after a landing; a rider waits 0.4 of it before the next jump.
    """

    receiver: Receiver
    sensor: MotionSensor | None
    form: Form
    rest: float = REST


Told = Callable[[int, int], None]
"""Jumps that are written, and how many there will be."""


def synthesize(
    scenario: Scenario,
    fly: Callable[[int], Run],
    jumps: int,
    folder: Path,
    devices: Devices,
    told: Told | None = None,
) -> Season:
    """Write a season of logs of drawn runs, and their truth beside them.

    Args:
        scenario: A ramp-jump, a skydive or a base-jump; its `plan.takes` are the jumps of a day.
        fly: Gives a drawn run by its number; the same seed for all.
        jumps: How many runs, from number 0.
        folder: New, or empty.
        devices: What is worn.
        told: Told after every jump.

    Returns:
        What was written.

    Raises:
        InputError: For other kinds of stunt, or when the folder holds something.
    """
    if scenario.kind not in ("ramp-jump", "skydive", "base-jump"):
        raise InputError(
            f"{scenario.file} must be a ramp-jump, a skydive or a base-jump to make logs of, but is a "
            f"{scenario.kind}: its rehearsals are these three"
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder} must be a new or empty folder, but holds something: choose another")
    takes = 1 if scenario.plan is None else scenario.plan.takes
    days = [range(first, min(first + takes, jumps)) for first in range(0, jumps, takes)]
    write = _session if scenario.kind == "ramp-jump" else _descents
    files: list[Path] = []
    rows: list[dict[str, object]] = []
    _save_mark(folder, scenario, jumps)
    for day, numbers in enumerate(days):
        for path, facts in write(scenario, [fly(run) for run in numbers], day, folder, devices):
            files += [path] if path is not None and path not in files else []
            rows.append(facts)
            if told:
                told(len(rows), jumps)
    truth = _save_truth(folder, scenario, rows)
    _save_mark(folder, scenario, jumps, seed=rows[0]["seed"])
    out = [(int(str(row["run"])), str(row["outcome"])) for row in rows if not row["folder"]]
    return Season(tuple(files), len(rows) - len(out), tuple(out), truth)


Written = Iterator[tuple[Path | None, dict[str, object]]]


def _descents(scenario: Scenario, runs: Sequence[Run], day: int, folder: Path, devices: Devices) -> Written:
    """Write one file for each jump with a parachute, from the ground or the exit point to the landing."""
    for take, run in enumerate(runs):
        facts = _facts(run, day)
        landed = run.event("touchdown")
        if landed is None or not run.resolved or run.outcome not in ("landed", "landed-in-water"):
            yield None, facts
            continue
        start = _moment(scenario, day) + dt.timedelta(minutes=BETWEEN_JUMPS * take)
        flown = flown_motion(run.performer, landed.t)
        on_foot = scenario.kind == "base-jump"
        before = (
            run_off(flown, AT_EXIT)
            if on_foot
            else climb_to(flown.velocity[0], run.lip_altitude - run.landing_altitude, TAXI)
        )
        motion = join([before, flown, come_to_rest(flown, devices.rest)])
        zero = len(before.position) / RATE
        carried = 0.0 if on_foot else 0.3 * SHAKING
        shaking = np.where(np.arange(len(motion.position)) < len(before.position), carried, 0.0)
        path, where = _save(scenario, run, start, folder, devices, motion, shaking, zero)
        yield path, facts | {"folder": where, "jump": 1} | _times(run, zero)


def _session(scenario: Scenario, runs: Sequence[Run], day: int, folder: Path, devices: Devices) -> Written:
    """Write one file for the day: jumps with the ride back between them."""
    parts: list[TrueMotion] = []
    loud: list[np.ndarray] = []
    told: list[dict[str, object]] = []
    rows = 0
    azimuth = scenario.values()["run_up.azimuth"]
    slope = scenario.values().get("landing_surface.slope", 0.0)
    for run in runs:
        facts = _facts(run, day)
        landed = run.event("touchdown")
        told.append(facts)
        if landed is None or not run.resolved or run.event("takeoff") is None:
            continue
        flown = flown_motion(run.performer, landed.t)
        begin = flown.position[0]
        if not parts:
            parts.append(
                TrueMotion(begin + np.zeros((4000, 3)), np.zeros((4000, 3)), flown.attitude[[0] * 4000])
            )
            loud.append(np.zeros(4000))
            rows = 4000
        zero = rows / RATE - float(run.performer.t[0])
        back = ride_back(flown, parts[0].position[0], azimuth, slope, 0.4 * devices.rest)
        lip = run.event("takeoff")
        assert lip is not None
        rolling = np.arange(len(flown.position)) / RATE < lip.t
        parts += [flown, back]
        loud += [np.where(rolling, SHAKING, 0.2 * SHAKING), np.full(len(back.position), SHAKING)]
        rows += len(flown.position) + len(back.position)
        facts |= {"jump": sum(bool(row["jump"]) for row in told) + 1} | _times(run, zero)
    if not parts:
        for facts in told:
            yield None, facts
        return
    motion, first = join(parts), runs[0]
    path, where = _save(
        scenario, first, _moment(scenario, day), folder, devices, motion, np.concatenate(loud), None
    )
    for facts in told:
        yield path, facts | ({"folder": where} if facts["jump"] else {})


def _save(
    scenario: Scenario,
    run: Run,
    start: dt.datetime,
    folder: Path,
    devices: Devices,
    motion: TrueMotion,
    shaking: np.ndarray,
    exit_time: float | None,
) -> tuple[Path, str]:
    """Write a motion's log; returns its file and its folder as truth.csv names it."""
    where = f"{start:%y-%m-%d}/{start:%H-%M-%S}"
    generator = np.random.default_rng([run.seed or 0, run.run or 0, 20240504])
    values = scenario.values()
    origin = (values["site.latitude"], values["site.longitude"], run.lip_altitude)
    session = Session(start, origin, f"synthetic-{start:%Y%m%d%H%M%S}", scenario.title, run.seed or 0)
    fixes = receive(motion, devices.receiver, generator, exit_time)
    samples = None if devices.sensor is None else sense(motion, devices.sensor, generator, shaking)
    save = save_flysight2 if devices.form == "flysight2" else save_plain
    return save(folder / where, session, fixes, samples), where


def _moment(scenario: Scenario, day: int) -> dt.datetime:
    first = scenario.takeoff_time() or dt.datetime(2024, 1, 1, 12, tzinfo=dt.UTC)
    return first.replace(tzinfo=dt.UTC) + dt.timedelta(days=BETWEEN_DAYS * day)


def _facts(run: Run, day: int) -> dict[str, object]:
    blank: dict[str, object] = dict.fromkeys(FACTS, "")
    return (
        blank | {"day": day, "run": run.run or 0, "seed": run.seed or 0, "outcome": run.outcome} | run.values
    )


def _times(run: Run, zero: float) -> dict[str, object]:
    """Return what truly happened, with times from the file's first row."""
    events = {
        "exit": "exit",
        "throw": "throw",
        "line_stretch": "line stretch",
        "open": "canopy open",
        "lip": "takeoff",
        "landing": "touchdown",
    }
    found: dict[str, object] = {}
    for column, name in events.items():
        event = run.event(name)
        found[column] = "" if event is None or event.t > 1e5 else f"{zero + event.t:.4f}"
    for name in ("lip_pitch_rate", "airtime", "fill_time", "landing_sink"):
        if name in run.numbers:
            found[name] = f"{run.numbers[name]:.6g}"
    if run.event("takeoff") is not None:
        speed, angle = _left_with(run)
        found |= {"lip_speed": f"{speed:.6g}", "lip_path_angle": f"{angle:.6g}"}
    if "opening_load" in run.numbers:
        found["opening_load"] = f"{GRAVITY * run.numbers['opening_load']:.6g}"
    return found


def _left_with(run: Run) -> tuple[float, float]:
    """Return speed [m/s] and path angle [rad] of the centre of mass as it leaves, with the rider's pop.

    `lip_speed` and `lip_path_angle` of a run are told before the pop, which no log shows apart.
    """
    takeoff, track = run.event("takeoff"), run.performer
    assert takeoff is not None
    # Two steps have this time: the ramp's last and the flight's first.
    row = int(np.searchsorted(track.t, takeoff.t + 1e-9, "right")) - 1
    velocity = track.velocity[row]
    return float(np.linalg.norm(velocity)), math.atan2(velocity[2], math.hypot(velocity[0], velocity[1]))


def _save_truth(folder: Path, scenario: Scenario, rows: list[dict[str, object]]) -> Path:
    path = folder / "truth.csv"
    folder.mkdir(parents=True, exist_ok=True)
    names = [MARK.lower(), *FACTS, *scenario.uncertain()]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names, extrasaction="ignore", restval="", lineterminator="\n")
        writer.writeheader()
        for row in rows:
            written = {
                name: f"{x:.9g}" if isinstance(x, float) and math.isfinite(x) else x
                for name, x in row.items()
            }
            writer.writerow({MARK.lower(): 1, **written})
    return path


def _save_mark(folder: Path, scenario: Scenario, runs: int, seed: object = "not finished") -> None:
    """Say that nobody made these jumps, before the first of them is written and again with their seed."""
    text = (
        "SYNTHETIC: these logs were computed, nobody made these jumps. They are evidence of nothing.\n"
        f"scenario {scenario.file} (sha256 {scenario.sha256}), seed {seed}, {runs} runs\n"
        "truth.csv: what truly happened; times in seconds from each file's first row, the rest in SI units\n"
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{MARK}.txt").write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"{folder} must be a folder to write, but is not ({error.strerror}): choose another place"
        ) from None
