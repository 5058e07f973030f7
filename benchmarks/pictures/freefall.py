"""The performer alone: path, attitude, speed."""

from typing import Any

import numpy as np
from benchmarks.pictures.canvas import FALL, LIMIT, PALE, QUIET, new_figure, note
from benchmarks.pictures.flights import Flights, axes_of, between, mean_wind, rows, since

from precipice.earth import GRAVITY

LARGER = 3.0
"""How much larger than true bodies are drawn."""


def draw_freefall(flights: Flights) -> tuple[Any, str]:
    """Return path with attitudes, the angle off the wind, the speed, and what they say."""
    figure = new_figure(5.0)
    parts = figure.subplot_mosaic([["side", "angle"], ["side", "speed"]], width_ratios=(0.95, 1.2))
    _side(parts["side"], flights)
    worst = _angle(parts["angle"], flights)
    flown, empty = _speed(parts["speed"], flights)
    caption = (
        f"From the exit to the throw. Left: the body each half second, {LARGER:.0f} times its size; "
        "the line is the body, the short stroke is the way the chest looks. Right: the chest is "
        f"{worst[0]:.0f} deg off the motion through the air at the exit and {worst[1]:.0f} deg at the "
        f"throw (mean wind); beyond 60 deg it counts as unstable. The performer throws at {flown:.1f} "
        f"m/s, where a stone in a vacuum would have {empty:.1f} m/s."
    )
    return figure, caption


def _ends(run: Any) -> tuple[float, float] | None:
    start, end = run.event("exit"), run.event("throw") or run.event("throw (hard deck)")
    return None if start is None or end is None else (start.t, end.t)


def _side(axes: Any, flights: Flights) -> None:
    run = flights.nominal
    ends = _ends(run)
    assert ends is not None
    times = np.linspace(*ends, 60)
    place, _ = between(run.performer, times)
    axes.plot(flights.out(run, place), place[:, 2], color=FALL, lw=1.2)
    zero = since(run, 0.0)
    for moment in [since(run, ends[0]), *np.arange(2.5, 5.01, 0.5)]:
        t = moment - zero
        at, _ = run.performer.at(float(t))
        k = int(np.argmin(np.abs(run.performer.t - t)))
        chest, _, head = axes_of(run.performer.attitude[k])
        x, z = float(flights.out(run, at)), at[2]
        along = LARGER * np.array([float(flights.out(run, head)), head[2]])
        front = LARGER * 1.1 * np.array([float(flights.out(run, chest)), chest[2]])
        axes.plot(
            [x - 0.9 * along[0], x + 0.7 * along[0]],
            [z - 0.9 * along[1], z + 0.7 * along[1]],
            color="#222222",
            lw=2.6,
            solid_capstyle="round",
        )
        axes.plot(x + 0.9 * along[0], z + 0.9 * along[1], "o", color="#222222", ms=5)
        axes.plot([x, x + front[0]], [z, z + front[1]], color=FALL, lw=1.6)
        axes.text(x - 7.0, z - 2.0, f"{moment:.1f} s", fontsize=8.5, color=QUIET, ha="right", va="center")
    axes.set(xlim=(22.0, 92.0), ylim=(-90.0, 2.0), aspect="equal", title="Path and attitude")
    axes.set(xlabel="distance out from the lip [m]", ylabel="height above the lip [m]")


def _angle(axes: Any, flights: Flights) -> tuple[float, float]:
    found = (0.0, 0.0)
    for run in [*flights.drawn, flights.nominal]:
        ends = _ends(run)
        if ends is None:
            continue
        track = run.performer
        kept = rows(track, "freefall")
        through = track.velocity[kept] - mean_wind(flights, run)
        through = through / np.linalg.norm(through, axis=1)[:, None]
        chest = axes_of(track.attitude[kept])[:, 0]
        angle = np.degrees(np.arccos(np.clip(np.sum(chest * through, axis=1), -1.0, 1.0)))
        nominal = run is flights.nominal
        axes.plot(
            since(run, track.t[kept]),
            angle,
            color=FALL if nominal else PALE,
            lw=2.4 if nominal else 0.6,
            zorder=3 if nominal else 1,
            label="nominal run" if nominal else "drawn runs" if run is flights.drawn[0] else None,
        )
        if nominal:
            found = float(angle[0]), float(angle[-1])
    axes.axhline(60.0, color=LIMIT, lw=1.3, ls="--")
    axes.text(1.55, 63.0, "unstable above", color=LIMIT, fontsize=9, va="bottom")
    axes.set(xlim=(1.5, 5.6), ylim=(0.0, 120.0), ylabel="chest off the flow [deg]", title="Attitude")
    axes.legend(loc="upper right")
    return found


def _speed(axes: Any, flights: Flights) -> tuple[float, float]:
    for run in flights.drawn:
        if _ends(run) is not None:
            kept = rows(run.performer, "freefall")
            axes.plot(
                since(run, run.performer.t[kept]),
                np.linalg.norm(run.performer.velocity[kept], axis=1),
                color=PALE,
                lw=0.6,
            )
    run = flights.nominal
    ends = _ends(run)
    assert ends is not None
    times = np.linspace(*ends, 60)
    _, velocity = between(run.performer, times)
    speed = np.linalg.norm(velocity, axis=1)
    stone = velocity[0] - (times - times[0])[:, None] * GRAVITY * np.array([0.0, 0.0, 1.0])
    empty = np.linalg.norm(stone, axis=1)
    axes.plot(since(run, times), empty, color=QUIET, ls="--", lw=1.2, label="in a vacuum")
    axes.plot(since(run, times), speed, color=FALL, lw=2.4, label="nominal run")
    note(axes, f"throw: {speed[-1]:.1f} m/s", (float(since(run, times[-1])), speed[-1]), (-26, -30), FALL)
    axes.set(
        xlim=(1.5, 5.6),
        ylim=(10.0, 50.0),
        xlabel="time after takeoff [s]",
        ylabel="speed [m/s]",
        title="Speed",
    )
    axes.legend(loc="upper left")
    return float(speed[-1]), float(empty[-1])
