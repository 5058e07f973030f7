"""A logbook, a jump and a season as text."""

from typing import NamedTuple

import numpy as np

from precipice.report.words import JOINT, number, wrapped
from precipice.training.logbook import EVENTS, Logbook, Part, Row, name_of
from precipice.training.skill import Skill, Trend


class Said(NamedTuple):
    """How a number is said.

    Attributes:
        words: Its name.
        unit: That is shown.
        scale: Units in one of SI.
    """

    words: str
    unit: str
    scale: float = 1.0


_DEGREE = 180.0 / np.pi
SAID: dict[str, Said] = {
    "delay": Said("exit to opening", "s"),
    "fall_sink": Said("sink in freefall", "m/s"),
    "drag_ratio": Said("drag area over mass", "m²/kg"),
    "lift_ratio": Said("lift area over mass", "m²/kg"),
    "fall_glide": Said("level airspeed over sink in freefall", ""),
    "glide_speed": Said("level speed of the glide at sea level", "m/s"),
    "glide_sink": Said("sink of the glide at sea level", "m/s"),
    "terminal_speed": Said("terminal speed at sea level", "m/s"),
    "opening_load": Said("opening shock, motion sensor", "g", 1.0 / 9.80665),
    "opening_load_gnss": Said("opening shock, receiver (reads low)", "g", 1.0 / 9.80665),
    "opening_loss": Said("height lost in the opening", "m"),
    "opening_height": Said("height of the opening", "m"),
    "canopy_height": Said("height under the open canopy", "m"),
    "canopy_time": Said("time under the canopy", "s"),
    "canopy_sink": Said("sink under the canopy", "m/s"),
    "canopy_speed": Said("level airspeed under the canopy", "m/s"),
    "canopy_lift_ratio": Said("canopy's lift area over mass", "m²/kg"),
    "canopy_drag_ratio": Said("canopy's drag area over mass", "m²/kg"),
    "canopy_glide": Said("glide under the canopy", ""),
    "wind_speed": Said("wind under the canopy", "m/s"),
    "landing_sink": Said("sink at the landing", "m/s"),
    "landing_speed": Said("level speed at the landing", "m/s"),
    "lip_speed": Said("speed at the lip", "m/s"),
    "lip_path_angle": Said("path angle at the lip", "deg", _DEGREE),
    "lip_rotation_rate": Said("rotation at the lip", "deg/s", _DEGREE),
    "rotation": Said("rotation in the air", "deg", _DEGREE),
    "airtime": Said("airtime", "s"),
}
"""By column; places are left out."""


def list_page(logbook: Logbook) -> str:
    """Return every jump of a logbook in a line."""
    head = f"{'day':12}{'kind':11}{'rehearsal':15}{'performer':14}{'':5}jump"
    lines = [head]
    for row in logbook.rows:
        made = "SYN" if row["synthetic"] else ""
        words = (
            f"{row['day'] or 'undated':12}{row['kind']:11}{row['rehearsal']:15}{row['performer'] or '-':14}"
        )
        lines.append(f"{words}{made:5}{name_of(row)}")
    made = sum(bool(row["synthetic"]) for row in logbook.rows)
    note = f", {made:,} of them SYNTHETIC: evidence of nothing" if made else ""
    lines.append(f"{len(logbook):,} jumps{note}")
    return "\n".join(lines) + "\n"


def jump_page(row: Row) -> str:
    """Return one jump as text."""
    made = "  SYNTHETIC: nobody made this jump" if row["synthetic"] else ""
    lines = [
        f"{name_of(row)}: {row['kind']}, {row['day'] or 'undated'}{made}",
        "",
        "When, s from the file's first row",
    ]
    for event in EVENTS:
        if row[f"t_{event}"] is not None:
            deviation = number(row[f"t_{event}_sd"], 2)
            lines.append(f"  {event.replace('_', ' '):38}{number(row[f't_{event}'], 2):>10} ± {deviation}")
    lines += ["", "What"]
    for name, said in SAID.items():
        if row[name] is not None:
            value, deviation = (_shown(row[column], said) for column in (name, f"{name}_sd"))
            lines.append(f"  {said.words:38}{value:>10} ± {deviation} {said.unit}".rstrip())
    return "\n".join(lines) + "\n"


