"""Sobol' indices of hazards: how much each field explains alone, and with all that it acts together with.

Here the points are not random but spread evenly (a scrambled Sobol' sequence), since no verdict rests on
them. What hangs together by the scenario's rank correlations is one group: an index is of the whole group.
"""

import os
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from precipice.campaign.draws import LUCK, NOISE, Draw, normals, uniforms
from precipice.campaign.piece import PIECE, prepare
from precipice.campaign.value import Numbers, build_values, named_spreads
from precipice.errors import InputError
from precipice.risk.assess import Say
from precipice.risk.hazard import Flights, measure_hazards
from precipice.scenario.correlation import normal_correlations
from precipice.scenario.kind import CANOPY
from precipice.scenario.scenario import Scenario
from precipice.statistics import Interval

SCHEMA_VERSION = 1
CONFIDENCE = 0.95
RESAMPLES = 200
"""Bootstrap samples behind an interval."""
CHANCE = "gusts and chance"
"""Name of the group of everything that no field says: gusts, steering noise, tumbling."""
EVENTS = 20
"""Fewest runs with, and without, a hazard that its indices can be told from."""
MOSTLY = 0.999
"""Share of the runs that must have a margin for its indices to be told."""


class Index(NamedTuple):
    """How much of a hazard a field, or a group of correlated fields, explains.

    Attributes:
        fields: Dotted paths of the group; `luck.` and a malfunction; or `CHANCE`.
        first: Share of the variance that goes with it alone.
        first_interval: 95 %.
        total: Share that goes with it and with everything it acts together with.
        total_interval: 95 %.
    """

    fields: tuple[str, ...]
    first: float
    first_interval: Interval
    total: float
    total_interval: Interval


class Sensitivity(NamedTuple):
    """Indices of one hazard.

    Attributes:
        hazard: Its name.
        of: "chance" or "margin".
        variance: Of what is explained.
        indices: The largest total first.
    """

    hazard: str
    of: str
    variance: float
    indices: tuple[Index, ...]


class Found(NamedTuple):
    """What `sensitivity` finds.

    Attributes:
        file: Of the scenario.
        points: Base points; a power of two.
        runs: That were flown.
        seed: Of the scrambling and of the chance group.
        wall_s: Time it took [s].
        hazards: Chances and margins that vary at all.
        untold: What has no indices: chances of too few events, margins that not all runs have.
    """

    file: str
    points: int
    runs: int
    seed: int
    wall_s: float
    hazards: tuple[Sensitivity, ...]
    untold: tuple[str, ...]


class _Group(NamedTuple):
    """What is exchanged together: names of numbers of the fields, and of luck or noise."""

    fields: tuple[str, ...]
    names: tuple[str, ...]


def sensitivity(
    scenario: Scenario,
    points: int = 1024,
    seed: int = 0,
    *,
    say: Say | None = None,
    told: Callable[[int, int], None] | None = None,
) -> Found:
    """Return first-order and total Sobol' indices of every hazard's chance and margin.

    Args:
        scenario: What was decided.
        points: Base points, a power of two; one more flight of all of them for each group of fields.
        seed: Of the scrambling.
        say: Told single lines, such as that programs are compiled.
        told: Told how many runs are flown, and of how many.

    Raises:
        InputError: When `points` is no power of two, or nothing is uncertain.

    Source: Saltelli et al. 2010, table 2 (b) and (f), by `scipy.stats.sobol_indices` and its bootstrap.
    """
    if points < 64 or points & (points - 1):
        raise InputError(f"--points must be a power of two, 64 or more, but is {points}: write such as 1024")
    if not scenario.uncertain():
        raise InputError(f"{scenario.file}: at least one field must have a spread, but nothing is uncertain")
    start = time.monotonic()
    prepare(scenario, say)
    groups = _groups(scenario)
    first, second = _designs(scenario, points, seed)
    total = points * (len(groups) + 2)
    flown = 0

    def fly(design: "_Design") -> dict[str, np.ndarray]:
        nonlocal flown
        found = _fly(scenario, design)
        flown += points
        if told:
            told(flown, total)
        return found

    base, other = fly(first), fly(second)
    mixed = [fly(first.exchanged(second, group.names)) for group in groups]
    hazards, untold = _indices(base, other, mixed, groups, seed)
    return Found(scenario.file, points, total, seed, time.monotonic() - start, hazards, untold)


