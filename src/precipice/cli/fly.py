"""`precipice fly`: fly one stunt and say what happened."""

from pathlib import Path
from typing import Annotated

import typer

from precipice.cli.option import AsJson, print_json
from precipice.errors import InputError


def fly(
    scenario: Annotated[Path, typer.Argument(help="The scenario file.", show_default=False)],
    run: Annotated[
        int | None,
        typer.Option(
            help="Fly this drawn run; without it, every field at its centre.", min=0, show_default=False
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Of the draws, with --run.  [default: 0]", min=0)] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for run.json, track.csv, run.nc, flight.png.", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Fly one stunt: a timeline, margins and what was assumed."""
    import gc

    _refuse_early(run, seed, out)
    # Looking for garbage, now and when the process ends, costs a fifth of its three seconds.
    gc.disable()
    try:
        _fly_and_tell(scenario, run, seed or 0, out, as_json=as_json)
    finally:
        gc.freeze()
        gc.enable()


def _fly_and_tell(path: Path, run: int | None, seed: int, out: Path | None, *, as_json: bool) -> None:
    from precipice.campaign.fly import fly as fly_stunt
    from precipice.scenario.load import load_scenario

    scenario = load_scenario(path)
    preload = None
    if out is not None:
        from precipice.report.preload import start_preload

        preload = start_preload()
    flown = fly_stunt(scenario, run, seed, say=_say)
    if as_json:
        from precipice.report.record import run_json

        print_json(run_json(flown, scenario))
    else:
        from precipice.report.timeline import timeline

        typer.echo(timeline(flown, scenario), nl=False)
    if out is not None and preload is not None:
        from precipice.report.files import save_run

        preload.join()
        paths = save_run(flown, scenario, out)
        typer.echo(f"Saved {', '.join(path.name for path in paths)} in {out}", err=as_json)


def _say(line: str) -> None:
    typer.echo(line, err=True)


def _refuse_early(run: int | None, seed: int | None, out: Path | None) -> None:
    """Refuse what cannot work before half a minute of compiling."""
    if seed is not None and run is None:
        raise InputError(f"--seed must come with --run, but is {seed} alone: add --run 0")
    if out is not None and out.exists() and not out.is_dir():
        raise InputError(f"--out must be a folder, but {out} is a file: choose another name")
