"""Weather files: what stands in real ones, read by eye, and what published examples of codes mean.

Sources:
- `data/weather` beside the checkout: a sounding of 4 May (University of Wyoming layout), airport reports of
  1 July 2019, forecasts of MET Norway of 20 July 2020, ERA5 on pressure levels (Copernicus). Lines are those
  of the files.
- FAA AC 00-45H, the decoded report of KOKC; National Weather Service, key to METAR, the report of KABC;
  ICAO Annex 3, example A3-1, YUDO.
- ICAO Doc 9837 (2011), reduction of QFE to QNH in two steps with rounded constants.
- US Standard Atmosphere 1976, Table I: geometric and geopotential heights.
- WMO-No. 8 (2018), Part I, eqs. 12.16 to 12.18: geopotential height with the gravity of a latitude.
"""

import datetime as dt
import math

import numpy as np
import pytest

from precipice.errors import RuleError
from precipice.scenario.weather.column import air_column
from precipice.scenario.weather.read import read_sounding
from precipice.scenario.weather.sounding import Request
from precipice.scenario.weather.standard import geometric_altitude

pytestmark = pytest.mark.published

KNOT = 0.514444


def at(year, month, day, hour, minute=0):
    return dt.datetime(year, month, day, hour, minute, tzinfo=dt.UTC)


@pytest.fixture(scope="session")
def weather(shared):
    return shared / "data" / "weather"


@pytest.fixture(scope="module")
def sounding(weather):
    return read_sounding(weather / "metpy" / "may4_sounding.txt", Request())


SOUNDING = {
    6: (345, 959.0, 22.2, 82, 18, 160),
    12: (1397, 850.0, 17.0, 75, 38, 195),
    15: (2019, 790.0, 15.6, 14, 40, 211),
    25: (5670, 500.0, -14.9, 72, 36, 225),
    35: (10058, 268.6, -49.1, 62, 70, 250),
}
"""Line: height [gpm], pressure [hPa], temperature [degC], humidity [%], speed [knot], direction [deg]."""


@pytest.mark.parametrize("line", SOUNDING)
def test_rows_of_the_sounding(sounding, line):
    height, pressure, celsius, humidity, knots, degrees = SOUNDING[line]
    k = int(np.flatnonzero(sounding.line == line)[0])
    # 6,356,766 m H / (6,356,766 m - H): 0.02 m at 345 m, 15.9 m at 10,058 m.
    assert sounding.altitude[k] == pytest.approx(height + height**2 / 6.357e6, abs=0.05)
    assert sounding.pressure[k] == pytest.approx(100.0 * pressure)
    assert sounding.temperature[k] == pytest.approx(celsius + 273.15)
    # The file's own humidity is rounded to 1 %; ours comes from its dew point.
    assert sounding.humidity[k] == pytest.approx(0.01 * humidity, abs=0.0101)
    assert sounding.speed[k] == pytest.approx(knots * KNOT, rel=1e-5)
    assert sounding.direction[k] == pytest.approx(math.radians(degrees))


def test_what_the_sounding_lacks(sounding):
    assert sounding.form == "University of Wyoming sounding"
    assert sounding.problems == ()
    assert sounding.time is None
    assert len(sounding.altitude) == 31
    # Line 5 has pressure and height alone: 1000 hPa lay below the ground.
    assert math.isnan(sounding.temperature[0])
    assert math.isnan(sounding.speed[0])
    assert {"no time", "no place"} < set(sounding.notes)


def test_virtual_temperature_of_the_sounding(weather, sounding):
    """The file's last column is virtual potential temperature, by its makers, rounded to 0.1 K."""
    column = air_column(sounding)
    lines = (weather / "metpy" / "may4_sounding.txt").read_text().splitlines()
    printed = np.array([float(lines[int(line) - 1].split()[-1]) for line in sounding.line[1:]])
    exner = (column.pressure / 1e5) ** 0.2857
    # Rounding of THTV, and of the temperature and the dew point that it came from.
    assert column.virtual == pytest.approx(printed * exner, abs=0.16)


