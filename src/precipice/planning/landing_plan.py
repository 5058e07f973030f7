"""A landing worked out for a scenario: what to build, how it lands, and what it lands on now."""

from dataclasses import dataclass

import numpy as np

from precipice.planning.ground import AbstractGround, Profile
from precipice.planning.landing_case import (
    Lip,
    case_of,
    judge_points,
    judge_written,
    lip_of,
    slope_of,
)
from precipice.planning.landing_design import LandingDesign, area_between, design_landing
from precipice.planning.landing_judgement import Judgement, judge_surface
from precipice.planning.takeoff_design import Takeoff, design_takeoff
from precipice.scenario.scenario import Scenario
from precipice.world.landing_surface import fit_table

OFF_ANGLE = np.deg2rad(3.0)
"""How far a motorcycle may leave below the lip's angle when it coasts: note in docs/phases/ramp.md [rad]."""
OFF_SPEED = 1.0
"""Faster than designed [m/s]."""


@dataclass(frozen=True)
class LandingPlan:
    """What `precipice design-landing` tells.

    Attributes:
        scenario: What was decided.
        lip: Of its ramp.
        design: The landing.
        takeoff: A takeoff for its fastest rider, at most 1.5 g on top of gravity.
        takeoff_fill: Cross-section of that takeoff above the ground [m^2].
        corners: The landing as few corners, to be written in a scenario, `(n, 2)` [m].
        corner_error: Largest height between corners and design [m].
        as_written: Landings on those corners.
        now: Landings on the surface in the scenario; None for a terrain file.
        flatter: Hardest landing when every flight leaves `OFF_ANGLE` below the lip's angle.
        steeper: The same above it.
        faster: Fall height at `OFF_SPEED` more than the design speed, on the transition [m]; None beyond it.
    """

    scenario: Scenario
    lip: Lip
    design: LandingDesign
    takeoff: Takeoff
    takeoff_fill: float
    corners: np.ndarray
    corner_error: float
    as_written: Judgement
    now: Judgement | None
    flatter: dict[str, float] | None
    steeper: dict[str, float] | None
    faster: float | None

    @property
    def width(self) -> float:
        """Of the landing surface [m]."""
        return self.scenario.values()["landing_surface.width"]


def plan_landing(
    scenario: Scenario,
    fall_height: float,
    *,
    speed: float | None = None,
    slowest: float = 0.0,
    slope: float | None = None,
    survey: np.ndarray | None = None,
    most_load: float = 3.0,
) -> LandingPlan:
    """Return the cheapest landing with one equivalent fall height for a ramp-jump.

    Args:
        scenario: Gives lip, vehicle and air, at the centre of every field.
        fall_height: Of every landing [m].
        speed: Fastest takeoff to catch; planned speed and three standard deviations when None [m/s].
        slowest: Slowest to catch; 0 builds back to the lip [m/s].
        slope: Of the ground beyond the lip, positive downhill; the run-up's own when None [rad].
        survey: Of the ground instead of a slope: distance from the lip, height above it, `(n, 2)` [m].
        most_load: Largest normal acceleration in the transition, gravity's part included [g].

    Raises:
        ScenarioError: If the scenario is no ramp-jump.
        InputError: When no such landing can be built, with what to change.
    """
    lip = lip_of(scenario)
    plane = slope_of(scenario, lip, slope)
    ground: AbstractGround = plane if survey is None else Profile(survey)
    case = case_of(lip, ground, fall_height, speed=speed, slowest=slowest, most_load=most_load)
    design = design_landing(case)
    run_up = -scenario.values()["run_up.slope"]
    takeoff = design_takeoff(case.speed, lip.angle, run_up)
    start = takeoff.points[0]
    before = slope_of(scenario, lip)
    before.up, before.angle = float(start[1] - start[0] * np.tan(run_up)), run_up
    fitted = fit_table(design.profile)
    corners = np.round(np.unique(fitted.table[:, :2], axis=0), 3)
    as_written = judge_points(corners, lip.angle, lip.drag)
    return LandingPlan(
        scenario=scenario,
        lip=lip,
        design=design,
        takeoff=takeoff,
        takeoff_fill=area_between(takeoff.points, before),
        corners=corners,
        corner_error=fitted.error,
        as_written=as_written,
        now=judge_written(scenario, lip),
        flatter=_off_angle(design, -OFF_ANGLE),
        steeper=_off_angle(design, OFF_ANGLE),
        faster=_faster(as_written, case.speed + OFF_SPEED),
    )


def _off_angle(design: LandingDesign, by: float) -> dict[str, float] | None:
    case, on = design.case, design.judgement
    found = judge_surface(on.distance, on.up, on.slope, case.lip_angle + by, case.drag, case.rates)
    return found.worst(case.slowest, case.speed)


def _faster(judged: Judgement, speed: float) -> float | None:
    found = judged.at_speed(speed)
    return None if found is None else found["fall_height"]
