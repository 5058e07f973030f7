"""One picture of air and wind over altitude."""

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from precipice.errors import InputError
from precipice.report.air import AirShown, source_words
from precipice.report.palette import QUIET
from precipice.scenario.weather.column import air_column
from precipice.scenario.weather.standard import GAS_CONSTANT, standard_column

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LINE, _STANDARD, _POINT = "#0072B2", "#999999", "#D55E00"


def save_air(shown: AirShown, path: Path) -> None:
    """Draw air and wind as a PNG of 1400 by 800 pixels; on any failure nothing is left behind.

    Args:
        shown: What to draw.
        path: Of the file.

    Raises:
        InputError: When it cannot be written there.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(14, 8), dpi=100, facecolor="white")
    canvas = FigureCanvasAgg(figure)
    _compose(figure, shown)
    part = path.with_name(f".{path.name}.part")
    try:
        canvas.print_png(part)
        part.replace(path)
    except OSError as error:
        raise InputError(
            f"{path} must be writable, but is not ({error.strerror}): choose another place"
        ) from None
    finally:
        part.unlink(missing_ok=True)


def _compose(figure: "Figure", shown: AirShown) -> None:
    from matplotlib.patheffects import withStroke

    widths = {
        "width_ratios": (10, 1, 10, 2, 10, 1, 10),
        "left": 0.065,
        "right": 0.98,
        "top": 0.86,
        "bottom": 0.2,
        "wspace": 0.0,
    }
    grid = figure.add_gridspec(1, 7, **widths)
    first = figure.add_subplot(grid[0])
    panels = [first, *(figure.add_subplot(grid[k], sharey=first) for k in (2, 4, 6))]
    for axes in panels[1:]:
        axes.tick_params(labelleft=False)
    figure.suptitle(
        textwrap.shorten(shown.title, 120), x=0.065, y=0.965, ha="left", fontsize=13, fontweight="bold"
    )
    _draw_temperature(panels[0], shown)
    _draw_density(panels[1], shown)
    _draw_speed(panels[2], shown)
    _draw_direction(panels[3], shown)
    low, high = float(shown.curve.altitude[0]), float(shown.curve.altitude[-1])
    panels[0].set_ylim(low, high)
    panels[0].set_ylabel("altitude above sea level [m]")
    for axes in panels:
        axes.grid(visible=True, color="#e6e6e6", lw=0.6)
        axes.set_axisbelow(True)
        for spine in ("top", "right"):
            axes.spines[spine].set_visible(False)
        for level in shown.marks.values():
            axes.axhline(level, color=QUIET, lw=0.9, ls=(0, (4, 3)), zorder=1)
    halo = [withStroke(linewidth=3, foreground="white")]
    for name, level in shown.marks.items():
        panels[0].annotate(
            f"{name}, {level:,.0f} m", (0.015, level), xycoords=("axes fraction", "data"), xytext=(0, 3),
            textcoords="offset points", fontsize=8.5, color=QUIET, path_effects=halo,
        )  # fmt: skip
    _legend(figure, shown)


def _draw_temperature(axes: "Axes", shown: AirShown) -> None:
    curve = shown.curve
    axes.plot(standard_column(curve.altitude)[1] - 273.15, curve.altitude, color=_STANDARD, lw=1.3, ls="--")
    axes.plot(curve.temperature - 273.15, curve.altitude, color=_LINE, lw=1.8)
    if (sounding := shown.sources.get("air")) is not None:
        _points(axes, shown, sounding.temperature - 273.15, sounding.altitude)
        axes.set_xlabel("temperature [°C]\nline: virtual; points: as the file has it", fontsize=9)
    else:
        axes.set_xlabel("temperature [°C]", fontsize=9)
    axes.set_title("Temperature", fontsize=10, loc="left")


def _draw_density(axes: "Axes", shown: AirShown) -> None:
    curve = shown.curve
    axes.plot(100.0 * (curve.density / curve.standard - 1.0), curve.altitude, color=_LINE, lw=1.8)
    axes.axvline(0.0, color=_STANDARD, lw=1.3, ls="--")
    sounding = shown.sources.get("air")
    column = None if sounding is None else air_column(sounding)
    if column is not None:
        pressure, temperature = standard_column(column.altitude)
        ratio = column.density / (pressure / (GAS_CONSTANT * temperature))
        _points(axes, shown, 100.0 * (ratio - 1.0), column.altitude)
    axes.set_xlabel("density against the standard [%]", fontsize=9)
    axes.set_title("Density", fontsize=10, loc="left")
    left, right = axes.get_xlim()
    if right - left < 1.0:
        axes.set_xlim(left - 0.5, right + 0.5)
    _label_density(axes, shown)


def _label_density(axes: "Axes", shown: AirShown) -> None:
    """Write the density itself beside the panel, at the altitudes of the grid."""
    curve = shown.curve
    low, high = float(curve.altitude[0]), float(curve.altitude[-1])
    levels = [*shown.marks.values()] if len(shown.marks) > 1 else []
    levels += [low + share * (high - low) for share in (0.02, 0.25, 0.5, 0.75, 0.98)]
    free = [
        z for k, z in enumerate(levels) if all(abs(z - other) > 0.04 * (high - low) for other in levels[:k])
    ]
    style = {"xycoords": ("axes fraction", "data"), "fontsize": 8, "color": QUIET, "va": "center"}
    for level in free:
        density = float(np.interp(level, curve.altitude, curve.density))
        axes.annotate(f"{density:#.4g}" if density > 0.1 else f"{density:.3g}", (1.02, level), **style)
    axes.annotate("kg/m³", (1.02, 1.03), xycoords="axes fraction", fontsize=8, color=QUIET)


def _draw_speed(axes: "Axes", shown: AirShown) -> None:
    curve = shown.curve
    axes.plot(curve.speed, curve.altitude, color=_LINE, lw=1.8)
    if (sounding := shown.sources.get("wind")) is not None:
        _points(axes, shown, sounding.speed, sounding.altitude)
    axes.set_xlim(0.0, max(1.0, 1.12 * axes.get_xlim()[1]))
    axes.set_xlabel("wind speed [m/s]", fontsize=9)
    axes.set_title("Wind speed", fontsize=10, loc="left")
    if np.all(np.isnan(curve.speed)) and sounding is None:
        axes.text(0.5, 0.5, "no wind in this file", transform=axes.transAxes, ha="center", color=QUIET)


def _draw_direction(axes: "Axes", shown: AirShown) -> None:
    curve = shown.curve
    degrees = np.degrees(curve.direction)
    # A line through north would cross the whole panel.
    broken = np.where(np.abs(np.diff(degrees, append=degrees[-1])) > 180.0, np.nan, degrees)
    axes.plot(broken, curve.altitude, color=_LINE, lw=1.8)
    if (sounding := shown.sources.get("wind")) is not None:
        _points(axes, shown, np.degrees(sounding.direction) % 360.0, sounding.altitude)
    axes.set_xlim(0.0, 360.0)
    axes.set_xticks(range(0, 361, 90), ["N\n0", "E\n90", "S\n180", "W\n270", "N\n360"])
    axes.set_xlabel("wind blows from [deg]", fontsize=9)
    axes.set_title("Wind direction", fontsize=10, loc="left")


def _points(axes: "Axes", shown: AirShown, values: np.ndarray, altitude: np.ndarray) -> None:
    inside = (altitude >= shown.curve.altitude[0]) & (altitude <= shown.curve.altitude[-1])
    axes.plot(values[inside], altitude[inside], "o", color=_POINT, ms=4.5, zorder=5, clip_on=False)


def _legend(figure: "Figure", shown: AirShown) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=_LINE, lw=1.8, label="flown"),
        Line2D([], [], color=_STANDARD, lw=1.3, ls="--", label="US Standard Atmosphere 1976"),
    ]
    if shown.sources:
        handles.append(Line2D([], [], color=_POINT, marker="o", ls="", ms=5, label="rows of the file"))
    figure.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(0.06, 0.94), ncols=3, frameon=False, fontsize=9
    )
    said: dict[str, list[str]] = {}
    for part, sounding in shown.sources.items():
        said.setdefault(source_words(sounding), []).append(part)
    lines = [f"{' and '.join(parts)}: {words}" for words, parts in said.items()]
    lines += textwrap.wrap("; ".join(shown.remarks), 200, max_lines=3)
    text = "\n".join(lines)
    figure.text(0.065, 0.015, text, fontsize=8, color=QUIET, va="bottom")
