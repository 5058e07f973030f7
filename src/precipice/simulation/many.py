"""Many runs at once: batches of lanes through the stages of a stunt, numbers out, no tracks."""

from collections.abc import Mapping
from typing import Any

import jax
import numpy as np

from precipice.simulation.kind import KINDS
from precipice.simulation.order import ORDERS
from precipice.simulation.program import Program
from precipice.simulation.simulate import LANES, Say, prepare_programs
from precipice.world.rock import SHARED

Columns = dict[str, np.ndarray]
"""One value for each run, by name."""


def simulate_many(
    inputs: Any, keys: tuple[str, ...], kind: str = "ramp-to-canopy", say: Say | None = None
) -> Columns:
    """Return the numbers of many runs.

    A batch steps until its slowest lane has ended, so before the long stages runs are sorted by how
    long they will last. A run's bits depend on neither its neighbours nor its lane.

    Args:
        inputs: `Inputs` of the runs, stacked, leaves `(n, ...)`.
        keys: Names of `inputs.values`.
        kind: Of stunt, a key of `KINDS`.
        say: Told once, in one line, when programs must be compiled first.

    Returns:
        Each named number, float32, `(n,)`, SI; and `resolved`, bool, `(n,)`.
    """
    count = len(inputs.values)
    pad = -count % LANES
    with jax.enable_x64(False):  # noqa: FBT003
        leaves = [
            np.asarray(leaf, np.float32) if name in SHARED else _padded(np.asarray(leaf, np.float32), pad)
            for name, leaf in inputs._asdict().items()
        ]
        shared = {getattr(inputs, name).shape for name in SHARED}
        sample = [_rows(leaf, slice(0, LANES), shared) for leaf in leaves]
        programs = prepare_programs(sample, keys, batched=True, say=say, kind=kind)
        values = dict(zip(keys, leaves[0].T, strict=True))
        columns = _fly(programs, leaves, values, kind, shared)
    return {name: column[:count] for name, column in columns.items()}


def _padded(leaf: np.ndarray, pad: int) -> np.ndarray:
    return leaf if pad == 0 else np.concatenate([leaf, np.repeat(leaf[-1:], pad, axis=0)])


def _rows(leaf: np.ndarray, rows: Any, shared: set[tuple[int, ...]]) -> np.ndarray:
    """Return some runs' rows; what all runs share, told by its shape, is given whole."""
    return leaf if leaf.shape in shared else leaf[rows]


def _fly(
    programs: dict[str, Program],
    leaves: list[np.ndarray],
    values: Mapping[str, np.ndarray],
    kind: str,
    shared: set[tuple[int, ...]],
) -> Columns:
    count = len(leaves[0])
    handed: dict[str, list[np.ndarray]] = {"inputs": leaves}
    columns: Columns = {"resolved": np.ones(count, bool)}
    for stage, takes in KINDS[kind].stages.items():
        key = ORDERS.get(stage)
        order = np.arange(count) if key is None else np.argsort(key(columns, values), kind="stable")
        given = [leaf for source in takes for leaf in handed[source]]
        handed[stage] = []
        for first in range(0, count, LANES):
            rows = order[first : first + LANES] if key else slice(first, first + LANES)
            results, report = programs[stage]([_rows(leaf, rows, shared) for leaf in given])
            _keep(handed[stage], results, rows, count, shared)
            _tell(columns, report, rows, count)
        if not any(stage in later for later in list(KINDS[kind].stages.values())):
            handed.pop(stage)
    numbers = [column for name, column in columns.items() if not name.endswith("known")]
    columns["resolved"] &= np.all(np.isfinite(numbers), axis=0)
    for name, column in columns.items():
        if name.endswith("known"):
            columns["resolved"] &= column >= 0.0
    return columns


def _keep(
    kept: list[np.ndarray], results: list[Any], rows: Any, count: int, shared: set[tuple[int, ...]]
) -> None:
    """Put one batch's results among all runs'."""
    if not kept:
        kept.extend(
            np.asarray(result)
            if result.shape in shared
            else np.empty((count, *result.shape[1:]), result.dtype)
            for result in results
        )
    for all_runs, result in zip(kept, results, strict=True):
        if result.shape not in shared:
            all_runs[rows] = np.asarray(result)


def _tell(columns: Columns, report: dict[str, Any], rows: Any, count: int) -> None:
    """Put one batch's numbers among all runs', and whether every leg found its end."""
    for name, result in report.items():
        if name.startswith("numbers."):
            short = name.removeprefix("numbers.")
            columns.setdefault(short, np.empty(count, np.float32))[rows] = np.asarray(result)
        elif name.endswith(".resolved"):
            columns["resolved"][rows] &= np.all(np.asarray(result), axis=1)
