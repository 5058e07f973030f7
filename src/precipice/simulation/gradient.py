"""How a run changes with its inputs: the flown legs once more in forward mode, many directions at once."""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from precipice.cache import cache_folder
from precipice.simulation.kind import KINDS, phases_of
from precipice.simulation.program import fingerprint
from precipice.simulation.simulate import Say, simulate
from precipice.simulation.slope import (
    Program,
    compile_stage,
    load_program,
    lower_stage,
    without_locations,
    without_second_cache,
)
from precipice.simulation.stages import Stage
from precipice.world.arrange import Inputs

FINER = 8
"""Steps of a replay for each step of the flight, where its rows allow: slopes are rougher than states."""
DIRECTIONS = 16
"""Directions that one program follows side by side; fewer are padded with zeros."""
COLUMNS = ("position", "velocity", "load", "clearance", "height", "gap", "control")
"""Columns of a record that have slopes; the others are for pictures."""
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
    # jax.enable_x64 is made at run time.
    with jax.enable_x64(True):  # noqa: FBT003  # pyright: ignore[reportAttributeAccessIssue]
        given = [np.asarray(leaf, float) for leaf in inputs]
        known = [report[f"legs.{phase}.{name}"] for phase in phases_of(kind) for name in FLOWN]
        known = [_finer(leaf) if leaf.ndim > 1 else leaf for leaf in known]
        programs = _prepare(given, known, keys, kind, say)
        count = len(directions.values)
        parts = []
        for first in range(0, count, DIRECTIONS):
            rows = slice(first, min(first + DIRECTIONS, count))
            along = [_padded(np.asarray(leaf, float)[rows]) for leaf in directions]
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


def _padded(leaf: np.ndarray) -> np.ndarray:
    return np.concatenate([leaf, np.zeros((DIRECTIONS - len(leaf), *leaf.shape[1:]))])


def _fly(
    programs: Mapping[str, Program], inputs: Sequence[Any], known: Sequence[Any], kind: str, count: int
) -> Slopes:
    """Return the replayed part of the report, and its slopes."""
    handed: dict[str, Sequence[Any]] = {"inputs": inputs, "flown": known}
    found = Slopes({}, {})
    for name, takes in _takes(kind).items():
        handed[name], part = programs[name]([leaf for stage in takes for leaf in handed[stage]])
        for path, value in part.items():
            which, short = path.split(".", 1)
            if which == "report":
                found.report[short] = np.asarray(value)
            elif value.size:
                found.slopes[short] = np.asarray(value)[:count]
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
) -> dict[str, Program]:
    """Return the compiled stages: from memory, from the cache folder, or built now."""
    shapes = repr([leaf.shape for leaf in [*leaves, *known]])
    here = [
        Path(__file__).with_name(f"{name}.py").read_text(encoding="utf-8")
        for name in ("gradient", "replay", "slope")
    ]
    key = fingerprint([*here, kind, shapes, *keys])
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
        programs = _build(leaves, known, keys, kind, files)
    _loaded[key] = programs
    return programs


def _build(
    leaves: Sequence[np.ndarray],
    known: Sequence[np.ndarray],
    keys: tuple[str, ...],
    kind: str,
    files: dict[str, Path],
) -> dict[str, Program]:
    """Return all stages compiled: tracing one by one, compiling beside it."""
    structures: dict[str, Any] = {"inputs": jax.tree.structure(Inputs(*range(len(leaves))))}
    shapes = {"inputs": [jax.ShapeDtypeStruct(leaf.shape, leaf.dtype) for leaf in leaves]}
    shapes["inputs"] += [jax.ShapeDtypeStruct((DIRECTIONS, *leaf.shape), leaf.dtype) for leaf in leaves]
    shapes["flown"] = [jax.ShapeDtypeStruct(leaf.shape, leaf.dtype) for leaf in known]
    with ThreadPoolExecutor(2) as pool, without_locations(), without_second_cache():
        pending = {}
        for stage in _stages(structures, keys, kind):
            taken = [leaf for name in stage.takes for leaf in shapes[name]]
            lowered, handed_on, names = lower_stage(stage, taken)
            results = jax.tree.leaves(lowered.out_info)[:handed_on]
            shapes[stage.name] = [jax.ShapeDtypeStruct(out.shape, out.dtype) for out in results]
            arguments = lowered, len(taken), handed_on, names, files[stage.name]
            pending[stage.name] = pool.submit(compile_stage, *arguments, wide=True)
        return {name: future.result() for name, future in pending.items()}


