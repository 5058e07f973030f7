"""`precipice schema`: print the JSON Schema of the scenario file."""

from pathlib import Path
from typing import Annotated

import typer


def schema(
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write it to a file instead.", show_default=False)
    ] = None,
    table: Annotated[bool, typer.Option("--table", help="A Markdown table of all fields instead.")] = False,
) -> None:
    """Print the JSON Schema of the scenario file, for editors."""
    if table:
        from precipice.scenario.reference import field_tables

        text = field_tables()
    else:
        import json

        from precipice.scenario.schema import scenario_schema

        text = json.dumps(scenario_schema(), indent=1, ensure_ascii=False) + "\n"
    if out is None:
        typer.echo(text, nl=False)
        return
    from precipice.cli.file import write_whole

    write_whole(out, text, overwrite=True)
    typer.echo(f"{out}: written. Begin a scenario with the line  #:schema ./{out.name}")
