"""From scenario numbers to a world: everything here is pure, so a gradient can pass through it."""

from typing import Any, TypeVar

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from precipice.frames import Scalar, heading_vector
from precipice.world.arrange import Inputs
from precipice.world.atmosphere import Atmosphere, standard_air, vapour_pressure
from precipice.world.body import Malfunction, Motorcycle, Performer, Rig
from precipice.world.gust import Gust
from precipice.world.plan import Pattern, Plan, Site
from precipice.world.ramp import RunUp, build_ramp
from precipice.world.rock import build_rock, is_surveyed, obstruct
from precipice.world.terrain import AbstractTerrain, build_cliff, cliff_corners
from precipice.world.wind import Wind
from precipice.world.world import World

Module = TypeVar("Module", bound=eqx.Module)


def build_world(inputs: Inputs, keys: tuple[str, ...]) -> World:
    """Return the world of one run.

    Args:
        inputs: Numbers and tables.
        keys: Names of `inputs.values`.

    Returns:
        The world, origin at the lip.
    """
    v = {key: inputs.values[i] for i, key in enumerate(keys)}
    ramp = build_ramp(
        v["option.ramp_profile"],
        v["ramp.lip_angle"],
        v["ramp.radius"],
        v["ramp.straight"],
        0.5 * v["ramp.width"],
        v["ramp.friction"],
        v["ramp.rolling_resistance"],
    )
    lip_height = ramp.height + v["run_up.deck_height"]
    origin_altitude = v["site.altitude"] + lip_height
    landing_up = v["site.landing.altitude"] - origin_altitude
    outward = heading_vector(v["site.cliff.face_azimuth"])
    launch = heading_vector(v["run_up.azimuth"])
    edge_out = v["site.cliff.lip_to_edge"] * jnp.sum(outward * launch)
    edge_up = -lip_height + v["site.cliff.lip_to_edge"] * jnp.tan(v["site.cliff.plateau_slope"])
    terrain = _terrain(v, inputs, origin_altitude, landing_up, outward, edge_out, edge_up)
    run_up = RunUp(
        bearing=v["run_up.azimuth"],
        length=v["run_up.length"],
        half_width=0.5 * v["run_up.deck_width"],
        slope=v["site.cliff.plateau_slope"],
        starts=inputs.surfaces[:, 0],
        friction=inputs.surfaces[:, 1],
        rolling_resistance=inputs.surfaces[:, 2],
        steering=inputs.steering,
        steering_spacing=v["run_up.length"] / (inputs.steering.shape[0] - 1),
    )
    return World(
        site=Site(outward, launch, origin_altitude, landing_up),
        atmosphere=_atmosphere(v, origin_altitude),
        terrain=terrain,
        wind=_wind(v, inputs, landing_up, outward, edge_out, edge_up),
        run_up=run_up,
        ramp=ramp,
        motorcycle=_pick(Motorcycle, v, "motorcycle"),
        performer=_pick(
            Performer,
            v,
            "performer",
            standing_inertia=_inertia(v, "performer.standing_inertia"),
            spread_inertia=_inertia(v, "performer.spread_inertia"),
        ),
        rig=_pick(Rig, v, "rig"),
        malfunction=_malfunction(v),
        plan=_plan(v),
        pattern=_pattern(v, inputs, origin_altitude, landing_up),
        tumble_noise=inputs.tumble,
    )


