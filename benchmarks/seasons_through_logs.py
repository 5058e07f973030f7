"""Whole seasons with known means and spreads: flown, recorded, read, segmented; see check_calibration.

The scenarios are the shipped ramp-jump, with a run-up that is long enough for every speed that is tried,
and the shipped skydive, both with known spreads by jump and by day. What nobody has measured is drawn once a
season: mass and drag area of rider and motorcycle; the habit of the hands on the toggles, for which the
canopy's coefficients stand. A reading is learned from trials of its own, and anew every five seasons: its own
error is part of what the intervals claim.
"""

import tempfile
from functools import partial
from pathlib import Path

import numpy as np

from precipice.campaign.fly import fly
from precipice.scenario.load import parse_scenario
from precipice.training.calibrate import aloft_of, same_wind, values_of
from precipice.training.counterpart import DOUBT, learn_reading, read_back
from precipice.training.hierarchy import FEWEST, learn
from precipice.training.informed import BODY, INFORMED, TOGGLES, suited
from precipice.training.ingest import ingest
from precipice.training.logbook import NUMBERS, load_logbook
from precipice.training.sensor import MotionSensor, Receiver
from precipice.training.synthesize import Devices, synthesize

ROOT = Path(__file__).resolve().parents[1]
TRUTH = {
    "performer.speed_error": (0.2, 0.5, 0.25),
    "performer.pop": (0.1, 0.25, 0.12),
    "performer.pitch_rate_error": (0.5, 0.2, 0.1),
}
"""Mean, spread by jump, spread by day, SI."""
SKYDIVES = {
    "plan.throw": (np.log(51.0), 0.03, 0.02),
    "performer.drag_area": (np.log(0.46), 0.04, 0.02),
    "rig.fill_constant": (np.log(48.0), 0.2, 0.1),
    "rig.lift_full": (np.log(0.64), 0.03, 0.015),
    "rig.drag_full": (np.log(0.23), 0.05, 0.025),
}
"""The same, of the logarithm."""
DAYS, JUMPS = 10, 6
SKYDIVES_A_DAY = 4
DEVICES = (Receiver(rate=25.0), MotionSensor(rate=100.0))
WORN = (Receiver(rate=10.0), None)
AGAIN = 5
"""Seasons after which a reading is learned anew."""
FIRST = 3000
"""Seed of the first season."""


def rehearsal():
    """Return the ramp-jump with known spreads."""
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
            spreads = [
                f'{{ shape = "truncated-normal", sd = "{sd} m/s", {ends}, varies = "{varies}" }}'
                for sd, varies in ((jump, "jump"), (day, "day"))
            ]
        known += f'{path.split(".")[1]} = {{ value = "{mean} {unit}", spread = [{", ".join(spreads)}] }}\n'
    return parse_scenario(text[:start] + known + "\n" + text[end:], "rehearsal.toml")


def skydive(habit=0.0):
    """Return the skydive with known spreads; mass and temperature, which change all areas, are exact.

    Args:
        habit: By how much of their travel the toggles are further down than the simulated pilot's.
    """
    moved = {"rig.lift_full": 0.6 * habit, "rig.drag_full": habit}
    lines = []
    for line in (ROOT / "scenarios" / "skydive.toml").read_text().splitlines():
        name = line.split(" = ")[0]
        path = next((path for path in SKYDIVES if path.endswith(f".{name}")), None)
        if path in ("plan.throw", "performer.drag_area", "rig.fill_constant"):
            line = f"{name} = {_lognormal(path, 0.0)}"
        elif name == "mass":
            line = 'mass = "90 kg"'
        elif name == "temperature_offset":
            line = 'temperature_offset = "0 delta_degC"'
        elif name == "fill_exponent":
            lines += [f"{path.split('.')[1]} = {_lognormal(path, by)}" for path, by in moved.items()]
        lines.append(line)
    return parse_scenario("\n".join(lines), "skydive.toml")


def _lognormal(path, moved):
    mean, jump, day = SKYDIVES[path]
    unit = {"plan.throw": " s", "performer.drag_area": " m^2"}.get(path, "")
    spreads = [f'{{ shape = "lognormal", sigma = "{jump}", varies = "jump" }}']
    if day:
        spreads.append(f'{{ shape = "lognormal", sigma = "{day}", varies = "day" }}')
    return f'{{ value = "{np.exp(mean + moved):.6g}{unit}", spread = [{", ".join(spreads)}] }}'


