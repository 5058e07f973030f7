"""How far mean sea level lies above the WGS84 ellipsoid: the geoid EGM96 on half-degree posts."""

import zlib
from functools import cache
from pathlib import Path

import numpy as np

POSTS = (361, 720)
"""Posts from south to north and from 180° west to the east, half a degree apart."""
TABLE = Path(__file__).with_name("egm96.bin")
"""Made by `pack_geoid`, which tells where from."""


def geoid_height(latitude: float, longitude: float) -> float:
    """Return the height of the geoid EGM96 above the WGS84 ellipsoid [m].

    Args:
        latitude: WGS84 [rad].
        longitude: WGS84 [rad].

    Source: EGM96 (NIMA, NASA, Ohio State University 1996, public domain; Lemoine et al. 1998), every sixth
        post of its 5-minute grid, in decimetres; between posts the cubic of Catmull and Rom. `pack_geoid`
        tells where the grid came from and makes the table again.
    Valid for: the whole earth, to 0.05 m rms and 0.8 m at worst of the full model, which itself is known to
        about 0.5 to 1 m.
    """
    row = np.clip(2.0 * (np.degrees(latitude) + 90.0), 0.0, POSTS[0] - 1.0)
    column = 2.0 * (np.degrees(longitude) + 180.0)
    i, j = int(min(np.floor(row), POSTS[0] - 2)), int(np.floor(column))
    rows = np.clip(np.arange(i - 1, i + 3), 0, POSTS[0] - 1)
    columns = np.arange(j - 1, j + 3) % POSTS[1]
    block = _table()[np.ix_(rows, columns)]
    return float(_weights(row - i) @ block @ _weights(column - j))


def _weights(t: float) -> np.ndarray:
    """Return the weights of four posts at a share of the way between the middle two, `(4,)`."""
    return 0.5 * np.array(
        [
            -t + 2.0 * t**2 - t**3,
            2.0 - 5.0 * t**2 + 3.0 * t**3,
            t + 4.0 * t**2 - 3.0 * t**3,
            -(t**2) + t**3,
        ]
    )


@cache
def _table() -> np.ndarray:
    """Return heights of all posts, `(361, 720)` [m]."""
    steps = np.frombuffer(zlib.decompress(TABLE.read_bytes()), "<i2").reshape(POSTS)
    return 0.1 * np.cumsum(np.cumsum(steps, axis=0, dtype="<i2"), axis=1, dtype="<i2")
