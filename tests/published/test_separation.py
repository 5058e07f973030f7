"""Performer and motorcycle push apart.

Sources: golden numbers T23 (an impulse of 150 N s) and T24 (a push of 270 J) of the physics note on
motorcycle, ramp and terrain: 90 kg and 108 kg, speeds from momentum and energy alone. Without air, momentum
and the common centre of mass know nothing of the push.
"""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from tests.conftest import UniformAir

from precipice.frames import attitude_from_bearing, rotate
from precipice.phases.separation import SeparationMemory, SeparationPhase, push_velocity, separate

pytestmark = pytest.mark.published

RIDER, BIKE = 90.0, 108.0
TOTAL = RIDER + BIKE
GRAVITY = 9.80665
DURATION = 0.25
# Relative speed of the push, gains of performer and motorcycle [m/s], energy [J], impulse [N s].
PUSHES = [(3.0556, 1.6667, 1.3889, 229.17, 150.0), (3.3166, 162.82 / RIDER, 162.82 / BIKE, 270.0, 162.82)]


@pytest.fixture(scope="module")
def empty(calm, change):
    """No air, masses of the note."""
    numbers = {
        "body.mass": BIKE,
        "performer.mass": RIDER,
        "plan.push_time": DURATION,
        "atmosphere": UniformAir(jnp.asarray(0.0)),
    }
    return change(calm, numbers)


def common_state(world, spin=(0.0, 0.0, 0.0)):
    """Return the state of the flight at the release, `(13,)`."""
    attitude = attitude_from_bearing(world.run_up.bearing, jnp.asarray(0.1))
    motion = jnp.array([12.0, -9.0, 3.0])
    return jnp.concatenate([jnp.array([3.0, -2.0, 1.0]), motion, attitude, jnp.asarray(spin)])


def pushed(fly, world, push, spin=(0.0, 0.0, 0.0)):
    begin = jax.jit(separate)(common_state(world, spin), world)
    end = fly(SeparationPhase, 0.0, begin, world, SeparationMemory(1.0, 0.0, DURATION, 20.0, push))
    assert bool(end.resolved)
    return np.asarray(begin), end


@pytest.mark.parametrize(("relative", "performer", "motorcycle", "energy", "impulse"), PUSHES)
def test_push_t23_t24(fly, empty, relative, performer, motorcycle, energy, impulse):
    direction = np.array([0.36, -0.48, 0.8])
    begin, end = pushed(fly, empty, relative * direction)
    fallen = np.array([0.0, 0.0, -GRAVITY * DURATION])
    gain = np.asarray(end.state[3:6]) - begin[3:6] - fallen
    kick = np.asarray(end.state[17:20]) - begin[17:20] - fallen
    # Golden numbers have five digits.
    np.testing.assert_allclose(gain, performer * direction, atol=1e-4)
    np.testing.assert_allclose(kick, -motorcycle * direction, atol=1e-4)
    np.testing.assert_allclose(RIDER * gain, impulse * direction, rtol=1e-4)
    # Both bodies started with the same velocity, so this is the energy of the push.
    assert 0.5 * (RIDER * gain @ gain + BIKE * kick @ kick) == pytest.approx(energy, rel=2e-4)


def centre(states):
    return (RIDER * states[..., :3] + BIKE * states[..., 14:17]) / TOTAL


def test_momentum_and_common_centre_know_nothing_of_the_push_t23(fly, empty):
    # With spin and a push across it; the parabola of the common centre is exact.
    begin, end = pushed(fly, empty, np.array([-2.0, 1.0, 2.5]), spin=(0.2, -0.5, 0.3))
    place, motion = centre(begin), (RIDER * begin[3:6] + BIKE * begin[17:20]) / TOTAL
    kept = np.isfinite(end.times)
    t = np.asarray(end.times)[kept][:, None]
    performer, motorcycle = end.records
    flown = (RIDER * performer.position + BIKE * motorcycle.position)[kept] / TOTAL
    np.testing.assert_allclose(flown, place + motion * t - [0.0, 0.0, 0.5 * GRAVITY] * t**2, atol=1e-10)
    moving = (RIDER * performer.velocity + BIKE * motorcycle.velocity)[kept] / TOTAL
    np.testing.assert_allclose(moving, motion - [0.0, 0.0, GRAVITY] * t, atol=1e-10)
    # The bodies did part meanwhile.
    apart = np.linalg.norm(performer.position - motorcycle.position, axis=1)[kept]
    assert apart[-1] > apart[0] + 0.3


