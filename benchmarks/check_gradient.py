"""Gradients against central differences of flights: random draws of every kind of stunt.

Each draw has its own numbers, luck and gusts. At each, a few fields are chosen at random; every output's
derivative is compared with a difference of fourth order between four flights, solved a thousand times finer
than usual: at the usual tolerance a flight's own error changes by more than 1e-3 of what small steps do.
A row of the table is a kind; draws and fields whose outcome changes between flights are listed below it.

    python benchmarks/check_gradient.py --draws 20 --fields 6 [kind ...]
"""

import argparse
import sys
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
SCENARIOS = {
    "ramp-to-canopy": "helsetkopen",
    "ramp-jump": "ramp_jump",
    "base-jump": "base_jump",
    "skydive": "skydive",
    "drop": "high_fall",
}
SEED = 20
SHARE, FARTHEST = 1e-2, 0.2
"""Longest step of the differences: a share of the field's size, but no output moves farther than this."""
NOISE = 1e-10
"""Error of a tight flight's outputs, about [m, ...]."""
SHORTER = (1.0, 0.1)
"""Steps that are tried, over the longest: of each output the one counts that knows it best."""
GOOD = 1e-4
"""Relative doubt of differences from which no shorter step is tried."""
SMALL = 1e-4
"""Below this share of the output's largest change by any field compared, a change is nothing [-]."""


class Compared(NamedTuple):
    """One derivative: by the program, by differences, and how well the differences know it."""

    draw: int
    field: str
    output: str
    exact: float
    differences: float
    doubt: float
    size: float


class Flip(NamedTuple):
    """A field whose change by a step ends the stunt in another way."""

    draw: int
    field: str
    outcomes: tuple[str, ...]


TIGHT = 1e-12


def fly_tightly(scenario, drawn):
    """Return the report of one flight at a tight tolerance; its programs are kept apart."""
    from dataclasses import replace

    from precipice.simulation import stages
    from precipice.simulation.mode import NOMINAL
    from precipice.simulation.simulate import simulate
    from precipice.world.arrange import arrange, value_keys

    usual = stages.EXACT
    stages.EXACT = replace(usual, relative=TIGHT, absolute=TIGHT, event=0.01 * TIGHT)
    try:
        mode = NOMINAL._replace(name=f"tight {TIGHT}")
        return simulate(arrange(scenario, drawn), value_keys(scenario), mode, kind=scenario.kind)
    finally:
        stages.EXACT = usual


def fly(scenario, drawn):
    """Return outcome and outputs of one flight."""
    from precipice.campaign.fly import tell_run
    from precipice.report.gradient import measure

    report = fly_tightly(scenario, drawn)
    run = tell_run(report, scenario, drawn)
    return run.outcome if run.resolved else "unresolved", measure(run, scenario)


def compare(scenario, draw_number, fields):
    """Return what was compared at one draw, and the fields whose outcome flips."""
    from precipice.campaign.draws import draw
    from precipice.campaign.slope import shift, slope
    from precipice.report.gradient import measure

    found = slope(scenario, measure, fields, draw_number, SEED)
    drawn = draw(scenario, SEED, draw_number)
    compared, flips = [], []
    for field in fields:
        slopes = {name: value for name, value in found.slopes[field].items() if value is not None}
        size = abs(drawn.values[field]) or 1.0
        largest = max([abs(value) for value in slopes.values()], default=0.0)
        step = min(SHARE * size, FARTHEST / max(largest, 1e-9))
        best: dict[str, Compared] = {}
        for shorter in SHORTER:
            h = shorter * step
            flown = [fly(*shift(scenario, drawn, field, k * h)) for k in (-2, -1, 1, 2)]
            outcomes = tuple(outcome for outcome, _ in flown)
            if set(outcomes) != {found.run.outcome}:
                if shorter == SHORTER[-1]:
                    flips.append(Flip(draw_number, field, (*outcomes[:2], found.run.outcome, *outcomes[2:])))
                continue
            a, b, c, d = (outputs for _, outputs in flown)
            for name, value in slopes.items():
                if any(outputs[name] is None for outputs in (a, b, c, d)):
                    continue
                near, far = (c[name] - b[name]) / (2 * h), (d[name] - a[name]) / (4 * h)
                middle = near + (near - far) / 3.0
                doubt = abs(middle - near) + NOISE / h
                row = Compared(draw_number, field, name, value, middle, doubt, size)
                if name not in best or row.doubt < best[name].doubt:
                    best[name] = row
            if all(row.doubt <= GOOD * abs(row.differences) for row in best.values()):
                break
        compared += best.values()
    return found.run, compared, flips


def choose(scenario, draw_number, count):
    """Return fields at random, the same for the same draw."""
    names = list(scenario.values())
    return list(np.random.default_rng([SEED, draw_number]).choice(names, count, replace=False))


def errors(rows):
    """Return relative errors, each against the larger of the change and a small share of the largest one."""
    largest = {}
    for row in rows:
        largest[row.output] = max(largest.get(row.output, 0.0), abs(row.differences) * row.size)
    return [
        abs(row.exact - row.differences)
        / max(abs(row.differences), SMALL * largest[row.output] / row.size, 1e-12)
        for row in rows
    ]


def check(kind, draws, count):
    """Compare all draws of a kind and print its row."""
    from precipice.scenario.load import load_scenario

    scenario = load_scenario(ROOT / "scenarios" / f"{SCENARIOS[kind]}.toml")
    start, rows, flips, unresolved = time.perf_counter(), [], [], []
    for number in range(draws):
        run, compared, flipped = compare(scenario, number, choose(scenario, number, count))
        if not run.resolved:
            unresolved.append(number)
            continue
        rows += compared
        flips += flipped
    wrong = errors(rows)
    moving = [e for e, row in zip(wrong, rows, strict=True) if row.differences != 0.0 or row.exact != 0.0]
    silent = [row for row in rows if row.exact == 0.0 and abs(row.differences) * row.size > 1e-6]
    over = [(e, row) for e, row in zip(wrong, rows, strict=True) if e > 1e-3]
    print(
        f"| {kind} | {draws} | {len(rows)} | {len(moving)} | {np.median(moving):.0e} | "
        f"{np.quantile(moving, 0.95):.0e} | {max(moving):.0e} | {len(over)} | {len(silent)} | {len(flips)} |",
        flush=True,
    )
    for e, row in sorted(over, key=lambda pair: -pair[0]):
        print(
            f"  over 1e-3: draw {row.draw}, {row.output} by {row.field}: {row.exact:.6g}, by differences "
            f"{row.differences:.6g} +- {row.doubt:.1g}, relative {e:.1e}"
        )
    for flip in flips:
        print(f"  flips: draw {flip.draw}, {flip.field}: {' / '.join(dict.fromkeys(flip.outcomes))}")
    if unresolved:
        print(f"  unresolved draws, left out: {unresolved}")
    print(f"  {time.perf_counter() - start:.0f} s", file=sys.stderr)


def main():
    """Check the kinds that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kinds", nargs="*", default=list(SCENARIOS))
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--fields", type=int, default=6)
    chosen = parser.parse_args()
    titles = (
        "kind",
        "draws",
        "compared",
        "not zero",
        "median",
        "95 %",
        "largest",
        "over 1e-3",
        "silent",
        "flips",
    )
    print(f"| {' | '.join(titles)} |")
    print("| --- " * len(titles) + "|")
    for kind in chosen.kinds:
        check(kind, chosen.draws, chosen.fields)


if __name__ == "__main__":
    main()
