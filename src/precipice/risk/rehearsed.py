"""Which rehearsal speaks to which hazard of which stunt, and what its log must show: one table."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from precipice.earth import GRAVITY, geodetic_to_local
from precipice.risk.limit import Limit
from precipice.scenario.kind import CANOPY, CLIFF, MAIN, RAMP
from precipice.scenario.scenario import Scenario
from precipice.training.logbook import Logbook, Row

SAME_SITE = 2000.0
"""Beyond this distance from the landing area a jump was made elsewhere [m]."""
THROW_TO_ONSET = (1.9, 0.5)
"""From the throw to where a log shows the opening's onset: mean and standard deviation [s]; assumed from
simulated openings, with and without a slider."""


class Attempt(NamedTuple):
    """One rehearsed jump against one limit.

    Attributes:
        left: To the limit, in its unit, negative where the hazard happened.
        error: Standard deviation.
    """

    left: float
    error: float


class Stunt(NamedTuple):
    """What jumps are held against.

    Attributes:
        scenario: The stunt.
        values: Centres of its fields; asking the scenario for each jump would take longer than the rest.
        limit: Of the hazard.
    """

    scenario: Scenario
    values: dict[str, float]
    limit: Limit


Measure = Callable[[Row, Stunt], Attempt | None]
"""From a jump of the logbook to what was left; None where its log does not show it."""


class Spoken(NamedTuple):
    """What rehearsals say about one hazard.

    Attributes:
        rehearsals: Whose jumps count, by kind of stunt.
        measure: Of one jump; None where no log shows the hazard.
        others: Why other rehearsals do not count, or why no log does.
        needs: What a jump's log must have to count.
        watched: In which rehearsals a person who watches can count it, by kind of stunt.
    """

    rehearsals: dict[str, tuple[str, ...]]
    measure: Measure | None
    others: str
    needs: str = ""
    watched: dict[str, tuple[str, ...]] = {}  # noqa: RUF012 - nobody changes it

    def by(self, kind: str) -> tuple[str, ...]:
        """Return the rehearsals that speak to the hazard of a kind of stunt, logged or counted by hand."""
        return tuple(dict.fromkeys(self.rehearsals.get(kind, ()) + self.watched.get(kind, ())))


def _number(row: Row, name: str) -> tuple[float, float] | None:
    value, error = row[name], row[f"{name}_sd"]
    return None if value is None or error is None or not np.isfinite(value) else (value, error)


def _lip(row: Row, stunt: Stunt) -> Attempt | None:
    speed = _number(row, "lip_speed")
    if speed is None or stunt.limit.value is None:
        return None
    return Attempt(speed[0] - stunt.limit.value, speed[1])


def _throw(row: Row, stunt: Stunt) -> Attempt | None:
    least = stunt.values["plan.hard_deck"] if stunt.limit.value is None else stunt.limit.value
    height, sink = _number(row, "opening_height"), _number(row, "fall_sink")
    if height is None:
        return None
    fall = 30.0 if sink is None else sink[0]
    mean, spread = THROW_TO_ONSET
    return Attempt(height[0] + mean * fall - least, float(np.hypot(height[1], spread * fall)))


def _opened(row: Row, stunt: Stunt) -> Attempt | None:
    height = _number(row, "canopy_height")
    return None if height is None else Attempt(height[0] - (stunt.limit.value or 0.0), height[1])


def _load(row: Row, stunt: Stunt) -> Attempt | None:
    load = _number(row, "opening_load")
    return (
        None if load is None or stunt.limit.value is None else Attempt(stunt.limit.value - load[0], load[1])
    )


def _place(row: Row, stunt: Stunt) -> Attempt | None:
    area = stunt.scenario.site.landing
    where = [_number(row, f"landing_{name}") for name in ("latitude", "longitude")]
    if area is None or where[0] is None or where[1] is None:
        return None
    from precipice.world.arrange import place

    values = stunt.values
    origin = (values["site.latitude"], values["site.longitude"], 0.0)
    east, north, _ = geodetic_to_local(where[0][0], where[1][0], 0.0, origin)
    middle = place(area.position, stunt.scenario)
    away = float(np.hypot(east - middle[0], north - middle[1]))
    if away > SAME_SITE:
        return None
    most = values["site.landing.radius"] if stunt.limit.value is None else stunt.limit.value
    return Attempt(most - away, 3.0)


def _sink(row: Row, stunt: Stunt) -> Attempt | None:
    sink, level = _number(row, "landing_sink"), _number(row, "landing_speed")
    if sink is None or level is None:
        return None
    if stunt.scenario.landing_surface is None:
        return None if stunt.limit.value is None else Attempt(stunt.limit.value - sink[0], sink[1])
    values = stunt.values
    slope = values.get("landing_surface.slope", 0.0)
    into = sink[0] * np.cos(slope) - level[0] * np.sin(slope)
    safe = float(np.sqrt(2.0 * GRAVITY * values["landing_surface.safe_fall_height"]))
    most = safe if stunt.limit.value is None else stunt.limit.value
    error = np.hypot(sink[1] * np.cos(slope), level[1] * np.sin(slope))
    return Attempt(float(most - into), float(error))


def _for(kinds: frozenset[str], *rehearsals: str) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(kinds, rehearsals)


_RIDDEN = _for(MAIN, "practice-ramp", "rig-over-boxes") | _for(RAMP - MAIN, "practice-ramp", "tabletop")
_PARTED = _for(MAIN, "rig-over-boxes")
_AT_ROCK = _for(CLIFF, "base") | {"skydive": ("skydive",)}
_FALLEN = _for(CANOPY, "base", "helicopter-exit") | {"skydive": ("skydive",)}
_HIGH = "a skydive opens thousands of feet up, from another speed: it says nothing about this height"
_BY_HAND = "no log shows it: somebody must watch, and count"

SPOKEN: dict[str, Spoken] = {
    "lip not reached": Spoken(
        _RIDDEN,
        _lip,
        "a tabletop has another ramp; without a limit on the speed, a log without a takeoff is no jump",
        "a criterion with a limit on the lip speed",
        _RIDDEN,
    ),
    "departure off the side": Spoken(
        {}, None, "a receiver is off by more than the deck is wide: film it", "", _RIDDEN
    ),
    "never clear of the motorcycle": Spoken(
        {},
        None,
        f"{_BY_HAND}; only rig-over-boxes rehearses it, a tabletop is landed on the motorcycle",
        "",
        _PARTED,
    ),
    "re-contact": Spoken(
        {},
        None,
        f"{_BY_HAND}; a tabletop is landed on the motorcycle and says nothing about separation",
        "",
        _PARTED,
    ),
    "unstable at throw": Spoken(
        {}, None, "needs a motion sensor fixed to the trunk, and film to check it", "", _FALLEN
    ),
    "object strike in freefall": Spoken(
        {}, None, "a log that ends in rock looks like one that was cut: film it", "", _AT_ROCK
    ),
    "low throw": Spoken(_FALLEN, _throw, _HIGH, "a landing, above which heights count", _FALLEN),
    "late or no opening": Spoken(_FALLEN, _opened, _HIGH, "a landing, above which heights count", _FALLEN),
    "hard opening": Spoken(
        _FALLEN,
        _load,
        "a skydive opens at another speed, slider and canopy; nobody sees g, so it is not counted by hand",
        "a motion sensor: a receiver reads openings half as hard as they are",
    ),
    "object strike under canopy": Spoken({}, None, "no log shows how near the wall was", "", _AT_ROCK),
    "landing outside the area": Spoken(
        _for(CANOPY, "base", "helicopter-exit", "skydive"),
        _place,
        "a jump that landed elsewhere says nothing about this area",
        "a landing within 2 km of this area",
        _for(CANOPY, "base", "helicopter-exit", "skydive"),
    ),
    "hard landing": Spoken(
        _FALLEN | _for(RAMP - MAIN, "practice-ramp", "tabletop"),
        _sink,
        "a skydive is landed under another canopy; nobody sees m/s, so it is not counted by hand",
        "a landing",
    ),
    "landing where people are": Spoken({}, None, "no log knows where people stand on the day"),
    "motorcycle where people are": Spoken({}, None, "no log follows the riderless motorcycle"),
    "aircraft keep-out": Spoken({}, None, "no log holds the other aircraft"),
}
"""By hazard."""


def evidence(logbook: Logbook) -> Logbook:
    """Return the jumps that somebody made: no synthetic one is evidence."""
    return Logbook([row for row in logbook.rows if not row["synthetic"]], logbook.path)


def attempts(
    hazard: str, logbook: Logbook, scenario: Scenario, limit: Limit
) -> dict[str, list[tuple[Any, Attempt]]]:
    """Return what jumps say about a hazard, by rehearsal: the row and what was left.

    Args:
        hazard: A key of `SPOKEN`.
        logbook: Only real jumps are looked at.
        scenario: The stunt.
        limit: Of the hazard.
    """
    spoken, stunt = SPOKEN[hazard], Stunt(scenario, scenario.values(), limit)
    found: dict[str, list[tuple[Any, Attempt]]] = {}
    for rehearsal in spoken.rehearsals.get(scenario.kind, ()):
        rows = logbook.where(rehearsal=rehearsal, synthetic=False).rows
        told = [(row, spoken.measure(row, stunt)) for row in rows if spoken.measure]
        shown = [(row, attempt) for row, attempt in told if attempt is not None]
        if shown:
            found[rehearsal] = shown
    return found
