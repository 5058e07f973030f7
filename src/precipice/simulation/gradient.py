"""How a run changes with its inputs: the flown legs once more in forward mode, many directions at once."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from precipice.cache import alone, cache_folder
from precipice.simulation.kind import KINDS, phases_of
from precipice.simulation.mode import Mode
from precipice.simulation.program import Program, fingerprint, load_program
from precipice.simulation.simulate import Say, simulate
from precipice.world.arrange import Inputs

FINER = 8
"""Steps of a replay for each step of the flight, where its rows allow: slopes are rougher than states."""
FOLLOWING = Mode("following", "float64", 8, exact=True, keeps=True)
"""How a replay is compiled: a direction in each lane."""
PORTION = 64
"""Directions that are followed at a time: their tables fill memory."""
FLOWN = ("times", "margin", "flown", "resolved")
"""What a replay is told of a phase's legs; see `FlownLegs`."""

_loaded: dict[str, dict[str, Program]] = {}


class Slopes(NamedTuple):
    """A run, and how it changes.

    Attributes:
        report: Arrays by name, as `simulate` gives them, but at `FINER` times as many steps.
        slopes: Change of times, records and numbers per unit of each direction, `(n, ...)`, by the same
            names; numbers that are the largest or smallest of a leg are left out.
    """

    report: dict[str, np.ndarray]
    slopes: dict[str, np.ndarray]


def follow(
    inputs: Inputs, directions: Inputs, keys: tuple[str, ...], kind: str, say: Say | None = None
) -> Slopes:
    """Return a run and its derivative along directions of its inputs.

    Args:
        inputs: Of one run, float64.
        directions: Changes of the inputs, leaves `(n, ...)`.
        keys: Names of `inputs.values`.
        kind: Of stunt, a key of `KINDS`.
        say: Told in one line when programs must be compiled first.
    """
    report = simulate(inputs, keys, say=say, kind=kind)
    given = [np.ascontiguousarray(leaf, float) for leaf in inputs]
    known = [report[f"legs.{phase}.{name}"] for phase in phases_of(kind) for name in FLOWN]
    known = [np.ascontiguousarray(_finer(leaf) if leaf.ndim > 1 else leaf) for leaf in known]
    programs = _prepare(given, known, keys, kind, say)
    count = len(directions.values)
    parts = []
    for first in range(0, count, PORTION):
        rows = slice(first, min(first + PORTION, count))
        along = [np.ascontiguousarray(np.asarray(leaf, float)[rows]) for leaf in directions]
        parts.append(_fly(programs, [*given, *along], known, kind, rows.stop - first))
    slopes = {name: np.concatenate([part.slopes[name] for part in parts]) for name in parts[0].slopes}
    return Slopes(report | parts[0].report, slopes)


def _finer(times: np.ndarray) -> np.ndarray:
    """Return the times of legs with each step divided into equal ones, `(legs, k)` [s]."""
    found = np.full_like(times, np.inf)
    for leg, row in enumerate(times):
        steps = row[np.isfinite(row)]
        if len(steps) < 2:
            found[leg] = row
            continue
        parts = max(1, min(FINER, (len(row) - 1) // (len(steps) - 1)))
        starts = steps[:-1, None] + np.diff(steps)[:, None] * (np.arange(parts) / parts)
        finer = np.append(starts.ravel(), steps[-1])
        found[leg, : len(finer)] = finer
    return found


def _fly(
    programs: Mapping[str, Program], inputs: list[Any], known: list[Any], kind: str, count: int
) -> Slopes:
    """Return the replayed part of the report, and its slopes along each direction."""
    handed: dict[str, list[Any]] = {"inputs": inputs, "flown": known}
    found = Slopes({}, {})
    for name, takes in _takes(kind).items():
        program = programs[name]
        given = [leaf for stage in takes for leaf in handed[stage]]
        results = program.allocate(count, given)
        program.kernel(given, results, np.arange(count))
        handed[name] = results[: program.handed_on]
        for path, value in program.report(results).items():
            which, short = path.split(".", 1)
            if which == "report":
                found.report[short] = np.asarray(value[0])
            else:
                found.slopes[short] = value
    return found


def _takes(kind: str) -> dict[str, tuple[str, ...]]:
    """Return what each stage takes: all but the world also what is known of the flown legs."""
    stages = KINDS[kind].stages
    return {name: takes if name == "world" else (*takes, "flown") for name, takes in stages.items()}


def _prepare(
    leaves: Sequence[np.ndarray],
    known: Sequence[np.ndarray],
    keys: tuple[str, ...],
    kind: str,
    say: Say | None,
) -> Mapping[str, Program]:
    """Return the compiled stages: from memory, from the cache folder, or built now."""
    shapes = repr([(leaf.shape, leaf.dtype.name) for leaf in [*leaves, *known]])
    here = [
        Path(__file__).with_name(f"{name}.py").read_text(encoding="utf-8") for name in ("follow", "replay")
    ]
    key = fingerprint([*here, kind, shapes, *keys])
    if key in _loaded:
        return _loaded[key]
    files = {name: cache_folder() / f"{key}-{name}.bin" for name in KINDS[kind].stages}
    programs = _load(files)
    if len(programs) < len(files):
        if say:
            say(
                "compiling derivatives, about a minute: only the first time with this version on this machine"
            )
        # Checks become NaN, as in `simulate`.
        os.environ.setdefault("EQX_ON_ERROR", "nan")
        with alone(cache_folder(), key):
            programs = _load(files)
            if len(programs) < len(files):
                from precipice.simulation.follow import build_followers

                takes = _takes(kind)
                programs = build_followers(leaves, known, keys, kind, takes, FOLLOWING, files)
    _loaded[key] = programs
    return programs


def _load(files: Mapping[str, Path]) -> dict[str, Program]:
    found = {name: load_program(file) for name, file in files.items()}
    return {name: program for name, program in found.items() if program is not None}
