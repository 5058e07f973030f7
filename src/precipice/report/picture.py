"""One picture of a run, to be read in ten seconds: side view, close-up, map, strips over time, key facts."""

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from precipice.report.clearance import nearest_motorcycle, nearest_rock
from precipice.report.frame import Box, add_axes, equalise
from precipice.report.margins import margins
from precipice.report.palette import BAD, QUIET
from precipice.report.plan_view import draw_plan, label_plan
from precipice.report.scene import distance_out, fastest_fall, origin_word, zero_time, zero_word
from precipice.report.side import draw_side, label_side
from precipice.report.strips import draw_strips, split_time
from precipice.report.words import JOINT, WELL, moment, outcome_words, quantity, speeds
from precipice.scenario.scenario import Scenario
from precipice.simulation.run import Run

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIZE = (1600, 1000)
"""Of the picture [pixels]."""


def draw_run(run: Run, scenario: Scenario, path: Path) -> None:
    """Draw a run as a PNG of 1600 by 1000 pixels.

    Args:
        run: What happened.
        scenario: What was decided.
        path: Of the file.
    """
    canvas: Any = compose_run(run, scenario).canvas
    # Not savefig: it would draw everything twice. A low level of compression takes a third of the time.
    canvas.print_png(path, pil_kwargs={"compress_level": 3})


