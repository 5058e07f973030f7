"""Scenarios whose air and wind come from files: what must be given, what is refused, what is warned of."""

import json

import numpy as np
import pytest
from tests.scenario.bad_cases import GOOD

from precipice.cli.main import main
from precipice.errors import ScenarioError
from precipice.scenario.load import load_scenario
from precipice.scenario.warning import warnings_of

HEAD = "altitude [m],pressure [hPa],temperature [degC],humidity [%],wind speed [km/h],wind from [deg],time\n"
STATIONS = HEAD + (
    "# landing area, wall, lip\n"
    "0,1013.2,15,60,7.2,350,2026-06-01T10:00+02:00\n"
    "250,983.6,13.4,62,14.4,10,2026-06-01T10:00+02:00\n"
    "500,954.6,11.8,64,21.6,20,2026-06-01T10:00+02:00\n"
)
SITE = 'date = 2026-06-01\ntime = 10:00:00\nutc_offset = "2 h"\n'


def _start_of(section):
    return GOOD.index(f"[{section}]")


def scenario_text(air="", wind="", site=SITE):
    """Return the good scenario with other air and wind sections and a date."""
    start, end = _start_of("air"), GOOD.index("# ----", _start_of("wind"))
    before = "\n".join(
        line
        for line in GOOD[:start].splitlines()
        if not line.startswith(("date =", "time =", "utc_offset ="))
    )
    before = before.replace("[site]\n", f"[site]\n{site}", 1)
    # From 1,200 m to 400 m there, from 400 m to 0 m here.
    before = before.replace('value = "400 m"', 'value = "0 m"').replace("1200 m", "400 m")
    return f"{before}\n[air]\n{air}\n[wind]\n{wind}\n{GOOD[end:]}"


FILE_AIR = 'model = "file"\nfile = "stations.csv"'
FILE_WIND = 'profile = "file"\nfile = "stations.csv"'
CONSTANT = 'speed = "2 m/s"\ndirection = "180 deg"'


@pytest.fixture
def write(tmp_path):
    """Function: the path of a scenario beside a weather file."""

    def written(weather=STATIONS, name="stations.csv", air=FILE_AIR, wind=FILE_WIND, site=SITE):
        if weather is not None:
            (tmp_path / name).write_text(weather, encoding="utf-8")
        path = tmp_path / "stunt.toml"
        path.write_text(scenario_text(air, wind, site), encoding="utf-8")
        return path

    return written


def problems(path):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    told = caught.value.problems
    return {field: "\n".join(str(p) for p in told if p.field == field) for field in (p.field for p in told)}


def test_one_s_own_stations(write):
    scenario = load_scenario(write())
    air, wind = scenario.sounding("air"), scenario.sounding("wind")
    assert air.altitude == pytest.approx([0.0, 250.0, 500.0])
    assert air.time.isoformat() == "2026-06-01T08:00:00+00:00"
    assert air.pressure == pytest.approx([101320.0, 98360.0, 95460.0])
    assert air.temperature == pytest.approx([288.15, 286.55, 284.95])
    assert air.humidity == pytest.approx([0.60, 0.62, 0.64])
    assert wind.speed == pytest.approx([2.0, 4.0, 6.0])
    assert np.degrees(wind.direction) == pytest.approx([350.0, 10.0, 20.0])
    assert [warning for warning in warnings_of(scenario) if ".file" in warning] == []


def test_the_wind_of_a_file_is_uncertain(write):
    scenario = load_scenario(write())
    assert scenario.wind.factor.value == 1.0
    assert {"wind.factor", "wind.turn"} < set(scenario.uncertain())
    assert {"wind.factor", "wind.turn"} < set(scenario.assumed())
    assert "wind.speed" not in scenario.values()
    own = FILE_WIND + '\nfactor = { value = "1.2", basis = "published", source = "a station at the lip" }'
    assert load_scenario(write(wind=own)).wind.factor.value == 1.2


def test_another_weather_is_another_scenario(write, tmp_path):
    scenario = load_scenario(write())
    first = scenario.sha256
    assert load_scenario(write()).sha256 == first
    assert load_scenario(write(STATIONS.replace("21.6", "21.7"))).sha256 != first
    (tmp_path / "stations.csv").unlink()
    assert scenario.sha256 == first


def test_other_scenarios_have_neither_factor_nor_turn(write):
    scenario = load_scenario(write(air='model = "isa"', wind=CONSTANT))
    assert scenario.wind.factor is None
    assert "wind.factor" not in scenario.values()


