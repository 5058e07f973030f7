"""Elevation models: a raster of heights, read so that nothing in it is taken for what it is not."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from precipice.errors import RuleError, quote
from precipice.world.survey.crs import UNITS, LocalFrame, Reference, read_reference

NO_DATA = (-9999.0, -32767.0, -32768.0, -99999.0)
"""Heights that mean "none" in files that do not say so [-]."""
LOWEST, HIGHEST = -500.0, 9000.0
"""Ground that there can be [m]."""
LARGEST = 40_000_000
"""Posts that are read at once."""


@dataclass(frozen=True)
class Dem:
    """Heights at posts, and how to look between them.

    Attributes:
        name: Of the file.
        posts: Heights, NaN where there are none, rows north to south as stored, `(rows, columns)` [m].
        transform: From column, row and 1, counted from the first post's own place, to x and y, `(2, 3)`.
        reference: What x and y mean.
        datum: Vertical datum of the heights, in words.
        unit: Key of `UNITS` in which they were stored.
        spacing: Between posts on the ground, the wider way [m].
        undeclared: Posts that hold a well-known "no data" number which the file does not declare.
    """

    name: str
    posts: np.ndarray
    transform: np.ndarray
    reference: Reference
    datum: str
    unit: str
    spacing: float
    undeclared: int

    def altitude(self, longitude: np.ndarray, latitude: np.ndarray) -> np.ndarray:
        """Return the height between the four posts around places, NaN next to a hole, `(...)` [m].

        Args:
            longitude: WGS84, `(...)` [deg].
            latitude: WGS84, `(...)` [deg].
        """
        column, row = _index(self.transform, *self.reference.from_wgs84(longitude, latitude))
        return interpolate(self.posts, np.asarray(row), np.asarray(column))

    def places(self, frame: LocalFrame) -> np.ndarray:
        """Return every post in a local frame, NaN height where there is none, `(rows, columns, 3)` [m]."""
        rows, columns = np.indices(self.posts.shape)
        x, y = _place(self.transform, columns, rows)
        longitude, latitude = self.reference.to_wgs84(x, y)
        height = np.where(np.isfinite(self.posts), self.posts, 0.0)
        found = frame.from_geodetic(longitude, latitude, height)
        found[..., 2] = np.where(np.isfinite(self.posts), found[..., 2], np.nan)
        return found

    def up(self, frame: LocalFrame, east: np.ndarray, north: np.ndarray) -> np.ndarray:
        """Return the ground's height over the map of a local frame, NaN where unknown, `(...)` [m].

        Args:
            frame: Whose axes they are.
            east: `(...)` [m].
            north: `(...)` [m].
        """
        east, north = np.broadcast_arrays(np.asarray(east, float), np.asarray(north, float))
        up = np.zeros(east.shape)
        # The ellipsoid's normal leans against the local vertical by half a metre for each kilometre up, 3 km
        # away. Each round settles the place on the map to a thousandth of what the one before left.
        for _ in range(4):
            at = np.stack([east, north, np.where(np.isfinite(up), up, 0.0)], axis=-1)
            longitude, latitude, _ = frame.to_geodetic(at)
            altitude = self.altitude(longitude, latitude)
            found = frame.from_geodetic(longitude, latitude, np.where(np.isfinite(altitude), altitude, 0.0))
            up = np.where(np.isfinite(altitude), found[..., 2], np.nan)
        return up


def _place(transform: np.ndarray, column: Any, row: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return x and y of columns and rows."""
    (a, b, c), (d, e, f) = transform
    return a * column + b * row + c, d * column + e * row + f


