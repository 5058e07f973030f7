"""CZML for Cesium: bodies and cameras in time; heights above the WGS84 ellipsoid."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from precipice.report.export.camera import Shot
from precipice.report.export.clip import Clip
from precipice.report.export.globe import Globe
from precipice.report.export.moving import Moving
from precipice.report.export.rotation import continuous, multiply, quaternion_of
from precipice.report.export.told import utc
from precipice.report.scene import Circle, areas

TRAIL = 20.0
"""Seconds of path that a viewer draws behind a body."""


def czml_lines(clip: Clip, globe: Globe, start: dt.datetime, told: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of a CZML file, a packet a line.

    Args:
        clip: Bodies and cameras, frame by frame.
        globe: Where on the earth.
        start: Of the first frame.
        told: See `told.tell`.

    Source: the CZML guide of Analytical Graphics: cartographicDegrees are time, longitude, latitude, height
        above the WGS84 ellipsoid; unitQuaternion are time, x, y, z, w, body to earth-fixed axes.
    """
    packets = _packets(clip, globe, start, told)
    yield "["
    text = ""
    for packet in packets:
        if text:
            yield text + ","
        text = json.dumps(packet, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    yield text
    yield "]"


def _packets(clip: Clip, globe: Globe, start: dt.datetime, told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    epoch = utc(start)
    span = f"{epoch}/{utc(start, float(clip.seconds[-1]))}"
    clock = {"interval": span, "currentTime": epoch, "multiplier": 1, "range": "LOOP_STOP"}
    facts = json.dumps(told, ensure_ascii=False, allow_nan=False)
    yield {
        "id": "document",
        "name": str(told["title"]),
        "version": "1.0",
        "description": facts,
        "clock": clock,
    }
    turn = quaternion_of(globe.to_earth())
    for body in clip.bodies:
        # A canopy is where its performer is, a few metres higher.
        if body.name != "canopy":
            yield _body(body, clip, globe, epoch, span, turn)
    for shot in clip.cameras:
        yield _camera(shot, clip, globe, epoch, turn)
    for area in areas(clip.run, clip.scenario):
        yield _area(area, clip, globe)


def _timed(seconds: np.ndarray, values: np.ndarray, digits: tuple[int, ...]) -> list[float]:
    """Return time and values of each frame one after the other."""
    columns = [np.round(seconds, 6), *(np.round(v, d) for v, d in zip(values.T, digits, strict=True))]
    return np.stack(columns, axis=1).ravel().tolist()


def _orientation(seconds: np.ndarray, epoch: str, attitude: np.ndarray, turn: np.ndarray) -> dict[str, Any]:
    fixed = continuous(multiply(turn, attitude))
    values = _timed(seconds, np.roll(fixed, -1, axis=1), (8, 8, 8, 8))
    return {"epoch": epoch, "unitQuaternion": values}


def _places(position: np.ndarray, globe: Globe) -> np.ndarray:
    return np.stack(globe.places(position), axis=-1)


def _body(body: Moving, clip: Clip, globe: Globe, epoch: str, span: str, turn: np.ndarray) -> dict[str, Any]:
    low, high = _box(body)
    solid = {"rgba": [*(round(255 * part) for part in body.shape[0].colour), 255]}
    return {
        "id": f"{body.of}/{body.name}" if body.of else body.name,
        "name": body.title,
        "availability": span,
        "position": {
            "epoch": epoch,
            "interpolationAlgorithm": "LINEAR",
            "cartographicDegrees": _timed(clip.seconds, _places(body.position, globe), (9, 9, 4)),
        },
        "orientation": _orientation(clip.seconds, epoch, body.attitude, turn),
        "box": {
            "dimensions": {"cartesian": np.round(2.0 * np.maximum(-low, high), 4).tolist()},
            "material": {"solidColor": {"color": solid}},
        },
        "path": {
            "leadTime": 0,
            "trailTime": TRAIL,
            "width": 2,
            "resolution": round(1.0 / float(clip.rate), 6),
            "material": {"solidColor": {"color": solid}},
        },
        "label": {
            "text": body.title,
            "show": not body.of,
            "font": "12pt sans-serif",
            "pixelOffset": {"cartesian2": [12, -12]},
        },
    }


def _box(body: Moving) -> tuple[np.ndarray, np.ndarray]:
    """Return the corners of what holds all boxes of a body, in its axes, `(3,)` each [m]."""
    ends = [np.array(box.centre) + s * np.array(box.size) for box in body.shape for s in (-0.5, 0.5)]
    return np.min(ends, axis=0), np.max(ends, axis=0)


def _camera(shot: Shot, clip: Clip, globe: Globe, epoch: str, turn: np.ndarray) -> dict[str, Any]:
    # Bodies have forward, left, up: a camera's forward is what it looks along.
    axes = np.stack([-shot.axes[:, :, 2], -shot.axes[:, :, 0], shot.axes[:, :, 1]], axis=2)
    lens = shot.lens
    told = (
        f"{1000.0 * lens.focal_length:g} mm, shows {1000.0 * lens.width:.2f} x {1000.0 * lens.height:.2f} "
        f"mm, {np.degrees(lens.horizontal):.2f} x {np.degrees(lens.vertical):.2f} degrees, follows {shot.aim}"
    )
    return {
        "id": f"camera/{shot.name}",
        "name": shot.name,
        "description": told,
        "position": {"cartographicDegrees": np.round(_places(shot.position, globe), 9).tolist()},
        "orientation": _orientation(clip.seconds, epoch, quaternion_of(axes), turn),
        "point": {"pixelSize": 8, "color": {"rgba": [123, 50, 148, 255]}},
        "label": {"text": shot.name, "font": "10pt sans-serif", "pixelOffset": {"cartesian2": [12, 0]}},
    }


def _area(area: Circle, clip: Clip, globe: Globe) -> dict[str, Any]:
    up = clip.run.landing_altitude - clip.run.lip_altitude
    place = _places(np.array([area.east, area.north, up]), globe)
    return {
        "id": f"{area.kind}/{area.name}",
        "name": area.name,
        "position": {"cartographicDegrees": np.round(place, 9).tolist()},
        "ellipse": {
            "semiMajorAxis": area.radius,
            "semiMinorAxis": area.radius,
            "heightReference": {"heightReference": "CLAMP_TO_GROUND"},
            "material": {"solidColor": {"color": {"rgba": [0, 158, 115, 100]}}},
        },
    }
