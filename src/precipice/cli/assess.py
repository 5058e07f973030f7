"""`precipice assess`: fly a stunt many times and say which hazard, how likely, how sure, what drives it."""

from pathlib import Path
from typing import Annotated

import typer

from precipice.cli.option import AsJson, Cluster, Workers, print_json
from precipice.cli.progress import interruptible, progress, say
from precipice.errors import InputError

NOT_SHOWN = 4
"""Exit code with `--strict` when a criterion is not met, not shown, or there is none."""


def assess(
    scenario: Annotated[Path, typer.Argument(help="The scenario file.", show_default=False)],
    runs: Annotated[int, typer.Option(help="How many; with --until-shown, at most.")] = 10_000,
    seed: Annotated[int, typer.Option(help="Of the draws.", min=0)] = 0,
    workers: Workers = None,
    cluster: Cluster = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for shards and assessment.json.", show_default=False),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the folder: fly only what is missing.")
    ] = False,
    until_shown: Annotated[
        bool,
        typer.Option("--until-shown", help="Stop at the first of five looks at which all is met or not met."),
    ] = False,
    drivers: Annotated[bool, typer.Option(help="Ask what drives each hazard.")] = True,
    report: Annotated[bool, typer.Option(help="With --out: write report.html into the folder, too.")] = True,
    tracks: Annotated[
        bool,
        typer.Option("--tracks", help="Keep tracks of the first 300 runs and of up to 50 with each hazard."),
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 4 unless all criteria are met.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Fly a stunt many times: chances of every hazard, verdicts, what drives them."""
    from precipice.risk.assess import assess as fly_and_judge

    if resume and out is None:
        raise InputError("--resume must come with --out, but is alone: name the folder to go on with")
    with progress() as told, interruptible(out):
        found = fly_and_judge(
            scenario,
            runs,
            seed,
            out,
            resume=resume,
            workers=workers,
            cluster=cluster,
            until_shown=until_shown,
            drivers=drivers,
            tracks=tracks,
            say=say,
            told=told,
        )
    if as_json:
        from precipice.risk.assessment import assessment_json

        print_json(assessment_json(found))
    else:
        from precipice.report.assessment import assessment_page

        typer.echo(assessment_page(found), nl=False)
    if out is not None and report:
        from precipice.report.document.save import save_report

        for path in save_report(out, say=say):
            say(f"Saved {path}")
    if strict and found.verdict != "met":
        raise typer.Exit(NOT_SHOWN)
