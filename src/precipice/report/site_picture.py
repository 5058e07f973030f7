"""One picture of a site: relief with everything on it, slopes, and the profile along the flight line."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from precipice.report.frame import equalise
from precipice.report.label import Label, place_labels
from precipice.report.palette import BAD, GOOD, MOTORCYCLE, QUIET, ROCK, ROCK_EDGE
from precipice.report.relief import UNKNOWN, draw_relief
from precipice.report.site_ground import Ground
from precipice.report.site_text import data_sentences
from precipice.scenario.scenario import Scenario
from precipice.world.survey.survey import base_altitude

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SLOPES = (0.0, 2.0, 5.0, 10.0, 25.0, 45.0, 60.0, 90.0)
"""Steps of the slope map [deg]: to land on, hardly, not at all, and walls."""
SLOPE_COLOURS = ("#1a9850", "#91cf60", "#d9ef8b", "#fee08b", "#fc8d59", "#b35806", "#40200a")
_COLOURS = {"obstacle": QUIET, "people": BAD, "camera": "#7b3294"}
_KINDS = {"water": "#56B4E9", "trees": "#3a6b35"}


def save_site_picture(path: Path, facts: dict[str, Any], ground: Ground, scenario: Scenario) -> None:
    """Draw a site and save it as PNG.

    Args:
        path: Of the picture; it is there as a whole or not at all.
        facts: From `site_facts`.
        ground: Of the site.
        scenario: What was decided.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(16.0, 10.0), layout="constrained")
    FigureCanvasAgg(figure)
    parts: Any = figure.subfigures(1, 2, width_ratios=[1.35, 1.0])
    left, right = parts
    relief = left.subplots()
    upper, lower = right.subplots(2, 1)
    base = base_altitude(scenario)
    limits = _limits(facts, ground)
    _draw_map(relief, facts, ground, base, limits)
    _draw_slopes(upper, ground, limits, facts)
    _draw_profile(lower, ground, facts)
    figure.suptitle(
        f"{facts['name'] or scenario.title}   (site, origin at the {facts['origin']})",
        fontsize=13,
        fontweight="bold",
    )
    words = "\n".join(f"• {sentence}" for sentence in data_sentences(facts["data"])[:6])
    figure.supxlabel(_wrap(words, 215), fontsize=8, ha="left", x=0.01)
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
    figure.set_layout_engine("none")
    for axes in (relief, upper):
        axes.set_xlim(limits[0], limits[1])
        axes.set_ylim(limits[2], limits[3])
        equalise(axes, (0.5, 0.5))
    equalise(lower, (0.0, 0.5))
    _label_map(relief, facts)
    partial = path.with_name(f".{path.name}.part")
    try:
        figure.savefig(partial, format="png", dpi=100)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _wrap(text: str, width: int) -> str:
    import textwrap

    return "\n".join(line for part in text.split("\n") for line in textwrap.wrap(part, width))


def _limits(facts: dict[str, Any], ground: Ground) -> tuple[float, float, float, float]:
    """Return west, east, south, north of what is shown: the stunt and 15 % around it [m]."""
    points = [np.zeros((1, 2)), ground.start[None]]
    for area in facts["areas"]:
        middle = np.array([[area["east"], area["north"]]])
        points += [middle - area["radius"], middle + area["radius"]]
    points += [np.array([[item["east"], item["north"]]]) for item in facts["near"]]
    points += [_surface_end(facts) * np.array([[math.sin(ground.ahead), math.cos(ground.ahead)]])]
    every = np.concatenate(points)
    low, high = every.min(axis=0), every.max(axis=0)
    pad = 0.15 * float(np.max(high - low)) + 50.0
    return float(low[0] - pad), float(high[0] + pad), float(low[1] - pad), float(high[1] + pad)


def _surface_end(facts: dict[str, Any]) -> float:
    """Return how far out the landing surface of a ramp-jump ends [m]; 0 without one."""
    return facts["data"]["to"] if facts["data"]["kind"] == "surface" else 0.0


