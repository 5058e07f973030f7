"""From scenario numbers to a world: everything here is pure, so a gradient can pass through it.

Which parts a world has follows from the names of its numbers: a kind of stunt without a ramp has none of
the ramp's, and its world none of the ramp.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from precipice.frames import Scalar, attitude_from_bearing, heading_vector, right_vector
from precipice.world.arrange import Inputs
from precipice.world.atmosphere import build_atmosphere
from precipice.world.body import Body, Malfunction, Performer, Rig, Vehicle
from precipice.world.exit import Exit
from precipice.world.ground import build_rock, is_surveyed, obstruct
from precipice.world.gust import Gust
from precipice.world.landing_surface import build_landing_surface
from precipice.world.level_ground import LevelGround
from precipice.world.maybe import Maybe
from precipice.world.plan import Pattern, Plan, Site
from precipice.world.presence import build_presence
from precipice.world.ramp import Ramp, RunUp, build_ramp
from precipice.world.terrain import AbstractTerrain, build_cliff, cliff_corners
from precipice.world.wind import Wind
from precipice.world.world import World

Module = TypeVar("Module", bound=eqx.Module)
Numbers = dict[str, Scalar]
"""Scenario numbers by dotted path, SI."""
ABSENT: Any = None
"""A part of the world that the kind of stunt does not have; see `precipice.world.maybe`."""


def build_world(inputs: Inputs, keys: tuple[str, ...]) -> World:
    """Return the world of one run.

    Args:
        inputs: Numbers and tables.
        keys: Names of `inputs.values`.

    Returns:
        The world, origin at the lip or at the exit; parts that the kind of stunt does not have are None.
    """
    v = {key: inputs.values[i] for i, key in enumerate(keys)}
    ramp = _ramp(v) if "ramp.lip_angle" in v else None
    lip_height = jnp.zeros_like(v["wind.speed"]) if ramp is None else ramp.height + v["run_up.deck_height"]
    site = _site(v, lip_height)
    edge = _edge(v, site, lip_height) if "site.cliff.wall_height" in v else None
    wind = _wind(v, inputs, site, edge)
    return World(
        site=site,
        atmosphere=build_atmosphere(v, inputs.air_table, site.origin_altitude),
        terrain=_terrain(v, inputs, site, edge, ramp),
        wind=wind,
        run_up=ABSENT if ramp is None else _run_up(v, inputs),
        ramp=ABSENT if ramp is None else ramp,
        vehicle=ABSENT if ramp is None else _vehicle(v),
        exit=_exit(v, site, wind) if ramp is None else ABSENT,
        body=_body(v),
        performer=_performer(v) if "performer.reaction_time" in v else ABSENT,
        rig=_rig(v) if "rig.canopy_area" in v else ABSENT,
        malfunction=_malfunction(v) if "rig.canopy_area" in v else ABSENT,
        plan=_plan(v) if any(key.startswith("plan.") for key in v) else ABSENT,
        pattern=_pattern(v, inputs, site) if "plan.pattern.height" in v else ABSENT,
        tumble_noise=inputs.tumble,
        presence=build_presence(inputs.aircraft, inputs.people, site.origin_altitude),
    )


def _ramp(v: Numbers) -> Ramp:
    return build_ramp(
        v["option.ramp_profile"],
        v["ramp.lip_angle"],
        v["ramp.radius"],
        v["ramp.straight"],
        0.5 * v["ramp.width"],
        v["ramp.friction"],
        v["ramp.rolling_resistance"],
    )


def _site(v: Numbers, lip_height: Scalar) -> Site:
    start = v["aircraft.altitude"] if "aircraft.altitude" in v else v["site.altitude"]
    origin_altitude = start + lip_height
    bearings = ("run_up.azimuth", "exit.azimuth", "aircraft.heading")
    launch = heading_vector(next(v[name] for name in bearings if name in v))
    facing = "site.cliff.face_azimuth"
    outward = heading_vector(v[facing]) if facing in v else launch
    lowest = v.get("site.landing.altitude", start)
    flown = heading_vector(v["plan.heading"]) if "plan.heading" in v else outward
    return Site(outward, flown, launch, origin_altitude, lowest - origin_altitude)


def _edge(v: Numbers, site: Site, lip_height: Scalar) -> tuple[Scalar, Scalar]:
    """Return the cliff's edge: distance out from the lip and height relative to it, each `()` [m]."""
    out = v["site.cliff.lip_to_edge"] * jnp.sum(site.outward * site.launch)
    up = -lip_height + v["site.cliff.lip_to_edge"] * jnp.tan(v["site.cliff.plateau_slope"])
    return out, up


