"""The text of one run: what a stunt coordinator reads aloud."""

import math
import textwrap

import numpy as np

from precipice.earth import GRAVITY
from precipice.report.assumptions import basis_of, not_modelled, weighty
from precipice.report.clearance import (
    ABOVE_GROUND,
    ALONE,
    SINCE_EXIT,
    Nearest,
    nearest_motorcycle,
    nearest_people,
    nearest_rock,
)
from precipice.report.event_table import event_table
from precipice.report.margins import Margin, margins
from precipice.report.scene import distance_out, fastest_fall, flown, origin_word, zero_time, zero_word
from precipice.report.words import (
    JOINT,
    WIDTH,
    datum_words,
    moment,
    number,
    outcome_words,
    quantity,
    speeds,
    wrapped,
)
from precipice.scenario.kind import CANOPY
from precipice.scenario.scenario import Scenario
from precipice.simulation.event import Event
from precipice.simulation.run import Run
from precipice.world.weather import exit_wind


def timeline(run: Run, scenario: Scenario) -> str:
    """Return a run as a page of plain text, at most 100 columns wide, with a unit on every number.

    Args:
        run: What happened.
        scenario: What was decided.
    """
    left = margins(run, scenario)
    parts = [
        _header(run, scenario, left),
        event_table(run, scenario),
        _falling(run),
        _closest(run, scenario),
        _loads(run, scenario),
        _fallen(run, scenario),
        _jumped(run),
        _margins(left),
        _basis(scenario),
        _limits(run, scenario),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part).replace(JOINT, " ") + "\n"


def _header(run: Run, scenario: Scenario, left: dict[str, Margin]) -> list[str]:
    flight = (
        "nominal run: every field at its centre" if run.run is None else f"run {run.run} of seed {run.seed}"
    )
    lines = [*wrapped(scenario.title or scenario.file, "", ""), f"{scenario.kind}, {flight}"]
    lines += wrapped(_conditions(run, scenario), "", "")
    if not run.resolved:
        loud = "UNRESOLVED: these numbers cannot be trusted. An unresolved run is never a safe one."
        lines += [
            "",
            "!" * WIDTH,
            loud,
            *(line for doubt in run.doubts for line in wrapped(doubt)),
            "!" * WIDTH,
        ]
    words = outcome_words(run, scenario) + ("" if run.resolved else " (UNRESOLVED)")
    lines += ["", *wrapped(f"Outcome: {words}", "", "         ")]
    short = [m for m in left.values() if m.short]
    told = "; ".join(f"{m.label} {quantity(m.value, m.unit, sign=True)}" for m in short)
    return [*lines, *wrapped(f"Short:   {told}", "", "         ")] if short else lines


def _conditions(run: Run, scenario: Scenario) -> str:
    levels = f"{origin_word(run)} {quantity(run.lip_altitude, 'm')}"
    if scenario.site.landing is not None:
        levels += f" and landing area {quantity(run.landing_altitude, 'm', 0)}"
    wind = exit_wind(scenario, {**scenario.values(), **run.values})
    speed, bearing = quantity(wind[0], "m/s"), quantity(math.degrees(wind[1]) % 360.0, "deg", 0)
    return f"{levels} above {datum_words(scenario.site.vertical_datum)}; wind {speed} from {bearing}"


def _falling(run: Run) -> list[str]:
    """Return how fast and how far the performer fell alone."""
    fastest = fastest_fall(run)
    thrown = run.event("throw") or run.event("throw (hard deck)")
    left = run.event("exit")
    if fastest is None or thrown is None or left is None:
        return []
    when = moment(fastest.t, zero_time(run), zero_word(run))
    fallen = quantity(left.position[2] - thrown.position[2], "m")
    rows = [
        ("fastest", f"{speeds(fastest.speed)}, {when}, {quantity(fastest.altitude, 'm')} above sea level"),
        ("exit to throw", f"{quantity(thrown.t - left.t, 's')}, {fallen} down"),
    ]
    return ["Freefall", *_pairs(rows)]


def _closest(run: Run, scenario: Scenario) -> list[str]:
    if run.kind not in CANOPY or scenario.site.cliff is None:
        return []
    falling = nearest_rock(run, scenario, ALONE[:-1])
    under = nearest_rock(run, scenario, ALONE[-1:])
    rows = [("to rock, falling", _rock(falling, run, ALONE[:-1]))]
    rows += [("to rock, under canopy", _rock(under, run, ALONE[-1:]))]
    if run.motorcycle is not None:
        rows.append(("to the motorcycle", _gap(run)))
    counted = f"rock counts from {SINCE_EXIT:.0f} s after the exit to {ABOVE_GROUND:.0f} m above the ground"
    return ["Closest", *_pairs(rows), *wrapped(f"{counted}; under the canopy without the valley floor")]


def _rock(near: Nearest | None, run: Run, phases: tuple[str, ...]) -> str:
    if near is None:
        there = bool(np.isin(run.performer.phase, phases).any())
        return f"does not apply: {'no rock that counts' if there else 'the performer did not get that far'}"
    when = moment(near.t, zero_time(run), zero_word(run))
    side = "below" if near.position[2] < 0.0 else "above"
    below = f"{number(abs(near.position[2]), 0)} m {side} the {origin_word(run)}"
    return f"{quantity(near.distance, 'm')} from {near.to}, {when}, {below}"


def _gap(run: Run) -> str:
    status, near = nearest_motorcycle(run)
    if status == "never clear":
        return "NEVER CAME CLEAR of the motorcycle: there is no gap to give"
    if near is None:
        return "does not apply: the stunt was over before they parted"
    text = (
        f"{quantity(near.distance, 'm')}, {moment(near.t, zero_time(run), zero_word(run))}, in {near.phase}"
    )
    if near.distance < 0.0:
        return f"{text}: THE EXTENTS OVERLAP, a re-contact hazard"
    return text


