"""A scenario's file again, with calibrated fields in it; everything else stays as somebody wrote it."""

from typing import Any

from precipice.errors import InputError
from precipice.scenario.load import parse_scenario
from precipice.scenario.scenario import Scenario
from precipice.training.calibrate import OUTSIDE, Calibration, Informing
from precipice.units import format_quantity

_DIFFERENCE_UNITS = {"degC": "delta_degC", "°C": "delta_degC", "degF": "delta_degF"}


def calibrated_text(scenario: Scenario, found: Calibration, file: str, note: str) -> str:
    """Return the text of a scenario with its informed fields replaced.

    Args:
        scenario: As it was read.
        found: What a logbook says.
        file: Name of the new file, for messages.
        note: Name of the file with the whole evidence.

    Raises:
        InputError: When the file cannot be changed, or the result is no scenario.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document: Any = tomlkit.parse(scenario.text)
        for item in found.informed:
            section: Any = document
            *parts, name = item.field.path.split(".")
            for part in parts:
                if part not in section:
                    section[part] = tomlkit.table()
                section = section[part]
            section[name] = _table(item, scenario, note)
        if found.synthetic:
            document["title"] = f"SYNTHETIC EVIDENCE: {scenario.title}"
    except TOMLKitError as error:
        raise InputError(f"{scenario.file} must be TOML that can be changed, but is not: {error}") from None
    text = tomlkit.dumps(document)
    parse_scenario(text, file)
    return text


def _table(item: Informing, scenario: Scenario, note: str) -> Any:
    import tomlkit

    unit = scenario.quantities()[item.field.path].unit
    table = tomlkit.inline_table()
    table["value"] = _written(item.value, unit)
    spreads = tomlkit.array()
    levels = {"jump": item.jump, "day": item.day, "constant": item.constant}
    for varies, size in levels.items():
        if size:
            spreads.append(_spread(item, varies, size, unit))
    table["spread"] = spreads
    evidence = item.evidence
    what = f"{len(evidence.jumps)} jumps {evidence.when}; {len(evidence.hashes)} files"
    source = f"{what}, sha256 {evidence.digest[:16]}, see {note}"
    if item.beyond > OUTSIDE:
        source += f"; WARNING: {100 * item.beyond:.0f} % of them are beyond what was rehearsed"
    if evidence.synthetic:
        table["basis"] = "assumed"
        table["source"] = f"SYNTHETIC, nobody made these: {source}"
    else:
        table["basis"] = "measured"
        table["rehearsal"] = evidence.rehearsal
        table["count"] = len(evidence.jumps)
        table["source"] = source
    return table


def _spread(item: Informing, varies: str, size: float, unit: str) -> Any:
    import tomlkit

    spread = tomlkit.inline_table()
    if item.field.logarithm:
        spread["shape"] = "lognormal"
        spread["sigma"] = f"{size:.4g}"
    else:
        spread["shape"] = "normal"
        spread["sd"] = _written(size, _DIFFERENCE_UNITS.get(unit, unit))
    spread["varies"] = varies
    return spread


def _written(value: float, unit: str) -> str:
    number, *rest = format_quantity(value, unit).split(" ")
    return " ".join([f"{float(number):.5g}", *rest])