def compose_run(run: Run, scenario: Scenario) -> "Figure":
    """Return the picture of a run, ready to be drawn on its canvas.

    Args:
        run: What happened.
        scenario: What was decided.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(SIZE[0] / 100, SIZE[1] / 100), dpi=100, facecolor="white")
    FigureCanvasAgg(figure)
    _compose(figure, run, scenario)
    return figure


class Panels(NamedTuple):
    """The axes of the picture; `wide` and `narrow` are strips over time, top to bottom."""

    close: "Axes"
    side: "Axes"
    plan: "Axes"
    landing: "Axes"
    facts: "Axes"
    wide: "list[Axes]"
    narrow: "list[Axes]"


_BOXES: dict[str, Box] = {
    "close": (66, 366, 428, 946),
    "side": (500, 366, 1064, 946),
    "plan": (1138, 694, 1590, 946),
    "landing": (1138, 366, 1344, 628),
    "facts": (1364, 366, 1596, 628),
}
"""Where the panels are [pixels]: fixed, since fitting them to their texts takes as long as drawing them."""
_STRIPS = ((208, 278), (125, 195), (42, 112))
"""Bottom and top of the strips [pixels]."""
_ANCHORS = {"close": (0.5, 1.0), "side": (0.0, 0.4), "plan": (0.5, 0.5), "landing": (0.5, 0.5)}
"""Where maps and side views keep what they must show, when there is room for more."""


def _panels(figure: "Figure", run: Run) -> Panels:
    rest = float(run.performer.t[-1]) > split_time(run) + 1.0
    end = 1216 if rest else 1590
    wide = [add_axes(figure, (66, bottom, end, top), 50.0) for bottom, top in _STRIPS]
    narrow = [
        add_axes(figure, (1240, bottom, 1590, top), sharey=beside)
        for (bottom, top), beside in zip(_STRIPS, wide, strict=True)
        if rest
    ]
    return Panels(**{name: add_axes(figure, box) for name, box in _BOXES.items()}, wide=wide, narrow=narrow)


def _compose(figure: "Figure", run: Run, scenario: Scenario) -> None:
    panels = _panels(figure, run)
    draw_side(panels.close, run, scenario, close=True)
    draw_side(panels.side, run, scenario, close=False)
    draw_plan(panels.plan, run, scenario, close=False)
    draw_plan(panels.landing, run, scenario, close=True)
    draw_strips(panels.wide, panels.narrow, run)
    low = {"close": (0.5, 0.6)} if run.subject == "vehicle" else {}
    for name, anchor in (_ANCHORS | low).items():
        equalise(getattr(panels, name), anchor)
    panels.side.legend(loc="upper right", fontsize=7.5, framealpha=0.9)
    panels.facts.set_axis_off()
    _write_title(figure, run, scenario)
    label_side(panels.close, run, scenario, close=True)
    label_side(panels.side, run, scenario, close=False)
    label_plan(panels.plan, run, scenario, close=False)
    label_plan(panels.landing, run, scenario, close=True)
    _write_facts(panels.facts, run, scenario)


def _write_title(figure: "Figure", run: Run, scenario: Scenario) -> None:
    flight = "nominal run" if run.run is None else f"run {run.run}, seed {run.seed}"
    title = scenario.title or scenario.file
    trouble = "" if run.resolved else "   UNRESOLVED: do not trust"
    colour = "black" if run.resolved else BAD
    figure.suptitle(f"{title}   ({flight}){trouble}", y=0.995, fontsize=13, fontweight="bold", color=colour)
    caution = "a planning aid, never a clearance to jump"
    figure.text(0.997, 0.994, caution, fontsize=7.5, color=QUIET, ha="right", va="top")


def _write_facts(axes: "Axes", run: Run, scenario: Scenario) -> None:
    """Write the key facts, wrapped to the width there is."""
    lines = [(outcome_words(run, scenario), "black" if run.outcome in WELL else BAD, "bold")]
    lines += [(text, "black", "normal") for text in key_facts(run, scenario)]
    short = [m for m in margins(run, scenario).values() if m.short]
    lines += [(f"short: {m.label} {quantity(m.value, m.unit, sign=True)}", BAD, "normal") for m in short]
    frame = axes.get_window_extent()
    letters, step = int(frame.width / 6.2), 13.0 / frame.height
    height = 1.0
    for text, colour, weight in lines:
        for row, part in enumerate(
            textwrap.wrap(text, letters if weight == "normal" else int(0.85 * letters))
        ):
            place = (0.0 if row == 0 else 0.03, height)
            told = part.replace(JOINT, " ")
            axes.text(
                *place, told, transform=axes.transAxes, fontsize=8, color=colour, va="top", weight=weight
            )
            height -= step
        height -= 0.35 * step


def key_facts(run: Run, scenario: Scenario) -> list[str]:
    """Return what a person wants to know of a run first, a line each."""
    zero, word = zero_time(run), zero_word(run)
    found = []
    if run.event("takeoff"):
        found.append(f"speed at the lip {speeds(run.numbers['lip_speed'])}")
    rock, (status, gap) = nearest_rock(run, scenario), nearest_motorcycle(run)
    if rock is not None:
        found.append(f"closest to rock {quantity(rock.distance, 'm')}, {moment(rock.t, zero, word)}")
    if gap is not None:
        overlap = ": extents overlap" if gap.distance < 0.0 else ""
        found.append(
            f"closest to the motorcycle {quantity(gap.distance, 'm')}, {moment(gap.t, zero, word)}{overlap}"
        )
    elif status == "never clear":
        found.append("never came clear of the motorcycle")
    fastest = fastest_fall(run)
    if fastest is not None and run.motorcycle is None:
        found.append(f"fastest {speeds(fastest.speed)}, {moment(fastest.t, zero, word)}")
    if run.event("throw") or run.event("throw (hard deck)"):
        found.append(f"throw {quantity(run.numbers['throw_height'], 'm')} above the ground below")
    if run.event("canopy open") or run.event("reserve open"):
        load = quantity(run.numbers["opening_load"], "g")
        canopy = "reserve " if run.event("reserve open") else ""
        found.append(
            f"{canopy}open {quantity(run.numbers['open_height'], 'm')} above the ground below, {load}"
        )
    return [*found, *_contact_facts(run, scenario)]


def _contact_facts(run: Run, scenario: Scenario) -> list[str]:
    """Return how what has no parachute met the ground."""
    found = []
    if run.event("touchdown") and "airtime" in run.numbers:
        n = run.numbers
        found.append(f"{quantity(n['jump_distance'], 'm')} in {quantity(n['airtime'], 's')}")
        found.append(f"touchdown at {speeds(n['landing_speed'])}")
        found.append(f"equivalent fall height {quantity(n['landing_fall_height'], 'm')}")
    for name, what in (("motorcycle contact", "motorcycle comes down"), ("contact", "first contact")):
        contact = run.event(name)
        if contact is not None:
            out = quantity(float(distance_out(run, scenario, contact.position)), "m")
            found.append(f"{what} {out} out from the {origin_word(run)} at {speeds(contact.speed)}")
    return found
