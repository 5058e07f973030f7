"""The stages of a replay with their slopes: values and one direction in, values and slopes out."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from precipice.simulation.kind import phases_of
from precipice.simulation.mode import Mode
from precipice.simulation.program import Program
from precipice.simulation.replay import FlownLegs, Replay
from precipice.simulation.stages import Stage, compile_stages, world_stage
from precipice.simulation.stunt import STAGES
from precipice.world.arrange import Inputs

COLUMNS = ("position", "velocity", "load", "clearance", "height", "gap", "control")
"""Columns of a record that have slopes; the others are for pictures."""
EXTREME = ("load", "clearance", "known", "gap", "gap_time", "aircraft_left", "people_left")
"""Endings of the numbers that are the largest or smallest of a leg: a replay does not look for them."""


def build_followers(
    leaves: Sequence[np.ndarray],
    known: Sequence[np.ndarray],
    keys: tuple[str, ...],
    kind: str,
    takes: Mapping[str, tuple[str, ...]],
    mode: Mode,
    files: dict[str, Path],
) -> dict[str, Program]:
    """Return the stages of a kind of stunt, compiled now and kept for the next time.

    Each takes values that all directions share, and its own slopes of them.

    Args:
        leaves: Of the inputs.
        known: Of the flown legs, four for each phase of the kind.
        keys: Names of the inputs' values.
        kind: Of stunt, a key of `KINDS`.
        takes: Sources of each stage in order; "inputs" and "flown" come from outside.
        mode: Precision, lanes, and what is kept.
        files: Where to keep each stage.
    """
    structures: dict[str, Any] = {"inputs": jax.tree.structure(Inputs(*range(len(leaves))))}
    shapes, flown = (
        [jax.ShapeDtypeStruct(leaf.shape, leaf.dtype) for leaf in part] for part in (leaves, known)
    )
    shared = {"inputs": [True] * len(leaves) + [False] * len(leaves), "flown": [True] * len(known)}
    chain = [_stage(name, sources, structures, keys, kind) for name, sources in takes.items()]
    return compile_stages(chain, {"inputs": [*shapes, *shapes], "flown": flown}, shared, mode, files)


def _stage(
    name: str, takes: tuple[str, ...], structures: dict[str, Any], keys: tuple[str, ...], kind: str
) -> Stage:
    sources = [source for source in takes if source != "flown"]

    def both(*leaves: Any) -> tuple[Any, Any]:
        values, slopes, rest = [], [], list(leaves)
        for source in sources:
            count = structures[source].num_leaves
            own, rest = rest[:count], rest[count:]
            moving = sum(_moves(value) for value in own)
            values, slopes, rest = [*values, *own], [*slopes, *rest[:moving]], rest[moving:]
        flying = _flying(name, rest, keys, kind)

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

        own = iter(slopes)
        tangents = [next(own) if _moves(v) else np.zeros(v.shape, jax.dtypes.float0) for v in values]
        (handed, _), changes, told = jax.jvp(run, tuple(values), tuple(tangents), has_aux=True)
        handed_changes, changes = jax.tree.map(
            lambda change: None if change.dtype == jax.dtypes.float0 else change, changes
        )
        handed_changes = [change for change in handed_changes if change is not None]
        return [*handed, *handed_changes], {"report": told, "slopes": changes}

    return Stage(name, both, takes)


def _moves(value: Any) -> bool:
    return bool(jnp.issubdtype(value.dtype, jnp.floating))


def _flying(name: str, known: Sequence[Any], keys: tuple[str, ...], kind: str) -> Callable[..., Any]:
    """Return what a stage does, from what it is given."""
    if name == "world":
        return lambda inputs: world_stage(inputs, keys)
    phases = phases_of(kind)
    legs = {phase: FlownLegs(*known[4 * k : 4 * k + 4]) for k, phase in enumerate(phases)}
    return partial(STAGES[name], tolerance=Replay(legs), steps=dict.fromkeys(phases, 0))


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
