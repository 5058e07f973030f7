"""Where things that take long to make are kept between runs."""

import os
from pathlib import Path


def cache_folder() -> Path:
    """Return the folder of compiled programs and terrain fields; `PRECIPICE_CACHE` moves it."""
    chosen = os.environ.get("PRECIPICE_CACHE")
    if chosen:
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_cache_dir("precipice"))
