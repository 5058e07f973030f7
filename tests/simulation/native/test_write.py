"""Programs with loops and tables: LLVM's machine code against JAX's own compiler, an independent one."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

RANDOM = np.random.default_rng(2)


def growing(start, rates):
    """Lanes that stop at different times, with a lookup at a place found in flight."""

    def step(carry):
        x, turn = carry
        return x + (1.1 + jnp.sin(x)) * rates[turn], (turn + 1) % 3

    return jax.lax.while_loop(lambda carry: carry[0] < 10.0, step, (start, 0))


def nested(start, table):
    """A loop whose inner one takes another number of turns in each lane, and a table written in parts."""

    def outer(k, carry):
        total, rows = carry
        total = jax.lax.while_loop(lambda x: x < 5.0 * (k + 1), lambda x: 1.3 * x + 0.1, total)
        return total, jax.lax.dynamic_update_index_in_dim(rows, total * table[k], k, 0)

    return jax.lax.fori_loop(0, 6, outer, (start, jnp.zeros((40, 4))))


def collected(start, table):
    """A counted loop that reads rows, carries a number and collects rows."""

    def one(carry, row):
        carry = 0.5 * carry + jnp.sum(row)
        return carry, jnp.stack([carry, row[0] - carry])

    last, rows = jax.lax.scan(one, start, table)
    return last, rows[::-1], jnp.argmin(rows[:, 0]), jnp.max(rows), jnp.cumsum(rows[:, 1])


def shuffled(start, table):
    """Shapes: parts, turns, sums over axes, a product, a choice and a lookup of several rows."""
    flat = jnp.concatenate([table.reshape(-1), start[None]])
    column = jax.lax.fori_loop(
        0,
        4,
        lambda k, t: jax.lax.dynamic_update_index_in_dim(t, jnp.full(3, start) * k, k, 0),
        jnp.zeros((90, 3)),
    )[::2, 1]
    rows = table[jnp.array([2, 0])] @ table.T
    chosen = jnp.where(start > 1.0, jnp.moveaxis(rows, 0, 1), rows.T * 2.0)
    return (
        flat[1::3],
        jnp.sum(column > 0.5),
        jnp.sum(table, axis=0),
        chosen,
        jnp.min(table, axis=1),
        table.at[1, 2].add(start),
    )


def branching(start, table):
    """Booleans, whole numbers, rounding and remainders."""
    whole = jnp.floor(start * 7.0).astype(int)
    even = (whole % 2 == 0) & ~(start > 2.0)
    return (
        even,
        jnp.mod(start, 0.3),
        jnp.round(start),
        jnp.sign(start - 1.0),
        whole // 3,
        jnp.any(table > 2.0),
    )


CASES = (growing, nested, collected, shuffled, branching)


def _given(case, dtype):
    start = np.abs(RANDOM.normal(1.0, 0.5, 37)).astype(dtype) + dtype(0.05)
    shape = (3,) if case is growing else (6, 4)
    return [start, np.abs(RANDOM.normal(1.0, 0.4, (37, *shape))).astype(dtype)]


@pytest.mark.parametrize("case", CASES)
def test_same_numbers_as_the_other_compiler(case, compiled):
    given = _given(case, np.float32)
    with jax.enable_x64(False):
        expected = jax.tree.leaves(jax.vmap(case)(*given))
    for found, other in zip(compiled(case, given), expected, strict=True):
        np.testing.assert_allclose(found, other, rtol=3e-5, atol=1e-5)


@pytest.mark.parametrize("case", CASES)
def test_same_bits_for_any_number_of_lanes_and_any_order(case, compiled):
    given = _given(case, np.float32)
    first = compiled(case, given)
    order = np.random.default_rng(3).permutation(37)
    for lanes in (1, 4, 16):
        for one, other in zip(first, compiled(case, given, lanes, order=order), strict=True):
            np.testing.assert_array_equal(one, other)


def test_double_precision_of_one_run(compiled):
    given = _given(nested, np.float64)
    expected = jax.tree.leaves(jax.vmap(nested)(*given))
    for found, other in zip(compiled(nested, given, lanes=1), expected, strict=True):
        np.testing.assert_allclose(found, other, rtol=1e-14)


def test_a_table_that_all_runs_share(compiled):
    def look(place, table):
        return table[place.astype(int)], table[2]

    place, table = np.linspace(0.0, 9.4, 21, dtype=np.float32), np.arange(10, dtype=np.float32) ** 2
    own, fixed = compiled(look, [place, table], shared=(1,))
    np.testing.assert_array_equal(own, np.floor(place) ** 2)
    assert np.all(fixed == 4.0)


def test_not_a_number_stays_one(compiled):
    """A stunt whose numbers are lost must not look fine: largest and smallest pass it on."""

    def both(a, b):
        return jnp.maximum(a, b), jnp.minimum(a, b), jnp.clip(a, 0.0, 1.0), jnp.min(jnp.stack([a, b]))

    a, b = np.array([np.nan, 1.0], np.float32), np.array([1.0, np.nan], np.float32)
    high, low, held, least = compiled(both, [a, b])
    assert np.all(np.isnan(high))
    assert np.all(np.isnan(low))
    assert np.isnan(held[0])
    assert np.all(np.isnan(least))
