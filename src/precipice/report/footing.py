"""What drives each hazard, and where things come down, as lines of an assessment's page."""

import math

from precipice.report.words import JOINT, between, field_name, quantity, wrapped
from precipice.risk.assessment import Assessment, Hazard
from precipice.risk.driver import Driver
from precipice.risk.spread import PointSpread

LARGE = 5000.0
"""Area from which on hectares are easier to picture [m^2]."""
TOLD = 3
"""Drivers that are told of each hazard."""


def driven_by(found: Assessment) -> list[str]:
    """Return which fields drive each hazard.

    Args:
        found: From `precipice.risk.assess.assess`.
    """
    lines = [line for hazard in found.hazards for line in _drivers(hazard)]
    if not lines:
        return []
    head = "What drives it: chance with the field one standard deviation lower and higher, 95 % sure"
    return [head, *lines]


def _drivers(hazard: Hazard) -> list[str]:
    told = [driver for driver in hazard.drivers if driver.shown][:TOLD]
    named = [f"  {hazard.name:32}", *[" " * 34] * TOLD]
    return [named[k] + _driver(driver) for k, driver in enumerate(told)]


def _driver(driver: Driver) -> str:
    low, high = driver.lower_interval, driver.higher_interval
    name = field_name(driver.field)
    return f"{name:30}{between(low.low, low.high):>16}  {between(high.low, high.high):>16}".rstrip()


def came_down(found: Assessment) -> list[str]:
    """Return where performers, vehicles and the riderless motorcycle come down.

    Args:
        found: From `precipice.risk.assess.assess`.
    """
    who = "the body" if found.kind == "drop" else "the motorcycle"
    rows = [("landing", found.landing_spread)]
    rows += [
        (f"{who}, {'first contact' if part == 'contact' else 'at rest'}", spread)
        for part, spread in found.motorcycle_footprint.items()
    ]
    lines = [line for name, spread in rows if spread for line in _spread(name, spread)]
    zero = "exit" if found.zero == "exit" else "lip"
    return [f"Where things come down, from the {zero}", *lines] if lines else []


def _spread(name: str, spread: PointSpread) -> list[str]:
    away = quantity(math.hypot(spread.east, spread.north), "m")
    bearing = math.degrees(math.atan2(spread.east, spread.north)) % 360.0
    half, most, all_ = (
        quantity(radius, "m", 0) for radius in (spread.radius_50, spread.radius_95, spread.farthest)
    )
    wide = spread.area > LARGE
    area = quantity(1e-4 * spread.area, "ha") if wide else quantity(spread.area, "m^2", 0)
    cover = f"; they cover {area}" if spread.area >= 1.0 else ""
    text = (
        f"middle {away} away towards {bearing:.0f}{JOINT}deg; half within {half} of it, "
        f"95{JOINT}% within {most}, all {spread.points:,} within {all_}{cover}"
    )
    return wrapped(text, f"  {name:32}", " " * 34)
