"""The three plain formats: CSV, netCDF by the CF conventions, and Nuke's .chan by a reader of our own."""

import csv
import datetime as dt

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

GEOID = 45.43


@pytest.fixture(scope="module")
def rows(written):
    with written("csv").open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def column(rows, name, title):
    return np.array([float(row[title]) for row in rows if row["name"] == name])


def test_csv_holds_every_body_and_camera_in_each_frame(rows, clip, scenario):
    names = ["performer", "motorcycle", *(camera.name for camera in scenario.site.camera)]
    assert list(dict.fromkeys(row["name"] for row in rows)) == names
    assert len(rows) == len(names) * len(clip.time)


def test_csv_is_the_run_in_two_height_systems(rows, flown, clip, to_local):
    east, north, up = (column(rows, "performer", f"{name} [m]") for name in ("east", "north", "up"))
    np.testing.assert_allclose(np.stack([east, north, up], axis=1), clip.bodies[0].position, atol=1e-4)
    degrees = [column(rows, "performer", f"{name} [deg]") for name in ("longitude", "latitude")]
    altitude = column(rows, "performer", "altitude in the site's datum [m]")
    above = column(rows, "performer", "height above the WGS84 ellipsoid [m]")
    np.testing.assert_allclose(above - altitude, GEOID, atol=0.1)
    found = to_local(*degrees, altitude, flown.lip_altitude)
    np.testing.assert_allclose(found, clip.bodies[0].position, atol=0.02)


def test_csv_tells_the_time_three_ways(rows, flown):
    mine = [row for row in rows if row["name"] == "performer"]
    row = next(row for row in mine if row["frame"] == "87")
    assert float(row["time after takeoff [s]"]) == 0.0
    assert float(row["time [s]"]) == pytest.approx(flown.event("takeoff").t, abs=1e-6)
    assert row["UTC"] == "2020-09-06T10:30:00.000Z"


def test_csv_velocity_is_the_change_of_place(rows, clip):
    free = np.flatnonzero(clip.bodies[0].phase == "freefall")[3:-3]
    up = column(rows, "performer", "up [m]")
    velocity = column(rows, "performer", "velocity up [m/s]")
    np.testing.assert_allclose((up[free + 1] - up[free - 1]) * 4.0, velocity[free], atol=0.05)


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("lip crane", "lip crane"),
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("@x", "'@x"),
        ('a,"b"', '"a,""b"""'),
        ("two\nlines", "two lines"),
    ],
)
def test_csv_names_are_cells_and_no_formulas(name, cell):
    from precipice.report.export.table import quoted

    assert quoted(name) == cell
    assert next(csv.reader([quoted(name)]))[0][-1] == name[-1]


def test_netcdf_is_a_set_of_trajectories(written, clip, flown, scenario, to_local):
    import xarray as xr

    with xr.open_dataset(written("netcdf")) as found:
        assert found.attrs["featureType"] == "trajectory"
        assert found.attrs["Conventions"].startswith("CF-1.")
        assert found.trajectory_name.attrs["cf_role"] == "trajectory_id"
        names = [str(name) for name in found.trajectory_name.values]
        assert names == ["performer", "motorcycle", *(f"camera: {c.name}" for c in scenario.site.camera)]
        for name in ("lon", "lat", "alt", "height_above_ellipsoid", "east", "up", "attitude_w"):
            assert found[name].encoding.get("units", found[name].attrs.get("units")), name
        assert found.lon.attrs["units"] == "degrees_east"
        assert found.alt.attrs["positive"] == "up"
        assert found.attrs["vertical_datum_of_alt"] == "NN2000"
        # xarray reads times of the CF conventions as dates.
        takeoff = found.time.values[0, clip.zero_frame - 1]
        assert abs(takeoff - np.datetime64("2020-09-06T10:30:00")) < np.timedelta64(1, "ms")
        lon, lat, alt = (found[name].values[0] for name in ("lon", "lat", "alt"))
        np.testing.assert_allclose(
            to_local(lon, lat, alt, flown.lip_altitude), clip.bodies[0].position, atol=0.02
        )
        np.testing.assert_allclose(found.height_above_ellipsoid - found.alt, GEOID, atol=0.1)
        for k, name in enumerate(("east", "north", "up")):
            np.testing.assert_array_equal(found[name].values[1], clip.bodies[1].position[:, k])
        assert list(found.outcome.values) == [flown.outcome] * len(names)


