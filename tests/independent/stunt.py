"""The main stunt once more: its equations written from their meaning in plain NumPy, solved by SciPy.

Nothing here is taken from `precipice` but the numbers of a scenario or of a draw. Bodies turn as direction
cosine matrices, the ramp and the posture are closed forms, the cliff is a chain of pieces with its own
distance, and every leg is cut wherever a force jumps or kinks. See `fly_independently`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from tests.independent.canopy import LEGS, Canopy
from tests.independent.fall import Fall
from tests.independent.ride import START_SPEED, Ride
from tests.independent.surroundings import Surroundings, section

LEG_ENDS = ("control", "turned away", "pattern", "base turn", "final turn", "flare")
"""Events with which the canopy's legs end; the last leg ends on the ground."""


@dataclass(frozen=True)
class Happened:
    """An event.

    Attributes:
        t: From the start of the run-up [s].
        position: East, north, up from the lip [m].
        velocity: [m/s].
    """

    t: float
    position: np.ndarray
    velocity: np.ndarray


@dataclass(frozen=True)
class Flown:
    """A flown stunt.

    Attributes:
        events: By name.
        opening_load: Largest load while the canopy fills [g].
        fill_time: From line stretch to the open canopy [s].
    """

    events: dict[str, Happened]
    opening_load: float
    fill_time: float


def fly_independently(scenario: Any, values: dict[str, float], luck: dict[str, float], tables: Any) -> Flown:
    """Return the whole stunt, flown as planned from standstill to touchdown.

    Args:
        scenario: Gives what is not a number: shapes, rules, where areas lie.
        values: Its numbers in this run, SI, by dotted path.
        luck: Uniform numbers of this run's malfunctions.
        tables: Unit-variance nodes `gust` `(3, n)`, `steering` `(m,)`, `tumble` `(2, k)`.

    Raises:
        AssertionError: If the stunt leaves the plan in a way that this check does not know.
    """
    events: dict[str, Happened] = {}

    def note(name: str, t: float, y: np.ndarray) -> None:
        events[name] = Happened(t, y[:3].copy(), y[3:6].copy())

    calm = not np.any(tables.gust)
    air = Surroundings(scenario, values, None if calm else tables.gust)
    ride = Ride(air, tables.steering, tables.tumble)
    plan = section(values, "plan")

    leave, wheel_speed, lip = _to_lip(ride, events)
    release = lip + plan.release
    pair = _expect(ride.fly(lip, leave, wheel_speed, release), "release")
    apart = ride.part(pair.y, wheel_speed)
    note("release", pair.t, pair.y)
    opened = release + plan.push_time
    pushed = _expect(ride.separate(pair.t, apart, release, wheel_speed, pushing=True, end=opened), "time")
    note("end of push", pushed.t, pushed.y)
    throw = lip + plan.throw
    clear = ride.separate(pushed.t, pushed.y, release, wheel_speed, pushing=False, end=throw)
    _expect(clear, "clear", "time", "motorcycle strike")
    note("exit", clear.t, clear.y)
    motorcycle = _expect(ride.tumble(clear.t, clear.y[18:], release, wheel_speed), "contact")
    note("motorcycle contact", motorcycle.t, motorcycle.y)

    came_clear = clear.end == "clear"
    fall = Fall(air, luck, motorcycle if came_clear else None)
    off = scenario.plan.off_plan
    fall.below_hard_deck = off.below_hard_deck == "throw-now"
    start = np.concatenate([clear.y[:18], [0.0, 0.0]])
    latest = throw if came_clear else clear.t
    thrown = _expect(fall.freefall(clear.t, start, opened, clear.t, latest, wait=False), "throw", "hard deck")
    patience = plan_wait(scenario, values)
    first = thrown
    thrown = fall.freefall(first.t, first.y, opened, clear.t, first.t + patience, wait=True)
    _expect(thrown, "throw", "hard deck", "stable")
    note("throw", thrown.t, thrown.y)
    body = fall.at_throw(thrown.t, thrown.y, opened)
    leg = _expect(fall.in_hand(thrown.t, np.concatenate([thrown.y[:6], thrown.y[18:]]), body.area), "end")
    note("pilot chute in clean air", leg.t, leg.y)
    begun = np.array([*leg.y, 0.0, fall.speed(leg.y)])
    leg = _expect(fall.extract(leg.t, begun, body.area, lines=False), "end")
    note("bridle stretch", leg.t, leg.y)
    leg = _expect(fall.extract(leg.t, fall.pick_up(leg.y), body.area, lines=True), "end")
    note("line stretch", leg.t, leg.y)
    stretch = leg.t
    filled, load = fall.inflate(leg.t, leg.y[:8], body.area)
    _expect(filled, "open")
    note("canopy open", filled.t, filled.y)
    _to_ground(Canopy(air, scenario.plan, luck), filled, body, note)
    return Flown(events, load, filled.t - stretch)