def posteriors(reading, rows):
    """Return what a season's rows say of each field that they show: posterior, and what all jumps share.

    Rows and allowances are those of calibration.
    """
    found = {}
    for place, field in enumerate(reading.fields):
        alike = same_wind(rows)[0] if field.path in BODY and reading.flies else rows
        values, errors, shared = values_of(reading, alike, place)
        there = np.isfinite(values)
        if np.sum(there) >= FEWEST:
            day = np.array([row["day"] for row in alike])[there]
            aloft = aloft_of(reading, alike, place)
            posterior = learn(values[there], errors[there], day, doubt=DOUBT, daily=aloft)
            found[field.path] = posterior, float(np.median(shared[there]))
    return found


def reading_of(scenario, informed, devices, season):
    """Return the reading for a season, from trials that no other five seasons use."""
    seed = 471_102 + (FIRST - 3000 + season) // AGAIN
    return learn_reading(scenario, informed, lambda which, run: fly(which, run, seed), devices)


def flown_seasons(seasons, days=DAYS):
    """Yield how many jumps of each season are found, and what they say of each field."""
    scenario, reading = rehearsal(), None
    for season in range(seasons):
        if season % AGAIN == 0:
            reading = reading_of(scenario, INFORMED[0], DEVICES, season)
        with tempfile.TemporaryDirectory() as folder:
            logs = Path(folder) / "logs"
            devices = Devices(*DEVICES, "flysight2")
            flown = partial(fly, scenario, seed=FIRST + season, constant_index=0)
            synthesize(scenario, flown, days * JUMPS, logs, devices)
            ingest(logs, Path(folder) / "book.parquet", workers=1)
            rows = load_logbook(Path(folder) / "book.parquet").rows
        yield len(rows), posteriors(reading, rows)


def skydive_seasons(seasons):
    """Yield the same of skydives, whose logs are read without a file between."""
    scenario, reading = skydive(), None
    informed = suited(INFORMED[1], scenario.values())
    blank = {part: None for name in NUMBERS for part in (name, f"{name}_sd")}
    for season in range(seasons):
        if season % AGAIN == 0:
            reading = reading_of(scenario, informed, WORN, season)
        rows = []
        habit = TOGGLES * np.random.default_rng([FIRST, season]).standard_normal()
        flown = skydive(habit)
        one = partial(fly, flown, seed=FIRST + season, constant_index=0)
        for run in range(DAYS * SKYDIVES_A_DAY):
            found = read_back(flown, one(run), WORN, 7919 * season + run)
            if found is not None:
                told = {name: value for name, (value, _) in found.items() if name in NUMBERS}
                told |= {f"{name}_sd": off for name, (_, off) in found.items() if name in NUMBERS}
                rows.append(blank | told | {"day": f"{run // SKYDIVES_A_DAY}"})
        yield len(rows), posteriors(reading, rows)


DESIGNS = {"--logs": (flown_seasons, TRUTH), "--skydives": (skydive_seasons, SKYDIVES)}
"""By option: what flies the seasons, and what is true of them."""


def holds(posterior, shared, truth):
    """Return whether mean, spread by jump and spread by day lie in their 95 % intervals."""
    mean, jump, day = truth
    reach = 1.96 * np.hypot(posterior.mean.scale, shared)
    return [
        abs(posterior.mean.middle - mean) <= reach,
        posterior.jump.interval.low <= jump <= posterior.jump.interval.high,
        posterior.day.interval.low <= day <= posterior.day.interval.high,
    ]


def through_logs(seasons, flown, truth):
    """Print how often intervals of mean, spread by jump and spread by day held; how far the mean is off.

    Args:
        seasons: How many.
        flown: `flown_seasons` or `skydive_seasons`.
        truth: Of each field.
    """
    held = {path: [] for path in truth}
    off = {path: [] for path in truth}
    for number, (jumps, found) in enumerate(flown(seasons), start=1):
        for path, (posterior, shared) in found.items():
            held[path].append(holds(posterior, shared, truth[path]))
            off[path].append(posterior.mean.middle - truth[path][0])
        if number % 5 == 0 or number == seasons:
            print(f"after {number} seasons ({jumps} jumps found in the last)")
            for path, rows in held.items():
                shares = "   ".join(f"{x:.2f}" for x in np.mean(rows, axis=0))
                error = np.std(off[path], ddof=1) / np.sqrt(number) if number > 1 else np.nan
                print(f"  {path:32} {shares}   {np.mean(off[path]):+.4f} ± {error:.4f}", flush=True)
