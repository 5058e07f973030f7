"""Local places on the globe: latitude, longitude, and both heights, each with what it counts from."""

import math
from dataclasses import dataclass

import numpy as np

from precipice.errors import InputError, quote
from precipice.report.export.geoid import geoid_height
from precipice.scenario.scenario import Scenario
from precipice.world.survey.crs import LocalFrame

SEA_LEVEL = ("mean sea level", "sea level", "msl")
"""What a scenario may call mean sea level, beside the names in PROJ's list of height systems."""


@dataclass(frozen=True)
class Globe:
    """Where a run's local frame is on the earth.

    Both heights differ by one number all over the site: the geoid tilts by centimetres a kilometre.

    Attributes:
        frame: Local frame; its altitude is the origin's height above the WGS84 ellipsoid.
        zero: Height of the site's vertical datum above the ellipsoid [m].
        geoid: Height of EGM96's mean sea level above the ellipsoid [m].
        source: Where the zero comes from, in a sentence.
        plain: Whether altitudes of the site count as above sea level as they are.
        datum: Of the site.
    """

    frame: LocalFrame
    zero: float
    geoid: float
    source: str
    plain: bool
    datum: str

    def places(self, position: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return longitude [deg], latitude [deg], height above the WGS84 ellipsoid [m], each `(...)`.

        Args:
            position: East-north-up from the lip or exit, `(..., 3)` [m].
        """
        return self.frame.to_geodetic(np.asarray(position, float))

    def above_sea(self, above_ellipsoid: np.ndarray) -> np.ndarray:
        """Return heights above mean sea level [m]: of the site's datum, or where that is none, EGM96's."""
        return np.asarray(above_ellipsoid - (self.zero if self.plain else self.geoid))

    def in_datum(self, above_ellipsoid: np.ndarray) -> np.ndarray:
        """Return altitudes in the site's own vertical datum [m]."""
        return np.asarray(above_ellipsoid - self.zero)

    def to_earth(self) -> np.ndarray:
        """Return the rotation from east-north-up at the origin to earth-centred axes, `(3, 3)`."""
        lat, lon = self.frame.latitude, self.frame.longitude
        east = [-math.sin(lon), math.cos(lon), 0.0]
        north = [-math.sin(lat) * math.cos(lon), -math.sin(lat) * math.sin(lon), math.cos(lat)]
        up = [math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)]
        return np.array([east, north, up]).T


def find_globe(scenario: Scenario, origin_altitude: float, zero: float | None = None) -> Globe:
    """Return where a run is on the earth.

    Args:
        scenario: Gives latitude, longitude and vertical datum.
        origin_altitude: Of the lip or exit in that datum [m].
        zero: Height of the datum's zero above the WGS84 ellipsoid [m]; None: looked up.

    Raises:
        InputError: When nobody says what altitudes count from.
    """
    site = scenario.site
    lat, lon, datum = site.latitude.value, site.longitude.value, site.vertical_datum
    geoid = geoid_height(lat, lon)
    plain = False
    if zero is not None:
        source = f"zero of {datum} {zero:.2f} m above the WGS84 ellipsoid, as given with --geoid"
    elif "ellips" in datum.lower():
        zero, source = 0.0, f"{datum} is taken as the WGS84 ellipsoid"
    elif is_sea_level(datum):
        zero, plain = geoid, True
        source = f"zero of {datum} taken as mean sea level, by EGM96 {geoid:.2f} m above the WGS84 ellipsoid"
    else:
        raise InputError(
            'site.vertical_datum must be a height system above sea level, or "WGS84 ellipsoid", to place '
            f"the run on the globe, but is {quote(datum)}: correct it and fly again, or say with --geoid "
            "how far its zero lies above the WGS84 ellipsoid"
        )
    return Globe(LocalFrame(lat, lon, origin_altitude + zero), zero, geoid, source, plain, datum)


def is_sea_level(datum: str) -> bool:
    """Return whether a vertical datum counts from sea level: by name, or by PROJ's list of systems."""
    plain = _plain(datum)
    if plain in SEA_LEVEL:
        return True
    from pyproj.database import query_crs_info
    from pyproj.enums import PJType

    systems = query_crs_info(pj_types=[PJType.VERTICAL_CRS])
    names = (info.name.split(" (")[0] for info in systems)
    return any(name.endswith("height") and _plain(name) == plain for name in names)


def _plain(name: str) -> str:
    """Return a datum's name without case, "height", blanks at its ends and blanks before digits."""
    words = name.lower().removesuffix("height").split()
    joined = " ".join(words)
    return joined if joined in SEA_LEVEL else "".join(words).replace("-", "")
