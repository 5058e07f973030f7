"""`precipice new`: write a scenario to start from."""

from pathlib import Path
from typing import Annotated

import typer

from precipice.scenario.kind import ALL, MEANING

TEMPLATE = "ramp-to-canopy"


def new(
    path: Annotated[Path, typer.Argument(help="Where to write it, such as my-stunt.toml.")],
    kind: Annotated[str, typer.Option(help="What sort of stunt: " + ", ".join(sorted(ALL)) + ".")] = TEMPLATE,
    shipped: Annotated[
        str | None,
        typer.Option(
            help="A copy of a shipped scenario instead, such as helsetkopen: docs/kinds.md lists them."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is already there.")] = False,
) -> None:
    """Write a scenario to start from, with comments."""
    from importlib.resources import files

    from precipice.cli.file import write_whole
    from precipice.errors import InputError

    if shipped is not None:
        from precipice.scenario.shipped import shipped_text

        if kind != TEMPLATE:
            raise InputError(
                f"--kind must be left out beside --shipped, but is {kind}: {shipped} has its own"
            )
        write_whole(path, shipped_text(shipped), overwrite=force)
        typer.echo(f"{path}: a copy of the shipped scenario {shipped}; it describes no real plan.")
        typer.echo(f"Edit it, then: precipice check {path}")
        return
    if kind not in ALL:
        from difflib import get_close_matches

        meant = get_close_matches(kind.lower(), sorted(ALL), 1, 0.5)
        known = ", ".join(sorted(ALL))
        remedy = f"write --kind {meant[0]}" if meant else "choose one of these"
        raise InputError(f"--kind must be one of {known}, but is {kind}: {remedy}")
    text = files("precipice.scenario").joinpath("template", f"{kind}.toml").read_text(encoding="utf-8")
    write_whole(path, text, overwrite=force)
    typer.echo(f"{path}: a {kind}: {MEANING[kind]}.")
    typer.echo(f"Edit it, then: precipice check {path}")
