"""From inputs to a run: compile or load the stages, then fly them. Flying imports no JAX."""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from precipice.cache import alone, cache_folder
from precipice.simulation.kind import KINDS
from precipice.simulation.mode import NOMINAL, Mode
from precipice.simulation.native.kernel import Leaf
from precipice.simulation.program import Program, fingerprint, load_program
from precipice.world.rock import SHARED

Say = Callable[[str], None]

_loaded: dict[tuple[str, str], dict[str, Program]] = {}


def simulate(
    inputs: Any,
    keys: tuple[str, ...],
    mode: Mode = NOMINAL,
    say: Say | None = None,
    kind: str = "ramp-to-canopy",
) -> dict[str, np.ndarray]:
    """Return everything a run is made of, by name.

    Args:
        inputs: `Inputs` of one run.
        keys: Names of `inputs.values`.
        mode: `NOMINAL`, or `DRAWN` for a campaign's run.
        say: Told once, in one line, when programs must be compiled first.
        kind: Of stunt, a key of `KINDS`.

    Returns:
        Arrays by dotted name: "numbers.lip_speed", "legs.freefall.times", ...; see `Report`.
    """
    leaves = typed_leaves(inputs, mode, alone=True)
    programs = prepare_programs(leaves, keys, mode, say, kind)
    handed = {"inputs": leaves}
    report: dict[str, np.ndarray] = {}
    for name, takes in KINDS[kind].stages.items():
        given = [leaf for stage in takes for leaf in handed[stage]]
        results = programs[name].allocate(1, given)
        programs[name].kernel(given, results, np.zeros(1, np.int64))
        handed[name] = results[: programs[name].handed_on]
        report |= programs[name].report(results)
    return {name: np.asarray(value[0]) for name, value in report.items()}


def typed_leaves(inputs: Any, mode: Mode, alone: bool = False) -> list[np.ndarray]:
    """Return inputs as a program takes them: of its type, each run's numbers one after the other.

    Args:
        inputs: `Inputs` of many runs, stacked, or of one.
        mode: Whose type.
        alone: Whether they are of one run.
    """
    shared = [name in SHARED for name in inputs._fields]
    return [
        np.ascontiguousarray(np.asarray(leaf, mode.dtype)[None] if alone and not common else leaf, mode.dtype)
        for leaf, common in zip(inputs, shared, strict=True)
    ]


def prepare_programs(
    leaves: Sequence[np.ndarray],
    keys: tuple[str, ...],
    mode: Mode,
    say: Say | None = None,
    kind: str = "ramp-to-canopy",
) -> dict[str, Program]:
    """Return the compiled stages: from memory, from the cache folder, or built now.

    Args:
        leaves: From `typed_leaves`.
        keys: Names of the inputs' values.
        mode: Precision, lanes, and what is kept.
        say: Told when compiling.
        kind: Of stunt, a key of `KINDS`.
    """
    from precipice.world.arrange import Inputs

    inputs = [
        Leaf(leaf.shape if name in SHARED else leaf.shape[1:], leaf.dtype.name, name in SHARED)
        for name, leaf in zip(Inputs._fields, leaves, strict=True)
    ]
    shapes = repr(inputs)
    known = (kind + shapes + ",".join(keys), mode.name)
    if known in _loaded:
        return _loaded[known]
    key = fingerprint([kind, shapes, repr(mode), *keys])
    files = {name: cache_folder() / f"{key}-{name}.bin" for name in KINDS[kind].stages}
    programs: Mapping[str, Program | None] = _load(files)
    if any(program is None for program in programs.values()):
        if say:
            say("compiling, about half a minute: only the first time with this version on this machine")
        with alone(cache_folder(), key):
            programs = _load(files)
            if any(program is None for program in programs.values()):
                programs = _build(inputs, keys, kind, mode, files)
    ready = {name: program for name, program in programs.items() if program is not None}
    _loaded[known] = ready
    return ready


def _load(files: dict[str, Path]) -> dict[str, Program | None]:
    with ThreadPoolExecutor(len(files)) as pool:
        return dict(zip(files, pool.map(load_program, files.values()), strict=True))


def _build(
    inputs: list[Leaf], keys: tuple[str, ...], kind: str, mode: Mode, files: dict[str, Path]
) -> Mapping[str, Program]:
    # Checks become NaN, which ends a leg as unresolved.
    os.environ.setdefault("EQX_ON_ERROR", "nan")
    from precipice.simulation.stages import build_programs

    return build_programs(inputs, keys, kind, mode, files)
