"""A designed landing in words, as JSON, as TOML to paste, and as a table of points."""

import csv
import io
import math
from typing import Any

import numpy as np

from precipice.earth import GRAVITY
from precipice.planning.landing_judgement import Judgement, judge_surface
from precipice.planning.landing_plan import OFF_ANGLE, OFF_SPEED, LandingPlan
from precipice.report.words import JOINT, quantity, speeds, wrapped
from precipice.world.landing_surface import with_slopes

LEFT_OUT = (
    "Left out: the rider, legs, springs and tyres; wind, lift and pop; the run-out after the landing. "
    "A planning aid, never a clearance to jump."
)
STAKE = 0.25
"""Between points of the table [m]."""
COLUMNS = (
    "distance from the lip [m]",
    "up from the lip [m]",
    "height above the ground [m]",
    "slope [deg]",
    "part",
    "takeoff speed [m/s]",
    "touchdown speed [m/s]",
    "path angle [deg]",
    "equivalent fall height [m]",
    "time in the air [s]",
)
"""Head of `points.csv`."""


def landing_text(plan: LandingPlan) -> str:
    """Return what a ramp builder needs to know, as text."""
    case, lip = plan.design.case, plan.lip
    title = plan.scenario.title or "no title"
    head = f"Landing for: {title}"
    task = f"Every jump {_range(plan)} lands like a fall from {quantity(case.fall_height, 'm')}."
    if case.slowest > 0.0:
        task += " SLOWER ONES HIT ITS FRONT."
    rows = [
        (
            "lip",
            f"{_angle(lip.angle)}, {quantity(lip.height, 'm')} above the ground; planned {speeds(lip.speed)}",
        ),
        (
            "drag",
            f"{lip.drag:.5f}{JOINT}1/m, in air of {lip.air_density:.3f}{JOINT}kg/m³, along the velocity",
        ),
        ("surface", _surface_words(plan)),
        ("transition", _transition_words(plan)),
        ("material", _material_words(plan)),
        ("takeoff", _takeoff_words(plan)),
        ("as written", _written_words(plan)),
        ("off plan", _off_plan_words(plan)),
        ("in the file", _now_words(plan)),
    ]
    lines = [*wrapped(head, "", "  "), *wrapped(task, "", "  "), ""]
    for name, words in rows:
        lines += wrapped(words, f"  {name:<12}", " " * 14)
    lines += ["", *wrapped(LEFT_OUT, "", "")]
    return "\n".join(lines).replace(JOINT, " ") + "\n"


def _range(plan: LandingPlan) -> str:
    case = plan.design.case
    low = f"from {speeds(case.slowest)} " if case.slowest > 0.0 else "up "
    return f"{low}to {speeds(case.speed)}"


def _angle(value: float) -> str:
    return f"{math.degrees(value):.1f}{JOINT}deg"


def _surface_words(plan: LandingPlan) -> str:
    surface = plan.design.surface
    highest = float(np.max(surface[:, 1]))
    steepest = float(np.min(with_slopes(surface)[:, 2]))
    first, last = surface[0, 0], surface[-1, 0]
    top = f"{quantity(abs(highest), 'm')} {'above' if highest >= 0.0 else 'below'} the lip"
    where = f"from {quantity(float(first), 'm')} to {quantity(float(last), 'm')} from the lip"
    return f"{where}; highest {top}, steepest {_angle(-steepest)} down"


def _transition_words(plan: LandingPlan) -> str:
    design = plan.design
    end = float(design.transition[-1, 0])
    return (
        f"to the ground at {quantity(end, 'm')}; presses {quantity(design.load, 'g', 2)} "
        f"at {speeds(design.case.speed)}, at most {quantity(design.case.most_load, 'g', 2)}"
    )


def _material_words(plan: LandingPlan) -> str:
    landing, takeoff = (f"{area:.1f}{JOINT}m²" for area in (plan.design.fill, plan.takeoff_fill))
    volume = f"{plan.design.fill * plan.width:.0f}{JOINT}m³"
    width = quantity(plan.width, "m")
    return f"{landing} in section, {volume} for a width of {width}; takeoff {takeoff} in section"


def _takeoff_words(plan: LandingPlan) -> str:
    takeoff = plan.takeoff
    lip_radius = plan.scenario.values()["ramp.radius"]
    load = plan.design.case.speed**2 / lip_radius / GRAVITY
    return (
        f"for 1.5{JOINT}g on top of gravity: radius {quantity(takeoff.radius, 'm')}, straight end "
        f"{quantity(takeoff.straight, 'm')}, rise {quantity(takeoff.rise, 'm')}; the radius of "
        f"{quantity(lip_radius, 'm')} in the file adds {quantity(load, 'g', 1)}"
    )


def _written_words(plan: LandingPlan) -> str:
    worst = plan.as_written.worst(0.0, plan.design.case.speed)
    assert worst is not None
    return (
        f"{len(plan.corners)} points, within {1e3 * plan.corner_error:.1f}{JOINT}mm; "
        f"hardest landing {quantity(worst['fall_height'], 'm')}, {quantity(worst['distance'], 'm')} out"
    )


def _off_plan_words(plan: LandingPlan) -> str:
    parts = []
    for name, found in (("flatter", plan.flatter), ("steeper", plan.steeper)):
        if found is not None:
            parts.append(f"{_angle(OFF_ANGLE)} {name}: up to {quantity(found['fall_height'], 'm')}")
    if plan.faster is not None:
        parts.append(f"{quantity(OFF_SPEED, 'm/s', 0)} faster than designed: {quantity(plan.faster, 'm')}")
    return "; ".join(parts)


