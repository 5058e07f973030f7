"""From line stretch to the open canopy."""

from typing import Any

import numpy as np
from benchmarks.pictures.canvas import FALL, LIMIT, OPENING, PALE, QUIET, new_figure, note
from benchmarks.pictures.flights import Flights, rows, since


def draw_inflation(flights: Flights) -> tuple[Any, str]:
    """Return drag area, speed and load over time, peak loads of drawn runs, and what they say."""
    figure = new_figure(5.0)
    parts = figure.subplot_mosaic(
        [["area", "peak"], ["speed", "peak"], ["load", "peak"]], width_ratios=(1.15, 1.0)
    )
    run = flights.nominal
    track = run.performer
    kept = rows(track, "inflation")
    t = since(run, track.t[kept])
    speed = np.linalg.norm(track.velocity[kept], axis=1)
    series = (
        ("area", track.control[kept, 1], "drag area\n[m²]"),
        ("speed", speed, "speed\n[m/s]"),
        ("load", track.load[kept], "load [g]"),
    )
    for name, values, label in series:
        axes = parts[name]
        axes.plot(t, values, color=OPENING, lw=2.4)
        axes.set(xlim=(t[0], t[-1]), ylim=(0.0, None), ylabel=label)
        axes.tick_params(labelbottom=name == "load")
    parts["area"].set_title("Nominal run")
    parts["load"].set_xlabel("time after takeoff [s]")
    k = int(np.argmax(track.load[kept]))
    note(
        parts["load"],
        f"opening shock {track.load[kept][k]:.1f} g",
        (t[k], track.load[kept][k]),
        (-34, -2),
        OPENING,
    )
    low, high = _peaks(parts["peak"], flights)
    stretch, opened = run.event("line stretch"), run.event("canopy open")
    assert stretch is not None
    assert opened is not None
    caption = (
        f"From line stretch to the open canopy: {opened.t - stretch.t:.2f} s and "
        f"{stretch.position[2] - opened.position[2]:.0f} m of height. Left: the drag area grows with "
        f"the square of the time; the load is greatest, {run.numbers['opening_load']:.1f} g, before "
        f"the canopy is open. Right: peak loads of {len(flights.drawn)} drawn runs against the air "
        f"speed at line stretch, 90 % of them between {low:.1f} and {high:.1f} g; above 8 g the "
        "program warns, above 12 g it rejects."
    )
    return figure, caption


def _peaks(axes: Any, flights: Flights) -> tuple[float, float]:
    found = [
        (run.numbers["line_stretch_speed"], run.numbers["opening_load"])
        for run in flights.drawn
        if run.event("canopy open")
    ]
    speed, load = np.array(found).T
    axes.plot(speed, load, "o", color=PALE, mec=QUIET, mew=0.5, ms=5, label="drawn runs")
    run = flights.nominal
    axes.plot(
        [run.numbers["line_stretch_speed"]],
        [run.numbers["opening_load"]],
        "o",
        color=OPENING,
        ms=8,
        label="nominal run",
    )
    for limit, word in ((8.0, "warn"), (12.0, "reject")):
        axes.axhline(limit, color=LIMIT if word == "reject" else FALL, lw=1.3, ls="--")
        axes.text(26.3, limit + 0.12, word, color=LIMIT if word == "reject" else FALL, fontsize=9)
    axes.set(
        xlim=(26.0, 52.0),
        ylim=(0.0, 13.0),
        xlabel="air speed at line stretch [m/s]",
        ylabel="opening shock [g]",
    )
    axes.set_title("Opening shock")
    axes.legend(loc="center left", bbox_to_anchor=(0.0, 0.5))
    low, high = np.quantile(load, (0.05, 0.95))
    return float(low), float(high)
