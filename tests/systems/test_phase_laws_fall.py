"""Laws that every phase from exit to touchdown obeys: energy, momentum, frames, compilation, batches, events.

Exact answers carry their derivation; nothing here repeats an equation of motion. The two worlds: `calm`
(air of one density, flat rock far below) and `lively` (a drawn run of the shipped scenario: cliff, standard
air, wind, gusts).
"""

from pathlib import Path
from types import SimpleNamespace

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import solve_ivp

GRAVITY = 9.80665
RUNS = 3
PHASES = ("freefall", "deployment", "inflation", "canopy")


# ------------------------------------------------------------------------------------ worlds and states


@pytest.fixture(scope="module")
def worlds(scenario):
    """Three drawn runs, with more wind than the plan has, stacked."""
    from precipice.campaign.draws import draw
    from precipice.world.arrange import arrange, value_keys
    from precipice.world.build import build_world

    keys = value_keys(scenario)
    inputs = [arrange(scenario, draw(scenario, 11, run)) for run in range(RUNS)]
    stacked = jax.tree.map(lambda *leaves: jnp.asarray(np.stack(leaves)), *inputs)
    built = jax.jit(jax.vmap(lambda one: build_world(one, keys)))(stacked)
    wind = jnp.array([[[-2.5, 3.0]]]) + built.wind.velocities
    return eqx.tree_at(lambda w: w.wind.velocities, built, wind)


@pytest.fixture(scope="module")
def lively(worlds):
    return jax.tree.map(lambda leaf: leaf[0], worlds)


def _escort(clear=1.0):
    from precipice.phases.escort import Escort

    def number(value):
        return jnp.asarray(float(value))

    return Escort(
        begin=number(0),
        end=number(12),
        track=jnp.array([[0.0, 0.0, 0.0, -20.0, -4.0, 3.0], [-250.0, -70.0, -450.0, -15.0, -3.0, -50.0]]),
        clear=number(clear),
        reach=number(2.3),
        radius=number(1.3),
    )


def _attitude(rng):
    four = rng.normal(size=4)
    return four / np.linalg.norm(four)


def _made(name, world, seed, leg=0):
    """One phase, a time, a state and a memory for it; random, but such as occur."""
    from precipice.phases.canopy import CanopyMemory, CanopyPhase
    from precipice.phases.deployment import DeploymentMemory, DeploymentPhase
    from precipice.phases.freefall import FreefallMemory, FreefallPhase
    from precipice.phases.inflation import InflationMemory, InflationPhase
    from precipice.phases.pilot import plan_approach

    rng = np.random.default_rng([seed, PHASES.index(name), leg])

    def number(value):
        return jnp.asarray(float(value))

    position = np.asarray(world.site.outward) * rng.uniform(60, 200) + rng.normal(size=3) * [20, 20, 10]
    position[2] -= 120.0
    velocity = np.asarray(world.site.outward) * 15 + rng.normal(size=3) * 4 + [0.0, 0.0, -30.0]
    path = rng.uniform(0.0, 30.0, size=2)
    t, attitude = number(rng.uniform(4.0, 6.0)), _attitude(rng)
    if name == "freefall":
        phase, memory = FreefallPhase(), FreefallMemory(number(2.0), number(7.0), number(leg % 2), _escort())
        rest = [attitude, rng.normal(size=3) * 8.0, [rng.uniform(0.1, 0.9)], path]
    elif name == "deployment":
        attitude = jnp.asarray(attitude)
        memory = DeploymentMemory(number(leg % 3), t - 0.1, number(0.6), attitude, _escort())
        phase, rest = DeploymentPhase(), [path, [1.2, 25.0]]
    elif name == "inflation":
        attitude = jnp.asarray(attitude)
        memory = InflationMemory(t - 0.7, number(1.9), number(0.6), attitude, _escort())
        phase, rest = InflationPhase(), [path]
    else:
        velocity = velocity * [0.5, 0.5, 0.12]
        approach = plan_approach(jnp.asarray(position), world)
        memory = CanopyMemory(number(leg % 7), t - 0.4, t + 1.0, t + 12.0, approach)
        heading = np.arctan2(velocity[0], velocity[1]) + rng.normal() * 0.3
        phase, rest = CanopyPhase(), [[heading, rng.normal() * 0.4, rng.uniform(), rng.uniform(-1, 1)], path]
    return phase, t, jnp.asarray(np.concatenate([position, velocity, *rest])), memory


CASES = [("freefall", 0), ("freefall", 1), *[("deployment", leg) for leg in range(3)], ("inflation", 0)]
CASES += [("canopy", leg) for leg in range(7)]
"""Phase and leg: every leg that a phase can fly."""


