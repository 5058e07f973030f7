"""Pictures that commands draw anyway, as their pages show them."""

import contextlib
import io
import tempfile
from pathlib import Path

from benchmarks.pictures.canvas import pack
from benchmarks.pictures.place import SCENARIO

PRINTED = {
    "helsetkopen": ("flight.png", (f"fly {SCENARIO} --out OUT",)),
    "landing": (
        "landing.png",
        (
            "new OUT/jump.toml --kind ramp-jump",
            "design-landing OUT/jump.toml --slope 12deg --fall-height 0.5m --out OUT",
        ),
    ),
}
"""By name: what the file is called, and the commands that draw it into the folder OUT."""


def print_picture(name: str) -> bytes:
    """Return a picture that commands of `precipice` draw, as a PNG of few colours."""
    from precipice.cli.main import main

    file, commands = PRINTED[name]
    with tempfile.TemporaryDirectory(prefix="precipice-") as folder:
        for command in commands:
            words = [word.replace("OUT", folder) for word in command.split()]
            with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
                main(words)
        return pack(Path(folder) / file)
