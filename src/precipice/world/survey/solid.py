"""The rock itself, before it is sampled: a height field with steps, and closed meshes in it."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from precipice.world.survey.mesh import Mesh


@dataclass(frozen=True)
class Sheet:
    """Heights on a level grid, and which of its squares count.

    Attributes:
        corner: East and north of its first node, `(2,)` [m].
        step: Between nodes [m].
        up: Height of each node, `(nx, ny)` [m].
    """

    corner: np.ndarray
    step: float
    up: np.ndarray

    def holds(self, place: np.ndarray) -> np.ndarray:
        """Return whether places lie over it, `(n,)`, from `(n, 2)` [m]."""
        scaled = (place - self.corner) / self.step
        return np.all((scaled >= 0.0) & (scaled <= np.array(self.up.shape) - 1.0), axis=1)

    def height(self, place: np.ndarray) -> np.ndarray:
        """Return the height of its triangles at places over it, `(n,)` [m]."""
        scaled = (place - self.corner) / self.step
        low = np.clip(np.floor(scaled).astype(int), 0, np.array(self.up.shape) - 2)
        x, y = (scaled - low).T
        i, j = low.T
        a, b, c, d = self.up[i, j], self.up[i + 1, j], self.up[i + 1, j + 1], self.up[i, j + 1]
        return np.where(x >= y, a + x * (b - a) + y * (c - b), a + y * (d - a) + x * (c - d))

    def triangles(self, finer: list["Sheet"]) -> tuple[np.ndarray, np.ndarray]:
        """Return vertices `(n, 3)` and triangles `(m, 3)` of the squares that no finer sheet covers."""
        nx, ny = self.up.shape
        east, north = (self.corner[k] + self.step * np.arange(n) for k, n in enumerate((nx, ny)))
        vertices = np.stack([*np.meshgrid(east, north, indexing="ij"), self.up], axis=-1).reshape(-1, 3)
        node = np.arange(nx * ny).reshape(nx, ny)
        a, b, c, d = (part.ravel() for part in (node[:-1, :-1], node[1:, :-1], node[1:, 1:], node[:-1, 1:]))
        covered = np.zeros(len(a), bool)
        for sheet in finer:
            # A square counts unless all of it lies over the finer sheet: no gap between the two.
            covered |= sheet.holds(vertices[a, :2]) & sheet.holds(vertices[c, :2])
        kept = ~covered
        pairs = [np.stack([a, b, c], axis=1)[kept], np.stack([a, c, d], axis=1)[kept]]
        return vertices, np.concatenate(pairs).astype(np.int64)


@dataclass(frozen=True)
class Footprint:
    """Where on the map only a mesh speaks, down to its lowest point.

    Attributes:
        corner: Of the first square, `(2,)` [m].
        step: Edge of a square [m].
        mask: `(nx, ny)`.
        low: The mesh's lowest point [m].
    """

    corner: np.ndarray
    step: float
    mask: np.ndarray
    low: float

    def holds(self, place: np.ndarray) -> np.ndarray:
        """Return whether places lie in it, `(...)`, from `(..., 2)` [m]."""
        index = np.floor((place - self.corner) / self.step).astype(int)
        inside = np.all((index >= 0) & (index < np.array(self.mask.shape)), axis=-1)
        index = np.where(inside[..., None], index, 0)
        return inside & self.mask[index[..., 0], index[..., 1]]


def footprint(mesh: Mesh, outward: np.ndarray, step: float) -> Footprint:
    """Return where on the map a mesh speaks alone: under and over itself, and in front of its face.

    An elevation model smears a wall over its posts, out in front of where the scan has it. There the
    smear must go, or it would bury the face.

    Args:
        mesh: In the local frame.
        outward: Unit vector on the map out from the face, `(2,)`.
        step: Edge of a square [m].
    """
    from rasterio.features import rasterize
    from rasterio.transform import Affine
    from scipy.ndimage import binary_fill_holes

    step = max(step, float(np.max(mesh.high - mesh.low)) / 2000.0)
    pad = mesh.clear + 2.0 * step
    corner = mesh.low[:2] - pad
    shape = np.ceil((mesh.high[:2] + pad - corner) / step).astype(int)
    corners = mesh.vertices[mesh.faces][:, :, :2]
    one, two = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    crosses = one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0]
    # Upright triangles cast no shadow; the rest of a closed mesh covers all of it twice.
    shapes = [
        {"type": "Polygon", "coordinates": [[*map(tuple, part), tuple(part[0])]]}
        for part in corners[crosses > 1e-12 * step**2]
    ]
    # Rows of the raster run along east here: first axis x, as everywhere in this package.
    transform = Affine(0.0, step, corner[0], step, 0.0, corner[1])
    shadow: Any = rasterize(shapes, out_shape=tuple(shape), transform=transform, all_touched=True)
    mask = np.asarray(binary_fill_holes(shadow > 0))
    reached = mask.copy()
    for way in np.arange(step, mesh.clear + step, step):
        move = np.round(min(way, mesh.clear) * outward / step).astype(int)
        reached |= np.roll(mask, tuple(move), axis=(0, 1))
    return Footprint(corner, step, reached, float(mesh.low[2]))


@dataclass(frozen=True)
class Solid:
    """All rock of a site.

    Attributes:
        sheets: Finest first; the finest that holds a place gives its height.
        meshes: Closed meshes.
        footprints: Of each mesh.
    """

    sheets: list[Sheet]
    meshes: list[Mesh] = field(default_factory=list)
    footprints: list[Footprint] = field(default_factory=list)

    @cached_property
    def _ground(self) -> tuple[Any, np.ndarray, np.ndarray]:
        vertices, faces, count = [], [], 0
        for k, sheet in enumerate(self.sheets):
            points, triangles = sheet.triangles(self.sheets[:k])
            vertices.append(points)
            faces.append(triangles + count)
            count += len(points)
        return _tree(np.concatenate(vertices), np.concatenate(faces))

    @cached_property
    def _scans(self) -> list[tuple[Any, np.ndarray, np.ndarray]]:
        return [_tree(mesh.vertices, mesh.faces) for mesh in self.meshes]

    def height(self, place: np.ndarray) -> np.ndarray:
        """Return the height of the ground over the map, cut away where a mesh speaks, `(n,)` [m].

        Args:
            place: East and north, `(n, 2)` [m].
        """
        last = self.sheets[-1]
        low, high = last.corner, last.corner + last.step * (np.array(last.up.shape) - 1.0)
        place = np.clip(place, low, high)
        found = np.full(len(place), np.nan)
        for sheet in self.sheets:
            todo = np.isnan(found) & sheet.holds(place)
            found[todo] = sheet.height(place[todo])
        return found

    def distance(self, points: np.ndarray) -> np.ndarray:
        """Return the exact signed distance to the triangles, `(n,)` [m], negative in rock.

        Where both speak the smaller counts: exact in air, and in rock never deeper than it is.

        Args:
            points: East-north-up, `(n, 3)` [m].
        """
        import igl

        points = np.ascontiguousarray(points, float)
        tree, vertices, faces = self._ground
        squared = tree.squared_distance(vertices, faces, points)[0]
        sign = np.where(points[:, 2] >= self.height(points[:, :2]), 1.0, -1.0)
        found = sign * np.sqrt(squared)
        for mesh, (tree, vertices, faces) in zip(self.meshes, self._scans, strict=True):
            away = np.maximum(np.maximum(mesh.low - points, points - mesh.high), 0.0)
            near = np.linalg.norm(away, axis=1) < np.maximum(found, 0.0) + 1e-9
            if not np.any(near):
                continue
            part = np.ascontiguousarray(points[near])
            scan = np.sqrt(tree.squared_distance(vertices, faces, part)[0])
            winding = np.asarray(igl.fast_winding_number(vertices, faces, part))
            found[near] = np.minimum(found[near], np.where(winding > 0.5, -scan, scan))
        return found


def _tree(vertices: np.ndarray, faces: np.ndarray) -> tuple[Any, np.ndarray, np.ndarray]:
    import igl

    vertices, faces = np.ascontiguousarray(vertices, float), np.ascontiguousarray(faces, np.int64)
    tree = igl.AABB()
    tree.init(vertices, faces)
    return tree, vertices, faces
