"""`precipice export`: a flown stunt as a file that other programs open."""

from pathlib import Path
from typing import Annotated

import typer

from precipice.cli.progress import say


def export(
    run_folder: Annotated[
        list[Path],
        typer.Argument(
            help="What fly --out wrote; with more of them, cameras follow the first. Or a campaign's folder.",
            show_default=False,
        ),
    ],
    to: Annotated[
        str, typer.Option("--to", help="kml, czml, glb, usda, csv, netcdf or chan.", show_default=False)
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", "--out", help="File.  [default: flight.* in the folder]", show_default=False
        ),
    ] = None,
    fps: Annotated[str, typer.Option(help="Frames a second: 24, 25, 23.976.")] = "24",
    camera: Annotated[
        str | None, typer.Option(help="Only this one of the scenario's cameras.", show_default=False)
    ] = None,
    runs: Annotated[
        str | None,
        typer.Option(help='Of a campaign: fly these again, "0-19", and the nominal one.', show_default=False),
    ] = None,
    takeoff: Annotated[
        str | None,
        typer.Option(help="When, 2020-09-06T10:30:00Z, for site.date and time.", show_default=False),
    ] = None,
    geoid: Annotated[
        float | None,
        typer.Option(
            help="Metres from the WGS84 ellipsoid up to the zero of site.vertical_datum.  [default: EGM96]",
            show_default=False,
        ),
    ] = None,
    ground: Annotated[bool, typer.Option("--ground/--no-ground", help="Rock, ramp, landing areas.")] = True,
) -> None:
    """Write a flown stunt for globes, 3D programs, tables: bodies and cameras in time."""
    from precipice.report.export.clip import read_rate
    from precipice.report.export.form import Wish, find_form, read_takeoff, refuse_wish
    from precipice.report.export.gather import gather
    from precipice.report.export.write import export as write
    from precipice.report.export.write import refuse_path

    form = find_form(to)
    moment = None if takeoff is None else read_takeoff(takeoff)
    wish = Wish(form, read_rate(fps), camera, moment, geoid, ground)
    path = run_folder[0] / f"flight{form.suffix}" if output is None else output
    refuse_path(path)
    refuse_wish(wish, len(run_folder) + (runs is not None))
    typer.echo(f"Saved {write(gather(run_folder, runs, say), wish, path)}")