def _stages(structures: dict[str, Any], keys: tuple[str, ...], kind: str) -> list[Stage]:
    """Return the stages of a kind of stunt; each takes and hands on values, then their slopes.

    Args:
        structures: Filled while tracing: how each stage's flat leaves make its pytree.
        keys: Names of the inputs' values.
        kind: Of stunt, a key of `KINDS`.
    """
    from precipice.simulation.replay import FlownLegs, Replay
    from precipice.simulation.stages import world_stage
    from precipice.simulation.stunt import STAGES

    phases = phases_of(kind)

    def function(name: str, known: Sequence[Any]) -> Callable[..., Any]:
        if name == "world":
            return lambda inputs: world_stage(inputs, keys)
        legs = {phase: FlownLegs(*known[4 * k : 4 * k + 4]) for k, phase in enumerate(phases)}
        return partial(STAGES[name], tolerance=Replay(legs), steps=dict.fromkeys(phases, 0))

    def make(name: str, takes: tuple[str, ...]) -> Stage:
        def both(*leaves: Any) -> tuple[Any, Any]:
            values, slopes, rest = [], [], list(leaves)
            sources = [source for source in takes if source != "flown"]
            for source in sources:
                count = structures[source].num_leaves
                values, slopes = [*values, *rest[:count]], [*slopes, *rest[count : 2 * count]]
                rest = rest[2 * count :]
            flying = function(name, rest)

            def run(*leaves: Any) -> tuple[tuple[Any, Any], Any]:
                given, left = [], list(leaves)
                for source in sources:
                    count = structures[source].num_leaves
                    given.append(jax.tree.unflatten(structures[source], left[:count]))
                    left = left[count:]
                handed_on, report = flying(*given)
                structures[name] = jax.tree.structure(handed_on)
                told = _told(report)
                return (jax.tree.leaves(handed_on), _with_slopes(told)), told

            (handed, _), (handed_slopes, changes), report = _follow_all(run, values, slopes)
            return [*handed, *handed_slopes], {"report": report, "slopes": changes}

        return Stage(name, both, takes)

    return [make(name, takes) for name, takes in _takes(kind).items()]


EXTREME = ("load", "clearance", "known", "gap", "gap_time")
"""Endings of the numbers that are the largest or smallest of a leg: a replay does not look for them."""


def _told(report: Any) -> dict[str, Any]:
    """Return what of a stage's report a replay knows, by name."""
    if isinstance(report, dict):
        return report
    legs = {
        phase: {"t": end.t, "times": end.times, "records": end.records} for phase, end in report.legs.items()
    }
    numbers = {name: x for name, x in report.numbers.items() if not name.endswith(EXTREME)}
    return {"numbers": numbers, "legs": legs}


def _with_slopes(told: dict[str, Any]) -> dict[str, Any]:
    """Return what of that has slopes."""
    if "legs" not in told:
        return told
    legs = {phase: {**end, "records": _columns(end["records"])} for phase, end in told["legs"].items()}
    return {**told, "legs": legs}


def _columns(records: Any) -> dict[str, Any]:
    """Return the columns of records that have slopes; of a pair, both bodies'."""
    if hasattr(records, "_fields") and not hasattr(records, "position"):
        return {body: _columns(getattr(records, body)) for body in records._fields}
    return {name: getattr(records, name) for name in COLUMNS}


def _follow_all(function: Callable[..., Any], values: list[Any], slopes: list[Any]) -> tuple[Any, Any, Any]:
    """Return a function's results, their slopes along all directions, and what it tells besides.

    What has no slope has a slope without elements.
    """
    moving = [jnp.issubdtype(value.dtype, jnp.floating) for value in values]

    def along(*direction: Any) -> tuple[Any, Any, Any]:
        tangents = [
            slope if moves else np.zeros(value.shape, jax.dtypes.float0)
            for value, slope, moves in zip(values, direction, moving, strict=True)
        ]
        results, changes, told = jax.jvp(function, tuple(values), tuple(tangents), has_aux=True)
        changes = jax.tree.map(
            lambda change: jnp.zeros(0) if change.dtype == jax.dtypes.float0 else change, changes
        )
        return results, changes, told

    return jax.vmap(along, out_axes=(None, 0, None))(*slopes)