REPORTS = {
    "OAHR": (12, 14 * KNOT, 24 * KNOT, 30, 40, 4, 1006.0, (11, 55)),
    "OSKL": (7, 12 * KNOT, None, 290, 36, -4, 1004.0, (12, 0)),
    "KRCM": (2, 0.0, None, 0, 21, 20, 3005 * 0.338639, (11, 55)),
    "KQEL": (15, 2 * KNOT, None, 200, 23, 16, 2979 * 0.338639, (11, 50)),
    "LLBG": (11, 13 * KNOT, None, 300, 31, 22, 1007.0, (11, 50)),
    "BKPR": (22, 4 * KNOT, None, 100, 31, 9, 1021.0, (12, 0)),
}
"""Station: line, speed and gust [m/s], direction [deg], temperature and dew point [degC], QNH [hPa], time."""


@pytest.mark.parametrize("station", REPORTS)
def test_airport_reports(weather, station):
    pytest.importorskip("metar")
    line, speed, gust, degrees, celsius, dew_point, qnh, time = REPORTS[station]
    request = Request(at(2019, 7, 1, 12), altitude=0.0, station=station)
    found = read_sounding(weather / "metpy" / "metar_20190701_1200_excerpt.txt", request)
    assert found.problems == ()
    assert found.line[0] == line
    assert found.time == at(2019, 7, 1, *time)
    assert found.speed[0] == pytest.approx(speed, rel=1e-5)
    assert found.gust == pytest.approx(gust, rel=1e-5) if gust else math.isnan(found.gust)
    assert math.degrees(found.direction[0]) == pytest.approx(degrees)
    assert found.temperature[0] == pytest.approx(celsius + 273.15)
    assert found.pressure[0] == pytest.approx(100.0 * qnh, rel=1e-5)
    # Saturation pressures of the WMO's table (over water): 4: 8.13, 9: 11.47, 16: 18.17 hPa, and so on.
    table = {-4: 4.54, 4: 8.13, 9: 11.47, 16: 18.17, 20: 23.37, 21: 24.86, 22: 26.43, 23: 28.09, 31: 44.93}
    table |= {36: 59.42, 40: 73.78}
    assert found.humidity[0] == pytest.approx(table[dew_point] / table[celsius], rel=0.005)


def test_reports_without_a_direction_or_a_wind(weather):
    pytest.importorskip("metar")
    path = weather / "metpy" / "metar_20190701_1200_excerpt.txt"
    # Line 13, VRB02KT; line 1, /////KT; line 3, no wind group at all.
    variable = read_sounding(path, Request(at(2019, 7, 1, 12), altitude=0.0, station="OAMS"))
    assert not variable.has_wind[0]
    assert any("VRB" in note for note in variable.notes)
    for station in ("SVMG", "K0CO"):
        assert not read_sounding(path, Request(at(2019, 7, 1, 12), altitude=0.0, station=station)).has_wind[0]
    with pytest.raises(RuleError, match="NIL"):
        read_sounding(path, Request(at(2019, 7, 1, 12), altitude=0.0, station="HLLT"))


def test_every_report_can_be_read(weather):
    pytest.importorskip("metar")
    path = weather / "metpy" / "metar_20190701_1200_excerpt.txt"
    stations = [line.removeprefix("METAR ").split()[0] for line in path.read_text().splitlines()]
    assert len(stations) == 22
    for station in set(stations) - {"HLLT"}:
        found = read_sounding(path, Request(at(2019, 7, 1, 12), altitude=0.0, station=station))
        assert found.problems == ()
        assert np.isfinite([found.pressure[0], found.temperature[0], found.humidity[0]]).all()


EXAMPLES = {
    "METAR KOKC 011955Z AUTO 22015G25KT 180V250 3/4SM R17L/2600FT +TSRA BR OVC010CB 18/16 A2992 RMK AO2 "
    "TSB25 TS OHD MOV E SLP132": (15 * KNOT, 25 * KNOT, 220, 18, 1013.2),
    "METAR KABC 121755Z AUTO 21016G24KT 180V240 1SM R11/P6000FT -RA BR BKN015 OVC025 06/04 A2990 RMK A02 "
    "SLP125 T00640036": (16 * KNOT, 24 * KNOT, 210, 6.4, 1012.5),
    "METAR YUDO 221630Z 24004MPS 0600 R12/1000U DZ FG SCT010 OVC020 17/16 Q1018 BECMG TL1700 0800 FG BECMG "
    "AT1800 9999 NSW": (4.0, None, 240, 17, 1018.0),
    "METAR ZBAA 011200Z 18018G30KMH CAVOK M15/M23 Q1020": (5.0, 30 / 3.6, 180, -15, 1020.0),
}
"""Report: speed and gust [m/s], direction [deg], temperature [degC], altimeter setting [hPa].

The last one has KMH, which the code had until 2013.
"""


