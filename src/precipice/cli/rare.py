"""`precipice rare`: the chance of one hazard that is too rare to count."""

from pathlib import Path
from typing import Annotated

import typer

from precipice.cli.option import AsJson, print_json
from precipice.cli.progress import interruptible, say


def rare(
    scenario: Annotated[Path, typer.Argument(help="The scenario file.", show_default=False)],
    hazard: Annotated[
        str,
        typer.Option(
            help='Which, such as "hard opening"; its limit is that of its criterion.', show_default=False
        ),
    ],
    seed: Annotated[int, typer.Option(help="Of the draws.", min=0)] = 0,
    chains: Annotated[
        int, typer.Option(help="Side by side at each level: four times as many halve the interval.")
    ] = 400,
    threads: Annotated[
        int | None, typer.Option(help="Which fly side by side.  [default: one a core]", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Find the chance of one hazard, from 1 in 1,000 to 1 in 100 million, or say that it cannot be told."""
    import os

    from precipice.errors import InputError
    from precipice.risk.rare import rare_chance, rare_json
    from precipice.risk.rare_count import Effort

    if threads is not None and threads < 1:
        raise InputError(f"--threads must be 1 or more, but is {threads}: choose such a number")
    with interruptible(None):
        found = rare_chance(
            scenario,
            hazard,
            seed=seed,
            effort=Effort(chains=chains),
            threads=threads or os.cpu_count() or 1,
            say=say,
        )
    if as_json:
        print_json(rare_json(found))
        return
    from precipice.report.rare import rare_page

    typer.echo(rare_page(found), nl=False)
