"""The rock as a distance, and how near the stunt comes to it."""

from typing import Any

import numpy as np
from benchmarks.pictures.canvas import (
    CANOPY,
    FALL,
    MOTORCYCLE,
    OPENING,
    QUIET,
    RIDE,
    ROCK,
    ROCK_EDGE,
    SEPARATION,
    new_figure,
    note,
)
from benchmarks.pictures.flights import Flights, rows, since

from precipice.report.clearance import nearest_rock
from precipice.report.palette import STRETCHES, rows_of

REACH = (-90.0, 330.0, -400.0, 45.0)
"""Left, right, bottom, top of the section, from the lip [m]."""


def draw_terrain(flights: Flights) -> tuple[Any, str]:
    """Return the section with its distances, the clearances over time, and what they say."""
    figure = new_figure(5.0)
    left, right = figure.subplots(1, 2, width_ratios=(1.0, 1.0))
    _section(left, flights)
    nearest, wreck = _clearances(right, flights)
    caption = (
        "The shipped cliff as a signed distance, and the nominal run beside it. Left: lines of equal "
        "distance to the rock; the circle touches the wall where the falling performer is nearest to "
        f"it. Right: what is left between each body's extent and the rock: {nearest.distance:.1f} m "
        f"for the performer, {since(flights.nominal, nearest.t):.2f} s after takeoff; none for the "
        f"motorcycle from {wreck:.2f} s on, where it strikes the talus."
    )
    return figure, caption


def _section(axes: Any, flights: Flights) -> None:
    import jax

    low, high, bottom, top = REACH
    out, up = np.linspace(low, high, 141), np.linspace(bottom, top, 150)
    world = flights.world
    outward = np.asarray(world.wind.outward)
    places = out[None, :, None] * outward + up[:, None, None] * np.array([0.0, 0.0, 1.0])
    distance = np.asarray(jax.jit(jax.vmap(jax.vmap(world.terrain.distance)))(places))
    levels = np.arange(0.0, 351.0, 50.0)
    axes.contourf(out, up, distance, levels, cmap="Blues", vmin=-60.0, vmax=620.0)
    axes.contourf(out, up, distance, [-1e4, 0.0], colors=[ROCK])
    axes.contour(out, up, distance, [0.0], colors=[ROCK_EDGE], linewidths=1.5)
    lines = axes.contour(out, up, distance, levels[1:], colors=["#3f6f95"], linewidths=0.8)
    axes.clabel(lines, fmt="%d m", fontsize=8)
    _ways(axes, flights)
    axes.set(xlim=(low, high), ylim=(bottom, top), aspect="equal")
    axes.set(
        xlabel="distance out from the lip [m]",
        ylabel="height above the lip [m]",
        title="Distance to the rock",
    )
    axes.grid(visible=False)


def _ways(axes: Any, flights: Flights) -> None:
    run = flights.nominal
    assert run.motorcycle is not None
    track = run.performer
    for stretch in STRETCHES:
        kept = rows_of(track, stretch)
        if np.any(kept):
            axes.plot(
                flights.out(run, track.position[kept]), track.position[kept, 2], color=stretch.colour, lw=2.2
            )
    alone = rows(run.motorcycle, "separation", "tumble", "slide")
    place = run.motorcycle.position[alone]
    axes.plot(flights.out(run, place), place[:, 2], color=MOTORCYCLE, lw=1.3, ls=(0, (4, 1.5)))
    nearest = nearest_rock(run, flights.scenario)
    assert nearest is not None
    at = np.asarray(nearest.position)
    middle = (float(flights.out(run, at)), at[2])
    angle = np.linspace(0.0, 2.0 * np.pi, 181)
    reach = nearest.distance + flights.value("performer.radius")
    axes.plot(middle[0] + reach * np.cos(angle), middle[1] + reach * np.sin(angle), color=FALL, lw=1.0)
    note(axes, "performer", (104.0, -130.0), (16, 14), "#8a5a00")
    note(axes, "motorcycle", (118.0, -280.0), (16, 8), MOTORCYCLE)


def _clearances(axes: Any, flights: Flights) -> tuple[Any, float]:
    run = flights.nominal
    assert run.motorcycle is not None
    track = run.performer
    names = {
        "on the ramp and in the air together": RIDE,
        "separation": SEPARATION,
        "freefall": FALL,
        "deployment and inflation": OPENING,
        "canopy": CANOPY,
    }
    parts = (("flight",), ("separation",), ("freefall",), ("deployment", "inflation"), ("canopy",))
    for (name, colour), phases in zip(names.items(), parts, strict=True):
        kept = rows(track, *phases) & (since(run, track.t) < 13.0)
        label = "together in the air" if phases == ("flight",) else name
        axes.plot(since(run, track.t[kept]), track.clearance[kept], color=colour, lw=2.2, label=label)
    wreck = run.motorcycle
    alone = rows(wreck, "separation", "tumble")
    axes.plot(
        since(run, wreck.t[alone]),
        wreck.clearance[alone],
        color=MOTORCYCLE,
        lw=1.3,
        ls=(0, (4, 1.5)),
        label="motorcycle",
    )
    nearest = nearest_rock(run, flights.scenario)
    assert nearest is not None
    t = float(since(run, nearest.t))
    axes.plot([t], [nearest.distance], "o", color=FALL, ms=6)
    note(axes, f"{nearest.distance:.1f} m", (t, nearest.distance), (22, -8), FALL)
    axes.axhspan(-14.0, 0.0, color=ROCK)
    axes.text(12.9, -7.0, "rock", ha="right", va="center", color=QUIET, fontsize=9)
    axes.set(
        xlim=(0.0, 13.0),
        ylim=(-14.0, 155.0),
        xlabel="time after takeoff [s]",
        ylabel="clearance from rock [m]",
    )
    axes.set_title("What is left of it")
    axes.legend(loc="upper left")
    contact = run.event("motorcycle contact")
    assert contact is not None
    return nearest, float(since(run, contact.t))