def plan_wait(scenario: Any, values: dict[str, float]) -> float:
    """Return how long the performer waits for a steady body [s]."""
    return values["plan.off_plan.unstable_wait"] if scenario.plan.off_plan.unstable == "wait" else 0.0


def _to_lip(ride: Ride, events: dict[str, Happened]) -> tuple[np.ndarray, float, float]:
    """Ride to the lip; return the pair's state as it leaves, the wheels' speed and the time."""
    v, bearing = ride.v, ride.bearing
    target, foot = ride.target_speed(), v["run_up.length"]
    gate = min(v.get("plan.gate.speed_gate", 0.5 * foot), foot - 1.0)

    def note(name: str, t: float, position: np.ndarray, velocity: np.ndarray) -> None:
        events[name] = Happened(t, position, velocity)

    leg = _expect(ride.run_up(0.0, [0.0, START_SPEED, 0.0, 0.0], target, gate), "end")
    note("speed gate", leg.t, ride.track_place(leg.y[0], leg.y[2]), leg.y[1] * _ahead(bearing + leg.y[3]))
    assert leg.y[1] >= v.get("plan.gate.minimum_speed", 0.0), "slow at the gate"
    leg = _expect(ride.run_up(leg.t, leg.y, target, foot), "end")
    lateral, heading = float(leg.y[2]), float(leg.y[3])
    note("ramp foot", leg.t, ride.track_place(leg.y[0], lateral), leg.y[1] * _ahead(bearing + heading))
    t, y = leg.t, ride.standing(float(leg.y[1]))
    for both, name in ((True, "front wheel past the lip"), (False, "takeoff")):
        leg = _expect(ride.up_ramp(t, y, both), "lip")
        t, y = leg.t, leg.y
        motion = y[3] * _ahead(bearing + heading) + np.array([0.0, 0.0, y[4]])
        note(name, t, ride.ramp_place(y, lateral, heading), motion)
    return ride.leave(y, lateral, heading), float(np.hypot(y[3], y[4])), t


def _to_ground(canopy: Canopy, filled: Any, body: Any, note: Any) -> None:
    """Fly the legs under the canopy."""
    opened = filled.t
    control = opened + canopy.control_delay(body)
    stowed = [canopy.opening(body), 0.0, canopy.rig.brake_setting, 0.0]
    t, y = opened, np.array([*filled.y[:6], *stowed, *filled.y[6:8]])
    approach = canopy.choose(y[:3])
    for k, name in enumerate(LEGS):
        if name == "downwind":
            approach = canopy.after_hold(approach, y[:3])
        leg = canopy.fly(name, t, y, approach, opened, control)
        t, y = leg.t, leg.y
        if leg.end == "ground":
            note("touchdown", t, y)
            return
        assert leg.end == "leg", f"{name} ended by {leg.end}"
        if leg.flown:
            note(LEG_ENDS[k], t, y)
    raise AssertionError("never came to the ground")


def _ahead(bearing: float) -> np.ndarray:
    return np.array([np.sin(bearing), np.cos(bearing), 0.0])


def _expect(leg: Any, *ends: str) -> Any:
    assert leg.end in ends, f"ended by {leg.end} at {leg.t} s instead of {' or '.join(ends)}"
    return leg