def _groups(scenario: Scenario) -> list[_Group]:
    """Return what is exchanged together: correlated fields, single fields, malfunctions, chance."""
    spreads = named_spreads(scenario)
    paths, matrix = normal_correlations(scenario.correlation)
    joined: dict[str, tuple[str, ...]] = {}
    for row in range(len(paths)):
        linked = {paths[k] for k in range(len(paths)) if matrix[row, k] != 0.0}
        for member in list(linked):
            linked |= set(joined.get(member, ()))
        for member in linked:
            joined[member] = tuple(sorted(linked))
    found: dict[tuple[str, ...], list[str]] = {}
    for name in spreads:
        path = name.rsplit("#", 1)[0]
        found.setdefault(joined.get(path, (path,)), []).append(name)
    groups = [_Group(fields, tuple(names)) for fields, names in found.items()]
    if scenario.kind in CANOPY:
        groups += [_Group((f"luck.{name}",), (f"luck.{name}",)) for name in LUCK]
    return [*groups, _Group((CHANCE,), tuple(f"noise.{name}" for name in NOISE))]


class _Design(NamedTuple):
    """Points at which a stunt is flown: numbers of the fields and luck by name; noise by name."""

    numbers: dict[str, np.ndarray]
    noise: dict[str, np.ndarray]

    def exchanged(self, other: "_Design", names: Sequence[str]) -> "_Design":
        """Return this design with some columns of another."""
        taken = set(names)
        return _Design(
            {name: other.numbers[name] if name in taken else part for name, part in self.numbers.items()},
            {
                name: other.noise[name] if f"noise.{name}" in taken else part
                for name, part in self.noise.items()
            },
        )


def _designs(scenario: Scenario, points: int, seed: int) -> tuple[_Design, _Design]:
    """Return two designs: the halves of one scrambled Sobol' sequence; noise by counter-based draws."""
    from scipy.stats import qmc

    names = [*named_spreads(scenario), *(f"luck.{name}" for name in LUCK)]
    sequence = qmc.Sobol(2 * len(names), scramble=True, rng=seed, bits=30).random(points)
    sequence = np.clip(sequence, 2.0**-32, 1.0 - 2.0**-32)
    made = []
    for half in (0, 1):
        columns = sequence[:, half * len(names) : (half + 1) * len(names)]
        runs = np.arange(half * points, (half + 1) * points, dtype=np.uint64)
        made.append(
            _Design(
                {name: columns[:, k] for k, name in enumerate(names)},
                {name: normals(seed, f"sobol.{name}", runs, shape) for name, shape in NOISE.items()},
            )
        )
    return made[0], made[1]


def _fly(scenario: Scenario, design: _Design) -> dict[str, np.ndarray]:
    """Return what happened and the margin of each hazard, by "hazard#chance" and "hazard#margin"."""
    from precipice.simulation.many import simulate_many
    from precipice.world.arrange import value_keys
    from precipice.world.arrange_many import arrange_many

    drawn = _drawn(scenario, design)
    count = len(next(iter(design.noise.values())))
    columns: list[dict[str, np.ndarray]] = []
    for first in range(0, count, PIECE):
        rows = slice(first, first + PIECE)
        part = Draw(*({name: column[rows] for name, column in columns_.items()} for columns_ in drawn))
        inputs = arrange_many(scenario, part)
        threads = os.cpu_count() or 1
        columns.append(simulate_many(inputs, value_keys(scenario), scenario.kind, threads=threads))
    joined = {name: np.concatenate([part[name] for part in columns]) for name in columns[0]}
    found: dict[str, np.ndarray] = {}
    for hazard in measure_hazards(Flights(joined, drawn[0], scenario)):
        found[f"{hazard.name}#chance"] = hazard.measured.happened.astype(float)
        found[f"{hazard.name}#margin"] = np.asarray(hazard.measured.margin, float)
    return found


