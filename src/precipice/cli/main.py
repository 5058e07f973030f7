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
app.command("check", short_help="Say what is wrong with a scenario, or what it rests on.")(check)
app.command("schema")(schema)
app.command("site", short_help="Show a site: relief, wall, landing areas, what is unknown.")(site)
app.command("fly")(fly)
app.command("assess", short_help="Fly it many times: chances, verdicts, what drives them.")(assess)
app.command("compare", short_help="Fly two scenarios on the same draws: what changes.")(compare)
app.command("rare", short_help="Find the chance of one hazard that is rarer than 1 in 1,000.")(rare)
app.command("report", short_help="Write the report of a campaign or a flight.")(report)
app.command("sensitivity", short_help="Ask what drives each hazard, by Sobol' indices.")(sensitivity)
app.command("design-landing", short_help="Design the landing of a ramp-jump.")(design_landing)
app.command("export", short_help="Write a flight for globes, 3D programs, tables.")(export)
app.command("film", short_help="Film a flight as one of its cameras sees it.")(film)
app.command("air", short_help="Show density and wind over altitude, of a stunt or a file.")(air)
app.command("calibrate", short_help="Write a scenario again with what a logbook shows.")(calibrate)
app.add_typer(logs, name="logs", short_help="Read recorded jumps: FlySight, GPX, ProTrack and more.")
app.command("serve", short_help="Show a stunt in a browser: 3D, charts, fields to change.")(serve)


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
