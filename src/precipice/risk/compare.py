"""Two scenarios on the same draws: by how much a hazard is likelier in the one than in the other."""

import math
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from precipice.campaign.campaign import fly_missing, load_shards, open_campaign
from precipice.campaign.executor import AbstractExecutor
from precipice.campaign.piece import prepare
from precipice.errors import InputError
from precipice.risk.assess import Say, Told, labelled, refuse_counts, start_executor
from precipice.risk.gather import Gathered, gather
from precipice.risk.hazard import Found
from precipice.scenario.load import load_scenario
from precipice.scenario.scenario import Scenario
from precipice.statistics import Interval, paired_difference, paired_mean_difference

SCHEMA_VERSION = 1
CONFIDENCE = 0.95


class Difference(NamedTuple):
    """One hazard in two scenarios.

    Attributes:
        name: Of the hazard.
        first: Chance in the first scenario, over the runs that both resolve.
        second: In the second.
        only_first: Runs in which it happens in the first alone.
        only_second: In the second alone.
        change: Second chance minus first.
        interval: Of it, two-sided 95 %.
        margin: Mean change of the margin over the runs that have one in both, SI; None without such runs.
        margin_interval: Of it, two-sided 95 %; None without.
        margin_unit: SI.
        shown: Whether the interval leaves out zero.
    """

    name: str
    first: float
    second: float
    only_first: int
    only_second: int
    change: float
    interval: Interval
    margin: float | None
    margin_interval: Interval | None
    margin_unit: str
    shown: bool


class Comparison(NamedTuple):
    """Two scenarios on the same draws.

    Attributes:
        files: Of the two.
        runs: Flown of each.
        seed: Of the draws.
        wall_s: Time it took [s].
        unresolved: Runs left out, since one of the two cannot be trusted.
        hazards: That both have.
        any_hazard: At least one of them.
        alone: Hazards that only one of them has, and which file that is.
    """

    files: tuple[str, str]
    runs: int
    seed: int
    wall_s: float
    unresolved: int
    hazards: tuple[Difference, ...]
    any_hazard: Difference
    alone: tuple[tuple[str, str], ...]


def compare(
    first: Scenario | str | Path,
    second: Scenario | str | Path,
    runs: int = 10_000,
    seed: int = 0,
    *,
    workers: int | None = None,
    cluster: str | None = None,
    say: Say | None = None,
    told: Told | None = None,
) -> Comparison:
    """Return what changes from one scenario to another, flown with the same draws.

    A field that both leave alone is drawn alike in run N of both, so that luck cancels and a small change
    shows in far fewer runs than two campaigns of their own would need.

    Args:
        first: Scenario, or the path of its file.
        second: The other one.
        runs: Of each.
        seed: Of the draws of both.
        workers: Processes; as many as there are cores when None.
        cluster: Address of a Dask scheduler, or "local".
        say: Told single lines, such as that programs are compiled.
        told: Told how far it is.

    Returns:
        Chances, differences and their intervals, for each hazard.

    Raises:
        ScenarioError: If a file has problems.
        InputError: If runs or workers are out of range, or the kinds of stunt differ.
        IncompleteError: If workers keep dying.
    """
    start = time.monotonic()
    pair = [part if isinstance(part, Scenario) else load_scenario(part) for part in (first, second)]
    if pair[0].kind != pair[1].kind:
        raise InputError(
            f"{pair[1].file}: kind must be {pair[0].kind} as in {pair[0].file}, but is {pair[1].kind}: "
            "compare stunts of one kind"
        )
    refuse_counts(runs, workers, least=2)
    gathered = []
    with tempfile.TemporaryDirectory(prefix="precipice-") as temporary:
        for k, scenario in enumerate(pair):
            prepare(scenario, say)
            with closing(start_executor(runs, workers, cluster)) as executor:
                folder = Path(temporary) / str(k)
                gathered.append(_fly(scenario, runs, seed, folder, executor, told, f"flying {'AB'[k]}"))
    return _compared(pair, gathered, seed, time.monotonic() - start)


def _fly(
    scenario: Scenario,
    runs: int,
    seed: int,
    folder: Path,
    executor: AbstractExecutor,
    told: Told | None,
    what: str,
) -> Gathered:
    campaign = open_campaign(folder, scenario, seed)
    fly_missing(campaign, runs, executor, labelled(told, what))
    return gather(scenario, seed, load_shards(campaign, runs))


def _compared(pair: list[Scenario], gathered: list[Gathered], seed: int, wall_s: float) -> Comparison:
    known = gathered[0].resolved & gathered[1].resolved
    named = [{found.name: found for found in part.found} for part in gathered]
    both = [name for name in named[0] if name in named[1]]
    alone = [(name, pair[k].file) for k in (0, 1) for name in named[k] if name not in named[1 - k]]
    anything = [np.zeros(len(known), bool), np.zeros(len(known), bool)]
    for k in (0, 1):
        for name in both:
            anything[k] |= named[k][name].measured.happened
    return Comparison(
        files=(pair[0].file, pair[1].file),
        runs=len(known),
        seed=seed,
        wall_s=wall_s,
        unresolved=int(np.sum(~known)),
        hazards=tuple(_hazard(named[0][name], named[1][name], known) for name in both),
        any_hazard=_difference("any of these", anything[0][known], anything[1][known]),
        alone=tuple(alone),
    )


def _hazard(first: Found, second: Found, known: np.ndarray) -> Difference:
    plain = _difference(first.name, first.measured.happened[known], second.measured.happened[known])
    before, after = (np.asarray(found.measured.margin, float)[known] for found in (first, second))
    change, interval = paired_mean_difference(before, after, CONFIDENCE)
    if not math.isfinite(change):
        return plain._replace(margin_unit=first.measured.unit)
    return plain._replace(margin=change, margin_interval=interval, margin_unit=first.measured.unit)


def _difference(name: str, first: np.ndarray, second: np.ndarray) -> Difference:
    if not len(first):
        raise InputError(
            "runs of both scenarios must be resolved, but none are: look at one with precipice fly"
        )
    change, interval = paired_difference(first, second, CONFIDENCE)
    return Difference(
        name=name,
        first=float(np.mean(first)),
        second=float(np.mean(second)),
        only_first=int(np.sum(first & ~second)),
        only_second=int(np.sum(second & ~first)),
        change=change,
        interval=interval,
        margin=None,
        margin_interval=None,
        margin_unit="1",
        shown=not interval.low <= 0.0 <= interval.high,
    )


def comparison_json(found: Comparison) -> dict[str, Any]:
    """Return a comparison as plain data for JSON, SI units.

    Args:
        found: From `compare`.
    """
    from precipice.risk.assessment import plain

    return plain(
        {
            "schema_version": SCHEMA_VERSION,
            "files": list(found.files),
            "runs": found.runs,
            "seed": found.seed,
            "wall_s": found.wall_s,
            "unresolved": found.unresolved,
            "hazards": [hazard._asdict() for hazard in found.hazards],
            "any_hazard": found.any_hazard._asdict(),
            "alone": [{"name": name, "file": file} for name, file in found.alone],
        }
    )
