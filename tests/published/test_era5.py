"""ERA5 columns against xarray, which decodes and interpolates independently, on all five real files.

The files: `data/weather/era5` beside the checkout; packed integers with scale and offset (2020, 2023) and
plain numbers (2022, 2025), levels from the top or from the bottom, hours since 1900 or seconds since 1970.
"""

import datetime as dt
import math

import numpy as np
import pytest

from precipice.errors import RuleError
from precipice.scenario.weather.read import read_sounding
from precipice.scenario.weather.sounding import Request
from precipice.scenario.weather.standard import geometric_altitude

pytestmark = pytest.mark.published

FILES = {
    "bella_lui_weather_data_ERA5.nc": ("2020-02-22T06:00", "2020-02-22T12:30", 46.75, 8.5, 14),
    "ndrt_2020_weather_data_ERA5.nc": ("2020-02-23T12:00", "2020-02-23T15:00", 41.75, -86.5, 14),
    "euroc_2022_all_windows.nc": ("2022-10-13T11:00", "2022-10-13T11:30", 39.5, -8.25, 37),
    "euroc_2023_all_windows.nc": ("2023-10-12T10:00", "2023-10-12T10:30", 39.25, -8.0, 37),
    "hedy_euroc_2025_weather_data.nc": ("2025-10-12T16:00", "2025-10-12T16:30", 39.5, -8.25, 17),
}
"""File: a time of its own, one between, a grid point, levels."""


