"""glTF 2.0 in one binary file: bodies, cameras, rock, animated; metres, y up, cameras along minus z."""

import json
import struct
from typing import Any

import numpy as np

from precipice.report.export.camera import Shot
from precipice.report.export.clip import Clip
from precipice.report.export.ground import Surface
from precipice.report.export.moving import Moving
from precipice.report.export.rotation import continuous, quaternion_y_up, y_up
from precipice.report.export.shape import Colour, mesh_of

_FLOAT, _UINT = 5126, 5125
_VERTICES, _INDICES = 34962, 34963
NEAR = 0.1
"""Nearest that a camera shows [m]."""
_AXES = (
    "x east, y up, z south, metres, from the origin; bodies have x forward, y up, z right; "
    "times in seconds from the first frame"
)


class Parts:
    """A glTF file as it grows: its JSON, and the bytes that the JSON points into."""

    def __init__(self) -> None:
        self.json: dict[str, list[Any]] = {
            name: []
            for name in ("nodes", "meshes", "materials", "cameras", "accessors", "bufferViews", "animations")
        }
        self.bytes = bytearray()
        self._materials: dict[tuple[Colour, bool], int] = {}

    def add(self, kind: str, item: dict[str, Any]) -> int:
        """Append an item of a kind and return its number."""
        self.json[kind].append(item)
        return len(self.json[kind]) - 1

    def accessor(self, values: np.ndarray, target: int | None = None, bounds: bool = False) -> int:
        """Append numbers, `(n,)` or `(n, k)`, and return the number of their accessor.

        Args:
            values: Whole numbers become unsigned, all others single precision.
            target: What a renderer uses them for.
            bounds: Whether their least and greatest are told, as for places and times.
        """
        whole = values.dtype.kind in "iu"
        stored = np.ascontiguousarray(values, np.uint32 if whole else np.float32)
        view = {"buffer": 0, "byteOffset": len(self.bytes), "byteLength": stored.nbytes}
        self.bytes += stored.tobytes()
        kinds = {1: "SCALAR", 3: "VEC3", 4: "VEC4"}
        told: dict[str, Any] = {
            "bufferView": self.add("bufferViews", view | ({"target": target} if target else {})),
            "componentType": _UINT if whole else _FLOAT,
            "count": len(stored),
            "type": kinds[1 if stored.ndim == 1 else stored.shape[1]],
        }
        if bounds:
            told["min"] = np.atleast_1d(stored.min(axis=0)).astype(float).tolist()
            told["max"] = np.atleast_1d(stored.max(axis=0)).astype(float).tolist()
        return self.add("accessors", told)

    def material(self, colour: Colour, *, two_sided: bool) -> int:
        """Return the number of a dull material of a colour."""
        key = (colour, two_sided)
        if key not in self._materials:
            surface = {"baseColorFactor": [*colour, 1.0], "metallicFactor": 0.0, "roughnessFactor": 0.9}
            made = {"pbrMetallicRoughness": surface, "doubleSided": two_sided}
            self._materials[key] = self.add("materials", made)
        return self._materials[key]

    def primitive(
        self, points: np.ndarray, triangles: np.ndarray, colour: Colour, *, two_sided: bool
    ) -> dict[str, Any]:
        """Return triangles in y-up axes; without normals a reader shades them flat, as glTF asks."""
        return {
            "attributes": {"POSITION": self.accessor(y_up(points), _VERTICES, bounds=True)},
            "indices": self.accessor(triangles.ravel(), _INDICES),
            "material": self.material(colour, two_sided=two_sided),
        }

    def packed(self, told: dict[str, Any], roots: list[int]) -> bytes:
        """Return the whole file.

        Args:
            told: See `told.tell`.
            roots: Nodes of the scene.
        """
        whole = {
            "asset": {"version": "2.0", "generator": told["made_by"], "extras": {"axes": _AXES, **told}},
            "scene": 0,
            "scenes": [{"name": str(told["title"])[:200], "nodes": roots}],
            **{name: items for name, items in self.json.items() if items},
            "buffers": [{"byteLength": len(self.bytes)}],
        }
        text = json.dumps(whole, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 4)
        content = bytes(self.bytes) + b"\0" * (-len(self.bytes) % 4)
        size = 12 + 8 + len(text) + 8 + len(content)
        head = struct.pack("<4sII", b"glTF", 2, size)
        return b"".join(
            [
                head,
                struct.pack("<I4s", len(text), b"JSON"),
                text,
                struct.pack("<I4s", len(content), b"BIN\0"),
                content,
            ]
        )


