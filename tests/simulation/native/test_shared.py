"""A table that all runs share goes from stage to stage as it is.

Expected: what NumPy reads at the same places; and memory by multiplying, 4 bytes a number.
"""

import jax
import jax.numpy as jnp
import numpy as np

from precipice.simulation.native.kernel import Kernel, compile_text
from precipice.simulation.native.stage import write_stage
from precipice.simulation.program import Program, load_program, save_program

SHARED = [True, False]


def hand_on(table, row):
    """Return the table and the row after: what a world does with a survey."""
    return table, row + 1


def look_up(table, row):
    return (jax.lax.dynamic_index_in_dim(table, row, keepdims=False),)


def compiled(function, shapes, handed_on):
    closed = jax.make_jaxpr(function)(*shapes)
    text, layout = write_stage(closed, SHARED, 16, handed_on)
    return Program(Kernel(compile_text(text), layout), handed_on, [])


def test_it_is_not_copied_for_each_run(tmp_path):
    # 2,000 runs of a survey's 4,423,680 numbers would be 35 GB, and more than 32 bits can count.
    numbers, runs = 6 * 96 * 96 * 80, 2000
    assert numbers * runs > 2**31
    table = np.arange(numbers, dtype=np.float32)
    rows = np.random.default_rng(5).integers(0, numbers - 1, runs).astype(np.int32)
    shapes = (jax.ShapeDtypeStruct(table.shape, np.float32), jax.ShapeDtypeStruct((), np.int32))
    first, second = compiled(hand_on, shapes, 2), compiled(look_up, shapes, 0)
    # Kept and loaded again it is the same.
    save_program(tmp_path / "first.bin", first)
    kept = load_program(tmp_path / "first.bin")
    assert kept is not None
    for program in (first, kept):
        handed = program.allocate(runs, [table, rows])
        program.kernel([table, rows], handed, np.arange(runs))
        assert handed[0] is table
        np.testing.assert_array_equal(handed[1], rows + 1)
        found = second.allocate(runs, handed)
        second.kernel(handed, found, np.arange(runs))
        np.testing.assert_array_equal(found[0], table[rows + 1])


def test_what_is_told_has_a_row_for_each_run():
    table = np.arange(8, dtype=np.float32)
    shapes = (jax.ShapeDtypeStruct((8,), np.float32), jax.ShapeDtypeStruct((), np.float32))
    told = compiled(lambda table, x: (table, x * jnp.float32(2.0)), shapes, 0)
    found = told.allocate(3, [table, np.ones(3, np.float32)])
    told.kernel([table, np.ones(3, np.float32)], found, np.arange(3))
    np.testing.assert_array_equal(found[0], np.tile(table, (3, 1)))
