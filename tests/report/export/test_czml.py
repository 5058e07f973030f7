"""CZML, read by czml3, whose classes refuse what Cesium's schema does not have."""

import json

import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from tests.report.export.conftest import earth_fixed

czml3 = pytest.importorskip("czml3", reason="needs czml3, which knows every property of CZML")

# EGM96 at Helsetkopen from the full grid of 5 minutes [m].
GEOID = 45.43


@pytest.fixture(scope="module")
def packets(written):
    return json.loads(written("czml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def by_id(packets):
    return {packet["id"]: packet for packet in packets}


def places(packet):
    table = np.reshape(packet["position"]["cartographicDegrees"], (-1, 4))
    return table[:, 0], table[:, 1:]


def turns(packet):
    table = np.reshape(packet["orientation"]["unitQuaternion"], (-1, 5))
    return Rotation.from_quat(table[:, 1:])


def test_czml3_knows_every_property(packets):
    read = czml3.Document.model_validate({"packets": packets})
    back = json.loads(read.dumps())
    assert [packet["id"] for packet in back] == [packet["id"] for packet in packets]
    for mine, its in zip(packets, back, strict=True):
        assert set(mine) <= set(its)
    wrong = [packets[0], {**packets[1], "position": {"cartographicDegrees": [0.0, 1.0]}}]
    with pytest.raises(ValueError, match="position"):
        czml3.Document.model_validate({"packets": wrong})


def test_document_comes_first_with_a_clock(packets, clip):
    assert packets[0]["id"] == "document"
    assert packets[0]["version"] == "1.0"
    start, end = packets[0]["clock"]["interval"].split("/")
    assert start == packets[0]["clock"]["currentTime"] == packets[1]["position"]["epoch"]
    assert packets[1]["availability"] == f"{start}/{end}"
    # 86 frames of 1/8 s before takeoff at 10:30.
    assert clip.zero_frame == 87
    assert start == "2020-09-06T10:29:49.250Z"


def test_samples_are_time_longitude_latitude_height_t38(packets):
    # T38: the order of CZML's CartographicDegrees. Helsetkopen lies at 7 east and 62 north, 1,251 m up.
    row = packets[1]["position"]["cartographicDegrees"][:4]
    assert row[0] == 0.0
    assert row[1] == pytest.approx(6.6, abs=1.0)
    assert row[2] == pytest.approx(62.3, abs=0.5)
    assert row[3] == pytest.approx(1251.0 + GEOID, abs=10.0)


def test_heights_are_above_the_ellipsoid(by_id, flown, clip, to_local):
    seconds, table = places(by_id["performer"])
    np.testing.assert_allclose(seconds, clip.seconds, atol=1e-6)
    # The origin lies on the geoid's height above the ellipsoid: a run that took it for the sea's is 45 m off.
    found = to_local(*table.T, flown.lip_altitude + GEOID)
    np.testing.assert_allclose(found, clip.bodies[0].position, atol=0.1)
    assert table[-1, 2] - flown.event("touchdown").altitude == pytest.approx(GEOID, abs=0.4)


def test_bodies_face_forward_and_stay_upright(by_id, clip):
    seconds, table = places(by_id["performer"])
    fixed = earth_fixed(*table.T)
    rows = np.flatnonzero(clip.bodies[0].phase == "run-up")[20:-2:7]
    along = fixed[rows + 1] - fixed[rows - 1]
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    forward = turns(by_id["performer"])[rows].apply([1.0, 0.0, 0.0])
    assert np.all(np.sum(forward * along, axis=1) > 0.995)
    up = turns(by_id["performer"])[rows].apply([0.0, 0.0, 1.0])
    # Out of the earth at a sphere's accuracy of 0.2 degrees.
    outward = fixed[rows] / np.linalg.norm(fixed[rows], axis=1, keepdims=True)
    assert np.all(np.sum(up * outward, axis=1) > 0.98)
    assert seconds[0] == 0.0


def test_cameras_look_at_the_performer(by_id, clip, scenario):
    _, table = places(by_id["performer"])
    fixed = earth_fixed(*table.T)
    for camera in scenario.site.camera:
        packet = by_id[f"camera/{camera.name}"]
        at = earth_fixed(*packet["position"]["cartographicDegrees"])
        away = fixed - at
        away /= np.linalg.norm(away, axis=1, keepdims=True)
        look = turns(packet).apply([1.0, 0.0, 0.0])
        assert np.min(np.sum(look * away, axis=1)) > np.cos(np.radians(0.01))


def test_other_runs_have_ids_of_their_own(pair, scenario, flown):
    from precipice.report.export.czml import czml_lines
    from precipice.report.export.globe import find_globe
    from precipice.report.export.told import tell

    globe = find_globe(scenario, flown.lip_altitude)
    text = "\n".join(czml_lines(pair, globe, pair.start(), tell(pair, globe, pair.start())))
    found = json.loads(text)
    czml3.Document.model_validate({"packets": found})
    ids = [packet["id"] for packet in found]
    assert {"performer", "run 7/performer", "run 7/motorcycle"} <= set(ids)
    assert len(ids) == len(set(ids))
    assert json.loads(found[0]["description"])["other_runs"]["run 7"]["run"] == 7