def _shown(value: float, said: Said) -> str:
    return f"{said.scale * value:.3g}" if abs(said.scale * value) < 100.0 else f"{said.scale * value:.0f}"


KINDS = {"skydive": "skydives", "base": "BASE jumps", "ramp_jump": "ramp jumps"}
"""How several jumps of a kind are called."""


def part_words(part: Part) -> str:
    """Return whose jumps these are, such as "Ana, ramp jumps: 30"."""
    made = ", SYNTHETIC: evidence of nothing" if part.synthetic else ""
    return f"{part.performer or 'nobody named'}, {KINDS.get(part.kind, part.kind)}: {len(part.logbook)}{made}"


def skill_page(found: list[Skill]) -> str:
    """Return how well numbers are repeated, as text."""
    lines: list[str] = []
    for skill in found:
        lines += [*_skill(skill), ""]
    return "\n".join(lines).replace(JOINT, " ")


def _skill(skill: Skill) -> list[str]:
    said = SAID.get(skill.name, Said(skill.name, "SI"))
    unit = f" [{said.unit}]" if said.unit else ""
    jumps, days = len(skill.values), len(np.unique(skill.days))
    lines = [f"{said.words}{unit}, {jumps} jump{'s' * (jumps > 1)} on {days} day{'s' * (days > 1)}"]
    if skill.posterior is not None:
        levels = {
            "mean": skill.posterior.mean,
            "within a day ±": skill.posterior.jump,
            "between days ±": skill.posterior.day,
        }
        for words, level in levels.items():
            if level is not None:
                low, high = (_shown(end, said) for end in level.interval)
                lines.append(f"  {words:18}{_shown(level.middle, said):>9}  (95 %: {low} to {high})")
    for words, trend, scale in (("change", skill.trend, said.scale), ("scatter", skill.scatter, 100.0)):
        if trend is not None:
            lines += _trend(words, trend, scale, "%" if words == "scatter" else said.unit)
    if skill.day_chance is not None:
        lines.append(f"  days: alike ones would differ as much with a chance of {skill.day_chance:.2g}")
    for name, group in skill.groups.items():
        low, high = (_shown(end, said) for end in group.interval)
        known = f" ({low} to {high})" if np.isfinite(group.interval.low) else ""
        many = f"{group.jumps} jump{'s' * (group.jumps > 1)} on {group.days} day{'s' * (group.days > 1)}"
        lines.append(f"  {name}: {_shown(group.mean, said)}{known}, {many}")
    if skill.by_wind is not None:
        low, high = said.scale * skill.by_wind.interval.low, said.scale * skill.by_wind.interval.high
        change = f"{said.scale * skill.by_wind.change:+.3g} {said.unit} ({low:.3g} to {high:.3g})"
        shown = "it changes" if skill.by_wind.still else "no change is shown"
        lines += wrapped(f"with each m/s of wind under the canopy: {change}; {shown}", "  ", "    ")
    if skill.outliers:
        lines += wrapped(f"outside the control limits: {', '.join(skill.outliers)}", "  ", "    ")
    return lines


def _trend(words: str, trend: Trend, scale: float, unit: str) -> list[str]:
    low, high = scale * trend.interval.low, scale * trend.interval.high
    change = f"{scale * trend.change:+.3g} {unit} ({low:.3g} to {high:.3g})"
    text = f"{words} with each doubling of practice: {change}"
    return wrapped(f"{text}; {'still changing' if trend.still else 'no change is shown'}", "  ", "    ")
