"""One picture of a designed landing: the profile to scale, and how hard a landing is at each place."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from precipice.planning.ground import Profile
from precipice.planning.landing_design import design_flight
from precipice.planning.landing_judgement import Judgement, judge_surface
from precipice.planning.landing_plan import LandingPlan
from precipice.report.frame import equalise
from precipice.report.palette import BAD, GOOD, MOTORCYCLE, QUIET, ROCK, ROCK_EDGE
from precipice.world.landing_surface import landing_points

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZE = (1500, 950)
"""Of the picture [pixels]."""
_RAMP = "#5b4636"
_NOW = "#0072B2"
_LEFT_OUT = "Left out: rider, suspension, wind, pop, run-out. A planning aid, never a clearance to jump."
_SHARES = (0.5, 0.75)
"""Of the fastest takeoff: flights that are drawn besides the planned and the fastest one."""


def draw_landing(plan: LandingPlan, path: Path) -> None:
    """Draw a designed landing as a PNG.

    Args:
        plan: The landing.
        path: Of the file.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(SIZE[0] / 100, SIZE[1] / 100), dpi=100, layout="constrained", facecolor="white")
    canvas = FigureCanvasAgg(figure)
    case = plan.design.case
    low = f"from {case.slowest:.1f} " if case.slowest > 0.0 else "up "
    figure.suptitle(
        f"{plan.scenario.title or 'Landing'}: every jump {low}to {case.speed:.1f} m/s "
        f"({3.6 * case.speed:.0f} km/h) lands like a fall from {case.fall_height:.2f} m",
        fontsize=13,
    )
    top, bottom = figure.subplots(2, 1, sharex=True, height_ratios=[1.0, 1.05])
    ends = _extent(plan)
    flights = _flights(plan)
    _draw_profile(top, plan, ends)
    _draw_flights(top, flights)
    _draw_fall_heights(bottom, plan, flights)
    top.set_xlim(*ends)
    canvas.draw()
    # The layout is settled now, so that a metre can be made as long one way as the other.
    figure.set_layout_engine("none")
    highest = max(float(np.max(up)) for _, (_, up) in flights)
    lowest = float(np.min(plan.design.profile[:, 1]))
    top.set_xlim(*ends)
    top.set_ylim(lowest - 1.0, highest + 1.5)
    equalise(top, (0.5, 0.3))
    bottom.set_xlim(top.get_xlim())
    top.legend(loc="upper right", fontsize=8.5, framealpha=0.95)
    canvas.print_png(path)


def _extent(plan: LandingPlan) -> tuple[float, float]:
    last = float(plan.design.transition[-1, 0])
    margin = 0.06 * (last + plan.lip.base)
    return -plan.lip.base - margin, last + margin


def _flights(plan: LandingPlan) -> list[tuple[float, np.ndarray]]:
    """Return takeoff speeds [m/s] and their flights, distance and height, `(2, n)` [m]."""
    case, judged = plan.design.case, plan.design.judgement
    speeds = {round(share * case.speed, 6) for share in _SHARES} | {case.speed}
    if case.slowest < plan.lip.speed < case.speed:
        speeds = {speed for speed in speeds if abs(speed - plan.lip.speed) > 0.6} | {
            plan.lip.speed,
            case.speed,
        }
    found = []
    for speed in sorted(speeds):
        end = judged.at_speed(speed - 1e-9)
        if end is not None:
            found.append((speed, _flight(plan, speed, end["distance"])))
    return found


def _flight(plan: LandingPlan, speed: float, reach: float) -> np.ndarray:
    distance = np.linspace(1e-6, reach, 60)
    up = [design_flight(plan.design.case, float(x), speed)[0] for x in distance]
    return np.stack([distance, np.array(up)])


