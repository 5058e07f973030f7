"""One made motion in every format that others read too: the truth is known to the digit."""

import datetime as dt
from functools import reduce
from pathlib import Path

import numpy as np
from benchmarks.reader_rows import Rows

ROWS = 8000
_START = dt.datetime(2024, 5, 4, 10, tzinfo=dt.UTC)
_HEADER1 = "time,lat,lon,hMSL,velN,velE,velD,hAcc,vAcc,sAcc,heading,cAcc,gpsFix,numSV"
_UNITS1 = ",(deg),(deg),(m),(m/s),(m/s),(m/s),(m),(m),(m/s),(deg),(deg),,,"
_VARS = "$FLYS,1\n$VAR,FIRMWARE_VER,made\n$VAR,DEVICE_ID,made\n$VAR,SESSION_ID,made\n"


def make_files(folder: Path) -> dict[str, tuple[Path, Rows]]:
    """Write a file of each format.

    Args:
        folder: To write into.

    Returns:
        By format: the file, and its rows as it has them.
    """
    rows, sensor = _motion(), _sensor()
    texts = {
        "flysight1": _flysight1(rows), "flysight2": _flysight2(rows), "sensor": _sensor_text(sensor),
        "gpx": _gpx(rows), "kml": _kml(rows), "nmea": _nmea(rows),
    }  # fmt: skip
    made: dict[str, tuple[Path, Rows]] = {}
    for name, text in texts.items():
        path = folder / f"made.{name}"
        path.write_text(text, encoding="ascii")
        motion = {key: rows[key] for key in ("time", "latitude", "longitude", "altitude")}
        made[name] = path, sensor if name == "sensor" else motion if name in ("gpx", "kml") else rows
    return made


def with_one_cut(path: Path) -> Path:
    """Return a copy of a file in which the line in the middle ends half-way."""
    lines = path.read_bytes().split(b"\n")
    middle = len(lines) // 2
    lines[middle] = lines[middle][: len(lines[middle]) // 2]
    cut = path.with_name(f"cut.{path.name.split('.')[-1]}")
    cut.write_bytes(b"\n".join(lines))
    return cut


def _motion() -> Rows:
    """Return a circle of 300 m that sinks, five times a second, in as many digits as devices write."""
    k = np.arange(ROWS)
    turn = k / 400.0
    return {
        "time": _START.timestamp() + 0.2 * k,
        "latitude": np.round(61.5 + 0.0027 * np.sin(turn), 7),
        "longitude": np.round(7.5 + 0.0057 * np.cos(turn), 7),
        "altitude": np.round(3000.0 - 0.3 * k, 1),
        "north": np.round(3.75 * np.cos(turn), 2),
        "east": np.round(-3.75 * np.sin(turn), 2),
        "down": np.full(ROWS, 1.5),
    }


def _sensor() -> Rows:
    k = np.arange(13 * ROWS // 5)
    wave = {f"a{axis}": np.round(np.sin(k / 90.0 + n), 5) for n, axis in enumerate("xyz")}
    turn = {f"w{axis}": np.round(100.0 * np.cos(k / 70.0 + n), 3) for n, axis in enumerate("xyz")}
    return {"time": np.round(100.0 + k / 13.0, 3), **wave, **turn}


def _lines(rows: Rows) -> list[dict[str, float]]:
    return [
        dict(zip(rows, values, strict=True))
        for values in zip(*(column.tolist() for column in rows.values()), strict=True)
    ]


def _stamp(time: float) -> str:
    return f"{dt.datetime.fromtimestamp(round(time, 3), dt.UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"


def _gnss(row: dict[str, float]) -> str:
    place = f"{row['latitude']:.7f},{row['longitude']:.7f},{row['altitude']:.3f}"
    motion = f"{row['north']:.2f},{row['east']:.2f},{row['down']:.2f}"
    return f"{_stamp(row['time'])},{place},{motion},1.234,2.345,0.34"


def _flysight1(rows: Rows) -> str:
    body = "".join(f"{_gnss(row)},123.45678,0.98765,3,12\n" for row in _lines(rows))
    return f"{_HEADER1}\n{_UNITS1}\n{body}"


def _flysight2(rows: Rows) -> str:
    head = "$COL,GNSS,time,lat,lon,hMSL,velN,velE,velD,hAcc,vAcc,sAcc,numSV\n"
    head += "$UNIT,GNSS,,deg,deg,m,m/s,m/s,m/s,m,m,m/s,\n$DATA\n"
    return _VARS + head + "".join(f"$GNSS,{_gnss(row)},12\n" for row in _lines(rows))


def _sensor_text(rows: Rows) -> str:
    head = "$COL,IMU,time,wx,wy,wz,ax,ay,az,temperature\n$UNIT,IMU,s,deg/s,deg/s,deg/s,g,g,g,deg C\n"
    head += "$COL,TIME,time,tow,week\n$UNIT,TIME,s,s,\n$DATA\n"
    body = "".join(
        f"$IMU,{r['time']:.3f},{r['wx']:.3f},{r['wy']:.3f},{r['wz']:.3f},"
        f"{r['ax']:.5f},{r['ay']:.5f},{r['az']:.5f},23.45\n"
        for r in _lines(rows)
    )
    return f"{_VARS}{head}$TIME,99.000,554400.000,2312\n{body}"


def _gpx(rows: Rows) -> str:
    body = "".join(
        f'<trkpt lat="{row["latitude"]:.7f}" lon="{row["longitude"]:.7f}"><ele>{row["altitude"]:.1f}</ele>'
        f"<time>{_stamp(row['time'])}</time></trkpt>\n"
        for row in _lines(rows)
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="made" '
    head += 'xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>\n'
    return f"{head}{body}</trkseg></trk></gpx>\n"


def _kml(rows: Rows) -> str:
    body = "".join(
        f"<when>{_stamp(row['time'])}</when>\n"
        f"<gx:coord>{row['longitude']:.7f} {row['latitude']:.7f} {row['altitude']:.1f}</gx:coord>\n"
        for row in _lines(rows)
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2" '
    head += 'xmlns:gx="http://www.google.com/kml/ext/2.2"><Document><Placemark><gx:Track>\n'
    return f"{head}{body}</gx:Track></Placemark></Document></kml>\n"


def _nmea(rows: Rows) -> str:
    return "".join(_sentences(row) for row in _lines(rows))


def _sentences(row: dict[str, float]) -> str:
    moment = dt.datetime.fromtimestamp(round(row["time"], 3), dt.UTC)
    clock = f"{moment:%H%M%S.%f}"[:-4]
    place = ",".join(
        f"{int(abs(value)):0{width}d}{60.0 * (abs(value) % 1.0):011.8f},{'NE'[n]}"
        for n, (value, width) in enumerate(((row["latitude"], 2), (row["longitude"], 3)))
    )
    knots = np.hypot(row["north"], row["east"]) * 3600.0 / 1852.0
    course = np.degrees(np.arctan2(row["east"], row["north"])) % 360.0
    return _closed(f"GNRMC,{clock},A,{place},{knots:.5f},{course:.5f},{moment:%d%m%y},,,A") + _closed(
        f"GNGGA,{clock},{place},1,12,0.80,{row['altitude']:.1f},M,45.0,M,,"
    )


def _closed(body: str) -> str:
    return f"${body}*{reduce(lambda total, byte: total ^ byte, body.encode(), 0):02X}\r\n"