def glb_bytes(clip: Clip, ground: list[Surface], told: dict[str, Any]) -> bytes:
    """Return a clip as a GLB file.

    Args:
        clip: Bodies and cameras, frame by frame.
        ground: Surfaces that do not move.
        told: See `told.tell`; goes into the file's extras.

    Source: Khronos glTF 2.0, 2021.
    """
    parts = Parts()
    time = parts.accessor(clip.seconds, bounds=True)
    samplers: list[dict[str, Any]] = []
    channels: list[dict[str, Any]] = []

    def animate(node: int, path: str, values: np.ndarray, how: str = "LINEAR") -> None:
        samplers.append({"input": time, "output": parts.accessor(values), "interpolation": how})
        channels.append({"sampler": len(samplers) - 1, "target": {"node": node, "path": path}})

    roots = [_surface(parts, surface) for surface in ground]
    for body in clip.bodies:
        place, attitude = y_up(body.position), quaternion_y_up(body.attitude)
        roots.append(_body(parts, body, place, attitude))
        animate(roots[-1], "translation", place)
        animate(roots[-1], "rotation", _scalar_last(attitude))
        if not np.all(body.shown):
            # glTF hides nothing: what is not there has no size.
            animate(roots[-1], "scale", np.repeat(body.shown[:, None].astype(float), 3, axis=1), "STEP")
    for shot in clip.cameras:
        attitude = continuous(shot.quaternions_y_up())
        roots.append(_camera(parts, shot, attitude))
        animate(roots[-1], "rotation", _scalar_last(attitude))
    parts.add("animations", {"name": "flight", "samplers": samplers, "channels": channels})
    return parts.packed(told, roots)


def _scalar_last(attitude: np.ndarray) -> np.ndarray:
    return np.roll(attitude, -1, axis=1)


def _surface(parts: Parts, surface: Surface) -> int:
    made = parts.primitive(surface.points, surface.triangles, surface.colour, two_sided=True)
    mesh = parts.add("meshes", {"name": surface.name, "primitives": [made]})
    return parts.add("nodes", {"name": surface.name, "mesh": mesh})


def _body(parts: Parts, body: Moving, place: np.ndarray, attitude: np.ndarray) -> int:
    boxes = [parts.primitive(*mesh_of(box), box.colour, two_sided=False) for box in body.shape]
    mesh = parts.add("meshes", {"name": body.title, "primitives": boxes})
    node = {"name": body.title, "mesh": mesh, **_pose(place[0], attitude[0])}
    return parts.add("nodes", node if body.shown[0] else {**node, "scale": [0.0, 0.0, 0.0]})


def _camera(parts: Parts, shot: Shot, attitude: np.ndarray) -> int:
    lens = shot.lens
    view = {"yfov": lens.vertical, "aspectRatio": lens.width / lens.height, "znear": NEAR}
    extras = {
        "focal_length_mm": 1000.0 * lens.focal_length,
        "frame_mm": [1000.0 * lens.width, 1000.0 * lens.height],
        "sensor_mm": [1000.0 * length for length in shot.sensor],
        "aim": shot.aim,
    }
    camera = {"name": shot.name, "type": "perspective", "perspective": view, "extras": extras}
    node = {"name": shot.name, "camera": parts.add("cameras", camera)}
    return parts.add("nodes", {**node, **_pose(y_up(shot.position), attitude[0])})


def _pose(place: np.ndarray, attitude: np.ndarray) -> dict[str, Any]:
    return {"translation": place.tolist(), "rotation": np.roll(attitude, -1).tolist()}
