"""Rare events against exact tails and against counting.

    python -m benchmarks.check_rare tails [--repeats N]
    python -m benchmarks.check_rare stunt [SCENARIO] [--runs N] [--seed S] [--chains C]

`tails` repeats an estimate of a known chance and counts how often its interval covers it: 93 to 97 % are
asked of 95 %. `stunt` flies a campaign, counts hazards near 1 in 10,000 and compares with `precipice rare`.
"""

import time
from pathlib import Path

import numpy as np
import typer
from scipy.stats import norm

from precipice.risk.rare_count import Effort
from precipice.risk.rare_estimate import estimate_rare
from precipice.risk.rare_score import AbstractScore, Stratum

ROOT = Path(__file__).resolve().parents[1]
COUNTED = (
    ("hard opening", "50.5 m/s^2"),
    ("object strike in freefall", "21.7 m"),
    ("late or no opening", None),
)
"""Hazards with limits at which the shipped stunt has about 1 in 10,000, by counting 200,000 runs."""
app = typer.Typer(add_completion=False)


class Plane(AbstractScore):
    """An event beyond a plane: its chance is a normal tail in any number of dimensions."""

    def __init__(self, chance: float, dimensions: int):
        """Store how far away the plane is."""
        self.distance, self._dimensions = float(norm.isf(chance)), dimensions

    @property
    def dimensions(self) -> int:
        """Of a run."""
        return self._dimensions

    def __call__(self, normals: np.ndarray) -> np.ndarray:
        """Return distances to the plane."""
        return self.distance - normals.sum(axis=1) / np.sqrt(self._dimensions)


class Either(AbstractScore):
    """An event beyond either of two planes at right angles, one half as likely as the other."""

    dimensions = 4

    def __init__(self, chance: float):
        """Store how far away they are, so that both together have the chance."""
        first = (1.5 - np.sqrt(2.25 - 2.0 * chance)) / 1.0
        self.far = np.array([norm.isf(first), norm.isf(0.5 * first)])

    def __call__(self, normals: np.ndarray) -> np.ndarray:
        """Return distances to the nearer plane."""
        return np.min(self.far - normals[:, :2], axis=1)


def problems() -> list[tuple[str, float, list[Stratum]]]:
    """Return what is repeated: name, exact chance, strata."""
    found = [
        (f"plane, {dimensions} numbers", chance, [Stratum("all", 1.0, Plane(chance, dimensions))])
        for dimensions, chances in ((2, (1e-4, 1e-6, 1e-8)), (50, (1e-4,)))
        for chance in chances
    ]
    found.append(("two planes, 4 numbers", 1e-5, [Stratum("all", 1.0, Either(1e-5))]))
    odd = [Stratum("usual", 0.99, Plane(1e-6, 3)), Stratum("odd", 0.01, Plane(1e-3, 3))]
    return [*found, ("two cases, 3 numbers", 0.99e-6 + 1e-5, odd)]


@app.command()
def tails(repeats: int = 1000, chains: int = 400) -> None:
    """Print coverage, bias, and the error that is claimed beside the error there is."""
    print(
        f"{'problem':24}{'chance':>9}{'covers':>9}{'below':>8}{'above':>8}{'bias':>9}{'error':>8}{'claimed':>9}"
        f"{'runs':>9}{'refused':>9}"
    )
    for name, chance, strata in problems():
        found = [estimate_rare(strata, seed, Effort(chains=chains)) for seed in range(repeats)]
        told = [one for one in found if one.word == "resolved"]
        low, high, best, error = (
            np.array([getattr(one, part) for one in told], float)
            for part in ("low", "high", "chance", "relative_error")
        )
        below, above = np.mean(high < chance), np.mean(low > chance)
        bias, spread = best.mean() / chance - 1.0, best.std() / chance
        print(
            f"{name:24}{chance:9.1e}{1 - below - above:9.1%}{below:8.1%}{above:8.1%}{bias:+9.2%}{spread:8.1%}"
            f"{np.sqrt(np.mean(error**2)):9.1%}{found[0].runs:9,}{repeats - len(told):9}",
            flush=True,
        )


def count(scenario, limited: dict, runs: int, seed: int) -> dict[str, int]:
    """Return in how many runs of a campaign each hazard happened, by the scenario that has its limit."""
    from precipice.campaign.draws import draw_numbers
    from precipice.campaign.piece import PIECE, Job, fly_piece
    from precipice.risk.rare_hazard import hazard_margin

    margins = {name: hazard_margin(other, name) for name, other in limited.items()}
    found = dict.fromkeys(limited, 0)
    for first in range(0, runs, PIECE):
        job = Job(first, min(first + PIECE, runs), seed)
        columns = fly_piece(scenario, job)
        values, _ = draw_numbers(scenario, seed, range(job.first, job.last))
        for name, margin in margins.items():
            found[name] += int(np.sum((margin(columns, values) <= 0.0) & columns["resolved"]))
    return found


@app.command()
def stunt(
    file: Path = ROOT / "scenarios" / "helsetkopen.toml",
    runs: int = 400_000,
    seed: int = 12,
    chains: int = 400,
) -> None:
    """Print the chance by counting and by levels."""
    from precipice.risk.rare import rare_chance
    from precipice.scenario.criterion import Criterion
    from precipice.scenario.load import load_scenario
    from precipice.statistics import two_sided

    scenario = load_scenario(file)
    limited = {
        name: scenario
        if limit is None
        else scenario.model_copy(
            update={"criterion": (Criterion(hazard=name, chance="1 %", accepted_by="nobody", limit=limit),)}
        )
        for name, limit in COUNTED
    }
    start = time.perf_counter()
    counted = count(scenario, limited, runs, seed)
    print(f"{runs:,} runs counted in {time.perf_counter() - start:.0f} s")
    for name, other in limited.items():
        interval = two_sided(counted[name], runs, 0.95)
        print(f"{name}: counted {counted[name] / runs:.2e} ({interval.low:.2e} to {interval.high:.2e})")
        start = time.perf_counter()
        estimate = rare_chance(other, name, seed=seed, effort=Effort(chains=chains)).estimate
        print(
            f"  by levels: {estimate.word} {estimate.why} {estimate.chance} ({estimate.low} to "
            f"{estimate.high_resolved}; unresolved as events {estimate.high}), relative error "
            f"{estimate.relative_error}, {estimate.runs:,} runs, {estimate.unresolved} unresolved, "
            f"{estimate.levels} levels, {time.perf_counter() - start:.0f} s",
            flush=True,
        )
        for case in estimate.cases:
            print(
                f"    {case.name:30} {case.weight:.5f} {case.chance} {case.levels} levels {case.runs:,} runs"
            )


if __name__ == "__main__":
    app()
