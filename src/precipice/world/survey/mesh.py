"""Scanned faces: closed triangle meshes of rock, read, placed and checked."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from precipice.errors import RuleError, quote
from precipice.world.survey.crs import UNITS, LocalFrame, read_reference

COARSEST_STEP = 0.01
"""Step between stored coordinates that is fine enough for a face [m]."""


@dataclass(frozen=True)
class Mesh:
    """Rock as a closed surface whose triangles face outwards.

    Attributes:
        name: Of the file.
        vertices: East-north-up, `(n, 3)` [m].
        faces: Counter-clockwise seen from the air, `(m, 3)`.
        clear: How far in front of it nothing but it speaks [m].
    """

    name: str
    vertices: np.ndarray
    faces: np.ndarray
    clear: float

    @property
    def low(self) -> np.ndarray:
        """Lower corner of the box that holds it, `(3,)` [m]."""
        return self.vertices.min(axis=0)

    @property
    def high(self) -> np.ndarray:
        """Upper corner of the box that holds it, `(3,)` [m]."""
        return self.vertices.max(axis=0)

    @property
    def edge(self) -> float:
        """Median length of its triangles' edges [m]."""
        corners = self.vertices[self.faces]
        return float(np.median(np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2)))


def read_mesh(
    path: Path,
    frame: LocalFrame,
    *,
    crs: str | None = None,
    offset: tuple[float, float, float] = (0.0, 0.0, 0.0),
    axes: str = "z-up",
    unit: str = "m",
    clear: float = 0.0,
) -> Mesh:
    """Return a mesh in the local frame.

    Args:
        path: Of an OBJ, PLY or GLB file.
        frame: Of the scenario.
        crs: What x and y mean; None: metres east and north of the frame's origin, and up from it.
        offset: Added to the coordinates as stored, after turning the axes: what the export took away.
        axes: "z-up" or "y-up".
        unit: Key of `UNITS`: of all coordinates without a crs, of heights with one.
        clear: See `Mesh`.

    Raises:
        RuleError: When it cannot be read, is open, or is inside out.
    """
    mesh = _load(path)
    vertices, faces = np.asarray(mesh.vertices, float), np.asarray(mesh.faces, np.int64)
    _refuse_open(mesh, path.name)
    _refuse_coarse(vertices, path.name)
    if axes == "y-up":
        vertices = np.stack([vertices[:, 0], -vertices[:, 2], vertices[:, 1]], axis=1)
    vertices = vertices + np.asarray(offset, float)
    if crs is None:
        placed = vertices * UNITS[unit]
    else:
        reference = read_reference(crs)
        longitude, latitude = reference.to_wgs84(vertices[:, 0], vertices[:, 1])
        placed = frame.from_geodetic(longitude, latitude, vertices[:, 2] * UNITS[unit])
    if not np.all(np.isfinite(placed)):
        remedy = "correct crs and offset: they do not fit its coordinates"
        raise RuleError("must lie on the map", f"{path.name} outside of {crs}", remedy)
    return Mesh(path.name, placed, faces, clear)


def _load(path: Path) -> Any:
    import trimesh

    if not path.is_file():
        remedy = "write its path relative to the scenario file"
        raise RuleError("must be a file", f"{quote(str(path))}, which is missing", remedy)
    try:
        mesh: Any = trimesh.load_mesh(path, process=False)
    except Exception as error:  # noqa: BLE001 - whatever a reader of foreign files raises
        reason = quote(str(error).splitlines()[0] if str(error) else type(error).__name__, 80)
        remedy = "export it as PLY, OBJ or GLB"
        raise RuleError("must be a triangle mesh", f"{path.name} ({reason})", remedy) from None
    if not len(getattr(mesh, "faces", ())):
        remedy = "export the surface, not the points"
        raise RuleError("must be a triangle mesh", f"{path.name} without triangles", remedy)
    # Exports repeat a vertex for each normal or colour: as one place it is one vertex.
    mesh.merge_vertices(merge_tex=True, merge_norm=True)
    mesh.update_faces(mesh.nondegenerate_faces())
    return mesh


def _refuse_open(mesh: Any, name: str) -> None:
    edges = np.sort(mesh.edges, axis=1)
    counts = np.unique(edges, axis=0, return_counts=True)[1]
    open_edges = int(np.count_nonzero(counts == 1))
    if open_edges or not mesh.is_watertight:
        count = open_edges or int(np.count_nonzero(counts != 2))
        remedy = (
            "close it into a solid of rock: add a skirt down from its border and a bottom, then fill holes"
        )
        raise RuleError("must be closed", f"{name} with {count} open or crowded edges", remedy)
    if not mesh.is_winding_consistent:
        remedy = "recalculate its normals so that all face outwards"
        raise RuleError("must have triangles that face one way", f"{name}, where some face in", remedy)
    if mesh.volume <= 0.0:
        remedy = "flip its normals: triangles must be counter-clockwise seen from the air"
        raise RuleError("must have its triangles facing the air", f"{name}, which is inside out", remedy)


def _refuse_coarse(vertices: np.ndarray, name: str) -> None:
    """Refuse coordinates that single precision has rounded: at a UTM northing, to half a metre."""
    largest = float(np.max(np.abs(vertices)))
    step = float(np.spacing(np.float32(largest)))
    if step > COARSEST_STEP and np.array_equal(vertices, vertices.astype(np.float32)):
        remedy = "export it with an offset near the site, and write that offset here"
        rule = f"must have coordinates finer than {COARSEST_STEP} m"
        raise RuleError(rule, f"{name} in single precision, in steps of {step:g}", remedy)
