"""Which hazards happened in which runs, by how much, and when: one measure for each name."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

import numpy as np

from precipice.earth import GRAVITY
from precipice.phases.sequence import OUTCOMES
from precipice.risk.limit import Limit, criterion_of, limit_of
from precipice.scenario.criterion import HAZARDS, Criterion
from precipice.scenario.kind import CANOPY, DROP, MAIN, RAMP
from precipice.scenario.scenario import Scenario

ROUNDING = 0.05
"""What single precision and the search for an event may be off near a limit that the plan itself sets [m]."""
UNSTABLE_RATE = float(np.deg2rad(120.0))
"""Body rate at which a throw is unstable by itself [rad/s]: see `precipice.phases.posture.instability`."""


class Measured(NamedTuple):
    """One hazard in many runs.

    Attributes:
        happened: Whether it did, `(n,)`; what it means for unresolved runs is nobody's to say.
        margin: What was left before it, in the limit's unit, negative when it happened; NaN where a run
            did not get that far or nothing measures it, `(n,)`.
        t: When it was nearest or happened, from the takeoff or exit, `(n,)` [s].
        unit: Of the margin.
    """

    happened: np.ndarray
    margin: np.ndarray
    t: np.ndarray
    unit: str


class Flights(NamedTuple):
    """Flown runs as the measures see them.

    Attributes:
        columns: Numbers of the runs by name, each `(n,)`.
        values: Drawn scenario numbers by path, each `(n,)`, SI.
        scenario: What was decided.
    """

    columns: Mapping[str, np.ndarray]
    values: Mapping[str, np.ndarray]
    scenario: Scenario

    def number(self, name: str) -> np.ndarray:
        """Return a named number of every run in double precision, `(n,)`."""
        return np.asarray(self.columns[name], float)

    def ended(self, *outcomes: str) -> np.ndarray:
        """Return whether each run ended in one of the outcomes, `(n,)`."""
        codes = [OUTCOMES.index(outcome) for outcome in outcomes]
        return np.isin(np.rint(self.columns["outcome"]), codes)

    @property
    def zero(self) -> np.ndarray:
        """When each run took off or left, `(n,)` [s]."""
        if "lip_time" in self.columns:
            return self.number("lip_time")
        return np.zeros(len(self.columns["resolved"]))

    @property
    def nothing(self) -> np.ndarray:
        """No number for any run, `(n,)`."""
        return np.full(len(self.columns["resolved"]), np.nan)

    @property
    def end(self) -> np.ndarray:
        """When each run ended, after takeoff or exit, `(n,)` [s]."""
        names = ("end_time", "rest_time", "motorcycle_rest_time")
        name = next((name for name in names if name in self.columns), None)
        if name is not None:
            return self.number(name) - self.zero
        return self.number("airtime")

    @property
    def took_off(self) -> np.ndarray:
        """Whether each run left the lip, `(n,)`."""
        return ~self.ended("stopped-before-lip", "left-deck")

    @property
    def parted(self) -> np.ndarray:
        """Whether performer and motorcycle had the time to part, `(n,)`."""
        return self.took_off & ~self.ended("struck-rock-on-motorcycle", "struck-rock-at-separation")

    @property
    def thrown(self) -> np.ndarray:
        """Whether each run threw its pilot chute, `(n,)`."""
        before = self.number("throw_time") < self.number("end_time")
        late = ~self.ended("struck-rock-in-freefall") & before
        return late & (self.parted if "lip_time" in self.columns else True)

    @property
    def opened(self) -> np.ndarray:
        """Whether each run flew an open canopy, `(n,)`."""
        return self.thrown & (self.number("open_time") < self.number("end_time"))


Measure = Callable[[Flights, Limit], Measured | None]
"""From flown runs and a limit to what happened; None where this kind of stunt cannot show it."""


def _lip_not_reached(flights: Flights, limit: Limit) -> Measured:
    stopped, speed = flights.ended("stopped-before-lip"), flights.number("lip_speed")
    if limit.value is None:
        return Measured(stopped, flights.nothing, np.zeros(len(stopped)), "m/s")
    left = np.where(stopped, -limit.value, speed - limit.value)
    left = np.where(flights.ended("left-deck"), np.nan, left)
    return Measured(stopped | (left < 0.0), left, np.zeros(len(left)), "m/s")


def _off_the_side(flights: Flights, limit: Limit) -> Measured:
    del limit
    off = flights.ended("left-deck")
    deck = np.minimum(flights.values["run_up.deck_width"], flights.values["ramp.width"])
    left = np.where(flights.took_off, 0.5 * deck - np.abs(flights.number("lip_offset")), np.nan)
    return Measured(off, left, np.zeros(len(left)), "m")


def _never_clear(flights: Flights, limit: Limit) -> Measured:
    del limit
    hung = flights.parted & (flights.number("clear") < 0.5)
    return Measured(hung, flights.nothing, flights.number("exit_time") - flights.zero, "1")


def _recontact(flights: Flights, limit: Limit) -> Measured:
    from precipice.phases.phase import NO_GAP

    hit, gap = flights.ended("re-contact"), flights.number("smallest_gap")
    counts = flights.parted & (flights.number("clear") > 0.5) & (gap < NO_GAP)
    left = np.where(counts, gap - (limit.value or 0.0), np.nan)
    return Measured(hit | (left < 0.0), left, flights.number("smallest_gap_time") - flights.zero, "m")


def _unstable(flights: Flights, limit: Limit) -> Measured:
    index, rate = flights.number("throw_instability"), flights.number("throw_rate")
    since = flights.number("throw_time") - flights.zero
    if limit.value is None:
        left = np.where(flights.thrown, 1.0 - index, np.nan)
        return Measured(left < 0.0, left, since, "1")
    tilted = (index > 1.0) & (index > rate / UNSTABLE_RATE + 1e-4)
    left = np.where(flights.thrown, limit.value - rate, np.nan)
    return Measured((left < 0.0) | (flights.thrown & tilted), left, since, "rad/s")


def _strike_in_freefall(flights: Flights, limit: Limit) -> Measured | None:
    if flights.scenario.kind in DROP:
        return None
    rock = (
        "struck-rock-on-motorcycle",
        "struck-rock-at-separation",
        "struck-rock-in-freefall",
        "struck-rock-in-deployment",
    )
    obstacle = flights.ended("struck-obstacle") & ~flights.opened
    struck = flights.ended(*rock) | obstacle
    # A wall that is hit while the canopy fills; the ground itself is a late opening.
    filling = flights.ended("struck-ground-without-canopy") & (flights.number("fall_clearance") < ROUNDING)
    left = flights.number("fall_clearance") - (limit.value or 0.0)
    left = np.where(struck, np.minimum(left, -(limit.value or 0.0)), left)
    left = np.where((left > 9e3) | ~_fell(flights), np.nan, left)
    return Measured(struck | filling | (left < 0.0), left, np.minimum(flights.end, _open(flights)), "m")


def _fell(flights: Flights) -> np.ndarray:
    return flights.parted if "lip_time" in flights.columns else np.ones(len(flights.zero), bool)


def _open(flights: Flights) -> np.ndarray:
    return flights.number("open_time") - flights.zero


def _low_throw(flights: Flights, limit: Limit) -> Measured:
    least = flights.values["plan.hard_deck"] if limit.value is None else limit.value
    left = np.where(flights.thrown, flights.number("throw_height") - least, np.nan)
    return Measured(left < -ROUNDING, left, flights.number("throw_time") - flights.zero, "m")


def _late_opening(flights: Flights, limit: Limit) -> Measured:
    struck = flights.ended("struck-ground-without-canopy")
    left = np.where(flights.opened, flights.number("open_height") - (limit.value or 0.0), np.nan)
    left = np.where(struck, -(limit.value or 0.0) - ROUNDING, left)
    return Measured(struck | (left < 0.0), left, np.minimum(_open(flights), flights.end), "m")


def _hard_opening(flights: Flights, limit: Limit) -> Measured:
    assert limit.value is not None
    load = GRAVITY * flights.number("opening_load")
    left = np.where(flights.thrown & (load > 0.0), limit.value - load, np.nan)
    return Measured(left < 0.0, left, _open(flights), "m/s^2")


def _strike_under_canopy(flights: Flights, limit: Limit) -> Measured:
    obstacle = flights.ended("struck-obstacle") & flights.opened
    struck = flights.ended("struck-rock-under-canopy") | obstacle
    near = flights.number("canopy_clearance")
    left = np.where(flights.opened & (near < 9e3), near - (limit.value or 0.0), np.nan)
    left = np.where(struck, np.fmin(left, -(limit.value or 0.0)), left)
    return Measured(struck | (left < 0.0), left, flights.end, "m")


def _outside(flights: Flights, limit: Limit) -> Measured:
    kind = flights.scenario.kind
    if kind in DROP:
        area = flights.scenario.site.landing
        assert area is not None
        from precipice.world.arrange import place

        east, north = place(area.position, flights.scenario)
        away = np.hypot(flights.number("rest_east") - east, flights.number("rest_north") - north)
        most = flights.values["site.landing.radius"] if limit.value is None else limit.value
        return Measured(most - away < 0.0, most - away, flights.end, "m")
    missed = flights.ended("missed-surface")
    if kind in RAMP - MAIN:
        left = np.where(flights.ended("landed") | missed, flights.number("landing_edge_distance"), np.nan)
        return Measured(missed | (left < 0.0), left, flights.end, "m")
    wet = flights.ended("landed-in-water")
    most = flights.number("landing_radius") if limit.value is None else limit.value
    left = np.where(flights.ended("landed") | wet, most - flights.number("landing_distance"), np.nan)
    return Measured(wet | (left < 0.0), left, flights.end, "m")


def _hard_landing(flights: Flights, limit: Limit) -> Measured | None:
    kind = flights.scenario.kind
    if kind in RAMP - MAIN:
        safe = np.sqrt(2.0 * GRAVITY * flights.values["landing_surface.safe_fall_height"])
        most = safe if limit.value is None else limit.value
        into = np.sqrt(2.0 * GRAVITY * np.maximum(flights.number("landing_fall_height"), 0.0))
        left = np.where(flights.ended("landed", "missed-surface"), most - into, np.nan)
        return Measured(left < 0.0, left, flights.end, "m/s")
    if kind in DROP:
        if criterion_of(flights.scenario, "hard landing") is None or limit.value is None:
            return None
        left = limit.value - flights.number("contact_sink")
        return Measured(left < 0.0, left, flights.number("contact_time"), "m/s")
    assert limit.value is not None
    landed = flights.ended("landed", "landed-in-water")
    sink, level = flights.number("landing_sink"), flights.number("landing_speed")
    into = speed_into_ground(sink, level, landing_slope(flights))
    left = np.where(landed, limit.value - into, np.nan)
    return Measured(left < 0.0, left, flights.end, "m/s")


def landing_slope(flights: Flights) -> np.ndarray:
    """Return the steepest slope of the area that each run landed in, `(n,)` [rad]."""
    slopes = landing_slopes(flights.values)
    area = np.zeros(len(flights.zero)) if len(slopes) == 1 else np.rint(flights.number("landing_area"))
    return np.choose(np.clip(area, 0, len(slopes) - 1).astype(int), slopes)


def landing_slopes(values: Mapping[str, Any]) -> list[Any]:
    """Return the steepest slope of the landing area and of each alternate [rad].

    Args:
        values: Scenario numbers by path, single or `(n,)`.
    """
    if "site.landing.slope" not in values:
        return [0.0]
    names = ["site.landing.slope"]
    while f"site.alternate.{len(names) - 1}.slope" in values:
        names.append(f"site.alternate.{len(names) - 1}.slope")
    return [values[name] for name in names]


def speed_into_ground(sink: Any, level: Any, slope: Any) -> Any:
    """Return the speed at right angles to the ground at its worst, where the slope rises ahead [m/s].

    Args:
        sink: At touchdown [m/s].
        level: Speed over the ground [m/s].
        slope: Steepest of the landing area [rad].
    """
    return sink * np.cos(slope) + level * np.sin(slope)


def _landing_on_people(flights: Flights, limit: Limit) -> Measured | None:
    del limit
    if not flights.scenario.site.people:
        return None
    if flights.scenario.kind in DROP:
        return _onto_people(flights, "")
    down = flights.ended("landed", "landed-in-water", "struck-ground-without-canopy")
    where = flights.number("landing_east"), flights.number("landing_north")
    left = np.min(landing_to_people(flights.scenario, *where, flights.end, flights.values), axis=0)
    left = np.where(down & np.isfinite(left), left, np.nan)
    return Measured(left < 0.0, left, flights.end, "m")


def landing_to_people(
    scenario: Scenario, east: Any, north: Any, t: Any, values: Mapping[str, Any]
) -> list[Any]:
    """Return how far a touchdown is from each circle of people, arms and legs counted [m].

    Args:
        scenario: Says where people are, and when.
        east: Of the touchdown, single or `(n,)` [m].
        north: Of the touchdown [m].
        t: Of the touchdown, after takeoff or exit [s].
        values: Scenario numbers by path, single or `(n,)`, SI.

    Returns:
        For each circle, negative inside; infinite while nobody is there.
    """
    from precipice.world.arrange import place

    found = []
    for people in scenario.site.people:
        middle = place(people.position, scenario)
        away = np.hypot(east - middle[0], north - middle[1])
        there = (t >= people.from_.value) & (t <= people.to.value)
        found.append(np.where(there, away - people.radius.value - values["performer.radius"], np.inf))
    return found


def _people(flights: Flights, limit: Limit) -> Measured | None:
    del limit
    return _onto_people(flights, "motorcycle_") if flights.scenario.site.people else None


def _onto_people(flights: Flights, named: str) -> Measured:
    """Return what comes down without a parachute and slides to rest; its numbers begin with `named`."""
    left = flights.number(f"{named}people_left")
    left = np.where(flights.took_off & (left < 9e3), left, np.nan)
    return Measured(left < 0.0, left, flights.number(f"{named}contact_time") - flights.zero, "m")


def _aircraft(flights: Flights, limit: Limit) -> Measured | None:
    del limit
    if not flights.scenario.site.aircraft:
        return None
    names = [name for name in flights.columns if name.endswith("aircraft_left")]
    left = np.min([flights.number(name) for name in names], axis=0)
    away = flights.took_off if "lip_time" in flights.columns else np.ones(len(left), bool)
    left = np.where(away & (left < 9e3), left, np.nan)
    return Measured(left < 0.0, left, flights.nothing, "m")


MEASURES: dict[str, Measure] = {
    "lip not reached": _lip_not_reached,
    "departure off the side": _off_the_side,
    "never clear of the motorcycle": _never_clear,
    "re-contact": _recontact,
    "unstable at throw": _unstable,
    "object strike in freefall": _strike_in_freefall,
    "low throw": _low_throw,
    "late or no opening": _late_opening,
    "hard opening": _hard_opening,
    "object strike under canopy": _strike_under_canopy,
    "landing outside the area": _outside,
    "hard landing": _hard_landing,
    "landing where people are": _landing_on_people,
    "motorcycle where people are": _people,
    "aircraft keep-out": _aircraft,
}
"""By hazard."""


class Found(NamedTuple):
    """A hazard of a scenario with what its runs did.

    Attributes:
        name: A key of `HAZARDS`.
        limit: From where on it counts.
        criterion: What is accepted, None where nobody said.
        measured: In every run.
    """

    name: str
    limit: Limit
    criterion: Criterion | None
    measured: Measured


def measure_hazards(flights: Flights) -> list[Found]:
    """Return every hazard that a stunt has and that its runs can show, in the order of the stunt.

    Args:
        flights: Flown runs.
    """
    found = []
    for name, measure in MEASURES.items():
        if flights.scenario.kind not in HAZARDS[name].kinds:
            continue
        criterion = criterion_of(flights.scenario, name)
        limit = limit_of(flights.scenario, name, criterion)
        measured = measure(flights, limit)
        if measured is not None:
            found.append(Found(name, limit, criterion, measured))
    return found


UNSEEN: tuple[tuple[str, frozenset[str]], ...] = (
    ("a performer caught by clothing, strap or handlebar: a hang-up by chance", MAIN),
    ("injury by the push, the ramp or the handlebar, and blacking out", MAIN),
    ("pilot chute or bridle round a limb or the motorcycle; a container that stays shut", MAIN),
    ("pilot chute or bridle round a limb; a container that stays shut", CANOPY - MAIN),
    ("packing, rigging and wear beyond the chances that the scenario gives for malfunctions", CANOPY),
    ("the opened canopy and its lines touching the motorcycle: only nearness is measured", MAIN),
    ("gusts on the ride and on the falling motorcycle: both feel the mean wind", MAIN),
    ("dust devils, rotors and wind shear other than the scenario's model of them", CANOPY),
    ("wires, trees and people that the scenario does not name, and people who move", RAMP | CANOPY | DROP),
    ("other aircraft that do not fly straight, and aircraft near the run-up before the takeoff", RAMP),
    ("people whom the canopy passes low on its way to the touchdown", CANOPY),
    ("rock or ice that falls, and pieces that break off the motorcycle", MAIN),
    ("what rider and vehicle do after the first touch, and people in their way", RAMP - MAIN),
    ("what the body hits beside the ground on its way down", DROP),
    ("water, rescue and what follows an injury", CANOPY),
)
"""Hazards that no run of the model can show, and which kinds of stunt have them."""
ENGINE = "an engine that stalls, a throttle that sticks, a chain, belt or tyre that fails"
EDGE = "an edge that catches, a binding that opens or does not"
MACHINE = {"ski": EDGE, "snowboard": EDGE, "bicycle": "a chain or tyre that fails"}
"""What fails on the run-up that no run shows, by the vehicle's kind; all others have an engine."""


def unseen(scenario: Scenario, shown: Collection[str]) -> list[str]:
    """Return the hazards that the model cannot see, for a person to add.

    Args:
        scenario: What was decided; it may lack what a hazard needs.
        shown: Names of the hazards that the runs do show.
    """
    kind = scenario.kind
    blind = [name for name, hazard in HAZARDS.items() if kind in hazard.kinds and name not in shown]
    why = {
        "aircraft keep-out": "the scenario names no aircraft",
        "landing where people are": "the scenario names no people",
        "motorcycle where people are": "the scenario names no people",
        "hard landing": "no criterion says which speed is too hard for what falls",
        "object strike in freefall": "a body that falls touches rock where it lands",
    }
    ridden = "motorcycle" if scenario.vehicle is None else scenario.vehicle.kind
    machine = [MACHINE.get(ridden, ENGINE)] if kind in RAMP else []
    told = [text for text, kinds in UNSEEN if kind in kinds]
    return [*(f"{name}: {why[name]}" for name in blind), *machine, *told]
