"""How a run changes with its inputs: the chain of stages in forward mode, many directions at once.

Forward, because a leg is a loop of unknown length. Times of events follow the inputs (`Tolerance`); the
steps between them stay where they are, so that a kept step moves with the leg's start and with the state.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from precipice.cache import cache_folder
from precipice.simulation.kind import KINDS
from precipice.simulation.program import Program, Stage, fingerprint, load_program, lower_stage
from precipice.simulation.simulate import Say
from precipice.world.arrange import Inputs

DIRECTIONS = 16
"""Directions that one program follows side by side; fewer are padded with zeros."""

_loaded: dict[str, dict[str, Program]] = {}


class Slopes(NamedTuple):
    """A run, and how it changes.

    Attributes:
        report: Arrays by name, as `simulate` gives them.
        slopes: For each float array of the report its change per unit of each direction, `(n, ...)`.
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
        say: Told once, in one line, when programs must be compiled first.
    """
    # jax.enable_x64 is made at run time.
    with jax.enable_x64(True):  # noqa: FBT003  # pyright: ignore[reportAttributeAccessIssue]
        given = [np.asarray(leaf, float) for leaf in inputs]
        programs = _prepare(given, keys, kind, say)
        count = len(directions.values)
        parts = []
        for first in range(0, count, DIRECTIONS):
            rows = slice(first, min(first + DIRECTIONS, count))
            along = [_padded(np.asarray(leaf, float)[rows]) for leaf in directions]
            parts.append(_fly(programs, [*given, *along], kind, rows.stop - first))
    slopes = {name: np.concatenate([part.slopes[name] for part in parts]) for name in parts[0].slopes}
    return Slopes(parts[0].report, slopes)


def _padded(leaf: np.ndarray) -> np.ndarray:
    return np.concatenate([leaf, np.zeros((DIRECTIONS - len(leaf), *leaf.shape[1:]))])


def _fly(programs: dict[str, Program], inputs: Sequence[Any], kind: str, count: int) -> Slopes:
    handed = {"inputs": list(inputs)}
    found = Slopes({}, {})
    for name, takes in KINDS[kind].stages.items():
        handed[name], part = programs[name]([leaf for stage in takes for leaf in handed[stage]])
        for path, value in part.items():
            which, short = path.split(".", 1)
            if which == "report":
                found.report[short] = np.asarray(value)
            elif value.size:
                found.slopes[short] = np.asarray(value)[:count]
    return found


def _prepare(
    leaves: Sequence[np.ndarray], keys: tuple[str, ...], kind: str, say: Say | None
) -> dict[str, Program]:
    """Return the compiled stages: from memory, from the cache folder, or built now."""
    shapes = repr([leaf.shape for leaf in leaves])
    key = fingerprint(["gradient", Path(__file__).read_text(encoding="utf-8"), kind, shapes, *keys])
    if key in _loaded:
        return _loaded[key]
    files = {name: cache_folder() / f"{key}-{name}.bin" for name in KINDS[kind].stages}
    with ThreadPoolExecutor(len(files)) as pool:
        kept = dict(zip(files, pool.map(load_program, files.values()), strict=True))
    programs = {name: program for name, program in kept.items() if program is not None}
    if len(programs) < len(files):
        if say:
            say("compiling derivatives, one to three minutes: only the first time with this version here")
        # Checks become NaN, as in `simulate`.
        os.environ.setdefault("EQX_ON_ERROR", "nan")
        programs = _build(leaves, keys, kind, files)
    _loaded[key] = programs
    return programs


def _build(
    leaves: Sequence[np.ndarray], keys: tuple[str, ...], kind: str, files: dict[str, Any]
) -> dict[str, Program]:
    """Return all stages compiled: tracing one by one, compiling beside it."""
    from precipice.simulation.stages import compile_stage, without_locations, without_second_cache

    structures: dict[str, Any] = {"inputs": jax.tree.structure(Inputs(*range(len(leaves))))}
    shapes = {"inputs": [jax.ShapeDtypeStruct(leaf.shape, leaf.dtype) for leaf in leaves]}
    shapes["inputs"] += [jax.ShapeDtypeStruct((DIRECTIONS, *leaf.shape), leaf.dtype) for leaf in leaves]
    with ThreadPoolExecutor(2) as pool, without_locations(), without_second_cache():
        pending = {}
        for stage in _stages(structures, keys, kind):
            taken = [leaf for name in stage.takes for leaf in shapes[name]]
            lowered, handed_on, names = lower_stage(stage, taken)
            results = jax.tree.leaves(lowered.out_info)[:handed_on]
            shapes[stage.name] = [jax.ShapeDtypeStruct(out.shape, out.dtype) for out in results]
            pending[stage.name] = pool.submit(
                compile_stage, lowered, len(taken), handed_on, names, files[stage.name], wide=True
            )
        return {name: future.result() for name, future in pending.items()}


def _stages(structures: dict[str, Any], keys: tuple[str, ...], kind: str) -> list[Stage]:
    """Return the stages of a kind of stunt; each takes and hands on values, then their slopes.

    Args:
        structures: Filled while tracing: how each stage's flat leaves make its pytree.
        keys: Names of the inputs' values.
        kind: Of stunt, a key of `KINDS`.
    """
    from precipice.simulation.leg import Tolerance
    from precipice.simulation.stages import EXACT_STEPS, world_stage
    from precipice.simulation.stunt import STAGES

    tolerance = Tolerance(differentiable=True)
    functions: dict[str, Callable[..., Any]] = {
        name: partial(function, tolerance=tolerance, steps=EXACT_STEPS) for name, function in STAGES.items()
    }
    functions["world"] = lambda inputs: world_stage(inputs, keys)

    def make(name: str, takes: tuple[str, ...]) -> Stage:
        def run(*leaves: Any) -> tuple[Any, Any]:
            given, rest = [], list(leaves)
            for source in takes:
                count = structures[source].num_leaves
                given.append(jax.tree.unflatten(structures[source], rest[:count]))
                rest = rest[count:]
            handed_on, report = functions[name](*given)
            structures[name] = jax.tree.structure(handed_on)
            return jax.tree.leaves(handed_on), report

        def both(*leaves: Any) -> tuple[Any, Any]:
            values, slopes, rest = [], [], list(leaves)
            for source in takes:
                count = structures[source].num_leaves
                values, slopes, rest = [*values, *rest[:count]], [*slopes, *rest[count : 2 * count]], rest[2 * count :]
            (handed, report), (handed_slopes, slopes) = _follow_all(run, values, slopes)
            return [*handed, *handed_slopes], {"report": report, "slopes": slopes}

        return Stage(name, both, takes)

    return [make(name, takes) for name, takes in KINDS[kind].stages.items()]


def _follow_all(function: Callable[..., Any], values: list[Any], slopes: list[Any]) -> tuple[Any, Any]:
    """Return a function's results and their slopes along all directions; no slope: no elements."""
    moving = [jnp.issubdtype(value.dtype, jnp.floating) for value in values]

    def along(*direction: Any) -> tuple[Any, Any]:
        tangents = [
            slope if moves else np.zeros(value.shape, jax.dtypes.float0)
            for value, slope, moves in zip(values, direction, moving, strict=True)
        ]
        results, changes = jax.jvp(function, tuple(values), tuple(tangents))
        return results, jax.tree.map(
            lambda change: jnp.zeros(0) if change.dtype == jax.dtypes.float0 else change, changes
        )

    return jax.vmap(along, out_axes=(None, 0))(*slopes)
