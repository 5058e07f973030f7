"""Laws of what only some kinds of stunt have: wings, speeds near that of sound, level ground, a ledge."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from precipice.frames import attitude_from_bearing, rotate
from precipice.phases.drag import transonic_factor
from precipice.phases.freefall import FreefallMemory, FreefallPhase
from precipice.phases.posture import body_force
from precipice.world.level_ground import LevelGround

G = 9.80665


def winged(world, trim):
    sine, cosine = jnp.sin(trim), jnp.cos(trim)
    return eqx.tree_at(lambda w: w.performer.trim, world, jnp.stack([sine, 0.0 * sine, cosine]))


def memory(leaving=None):
    def number(value):
        return jnp.asarray(float(value))

    return FreefallMemory(number(-10.0), number(60.0), number(0.0), None, leaving)


def pose(seed):
    rng = np.random.default_rng(seed)
    four = rng.normal(size=4)
    parts = [rng.normal(size=3) * 20.0 + [0.0, 0.0, 500.0], rng.normal(size=3) * 12.0 + [10.0, 0.0, -25.0]]
    return jnp.asarray(
        np.concatenate([*parts, four / np.linalg.norm(four), rng.normal(size=3), [0.6], [3.0, 4.0]])
    )


@pytest.mark.parametrize("degrees", [20.0, 45.0, 90.0])
def test_lift_does_no_work_and_is_whole_at_the_trim(calm, degrees):
    """At the trim lift is the given area times dynamic pressure, at right angles to the motion."""
    trim = jnp.deg2rad(degrees)
    world = winged(calm, trim)
    performer = eqx.tree_at(lambda p: p.drag_area, world.performer, jnp.asarray(0.0))
    performer = eqx.tree_at(lambda p: p.upright_drag_area, performer, jnp.asarray(0.0))
    attitude = attitude_from_bearing(jnp.asarray(0.7), jnp.asarray(-0.4))
    speed, density = 40.0, 1.1
    velocity = speed * rotate(attitude, performer.trim)
    one = jnp.asarray(1.0)
    force = body_force(performer, one, one, attitude, velocity, jnp.asarray(density))
    assert float(jnp.sum(force * velocity)) == pytest.approx(0.0, abs=1e-6)
    expected = 0.5 * density * speed**2 * float(performer.lift_area)
    assert float(jnp.linalg.norm(force)) == pytest.approx(expected, rel=1e-9)


def test_lift_ends_when_the_wind_comes_from_behind(calm):
    world = winged(calm, jnp.deg2rad(25.0))
    attitude = attitude_from_bearing(jnp.asarray(0.0), jnp.asarray(0.0))
    velocity = -30.0 * rotate(attitude, jnp.array([1.0, 0.0, 0.0]))
    one = jnp.asarray(1.0)
    force = body_force(world.performer, one, one, attitude, velocity, jnp.asarray(1.1))
    along = velocity / jnp.linalg.norm(velocity)
    across = force - jnp.sum(force * along) * along
    assert float(jnp.linalg.norm(across)) == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("degrees", [20.0, 90.0])
def test_a_turned_world_flies_the_same(calm, degrees):
    """Turning wind, heading, position and attitude about the vertical turns the rates and nothing else."""
    turn = 0.9
    c, s = np.cos(turn), np.sin(turn)
    matrix = jnp.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])
    half = jnp.array([np.cos(0.5 * turn), 0.0, 0.0, np.sin(0.5 * turn)])

    def times(p, q):
        w = p[0] * q[0] - jnp.sum(p[1:] * q[1:])
        return jnp.concatenate([w[None], p[0] * q[1:] + q[0] * p[1:] + jnp.cross(p[1:], q[1:])])

    world = winged(calm, jnp.deg2rad(degrees))
    turned = eqx.tree_at(lambda w: w.site.flown, world, matrix @ world.site.flown)
    state = pose(1)
    other = jnp.concatenate([matrix @ state[:3], matrix @ state[3:6], times(half, state[6:10]), state[10:]])
    field = jax.jit(lambda y, w: FreefallPhase().vector_field(jnp.asarray(5.0), y, w, memory()))
    a, b = field(state, world), field(other, turned)
    np.testing.assert_allclose(b[3:6], matrix @ a[3:6], atol=1e-9)
    np.testing.assert_allclose(b[10:13], a[10:13], atol=1e-9)


def test_one_run_is_one_of_many(calm):
    """jit equals no jit, and vmap equals a loop."""
    world = winged(calm, jnp.deg2rad(20.0))
    states = jnp.stack([pose(seed) for seed in range(3)])

    def field(y):
        return FreefallPhase().vector_field(jnp.asarray(5.0), y, world, memory(jnp.asarray(1.0)))

    many = jax.jit(jax.vmap(field))(states)
    for row, state in zip(many, states, strict=True):
        np.testing.assert_allclose(row, field(state), rtol=1e-9, atol=1e-9)


def test_energy_of_a_winged_fall(calm, fly):
    """Air takes exactly the work of drag: energy lost equals the integral of force times speed."""
    world = winged(calm, jnp.deg2rad(30.0))
    start = pose(2)
    leg = fly(FreefallPhase, 0.0, start, world, memory(), longest=4.0)
    kept = np.isfinite(leg.times)
    t = np.asarray(leg.times)[kept]
    records = jax.tree.map(lambda leaf: np.asarray(leaf)[kept], leg.records)
    mass = float(world.performer.mass)
    energy = mass * (0.5 * np.sum(records.velocity**2, axis=1) + G * records.position[:, 2])
    # Work of the whole air force: load is its size over weight, so the lost power is at most load m g v.
    bound = np.trapezoid(records.load * mass * G * np.linalg.norm(records.velocity, axis=1), t)
    lost = energy[0] - energy[-1]
    assert 0.0 < lost <= bound * (1.0 + 1e-6)
    assert np.all(np.diff(energy) <= 1e-6 * abs(energy[0]))


def test_a_transonic_rise_is_smooth_and_bounded():
    """Nothing below Mach 0.6, all from Mach 1.1 on, and no step between: blunt bodies, Hoerner ch. 16."""
    mach = jnp.linspace(0.0, 1.4, 141)
    factor = jax.vmap(lambda m: transonic_factor(jnp.asarray(0.2), m))(mach)
    np.testing.assert_allclose(factor[mach <= 0.6], 1.0)
    np.testing.assert_allclose(factor[mach >= 1.1], 1.2)
    slope = jax.vmap(jax.grad(lambda m: transonic_factor(jnp.asarray(0.2), m)))(mach)
    assert float(jnp.max(slope)) < 0.7
    assert float(jnp.min(slope)) >= 0.0


def test_sound_speed_of_the_standard_atmosphere():
    """US Standard Atmosphere 1976, table 1: 340.29 m/s at sea level, 295.07 at 15 km, 301.71 at 30 km."""
    from precipice.scenario.weather.table import standard_table
    from precipice.world.atmosphere import Atmosphere

    one, zero = jnp.asarray(1.0), jnp.asarray(0.0)
    air = Atmosphere(one, zero, zero, zero, jnp.asarray(standard_table()))
    for altitude, speed in ((0.0, 340.29), (15e3, 295.07), (30e3, 301.71)):
        assert float(air.sound_speed(jnp.asarray(altitude))) == pytest.approx(speed, abs=0.02)


def test_a_leaving_body_is_thin_until_it_is_away(calm):
    """On the ledge its own extent would already touch the rock; once away it counts in full."""
    ground = LevelGround(jnp.asarray(0.0))
    world = eqx.tree_at(lambda w: w.terrain, calm, ground, is_leaf=lambda x: x is calm.terrain)
    state = pose(3).at[:3].set(jnp.array([0.0, 0.0, 0.8]))
    phase, t = FreefallPhase(), jnp.asarray(0.5)
    leaving = phase.margins(t, state, world, memory(jnp.asarray(2.0)))
    falling = phase.margins(t, state, world, memory(jnp.asarray(0.0)))
    assert float(leaving["strike"]) > 0.0 > float(falling["strike"])
    assert float(leaving["away"]) > 0.0
    high = state.at[2].set(40.0)
    assert float(phase.margins(t, high, world, memory(jnp.asarray(2.0)))["away"]) < 0.0


def test_level_ground_is_a_plane():
    ground = LevelGround(jnp.asarray(-100.0))
    at = jnp.array([30.0, -20.0, -40.0])
    assert float(ground.distance(at)) == float(ground.height_above(at)) == 60.0
    np.testing.assert_allclose(ground.normal(at), jax.grad(ground.distance)(at))
    assert float(ground.known(at)) > 9.9e4