@pytest.fixture(scope="module")
def answers():
    """Function: all that a phase says about a state: rates, margins, record, longest step; compiled."""

    def asked(phase, t, state, world, memory):
        each = (phase.vector_field, phase.margins, phase.record, phase.step_limit)
        return tuple(answer(t, state, world, memory) for answer in each)

    return SimpleNamespace(
        compiled=eqx.filter_jit(asked), batched=eqx.filter_jit(jax.vmap(asked, (None, 0, 0, 0, 0)))
    )


def _assert_close(found, expected, tolerance):
    for one, other in zip(jax.tree.leaves(found), jax.tree.leaves(expected), strict=True):
        scale = 1.0 + np.max(np.abs(other))
        np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance * scale)


# ---------------------------------------------------------------------------------- compilation, batches


@pytest.mark.parametrize("name", PHASES)
def test_jit_is_no_jit(answers, lively, name):
    phase, *about = _made(name, lively, 1, leg=1)
    about.insert(2, lively)
    plain = phase.vector_field(*about), phase.margins(*about)
    _assert_close(answers.compiled(phase, *about)[:2], plain, 1e-12)


@pytest.mark.parametrize("name", PHASES)
def test_vmap_is_a_loop(answers, worlds, name):
    """A batch over runs, each with its own world, state and memory."""
    single = [jax.tree.map(lambda leaf, run=run: leaf[run], worlds) for run in range(RUNS)]
    made = [_made(name, world, 2 + run, leg=run) for run, world in enumerate(single)]
    loop = [answers.compiled(*given[:3], world, given[3]) for given, world in zip(made, single, strict=True)]

    def stack(trees):
        return jax.tree.map(lambda *leaves: jnp.stack(leaves), *trees)

    t, state, memory = (stack([given[k] for given in made]) for k in (1, 2, 3))
    _assert_close(answers.batched(made[0][0], t, state, worlds, memory), stack(loop), 1e-12)


# --------------------------------------------------------------------------------- rotation of the frame


def _turn(vector, angle):
    """Clockwise by a bearing."""
    vector = np.asarray(vector, float)
    c, s = np.cos(angle), np.sin(angle)
    return np.concatenate([vector[..., :2] @ np.array([[c, -s], [s, c]]), vector[..., 2:]], axis=-1)


def _turn_attitude(attitude, angle):
    """The rotation about up, clockwise, after the attitude: a product of quaternions."""
    w, z = np.cos(0.5 * angle), -np.sin(0.5 * angle)
    a, b, c, d = np.asarray(attitude)
    return np.array([w * a - z * d, w * b - z * c, w * c + z * b, w * d + z * a])


def _turn_world(world, angle):
    def turned(leaf):
        return jnp.asarray(_turn(leaf, angle))

    def vectors(w):
        return (
            w.site.outward,
            w.site.flown,
            w.site.launch,
            w.terrain.ground.outward,
            w.wind.outward,
            w.wind.gust.along,
        )

    world = eqx.tree_at(vectors, world, tuple(map(turned, vectors(world))))
    world = eqx.tree_at(
        lambda w: (w.wind.velocities, w.pattern.areas, w.terrain.cylinders), world, replace_fn=turned
    )

    def bearings(w):
        return (w.run_up.bearing, w.pattern.final_bearing)

    return eqx.tree_at(bearings, world, replace_fn=lambda bearing: bearing + angle)


def _turn_state(name, state, angle, rate=False):
    state = np.array(state)
    state[:3], state[3:6] = _turn(state[:3], angle), _turn(state[3:6], angle)
    if name == "freefall":
        state[6:10] = _turn_attitude(state[6:10], angle)
    if name == "canopy" and not rate:
        state[6] += angle
    return state


def _turn_memory(name, memory, state, world, angle):
    from precipice.phases.pilot import plan_approach

    if name == "canopy":
        return memory._replace(approach=plan_approach(state[:3], world))
    track = memory.escort.track
    turned = jnp.concatenate([_turn(track[:, :3], angle), _turn(track[:, 3:], angle)], axis=1)
    memory = memory._replace(escort=memory.escort._replace(track=turned))
    if name != "freefall":
        memory = memory._replace(attitude=jnp.asarray(_turn_attitude(memory.attitude, angle)))
    return memory


