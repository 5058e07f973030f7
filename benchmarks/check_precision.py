"""What single precision changes in a campaign: the same draws, tolerances and program in float32 and float64.

    python -m benchmarks.check_precision [SCENARIO] [--runs N] [--seed S]

Lists every run that ends otherwise or lands more than half a metre away, and how often each hazard differs.
"""

import sys
from pathlib import Path

import numpy as np
import typer

ROOT = Path(__file__).resolve().parents[1]
NEAR = 0.5
"""How far apart two landings may be before they are listed [m]."""


def fly_both(scenario, runs: int, seed: int) -> tuple[dict, dict]:
    """Return the numbers of a campaign in single and in double precision."""
    from precipice.campaign.draws import draw_many
    from precipice.campaign.piece import PIECE
    from precipice.simulation.many import simulate_many
    from precipice.simulation.mode import CAMPAIGN, CHECK
    from precipice.world.arrange import value_keys
    from precipice.world.arrange_many import arrange_many
    from precipice.world.rock import prepare_rock

    prepare_rock(scenario)
    keys, found = value_keys(scenario), {"single": [], "double": []}
    for first in range(0, runs, PIECE):
        inputs = arrange_many(scenario, draw_many(scenario, seed, range(first, min(first + PIECE, runs))))
        for name, mode in (("single", CAMPAIGN), ("double", CHECK)):
            found[name].append(simulate_many(inputs, keys, scenario.kind, print, mode=mode))
    return tuple(
        {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        for parts in found.values()
    )


def check(file: Path = ROOT / "scenarios" / "helsetkopen.toml", runs: int = 10_000, seed: int = 0) -> None:
    """Measure and print."""
    from precipice.phases.sequence import OUTCOMES
    from precipice.risk.gather import gather
    from precipice.scenario.load import load_scenario

    scenario = load_scenario(file)
    single, double = fly_both(scenario, runs, seed)
    outcomes = [np.rint(part["outcome"]).astype(int) for part in (single, double)]
    other = np.flatnonzero(outcomes[0] != outcomes[1])
    print(f"{file.name}: {runs} runs of seed {seed}, {sys.platform}")
    print(f"same outcome: {100.0 * (1.0 - len(other) / runs):.3f} % ({len(other)} differ)")
    for run in other:
        print(f"  run {run}: {OUTCOMES[outcomes[0][run]]} in single, {OUTCOMES[outcomes[1][run]]} in double")
    if "landing_east" in single:
        landed = (outcomes[0] == 0) & (outcomes[1] == 0)
        apart = np.hypot(
            *(np.asarray(single[f"landing_{a}"], float) - double[f"landing_{a}"] for a in ("east", "north"))
        )
        print(
            f"landings: {landed.sum()} in both; apart {np.median(apart[landed]):.3f} m median, "
            f"{np.quantile(apart[landed], 0.99):.3f} m at 99 %, {apart[landed].max():.2f} m at most"
        )
        far = np.flatnonzero(landed & (apart > NEAR))
        print(f"  more than {NEAR} m apart: {len(far)} runs: {', '.join(map(str, far[:40]))}")
    judged = [gather(scenario, seed, [part]) for part in (single, double)]
    for one, two in zip(judged[0].found, judged[1].found, strict=True):
        here, there = one.measured.happened, two.measured.happened
        differ = int(np.sum(here != there))
        print(
            f"  {one.name:32} {int(here.sum()):6} single {int(there.sum()):6} double {differ:4} runs differ"
        )


if __name__ == "__main__":
    typer.run(check)