@pytest.mark.parametrize("report", EXAMPLES)
def test_published_examples_of_reports(tmp_path, report):
    pytest.importorskip("metar")
    speed, gust, degrees, celsius, qnh = EXAMPLES[report]
    path = tmp_path / "report.txt"
    path.write_text(f"{report}=\n", encoding="utf-8")
    found = read_sounding(path, Request(at(2019, 7, 15, 12), altitude=0.0))
    assert found.problems == ()
    assert found.speed[0] == pytest.approx(speed, rel=1e-5)
    assert found.gust == pytest.approx(gust, rel=1e-5) if gust else math.isnan(found.gust)
    assert math.degrees(found.direction[0]) == pytest.approx(degrees)
    assert found.temperature[0] == pytest.approx(celsius + 273.15)
    assert found.pressure[0] == pytest.approx(100.0 * qnh, abs=10.0)


@pytest.mark.parametrize(("qnh", "altitude"), [(1013.25, 1500.0), (1006.0, 964.0), (1030.0, 50.0)])
def test_pressure_of_a_station(qnh, altitude):
    """ICAO's two steps lead back from the station's pressure to the altimeter setting that was reported."""
    from precipice.scenario.weather.metar import station_pressure

    station = station_pressure(100.0 * qnh, altitude) / 100.0
    shown = 44330.77 - 11880.32 * station**0.190263
    assert 1013.25 * (1.0 - 0.0065 * (shown - altitude) / 288.15) ** 5.25588 == pytest.approx(qnh, abs=0.02)


def test_the_standard_s_pressure_of_a_station():
    """At 1,500 m and 1013.25 hPa it is the ISA table's 845.56 hPa, at 3,000 m 701.09 hPa."""
    from precipice.scenario.weather.metar import station_pressure

    assert station_pressure(101325.0, 1500.0) == pytest.approx(84556.0, abs=1.0)
    assert station_pressure(101325.0, 3000.0) == pytest.approx(70109.0, abs=1.0)


def test_forecasts(weather):
    """First steps of both files, and half-way between two steps of London's."""
    london = weather / "metno" / "london_complete.json"
    first = read_sounding(london, Request(at(2020, 7, 20, 11)))
    assert first.altitude == pytest.approx([25.0])
    assert math.degrees(first.latitude) == pytest.approx(51.5)
    assert math.degrees(first.longitude) == pytest.approx(-0.1)
    assert first.temperature[0] == pytest.approx(18.8 + 273.15)
    assert first.humidity[0] == pytest.approx(0.47)
    assert first.speed[0] == pytest.approx(2.3)
    assert math.degrees(first.direction[0]) == pytest.approx(349.3)
    # 1023.2 hPa at sea level: 25 m of air of 1.21 kg/m^3 weigh 2.97 hPa.
    assert first.pressure[0] == pytest.approx(102320.0 - 297.0, abs=2.0)
    york = read_sounding(weather / "metno" / "newyork_compact.json", Request(at(2020, 7, 20, 11)))
    assert york.temperature[0] == pytest.approx(26.5 + 273.15)
    assert york.speed[0] == pytest.approx(3.8)
    assert math.degrees(york.direction[0]) == pytest.approx(243.4)
    assert math.isnan(york.gust)


def test_height_and_altitude_of_the_standard():
    """Table I of the 1976 standard: 11, 20, 32 and 47 km of height at 11,019, 20,063, 32,162 and 47,350 m."""
    found = geometric_altitude([11e3, 20e3, 32e3, 47e3], math.nan)
    assert found == pytest.approx([11019.0, 20063.0, 32162.0, 47350.0], abs=0.6)


@pytest.mark.parametrize("degrees", [0.0, 35.0, 62.0, -78.0])
def test_height_and_altitude_at_a_latitude(degrees):
    """WMO-No. 8 writes the radius and the normal gravity with other constants: 5 mm at 48 km."""
    squared = math.sin(math.radians(degrees)) ** 2
    radius = 6378137.0 / (1.006803 - 0.006706 * squared)
    gravity = 9.780325 * math.sqrt((1 + 0.00193185 * squared) ** 2 / (1 - 0.00669435 * squared))
    for height in (1250.0, 10e3, 48e3):
        expected = radius * height / (gravity / 9.80665 * radius - height)
        assert geometric_altitude(height, math.radians(degrees)) == pytest.approx(expected, abs=0.005)
