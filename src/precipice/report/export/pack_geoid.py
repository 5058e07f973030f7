"""Making `egm96.bin` from the full EGM96 grid: done once, kept so that anybody can do it again.

The grid comes from the wheel of `egm96` 0.3.0 on PyPI (MIT licence), a repackaging of GeographicLib's
`egm96-5.pgm`; the model itself is of NIMA, NASA and Ohio State University, in the public domain:

    pip download --no-deps --python-version 3.12 --only-binary :all: egm96==0.3.0
    unzip egm96-0.3.0-py3-none-any.whl egm96/data/egm96-5.npz
    python -m precipice.report.export.pack_geoid egm96/data/egm96-5.npz
"""

import sys
import zlib
from pathlib import Path

import numpy as np

from precipice.report.export.geoid import POSTS, TABLE

EVERY = 6
"""Posts of the 5-minute grid from one that is kept to the next."""


def read_grid(path: Path) -> np.ndarray:
    """Return the heights of the full grid, `(2161, 4321)` [cm], from the south, from 180° west.

    Args:
        path: An npz file with second differences in centimetres.
    """
    with np.load(path) as file:
        steps = file["undulation_d2"].astype(np.int32)
    return np.cumsum(np.cumsum(steps, axis=0), axis=1)


def pack(heights: np.ndarray) -> bytes:
    """Return the content of `egm96.bin`: decimetres, twice differenced, compressed.

    Args:
        heights: Of the posts that are kept, `(361, 720)` [cm].
    """
    assert heights.shape == POSTS
    whole = np.round(heights / 10.0).astype("<i2")
    rows = np.diff(whole, axis=1, prepend=np.int16(0))
    return zlib.compress(np.diff(rows, axis=0, prepend=np.int16(0)).astype("<i2").tobytes(), 9)


if __name__ == "__main__":
    # The last column of the full grid is the first once more.
    TABLE.write_bytes(pack(read_grid(Path(sys.argv[1]))[::EVERY, ::EVERY][:, :-1]))