def _terrain(
    v: Numbers, inputs: Inputs, site: Site, edge: tuple[Scalar, Scalar] | None, ramp: Ramp | None
) -> AbstractTerrain:
    """Return the ground with its obstacles: see `_ground`."""
    return obstruct(_ground(v, inputs, site, edge, ramp), inputs.obstacles, site.origin_altitude)


def _ground(
    v: Numbers, inputs: Inputs, site: Site, edge: tuple[Scalar, Scalar] | None, ramp: Ramp | None
) -> AbstractTerrain:
    """Return a ramp-jump's ground, surveyed rock, a cliff, or the level of the landing area."""
    if ramp is not None and "landing_surface.width" in v:
        # An elevation model counts from the ground at the lip, not from the lip on its ramp.
        lip_height = ramp.height + v["run_up.deck_height"]
        return build_landing_surface(
            inputs.landing.at[:, 1].add(-v["option.surface_from_ground"] * lip_height),
            _ground_behind(v, ramp),
            v["run_up.azimuth"],
            0.5 * v["landing_surface.width"],
            v["option.level_beyond"],
        )
    if is_surveyed(inputs.rock_boxes):
        tables = (inputs.rock_boxes, inputs.rock_values, inputs.rock_columns, inputs.rock_base)
        return build_rock(*tables, site.origin_altitude)
    if edge is None:
        return LevelGround(site.landing_up)
    return build_cliff(
        corners=cliff_corners(
            *edge,
            v["site.cliff.wall_height"],
            v["site.cliff.wall_angle"],
            v["site.cliff.undercut_depth"],
            v["site.cliff.undercut_height"],
            v["site.cliff.talus_angle"],
            site.landing_up,
        ),
        plateau_slope=v["site.cliff.plateau_slope"],
        outward=site.outward,
        known_to=v["site.cliff.known_to"],
    )


BEHIND = 20.0
"""How far behind the start of the run-up the ground is given [m]."""
LEAST_STEP = 0.5
"""Height of the lip above the ground below it, at least [m]: a vehicle that rolls off touches nothing."""


def _ground_behind(v: Numbers, ramp: Ramp) -> Float[Array, "3 2"]:
    """Return the ground below run-up and ramp, distance from the lip and height, `(3, 2)` [m]."""
    foot_up = -ramp.height - v["run_up.deck_height"]
    length = v["run_up.length"] + BEHIND
    start_out = -ramp.base - length * jnp.cos(v["run_up.slope"])
    start_up = foot_up + length * jnp.sin(v["run_up.slope"])
    corners = [
        (start_out, start_up),
        (-ramp.base, foot_up),
        (0.0 * foot_up, jnp.minimum(foot_up, -LEAST_STEP)),
    ]
    return jnp.stack([jnp.stack(corner) for corner in corners])


def _run_up(v: Numbers, inputs: Inputs) -> RunUp:
    """Return the track; beside a cliff it rises with the plateau, else it falls with its own slope."""
    own = -v["run_up.slope"] if "run_up.slope" in v else v["site.cliff.plateau_slope"]
    return RunUp(
        bearing=v["run_up.azimuth"],
        length=v["run_up.length"],
        half_width=0.5 * v["run_up.deck_width"],
        slope=own,
        start_speed=v.get("run_up.start_speed", jnp.zeros_like(own)),
        starts=inputs.surfaces[:, 0],
        friction=inputs.surfaces[:, 1],
        rolling_resistance=inputs.surfaces[:, 2],
        steering=inputs.steering,
        steering_spacing=v["run_up.length"] / (inputs.steering.shape[0] - 1),
    )


RIDDEN_KEYS = {
    "drag_area": "ridden_drag_area",
    "lift_area": "ridden_lift_area",
    "pitch_inertia": "ridden_pitch_inertia",
    "roll_inertia": "ridden_roll_inertia",
    "yaw_inertia": "ridden_yaw_inertia",
    "front_stiffness": "fork_stiffness",
    "rear_stiffness": "shock_stiffness",
    "front_damping": "fork_damping",
    "rear_damping": "shock_damping",
    "empty_cg_height": "own_cg_height",
}
"""Fields of a vehicle that a motorcycle with its rider calls otherwise."""


