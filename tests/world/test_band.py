"""Samples that are filled in far from rock: against distances that can be written down.

Source: the distance to a box and to a ball in closed form.
"""

import numpy as np
import pytest

from precipice.world.survey.band import band_distances

CELL, COUNT = 2.0, (70, 61, 48)
CORNER = np.array([-20.0, -60.0, -30.0])


def to_box(points):
    """Return the distance to a box of 60 by 40 by 20 m whose middle is the origin."""
    beyond = np.abs(points) - [30.0, 20.0, 10.0]
    outside = np.linalg.norm(np.maximum(beyond, 0.0), axis=-1)
    return np.where(outside > 0.0, outside, np.max(beyond, axis=-1))


def to_balls(points):
    """Return the distance to the nearer of two balls of 6 m: the two are equally near halfway between."""
    away = [np.linalg.norm(points - at, axis=-1) - 6.0 for at in ([0.0, 0.0, 0.0], [90.0, 10.0, 20.0])]
    return np.minimum(*away)


@pytest.mark.parametrize("distance", [to_box, to_balls])
def test_near_rock_all_samples_are_exact_and_far_from_it_none_is_much_too_large(distance):
    asked = []

    def counted(points):
        asked.append(len(points))
        return distance(points)

    found = band_distances(counted, CORNER, CELL, COUNT)
    axes = [CORNER[k] + CELL * np.arange(n) for k, n in enumerate(COUNT)]
    exact = distance(np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1))
    assert found.shape == COUNT
    near = np.abs(exact) < 6.0 * CELL
    assert near.sum() > 5_000
    np.testing.assert_allclose(found[near], exact[near], rtol=0.0, atol=1e-9)
    excess = (found - exact)[exact > 0.0] / CELL
    # A straight line between samples h apart claims at most h^2/8 times the curvature too much. Distance
    # bends by at most its inverse, two ways: 2 x 16 / (8 x 12.5) of a cell beyond twelve, less beyond six.
    assert excess.max() < 0.33
    assert sum(asked) < 0.55 * found.size
