"""The canopy flight on the map and over time."""

from typing import Any

import numpy as np
from benchmarks.pictures.canvas import (
    CANOPY,
    FALL,
    OPENING,
    PALE,
    QUIET,
    RIDE,
    ROCK_EDGE,
    SEPARATION,
    new_figure,
    note,
)
from benchmarks.pictures.flights import Flights, rows, since

LEGS = (
    ("canopy open", "settle", SEPARATION),
    ("control", "to the circle and around it", CANOPY),
    ("pattern", "downwind", RIDE),
    ("base turn", "base", OPENING),
    ("final turn", "final", FALL),
)


def draw_canopy(flights: Flights) -> tuple[Any, str]:
    """Return map, height and brakes over time, and what they say."""
    figure = new_figure(5.6)
    parts = figure.subplot_mosaic(
        [["map", "map", "zoom"], ["height", "brakes", "brakes"]],
        width_ratios=(1.0, 0.75, 0.75),
        height_ratios=(1.0, 0.95),
    )
    run = flights.nominal
    _map(parts["map"], flights)
    _zoom(parts["zoom"], flights)
    _over_time(parts["height"], parts["brakes"], flights)
    opened, pattern, down = run.event("canopy open"), run.event("pattern"), run.event("touchdown")
    assert opened is not None
    assert pattern is not None
    assert down is not None
    caption = (
        "Under the canopy. Above: the way from the open canopy to touchdown, and those of drawn runs "
        "in grey, on the map and nearer to the landing area, the green disc. Below: height above it "
        f"and where the hands are. The nominal run flies {down.t - opened.t:.0f} s, leaves the "
        f"holding circle at {pattern.height:.0f} m and touches down "
        f"{run.numbers['landing_distance']:.1f} m from the middle."
    )
    return figure, caption


def _map(axes: Any, flights: Flights) -> None:
    run = flights.nominal
    for drawn in flights.drawn[:20]:
        kept = rows(drawn.performer, "canopy")
        axes.plot(
            drawn.performer.position[kept, 0], drawn.performer.position[kept, 1], color=PALE, lw=0.5, zorder=1
        )
    track = run.performer
    kept = rows(track, "canopy")
    t, place = track.t[kept], track.position[kept]
    for name, label, colour in LEGS:
        part = _leg(run, t, name)
        axes.plot(place[part, 0], place[part, 1], color=colour, lw=2.0, label=label, zorder=3)
    area = next(circle for circle in _areas(flights))
    turn = np.linspace(0.0, 2.0 * np.pi, 91)
    axes.plot(
        area[0] + area[2] * np.cos(turn), area[1] + area[2] * np.sin(turn), color="#222222", lw=1.4, zorder=4
    )
    along = np.array(
        [np.cos(flights.value("site.cliff.face_azimuth")), -np.sin(flights.value("site.cliff.face_azimuth"))]
    )
    edge = np.array([-230.0, 230.0])[:, None] * along
    axes.plot(edge[:, 0], edge[:, 1], color=ROCK_EDGE, lw=3.0)
    axes.annotate(
        "cliff edge",
        edge[1],
        xytext=(-4, 4),
        textcoords="offset points",
        fontsize=9,
        color=ROCK_EDGE,
        ha="right",
    )
    axes.annotate(
        "opening",
        place[0, :2],
        xytext=(-2, -14),
        textcoords="offset points",
        fontsize=9,
        color=QUIET,
        ha="center",
    )
    axes.set(
        xlim=(-1700.0, 150.0),
        ylim=(-520.0, 290.0),
        aspect="equal",
        xlabel="east of the lip [m]",
        ylabel="north of the lip [m]",
    )
    axes.set_title("Map")
    axes.legend(loc="upper left", fontsize=8.5, ncols=2)


def _zoom(axes: Any, flights: Flights) -> None:
    run = flights.nominal
    kept = rows(run.performer, "canopy")
    t, place = run.performer.t[kept], run.performer.position[kept]
    east, north, radius = next(_areas(flights))
    for name, _, colour in LEGS:
        part = _leg(run, t, name)
        axes.plot(place[part, 0] - east, place[part, 1] - north, color=colour, lw=1.8)
    turn = np.linspace(0.0, 2.0 * np.pi, 91)
    axes.fill(radius * np.cos(turn), radius * np.sin(turn), color="#d9e3cf", zorder=0)
    axes.plot(place[-1, 0] - east, place[-1, 1] - north, "o", color="#222222", ms=5)
    axes.set(xlim=(-115.0, 115.0), ylim=(-115.0, 115.0), aspect="equal", title="Landing area")
    axes.set(xlabel="east of its middle [m]", ylabel="north of its middle [m]")


def _areas(flights: Flights) -> Any:
    from precipice.report.scene import areas

    for area in areas(flights.nominal, flights.scenario):
        yield area.east, area.north, area.radius


def _leg(run: Any, t: np.ndarray, name: str) -> np.ndarray:
    """Return which of some times lie in the leg that begins with an event, `(n,)`."""
    names = [leg[0] for leg in LEGS]
    start = run.event(name)
    later = [run.event(other) for other in names[names.index(name) + 1 :]]
    end = next((event.t for event in later if event is not None), np.inf)
    return (t >= start.t - 1e-6) & (t <= end + 1e-6)


def _over_time(height: Any, brakes: Any, flights: Flights) -> None:
    run = flights.nominal
    track = run.performer
    kept = rows(track, "canopy")
    t, place, hands = track.t[kept], track.position[kept], track.control[kept]
    above = place[:, 2] + run.lip_altitude - run.landing_altitude
    for name, _, colour in LEGS:
        part = _leg(run, t, name)
        height.plot(since(run, t[part]), above[part], color=colour, lw=2.4)
    pattern = flights.value("plan.pattern.height")
    height.axhline(pattern, color=QUIET, lw=0.9, ls="--")
    height.text(12.0, pattern + 12.0, f"pattern height, {pattern:.0f} m", fontsize=9, color=QUIET)
    height.set(ylabel="above the area [m]", ylim=(0.0, None), title="Height")
    brakes.plot(since(run, t), hands[:, 0], color=CANOPY, label="brakes")
    brakes.plot(since(run, t), hands[:, 1], color=OPENING, lw=1.2, label="turn input, right positive")
    brakes.set(
        xlabel="time after takeoff [s]", ylabel="part of full travel", ylim=(-1.05, 1.05), title="Hands"
    )
    brakes.legend(loc="lower left", ncols=2)
    down = run.event("flare")
    assert down is not None
    note(brakes, "flare", (float(since(run, down.t)), 0.75), (-16, 4))
    for axes in (height, brakes):
        axes.set_xlim(since(run, t[0]), since(run, t[-1]))