@pytest.mark.parametrize("angle", [0.7, -2.9])
@pytest.mark.parametrize(("name", "leg"), CASES)
def test_a_turned_stunt_is_the_same_stunt(answers, lively, name, leg, angle):
    """North is nothing special: turn site, wind, gusts, pattern and state, and all answers turn along."""
    phase, t, state, memory = _made(name, lively, 5, leg)
    field, margins, record, step = answers.compiled(phase, t, state, lively, memory)
    world = _turn_world(lively, angle)
    there = jnp.asarray(_turn_state(name, state, angle))
    facing = _turn_memory(name, memory, there, world, angle)
    field_there, margins_there, record_there, step_there = answers.compiled(phase, t, there, world, facing)
    _assert_close(field_there, _turn_state(name, field, angle, rate=True), 1e-9)
    _assert_close((margins_there, step_there), (margins, step), 1e-9)
    vectors = {
        "position": _turn(record.position, angle),
        "velocity": _turn(record.velocity, angle),
        "attitude": _turn_attitude(record.attitude, angle),
    }
    same_sign = np.sign(np.dot(vectors["attitude"], record_there.attitude))
    vectors["attitude"] = same_sign * vectors["attitude"]
    _assert_close(record_there, record._replace(**vectors), 1e-9)


def test_the_rotation_check_sees_a_fixed_north(answers, lively):
    """Left as it was, the wind gives the turned stunt away."""
    phase, t, state, memory = _made("inflation", lively, 5)
    world = _turn_world(lively, 0.7)
    world = eqx.tree_at(lambda w: w.wind.velocities, world, lively.wind.velocities)
    there = jnp.asarray(_turn_state("inflation", state, 0.7))
    facing = _turn_memory("inflation", memory, there, world, 0.7)
    field, *_ = answers.compiled(phase, t, state, lively, memory)
    field_there, *_ = answers.compiled(phase, t, there, world, facing)
    assert np.max(np.abs(field_there - _turn_state("inflation", field, 0.7, rate=True))) > 0.1


# ------------------------------------------------------------------------------------------ energy balance


WIND = np.array([3.0, -2.0, 0.0])


@pytest.fixture(scope="module")
def windy(calm, change):
    """Air that moves as a whole, no cliff in it: energy is balanced in the frame that moves with it."""
    numbers = {"wind.velocities": jnp.zeros_like(calm.wind.velocities) + WIND[None, :2]}
    return change(calm, numbers | {"wind.upwash": 0.0, "wind.rotor_reversal": -1.0, "wind.rotor_sink": 0.0})


@pytest.fixture(scope="module")
def rates():
    """Function: the compiled rates of a phase, for `solve_ivp`."""

    @eqx.filter_jit
    def rate(phase, t, state, world, memory):
        return phase.vector_field(t, state, world, memory)

    return rate


def _fly_with(rates, phase, state, world, memory, seconds, power=None):
    """States and, beside them, the integral of a power that is computed from each state."""
    memory = jax.tree.map(lambda leaf: jnp.asarray(leaf, float), memory)
    count = len(state)

    def rate(t, y):
        change = np.asarray(rates(phase, jnp.asarray(t), jnp.asarray(y[:count]), world, memory))
        return np.append(change, power(t, y[:count]) if power else 0.0)

    times = np.linspace(0.0, seconds, 21)
    start = np.append(np.asarray(state), 0.0)
    path = solve_ivp(rate, (0.0, seconds), start, method="DOP853", t_eval=times, rtol=1e-11, atol=1e-11)
    assert path.success
    return times, path.y[:count], path.y[count]


def _energy(path, mass):
    relative = path[3:6] - WIND[:, None]
    return 0.5 * mass * np.sum(relative**2, axis=0) + mass * GRAVITY * path[2]


@pytest.mark.parametrize("name", PHASES)
def test_energy_balance(rates, windy, name):
    """Kinetic and potential energy change by what drag takes: lift does no work, gravity is a potential.

    In the frame of the moving air the wind does no work either, so the air's power is minus drag times air
    speed, rho/2 (Cd A) V^3. A canopy's sideways drag takes its part: the sine of the sideslip squared.
    """
    from precipice.phases.posture import body_drag_area

    phase, _, state, memory = _made(name, windy, 8, leg=0)
    density, mass = float(windy.atmosphere.value), float(windy.performer.mass)
    rig = windy.rig
    frozen = {"freefall": {"exit": 0.0}, "deployment": {"start": 0.0}, "inflation": {"start": 0.0}}
    frozen["canopy"] = {"leg": 2.0, "opened": -100.0, "control": 0.0, "limit": 100.0}
    memory = memory._replace(**frozen[name])
    broadside = jax.jit(lambda posture, head, air: body_drag_area(windy.performer, posture, head, air))

    def area(t, y, air):
        if name == "freefall":
            w, x, y_, z = y[6:10] / np.linalg.norm(y[6:10])
            head = np.array([2 * (x * z + w * y_), 2 * (y_ * z - w * x), 1 - 2 * (x * x + y_ * y_)])
            return float(broadside(y[13], head, air))
        if name == "deployment":
            return float(memory.drag_area)
        if name == "inflation":
            own, full = float(memory.drag_area), float(rig.opening_drag_coefficient * rig.canopy_area)
            return own + (full - own) * (t / float(memory.fill_time)) ** float(rig.fill_exponent)
        _, drag = rig.coefficients(jnp.asarray(y[8] + 0.3 * abs(y[9])))
        right = np.array([np.cos(y[6]), -np.sin(y[6]), 0.0])
        sideslip = air @ right / np.linalg.norm(air)
        return float(rig.canopy_area) * (float(drag) + float(rig.sideslip_drag) * sideslip**2)

    def power(t, y):
        air = y[3:6] - WIND
        return -0.5 * density * area(t, y, air) * np.linalg.norm(air) ** 3

    seconds = {"freefall": 4.0, "deployment": 3.0, "inflation": 1.9, "canopy": 4.0}[name]
    _, path, work = _fly_with(rates, phase, state, windy, memory, seconds, power)
    energy = _energy(path, mass)
    assert abs(work[-1]) > 1e3
    np.testing.assert_allclose(energy - energy[0], work, rtol=1e-7, atol=1e-6 * abs(work[-1]))


