"""From rock to what a run is given: nested boxes of signed distances, columns, and how well they fit."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from precipice.world.survey.band import band_distances
from precipice.world.survey.dem import Dem
from precipice.world.survey.solid import Solid

COUNT = (96, 96, 80)
"""Samples of a box along east, north and up."""
LIP_BOXES = 4
"""Boxes that nest around the lip and what lies below it; one more holds the landing area, one everything."""
CHECKED = 4000
"""Places near rock in each box, and far from it in the air, at which samples are compared with the rock."""
TOGETHER = 32
"""Columns that are marched at once."""


@dataclass(frozen=True)
class Box:
    """One box of samples: `corner` `(3,)` [m], and the edge of a `cell` [m]."""

    corner: np.ndarray
    cell: float

    @property
    def high(self) -> np.ndarray:
        """Upper corner, `(3,)` [m]."""
        return self.corner + self.cell * (np.array(COUNT) - 1.0)

    def nodes(self) -> np.ndarray:
        """Return the places of all samples, `(nx, ny, nz, 3)` [m]."""
        axes = [self.corner[k] + self.cell * np.arange(n) for k, n in enumerate(COUNT)]
        return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)

    def columns(self) -> np.ndarray:
        """Return the places of its columns, twice as fine as its samples, `(mx, my, 2)` [m]."""
        axes = [self.corner[k] + 0.5 * self.cell * np.arange(2 * COUNT[k] - 1) for k in range(2)]
        return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)


@dataclass(frozen=True)
class Field:
    """Sampled rock, heights counted from the ground at the site's origin.

    Attributes:
        boxes: Corner and cell of each box, finest first, `(levels, 4)` [m].
        values: Signed distances, `(levels, nx, ny, nz)` [m].
        columns: Top of the rock, ground under an overhang, distance to where the data end,
            `(levels, 2 nx - 1, 2 ny - 1, 3)` [m].
        facts: What a person should know of it, plain numbers and words.
    """

    boxes: np.ndarray
    values: np.ndarray
    columns: np.ndarray
    facts: dict[str, Any]


def lay_boxes(
    low: np.ndarray, high: np.ndarray, cell: float, outward: np.ndarray, landing: np.ndarray | None
) -> list[Box]:
    """Return nested boxes, finest first.

    Args:
        low: Lower corner of all that is kept, `(3,)` [m].
        high: Upper corner, `(3,)` [m].
        cell: Edge of the finest cells [m].
        outward: Unit vector on the map out from the face, `(2,)`.
        landing: The landing area's middle, `(3,)` [m].
    """
    spans = np.array(COUNT) - 1.0
    coarsest = max(float(np.max((high - low) / spans)), cell)
    middle = 0.5 * (low + high)
    boxes = [Box(middle - 0.5 * coarsest * spans, coarsest)]
    fine = np.geomspace(cell, coarsest, LIP_BOXES + 1)[:-1]
    # Two thirds of a box lie out from the lip, and below it: that is where the stunt goes.
    ahead = np.array([*(0.3 * outward), -0.25])
    boxes += [Box((ahead - 0.5) * edge * spans, float(edge)) for edge in fine]
    if landing is None:
        landing = middle
    edge = float(np.sqrt(cell * coarsest)) if coarsest > 2.0 * cell else coarsest
    boxes.append(Box(landing - np.array([0.5, 0.5, 0.25]) * edge * spans, edge))
    return sorted(boxes, key=lambda box: box.cell)


def sample_field(solid: Solid, boxes: list[Box], dem: Dem, places: np.ndarray) -> Field:
    """Return the sampled rock with its checks.

    Args:
        solid: The rock.
        boxes: Finest first.
        dem: For its spacing.
        places: Of its posts, NaN height for a hole, `(rows, columns, 3)` [m].
    """
    values = np.stack([_samples(solid, box) for box in boxes]).astype(np.float32)
    corners = np.stack([np.append(box.corner, box.cell) for box in boxes])
    reach = _Reach(places, dem.spacing, solid)
    columns = np.stack([_columns(solid, box, reach) for box in boxes]).astype(np.float32)
    if solid.meshes:
        _find_overhangs(solid, boxes, corners, values, columns)
    checks = [_check(solid, corners, values, k, box) for k, box in enumerate(boxes)]
    facts = {"cells": [box.cell for box in boxes], "errors": checks}
    return Field(corners, values, columns, facts)


def _samples(solid: Solid, box: Box) -> np.ndarray:
    """Return what the spline of `NestedGrid` is given so that edges stay sharp, `(nx, ny, nz)` [m].

    The spline averages over neighbours: samples less an eighth of their second differences make it exact
    for quadratic fields, and halve what it takes off a convex edge.
    Source: quasi-interpolation by quadratic B-splines, de Boor 1978, ch. XII.
    """
    exact = band_distances(solid.distance, box.corner, box.cell, COUNT)
    sharp = exact.copy()
    for axis in range(3):
        line, out = np.moveaxis(exact, axis, -1), np.moveaxis(sharp, axis, -1)
        out[..., 1:-1] -= (line[..., 2:] - 2.0 * line[..., 1:-1] + line[..., :-2]) / 8.0
    return sharp


class _Reach:
    """Distance on the map to the nearest place without data."""

    def __init__(self, places: np.ndarray, spacing: float, solid: Solid) -> None:
        from scipy.spatial import KDTree

        self._margin = 1.5 * spacing
        self._solid = solid
        up = np.pad(places[..., 2], 1, constant_values=np.nan)
        # A rim of posts that are not there, one step beyond the last ones.
        on_map = np.stack([_extend(places[..., k]) for k in range(2)], axis=-1)
        lost = np.isnan(up)
        for foot in solid.footprints:
            lost &= ~foot.holds(on_map)
        self._known = KDTree(on_map[~np.isnan(up)])
        self._tree = KDTree(on_map[lost])

    def __call__(self, place: np.ndarray) -> np.ndarray:
        """Return it, `(n,)` [m], negative where there is none; a post's cell beside a hole is lost too."""
        away = self._tree.query(place, workers=-1)[0] - self._margin
        beyond = self._known.query(place, workers=-1)[0]
        covered = np.zeros(len(place), bool)
        for foot in self._solid.footprints:
            covered |= foot.holds(place)
        return np.where((beyond > self._margin) & ~covered, -beyond, away)


