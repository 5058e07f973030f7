"""The solver of block tridiagonal systems beside LAPACK's, which SciPy calls."""

import numpy as np
import pytest
from scipy.linalg import solveh_banded

from precipice.training.smooth import _tied_bands
from precipice.training.tridiagonal import solve_two


@pytest.mark.parametrize("rows", [1, 2, 3, 50, 2000])
@pytest.mark.parametrize("step", [0.04, 0.2, 1.0])
def test_as_lapack_solves_it(rows, step):
    draw = np.random.default_rng(rows)
    time = step * np.arange(rows)
    # A gap that ties nothing, as logs have them.
    time[rows // 2 :] += 10.0
    bands = _tied_bands(time, 1e-3)
    weight, right = draw.uniform(0.1, 100.0, (3, 2, rows)), draw.normal(size=(3, 3, rows))
    found = solve_two(bands, weight, right)
    for system, sides in ((0, [0, 1]), (1, [2])):
        matrix = bands.copy()
        matrix[0] += weight[:, system].T
        given = right[:, sides].transpose(2, 0, 1).reshape(3 * rows, -1)
        expected = solveh_banded(matrix.reshape(6, -1), given, lower=True)
        expected = expected.reshape(rows, 3, -1).transpose(1, 2, 0)
        np.testing.assert_allclose(found[:, sides], expected, rtol=1e-7, atol=1e-7 * np.abs(expected).max())


def test_no_rows_have_no_solution():
    assert solve_two(np.zeros((6, 0, 3)), np.zeros((3, 2, 0)), np.zeros((3, 3, 0))).shape == (3, 3, 0)


def test_what_is_given_stays_as_it_was():
    weight, right = np.ones((3, 2, 4)), np.ones((3, 3, 4))
    solve_two(_tied_bands(np.arange(4.0), 1e-3), weight, right)
    assert (weight == 1.0).all()
    assert (right == 1.0).all()


@pytest.mark.parametrize("system", [0, 1])
def test_a_matrix_that_is_not_positive_definite_is_refused(system):
    weight = np.ones((3, 2, 4))
    weight[2, system, 3] = -1e9
    with pytest.raises(np.linalg.LinAlgError, match="not positive definite"):
        solve_two(_tied_bands(np.arange(4.0), 1e-3), weight, np.ones((3, 3, 4)))
