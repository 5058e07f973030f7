"""Plan view: the stunt on the map, north up, with everything that is near it."""

import math
from typing import TYPE_CHECKING

import numpy as np

from precipice.report.frame import set_title
from precipice.report.label import Label, place_labels
from precipice.report.palette import (
    BAD,
    GOOD,
    MOTORCYCLE,
    QUIET,
    ROCK,
    ROCK_EDGE,
    STRETCHES,
    riderless,
    rows_of,
)
from precipice.report.scene import (
    Circle,
    aircraft_position,
    areas,
    circle,
    flown,
    origin_word,
    out_bearing,
    resample,
    surface_outline,
)
from precipice.report.words import WELL, number
from precipice.scenario.scenario import Scenario
from precipice.simulation.run import Run
from precipice.world.weather import exit_wind

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_OBSTACLE = {"water": "#56B4E9", "trees": "#3a6b35"}
_WIND = "#0b5394"
_FAR = 1.0e5


def draw_plan(axes: "Axes", run: Run, scenario: Scenario, *, close: bool) -> None:
    """Draw the map: rock, landing areas, people, obstacles, aircraft, both tracks.

    Args:
        axes: Where; see `frame.equalise` for their scale.
        run: What happened.
        scenario: What was decided.
        close: Only around the place where the performer ends.
    """
    ending = "Landing" if run.outcome in WELL else "Where it ended"
    set_title(axes, f"{ending if close else 'Plan view'}, north up")
    axes.set_xlabel(f"east of the {origin_word(run)} [m]", fontsize=9)
    axes.set_ylabel(f"north of the {origin_word(run)} [m]", fontsize=9)
    axes.set_facecolor("#f4f6f1")
    axes.grid(visible=True, color="white", lw=0.8)
    _limit(axes, run, scenario, close=close)
    _draw_plateau(axes, run, scenario)
    surface = surface_outline(run, scenario)
    if surface is not None:
        axes.fill(*surface.T, facecolor=GOOD, alpha=0.35, lw=0, zorder=2)
        axes.fill(*surface.T, fill=False, edgecolor=GOOD, lw=1.0, zorder=3)
    for area in areas(run, scenario):
        solid = area.kind == "landing area"
        _disc(axes, area, GOOD, alpha=0.35 if solid else 0.12, ls="-" if solid else "--")
    for item in scenario.site.obstacle:
        _disc(axes, circle(item, item.kind, scenario), _OBSTACLE.get(item.kind, QUIET), alpha=0.35)
    for item in scenario.site.people:
        _disc(axes, circle(item, item.kind, scenario), BAD, alpha=0.3)
    for name, east, north, radius in _aircraft(run, scenario):
        _disc(axes, Circle(name, "aircraft", east, north, radius), QUIET, alpha=0.08, ls=":")
        axes.plot(east, north, marker="x", color=MOTORCYCLE, ms=6, zorder=6)
    _draw_tracks(axes, run)


def label_plan(axes: "Axes", run: Run, scenario: Scenario, *, close: bool) -> None:
    """Name what is on the map, and on the whole one draw the wind; see `place_labels` for when."""
    circles = areas(run, scenario)
    labels = [] if close else [Label(0.0, 0.0, origin_word(run))]
    labels += [Label(area.east, area.north, area.name, "#00664a") for area in circles]
    labels += [Label(east, north, name) for name, east, north, _ in _aircraft(run, scenario)]
    people = [circle(item, item.kind, scenario) for item in scenario.site.people]
    labels += [Label(item.east, item.north, item.name, BAD) for item in people]
    obstacles = [circle(item, item.kind, scenario) for item in scenario.site.obstacle]
    labels += [Label(item.east, item.north, item.name, QUIET) for item in obstacles]
    if not close:
        _draw_wind(axes, run, scenario)
        ends = [label for label in labels if _is_near_landing(label, circles)]
        labels = [label for label in labels if label not in ends[1:]]
    times = np.linspace(run.performer.t[0], run.performer.t[-1], 800)
    around = np.linspace(0.0, 2.0 * np.pi, 60)
    rim = np.stack([np.cos(around), np.sin(around)], axis=1)
    lines = [np.array([area.east, area.north]) + area.radius * rim for area in [*circles, *people]]
    place_labels(axes, labels, np.concatenate([resample(run.performer, times)[:, :2], *lines]), 7.5)


def _is_near_landing(label: Label, circles: list[Circle]) -> bool:
    """Return whether something lies in the close map, so that the whole one need not name it."""
    return (
        bool(circles)
        and math.hypot(label.x - circles[0].east, label.y - circles[0].north) < 3.0 * circles[0].radius
    )


def _aircraft(run: Run, scenario: Scenario) -> list[tuple[str, float, float, float]]:
    """Return name, east, north and keep-out of the aircraft at takeoff or exit [m]."""
    found = []
    for k, item in enumerate(scenario.site.aircraft):
        east, north, _ = aircraft_position(item, np.zeros(1), run, scenario)[0]
        radius = flown(run, scenario, f"site.aircraft.{k}.keep_out")
        found.append((item.name, float(east), float(north), radius))
    return found


