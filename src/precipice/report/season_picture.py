"""Pictures of training: one jump, and a season's control chart."""

from pathlib import Path
from typing import Any

import numpy as np

from precipice.errors import InputError
from precipice.report.season import SAID, Said
from precipice.training.logbook import EVENTS, Row, name_of
from precipice.training.skill import Skill, learning_curve
from precipice.whole_file import check_place

INK, BLUE, ORANGE = "#333333", "#3070b0", "#d9822b"


def save_jump_picture(row: Row, path: Path) -> None:
    """Save one jump as a picture: height, sink and load against time, with its events.

    Args:
        row: Of the logbook; its file must still be there.
        path: Of the picture, PNG or SVG.

    Raises:
        InputError: When the file of the jump is gone.
    """
    from precipice.training.read import read_log
    from precipice.training.smooth import smooth

    if not Path(row["file"]).is_file():
        raise InputError(f"{row['file']} must be there to show its jump, but is gone: put it back")
    track = smooth(read_log(row["file"]))
    events = {name: row[f"t_{name}"] for name in EVENTS if row[f"t_{name}"] is not None}
    first, last = min(events.values()) - 8.0, max(events.values()) + 8.0
    rows = (track.time > first) & (track.time < last)
    zero = min(events.values())
    load = np.linalg.norm(track.acceleration + np.array([0.0, 0.0, 9.80665]), axis=1) / 9.80665
    # Height alone says nothing of the speed over the ground, nor of the whole load.
    speed = np.linalg.norm(track.velocity, axis=1)
    ground = float(np.nanmin(track.position[rows, 2]))
    curves = {
        "height, m": track.position[:, 2] - ground,
        "sink, m/s": -track.velocity[:, 2],
        "speed, m/s": speed,
        "load, g": load,
    }
    curves = {words: values for words, values in curves.items() if np.isfinite(values[rows]).any()}
    figure = new_figure(9.0, 1.9 * len(curves))
    axes = np.atleast_1d(figure.subplots(len(curves), 1, sharex=True))
    for axis, (words, values) in zip(axes, curves.items(), strict=True):
        axis.plot(track.time[rows] - zero, values[rows], color=BLUE, linewidth=1.2)
        axis.set_ylabel(words)
        axis.grid(visible=True, alpha=0.3)
        for t in events.values():
            axis.axvline(t - zero, color=ORANGE, linewidth=0.8)
    _name_events(axes[0], {name: t - zero for name, t in events.items()}, last - first)
    axes[-1].set_xlabel(f"seconds after the {min(events, key=lambda name: events[name]).replace('_', ' ')}")
    figure.suptitle(f"{name_of(row)}{'  SYNTHETIC' if row['synthetic'] else ''}", y=1.06)
    save_figure(figure, path)


def _name_events(axis: Any, events: dict[str, float], span: float) -> None:
    """Write names above the lines of events; those that stand too close share a line of text."""
    groups: list[tuple[float, list[str]]] = []
    for name, t in events.items():
        if groups and t - groups[-1][0] < 0.04 * span:
            groups[-1][1].append(name.replace("_", " "))
        else:
            groups.append((t, [name.replace("_", " ")]))
    for t, names in groups:
        place = {"xycoords": ("data", "axes fraction"), "rotation": 25, "fontsize": 8}
        axis.annotate(", ".join(names), (t, 1.02), **place)


NAMED = 6
"""Outliers of a number whose names are written above its chart."""


def save_season_picture(found: list[Skill], path: Path, title: str) -> None:
    """Save a control chart for each number: jumps in order, days in turn, limits, outliers by name, trend.

    Args:
        found: Skills.
        path: Of the picture.
        title: Whose jumps these are, and whether anybody made them.
    """
    figure = new_figure(9.0, 2.6 * len(found) + 0.6)
    axes = np.atleast_1d(figure.subplots(len(found), 1))
    for axis, skill in zip(axes, found, strict=True):
        _control_chart(axis, skill)
    axes[-1].set_xlabel(
        "jump, in order; shades are days; orange: control limits; grey: learning curve and its 95 %"
    )
    figure.suptitle(title)
    save_figure(figure, path)


def _control_chart(axis: Any, skill: Skill) -> None:
    said = SAID.get(skill.name, Said(skill.name, "SI"))
    values, at = said.scale * skill.values, np.arange(1, len(skill.values) + 1)
    shade = np.unique(skill.days, return_inverse=True)[1] % 2
    axis.scatter(at, values, c=np.where(shade == 0, BLUE, "#90b8d8"), s=14, zorder=3)
    for limit in skill.limits:
        if np.isfinite(limit):
            axis.axhline(said.scale * limit, color=ORANGE, linewidth=0.9)
    if skill.trend is not None:
        middle, reach = learning_curve(skill)
        axis.plot(at, said.scale * middle, color=INK, linewidth=1.0)
        low, high = said.scale * (middle - reach), said.scale * (middle + reach)
        axis.fill_between(at, low, high, color=INK, alpha=0.15, linewidth=0.0)
    places = [skill.jumps.index(jump) for jump in skill.outliers]
    for k in places:
        axis.annotate(str(at[k]), (at[k], values[k]), (4, 2), textcoords="offset points", fontsize=7)
    if places:
        lines = [f"{at[k]}: {skill.jumps[k]}" for k in places[:NAMED]]
        more = [f"and {len(places) - NAMED} more"] if len(places) > NAMED else []
        pairs = ["   ".join((lines + more)[k : k + 2]) for k in range(0, len(lines + more), 2)]
        axis.set_title("outside the limits " + "\n".join(pairs), fontsize=7, loc="left")
    axis.set_ylabel(said.words + (f", {said.unit}" if said.unit else ""), fontsize=8)
    axis.xaxis.set_major_locator(_whole_numbers())
    axis.grid(visible=True, alpha=0.3)


def _whole_numbers() -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(integer=True)


def check_picture(path: Path) -> None:
    """Refuse a picture that cannot be written, before the work of drawing it.

    Raises:
        InputError: When its ending or its place will not do.
    """
    if path.suffix.lower() not in (".png", ".svg", ".pdf"):
        raise InputError(f"{path} must end with .png, .svg or .pdf, but does not: add one")
    check_place(path)


def new_figure(width: float, height: float) -> Any:
    """Return an empty figure.

    Args:
        width: Inches.
        height: Inches.
    """
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def save_figure(figure: Any, path: Path) -> None:
    """Save a figure.

    Args:
        figure: From `new_figure`.
        path: PNG or SVG.

    Raises:
        InputError: When it cannot be written.
    """
    try:
        figure.savefig(path, dpi=130, bbox_inches="tight")
    except (OSError, ValueError) as error:
        raise InputError(f"{path} must be a picture to write, such as a.png, but is not: {error}") from None
