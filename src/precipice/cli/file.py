"""Writing a file so that it is there as a whole or not at all."""

import os
import tempfile
from pathlib import Path

from precipice.errors import InputError


def write_whole(path: Path, text: str, *, overwrite: bool) -> None:
    """Write a text file; on any failure nothing is left behind and an old file stays as it was.

    Args:
        path: Of the file.
        text: Its content.
        overwrite: Whether a file that is already there may be replaced.

    Raises:
        InputError: When it cannot be written there.
    """
    if path.is_dir():
        raise InputError(f"{path} must be a file, but is a directory: add a file name")
    if path.exists() and not overwrite:
        raise InputError(f"{path} must not exist yet, but does: choose another name, or add --force")
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        # mkstemp makes files that only their owner can read.
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        raise InputError(
            f"{path} must be writable, but is not ({error.strerror}): choose another place"
        ) from None
