"""Gradients against central differences of flights: random draws of every kind of stunt.

Each draw has its own numbers, luck and gusts. At each, a few fields are chosen at random; every output's
derivative is compared with a difference of fourth order between four flights, solved a thousand times finer
than usual: at the usual tolerance a flight's own error changes by more than 1e-3 of what small steps do.
A row of the table is a kind. Below it stand draws and fields between whose flights the outcome or the events
change: no derivative says that. Then whatever is off by more than 1e-3, each with what it comes to:

- unknown: the differences themselves are no better known than that;
- nothing: the error, times the field's spread, is below 1e-4 of the output's own spread among the draws;
- wrong: the rest.

    python -m benchmarks.check_gradient --draws 20 --fields 6 [kind ...]
    python -m benchmarks.check_gradient --only 18 --field wind.direction ramp-to-canopy

With few draws an output's spread says little: more counts as wrong.
"""

import argparse
import math
import re
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
APART = 0.1
"""How far a surface's point is moved at most: they stay in order [m]."""
NOISE = 1e-10
"""Least error of a tight flight's outputs [m, ...]."""
NUDGES = tuple(k * 2.0**-44 for k in (-3, -1, 1, 2))
"""Changes of all fields, over their sizes, that only rounding sees: what outputs differ by is their error."""
SHORTER = tuple(2.0**-k for k in (0, 3, 6, 9))
"""Steps that are tried, over the longest: of each output the one counts that knows it best."""
GOOD = 1e-4
"""Relative error of the formula of differences from which no shorter step is tried."""
SMALL = 1e-4
"""Below this share of the output's largest change by any field compared, a change is nothing [-]."""
SURE = 3.0
"""Differences this many times as large as their doubt are not nothing [-]."""
LIMIT = 1e-3
"""Relative error that is asked for."""
NOTHING = 1e-4
"""An error that moves an output by less than this share of its spread among the draws is nothing [-]."""
SPREAD_DRAWS = 20
"""Draws at least of which a field's spread is taken."""
WITHOUT_SPREAD = 0.01
"""Stands for the spread of a field that has none, over its size."""


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
    """A field whose change by a step ends the stunt, or goes its way, otherwise."""

    draw: int
    field: str
    ways: tuple[str, ...]


TIGHT = 1e-12
MORE = 4
"""Times as many steps as a flight at the usual tolerance may take."""


def fly_tightly(scenario, drawn):
    """Return the report of one flight at a tight tolerance; its programs are kept apart."""
    from dataclasses import replace

    from precipice.simulation import stages
    from precipice.simulation.mode import NOMINAL
    from precipice.simulation.simulate import simulate
    from precipice.world.arrange import arrange, value_keys

    usual, steps = stages.EXACT, stages.EXACT_STEPS
    stages.EXACT = replace(usual, relative=TIGHT, absolute=TIGHT, event=0.01 * TIGHT)
    stages.EXACT_STEPS = {name: MORE * most for name, most in steps.items()}
    try:
        mode = NOMINAL._replace(name=f"tight {TIGHT}, {MORE} times the steps")
        return simulate(arrange(scenario, drawn), value_keys(scenario), mode, kind=scenario.kind)
    finally:
        stages.EXACT, stages.EXACT_STEPS = usual, steps


def fly(scenario, drawn):
    """Return the way of one flight, and its outputs."""
    from precipice.campaign.fly import tell_run
    from precipice.report.gradient import measure

    report = fly_tightly(scenario, drawn)
    run = tell_run(report, scenario, drawn)
    return way(run), measure(run, scenario)


def way(run):
    """Return how a run goes: its outcome, where it means to land, and its events."""
    if not run.resolved:
        return "unresolved"
    events = [
        event.name if event.body == run.subject else f"{event.body} {event.name}" for event in run.events
    ]
    return f"{run.outcome}, area {run.numbers.get('landing_area', 0.0):.0f}: {', '.join(sorted(events))}"


