"""What is left before something happens: every margin of a run, with its limit and where that comes from."""

from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from precipice.earth import GRAVITY
from precipice.report.abort import latest_abort
from precipice.report.between import smallest
from precipice.report.clearance import nearest_aircraft, nearest_motorcycle, nearest_people, nearest_rock
from precipice.report.scene import areas, flown, value_of
from precipice.risk.hazard import landing_slopes, landing_to_people, speed_into_ground
from precipice.scenario.kind import CANOPY, DROP
from precipice.scenario.scenario import Scenario
from precipice.simulation.run import Run
from precipice.simulation.track import Track
from precipice.world.arrange import altitude

HARDEST_OPENING = 12.0
"""Opening load that is rejected [g]: a choice, openings of 9 to 10 g already count as hard."""
HARD_OPENING = 8.0
"""Opening load that is warned of [g]: a choice."""
HARDEST_SINK = 4.6
"""Sink at touchdown [m/s]: ground reaction 13.7 body weights in a study of parachute landing falls."""
HARDEST_SPEED = 11.0
"""Total speed at touchdown [m/s]: 36 ft/s, a test limit of parachute standards, quoted from memory."""


class Margin(NamedTuple):
    """What is left before a limit.

    Attributes:
        value: Positive is to spare, negative is short; None where the run did not get that far.
        unit: Of value, limit and found.
        limit: What must not be passed; None where there is none.
        source: Where the limit comes from.
        label: What it is called.
        found: What the run gave; None where it did not get that far.
    """

    value: float | None
    unit: str
    limit: float | None
    source: str
    label: str
    found: float | None

    @property
    def short(self) -> bool:
        """Whether the limit is passed; a throw exactly at the hard deck is not."""
        return self.value is not None and self.value < -1e-6


def margins(run: Run, scenario: Scenario) -> dict[str, Margin]:
    """Return every margin of a run by name, in the order of the stunt; positive is to spare.

    Args:
        run: What happened.
        scenario: Gives limits, places and extents.
    """
    known = _KNOWN.get(run)
    if known is None or known[0] is not scenario:
        parts = (_on_the_run_up, _in_the_air, _while_opening, _at_the_landing, _around)
        found = {name: margin for part in parts for name, margin in part(run, scenario).items()}
        known = _KNOWN[run] = scenario, found
    return dict(known[1])


_KNOWN: WeakKeyDictionary[Run, tuple[Scenario, dict[str, Margin]]] = WeakKeyDictionary()
"""Margins last told of a run: timeline, record and picture each ask for what takes long to search."""


def _over(label: str, unit: str, found: float | None, limit: float, source: str) -> Margin:
    return Margin(None if found is None else found - limit, unit, limit, source, label, found)


def _under(label: str, unit: str, found: float | None, limit: float, source: str) -> Margin:
    return Margin(None if found is None else limit - found, unit, limit, source, label, found)


def _accepted(scenario: Scenario, hazard: str, limit: float, source: str) -> tuple[float, str]:
    """Return the limit of a hazard: the one of its criterion, else the one given."""
    for criterion in scenario.criterion:
        if criterion.hazard == hazard and criterion.limit_value is not None:
            why = f": {criterion.limit_source}" if criterion.limit_source else ""
            return criterion.limit_value, f"criterion, {criterion.accepted_by}{why}"
    return limit, source


def _number(run: Run, name: str, *events: str) -> float | None:
    """Return a named number if one of the events that make it meaningful happened."""
    happened = any(run.event(event) is not None for event in events)
    found = run.numbers.get(name)
    return float(found) if happened and found is not None and np.isfinite(found) else None


def _on_the_run_up(run: Run, scenario: Scenario) -> dict[str, Margin]:
    if scenario.plan is None or scenario.plan.gate is None:
        return {}
    gate = {name: flown(run, scenario, f"plan.gate.{name}") for name in ("minimum_speed", "abort_station")}
    gate_speed, gate_time = _number(run, "gate_speed", "speed gate"), _number(run, "gate_time", "speed gate")
    lip_speed = _number(run, "lip_speed", "takeoff")
    latest = latest_abort(run, scenario)
    station = None if latest is None else latest.station
    window = None if latest is None or gate_time is None else latest.t - gate_time
    least, source = gate["minimum_speed"], "plan.gate.minimum_speed"
    return {
        "gate_speed": _over("speed at the gate", "m/s", gate_speed, least, source),
        "lip_speed": _over("speed at the lip, over the gate's", "m/s", lip_speed, least, source),
        "abort_station": _over(
            "last station for a stop", "m", station, gate["abort_station"], "plan.gate.abort_station"
        ),
        "decision_time": _over(
            "time from the gate to that station", "s", window, 0.0, "a call at the gate stops it"
        ),
    }