def test_netcdf_without_a_date_counts_seconds(clip, scenario, flown, tmp_path):
    import xarray as xr

    from precipice.report.export.globe import find_globe
    from precipice.report.export.told import tell
    from precipice.report.export.trajectory import write_trajectories

    globe = find_globe(scenario, flown.lip_altitude)
    write_trajectories(clip, globe, None, tell(clip, globe, None), tmp_path / "plain.nc")
    with xr.open_dataset(tmp_path / "plain.nc", decode_timedelta=False) as found:
        assert found.time.attrs["units"] == "seconds"
        np.testing.assert_allclose(found.time.values[0], clip.seconds)


def test_netcdf_holds_other_runs(pair, scenario, flown, tmp_path):
    import xarray as xr

    from precipice.report.export.globe import find_globe
    from precipice.report.export.told import tell
    from precipice.report.export.trajectory import write_trajectories

    globe = find_globe(scenario, flown.lip_altitude)
    start = pair.start()
    write_trajectories(pair, globe, start, tell(pair, globe, start), tmp_path / "two.nc")
    with xr.open_dataset(tmp_path / "two.nc") as found:
        names = [str(name) for name in found.trajectory_name.values]
        a, b = names.index("performer"), names.index("run 7 performer")
        for name in ("east", "north", "up"):
            np.testing.assert_allclose(found[name].values[a], found[name].values[b], atol=1e-6)


def read_chan(path):
    """Return frames, places, looks and vertical angles [deg] of a .chan file.

    Source: nukescripts.import_boujou, Nuke's Python reference: frame tx ty tz rx ry rz vfov; a camera looks
    along minus z, y is up; Nuke's default order of rotations is ZXY: about z first, then x, then y.
    """
    table = np.array([[float(cell) for cell in line.split()] for line in path.read_text().splitlines()])
    assert table.shape[1] == 8
    turn = Rotation.from_euler("zxy", table[:, [6, 4, 5]], degrees=True)
    return table[:, 0], table[:, 1:4], turn.apply([0.0, 0.0, -1.0]), table[:, 7]


def test_chan_looks_at_the_performer(written, clip):
    frames, places, looks, angles = read_chan(written("chan", camera="lip crane"))
    np.testing.assert_array_equal(frames, np.arange(1, len(clip.time) + 1))
    east, north, up = clip.bodies[0].position.T
    away = np.stack([east, up, -north], axis=1) - places
    away /= np.linalg.norm(away, axis=1, keepdims=True)
    assert np.min(np.sum(away * looks, axis=1)) > np.cos(np.radians(0.001))
    # 12 m away at 168 degrees and 3 m up: east 2.495, north -11.738.
    np.testing.assert_allclose(places[0], [2.495, 3.0, 11.738], atol=1e-3)
    # 24 mm behind 36 / 2.39 = 15.0628 mm: 2 atan(15.0628 / 48).
    np.testing.assert_allclose(angles, 34.845, atol=0.01)


def test_chan_pans_without_jumps(written):
    table = np.loadtxt(written("chan", camera="lip crane"))
    assert np.max(np.abs(np.diff(table[:, 5]))) < 90.0


def test_reader_of_chan_sees_a_wrong_order(tmp_path):
    # A camera that pans 90 degrees to the left and then looks 45 degrees up looks west and up.
    (tmp_path / "a.chan").write_text("1 0 0 0 45 90 0 30\n")
    _, _, looks, _ = read_chan(tmp_path / "a.chan")
    np.testing.assert_allclose(looks[0], [-np.sqrt(0.5), np.sqrt(0.5), 0.0], atol=1e-12)


def test_moments_are_rounded_to_the_millisecond():
    from precipice.report.export.told import utc

    moment = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    assert utc(moment, 0.9996) == "2020-01-01T00:00:01.000Z"
    assert utc(moment, 1.0 / 24.0) == "2020-01-01T00:00:00.042Z"