def _drawn(scenario: Scenario, design: _Design) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    from scipy.special import ndtri

    spreads = named_spreads(scenario)
    count = len(next(iter(design.noise.values())))
    numbers = {}
    for name in spreads:
        column = design.numbers[name]
        # A mixture's part is chosen by a number of its own, fixed by the point: it belongs to the field.
        share = uniforms(0, f"sobol.share.{name}", _bits(column))[:, 0]
        numbers[name] = Numbers(ndtri(column), share)
    values = build_values(scenario, numbers, count)
    luck = {name: design.numbers[f"luck.{name}"] for name in LUCK}
    return values, luck, design.noise


def _bits(column: np.ndarray) -> np.ndarray:
    return (column * 2.0**32).astype(np.uint64)


def _indices(
    base: dict[str, np.ndarray],
    other: dict[str, np.ndarray],
    mixed: list[dict[str, np.ndarray]],
    groups: list[_Group],
    seed: int,
) -> tuple[tuple[Sensitivity, ...], tuple[str, ...]]:
    told, untold = [], []
    for name in base:
        parts = [base[name], other[name], *(part[name] for part in mixed)]
        known = np.all(np.isfinite(parts), axis=0)
        hazard, of = name.split("#")
        enough = known.mean() >= MOSTLY and np.std(parts[0][known]) > 0.0
        enough &= of == "margin" or min(np.sum(parts[0]), np.sum(1.0 - parts[0])) >= EVENTS
        if not enough:
            untold.append(f"{hazard} ({of})")
            continue
        # What few runs do not have is put where it says nothing.
        whole = [np.where(known, part, np.median(parts[0][known])) for part in parts]
        told.append(Sensitivity(hazard, of, float(np.var(whole[0])), _solve(whole, groups, seed)))
    return tuple(told), tuple(untold)


def _solve(parts: list[np.ndarray], groups: list[_Group], seed: int) -> tuple[Index, ...]:
    first, second, mixed = parts[0][None, :], parts[1][None, :], np.stack(parts[2:])[:, None, :]
    one, all_ = _estimate(first, second, mixed)
    random, size = np.random.default_rng(seed), first.shape[1]
    again = []
    for _ in range(RESAMPLES):
        rows = random.integers(size, size=size)
        again.append(_estimate(first[:, rows], second[:, rows], mixed[:, :, rows]))
    tail = 0.5 * (1.0 - CONFIDENCE)
    ends = np.nanquantile(np.asarray(again), [tail, 1.0 - tail], axis=0)
    indices = [
        Index(
            group.fields,
            float(one[k]),
            Interval(float(ends[0, 0, k]), float(ends[1, 0, k])),
            float(all_[k]),
            Interval(float(ends[0, 1, k]), float(ends[1, 1, k])),
        )
        for k, group in enumerate(groups)
    ]
    return tuple(sorted(indices, key=lambda index: -index.total))


def _estimate(first: np.ndarray, second: np.ndarray, mixed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return first-order and total indices, each `(groups,)`."""
    from scipy.stats import sobol_indices

    given = {"f_A": first, "f_B": second, "f_AB": mixed}
    # A sample without a single event has no variance: NaN, left out of the quantiles.
    with np.errstate(divide="ignore", invalid="ignore"):
        found = sobol_indices(func=given, n=first.shape[1])
    return np.ravel(found.first_order), np.ravel(found.total_order)


def sensitivity_json(found: Found) -> dict[str, Any]:
    """Return indices as plain data for JSON.

    Args:
        found: From `sensitivity`.
    """
    from precipice.risk.assessment import plain

    whole = found._asdict()
    whole["hazards"] = [
        {**hazard._asdict(), "indices": [index._asdict() for index in hazard.indices]}
        for hazard in found.hazards
    ]
    return plain({"schema_version": SCHEMA_VERSION, **whole})
