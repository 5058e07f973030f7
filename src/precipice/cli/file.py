"""Writing what a command makes."""

from pathlib import Path

from precipice.errors import InputError
from precipice.whole_file import check_place, whole_file


def check_new(path: Path, *, overwrite: bool) -> None:
    """Refuse a file that cannot be written, before the work of making it.

    Args:
        path: Of the file.
        overwrite: Whether a file that is already there may be replaced.

    Raises:
        InputError: When it is there, or cannot be written there.
    """
    check_place(path)
    if path.exists() and not overwrite:
        raise InputError(f"{path} must not exist yet, but does: choose another name, or add --force")


def write_whole(path: Path, text: str, *, overwrite: bool) -> None:
    """Write a text file; on any failure nothing is left behind and an old file stays as it was.

    Args:
        path: Of the file.
        text: Its content.
        overwrite: Whether a file that is already there may be replaced.

    Raises:
        InputError: When it cannot be written there.
    """
    check_new(path, overwrite=overwrite)
    with whole_file(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")
