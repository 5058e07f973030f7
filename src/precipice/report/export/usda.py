"""Universal Scene Description as text: bodies, cameras, rock; metres, y up, one time code for each frame."""

import json
import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from precipice.report.export.camera import Shot
from precipice.report.export.clip import Clip
from precipice.report.export.ground import Surface
from precipice.report.export.moving import Moving
from precipice.report.export.rotation import continuous, quaternion_y_up, y_up
from precipice.report.export.shape import Colour, mesh_of

TENTHS = 10.0
"""USD counts focal length and apertures in tenths of a scene unit: 50 mm on a stage in metres is 0.5.

Source: UsdGeomCamera.
"""


def usda_lines(clip: Clip, ground: list[Surface], told: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of a USDA file.

    Args:
        clip: Bodies and cameras, frame by frame.
        ground: Surfaces that do not move.
        told: See `told.tell`; goes into the layer's custom data.
    """
    names = Names()
    yield from _head(clip, told)
    yield 'def Xform "stunt"'
    yield "{"
    for surface in ground:
        yield from _mesh(names(surface.name), surface.points, surface.triangles, surface.colour, "    ")
    for body in clip.bodies:
        yield from _body(names(body.title), body, clip.frames)
    for shot in clip.cameras:
        yield from _camera(names(shot.name), shot, clip.frames)
    yield "}"


class Names:
    """Makes names that USD takes out of any text, each once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def __call__(self, text: str) -> str:
        """Return a name for a text: letters, digits, underscores, not beginning with a digit."""
        plain = re.sub(r"[^A-Za-z0-9_]+", "_", text).strip("_") or "unnamed"
        plain = f"_{plain}" if plain[0].isdigit() else plain
        name, number = plain, 2
        while name in self._taken:
            name, number = f"{plain}_{number}", number + 1
        self._taken.add(name)
        return name


def _head(clip: Clip, told: dict[str, Any]) -> Iterator[str]:
    rate, first, last = float(clip.rate), clip.frames[0], clip.frames[-1]
    axes = "x east, y up, z south, from the origin; bodies have x forward, y up, z right"
    yield "#usda 1.0"
    yield "("
    yield '    defaultPrim = "stunt"'
    yield "    doc = " + _text(f"{told['title']}. {axes}. {told['note']}")
    yield "    customLayerData = {"
    yield "        string precipice = " + _text(json.dumps(told, ensure_ascii=False, allow_nan=False))
    yield "    }"
    yield "    metersPerUnit = 1"
    yield '    upAxis = "Y"'
    yield f"    timeCodesPerSecond = {rate!r}"
    yield f"    framesPerSecond = {rate!r}"
    yield f"    startTimeCode = {first}"
    yield f"    endTimeCode = {last}"
    yield ")"
    yield ""


def _text(text: str) -> str:
    """Return a text between quotes on one line."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _tuples(values: np.ndarray, form: str) -> str:
    return "[" + ", ".join(f"({', '.join(form % x for x in row)})" for row in values.tolist()) + "]"


def _mesh(name: str, points: np.ndarray, triangles: np.ndarray, colour: Colour, indent: str) -> Iterator[str]:
    yield f'{indent}def Mesh "{name}"'
    yield indent + "{"
    inner = indent + "    "
    places = y_up(points)
    yield f"{inner}uniform bool doubleSided = 1"
    yield f"{inner}float3[] extent = {_tuples(np.stack([places.min(axis=0), places.max(axis=0)]), '%.4f')}"
    yield f"{inner}int[] faceVertexCounts = [{', '.join(['3'] * len(triangles))}]"
    yield f"{inner}int[] faceVertexIndices = [{', '.join(map(str, triangles.ravel().tolist()))}]"
    yield f"{inner}point3f[] points = {_tuples(places, '%.4f')}"
    yield f"{inner}color3f[] primvars:displayColor = {_tuples(np.array([colour]), '%.3f')}"
    yield f'{inner}uniform token subdivisionScheme = "none"'
    yield indent + "}"


def _samples(name: str, frames: np.ndarray, values: np.ndarray, form: str, indent: str) -> Iterator[str]:
    """Yield an attribute with a tuple of numbers for each frame."""
    yield f"{indent}{name}.timeSamples = {{"
    row = "(" + ", ".join([form] * values.shape[1]) + ")"
    for frame, numbers in zip(frames.tolist(), values.tolist(), strict=True):
        yield f"{indent}    {frame}: {row % tuple(numbers)},"
    yield indent + "}"


def _body(name: str, body: Moving, frames: np.ndarray) -> Iterator[str]:
    inner = "        "
    yield f'    def Xform "{name}"'
    yield "    {"
    if not np.all(body.shown):
        yield f"{inner}token visibility.timeSamples = {{"
        changes = np.flatnonzero(np.concatenate([[True], body.shown[1:] != body.shown[:-1]]))
        for k in changes.tolist():
            yield f'{inner}    {frames[k]}: "{"inherited" if body.shown[k] else "invisible"}",'
        yield inner + "}"
    yield from _samples("double3 xformOp:translate", frames, y_up(body.position), "%.5f", inner)
    yield from _samples("quatf xformOp:orient", frames, quaternion_y_up(body.attitude), "%.7f", inner)
    yield f'{inner}uniform token[] xformOpOrder = ["xformOp:translate", "xformOp:orient"]'
    for k, box in enumerate(body.shape):
        yield from _mesh(f"box_{k + 1}", *mesh_of(box), box.colour, inner)
    yield "    }"


def _camera(name: str, shot: Shot, frames: np.ndarray) -> Iterator[str]:
    inner, lens = "        ", shot.lens
    yield f'    def Camera "{name}" ('
    yield f"        displayName = {_text(shot.name)}"
    yield "    )"
    yield "    {"
    yield f"{inner}float2 clippingRange = (0.1, 100000)"
    yield f"{inner}float focalLength = {TENTHS * lens.focal_length:.7g}"
    yield f"{inner}float horizontalAperture = {TENTHS * lens.width:.7g}"
    yield f"{inner}float verticalAperture = {TENTHS * lens.height:.7g}"
    yield f'{inner}token projection = "perspective"'
    yield f"{inner}float focusDistance.timeSamples = {{"
    for frame, distance in zip(frames.tolist(), shot.distance.tolist(), strict=True):
        yield f"{inner}    {frame}: {distance:.4f},"
    yield inner + "}"
    x, y, z = y_up(shot.position).tolist()
    yield f"{inner}double3 xformOp:translate = ({x:.5f}, {y:.5f}, {z:.5f})"
    attitude = continuous(shot.quaternions_y_up())
    yield from _samples("quatf xformOp:orient", frames, attitude, "%.7f", inner)
    yield f'{inner}uniform token[] xformOpOrder = ["xformOp:translate", "xformOp:orient"]'
    yield "    }"
