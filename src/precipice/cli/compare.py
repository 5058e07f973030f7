"""`precipice compare`: two scenarios on the same draws."""

from pathlib import Path
from typing import Annotated

import typer

from precipice.cli.option import AsJson, Cluster, Workers, print_json
from precipice.cli.progress import interruptible, progress, say


def compare(
    first: Annotated[Path, typer.Argument(help="Scenario file A.", show_default=False)],
    second: Annotated[Path, typer.Argument(help="Scenario file B.", show_default=False)],
    runs: Annotated[int, typer.Option(help="How many of each.")] = 10_000,
    seed: Annotated[int, typer.Option(help="Of the draws of both.", min=0)] = 0,
    workers: Workers = None,
    cluster: Cluster = None,
    as_json: AsJson = False,
) -> None:
    """Fly two scenarios on the same draws: which hazards change, by how much, how sure."""
    from precipice.risk.compare import compare as fly_both
    from precipice.risk.compare import comparison_json

    with progress() as told, interruptible(None):
        found = fly_both(first, second, runs, seed, workers=workers, cluster=cluster, say=say, told=told)
    if as_json:
        print_json(comparison_json(found))
        return
    from precipice.report.comparison import comparison_page

    typer.echo(comparison_page(found), nl=False)
