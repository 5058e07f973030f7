"""Which way final is flown. Source: the convention that wind is named after where it comes from, and that a
parachute lands towards that place."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest


def bearing_in(world, change, towards, rule, light=1.0):
    """Return the bearing of final [deg] in a wind that blows towards east and north [m/s]."""
    from precipice.phases.pilot import plan_approach

    rows = jnp.broadcast_to(jnp.asarray(towards, float), world.wind.velocities.shape)
    numbers = {"wind.velocities": rows, "pattern.into_wind": rule, "pattern.light_wind": light}
    changed = change(world, {**numbers, "pattern.final_bearing": np.radians(258.0)})
    place = jnp.asarray(np.asarray(world.site.outward) * 300.0 + [0.0, 0.0, -200.0])
    return float(np.degrees(plan_approach(place, changed).bearing)) % 360.0


@pytest.mark.parametrize(
    ("towards", "rule", "bearing"),
    [
        ((3.0, 0.0), 1.0, 270.0),
        ((0.0, -2.0), 1.0, 0.0),
        ((-2.0, -2.0), 1.0, 45.0),
        ((0.5, 0.5), 1.0, 258.0),
        ((0.0, 0.0), 1.0, 258.0),
        ((3.0, 0.0), 0.0, 258.0),
    ],
)
def test_final_is_towards_where_the_wind_comes_from(world, change, towards, rule, bearing):
    assert bearing_in(world, change, towards, rule) == pytest.approx(bearing, abs=1e-9)


def test_still_air_has_no_direction_and_no_infinite_slope(world, change):
    from precipice.phases.pilot import final_bearing

    still = change(
        world, {"wind.velocities": jnp.zeros_like(world.wind.velocities), "pattern.into_wind": 1.0}
    )

    def turned(speed):
        moved = change(still, {"wind.velocities": jnp.full_like(world.wind.velocities, 1.0) * speed})
        return final_bearing(jnp.asarray(0.0), moved)

    assert float(jax.grad(turned)(0.0)) == 0.0
