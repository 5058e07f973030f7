"""Drawn runs a second on one core: the whole default stunt, gusts and rock on, at the shipped tolerance.

The landing error stands in the same row: each of some runs is flown again in float64 at the tolerance of
`fly`, which tests/independent holds to 0.05 mm of an integration at 1e-12. Compilation is left out. The
last row is SciPy's DOP853 on the same equations (tests/independent, written separately, in Python): what a
run costs there, at 1e-6. JSBSim has neither ramp, nor separation, nor a pilot: no common piece.
"""

import os
import statistics
import sys
import time
from pathlib import Path

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from precipice.campaign.draws import draw, draw_many  # noqa: E402
from precipice.phases.sequence import OUTCOMES  # noqa: E402
from precipice.scenario.load import load_scenario  # noqa: E402
from precipice.simulation.many import simulate_many  # noqa: E402
from precipice.simulation.simulate import simulate  # noqa: E402
from precipice.world.arrange import arrange, value_keys  # noqa: E402
from precipice.world.arrange_many import arrange_many  # noqa: E402

RUNS, REPEATS, CHECKED = 4096, 3, 48


def one_core() -> None:
    """Keep this process on one core, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def landing_errors(scenario, columns) -> tuple[np.ndarray, int]:
    """Return how far landings lie from those in float64 [m], and how many runs end otherwise."""
    keys, away, other = value_keys(scenario), [], 0
    for run in range(CHECKED):
        exact = simulate(arrange(scenario, draw(scenario, 0, run)), keys, kind=scenario.kind)
        if round(float(exact["numbers.outcome"])) != round(float(columns["outcome"][run])):
            other += 1
        elif OUTCOMES[round(float(columns["outcome"][run]))] == "landed":
            away.append(
                np.hypot(
                    float(exact["numbers.landing_east"]) - columns["landing_east"][run],
                    float(exact["numbers.landing_north"]) - columns["landing_north"][run],
                )
            )
    return np.asarray(away), other


def peer(scenario) -> float:
    """Return what one run takes with SciPy's DOP853 at 1e-6 [s]."""
    from tests.independent import solve
    from tests.independent.stunt import fly_independently

    drawn = draw(scenario, 0, 0)
    tables = arrange(scenario, drawn)
    before = solve.TOLERANCE
    solve.TOLERANCE = 1e-6
    start = time.perf_counter()
    fly_independently(scenario, dict(drawn.values), drawn.luck, tables)
    solve.TOLERANCE = before
    return time.perf_counter() - start


def main() -> None:
    """Measure and print."""
    print(
        f"python {sys.version.split()[0]}, one core of {os.cpu_count()}, load before {os.getloadavg()[0]:.2f}"
    )
    scenario = load_scenario(ROOT / "scenarios" / "helsetkopen.toml")
    keys = value_keys(scenario)
    simulate_many(arrange_many(scenario, draw_many(scenario, 0, range(128))), keys, say=print)
    one_core()
    drawing, flying = [], []
    for _ in range(REPEATS):
        start = time.perf_counter()
        inputs = arrange_many(scenario, draw_many(scenario, 0, range(RUNS)))
        drawn = time.perf_counter()
        columns = simulate_many(inputs, keys)
        drawing.append(drawn - start)
        flying.append(time.perf_counter() - drawn)
    away, other = landing_errors(scenario, columns)
    whole = statistics.median(a + b for a, b in zip(drawing, flying, strict=True))
    seconds = float(np.mean(columns["end_time"]))
    print(
        f"{RUNS} runs of {seconds:.0f} s: {RUNS / whole:.0f} runs/s/core with draws, "
        f"{RUNS / statistics.median(flying):.0f} without; landing off by {1e3 * np.median(away):.0f} mm "
        f"(median), {np.percentile(away, 99):.2f} m (99th percentile) of {len(away)}; "
        f"{other} of {CHECKED} end otherwise; "
        f"unresolved {int(np.sum(~columns['resolved']))}"
    )
    cost = peer(scenario)
    print(f"SciPy DOP853 at 1e-6, the same stunt: {cost:.1f} s a run; ratio {cost * RUNS / whole:.0f}")


if __name__ == "__main__":
    main()
