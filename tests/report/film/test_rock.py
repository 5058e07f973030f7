"""The drawn ground is the ground that was flown over: the engine's exact distance to it is the judge."""

import types

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from precipice.report.film import rock
from precipice.report.film.rock import build_rock, graded


def test_drawn_cliff_lies_on_the_flown_one_and_faces_the_air(stage, world):
    distance = jax.jit(jax.vmap(world.terrain.distance))
    rng = np.random.default_rng(4)
    for solid in stage.rock.solids:
        near = np.flatnonzero(np.linalg.norm(solid.points, axis=1) < 2_000.0)
        rows = rng.choice(near, min(200, len(near)), replace=False)
        points = solid.points[rows]
        np.testing.assert_allclose(distance(jnp.asarray(points)), 0.0, atol=2e-3)
        corners = solid.points[solid.triangles]
        normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        middle = corners.mean(axis=1)
        inner = np.flatnonzero(np.linalg.norm(middle, axis=1) < 500.0)
        faces = rng.choice(inner, min(100, len(inner)), replace=False)
        unit = normal[faces] / np.linalg.norm(normal[faces], axis=1, keepdims=True)
        # Shading takes the normals of the corners, on the same side as the air.
        shaded = solid.normals[solid.triangles[faces, 0]]
        side = np.sign(np.einsum("ij,ij->i", unit, shaded))[:, None]
        assert np.all(np.asarray(distance(jnp.asarray(middle[faces] + 0.3 * side * unit))) > 0.0)


def test_top_is_the_height_that_the_engine_has(stage, world):
    rng = np.random.default_rng(5)
    places = np.column_stack([rng.uniform(-900.0, 300.0, (50, 2)), np.full(50, 200.0)])
    above = jax.vmap(world.terrain.height_above)(jnp.asarray(places))
    np.testing.assert_allclose(
        stage.rock.top(places[:, 0], places[:, 1]), 200.0 - np.asarray(above), atol=1e-6
    )


def test_surveyed_ground_keeps_its_holes_and_its_slope(flown, scenario, monkeypatch):
    """A plane that rises by one in two to the east and is unknown beyond 500 m."""
    site = scenario.site.model_copy(update={"terrain": types.SimpleNamespace()})

    def plane(east, north):
        return np.where(east < 500.0, 0.5 * east, np.nan)

    monkeypatch.setattr(rock, "surveyed_rock", lambda *_: (plane, []))
    found = build_rock(flown, scenario.model_copy(update={"site": site}))
    solid = found.solids[0]
    used = solid.points[np.unique(solid.triangles)]
    assert used[:, 0].max() < 500.0
    np.testing.assert_allclose(used[:, 2], 0.5 * used[:, 0])
    assert np.all(np.isfinite(solid.colours))
    np.testing.assert_allclose(np.linalg.norm(solid.normals, axis=1), 1.0)
    inner = solid.normals[(solid.points[:, 0] < 300.0) & (solid.points[:, 0] > -300.0)].mean(axis=0)
    # Roughness is for the light alone and has no bias: the mean is the plane's own normal.
    np.testing.assert_allclose(inner / np.linalg.norm(inner), [-0.447, 0.0, 0.894], atol=0.02)


@pytest.mark.parametrize(("reach", "finest", "count"), [(25_000.0, 1.6, 113), (6_000.0, 3.0, 140)])
def test_grades_reach_their_ends_and_are_finest_in_the_middle(reach, finest, count):
    places = graded(reach, finest, count)
    steps = np.diff(places)
    assert places[[0, count, -1]] == pytest.approx([-reach, 0.0, reach], abs=1e-9)
    assert steps.min() == pytest.approx(finest, rel=0.02)
    assert np.all(np.diff(steps[count:]) > 0.0)
