"""From the throw to line stretch."""

from typing import Any

import numpy as np
from benchmarks.pictures.canvas import FALL, LIMIT, OPENING, PALE, QUIET, RIDE, new_figure, note
from benchmarks.pictures.flights import Flights, rows, since

from precipice.earth import GRAVITY

INCH = 0.0254
SIZES = (32, 38, 42, 48)
"""Pilot chutes [inch]."""


def draw_deployment(flights: Flights) -> tuple[Any, str]:
    """Return what is paid out and how fast, the pull of pilot chutes, and what they say."""
    figure = new_figure(4.4)
    parts = figure.subplot_mosaic([["way", "pull"], ["speed", "pull"]], width_ratios=(1.15, 1.0))
    _paid_out(parts["way"], parts["speed"], flights)
    pull, weight = _pulls(parts["pull"], flights)
    run = flights.nominal
    throw, stretch = run.event("throw"), run.event("line stretch")
    assert throw is not None
    assert stretch is not None
    numbers = run.numbers
    caption = (
        f"From the throw to line stretch, {stretch.t - throw.t:.2f} s. Left: bridle, then lines are "
        "paid out, while what is paid out is slower than the performer; at line stretch the two "
        f"differ by {numbers['closing_speed']:.1f} m/s, which the lines take up with "
        f"{numbers['snatch_force'] / 1000.0:.2f} kN. Right: the pull of a full pilot chute grows with "
        f"the square of the speed; the shipped one pulls {pull:.0f} N at the throw, "
        f"{pull / weight:.0f} times the weight of the pack."
    )
    return figure, caption


def _paid_out(way: Any, speed: Any, flights: Flights) -> None:
    run = flights.nominal
    track = run.performer
    kept = rows(track, "deployment")
    t, paid, own = since(run, track.t[kept]), track.control[kept, 0], track.control[kept, 1]
    picked = int(np.argmax(np.diff(paid) < -0.5)) + 1
    bridle = flights.value("rig.bridle_length")
    whole = np.where(np.arange(len(paid)) >= picked, paid + bridle, paid)
    way.plot(t, whole, color=OPENING, lw=2.4)
    for length, name in ((bridle, "bridle"), (bridle + flights.value("rig.line_length"), "bridle and lines")):
        way.axhline(length, color=QUIET, lw=0.9, ls="--")
        way.text(t[0] + 0.01, length + 0.15, f"{name}, {length:.1f} m", color=QUIET, fontsize=9)
    way.set(ylabel="paid out [m]", ylim=(0.0, 10.2), title="Deployment of the nominal run")
    speed.plot(t, np.linalg.norm(track.velocity[kept], axis=1), color=FALL, label="performer", lw=2.4)
    speed.plot(t[:picked], own[:picked], color=RIDE, lw=2.4, label="pilot chute, then with the pack")
    speed.plot(t[picked:], own[picked:], color=RIDE, lw=2.4)
    speed.plot(t[picked - 1 : picked + 1], own[picked - 1 : picked + 1], color=RIDE, lw=1.0, ls=":")
    speed.set(xlabel="time after takeoff [s]", ylabel="speed [m/s]", ylim=(0.0, 50.0))
    speed.legend(loc="lower left", frameon=False)
    for axes in (way, speed):
        axes.set_xlim(t[0], t[-1])
        for name in ("pilot chute in clean air", "bridle stretch"):
            event = run.event(name)
            assert event is not None
            axes.axvline(float(since(run, event.t)), color=QUIET, lw=0.8, ls=":")
    names = (("in clean air", "pilot chute in clean air"), ("bridle stretch", "bridle stretch"))
    for text, name in names:
        event = run.event(name)
        assert event is not None
        way.text(float(since(run, event.t)) - 0.008, 6.0, text, fontsize=9, color=QUIET, ha="right")


def _pulls(axes: Any, flights: Flights) -> tuple[float, float]:
    run = flights.nominal
    throw = run.event("throw")
    assert throw is not None
    density = flights.density(throw.position[2])
    coefficient = flights.value("rig.pilot_chute_drag_coefficient")
    shipped = flights.value("rig.pilot_chute_diameter")
    speeds = np.linspace(0.0, 45.0, 120)
    for inches in SIZES:
        size = inches * INCH
        here = abs(size - shipped) < 0.1 * INCH
        drag = 0.125 * np.pi * density * coefficient * size**2 * speeds**2
        axes.plot(speeds, drag, color=OPENING if here else PALE, lw=2.6 if here else 1.6)
        axes.annotate(
            f"{inches} inch",
            (speeds[-1], drag[-1]),
            xytext=(4, 0),
            textcoords="offset points",
            fontsize=9,
            va="center",
            color=OPENING if here else QUIET,
            annotation_clip=False,
        )
    weight = flights.value("rig.pack_mass") * GRAVITY
    axes.axhline(weight, color=LIMIT, lw=1.3, ls="--")
    axes.text(
        44.5,
        weight * 0.93,
        f"weight of the pack, {weight:.0f} N",
        color=LIMIT,
        fontsize=9,
        va="top",
        ha="right",
    )
    at = throw.speed
    pull = 0.125 * np.pi * density * coefficient * shipped**2 * at**2
    axes.plot([at], [pull], "o", color=OPENING)
    note(axes, f"at the throw:\n{pull:.0f} N", (at, pull), (-50, 26), OPENING)
    axes.set(
        xlim=(0.0, 45.0),
        yscale="log",
        ylim=(3.0, 1000.0),
        xlabel="speed through the air [m/s]",
        ylabel="pull [N]",
    )
    axes.set_title("Pull of a full pilot chute")
    axes.figure.get_layout_engine().set(rect=(0.0, 0.0, 0.985, 1.0))
    return float(pull), float(weight)
