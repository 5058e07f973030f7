"""Readers: each format from a small file written here, and what damage does to it.

Formats as their makers document them: FlySight (flysight.ca, firmware source), GPX 1.1 schema, KML 2.2
with `gx:Track`, NMEA 0183, ProTrack II text; the values are written down here.
"""

import datetime as dt
import itertools

import numpy as np
import pytest

from precipice.errors import InputError
from precipice.training.read import read_bytes, read_log
from precipice.training.rows import rising_rows

HEADER1 = "time,lat,lon,hMSL,velN,velE,velD,hAcc,vAcc,sAcc,gpsFix,numSV\n"
UNITS1 = ",(deg),(deg),(m),(m/s),(m/s),(m/s),(m),(m),(m/s),,,\n"
HEADER2 = (
    "$FLYS,1\n$VAR,FIRMWARE_VER,v2023.07.01\n$VAR,SESSION_ID,abc\n"
    "$COL,GNSS,time,lat,lon,hMSL,velN,velE,velD,hAcc,vAcc,sAcc,numSV\n"
    "$UNIT,GNSS,,deg,deg,m,m/s,m/s,m/s,m,m,m/s,\n$DATA\n"
)
SENSOR2 = (
    "$FLYS,1\n$VAR,SESSION_ID,abc\n$COL,BARO,time,pressure,temperature\n$UNIT,BARO,s,Pa,deg C\n"
    "$COL,IMU,time,wx,wy,wz,ax,ay,az,temperature\n$UNIT,IMU,s,deg/s,deg/s,deg/s,g,g,g,deg C\n"
    "$COL,TIME,time,tow,week\n$UNIT,TIME,s,s,\n$DATA\n"
)


def row1(second, north=45.0, high=1000.0):
    place = f"{north:.7f},7.0000000,{high:.3f}"
    time = dt.datetime(2024, 5, 4, 10, tzinfo=dt.UTC) + dt.timedelta(seconds=round(second, 2))
    return f"{time.isoformat(timespec='milliseconds')[:22]}Z,{place},1.00,-2.00,3.00,1.5,2.5,0.40,3,9\n"


def text1(rows=20, units=True):
    body = "".join(row1(0.2 * k, 45.0 + 1e-5 * k, 1000.0 - 3.0 * k) for k in range(rows))
    return HEADER1 + (UNITS1 if units else "") + body


def read(text, name="log"):
    return read_bytes(text.encode() if isinstance(text, str) else text, name)


@pytest.mark.parametrize("units", [True, False])
def test_flysight1(units):
    log = read(text1(units=units))
    assert (log.format, len(log.time), log.problems) == ("flysight1", 20, ())
    assert log.start == dt.datetime(2024, 5, 4, 10, tzinfo=dt.UTC)
    np.testing.assert_allclose(np.diff(log.time), 0.2, atol=1e-6)
    np.testing.assert_allclose(log.velocity[3], [-2.0, 1.0, -3.0])
    # A minute of latitude is 1852 m to within half a per cent: 1e-5 degrees are 1.11 m.
    np.testing.assert_allclose(log.position[10], [0.0, 11.1, -30.0], atol=0.06)
    assert log.line[0] == (3 if units else 2)


GNSS2 = "".join(f"$GNSS,2024-05-04T10:00:{k:02d}Z,45,7,{1000 - k},0,0,1,1,1,0.5,9\n" for k in range(10))


@pytest.mark.parametrize("before", ["$", "$GNSS,2024-05-04T10:00:00Z,45,7,1000,0,0,1,1,1,0.5,9\n", "\ufeff"])
def test_a_damaged_first_line_hides_no_log(before):
    """The ten rows that were written stand behind $DATA, where the maker's format has them."""
    log = read(before + HEADER2 + GNSS2)
    assert (log.format, len(log.time)) == ("flysight2", 10)
    assert bool(log.problems) == (before != "\ufeff")
    assert all(problem.line == 1 for problem in log.problems)


def test_nmea_with_a_byte_order_mark():
    """Editors write one; NMEA 0183 knows none."""
    text = "".join(
        sentence(f"GPGGA,1200{k:02d}.00,4807.038,N,01131.000,E,1,08,0.9,545.0,M,46.9,M,,") for k in range(6)
    )
    assert len(read("\ufeff" + text).time) == 6


