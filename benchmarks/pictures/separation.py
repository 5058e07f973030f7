"""Performer beside the motorcycle, from the release to the throw."""

from typing import Any

import numpy as np
from benchmarks.pictures.canvas import FALL, LIMIT, PALE, QUIET, SEPARATION, new_figure, note
from benchmarks.pictures.flights import Flights, since

from precipice.report.clearance import NO_GAP, nearest_motorcycle


def draw_separation(flights: Flights) -> tuple[Any, str]:
    """Return the way around each other, the gap over time, and what they say."""
    figure = new_figure(4.7)
    left, right = figure.subplots(1, 2, width_ratios=(1.05, 1.15))
    _ways(left, flights)
    count = _gaps(right, flights)
    run = flights.nominal
    _, nearest = nearest_motorcycle(run)
    leave, clear = run.event("release"), run.event("exit")
    assert nearest is not None
    assert leave is not None
    assert clear is not None
    caption = (
        "Performer and motorcycle after the release. Left: where the performer is, seen from the "
        "motorcycle; inside the circle the two extents overlap. Right: the gap between them. In the "
        f"nominal run they are clear of each other {since(run, clear.t):.2f} s after takeoff and "
        f"nearest {since(run, nearest.t):.2f} s after it, with {nearest.distance:+.2f} m between the "
        f"extents; {count} of {len(flights.drawn)} drawn runs never come clear, or overlap again. "
        "Nobody has measured a push."
    )
    return figure, caption


def _ways(axes: Any, flights: Flights) -> None:
    both = flights.value("performer.radius") + flights.value("motorcycle.radius")
    turn = np.linspace(0.0, 2.0 * np.pi, 121)
    axes.fill(both * np.cos(turn), both * np.sin(turn), color="#f6d5d9", lw=0)
    axes.plot(both * np.cos(turn), both * np.sin(turn), color=LIMIT, lw=1.4)
    axes.text(0.0, -0.45 * both, "extents\noverlap", color=LIMIT, fontsize=8.5, ha="center", va="center")
    for run in [*flights.drawn, flights.nominal]:
        found = _apart(flights, run)
        if found is None:
            continue
        times, out, up = found
        nominal = run is flights.nominal
        leave, clear = run.event("release"), run.event("exit")
        split = clear.t if clear else np.inf
        if not nominal:
            axes.plot(out, up, color=PALE, lw=0.6, zorder=1)
            continue
        assert leave is not None
        for kept, colour in ((times <= split, SEPARATION), (times >= split, FALL)):
            axes.plot(out[kept], up[kept], color=colour, lw=2.4, zorder=3)
        for second, aside in ((2.0, (6, -2)), (3.0, (-6, -10)), (4.0, (-6, 4)), (5.0, (7, 2))):
            k = int(np.argmin(np.abs(since(run, times) - second)))
            axes.plot(out[k], up[k], "o", color="#222222", ms=4, zorder=4)
            axes.annotate(
                f"{second:.0f} s",
                (out[k], up[k]),
                xytext=aside,
                textcoords="offset points",
                fontsize=9,
                ha="right" if aside[0] < 0 else "left",
                zorder=4,
            )
    axes.plot(0.0, 0.0, "+", color="#222222", ms=9)
    axes.set(xlim=(-7.0, 6.0), ylim=(-6.0, 8.0), aspect="equal", title="Seen from the motorcycle")
    axes.set(xlabel="performer further out than it [m]", ylabel="performer above it [m]")


def _apart(flights: Flights, run: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    leave, end = run.event("release"), run.event("throw") or run.event("throw (hard deck)")
    if leave is None or end is None or run.motorcycle is None:
        return None
    times = np.linspace(leave.t + 1e-3, end.t, 300)
    way = np.array([run.performer.at(t)[0] - run.motorcycle.at(t)[0] for t in times])
    return times, flights.out(run, way), way[:, 2]


def _gaps(axes: Any, flights: Flights) -> int:
    met = 0
    for run in [*flights.drawn, flights.nominal]:
        leave = run.event("release")
        if leave is None:
            continue
        track = run.performer
        kept = (track.gap < NO_GAP) & (track.t > leave.t)
        t, gap = since(run, track.t[kept]), track.gap[kept]
        nominal = run is flights.nominal
        label = "nominal run" if nominal else "drawn runs" if run is flights.drawn[0] else None
        axes.plot(
            t,
            gap,
            color=SEPARATION if nominal else PALE,
            lw=2.4 if nominal else 0.6,
            zorder=3 if nominal else 1,
            label=label,
        )
        again = nearest_motorcycle(run)
        met += not nominal and (
            again[0] == "never clear" or (again[1] is not None and again[1].distance < 0.0)
        )
    axes.axhspan(-2.3, 0.0, color="#f6d5d9", zorder=0)
    axes.text(8.9, -1.2, "extents overlap", color=LIMIT, fontsize=9, ha="right", va="center")
    run = flights.nominal
    for name, side in (("exit", "left"), ("throw", "left"), ("line stretch", "left")):
        event = run.event(name)
        assert event is not None
        t = float(since(run, event.t))
        axes.axvline(t, color=QUIET, lw=0.8, ls=":")
        axes.text(t + 0.05, 9.4, name, color=QUIET, fontsize=8.5, va="top", ha=side, rotation=90)
    clear = flights.value("plan.clear_distance")
    axes.axhline(clear, color=QUIET, lw=0.9, ls="--")
    note(axes, f"clear: {clear:.1f} m", (1.15, clear), (-2, 24), ha="left")
    axes.set(
        xlim=(1.0, 9.0),
        ylim=(-2.3, 9.5),
        xlabel="time after takeoff [s]",
        ylabel="gap between the extents [m]",
    )
    axes.set_title("Gap")
    axes.legend(loc="upper right")
    return met
