"""`precipice serve`: the stunt in a browser, on this machine alone."""

from pathlib import Path
from typing import Annotated

import typer


def serve(
    target: Annotated[
        Path | None,
        typer.Argument(
            help="Scenario file, or folder of precipice fly or assess.  [default: what precipice new writes]",
            show_default=False,
        ),
    ] = None,
    port: Annotated[
        int, typer.Option(help="Where it answers; 0 takes any that is free.", min=0, max=65535)
    ] = 8377,
) -> None:
    """Show a stunt in a browser: 3D, charts, many runs, fields to change."""
    from precipice.web.serve import serve as answer

    def say(address: str) -> None:
        typer.echo(f"Open {address} on this machine; Ctrl-C ends it.")

    try:
        answer(target, port, say)
    except KeyboardInterrupt:
        typer.echo("ended", err=True)
