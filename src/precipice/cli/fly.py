"""`precipice fly`: fly one stunt."""

from pathlib import Path
from typing import Annotated

import typer

from precipice.errors import InputError


def fly(scenario: Annotated[Path, typer.Argument(help="The scenario file.", show_default=False)]) -> None:
    """Fly one stunt."""
    raise InputError(f"{scenario} must be flown by a command that is not there yet: check it for now")
