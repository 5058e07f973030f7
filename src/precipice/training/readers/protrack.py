"""ProTrack II: the text of an audible altimeter, a summary and a pressure profile.

Between the lines `JIB` and `JIE` stands the summary, between `PIB` and `PIE` four numbers and then the
pressure in tenths of a hectopascal, four times a second. Names and meanings other than these are the
maker's and are not read.
"""

import datetime as dt
import re

import numpy as np

from precipice.training.log import Notes, TrainingLog
from precipice.training.pressure import pressure_altitude
from precipice.training.table import build_log

STEP = 0.25
"""Seconds between pressures: the freefall time of a summary over the samples of its profile."""
_HEADER = 5


def is_protrack(head: bytes) -> bool:
    """Return whether a file begins like a ProTrack jump."""
    return head.lstrip().startswith(b"JIB")


def read_protrack(data: bytes, source: str) -> TrainingLog:
    """Return the log of a ProTrack jump: height above sea level at standard pressure, nothing else.

    Args:
        data: The file's bytes.
        source: Its name.
    """
    notes = Notes()
    lines = data.decode("utf-8", "replace").splitlines()
    pressures: list[float] = []
    where: list[int] = []
    begin = next((number for number, text in enumerate(lines) if text.strip() == "PIB"), len(lines))
    if begin == len(lines):
        notes.add(0, "no profile (PIB) in the file: it may be cut off")
    for number, text in enumerate(lines[begin + _HEADER :], begin + _HEADER + 1):
        if text.strip() == "PIE":
            break
        for field in filter(None, (part.strip() for part in text.split(","))):
            if not re.fullmatch(r"\d{1,6}", field):
                notes.add(number, "a pressure that is no number: its place stays empty")
            pressures.append(10.0 * float(field) if re.fullmatch(r"\d{1,6}", field) else np.nan)
            where.append(number)
    stated = lines[begin + 4].strip() if begin + 4 < len(lines) else ""
    if stated.isdigit() and int(stated) != len(pressures):
        notes.add(begin + 5, f"{stated} pressures are announced, {len(pressures)} are there")
    start = _start(lines)
    time = STEP * np.arange(len(pressures)) + (start or 0.0)
    return build_log(
        {"time": time, "altitude": pressure_altitude(np.array(pressures, float))},
        np.array(where, int),
        source=source,
        format="protrack",
        dated=start is not None,
        notes=notes,
    )


def _start(lines: list[str]) -> float | None:
    """Return the date and time of the summary, as the device's clock has them [s since 1970]."""
    if len(lines) < 8:
        return None
    try:
        moment = dt.datetime.strptime(f"{lines[6].strip()} {lines[7].strip()} +0000", "%Y%m%d %H%M%S %z")
    except ValueError:
        return None
    return moment.timestamp()
