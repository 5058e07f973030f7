"""What differs from run to run: counter-based draws of every uncertain field, of luck and of noise.

Every number is a pure function of seed, name and run number: it does not depend on the batch it was
drawn in, on other fields, or on the worker. Source: Salmon et al. 2011, Philox4x64-10.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from precipice.campaign.value import Numbers, build_values, named_spreads
from precipice.errors import InputError
from precipice.scenario.scenario import Scenario

LUCK = ("hesitation", "line_twist", "line_over", "no_inflation")
"""Malfunctions; each happens when its luck is below its chance."""

GUST_NODES = 1000
"""Not a power of two: with one, the places that lanes read side by side share few cache lines."""
NOISE: dict[str, tuple[int, ...]] = {"gust": (3, GUST_NODES), "steering": (64,), "tumble": (2, 64)}
"""Standard normal numbers for each run, by name: their shape."""


@dataclass(frozen=True)
class Draw:
    """The inputs of one run, or of many with a leading axis.

    Attributes:
        values: Every quantity of the scenario by dotted path, SI; `()` or `(runs,)`.
        luck: Uniform numbers in (0, 1) by malfunction; 1 where it cannot happen.
        noise: Standard normal numbers by name, shaped as in `NOISE`.
    """

    values: dict[str, Any]
    luck: dict[str, Any]
    noise: dict[str, np.ndarray]


def centre_draw(scenario: Scenario) -> Draw:
    """Return the nominal run: every field at its centre, calm, and nothing goes wrong."""
    noise = {name: np.zeros(shape, np.float32) for name, shape in NOISE.items()}
    return Draw(scenario.values(), dict.fromkeys(LUCK, 1.0), noise)


def draw(scenario: Scenario, seed: int, run: int, constant_index: int | None = None) -> Draw:
    """Return the inputs of one run, the same as `draw_many` gives it.

    Args:
        scenario: What was decided.
        seed: Of the campaign, 0 to 2**64 - 1.
        run: Number of the run, from 0.
        constant_index: Which guess at the unknown constants to use; each run its own when None.
    """
    many = draw_many(scenario, seed, [run], constant_index)
    return Draw(
        {path: float(numbers[0]) for path, numbers in many.values.items()},
        {name: float(numbers[0]) for name, numbers in many.luck.items()},
        {name: numbers[0] for name, numbers in many.noise.items()},
    )


def draw_many(
    scenario: Scenario,
    seed: int,
    runs: Sequence[int] | np.ndarray,
    constant_index: int | None = None,
    group: int = 1,
) -> Draw:
    """Return the inputs of many runs.

    Args:
        scenario: What was decided.
        seed: Of the campaign, 0 to 2**64 - 1.
        runs: Their numbers, in any order, `(n,)`.
        constant_index: Which guess at the unknown constants to use; by the run's number when None.
        group: How many runs in a row share a guess at the unknown constants.

    Raises:
        InputError: When seed or a run number is out of range.
    """
    values, luck = draw_numbers(scenario, seed, runs, constant_index, group)
    jumps = np.asarray(runs, dtype=np.uint64)
    noise = {name: normals(seed, f"noise.{name}", jumps, shape) for name, shape in NOISE.items()}
    return Draw(values, luck, noise)


def draw_numbers(
    scenario: Scenario,
    seed: int,
    runs: Sequence[int] | np.ndarray,
    constant_index: int | None = None,
    group: int = 1,
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Return values and luck of many runs without their noise, which costs most; see `draw_many`."""
    if not 0 <= seed < 2**64:
        raise InputError(f"seed must lie between 0 and 2**64 - 1, but is {seed}: choose such a number")
    if len(runs) and min(runs) < 0:
        raise InputError(f"run must be 0 or more, but is {min(runs)}: runs count from 0")
    counters = _counters(scenario, np.asarray(runs, dtype=np.uint64), constant_index, group)
    numbers = {
        name: standard_numbers(seed, name, counters[spread.varies])
        for name, spread in named_spreads(scenario).items()
    }
    values = build_values(scenario, numbers, len(counters["jump"]))
    luck = {name: uniforms(seed, f"luck.{name}", counters["jump"])[:, 0] for name in LUCK}
    return values, luck


def uniforms(seed: int, name: str, counters: np.ndarray) -> np.ndarray:
    """Return four uniform numbers for each counter.

    Args:
        seed: Of the campaign.
        name: What they are for; other names give unrelated numbers.
        counters: Of runs, days or guesses, uint64, `(n,)`.

    Returns:
        In (0, 1), never 0 or 1, `(n, 4)`.
    """
    if len(counters) and np.all(np.diff(counters) == 1):
        words = _philox(seed, name, int(counters[0])).random_raw(4 * len(counters)).reshape(-1, 4)
        return _open_interval(words)
    unique, back = np.unique(counters, return_inverse=True)
    words = np.empty((len(unique), 4), np.uint64)
    breaks = np.flatnonzero(np.diff(unique) != 1) + 1
    for block in np.split(np.arange(len(unique)), breaks):
        if len(block):
            words[block] = (
                _philox(seed, name, int(unique[block[0]])).random_raw(4 * len(block)).reshape(-1, 4)
            )
    return _open_interval(words)[back]


def standard_numbers(seed: int, name: str, counters: np.ndarray) -> Numbers:
    """Return a standard normal and a uniform number for each counter, each `(n,)`.

    Args:
        seed: Of the campaign.
        name: What they are for, see `precipice.campaign.value.number_name`.
        counters: Of runs, days or guesses, uint64, `(n,)`.
    """
    # Imported here: the nominal flight draws nothing and starts a quarter of a second earlier.
    from scipy.special import ndtri

    numbers = uniforms(seed, name, counters)
    return Numbers(ndtri(numbers[:, 0]), numbers[:, 1])


def _open_interval(words: np.ndarray) -> np.ndarray:
    """Return random bits as numbers in (0, 1): 52 of them, so that the largest is below 1 after rounding."""
    return ((words >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52


def normals(seed: int, name: str, counters: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Return a block of standard normal numbers for each counter.

    Args:
        seed: Of the campaign.
        name: What they are for.
        counters: Of runs, uint64, `(n,)`.
        shape: Of one block.

    Returns:
        Single precision: they only make turbulence, `(n, *shape)`.
    """
    blocks = np.empty((len(counters), *shape), np.float32)
    bits = _philox(seed, name, 0)
    generator = np.random.Generator(bits)
    fresh = bits.state
    for block, counter in zip(blocks, counters, strict=True):
        # Setting the state costs a twentieth of a new generator. The run is the counter's second
        # word: its first is free to count within the block.
        fresh["state"]["counter"] = np.array([0, counter, 0, 0], np.uint64)
        bits.state = fresh
        generator.standard_normal(dtype=np.float32, out=block)
    return blocks


def _philox(seed: int, name: str, counter: int) -> np.random.Philox:
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return np.random.Philox(key=seed + (int.from_bytes(digest, "little") << 64), counter=counter)


def _counters(
    scenario: Scenario, runs: np.ndarray, constant_index: int | None, group: int
) -> dict[str, np.ndarray]:
    takes = np.uint64(1 if scenario.plan is None else scenario.plan.takes)
    constant = runs // np.uint64(group) if constant_index is None else np.full_like(runs, constant_index)
    return {"jump": runs, "day": runs // takes, "constant": constant}
