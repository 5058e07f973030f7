"""A comparison of two scenarios as a page of text."""

from precipice.report.words import JOINT, number, quantity, share, wrapped
from precipice.risk.compare import Comparison, Difference


def comparison_page(found: Comparison) -> str:
    """Return a comparison as plain text, at most 100 columns wide.

    Args:
        found: From `precipice.risk.compare.compare`.
    """
    took = quantity(found.wall_s, "s", 1)
    head = [
        *wrapped(f"A: {found.files[0]}", "", ""),
        *wrapped(f"B: {found.files[1]}", "", ""),
        f"{found.runs:,} runs of each on the same draws, seed {found.seed}, in {took}",
    ]
    if found.unresolved:
        head.append(f"{found.unresolved:,} left out, since one of the two cannot be trusted")
    moved = [hazard for hazard in found.hazards if hazard.shown]
    told = "; ".join(_sentence(hazard) for hazard in moved) or "no hazard's chance is shown to differ"
    parts = [head, wrapped(f"CHANGE: {told}.", "", "        "), _table(found), _margins(found), _end(found)]
    return "\n\n".join("\n".join(part) for part in parts if part).replace(JOINT, " ") + "\n"


def _sentence(hazard: Difference) -> str:
    word = "less" if hazard.change < 0.0 else "more"
    return f"{hazard.name} is {word} likely in B, {share(hazard.first)} to {share(hazard.second)}"


def _table(found: Comparison) -> list[str]:
    head = f"{'Hazard':30}{'A':>9}{'B':>9}{'only A':>8}{'only B':>8}{'B less A, 95 % sure':>26}"
    return [head, *(_row(hazard) for hazard in (*found.hazards, found.any_hazard))]


def _row(hazard: Difference) -> str:
    low, high = (_points(end) for end in hazard.interval)
    shown = " shown" if hazard.shown else ""
    return (
        f"{hazard.name:30}{share(hazard.first):>9}{share(hazard.second):>9}{hazard.only_first:>8,}"
        f"{hazard.only_second:>8,}{f'{low} to {high} %':>26}{shown}"
    )


def _points(change: float) -> str:
    decimals = 2 if abs(change) >= 1e-3 else 4
    return number(100.0 * change, decimals, sign=True)


def _margins(found: Comparison) -> list[str]:
    lines = []
    for hazard in found.hazards:
        if hazard.margin is None or hazard.margin_interval is None:
            continue
        low, high = (quantity(end, hazard.margin_unit, 3, sign=True) for end in hazard.margin_interval)
        change = quantity(hazard.margin, hazard.margin_unit, 3, sign=True)
        lines.append(f"  {hazard.name:32}{change:>18}   {low} to {high}")
    return ["Mean change of what is left to the limit, B less A, 95 % sure", *lines] if lines else []


def _end(found: Comparison) -> list[str]:
    lines = [f"{name} is a hazard of {file} alone" for name, file in found.alone]
    return [*lines, "A planning aid, never a clearance to jump."]
