"""Where things come down in many runs, and who stands there."""

import math
from typing import Any

import numpy as np

from precipice.report.document.folder import Told
from precipice.report.document.map_figure import Points
from precipice.report.scene import circle
from precipice.report.words import quantity, share
from precipice.risk.spread import PointSpread
from precipice.scenario.presence import People

SPREAD_HEADS = ["what", "points", "middle", "half within", "95 % within", "all within", "covers"]
LARGE = 5000.0
"""Area from which on hectares are easier to picture [m^2]."""


def footprints(told: Told) -> tuple[Points, ...]:
    """Return what came down where, to be drawn on maps; empty for a single run."""
    found = told.assessment
    if found is None:
        return ()
    parts = []
    if told.landing is not None and found.landing_spread is not None:
        hull = np.array(found.landing_spread.hull)
        parts.append(Points("landings", "landed", "dot", told.landing, hull))
    for name, look, mark in (("rest", "rest", "cross"), ("contact", "fell", "dot")):
        spread = found.motorcycle_footprint.get(name)
        if spread is not None and name in told.fallen:
            words = words_of(told, name)
            parts.append(Points(words, look, mark, told.fallen[name], np.array(spread.hull)))
    return tuple(parts)


def words_of(told: Told, part: str) -> str:
    """Return what comes to a first contact or to rest."""
    who = "body" if told.scenario.kind == "drop" else "motorcycle"
    return f"{who}, first contact" if part == "contact" else f"{who}, at rest"


def spread_rows(told: Told) -> list[list[str]]:
    """Return how far landings and what falls are spread, a row each."""
    found = told.assessment
    if found is None:
        return []
    rows = [] if found.landing_spread is None else [_spread("landings", found.landing_spread)]
    parts = found.motorcycle_footprint.items()
    return rows + [_spread(words_of(told, part), spread) for part, spread in parts]


def _spread(name: str, spread: PointSpread) -> list[str]:
    wide = spread.area > LARGE
    area = quantity(1e-4 * spread.area, "ha") if wide else quantity(spread.area, "m²", 0)
    radii = (spread.radius_50, spread.radius_95, spread.farthest)
    middle = _place(spread.east, spread.north)
    return [name, f"{spread.points:,}", middle, *(quantity(radius, "m", 0) for radius in radii), area]


def _place(east: float, north: float) -> str:
    away, bearing = math.hypot(east, north), math.degrees(math.atan2(east, north)) % 360.0
    return f"{quantity(away, 'm', 0)} towards {bearing:.0f}°"


def people_heads(told: Told) -> list[str]:
    """Return the heads of the table of people."""
    inside = [f"{part.words} inside" for part in footprints(told)]
    return ["who", "how many", "where", "within", "there from, to", *inside]


def people_rows(told: Told) -> list[list[str]]:
    """Return who stands where, when, and what share of what comes down does so inside their circle."""
    return [_people(item, told) for item in told.scenario.site.people]


def people_note(told: Told) -> str:
    """Return what the shares in the table of people count."""
    if told.flights is None:
        return ""
    runs = len(told.flights.columns["resolved"])
    return (
        f"Shares count points of the first {runs:,} runs inside the circle, whoever is in it by then; the "
        "hazard counts times, too."
    )


def _people(item: People, told: Told) -> list[str]:
    spot = circle(item, item.kind, told.scenario)
    parts = footprints(told)
    inside = [_inside(part.places, spot.east, spot.north, spot.radius) for part in parts]
    times = " to ".join(_clock(part.value) for part in (item.from_, item.to))
    name = f"{item.name} ({item.kind})" if item.kind not in (item.name, "people") else item.name
    where = _place(spot.east, spot.north)
    return [name, str(item.count), where, quantity(spot.radius, "m"), times, *inside]


def _inside(places: np.ndarray, east: float, north: float, radius: float) -> str:
    if not len(places):
        return "none"
    near = np.hypot(places[:, 0] - east, places[:, 1] - north) <= radius
    count = int(near.sum())
    return f"{share(count / len(places))} ({count:,})" if count else "none"


def _clock(seconds: float) -> str:
    if abs(seconds) < 120.0:
        return f"{seconds:+.0f} s".replace("-", "−")
    return f"{seconds / 60.0:+.0f} min".replace("-", "−")


def legend(told: Told) -> list[dict[str, Any]]:
    """Return the marks of the maps with their words."""
    parts = [{"look": part.look, "words": part.words, "mark": part.mark} for part in footprints(told)]
    fixed = [("area", "landing area"), ("other", "alternate"), ("people", "people"), ("aircraft", "keep-out")]
    site = told.scenario.site
    there = (site.landing is not None, bool(site.alternate), bool(site.people), bool(site.aircraft))
    circles = [
        {"look": look, "words": words, "mark": "circle"}
        for (look, words), shown in zip(fixed, there, strict=True)
        if shown
    ]
    return parts + circles
