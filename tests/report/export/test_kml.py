"""KML, checked by the OGC's schema (with Google's extension) and read by fastkml."""

import datetime as dt
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest

fastkml = pytest.importorskip("fastkml", reason="needs fastkml, which reads KML back")
etree = pytest.importorskip("lxml.etree", reason="needs lxml, which checks KML by its schema")

KML = "{http://www.opengis.net/kml/2.2}"
GX = "{http://www.google.com/kml/ext/2.2}"


@pytest.fixture(scope="module")
def schema():
    folder = Path(fastkml.__file__).parent / "schema"
    return etree.XMLSchema(etree.parse(str(folder / "kml22gx.xsd")))


def features(container):
    for feature in container.features:
        yield feature
        if hasattr(feature, "features"):
            yield from features(feature)


@cache
def read(path):
    return list(features(fastkml.KML.parse(path)))


def named(path, name):
    return next(feature for feature in read(path) if feature.name == name)


def text_of(path, pattern):
    return re.findall(pattern, path.read_text(encoding="utf-8"))


def test_schema_accepts_it(schema, written):
    tree = etree.parse(str(written("kml")))
    assert schema.validate(tree), schema.error_log


def test_schema_refuses_what_is_wrong(schema, written):
    text = written("kml").read_bytes()
    broken = etree.fromstring(text.replace(b"<altitudeMode>absolute", b"<altitudeMode>high", 1))
    assert not schema.validate(broken)


def test_fastkml_finds_everybody(written, scenario):
    names = [feature.name for feature in read(written("kml"))]
    assert {"performer", "motorcycle", "events", "takeoff", "touchdown"} <= set(names)
    assert {camera.name for camera in scenario.site.camera} <= set(names)
    assert scenario.site.landing.name in names


def test_track_is_the_run_above_the_sea(written, flown, clip, to_local):
    track = named(written("kml"), "performer").kml_geometry
    coords = np.array([item.coord.coords[0] for item in track.track_items])
    whens = [item.when.dt for item in track.track_items]
    assert track.altitude_mode.value == "absolute"
    assert len(coords) == len(clip.time)
    # KML counts from the sea, like the site: the lip's altitude is that of the origin.
    found = to_local(*coords.T, flown.lip_altitude)
    np.testing.assert_allclose(found, clip.bodies[0].position, atol=0.02)
    touchdown = flown.event("touchdown")
    bend = np.hypot(*touchdown.position[:2]) ** 2 / (2.0 * 6.39e6)
    assert coords[-1, 2] == pytest.approx(touchdown.altitude + bend, abs=0.02)
    # Takeoff at the scenario's date and time, in UTC.
    assert whens[clip.zero_frame - 1] == dt.datetime(2020, 9, 6, 10, 30, tzinfo=dt.UTC)
    assert (whens[-1] - whens[0]).total_seconds() == pytest.approx(clip.seconds[-1], abs=1e-3)


def test_camera_looks_where_the_performer_is(written, flown, clip):
    view = named(written("kml"), "helicopter long lens").view
    camera = clip.cameras[0]
    away = clip.bodies[0].position[clip.zero_frame - 1] - camera.position
    bearing = np.degrees(np.arctan2(away[0], away[1])) % 360.0
    # KML tilts from straight down: level is 90 degrees.
    tilt = 90.0 + np.degrees(np.arctan2(away[2], np.hypot(away[0], away[1])))
    assert view.heading == pytest.approx(bearing, abs=1e-3)
    assert view.tilt == pytest.approx(tilt, abs=1e-3)
    assert view.altitude == pytest.approx(flown.lip_altitude + 40.0, abs=0.02)
    # 36 mm behind 85 mm: 2 atan(18 / 85).
    assert text_of(written("kml"), r"<gx:horizFov>([\d.]+)")[0] == "23.9132"


def test_other_runs_lie_in_a_folder_of_their_own(schema, pair, scenario, flown, tmp_path):
    from precipice.report.export.globe import find_globe
    from precipice.report.export.kml import kml_lines
    from precipice.report.export.told import tell

    globe = find_globe(scenario, flown.lip_altitude)
    text = "\n".join(kml_lines(pair, globe, pair.start(), tell(pair, globe, pair.start())))
    assert schema.validate(etree.fromstring(text.encode())), schema.error_log
    (tmp_path / "two.kml").write_text(text, encoding="utf-8")
    folder = named(tmp_path / "two.kml", "other runs")
    assert [feature.name for feature in folder.features] == ["run 7 performer", "run 7 motorcycle"]


def test_names_cannot_break_it(schema, clip, scenario, flown):
    from precipice.report.export.globe import find_globe
    from precipice.report.export.kml import kml_lines

    globe = find_globe(scenario, flown.lip_altitude)
    told = {"title": "a <b> & \x00\x07 ]]> \ufffe \U0001f3cd"}
    text = "\n".join(kml_lines(clip, globe, clip.start(), told))
    tree = etree.fromstring(text.encode())
    assert schema.validate(tree)
    assert tree.find(f"{KML}Document/{KML}name").text.startswith("a <b> & ")
    assert tree.find(f".//{GX}Track") is not None
