"""Writing a file so that it is there as a whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from precipice.errors import InputError


def check_place(path: Path) -> None:
    """Refuse a place where no file can be written, before work is done for it.

    Args:
        path: Of a file to come.

    Raises:
        InputError: When it is a folder, or lies in none that can be written.
    """
    if path.is_dir():
        raise InputError(f"{path} must be a file, but is a directory: add a file name")
    if not path.parent.is_dir():
        raise InputError(
            f"{path} must be writable, but is not (there is no {path.parent}): choose another place"
        )
    if not os.access(path.parent, os.W_OK):
        raise InputError(f"{path} must be writable, but is not (nor is {path.parent}): choose another place")


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield a name to write under, and put that file in place at the end.

    On any failure nothing is left behind and an old file stays as it was.

    Args:
        path: Of the file.

    Raises:
        InputError: When it cannot be written there.
    """
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=".part")
        os.close(handle)
        yield Path(temporary)
        # mkstemp makes files that only their owner can read.
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        raise InputError(
            f"{path} must be writable, but is not ({error.strerror}): choose another place"
        ) from None
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
