"""From a scenario and a draw to the arrays that a compiled program takes: fixed shapes, float64."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np

from precipice.earth import GRAVITY, geodetic_to_local
from precipice.scenario.kind import CANOPY, MAIN, RAMP, SKYDIVE
from precipice.scenario.position import Position
from precipice.scenario.scenario import Scenario
from precipice.world.noise import correlate_lateral, correlate_longitudinal
from precipice.world.presence_rows import AIRCRAFT_ROWS, PEOPLE_ROWS, pad
from precipice.world.rock import arrange_rock
from precipice.world.weather import WIND_NUMBERS, air_rows, file_wind, rename_wind

AREAS, SURFACES, LEVELS = 4, 4, 64
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
            direction [rad], `(64, 3)`.
        air_table: See `precipice.world.atmosphere.Atmosphere.table`, `(64, 3)`.
        gust: Unit-variance Dryden nodes, `(3, 1000)`.
        steering: Unit-variance steering noise, `(64,)`.
        tumble: Unit-variance tumble-lift noise, `(2, 64)`.
        landing: Corners of a ramp-jump's landing surface, `(64, 3)`; see `landing_surface.fit_table`.
        rock_boxes: This and the next four: see `precipice.world.rock.Rock`.
        rock_values: The same in every run, like the next.
        rock_columns: See `Rock`.
        rock_base: See `Rock`.
        obstacles: See `Rock`.
        aircraft: East, north, level [m], whether that counts from the lip (1) or from sea level (0),
            velocity [m/s], keep-out [m], from when to when after takeoff or exit [s], `(n, 10)`.
        people: East, north, radius [m], from when to when [s], `(m, 5)`.
    """

    values: Any
    areas: Any
    surfaces: Any
    wind_profile: Any
    air_table: Any
    gust: Any
    steering: Any
    tumble: Any
    landing: Any
    rock_boxes: Any
    rock_values: Any
    rock_columns: Any
    rock_base: Any
    obstacles: Any
    aircraft: Any
    people: Any


def numbers(scenario: Scenario, draw: Drawn) -> dict[str, Any]:
    """Return every number that is not in a list, with luck and options, by key.

    Args:
        scenario: What was decided.
        draw: Of one run, or of many: then numbers that differ are `(n,)`.
    """
    values = draw.values
    single = {key: value for key, value in values.items() if not any(c.isdigit() for c in key)}
    luck = {f"luck.{name}": draw.luck[name] for name in _luck(scenario)}
    absent = {**_absent_gate(scenario), **_absent_heading(scenario, values)}
    return {**absent, **rename_wind(scenario, single), **_sustained(values), **luck, **_options(scenario)}


def _luck(scenario: Scenario) -> tuple[str, ...]:
    return LUCK if scenario.kind in CANOPY else ()


def _absent_gate(scenario: Scenario) -> dict[str, float]:
    if scenario.run_up is None:
        return {}
    gate = {"speed_gate": 0.5 * scenario.run_up.length.value, "minimum_speed": 0.0, "call_delay": 0.0}
    gate |= {"abort_station": 0.0, "commit_station": scenario.run_up.length.value}
    return {f"plan.gate.{name}": value for name, value in gate.items()}