# ------------------------------------------------------------------------------------------- free rotation


def _in_space(path):
    """Angular momentum in east-north-up, from body axes, by the rotation matrix of the quaternion."""
    found = []
    for q, momentum in zip(path[6:10].T, path[10:13].T, strict=True):
        w, x, y, z = q / np.linalg.norm(q)
        matrix = [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
        found.append(np.array(matrix) @ momentum)
    return np.array(found)


def test_angular_momentum_in_a_vacuum(rates, calm, change):
    """Nothing turns a body in a vacuum: its angular momentum keeps length and direction while it opens up."""
    empty = change(calm, {"atmosphere.value": 0.0})
    phase, _, state, memory = _made("freefall", empty, 21)
    state = state.at[10:13].set(jnp.array([6.0, 20.0, 3.0])).at[13].set(0.0)
    _, path, _ = _fly_with(rates, phase, state, empty, memory._replace(exit=0.0), 6.0)
    space = _in_space(path)
    np.testing.assert_allclose(space, np.broadcast_to(space[0], space.shape), atol=1e-7)
    np.testing.assert_allclose(np.linalg.norm(path[6:10], axis=0), 1.0, atol=1e-9)
    # The body axes have turned meanwhile, so the constancy above is not trivial.
    assert np.max(np.abs(path[10:13] - path[10:13, :1])) > 1.0


def test_opening_up_slows_the_rotation(rates, calm, change):
    """From compact (4.21 kg m^2 in pitch) to layout (13.4): 3.2 times slower (published inertias, T12).

    The posture follows its command with one lag: its distance from the end falls by e in each.
    """
    numbers = {"atmosphere.value": 0.0, "performer.posture_lag": 0.75}
    numbers |= {"performer.standing_inertia": jnp.array([4.68, 4.21, 3.38])}
    numbers |= {"performer.spread_inertia": jnp.array([14.9, 13.4, 1.48])}
    empty = change(calm, numbers)
    phase, _, state, memory = _made("freefall", empty, 22)
    rate = np.deg2rad(120.0)
    state = state.at[6:14].set(jnp.array([1.0, 0.0, 0.0, 0.0, 0.0, 4.21 * rate, 0.0, 0.0]))
    times, path, _ = _fly_with(rates, phase, state, empty, memory._replace(exit=0.0), 9.0)
    np.testing.assert_allclose(1.0 - path[13], np.exp(-times / 0.75), atol=1e-8)
    # The pitch angle is twice the quaternion's half angle; its rate at the end, over the last interval.
    angle = np.unwrap(2.0 * np.arctan2(path[8], path[6]))
    slow = (angle[-1] - angle[-2]) / (times[-1] - times[-2])
    fast = rate
    assert fast / slow == pytest.approx(3.2, abs=0.05)
    assert fast / slow == pytest.approx(13.4 / 4.21, rel=1e-4)


@pytest.mark.parametrize(
    ("speed", "damping", "time_constant"),
    [(5.0, 1.4, 9.8), (10.0, 2.7, 4.9), (20.0, 5.5, 2.4), (30.0, 8.2, 1.6), (50.0, 13.7, 1.0)],
)
def test_air_damps_the_rotation(calm, change, speed, damping, time_constant):
    """Damping in pitch [N m s] and its time constant for 13.4 kg m^2, strip theory of a body 1.80 x 0.40 m.

    A strip at x moves at q x across the flow: its drag changes by rho V Cd w q x, with lever x; over
    the length that is rho V Cd w L^3 / 12. Printed to two figures.
    """
    assert _damping_moment(calm, change, speed, 0.01) / 0.01 == pytest.approx(damping, abs=0.06)
    assert 13.4 / damping == pytest.approx(time_constant, rel=0.03)


def test_damping_at_rest(calm, change):
    """Without flow each strip drags by its own speed: rho Cd w (L^4 / 64) q^2 = 0.092 q^2."""
    for rate in (1.0, -3.0):
        assert _damping_moment(calm, change, 0.0, rate) == pytest.approx(0.092 * rate * abs(rate), rel=0.01)


def _damping_moment(calm, change, speed, rate):
    from precipice.phases.posture import body_moment

    numbers = {"performer.height": 1.80, "performer.body_width": 0.40}
    numbers |= {"performer.control_volume": 0.0, "performer.stability_volume": 0.0}
    body = change(calm, numbers).performer
    air_velocity = jnp.array([speed, 0.0, 0.0])
    level, spin = jnp.array([1.0, 0.0, 0.0, 0.0]), jnp.array([0.0, rate, 0.0])
    about = (body.spread_inertia, level, spin, air_velocity, jnp.asarray(1.225), calm.site.outward)
    return -float(jax.jit(body_moment)(body, *about)[1])


def test_the_performer_stops_a_rotation_when_the_air_allows(rates, calm):
    """Belly-down, 90 deg/s of pitch: most of it is gone within 1 s at 50 m/s, most of it stays at 10 m/s."""
    left = {}
    for speed in (10.0, 50.0):
        phase, _, state, memory = _made("freefall", calm, 23)
        half, spin = np.sqrt(0.5), 15.25 * np.deg2rad(90.0)
        # Chest down: nose over by 90 degrees about the left axis.
        fall, belly = [0.0, 0.0, -100.0, 0.0, 0.0, -speed], [half, 0.0, half, 0.0]
        state = jnp.concatenate([jnp.array([*fall, *belly, 0.0, spin, 0.0, 1.0]), state[14:]])
        _, path, _ = _fly_with(rates, phase, state, calm, memory._replace(exit=-100.0), 1.0)
        left[speed] = np.linalg.norm(path[10:13, -1]) / spin
    assert left[50.0] < 1.0 / np.e
    assert left[10.0] > 0.5


# ------------------------------------------------------------------------------------------------ exact fall


@pytest.mark.parametrize("leg", [1, 2])
def test_in_a_vacuum_the_rig_falls_beside_the_performer(rates, calm, change, leg):
    """Bodies of any mass fall alike: with no air and no stows nothing is paid out, on a curved path too."""
    empty = change(calm, {"atmosphere.value": 0.0, "rig.stow_force": 0.0})
    phase, _, state, memory = _made("deployment", empty, 31, leg=leg)
    speed = float(jnp.sqrt(jnp.sum(state[3:6] ** 2)))
    state = state.at[8:].set(jnp.array([0.0, speed]))
    _, path, _ = _fly_with(rates, phase, state, empty, memory._replace(start=0.0), 4.0)
    np.testing.assert_allclose(path[8], 0.0, atol=1e-8)
    np.testing.assert_allclose(path[9], np.linalg.norm(path[3:6], axis=0), rtol=1e-9)


@pytest.mark.parametrize("name", ["freefall", "deployment", "inflation"])
def test_vacuum_parabola(rates, calm, change, name):
    """Position x0 + v0 t + g t^2/2, whatever the phase is busy with."""
    empty = change(calm, {"atmosphere.value": 0.0})
    phase, _, state, memory = _made(name, empty, 32)
    times, path, _ = _fly_with(rates, phase, state, empty, memory, 3.0)
    start, velocity = np.asarray(state[:3, None]), np.asarray(state[3:6, None])
    fallen = np.array([[0.0], [0.0], [-0.5 * GRAVITY]]) * times**2
    np.testing.assert_allclose(path[:3], start + velocity * times + fallen, rtol=1e-10, atol=1e-8)


# --------------------------------------------------------------------------------------------------- events


def _ground(calm, change, density=0.0):
    """Flat rock 100 m below the origin."""
    numbers = {"terrain.up": -100.0, "atmosphere.value": density}
    return change(calm, numbers | {"plan.throw_below_hard_deck": 0.0})


def _falling(name, world):
    phase, _, state, memory = _made(name, world, 41)
    memory = memory._replace(escort=_escort(clear=0.0))
    state = state.at[:6].set(jnp.array([0.0, 0.0, 0.0, 12.0, 0.0, -5.0]))
    return phase, state, memory


def _time_to_strike(radius):
    """From 0 = -100 + radius + 5 t + g t^2 / 2."""
    drop = 100.0 - radius
    return (-5.0 + np.sqrt(25.0 + 2.0 * GRAVITY * drop)) / GRAVITY


ENDLESS = {
    "freefall": {"exit": 0.0, "throw": 1e3, "until_stable": 0.0},
    "deployment": {"leg": 0.0, "start": 500.0},
    "inflation": {"start": 0.0, "fill_time": 1e3},
}
TIMED = {
    "freefall": ({"exit": 0.0, "throw": 2.345, "until_stable": 0.0}, "throw"),
    "deployment": ({"leg": 0.0, "start": 2.145}, "end"),
    "inflation": ({"start": 0.345, "fill_time": 2.0}, "open"),
}
"""Each of these ends at 2.345 s: a throw, a hand that lets go after 0.2 s, a canopy that takes 2 s."""


def _which(phase, end, world, memory):
    memory = jax.tree.map(lambda leaf: jnp.asarray(leaf, float), memory)
    return list(phase.margins(end.t, end.state, world, memory))[int(end.margin)]


@pytest.mark.parametrize("name", ENDLESS)
def test_strike_is_found_where_it_happens(fly, calm, change, name):
    """A fall in a vacuum meets flat rock at the root of a quadratic; 1e-9 s."""
    world = _ground(calm, change)
    phase, state, memory = _falling(name, world)
    memory = memory._replace(**ENDLESS[name])
    end = fly(type(phase), 0.0, state, world, memory)
    assert bool(end.resolved)
    assert _which(phase, end, world, memory) == "strike"
    assert float(end.t) == pytest.approx(_time_to_strike(float(world.performer.radius)), abs=1e-9)


@pytest.mark.parametrize("name", TIMED)
def test_timed_event_is_found_at_its_time(fly, calm, change, name):
    world = change(_ground(calm, change), {"rig.throw_time": 0.2})
    phase, state, memory = _falling(name, world)
    numbers, ending = TIMED[name]
    memory = memory._replace(**numbers)
    end = fly(type(phase), 0.0, state, world, memory)
    assert _which(phase, end, world, memory) == ending
    assert float(end.t) == pytest.approx(2.345, abs=1e-9)
    # From just before: the event lies inside the first step. From beyond: no step is taken at all.
    late = fly(type(phase), 2.345 - 1e-4, end.state, world, memory)
    assert float(late.t) == pytest.approx(2.345, abs=1e-9)
    beyond = fly(type(phase), 2.346, end.state, world, memory)
    assert not bool(beyond.flown)
    assert float(beyond.t) == pytest.approx(2.346, abs=1e-12)
    np.testing.assert_array_equal(beyond.state, end.state)


def test_canopy_events(fly, calm, change):
    """A steady glide reaches the ground after height over sink, and the pilot has control at the set time."""
    from precipice.phases.pilot import steady_glide

    world = change(calm, {"terrain.up": -100.0, "rig.brake_setting": 0.3})
    phase, _, _, memory = _made("canopy", world, 42)
    forward, sink = (float(v) for v in steady_glide(world, jnp.asarray(0.3), jnp.asarray(0.0)))
    glide = np.array([0, 0, 0, forward * np.sin(1.0), forward * np.cos(1.0), -sink, 1.0, 0, 0.3, 0, 0, 0])
    memory = memory._replace(leg=0.0, opened=-100.0, control=1e3, limit=1e3)
    end = fly(type(phase), 0.0, glide, world, memory)
    assert _which(phase, end, world, memory) == "ground"
    height = 100.0 - float(world.performer.foot_offset)
    assert float(end.t) == pytest.approx(height / sink, rel=1e-8)
    assert float(end.state[0]) == pytest.approx(height / sink * forward * np.sin(1.0), rel=1e-7)
    taken = fly(type(phase), 0.0, glide, world, memory._replace(control=2.345))
    assert _which(phase, taken, world, memory) == "leg"
    assert float(taken.t) == pytest.approx(2.345, abs=1e-9)


def test_recorded_attitude_points_along_the_heading(answers, calm):
    """Heading clockwise from north; the body hangs upright: forward is (sin, cos, 0), up is up."""
    phase, t, state, memory = _made("canopy", calm, 43)
    for heading in (0.0, 0.8, 2.5, -1.9):
        _, _, record, _ = answers.compiled(phase, t, state.at[6].set(heading), calm, memory)
        w, x, y, z = np.asarray(record.attitude)
        forward = [1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)]
        np.testing.assert_allclose(forward, [np.sin(heading), np.cos(heading), 0.0], atol=1e-12)
        assert 1 - 2 * (x * x + y * y) == pytest.approx(1.0, abs=1e-12)


