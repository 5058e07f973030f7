"""The comparison as a picture: measured medians and ranges beside simulated ones."""

from pathlib import Path
from typing import Any

from benchmarks.real_logs.flown import MODERN, Flown
from benchmarks.real_logs.measured import GROUPS, SECONDS, Measured, Spread

LOG, RUN, OTHER, QUIET = "#222222", "#D55E00", "#0072B2", "#9a9a9a"
"""Colours after Okabe and Ito 2008."""
GRAVITY = 9.80665
NAMES = {
    GROUPS[0]: "wingsuit,\ncliff",
    GROUPS[1]: "wingsuit,\naircraft",
    GROUPS[2]: "skydive\n",
    GROUPS[3]: "hop-and-\npop",
}


def draw(measured: Measured, flown: dict[str, Flown], path: Path) -> None:
    """Draw the comparison into a PNG file."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2, 4, figsize=(14.0, 9.0), height_ratios=(1.15, 1.0), layout="constrained")
    for ax, group in zip(axes[0], GROUPS, strict=True):
        _drop(ax, group, measured, flown)
    axes[0, 0].set_ylabel("drop below the exit [m]")
    grid = axes[1, 0].get_gridspec()
    for ax in axes[1]:
        ax.remove()
    panels = [figure.add_subplot(grid[1, :2]), figure.add_subplot(grid[1, 2]), figure.add_subplot(grid[1, 3])]
    for ax, title, unit, name in (
        (panels[0], "Opening: height lost", "line stretch to open canopy [m]", "loss"),
        (panels[1], "Canopy: descent", "mean descent rate [m/s]", "canopy"),
        (panels[2], "Canopy: level speed", "level airspeed [m/s]", "level"),
    ):
        _bars(ax, getattr(measured, name), {group: getattr(runs, name) for group, runs in flown.items()})
        ax.set(title=title, ylabel=unit, ylim=(0.0, None))
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), frameon=False)
    figure.savefig(path, dpi=110)
    plt.close(figure)


def _drop(ax: Any, group: str, measured: Measured, flown: dict[str, Flown]) -> None:
    times = [0.05 * k for k in range(131)]
    ax.plot(
        times, [0.5 * GRAVITY * t * t for t in times], color=QUIET, ls="--", lw=1.2, label="vacuum, from rest"
    )
    count = 0
    for k, second in enumerate(SECONDS):
        found = measured.drop.get((group, second))
        if found is not None:
            _range(
                ax, second - 0.09, found, LOG, "o", "logs: median, 5-95 %" if k == len(SECONDS) - 1 else None
            )
            count = max(count, found.count)
    sides = [(group, RUN, "simulated: median, 5-95 % of drawn runs", 0.09)]
    if group == GROUPS[0]:
        sides.append((MODERN, OTHER, "simulated, suit with a flatter glide", 0.25))
    for name, colour, label, shift in sides:
        for k, second in enumerate(SECONDS):
            if (group, second) in measured.left_out:
                _range(ax, second + shift, flown[name].drop[second], colour, "s", None if k else label)
    ax.set(title=f"{group}: {count} log" + "s" * (count != 1), xlabel="time after the exit [s]")
    ax.set(xlim=(0.4, 6.6), ylim=(0.0, 185.0), xticks=SECONDS)
    ax.grid(color="#e6e6e6")


def _range(ax: Any, x: float, found: Spread, colour: str, marker: str, label: str | None) -> None:
    reach = [[found.median - found.low], [found.high - found.median]]
    ax.errorbar(
        x, found.median, yerr=reach, color=colour, marker=marker, ms=5, lw=2.0, ls="none", label=label
    )


def _bars(ax: Any, logs: dict[str, Spread], runs: dict[str, Spread]) -> None:
    for x, group in enumerate(GROUPS):
        if group in logs:
            _range(ax, x - 0.15, logs[group], LOG, "o", None)
        _range(ax, x + 0.15, runs[group], RUN, "s", None)
    ax.set_xticks(range(len(GROUPS)), [f"{NAMES[group]}\n{_logs(logs.get(group))}" for group in GROUPS])
    ax.tick_params(axis="x", labelsize="small")
    ax.set_xlim(-0.6, len(GROUPS) - 0.4)
    ax.grid(axis="y", color="#e6e6e6")


def _logs(found: Spread | None) -> str:
    count = 0 if found is None else found.count
    return f"{count} log" if count == 1 else f"{count} logs"
