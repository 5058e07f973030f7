"""Options that several commands have."""

from typing import Annotated, Any

import typer

Workers = Annotated[int | None, typer.Option(help="Processes.  [default: one a core]", show_default=False)]
Cluster = Annotated[
    str | None,
    typer.Option(help='Dask scheduler, "tcp://host:port", or "local" to start one.', show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def print_json(data: Any) -> None:
    """Print data as one JSON object.

    Args:
        data: Plain: no NaN, no infinity.
    """
    import json

    typer.echo(json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False))
