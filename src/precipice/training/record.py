"""A segmentation as JSON and as lines of text."""

import math
from typing import Any

from precipice.training.jump import Jump, Moment, Segmentation

PARACHUTE = ("exit", "flare", "opening_onset", "opening_peak", "canopy", "landing")
"""Events of a jump with a parachute, in order."""
RAMP = ("lip", "apex", "landing")
"""Events of a jump from a ramp back to the ground, in order."""
UNITS = {
    "lip_speed": "m/s",
    "lip_path_angle": "deg",
    "lip_rotation_rate": "deg/s",
    "rotation": "deg",
    "airtime": "s",
}
"""Of the numbers of a jump, as a person reads them."""


def segmentation_json(file: str, found: Segmentation) -> dict[str, Any]:
    """Return one file's segmentation as a JSON object.

    Args:
        file: As it was asked for.
        found: What is in it.

    Returns:
        `file`, `kind`, `jumps` and `problems`; times in seconds from the file's first row, null for
        what the log does not show.
    """
    return {
        "file": file,
        "kind": found.kind,
        "jumps": [_jump_json(jump) for jump in found.jumps],
        "problems": list(found.problems),
    }


def _jump_json(jump: Jump) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": jump.kind}
    names = RAMP if jump.kind == "ramp_jump" else PARACHUTE
    for name in (*names, *(extra for extra in jump.events if extra not in names)):
        told[name] = _moment_json(jump.events.get(name))
    for name, (value, deviation) in jump.numbers.items():
        told[name] = {"value": round(value, 4), "sd": round(deviation, 4)}
    return told


def _moment_json(moment: Moment | None) -> dict[str, float] | None:
    return None if moment is None else {"t": round(moment.time, 3), "sd": round(moment.deviation, 3)}


def segmentation_text(file: str, found: Segmentation) -> str:
    """Return one file's segmentation as lines for a person."""
    lines = [f"{file}: {found.kind.replace('_', ' ')}"]
    named = [
        (f"jump {number} ({jump.kind.replace('_', ' ')})", jump) for number, jump in enumerate(found.jumps, 1)
    ]
    for name, jump in [*named, *(("a flight under a canopy, no jump", flight) for flight in found.canopies)]:
        lines.append(f"  {name}")
        lines += [
            f"    {name.replace('_', ' '):<18}{moment.time:9.2f} s ± {moment.deviation:.2f} s"
            for name, moment in jump.events.items()
        ]
        lines += [_number_text(name, *pair) for name, pair in jump.numbers.items()]
    lines += [f"  problem: {problem}" for problem in found.problems]
    return "\n".join(lines) + "\n"


def _number_text(name: str, value: float, deviation: float) -> str:
    unit = UNITS.get(name, "")
    if unit.startswith("deg"):
        value, deviation = math.degrees(value), math.degrees(deviation)
    return f"    {name.replace('_', ' '):<18}{value:9.2f} ± {deviation:.2f} {unit}".rstrip()
