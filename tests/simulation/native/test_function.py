"""Elementary functions in single precision against NumPy's in double: an independent library, T: 3 ulp."""

import jax.numpy as jnp
import numpy as np
import pytest

ANY = np.concatenate([np.random.default_rng(1).normal(0, 3, 4000), np.linspace(-80, 80, 4001)]).astype(
    np.float32
)
POSITIVE = np.concatenate([np.abs(ANY) + np.float32(1e-6), np.geomspace(1e-30, 1e30, 4000)]).astype(
    np.float32
)
SHORT = np.linspace(-1.0, 1.0, 4001, dtype=np.float32)
DOMAINS = {
    "exp": ANY, "sin": ANY, "cos": ANY, "tan": ANY, "tanh": ANY, "arctan": ANY,
    "log": POSITIVE, "log1p": POSITIVE, "sqrt": POSITIVE, "arcsin": SHORT, "arccos": SHORT,
}  # fmt: skip


def _units(found, exact):
    """Return the difference in units in the last place of the exact number."""
    return np.abs(found - exact) / np.spacing(np.abs(exact).astype(np.float32))


@pytest.mark.parametrize("name", DOMAINS)
def test_within_three_units_in_the_last_place(name, compiled):
    given = DOMAINS[name]
    (found,) = compiled(getattr(jnp, name), [given])
    exact = getattr(np, name)(given.astype(np.float64))
    assert np.max(_units(found, exact)) < 3.0


def test_powers(compiled):
    base = POSITIVE
    power = np.resize(np.linspace(-6, 6, 997), base.shape).astype(np.float32)
    (found,) = compiled(jnp.power, [base, power])
    exact = base.astype(np.float64) ** power.astype(np.float64)
    ordinary = (exact > 1e-37) & (exact < 1e38)
    assert np.sum(ordinary) > 6000
    assert np.max(_units(found[ordinary], exact[ordinary])) < 3.0


def test_directions_in_all_quadrants(compiled):
    y, x = ANY, np.roll(ANY, 7)
    (found,) = compiled(jnp.arctan2, [y, x])
    assert np.max(_units(found, np.arctan2(y.astype(np.float64), x.astype(np.float64)))) < 3.0
    zero = np.zeros(1, np.float32)
    assert compiled(jnp.arctan2, [zero, zero])[0][0] == 0.0


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("exp", [np.inf, -np.inf, np.nan, 200.0, -200.0], [np.inf, 0.0, np.nan, np.inf, 0.0]),
        ("log", [np.inf, 0.0, -1.0, np.nan], [np.inf, -np.inf, np.nan, np.nan]),
        ("tanh", [np.inf, -np.inf, np.nan], [1.0, -1.0, np.nan]),
        ("sqrt", [np.inf, -1.0, np.nan], [np.inf, np.nan, np.nan]),
        ("sin", [np.nan], [np.nan]),
    ],
)
def test_at_the_ends(name, given, expected, compiled):
    """What C11 annex F prescribes."""
    (found,) = compiled(getattr(jnp, name), [np.array(given, np.float32)])
    np.testing.assert_array_equal(found, np.array(expected, np.float32))


@pytest.mark.parametrize("name", ["exp", "sin", "tanh", "log"])
def test_double_precision_is_the_c_library(name, compiled):
    given = np.linspace(0.1, 20.0, 333)
    (found,) = compiled(getattr(jnp, name), [given], lanes=1)
    np.testing.assert_allclose(found, getattr(np, name)(given), rtol=4e-16)


def test_a_function_that_is_not_there_is_named(compiled):
    from jax.scipy.special import gammaln

    with pytest.raises(NotImplementedError, match="lgamma"):
        compiled(gammaln, [POSITIVE[:4]])
