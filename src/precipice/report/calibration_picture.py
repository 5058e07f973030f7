"""A picture of what jumps said of each field, and of the next jump."""

from pathlib import Path
from typing import Any

import numpy as np

from precipice.report.season_picture import BLUE, INK, ORANGE, new_figure, save_figure
from precipice.scenario.scenario import Scenario
from precipice.training.calibrate import Calibration, Informing
from precipice.units import format_quantity

COLUMNS = 2
REACH = 2.6
"""Standard deviations of the next jump that are shown to each side: 99 in 100. Jumps beyond are shown."""


def save_calibration_picture(found: Calibration, scenario: Scenario, path: Path) -> None:
    """Save what each jump said of each field, with the next jump's distribution over it.

    Args:
        found: With at least one informed field.
        scenario: As it was.
        path: Of the picture.
    """
    rows = -(-len(found.informed) // COLUMNS)
    figure = new_figure(10.0, 2.4 * rows + 0.4)
    axes = np.atleast_1d(figure.subplots(rows, COLUMNS)).ravel()
    for axis, item in zip(axes, found.informed, strict=False):
        _draw(axis, item, scenario)
    for axis in axes[len(found.informed) :]:
        axis.set_visible(False)
    note = (
        "bars: what each jump said; orange: the next jump, with what the jumps leave open; "
        "dotted: the scenario before"
    )
    figure.suptitle(f"SYNTHETIC. {note}" if found.synthetic else note, fontsize=9)
    save_figure(figure, path)


def _draw(axis: Any, item: Informing, scenario: Scenario) -> None:
    unit = scenario.quantities()[item.field.path].unit
    whole = float(np.sqrt(item.jump**2 + (item.day or 0.0) ** 2 + item.constant**2))
    onto = np.exp if item.field.logarithm else np.asarray
    middle = float(np.log(item.value)) if item.field.logarithm else item.value
    # A plan is moved by how far rehearsals were off theirs: so are their jumps here.
    jumps = (np.log(item.found) if item.field.logarithm else item.found) + middle - item.posterior.mean.middle
    ends = min(middle - REACH * whole, jumps.min()), max(middle + REACH * whole, jumps.max())
    at = np.linspace(*ends, 300)
    shown = _in_unit(onto(at), unit)
    density = np.exp(-0.5 * ((at - middle) / whole) ** 2) / (whole * np.sqrt(2.0 * np.pi))
    axis.plot(shown, density * np.gradient(at, shown), color=ORANGE)
    axis.hist(_in_unit(onto(jumps), unit), bins=12, density=True, color=BLUE, alpha=0.4)
    axis.axvline(_in_unit(np.array([item.old]), unit)[0], color=INK, linestyle=":")
    axis.set_xlabel(f"{item.field.path}{'' if unit in ('', '1', 'ratio') else f', {unit}'}", fontsize=8)
    axis.set_title(f"{len(item.found)} jumps {item.evidence.when}", fontsize=7, loc="left")
    axis.set_yticks([])


def _in_unit(values: np.ndarray, unit: str) -> np.ndarray:
    return np.array([float(format_quantity(float(value), unit).split(" ")[0]) for value in values])