def test_canopy_that_does_not_inflate_never_opens(fly, calm, change):
    """A streamer has no open end: the performer meets the ground under it."""
    world = change(_ground(calm, change, density=1.1), {"malfunction.open_fraction": 0.05})
    phase, state, memory = _falling("inflation", world)
    memory = memory._replace(start=0.0, fill_time=2.0)
    end = fly(type(phase), 0.0, state, world, memory)
    assert _which(phase, end, world, memory) == "strike"
    assert float(end.t) > 2.0


# ------------------------------------------------------------------------------------------------------ wind


def test_no_noise_no_gusts(world, lively):
    """The nominal run is calm: wind and mean wind are the same bits everywhere; a drawn run's are not."""
    met = jax.jit(lambda w, at, place, height: w.wind.velocity(at, place, height))
    rng = np.random.default_rng(3)
    for _ in range(20):
        at = jnp.asarray(rng.uniform([-900, -900, -900], [900, 900, 50]))
        place, height = jnp.asarray(rng.uniform(0, 50, 2)), jnp.asarray(rng.uniform(1, 500))
        wind, mean = met(world, at, place, height)
        np.testing.assert_array_equal(wind, mean)
        wind, mean = met(lively, at, place, height)
        assert np.linalg.norm(wind - mean) > 1e-3


