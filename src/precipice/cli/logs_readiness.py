"""`precipice logs readiness`: what rehearsals show about a stunt's criteria."""

from pathlib import Path
from typing import Annotated

import typer

from precipice.cli.option import AsJson, print_json


def readiness(
    scenario: Annotated[Path, typer.Argument(help="The stunt.", show_default=False)],
    logbook: Annotated[Path, typer.Option(help="From precipice logs ingest.", show_default=False)],
    as_json: AsJson = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 4 unless every criterion is shown.")
    ] = False,
) -> None:
    """Say for every criterion what rehearsals show, what is missing, and how many more jumps it takes."""
    from precipice.risk.readiness import assess_readiness, readiness_json
    from precipice.scenario.load import load_scenario
    from precipice.training.logbook import load_logbook

    found = assess_readiness(load_scenario(scenario), load_logbook(logbook))
    if as_json:
        print_json(readiness_json(found))
    else:
        from precipice.report.readiness import readiness_page

        typer.echo(readiness_page(found), nl=False)
    if strict and not found.ready:
        raise typer.Exit(4)
