"""The ground of a ramp-jump: distances against brute force and plain geometry, and what is not known."""

from importlib.resources import files

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from precipice.errors import InputError
from precipice.scenario.load import load_scenario
from precipice.world.landing_surface import (
    CORNERS,
    build_landing_surface,
    cut_section,
    fit_table,
    landing_points,
    plane_table,
    with_slopes,
)

BEARING = 0.7
FORWARD = np.array([np.sin(BEARING), np.cos(BEARING), 0.0])
RIGHT = np.array([np.cos(BEARING), -np.sin(BEARING), 0.0])
BEHIND = np.array([[-60.0, -1.4], [0.0, -1.4]])


def surface(table, behind=BEHIND, level=0.0, dtype=jnp.float64):
    numbers = [jnp.asarray(x, dtype) for x in (table, behind, BEARING, 5.0, level)]
    return build_landing_surface(*numbers)


def place(away, up, across=0.0, dtype=jnp.float64):
    return jnp.asarray(away * FORWARD + across * RIGHT + np.array([0.0, 0.0, up]), dtype)


@pytest.fixture(scope="module")
def plane():
    numbers = [jnp.asarray(x) for x in (18.0, 0.5, np.deg2rad(25.0), 20.0)]
    return surface(plane_table(*numbers), level=1.0)


@pytest.fixture(scope="module")
def hill():
    rng = np.random.default_rng(5)
    away = np.cumsum(rng.uniform(0.05, 0.6, 400))
    up = -0.1 * away + np.cumsum(rng.normal(0.0, 0.03, 400))
    return np.column_stack([away, up])


def test_plane_by_plain_geometry(plane):
    # A point 2 m off the plane, square to it, half-way along.
    slope = -np.deg2rad(25.0)
    foot = np.array([28.0, 0.5 - 10.0 * np.tan(np.deg2rad(25.0))])
    point = foot + 2.0 * np.array([-np.sin(slope), np.cos(slope)])
    assert float(plane.distance(place(*point, across=3.0))) == pytest.approx(2.0, abs=1e-9)
    assert float(plane.distance(place(*(2.0 * foot - point)))) == pytest.approx(-2.0, abs=1e-9)
    assert float(plane.height_above(place(*point))) == pytest.approx(2.0 / np.cos(slope), abs=1e-9)
    assert float(plane.slope(place(*point))) == pytest.approx(slope, abs=1e-12)
    normal = np.asarray(plane.normal(place(*point)))
    np.testing.assert_allclose(normal, -np.sin(slope) * FORWARD + np.cos(slope) * np.array([0, 0, 1.0]), atol=1e-9)


def test_gap_and_front_face(plane):
    # Level at the lower of lip's ground and surface; the face rises from there to the surface.
    assert float(plane.height_above(place(9.0, 0.0))) == pytest.approx(1.4, abs=1e-12)
    assert float(plane.distance(place(17.0, -0.3))) == pytest.approx(1.0, abs=1e-9)
    assert float(plane.distance(place(18.5, -0.3))) < 0.0
    assert float(plane.inside(place(17.0, 3.0))) == pytest.approx(-1.0, abs=1e-12)
    assert float(plane.inside(place(20.0, 3.0, across=-4.0))) == pytest.approx(1.0, abs=1e-12)
    assert float(plane.inside(place(20.0, 3.0, across=6.0))) == pytest.approx(-1.0, abs=1e-12)


def test_beyond_a_plane_the_ground_is_level_and_known(plane):
    end = 0.5 - 20.0 * np.tan(np.deg2rad(25.0))
    assert float(plane.height_above(place(60.0, end + 3.0))) == pytest.approx(3.0, abs=1e-9)
    assert float(plane.known(place(60.0, end))) > 0.0
    assert float(plane.inside(place(60.0, end))) < 0.0


def test_outside_the_data_is_never_safe(hill):
    ground = surface(fit_table(hill).table)
    last = hill[-1, 0]
    assert float(ground.known(place(last - 1.0, 0.0))) == pytest.approx(1.0, abs=1e-9)
    assert float(ground.known(place(last + 1.0, 50.0))) == pytest.approx(-1.0, abs=1e-9)
    assert float(ground.known(place(-61.0, 5.0))) == pytest.approx(-1.0, abs=1e-9)
    assert float(ground.known(place(20.0, 5.0, across=5.5))) == pytest.approx(-0.5, abs=1e-9)


def brute(table, point):
    """Distance to a section from a hundred thousand points on it, and whether it lies below."""
    rows = np.unique(table[:, :2], axis=0)
    foot = min(BEHIND[-1, 1], rows[0, 1])
    chain = np.concatenate([BEHIND, [[0.0, foot], [rows[0, 0], foot]], rows, rows[-1:] + [[300.0, 0.0]]])
    length = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(chain, axis=0).T))])
    way = np.linspace(0.0, length[-1], 400_001)
    dense = np.column_stack([np.interp(way, length, column) for column in chain.T])
    closest = np.min(np.hypot(*(dense - point).T))
    x, z = chain[:, 0], chain[:, 1]
    return -closest if np.interp(point[0], x + 1e-9 * np.arange(len(x)), z) > point[1] else closest