PROFILE = {
    "log": 'profile = "log"\nreference_height = { value = "10 m", basis = "assumed" }\n'
    'roughness = { value = "0.05 m", basis = "assumed" }',
    "power": 'profile = "power"\nreference_height = { value = "10 m", basis = "assumed" }\n'
    'exponent = { value = "0.22", basis = "assumed" }',
    "table": 'profile = "table"',
}
ROWS = [(10.0, 3.0, 258.0), (300.0, 6.0, 350.0), (900.0, 9.0, 20.0)]
"""Height above the landing area [m], speed [m/s], direction [deg]: the last turn goes through north."""


@pytest.fixture(scope="module")
def free_wind(scenario, tmp_path_factory):
    """Function: speed [m/s] and direction [rad] of the free wind at a height above the landing area [m]."""
    from precipice.campaign.draws import centre_draw
    from precipice.scenario.load import load_scenario
    from precipice.world.arrange import arrange, value_keys
    from precipice.world.build import build_world

    shipped = Path(__file__).resolve().parents[2] / "scenarios" / "helsetkopen.toml"
    text = shipped.read_text().replace('speed = { value = "1 m/s"', 'speed = { value = "5 m/s"')

    def made(profile):
        changed = text.replace('profile = "constant"', PROFILE[profile])
        for height, speed, direction in ROWS if profile == "table" else ():
            row = f'height = "{height} m"\nspeed = "{speed} m/s"\ndirection = "{direction} deg"'
            changed += f"\n[[wind.row]]\n{row}\n"
        file = tmp_path_factory.mktemp(profile) / "scenario.toml"
        file.write_text(changed)
        loaded = load_scenario(file)
        keys, inputs = value_keys(loaded), arrange(loaded, centre_draw(loaded))
        built = jax.jit(lambda arrays: build_world(arrays, keys))(jax.tree.map(jnp.asarray, inputs))
        free = jax.jit(lambda wind, up: wind.free(up))

        def at(height):
            east, north, up = np.asarray(free(built.wind, built.site.landing_up + height))
            assert up == 0.0
            return np.hypot(east, north), np.arctan2(-east, -north)

        return at

    return made