def _in_the_air(run: Run, scenario: Scenario) -> dict[str, Margin]:
    if run.kind not in CANOPY:
        return {}
    thrown = ("throw", "throw (hard deck)")
    deck = _accepted(scenario, "low throw", flown(run, scenario, "plan.hard_deck"), "plan.hard_deck")
    unstable = _number(run, "throw_instability", *thrown)
    gap = nearest_motorcycle(run)[1]
    apart = _accepted(scenario, "re-contact", 0.0, "the extents touch")
    rock = nearest_rock(run, scenario)
    near = _accepted(scenario, "object strike in freefall", 0.0, "the extent touches rock")
    stability = None if unstable is None else 1.0 - unstable
    limit = "60 deg or 120 deg/s, assumed"
    found: dict[str, Margin] = {}
    if run.motorcycle is not None:
        distance = None if gap is None else gap.distance
        found["motorcycle_gap"] = _over("motorcycle gap", "m", distance, *apart)
    if scenario.site.cliff is not None:
        distance = None if rock is None else rock.distance
        found["rock_clearance"] = _over("clearance from rock", "m", distance, *near)
    return {
        **found,
        "throw_height": _over(
            "height above ground at the throw", "m", _number(run, "throw_height", *thrown), *deck
        ),
        "throw_stability": Margin(stability, "1", 1.0, limit, "instability at the throw", unstable),
    }


def _while_opening(run: Run, scenario: Scenario) -> dict[str, Margin]:
    if run.kind not in CANOPY:
        return {}
    opened = ("canopy open", "reserve open")
    load = _opening_load(run)
    height = _number(run, "open_height", *opened)
    worst = _accepted(scenario, "hard opening", HARDEST_OPENING * GRAVITY, "rejected above, assumed")
    low = _accepted(scenario, "late or no opening", 0.0, "the ground: no criterion")
    return {
        "opening_load": _under("opening shock, reject", "g", load, worst[0] / GRAVITY, worst[1]),
        "opening_load_warning": _under(
            "opening shock, warn", "g", load, HARD_OPENING, "warned of above, assumed"
        ),
        "open_height": _over("height above ground when open", "m", height, *low),
    }


def _at_the_landing(run: Run, scenario: Scenario) -> dict[str, Margin]:
    if scenario.kind in DROP:
        return _at_the_rest(run, scenario)
    if scenario.landing_surface is not None:
        return _on_the_surface(run, scenario)
    if scenario.plan is None or scenario.plan.pattern is None or scenario.site.landing is None:
        return {}
    distance, radius = (_number(run, f"landing_{name}", "touchdown") for name in ("distance", "radius"))
    allowed = scenario.site.landing.radius.value if radius is None else radius
    edge = _accepted(scenario, "landing outside the area", allowed, "radius of that area")
    sink, level = (_number(run, f"landing_{name}", "touchdown") for name in ("sink", "speed"))
    speed = None if sink is None or level is None else float(np.hypot(sink, level))
    steep = _slope(run, scenario)
    into = None if sink is None or level is None else float(speed_into_ground(sink, level, steep))
    most = _accepted(scenario, "hard landing", HARDEST_SINK, "landing-fall study, assumed")
    hold = flown(run, scenario, "plan.pattern.height")
    return {
        "arrival_height": _over(
            "height on arrival at the area", "m", _arrival_height(run, scenario), hold, "plan.pattern.height"
        ),
        "landing_distance": _under("distance from the middle", "m", distance, *edge),
        "touchdown_sink": _under("speed into the ground", "m/s", into, *most),
        "touchdown_speed": _under(
            "speed at touchdown", "m/s", speed, HARDEST_SPEED, "36 ft/s, recalled test limit"
        ),
    }


def _slope(run: Run, scenario: Scenario) -> float:
    """Return the steepest slope of the area that was landed in [rad]."""
    slopes = landing_slopes({**scenario.values(), **run.values})
    area = run.numbers.get("landing_area", 0.0)
    return float(slopes[min(int(area), len(slopes) - 1)] if np.isfinite(area) else slopes[0])


