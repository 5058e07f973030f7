"""Pictures that commands draw anyway, as their pages show them."""

import contextlib
import io
import shlex
import tempfile
from pathlib import Path

from benchmarks.pictures.canvas import COLOURS, pack
from benchmarks.pictures.place import SCENARIO

PRINTED = {
    "helsetkopen": ("flight.png", (f"fly {SCENARIO} --out OUT",)),
    "film_crane": (
        "still.png",
        (
            f"fly {SCENARIO} --out OUT",
            "film OUT --camera 'lip crane' --still -0.15 --size 960x540 -o OUT/still.png",
        ),
    ),
    "film_orbit": (
        "still.png",
        (f"fly {SCENARIO} --out OUT", "film OUT --still 0.2 --size 960x540 -o OUT/still.png"),
    ),
    "landing": (
        "landing.png",
        (
            "new OUT/jump.toml --kind ramp-jump",
            "design-landing OUT/jump.toml --slope 12deg --fall-height 0.5m --out OUT",
        ),
    ),
}
"""By name: what the file is called, and the commands that draw it into the folder OUT."""
SHADES = 256
"""Colours of a picture with light and haze."""


def print_picture(name: str) -> bytes:
    """Return a picture that commands of `precipice` draw, as a PNG of few colours."""
    from precipice.cli.main import main

    file, commands = PRINTED[name]
    with tempfile.TemporaryDirectory(prefix="precipice-") as folder:
        for command in commands:
            words = [word.replace("OUT", folder) for word in shlex.split(command)]
            with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
                main(words)
        return pack(Path(folder) / file, SHADES if name.startswith("film") else COLOURS)
