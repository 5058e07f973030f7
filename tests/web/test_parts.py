"""Parts of the page's server by themselves: arrays on their way, rock as triangles, jobs that die with it.

What is expected is geometry done by hand, and the layout that `static/api.js` reads, decoded here anew.
"""

import json
import struct
import time
from pathlib import Path

import numpy as np
import pytest

from precipice.web.envelope import pack
from precipice.web.ground import cut, extruded, graded, level, mapped, raised


def unpack(block):
    """Return the head and the arrays of an envelope, read as `api.js` does."""
    (length,) = struct.unpack("<I", block[:4])
    head, body = json.loads(block[4 : 4 + length]), block[4 + length :]
    arrays = {
        name: np.frombuffer(
            body, f"<{about['type']}", int(np.prod(about["shape"])), about["at"]
        ).reshape(about["shape"])
        for name, about in head["arrays"].items()
    }  # fmt: skip
    return head, arrays


WALL = np.array([[-1e5, -3.0], [0.0, -3.0], [0.0, -253.0], [1000.0, -1000.0], [1e5, -1000.0]])


def test_an_envelope_can_be_opened():
    block = pack({"words": "Bø 2 m²"}, {"a": np.array([[1.5, np.nan]]), "b": np.arange(3)})
    (length,) = struct.unpack("<I", block[:4])
    head = json.loads(block[4 : 4 + length])
    assert head["words"] == "Bø 2 m²"
    # A browser maps four-byte numbers only where a multiple of four begins.
    assert (4 + length) % 4 == 0
    a, b = head["arrays"]["a"], head["arrays"]["b"]
    body = block[4 + length :]
    assert np.frombuffer(body, "<f4", 2, a["at"])[0] == 1.5
    assert np.frombuffer(body, "<u4", 3, b["at"]).tolist() == [0, 1, 2]
    assert (a["shape"], b["shape"]) == ([1, 2], [3])


def test_an_envelope_refuses_numbers_that_json_has_not():
    with pytest.raises(ValueError, match="JSON"):
        pack({"x": float("nan")}, {})


def test_a_cross_section_is_cut_where_it_leaves():
    found = cut(WALL, -100.0, 500.0)
    np.testing.assert_allclose(found[[0, -1]], [[-100.0, -3.0], [500.0, -253.0 - 0.5 * 747.0]])
    np.testing.assert_allclose(found[1:-1], WALL[1:3])
    np.testing.assert_allclose(cut(WALL[:2], -50.0, -10.0), [[-50.0, -3.0], [-10.0, -3.0]])


def test_extruded_rock_lies_on_its_cross_section():
    bearing = np.radians(30.0)
    rock = extruded(WALL, bearing, 400.0)
    out = rock.points[:, 0] * np.sin(bearing) + rock.points[:, 1] * np.cos(bearing)
    assert np.abs(out).max() <= 400.0 + 1e-9
    for a, b in ((0, 1), (2, 3)):
        inside = (out > WALL[a, 0] + 1e-6) & (out < WALL[b, 0] - 1e-6)
        want = np.interp(out[inside], WALL[[a, b], 0], WALL[[a, b], 1])
        np.testing.assert_allclose(rock.points[inside, 2], want, atol=1e-9)
    on_wall = np.abs(out) < 1e-9
    assert rock.points[on_wall, 2].min() == -253.0
    assert rock.corners.max() == len(rock.points) - 1


def test_a_built_landing_is_as_wide_as_built_and_stands_on_the_ground():
    bearing, section = np.radians(90.0), np.array([[0.0, -1.0], [10.0, -1.0], [20.0, -4.0]])
    surface = raised(section, bearing, 3.0, -4.0)
    # Out is east: right and left are south and north.
    assert np.abs(surface.points[:, 1]).max() == pytest.approx(3.0)
    top = surface.points[surface.points[:, 2] > -4.0]
    np.testing.assert_allclose(np.unique(np.round(top[:, 0], 6)), [0.0, 10.0])
    corners = surface.points[surface.corners]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    size = np.linalg.norm(normal, axis=1)
    flat = np.abs(normal[:, 1]) < 1e-9 * size
    # The top faces up; each side faces away from the middle.
    assert np.all(normal[flat, 2] >= 0.0)
    sides = ~flat & (size > 0.0)
    assert sides.any()
    assert np.all(normal[sides, 1] * corners[sides].mean(axis=1)[:, 1] > 0.0)


def test_level_ground_faces_up():
    ground = level(-40.0, 300.0)
    a, b, c = (ground.points[ground.corners[:, k]] for k in range(3))
    assert np.all(np.cross(b - a, c - a)[:, 2] > 0.0)
    assert set(ground.points[:, 2]) == {-40.0}


def test_holes_of_a_survey_stay_holes():
    from precipice.report.site_ground import Ground

    def up(east, north):
        return np.where(np.hypot(east, north - 50.0) < 20.0, np.nan, 0.1 * east)

    box = np.full(2, 100.0)
    ground = Ground(up, np.zeros((0, 2)), -box, box, 0.0, 0.0, np.zeros(2), None, 1.0)
    rock = mapped(ground, 400.0)
    corners = rock.points[rock.corners]
    assert np.all(np.isfinite(corners))
    middles = corners.mean(axis=1)
    assert np.all(np.hypot(middles[:, 0], middles[:, 1] - 50.0) > 12.0)
    np.testing.assert_allclose(corners[..., 2], 0.1 * corners[..., 0], atol=1e-9)
    assert np.abs(corners[..., :2]).max() <= 100.0


def test_a_height_map_is_finest_around_the_lip():
    steps = np.diff(graded(161))
    assert steps.argmin() in (79, 80)
    assert steps.max() / steps.min() > 10.0


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads who is whose child in /proc")
def test_a_job_ends_with_its_server(serve, scenario_file):
    httpx = pytest.importorskip("httpx")
    server = serve(scenario_file)
    with httpx.Client(base_url=server.address, timeout=60) as client:
        token = client.get("/api/state").json()["session"]
        job = {"runs": 1_000_000, "seed": 0}
        client.post("/api/assess", json=job, headers={"x-precipice-session": token})
        children: list[int] = []
        deadline = time.monotonic() + 60
        while not children and time.monotonic() < deadline:
            time.sleep(0.2)
            children = _children(server.process.pid)
    assert children
    server.process.kill()
    server.process.wait()
    while any(map(_lives, children)) and time.monotonic() < deadline + 60:
        time.sleep(0.1)
    assert not any(map(_lives, children))


def _children(pid):
    found = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for path in found for child in path.read_text().split()]


def _lives(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