def _on_the_surface(run: Run, scenario: Scenario) -> dict[str, Margin]:
    """Return how a vehicle met its landing surface; the hazard's limit is a speed into the ground."""
    safe = flown(run, scenario, "landing_surface.safe_fall_height")
    into = _accepted(scenario, "hard landing", float(np.sqrt(2.0 * GRAVITY * safe)), "safe_fall_height")
    height = _number(run, "landing_fall_height", "touchdown")
    edge = _number(run, "landing_edge_distance", "touchdown")
    off = _number(run, "landing_pitch_angle", "touchdown")
    limit = into[0] ** 2 / (2.0 * GRAVITY)
    return {
        "landing_fall_height": _under("equivalent fall height", "m", height, limit, into[1]),
        "landing_edge": _over("touchdown inside the surface", "m", edge, 0.0, "landing_surface"),
        "landing_pitch": _under(
            "pitch off the surface's slope",
            "deg",
            None if off is None else abs(float(np.degrees(off))),
            45.0,
            "nose first or tail first, assumed",
        ),
    }


def _at_the_rest(run: Run, scenario: Scenario) -> dict[str, Margin]:
    """Return how far from the middle of the area a dropped body came to rest."""
    rest, area = run.event("at rest"), areas(run, scenario)[0]
    away = None
    if rest is not None:
        away = float(np.hypot(rest.position[0] - area.east, rest.position[1] - area.north))
    edge = _accepted(scenario, "landing outside the area", area.radius, "radius of that area")
    return {"rest_distance": _under("rest from the middle of the area", "m", away, *edge)}


def _arrival_height(run: Run, scenario: Scenario) -> float | None:
    """Return the height above the chosen area on first coming as near to it as the pattern reaches [m]."""
    index = _number(run, "landing_area", "canopy open", "reserve open")
    chosen = None if index is None else areas(run, scenario)[int(index)]
    middle = None if chosen is None else np.array([chosen.east, chosen.north])
    if middle is None or index is None:
        return None
    reach = flown(run, scenario, "plan.pattern.offset") + flown(run, scenario, "plan.pattern.hold_radius")

    def near(track: Track) -> np.ndarray:
        away = np.linalg.norm(track.position[:, :2] - middle, axis=1)
        return (track.phase == "canopy") & (away <= reach)

    at = smallest(run.performer, lambda track: track.t, near)
    ground = run.landing_altitude
    if index > 0:
        place = scenario.site.alternate[int(index) - 1].position
        ground = altitude(place, run.lip_altitude, run.landing_altitude)
    return None if at is None else float(at.position[0, 2]) + run.lip_altitude - ground


def _opening_load(run: Run) -> float | None:
    """Return the peak load during inflation, between the steps too [g]."""
    if _number(run, "opening_load", "canopy open", "reserve open") is None:
        return None
    at = smallest(run.performer, lambda track: -track.load, lambda track: track.phase == "inflation")
    return None if at is None else float(at.load[0])


def _around(run: Run, scenario: Scenario) -> dict[str, Margin]:
    found: dict[str, Margin] = {}
    for k, aircraft in enumerate(scenario.site.aircraft):
        keep_out = value_of(run, scenario, f"site.aircraft.{k}.keep_out") or 0.0
        for body in run.tracks:
            near = nearest_aircraft(run, scenario, aircraft, body)
            distance = None if near is None else near.distance
            limit = _accepted(scenario, "aircraft keep-out", keep_out, f"site.aircraft[{k}].keep_out")
            found[f"aircraft.{k}.{body}"] = _over(f"{body} to {aircraft.name}", "m", distance, *limit)
    for k, people in enumerate(scenario.site.people):
        near = nearest_people(run, scenario, people)
        distance = None if near is None else near.distance
        body = next(reversed(run.tracks))
        if body not in ("motorcycle", "body"):
            continue
        label, source = f"{body} to {people.name}", "edge of their circle"
        found[f"people.{k}.{body}"] = _over(label, "m", distance, 0.0, source)
    return found | _landing_beside_people(run, scenario)


def _landing_beside_people(run: Run, scenario: Scenario) -> dict[str, Margin]:
    if scenario.kind not in CANOPY:
        return {}
    east, north, t = (
        _number(run, name, "touchdown") for name in ("landing_east", "landing_north", "end_time")
    )
    left: list[float | None] = [None] * len(scenario.site.people)
    if east is not None and north is not None and t is not None:
        since = t - run.numbers.get("lip_time", 0.0)
        apart = landing_to_people(scenario, east, north, since, {**scenario.values(), **run.values})
        left = [float(found) if np.isfinite(found) else None for found in apart]
    return {
        f"people.{k}.landing": _over(f"touchdown to {people.name}", "m", left[k], 0.0, "edge of their circle")
        for k, people in enumerate(scenario.site.people)
    }
