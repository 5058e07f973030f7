"""Side views: across the cliff, the whole stunt and its first 150 metres."""

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from precipice.report.clearance import nearest_motorcycle
from precipice.report.frame import set_title
from precipice.report.label import Label, place_labels
from precipice.report.palette import BAD, GOOD, MOTORCYCLE, ROCK, ROCK_EDGE, STRETCHES, riderless, rows_of
from precipice.report.scene import areas, distance_out, origin_word, ramp_shape, resample, zero_time
from precipice.report.strips import MARKED
from precipice.report.words import JOINT, WELL, quantity
from precipice.scenario.scenario import Scenario
from precipice.simulation.run import Run
from precipice.simulation.track import Track
from precipice.world.arrange import altitude

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CLOSE = 150.0
"""How far out the close-up reaches [m]."""
_NEAR_EVENTS = (*MARKED, "motorcycle contact")
_FAR_EVENTS = ("canopy open", "motorcycle at rest", "pattern", "final turn", "touchdown")


def draw_side(axes: "Axes", run: Run, scenario: Scenario, *, close: bool) -> None:
    """Draw the stunt as seen along the cliff's edge.

    Args:
        axes: Where; see `frame.equalise` for their scale.
        run: What happened.
        scenario: What was decided.
        close: Only ramp and first `CLOSE` metres, with a dot for each second.
    """
    origin = origin_word(run)
    axes.set_xlabel(f"distance out from the {origin} [m]", fontsize=9)
    axes.set_ylabel(f"height above the {origin} [m]", fontsize=9)
    axes.grid(visible=True, color="white", lw=0.8)
    axes.set_facecolor("#eef3f7")
    _limit(axes, run, scenario, close=close)
    _draw_rock(axes, run, scenario)
    _draw_tracks(axes, run, scenario)
    if close:
        first = "ramp and first 150 m" if scenario.ramp is not None else "the beginning"
        first = "ramp and jump" if _is_jump(run) else first
        set_title(axes, f"Close-up: {first}, a dot for each second")
        _draw_seconds(axes, run, scenario)
        return
    set_title(axes, "Side view, across the cliff" if scenario.site.cliff else "Side view")
    _draw_areas(axes, run, scenario)


def label_side(axes: "Axes", run: Run, scenario: Scenario, *, close: bool) -> None:
    """Name the events of a side view; see `place_labels` for when."""
    zero = zero_time(run)
    end = [event for event in run.events if event.body == run.subject][-1]
    labels = []
    for name in dict.fromkeys([end.name, *(_NEAR_EVENTS if close else _FAR_EVENTS)]):
        event = run.event(name)
        if event is None:
            continue
        out = float(distance_out(run, scenario, event.position))
        since = "" if zero is None else f" {event.t - zero:+.1f} s"
        bad = event is end and run.outcome not in WELL
        labels.append(Label(out, event.position[2], f"{name}{since}", BAD if bad else MOTORCYCLE))
    near = nearest_motorcycle(run)[1]
    if close and near is not None:
        out = float(distance_out(run, scenario, near.position))
        overlap = " (overlap)" if near.distance < 0.0 else ""
        text = f"motorcycle nearest:\n{quantity(near.distance, 'm')}{overlap}".replace(JOINT, " ")
        labels.insert(0, Label(out, near.position[2], text, BAD if near.distance < 0.0 else MOTORCYCLE))
    place_labels(axes, labels, _lines(run, scenario), 7.5)


def _section(run: Run, scenario: Scenario, track: Track) -> np.ndarray:
    return np.stack([distance_out(run, scenario, track.position), track.position[:, 2]], axis=1)


def _lines(run: Run, scenario: Scenario) -> np.ndarray:
    """Return points along everything that labels must not hide, `(n, 2)` [m]."""
    parts = []
    for track in run.tracks.values():
        times = np.linspace(track.t[0], track.t[-1], 600)
        early = np.linspace(track.t[0], min(track.t[-1], track.t[0] + 30.0), 600)
        place = resample(track, np.concatenate([times, early]))
        parts.append(np.stack([distance_out(run, scenario, place), place[:, 2]], axis=1))
    if run.profile is not None:
        share = np.linspace(0.0, 1.0, 400)[:, None]
        corners = np.clip(run.profile, -3000.0, 5000.0)
        # A surveyed outline has points enough of its own.
        parts += [corners] if len(corners) > 20 else [a + share * (b - a) for a, b in pairwise(corners)]
    return np.concatenate(parts)