def _moment(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def _independent(path, time, latitude, longitude):
    xr = pytest.importorskip("xarray")
    with xr.open_dataset(path) as data:
        names = {"valid_time": "time", "pressure_level": "level"}
        data = data.rename({old: new for old, new in names.items() if old in data.coords})
        data = data[["z", "t", "u", "v"]].astype(float).sortby(["level", "latitude", "longitude", "time"])
        point = data.interp(
            time=np.datetime64(time), latitude=latitude, longitude=longitude, method="linear"
        ).sortby("level", ascending=False)
        return {name: point[name].values for name in ("level", "z", "t", "u", "v")}


@pytest.mark.parametrize("midway", [False, True], ids=["grid point", "midway"])
@pytest.mark.parametrize("name", FILES)
def test_a_column(shared, name, midway):
    own, between, latitude, longitude, levels = FILES[name]
    time = between if midway else own
    if midway:
        latitude, longitude = latitude + 0.125, longitude - 0.0625
    path = shared / "data" / "weather" / "era5" / name
    expected = _independent(path, time, latitude, longitude)
    for lap in (0.0, 360.0):
        request = Request(_moment(time), math.radians(latitude), math.radians(longitude + lap))
        found = read_sounding(path, request)
        assert found.time == _moment(time)
        assert found.problems == ()
        assert len(found.altitude) == levels
        assert found.pressure == pytest.approx(100.0 * expected["level"])
        assert found.temperature == pytest.approx(expected["t"], abs=2e-4)
        # Decoded in single precision by one of the two: 1e-7 of 23,000 m.
        height = geometric_altitude(expected["z"] / 9.80665, math.radians(latitude))
        assert found.altitude == pytest.approx(height, abs=0.02)
        assert found.speed * np.sin(found.direction) == pytest.approx(-expected["u"], abs=2e-4)
        assert found.speed * np.cos(found.direction) == pytest.approx(-expected["v"], abs=2e-4)


def test_a_place_outside_is_refused(shared):
    path = shared / "data" / "weather" / "era5" / "ndrt_2020_weather_data_ERA5.nc"
    request = Request(_moment("2020-02-23T12:00"), math.radians(62.0), math.radians(7.0))
    with pytest.raises(RuleError, match="latitude 41 to 43"):
        read_sounding(path, request)


def _write(path, **left_out):
    """Write a small file of our own: two times, a globe of 90 degrees, three levels and the surface."""
    netCDF4 = pytest.importorskip("netCDF4")
    with netCDF4.Dataset(path, "w", format=left_out.get("form", "NETCDF4")) as data:
        for name, values in (
            ("valid_time", [0, 3600]), ("pressure_level", [1000.0, 850.0, 700.0]),
            ("latitude", [60.0, 0.0]), ("longitude", [0.0, 90.0, 180.0, 270.0]),
        ):  # fmt: skip
            data.createDimension(name, len(values))
            data.createVariable(name, "f8", (name,))[:] = values
        data["valid_time"].units = "seconds since 2020-01-01"
        data["pressure_level"].units = left_out.get("level_unit", "hPa")
        level = ("valid_time", "pressure_level", "latitude", "longitude")
        surface = ("valid_time", "latitude", "longitude")
        column = {
            "z": ("m**2 s**-2", [1000.0, 14000.0, 29500.0]), "t": ("K", [288.0, 279.0, 268.0]),
            "u": ("m s**-1", [1.0, 2.0, 3.0]), "v": ("m s**-1", [0.0, 0.0, 0.0]),
            "q": ("kg kg**-1", [0.008, 0.004, 0.001]),
        }  # fmt: skip
        for name, (unit, values) in column.items():
            if name not in left_out.get("without", ()):
                variable = data.createVariable(name, "f8", level)
                variable.units = unit
                variable[:] = np.array(values)[None, :, None, None] * np.ones((2, 3, 2, 4))
        if left_out.get("surface"):
            ground = {
                "sp": ("Pa", 95000.0),
                "t2m": ("K", 287.0),
                "d2m": ("K", 280.0),
                "u10": ("m s**-1", 0.0),
            }
            for name, (unit, value) in (ground | {"v10": ("m s**-1", 2.0)}).items():
                variable = data.createVariable(name, "f8", surface)
                variable.units = unit
                variable[:] = value
        if left_out.get("east_wind_at_270"):
            data["u"][:, :, :, 3] = 11.0
    return path


PLACE = Request(_moment("2020-01-01T00:30"), math.radians(30.0), math.radians(45.0))


def test_humidity_of_a_model(tmp_path):
    """8 g/kg at 1000 hPa: e = q p / (0.622 + 0.378 q) = 12.80 hPa of the 17.04 hPa that 14.85 degC hold."""
    found = read_sounding(_write(tmp_path / "a.nc"), PLACE)
    assert found.humidity[0] == pytest.approx(12.80 / 16.88, rel=0.004)


def test_levels_below_the_ground_are_left_out(tmp_path):
    """950 hPa at the ground: 1000 hPa lies below; 2 m and 10 m above it come instead, wind from the south."""
    found = read_sounding(_write(tmp_path / "a.nc", surface=True), PLACE)
    assert list(np.round(found.pressure / 100.0)) == [950.0, 949.0, 850.0, 700.0]
    assert found.temperature[0] == 287.0
    assert found.altitude[1] - found.altitude[0] == pytest.approx(8.0)
    assert (found.speed[1], math.degrees(found.direction[1])) == pytest.approx((2.0, 180.0))
    assert any("1 levels below the model's ground" in note for note in found.notes)


def test_a_globe_has_no_seam(tmp_path):
    """Between 270 and 360 degrees east, which is not in the file: a third of the way, 11 - 10/3 m/s."""
    path = _write(tmp_path / "a.nc", east_wind_at_270=True)
    found = read_sounding(path, PLACE._replace(longitude=math.radians(-60.0)))
    assert found.speed[0] == pytest.approx(11.0 - 10.0 / 3.0)


@pytest.mark.parametrize(
    ("left_out", "words"),
    [
        ({"without": ("z",)}, "must have z, t, u, v on pressure levels"),
        ({"without": ("t", "u", "v")}, "without t, u, v"),
        ({"level_unit": "model level"}, "must have levels in hPa"),
    ],
)
def test_files_without_what_is_needed(tmp_path, left_out, words):
    with pytest.raises(RuleError, match=words):
        read_sounding(_write(tmp_path / "a.nc", **left_out), PLACE)


@pytest.mark.parametrize("form", ["NETCDF4", "NETCDF3_64BIT_OFFSET", "NETCDF3_CLASSIC"])
@pytest.mark.parametrize("left", [0.05, 0.5, 0.9])
def test_a_cut_file(tmp_path, form, left):
    """The netCDF library reads zeros where a netCDF 3 file has ended: that is weather of no day."""
    path = _write(tmp_path / "a.nc", form=form)
    assert len(read_sounding(path, PLACE).altitude) == 3
    content = path.read_bytes()
    path.write_bytes(content[: int(left * len(content))])
    with pytest.raises(RuleError, match="whole netCDF"):
        read_sounding(path, PLACE)


def test_a_real_file_cut_at_any_place(shared, tmp_path):
    name = "bella_lui_weather_data_ERA5.nc"
    content = (shared / "data" / "weather" / "era5" / name).read_bytes()
    path = tmp_path / name
    request = Request(_moment("2020-02-22T18:00"), math.radians(47.2), math.radians(9.0))
    for left in range(1, 20):
        path.write_bytes(content[: len(content) * left // 20])
        with pytest.raises(RuleError, match="whole netCDF"):
            read_sounding(path, request)