def _pairs(rows: list[tuple[str, str]]) -> list[str]:
    width = max(len(name) for name, _ in rows) + 2
    return [line for name, text in rows for line in wrapped(text, f"  {name:{width}}", " " * (width + 2))]


def _loads(run: Run, scenario: Scenario) -> list[str]:
    weight = flown(run, scenario, "performer.mass") * GRAVITY
    rows = []
    if run.event("ramp foot"):
        rows.append(("ramp, at most", quantity(run.numbers["ramp_load"], "g")))
    if run.event("line stretch"):
        force = run.numbers["snatch_force"]
        share = (
            f" ({quantity(force / weight, 'g')} on {quantity(weight / GRAVITY, 'kg', 0)})" if weight else ""
        )
        rows.append(("snatch, at line stretch", quantity(1e-3 * force, "kN", 2) + share))
    if run.event("canopy open"):
        speed = speeds(run.numbers["line_stretch_speed"])
        rows.append(
            ("opening shock", f"{quantity(run.numbers['opening_load'], 'g')}, from {speed} of air speed")
        )
    return ["Peak loads", *_pairs(rows)] if rows else []


def _fallen(run: Run, scenario: Scenario) -> list[str]:
    """Return where what falls without a parachute comes down."""
    named, head = ("", "The body") if run.subject == "body" else ("motorcycle ", "The motorcycle, riderless")
    contact, rest = run.event(f"{named}contact"), run.event(f"{named}at rest")
    if contact is None:
        return []
    rows = [("first contact", f"{_place(contact, run, scenario)}, at {speeds(contact.speed)}")]
    if rest is not None:
        rows.append(("at rest", _place(rest, run, scenario)))
    near = [found for people in scenario.site.people if (found := nearest_people(run, scenario, people))]
    if near:
        nearest = min(near, key=lambda found: found.distance)
        rows.append(("nearest people", f"{quantity(nearest.distance, 'm')} to the edge of {nearest.to}"))
    return [head, *_pairs(rows)]


def _jumped(run: Run) -> list[str]:
    """Return how a vehicle flew and how it met the ground."""
    found = run.numbers
    if "airtime" not in found or run.event("touchdown") is None:
        return []
    angles = [math.degrees(found[f"landing_{name}_angle"]) for name in ("path", "slope", "pitch")]
    path, slope, pitch = (quantity(angle, "deg", 1, sign=True) for angle in angles)
    rate = quantity(math.degrees(found["landing_pitch_rate"]), "deg/s", 0, sign=True)
    flown = run.performer.phase == "jump"
    top = quantity(float(run.performer.position[flown, 2].max()), "m")
    turning = quantity(math.degrees(found["lip_pitch_rate"]), "deg/s", 0, sign=True)
    lip = f"{speeds(found['lip_speed'])}, path {_degrees(found['lip_path_angle'])}, nose turns {turning}"
    way = (
        f"{quantity(found['airtime'], 's')}, {quantity(found['jump_distance'], 'm')} from lip to first touch"
    )
    rows = [
        ("takeoff", lip),
        ("in the air", f"{way}, centre of mass up to {top} above the lip"),
        ("landing", f"{speeds(found['landing_speed'])}, path {path} on a slope of {slope}"),
        ("as hard as", f"a fall of {quantity(found['landing_fall_height'], 'm')} onto level ground"),
        ("rotation", f"nose {pitch} from the slope, turning {rate}"),
    ]
    return ["The jump", *_pairs(rows)]


def _degrees(angle: float) -> str:
    return quantity(math.degrees(angle), "deg", 1, sign=True)


def _place(event: Event, run: Run, scenario: Scenario) -> str:
    out = float(distance_out(run, scenario, event.position))
    when = moment(event.t, zero_time(run), zero_word(run))
    return (
        f"{quantity(out, 'm')} out, {quantity(-event.position[2], 'm')} below the {origin_word(run)}, {when}"
    )


def _margins(found: dict[str, Margin]) -> list[str]:
    if not found:
        return []
    lines = [f"{'Margins (! is short)':36}{'found':>10}{'limit':>11}{'to spare':>13}  limit from"]
    for margin in found.values():
        if margin.value is None:
            continue
        short = "!" if margin.short else " "
        label = textwrap.shorten(margin.label, 34, placeholder="...")
        is_, limit = quantity(margin.found, margin.unit), quantity(margin.limit, margin.unit)
        head = f"{short} {label:34}{is_:>10}{limit:>11}{quantity(margin.value, margin.unit, sign=True):>13}  "
        lines += wrapped(margin.source, head, " " * len(head))
    missing = "; ".join(margin.label for margin in found.values() if margin.value is None)
    return [*lines, *wrapped(f"not reached: {missing}", "  ", "    ")] if missing else lines


def _basis(scenario: Scenario) -> list[str]:
    basis = basis_of(scenario)
    known = f"{basis.published} published, {basis.measured} measured"
    counts = f"{len(basis.assumed)} fields in use are assumed, {known}"
    weightiest = ", ".join(weighty(scenario))
    lines = ["What was assumed", *wrapped(counts + "; all of them: precipice check --all.")]
    return [*lines, *wrapped(f"Margins hang most on: {weightiest}.")] if weightiest else lines


def _limits(run: Run, scenario: Scenario) -> list[str]:
    lines = [line for limit in not_modelled(run, scenario) for line in wrapped(limit, "  - ", "    ")]
    return ["Not modelled", *lines, "A planning aid, never a clearance to jump."]
