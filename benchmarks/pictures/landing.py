"""The last seconds, and what the height of the flare does."""

from typing import Any, NamedTuple

import numpy as np
from benchmarks.pictures.canvas import CANOPY, FALL, LIMIT, OPENING, QUIET, new_figure, note
from benchmarks.pictures.flights import Flights, between

HEIGHTS = (0.9, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.5, 6.5)
"""Of the flare [m]; the first is the foot's own, so nobody flares."""


class Touch(NamedTuple):
    """A touchdown: flare height [m], speed into the ground and over it [m/s]."""

    height: float
    sink: float
    forward: float


def land(flights: Flights, height: float) -> Touch:
    """Return the touchdown of the shipped stunt in still air with another flare height [m]."""
    run = flights.with_values({"plan.pattern.flare_height": height, "wind.speed": 0.0})
    return Touch(height, run.numbers["landing_sink"], run.numbers["landing_speed"])


def draw_landing(flights: Flights) -> tuple[Any, str]:
    """Return the end of the approach, touchdowns by flare height, and what they say."""
    figure = new_figure(4.4)
    parts = figure.subplot_mosaic([["side", "flare"], ["speed", "flare"]], width_ratios=(1.1, 1.0))
    run = flights.nominal
    flare, down = run.event("flare"), run.event("touchdown")
    assert flare is not None
    assert down is not None
    times = np.linspace(down.t - 6.0, down.t, 240)
    place, velocity = between(run.performer, times)
    above = place[:, 2] + run.lip_altitude - run.landing_altitude
    togo = np.linalg.norm((place - np.asarray(down.position))[:, :2], axis=1)
    _strip(parts["side"], togo, above, flare, down, run)
    level = np.linalg.norm(velocity[:, :2], axis=1)
    speed = parts["speed"]
    speed.plot(togo, level, color=CANOPY, label="over the ground")
    speed.plot(togo, -velocity[:, 2], color=FALL, label="sinking")
    speed.set(xlim=(togo[0], 0.0), ylim=(0.0, 11.0), xlabel="way to touchdown [m]", ylabel="speed [m/s]")
    speed.legend(loc="center left")
    touches = [land(flights, height) for height in HEIGHTS]
    best = min(touches, key=lambda touch: touch.sink)
    _flares(parts["flare"], flights, touches)
    caption = (
        "The last six seconds of the nominal run, and the same landing in still air with other flare "
        f"heights. The hands go down {down.t - flare.t:.2f} s before touchdown, which is at "
        f"{run.numbers['landing_sink']:.1f} m/s down and {run.numbers['landing_speed']:.1f} m/s over "
        f"the ground. Of the heights tried in still air {best.height:.1f} m gives the least sink, "
        f"{best.sink:.1f} m/s. Real canopies do better: their pitching is left out here."
    )
    return figure, caption


def _strip(axes: Any, togo: np.ndarray, above: np.ndarray, flare: Any, down: Any, run: Any) -> None:
    axes.plot(togo, above, color=CANOPY, lw=2.4)
    k = int(np.argmin(np.abs(above - (flare.position[2] + run.lip_altitude - run.landing_altitude))))
    axes.plot([togo[k]], [above[k]], "o", color=OPENING)
    note(
        axes,
        f"flare, {down.t - flare.t:.1f} s before",
        (togo[k], above[k]),
        (-10, 24),
        OPENING,
    )
    axes.axhspan(-2.0, 0.0, color="#d9e3cf")
    axes.set(xlim=(togo[0], 0.0), ylim=(-2.0, 20.0), ylabel="height [m]", title="Final leg and flare")
    axes.tick_params(labelbottom=False)


def _flares(axes: Any, flights: Flights, touches: list[Touch]) -> None:
    height = [touch.height for touch in touches]
    axes.plot(height, [touch.forward for touch in touches], "o-", color=CANOPY, label="over the ground")
    axes.plot(height, [touch.sink for touch in touches], "o-", color=FALL, label="sinking")
    shipped = flights.value("plan.pattern.flare_height")
    axes.axvline(shipped, color=QUIET, lw=0.9, ls=":")
    axes.text(shipped + 0.05, 9.4, "shipped", color=QUIET, fontsize=9, va="top")
    axes.axhline(4.6, color=LIMIT, lw=1.2, ls="--")
    axes.text(0.8, 4.7, "limit of sinking, assumed", color=LIMIT, fontsize=9, va="bottom")
    axes.text(0.9, 0.4, "no flare", color=QUIET, fontsize=9, ha="left")
    axes.set(
        xlim=(0.7, 6.7),
        ylim=(0.0, 9.6),
        xlabel="flare height, centre of mass [m]",
        ylabel="speed at touchdown [m/s]",
    )
    axes.set_title("When to flare, still air")
    axes.legend(loc="upper right", bbox_to_anchor=(1.0, 0.9))
