"""Whom the falling motorcycle hits: its critical area, and the chance that a person somewhere is in it."""

from typing import NamedTuple

import numpy as np

from precipice.campaign.draws import uniforms
from precipice.earth import GRAVITY
from precipice.errors import InputError
from precipice.risk.hazard import Flights
from precipice.risk.tally import Tally, tally
from precipice.scenario.kind import MAIN
from precipice.scenario.presence import People

PERSON_RADIUS = 0.3
"""Of a standing person seen from above [m]: JARUS SORA Annex F."""
PERSON_HEIGHT = 1.8
"""From which on a body that comes down hits a person [m]: JARUS SORA Annex F."""
LETHAL_ENERGY = 290.0
"""Kinetic energy from which on a hit kills [J]: JARUS SORA Annex F."""
FRICTION = 0.65
"""Of a sliding wreck on the ground: JARUS SORA Annex F."""
RESTITUTION = 0.7
"""Level speed that is left after the first contact: JARUS SORA Annex F."""
ACCEPTED = 1e-4
"""Expected casualties for each launch that 14 CFR 420 Appendix C accepts among the public."""
_FLATTEST = np.deg2rad(1.0)


class CriticalArea(NamedTuple):
    """Where a standing person is killed by a body that comes down and slides.

    Attributes:
        area: All of it, `(...)` [m^2].
        glide: Way over ground below a person's height, before the contact, `(...)` [m].
        slide: Way until it is too slow to kill, `(...)` [m].
        glide_area: With half a disc at its end, `(...)` [m^2].
        slide_area: With half a disc at its end, `(...)` [m^2].
    """

    area: np.ndarray
    glide: np.ndarray
    slide: np.ndarray
    glide_area: np.ndarray
    slide_area: np.ndarray


def critical_area(
    width: float | np.ndarray,
    mass: float | np.ndarray,
    speed: float | np.ndarray,
    angle: float | np.ndarray,
    friction: float | np.ndarray = FRICTION,
    restitution: float | np.ndarray = RESTITUTION,
) -> CriticalArea:
    """Return the critical area of a body on level ground without obstacles.

    Args:
        width: Of the body, across its way, `(...)` [m].
        mass: `(...)` [kg].
        speed: At the contact, `(...)` [m/s].
        angle: Of its path below level, pi/2 straight down; below 1 deg it counts as 1 deg, `(...)` [rad].
        friction: Of the slide, `(...)`.
        restitution: Level speed after the contact over that before, `(...)`.

    Raises:
        InputError: When a number is out of range.

    Source: JARUS SORA Annex F, Appendix B, as in casex 1.2.3 without its concession to what is narrower than
    1 m. Valid for: level ground; a body that does not roll.
    """
    shape = [np.asarray(x, float) for x in (width, mass, speed, angle, friction, restitution)]
    width, mass, speed, angle, friction, restitution = np.broadcast_arrays(*shape)
    _refuse(width, mass, friction, angle)
    reach = PERSON_RADIUS + 0.5 * width
    end = 0.5 * np.pi * reach**2
    glide = PERSON_HEIGHT / np.tan(np.maximum(angle, _FLATTEST))
    level = restitution * speed * np.cos(angle)
    least = np.sqrt(2.0 * LETHAL_ENERGY / mass)
    slide = np.maximum(level**2 - least**2, 0.0) / (2.0 * friction * GRAVITY)
    glide_area, slide_area = 2.0 * reach * glide + end, 2.0 * reach * slide + end
    return CriticalArea(glide_area + slide_area, glide, slide, glide_area, slide_area)


def _refuse(width: np.ndarray, mass: np.ndarray, friction: np.ndarray, angle: np.ndarray) -> None:
    for name, found in (("width", width), ("mass", mass), ("friction", friction)):
        if not np.all(found > 0.0):
            raise InputError(f"{name} must be above 0, but is {np.min(found)}: write a positive number")
    if not np.all((angle >= 0.0) & (angle <= 0.5 * np.pi)):
        raise InputError("angle must lie between 0 and pi/2, but does not: measure it down from level")


class Swath(NamedTuple):
    """What the motorcycle sweeps on the ground in each run: all within a distance of a straight line.

    Attributes:
        begin: Where it comes below a person's height, east and north, `(n, 2)` [m].
        end: Where it comes to rest, `(n, 2)` [m].
        reach: From that line to the middle of a person who is hit, `(n,)` [m].
        fell: Whether it fell at all, `(n,)`.
    """

    begin: np.ndarray
    end: np.ndarray
    reach: np.ndarray
    fell: np.ndarray


