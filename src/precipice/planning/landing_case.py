"""From a ramp-jump scenario to what its landing surface is designed for, at the centre of every field."""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from precipice.errors import InputError, Problem, ScenarioError
from precipice.frames import Scalar
from precipice.planning.ground import AbstractGround, Slope
from precipice.planning.landing_design import LandingCase
from precipice.planning.landing_judgement import Judgement, judge_surface
from precipice.scenario.scenario import Scenario
from precipice.world.atmosphere import build_atmosphere
from precipice.world.landing_surface import landing_points, with_slopes
from precipice.world.ramp import CURVES, build_ramp
from precipice.world.weather import air_rows

FAR_OUT = 3.0
"""Standard deviations above the planned speed at the lip that a surface should still catch [-]."""
_PROFILES = ("circular", "clothoid", "parabolic", "straight")


class Lip(NamedTuple):
    """The lip of a scenario's ramp.

    Attributes:
        angle: [rad].
        height: Above the ground at the ramp's foot, the deck's height included [m].
        base: Level length of the ramp [m].
        profile: Ramp from its foot to the lip, relative to the lip, `(n, 2)` [m].
        air_density: There [kg/m^3].
        drag: Air density times drag area over twice the mass [1/m].
        speed: Planned there [m/s].
        fastest: Planned, and three standard deviations of the riders' error more [m/s].
    """

    angle: float
    height: float
    base: float
    profile: np.ndarray
    air_density: float
    drag: float
    speed: float
    fastest: float


def lip_of(scenario: Scenario) -> Lip:
    """Return the lip of a ramp-jump.

    Args:
        scenario: What was decided.

    Raises:
        ScenarioError: If it is another kind of stunt.
    """
    if scenario.kind != "ramp-jump" or scenario.landing_surface is None:
        rule = "must be ramp-jump to have a landing surface"
        remedy = "write a scenario to start from with: precipice new jump.toml --kind ramp-jump"
        raise ScenarioError((Problem(scenario.file, "kind", rule, scenario.kind, remedy),))
    assert scenario.ramp is not None
    v = scenario.values()
    with jax.enable_x64():
        numbers = [jnp.asarray(v[f"ramp.{name}"], float) for name in _RAMP_FIELDS]
        ramp = jax.jit(build_ramp)(jnp.asarray(float(_PROFILES.index(scenario.ramp.profile))), *numbers)
        profile = np.column_stack([np.asarray(ramp.x), np.asarray(ramp.z)])
        height = float(ramp.height) + v["run_up.deck_height"]
        density = _air_density(scenario, v, v["site.altitude"] + height)
    drag = density * v["vehicle.drag_area"] / (2.0 * v["vehicle.mass"])
    speed = v["plan.lip_speed"]
    angle, base = v["ramp.lip_angle"], float(-profile[0, 0])
    return Lip(angle, height, base, profile, density, drag, speed, speed + _rider_error(scenario))


_RAMP_FIELDS = ("lip_angle", "radius", "straight", "width", "friction", "rolling_resistance")
assert len(_PROFILES) == len(CURVES)


def slope_of(scenario: Scenario, lip: Lip, angle: float | None = None) -> Slope:
    """Return the ground that goes on beyond the lip as the run-up came.

    Args:
        scenario: What was decided.
        lip: Its lip.
        angle: Of the ground beyond the lip, positive downhill [rad]; the run-up's own when None.
    """
    uphill = -scenario.values()["run_up.slope"]
    below = -lip.height + lip.base * np.tan(uphill)
    return Slope(below, uphill if angle is None else -angle)


def case_of(
    lip: Lip,
    ground: AbstractGround,
    fall_height: float,
    *,
    speed: float | None = None,
    slowest: float = 0.0,
    most_load: float = 3.0,
) -> LandingCase:
    """Return what a landing surface is designed for.

    Args:
        lip: From `lip_of`.
        ground: On which it is built.
        fall_height: Equivalent fall height of every landing [m].
        speed: Fastest takeoff; `lip.fastest` when None [m/s].
        slowest: Slowest takeoff; 0 builds back to the lip [m/s].
        most_load: Largest normal acceleration in the transition, gravity's part included [g].
    """
    fastest = lip.fastest if speed is None else speed
    return LandingCase(lip.angle, fastest, fall_height, lip.drag, ground, slowest, most_load)


def judge_written(scenario: Scenario, lip: Lip, spacing: float = 0.1) -> Judgement | None:
    """Return the landings on the surface that the scenario describes; None for a terrain file.

    Args:
        scenario: What was decided.
        lip: Its lip.
        spacing: Between places that are looked at [m].
    """
    written = scenario.landing_surface
    assert written is not None
    if written.shape == "file":
        return None
    points = landing_points(written, scenario.values())
    return judge_points(points, lip.angle, lip.drag, spacing)


def judge_points(points: np.ndarray, lip_angle: float, drag: float, spacing: float = 0.1) -> Judgement:
    """Return the landings on a profile through points, with the slopes of `with_slopes`.

    Args:
        points: Distance from the lip and height above it, `(n, 2)` [m].
        lip_angle: [rad].
        drag: Air density times drag area over twice the mass [1/m].
        spacing: Between places that are looked at [m].

    Raises:
        InputError: If no point lies beyond the lip.
    """
    first, last = max(points[0, 0], 1e-3), points[-1, 0]
    if last <= first:
        raise InputError(
            "the landing surface must reach beyond the lip, but ends there: add points farther out"
        )
    distance = np.linspace(first, last, max(2, int(np.ceil((last - first) / spacing)) + 1))
    up = np.interp(distance, *points.T)
    line = with_slopes(points)
    slope = np.interp(distance, line[:, 0], line[:, 2])
    return judge_surface(distance, up, slope, lip_angle, drag)


def _rider_error(scenario: Scenario) -> float:
    """Return by how much a rider may be too fast: a mean error, and three standard deviations."""
    from precipice.campaign.quantile import quantile

    error = scenario.quantities()["performer.speed_error"]
    high = [
        float(quantile(spread, error.value, np.array([FAR_OUT]), np.array([0.5]))[0]) - error.value
        for spread in error.spread
    ]
    return error.value + float(np.hypot.reduce([0.0, *high]))


def _air_density(scenario: Scenario, v: dict[str, float], altitude: float) -> float:
    table = jnp.asarray(air_rows(scenario))
    numbers = {key: jnp.asarray(value, float) for key, value in v.items() if key.startswith("air.")}
    numbers["option.air_measured"] = jnp.asarray(float(scenario.air.model == "measured"))

    def density(numbers: dict[str, Scalar], altitude: Scalar) -> Scalar:
        return build_atmosphere(numbers, table, altitude).density(jnp.zeros_like(altitude))

    return float(jax.jit(density)(numbers, jnp.asarray(altitude, float)))
