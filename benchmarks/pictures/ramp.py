"""The ramp: wheels on its curve, their loads, and how the motorcycle turns as it leaves."""

from typing import Any

import numpy as np
from benchmarks.pictures.canvas import FALL, LIMIT, OPENING, QUIET, RIDE, ROCK, ROCK_EDGE, new_figure, note
from benchmarks.pictures.flights import Flights, axes_of, rows, since

SHOWN = (-0.72, -0.5, -0.28, -0.08, 0.0, 0.12)
"""Moments at which the motorcycle is drawn, from takeoff [s]."""


def draw_ramp(flights: Flights) -> tuple[Any, str]:
    """Return the side view, wheel loads and turning over time, and what they say."""
    figure = new_figure(5.2)
    parts = figure.subplot_mosaic([["side", "side"], ["load", "turn"]], height_ratios=(0.85, 1.0))
    _side(parts["side"], flights)
    most = _loads(parts["load"], flights)
    front, leaving = _turning(parts["turn"], flights)
    caption = (
        "Over the ramp. Above: the motorcycle at six moments, to scale. Left: the load on each "
        f"wheel; together they press with at most {most:.1f} times the weight. Right: on the curve "
        f"the nose comes up, on the straight end it stays where it is ({front:+.0f} deg/s when the "
        "front wheel passes the lip); then the rear wheel alone pushes up behind the centre of mass, "
        f"and the motorcycle leaves with {leaving:+.0f} deg/s."
    )
    return figure, caption


def _side(axes: Any, flights: Flights) -> None:
    run = flights.nominal
    radius, angle = flights.value("ramp.radius"), flights.value("ramp.lip_angle")
    straight = flights.value("ramp.straight")
    turn = np.linspace(0.0, angle, 40)
    curve = np.stack([radius * np.sin(turn), radius * (1.0 - np.cos(turn))], -1)
    end = curve[-1] + straight * np.array([np.cos(angle), np.sin(angle)])
    ramp = np.concatenate([[[-8.0, 0.0]], curve, [end]]) - end
    axes.fill_between(ramp[:, 0], ramp[:, 1], -end[1] - 0.9, color=ROCK)
    axes.plot(ramp[:, 0], ramp[:, 1], color=ROCK_EDGE, lw=1.6)
    axes.plot([ramp[-1, 0]] * 2, [ramp[-1, 1], -6.0], color=ROCK_EDGE, lw=1.2)
    track = run.performer
    zero = since(run, 0.0)
    middle = []
    for moment in SHOWN:
        place, _ = track.at(moment - zero)
        k = int(np.argmin(np.abs(track.t - (moment - zero))))
        forward, _, up = axes_of(track.attitude[k])
        middle.append(_motorcycle(axes, flights, place, forward, up))
    for (x, z), moment in zip(middle, SHOWN, strict=True):
        axes.text(
            x,
            z + 1.05,
            f"{moment:+.2f} s".replace("+0.00", "takeoff").replace("takeoff s", "takeoff"),
            ha="center",
            fontsize=8.5,
            color=QUIET,
        )
    axes.set(xlim=(ramp[0, 0], 5.0), ylim=(-end[1] - 0.9, 3.2), aspect="equal")
    axes.set(xlabel="distance out from the lip [m]", ylabel="height [m]", title="To scale")


def _motorcycle(
    axes: Any, flights: Flights, place: np.ndarray, forward: np.ndarray, up: np.ndarray
) -> tuple[float, float]:
    """Draw wheels and frame about a centre of mass; return its place in the side view."""
    run = flights.nominal
    wheel, base = 0.33, flights.value("motorcycle.wheelbase")
    behind, high = flights.value("motorcycle.rear_axle_to_cg"), flights.value("motorcycle.cg_height")

    def seen(at: np.ndarray) -> tuple[float, float]:
        return float(flights.out(run, at)), float(at[2])

    low = place - (high - wheel) * up
    rear, front = seen(low - behind * forward), seen(low + (base - behind) * forward)
    head = seen(place + 0.55 * up)
    seat = seen(place - 0.15 * up)
    for hub in (rear, front):
        turn = np.linspace(0.0, 2.0 * np.pi, 40)
        axes.plot(hub[0] + wheel * np.cos(turn), hub[1] + wheel * np.sin(turn), color="#222222", lw=1.3)
    axes.plot([rear[0], seat[0], front[0]], [rear[1], seat[1], front[1]], color="#222222", lw=1.6)
    axes.plot([seat[0], head[0]], [seat[1], head[1]], color=RIDE, lw=3.0, solid_capstyle="round")
    axes.plot(*head, "o", color=RIDE, ms=5)
    return head


def _loads(axes: Any, flights: Flights) -> float:
    run = flights.nominal
    track = run.performer
    kept = rows(track, "ramp")
    t = since(run, track.t[kept])
    both = track.control[kept]
    for k, (name, colour) in enumerate((("front wheel", FALL), ("rear wheel", RIDE))):
        axes.plot(t, both[:, k], color=colour, label=name)
    axes.plot(t, both.sum(axis=1), color=QUIET, lw=1.0, ls="--", label="both")
    axes.set(
        xlim=(t[0], 0.0), ylim=(0.0, None), xlabel="time before takeoff [s]", ylabel="load over weight [g]"
    )
    axes.set_title("What the wheels carry")
    axes.legend(loc="upper right")
    return float(both.sum(axis=1).max())


def _turning(axes: Any, flights: Flights) -> tuple[float, float]:
    run = flights.nominal
    track = run.performer
    kept = rows(track, "ramp")
    t, first = np.unique(since(run, track.t[kept]), return_index=True)
    forward = axes_of(track.attitude[kept])[first, 0]
    pitch = np.degrees(np.arcsin(forward[:, 2]))
    even = np.linspace(t[0], t[-1], 240)
    rate = np.gradient(np.interp(even, t, pitch), even)
    curve = np.degrees(np.linalg.norm(track.velocity[kept], axis=1).mean() / flights.value("ramp.radius"))
    axes.plot(even, rate, color=OPENING, label="pitch rate")
    axes.axhline(curve, color=QUIET, lw=1.0, ls="--")
    axes.text(
        even[0], curve - 2.0, f" on the curve, v/R: {curve:.0f} deg/s", color=QUIET, fontsize=9, va="top"
    )
    axes.axhline(0.0, color=QUIET, lw=0.8)
    past = run.event("front wheel past the lip")
    assert past is not None
    at = float(since(run, past.t))
    axes.axvline(at, color=LIMIT, lw=1.0, ls=":")
    axes.text(
        at - 0.01,
        0.97,
        "front wheel\npast the lip",
        color=LIMIT,
        fontsize=9,
        ha="right",
        va="top",
        transform=axes.get_xaxis_transform(),
    )
    leaving = np.degrees(run.numbers["lip_pitch_rate"])
    axes.plot([0.0], [leaving], "o", color=OPENING, clip_on=False)
    note(axes, f"leaves at {leaving:+.0f} deg/s", (0.0, leaving), (-40, 4), OPENING)
    axes.set(
        xlim=(t[0], 0.0), xlabel="time before takeoff [s]", ylabel="nose up [deg/s]", title="How it turns"
    )
    # A little before: at the instant itself the slope is half of either side.
    return float(np.interp(at - 0.01, even, rate)), float(leaving)