def test_log_profile(free_wind):
    """u = (u*/k) ln(z/z0): EN 1991-1-4, eq. 4.4, roughness 0.05 m (terrain category II).

    The profile is stored at 31 heights, each 1.37 times the one below, with straight lines between: a
    logarithm sags below itself by ln(1.37)^2 / 8 = 0.0122 at most, 0.25 % of ln(10/0.05).
    """
    wind = free_wind("log")
    for height in (2.0, 10.0, 50.0, 200.0, 1000.0):
        speed, direction = wind(height)
        # Categories' factors in the Eurocode: cr(z) = 0.19 ln(z / 0.05), 1.007 at 10 m.
        expected = 5.0 * 0.19 * np.log(height / 0.05) / 1.0067
        assert speed == pytest.approx(expected, abs=0.003 * 5.0)
        assert np.rad2deg(direction) % 360.0 == pytest.approx(258.0, abs=1e-9)


def test_power_profile(free_wind):
    """u = u_ref (z/z_ref)^p with p = 0.22 (rough, hills); at 10, 80, 320 m: 5, 5 * 8^0.22, 5 * 32^0.22."""
    wind = free_wind("power")
    for height, expected in ((10.0, 5.0), (80.0, 7.90), (320.0, 10.72), (1280.0, 14.54)):
        # Straight lines between the heights sag by p (1 - p) ln(1.37)^2 / 8 = 0.2 % at most.
        assert wind(height)[0] == pytest.approx(expected, rel=0.003)