def test_columns_before_the_time_do_not_matter():
    lines = text1().splitlines()
    with_class = "\n".join([f"class,{lines[0]}"] + [f"2,{line}" for line in lines[2:]]) + "\n"
    plain, classed = read(text1()), read(with_class)
    np.testing.assert_allclose(plain.position, classed.position)


def test_damage_is_named_by_line_and_the_rest_is_read():
    lines = text1(30).splitlines()
    lines[10] = lines[10].replace("7.0000000", "7.00x")
    lines[15] = lines[15][:40]
    lines[20] = "garbage"
    log = read("\n".join(lines) + "\n")
    assert len(log.time) == 29
    assert {problem.line for problem in log.problems} >= {11, 16, 21}
    assert np.isnan(log.position[8, 0])
    assert np.isfinite(log.position[9]).all()


def test_a_file_cut_anywhere_is_read():
    whole = text1(12).encode()
    for end in range(0, len(whole), 7):
        try:
            log = read(whole[:end])
        except InputError:
            continue
        assert len(log.time) <= 12


def test_an_empty_line_is_counted():
    lines = text1(10).splitlines()
    log = read("\n".join([*lines[:6], "", *lines[6:]]) + "\n")
    assert log.line.tolist() == [3, 4, 5, 6, 8, 9, 10, 11, 12, 13]
    track = (HEADER2 + "".join(f"$GNSS,{row1(0.2 * k)[:-4]}9\n" for k in range(4))).splitlines()
    log = read("\n".join([*track[:8], "", *track[8:]]))
    assert log.line.tolist() == [7, 8, 10, 11]


def test_rows_of_another_tag_are_none_of_the_receiver():
    """Of the same number of fields, so that the tag alone tells them apart."""
    rows = [f"$GNSS,{row1(0.2 * k)[:-4]}9\n" for k in range(4)]
    strange = rows[1].replace("$GNSS", "$NAVI").replace("1000.000", "2000.000")
    log = read(HEADER2 + "".join([rows[0], strange, *rows[1:]]))
    assert log.line.tolist() == [7, 9, 10, 11]
    np.testing.assert_allclose(log.position[:, 2], 0.0)


def test_a_log_knows_its_file(tmp_path):
    """Hashed by sha256sum of GNU coreutils."""
    path = tmp_path / "mine.csv"
    path.write_text("t,x\n0,1\n1,2\n2,3\n3,4\n4,5\n")
    log = read_log(path, {"t": "time [s]", "x": "altitude [m]"})
    assert log.sha256 == "689d6bfca4dcb029e9370a20a6381ba140a1c635318327503026a3fc56030044"
    path.write_text(HEADER1 + row1(0.0) + row1(0.2))
    assert read_log(path).sha256 == "b02bc3136e2c52071b0e889f5f7f48bb40f6eadbf07b8e167197d7ccecffc845"


def test_times_that_run_back_are_left_out():
    lines = text1(10).splitlines()
    lines[5], lines[6] = lines[6], lines[5]
    log = read("\n".join(lines) + "\n")
    assert (np.diff(log.time) > 0).all()
    assert [problem.line for problem in log.problems] == [7]


@pytest.mark.parametrize("wrong", [300.0, 7200.0, -300.0])
def test_one_clock_that_leaps_hides_no_other_row(wrong):
    times = 0.2 * np.arange(100)
    times[40] += wrong
    log = read(HEADER1 + "".join(row1(time) for time in times))
    assert len(log.time) == 99
    assert [(problem.line, problem.text) for problem in log.problems if "out of order" in problem.text] == [
        (42, "time out of order, row left out")
    ]


def test_a_clock_that_is_set_back_keeps_what_came_first():
    """Ten seconds back after a minute: rows of the ten seconds stay as they were first written."""
    times = np.concatenate([np.arange(60.0), np.arange(50.0, 120.0)])
    log = read(HEADER1 + "".join(row1(time, high=1000.0 + k) for k, time in enumerate(times)))
    assert log.time.tolist() == np.arange(120.0).tolist()
    assert log.line.tolist() == [*range(2, 62), *range(72, 132)]


def test_rows_in_order_are_the_longest_series_there_is():
    """Against all series of short lists, counted by trying them."""
    generator = np.random.default_rng(5)
    for _ in range(200):
        times = generator.integers(0, 8, 9).astype(float)
        kept = rising_rows(times)
        assert (np.diff(times[kept]) > 0).all()
        longest = max(
            size
            for size in range(10)
            for some in itertools.combinations(times, size)
            if (np.diff(some) > 0).all()
        )
        assert kept.sum() == longest


