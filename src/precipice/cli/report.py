"""`precipice report`: a run folder as a page to read, and as a PDF."""

from pathlib import Path
from typing import Annotated

import typer


def report(
    folder: Annotated[
        Path,
        typer.Argument(metavar="RUN_FOLDER", help="Of assess --out or fly --out.", show_default=False),
    ],
    pdf: Annotated[bool, typer.Option("--pdf", help="A PDF of a few pages, too.")] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            "--out",
            help="The HTML file.  [default: report.html in the folder]",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Write the report of a campaign or a flight: verdict, pictures, assumptions, rider card."""
    from precipice.cli.progress import say
    from precipice.report.document.save import save_report

    for path in save_report(folder, output, pdf=pdf, say=say):
        typer.echo(f"Saved {path}")