def _vehicle(v: Numbers) -> Vehicle:
    if "vehicle.mass" in v:
        return _pick(Vehicle, v, "vehicle")
    return _pick(Vehicle, v, "motorcycle", RIDDEN_KEYS, mass=v["motorcycle.mass"] + v["performer.mass"])


TUMBLING_KEYS = {"drag_area": "tumbling_drag_area", "lift_fraction": "tumbling_lift_fraction"}
"""Fields of a falling body that a riderless motorcycle calls otherwise."""


def _body(v: Numbers) -> Maybe[Body]:
    if "motorcycle.mass" in v:
        return _pick(Body, v, "motorcycle", TUMBLING_KEYS)
    if "body.mass" not in v:
        return ABSENT
    # Rotation only shows in the picture: that of a solid sphere which holds the body.
    inertia = 0.4 * v["body.mass"] * v["body.radius"] ** 2
    in_line = v["body.inline_drag_area"]
    return _pick(
        Body,
        v,
        "body",
        inline_drag_area=jnp.where(in_line > 0.0, in_line, v["body.drag_area"]),
        roll_inertia=inertia,
        pitch_inertia=inertia,
        yaw_inertia=inertia,
    )


def _performer(v: Numbers) -> Performer:
    names = ("standing_inertia", "spread_inertia")
    if "performer.mass" not in v:
        return _pick(Performer, v, "performer", None, drag_area=None, trim=None, **dict.fromkeys(names))
    sine, cosine = jnp.sin(v["performer.trim_angle"]), jnp.cos(v["performer.trim_angle"])
    at_trim = 1.0 - (1.0 - v["performer.head_on_fraction"]) * cosine**2
    return _pick(
        Performer,
        v,
        "performer",
        None,
        drag_area=v["performer.drag_area"] / at_trim,
        trim=jnp.stack([sine, 0.0 * sine, cosine]),
        **{name: _inertia(v, f"performer.{name}") for name in names},
    )


RESERVE_KEYS = {
    f"reserve_{name}": f"reserve_canopy.{name}"
    for name in ("area", "span", "activation_height", "extraction_time", "fill_constant", "fill_exponent")
}
"""Fields of a rig that belong to its reserve."""


def _rig(v: Numbers) -> Rig:
    area = None
    if "option.drogue" in v:
        flat = 0.25 * jnp.pi * v["rig.drogue.diameter"] ** 2
        area = v["option.drogue"] * v["rig.drogue.drag_coefficient"] * flat
    called = {**RESERVE_KEYS, "drogue_throw": "drogue.throw", "drogue_fill_time": "drogue.fill_time"}
    return _pick(Rig, v, "rig", called, reserve=v["option.reserve"], drogue_drag_area=area)


def _exit(v: Numbers, site: Site, wind: Wind) -> Exit:
    """Return the exit from an aircraft, or from a ledge or a hand."""
    up = jnp.array([0.0, 0.0, 1.0], v["wind.speed"].dtype)
    origin = 0.0 * up
    if "aircraft.heading" in v:
        heading = v["aircraft.heading"]
        carried = v["option.speed_through_air"] * wind.mean(origin)
        along = v["aircraft.speed"] * site.launch + v["aircraft.climb"] * up
        velocity = along + carried - v["aircraft.exit_speed"] * right_vector(heading)
        return Exit(origin, velocity, attitude_from_bearing(heading, v["aircraft.pitch"]), _exit_spin(v))
    velocity = v["exit.speed"] * (jnp.cos(v["exit.path"]) * site.launch + jnp.sin(v["exit.path"]) * up)
    attitude = attitude_from_bearing(v["exit.azimuth"], v["exit.pitch"])
    return Exit(v["exit.centre_height"] * up, velocity, attitude, _exit_spin(v))


def _exit_spin(v: Numbers) -> Float[Array, "3"]:
    """Return the rotation at the exit about body axes, `(3,)` [rad/s]; pitch is positive nose up."""
    if "exit.pitch_rate" in v:
        return -v["exit.pitch_rate"] * jnp.array([0.0, 1.0, 0.0], v["exit.pitch_rate"].dtype)
    roll, pitch, yaw = (v[f"performer.exit_{axis}_rate"] for axis in ("roll", "pitch", "yaw"))
    return jnp.stack([roll, -pitch, yaw])


