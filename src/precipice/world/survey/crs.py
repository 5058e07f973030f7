"""Coordinate reference systems: what a file says of its axes, and its way to the local frame."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from precipice.errors import RuleError

METRE, FOOT, SURVEY_FOOT = 1.0, 0.3048, 1200.0 / 3937.0
"""Length units [m]. Source: international foot 1959; US survey foot, 39.37 inch to the metre."""
UNITS = {"m": METRE, "ft": FOOT, "US-ft": SURVEY_FOOT}
_NAMES = {
    "m": ("m", "metre", "metres", "meter", "meters"),
    "ft": ("ft", "foot", "feet", "international foot"),
    "US-ft": ("us-ft", "us survey foot", "us_survey_foot", "foot_us", "ftus", "us_ft", "survey foot"),
}


@dataclass(frozen=True)
class LocalFrame:
    """East-north-up about a place on the WGS84 ellipsoid, float64.

    Heights above sea level stand for heights above the ellipsoid: both ends of a difference are off by
    the geoid's height, which turns no angle by more than the deflection of the vertical.

    Attributes:
        latitude: Of the origin, WGS84 [rad].
        longitude: [rad].
        altitude: [m].
    """

    latitude: float
    longitude: float
    altitude: float

    def _pipeline(self) -> Any:
        from pyproj import Transformer

        lat, lon = math.degrees(self.latitude), math.degrees(self.longitude)
        up = float(self.altitude)
        return Transformer.from_pipeline(
            "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=cart +ellps=WGS84 "
            f"+step +proj=topocentric +ellps=WGS84 +lon_0={lon!r} +lat_0={lat!r} +h_0={up!r}"
        )

    def from_geodetic(self, longitude: Any, latitude: Any, altitude: Any) -> np.ndarray:
        """Return places in the local frame, `(..., 3)` [m].

        Args:
            longitude: WGS84, `(...)` [deg].
            latitude: WGS84, `(...)` [deg].
            altitude: In the origin's vertical datum, `(...)` [m].

        Source: PROJ, topocentric conversion (EPSG method 9837).
        """
        return np.stack(self._pipeline().transform(longitude, latitude, altitude), axis=-1)

    def to_geodetic(self, place: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return longitude [deg], latitude [deg] and altitude [m] of local places, each `(...)`.

        Args:
            place: East-north-up, `(..., 3)` [m].
        """
        from pyproj.enums import TransformDirection

        found = self._pipeline().transform(
            *np.moveaxis(np.asarray(place), -1, 0), direction=TransformDirection.INVERSE
        )
        return np.asarray(found[0]), np.asarray(found[1]), np.asarray(found[2])


@dataclass(frozen=True)
class Reference:
    """What a file's coordinates mean.

    Attributes:
        name: Of the horizontal system.
        horizontal: pyproj CRS, two axes.
        datum: Name of the vertical system; "" where the file names none.
        unit: Key of `UNITS`; "" where the file names none.
    """

    name: str
    horizontal: Any
    datum: str
    unit: str

    def to_wgs84(self, first: Any, second: Any) -> tuple[np.ndarray, np.ndarray]:
        """Return longitude and latitude [deg] of horizontal coordinates, x before y."""
        found = self._transformer().transform(first, second)
        return np.asarray(found[0]), np.asarray(found[1])

    def from_wgs84(self, longitude: Any, latitude: Any) -> tuple[np.ndarray, np.ndarray]:
        """Return horizontal coordinates, x before y, of longitude and latitude [deg]."""
        from pyproj.enums import TransformDirection

        found = self._transformer().transform(longitude, latitude, direction=TransformDirection.INVERSE)
        return np.asarray(found[0]), np.asarray(found[1])

    def _transformer(self) -> Any:
        from pyproj import Transformer

        return Transformer.from_crs(self.horizontal, "EPSG:4326", always_xy=True)

    def grid(self, longitude: float, latitude: float) -> tuple[float, float] | None:
        """Return the bearing of grid north [rad] and the grid's scale [-]; None on a geographic system.

        Args:
            longitude: WGS84 [deg].
            latitude: WGS84 [deg].
        """
        from pyproj import Proj

        if not self.horizontal.is_projected:
            return None
        factors = Proj(self.horizontal).get_factors(longitude, latitude)
        return float(np.radians(factors.meridian_convergence)), float(factors.meridional_scale)


def read_reference(written: Any, units: str | None = None) -> Reference:
    """Return what a coordinate reference system says.

    Args:
        written: Anything that names one: "EPSG:25833+5941", WKT.
        units: What else the file says of its heights' unit.

    Raises:
        RuleError: When it cannot be read, or contradicts itself.
    """
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    remedy = 'write such as crs = "EPSG:25833" or "EPSG:25833+5941"'
    try:
        whole = CRS.from_user_input(written)
        flat = whole.to_2d()
    except CRSError:
        raise RuleError("must name a coordinate reference system", f'"{written}"', remedy, "crs") from None
    if not (flat.is_projected or flat.is_geographic):
        raise RuleError("must have a map projection, or latitude and longitude", flat.name, remedy, "crs")
    vertical = [axis for axis in whole.axis_info if axis.direction == "up"]
    said = unit_key(vertical[0].unit_name) if vertical else ""
    found = unit_key(units or "")
    if said and found and said != found:
        rule = "must be one unit for heights"
        value = f"{said} in its reference system and {found} in its band"
        raise RuleError(rule, value, "find out which is true and correct the file (gdal_edit)", "dem")
    parts = [part.name for part in whole.sub_crs_list if part.is_vertical]
    datum = parts[0] if parts else ("WGS84 ellipsoid" if vertical else "")
    return Reference(flat.name, flat, datum, said or found)


def unit_key(name: str) -> str:
    """Return the key of `UNITS` that a unit's name means, or "" for none or an unknown one."""
    return next((key for key, names in _NAMES.items() if name.strip().lower() in names), "")
