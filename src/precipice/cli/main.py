"""The `precipice` command. Commands import what is slow inside their functions, so that help is instant."""

import os
import sys
import threading
from collections.abc import Sequence
from typing import Annotated

import typer

from precipice.cli.air import air
from precipice.cli.assess import assess
from precipice.cli.calibrate import calibrate
from precipice.cli.check import check
from precipice.cli.compare import compare
from precipice.cli.design_landing import design_landing
from precipice.cli.export import export
from precipice.cli.film import film
from precipice.cli.fly import fly
from precipice.cli.logs import logs
from precipice.cli.new import new
from precipice.cli.rare import rare
from precipice.cli.report import report
from precipice.cli.schema import schema
from precipice.cli.sensitivity import sensitivity
from precipice.cli.serve import serve
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
app.command("assess")(assess)
app.command("compare")(compare)
app.command("rare")(rare)
app.command("report")(report)
app.command("sensitivity")(sensitivity)
app.command("design-landing")(design_landing)
app.command("export")(export)
app.command("film")(film)
app.command("air")(air)
app.command("calibrate")(calibrate)
app.add_typer(logs, name="logs")
app.command("serve")(serve)


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
    """Run the command line and exit with its code: 0 fine, 2 bad input, 3 incomplete, 4 not met, 1 a bug.

    Args:
        arguments: What was typed after the program's name; the process's own when None.
    """
    try:
        app(args=None if arguments is None else list(arguments))
    except PrecipiceError as error:
        # Plain text: what people wrote must not be taken for markup.
        typer.echo(str(error), err=True)
        sys.exit(error.exit_code)
    except SystemExit as end:
        if arguments is None and end.code in (None, 0):
            _leave()
        raise


def _leave() -> None:
    """End the process here when all went well and nobody else waits for its end.

    Every file is in place by now, and taking apart what JAX has built takes a third of a second.
    """
    watched = sys.gettrace() is not None or sys.getprofile() is not None
    others = [thread for thread in threading.enumerate() if thread is not threading.main_thread()]
    if watched or not all(thread.daemon for thread in others):
        return
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