def _extend(values: np.ndarray) -> np.ndarray:
    """Return an array with one more row and column on each side, extrapolated."""
    return np.pad(values, 1, mode="reflect", reflect_type="odd")


def _columns(solid: Solid, box: Box, reach: _Reach) -> np.ndarray:
    place = box.columns().reshape(-1, 2)
    top = solid.height(place)
    shape = box.columns().shape[:2]
    return np.stack([top, top, reach(place)], axis=-1).reshape(*shape, 3)


def _find_overhangs(
    solid: Solid, boxes: list[Box], corners: np.ndarray, values: np.ndarray, columns: np.ndarray
) -> None:
    """Write top and lower ground of the columns that a mesh speaks for, marched down the samples."""
    import jax
    import jax.numpy as jnp

    from precipice.world.terrain import NestedGrid

    with jax.enable_x64(False):  # noqa: FBT003
        grid = NestedGrid(*(jnp.asarray(x, jnp.float32) for x in (corners[:, :3], corners[:, 3], values)))
        high = max(float(mesh.high[2]) for mesh in solid.meshes) + 2.0
        march = jax.jit(_march_all)
        for k, box in enumerate(boxes):
            place = box.columns().reshape(-1, 2)
            chosen = np.zeros(len(place), bool)
            for foot in solid.footprints:
                chosen |= foot.holds(place)
            if not np.any(chosen):
                continue
            top, ground = march(
                grid, jnp.asarray(place[chosen], jnp.float32), jnp.float32(high), jnp.float32(box.cell)
            )
            flat = columns[k].reshape(-1, 3)
            flat[chosen, 0], flat[chosen, 1] = np.asarray(top), np.asarray(ground)


def _march_all(grid: Any, places: Any, high: Any, cell: Any) -> tuple[Any, Any]:
    """Return what `_march` finds at places, `(n, 2)`, few at a time: all of them wait for their slowest."""
    import jax

    return jax.lax.map(lambda place: _march(grid, place, high, cell), places, batch_size=TOGETHER)


def _march(grid: Any, place: Any, high: Any, cell: Any) -> tuple[Any, Any]:
    """Return the first rock below a height, and the next after the air below that."""
    import jax
    import jax.numpy as jnp

    bottom = grid.origins[-1, 2]

    def down(up: Any, sign: float) -> Any:
        """Go down until the distance times the sign is no longer positive."""

        def away(at: Any) -> Any:
            return sign * grid.distance(jnp.append(place, at))

        def going(state: Any) -> Any:
            at, left = state
            return (left > 0.0) & (at > bottom)

        def step(state: Any) -> Any:
            at, left = state
            at = at - jnp.maximum(left, 0.1 * cell)
            return at, away(at)

        return jax.lax.while_loop(going, step, (up, away(up)))[0]

    top = down(high, 1.0)
    under = down(top - 0.1 * cell, -1.0)
    ground = down(under - 0.1 * cell, 1.0)
    return top, jnp.where(under > bottom, ground, top)


def _check(solid: Solid, corners: np.ndarray, values: np.ndarray, level: int, box: Box) -> dict[str, float]:
    """Return the worst errors of one box against the triangles [m]: too large, and too small near rock.

    Far from rock the samples are filled in; there too they are looked at, in the air.
    """
    import jax
    import jax.numpy as jnp

    from precipice.world.terrain import NestedGrid

    generator = np.random.default_rng(level)
    cells = values[level] / box.cell
    near, far = (_some(part, generator) for part in (np.abs(cells) < 2.0, cells >= 2.0))
    inside = np.clip(np.concatenate([near, far]), 2.0, np.array(COUNT) - 3.0)
    points = box.corner + box.cell * inside
    with jax.enable_x64(False):  # noqa: FBT003
        one = slice(level, level + 1)
        parts = (corners[one, :3], corners[one, 3], values[one])
        grid = NestedGrid(*(jnp.asarray(x, jnp.float32) for x in parts))
        sampled = jax.jit(jax.vmap(grid.distance))(jnp.asarray(points, jnp.float32))
    excess = np.asarray(sampled, float) - solid.distance(points)
    over, under = excess.max(initial=0.0), -excess[: len(near)].min(initial=0.0)
    return {"over": float(over), "under": float(under), "places": len(near)}


def _some(chosen: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Return places in cells about chosen samples, `(CHECKED, 3)` [cells], none where none is chosen."""
    found = np.argwhere(chosen)
    if not len(found):
        return np.zeros((0, 3))
    picked = found[generator.integers(0, len(found), CHECKED)]
    return picked + generator.uniform(-0.5, 0.5, (CHECKED, 3))
