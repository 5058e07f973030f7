"""The chance of a rare hazard as a page of text."""

from precipice.report.words import JOINT, between, quantity, share, wrapped
from precipice.risk.rare import RareChance
from precipice.risk.rare_estimate import Estimate


def rare_page(found: RareChance) -> str:
    """Return the chance of a rare hazard as plain text, at most 100 columns wide.

    Args:
        found: From `precipice.risk.rare.rare_chance`.
    """
    estimate = found.estimate
    cases = f"{len(estimate.cases)} case{'s' if len(estimate.cases) > 1 else ''}"
    flown = f"{estimate.runs:,} runs of seed {found.seed}, {estimate.replicates} repeats"
    head = [
        *wrapped(found.scenario or found.file, "", ""),
        f"{flown}, {cases}, up to {estimate.levels} levels",
    ]
    told = wrapped(f"{found.hazard.upper()}: {_sentence(estimate)}", "", "  ")
    parts = [head, [*told, *wrapped(f"Counts from: {_limit(found)}", "", "  ")], _unresolved(estimate)]
    parts += [_table(estimate), ["A planning aid, never a clearance to jump."]]
    return "\n\n".join("\n".join(part) for part in parts if part).replace(JOINT, " ") + "\n"


def _sentence(estimate: Estimate) -> str:
    if estimate.chance is not None and estimate.low is not None and estimate.high is not None:
        sure = f"{100.0 * estimate.confidence:.4g}{JOINT}% sure"
        return (
            f"{share(estimate.chance)} (1 in {1.0 / estimate.chance:,.0f}); "
            f"{between(estimate.low, estimate.high)}, {sure}."
        )
    if estimate.word == "below":
        return f"below {share(estimate.high)}: no run came near, however it was led there."
    return f"COULD NOT BE RESOLVED: {estimate.why}."


def _limit(found: RareChance) -> str:
    limit = found.limit
    value = "" if limit.value is None else f"{quantity(limit.value, limit.unit)}, "
    return f"{value}{limit.words or 'whether it happens'} ({limit.source})"


def _unresolved(estimate: Estimate) -> list[str]:
    if not estimate.unresolved or estimate.high_resolved is None:
        return []
    return wrapped(
        f"UNRESOLVED: {estimate.unresolved:,} runs; harmless in the lower end, harmful in the upper one, "
        f"which without them is {share(estimate.high_resolved)}",
        "",
        "  ",
    )


def _table(estimate: Estimate) -> list[str]:
    head = f"{'Case':44}{'its chance':>14}{'adds':>16}{'levels':>8}{'runs':>12}"
    rows = [
        f"{case.name:44}{share(case.weight):>14}{share(case.chance):>16}{case.levels:>8}{case.runs:>12,}"
        for case in estimate.cases
    ]
    return [head, *rows]
