"""`precipice sensitivity`: what drives each hazard, alone and together with everything else."""

from pathlib import Path
from typing import Annotated

import typer

from precipice.cli.option import AsJson, print_json
from precipice.cli.progress import interruptible, progress, say


def sensitivity(
    scenario: Annotated[Path, typer.Argument(help="The scenario file.", show_default=False)],
    points: Annotated[
        int, typer.Option(help="Base points, a power of two; flown once more for each field.")
    ] = 1024,
    seed: Annotated[int, typer.Option(help="Of the points.", min=0)] = 0,
    as_json: AsJson = False,
) -> None:
    """Ask what drives each hazard by Sobol' indices, on evenly spread points: no verdict rests on them."""
    import time

    from precipice.campaign.campaign import Progress
    from precipice.risk.sobol import sensitivity as find
    from precipice.risk.sobol import sensitivity_json
    from precipice.scenario.load import load_scenario

    with progress() as told, interruptible(None):
        start = time.monotonic()

        def count(done: int, total: int) -> None:
            rate = done / max(time.monotonic() - start, 1e-9)
            told("flying", Progress(done, total, rate, (total - done) / rate))

        found = find(load_scenario(scenario), points, seed, say=say, told=count)
    if as_json:
        print_json(sensitivity_json(found))
        return
    from precipice.report.sensitivity import sensitivity_page

    typer.echo(sensitivity_page(found), nl=False)