def _absent_heading(scenario: Scenario, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the bearing of freefall where the plan does not say it: out from the face, or the aircraft's."""
    if scenario.kind not in CANOPY - MAIN:
        return {}
    return {"plan.heading": values["aircraft.heading" if scenario.aircraft else "site.cliff.face_azimuth"]}


SUSTAINED = ("performer.sustained_speed", "performer.sustained_sink")
SEA_LEVEL_DENSITY = 1.225


def _sustained(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return lift and drag area of a steady glide whose speeds were given.

    Source: balance of weight, lift and drag in a straight glide at sea level, 1.225 kg/m^3.
    """
    if SUSTAINED[0] not in values:
        return {}
    level, sink = (values[name] for name in SUSTAINED)
    speed = np.hypot(level, sink)
    weight = 2.0 * values["performer.mass"] * GRAVITY / (SEA_LEVEL_DENSITY * speed**3)
    return {"performer.lift_area": weight * level, "performer.drag_area": weight * sink}


def value_keys(scenario: Scenario) -> tuple[str, ...]:
    """Return the names of `Inputs.values`, in order: the same for every scenario of one kind.

    A drop with a cliff has other numbers, and so another program, than one without.
    """
    values = scenario.values()
    single = [key for key in values if not any(c.isdigit() for c in key) and key not in SUSTAINED]
    names = [*(key for key in single if key not in WIND_NUMBERS), *WIND_NUMBERS.values()]
    luck = [f"luck.{name}" for name in _luck(scenario)]
    return tuple(
        sorted(
            {*names, *_absent_gate(scenario), *_absent_heading(scenario, values), *luck, *_options(scenario)}
        )
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
    found = numbers(scenario, draw)
    spacing = float(values.get("run_up.length", 1.0)) / (noise["steering"].shape[-1] - 1) / STEERING_LENGTH
    gust = [correlate_longitudinal(noise["gust"][0]), *correlate_lateral(noise["gust"][1:])]
    return Inputs(
        values=np.array([found[key] for key in value_keys(scenario)]),
        areas=areas(scenario, values),
        surfaces=surfaces(scenario, values),
        wind_profile=wind_profile(scenario, values),
        air_table=air_rows(scenario),
        gust=np.stack(gust),
        steering=correlate_longitudinal(noise["steering"], spacing),
        tumble=correlate_longitudinal(noise["tumble"], 1.0),
        landing=landing(scenario, values),
        **arrange_rock(scenario, obstacle_base(scenario, values))._asdict(),
        aircraft=aircraft(scenario, values),
        people=people(scenario, values),
    )


def obstacle_base(scenario: Scenario, values: Mapping[str, Any]) -> Any:
    """Return the altitude that heights of obstacles count from: the landing area's, or the site's [m].

    Args:
        scenario: What was decided.
        values: As drawn, by path.
    """
    return values["site.landing.altitude" if scenario.site.landing else "site.altitude"]


def place(position: Position, scenario: Scenario) -> tuple[float, float]:
    """Return east and north of a written place, relative to the lip or exit [m].

    Args:
        position: As written.
        scenario: Gives its latitude and longitude.
    """
    if position.horizontal == "local":
        return position.first, position.second
    if position.horizontal == "bearing":
        return position.second * np.sin(position.first), position.second * np.cos(position.first)
    site = scenario.site
    start = site.altitude or (scenario.aircraft and scenario.aircraft.altitude)
    assert start is not None
    origin = site.latitude.value, site.longitude.value, start.value
    level = position.level if position.vertical == "altitude" else origin[2]
    east, north, _ = geodetic_to_local(position.first, position.second, level, origin)
    return float(east), float(north)


def altitude(position: Position, lip_altitude: Any, landing_altitude: Any) -> Any:
    """Return a written level above sea level [m].

    Args:
        position: As written.
        lip_altitude: [m].
        landing_altitude: [m].
    """
    base = {"altitude": 0.0, "up": lip_altitude, "height": landing_altitude, None: landing_altitude}
    return base[position.vertical] + position.level


def _options(scenario: Scenario) -> dict[str, float]:
    """Return the words of the file as numbers, as far as the kind of stunt has them."""
    found = {"option.air_measured": float(scenario.air.model == "measured")}
    if scenario.landing_surface is not None:
        found["option.level_beyond"] = float(scenario.landing_surface.shape == "plane")
        found["option.surface_from_ground"] = float(scenario.landing_surface.shape == "file")
    if scenario.kind in RAMP:
        found |= _ramp_options(scenario)
    if scenario.kind in CANOPY:
        found |= _canopy_options(scenario)
    if scenario.aircraft is not None:
        found["option.speed_through_air"] = float(scenario.aircraft.speed_through == "air")
    return found


def _ramp_options(scenario: Scenario) -> dict[str, float]:
    plan, ramp = scenario.plan, scenario.ramp
    assert plan is not None
    assert ramp is not None
    stops = plan.gate is not None and plan.off_plan.slow_at_gate == "abort"
    found = {
        "option.ramp_profile": float(PROFILES.index(ramp.profile)),
        "option.abort_when_slow": float(stops),
    }
    if scenario.kind in MAIN:
        rules = {"throw-at-plan": 0.0, "throw-now": 1.0, "throw-when-clear": 2.0}
        found["option.hung_up_throw"] = rules[plan.off_plan.hung_up]
    return found


def _canopy_options(scenario: Scenario) -> dict[str, float]:
    plan = scenario.plan
    assert plan is not None
    assert plan.pattern is not None
    off, rig = plan.off_plan, scenario.rig
    assert rig is not None
    return {
        "option.reserve": float(rig.reserve or rig.reserve_canopy.fitted),
        **({"option.drogue": float(rig.drogue.fitted)} if scenario.kind in SKYDIVE else {}),
        "option.into_wind": float(plan.pattern.final == "into-wind"),
        "option.pattern_side": 1.0 if plan.pattern.side == "right" else -1.0,
        "option.wait_when_unstable": float(off.unstable == "wait"),
        "option.throw_below_hard_deck": float(off.below_hard_deck == "throw-now"),
        "option.twist_factor": {"kick-out": 1.0, "wait": TWIST_WHEN_WAITING}[off.twisted],
        "option.wall_turn": {"turn-away": 1.0, "brake": 0.5, "nothing": 0.0}[off.towards_wall],
        "option.wall_brakes": DEEP_BRAKES if off.towards_wall == "brake" else STOWED,
        "option.use_alternate": float(off.short_of_landing == "nearest-alternate"),
    }


def areas(scenario: Scenario, values: Mapping[str, Any]) -> np.ndarray:
    """Return landing area and alternates, see `Inputs.areas`; `(..., 4, 4)`.

    Args:
        scenario: Gives their places.
        values: As drawn, by path; each `()`, or `(n,)` for many runs.
    """
    site = scenario.site
    if site.landing is None:
        return np.zeros((AREAS, 4))
    start = values["aircraft.altitude"] if scenario.aircraft else values["site.altitude"]
    rows = []
    for area in [site.landing, *site.alternate][:AREAS]:
        spot = area.position
        east, north = place(spot, scenario)
        level = altitude(spot, start, values["site.landing.altitude"])
        rows.append(_row(east, north, level, area.radius.value))
    rows += [np.zeros_like(rows[0])] * (AREAS - len(rows))
    return np.stack(rows, axis=-2)


def aircraft(scenario: Scenario, values: Mapping[str, Any]) -> np.ndarray:
    """Return the aircraft around the stunt, see `Inputs.aircraft`; `(..., n, 10)`.

    Args:
        scenario: Gives their places.
        values: As drawn, by path; each `()`, or `(n,)` for many runs.
    """
    accepted = [c.limit_value for c in scenario.criterion if c.hazard == "aircraft keep-out" and c.limit]
    rows = []
    for k, item in enumerate(scenario.site.aircraft):
        own = f"site.aircraft.{k}"
        spot = item.position
        level = altitude(spot, 0.0, values.get("site.landing.altitude", 0.0))
        bearing, speed = (values[f"{own}.velocity.{name}"] for name in ("bearing", "speed"))
        rows.append(
            _row(
                *place(spot, scenario),
                level,
                float(spot.vertical == "up"),
                speed * np.sin(bearing),
                speed * np.cos(bearing),
                values[f"{own}.velocity.climb"],
                accepted[0] if accepted else values[f"{own}.keep_out"],
                *(values[f"{own}.{name}"] for name in ("from", "to")),
            )
        )
    return pad(rows, AIRCRAFT_ROWS, 10)


def people(scenario: Scenario, values: Mapping[str, Any]) -> np.ndarray:
    """Return the people on the ground, see `Inputs.people`; `(..., n, 5)`.

    Args:
        scenario: Gives their places.
        values: As drawn, by path; each `()`, or `(n,)` for many runs.
    """
    rows = [
        _row(
            *place(item.position, scenario),
            *(values[f"site.people.{k}.{name}"] for name in ("radius", "from", "to")),
        )
        for k, item in enumerate(scenario.site.people)
    ]
    return pad(rows, PEOPLE_ROWS, 5)


def _row(*numbers: Any) -> np.ndarray:
    """Return numbers, each `(...)`, as rows, `(..., n)`."""
    return np.stack(np.broadcast_arrays(*numbers), axis=-1)


def surfaces(scenario: Scenario, values: Mapping[str, Any]) -> np.ndarray:
    """Return the surfaces of the run-up, see `Inputs.surfaces`; `(..., 4, 3)`.

    Args:
        scenario: Says how many.
        values: As drawn, by path; each `()`, or `(n,)` for many runs.
    """
    if scenario.run_up is None:
        return np.zeros((SURFACES, 3))
    count = len(scenario.run_up.surface)
    names = ("from", "friction", "rolling_resistance")
    rows = [[values[f"run_up.surface.{k}.{name}"] for name in names] for k in range(count)]
    rows += [[1.0e9, *rows[-1][1:]]] * (SURFACES - count)
    return _row(*(number for row in rows[:SURFACES] for number in row)).reshape(
        *np.broadcast_shapes(*(np.shape(number) for row in rows for number in row)), SURFACES, 3
    )


def landing(scenario: Scenario, values: Mapping[str, float]) -> np.ndarray:
    """Return the corners of the landing surface as this run drew them; one of zeros where there is none.

    Args:
        scenario: Gives the surface.
        values: As drawn, by path.
    """
    if scenario.landing_surface is None:
        return np.zeros((1, 3))
    # Imported here: the other kinds of stunt start without it.
    from precipice.world.landing_surface import fit_table, landing_points

    if scenario.landing_surface.shape == "file":
        from precipice.world.survey.surface import survey_surface

        return fit_table(survey_surface(scenario).points).table
    return fit_table(landing_points(scenario.landing_surface, values)).table


def wind_profile(scenario: Scenario, values: Mapping[str, Any]) -> np.ndarray:
    """Return height, factor and turn: near the ground finely, like the profiles themselves.

    Args:
        scenario: Gives the profile.
        values: As drawn, by path; each `()`, or `(n,)` for many runs.

    Returns:
        See `Inputs.wind_profile`, `(..., 64, 3)`.
    """
    wind = scenario.wind
    heights = np.concatenate([[0.0], np.geomspace(0.5, 6000.0, LEVELS - 1)])
    turn, factor = np.zeros(LEVELS), np.ones(LEVELS)
    if wind.profile == "log":
        rough = _column(values["wind.roughness"])
        at = np.log(np.maximum(heights, 1.0001 * rough) / rough)
        factor = at / np.log(_column(values["wind.reference_height"]) / rough)
    elif wind.profile == "power":
        factor = (heights / _column(values["wind.reference_height"])) ** _column(values["wind.exponent"])
    elif wind.profile == "table":
        heights, factor, turn = _wind_table(scenario, values)
    elif wind.profile == "file":
        heights, factor, turn = file_wind(scenario, values["site.landing.altitude"])
    return _row(heights, factor, turn)


def _column(value: Any) -> np.ndarray:
    return np.asarray(value)[..., None]


def _wind_table(scenario: Scenario, values: Mapping[str, Any]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the rows, drawn: speeds relative to the lowest row's, so that `wind.speed` scales all."""
    landing = values["site.landing.altitude" if scenario.site.landing else "site.altitude"]
    levels, speeds, bearings = [], [], []
    for k, row in enumerate(scenario.wind.row):
        key = f"wind.row.{k}"
        at_height = row.height is not None
        levels.append(values[f"{key}.height"] if at_height else values[f"{key}.altitude"] - landing)
        speeds.append(values[f"{key}.speed"])
        bearings.append(values[f"{key}.direction"])
    more = LEVELS - len(levels)
    levels += [levels[-1] + 1.0 + k for k in range(more)]
    assert scenario.wind.speed is not None
    base = scenario.wind.speed.value
    factor = _row(*speeds, *[speeds[-1]] * more) / (base if base > 0.0 else 1.0)
    turn = np.unwrap(_row(*bearings, *[bearings[-1]] * more)) - _column(values["wind.direction"])
    return _row(*levels), factor, turn