def angular_momentum(world, state, wheels):
    """Return the angular momentum of both bodies about their common centre, east-north-up, `(3,)` [N m s]."""
    state = np.asarray(state)
    moving = (RIDER * state[3:6] + BIKE * state[17:20]) / TOTAL
    bike = np.array([world.body.roll_inertia, world.body.pitch_inertia, world.body.yaw_inertia])
    own = state[10:13], bike * state[24:27] + [0.0, wheels, 0.0]
    total = np.zeros(3)
    for at, mass, body in ((0, RIDER, own[0]), (14, BIKE, own[1])):
        orbital = mass * np.cross(state[at : at + 3] - centre(state), state[at + 3 : at + 6] - moving)
        total += orbital + Rotation.from_quat(state[at + 6 : at + 10], scalar_first=True).apply(
            np.array(body)
        )
    return total


def test_angular_momentum_of_both_knows_nothing_of_the_push(fly, empty, change):
    # The push and its answer act along one line, also when it misses the performer's centre of mass by 0.1 m.
    # Wheels and crank of the scenario at 20 m/s: (0.60 + 0.77)/0.34 + 0.006/0.01785 = 4.36555 kg m, times 20
    # m/s.
    world = change(empty, {"plan.push_offset": 0.1})
    begin, end = pushed(fly, world, np.array([-2.0, 1.0, 2.5]), spin=(0.2, -0.5, 0.3))
    wheels = 4.3655462185 * 20.0
    before = angular_momentum(world, begin, wheels)
    np.testing.assert_allclose(angular_momentum(world, end.state, wheels), before, atol=1e-4)
    # The performer alone was turned by it.
    assert np.linalg.norm(np.asarray(end.state[10:13]) - begin[10:13]) > 5.0


def test_release_keeps_momentum_and_place_of_the_flight(empty):
    # The centre of mass of both stays where it was, and so does the momentum; each body moves with its place
    # on the turning whole: v = V + w x r, r from the common centre.
    state = common_state(empty, spin=(0.2, -0.5, 0.3))
    begin = jax.jit(separate)(state, empty)
    np.testing.assert_allclose(centre(begin), state[:3], atol=1e-12)
    np.testing.assert_allclose((RIDER * begin[3:6] + BIKE * begin[17:20]) / TOTAL, state[3:6], atol=1e-12)
    turning = np.asarray(rotate(state[6:10], state[10:13]))
    for at in (0, 14):
        arm = np.asarray(begin[at : at + 3] - state[:3])
        np.testing.assert_allclose(begin[at + 3 : at + 6] - state[3:6], np.cross(turning, arm), atol=1e-12)
    # The scenario's centres of mass: 0.58 m alone and 0.86 m ridden, so the motorcycle's is 0.28 m lower.
    assert np.linalg.norm(begin[14:17] - state[:3]) == pytest.approx(0.28, abs=1e-12)


def test_push_is_back_and_up(empty, change):
    # The shipped plan: 2 m/s at 60 degrees above straight back.
    push = np.asarray(push_velocity(change(empty, {"plan.push_speed": 2.0, "plan.push_angle": np.pi / 3.0})))
    assert push[2] == pytest.approx(2.0 * 0.8660254, abs=1e-6)
    assert push @ np.asarray(empty.site.launch) == pytest.approx(-1.0, abs=1e-6)


def test_push_has_the_shape_of_a_half_sine(empty):
    # The mean of a half-sine is 2/pi of its peak: the peak force is impulse x pi/(2 duration), 942.5 N for
    # 150 N s over 0.25 s; at the ends it is nothing.
    field = jax.jit(SeparationPhase().vector_field)
    state = jax.jit(separate)(common_state(empty), empty)
    memory = SeparationMemory(
        *(jnp.asarray(x) for x in (1.0, 0.0, DURATION, 20.0)), jnp.array([0.0, 0.0, 3.0556])
    )
    force = [
        RIDER * (float(field(jnp.asarray(share * DURATION), state, empty, memory)[5]) + GRAVITY)
        for share in (0.0, 0.5, 1.0)
    ]
    np.testing.assert_allclose(force, [0.0, 942.5, 0.0], atol=0.1)