def _now_words(plan: LandingPlan) -> str:
    if plan.now is None:
        return "a terrain file: not judged here"
    case = plan.design.case
    planned = plan.now.at_speed(plan.lip.speed)
    first = (
        f"misses it at {speeds(plan.lip.speed)}"
        if planned is None
        else f"{quantity(planned['fall_height'], 'm')} at {speeds(plan.lip.speed)}"
    )
    worst = plan.now.worst(case.slowest, case.speed)
    if worst is None:
        return f"{first}; no jump up to {speeds(case.speed)} lands on it{_under_ground(plan)}"
    slowest = float(np.nanmin(plan.now.takeoff_speed))
    return (
        f"{first}; hardest {quantity(worst['fall_height'], 'm')} at {speeds(worst['takeoff_speed'])}; "
        f"below {speeds(slowest)} it is not reached{_under_ground(plan)}"
    )


def _under_ground(plan: LandingPlan) -> str:
    assert plan.now is not None
    deepest = float(np.nanmax(plan.design.case.ground.height(plan.now.distance) - plan.now.up))
    return f"; it lies up to {quantity(deepest, 'm')} UNDER this ground" if deepest > 0.01 else ""


def landing_json(plan: LandingPlan) -> dict[str, Any]:
    """Return a designed landing as data, SI and degrees, None for absent."""
    design, lip, takeoff = plan.design, plan.lip, plan.takeoff
    case = design.case
    return {
        "schema_version": 1,
        "scenario": plan.scenario.file,
        "sha256": plan.scenario.sha256,
        "fall_height": case.fall_height,
        "fastest": case.speed,
        "slowest": case.slowest,
        "lip": {
            "angle_deg": math.degrees(lip.angle),
            "height": lip.height,
            "planned_speed": lip.speed,
            "air_density": lip.air_density,
            "drag": lip.drag,
        },
        "surface": {"from": float(design.surface[0, 0]), "to": float(design.surface[-1, 0])},
        "transition": {
            "to": float(design.transition[-1, 0]),
            "characteristic_distance": design.characteristic,
            "load_g": design.load,
        },
        "fill": design.fill,
        "width": plan.width,
        "takeoff": {
            "radius": takeoff.radius,
            "straight": takeoff.straight,
            "rise": takeoff.rise,
            "entry_speed": takeoff.entry_speed,
            "fill": plan.takeoff_fill,
        },
        "points": plan.corners.tolist(),
        "point_error": plan.corner_error,
        "hardest_as_written": plan.as_written.worst(0.0, case.speed),
        "off_plan": {
            "angle_deg": math.degrees(OFF_ANGLE),
            "flatter": plan.flatter,
            "steeper": plan.steeper,
            "faster_by": OFF_SPEED,
            "faster_fall_height": plan.faster,
        },
        "in_the_file": None
        if plan.now is None
        else {
            "at_planned_speed": plan.now.at_speed(lip.speed),
            "hardest": plan.now.worst(case.slowest, case.speed),
        },
        "left_out": LEFT_OUT,
    }


def landing_toml(plan: LandingPlan) -> str:
    """Return the landing as a `[landing_surface]` block to put in the scenario in place of its own."""
    written = plan.scenario.landing_surface
    assert written is not None
    case = plan.design.case
    lines = [
        f"# design-landing: a fall of {case.fall_height:g} m, {case.slowest:.2f} to {case.speed:.2f} m/s.",
        "[landing_surface]",
        'shape = "points"',
        f'width = "{written.width.text}"',
        f'friction = "{written.friction.text}"',
        f'safe_fall_height = "{written.safe_fall_height.text}"',
        "point = [",
        *(f'  {{ distance = "{x:.3f} m", up = "{z + 0.0:.3f} m" }},' for x, z in plan.corners.tolist()),
        "]",
    ]
    return "\n".join(lines) + "\n"


def stakes(plan: LandingPlan) -> tuple[np.ndarray, Judgement]:
    """Return places to stake out and the landing at each.

    Returns:
        Distance, height, height above the ground [m], `(n, 3)`, and the landings at them.
    """
    design = plan.design
    profile = design.profile
    first, last = max(profile[0, 0], 1e-3), profile[-1, 0]
    regular = np.arange(math.ceil(first / STAKE) * STAKE, last, STAKE)
    distance = np.unique(np.concatenate([[first], regular, [design.surface[-1, 0], last]]))
    up = np.interp(distance, *profile.T)
    line = with_slopes(profile)
    slope = np.interp(distance, line[:, 0], line[:, 2])
    places = np.column_stack([distance, up, up - design.case.ground.height(distance)])
    return places, judge_surface(distance, up, slope, plan.lip.angle, plan.lip.drag, design.case.rates)


def points_csv(plan: LandingPlan) -> str:
    """Return the table of places to stake out; what does not apply is left empty."""
    places, judged = stakes(plan)
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    end = plan.design.surface[-1, 0]
    for row, (distance, up, above) in enumerate(places.tolist()):
        cells = [distance, up, above, math.degrees(judged.slope[row])]
        landing = [
            judged.takeoff_speed[row],
            judged.speed[row],
            math.degrees(judged.path_angle[row]),
            judged.fall_height[row],
            judged.time[row],
        ]
        part = "surface" if distance <= end + 1e-9 else "transition"
        writer.writerow([*(_cell(x) for x in cells), part, *(_cell(x) for x in landing)])
    return stream.getvalue()


def _cell(value: float) -> str:
    return f"{round(value, 3) + 0.0:.3f}" if math.isfinite(value) else ""
