"""Whole seasons with known means and spreads: flown, recorded, read, segmented; see check_calibration.

The scenario is the shipped ramp-jump with a run-up that is long enough for every speed that is tried, and
known spreads of the three fields by jump and of the first by day. A reading of it is learned once, from
trials of its own.
"""

import tempfile
from functools import partial
from pathlib import Path

import numpy as np

from precipice.campaign.fly import fly
from precipice.scenario.load import parse_scenario
from precipice.training.calibrate import _found
from precipice.training.counterpart import learn_reading
from precipice.training.hierarchy import learn
from precipice.training.informed import INFORMED
from precipice.training.ingest import ingest
from precipice.training.logbook import load_logbook
from precipice.training.sensor import MotionSensor, Receiver
from precipice.training.synthesize import Devices, synthesize

ROOT = Path(__file__).resolve().parents[1]
TRUTH = {
    "performer.speed_error": (0.2, 0.5, 0.25),
    "performer.pop": (0.1, 0.25, 0.0),
    "performer.pitch_rate_error": (0.5, 0.2, 0.0),
}
"""Mean, spread by jump, spread by day, SI."""
DAYS, JUMPS = 5, 12
DEVICES = (Receiver(rate=25.0), MotionSensor(rate=100.0))


def rehearsal():
    """Return the scenario with known spreads, and the one whose spreads nobody knows."""
    text = (ROOT / "scenarios" / "ramp_jump.toml").read_text()
    text = text.replace('length = { value = "60 m"', 'length = { value = "110 m"')
    text = text.replace("takes = 20", f"takes = {JUMPS}")
    start = text.index("speed_error = ")
    end = text.index("[wind]")
    known = ""
    for path, (mean, jump, day) in TRUTH.items():
        unit = "rad/s" if path.endswith("rate_error") else "m/s"
        spreads = [f'{{ shape = "normal", sd = "{jump} {unit}", varies = "jump" }}']
        if day:
            spreads.append(f'{{ shape = "normal", sd = "{day} {unit}", varies = "day" }}')
        if path.endswith("pop"):
            ends = 'low = "-1.4 m/s", high = "1.6 m/s"'
            spreads = [f'{{ shape = "truncated-normal", sd = "0.25 m/s", {ends}, varies = "jump" }}']
        known += f'{path.split(".")[1]} = {{ value = "{mean} {unit}", spread = [{", ".join(spreads)}] }}\n'
    return parse_scenario(text[:start] + known + "\n" + text[end:], "rehearsal.toml")


def flown_seasons(seasons, days=DAYS):
    """Yield the posterior of each field in each season."""
    scenario = rehearsal()
    reading = learn_reading(scenario, INFORMED[0], lambda which, run: fly(which, run, 471_102), DEVICES)
    for season in range(seasons):
        with tempfile.TemporaryDirectory() as folder:
            logs = Path(folder) / "logs"
            devices = Devices(*DEVICES, "flysight2")
            synthesize(scenario, partial(fly, scenario, seed=1000 + season), days * JUMPS, logs, devices)
            ingest(logs, Path(folder) / "book.parquet", workers=1)
            rows = load_logbook(Path(folder) / "book.parquet").rows
        found = {}
        for place, field in enumerate(reading.fields):
            values, errors, shared = _found(INFORMED[0], reading, rows, place)
            there = np.isfinite(values)
            day = np.array([row["day"] for row, is_there in zip(rows, there, strict=True) if is_there])
            posterior = learn(values[there], errors[there], day)
            found[field.path] = (posterior, float(np.median(shared[there])))
        yield len(rows), found


def holds(posterior, shared, truth):
    """Return whether mean, spread by jump and spread by day lie in their 95 % intervals."""
    mean, jump, day = truth
    reach = 1.96 * np.hypot(posterior.mean.scale, shared)
    return [
        abs(posterior.mean.middle - mean) <= reach,
        posterior.jump.interval.low <= jump <= posterior.jump.interval.high,
        posterior.day.interval.low <= day <= posterior.day.interval.high,
    ]


def through_logs(seasons):
    """Print the coverage of whole seasons."""
    held = {path: [] for path in TRUTH}
    for number, (jumps, found) in enumerate(flown_seasons(seasons), start=1):
        for path, (posterior, shared) in found.items():
            held[path].append(holds(posterior, shared, TRUTH[path]))
        if number % 5 == 0 or number == seasons:
            print(f"after {number} seasons ({jumps} of {DAYS * JUMPS} jumps found in the last)")
            for path, rows in held.items():
                print(f"  {path:32} " + "   ".join(f"{x:.2f}" for x in np.mean(rows, axis=0)), flush=True)
