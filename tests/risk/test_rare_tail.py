"""Rare events with exact answers.

T20: the tail of a normal number, 1 - Phi(b), whatever the number of dimensions. T21: last-particle splitting
with N particles (Guyader, Hengartner and Matzner-Lober 2011) stops after Poisson(-N ln p) steps and has the
relative error sqrt(-ln p / N): 9.6 % for 1,000 and 1e-4. T22: importance sampling with the mean shifted to 4
has 2.2 % with 10,000 draws. Both are written here, apart from the package, and it has to agree with them.
"""

import numpy as np
import pytest
from jaxtyping import Float
from scipy.integrate import quad
from scipy.special import ndtr, ndtri
from scipy.stats import norm, poisson

from precipice.risk.rare_count import Effort
from precipice.risk.rare_estimate import Estimate, estimate_rare
from precipice.risk.rare_score import AbstractScore, Stratum

TAILS = {3.0: 1.350e-3, 3.5: 2.326e-4, 4.0: 3.167e-5, 4.5: 3.398e-6, 5.0: 2.867e-7}
"""T20, to four digits."""
QUICK = Effort(chains=100)


class Linear(AbstractScore):
    """A plane at a distance from the middle."""

    def __init__(self, distance: float, dimensions: int = 2):
        self.distance, self._dimensions = distance, dimensions

    @property
    def dimensions(self) -> int:
        return self._dimensions

    def __call__(self, normals: Float[np.ndarray, "n d"]) -> Float[np.ndarray, " n"]:
        return self.distance - normals.sum(axis=1) / np.sqrt(self._dimensions)


class Bent(AbstractScore):
    """Two parabolas, one on either side of the middle, one farther away."""

    near, far, bend = 3.5, 3.8, 0.2

    @property
    def dimensions(self) -> int:
        return 5

    def __call__(self, normals: Float[np.ndarray, "n d"]) -> Float[np.ndarray, " n"]:
        bow = self.bend * normals[:, 1] ** 2
        return np.minimum(self.near + bow - normals[:, 0], self.far + bow + normals[:, 0])

    def exact(self) -> float:
        """Return the chance by quadrature; the two sides exclude each other."""

        def density(x: float) -> float:
            bow = self.bend * x**2
            return float(norm.pdf(x) * (norm.sf(self.near + bow) + norm.sf(self.far + bow)))

        return quad(density, -9.0, 9.0)[0]


def estimate(score: AbstractScore, seed: int, effort: Effort | None = None) -> Estimate:
    return estimate_rare([Stratum("all", 1.0, score)], seed, effort)


def error_of(found: Estimate, exact: float) -> float:
    """Return how far an estimate is off, in its own standard errors."""
    assert found.word == "resolved"
    assert found.chance is not None
    assert found.relative_error is not None
    return (found.chance - exact) / (found.chance * found.relative_error)


@pytest.mark.published
@pytest.mark.parametrize("dimensions", [2, 100])
@pytest.mark.parametrize("distance", TAILS)
def test_tail_of_a_normal_number(distance: float, dimensions: int) -> None:
    """T20: within three of the errors it claims."""
    found = estimate(Linear(distance, dimensions), 1)
    assert abs(error_of(found, TAILS[distance])) < 3.0
    assert found.runs < 250_000


def test_two_sides_with_a_bend() -> None:
    score = Bent()
    errors = [error_of(estimate(score, seed), score.exact()) for seed in range(4)]
    assert np.all(np.abs(errors) < 3.5)
    # With 9 degrees of freedom a mean of four has the variance 9/7/4.
    assert abs(np.mean(errors)) < 3.0 * np.sqrt(9.0 / 28.0)


@pytest.fixture(scope="module")
def repeats() -> list[Estimate]:
    """100 estimates of 1e-4."""
    return [estimate(Linear(float(norm.isf(1e-4))), seed, QUICK) for seed in range(100)]


