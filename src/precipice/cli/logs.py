"""`precipice logs`: what people's recorders say about their jumps."""

from pathlib import Path
from typing import Annotated

import typer

from precipice.cli.logs_ingest import ingest
from precipice.cli.logs_look import list_jumps, plot, show
from precipice.cli.logs_readiness import readiness
from precipice.cli.logs_synthesize import synthesize

logs = typer.Typer(
    help="Read recorded jumps: FlySight, GPX, KML, ProTrack, NMEA, CSV.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@logs.command("segment")
def segment_logs(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Logs.", show_default=False)],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object a line, one a file.")
    ] = False,
) -> None:
    """Date the events of every jump: exit, opening, canopy, landing; lip, apex, landing."""
    import json

    from precipice.errors import InputError
    from precipice.training.jump import Segmentation
    from precipice.training.read import read_log
    from precipice.training.record import segmentation_json, segmentation_text
    from precipice.training.segment import segment

    refused = False
    for file in files:
        try:
            found = segment(read_log(file))
        except InputError as error:
            refused = True
            found = Segmentation("unreadable", (), (str(error),))
        if as_json:
            typer.echo(json.dumps(segmentation_json(str(file), found), ensure_ascii=False, allow_nan=False))
        else:
            typer.echo(segmentation_text(str(file), found), nl=False)
    if refused:
        raise typer.Exit(InputError.exit_code)


logs.command("ingest")(ingest)
logs.command("list")(list_jumps)
logs.command("show")(show)
logs.command("plot")(plot)
logs.command("readiness")(readiness)
logs.command("synthesize")(synthesize)