def _limit(axes: "Axes", run: Run, scenario: Scenario, *, close: bool) -> None:
    if close:
        circles = areas(run, scenario)
        radius = circles[0].radius if circles else 12.0
        low = run.performer.position[-1, :2] - 3.0 * radius
        high = run.performer.position[-1, :2] + 3.0 * radius
    else:
        points = [track.position[:, :2] for track in run.tracks.values()]
        surface = surface_outline(run, scenario)
        points += [] if surface is None else [surface]
        for area in areas(run, scenario):
            middle = np.array([[area.east, area.north]])
            points += [middle - area.radius, middle + area.radius]
        points += [np.array([[east, north]]) for _, east, north, _ in _aircraft(run, scenario)]
        every = np.concatenate(points)
        low, high = every.min(axis=0), every.max(axis=0)
    pad = 0.06 * max(high - low)
    axes.set_xlim(low[0] - pad, high[0] + pad)
    axes.set_ylim(low[1] - pad, high[1] + pad)


def _draw_plateau(axes: "Axes", run: Run, scenario: Scenario) -> None:
    if scenario.site.terrain is not None:
        _draw_survey(axes, scenario)
        return
    if run.profile is None or scenario.site.cliff is None:
        return
    bearing = out_bearing(run, scenario)
    outward = np.array([math.sin(bearing), math.cos(bearing)])
    along = np.array([outward[1], -outward[0]])
    edge = run.profile[1, 0] * outward
    ends = np.array([edge + _FAR * along, edge - _FAR * along])
    corners = np.concatenate([ends, ends[::-1] - _FAR * outward])
    axes.fill(*corners.T, color=ROCK, lw=0, zorder=1)
    axes.plot(*ends.T, color=ROCK_EDGE, lw=1.4, zorder=2)


def _draw_survey(axes: "Axes", scenario: Scenario) -> None:
    """Draw surveyed ground, well beyond the limits: giving both axes one scale widens them."""
    from precipice.report.relief import draw_relief
    from precipice.world.survey.look import column_at
    from precipice.world.survey.survey import base_altitude, survey_field

    field = survey_field(scenario)

    def heights(east: np.ndarray, north: np.ndarray) -> np.ndarray:
        found = column_at(field, east, north)
        return np.where(found[..., 2] > 0.0, found[..., 0], np.nan)

    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    pad = max(east - west, north - south)
    limits = (west - pad, east + pad, south - pad, north + pad)
    draw_relief(axes, heights, base_altitude(scenario), limits)
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)


def _disc(axes: "Axes", place: Circle, colour: str, alpha: float, ls: str = "-") -> None:
    from matplotlib.patches import Circle as Disc

    middle = (place.east, place.north)
    axes.add_patch(Disc(middle, place.radius, facecolor=colour, alpha=alpha, lw=0, zorder=2))
    axes.add_patch(Disc(middle, place.radius, fill=False, edgecolor=colour, lw=1.0, ls=ls, zorder=3))


def _draw_tracks(axes: "Axes", run: Run) -> None:
    if run.motorcycle is not None:
        east, north = run.motorcycle.position[:, 0], run.motorcycle.position[:, 1]
        alone = riderless(run.motorcycle)
        axes.plot(east[alone], north[alone], color=MOTORCYCLE, lw=1.3, ls=(0, (4, 1.5)), zorder=6)
    east, north = run.performer.position[:, 0], run.performer.position[:, 1]
    for stretch in STRETCHES:
        rows = rows_of(run.performer, stretch)
        axes.plot(east[rows], north[rows], color=stretch.colour, lw=1.4, zorder=5)


def _draw_wind(axes: "Axes", run: Run, scenario: Scenario) -> None:
    """Draw the wind's arrow in the emptiest corner, towards where it blows, and say where it comes from."""
    speed, bearing = exit_wind(scenario, {**scenario.values(), **run.values})
    frame = axes.get_window_extent()
    track = axes.transAxes.inverted().transform(axes.transData.transform(run.performer.position[:, :2]))
    corners = [np.array([x, y]) for y in (0.8, 0.25) for x in (0.9, 0.1)]
    middle = min(corners, key=lambda corner: np.count_nonzero(np.linalg.norm(track - corner, axis=1) < 0.25))
    arrow = -22.0 * np.array([math.sin(bearing), math.cos(bearing)]) / np.array([frame.width, frame.height])
    style = {"arrowstyle": "-|>", "color": _WIND, "lw": 2.0}
    fraction = "axes fraction"
    axes.annotate(
        "", tuple(middle + arrow), tuple(middle - arrow), xycoords=fraction, textcoords=fraction,
        arrowprops=style, zorder=8,
    )  # fmt: skip
    text = f"wind {number(speed)} m/s\nfrom {number(math.degrees(bearing) % 360.0, 0)}°"
    place = (middle[0], middle[1] - 24.0 / frame.height)
    axes.text(*place, text, transform=axes.transAxes, ha="center", va="top", fontsize=7.5, color=_WIND)
