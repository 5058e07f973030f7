"""Performer and motorcycle in the air together."""

from typing import Any

import numpy as np
from benchmarks.pictures.canvas import OPENING, PALE, QUIET, RIDE, new_figure
from benchmarks.pictures.flights import Flights, axes_of, between, rows, since

from precipice.earth import GRAVITY


def draw_flight(flights: Flights) -> tuple[Any, str]:
    """Return the path beside that in a vacuum, the pitch, how it turns, and what they say."""
    figure = new_figure(4.9)
    parts = figure.subplot_mosaic([["side", "side"], ["pitch", "turn"]], height_ratios=(1.0, 1.05))
    short = _side(parts["side"], flights)
    nose, path = _pitch(parts["pitch"], flights)
    first, last = _turning(parts["turn"], flights)
    caption = (
        "From the lip to the release. Above: the flown path of the common centre of mass and the one "
        f"in a vacuum, {short:.2f} m apart at the release; bars show the motorcycle's length and "
        f"pitch. Left: at the release the path points to {path:+.1f} deg, the nose to {nose:+.1f} "
        f"deg. Right: the motorcycle leaves with {first:+.0f} deg/s; the air presses above the centre "
        f"of mass and has turned that into {last:+.0f} deg/s at the release."
    )
    return figure, caption


def _side(axes: Any, flights: Flights) -> float:
    run = flights.nominal
    start, end = run.event("takeoff"), run.event("release")
    assert start is not None
    assert end is not None
    times = np.linspace(start.t, end.t - 1e-6, 41)
    place, velocity = between(run.performer, times)
    after = times - start.t
    vacuum = (
        place[0] + after[:, None] * velocity[0] - 0.5 * GRAVITY * after[:, None] ** 2 * np.array([0, 0, 1.0])
    )
    out = flights.out(run, place)
    axes.plot(flights.out(run, vacuum), vacuum[:, 2], color=QUIET, ls="--", lw=1.2, label="in a vacuum")
    axes.plot(out, place[:, 2], color=RIDE, lw=2.4, label="flown")
    base, track = flights.value("motorcycle.wheelbase"), run.performer
    forward = axes_of(track.attitude)[:, 0, 2]
    for t in np.linspace(start.t, end.t - 1e-6, 5):
        at, _ = track.at(float(t))
        pitch = np.arcsin(np.interp(t, track.t, forward))
        x, half = float(flights.out(run, at)), 0.5 * base
        axes.plot(
            x + half * np.cos(pitch) * np.array([-1, 1]),
            at[2] + half * np.sin(pitch) * np.array([-1, 1]),
            color="#222222",
            lw=4.0,
            solid_capstyle="round",
        )
        axes.text(x, at[2] - 0.75, f"{t - start.t:.2f} s", ha="center", va="top", fontsize=8.5, color=QUIET)
    axes.set(xlim=(-1.5, 21.0), ylim=(-0.9, 3.2), aspect="equal", title="To scale")
    axes.set(xlabel="distance out from the lip [m]", ylabel="height above the lip [m]")
    axes.legend(loc="lower center")
    return float(np.linalg.norm(place[-1] - vacuum[-1]))


def _pitch(axes: Any, flights: Flights) -> tuple[float, float]:
    nose, path = np.zeros(1), np.zeros(1)
    for k, run in enumerate([*flights.drawn, flights.nominal]):
        track = run.performer
        kept = rows(track, "flight")
        if np.count_nonzero(kept) < 2:
            continue
        t = since(run, track.t[kept])
        nominal = run is flights.nominal
        nose = np.degrees(np.arcsin(axes_of(track.attitude[kept])[:, 0, 2]))
        way = track.velocity[kept]
        path = np.degrees(np.arctan2(way[:, 2], np.linalg.norm(way[:, :2], axis=1)))
        names = ("pitch of the motorcycle", "angle of the path") if nominal else ("drawn runs", None)
        axes.plot(
            t,
            nose,
            color=OPENING if nominal else PALE,
            lw=2.4 if nominal else 0.7,
            label=names[0] if nominal or k == 0 else None,
        )
        if nominal:
            axes.plot(t, path, color=RIDE, lw=2.4, label=names[1])
    axes.set(xlim=(0.0, 1.4), xlabel="time after takeoff [s]", ylabel="angle [deg]", title="Nose and path")
    axes.axhline(0.0, color=QUIET, lw=0.8)
    axes.legend(loc="lower left")
    return float(nose[-1]), float(path[-1])


def _turning(axes: Any, flights: Flights) -> tuple[float, float]:
    rate = np.zeros(1)
    for run in [*flights.drawn, flights.nominal]:
        track = run.performer
        kept = rows(track, "flight")
        if np.count_nonzero(kept) < 2:
            continue
        nominal = run is flights.nominal
        rate = np.degrees(track.control[kept, 0])
        axes.plot(
            since(run, track.t[kept]),
            rate,
            color=OPENING if nominal else PALE,
            lw=2.4 if nominal else 0.7,
            label="nominal run" if nominal else "drawn runs" if run is flights.drawn[0] else None,
        )
    axes.axhline(0.0, color=QUIET, lw=0.8)
    axes.set(
        xlim=(0.0, 1.4),
        xlabel="time after takeoff [s]",
        ylabel="nose up [deg/s]",
        title="The air turns it nose up",
    )
    axes.legend(loc="lower right")
    return float(rate[0]), float(rate[-1])