def test_table_profile(free_wind):
    """Each row at its height, below the lowest and above the highest row the same; between them a chord."""
    wind = free_wind("table")
    # The nominal run flies the rows as written; a run that draws another `wind.speed` scales them all.
    for height, speed, direction in [*ROWS, (0.0, *ROWS[0][1:]), (2000.0, *ROWS[-1][1:])]:
        found, angle = wind(height)
        assert found == pytest.approx(speed, rel=1e-9)
        assert np.cos(angle - np.deg2rad(direction)) == pytest.approx(1.0, abs=1e-12)
    # Half-way between 350 deg at 6 m/s and 20 deg at 9 m/s the velocities, not the angles, are averaged.
    low, high = (v * np.exp(1j * np.deg2rad(d)) for _, v, d in ROWS[1:])
    found, angle = wind(600.0)
    assert found * np.exp(1j * angle) == pytest.approx(0.5 * (low + high), abs=1e-9)


@pytest.fixture(scope="module")
def around(world, change):
    """Function: mean wind [outward, along, up] before the face for a wind out of it [m/s], by place."""
    outward = np.asarray(world.site.outward)
    height, top = float(world.wind.wall_height), float(world.wind.edge_up)

    def made(off_face, along=0.0):
        right = np.array([outward[1], -outward[0], 0.0])
        level = (off_face * outward + along * right)[:2]
        windy = change(world, {"wind.velocities": jnp.zeros_like(world.wind.velocities) + level[None]})
        mean = jax.jit(lambda at: (windy.wind.mean(at), windy.wind.rotor_share(at)))

        def met(out, below):
            place = out * height * outward + [0.0, 0.0, top - below * height]
            wind, rotor = (np.asarray(v) for v in mean(jnp.asarray(place)))
            return wind @ outward, wind @ right, wind[2], float(rotor)

        return met

    return made


def test_wind_onto_the_face_rises(around):
    """Up 0.3 to 0.5 of it within half a wall height of the face, fading over 0.5 to 1 height; no rotor."""
    met = around(-4.0)
    for out in (0.02, 0.2):
        level, along, up, rotor = met(out, 0.5)
        assert (level, along, rotor) == pytest.approx((-4.0, 0.0, 0.0), abs=1e-12)
        assert 0.3 <= up / 4.0 <= 0.5
    rises = [met(out, 0.5)[2] for out in (0.0, 0.5, 1.0, 2.0, 3.0)]
    assert np.all(np.diff(rises) < 0.0)
    assert rises[-1] < 0.01 * rises[0]
    assert met(0.2, -0.6)[2] == 0.0
    assert met(0.2, 2.0)[2] == 0.0


def test_wind_off_the_edge_makes_a_rotor(around):
    """In the lee 0.2 to 0.3 of it flows back and 0.2 to 0.3 sinks; none above the edge or 8 heights out."""
    met = around(4.0)
    level, along, up, rotor = met(2.0, 0.5)
    assert rotor == pytest.approx(1.0)
    assert along == pytest.approx(0.0, abs=1e-12)
    assert -0.3 <= level / 4.0 <= -0.2
    assert -0.3 <= up / 4.0 <= -0.2
    for out, below in ((8.0, 0.5), (2.0, -0.1), (2.0, 2.0), (-1.0, 0.5)):
        assert met(out, below) == pytest.approx((4.0, 0.0, 0.0, 0.0), abs=1e-12)


def test_wind_along_the_face_does_neither(around):
    met = around(0.0, along=4.0)
    for out, below in ((0.1, 0.5), (2.0, 0.5), (0.5, 0.1)):
        assert met(out, below) == pytest.approx((0.0, 4.0, 0.0, 0.0), abs=1e-12)


def test_gusts_in_the_rotor(lively, change):
    """Inside the rotor the same frozen gusts are 1.5 to 2 times as strong."""
    outward = np.asarray(lively.site.outward)
    height, top = float(lively.wind.wall_height), float(lively.wind.edge_up)
    place = jnp.array([7.7, 9.1])
    met = jax.jit(lambda wind, *about: wind.velocity(*about))
    strength = []
    for off_face in (4.0, -4.0):
        level = jnp.asarray(off_face * outward[:2])
        windy = change(lively, {"wind.velocities": jnp.zeros_like(lively.wind.velocities) + level[None]})
        at = jnp.asarray(2.0 * height * outward + [0.0, 0.0, top - 0.5 * height])
        wind, mean = met(windy.wind, at, place, jnp.asarray(60.0))
        strength.append(np.linalg.norm(wind - mean))
    assert 1.5 <= strength[0] / strength[1] <= 2.0
