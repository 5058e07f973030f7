"""Medians beside NumPy's."""

import numpy as np
import pytest

from precipice.training.window import middle, sliding_median


@pytest.mark.parametrize("count", [1, 2, 3, 8, 9, 200])
def test_median_of_numbers(count):
    values = np.random.default_rng(count).normal(size=count)
    assert middle(values) == np.median(values)


@pytest.mark.parametrize("half", [1, 2, 3, 4, 5, 20])
@pytest.mark.parametrize("rows", [1, 2, 7, 300])
def test_median_of_windows(half, rows):
    # Rounded, so that numbers repeat.
    values = np.random.default_rng(rows).normal(size=(2, rows)).round(1)
    shifts = np.arange(-half, half + 1) if half <= 4 else np.linspace(-half, half, 9).round().astype(int)
    padded = np.pad(values, ((0, 0), (half, half)), mode="edge")
    windows = [padded[:, half + shift : half + shift + rows] for shift in shifts]
    assert (sliding_median(values, half) == np.median(windows, axis=0)).all()
