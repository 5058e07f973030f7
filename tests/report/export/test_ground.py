"""The ground of an export is the ground that was flown over, and every surface faces the air."""

import numpy as np
import pytest
import trimesh

from precipice.report.export.ground import build_ground


@pytest.fixture(scope="module")
def surfaces(clip):
    return {surface.name: surface for surface in build_ground(clip)}


def mesh(surface):
    return trimesh.Trimesh(surface.points, surface.triangles, process=False)


def height_below(ground, place):
    hits, *_ = mesh(ground).ray.intersects_location([[place[0], place[1], 5000.0]], [[0.0, 0.0, -1.0]])
    return hits[:, 2].max()


def test_heights_are_those_that_the_flight_had_below_it(surfaces, flown):
    track = flown.performer
    rows = np.flatnonzero(np.isin(track.phase, ["freefall", "canopy"]))[::150]
    for k in rows:
        ground = height_below(surfaces["ground"], track.position[k])
        assert track.position[k, 2] - ground == pytest.approx(track.height[k], abs=0.2)


def test_ramp_ends_at_the_lip_and_begins_at_the_run_up(surfaces, scenario, flown):
    ramp = surfaces["ramp"].points
    lip = ramp[np.argsort(np.linalg.norm(ramp[:, :2], axis=1))[:2]]
    assert np.mean(lip, axis=0) == pytest.approx([0.0, 0.0, 0.05], abs=1e-6)
    start = np.array(flown.event("start").position[:2])
    far = np.max(np.linalg.norm(ramp[:, :2], axis=1))
    assert far == pytest.approx(np.linalg.norm(start), abs=3.0)


def test_surfaces_face_the_air(surfaces):
    for name, surface in surfaces.items():
        normals = mesh(surface).face_normals
        assert np.all(normals[:, 2] > -1e-6) or name == "ramp", name
    out = np.radians(258.0)
    wall = mesh(surfaces["ground"]).face_normals
    wall = wall[np.abs(wall[:, 2]) < 0.1]
    assert np.all(wall @ [np.sin(out), np.cos(out), 0.0] > 0.99)


def test_everything_that_moves_or_films_is_over_the_ground(surfaces, clip):
    low, high = mesh(surfaces["ground"]).bounds
    for body in clip.bodies:
        assert np.all(body.position[:, :2] > low[:2])
        assert np.all(body.position[:, :2] < high[:2])
    assert sum(len(surface.triangles) for surface in surfaces.values()) < 100_000


def test_areas_are_round_and_where_they_land(surfaces, scenario, flown):
    area = surfaces[scenario.site.landing.name].points
    radius = np.linalg.norm(area[1:, :2] - area[0, :2], axis=1)
    np.testing.assert_allclose(radius, scenario.site.landing.radius.value)
    assert area[0, 2] == pytest.approx(flown.landing_altitude - flown.lip_altitude + 0.05)
