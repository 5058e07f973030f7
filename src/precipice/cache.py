"""Where things that take long to make are kept between runs."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def cache_folder() -> Path:
    """Return the folder of compiled programs and terrain fields; `PRECIPICE_CACHE` moves it."""
    chosen = os.environ.get("PRECIPICE_CACHE")
    if chosen:
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_cache_dir("precipice"))


@contextmanager
def alone(folder: Path, name: str) -> Iterator[None]:
    """Hold others of this machine off while something is made once for all of them.

    Where a lock cannot be had, nobody is held off: the thing is made twice, which only costs time.

    Args:
        folder: Where it will lie.
        name: Of the thing.
    """
    try:
        import fcntl

        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / f"{name}.lock").open("w")
    except (ImportError, OSError):
        yield
        return
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