def test_gap_and_leap_are_named():
    body = [row1(0.2 * k) for k in range(20)] + [row1(20.0 + 0.2 * k, high=1400.0) for k in range(20)]
    log = read(HEADER1 + "".join(body) + row1(24.2, high=1800.0))
    texts = " ".join(str(problem) for problem in log.problems)
    assert "gap of 16.2 s" in texts
    assert "leaps by 400 m" in texts


def test_what_cannot_be_is_left_out():
    log = read(HEADER1 + row1(0.0) + row1(0.2, high=90000.0) + row1(0.4, north=95.0) + row1(0.6))
    assert np.isnan(log.position[1, 2])
    assert np.isnan(log.position[2, 1])
    assert [problem.line for problem in log.problems] == [3, 4]


def test_flysight2_before_the_full_second():
    """Firmware writes `.-002` for two milliseconds before the second; read as such, order is kept."""
    row = "$GNSS,2023-10-08T13:31:{},38.5,-121.8,100.0,0.1,0.2,0.3,1.0,1.0,0.5,9\n"
    stamps = ("19.800Z", "20.-002Z", "20.198Z")
    log = read(HEADER2 + "".join(row.format(stamp) for stamp in stamps))
    np.testing.assert_allclose(log.time, [0.0, 0.198, 0.398], atol=1e-6)
    assert log.problems == ()


def sensor_text(first_week=2292):
    rows = [f"$IMU,{100 + 0.1 * k:.3f},0,0,90,0,0,1.0,20\n" for k in range(20)]
    clock = [f"$TIME,100.5,604799.5,{first_week}\n", f"$TIME,101.5,0.5,{first_week + 1}\n"]
    return SENSOR2 + "".join(rows[:6] + clock[:1] + rows[6:16] + clock[1:] + rows[16:])


def pressures():
    return "".join(f"$BARO,{100 + 0.1 * k:.3f},{90000 + k},20\n" for k in range(20))


@pytest.mark.parametrize(
    ("text", "mark"),
    [(text1(), "2024"), (HEADER2 + GNSS2, "$GNSS"), (sensor_text() + pressures(), "$BARO")],
)
def test_a_quote_before_a_number_hides_no_row(text, mark):
    """In a column that nobody asked for, it took all lines up to the next quote into its field."""
    lines = text.split("\n")
    rows = [number for number, line in enumerate(lines) if line.startswith(mark)]
    lines[rows[3]] = ',"'.join(lines[rows[3]].rsplit(",", 1))
    damaged, whole = read("\n".join(lines)), read(text)
    np.testing.assert_allclose(damaged.time, whole.time)
    assert damaged.line.tolist() == whole.line.tolist()


