"""Inflation against its closed form, against the reserve standard, and against worked openings.

Sources:
- Pflanz (in Knacke 1991): infinite- to finite-mass opening without gravity in air of one density. With
  A = 2 m / (rho (CdS) V_ls tf) and tau = t/tf, the equation m v' = -rho v^2 (CdS) tau^j / 2 separates:
  V/V_ls = 1 / (1 + tau^(j+1) / (A (j+1))), so X1 = tau^j (V/V_ls)^2 has one maximum over the fill.
- TSO-C23d/f and PIA TS-135: a reserve is open (75 % of its steady drag area) within 3 s or 300 ft of
  pack release; at 254 lb and 150 kt within 3.04 s or 304 ft.
- Worked openings of a 95 kg jumper, printed to two figures, computed with the same law (a cross-check of
  the set-up, not of nature): nobody has published measured peaks for such rigs.
"""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import solve_ivp

DENSITY, GRAVITY, FOOT, POUND, KNOT = 1.225, 9.80665, 0.3048, 0.45359237, 0.514444
FULL = 0.8
"""Drag area of the open canopy over its area, in every case here."""

pytestmark = pytest.mark.published


@pytest.fixture(scope="module")
def inflate(calm, change):
    """Times [s], heights lost [m], speeds [m/s] and loads [g] of a fill that starts straight down."""
    from precipice.phases.escort import Escort
    from precipice.phases.inflation import InflationMemory, InflationPhase

    phase, zero = InflationPhase(), jnp.zeros(())
    nowhere = Escort(zero, zero, jnp.zeros((2, 6)), zero, zero, zero)

    def made(case):
        mass, area, exponent, tf, body, density = case
        numbers = {"performer.mass": mass, "rig.canopy_area": area, "rig.fill_exponent": exponent}
        numbers |= {"atmosphere.value": density, "rig.opening_drag_coefficient": FULL}
        memory = InflationMemory(zero, tf, body, jnp.array([1.0, 0.0, 0.0, 0.0]), nowhere)
        return change(calm, numbers), memory

    rate = jax.jit(lambda t, y, case: phase.vector_field(t, y, *made(case)))
    load = jax.jit(jax.vmap(lambda t, y, case: phase.record(t, y, *made(case)).load, in_axes=(0, 1, None)))

    def flown(speed, tf, mass, area, exponent, body=0.0, density=DENSITY):
        case = np.array([mass, area, exponent, tf, body, density])
        times = np.linspace(0.0, tf, 2001)
        path = solve_ivp(
            lambda t, y: np.asarray(rate(t, y, case)),
            (0.0, tf),
            [0.0, 0.0, 0.0, 0.0, 0.0, -speed, 0.0, 0.0],
            method="DOP853",
            t_eval=times,
            rtol=1e-9,
            atol=1e-9,
        )
        return times, -path.y[2], -path.y[5], np.asarray(load(times, path.y, case))

    return flown


PARAMETERS = [0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0]
SHOCK = {
    1: [0.0650, 0.1027, 0.1452, 0.2054, 0.3248, 0.4593, 0.6400],
    2: [0.0429, 0.0790, 0.1255, 0.1992, 0.3669, 0.5625, 0.7347],
    6: [0.0473, 0.1038, 0.1880, 0.3403, 0.6049, 0.7656, 0.8711],
}


@pytest.mark.parametrize("exponent", SHOCK)
def test_opening_shock_without_gravity(inflate, exponent):
    """T5: the table of X1, 1e-3 (and half of its last printed digit); the whole speed history, 1e-6 of V_ls.

    The closed form knows only A. At 1e5 m/s gravity changes the speed during the fill by g tf / V = 1e-6
    of it, so nothing needs to be switched off.
    """
    speed, tf, mass, area = 1.0e5, 0.01, 90.0, 22.3
    for parameter, expected in zip(PARAMETERS, SHOCK[exponent], strict=True):
        density = 2.0 * mass / (FULL * area * speed * tf * parameter)
        times, _, speeds, loads = inflate(speed, tf, mass, area, exponent, density=density)
        tau = times / tf
        closed = 1.0 / (1.0 + tau ** (exponent + 1) / (parameter * (exponent + 1)))
        np.testing.assert_allclose(speeds / speed, closed, rtol=0.0, atol=1e-6)
        steady = 0.5 * density * speed**2 * FULL * area
        assert np.max(loads) * mass * GRAVITY / steady == pytest.approx(expected, rel=1e-3, abs=5e-5)


def test_fill_time_of_worked_openings():
    """Fill times of the worked openings below, printed to two figures, from speeds printed to 1 m/s."""
    from precipice.phases.inflation import fill_time

    for speed, fill_constant, area, expected in [
        (22.0, 3.0, 22.3, 0.63),
        (28.0, 3.0, 22.3, 0.51),
        (34.0, 3.0, 22.3, 0.41),
        (34.0, 20.0, 22.3, 2.8),
        (54.0, 30.0, 22.3, 2.6),
        (54.0, 45.0, 17.0, 3.4),
        (54.0, 14.0, 15.0, 1.0),
    ]:
        found = fill_time(jnp.asarray(fill_constant), jnp.asarray(area), jnp.asarray(speed))
        assert found == pytest.approx(expected, rel=0.025)


