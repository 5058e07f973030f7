"""Read logs with other people's readers in their own environment: run by bench_readers.py.

Each line of standard input is a job, `{"path": ..., "format": ..., "out": ..., "times": ...}`. The answer, a
line, says what the reader raised, or how many rows it gave and how long it took; the rows go to `out`.
Every peer is given its best chance: the lenient mode where there is one, and what it does not do itself
(pairing sentences of one moment) is done here.
"""

import json
import sys
import time
import traceback
import warnings
from pathlib import Path

import numpy as np


def flysight1(path: Path) -> dict[str, np.ndarray]:
    """Read with pyflysight."""
    from pyflysight.flysight_proc import load_flysight

    return _gnss(load_flysight(path).track_data)


def flysight2(path: Path) -> dict[str, np.ndarray]:
    """Read with pyflysight."""
    from pyflysight.flysight_proc import parse_v2_track_data

    return _gnss(parse_v2_track_data(path)[0])


def _gnss(frame) -> dict[str, np.ndarray]:
    import polars as pl

    names = {"lat": "latitude", "lon": "longitude", "hMSL": "altitude", "velN": "north", "velE": "east",
             "velD": "down"}  # fmt: skip
    found = {"time": frame["time"].dt.timestamp("us").to_numpy() / 1e6}
    for name, target in names.items():
        # One field that is no number makes text of a whole column.
        texts = [name] if frame[name].dtype == pl.String else []
        found[target] = frame[name].cast(pl.Float64, strict=False).to_numpy()
        found["text"] = np.concatenate([found.get("text", np.zeros(0)), np.ones(len(texts))])
    return found


def sensor(path: Path) -> dict[str, np.ndarray]:
    """Read with pyflysight: rows of the inertial unit, heights by pressure."""
    from pyflysight.flysight_proc import parse_v2_sensor_data

    frames, _ = parse_v2_sensor_data(path)
    found = {name: np.zeros(0) for name in ("time", "ax", "ay", "az", "wx", "wy", "wz")}
    if "IMU" in frames:
        imu = frames["IMU"]
        found["time"] = imu["time"].to_numpy()
        found |= {name: imu[name].to_numpy() for name in ("ax", "ay", "az", "wx", "wy", "wz")}
    if "BARO" in frames:
        found["baro_time"] = frames["BARO"]["time"].to_numpy()
        found["baro_altitude"] = frames["BARO"]["press_alt_m"].to_numpy()
    return found


def gpx(path: Path) -> dict[str, np.ndarray]:
    """Read with gpxpy over lxml."""
    import gpxpy

    told = gpxpy.parse(path.read_bytes())
    points = [point for track in told.tracks for part in track.segments for point in part.points]
    return _table(
        [(p.time.timestamp() if p.time else None, p.latitude, p.longitude, p.elevation) for p in points]
    )


def kml(path: Path) -> dict[str, np.ndarray]:
    """Read with fastkml, not strict, without validation."""
    from fastkml import KML
    from fastkml.gx import Track
    from fastkml.utils import find_all

    told = KML.parse(path, strict=False, validate=False)
    rows = []
    for track in find_all(told, of_type=Track):
        for item in track.track_items:
            place = item.coord.coords[0] if item.coord else (None,) * 3
            when = item.when.dt.timestamp() if item.when else None
            rows.append((when, place[1], place[0], place[2] if len(place) > 2 else None))
    return _table(rows)


def nmea(path: Path) -> dict[str, np.ndarray]:
    """Read with pynmea2 line by line, without what it refuses; sentences of one moment are paired here."""
    import datetime as dt

    import pynmea2

    rows: dict[object, dict[str, float]] = {}
    day, refused = None, []
    with path.open(encoding="latin-1") as file:
        for number, line in enumerate(file, 1):
            try:
                told = pynmea2.parse(line)
            except pynmea2.ParseError:
                refused.append(number)
                continue
            try:
                day = _take(told, rows, day)
            except (TypeError, ValueError):
                # A field that is missing or no number: pynmea2 gives None or the text, or raises when asked.
                refused.append(number)
    names = ("latitude", "longitude", "altitude", "north", "east")
    table = {name: np.array([row.get(name, np.nan) for row in rows.values()], float) for name in names}
    times = [moment.replace(tzinfo=dt.UTC).timestamp() for moment in rows]
    return table | {"time": np.array(times, float), "refused": np.array(refused, float)}


def _take(told, rows: dict, day):
    """Put one sentence into the row of its moment; return the date that holds from here on."""
    import datetime as dt

    kind = getattr(told, "sentence_type", "")
    if kind not in ("RMC", "GGA") or told.timestamp is None:
        return day
    if kind == "RMC" and told.datestamp is not None:
        day = told.datestamp
    if day is None:
        return day
    row = rows.setdefault(dt.datetime.combine(day, told.timestamp), {})
    if kind == "GGA" and told.gps_qual:
        row |= {"latitude": told.latitude, "longitude": told.longitude, "altitude": float(told.altitude)}
    elif kind == "RMC" and told.status == "A":
        speed, course = told.spd_over_grnd * 1852.0 / 3600.0, np.radians(told.true_course or 0.0)
        row |= {"north": float(speed * np.cos(course)), "east": float(speed * np.sin(course))}
    return day


def _table(rows: list[tuple]) -> dict[str, np.ndarray]:
    table = np.array(rows, float).reshape(len(rows), 4)
    return {name: table[:, k] for k, name in enumerate(("time", "latitude", "longitude", "altitude"))}


READERS = {
    "flysight1": flysight1,
    "flysight2": flysight2,
    "sensor": sensor,
    "gpx": gpx,
    "kml": kml,
    "nmea": nmea,
}


def answer(job: dict) -> dict:
    """Return what came of one job."""
    read, path, spent = READERS[job["format"]], Path(job["path"]), []
    try:
        for _ in range(job.get("times", 1)):
            begin, before = time.perf_counter(), time.process_time()
            found = read(path)
            spent.append((time.perf_counter() - begin, time.process_time() - before))
    except BaseException as error:  # a panic of polars is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        where = [f for f in traceback.extract_tb(error.__traceback__) if "site-packages" in f.filename]
        place = Path(where[-1].filename).name if where else "here"
        return {
            "error": type(error).__name__,
            "module": type(error).__module__,
            "text": str(error)[:200],
            "place": place,
        }
    np.savez(job["out"], **found)
    return {"rows": len(found.get("time", ())), "seconds": spent}


def main() -> None:
    """Answer until there are no more jobs."""
    warnings.simplefilter("ignore")
    for line in sys.stdin:
        print("answer", json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
