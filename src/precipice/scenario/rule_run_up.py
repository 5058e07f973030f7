"""Rules between fields of run-up, ramp, motorcycle and plan."""

import math
from collections.abc import Iterator

from precipice.scenario.explanation import Finding, finding
from precipice.scenario.facts import Facts
from precipice.units import format_quantity


def check_run_up(facts: Facts) -> Iterator[Finding]:
    """Yield every broken rule on the way to the throw; what a kind lacks is absent and breaks none."""
    yield from _surfaces_in_order(facts)
    yield from _gates_in_order(facts)
    yield from _edge_beyond_start(facts)
    yield from _ramp_can_be_climbed(facts)
    yield from _throw_after_release(facts)


def _surfaces_in_order(facts: Facts) -> Iterator[Finding]:
    length = facts.number("run_up.length")
    last: float | None = None
    for index, surface in enumerate(facts.items("run_up.surface")):
        path = f"{surface}.from"
        start = facts.number(path)
        if start is None:
            continue
        text = facts.text(path)
        if index == 0 and start != 0.0:
            yield finding(path, "must be 0 m for the first surface", text, 'write from = "0 m"')
        if last is not None and start <= last:
            yield finding(
                path, "must lie beyond the surface before", text, "list surfaces in the order of travel"
            )
        if length is not None and start >= length:
            yield finding(
                path,
                f"must lie inside the run-up of {facts.text('run_up.length')}",
                text,
                "move or remove it",
            )
        last = start


def _gates_in_order(facts: Facts) -> Iterator[Finding]:
    length = facts.number("run_up.length")
    for name in ("speed_gate", "abort_station", "commit_station"):
        path = f"plan.gate.{name}"
        station = facts.number(path)
        if station is not None and length is not None and station > length:
            rule = f"must lie inside the run-up of {facts.text('run_up.length')}"
            yield finding(path, rule, facts.text(path), "write a station counted from the start")
    stations = facts.numbers("plan.gate.abort_station", "plan.gate.commit_station")
    if stations and stations[0] > stations[1]:
        rule = f"must not lie beyond commit_station, {facts.text('plan.gate.commit_station')}"
        path = "plan.gate.abort_station"
        yield finding(path, rule, facts.text(path), "stop earlier, or commit later")
    speeds = facts.numbers("plan.gate.minimum_speed", "plan.lip_speed")
    if speeds and speeds[0] > speeds[1]:
        rule = f"must not exceed plan.lip_speed, {facts.text('plan.lip_speed')}"
        path = "plan.gate.minimum_speed"
        yield finding(path, rule, facts.text(path), "ask for less at the gate")


def _edge_beyond_start(facts: Facts) -> Iterator[Finding]:
    azimuths = facts.numbers("run_up.azimuth", "site.cliff.face_azimuth")
    if azimuths and math.cos(azimuths[0] - azimuths[1]) <= 0.0:
        face = facts.text("site.cliff.face_azimuth")
        rule = f"must head out over the edge, within 90 deg of the face's {face}"
        remedy = "turn the run-up towards the edge: as it is, the edge lies behind it"
        yield finding("run_up.azimuth", rule, facts.text("run_up.azimuth"), remedy)
    lengths = facts.numbers("run_up.length", "ramp.radius", "ramp.lip_angle", "ramp.straight")
    edge = facts.quantity("site.cliff.lip_to_edge")
    if lengths and edge:
        length, radius, angle, straight = lengths
        whole = length + radius * math.sin(abs(angle)) + straight * math.cos(angle)
        if edge.reach[0] <= -whole:
            rule = f"must not lie behind the start of run-up and ramp, {whole:.1f} m before the lip"
            remedy = "write a positive distance for an edge beyond the lip, or lengthen the run-up"
            yield finding("site.cliff.lip_to_edge", rule, edge.text, remedy)


def _ramp_can_be_climbed(facts: Facts) -> Iterator[Finding]:
    steepest = _steepest_climb(facts)
    angle = facts.number("ramp.lip_angle")
    if steepest is not None and angle is not None and angle > steepest[0]:
        limit, reason = format_quantity(steepest[0], "deg"), steepest[1]
        rule = f"must not be steeper than the motorcycle can climb at a steady speed, {limit} ({reason})"
        remedy = (
            f'write an angle up to "{math.floor(math.degrees(steepest[0]))} deg", or change what limits it'
        )
        yield finding("ramp.lip_angle", rule, facts.text("ramp.lip_angle"), remedy)


def _steepest_climb(facts: Facts) -> tuple[float, str] | None:
    """Return the steepest steady climb and what limits it: tipping over backwards, or grip.

    At a steady climb the rear wheel carries the share ((L - b) cos + h sin) / L of the weight, pulls
    with sin, and the front wheel lifts off at tan = b / h.
    Source: statics; Cossalter 2006, ch. 6.
    """
    found = facts.numbers(
        "motorcycle.wheelbase", "motorcycle.rear_axle_to_cg", "motorcycle.cg_height", "ramp.friction"
    )
    if found is None:
        return None
    wheelbase, back, height, friction = found
    tipping = math.atan2(back, height)
    share = 1.0 - friction * height / wheelbase
    grip = math.atan2(friction * (1.0 - back / wheelbase), share)
    return min((tipping, "then its front wheel lifts off"), (grip, "then its rear tyre slips"))


def _throw_after_release(facts: Facts) -> Iterator[Finding]:
    times = facts.numbers("plan.release", "plan.throw")
    if times and times[1] <= times[0]:
        rule = f"must come after plan.release, {facts.text('plan.release')}"
        yield finding("plan.throw", rule, facts.text("plan.throw"), "both count from the lip: throw later")