def _wide(axes: "Axes", limits: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Return limits with room for what giving both axes one scale will add."""
    west, east, south, north = limits
    pad = 0.6 * max(east - west, north - south)
    del axes
    return west - pad, east + pad, south - pad, north + pad


def _draw_map(
    axes: "Axes",
    facts: dict[str, Any],
    ground: Ground,
    base: float,
    limits: tuple[float, float, float, float],
) -> None:
    interval = draw_relief(axes, ground.up, base, _wide(axes, limits), 700)
    title = f"Relief, north up; contours every {interval:.0f} m"
    if facts["data"]["kind"] == "surveyed":
        title += "; red: not known"
    axes.set_title(title, fontsize=9)
    _draw_things(axes, facts, ground)
    axes.set_xlabel(f"east of the {facts['origin']} [m]")
    axes.set_ylabel(f"north of the {facts['origin']} [m]")


def _draw_things(axes: "Axes", facts: dict[str, Any], ground: Ground) -> None:
    from matplotlib.patches import Circle

    for area in facts["areas"]:
        main = area["kind"] == "landing area"
        style = {"ls": "-" if main else "--", "lw": 1.6, "fill": False, "edgecolor": GOOD, "zorder": 4}
        axes.add_patch(Circle((area["east"], area["north"]), area["radius"], **style))
    for item in facts["near"]:
        colour = _KINDS.get(item["kind"], _COLOURS[item["group"]])
        if item["radius"] > 0.0:
            place = (item["east"], item["north"])
            axes.add_patch(Circle(place, item["radius"], facecolor=colour, alpha=0.4, lw=0, zorder=3))
        else:
            axes.plot(item["east"], item["north"], marker="^", color=colour, ms=6, zorder=5)
    ahead = np.array([math.sin(ground.ahead), math.cos(ground.ahead)])
    axes.plot(*np.stack([ground.start, np.zeros(2)]).T, color="#0072B2", lw=3.0, zorder=6)
    axes.annotate(
        "", xy=tuple(150.0 * ahead), xytext=(0.0, 0.0), arrowprops={"arrowstyle": "->", "color": "#0072B2"}
    )
    if ground.landing is not None:
        axes.plot(
            [0.0, ground.landing[0]], [0.0, ground.landing[1]], color=MOTORCYCLE, lw=0.8, ls=":", zorder=4
        )
    axes.plot(0.0, 0.0, marker="o", color=BAD, ms=5, zorder=7)


def _label_map(axes: "Axes", facts: dict[str, Any]) -> None:
    labels = [Label(0.0, 0.0, facts["origin"], BAD)]
    labels += [Label(area["east"], area["north"], area["name"], "#00664a") for area in facts["areas"]]
    labels += [Label(item["east"], item["north"], item["name"], MOTORCYCLE) for item in facts["near"]]
    points = np.array([[label.x, label.y] for label in labels])
    place_labels(axes, labels, points, 8.0)


def _draw_slopes(
    axes: "Axes", ground: Ground, limits: tuple[float, float, float, float], facts: dict[str, Any]
) -> None:
    from matplotlib.colors import BoundaryNorm, ListedColormap

    west, east, south, north = _wide(axes, limits)
    step = max(east - west, north - south) / 700.0
    x, y = np.arange(west, east, step), np.arange(south, north, step)
    up = ground.up(*np.meshgrid(x, y))
    slope = np.degrees(np.arctan(np.hypot(*np.gradient(up, step))))
    colours = ListedColormap(list(SLOPE_COLOURS)).with_extremes(bad=UNKNOWN)
    norm = BoundaryNorm(SLOPES, colours.N)
    extent = (x[0], x[-1], y[0], y[-1])
    image = axes.imshow(
        np.ma.masked_invalid(slope), extent=extent, origin="lower", cmap=colours, norm=norm, aspect="auto"
    )
    bar = axes.figure.colorbar(image, ax=axes, ticks=SLOPES, fraction=0.05)
    bar.set_label("slope [deg]", fontsize=8)
    axes.set_title("Slope of the ground", fontsize=9)
    _draw_things(axes, facts, ground)


def _draw_profile(axes: "Axes", ground: Ground, facts: dict[str, Any]) -> None:
    """Draw the ground below the run-up and the straight way to the landing area, and the rock's outline."""
    runway = -float(np.hypot(*ground.start))
    axes.set_facecolor("#eef3f7")
    axes.grid(visible=True, color="white", lw=0.8)
    pad = 10.0 if facts["data"]["kind"] == "surface" else 60.0
    far = _surface_end(facts) or 300.0
    far = far if ground.landing is None else float(np.hypot(*ground.landing[:2]))
    towards = np.array([math.sin(ground.ahead), math.cos(ground.ahead)])
    if ground.landing is not None and far > 0.0:
        towards = np.array(ground.landing[:2]) / far
    back = np.linspace(min(runway, -1.0) - pad, 0.0, 300)
    ahead = np.linspace(0.0, 1.12 * far + pad, 1500)
    launch = np.array([math.sin(ground.ahead), math.cos(ground.ahead)])
    way = np.concatenate([back[:, None] * launch, ahead[:, None] * towards])
    out, up = np.concatenate([back, ahead]), ground.along(way)
    bottom = float(np.nanmin(up)) - pad
    axes.fill_between(out, up, bottom, color=ROCK, lw=0, zorder=1)
    axes.plot(out, up, color=ROCK_EDGE, lw=1.2, zorder=2, label="ground below the straight way")
    if len(ground.profile):
        near = (ground.profile[:, 0] > -100.0) & (ground.profile[:, 0] < 0.6 * far)
        label = f"outline straight out from the face, {math.degrees(ground.outward):.0f}°"
        axes.plot(*ground.profile[near].T, color="#7b3294", lw=1.0, ls="--", zorder=3, label=label)
    if runway < 0.0:
        run = out <= 0.0
        axes.plot(
            out[run & (out >= runway)], up[run & (out >= runway)], color="#0072B2", lw=3.0, label="run-up"
        )
    axes.plot(0.0, float(ground.along(np.zeros((1, 2)))[0]), marker="o", color=BAD, ms=5, zorder=5)
    if ground.landing is not None and facts["areas"]:
        level, radius = -facts["areas"][0]["height"], ground.landing[2]
        axes.plot(
            [far - radius, far + radius], [level, level], color=GOOD, lw=5.0, zorder=4, label="landing area"
        )
    axes.set_xlim(out[0], out[-1])
    axes.set_ylim(bottom, float(np.nanmax(up)) + pad)
    way_back = "Profile along the run-up, then straight " if runway < 0.0 else "Profile straight "
    axes.set_title(way_back + ("to the landing area" if facts["areas"] else "on"), fontsize=9)
    axes.set_xlabel(f"distance from the {facts['origin']} [m]")
    axes.set_ylabel(f"height above the {facts['origin']}'s ground [m]")
    axes.legend(loc="upper right", fontsize=7.5, framealpha=0.9)