def sweep(flights: Flights) -> Swath:
    """Return what the motorcycle sweeps in each run: from its first contact to its rest.

    Cautious: it counts as deadly until it rests, and as wide as a sphere that holds it. A slide that bends
    counts as straight, and the motorcycle as coming in along it: its bearing at the contact is not kept.

    Args:
        flights: Flown runs of a stunt with a motorcycle.

    Raises:
        InputError: When there is none.
    """
    if flights.scenario.kind not in MAIN:
        raise InputError(
            f"kind must have a motorcycle that is left, but is {flights.scenario.kind}: use ramp-to-canopy"
        )
    contact, end = (_point(flights, part) for part in ("contact", "rest"))
    sink = np.maximum(flights.number("motorcycle_contact_sink"), 0.0)
    speed = np.maximum(flights.number("motorcycle_contact_speed"), 1e-9)
    angle = np.maximum(np.arcsin(np.clip(sink / speed, 0.0, 1.0)), _FLATTEST)
    way = end - contact
    length = np.linalg.norm(way, axis=1, keepdims=True)
    along = np.divide(way, length, out=np.zeros_like(way), where=length > 0.0)
    begin = contact - (PERSON_HEIGHT / np.tan(angle))[:, None] * along
    return Swath(begin, end, PERSON_RADIUS + flights.values["motorcycle.radius"], flights.took_off)


def _point(flights: Flights, part: str) -> np.ndarray:
    return np.stack([flights.number(f"motorcycle_{part}_{axis}") for axis in ("east", "north")], axis=1)


class GroundRisk(NamedTuple):
    """What the motorcycle means for people inside one circle.

    Attributes:
        name: Who they are.
        reached: Runs in which a person at the worst place in the circle is hit.
        hit: Runs in which one person is hit who stands anywhere in it, each place alike.
        expected: People hit in each run, of as many as may be there.
        expected_high: Its upper bound.
        area: Critical area: mean of what is swept in each run that fell, `()` [m^2].
    """

    name: str
    reached: Tally
    hit: Tally
    expected: float
    expected_high: float
    area: float


def measure_ground_risk(flights: Flights, seed: int, confidence: float = 0.95) -> tuple[GroundRisk, ...]:
    """Return what the motorcycle means for each circle of people of the scenario, in its order.

    In each run a person is put at a place of its own, drawn with the run: so the count is binomial and its
    interval exact. Whoever is there only at other times is not hit.

    Args:
        flights: Flown runs of a stunt with a motorcycle.
        seed: Of the campaign.
        confidence: Of each bound.

    Raises:
        InputError: When the stunt has no motorcycle.
    """
    swath = sweep(flights)
    runs = np.arange(len(swath.fell), dtype=np.uint64)
    found = []
    for number, people in enumerate(flights.scenario.site.people):
        two = uniforms(seed, f"person.{number}", runs)[:, :2]
        found.append(_risk(flights, swath, people, two, confidence))
    return tuple(found)


def _risk(flights: Flights, swath: Swath, people: People, two: np.ndarray, confidence: float) -> GroundRisk:
    from precipice.world.arrange import place

    east, north = place(people.position, flights.scenario)
    middle = np.broadcast_to(np.array([east, north]), swath.begin.shape)
    radius, turn = people.radius.value * np.sqrt(two[:, 0]), 2.0 * np.pi * two[:, 1]
    person = middle + np.stack([radius * np.sin(turn), radius * np.cos(turn)], axis=1)
    there = swath.fell & _present(flights, people)
    reached = there & (distance_to(swath, middle) < swath.reach + people.radius.value)
    hit = there & (distance_to(swath, person) < swath.reach)
    resolved = np.asarray(flights.columns["resolved"])
    counted = tally(hit, resolved, confidence)
    length = np.linalg.norm(swath.end - swath.begin, axis=1)[swath.fell & resolved]
    reach = swath.reach[swath.fell & resolved]
    area = float(np.mean(2.0 * reach * length + np.pi * reach**2)) if length.size else 0.0
    return GroundRisk(
        people.name,
        tally(reached, resolved, confidence),
        counted,
        people.count * counted.chance,
        people.count * counted.high,
        area,
    )


def _present(flights: Flights, people: People) -> np.ndarray:
    """Return whether people are there between the contact and the rest, `(n,)`."""
    contact, rest = (flights.number(f"motorcycle_{part}_time") - flights.zero for part in ("contact", "rest"))
    return (contact <= people.to.value) & (rest >= people.from_.value)


def distance_to(swath: Swath, place: np.ndarray) -> np.ndarray:
    """Return how far a place of each run is from the line that is swept.

    Args:
        swath: What is swept.
        place: East and north, `(n, 2)` [m].

    Returns:
        `(n,)` [m].
    """
    way, off = swath.end - swath.begin, place - swath.begin
    square = np.maximum(np.sum(way**2, axis=1), 1e-12)
    share = np.clip(np.sum(off * way, axis=1) / square, 0.0, 1.0)
    return np.linalg.norm(off - share[:, None] * way, axis=1)
