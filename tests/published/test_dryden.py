"""Dryden turbulence near the ground: scales, intensities, correlations along the path.

Sources: MIL-F-8785C 3.7.3.4 and 3.7.2 as printed in the MathWorks Dryden block page and coded in JSBSim's
FGWinds.cpp; the table below follows from its formulas for W20 = 15 kt ("light"). The spectra of 3.7.2
are those of the correlations exp(-r/L) along and exp(-r/L) (1 - r/(2L)) across the path (Batchelor 1953).
"""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

FOOT, KNOT = 0.3048, 0.514444
W20 = 15.0 * KNOT

pytestmark = pytest.mark.published

# Height above ground [ft]: L_w [m], L_u [m], sigma_u over sigma_w, sigma_w [m/s], sigma_u [m/s].
TABLE = {
    20: (6.10, 43.77, 1.929, 0.772, 1.489),
    100: (30.48, 153.98, 1.716, 0.772, 1.324),
    200: (60.96, 221.22, 1.537, 0.772, 1.186),
    500: (152.4, 287.93, 1.236, 0.772, 0.954),
    1000: (304.8, 304.8, 1.000, 0.772, 0.772),
}


def _scales(height):
    from precipice.world.gust import dryden_scales

    return [float(value) for value in dryden_scales(jnp.asarray(height), jnp.asarray(W20))]


@pytest.mark.parametrize("feet", TABLE)
def test_scales_and_intensities(feet):
    """T13: 1e-3, from the height above ground (the table's L_w at 20 ft is printed to 0.1 %)."""
    length, vertical_length, rms, vertical_rms = _scales(feet * FOOT)
    found = (vertical_length, length, rms / vertical_rms, vertical_rms, rms)
    assert found == pytest.approx(TABLE[feet], rel=1e-3)


def test_above_2000_feet():
    """Both lengths are 1,750 ft above 2,000 ft, and blend with the height between."""
    length, vertical_length, _, _ = _scales(2500 * FOOT)
    assert (length, vertical_length) == pytest.approx((1750 * FOOT, 1750 * FOOT), rel=1e-9)
    length, vertical_length, _, _ = _scales(1500 * FOOT)
    assert length == pytest.approx(0.5 * (304.8 + 1750 * FOOT), rel=1e-3)


def test_intensity_is_a_tenth_of_the_wind_at_20_feet():
    """Severe turbulence, W20 = 45 kt, is three times the light one at every height."""
    from precipice.world.gust import dryden_scales

    for height in (10.0, 60.0, 200.0):
        light = dryden_scales(jnp.asarray(height), jnp.asarray(W20))
        severe = dryden_scales(jnp.asarray(height), jnp.asarray(3.0 * W20))
        np.testing.assert_allclose(np.divide(severe, light), [1.0, 1.0, 3.0, 3.0], rtol=1e-12)


RUNS = 600


@pytest.fixture(scope="module")
def nodes(scenario):
    """Gust tables of many runs as a campaign draws them: along and across the wind, `(runs, n)`."""
    from precipice.campaign.draws import draw_many
    from precipice.world.noise import correlate_lateral, correlate_longitudinal

    noise = draw_many(scenario, 20200906, range(RUNS)).noise["gust"]
    return {"along": correlate_longitudinal(noise[:, 0]), "across": correlate_lateral(noise[:, 1])}


CORRELATION = {
    "along": lambda r: np.exp(-r),
    "across": lambda r: np.exp(-r) * (1.0 - 0.5 * r),
}
LAGS = np.array([0, 1, 2, 5, 12, 25, 40, 62])
"""In nodes: up to five scale lengths."""


def _products(table, lag):
    """Mean product of nodes a lag apart, one number for each run: independent between runs."""
    return np.mean(table * np.roll(table, -lag, axis=1), axis=1)


@pytest.mark.parametrize("kind", CORRELATION)
def test_correlation(nodes, kind):
    """T14: exp(-r) and exp(-r)(1 - r/2) within three standard errors at every lag; variance 1 at lag 0.

    The means over a run are independent between runs and unbiased, for the nodes are normal with known
    mean zero; their scatter gives the standard error.
    """
    from precipice.world.noise import SPACING

    for lag in LAGS:
        products = _products(nodes[kind], lag)
        error = np.std(products, ddof=1) / np.sqrt(RUNS)
        assert abs(np.mean(products) - CORRELATION[kind](lag * SPACING)) < 3.0 * error
        assert error < 0.02


def test_a_wrong_correlation_is_noticed(nodes):
    """The same yardstick tells the two correlations apart at every lag but zero."""
    from precipice.world.noise import SPACING

    for kind, other in (("along", "across"), ("across", "along")):
        for lag in LAGS[2:6]:
            products = _products(nodes[kind], lag)
            error = np.std(products, ddof=1) / np.sqrt(RUNS)
            assert abs(np.mean(products) - CORRELATION[other](lag * SPACING)) > 3.0 * error