def compare(scenario, draw_number, fields):
    """Return what was compared at one draw, and the fields whose outcome flips."""
    from precipice.campaign.draws import draw
    from precipice.campaign.slope import shift, slope
    from precipice.report.gradient import measure

    found = slope(scenario, measure, fields, draw_number, SEED)
    drawn = draw(scenario, SEED, draw_number)
    compared, flips = [], []
    noise = own_errors(scenario, drawn, fields)
    for field in fields:
        slopes = {name: value for name, value in found.slopes[field].items() if value is not None}
        size = abs(drawn.values[field]) or 1.0
        largest = max([abs(value) for value in slopes.values()], default=0.0)
        step = min(SHARE * size, APART if "point" in field else math.inf, FARTHEST / max(largest, 1e-9))
        # A power of two: the same flights serve whatever the last digits of the derivatives are.
        step = 2.0 ** math.floor(math.log2(step))
        best: dict[str, Compared] = {}
        for shorter in SHORTER:
            h = shorter * step
            better = False
            flown = [fly(*shift(scenario, drawn, field, k * h)) for k in (-2, -1, 1, 2)]
            ways = tuple(went for went, _ in flown)
            if set(ways) != {way(found.run)}:
                if shorter == SHORTER[-1]:
                    flips.append(Flip(draw_number, field, (*ways[:2], way(found.run), *ways[2:])))
                continue
            a, b, c, d = (outputs for _, outputs in flown)
            for name, value in slopes.items():
                if any(outputs[name] is None for outputs in (a, b, c, d)):
                    continue
                near, far = (c[name] - b[name]) / (2 * h), (d[name] - a[name]) / (4 * h)
                middle = near + (near - far) / 3.0
                formula, rounding = abs(middle - near), noise[name] / h
                if a[name] == b[name] == c[name] == d[name]:
                    rounding = 0.0
                row = Compared(draw_number, field, name, value, middle, formula + rounding, size)
                if name not in best or row.doubt < best[name].doubt:
                    best[name] = row
                better |= formula > max(GOOD * abs(middle), rounding)
            if not better:
                break
        compared += best.values()
    return found, compared, flips


def own_errors(scenario, drawn, fields):
    """Return by how much each output of tight flights differs that are the same but for rounding."""
    from precipice.campaign.slope import shift

    flown = []
    for nudge in NUDGES:
        there, moved = scenario, drawn
        for field in fields:
            there, moved = shift(there, moved, field, nudge * (abs(drawn.values[field]) or 1.0))
        flown.append(fly(there, moved)[1])
    known = {name: [outputs[name] for outputs in flown if outputs[name] is not None] for name in flown[0]}
    return {name: NOISE + (max(values) - min(values) if values else 0.0) for name, values in known.items()}


def choose(scenario, draw_number, count):
    """Return fields at random, the same for the same draw; of a surface's points every tenth has a chance."""
    names = [n for n in scenario.values() if all(int(k) % 10 == 0 for k in re.findall(r"point.*?(\d+)", n))]
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


def spreads(scenario, draws):
    """Return the standard deviation of every number of the scenario among the draws, by path."""
    from precipice.campaign.draws import draw

    drawn = [draw(scenario, SEED, number).values for number in range(draws)]
    found = {name: float(np.std([values[name] for values in drawn])) for name in drawn[0]}
    return {name: sd or WITHOUT_SPREAD * (abs(drawn[0][name]) or 1.0) for name, sd in found.items()}


def meaning(row, field_spread, output_spread):
    """Return what an error over the limit comes to."""
    error = abs(row.exact - row.differences)
    if error <= row.doubt and row.doubt > LIMIT * abs(row.differences):
        return "unknown"
    return "nothing" if error * field_spread <= NOTHING * output_spread else "wrong"


