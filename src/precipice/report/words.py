"""Numbers and outcomes as a person reads them aloud: always with a unit, never "-0.0"."""

import math
import textwrap

from precipice.scenario.scenario import Scenario
from precipice.simulation.run import Run

WIDTH = 100
"""Columns of a printed page."""

JOINT = "\N{NO-BREAK SPACE}"
"""Between a number and its unit, so that no line ends between them; a page replaces it at last."""

NO_PERCENT = 1e-7
"""Percent below which a chance is said as none."""

WELL = ("landed", "came-to-rest")
"""Outcomes that are no accident by themselves."""

OUTCOME_WORDS = {
    "landed": "landed under the canopy",
    "stopped-before-lip": "came to a stop before the lip: no jump",
    "left-deck": "went off the side of the deck before the lip",
    "struck-rock-on-motorcycle": "STRUCK ROCK, still on the motorcycle",
    "struck-rock-at-separation": "STRUCK ROCK while leaving the motorcycle",
    "struck-rock-in-freefall": "STRUCK ROCK in freefall",
    "re-contact": "HIT BY THE MOTORCYCLE after leaving it",
    "struck-rock-in-deployment": "STRUCK ROCK before line stretch",
    "struck-ground-without-canopy": "STRUCK ROCK OR GROUND before the canopy was open",
    "struck-rock-under-canopy": "STRUCK ROCK under the canopy",
    "came-to-rest": "came to rest",
    "missed-surface": "MISSED THE LANDING SURFACE",
    "struck-obstacle": "STRUCK AN OBSTACLE: a tree, wire, building or other",
    "landed-in-water": "LANDED IN WATER under the canopy",
    "unresolved": "no known end",
}
"""How each outcome is said."""


def field_name(path: str) -> str:
    """Return what a driver is called: a field's path; of a malfunction's luck, the malfunction.

    Args:
        path: Dotted, or `luck.` and a malfunction: whether it happens, beside how bad it is then.
    """
    kind, _, name = path.partition(".")
    return f"rig.malfunction.{name}" if kind == "luck" else path


def number(value: float | None, decimals: int = 1, *, sign: bool = False) -> str:
    """Return a number with fixed decimals, "-" for what is absent or not finite; never "-0.0".

    Args:
        value: Any unit.
        decimals: After the point.
        sign: Whether a positive number is given its plus.
    """
    if value is None or not math.isfinite(value):
        return "-"
    rounded = round(value, decimals) + 0.0
    return f"{rounded:{'+' if sign and rounded else ''},.{decimals}f}"


def quantity(value: float | None, unit: str, decimals: int | None = None, *, sign: bool = False) -> str:
    """Return a number with its unit, such as "18.4 m/s"; a pure number has none.

    Args:
        value: In that unit.
        unit: "1" for a pure number.
        decimals: After the point; by the unit and size when None.
        sign: Whether a positive number is given its plus.
    """
    if value is None:
        return "-"
    if decimals is None:
        decimals = 2 if unit in ("1", "s") or (unit == "m" and abs(value) < 10.0) else 1
        decimals = 0 if unit == "m" and abs(value) >= 1000.0 else decimals
    return number(value, decimals, sign=sign) + ("" if unit == "1" else f"{JOINT}{unit}")


def share(value: float | None) -> str:
    """Return a chance in percent to two or three digits, such as "19.1 %" or "0.0032 %"; "0 %" for none.

    Args:
        value: From 0 to 1.
    """
    return "-" if value is None or not math.isfinite(value) else f"{_percent(value)}{JOINT}%"


def between(low: float, high: float) -> str:
    """Return two chances in percent, such as "18.2 to 19.9 %".

    Args:
        low: From 0 to 1.
        high: From 0 to 1.
    """
    # A low end far below the high one is as good as none, and its digits would only confuse.
    low = 0.0 if low < 1e-3 * high else low
    return f"{_percent(low)} to {_percent(high)}{JOINT}%"


def _percent(value: float) -> str:
    percent = 100.0 * value
    if percent < NO_PERCENT:
        return "0"
    decimals = max(0, (2 if percent >= 1.0 else 1) - math.floor(math.log10(percent)))
    return f"{percent:.{decimals}f}" if percent < 99.5 else f"{percent:.4g}"


def speeds(value: float) -> str:
    """Return a speed in both units, such as "20.0 m/s (72 km/h)"."""
    return f"{number(value)}{JOINT}m/s ({number(3.6 * value, 0)}{JOINT}km/h)"


def moment(t: float, zero: float | None, word: str = "takeoff") -> str:
    """Return when something was, such as "6.21 s after takeoff".

    Args:
        t: From the start [s].
        zero: From when a person counts; None if that never came [s].
        word: What happened then: "takeoff" or "exit".
    """
    if zero is None:
        return f"{quantity(t, 's')} after the start"
    since = t - zero
    named = word if word == "takeoff" else f"the {word}"
    return f"{quantity(abs(since), 's')} {'after' if since >= 0.0 else 'before'} {named}"


def wrapped(text: str, indent: str = "  ", hanging: str = "  ") -> list[str]:
    """Return a text as lines of at most `WIDTH` columns.

    Args:
        text: One paragraph.
        indent: Before its first line.
        hanging: Before the others.
    """
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def datum_words(datum: str) -> str:
    """Return what altitudes count from: NN2000 and its like from sea level, other words as they are.

    Args:
        datum: `site.vertical_datum`.
    """
    named = any(letter.isdigit() for letter in datum) or datum.isupper()
    return f"sea level ({datum})" if named and "ellips" not in datum.lower() else datum


def outcome_words(run: Run, scenario: Scenario) -> str:
    """Return how a run ended, in words; a landing says where."""
    words = OUTCOME_WORDS.get(run.outcome, run.outcome)
    if run.kind == "ramp-jump" and run.outcome in ("landed", "missed-surface"):
        fall = quantity(run.numbers.get("landing_fall_height"), "m")
        what = words if run.outcome == "missed-surface" else "landed on the surface"
        return f"{what}, as hard as a fall of {fall}"
    if run.outcome != "landed":
        return words
    index = int(run.numbers.get("landing_area", 0.0))
    found = [area for area in (scenario.site.landing, *scenario.site.alternate) if area is not None]
    name = found[index].name if index < len(found) else "the landing area"
    distance, radius = (run.numbers.get(f"landing_{part}", 0.0) for part in ("distance", "radius"))
    where = "" if distance <= radius else f", OUTSIDE its radius of {quantity(radius, 'm')}"
    return f"{words}, {quantity(distance, 'm', 1)} from the middle of {name}{where}"
