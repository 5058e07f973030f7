"""From a scenario and a draw to the arrays that a compiled program takes: fixed shapes, float64."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np

from precipice.frames import geodetic_to_local
from precipice.scenario.position import Position
from precipice.scenario.scenario import Scenario
from precipice.world.noise import correlate_lateral, correlate_longitudinal
from precipice.world.rock import arrange_rock

AREAS, SURFACES, LEVELS = 4, 4, 32
STEERING_LENGTH = 10.0
"""Distance over which steering errors stay alike [m]."""


@runtime_checkable
class Drawn(Protocol):
    """What one run drew: see `precipice.campaign.draws.Draw`."""

    @property
    def values(self) -> Mapping[str, Any]:
        """Numbers by dotted path, SI."""
        ...

    @property
    def luck(self) -> Mapping[str, Any]:
        """Uniform draws by malfunction."""
        ...

    @property
    def noise(self) -> Mapping[str, Any]:
        """White noise by what it drives."""
        ...


TWIST_WHEN_WAITING = 2.0
"""How much longer a line twist lasts when nobody kicks out of it [-]: assumed."""
DEEP_BRAKES = 0.85
"""Brakes of a pilot who slows down before the wall rather than turn at once [-]: assumed."""
STOWED = -1.0
"""Stands for the brakes in which the canopy opened."""
LUCK = ("hesitation", "line_twist", "line_over", "no_inflation")
PROFILES = ("circular", "clothoid", "parabolic", "straight")


class Inputs(NamedTuple):
    """What one run's world is built from: the only thing a compiled program is given.

    Attributes:
        values: Scenario numbers by `value_keys`, `(n,)`, SI.
        areas: Landing area and alternates: east, north, altitude, radius, `(4, 4)` [m].
        surfaces: Run-up surfaces: start, friction, rolling resistance, `(4, 3)`.
        wind_profile: Height above the landing area [m], factor on the wind speed [-], and turn of its
            direction [rad], `(32, 3)`.
        gust: Unit-variance Dryden nodes, `(3, 1024)`.
        steering: Unit-variance steering noise, `(64,)`.
        tumble: Unit-variance tumble-lift noise, `(2, 64)`.
        rock_boxes: This and the next four: see `precipice.world.rock.Rock`.
        rock_values: The same in every run, like the next.
        rock_columns: See `Rock`.
        rock_base: See `Rock`.
        obstacles: See `Rock`.
    """

    values: Any
    areas: Any
    surfaces: Any
    wind_profile: Any
    gust: Any
    steering: Any
    tumble: Any
    rock_boxes: Any
    rock_values: Any
    rock_columns: Any
    rock_base: Any
    obstacles: Any


def _numbers(scenario: Scenario, draw: Drawn) -> dict[str, float]:
    """Return every number that is not in a list, with luck and options."""
    single = {key: value for key, value in draw.values.items() if not any(c.isdigit() for c in key)}
    luck = {f"luck.{name}": draw.luck[name] for name in LUCK}
    return {**_absent_gate(scenario), **single, **luck, **_options(scenario)}


def _absent_gate(scenario: Scenario) -> dict[str, float]:
    assert scenario.run_up is not None
    gate = {"speed_gate": 0.5 * scenario.run_up.length.value, "minimum_speed": 0.0, "call_delay": 0.0}
    gate |= {"abort_station": 0.0, "commit_station": scenario.run_up.length.value}
    return {f"plan.gate.{name}": value for name, value in gate.items()}


def value_keys(scenario: Scenario) -> tuple[str, ...]:
    """Return the names of `Inputs.values`, in order: the same for every scenario of one kind."""
    names = [key for key in scenario.values() if not any(c.isdigit() for c in key)]
    return tuple(
        sorted({*names, *_absent_gate(scenario), *(f"luck.{name}" for name in LUCK), *_options(scenario)})
    )


def arrange(scenario: Scenario, draw: Drawn) -> Inputs:
    """Return what the compiled program of this kind of stunt takes for one run.

    Args:
        scenario: What was decided.
        draw: What this run drew.

    Returns:
        Float64 arrays of fixed shapes.
    """
    values, noise = dict(draw.values), draw.noise
    numbers = _numbers(scenario, draw)
    steering = float(values["run_up.length"]) / (noise["steering"].shape[-1] - 1) / STEERING_LENGTH
    gust = [correlate_longitudinal(noise["gust"][0]), *correlate_lateral(noise["gust"][1:])]
    return Inputs(
        values=np.array([numbers[key] for key in value_keys(scenario)]),
        areas=_areas(scenario, values),
        surfaces=_surfaces(scenario, values),
        wind_profile=_wind_profile(scenario, values),
        gust=np.stack(gust),
        steering=correlate_longitudinal(noise["steering"], steering),
        tumble=correlate_longitudinal(noise["tumble"], 1.0),
        **arrange_rock(scenario, float(values["site.landing.altitude"]))._asdict(),
    )


def place(position: Position, scenario: Scenario) -> tuple[float, float]:
    """Return east and north of a written place, relative to the lip [m].

    Args:
        position: As written.
        scenario: Gives the lip's latitude and longitude.
    """
    if position.horizontal == "local":
        return position.first, position.second
    if position.horizontal == "bearing":
        return position.second * np.sin(position.first), position.second * np.cos(position.first)
    site = scenario.site
    assert site.altitude is not None
    origin = site.latitude.value, site.longitude.value, site.altitude.value
    level = position.level if position.vertical == "altitude" else origin[2]
    east, north, _ = geodetic_to_local(position.first, position.second, level, origin)
    return float(east), float(north)


def altitude(position: Position, lip_altitude: float, landing_altitude: float) -> float:
    """Return a written level above sea level [m].

    Args:
        position: As written.
        lip_altitude: [m].
        landing_altitude: [m].
    """
    base = {"altitude": 0.0, "up": lip_altitude, "height": landing_altitude, None: landing_altitude}
    return base[position.vertical] + position.level


def _options(scenario: Scenario) -> dict[str, float]:
    plan, ramp = scenario.plan, scenario.ramp
    assert plan is not None
    assert plan.pattern is not None
    assert ramp is not None
    off = plan.off_plan
    gated = plan.gate is not None
    return {
        "option.ramp_profile": float(PROFILES.index(ramp.profile)),
        "option.air_measured": float(scenario.air.model == "measured"),
        "option.pattern_side": 1.0 if plan.pattern.side == "right" else -1.0,
        "option.abort_when_slow": float(gated and off.slow_at_gate == "abort"),
        "option.wait_when_unstable": float(off.unstable == "wait"),
        "option.throw_below_hard_deck": float(off.below_hard_deck == "throw-now"),
        "option.hung_up_throw": {"throw-at-plan": 0.0, "throw-now": 1.0, "throw-when-clear": 2.0}[
            off.hung_up
        ],
        "option.twist_factor": {"kick-out": 1.0, "wait": TWIST_WHEN_WAITING}[off.twisted],
        "option.wall_turn": {"turn-away": 1.0, "brake": 0.5, "nothing": 0.0}[off.towards_wall],
        "option.wall_brakes": DEEP_BRAKES if off.towards_wall == "brake" else STOWED,
        "option.use_alternate": float(off.short_of_landing == "nearest-alternate"),
    }


def _areas(scenario: Scenario, values: Mapping[str, float]) -> np.ndarray:
    site = scenario.site
    rows = np.zeros((AREAS, 4))
    for k, area in enumerate([site.landing, *site.alternate][:AREAS]):
        east, north = place(area.position, scenario)
        level = altitude(area.position, values["site.altitude"], values["site.landing.altitude"])
        rows[k] = east, north, level, area.radius.value
    return rows


def _surfaces(scenario: Scenario, values: Mapping[str, float]) -> np.ndarray:
    assert scenario.run_up is not None
    count = len(scenario.run_up.surface)
    names = ("from", "friction", "rolling_resistance")
    rows = [[values[f"run_up.surface.{k}.{name}"] for name in names] for k in range(count)]
    rows += [[1.0e9, *rows[-1][1:]]] * (SURFACES - count)
    return np.array(rows[:SURFACES])


def _wind_profile(scenario: Scenario, values: Mapping[str, float]) -> np.ndarray:
    """Return height, factor and turn: near the ground finely, like the profiles themselves."""
    wind = scenario.wind
    heights = np.concatenate([[0.0], np.geomspace(0.5, 6000.0, LEVELS - 1)])
    turn = np.zeros(LEVELS)
    if wind.profile == "log":
        rough = values["wind.roughness"]
        at = np.log(np.maximum(heights, 1.0001 * rough) / rough)
        factor = at / np.log(values["wind.reference_height"] / rough)
    elif wind.profile == "power":
        factor = (heights / values["wind.reference_height"]) ** values["wind.exponent"]
    elif wind.profile == "table":
        heights, factor, turn = _wind_table(scenario, values)
    else:
        factor = np.ones(LEVELS)
    return np.stack([heights, factor, turn], axis=1)


def _wind_table(scenario: Scenario, values: Mapping[str, float]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the rows, drawn: speeds relative to the lowest row's, so that `wind.speed` scales all."""
    landing = values["site.landing.altitude"]
    rows = []
    for k, row in enumerate(scenario.wind.row):
        key = f"wind.row.{k}"
        level = values[f"{key}.height"] if row.height is not None else values[f"{key}.altitude"] - landing
        rows.append((level, values[f"{key}.speed"], values[f"{key}.direction"]))
    table = np.array(rows)
    last = np.repeat(table[-1:], LEVELS - len(rows), axis=0)
    last[:, 0] += 1.0 + np.arange(LEVELS - len(rows))
    table = np.concatenate([table, last])
    base = scenario.wind.speed.value
    reference = base if base > 0.0 else 1.0
    return table[:, 0], table[:, 1] / reference, np.unwrap(table[:, 2]) - values["wind.direction"]
