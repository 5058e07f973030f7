"""From inputs to a run: compile or load the stages, then fly them."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jax
import numpy as np

from precipice.cache import cache_folder
from precipice.simulation.kind import KINDS
from precipice.simulation.program import Program, fingerprint, load_program

LANES = 128
"""Runs that one campaign program flies side by side; a lone run is padded to it, for the same bits."""

Say = Callable[[str], None]

_loaded: dict[tuple[str, bool], dict[str, Program]] = {}


class Precision:
    """Names of the two ways to fly: one run in float64, or 128 in float32."""

    NOMINAL = "float64"
    CAMPAIGN = "float32"


def simulate(
    inputs: Any,
    keys: tuple[str, ...],
    precision: str = Precision.NOMINAL,
    say: Say | None = None,
    kind: str = "ramp-to-canopy",
) -> dict[str, np.ndarray]:
    """Return everything a run is made of, by name.

    Args:
        inputs: `Inputs` of one run (float64), or of exactly `LANES` runs stacked (float32).
        keys: Names of `inputs.values`.
        precision: "float64" for one run, "float32" for `LANES`.
        say: Told once, in one line, when programs must be compiled first.
        kind: Of stunt, a key of `KINDS`.

    Returns:
        Arrays by dotted name: "numbers.lip_speed", "legs.freefall.times", ...; see `Report`.
    """
    batched = precision == Precision.CAMPAIGN
    dtype = np.float32 if batched else np.float64
    with jax.enable_x64(not batched):
        leaves = [np.asarray(leaf, dtype) for leaf in inputs]
        programs = prepare_programs(leaves, keys, batched, say, kind)
        return _fly(programs, leaves, kind)


def _fly(programs: dict[str, Program], inputs: Sequence[Any], kind: str) -> dict[str, np.ndarray]:
    handed = {"inputs": list(inputs)}
    report: dict[str, Any] = {}
    for name, takes in KINDS[kind].stages.items():
        given = [leaf for stage in takes for leaf in handed[stage]]
        handed[name], part = programs[name](given)
        report |= part
    return {name: np.asarray(value) for name, value in report.items()}


def prepare_programs(
    leaves: Sequence[Any],
    keys: tuple[str, ...],
    batched: bool,
    say: Say | None = None,
    kind: str = "ramp-to-canopy",
) -> dict[str, Program]:
    """Return the compiled stages: from memory, from the cache folder, or built now.

    Args:
        leaves: Shapes and types of the run's inputs.
        keys: Names of the inputs' values.
        batched: Whether they are for `LANES` runs.
        say: Told when compiling.
        kind: Of stunt, a key of `KINDS`.
    """
    shapes = repr([(leaf.shape, str(leaf.dtype)) for leaf in leaves])
    known = (kind + shapes + ",".join(keys), batched)
    if known in _loaded:
        return _loaded[known]
    key = fingerprint([kind, shapes, *keys])
    files = {name: cache_folder() / f"{key}-{name}.bin" for name in KINDS[kind].stages}
    with ThreadPoolExecutor(len(files)) as pool:
        programs = dict(zip(files, pool.map(load_program, files.values()), strict=True))
    if any(program is None for program in programs.values()):
        if say:
            wait = "one to two minutes" if batched else "half a minute"
            say(f"compiling, about {wait}: only the first time with this version on this machine")
        # Checks become NaN, which ends a leg as unresolved: callbacks would bar a program from the cache.
        os.environ.setdefault("EQX_ON_ERROR", "nan")
        from precipice.simulation.stages import build_programs

        programs = build_programs(leaves, keys, kind, batched, files)
    ready = {name: program for name, program in programs.items() if program is not None}
    _loaded[known] = ready
    return ready