FIELDS = {
    "a file without its name": ({"air": 'model = "file"'}, "air.file", "must be given"),
    "a name without a file": (
        {"air": 'model = "isa"\nfile = "stations.csv"'}, "air.file", 'must be absent for model = "isa"',
    ),
    "speed beside a file": ({"wind": FILE_WIND + '\nspeed = "2 m/s"'}, "wind.speed", "factor"),
    "direction beside a file": ({"wind": FILE_WIND + '\ndirection = "20 deg"'}, "wind.direction", "turn"),
    "temperature beside a file": (
        {"air": FILE_AIR + '\ntemperature = "20 degC"'}, "air.temperature", "must be absent",
    ),
    "factor without a file": ({"wind": CONSTANT + '\nfactor = "1.2"'}, "wind.factor", "must be absent"),
    "no speed": ({"wind": 'direction = "180 deg"'}, "wind.speed", "must be given"),
    "half a place": ({"air": FILE_AIR + '\nfile_latitude = "60 deg"'}, "air.file_longitude", "must be given"),
    "a missing file": ({"weather": None}, "air.file", "must be a file"),
    "an empty file": ({"weather": " \n"}, "air.file", "empty"),
    "another file": ({"weather": "Dear diary\n"}, "air.file", "beginning with Dear diary"),
    "no rows": ({"weather": HEAD}, "air.file", "must have rows"),
    "a column without unit": (
        {"weather": STATIONS.replace("temperature [degC]", "temperature")},
        "air.file", "must have the unit of temperature in its head",
    ),
    "a unit of something else": (
        {"weather": STATIONS.replace("[km/h]", "[km]")},
        "air.file", "must have a unit of speed for wind speed",
    ),
    "an unknown column": ({"weather": HEAD.replace("humidity [%]", "rain [mm]")}, "air.file", "rain [mm]"),
    "a word for a number": ({"weather": STATIONS.replace(",15,", ",warm,")}, "air.file", "line 3"),
    "a line too short": ({"weather": STATIONS.replace(",10,2026", ",2026")}, "air.file", "line 4"),
    "fahrenheit called celsius": (
        {"weather": STATIONS.replace(",15,", ",59,").replace("13.4", "56").replace("11.8", "53")},
        "air.file", "must fit",
    ),
    "pascal called hectopascal": ({"weather": STATIONS.replace("1013.2", "101320")}, "air.file", "1100 hPa"),
    "feet called metres": (
        {"weather": STATIONS.replace("\n250", "\n820").replace("\n500", "\n1640")}, "air.file", "must fit",
    ),
    "another year": ({"site": SITE.replace("2026", "2025")}, "air.file", "365 days away"),
    "another time of day": ({"site": SITE.replace("10:00", "17:30")}, "wind.file", "7.5 h away"),
    "stops below the lip": (
        {"weather": STATIONS[: STATIONS.index("250,")]
         + "50,1007.2,14.7,60,7.2,350,2026-06-01T08:00Z\n"
         + "100,1001.3,14.3,60,7.2,350,2026-06-01T08:00Z\n"},
        "wind.file", "without any above 100 m",
    ),
    "no wind": (
        {"weather": "altitude [m],pressure [hPa],temperature [degC]\n0,1013,15\n500,954.4,12\n"},
        "wind.file", "must hold wind",
    ),
    "wind at one level": (
        {"weather": STATIONS[: STATIONS.index("250,")]}, "wind.file", "2.0 m/s from 350 deg",
    ),
    "no pressure": (
        {"weather": "altitude [m],temperature [K],wind speed [kt],wind from [deg]\n0,288,1,0\n500,285,2,0"},
        "air.file", "without pressure",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FIELDS)
def test_a_problem_names_its_field_and_says_what_to_do(write, name, capsys):
    changed, field, words = FIELDS[name]
    path = write(**changed)
    found = problems(path)
    assert field in found
    assert words in found[field]
    with pytest.raises(SystemExit) as caught:
        main(["check", str(path)])
    out, err = capsys.readouterr()
    assert (caught.value.code, out) == (2, "")
    assert "Traceback" not in err
    assert all(", but is " in line for line in err.splitlines())


def test_problems_of_both_sections_come_together(write):
    assert set(problems(write(STATIONS.replace("[km/h]", "[km]")))) == {"air.file", "wind.file"}


def test_a_layer_without_wind_is_refused_where_the_stunt_flies(write, tmp_path):
    text = (
        "altitude [m],wind speed [m/s],wind from [deg]\n0,1,90\n50,2,90\n100,2,\n200,,\n1600,3,90\n"
        .replace("100,2,\n", "100,,\n")
    )  # fmt: skip
    found = problems(write(text, air='model = "isa"'))
    assert "without any from 50 to 1,600 m" in found["wind.file"]
    # The same gap above the stunt is a warning.
    text = "altitude [m],wind speed [m/s],wind from [deg]\n0,1,90\n450,2,90\n2000,3,90\n"
    scenario = load_scenario(write(text, air='model = "isa"'))
    assert any("says nothing from 450 to 2,000 m" in warning for warning in warnings_of(scenario))


def test_what_is_filled_in_is_warned_of(write):
    text = "altitude [m],wind speed [m/s],wind from [deg]\n60,1,90\n300,2,90\n"
    scenario = load_scenario(write(text, air='model = "isa"'))
    told = [warning for warning in warnings_of(scenario) if warning.startswith("wind.file")]
    assert any("begins at 60 m: the same wind below, down to 0 m" in line for line in told)
    assert any("ends at 300 m: the same wind above, up to 400 m" in line for line in told)
    assert any("says no time" in line for line in told)


def test_a_time_of_the_file_s_own(write):
    """`file_time` says that the weather of another day is meant."""
    when = "\nfile_time = 2026-06-01T08:00:00Z"
    scenario = load_scenario(
        write(air=FILE_AIR + when, wind=FILE_WIND + when, site=SITE.replace("2026", "2031"))
    )
    assert any("days from the stunt" in warning for warning in warnings_of(scenario))
    late = FILE_AIR + "\nfile_time = 2026-06-09T08:00:00Z"
    assert "air.file_time" in problems(write(air=late))


WYOMING = """\
72357 OUN Norman Observations at 00Z 04 May 2026

-----------------------------------------------------------------------------
   PRES   HGHT   TEMP   DWPT   RELH   MIXR   DRCT   SKNT   THTA   THTE   THTV
    hPa     m      C      C      %    g/kg    deg   knot     K      K      K
-----------------------------------------------------------------------------
 1013.0      0   15.0    5.0     51   5.40      0     10  287.1  302.2  288.0
  983.0    251   13.4    4.0     53   5.20     10     20  287.9  302.4  288.8
  954.0    500   11.8    3.0     55   5.00     20     30  288.8  302.8  289.7

Station information and sounding indices

                         Station identifier: OUN
                             Station number: 72357
                           Observation time: 260504/0000
                           Station latitude: 35.18
                          Station longitude: -97.44
"""
AT_MIDNIGHT = "date = 2026-05-04\ntime = 00:30:00\n"
PLACE = '\nfile_latitude = "35.2 deg"\nfile_longitude = "-97.4 deg"'


def test_a_whole_page_of_a_sounding(write):
    page = f"<HTML><BODY><H2>A sounding</H2><PRE>{WYOMING}</PRE></BODY></HTML>"
    for text in (WYOMING, page):
        scenario = load_scenario(write(text, air=FILE_AIR + PLACE, wind=FILE_WIND + PLACE, site=AT_MIDNIGHT))
        found = scenario.sounding("air")
        assert found.time.isoformat() == "2026-05-04T00:00:00+00:00"
        assert np.degrees([found.latitude, found.longitude]) == pytest.approx([35.18, -97.44])
        assert found.speed == pytest.approx(np.array([10.0, 20.0, 30.0]) * 1852 / 3600)


def test_a_sounding_from_far_away_is_refused(write):
    found = problems(write(WYOMING, site=AT_MIDNIGHT))
    assert "km away" in found["air.file"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("    20     30  288.8  302.8  289.7", "    20     3", "line 9"),
        ("  983.0    251   13.4", "  983.0  25 1   13.4", "line 8"),
        ("  knot", "   mph", "must have SKNT in knot"),
        ("   DRCT", "   XXXX", "without DRCT"),
    ],
)
def test_a_damaged_sounding(write, old, new, words):
    assert old in WYOMING
    text = WYOMING.replace(old, new, 1)
    if "line 9" in words:
        text = text[: text.index("    20     3") + len("    20     3")]
    found = problems(write(text, air=FILE_AIR + PLACE, wind=FILE_WIND + PLACE, site=AT_MIDNIGHT))
    assert words in found["air.file"]


