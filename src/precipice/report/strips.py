"""Strips over time: height, speed, load; the seconds that matter wide, the canopy flight narrow."""

from typing import TYPE_CHECKING

import numpy as np

from precipice.report.palette import MOTORCYCLE, QUIET, STRETCHES, riderless, rows_of
from precipice.report.scene import zero_time, zero_word
from precipice.simulation.run import Run
from precipice.simulation.track import Track

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARKED = (
    "takeoff",
    "release",
    "exit",
    "throw",
    "throw (hard deck)",
    "line stretch",
    "canopy open",
    "cutaway",
    "reserve open",
    "control",
    "contact",
    "at rest",
)


def split_time(run: Run) -> float:
    """Return where the wide part of the strips ends, from the start [s]: soon after control."""
    control = run.event("control") or run.event("canopy open") or run.event("reserve open")
    end = float(run.performer.t[-1])
    return end if control is None else min(control.t + 3.0, end)


def draw_strips(wide: "list[Axes]", narrow: "list[Axes]", run: Run) -> None:
    """Draw height above the ground below, speed and load over time.

    Args:
        wide: Three axes, top to bottom, for the run up to `split_time`.
        narrow: Three for the rest; none where there is no rest.
        run: What happened.
    """
    counted = zero_time(run)
    zero, word = (0.0, "start") if counted is None else (counted, zero_word(run))
    split, end = split_time(run) - zero, float(run.performer.t[-1]) - zero
    for axes in (wide, narrow):
        for k, (strip, label) in enumerate(
            zip(axes, ("height above\nground [m]", "speed [m/s]", "load [g]"), strict=False)
        ):
            _draw_strip(strip, run, k, zero, both=axes is wide)
            strip.grid(visible=True, color="#e3e3e3", lw=0.6)
            strip.locator_params(axis="y", nbins=4)
            strip.tick_params(labelbottom=k == 2, labelleft=axes is wide, labelsize=7.5)
            if axes is wide:
                strip.set_ylabel(label, fontsize=8)
            if k == 2:
                strip.set_xlabel(f"time after {word} [s]", fontsize=8)
    for strip in wide:
        strip.set_xlim(float(run.performer.t[0]) - zero, split)
    for strip in narrow:
        strip.set_xlim(split, end)
    _mark_events(wide, run, zero)


def _draw_strip(axes: "Axes", run: Run, which: int, zero: float, *, both: bool) -> None:
    if both and which < 2 and run.motorcycle is not None:
        alone = riderless(run.motorcycle)
        values = _values(run.motorcycle, which)
        axes.plot(run.motorcycle.t[alone] - zero, values[alone], color=MOTORCYCLE, lw=1.0, ls=(0, (4, 1.5)))
    values = _values(run.performer, which)
    for stretch in STRETCHES:
        rows = rows_of(run.performer, stretch)
        axes.plot(run.performer.t[rows] - zero, values[rows], color=stretch.colour, lw=1.7)
    axes.set_ylim(bottom=0.0)


def _values(track: Track, which: int) -> np.ndarray:
    if which == 0:
        return track.height
    return np.linalg.norm(track.velocity, axis=1) if which == 1 else track.load


def _mark_events(strips: "list[Axes]", run: Run, zero: float) -> None:
    """Draw a line through all strips at each event, its name above the first; no two names overlap."""
    found = [(event.t - zero, event.name) for event in run.events if event.name in MARKED]
    first, last = strips[0].get_xlim()
    ends = [-np.inf] * 3
    for t, name in found:
        for strip in strips:
            strip.axvline(t, color=QUIET, lw=0.6, ls=":")
        share = (t - first) / (last - first)
        width = 0.0085 * len(name)
        row = next((k for k, end in enumerate(ends) if share - 0.5 * width > end), 0)
        ends[row] = share + 0.5 * width
        # At the end of the time axis, which may be the picture's edge, a name stands to the left.
        side = "right" if share > 1.0 - 0.5 * width else "center"
        strips[0].annotate(
            name, (t, 1.0), xycoords=("data", "axes fraction"), xytext=(0, 2 + 9 * row),
            textcoords="offset points", ha=side, fontsize=7.5, color=QUIET, annotation_clip=False,
        )  # fmt: skip