@pytest.mark.parametrize(
    ("text", "mark"),
    [(text1(), "2024"), (sensor_text() + pressures(), "$IMU"), (sensor_text() + pressures(), "$BARO")],
)
def test_a_lone_return_ends_no_line(text, mark):
    """A line feed ends a FlySight line: two rows with a return between them are one damaged line."""
    lines = text.split("\n")
    chosen = [number for number, line in enumerate(lines) if line.startswith(mark)]
    place = chosen[len(chosen) // 2]
    lines[place : place + 2] = ["\r".join(lines[place : place + 2])]
    damaged, whole = read("\n".join(lines)), read(text)
    assert len(whole.time) - 2 <= len(damaged.time) <= len(whole.time)
    assert max(damaged.line.tolist()) == max(whole.line.tolist()) - 1


def test_time_of_week_rolls_over(tmp_path):
    """Week 2292 ends on Sunday 2023-12-17 at 00:00 (IS-GPS-200), of UTC.

    The firmware sets the time pulse to UTC's grid (UBX-CFG-TP5, flags 0x73: bits 7 to 10 are zero), and
    UBX-TIM-TP counts week and time of week "according to time base" (u-blox M8 protocol specification).
    """
    midnight = dt.datetime(2023, 12, 17, tzinfo=dt.UTC)
    rows = [midnight + dt.timedelta(seconds=0.2 * k - 0.4) for k in range(10)]
    (tmp_path / "TRACK.CSV").write_text(
        HEADER2 + "".join(f"$GNSS,{t:%Y-%m-%dT%H:%M:%S.%f}Z,38,-121,9,0,0,0,1,1,0.5,9\n" for t in rows)
    )
    (tmp_path / "SENSOR.CSV").write_text(sensor_text())
    log = read_log(tmp_path / "TRACK.CSV")
    assert log.inertial is not None
    # The unit's clock is 100.5 s half a second before the week ends; the track begins 0.4 s before.
    np.testing.assert_allclose(log.inertial.time[5], -0.1, atol=1e-3)
    np.testing.assert_allclose(log.inertial.rate_body[0, 2], np.pi / 2)
    np.testing.assert_allclose(log.inertial.force_body[0, 2], 9.80665)


def test_short_sensor_rows_are_named():
    text = sensor_text().replace("$IMU,100.300,0,0,90,0,0,1.0,20", "$IMU,100.300,-1.586")
    log = read(text)
    assert log.inertial is not None
    assert len(log.inertial.time) == 19
    assert any(problem.line == 13 for problem in log.problems)


def test_gpx():
    point = '<trkpt lat="{}" lon="7.0"><ele>{}</ele><time>2024-05-04T10:00:{:02d}Z</time></trkpt>\n'
    points = "".join(point.format(45 + 1e-5 * k, 100 + k, k) for k in range(8))
    log = read(f'<?xml version="1.0"?>\n<gpx version="1.1"><trk><trkseg>\n{points}</trkseg></trk></gpx>')
    assert (log.format, len(log.time)) == ("gpx", 8)
    np.testing.assert_allclose(log.position[7], [0.0, 7.78, 7.0], atol=0.05)
    assert np.isnan(log.velocity).all()
    cut = read(f'<gpx version="1.1"><trk><trkseg>\n{points[:-30]}')
    assert len(cut.time) == 7
    assert "1 of 8 points" in str(cut.problems[0])


def test_kml():
    when = "".join(
        f"<when>2024-05-04T10:00:{k:02d}Z</when>\n<gx:coord>7.0 45.0 {k}.5</gx:coord>\n" for k in range(5)
    )
    log = read(f"<kml><Placemark><gx:Track>{when}</gx:Track></Placemark></kml>")
    assert log.format == "kml"
    np.testing.assert_allclose(log.position[:, 2], np.arange(5.0))


def kml_items(lost, form):
    """Return a KML track of ten points a second and 3.5 m of height apart, without the marks in `lost`."""
    when = [f"<when>2024-05-04T10:00:{k:02d}Z</when>\n" for k in range(10)]
    coord = [f"<gx:coord>7.0 45.0 {100 + 3.5 * k}</gx:coord>\n" for k in range(10)]
    when, coord = (
        [text for k, text in enumerate(column) if (name, k) not in lost]
        if form == "lists"
        else ["" if (name, k) in lost else text for k, text in enumerate(column)]
        for name, column in (("when", when), ("coord", coord))
    )
    if form == "lists":
        text = "".join(when + coord)
    else:
        first, second = (when, coord) if form == "times first" else (coord, when)
        text = "".join(a + b for a, b in zip(first, second, strict=True))
    return f"<kml><Placemark><gx:Track>\n{text}</gx:Track></Placemark></kml>"


def assert_heights_are_of_their_times(log):
    second = np.array([(log.start + dt.timedelta(seconds=t)).timestamp() for t in log.time]) % 60.0
    np.testing.assert_allclose(log.origin[2] + log.position[:, 2], 100.0 + 3.5 * second, atol=1e-6)


@pytest.mark.parametrize(
    ("form", "lost", "rows"),
    [(form, lost, 10 - len(lost)) for form in ("times first", "places first")
     for lost in ({("coord", 4)}, {("when", 0)}, {("when", 2), ("coord", 7)}, set())]
    + [("lists", {("coord", 4)}, 0), ("lists", {("when", 0)}, 0), ("lists", set(), 10)],
)  # fmt: skip
def test_kml_never_gives_a_time_another_points_place(form, lost, rows):
    """Height is 100 m and 3.5 m a second in what was written: so it is in what is read, whatever is lost."""
    log = read(kml_items(lost, form))
    assert len(log.time) == rows
    assert bool(log.problems) == bool(lost)
    if rows:
        assert_heights_are_of_their_times(log)


def test_a_kml_file_that_lost_its_first_time_and_its_end():
    text = kml_items({("when", 0)}, "times first")
    log = read(text[: text.index("<gx:coord>7.0 45.0 131.5")])
    assert len(log.time) == 8
    assert_heights_are_of_their_times(log)


def test_a_kml_file_that_is_cut_off_in_its_places():
    """Two lists are then paired from their beginning, up to the place whose end is missing."""
    log = read(kml_items(set(), "lists").split("7.0 45.0 121.0")[0] + "7.0 45.")
    assert len(log.time) == 6
    assert_heights_are_of_their_times(log)


def test_protrack():
    """600, 850 and 700 hPa stand at 4,206, 1,457 and 3,012 m in the standard atmosphere (ICAO Doc 7488)."""
    summary = "JIB\n1.00\n1\n1.00\n06022020103719\n369\n20190920\n203019\nJIE\n"
    text = summary + "PIB\n9627\n1\n1\n3\n6000,8500,\n7000,\nPIE\n"
    log = read(text)
    assert log.start == dt.datetime(2019, 9, 20, 20, 30, 19, tzinfo=dt.UTC)
    np.testing.assert_allclose(log.time, [0.0, 0.25, 0.5])
    np.testing.assert_allclose(log.origin[2] + log.position[:, 2], [4206.0, 1457.0, 3012.0], atol=2.0)


def sentence(body):
    total = 0
    for letter in body.encode():
        total ^= letter
    return f"${body}*{total:02X}\n"


def test_nmea_with_inertial_unit():
    """The example sentence of NMEA 0183's own text, 4807.038 N = 48 degrees 7.038 minutes."""
    fixes = "".join(
        sentence(f"GPRMC,1200{k:02d}.00,A,4807.038,N,01131.000,E,019.4384449,090.0,040524,,")
        + sentence(f"GPGGA,1200{k:02d}.00,4807.038,N,01131.000,E,1,08,0.9,{545 + k}.0,M,46.9,M,,")
        + f"$PTH,{5000 + 1000 * k}\n"
        for k in range(6)
    )
    imu = "".join(f"$PIMU,{4500 + 100 * k},0,0,9.8,0,0,0.1\n" for k in range(40))
    log = read(imu + fixes)
    assert log.format == "nmea"
    assert np.degrees(log.origin[0]) == pytest.approx(48 + 7.038 / 60)
    # 19.4384449 knots are 10 m/s (a knot is 1852 m an hour), due east.
    np.testing.assert_allclose(log.velocity[0, :2], [10.0, 0.0], atol=1e-5)
    assert log.inertial is not None
    np.testing.assert_allclose(log.inertial.time[0], 0.0, atol=1e-6)
    np.testing.assert_allclose(log.time[0], 0.5, atol=1e-6)


def test_nmea_with_a_wrong_checksum_is_named():
    good = sentence("GPGGA,120000.00,4807.038,N,01131.000,E,1,08,0.9,545.0,M,46.9,M,,")
    bad = good.replace("545.0", "945.0")
    log = read(good + bad + good.replace("120000", "120001"))
    assert any("checksum" in str(problem) for problem in log.problems)
    assert len(log.time) == 1


def test_a_sentence_that_lost_its_end_is_left_out():
    """545.0 cut after two digits would be a height of 54 m; the file's other sentences have checksums."""
    texts = [
        sentence(f"GPGGA,1200{k:02d}.00,4807.038,N,01131.000,E,1,08,0.9,545.0,M,46.9,M,,") for k in range(6)
    ]
    texts[3] = texts[3][: texts[3].index("545.0") + 2] + "\n"
    log = read("".join(texts))
    np.testing.assert_allclose(log.position[:, 2], 0.0, atol=1e-9)
    assert len(log.time) == 5
    assert any(problem.line == 4 and "cut off" in problem.text for problem in log.problems)


def test_a_number_that_may_be_cut_is_not_read():
    """A line that ends within its longitude, 7.0 of 7.0006000, has no longitude, and says so."""
    lines = text1().splitlines()
    lines[10] = ",".join(lines[10].split(",")[:2]) + ",7.0"
    log = read("\n".join(lines).replace("7.0000000", "7.0006000"))
    assert np.isnan(log.position[8]).sum() == 2
    assert np.nanmax(np.abs(log.position[:, 0])) < 1e-6
    assert any(problem.line == 11 and "3 fields instead of 12" in problem.text for problem in log.problems)
    table = "Time(s),Altitude(m),speed\n0.0,1000,1\n0.2,99\n0.4,998,1\n"
    np.testing.assert_allclose(read(table).position[:, 2], [0.0, np.nan, -2.0])


def test_column_map(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("t;x\n".replace(";", ",") + "".join(f"{k},{1000 - 10 * k}\n" for k in range(6)))
    log = read_log(path, {"t": "time [ms]", "x": "altitude [ft]"})
    np.testing.assert_allclose(log.time, 1e-3 * np.arange(6))
    np.testing.assert_allclose(log.position[:, 2], -3.048 * np.arange(6))
    with pytest.raises(InputError, match="which the header lacks"):
        read_log(path, {"t": "time [s]", "y": "altitude [m]"})
    with pytest.raises(InputError, match=r"quantity \[unit\]"):
        read_log(path, {"t": "time [s]", "x": "height"})


@pytest.mark.parametrize(
    "text",
    [
        "<gpx>" + "<trkpt lat='1' lon='2'>\n" * 60_000,
        "<gpx>" + "<trkpt a='" * 60_000,
        "<kml><gx:Track><when>" + " " * 100_000,
        "<kml><gx:Track>" + "<gx:coord>" * 60_000,
    ],
)
def test_marks_that_never_end(text):
    """Patterns that look for the end from every beginning would take hours here."""
    assert len(read(text).time) == 0


def test_a_force_that_no_sensor_measures_is_left_out():
    """Sensors clip at 16 to 200 g; what a damaged line holds beyond that must not get into any sum."""
    whole = read(sensor_text())
    for wild in ("1e308", "-1e306", "99999999999", "inf", "nan"):
        log = read(sensor_text().replace("$IMU,100.300,0,0,90,0,0,1.0", f"$IMU,100.300,0,0,90,0,{wild},1.0"))
        assert whole.inertial is not None
        assert log.inertial is not None
        assert len(log.inertial.time) == len(whole.inertial.time) - 1
        assert "left out" in str(log.problems[0])


def test_a_clock_that_leaps_and_comes_back():
    """One damaged row must not hide the rows after it, nor let time run back in what is kept."""
    log = read(sensor_text().replace("$IMU,100.300", "$IMU,99999100.300").replace("$IMU,100.700", "$IMU,inf"))
    assert log.inertial is not None
    assert len(log.inertial.time) == 18
    assert (np.diff(log.inertial.time) > 0.0).all()


def test_a_line_without_an_end_in_a_table_with_quotes():
    """A quote that is never closed makes one field of the rest, of which csv takes 131,072 letters."""
    text = "Time(s),Altitude(m)\n0.0,1000\n0.2,999\n" + '"' + "9" * 200_000 + "\n0.4,998\n"
    log = read(text)
    assert len(log.time) == 3
    assert {problem.line for problem in log.problems} == {4}
    header = text.replace("Altitude(m)", 'Altitude(m),"' + "9" * 200_000, 1)
    assert len(read(header).time) == 3


def test_unknown_content_is_refused_in_a_sentence(tmp_path):
    path = tmp_path / "song.csv"
    path.write_text("la la la\n")
    with pytest.raises(InputError, match="no known format"):
        read_log(path)
    with pytest.raises(InputError, match="cannot be read"):
        read_log(tmp_path / "absent.csv")


def test_every_shared_log_is_read(shared):
    folder = shared / "data" / "logs"
    files = [f for f in sorted(folder.glob("*/*")) if f.suffix != ".md" and not f.name.startswith("LICENSE")]
    assert len(files) > 50
    empty = [file.name for file in files if not _holds(read_log(file))]
    # Three files of one or two rows hold no height at all.
    assert set(empty) <= {"edge_tow-rollover-SENSOR.CSV", "v2_SENSOR.CSV"}


def test_a_sessions_sensors_end_with_its_track(shared):
    """A device writes both files until it is switched off: whatever ties their clocks, they end together."""
    folder = shared / "data" / "logs" / "flysight2csv"
    for session in ("complete_23-12-31_22-30-52", "complete_23-12-31_22-33-02"):
        log = read_log(folder / f"{session}_TRACK.CSV")
        assert log.inertial is not None
        assert abs(log.inertial.time[-1] - log.time[-1]) < 0.5
        assert -6.0 < log.inertial.time[0] < 0.0


def _holds(log):
    return len(log.time) > 0