@pytest.mark.parametrize("kind", CORRELATION)
def test_correlation_of_the_filter_is_exact(kind):
    """Noise goes in linearly, so the correlation of what comes out needs no draw.

    Where y = A w with w white of unit variance, the covariance of y is A A': A is what the filter makes
    of each unit vector.
    """
    from precipice.world.noise import SPACING, correlate_lateral, correlate_longitudinal

    colour = {"along": correlate_longitudinal, "across": correlate_lateral}[kind]
    responses = colour(np.eye(1000))
    for lag in LAGS:
        for node in (0, 1, 500, 999):
            found = np.sum(responses[:, node] * responses[:, (node + lag) % 1000])
            assert found == pytest.approx(CORRELATION[kind](lag * SPACING), abs=1e-10)


def test_between_nodes_a_parabola_is_exact():
    """Slopes from the neighbours' differences are a parabola's own, so the cubic through them is it."""
    from precipice.world.gust import interpolate_periodic

    table = jnp.asarray((np.arange(16) - 5.3) ** 2)
    for place in (4.0, 6.25, 7.5, 8.999, 9.0):
        assert interpolate_periodic(table, jnp.asarray(place)) == pytest.approx((place - 5.3) ** 2, rel=1e-12)
    # It wraps around: sixteen nodes on, the same value.
    again = interpolate_periodic(table, jnp.asarray(7.5 + 16.0))
    assert again == pytest.approx((7.5 - 5.3) ** 2, rel=1e-12)


@pytest.mark.parametrize(("kind", "kept"), [("along", 0.962), ("across", 0.943)])
def test_variance_between_nodes(nodes, kind, kept):
    """Midway between nodes 96.2 % and 94.3 % of the variance is left: 2 % and 3 % of the rms.

    Midway the value is the mean of two nodes; its variance follows from the correlation at lag 1.
    """
    from precipice.world.gust import ease_periodic
    from precipice.world.noise import SPACING

    expected = 0.5 + 0.5 * CORRELATION[kind](SPACING)
    assert expected == pytest.approx(kept, abs=0.001)
    places = jnp.arange(1000) + 0.5
    midway = jax.jit(jax.vmap(jax.vmap(ease_periodic, (None, 0)), (0, None)))
    squares = np.mean(np.asarray(midway(jnp.asarray(nodes[kind]), places)) ** 2, axis=1)
    assert abs(np.mean(squares) - expected) < 3.0 * np.std(squares, ddof=1) / np.sqrt(RUNS)


def test_gust_along_a_path(nodes):
    """A level path at 60.96 m (200 ft) meets gusts with the table's rms that fade over L_u = 221 m.

    Along-wind gusts 100 m apart correlate by exp(-100/221.22); the vertical ones, with L_w = 61 m, by
    the across-path law.
    """
    from precipice.world.gust import Gust
    from precipice.world.noise import SPACING

    speed, height = 12.0, jnp.asarray(60.96)
    _, length, _, vertical_rms, rms = TABLE[200]
    north = jnp.array([0.0, 1.0, 0.0])

    @jax.jit
    @jax.vmap
    def met(table):
        gust = Gust(table, jnp.asarray(W20), north)
        rate = gust.travel_rate(jnp.asarray(speed), height)

        def at(seconds, start):
            return gust.velocity(start + rate * seconds, height, jnp.asarray(1.0))

        # From forty nodes of a run's table, two scale lengths apart.
        starts = SPACING * jnp.arange(0.0, 1000.0, 25.0)
        return [jax.vmap(at, (None, 0))(seconds, starts) for seconds in (0.0, 100.0 / speed)]

    tables = np.stack([nodes["along"], nodes["across"], np.roll(nodes["across"], 500, axis=1)], axis=1)
    here, there = (np.asarray(v) for v in met(jnp.asarray(tables)))
    for axis, sigma, law in [
        (1, rms, np.exp(-100.0 / length)),
        (2, vertical_rms, np.exp(-100.0 / 60.96) * (1.0 - 50.0 / 60.96)),
    ]:
        squares = np.mean(here[..., axis] ** 2, axis=1)
        products = np.mean(here[..., axis] * there[..., axis], axis=1)
        assert abs(np.mean(squares) - sigma**2) < 3.0 * np.std(squares, ddof=1) / np.sqrt(RUNS)
        error = np.std(products, ddof=1) / np.sqrt(RUNS)
        # A place between nodes has lost up to 3 % of its variance, see above.
        assert abs(np.mean(products) - sigma**2 * law) < 3.0 * error + 0.03 * sigma**2


def test_intensity_factor_scales_the_gust(nodes):
    """Inside a rotor the gusts grow by the factor, and without wind at 20 ft there are none."""
    from precipice.world.gust import Gust

    tables = jnp.asarray(np.stack([nodes["along"][0], nodes["across"][1], nodes["across"][2]]))
    place, height = jnp.array([3.3, 5.5]), jnp.asarray(40.0)
    north = jnp.array([0.0, 1.0, 0.0])
    once = Gust(tables, jnp.asarray(W20), north).velocity(place, height, jnp.asarray(1.0))
    more = Gust(tables, jnp.asarray(W20), north).velocity(place, height, jnp.asarray(1.75))
    np.testing.assert_allclose(more, 1.75 * once, rtol=1e-12)
    assert np.linalg.norm(once) > 0.01
    still = Gust(tables, jnp.asarray(0.0), north).velocity(place, height, jnp.asarray(1.0))
    np.testing.assert_array_equal(still, 0.0)
