"""`precipice logs readiness`: what rehearsals show about a stunt's criteria."""

from pathlib import Path
from typing import Annotated

import typer

from precipice.cli.option import AsJson, print_json


def readiness(
    scenario: Annotated[Path, typer.Argument(help="The stunt.", show_default=False)],
    logbook: Annotated[Path, typer.Option(help="From precipice logs ingest.", show_default=False)],
    outcomes: Annotated[
        Path | None,
        typer.Option(help="Counted by hand: CSV or TOML, see docs/training.md.", show_default=False),
    ] = None,
    as_json: AsJson = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 4 unless every criterion is shown.")
    ] = False,
) -> None:
    """Say for every criterion what rehearsals show, what is missing, and how many more jumps it takes."""
    from precipice.risk.hand_count import load_hand_counts
    from precipice.risk.readiness import assess_readiness, readiness_json
    from precipice.scenario.load import load_scenario
    from precipice.training.logbook import load_logbook

    counted = () if outcomes is None else load_hand_counts(outcomes)
    found = assess_readiness(load_scenario(scenario), load_logbook(logbook), counted)
    if as_json:
        print_json(readiness_json(found))
    else:
        from precipice.report.readiness import readiness_page

        typer.echo(readiness_page(found), nl=False)
    if strict and not found.ready:
        raise typer.Exit(4)
