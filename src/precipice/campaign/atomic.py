"""Files that are there as a whole or not at all, whatever stops the program."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from precipice.errors import InputError, PrecipiceError

PART = ".part"
"""Ending of files that are still being written."""


class FolderError(InputError):
    """A folder that cannot be written; what was in it before is still there."""


def write_atomically(path: Path, write: Callable[[Path], object]) -> None:
    """Let a file be written under another name, flush it to the disk, and put it in place.

    Args:
        path: Of the file; an older one is replaced.
        write: Called with the name to write under.

    Raises:
        FolderError: When it cannot be written; an older file stays as it was.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}{PART}")
    try:
        write(part)
        _flush(part)
        part.replace(path)
        _flush(path.parent)
    except PrecipiceError:
        raise
    except OSError as error:
        reason = error.strerror or str(error) or type(error).__name__
        raise FolderError(
            f"{path.parent} must be writable, but {path.name} could not be written there ({reason}): "
            "make room or choose another folder, then go on with --resume"
        ) from None
    finally:
        _remove(part)


def write_json(path: Path, data: Any) -> None:
    """Write data as JSON; see `write_atomically`.

    Args:
        path: Of the file.
        data: Plain: no NaN, no infinity.
    """
    text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    write_atomically(path, lambda part: part.write_text(text, encoding="utf-8"))


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return


def sweep(folder: Path) -> None:
    """Remove what a stopped program left half-written."""
    for part in folder.glob(f".*{PART}"):
        _remove(part)