def _limit(axes: "Axes", run: Run, scenario: Scenario, *, close: bool) -> None:
    points = np.concatenate([_section(run, scenario, track) for track in run.tracks.values()])
    if close and not _is_jump(run):
        # What comes back towards the cliff under the canopy far below is another picture's.
        points = points[(points[:, 0] < CLOSE) & (points[:, 1] > -400.0)]
        axes.set_xlim(-45.0 if scenario.ramp is not None else -20.0, CLOSE)
        axes.set_ylim(min(-60.0, points[:, 1].min() - 15.0), 20.0)
        return
    if close:
        rows = np.isin(run.performer.phase, ("ramp", "jump"))
        jump = _section(run, scenario, run.performer)[rows]
        points = np.concatenate([jump, ramp_shape(run, scenario)]) if np.any(rows) else points
    _limit_all(axes, run, scenario, points)


def _limit_all(axes: "Axes", run: Run, scenario: Scenario, points: np.ndarray) -> None:
    low, high = points.min(axis=0), points.max(axis=0)
    for k, area in enumerate(areas(run, scenario)[:1]):
        out = float(distance_out(run, scenario, [area.east, area.north, 0.0]))
        low = np.minimum(low, [out - area.radius, _area_up(run, scenario, k)])
        high = np.maximum(high, [out + area.radius, low[1]])
    pad = 0.04 * max(high - low)
    axes.set_xlim(low[0] - pad, high[0] + pad)
    axes.set_ylim(low[1] - 2.0 * pad, high[1] + 2.0 * pad)


def _is_jump(run: Run) -> bool:
    """Whether the stunt is a vehicle's jump, over when it touches the ground."""
    return run.subject == "vehicle"


def _draw_rock(axes: "Axes", run: Run, scenario: Scenario) -> None:
    if run.profile is not None:
        bottom = -1.0e5
        corners = np.concatenate([run.profile, [[run.profile[-1, 0], bottom], [run.profile[0, 0], bottom]]])
        axes.fill(*corners.T, color=ROCK, lw=0, zorder=1)
        axes.plot(*run.profile.T, color=ROCK_EDGE, lw=1.2, zorder=2)
    if scenario.ramp is not None:
        shape = ramp_shape(run, scenario)
        axes.fill(*np.concatenate([shape, [[0.0, shape[0, 1]]]]).T, color="#5b4636", lw=0, zorder=3)


def _draw_tracks(axes: "Axes", run: Run, scenario: Scenario) -> None:
    if run.motorcycle is not None and np.any(riderless(run.motorcycle)):
        path, alone = _section(run, scenario, run.motorcycle), riderless(run.motorcycle)
        dashes = {"lw": 1.3, "ls": (0, (4, 1.5)), "label": "motorcycle, riderless"}
        axes.plot(*path[alone].T, color=MOTORCYCLE, zorder=4, **dashes)
    path = _section(run, scenario, run.performer)
    for stretch in STRETCHES:
        rows = rows_of(run.performer, stretch)
        if np.any(rows):
            axes.plot(*path[rows].T, color=stretch.colour, lw=2.0, zorder=5, label=stretch.name)


def _draw_seconds(axes: "Axes", run: Run, scenario: Scenario) -> None:
    zero = zero_time(run)
    if zero is None:
        return
    contact = run.event("motorcycle contact")
    dotted = [(run.performer, "#ffffff", min(track_end(run.performer), zero + 20.0))]
    if run.motorcycle is not None:
        last = track_end(run.motorcycle) if contact is None else contact.t
        dotted.insert(0, (run.motorcycle, MOTORCYCLE, last))
    for track, colour, last in dotted:
        times = zero + np.arange(0.0, max(last - zero, 0.0))
        place = resample(track, times)
        out = distance_out(run, scenario, place)
        axes.scatter(out, place[:, 2], s=14, color=colour, edgecolor=MOTORCYCLE, lw=0.7, zorder=6)


def track_end(track: Track) -> float:
    """Return when a track ends [s]."""
    return float(track.t[-1])


def _draw_areas(axes: "Axes", run: Run, scenario: Scenario) -> None:
    for k, area in enumerate(areas(run, scenario)):
        out = float(distance_out(run, scenario, [area.east, area.north, 0.0]))
        up = _area_up(run, scenario, k)
        ends = [out - area.radius, out + area.radius]
        axes.plot(
            ends, [up, up], color=GOOD, lw=5.0, alpha=1.0 if k == 0 else 0.4, solid_capstyle="butt", zorder=3
        )


def _area_up(run: Run, scenario: Scenario, index: int) -> float:
    if index == 0:
        return run.landing_altitude - run.lip_altitude
    place = scenario.site.alternate[index - 1].position
    return altitude(place, run.lip_altitude, run.landing_altitude) - run.lip_altitude
