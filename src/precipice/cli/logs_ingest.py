"""`precipice logs ingest`: read a folder of logs into a logbook."""

from pathlib import Path
from typing import Annotated, get_args

import typer

from precipice.cli.progress import counted, stopped
from precipice.errors import InputError, quote


def ingest(
    folder: Annotated[Path, typer.Argument(help="Searched with everything below it.", show_default=False)],
    into: Annotated[Path, typer.Option(help="Logbook, such as season.parquet.", show_default=False)],
    rehearsal: Annotated[
        str | None,
        typer.Option(help="What was rehearsed.  [default: by the kind of jump]", show_default=False),
    ] = None,
    performer: Annotated[str, typer.Option(help="Whose logs these are.")] = "",
    gear: Annotated[str, typer.Option(help="What was worn or ridden.")] = "",
    workers: Annotated[
        int | None, typer.Option(help="Processes.  [default: one a core]", min=1, show_default=False)
    ] = None,
) -> None:
    """Read logs into a logbook: only what is new, with what was skipped and why."""
    from collections import Counter

    from precipice.scenario.quantity import Rehearsal
    from precipice.training.ingest import About
    from precipice.training.ingest import ingest as read

    words = get_args(Rehearsal)
    if rehearsal is not None and rehearsal not in words:
        raise InputError(
            f"--rehearsal must be one of {', '.join(words)}, but is {quote(rehearsal)}: write one of these"
        )
    kept = f"{into} is as it was: call it again" if into.exists() else f"{into} is not written: call it again"
    with stopped(kept), counted("reading", "files") as told:
        found = read(folder, into, About(rehearsal, performer, gear), workers, told)
    files = f"{found.read:,} file{'s' * (found.read != 1)} read, {found.known:,} known before"
    typer.echo(f"{files}; {found.new:,} new jump{'s' * (found.new != 1)}, {found.jumps:,} in {into}")
    reasons = Counter(why.split(":")[0] for _, why in found.skipped)
    for why, count in reasons.most_common():
        named = [Path(file).name for file, reason in found.skipped if reason.split(":")[0] == why]
        more = f" and {count - 3} more" if count > 3 else ""
        typer.echo(f"  without a jump, {count:,}: {why} ({', '.join(named[:3])}{more})")
