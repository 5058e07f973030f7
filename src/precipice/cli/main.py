"""The `precipice` command. Commands import what is slow inside their functions, so that help is instant."""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from precipice.cli.check import check
from precipice.cli.fly import fly
from precipice.cli.new import new
from precipice.cli.schema import schema
from precipice.cli.site import site
from precipice.errors import PrecipiceError

app = typer.Typer(
    name="precipice",
    help="Plan a motorcycle-off-a-cliff BASE stunt. A planning aid, never a clearance to jump.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    # Plain help answers in 0.1 s, help with boxes in 0.4 s, and brackets stay what they are.
    rich_markup_mode=None,
)
app.command("new")(new)
app.command("check")(check)
app.command("schema")(schema)
app.command("site")(site)
app.command("fly")(fly)


def _show_version(wanted: bool | None) -> None:
    if not wanted:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        typer.echo(version("precipice"))
    except PackageNotFoundError:
        typer.echo("not installed: running from its source")
    raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool | None,
        typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True),
    ] = None,
) -> None:
    pass


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code: 0 fine, 2 bad input, 3 incomplete, 1 a bug.

    Args:
        arguments: What was typed after the program's name; the process's own when None.
    """
    try:
        app(args=None if arguments is None else list(arguments))
    except PrecipiceError as error:
        # Plain text: what people wrote must not be taken for markup.
        typer.echo(str(error), err=True)
        sys.exit(error.exit_code)
