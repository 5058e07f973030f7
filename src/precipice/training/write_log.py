"""Writing sensors' rows as files that devices write, marked as synthetic in the header and in every row."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from precipice.earth import GRAVITY, local_to_geodetic
from precipice.training.sensor import Fixes, Samples

MARK = "SYNTHETIC"
"""Name in the header of every file that no device wrote, and of a column that is 1 in every row."""
BOOTED = 1000.0
"""Clock of the device when its log begins [s]."""
_GPS_EPOCH = dt.datetime(1980, 1, 6, tzinfo=dt.UTC)
_WEEK = 604800.0


class Session(NamedTuple):
    """One switched-on device.

    Attributes:
        start: UTC of its first row.
        origin: Latitude [rad], longitude [rad], altitude [m] of the local origin.
        name: Unique.
        scenario: Title of what was flown.
        seed: Of its draws.
    """

    start: dt.datetime
    origin: tuple[float, float, float]
    name: str
    scenario: str
    seed: int


def save_flysight2(folder: Path, session: Session, fixes: Fixes, samples: Samples | None) -> Path:
    """Write TRACK.CSV, and SENSOR.CSV where there is a motion sensor, as a FlySight 2 does.

    Args:
        folder: Of the session; made.
        session: When and where.
        fixes: Of the receiver.
        samples: Of the motion sensor.

    Returns:
        Path of TRACK.CSV.
    """
    folder.mkdir(parents=True, exist_ok=True)
    track = folder / "TRACK.CSV"
    columns = f"time,lat,lon,hMSL,velN,velE,velD,hAcc,vAcc,sAcc,numSV,{MARK.lower()}"
    units = ",deg,deg,m,m/s,m/s,m/s,m,m,m/s,,"
    head = [*_head(session), f"$COL,GNSS,{columns}", f"$UNIT,GNSS,{units}", "$DATA"]
    _write(track, head, _gnss_rows(session, fixes))
    if samples is not None:
        head = [
            *_head(session),
            f"$COL,IMU,time,wx,wy,wz,ax,ay,az,temperature,{MARK.lower()}",
            "$UNIT,IMU,s,deg/s,deg/s,deg/s,g,g,g,deg C,",
            f"$COL,TIME,time,tow,week,{MARK.lower()}",
            "$UNIT,TIME,s,s,,",
            "$DATA",
        ]
        _write(folder / "SENSOR.CSV", head, _imu_rows(session, samples))
    return track


def _head(session: Session) -> list[str]:
    return [
        "$FLYS,1",
        "$VAR,FIRMWARE_VER,precipice logs synthesize",
        f"$VAR,{MARK},1",
        f"$VAR,SCENARIO,{session.scenario.replace(',', ';')}",
        f"$VAR,SEED,{session.seed}",
        "$VAR,DEVICE_ID,synthetic",
        f"$VAR,SESSION_ID,{session.name}",
    ]


def _write(path: Path, head: list[str], rows: Iterator[str]) -> None:
    with path.open("w", encoding="ascii", errors="replace", newline="\n") as stream:
        stream.write("\n".join(head) + "\n")
        stream.writelines(rows)


def _gnss_rows(session: Session, fixes: Fixes) -> Iterator[str]:
    place = local_to_geodetic(fixes.position, session.origin)
    place[:, :2] = np.degrees(place[:, :2])
    for t, where, v, stated, seen in zip(
        fixes.time.tolist(),
        place.tolist(),
        fixes.velocity.tolist(),
        fixes.stated.tolist(),
        fixes.satellites.tolist(),
        strict=True,
    ):
        at = f"{_stamp(session.start, t)},{where[0]:.7f},{where[1]:.7f},{where[2]:.3f}"
        motion = f"{v[1]:.2f},{v[0]:.2f},{-v[2]:.2f},{stated[0]:.3f},{stated[1]:.3f},{stated[2]:.2f}"
        yield f"$GNSS,{at},{motion},{seen},1\n"


def _stamp(start: dt.datetime, t: float) -> str:
    moment = start + dt.timedelta(milliseconds=round(1000.0 * t))
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def _imu_rows(session: Session, samples: Samples) -> Iterator[str]:
    # The device counts the weeks of UTC: see the reader.
    since = (session.start - _GPS_EPOCH).total_seconds()
    turn, force = np.degrees(samples.rate), samples.force / GRAVITY
    warm = (samples.temperature - 273.15).tolist()
    tied = -1e9
    for t, w, a, degrees in zip(samples.time.tolist(), turn.tolist(), force.tolist(), warm, strict=True):
        if t - tied >= 1.0:
            week, of_week = divmod(since + t, _WEEK)
            yield f"$TIME,{BOOTED + t:.3f},{of_week:.3f},{week:.0f},1\n"
            tied = t
        rates = f"{w[0]:.3f},{w[1]:.3f},{w[2]:.3f}"
        yield f"$IMU,{BOOTED + t:.3f},{rates},{a[0]:.5f},{a[1]:.5f},{a[2]:.5f},{degrees:.2f},1\n"


def save_plain(folder: Path, session: Session, fixes: Fixes, samples: Samples | None) -> Path:
    """Write gnss.csv, and imu.csv where there is a motion sensor: one header line, SI units but degrees.

    Arguments as for `save_flysight2`; the comment line above the header says that it is synthetic.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "gnss.csv"
    names = "time,latitude,longitude,altitude,velocity_east,velocity_north,velocity_up"
    more = f"horizontal_accuracy,vertical_accuracy,speed_accuracy,{MARK.lower()}"
    _write(path, [f"{names},{more}"], _plain_rows(session, fixes))
    if samples is not None:
        names = "time,force_x,force_y,force_z,rate_x,rate_y,rate_z,temperature"
        _write(folder / "imu.csv", [f"{names},{MARK.lower()}"], _plain_samples(session, samples))
    return path


def _plain_rows(session: Session, fixes: Fixes) -> Iterator[str]:
    place = local_to_geodetic(fixes.position, session.origin)
    place[:, :2] = np.degrees(place[:, :2])
    for t, where, v, stated in zip(
        fixes.time.tolist(), place.tolist(), fixes.velocity.tolist(), fixes.stated.tolist(), strict=True
    ):
        at = f"{_stamp(session.start, t)},{where[0]:.7f},{where[1]:.7f},{where[2]:.3f}"
        motion = ",".join(f"{x:.3f}" for x in (*v, *stated))
        yield f"{at},{motion},1\n"


def _plain_samples(session: Session, samples: Samples) -> Iterator[str]:
    for t, f, w, kelvin in zip(
        samples.time.tolist(),
        samples.force.tolist(),
        samples.rate.tolist(),
        samples.temperature.tolist(),
        strict=True,
    ):
        values = ",".join(f"{x:.4f}" for x in (*f, *w))
        yield f"{_stamp(session.start, t)},{values},{kelvin:.2f},1\n"