def said(flip):
    """Return how the ways of a flip differ: outcomes if these do, else what only some of them meet."""
    outcomes = list(dict.fromkeys(went.split(",")[0] for went in flip.ways))
    if len(outcomes) > 1:
        return " / ".join(outcomes)
    places = list(dict.fromkeys(went.split(":")[0] for went in flip.ways))
    if len(places) > 1:
        return " / ".join(places)
    events = [set(went.split(": ")[1].split(", ")) for went in flip.ways]
    return (
        f"{outcomes[0]}, but not always: {', '.join(sorted(set.union(*events) - set.intersection(*events)))}"
    )


def check(kind, numbers, count, named):
    """Compare some draws of a kind, at fields that are named or chosen at random, and print its row."""
    from precipice.scenario.load import load_scenario

    scenario = load_scenario(ROOT / "scenarios" / f"{SCENARIOS[kind]}.toml")
    start, rows, flips, unresolved, outputs = time.perf_counter(), [], [], [], {}
    for number in numbers:
        fields = named or choose(scenario, number, count)
        found, compared, flipped = compare(scenario, number, fields)
        if not found.run.resolved:
            unresolved.append(number)
            continue
        rows += compared
        flips += flipped
        for name, value in found.values.items():
            outputs.setdefault(name, []).extend([] if value is None else [value])
    wrong = errors(rows)
    moving = [e for e, row in zip(wrong, rows, strict=True) if row.differences != 0.0 or row.exact != 0.0]
    silent = [
        row
        for row in rows
        if row.exact == 0.0
        and abs(row.differences) * row.size > 1e-6
        and abs(row.differences) > SURE * row.doubt
    ]
    of_field = spreads(scenario, max(len(numbers), SPREAD_DRAWS))
    over = [
        (e, row, meaning(row, of_field[row.field], float(np.std(outputs[row.output]))))
        for e, row in zip(wrong, rows, strict=True)
        if e > LIMIT
    ]
    kinds = [sum(comes_to == name for _, _, comes_to in over) for name in ("unknown", "nothing", "wrong")]
    print(
        f"| {kind} | {len(numbers)} | {len(rows)} | {len(moving)} | {np.median(moving):.0e} | "
        f"{np.quantile(moving, 0.95):.0e} | {len(over)} | {' | '.join(map(str, kinds))} | {len(silent)} | "
        f"{len(flips)} |",
        flush=True,
    )
    for e, row, comes_to in sorted(over, key=lambda found: -found[0]):
        print(
            f"  {comes_to}: draw {row.draw}, {row.output} by {row.field}: {row.exact:.6g}, by differences "
            f"{row.differences:.6g} +- {row.doubt:.1g}, relative {e:.1e}"
        )
    for row in silent:
        print(f"  silent: draw {row.draw}, {row.output} by {row.field}: by differences {row.differences:.6g}")
    for flip in flips:
        print(f"  flips: draw {flip.draw}, {flip.field}: {said(flip)}")
    if unresolved:
        print(f"  unresolved draws, left out: {unresolved}")
    print(f"  {time.perf_counter() - start:.0f} s", file=sys.stderr)


def main():
    """Check the kinds that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kinds", nargs="*", default=list(SCENARIOS))
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--fields", type=int, default=6)
    parser.add_argument("--only", type=int, nargs="+", help="numbers of draws")
    parser.add_argument("--field", nargs="+", help="paths, instead of fields at random")
    chosen = parser.parse_args()
    titles = (
        "kind",
        "draws",
        "compared",
        "not zero",
        "median",
        "95 %",
        "over 1e-3",
        "unknown",
        "nothing",
        "wrong",
        "silent",
        "flips",
    )
    print(f"| {' | '.join(titles)} |")
    print("| --- " * len(titles) + "|")
    for kind in chosen.kinds:
        check(kind, chosen.only or range(chosen.draws), chosen.fields, chosen.field)


if __name__ == "__main__":
    main()