def _terrain(
    v: dict[str, Scalar],
    inputs: Inputs,
    origin_altitude: Scalar,
    landing_up: Scalar,
    outward: Float[Array, "3"],
    edge_out: Scalar,
    edge_up: Scalar,
) -> AbstractTerrain:
    """Return surveyed rock where the site has it, else the parametric cliff; with its obstacles."""
    if is_surveyed(inputs.rock_boxes):
        tables = (inputs.rock_boxes, inputs.rock_values, inputs.rock_columns, inputs.rock_base)
        return obstruct(build_rock(*tables, origin_altitude), inputs.obstacles, origin_altitude)
    cliff = build_cliff(
        corners=cliff_corners(
            edge_out,
            edge_up,
            v["site.cliff.wall_height"],
            v["site.cliff.wall_angle"],
            v["site.cliff.undercut_depth"],
            v["site.cliff.undercut_height"],
            v["site.cliff.talus_angle"],
            landing_up,
        ),
        plateau_slope=v["site.cliff.plateau_slope"],
        outward=outward,
        known_to=v["site.cliff.known_to"],
    )
    return obstruct(cliff, inputs.obstacles, origin_altitude)


def _pick(kind: type[Module], v: dict[str, Scalar], section: str, **given: Any) -> Module:
    names = [name for name in kind.__dataclass_fields__ if name not in given]
    return kind(**{name: v[f"{section}.{name}"] for name in names}, **given)


def _inertia(v: dict[str, Scalar], field: str) -> Float[Array, "3"]:
    return jnp.stack([v[f"{field}.{axis}"] for axis in ("roll", "pitch", "yaw")])


def _atmosphere(v: dict[str, Scalar], origin_altitude: Scalar) -> Atmosphere:
    station = v["air.altitude"]
    pressure, temperature = standard_air(station)
    measured = v["option.air_measured"] > 0.5
    actual = jnp.where(measured, v["air.temperature"], temperature + v["air.temperature_offset"])
    at_station = jnp.where(measured, v["air.pressure"], pressure)
    humidity = jnp.where(measured, v["air.humidity"], 0.0)
    return Atmosphere(
        pressure_factor=at_station / pressure,
        temperature_offset=actual - temperature,
        vapour_fraction=vapour_pressure(actual, humidity) / at_station,
        origin_altitude=origin_altitude,
    )


def _wind(
    v: dict[str, Scalar],
    inputs: Inputs,
    landing_up: Scalar,
    outward: Float[Array, "3"],
    edge_out: Scalar,
    edge_up: Scalar,
) -> Wind:
    profile = inputs.wind_profile
    towards = v["wind.direction"] + profile[:, 2] + jnp.pi
    speed = v["wind.speed"] * profile[:, 1]
    velocities = jnp.stack([speed * jnp.sin(towards), speed * jnp.cos(towards)], axis=1)
    gust = Gust(inputs.gust, v["wind.gust_speed"], heading_vector(v["wind.direction"] + jnp.pi))
    named = ("upwash", "upwash_reach", "rotor_reversal", "rotor_sink", "rotor_reach", "rotor_gust_factor")
    return Wind(
        heights=profile[:, 0],
        velocities=velocities,
        landing_up=landing_up,
        gust=gust,
        outward=outward,
        edge_out=edge_out,
        edge_up=edge_up,
        wall_height=v["site.cliff.wall_height"],
        **{name: v[f"wind.{name}"] for name in named},
    )


def _malfunction(v: dict[str, Scalar]) -> Malfunction:
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


def _plan(v: dict[str, Scalar]) -> Plan:
    asked = v["option.wall_brakes"]
    v = {**v, "option.wall_brakes": jnp.where(asked < 0.0, v["rig.brake_setting"], asked)}
    return Plan(**{name: v[PLAN_KEYS.get(name, f"plan.{name}")] for name in Plan.__dataclass_fields__})


def _pattern(v: dict[str, Scalar], inputs: Inputs, origin_altitude: Scalar, landing_up: Scalar) -> Pattern:
    areas = inputs.areas.at[:, 2].add(-origin_altitude)
    areas = areas.at[0, 2].set(landing_up)
    named = ("final_bearing", "height", "offset", "hold_radius", "final_brakes", "flare_height")
    return Pattern(
        side=v["option.pattern_side"], areas=areas, **{name: v[f"plan.pattern.{name}"] for name in named}
    )
