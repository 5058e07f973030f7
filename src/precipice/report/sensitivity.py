"""Sobol' indices as a page of text."""

from precipice.report.words import JOINT, field_name, number, quantity, wrapped
from precipice.risk.sobol import Found, Index, Sensitivity

LEAST = 0.005
"""Share of the variance below which a field is not told."""
TOLD = 6
"""Fields that are told of each hazard."""
_WHY = "there too few of these points have the event, or the margin does not vary or is missing in many"


def sensitivity_page(found: Found) -> str:
    """Return indices as plain text, at most 100 columns wide.

    Args:
        found: From `precipice.risk.sobol.sensitivity`.
    """
    took = quantity(found.wall_s, "s", 1)
    parts = [
        [found.file, f"{found.runs:,} runs on {found.points:,} evenly spread points, in {took}"],
        wrapped(
            "Share of the variance of each hazard's chance or margin that goes with a field alone (first) "
            "and with everything that it acts together with (total); 95 % by resampling. No verdict rests "
            "on these points.",
            "",
            "",
        ),
        *(_hazard(hazard) for hazard in found.hazards),
        wrapped(f"Not told: {'; '.join(found.untold)}; {_WHY}.", "", "  ") if found.untold else [],
        ["A planning aid, never a clearance to jump."],
    ]
    return "\n\n".join("\n".join(part) for part in parts if part).replace(JOINT, " ") + "\n"


def _hazard(hazard: Sensitivity) -> list[str]:
    head = f"{f'{hazard.hazard}, {hazard.of}':48}{'first':>7}{'95 %':>16}{'total':>9}{'95 %':>16}"
    told = [index for index in hazard.indices if index.total_interval.low > LEAST][:TOLD]
    if not told:
        return [head, "  no field stands out on so few points"]
    return [head, *(line for index in told for line in _row(index))]


def _row(index: Index) -> list[str]:
    name, *others = (field_name(field) for field in index.fields)
    first, total = (
        f"{number(ends.low, 2)} to {number(ends.high, 2)}"
        for ends in (index.first_interval, index.total_interval)
    )
    row = f"  {name:46}{number(index.first, 2):>7}{first:>16}{number(index.total, 2):>9}{total:>16}"
    return [row, *(f"    with {other}" for other in others)]
