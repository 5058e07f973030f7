"""Synthetic seasons that several files of tests read, each made once."""

import tempfile
from functools import cache, partial
from pathlib import Path

import precipice
from precipice.scenario.load import load_scenario
from precipice.training.ingest import About, ingest
from precipice.training.logbook import load_logbook
from precipice.training.sensor import MotionSensor, Receiver
from precipice.training.synthesize import Devices, synthesize

ROOT = Path(__file__).parents[2]


@cache
def season_folder(name, jumps, seed=3, rate=5.0):
    """Return a folder of logs of a shipped scenario, which nobody may change."""
    scenario = load_scenario(ROOT / "scenarios" / f"{name}.toml")
    folder = Path(tempfile.mkdtemp(prefix="precipice-season-")) / "logs"
    devices = Devices(Receiver(rate=rate), MotionSensor(rate=50.0), "flysight2")
    fly = partial(precipice.fly, scenario, seed=seed, constant_index=0)
    return synthesize(scenario, fly, jumps, folder, devices)


@cache
def season_logbook(name, jumps, seed=3, rate=5.0):
    """Return the logbook of such a folder."""
    made = season_folder(name, jumps, seed, rate)
    book = made.truth.parent.parent / "season.parquet"
    ingest(made.truth.parent, book, About(performer="rider"), workers=1)
    return load_logbook(book)


def as_real(logbook):
    """Return a logbook in which synthetic jumps claim to be real, to test what real ones would do."""
    rows = [row | {"synthetic": False} for row in logbook.rows]
    return type(logbook)(rows, logbook.path)
