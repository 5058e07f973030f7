"""Rock as a signed distance.

Sources: golden numbers T27, T28 and T31 of the physics note on motorcycle, ramp and terrain (its section 6: a
trilinear field errs by at most sqrt(3)/2 = 0.87 of a cell; an undercut is air; outside the data is never
safe; one float32 step at a UTM northing is half a metre). Distances are compared with closed forms of
half-spaces, balls and steps, and with nearest points among dense samples of the cross-section (SciPy's k-d
tree, Matplotlib's polygon test).
"""

from itertools import pairwise

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from matplotlib.path import Path as Polygon
from scipy.spatial import cKDTree

from precipice.world.terrain import (
    AbstractTerrain,
    NestedGrid,
    build_cliff,
    cliff_corners,
    sample_grid,
)

pytestmark = pytest.mark.published

BEARING = np.deg2rad(258.0)
OUT = np.array([np.sin(BEARING), np.cos(BEARING), 0.0])
ASIDE = np.array([OUT[1], -OUT[0], 0.0])
OVER_ESTIMATE = 0.87
"""In cells, T27: half the diagonal of a cell."""
distances = jax.jit(jax.vmap(lambda terrain, place: terrain.distance(place), in_axes=(None, 0)))
heights = jax.jit(jax.vmap(lambda terrain, place: terrain.height_above(place), in_axes=(None, 0)))
reaches = jax.jit(jax.vmap(lambda terrain, place: terrain.known(place), in_axes=(None, 0)))


def cliff_from(corners, slope=0.0, known_to=3000.0):
    given = [jnp.asarray(x, float) for x in (corners, slope, OUT, known_to)]
    return build_cliff(*given)


def places(out, up, aside=0.0):
    """Return places by distance out from the lip, height, and distance along the edge, `(n, 3)`."""
    out, up, aside = np.broadcast_arrays(np.asarray(out, float), up, aside)
    return jnp.asarray(
        out[..., None] * OUT + aside[..., None] * ASIDE + up[..., None] * np.array([0.0, 0.0, 1.0])
    )


# Edge, back of the undercut, foot of the wall, foot of the talus, worked out by hand for: the edge 2 m out
# and 3 m down; walls of 250 m at 90, 90 and 80 degrees; undercuts 0, 7 and 0 m deep and 20 m high; talus of
# 38 degrees (tan 0.7812856); valley 1,096 m down; plateau level, level, and rising 5 degrees towards the
# edge.
TALUS = (1096.0 - 253.0) / 0.7812856265
SECTIONS = {
    "vertical": ((2.0, -3.0), (2.0, -23.0), (2.0, -253.0), (2.0 + TALUS, -1096.0), 90.0, 0.0, 0.0),
    "undercut": ((2.0, -3.0), (-5.0, -23.0), (-5.0, -253.0), (-5.0 + TALUS, -1096.0), 90.0, 7.0, 0.0),
    # 230 m of wall below the roof at 80 degrees: 230/tan 80 = 40.5552 m out.
    "leaning": ((2.0, -3.0), (2.0, -23.0), (42.5552, -253.0), (42.5552 + TALUS, -1096.0), 80.0, 0.0, 5.0),
}


def section(name):
    return np.array(SECTIONS[name][:4])


def built(name):
    angle, depth, slope = SECTIONS[name][4:]
    values = (2.0, -3.0, 250.0, np.deg2rad(angle), depth, 20.0, np.deg2rad(38.0), -1096.0)
    corners = cliff_corners(*(jnp.asarray(x) for x in values))
    return cliff_from(corners, np.deg2rad(slope)), corners


def outline(name, step=0.01):
    """Return the rock's polygon and dense samples of its surface."""
    corners, slope = section(name), np.deg2rad(SECTIONS[name][6])
    behind = corners[0] - 900.0 * np.array([np.cos(slope), np.sin(slope)])
    beyond = corners[3] + np.array([900.0, 0.0])
    line = np.vstack([behind, corners, beyond])
    samples = []
    for a, b in pairwise(line):
        count = max(int(np.ceil(np.linalg.norm(b - a) / step)), 1)
        samples.append(a + (b - a) * np.linspace(0.0, 1.0, count + 1)[:, None])
    return Polygon(np.vstack([line, [beyond[0], -9e3], [behind[0], -9e3]])), np.vstack(samples)


@pytest.mark.parametrize("name", SECTIONS)
def test_corners(name):
    np.testing.assert_allclose(built(name)[1], section(name), atol=1e-3)


