"""A landing surface on which every jump up to a design speed lands equally softly."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from precipice.earth import GRAVITY
from precipice.errors import InputError
from precipice.frames import Scalar
from precipice.planning.flight import Impact, Rates, along_velocity, fly_over, fly_through
from precipice.planning.ground import AbstractGround
from precipice.planning.landing_judgement import Judgement, judge_surface

TALLEST_STEP = 0.01
"""Height above the ground at which the transition has met it [m]."""
BELOW_GROUND = 1e-3
"""How far a surface may lie under the ground before somebody would have to dig [m]."""
SPACING = 0.05
"""Between points of a designed surface [m]."""

Profile = Float[np.ndarray, "_ 2"]


@dataclass(frozen=True)
class LandingCase:
    """What a landing surface is designed for.

    Attributes:
        lip_angle: [rad].
        speed: Fastest takeoff that it must catch [m/s].
        fall_height: Equivalent fall height of every landing on it [m].
        drag: Air density times drag area over twice the mass [1/m].
        ground: On which it is built.
        slowest: Slowest takeoff that it must catch; 0 builds it back to the lip [m/s].
        most_load: Largest normal acceleration in the transition, gravity's part included [g].
        rates: Law of motion.
    """

    lip_angle: float
    speed: float
    fall_height: float
    drag: float
    ground: AbstractGround
    slowest: float = 0.0
    most_load: float = 3.0
    rates: Rates = along_velocity


@dataclass(frozen=True)
class LandingDesign:
    """A designed landing surface.

    Attributes:
        case: What it is for.
        surface: Distance from the lip and height above it, where every landing is equally hard, `(n, 2)` [m].
        transition: From its end to the ground, `(m, 2)` [m].
        characteristic: Distance over which the transition's height falls to 1/e [m].
        load: Largest normal acceleration in the transition [g].
        judgement: The landing at each point of the surface.
        free_to: Distance up to which any slope would do: there the flight is so slow that all of its speed
            together is less than the fall height [m].
        fill: Cross-section of surface and transition above the ground [m^2].
    """

    case: LandingCase
    surface: Profile
    transition: Profile
    characteristic: float
    load: float
    judgement: Judgement
    free_to: float
    fill: float

    @property
    def profile(self) -> Profile:
        """Surface and transition, `(n, 2)` [m]."""
        return np.concatenate([self.surface, self.transition[1:]])


def design_landing(case: LandingCase) -> LandingDesign:
    """Return the cheapest landing surface with one equivalent fall height.

    All surfaces with that fall height are solutions of one differential equation; they differ in where they
    end. The one that ends last, just before its transition to the ground becomes too sharp, lies lowest and
    takes the least material.

    Args:
        case: What it is for.

    Raises:
        InputError: When no such surface can be built, with what to change.

    Source: Levy, Hubbard, McNeil, Swedberg 2015, sections 3 and 4.
    Valid for: a point that leaves along the lip, in still air; the landing is not followed.
    """
    _refuse_impossible(case)
    reach = _ground_contact(case)
    end, characteristic, load = _transition_start(case, reach)
    surface, free_to = _surface(case, end)
    transition = _transition(case, surface[-1], characteristic)
    _refuse_digging(case, surface)
    slope = np.arctan(np.gradient(surface[:, 1], surface[:, 0], edge_order=2))
    judged = judge_surface(surface[1:, 0], surface[1:, 1], slope[1:], case.lip_angle, case.drag, case.rates)
    whole = np.concatenate([surface, transition[1:]])
    fill = area_between(whole, case.ground)
    return LandingDesign(case, surface, transition, characteristic, load, judged, free_to, fill)


def area_between(profile: Profile, ground: AbstractGround) -> float:
    """Return the cross-section between a profile and the ground, negative where it lies below [m^2].

    Args:
        profile: Distance and height, `(n, 2)` [m].
        ground: The ground.
    """
    return float(np.trapezoid(profile[:, 1] - ground.height(profile[:, 0]), profile[:, 0]))


def largest_fall_height(case: LandingCase) -> float:
    """Return the largest fall height for which a surface can be built [m]; 0 when there is none.

    Args:
        case: With any fall height.
    """
    low, high = 0.0, max(case.fall_height, 1e-3)
    for _ in range(9):
        middle = 0.5 * (low + high)
        try:
            design_landing(replace(case, fall_height=middle))
        except InputError:
            high = middle
        else:
            low = middle
    return low


def _refuse_impossible(case: LandingCase) -> None:
    below = float(-case.ground.height(0.0))
    if not case.fall_height > 0.0:
        raise InputError(
            f"the fall height must be above zero, but is {case.fall_height:g} m: "
            "only a surface along one flight path has none; ask for 0.5 m"
        )
    if not below > 0.0:
        where = "not known" if np.isnan(below) else f"{-below:.2f} m above it"
        raise InputError(
            f"the lip must be above the ground, but the ground at the lip is {where}: raise the ramp"
        )
    rise = float(case.ground.rise(0.0))
    if not np.tan(case.lip_angle) > rise:
        raise InputError(
            "the lip must point up from the ground, but does not: "
            f"its angle is {np.degrees(case.lip_angle):.1f} deg, the ground's "
            f"{np.degrees(np.arctan(rise)):.1f}"
        )
    if not case.speed > case.slowest >= 0.0:
        raise InputError(
            f"the fastest takeoff must be faster than the slowest, but they are {case.speed:g} and "
            f"{case.slowest:g} m/s: raise the one or lower the other"
        )


@partial(jax.jit, static_argnames="rates")
def _over(
    speed: Scalar, distance: Scalar, lip_angle: Scalar, drag: Scalar, rates: Rates
) -> Float[Array, "5"]:
    return jnp.stack(fly_over(speed, distance, lip_angle, drag, rates))


@partial(jax.jit, static_argnames="rates")
def _through(
    distance: Scalar, up: Scalar, lip_angle: Scalar, drag: Scalar, rates: Rates
) -> Float[Array, "5"]:
    return jnp.stack(fly_through(distance, up, lip_angle, drag, rates))


def _called(program: Callable[..., Array], case: LandingCase, first: float, second: float) -> Impact:
    numbers = (np.float64(x) for x in (first, second, case.lip_angle, case.drag))
    with jax.enable_x64():
        return Impact(*np.asarray(program(*numbers, case.rates)).tolist())


def design_flight(
    case: LandingCase, distance: float, speed: float | None = None
) -> tuple[float, float, float]:
    """Return height [m], speed [m/s] and path angle [rad] of a flight at a distance.

    Args:
        case: Gives lip angle and drag.
        distance: From the lip, level, above zero [m].
        speed: At the lip; the fastest of the design when None [m/s].
    """
    found = _called(_over, case, case.speed if speed is None else speed, distance)
    return float(found.up), float(found.speed), float(found.path_angle)


def _flight_to(case: LandingCase, distance: float, up: float) -> tuple[float, float, float]:
    """Return takeoff speed, speed [m/s] and path angle [rad] of the flight to a point."""
    found = _called(_through, case, distance, up)
    return float(found.takeoff_speed), float(found.speed), float(found.path_angle)


def _root(function: Callable[[float], float], low: float, high: float, accuracy: float) -> float:
    from scipy.optimize import brentq

    root: Any = brentq(function, low, high, xtol=accuracy)
    return float(root)


def _ground_contact(case: LandingCase) -> float:
    """Return the distance at which the design flight meets the bare ground [m]."""

    def clear(distance: float) -> float:
        return design_flight(case, distance)[0] - float(case.ground.height(distance))

    near, far = 1e-3, case.speed**2 / GRAVITY
    while far < 1e4 and far < case.ground.end and clear(far) > 0.0:
        near, far = far, 1.5 * far
    far = min(far, case.ground.end)
    if not clear(far) <= 0.0:
        raise InputError(
            f"the ground must be known until the design flight meets it, but ends {far:.0f} m from the lip: "
            "survey farther, or design for less speed"
        )
    return _root(clear, near, far, 1e-10)


def _landing_angle(case: LandingCase, speed: float, path: float) -> float:
    """Return the slope that lands at the fall height; with too little speed for it, square to the path."""
    sine = np.sqrt(2.0 * GRAVITY * case.fall_height) / speed
    return path + float(np.arcsin(min(sine, 1.0)))


def _transition_at(case: LandingCase, distance: float) -> tuple[float, float]:
    """Return largest load [g] and characteristic distance [m] of a transition that begins at a distance."""
    up, speed, path = design_flight(case, distance)
    height = up - float(case.ground.height(distance))
    steeper = float(case.ground.rise(distance)) - np.tan(_landing_angle(case, speed, path))
    if steeper <= 0.0 or height <= 0.0:
        return np.inf, np.nan
    characteristic = height / steeper
    way = np.linspace(0.0, 3.0, 61) * characteristic
    along = distance + way
    decay = np.exp(-way / characteristic)
    rise = case.ground.rise(along) - steeper * decay
    bend = case.ground.bend(along) + steeper / characteristic * decay
    curvature = bend / (1.0 + rise**2) ** 1.5
    load = curvature * speed**2 / GRAVITY + 1.0 / np.sqrt(1.0 + rise**2)
    worst = float(np.max(load))
    return (worst if np.isfinite(worst) else np.inf), characteristic


def _transition_start(case: LandingCase, reach: float) -> tuple[float, float, float]:
    """Return where the last transition begins that is gentle enough, its length [m] and its load [g]."""

    def excess(distance: float) -> float:
        return min(_transition_at(case, distance)[0], 1e3) - case.most_load

    places = np.linspace(reach, 0.2 * reach, 161)[1:]
    gentle = next((k for k, place in enumerate(places) if excess(place) <= 0.0), None)
    if gentle is None:
        raise InputError(
            f"the transition must bend with no more than {case.most_load:g} g, but no place of the "
            "flight allows that: design for less speed, a lower lip angle, a larger fall height, or more load"
        )
    end = float(places[0])
    if gentle > 0:
        end = _root(excess, float(places[gentle]), float(places[gentle - 1]), 1e-9)
        # The bracket's end may be infinite, so step to the side that is allowed.
        while excess(end) > 1e-6:
            end -= 1e-6
    load, characteristic = _transition_at(case, end)
    return end, characteristic, load


def _rise(case: LandingCase, distance: float, up: float) -> float:
    """Return the tangent of the slope that lands at the fall height; NaN where no flight comes."""
    _, speed, path = _flight_to(case, distance, up)
    return float(np.tan(_landing_angle(case, speed, path)))


def _surface(case: LandingCase, end: float) -> tuple[Profile, float]:
    """Return the surface from the lip, or from the slowest flight's landing, to the transition.

    Integrated backwards from where the design flight lands. Where the whole speed of a flight is less
    than the fall height, any slope will do: from there to the lip the surface is level.
    """
    from scipy.integrate import solve_ivp

    def rates(distance: float, state: np.ndarray) -> list[float]:
        return [_rise(case, distance, float(state[0]))]

    def margin(distance: float, state: np.ndarray) -> float:
        takeoff, speed, _ = _flight_to(case, distance, float(state[0]))
        ample = speed**2 / (2.0 * GRAVITY * case.fall_height) - 1.0001
        return min(ample, takeoff - case.slowest if case.slowest > 0.0 else ample)

    margin.terminal = True  # type: ignore[attr-defined]
    start_up = design_flight(case, end)[0]
    near = min(1e-3, 0.01 * end)
    solved = solve_ivp(
        rates,
        (end, near),
        np.array([start_up]),
        method="DOP853",
        rtol=1e-9,
        atol=1e-9,
        events=margin,
        dense_output=True,
    )
    first = float(solved.t[-1])
    if solved.status < 0 or solved.sol is None or not np.isfinite(solved.y[0, -1]):
        raise InputError(
            "the surface must lie below the line along the lip, but meets it: "
            "choose a larger fall height, or a higher lip angle"
        )
    count = max(40, int(np.ceil((end - first) / SPACING)))
    # Closer together near the lip, where the surface bends most.
    distance = first + (end - first) * np.linspace(0.0, 1.0, count) ** 1.5
    points = np.column_stack([distance, solved.sol(distance)[0]])
    if case.slowest > 0.0 and first > near and points[0, 0] > 0.0 and _caught(case, points[0]):
        return points, points[0, 0]
    level = np.linspace(0.0, first, max(2, int(np.ceil(first / SPACING)) + 1))[:-1]
    flat = np.column_stack([level, np.full_like(level, points[0, 1])])
    return np.concatenate([flat, points]), first


def _caught(case: LandingCase, point: np.ndarray) -> bool:
    return _flight_to(case, float(point[0]), float(point[1]))[0] <= case.slowest + 1e-3


def _transition(case: LandingCase, start: np.ndarray, characteristic: float) -> Profile:
    """Return the exponential curve from the end of the surface to the ground, `(m, 2)` [m]."""
    height = float(start[1] - case.ground.height(start[0]))
    length = min(characteristic * np.log(max(height / TALLEST_STEP, np.e)), case.ground.end - start[0])
    way = np.linspace(0.0, length, max(40, int(np.ceil(length / SPACING))))
    distance = start[0] + way
    return np.column_stack([distance, case.ground.height(distance) + height * np.exp(-way / characteristic)])


def _refuse_digging(case: LandingCase, surface: Profile) -> None:
    below = case.ground.height(surface[:, 0]) - surface[:, 1]
    deepest = int(np.nanargmax(below))
    if below[deepest] <= BELOW_GROUND:
        return
    raise InputError(
        f"the fall height is too large for this lip: a surface for {case.fall_height:.2f} m would lie "
        f"{below[deepest]:.2f} m under the ground, {surface[deepest, 0]:.1f} m from the lip: "
        "choose a smaller fall height, or a higher lip"
    )
