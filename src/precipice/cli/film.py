"""`precipice film`: a flown stunt as a film, or single pictures of it."""

from pathlib import Path
from typing import Annotated

import typer


def film(
    run_folder: Annotated[
        Path,
        typer.Argument(help="Of fly --out, or of assess --out with --run.", show_default=False),
    ],
    camera: Annotated[
        str,
        typer.Option(help="One of the scenario's, or orbit, chase, performer, top, landing."),
    ] = "orbit",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            "--out",
            help="File: .mp4, .mov, .mkv; with --still .png.  [default: film.mp4 or still.png in the folder]",
            show_default=False,
        ),
    ] = None,
    since: Annotated[
        float | None,
        typer.Option(
            "--from", help="Seconds from takeoff or exit, negative before.  [default: -3]", show_default=False
        ),
    ] = None,
    until: Annotated[
        float | None,
        typer.Option(
            "--to",
            help="Seconds from takeoff or exit.  [default: 5 after the canopy is open, or the end]",
            show_default=False,
        ),
    ] = None,
    fps: Annotated[str, typer.Option(help="Pictures a second: 24, 25, 23.976.")] = "24",
    size: Annotated[str, typer.Option(help="Columns x rows.")] = "1280x720",
    still: Annotated[
        list[float] | None,
        typer.Option(
            help="A single picture at these seconds from takeoff or exit; may be repeated.",
            show_default=False,
        ),
    ] = None,
    run: Annotated[
        int | None,
        typer.Option(help="Of a campaign's folder: fly this run again.", min=0, show_default=False),
    ] = None,
) -> None:
    """Film a flown stunt as one of its cameras sees it: rock hides what is behind it."""
    from precipice.cli.progress import counted, say
    from precipice.errors import IncompleteError
    from precipice.report.export.clip import read_rate
    from precipice.report.film.save import Wish, read_flight, read_size, refuse_wish, save_film

    stills = tuple(still or ())
    wish = Wish(camera, read_size(size), read_rate(fps), since, until, stills)
    path = run_folder / ("still.png" if stills else "film.mp4") if output is None else output
    if output is not None or run_folder.is_dir():
        refuse_wish(wish, path)
    try:
        flown, scenario = read_flight(run_folder, run, say)
        with counted("filming", "pictures") as tell:
            files = save_film(flown, scenario, wish, path, tell)
    except KeyboardInterrupt:
        raise IncompleteError("stopped; nothing is kept of the film") from None
    for file in files:
        typer.echo(f"Saved {file}")