@pytest.mark.parametrize("name", SECTIONS)
def test_distance_against_dense_samples_t27(name):
    rng = np.random.default_rng(27)
    near = section(name)[rng.integers(0, 4, 400)] + rng.normal(0.0, 8.0, (400, 2))
    wide = rng.uniform([-300.0, -1150.0], [800.0, 60.0], (400, 2))
    points = np.vstack([near, wide])
    rock, surface = outline(name)
    true = cKDTree(surface).query(points)[0]
    sign = np.where(rock.contains_points(points), -1.0, 1.0)
    aside = rng.uniform(-500.0, 500.0, len(points))
    found = np.asarray(distances(built(name)[0], places(points[:, 0], points[:, 1], aside)))
    # Samples are 0.01 m apart, so the nearest one is at most 0.005 m beside the nearest point of the surface;
    # the corners above are rounded to 1e-4 m.
    np.testing.assert_array_equal(np.sign(found), sign)
    assert np.all(np.abs(true**2 - found**2) <= 0.005**2 + 2e-4 * (0.005 + true))
    assert {-1.0, 1.0} == set(sign)


def test_distance_of_a_half_space_is_exact_t27():
    flat = cliff_from([(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (3.0, 0.0)])
    rng = np.random.default_rng(1)
    points = rng.uniform(-200.0, 200.0, (300, 3))
    np.testing.assert_allclose(distances(flat, jnp.asarray(points)), points[:, 2], atol=1e-9)


def test_distance_of_a_step_is_exact_t27():
    # Rock where out < 0 and up < 0, and where up < -100: a box corner. In the air the distance is to the
    # quarter or to the floor, whichever is nearer; inside the rock behind the wall it is to the nearest face.
    step = cliff_from([(0.0, 0.0), (0.0, -20.0), (0.0, -100.0), (1.0, -100.0)])
    rng = np.random.default_rng(2)
    out, up = rng.uniform(-60.0, 80.0, 600), rng.uniform(-99.0, 50.0, 600)
    quarter = np.where(
        (out < 0.0) & (up < 0.0), -np.minimum(-out, -up), np.hypot(np.maximum(out, 0.0), np.maximum(up, 0.0))
    )
    true = np.where(quarter > 0.0, np.minimum(quarter, up + 100.0), quarter)
    np.testing.assert_allclose(distances(step, places(out, up)), true, atol=1e-8)


def test_sign_at_known_places():
    cliff, _ = built("vertical")
    np.testing.assert_allclose(distances(cliff, places([12.0, -8.0], -100.0)), [10.0, -10.0], atol=1e-9)


def test_vertical_wall_and_its_normal():
    cliff, _ = built("vertical")
    wall, floor = places([7.0, 1800.0], [-150.0, -1090.0])
    assert float(cliff.distance(wall)) == pytest.approx(5.0, abs=1e-9)
    np.testing.assert_allclose(cliff.normal(wall), OUT, atol=1e-9)
    np.testing.assert_allclose(cliff.normal(floor), [0.0, 0.0, 1.0], atol=1e-9)


def test_undercut_is_air_t28():
    # Under the roof, 3 m in from the edge and 12 m below it: air, although the plateau lies above it, so that
    # a height field calls it ground. The roof runs from (2, -3) to (-5, -23), sqrt(449) m long: its distance
    # from the point is (7 x 12 - 20 x 3)/sqrt(449) = 1.1326 m.
    cliff, _ = built("undercut")
    point = places(-1.0, -15.0)
    assert float(cliff.distance(point)) == pytest.approx((7.0 * 12.0 - 20.0 * 3.0) / np.sqrt(449.0), abs=1e-9)
    assert float(cliff.height_above(places(-1.0, 0.0))) == pytest.approx(3.0)
    assert float(point[2]) < -3.0
    # Straight below the roof there is the talus: from its top at (-5, -253), 4 m out and 4 tan 38 deg down.
    assert float(cliff.height_above(point)) == pytest.approx(253.0 + 4.0 * 0.7812856265 - 15.0, abs=1e-6)


@pytest.mark.parametrize("name", SECTIONS)
def test_height_above_against_a_falling_stone(name):
    rng = np.random.default_rng(28)
    points = rng.uniform([-60.0, -250.0], [120.0, 20.0], (40, 2))
    rock, _ = outline(name, step=10.0)
    points = points[~rock.contains_points(points)]
    down = np.arange(0.0, 1200.0, 0.02)
    found = np.asarray(heights(built(name)[0], places(points[:, 0], points[:, 1])))
    for (out, up), height in zip(points, found, strict=True):
        hit = rock.contains_points(np.stack([np.full_like(down, out), up - down], axis=1))
        assert height == pytest.approx(down[np.argmax(hit)], abs=0.03)


def test_beyond_what_is_known_is_flagged():
    cliff = cliff_from(section("vertical"), known_to=3000.0)
    np.testing.assert_allclose(
        reaches(cliff, places([0.0, 2900.0, 3100.0], 0.0)), [3000.0, 100.0, -100.0], atol=1e-6
    )


class Ball(AbstractTerrain):
    """A ball of rock round the origin."""

    radius: jax.Array

    def distance(self, position):
        return jnp.sqrt(jnp.sum(position**2) + 1e-18) - self.radius

    def height_above(self, position):
        raise NotImplementedError

    def known(self, position):
        raise NotImplementedError


class Slope(AbstractTerrain):
    """Rock under a plane through the origin."""

    upward: jax.Array

    def distance(self, position):
        return jnp.sum(position * self.upward)

    def height_above(self, position):
        raise NotImplementedError

    def known(self, position):
        raise NotImplementedError


def test_interpolation_is_exact_for_linear_fields_t27():
    rng = np.random.default_rng(3)
    origins, cells = np.array([[-4.0, -4.0, -4.0], [-16.0, -20.0, -24.0]]), np.array([1.0, 4.0])
    for _ in range(5):
        gradient, constant = rng.normal(size=3), rng.normal()
        steps = np.stack(np.meshgrid(*3 * [np.arange(9.0)], indexing="ij"), axis=-1)
        nodes = origins[:, None, None, None] + cells[:, None, None, None, None] * steps
        grid = NestedGrid(jnp.asarray(origins), jnp.asarray(cells), jnp.asarray(nodes @ gradient + constant))
        points = rng.uniform([-16.0, -20.0, -24.0], [16.0, 12.0, 8.0], (300, 3))
        found = distances(grid, jnp.asarray(points))
        np.testing.assert_allclose(found, points @ gradient + constant, atol=1e-6)


def over_estimates(terrain, centre, points):
    """Return how much nested grids of 1 m and 4 m claim too much, in cells of the coarsest that answers."""
    grid = sample_grid(terrain, np.asarray(centre), (1.0, 4.0), 25)
    # Over its last two cells the fine grid is blended into the coarse one.
    fine = np.max(np.abs(points - centre), axis=1) <= 10.0
    excess = np.asarray(distances(grid, jnp.asarray(points)) - distances(terrain, jnp.asarray(points)))
    return excess / np.where(fine, 1.0, 4.0), fine


@pytest.mark.parametrize("name", ["ball", "slope", *SECTIONS])
def test_grid_claims_at_most_087_cell_too_much_t27(name):
    others = {"ball": Ball(jnp.asarray(9.0)), "slope": Slope(jnp.array([0.6, 0.0, 0.8]))}
    terrain = others[name] if name in others else built(name)[0]
    centre = np.zeros(3) if name in others else np.asarray(places(2.0, -10.0))
    points = centre + np.random.default_rng(4).uniform(-48.0, 48.0, (4000, 3))
    points[:2000] = centre + (points[:2000] - centre) / 4.0
    excess, fine = over_estimates(terrain, centre, points)
    assert fine.sum() > 1000
    assert (~fine).sum() > 1000
    assert excess.max() <= OVER_ESTIMATE
    assert np.abs(excess).max() <= OVER_ESTIMATE
    if name == "slope":
        assert np.abs(excess).max() < 1e-8
    else:
        assert excess.max() > 0.01  # the bound is not met for want of error


def test_sign_of_a_sampled_field():
    grid = sample_grid(built("vertical")[0], np.asarray(places(2.0, -60.0)), (1.0, 4.0), 25)
    inside, outside = np.asarray(distances(grid, places([-3.0, 7.0], -60.0)))
    assert inside == pytest.approx(-5.0, abs=0.87)
    assert outside == pytest.approx(5.0, abs=0.87)


def test_outside_the_grid_is_flagged_and_never_open_air():
    ball = Ball(jnp.asarray(9.0))
    grid = sample_grid(ball, np.zeros(3), (1.0, 4.0), 25)
    rng = np.random.default_rng(5)
    away = rng.normal(size=(200, 3))
    away *= (rng.uniform(50.0, 400.0, 200) / np.max(np.abs(away), axis=1))[:, None]
    known = np.asarray(reaches(grid, jnp.asarray(away)))
    np.testing.assert_allclose(known, 48.0 - np.max(np.abs(away), axis=1), atol=1e-9)
    assert np.all(known < 0.0)
    claimed, true = np.asarray(distances(grid, jnp.asarray(away))), np.linalg.norm(away, axis=1) - 9.0
    assert np.all(claimed <= true + OVER_ESTIMATE * 4.0)
    assert float(reaches(grid, jnp.zeros((1, 3)))[0]) == pytest.approx(48.0)


def test_height_above_a_sampled_slope():
    # Below (3, 0, 20) the plane 0.6 x + 0.8 z = 0 is at z = -2.25.
    grid = sample_grid(Slope(jnp.array([0.6, 0.0, 0.8])), np.zeros(3), (1.0, 4.0), 25)
    assert float(grid.height_above(jnp.array([3.0, 0.0, 20.0]))) == pytest.approx(22.25, abs=1e-6)
