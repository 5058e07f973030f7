"""Where the riderless motorcycle falls and comes to rest."""

from typing import Any

import numpy as np
from benchmarks.pictures.canvas import (
    FALL,
    LIMIT,
    MOTORCYCLE,
    PALE,
    QUIET,
    RIDE,
    ROCK,
    ROCK_EDGE,
    new_figure,
    note,
)
from benchmarks.pictures.flights import Flights, rows, since


def draw_motorcycle(flights: Flights) -> tuple[Any, str]:
    """Return the tracks in section, contacts and rests on the map, and what they say."""
    figure = new_figure(4.8)
    left, right = figure.subplots(1, 2, width_ratios=(0.75, 1.45))
    _section(left, flights)
    _map(right, flights)
    run = flights.nominal
    contact, rest = run.event("motorcycle contact"), run.event("motorcycle at rest")
    assert contact is not None
    assert rest is not None
    ends = [
        found for run in flights.drawn if (found := _places(flights, run, "motorcycle contact")) is not None
    ]
    reach = np.quantile([place[0] for place in ends], (0.05, 0.95))
    furthest = max(
        place[0]
        for run in flights.drawn
        if (place := _places(flights, run, "motorcycle at rest")) is not None
    )
    caption = (
        "The riderless motorcycle. Left: its falls in section; the rock is filled as in the nominal "
        "run, thin lines are that of drawn ones. Right: first contacts and resting places of "
        f"{len(flights.drawn)} drawn runs on the map. The nominal one strikes the talus "
        f"{float(flights.out(run, contact.position)):.0f} m out at {contact.speed:.0f} m/s, "
        f"{since(run, contact.t):.1f} s after takeoff, and rests "
        f"{float(flights.out(run, rest.position)):.0f} m out. Of the drawn ones nine in ten strike "
        f"between {reach[0]:.0f} and {reach[1]:.0f} m out, and the last comes to rest {furthest:.0f} "
        "m out: on a slope it slides far."
    )
    return figure, caption


def _places(flights: Flights, run: Any, name: str) -> tuple[float, float] | None:
    """Return how far out and how far along the face to the right an event was [m], None without it."""
    event = run.event(name)
    if event is None:
        return None
    azimuth = flights.value("site.cliff.face_azimuth")
    right = np.array([np.cos(azimuth), -np.sin(azimuth), 0.0])
    outward = np.array([np.sin(azimuth), np.cos(azimuth), 0.0])
    at = np.asarray(event.position)
    return float(at @ outward), float(at @ right)


def _section(axes: Any, flights: Flights) -> None:
    run = flights.nominal
    assert run.profile is not None
    corners = np.concatenate([[[-200.0, run.profile[1, 1]]], run.profile[1:-1]])
    end = np.array([[1200.0, run.profile[-1, 1]]])
    rock = np.concatenate([corners, end])
    axes.fill_between(rock[:, 0], rock[:, 1], -1200.0, color=ROCK)
    axes.plot(rock[:, 0], rock[:, 1], color=ROCK_EDGE, lw=1.3)
    for drawn in flights.drawn:
        if drawn.profile is not None:
            axes.plot(*drawn.profile[1:-1].T, color=ROCK_EDGE, lw=0.5, alpha=0.4)
    for drawn in [*flights.drawn, run]:
        track = drawn.motorcycle
        if track is None:
            continue
        kept = rows(track, "separation", "tumble")
        nominal = drawn is run
        place = track.position[kept]
        label = "nominal run" if nominal else "drawn runs" if drawn is flights.drawn[0] else None
        axes.plot(
            flights.out(drawn, place),
            place[:, 2],
            color=MOTORCYCLE if nominal else QUIET,
            lw=2.0 if nominal else 0.5,
            zorder=3 if nominal else 2,
            label=label,
        )
    contact = _places(flights, run, "motorcycle contact")
    event = run.event("motorcycle contact")
    assert contact is not None
    assert event is not None
    axes.plot([contact[0]], [event.position[2]], "o", color=FALL, zorder=4)
    note(axes, "first contact", (contact[0], event.position[2]), (24, 10), FALL)
    axes.set(xlim=(-40.0, 260.0), ylim=(-480.0, 20.0), aspect="equal", title="Falls in section")
    axes.set(xlabel="distance out from the lip [m]", ylabel="height above the lip [m]")
    axes.legend(loc="upper right")


def _map(axes: Any, flights: Flights) -> None:
    for name, colour, marker, label in (
        ("motorcycle contact", FALL, "o", "first contact"),
        ("motorcycle at rest", RIDE, "s", "at rest"),
    ):
        found = [place for run in flights.drawn if (place := _places(flights, run, name)) is not None]
        axes.plot(*np.array(found).T, marker, color=colour, ms=4, alpha=0.8, ls="none", label=label)
    for run in flights.drawn:
        ends = [_places(flights, run, name) for name in ("motorcycle contact", "motorcycle at rest")]
        if all(ends):
            axes.plot(*np.array(ends).T, color=PALE, lw=0.6, zorder=1)
    axes.axvline(0.0, color=ROCK_EDGE, lw=3.0)
    axes.text(
        8.0,
        0.02,
        "cliff edge",
        rotation=90,
        fontsize=9,
        color=ROCK_EDGE,
        transform=axes.get_xaxis_transform(),
        va="bottom",
    )
    turn = np.linspace(0.0, 2.0 * np.pi, 61)
    from precipice.report.scene import circle

    azimuth = flights.value("site.cliff.face_azimuth")
    turned = np.array([[np.sin(azimuth), np.cos(azimuth)], [np.cos(azimuth), -np.sin(azimuth)]])
    for people in flights.scenario.site.people:
        place = circle(people, people.kind, flights.scenario)
        x, y = turned @ np.array([place.east, place.north])
        axes.fill(
            x + place.radius * np.cos(turn), y + place.radius * np.sin(turn), color=LIMIT, alpha=0.7, lw=0
        )
        below = place.kind == "road"
        axes.annotate(
            people.name,
            (x, y),
            xytext=(0, -18 if below else 14),
            textcoords="offset points",
            ha="center",
            fontsize=8.5,
            color=LIMIT,
        )
    axes.set(xlim=(-40.0, 1640.0), ylim=(-420.0, 420.0), title="Where it falls and rests, from above")
    axes.set(xlabel="distance out from the lip [m]", ylabel="along the face, right [m]", aspect="equal")
    axes.legend(loc="upper right")
