"""Any log to a `TrainingLog`: what a file is, is told by its content, never by its name."""

import hashlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from precipice.errors import InputError
from precipice.training.log import TrainingLog
from precipice.training.readers.column_map import is_known_csv, read_csv, read_known_csv
from precipice.training.readers.flysight1 import is_flysight1, read_flysight1
from precipice.training.readers.flysight2 import is_flysight2, read_flysight2
from precipice.training.readers.gpx import is_gpx, read_gpx
from precipice.training.readers.kml import is_kml, read_kml
from precipice.training.readers.nmea import is_nmea, read_nmea
from precipice.training.readers.protrack import is_protrack, read_protrack
from precipice.training.readers.wintec import is_wintec, read_wintec

HEAD = 4096
"""Bytes by which a format is known."""

_FORMATS = (
    (is_flysight1, read_flysight1),
    (is_flysight2, read_flysight2),
    (is_gpx, read_gpx),
    (is_kml, read_kml),
    (is_protrack, read_protrack),
    (is_nmea, read_nmea),
    (is_known_csv, read_known_csv),
    (is_wintec, read_wintec),
)


def read_log(path: str | Path, columns: Mapping[str, str] | None = None) -> TrainingLog:
    """Return the log in a file of any format that is known.

    A damaged file gives what is readable; its problems stand in the log.

    Args:
        path: Of the file.
        columns: For a CSV of no known logger: name in the file -> "quantity [unit]".

    Raises:
        InputError: If the file cannot be opened or is no log.
    """
    source = str(path)
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"{source}: cannot be read ({error.strerror}): check the path") from None
    if columns is not None:
        return replace(read_csv(data, source, columns), sha256=hashlib.sha256(data).hexdigest())
    # Beside the reading, as neither needs the other: it takes a sixth as long.
    with ThreadPoolExecutor(1) as beside:
        hashed = beside.submit(hashlib.sha256, data)
        log = read_bytes(data, source)
    return replace(log, sha256=hashed.result().hexdigest())


def read_bytes(data: bytes, source: str) -> TrainingLog:
    """Return the log in the bytes of a file, without their hash; see `read_log`.

    Args:
        data: The whole file.
        source: Its name, for messages and to find files that belong to it.
    """
    head = data[:HEAD]
    for is_one, read in _FORMATS:
        if is_one(head):
            return read(data, source)
    known = "FlySight 1 and 2, GPX, KML tracks, ProTrack, NMEA loggers, CSV with known columns"
    raise InputError(f"{source}: must be a log, but its content is of no known format: use {known}")