def test_distance_against_brute_force(hill):
    fitted = fit_table(hill)
    ground = surface(fitted.table)
    rng = np.random.default_rng(1)
    for away, up in zip(rng.uniform(-20.0, 120.0, 40), rng.uniform(-30.0, 10.0, 40), strict=True):
        found = float(ground.distance(place(away, up, across=1.0)))
        assert found == pytest.approx(brute(fitted.table, np.array([away, up])), abs=2e-3)


def test_the_ramp_can_be_part_of_the_ground():
    ramp = np.array([[-60.0, -1.4], [-5.0, -1.4], [0.0, 0.0], [0.0, -1.4]])
    numbers = [jnp.asarray(x) for x in (18.0, 0.5, np.deg2rad(25.0), 20.0)]
    ground = surface(plane_table(*numbers), behind=ramp)
    assert float(ground.height_above(place(-2.5, 1.0))) == pytest.approx(1.7, abs=1e-12)
    assert float(ground.distance(place(0.5, -0.5))) == pytest.approx(0.5, abs=1e-9)
    assert float(ground.distance(place(-0.5, -0.5))) < 0.0


def test_float32_keeps_a_millimetre(hill):
    table = fit_table(hill).table
    single, double = surface(table, dtype=jnp.float32), surface(table)
    for away, up in ((3.0, 0.4), (40.0, -3.0), (100.0, 4.0)):
        found = single.distance(place(away, up, dtype=jnp.float32))
        assert found.dtype == jnp.float32
        assert float(found) == pytest.approx(float(double.distance(place(away, up))), abs=1e-3)


def test_vectorised_and_compiled_like_the_single_one(hill):
    ground = surface(fit_table(hill).table)
    places = jnp.stack([place(away, 2.0) for away in (1.0, 30.0, 80.0)])
    batched = jax.jit(jax.vmap(ground.distance))(places)
    np.testing.assert_allclose(batched, [ground.distance(p) for p in places], atol=1e-12)


def test_few_corners_keep_a_smooth_curve():
    # A circle of 40 m radius: an arc of length L differs from its chord by L^2/(8 x 40).
    angle = np.linspace(-0.4, 0.4, 1000)
    circle = np.column_stack([40.0 * np.sin(angle) + 20.0, 40.0 * (1.0 - np.cos(angle))])
    fitted = fit_table(circle)
    assert fitted.table.shape == (CORNERS, 3)
    chord = 32.0 / (CORNERS - 1)
    assert chord**2 / 320.0 < fitted.error < 6.0 * chord**2 / 320.0
    away = np.linspace(fitted.table[1, 0], fitted.table[-2, 0], 500)
    slope = np.interp(away, fitted.table[:, 0], fitted.table[:, 2])
    np.testing.assert_allclose(slope, np.arcsin((away - 20.0) / 40.0), atol=2e-3)
    assert fit_table(circle[::100]).error < 1e-9


def test_long_pieces_are_straight_and_their_corners_short():
    points = np.array([[0.0, 0.0], [10.0, 0.0], [30.0, -10.0]])
    line = with_slopes(points)
    slopes = np.interp([5.0, 9.5, 10.0, 10.5, 20.0], line[:, 0], line[:, 2])
    np.testing.assert_allclose(slopes, [0.0, 0.0, np.arctan(-0.25), np.arctan(-0.5), np.arctan(-0.5)], atol=1e-9)


@pytest.mark.parametrize("points", [[[0, 0], [1, 0], [0.5, -1]], [[0, 0], [1, 0], [1, -1]], [[0, 0]], [[0, 0], [1, np.nan]]])
def test_surfaces_that_double_back_are_refused(points):
    with pytest.raises(InputError, match="farther out than the one before"):
        fit_table(np.array(points, float))


def test_section_of_a_terrain():
    # A slope of 0.2 along the bearing and 0.1 across it; nobody knows what lies beyond 30 m.
    def height(east, north):
        away, across = east * FORWARD[0] + north * FORWARD[1], east * RIGHT[0] + north * RIGHT[1]
        return np.where(away <= 30.0, -1.0 - 0.2 * away + 0.1 * across, np.nan)

    section = cut_section(height, BEARING, 50.0, 8.0)
    np.testing.assert_allclose(section.points[:, 1], -1.0 - 0.2 * section.points[:, 0], atol=1e-9)
    assert 29.5 < section.points[-1, 0] <= 30.0
    assert section.worst_across == pytest.approx(0.4, abs=1e-9)
    with pytest.raises(InputError, match="ground from the lip outwards"):
        cut_section(lambda east, north: np.full_like(east, np.nan), BEARING, 50.0, 8.0)


def test_scenarios_to_points(tmp_path):
    text = files("precipice.scenario").joinpath("template", "ramp-jump.toml").read_text(encoding="utf-8")
    (tmp_path / "jump.toml").write_text(text, encoding="utf-8")
    scenario = load_scenario(tmp_path / "jump.toml")
    points = landing_points(scenario.landing_surface, scenario.values())
    np.testing.assert_allclose(points, [[18.0, 0.0], [38.0, -20.0 * np.tan(np.deg2rad(25.0))]])