def test_error_it_claims_is_the_error_it_has(repeats: list[Estimate]) -> None:
    """The tolerance of T21, 20 %: nearly three standard errors of a spread over 100 repeats."""
    chances = np.array([one.chance for one in repeats], float)
    claimed = np.sqrt(np.mean(np.array([one.relative_error for one in repeats], float) ** 2))
    actual = np.std(chances, ddof=1) / 1e-4
    assert claimed == pytest.approx(actual, rel=0.2)
    assert np.mean(chances) == pytest.approx(1e-4, rel=3.0 * actual / np.sqrt(100))


def test_covers_as_often_as_it_says(repeats: list[Estimate]) -> None:
    """Of 100 intervals of 95 % more than 12 miss in 1 of 1,000 such tests.

    `python -m benchmarks.check_rare` repeats thousands of times.
    """
    low, high = (np.array([getattr(one, end) for one in repeats], float) for end in ("low", "high"))
    assert np.sum((low > 1e-4) | (high < 1e-4)) <= 12


def split(distance: float, particles: int, repeats: int, random: np.random.Generator) -> np.ndarray:
    """Return the steps of last-particle splitting, each new particle drawn exactly from beyond the level."""
    heights, steps = random.standard_normal((repeats, particles)), np.zeros(repeats, int)
    rows = np.arange(repeats)
    while True:
        last = np.argmin(heights, axis=1)
        levels = heights[rows, last]
        if np.all(levels >= distance):
            return steps
        steps += levels < distance
        beyond = -ndtri(random.uniform(size=repeats) * ndtr(-levels))
        heights[rows, last] = np.where(levels < distance, beyond, levels)


def shifted(distance: float, draws: int, random: np.random.Generator) -> float:
    """Return the chance by importance sampling with the mean at the limit."""
    moved = random.standard_normal(draws) + distance
    return float(np.mean((moved > distance) * np.exp(0.5 * distance**2 - distance * moved)))


@pytest.mark.published
def test_agrees_with_last_particle_splitting() -> None:
    """T21, scaled down: 100 particles stop after Poisson(921) steps; then both estimate the same."""
    distance, particles, repeats = float(norm.isf(1e-4)), 100, 24
    random = np.random.default_rng(5)
    steps = split(distance, particles, repeats, random)
    low, high = poisson.interval(0.998, repeats * particles * np.log(1e4))
    assert low <= steps.sum() <= high
    there = np.mean((1.0 - 1.0 / particles) ** steps)
    error = np.sqrt(np.log(1e4) / particles / repeats)
    found = estimate(Linear(distance), 7)
    assert found.chance is not None
    assert found.relative_error is not None
    assert found.chance == pytest.approx(there, rel=3.0 * np.hypot(error, found.relative_error))


@pytest.mark.published
def test_agrees_with_a_shifted_mean() -> None:
    """T22: 2.2 % at b = 4 with 10,000 draws; five such were 0.983 to 1.028 of what is exact."""
    random = np.random.default_rng(3)
    shares = np.array([shifted(4.0, 10_000, random) for _ in range(5)]) / norm.sf(4.0)
    assert np.all(np.abs(shares - 1.0) < 3.5 * 0.022)
    found = estimate(Linear(4.0), 11)
    assert found.chance is not None
    assert found.relative_error is not None
    there = np.mean(shares) * norm.sf(4.0)
    assert found.chance == pytest.approx(there, rel=3.0 * np.hypot(0.022 / np.sqrt(5), found.relative_error))


def test_strata_add_up() -> None:
    """A case of 1 in 100 that makes the event a thousand times likelier is not lost in the rest."""
    strata = [Stratum("usual", 0.99, Linear(4.5)), Stratum("odd", 0.01, Linear(2.7))]
    exact = 0.99 * norm.sf(4.5) + 0.01 * norm.sf(2.7)
    found = estimate_rare(strata, 2)
    assert abs(error_of(found, exact)) < 3.0
    odd = found.cases[1].chance
    assert odd == pytest.approx(0.01 * norm.sf(2.7), rel=0.2)


def test_same_seed_same_answer() -> None:
    assert estimate(Linear(3.0), 4, QUICK) == estimate(Linear(3.0), 4, QUICK)
    assert estimate(Linear(3.0), 4, QUICK).chance != estimate(Linear(3.0), 5, QUICK).chance
