"""KML 2.2 for Google Earth and maps: tracks in time, events, cameras, areas; heights above sea level."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

import numpy as np

from precipice.report.export.camera import Shot
from precipice.report.export.clip import Clip
from precipice.report.export.globe import Globe
from precipice.report.export.moving import Moving
from precipice.report.export.told import utc
from precipice.report.scene import Circle, areas

COLOURS = {"performer": "ff1a2ecc", "motorcycle": "ff202020", "vehicle": "ffb27200", "body": "ffb27200"}
"""Of each track: opacity, blue, green, red."""
_RIM = 48


def kml_lines(clip: Clip, globe: Globe, start: dt.datetime, told: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of a KML file.

    Args:
        clip: Bodies and cameras, frame by frame.
        globe: Where on the earth.
        start: Of the first frame.
        told: See `told.tell`.

    Source: OGC 07-147r2 (KML 2.2) and Google's extension of it; both count absolute altitudes from EGM96.
    """
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2">'
    yield "<Document>"
    yield f"<name>{_text(str(told['title']))}</name>"
    facts = json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False)
    yield f"<description>{_text(facts)}</description>"
    for body, colour in COLOURS.items():
        line = f"<LineStyle><color>{colour}</color><width>3</width></LineStyle>"
        yield f'<Style id="{body}">{line}</Style>'
    area = "<LineStyle><color>ff739e00</color></LineStyle><PolyStyle><color>66739e00</color></PolyStyle>"
    yield f'<Style id="area">{area}</Style>'
    # A canopy is where its performer is, a few metres higher.
    tracks = [body for body in clip.bodies if body.name in COLOURS]
    for body in tracks:
        if not body.of:
            yield from _track(body, clip, globe, start)
    if clip.others:
        yield "<Folder><name>other runs</name>"
        for body in tracks:
            if body.of:
                yield from _track(body, clip, globe, start)
        yield "</Folder>"
    yield from _events(clip, globe, start)
    yield from _cameras(clip, globe)
    yield from _areas(clip, globe)
    yield "</Document>"
    yield "</kml>"


def _text(text: str) -> str:
    """Return a text that XML can hold: without the control characters that it forbids."""
    return escape("".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text))


def _coordinates(position: np.ndarray, globe: Globe) -> np.ndarray:
    """Return longitude and latitude [deg] and height above sea level [m], `(..., 3)`."""
    longitude, latitude, above = globe.places(position)
    return np.stack([longitude, latitude, globe.above_sea(above)], axis=-1)


def _track(body: Moving, clip: Clip, globe: Globe, start: dt.datetime) -> Iterator[str]:
    places = _coordinates(body.position, globe).tolist()
    times = [utc(start, second) for second in clip.seconds.tolist()]
    yield "<Placemark>"
    yield f"<name>{_text(body.title)}</name>"
    yield f"<description>{(clip.others[body.of] if body.of else clip.run).outcome}</description>"
    yield f"<styleUrl>#{body.name}</styleUrl>"
    yield "<gx:Track>"
    yield "<altitudeMode>absolute</altitudeMode>"
    yield from (f"<when>{time}</when>" for time in times)
    yield from (f"<gx:coord>{lon:.9f} {lat:.9f} {up:.3f}</gx:coord>" for lon, lat, up in places)
    yield "</gx:Track>"
    yield "</Placemark>"


def _point(place: np.ndarray) -> str:
    lon, lat, up = place.tolist()
    coordinates = f"<coordinates>{lon:.9f},{lat:.9f},{up:.3f}</coordinates>"
    return f"<Point><altitudeMode>absolute</altitudeMode>{coordinates}</Point>"


def _events(clip: Clip, globe: Globe, start: dt.datetime) -> Iterator[str]:
    yield "<Folder><name>events</name>"
    for event in clip.run.events:
        place = _coordinates(np.array(event.position), globe)
        when = utc(start, event.t - float(clip.time[0]))
        yield f"<Placemark><name>{_text(event.name)}</name><description>{event.body}</description>"
        yield f"<TimeStamp><when>{when}</when></TimeStamp>{_point(place)}</Placemark>"
    yield "</Folder>"


def _cameras(clip: Clip, globe: Globe) -> Iterator[str]:
    """Yield every camera with its view at takeoff or exit: a KML viewpoint stands still."""
    if not clip.cameras:
        return
    yield "<Folder><name>cameras</name>"
    for shot in clip.cameras:
        place = _coordinates(shot.position, globe)
        yield f"<Placemark><name>{_text(shot.name)}</name>"
        yield _view(shot, place, 0 if clip.zero_frame is None else clip.zero_frame - 1)
        yield f"{_point(place)}</Placemark>"
    yield "</Folder>"


def _view(shot: Shot, place: np.ndarray, frame: int) -> str:
    lon, lat, up = place.tolist()
    heading = float(np.degrees(shot.pan[frame])) % 360.0
    tilt = 90.0 + float(np.degrees(shot.tilt[frame]))
    across = float(np.degrees(shot.lens.horizontal))
    return (
        f"<Camera><gx:horizFov>{across:.4f}</gx:horizFov>"
        f"<longitude>{lon:.9f}</longitude><latitude>{lat:.9f}</latitude><altitude>{up:.3f}</altitude>"
        f"<heading>{heading:.4f}</heading><tilt>{tilt:.4f}</tilt><roll>0</roll>"
        "<altitudeMode>absolute</altitudeMode></Camera>"
    )


def _areas(clip: Clip, globe: Globe) -> Iterator[str]:
    found = areas(clip.run, clip.scenario)
    if not found:
        return
    yield "<Folder><name>landing areas</name>"
    for area in found:
        ring = " ".join(f"{lon:.9f},{lat:.9f},0" for lon, lat, _ in _coordinates(_rim(area), globe).tolist())
        yield f"<Placemark><name>{_text(area.name)}</name><styleUrl>#area</styleUrl>"
        yield f"<Polygon><outerBoundaryIs><LinearRing><coordinates>{ring}</coordinates></LinearRing>"
        yield "</outerBoundaryIs></Polygon></Placemark>"
    yield "</Folder>"


def _rim(area: Circle) -> np.ndarray:
    """Return a closed ring around an area, counter-clockwise, `(n, 3)` [m]."""
    around = np.linspace(0.0, 2.0 * np.pi, _RIM + 1)
    ring = np.stack([np.cos(around), np.sin(around), np.zeros(_RIM + 1)], axis=1)
    return np.array([area.east, area.north, 0.0]) + area.radius * ring