def test_a_truncated_sounding_stops_below_the_lip(write):
    text = WYOMING[: WYOMING.index("  954.0")].replace("251 ", "151 ").replace("983.0", "995.0")
    found = problems(write(text, air='model = "isa"', wind=FILE_WIND + PLACE, site=AT_MIDNIGHT))
    assert "0 to 400 m above sea level, but is without any above 151 m" in found["wind.file"]


def test_forecast_of_another_unit(write):
    body = {
        "geometry": {"coordinates": [7.0, 62.0, 0]},
        "properties": {
            "meta": {"units": {"wind_speed": "knots"}},
            "timeseries": [{"time": "2026-06-01T08:00:00Z"}],
        },
    }
    found = problems(write(json.dumps(body)))
    assert "must have wind_speed in m/s" in found["air.file"]
    assert "must be whole JSON" in problems(write('{"type": "Feature", '))["air.file"]


def test_a_report_needs_the_station_s_altitude(write):
    pytest.importorskip("metar")
    report = "ENAL 010750Z 24010KT 9999 15/10 Q1013=\n"
    found = problems(write(report, wind=CONSTANT))
    said = found["air.file"]
    assert "station's altitude" in said
    assert "which no METAR says (line 1 of " in said
    assert said.endswith("), but is without: write air.altitude; for precipice air --altitude")
    air = FILE_AIR + '\naltitude = "21 m"'
    scenario = load_scenario(write(report, air=air, wind=CONSTANT))
    assert scenario.sounding("air").time.isoformat() == "2026-06-01T07:50:00+00:00"
    assert scenario.sounding("air").pressure[0] == pytest.approx(101300.0 - 21.0 * 12.0, abs=3.0)
    assert any("holds one level, 21 m" in warning for warning in warnings_of(scenario))
    beyond = write(report.replace("24010KT", "240P99KT"), air=air, wind=CONSTANT)
    assert "above the scale" in problems(beyond)["air.file"]