def _pick(
    kind: type[Module], v: Numbers, section: str, called: Mapping[str, str] | None = None, **given: Any
) -> Module:
    """Return a part of the world from the scenario's section; fields that its kind lacks are None."""
    called = called or {}
    names = [name for name in kind.__dataclass_fields__ if name not in given]
    return kind(**{name: v.get(f"{section}.{called.get(name, name)}") for name in names}, **given)


def _inertia(v: Numbers, field: str) -> Float[Array, "3"]:
    return jnp.stack([v[f"{field}.{axis}"] for axis in ("roll", "pitch", "yaw")])


def _wind(v: Numbers, inputs: Inputs, site: Site, edge: tuple[Scalar, Scalar] | None) -> Wind:
    profile = inputs.wind_profile
    towards = v["wind.direction"] + profile[:, 2] + jnp.pi
    speed = v["wind.speed"] * profile[:, 1]
    velocities = jnp.stack([speed * jnp.sin(towards), speed * jnp.cos(towards)], axis=1)
    gust = Gust(inputs.gust, v["wind.gust_speed"], heading_vector(v["wind.direction"] + jnp.pi))
    named = ("upwash", "upwash_reach", "rotor_reversal", "rotor_sink", "rotor_reach", "rotor_gust_factor")
    return Wind(
        heights=profile[:, 0],
        velocities=velocities,
        landing_up=site.landing_up,
        gust=gust,
        outward=site.outward,
        edge_out=ABSENT if edge is None else edge[0],
        edge_up=ABSENT if edge is None else edge[1],
        wall_height=ABSENT if edge is None else v["site.cliff.wall_height"],
        **{name: v[f"wind.{name}"] for name in named},
    )


def _malfunction(v: Numbers) -> Malfunction:
    def happens(name: str) -> Array:
        return v[f"luck.{name}"] < v[f"rig.malfunction.{name}.chance"]

    side = jnp.where(v["luck.line_over"] < 0.5 * v["rig.malfunction.line_over.chance"], -1.0, 1.0)
    return Malfunction(
        hesitation=jnp.where(happens("hesitation"), v["rig.malfunction.hesitation.value"], 0.0),
        twist_chance=v["rig.malfunction.line_twist.chance"],
        twist_per_yaw_rate=v["rig.malfunction.line_twist_per_yaw_rate"],
        twist_luck=v["luck.line_twist"],
        twist_time=v["rig.malfunction.line_twist.value"],
        forced_turn=jnp.where(happens("line_over"), side * v["rig.malfunction.line_over.value"], 0.0),
        open_fraction=jnp.where(happens("no_inflation"), v["rig.malfunction.no_inflation.value"], 1.0),
    )


PLAN_KEYS = {
    "speed_gate": "plan.gate.speed_gate",
    "minimum_speed": "plan.gate.minimum_speed",
    "call_delay": "plan.gate.call_delay",
    "unstable_wait": "plan.off_plan.unstable_wait",
    "abort_when_slow": "option.abort_when_slow",
    "wait_when_unstable": "option.wait_when_unstable",
    "throw_below_hard_deck": "option.throw_below_hard_deck",
    "hung_up_throw": "option.hung_up_throw",
    "twist_factor": "option.twist_factor",
    "wall_turn": "option.wall_turn",
    "wall_brakes": "option.wall_brakes",
    "use_alternate": "option.use_alternate",
}


def _plan(v: Numbers) -> Plan:
    """Return what the kind of stunt plans; what it does not plan is None."""
    asked = v.get("option.wall_brakes")
    if asked is not None:
        v = {**v, "option.wall_brakes": jnp.where(asked < 0.0, v["rig.brake_setting"], asked)}
    found: dict[str, Any] = {
        name: v.get(PLAN_KEYS.get(name, f"plan.{name}")) for name in Plan.__dataclass_fields__
    }
    return Plan(**found)


def _pattern(v: Numbers, inputs: Inputs, site: Site) -> Pattern:
    areas = inputs.areas.at[:, 2].add(-site.origin_altitude)
    areas = areas.at[0, 2].set(site.landing_up)
    options = {"side": v["option.pattern_side"], "into_wind": v["option.into_wind"]}
    named = [name for name in Pattern.__dataclass_fields__ if name not in (*options, "areas")]
    return Pattern(areas=areas, **options, **{name: v[f"plan.pattern.{name}"] for name in named})
