"""What holds in every phase of the motorcycle, from the run-up to rest.

Energy: kinetic, potential, rotational and spring energy change by the work of the other forces, which is
written here a second time and integrated alongside by SciPy's DOP853. Rotation: a world with all bearings
turned gives the turned result. Programs: compiled, uncompiled and batched give the same numbers. Events: the
same instant from far, from just before, and at once when it has passed.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.spatial.transform import Rotation

from precipice.phases.flight import FlightMemory, FlightPhase
from precipice.phases.phase import AbstractPhase
from precipice.phases.ramp import RampMemory, RampPhase, standing_state
from precipice.phases.run_up import RunUpMemory, RunUpPhase
from precipice.phases.separation import SeparationMemory, SeparationPhase
from precipice.phases.tumble import (
    CONTACT_RATE,
    CREEP,
    SlideMemory,
    SlidePhase,
    TumbleMemory,
    TumblePhase,
)
from precipice.simulation.leg import Tolerance, fly_leg
from precipice.world.ramp import build_ramp

G = 9.80665
NEVER = 1e9
LEVEL_ATTITUDE = np.array([1.0, 0.0, 0.0, 0.0])


def numbers(memory):
    """Return a memory as float64 arrays."""
    return jax.tree.map(lambda leaf: jnp.asarray(leaf, float), memory)


def pose(rng, speed):
    """Return a random place before the wall, motion, attitude and spin, `(13,)`."""
    attitude = rng.normal(size=4)
    motion = rng.normal(size=3)
    place = [-60.0, -15.0, -40.0] + 5.0 * rng.normal(size=3)
    spin = rng.normal(size=3)
    return [*place, *(speed * motion / np.linalg.norm(motion)), *(attitude / np.linalg.norm(attitude)), *spin]


class Sample(NamedTuple):
    """A phase with something to evaluate it at.

    Attributes:
        phase: The phase.
        states: Three of them, `(3, n)`.
        memory: For all.
        bodies: Where in the state the bodies begin whose position, velocity and attitude turn with the frame.
    """

    phase: Any
    states: Any
    memory: Any
    bodies: tuple[int, ...] = ()


def run_up_sample(world, rng):
    states = [[20.0, 12.0, 0.1, 0.01], [60.0, 19.0, -0.3, -0.02], [5.0, 3.0, 0.0, 0.0]]
    return Sample(RunUpPhase(), states, RunUpMemory(75.0, 1.0, 18.0))


def ramp_sample(world, rng):
    states = [standing_state(world, jnp.asarray(19.0))]
    for x in (-6.0, -1.0):
        height, slope = world.ramp.surface(jnp.asarray(x))
        states.append([x, float(height) + 0.78, float(slope) + 0.02, 18.5, 3.0, 0.3])
    return Sample(RampPhase(), states, RampMemory(1.0, 5.0, 0.05, 0.01, 2.6))


def flight_sample(world, rng):
    return Sample(FlightPhase(), [pose(rng, 20.0) for _ in range(3)], FlightMemory(3.0, 20.0), (0,))


def separation_sample(world, rng):
    states = []
    for posture in (0.0, 0.3, 1.0):
        performer, motorcycle = pose(rng, 22.0), pose(rng, 20.0)
        states.append([*performer[:10], 3.0, -8.0, 1.0, posture, *motorcycle])
    push = np.array([-1.0, -0.3, 1.7])
    return Sample(SeparationPhase(), states, SeparationMemory(1.0, 0.9, 1.2, 20.0, push), (0, 14))


def tumble_sample(world, rng):
    return Sample(TumblePhase(), [pose(rng, 40.0) for _ in range(3)], TumbleMemory(0.3, 20.0), (0,))


def slide_sample(world, rng):
    # On the wall, on the talus below it, and in the air.
    out = np.asarray(world.terrain.ground.outward)
    foot = np.asarray(world.terrain.ground.starts[3])
    tangent = np.array([out[1], -out[0], 0.0])
    states = []
    for further, radius in ((30.0, 1.28), (200.0, 1.29), (300.0, 4.0)):
        slope = -float(world.terrain.ground.along[3, 1] / world.terrain.ground.along[3, 0])
        normal = np.array([slope * out[0], slope * out[1], 1.0]) / np.hypot(1.0, slope)
        place = (foot[0] + further) * out + [0.0, 0.0, foot[1] - slope * further] + radius * normal
        states.append([*place, *(6.0 * out + 2.0 * tangent - [0.0, 0.0, 5.0])])
    return Sample(SlidePhase(), states, SlideMemory(LEVEL_ATTITUDE), (0,))


SAMPLES = {
    "run-up": run_up_sample,
    "ramp": ramp_sample,
    "flight": flight_sample,
    "separation": separation_sample,
    "tumble": tumble_sample,
    "slide": slide_sample,
}
AT = jnp.asarray(1.05)
MAX_STEPS = {RampPhase: 4096}
"""As in tests/published, to share their programs."""


@pytest.fixture(scope="module")
def windy(world, change):
    """The shipped world in a wind off the edge of 7 m/s at the lip, so that upwash or rotor are there too."""
    turned = jnp.broadcast_to(jnp.array([-6.0, 3.5]), world.wind.velocities.shape)
    return change(world, {"wind.velocities": turned})


@pytest.fixture(scope="module", params=SAMPLES)
def sample(request, windy):
    found = SAMPLES[request.param](windy, np.random.default_rng(7))
    states = jnp.stack([jnp.asarray(state, float) for state in found.states])
    return found._replace(states=states, memory=numbers(found.memory))


def answers(phase, t, state, world, memory):
    """Return everything that a phase answers."""
    return {
        "rates": phase.vector_field(t, state, world, memory),
        "margins": phase.margins(t, state, world, memory),
        "record": phase.record(t, state, world, memory),
        "step": phase.step_limit(t, state, world, memory),
    }


compiled = eqx.filter_jit(answers)
batched = eqx.filter_jit(jax.vmap(answers, in_axes=(None, None, 0, None, None)))


def assert_same(found, expected, tolerance=1e-12):
    for (path, a), b in zip(
        jax.tree_util.tree_leaves_with_path(found), jax.tree.leaves(expected), strict=True
    ):
        scale = max(1.0, float(np.max(np.abs(b))))
        np.testing.assert_allclose(a, b, rtol=0.0, atol=tolerance * scale, err_msg=jax.tree_util.keystr(path))


def test_compiled_is_uncompiled(sample, windy):
    state = sample.states[1]
    plain = answers(sample.phase, AT, state, windy, sample.memory)
    assert_same(compiled(sample.phase, AT, state, windy, sample.memory), plain)
    assert all(np.all(np.isfinite(leaf)) for leaf in jax.tree.leaves(plain))


def test_batch_is_loop(sample, windy):
    together = batched(sample.phase, AT, sample.states, windy, sample.memory)
    for k, state in enumerate(sample.states):
        alone = compiled(sample.phase, AT, state, windy, sample.memory)
        assert_same(jax.tree.map(lambda leaf, k=k: leaf[k], together), alone)


TURN = 0.83
"""Clockwise, like a bearing [rad]."""
TURNING = Rotation.from_rotvec([0.0, 0.0, -TURN])


def turned_vectors(vectors):
    """Return rows of two or three components turned about the vertical."""
    vectors = np.asarray(vectors)
    return jnp.asarray(vectors @ TURNING.as_matrix()[: vectors.shape[-1], : vectors.shape[-1]].T)


def turned_attitude(attitude):
    """Return an attitude, or a rate of one, with the turn before it (quaternion product, scalar first)."""
    scalar, axis = np.cos(-0.5 * TURN), np.array([0.0, 0.0, np.sin(-0.5 * TURN)])
    w, v = float(attitude[0]), np.asarray(attitude[1:])
    return jnp.asarray([scalar * w - axis @ v, *(scalar * v + w * axis + np.cross(axis, v))])


def turned_state(state, bodies):
    state = np.array(state)
    for at in bodies:
        state[at : at + 3] = turned_vectors(state[at : at + 3])
        state[at + 3 : at + 6] = turned_vectors(state[at + 3 : at + 6])
        if len(state) > 6:
            state[at + 6 : at + 10] = turned_attitude(state[at + 6 : at + 10])
    return jnp.asarray(state)


def turned_world(world, change):
    vectors = [
        "site.outward",
        "site.flown",
        "site.launch",
        "wind.velocities",
        "wind.outward",
        "wind.gust.along",
        "terrain.ground.outward",
    ]
    found = {}
    for name in vectors:
        value = world
        for part in name.split("."):
            value = getattr(value, part)
        found[name] = turned_vectors(value)
    return change(world, found | {"run_up.bearing": world.run_up.bearing + TURN})


def turned_memory(memory):
    if isinstance(memory, SeparationMemory):
        return memory._replace(push=turned_vectors(memory.push))
    if isinstance(memory, SlideMemory):
        return SlideMemory(turned_attitude(memory.attitude))
    return memory


def test_turned_world_gives_the_turned_result(sample, windy, change):
    world, memory = turned_world(windy, change), turned_memory(sample.memory)
    for state in sample.states:
        plain = compiled(sample.phase, AT, state, windy, sample.memory)
        found = compiled(sample.phase, AT, turned_state(state, sample.bodies), world, memory)
        assert_same(found["rates"], turned_state(plain["rates"], sample.bodies), 1e-10)
        assert_same([found["margins"], found["step"]], [plain["margins"], plain["step"]], 1e-10)
        records = [(plain["record"], found["record"])]
        if isinstance(memory, SeparationMemory):
            records = list(zip(plain["record"], found["record"], strict=True))
        for one, other in records:
            expected = one._replace(
                position=turned_vectors(one.position), velocity=turned_vectors(one.velocity)
            )
            same_attitude = abs(float(turned_attitude(one.attitude) @ other.attitude))
            assert same_attitude == pytest.approx(1.0, abs=1e-10)
            assert_same(other._replace(attitude=expected.attitude), expected, 1e-10)


def test_turned_world_is_another_world(windy, change):
    # The test above would hold for a turn of nothing.
    sample = tumble_sample(windy, np.random.default_rng(7))
    state, memory = jnp.asarray(sample.states[0]), numbers(sample.memory)
    plain = compiled(sample.phase, AT, state, windy, memory)["rates"]
    other = compiled(sample.phase, AT, state, turned_world(windy, change), memory)["rates"]
    assert np.max(np.abs(plain - other)) > 0.1


# ----------------------------------------------------------------------------------------------------- energy


field = eqx.filter_jit(lambda phase, t, state, world, memory: phase.vector_field(t, state, world, memory))


def flown(phase, state, world, memory, seconds):
    """Return a function of time: the state, integrated by DOP853."""

    def rates(t, y):
        return np.asarray(field(phase, jnp.asarray(t), jnp.asarray(y), world, memory))

    return solve_ivp(rates, (0.0, seconds), np.asarray(state, float), "DOP853", rtol=1e-10, atol=1e-11)


def assert_energy_balance(
    phase, state, world, memory, seconds, energy: Callable, power: Callable, tolerance=1e-8, least=1e-3
):
    """Check that energy changes by the work of `power`, both functions of time and state.

    `least`: the work, over the energy at the start, below which nothing would have been tested.
    """
    memory = numbers(memory)

    def rates(t, y):
        motion = np.asarray(field(phase, jnp.asarray(t), jnp.asarray(y[:-1]), world, memory))
        return [*motion, power(t, y[:-1])]

    begin = np.asarray(state, float)
    end = solve_ivp(rates, (0.0, seconds), [*begin, 0.0], "DOP853", rtol=1e-10, atol=1e-11).y[:, -1]
    before, after, work = energy(begin), energy(end[:-1]), end[-1]
    scale = max(abs(before), abs(work))
    assert abs(work) >= least * scale
    assert after - before == pytest.approx(work, abs=tolerance * scale)


DENSITY = 1.1


def drag_power(velocity, area):
    """Return the power of drag in still air [W]: against the motion, quadratic."""
    return -0.5 * DENSITY * area * float(np.linalg.norm(velocity)) ** 3


def inertia(*values):
    return np.array([float(value) for value in values])


@pytest.mark.parametrize("braking", [True, False])
def test_energy_on_the_run_up(calm, change, braking):
    # 108 kg and 90 kg; wheels of 0.60 and 0.77 kg m^2 with 0.34 m radius turn with the motion, and so does
    # the crank, 0.006 kg m^2 at one radian for each 0.01785 m.
    mass, slope, friction, rolling, area = 198.0, 0.1, 0.55, 0.03, 0.65
    turning = (0.60 + 0.77) / 0.34**2 + 0.006 / 0.01785**2
    power = 20e3
    world = change(
        calm,
        {
            "run_up.slope": slope,
            "run_up.friction": jnp.full(4, friction if braking else 1e3),
            "run_up.rolling_resistance": jnp.full(4, rolling),
            "vehicle.cg_height": 0.86 if braking else 1e-4,
            "vehicle.power": power * 1.225 / DENSITY,
            "performer.steering_noise": 0.0,
            "performer.braking_efficiency": 0.7,
            "performer.brake_build_up": 0.25,
            "plan.acceleration": 1e6,
        },
    )

    def work(t, state):
        speed = state[1]
        resisting = -rolling * mass * G * np.cos(slope) * speed + drag_power(speed, area)
        if not braking:
            return resisting + power
        return resisting - min(t / 0.25, 1.0) * 0.7 * friction * mass * G * np.cos(slope) * speed

    def energy(state):
        return 0.5 * (mass + turning) * state[1] ** 2 + mass * G * state[0] * np.sin(slope)

    memory = RunUpMemory(1e3, 0.0 if braking else NEVER, 1e3)
    assert_energy_balance(RunUpPhase(), [0.0, 15.0, 0.0, 0.0], world, memory, 1.5, energy, work)


def test_energy_on_the_ramp(calm, change):
    # Springs without damping, nothing rolls or blows: energy stays. A wheel presses on the nearest point of
    # the ramp, found in one step: exact on a straight ramp, on a curve to compression over radius, squared.
    values = (0.0, np.deg2rad(20.0), 30.0, 6.0, 1.0, 0.7, 0.0)
    stiffness = {"vehicle.front_stiffness": 6e3, "vehicle.rear_stiffness": 8e3}
    world = change(
        calm,
        {
            "ramp": build_ramp(*(jnp.asarray(x) for x in values)),
            "vehicle.front_damping": 0.0,
            "vehicle.rear_damping": 0.0,
            "vehicle.drag_area": 0.0,
            **stiffness,
        },
    )
    mass, height, back, base = 198.0, 0.86, 0.70, 1.485
    static = {-back: mass * G * (base - back) / base / 8e3, base - back: mass * G * back / base / 6e3}

    centre = np.array([-float(world.ramp.base), 30.0 - float(world.ramp.height)])

    def below_the_ramp(wheel):
        """Return how far a place is below the true ramp: level ground, circle, straight end."""
        if wheel[0] < centre[0]:
            return -float(world.ramp.height) - wheel[1]
        away = wheel - centre
        if np.arctan2(away[0], -away[1]) < np.deg2rad(20.0):
            return np.linalg.norm(away) - 30.0
        return wheel @ [np.sin(np.deg2rad(20.0)), -np.cos(np.deg2rad(20.0))]

    def energy(state):
        x, z, pitch, *rate = np.asarray(state)
        spring = 0.0
        for (ahead, deflection), k in zip(static.items(), (8e3, 6e3), strict=True):
            down = height + deflection
            forth, up = (
                ahead * np.cos(pitch) + down * np.sin(pitch),
                ahead * np.sin(pitch) - down * np.cos(pitch),
            )
            wheel = np.array([x + forth, z + up])
            spring += 0.5 * k * max(below_the_ramp(wheel), 0.0) ** 2
        return 0.5 * mass * (rate[0] ** 2 + rate[1] ** 2) + 0.5 * 50.0 * rate[2] ** 2 + mass * G * z + spring

    memory = numbers(RampMemory(1.0, NEVER, 0.0, 0.0, 0.0))

    def drift(state, seconds):
        end = flown(RampPhase(), state, world, memory, seconds).y[:, -1]
        kinetic = 0.5 * mass * (end[3] ** 2 + end[4] ** 2)
        return (energy(end) - energy(state)) / kinetic, end

    whole, end = drift(standing_state(world, jnp.asarray(18.0)), 0.8)
    assert end[1] > -1.0
    assert abs(whole) < 3e-4
    # On the straight end alone, bouncing and pitching.
    slope = np.deg2rad(20.0)
    place = np.array([-4.5 * np.cos(slope) - 0.8 * np.sin(slope), -4.5 * np.sin(slope) + 0.8 * np.cos(slope)])
    straight, _ = drift([*place, slope + 0.02, 16.0 * np.cos(slope), 16.0 * np.sin(slope) - 0.5, 0.2], 0.15)
    assert abs(straight) < 1e-8


def test_energy_in_flight(calm, change):
    mass, area, ahead = 198.0, 0.65, 0.15
    about = inertia(26.0, 50.0, 31.0)
    world = change(calm, {"vehicle.pressure_centre_height": ahead, "vehicle.lift_area": 0.09})
    state = pose(np.random.default_rng(3), 25.0)

    def energy(state):
        moving = 0.5 * mass * state[3:6] @ state[3:6] + mass * G * state[2]
        return moving + 0.5 * state[10:13] @ (about * state[10:13])

    def work(_, state):
        # Lift does no work in still air. Drag acts above the centre of mass and so turns the body.
        force = -0.5 * DENSITY * area * np.linalg.norm(state[3:6]) * state[3:6]
        body = Rotation.from_quat(state[6:10], scalar_first=True).inv().apply(force)
        moment = np.cross([0.0, 0.0, ahead], body)
        return force @ state[3:6] + moment @ state[10:13]

    assert_energy_balance(FlightPhase(), state, world, FlightMemory(9.0, 20.0), 1.5, energy, work)


def test_energy_in_the_push(calm, change):
    rider, bike, duration, ahead = 90.0, 108.0, 0.25, 0.1
    areas = {"performer.upright_drag_area": 0.8, "performer.head_on_fraction": 1.0, "plan.push_offset": ahead}
    areas |= {"body.inline_drag_area": 0.84, "body.drag_area": 0.84}
    world = change(calm, areas | {"performer.mass": rider, "body.mass": bike, "plan.push_time": duration})
    body, frame = inertia(14.91, 13.44, 1.48), inertia(5.0, 22.0, 19.0)
    push = np.array([-1.5, 0.4, 1.7])
    rng = np.random.default_rng(5)
    performer, motorcycle = np.array(pose(rng, 22.0)), np.array(pose(rng, 22.0))
    motorcycle[:6] = performer[:6] + np.array([0.1, 0.2, -0.6, 0.3, -0.2, 0.1])
    state = np.array([*performer[:10], 2.0, -6.0, 0.3, 0.0, *motorcycle])

    def energy(state):
        moving = 0.5 * rider * state[3:6] @ state[3:6] + 0.5 * bike * state[17:20] @ state[17:20]
        turning = 0.5 * state[10:13] @ (state[10:13] / body) + 0.5 * state[24:27] @ (frame * state[24:27])
        return moving + turning + G * (rider * state[2] + bike * state[16])

    def work(t, state):
        force = push * rider * bike / (rider + bike) * 0.5 * np.pi / duration * np.sin(np.pi * t / duration)
        turns = [Rotation.from_quat(state[k : k + 4], scalar_first=True) for k in (6, 20)]
        point = state[:3] + turns[0].apply([ahead, 0.0, 0.0])
        spins = turns[0].apply(state[10:13] / body), turns[1].apply(state[24:27])
        at_performer = state[3:6] + np.cross(spins[0], point - state[:3])
        at_motorcycle = state[17:20] + np.cross(spins[1], point - state[14:17])
        air = drag_power(state[3:6], 0.8) + drag_power(state[17:20], 0.84)
        return force @ (at_performer - at_motorcycle) + air

    memory = SeparationMemory(1.0, 0.0, duration, 20.0, push)
    assert_energy_balance(SeparationPhase(), state, world, memory, duration, energy, work)


def test_energy_of_the_tumbling_motorcycle(calm, change):
    mass, area = 108.0, 0.84
    about = inertia(5.0, 22.0, 19.0)
    world = change(calm, {"body.inline_drag_area": area, "body.lift_fraction": 0.2})

    def energy(state):
        return mass * (0.5 * state[3:6] @ state[3:6] + G * state[2])

    def work(_, state):
        return drag_power(state[3:6], area)

    def turning(state):
        return 0.5 * state[10:13] @ (about * state[10:13])

    state = pose(np.random.default_rng(11), 30.0)
    memory = TumbleMemory(0.0, 20.0)
    assert_energy_balance(TumblePhase(), state, world, memory, 2.0, energy, work)
    end = flown(TumblePhase(), state, world, numbers(memory), 2.0).y[:, -1]
    assert turning(end) == pytest.approx(turning(np.array(state)), rel=1e-8)


def test_energy_of_the_slide(calm, change):
    # Restitution near one: the ground is a spring. It takes energy by friction alone, and the air by drag.
    area, radius, friction = 0.84, 1.3, 0.6
    world = change(
        calm,
        {"body.restitution": 1.0 - 1e-12, "body.slide_friction": friction, "terrain.up": -100.0},
    )

    def depth(state):
        return max(radius - (state[2] + 100.0), 0.0)

    def energy(state):
        return 0.5 * state[3:6] @ state[3:6] + G * state[2] + 0.5 * (CONTACT_RATE * depth(state)) ** 2

    def work(_, state):
        along = np.hypot(state[3], state[4])
        rubbing = friction * CONTACT_RATE**2 * depth(state) * along * np.tanh(along / CREEP)
        return drag_power(state[3:6], area) / 108.0 - rubbing

    state = [0.0, 0.0, -100.0 + radius + 0.5, 9.0, -5.0, -3.0]
    memory = SlideMemory(LEVEL_ATTITUDE)
    assert_energy_balance(SlidePhase(), state, world, memory, 1.2, energy, work, tolerance=1e-7)


def test_energy_balance_can_fail(calm, change):
    world = change(calm, {"body.inline_drag_area": 0.84})
    state, memory = pose(np.random.default_rng(11), 30.0), TumbleMemory(0.0, 20.0)
    with pytest.raises(AssertionError):
        assert_energy_balance(
            TumblePhase(),
            state,
            world,
            memory,
            1.0,
            lambda y: 108.0 * (0.5 * y[3:6] @ y[3:6] + G * y[2]),
            lambda _, y: drag_power(y[3:6], 0.83),
        )


@pytest.mark.parametrize("restitution", [0.2, 0.3, 0.4, 0.8])
def test_rebound_is_the_restitution(calm, change, restitution):
    # Restitution is rebound speed over impact speed. At 62.5 m/s gravity during the contact is worth 1.5 %.
    none = {"body.drag_area": 0.0, "terrain.up": 0.0}
    world = change(calm, none | {"body.restitution": restitution})
    radius = float(world.body.radius)
    track = flown(SlidePhase(), [0, 0, radius, 0, 0, -62.5], world, numbers(SlideMemory(LEVEL_ATTITUDE)), 0.6)
    assert track.y[5].max() / 62.5 == pytest.approx(restitution, abs=0.015)


# ----------------------------------------------------------------------------------------------------- events


class Ending(NamedTuple):
    """A leg with a known end: changes to the world, start, memory, and the margin that ends it."""

    phase: Any
    changes: dict[str, Any]
    state: Any
    memory: Any
    margin: str


def falling(*, z=0.0, velocity=(15.0, -4.0, 0.0)):
    return [0.0, 0.0, z, *velocity, *LEVEL_ATTITUDE, 0.1, -0.4, 0.2]


ENDINGS = {
    "run-up end": Ending(RunUpPhase, {}, [30.0, 14.0, 0.1, 0.0], RunUpMemory(50.0, NEVER, 16.0), "end"),
    "run-up stopped": Ending(RunUpPhase, {}, [0.0, 9.0, 0.0, 0.0], RunUpMemory(75.0, 0.0, 16.0), "stopped"),
    "run-up right side": Ending(RunUpPhase, {}, [5.0, 9.0, 0.9, 0.2], RunUpMemory(75.0, NEVER, 16.0), "side"),
    "run-up left side": Ending(
        RunUpPhase, {}, [5.0, 9.0, -0.9, -0.2], RunUpMemory(75.0, NEVER, 16.0), "side"
    ),
    "ramp lip": Ending(RampPhase, {}, None, RampMemory(1.0, NEVER, 0.0, 0.0, 2.6), "lip"),
    "flight release": Ending(FlightPhase, {}, falling(), FlightMemory(1.0, 20.0), "release"),
    "flight strike": Ending(FlightPhase, {"terrain.up": -30.0}, falling(), FlightMemory(9.0, 20.0), "strike"),
    "separation time": Ending(
        SeparationPhase,
        {},
        [*falling()[:10], 1.0, -2.0, 0.5, 0.0, *falling(z=-0.6)],
        SeparationMemory(1.0, 0.0, 0.25, 20.0, np.array([-1.0, 0.3, 1.7])),
        "time",
    ),
    "separation clear": Ending(
        SeparationPhase,
        {},
        [*falling(velocity=(13.0, -4.0, 2.0))[:10], 1.0, -2.0, 0.5, 0.0, *falling(z=-0.9)],
        SeparationMemory(0.0, 0.0, 9.0, 20.0, np.zeros(3)),
        "clear",
    ),
    "tumble contact": Ending(
        TumblePhase, {"terrain.up": -80.0}, falling(), TumbleMemory(0.0, 20.0), "contact"
    ),
    "slide rest": Ending(
        SlidePhase, {"terrain.up": -1.3}, [0, 0, 0.01, 4.0, 1.0, 0.5], SlideMemory(LEVEL_ATTITUDE), "rest"
    ),
}


@pytest.mark.parametrize("name", ENDINGS)
def test_event_is_the_same_from_far_near_and_beyond(fly, calm, change, name):
    kind, changes, state, memory, margin = ENDINGS[name]
    world, phase, memory = change(calm, changes), kind(), numbers(memory)
    if state is None:
        state = standing_state(world, jnp.asarray(19.0))
    end = fly(kind, 0.0, state, world, memory, max_steps=MAX_STEPS.get(kind, 1024))
    assert bool(end.resolved)
    assert bool(end.flown)
    margins = phase.margins(end.t, end.state, world, memory)
    assert list(margins)[int(end.margin)] == margin
    # Event times are found to 1e-11 s; the fastest margin here changes at 40 m/s.
    assert abs(float(margins[margin])) < 1e-8
    shift = 1e-4
    backward = solve_ivp(
        lambda t, y: -np.asarray(field(phase, end.t - t, jnp.asarray(y), world, memory)),
        (0.0, shift),
        np.asarray(end.state),
        "DOP853",
        rtol=1e-12,
        atol=1e-12,
    ).y[:, -1]
    near = fly(kind, end.t - shift, backward, world, memory, max_steps=MAX_STEPS.get(kind, 1024))
    assert bool(near.flown)
    assert float(near.t) == pytest.approx(float(end.t), abs=1e-9)
    np.testing.assert_allclose(near.state, end.state, atol=1e-7)
    beyond = np.asarray(end.state) + shift * np.asarray(field(phase, end.t, end.state, world, memory))
    past = fly(kind, end.t + shift, beyond, world, memory, max_steps=MAX_STEPS.get(kind, 1024))
    assert not bool(past.flown)
    assert bool(past.resolved)
    assert int(past.margin) == int(end.margin)
    np.testing.assert_array_equal(past.state, beyond)


def test_batched_leg_is_the_lone_leg(fly, calm, change):
    world, memory = change(calm, {"terrain.up": -80.0}), numbers(TumbleMemory(0.0, 20.0))
    states = jnp.asarray([falling(), falling(velocity=(20.0, 3.0, 5.0)), falling(z=30.0)])

    @eqx.filter_jit
    def together(states, world):
        def one(state):
            return fly_leg(
                TumblePhase(),
                jnp.asarray(0.0),
                state,
                world,
                memory,
                jnp.asarray(True),
                600.0,
                Tolerance(),
                1024,
            )

        return jax.vmap(one)(states)

    ends = together(states, world)
    for k, state in enumerate(states):
        alone = fly(TumblePhase, 0.0, state, world, memory)
        assert int(alone.steps) == int(ends.steps[k])
        # The event's time is found to 1e-11 s, at some 30 m/s.
        assert_same([ends.t[k], ends.state[k]], [alone.t, alone.state], 1e-10)


class ThinWall(eqx.Module):
    """A vertical sheet of rock, one metre thick, across the way; nothing else."""

    east: jax.Array

    def distance(self, position):
        return jnp.abs(position[0] - self.east) - 0.5

    def height_above(self, position):
        return position[2] + 1e4

    def known(self, position):
        return 1e5 + 0.0 * position[2]


class Unlimited(AbstractPhase):
    """The tumbling motorcycle for a solver that knows nothing of the rock between its steps."""

    def vector_field(self, t, state, world, memory):
        return TumblePhase().vector_field(t, state, world, memory)

    def margins(self, t, state, world, memory):
        return TumblePhase().margins(t, state, world, memory)

    def record(self, t, state, world, memory):
        return TumblePhase().record(t, state, world, memory)

    def step_limit(self, t, state, world, memory):
        return 100.0 + 0.0 * t


def thrown_at_a_wall(fly, calm, change, kind):
    world = change(calm, {"terrain": ThinWall(jnp.asarray(50.0)), "body.tumble_period": 100.0})
    loose = Tolerance(relative=1e-2, absolute=1e-2, event=1e-6, longest=100.0)
    state = falling(velocity=(60.0, 0.0, 2.0))
    return fly(kind, 0.0, state, world, TumbleMemory(0.0, 20.0), longest=3.0, tolerance=loose, max_steps=256)


def test_no_tunnelling(fly, calm, change):
    end = thrown_at_a_wall(fly, calm, change, TumblePhase)
    assert bool(end.resolved)
    # Stopped where its sphere of 1.3 m touches the sheet, within the event's tolerance.
    assert float(end.state[0]) == pytest.approx(50.0 - 0.5 - 1.3, abs=60.0 * 1e-6)


def test_without_step_limits_it_would_tunnel(fly, calm, change):
    end = thrown_at_a_wall(fly, calm, change, Unlimited)
    assert not bool(end.resolved)
    assert float(end.state[0]) > 60.0
