"""What precipice says about the same jumps: shipped scenarios and variants of them, with drawn spreads."""

import re
from pathlib import Path
from typing import NamedTuple

import numpy as np
from benchmarks.real_logs.level_speed import LANDING, SETTLING
from benchmarks.real_logs.measured import GROUPS, SECONDS, Spread, spread

import precipice
from precipice.scenario.load import parse_scenario

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
MODERN = "wingsuit, cliff, flatter glide"
"""The suit of the community's polar of 2 m²: greatest lift over drag 2.90, at 33.9 m/s, sinking 11.1 m/s."""

Changes = dict[str, str]


class Flown(NamedTuple):
    """One scenario's side of the comparison.

    Attributes:
        runs: Flown.
        landed: Of these under the canopy, anywhere.
        drop: Below the exit by second [m].
        sink: Downward speed by second [m/s].
        loss: Height from line stretch to the open canopy [m].
        onset: Speed at line stretch [m/s].
        canopy: Mean descent rate from the open canopy to touchdown [m/s].
        level: Median level speed through the air from the open canopy to the end of the flight [m/s].
        delay: From the exit to line stretch [s].
    """

    runs: int
    landed: int
    drop: dict[int, Spread]
    sink: dict[int, Spread]
    loss: Spread
    onset: Spread
    canopy: Spread
    level: Spread
    delay: Spread


def shipped(name: str, changes: Changes | None = None) -> str:
    """Return the text of a shipped scenario with some passages replaced, each of which stands there once."""
    text = (SCENARIOS / f"{name}.toml").read_text(encoding="utf-8")
    for old, new in (changes or {}).items():
        if text.count(old) != 1:
            raise ValueError(f"{old!r} must stand once in {name}.toml, but is there {text.count(old)} times")
        text = text.replace(old, new)
    return text


def performer_of(text: str) -> str:
    """Return the performer's section of a scenario's text."""
    found = re.search(r"(?ms)^\[performer\]\n.*?(?=^\[)", text)
    if found is None:
        raise ValueError("the scenario must have a section [performer], but has none")
    return found[0]


def scenario_texts() -> dict[str, str]:
    """Return the scenario of each group: shipped, or shipped with the few numbers that the group asks for."""
    suited, dive = shipped("wingsuit"), shipped("skydive")
    polar = {
        'sustained_speed = { value = "100 mph"': 'sustained_speed = { value = "32.0 m/s"',
        'sustained_sink = { value = "40 mph"': 'sustained_sink = { value = "11.1 m/s"',
        'mass = { value = "81.65 kg"': 'mass = { value = "77.5 kg"',
    }
    # The log's height above the field; the opening began 4.7 s after the exit, 0.9 s of it extraction.
    short = {
        'altitude = { value = "4400 m"': 'altitude = { value = "1644 m"',
        'altitude = { value = "400 m"': 'altitude = { value = "5 m"',
        'throw = { value = "51 s", spread = { shape = "normal", sd = "2 s"': (
            'throw = { value = "3.8 s", spread = { shape = "normal", sd = "0.3 s"'
        ),
    }
    return {
        GROUPS[0]: suited,
        MODERN: shipped("wingsuit", polar),
        GROUPS[1]: shipped("skydive", {performer_of(dive): performer_of(suited)}),
        GROUPS[2]: dive,
        GROUPS[3]: shipped("skydive", short),
    }


def read_run(run: precipice.Run) -> dict[str, float] | None:
    """Return one run's numbers by name; None when no canopy opened or it did not come down under one."""
    exit_, stretch, opened = (run.event(name) for name in ("exit", "line stretch", "canopy open"))
    down = run.event("touchdown")
    if exit_ is None or stretch is None or opened is None or down is None:
        return None
    top, found = exit_.position[2], {}
    for second in SECONDS:
        place, velocity = run.performer.at(exit_.t + second)
        found[f"drop {second}"], found[f"sink {second}"] = top - place[2], -velocity[2]
    return found | {
        "loss": stretch.position[2] - opened.position[2],
        "onset": stretch.speed,
        "canopy": (opened.position[2] - down.position[2]) / (down.t - opened.t),
        "level": level_airspeed(run, opened.t + SETTLING, down.t - LANDING),
        "delay": stretch.t - exit_.t,
    }


def level_airspeed(run: precipice.Run, begin: float, end: float) -> float:
    """Return the median level speed through the air between two times, evenly sampled [m/s].

    Winds are level here, so that the vertical speed is the same over the ground and through the air.
    """
    track, times = run.performer, np.linspace(begin, end, 400)
    sink = [track.at(t)[1][2] for t in times]
    through_air = np.interp(times, track.t, track.air_speed)
    return float(np.median(np.sqrt(np.maximum(through_air**2 - np.square(sink), 0.0))))


def fly_group(text: str, runs: int | None, name: str = "variant") -> Flown:
    """Return what a scenario's runs say.

    Args:
        text: Of the scenario.
        runs: Drawn runs from number 0, seed 0; None flies the nominal run alone.
        name: To call it in messages.
    """
    scenario = parse_scenario(text, f"{name}.toml")
    numbers = [None] if runs is None else list(range(runs))
    flown = [read_run(precipice.fly(scenario, run=number)) for number in numbers]
    rows = [row for row in flown if row is not None]
    columns = {key: spread(row[key] for row in rows) for key in rows[0]}
    return Flown(
        runs=len(flown),
        landed=len(rows),
        drop={second: columns[f"drop {second}"] for second in SECONDS},
        sink={second: columns[f"sink {second}"] for second in SECONDS},
        **{key: columns[key] for key in ("loss", "onset", "canopy", "level", "delay")},
    )