def _draw_profile(axes: "Axes", plan: LandingPlan, ends: tuple[float, float]) -> None:
    design, lip = plan.design, plan.lip
    ground = design.case.ground
    profile = design.profile
    out = np.linspace(0.0, min(ends[1], ground.end), 200)
    back = np.array([2.0 * ends[0], -lip.base])
    rise = -np.tan(plan.scenario.values()["run_up.slope"])
    behind = -lip.height + (back + lip.base) * rise
    x = np.concatenate([back, out])
    z = np.concatenate([behind, ground.height(out)])
    deep = min(float(np.nanmin(z)), float(profile[:, 1].min())) - 50.0
    axes.fill_between(x, z, deep, color=ROCK, lw=0, zorder=1)
    axes.plot(x, z, color=ROCK_EDGE, lw=1.2, zorder=2, label="ground")
    under = ground.height(profile[:, 0])
    axes.fill_between(profile[:, 0], profile[:, 1], under, color=GOOD, alpha=0.25, lw=0, zorder=2)
    axes.plot(*design.surface.T, color=GOOD, lw=2.6, zorder=4, label="designed landing surface")
    axes.plot(*design.transition.T, color=GOOD, lw=1.6, ls=(0, (4, 1.5)), zorder=4, label="its transition")
    if isinstance(ground, Profile):
        axes.plot(*ground.points.T, color=ROCK_EDGE, lw=0, marker=".", ms=3, zorder=3)
    written = plan.scenario.landing_surface
    if written is not None and written.shape != "file":
        now = landing_points(written, plan.scenario.values())
        axes.plot(*now.T, color=_NOW, lw=1.6, zorder=3, label="landing surface in the file")
    ramp = lip.profile
    foot = np.array([[0.0, -lip.height], [ramp[0, 0], -lip.height]])
    axes.fill(*np.concatenate([ramp, foot]).T, color=_RAMP, lw=0, zorder=3, label="ramp in the file")
    axes.set_ylabel("height above the lip [m]")
    axes.set_title(
        f"To scale. {design.fill:.0f} m² above the ground in section, "
        f"{design.fill * plan.width:.0f} m³ for a width of {plan.width:g} m",
        fontsize=10,
    )
    axes.set_facecolor("#eef3f7")
    axes.grid(visible=True, color="white", lw=0.8)


def _draw_flights(axes: "Axes", flights: list[tuple[float, np.ndarray]]) -> None:
    for speed, flight in flights:
        axes.plot(*flight, color=MOTORCYCLE, lw=1.0, ls=":", zorder=5)
        peak = int(np.argmax(flight[1]))
        axes.annotate(
            f"{speed:.1f} m/s", (flight[0, peak], flight[1, peak]), xytext=(0, 3), textcoords="offset points",
            ha="center", fontsize=8, color=MOTORCYCLE, zorder=6,
            bbox={"facecolor": "#eef3f7", "lw": 0, "pad": 0.6, "alpha": 0.85},
        )  # fmt: skip


def _ground_judgement(plan: LandingPlan) -> Judgement:
    """Return the landings on the bare ground."""
    case = plan.design.case
    end = min(float(plan.design.transition[-1, 0]), case.ground.end)
    distance = np.linspace(1e-2, end, 400)
    slope = np.arctan(case.ground.rise(distance))
    return judge_surface(distance, case.ground.height(distance), slope, case.lip_angle, case.drag, case.rates)


def _draw_fall_heights(axes: "Axes", plan: LandingPlan, flights: list[tuple[float, np.ndarray]]) -> None:
    case = plan.design.case
    safe = plan.scenario.values()["landing_surface.safe_fall_height"]
    most = max(2.0 * safe, 2.0 * case.fall_height)
    bare = _ground_judgement(plan)
    axes.plot(bare.distance, bare.fall_height, color=ROCK_EDGE, lw=1.4, label="bare ground")
    if plan.now is not None:
        axes.plot(
            plan.now.distance, plan.now.fall_height, color=_NOW, lw=1.6, label="landing surface in the file"
        )
    at, height = plan.as_written.distance, plan.as_written.fall_height
    caught = plan.as_written.takeoff_speed <= case.speed + 1e-6
    axes.plot(at[caught], height[caught], color=GOOD, lw=2.6, label="designed landing surface, as written")
    beyond = plan.as_written.reached & ~caught
    axes.plot(
        at[beyond],
        height[beyond],
        color=GOOD,
        lw=1.6,
        ls=(0, (4, 1.5)),
        label="its transition: faster than designed",
    )
    axes.axhline(safe, color=BAD, lw=1.4, label=f"safe_fall_height in the file, {safe:g} m")
    axes.axhspan(safe, most, color=BAD, alpha=0.06, lw=0)
    for speed, flight in flights:
        place = float(flight[0, -1])
        axes.plot([place], [case.fall_height], marker="o", ms=5, color=MOTORCYCLE, zorder=6)
        axes.annotate(
            f"{speed:.1f} m/s", (place, case.fall_height), xytext=(0, -14), textcoords="offset points",
            ha="center", fontsize=8, color=MOTORCYCLE, zorder=6,
        )  # fmt: skip
    axes.set_ylim(0.0, most)
    axes.set_xlabel("level distance from the lip [m]")
    axes.set_ylabel("equivalent fall height [m]")
    axes.set_title("How hard a landing is where it happens; dots: takeoff speeds", fontsize=10)
    axes.grid(visible=True, color="#e3e3e3", lw=0.6)
    axes.text(
        0.995, 0.02, _LEFT_OUT,
        transform=axes.transAxes, ha="right", va="bottom", fontsize=8, color=QUIET,
    )  # fmt: skip
    axes.legend(loc="upper left", fontsize=8.5, framealpha=0.95)