# Speed at line stretch [m/s], n, area [m^2], j, delay before the throw [s], throw to open [s], height from
# throw to open [m], peak [g]. The exponent is the middle of the range that the openings give for the rig.
OPENINGS = {
    "1 s, slider down": (22.0, 3.0, 22.3, 2.0, 1.0, 2.0, 37.0, 3.6),
    "2 s, slider down": (28.0, 3.0, 22.3, 2.0, 2.0, 1.6, 38.0, 4.9),
    "3 s, slider down": (34.0, 3.0, 22.3, 2.0, 3.0, 1.3, 41.0, 6.8),
    "3 s, slider up": (34.0, 20.0, 22.3, 2.0, 3.0, 3.7, 102.0, 2.7),
    "terminal, slider up": (54.0, 30.0, 22.3, 3.0, 60.0, 3.4, 145.0, 4.0),
    "sport": (54.0, 45.0, 17.0, 4.0, 60.0, 4.3, 199.0, 3.5),
    "reserve": (54.0, 14.0, 15.0, 3.0, 60.0, 1.6, 80.0, 6.7),
}


@pytest.mark.parametrize("name", OPENINGS)
def test_worked_openings(inflate, name):
    """Peak load and height loss within 6 %.

    Speeds are printed to 1 m/s (up to 3.5 % in dynamic pressure) and times to 0.1 s (5 m of height at
    54 m/s, 3 %). Before line stretch the jumper falls from the speed at the throw,
    v_t tanh(g t / v_t), to that at line stretch: the mean of the two.
    """
    speed, n, area, exponent, delay, until_open, height, peak = OPENINGS[name]
    tf = n * np.sqrt(area) / speed
    _, lost, _, loads = inflate(speed, tf, 95.0, area, exponent, body=0.5)
    at_throw = min(54.0, 55.7 * np.tanh(GRAVITY * delay / 55.7))
    before = 0.5 * (at_throw + speed) * (until_open - tf)
    assert np.max(loads) == pytest.approx(peak, rel=0.06)
    assert before + lost[-1] == pytest.approx(height, rel=0.06)


@pytest.fixture(scope="module")
def reserve(calm, change, inflate):
    """Time [s] and height [m] from pack release to 75 % of the drag area, straight down at 150 kt."""
    from precipice.phases.deployment import BRIDLE, LINES, DeploymentMemory, DeploymentPhase, pick_up
    from precipice.phases.escort import Escort

    mass, body, area, speed = 254.0 * POUND, 0.5, 15.0, 150.0 * KNOT
    phase, zero = DeploymentPhase(), jnp.zeros(())
    nowhere = Escort(zero, zero, jnp.zeros((2, 6)), zero, zero, zero)
    heavy = change(calm, {"performer.mass": mass, "atmosphere.value": DENSITY})

    @jax.jit
    def rate(t, y, leg):
        still = jnp.array([1.0, 0.0, 0.0, 0.0])
        memory = DeploymentMemory(leg, zero, jnp.asarray(body), still, nowhere)
        return phase.vector_field(t, y, heavy, memory)

    def pay_out(y, leg, length):
        def stretched(_, y):
            return y[8] - length

        stretched.terminal = True

        def field(t, y):
            return np.asarray(rate(t, y, leg))

        path = solve_ivp(field, (0.0, 30.0), y, events=stretched, method="DOP853", rtol=1e-9, atol=1e-9)
        return path.t[-1], path.y[:, -1]

    start = np.array([0.0, 0.0, 0.0, 0.0, 0.0, -speed, 0.0, 0.0, 0.0, speed])
    first, y = pay_out(start, BRIDLE, float(heavy.rig.bridle_length))
    y = np.array(pick_up(jnp.asarray(y), heavy, jnp.asarray(-y[5])))
    second, y = pay_out(y, LINES, float(heavy.rig.line_length))

    def opened(fill_constant, exponent=2.0):
        stretch_speed = -y[5]
        tf = fill_constant * np.sqrt(area) / stretch_speed
        times, lost, _, _ = inflate(stretch_speed, tf, mass, area, exponent, body=body)
        grown = body + (FULL * area - body) * (times / tf) ** exponent
        at = np.searchsorted(grown, 0.75 * FULL * area)
        return first + second + times[at], -y[2] + lost[at]

    return opened


@pytest.mark.parametrize("fill_constant", [10.0, 12.5, 15.0])
def test_reserve_standard_can_be_met(reserve, fill_constant):
    """T6: with n of 10 to 15 a reserve is open within both 3.0 s and 91.4 m; the standard asks for one."""
    seconds, height = reserve(fill_constant)
    assert seconds <= 3.0
    assert height <= 91.4


def test_fill_constants_that_meet_the_reserve_standard(reserve):
    """T6: 91.4 m is met up to n of about 24 and 3.0 s up to about 59; an n of 75 meets neither.

    So the standard does not pin n down, but its height tells a reserve from a main canopy (35-60).
    """
    tried = np.arange(4.0, 80.0, 1.0)
    results = np.array([reserve(n) for n in tried])
    by_height = tried[results[:, 1] <= 91.4]
    by_time = tried[results[:, 0] <= 3.0]
    assert 20.0 < by_height.max() < 28.0
    assert 50.0 < by_time.max() < 68.0


def test_fill_exponent_matters_less_than_the_fill_constant(reserve):
    """T6 with j of 1.5 to 4, the range quoted for such canopies."""
    for exponent in (1.5, 4.0):
        _, height = reserve(15.0, exponent)
        assert height <= 91.4
