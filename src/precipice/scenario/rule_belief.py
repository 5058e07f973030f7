"""Rules between criteria, correlations and the fields that they speak about."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from precipice.errors import RuleError, quote
from precipice.scenario.correlation import Correlation, normal_correlations
from precipice.scenario.criterion import HAZARDS
from precipice.scenario.explanation import Finding, closest, finding
from precipice.scenario.facts import Facts
from precipice.scenario.quantity import Quantity
from precipice.scenario.spread import Discrete, Mixture
from precipice.units import parse_quantity


def check_belief(facts: Facts, kind: str) -> Iterator[Finding]:
    """Yield every criterion or correlation that does not fit the stunt.

    Args:
        facts: What could be read.
        kind: Of the stunt.
    """
    yield from _criteria_fit(facts, kind)
    items = list(facts.items("correlation"))
    known = facts.quantities()
    broken = [found for item in items for found in _fields_can_correlate(facts, known, item)]
    broken += _pairs_named_once(facts, items)
    yield from broken or _matrix_is_possible(facts, items)


def _criteria_fit(facts: Facts, kind: str) -> Iterator[Finding]:
    for item in facts.items("criterion"):
        name = facts.get(f"{item}.hazard")
        if name is None:
            continue
        hazard = HAZARDS.get(name)
        have = [known for known, which in HAZARDS.items() if kind in which.kinds]
        if hazard is None or kind not in hazard.kinds:
            rule = "must be a hazard of a " + kind
            meant = closest(name, have)
            remedy = f'did you mean "{meant}"?' if meant else "write one of " + ", ".join(have)
            yield finding(f"{item}.hazard", rule, quote(name), remedy)
            continue
        yield from _limit_fits(f"{item}.limit", facts.get(f"{item}.limit"), name, hazard.dimension)


def _limit_fits(path: str, limit: str | None, hazard: str, dimension: str | None) -> Iterator[Finding]:
    if limit is None:
        return
    if dimension is None:
        yield finding(
            path, f"must be absent for {hazard}", quote(limit), "remove it: it happens or it does not"
        )
        return
    try:
        parse_quantity(limit, dimension)
    except RuleError as error:
        yield finding(path, error.rule, error.value, error.remedy)


def _fields_can_correlate(facts: Facts, known: dict[str, Quantity], item: str) -> Iterator[Finding]:
    rank = facts.get(f"{item}.rank")
    if isinstance(rank, float) and not -1.0 < rank < 1.0:
        rule = "must lie between -1 and 1, both excluded"
        yield finding(f"{item}.rank", rule, f"{rank:g}", "write such as 0.3")
    levels: dict[str, str] = {}
    for path in facts.get(f"{item}.fields") or ():
        quantity = known.get(path)
        where = f"{item}.fields"
        if quantity is None and facts.declares(path) and facts.get(path) is None:
            continue
        if quantity is None:
            meant = closest(path, known)
            remedy = f"did you mean {meant}?" if meant else "write a dotted path such as performer.mass"
            yield finding(where, "must name fields that hold a quantity", quote(path), remedy)
        elif len(quantity.spread) != 1 or isinstance(quantity.spread[0], Mixture | Discrete):
            rule = "must name fields with one spread that has no steps (not mixture or discrete)"
            yield finding(where, rule, quote(path), f"give {path} such a spread, or leave it out")
        else:
            levels[path] = quantity.spread[0].varies
    if len(set(levels.values())) > 1:
        written = ", ".join(f"{path} by {level}" for path, level in levels.items())
        remedy = "correlate fields that differ from jump to jump, or from day to day, or not at all"
        yield finding(f"{item}.fields", "must name fields that vary alike", quote(written), remedy)


def _pairs_named_once(facts: Facts, items: list[str]) -> Iterator[Finding]:
    seen: set[frozenset[str]] = set()
    for item in items:
        for first, second in combinations(facts.get(f"{item}.fields") or (), 2):
            if first == second or frozenset((first, second)) in seen:
                rule = "must name every pair of fields once in the file"
                yield finding(
                    f"{item}.fields", rule, quote(f"{first} and {second} again"), "keep one of them"
                )
            seen.add(frozenset((first, second)))


def _matrix_is_possible(facts: Facts, items: list[str]) -> Iterator[Finding]:
    found = [(facts.get(f"{item}.fields"), facts.get(f"{item}.rank")) for item in items]
    whole = [
        Correlation(fields=fields, rank=rank) for fields, rank in found if fields and isinstance(rank, float)
    ]
    lowest = float(np.linalg.eigvalsh(normal_correlations(whole)[1]).min(initial=1.0))
    if lowest < 1e-9:
        rule = "must all be possible together (a positive definite matrix)"
        value = f"a smallest eigenvalue of {lowest:.2g}"
        yield Finding(
            "correlation", rule, value, "move the ranks towards 0, or name the pairs that follow from them"
        )
