"""A calibration as a page of text."""

from collections import defaultdict

from precipice.report.words import JOINT, wrapped
from precipice.scenario.scenario import Scenario
from precipice.training.calibrate import OUTSIDE, Calibration, Informing
from precipice.units import format_quantity

UNNAMED = "No jump says whose it is: taken as one person's. `precipice logs ingest --performer NAME` says it."


def calibration_page(found: Calibration, scenario: Scenario) -> str:
    """Return what a logbook said about a scenario, as plain text at most 100 columns wide.

    Args:
        found: From `precipice.training.calibrate.calibrate`.
        scenario: As it was.
    """
    parts = [_header(found, scenario)]
    parts += [_field(item, scenario) for item in found.informed]
    parts.append(_silent(found))
    return "\n\n".join("\n".join(part) for part in parts if part).replace(JOINT, " ") + "\n"


def _header(found: Calibration, scenario: Scenario) -> list[str]:
    lines = wrapped(scenario.title or scenario.file, "", "")
    if found.synthetic:
        lines += wrapped(
            "SYNTHETIC: nobody made these jumps. A test of the program, evidence of nothing.", "", ""
        )
    whose = f"Jumps of {found.performer}." if found.performer else UNNAMED
    lines += wrapped(whose, "", "")
    return lines


def _field(item: Informing, scenario: Scenario) -> list[str]:
    unit = scenario.quantities()[item.field.path].unit
    old, new = format_quantity(item.old, unit), _said(item.value, unit, 4)
    evidence = item.evidence
    lines = [f"{item.field.path}: {old} -> {new}"]
    levels = {"from jump to jump": item.jump, "from day to day": item.day, "left open": item.constant}
    parts = [f"{_size(item, size, unit)} {name}" for name, size in levels.items() if size]
    if item.day is None:
        parts.append("from day to day unknown: all jumps are of one day")
    lines += wrapped(f"spread: {'; '.join(parts)}", "  ", "    ")
    what = f"from {len(evidence.jumps)} jumps of {evidence.rehearsal} {evidence.when}"
    lines += wrapped(f"{what}; {len(evidence.hashes)} files, sha256 {evidence.digest[:16]}", "  ", "    ")
    if item.note:
        lines += wrapped(item.note, "  ", "    ")
    if item.beyond > OUTSIDE:
        text = (
            f"warning: {100 * item.beyond:.0f}{JOINT}% of the jumps lie beyond what the rehearsed scenario "
            "can be: is it the one that was rehearsed? See --rehearsed"
        )
        lines += wrapped(text, "  ", "    ")
    return lines


def _size(item: Informing, size: float, unit: str) -> str:
    if item.field.logarithm:
        return f"{100.0 * size:.{2 if size < 0.995 else 3}g}{JOINT}%"
    return _said(size, unit, 3).replace(" ", JOINT)


def _said(value: float, unit: str, digits: int) -> str:
    """Return a quantity with few digits in its unit."""
    number, *rest = format_quantity(value, unit).split(" ")
    return " ".join([f"{float(number):.{digits}g}", *rest])


def _silent(found: Calibration) -> list[str]:
    by_reason: dict[str, list[str]] = defaultdict(list)
    for path, why in found.silent:
        by_reason[why].append(path)
    lines = ["Stays as it was"]
    for why, paths in by_reason.items():
        lines += wrapped(f"{why}: {', '.join(paths)}", "  ", "    ")
    return lines
