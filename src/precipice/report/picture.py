"""One picture of a run, to be read in ten seconds: side view, close-up, map, strips over time, key facts."""

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from precipice.report.clearance import nearest_motorcycle, nearest_rock
from precipice.report.frame import equalise, limits_of
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
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(SIZE[0] / 100, SIZE[1] / 100), dpi=100, layout="constrained", facecolor="white")
    canvas = FigureCanvasAgg(figure)
    _compose(figure, run, scenario)
    # Not savefig: it would draw everything twice.
    canvas.print_png(path)


class Panels(NamedTuple):
    """The axes of the picture; `wide` and `narrow` are strips over time, top to bottom."""

    close: "Axes"
    side: "Axes"
    plan: "Axes"
    landing: "Axes"
    facts: "Axes"
    wide: "list[Axes]"
    narrow: "list[Axes]"


_ANCHORS = {"close": (0.5, 1.0), "side": (0.0, 0.4), "plan": (0.5, 0.5), "landing": (0.5, 0.5)}
"""Where maps and side views keep what they must show, when there is room for more."""


def _panels(figure: "Figure", run: Run) -> Panels:
    whole = figure.add_gridspec(2, 1, height_ratios=[2.05, 1.0])
    top = whole[0].subgridspec(1, 3, width_ratios=[1.0, 1.55, 1.5])
    right = top[2].subgridspec(2, 2, height_ratios=[1.0, 1.0], width_ratios=[1.0, 1.1])
    rest = float(run.performer.t[-1]) > split_time(run) + 1.0
    bottom = whole[1].subgridspec(3, 2 if rest else 1, width_ratios=[3.2, 1.0] if rest else [1.0])
    wide = [figure.add_subplot(bottom[row, 0]) for row in range(3)]
    return Panels(
        close=figure.add_subplot(top[0]),
        side=figure.add_subplot(top[1]),
        plan=figure.add_subplot(right[0, :]),
        landing=figure.add_subplot(right[1, 0]),
        facts=figure.add_subplot(right[1, 1]),
        wide=wide,
        narrow=[figure.add_subplot(bottom[row, 1], sharey=wide[row]) for row in range(3)] if rest else [],
    )


def _compose(figure: "Figure", run: Run, scenario: Scenario) -> None:
    panels = _panels(figure, run)
    draw_side(panels.close, run, scenario, close=True)
    draw_side(panels.side, run, scenario, close=False)
    draw_plan(panels.plan, run, scenario, close=False)
    draw_plan(panels.landing, run, scenario, close=True)
    draw_strips(panels.wide, panels.narrow, run)
    panels.side.legend(loc="upper right", fontsize=7.5, framealpha=0.9)
    panels.facts.set_axis_off()
    _write_title(figure, run, scenario)
    _lay_out(figure, panels)
    label_side(panels.close, run, scenario, close=True)
    label_side(panels.side, run, scenario, close=False)
    label_plan(panels.plan, run, scenario, close=False)
    label_plan(panels.landing, run, scenario, close=True)
    _write_facts(panels.facts, run, scenario)


def _lay_out(figure: "Figure", panels: Panels) -> None:
    """Give the maps one scale each way and settle the layout: labels are placed in pixels."""
    wanted = {name: limits_of(getattr(panels, name)) for name in _ANCHORS}
    # Once roughly, so that the layout meets the final numbers on the axes, and once exactly.
    for name, limits in wanted.items():
        equalise(getattr(panels, name), limits, _ANCHORS[name])
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
    figure.set_layout_engine("none")
    for name, limits in wanted.items():
        equalise(getattr(panels, name), limits, _ANCHORS[name])


def _write_title(figure: "Figure", run: Run, scenario: Scenario) -> None:
    flight = "nominal run" if run.run is None else f"run {run.run}, seed {run.seed}"
    title = scenario.title or scenario.file
    trouble = "" if run.resolved else "   UNRESOLVED: do not trust"
    colour = "black" if run.resolved else BAD
    figure.suptitle(f"{title}   ({flight}){trouble}", fontsize=13, fontweight="bold", color=colour)
    caution = "a planning aid, never a clearance to jump"
    figure.text(0.997, 0.994, caution, fontsize=7.5, color=QUIET, ha="right", va="top")


def _write_facts(axes: "Axes", run: Run, scenario: Scenario) -> None:
    """Write the key facts, wrapped to the width there is."""
    lines = [(outcome_words(run, scenario), "black" if run.outcome in WELL else BAD, "bold")]
    lines += [(text, "black", "normal") for text in _facts(run, scenario)]
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


def _facts(run: Run, scenario: Scenario) -> list[str]:
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