def _index(transform: np.ndarray, x: Any, y: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return columns and rows of x and y."""
    (a, b, c), (d, e, f) = transform
    x, y = np.asarray(x) - c, np.asarray(y) - f
    return (e * x - b * y) / (a * e - b * d), (a * y - d * x) / (a * e - b * d)


def _moved(transform: np.ndarray, columns: float, rows: float) -> np.ndarray:
    """Return a transform whose first post is another one."""
    first = transform[:, :2] @ np.array([columns, rows]) + transform[:, 2]
    return np.column_stack([transform[:, :2], first])


def interpolate(posts: np.ndarray, row: np.ndarray, column: np.ndarray) -> np.ndarray:
    """Return bilinear heights at fractional rows and columns, NaN outside or beside a hole, `(...)`.

    Args:
        posts: `(rows, columns)`.
        row: `(...)`, 0 at the first post.
        column: `(...)`.
    """
    rows, columns = posts.shape
    # Rounding to a millionth of a post: a place that is meant to be a post is that post, even at the border.
    row, column = np.round(row, 6), np.round(column, 6)
    outside = (row < 0.0) | (row > rows - 1) | (column < 0.0) | (column > columns - 1)
    outside |= ~(np.isfinite(row) & np.isfinite(column))
    row, column = np.where(outside, 0.0, row), np.where(outside, 0.0, column)
    i = np.minimum(row.astype(int), max(rows - 2, 0))
    j = np.minimum(column.astype(int), max(columns - 2, 0))
    y, x = row - i, column - j
    total = np.zeros(row.shape)
    for a, b in ((0, 0), (0, 1), (1, 0), (1, 1)):
        weight = (y if a else 1.0 - y) * (x if b else 1.0 - x)
        height = posts[np.minimum(i + a, rows - 1), np.minimum(j + b, columns - 1)]
        # A post without any weight is not asked: a hole beside a post leaves that post what it is.
        total = total + np.where(weight > 0.0, weight * height, 0.0)
    return np.where(outside, np.nan, total)


def read_dem(
    path: Path,
    crs: str | None = None,
    unit: str | None = None,
    datum: str | None = None,
    shift: float = 0.0,
    around: tuple[float, float, float] | None = None,
) -> Dem:
    """Return an elevation model.

    Args:
        path: A GeoTIFF, or any other raster that GDAL reads.
        crs: What its coordinates mean, for a file that does not say.
        unit: Key of `UNITS`, for a file that does not say.
        datum: Vertical datum, for a file that does not say.
        shift: Added to its heights, to bring them to the site's datum [m].
        around: Longitude, latitude [deg] and radius [m] of what is wanted; all of it when None.

    Raises:
        RuleError: When the file cannot be read or does not say enough.
    """
    import rasterio
    from rasterio.errors import NotGeoreferencedWarning, RasterioError

    if not path.is_file():
        remedy = "write its path relative to the scenario file; docs/site.md says where to get one"
        raise RuleError("must be a file", f"{quote(str(path))}, which is missing", remedy, "dem")
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(path) as raster:
                return _read(raster, path, crs, unit, datum, shift, around)
    except RasterioError as error:
        reason = quote(str(error).splitlines()[0] if str(error) else "unreadable", 80)
        remedy = "save it as a GeoTIFF, such as with gdal_translate"
        raise RuleError("must be an elevation model", f"{path.name} ({reason})", remedy, "dem") from None


def _read(
    raster: Any,
    path: Path,
    crs: str | None,
    unit: str | None,
    datum: str | None,
    shift: float,
    around: tuple[float, float, float] | None,
) -> Dem:
    from rasterio.windows import Window

    if raster.count != 1:
        remedy = "extract the heights: gdal_translate -b 1"
        raise RuleError("must have one band, of heights", f"{path.name} with {raster.count}", remedy, "dem")
    reference = _reference(raster, path.name, crs)
    known = _one(reference.unit, unit, "unit of its heights", path.name, "unit", 'write unit = "m"')
    datum = _one(reference.datum, datum, "vertical datum", path.name, "vertical_datum", "", needed=False)
    # GDAL's transform counts from the first pixel's corner, whichever way the file says so itself; heights
    # belong to the pixels' middles.
    whole = _moved(np.array(raster.transform[:6]).reshape(2, 3), 0.5, 0.5)
    window = _window(whole, raster, reference, around, path.name)
    part: Any = Window(*window)  # pyright: ignore[reportCallIssue]
    heights = raster.read(1, window=part, masked=True)
    posts = np.where(np.ma.getmaskarray(heights), np.nan, heights.data.astype(float))
    undeclared = np.isin(posts, NO_DATA)
    posts[undeclared] = np.nan
    posts = (posts * raster.scales[0] + raster.offsets[0]) * UNITS[known] + shift
    _refuse_impossible(posts, path.name, known)
    transform = _moved(whole, float(window[0]), float(window[1]))
    spacing = _spacing(transform, posts.shape, reference, path.name)
    return Dem(path.name, posts, transform, reference, datum, known, spacing, int(undeclared.sum()))


def _reference(raster: Any, name: str, crs: str | None) -> Reference:
    if raster.crs is None and crs is None:
        rule = "must say what its coordinates mean"
        remedy = 'write such as crs = "EPSG:25833"; who made the file knows'
        raise RuleError(rule, f"{name} without a coordinate reference system", remedy, "dem")
    written = None if crs is None else read_reference(crs, raster.units[0])
    if raster.crs is None:
        assert written is not None
        return written
    own = read_reference(raster.crs.to_wkt(version="WKT2_2019"), raster.units[0])
    if written is None:
        return own
    if not written.horizontal.equals(own.horizontal, ignore_axis_order=True):
        remedy = "remove crs, or correct the file (gdal_edit -a_srs)"
        raise RuleError(f"must be what {name} says, {own.name}", written.name, remedy, "crs")
    if own.unit and written.unit and own.unit != written.unit:
        remedy = "find out which is true, and correct one of them"
        raise RuleError(f"must have heights in {own.unit} as {name} says", written.unit, remedy, "crs")
    return written if not own.datum else own


def _one(
    own: str, written: str | None, noun: str, file: str, within: str, remedy: str, *, needed: bool = True
) -> str:
    """Return what the file or the scenario says; both must agree."""
    if own and written and _plain(own) != _plain(written):
        rule = f"must be what {file} says, {own}"
        raise RuleError(rule, f'"{written}"', "remove it, or correct the file", within)
    if not (own or written) and needed:
        value = f"{file}, which does not say it"
        raise RuleError(f"must say the {noun}", value, f"{remedy} (or ft, US-ft): who made it knows", "dem")
    return own or written or ""


def _plain(name: str) -> str:
    return name.lower().replace(" height", "").strip()


def _window(
    transform: np.ndarray,
    raster: Any,
    reference: Reference,
    around: tuple[float, float, float] | None,
    name: str,
) -> tuple[int, int, int, int]:
    """Return column, row, width and height of what is wanted."""
    if around is None:
        window = (0, 0, raster.width, raster.height)
    else:
        longitude, latitude, radius = around
        angles = np.linspace(0.0, 2.0 * np.pi, 33)
        frame = LocalFrame(np.radians(latitude), np.radians(longitude), 0.0)
        rim = np.stack([radius * np.sin(angles), radius * np.cos(angles), 0.0 * angles], axis=-1)
        columns, rows = _index(transform, *reference.from_wgs84(*frame.to_geodetic(rim)[:2]))
        if not np.all(np.isfinite(columns) & np.isfinite(rows)):
            columns, rows = np.full(1, -9.0), np.full(1, -9.0)
        low = np.maximum(np.floor([np.min(columns), np.min(rows)]).astype(int) - 2, 0)
        high = np.minimum(
            np.ceil([np.max(columns), np.max(rows)]).astype(int) + 3, [raster.width, raster.height]
        )
        if np.any(high - low < 2):
            place = f"{latitude:.5f} deg, {longitude:.5f} deg"
            remedy = "take the file that holds it, or correct site.latitude and site.longitude"
            raise RuleError(f"must hold the site, {place}", f"{name}, which lies elsewhere", remedy, "dem")
        window = (int(low[0]), int(low[1]), int(high[0] - low[0]), int(high[1] - low[1]))
    if window[2] * window[3] > LARGEST:
        remedy = "write a smaller radius, or a coarser file (gdal_translate -tr)"
        raise RuleError(f"must have at most {LARGEST} posts", str(window[2] * window[3]), remedy, "radius")
    return window


def _refuse_impossible(posts: np.ndarray, name: str, unit: str) -> None:
    if not np.any(np.isfinite(posts)):
        raise RuleError("must have heights", f"{name} without any here", "take another file", "dem")
    low, high = float(np.nanmin(posts)), float(np.nanmax(posts))
    if low < LOWEST or high > HIGHEST:
        rule = f"must have heights between {LOWEST:.0f} m and {HIGHEST:.0f} m"
        remedy = f"declare its no-data number (gdal_edit -a_nodata), or correct the unit, {unit}"
        raise RuleError(rule, f"{low:.0f} m to {high:.0f} m in {name}", remedy, "dem")


def _spacing(transform: np.ndarray, shape: tuple[int, ...], reference: Reference, name: str) -> float:
    """Return the distance between neighbouring posts on the ground, the wider way [m]."""
    row, column = shape[0] // 2, shape[1] // 2
    x, y = _place(transform, column + np.array([0, 1, 0]), row + np.array([0, 0, 1]))
    longitude, latitude = reference.to_wgs84(x, y)
    if not np.all((np.abs(latitude) < 90.0) & (np.abs(longitude) <= 360.0)):
        value = f"{name}, whose coordinates do not fit {reference.name}"
        raise RuleError("must lie on the map", value, "correct its reference system or crs", "dem")
    frame = LocalFrame(np.radians(latitude[0]), np.radians(longitude[0]), 0.0)
    at = frame.from_geodetic(longitude, latitude, np.zeros(3))
    return float(np.max(np.linalg.norm(at[1:] - at[0], axis=1)))
