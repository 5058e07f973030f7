"""Many runs at once: groups of lanes through the stages of a stunt, numbers out, no tracks."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from precipice.simulation.kind import KINDS
from precipice.simulation.mode import CAMPAIGN, Mode
from precipice.simulation.order import ORDERS
from precipice.simulation.program import Program
from precipice.simulation.simulate import Say, prepare_programs, typed_leaves

Columns = dict[str, np.ndarray]
"""One value for each run, by name."""
PORTION = 32
"""Groups of lanes that a thread flies at a time."""


def simulate_many(
    inputs: Any,
    keys: tuple[str, ...],
    kind: str = "ramp-to-canopy",
    say: Say | None = None,
    threads: int = 1,
    mode: Mode = CAMPAIGN,
) -> Columns:
    """Return the numbers of many runs.

    A group of lanes steps until its slowest one has ended, so before the long stages runs are sorted by
    how long they will last. A run's bits depend on neither its neighbours, its lane, nor the thread.

    Args:
        inputs: `Inputs` of the runs, stacked, leaves `(n, ...)`.
        keys: Names of `inputs.values`.
        kind: Of stunt, a key of `KINDS`.
        say: Told once, in one line, when programs must be compiled first.
        threads: Which fly side by side.
        mode: `CAMPAIGN`, or `CHECK` to see what single precision costs.

    Returns:
        Each named number, of the mode's precision, `(n,)`, SI; and `resolved`, bool, `(n,)`.
    """
    leaves = typed_leaves(inputs, mode)
    programs = prepare_programs(leaves, keys, mode, say, kind)
    values = dict(zip(keys, leaves[0].T, strict=True))
    count = len(leaves[0])
    columns: Columns = {"resolved": np.ones(count, bool)}
    handed: dict[str, Sequence[np.ndarray]] = {"inputs": leaves}
    with ThreadPoolExecutor(threads) as pool:
        for stage, takes in KINDS[kind].stages.items():
            given = [leaf for source in takes for leaf in handed[source]]
            order = _order(stage, columns, values, count)
            results = _fly(programs[stage], given, order, pool, PORTION * mode.lanes)
            handed[stage] = results[: programs[stage].handed_on]
            _tell(columns, programs[stage].report(results))
    numbers = [column for name, column in columns.items() if not name.endswith("known")]
    columns["resolved"] &= np.all(np.isfinite(numbers), axis=0)
    for name, column in columns.items():
        if name.endswith("known"):
            columns["resolved"] &= column >= 0.0
    return columns


def _order(stage: str, columns: Columns, values: Mapping[str, np.ndarray], count: int) -> np.ndarray:
    key = ORDERS.get(stage)
    return np.arange(count) if key is None else np.argsort(key(columns, values), kind="stable")


def _fly(
    program: Program, given: Sequence[np.ndarray], order: np.ndarray, pool: ThreadPoolExecutor, portion: int
) -> list[np.ndarray]:
    """Return all runs' results of one stage."""
    results = program.allocate(len(order), given)
    parts = [order[first : first + portion] for first in range(0, len(order), portion)]
    list(pool.map(lambda part: program.kernel(given, results, part), parts))
    return results


def _tell(columns: Columns, report: Mapping[str, np.ndarray]) -> None:
    """Put one stage's numbers among the runs', and whether every leg found its end."""
    for name, result in report.items():
        if name.startswith("numbers."):
            columns[name.removeprefix("numbers.")] = result
        elif name.endswith(".resolved"):
            columns["resolved"] &= np.all(result, axis=1)
