"""Telling on standard error how far a long work is, and how to go on when it is stopped."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from precipice.errors import IncompleteError

if TYPE_CHECKING:
    from precipice.campaign.campaign import Progress as Flown
    from precipice.risk.assess import Told


def say(line: str) -> None:
    """Print a line on standard error."""
    typer.echo(line, err=True)


@contextmanager
def interruptible(out: Path | None) -> Iterator[None]:
    """Say after Ctrl-C how to go on."""
    try:
        yield
    except KeyboardInterrupt:
        if out is None:
            raise IncompleteError("stopped; nothing is kept without --out") from None
        raise IncompleteError(f"stopped; what is flown is kept: go on with --out {out} --resume") from None


@contextmanager
def stopped(told: str) -> Iterator[None]:
    """Say after Ctrl-C what is there now.

    Args:
        told: A sentence's end, such as "the logbook is as it was".
    """
    try:
        yield
    except KeyboardInterrupt:
        raise IncompleteError(f"stopped; {told}") from None


@contextmanager
def progress() -> "Iterator[Told]":
    """Show how far it is, with rate and time left, where a person looks on; one line a stage elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TextColumn

    console = Console(stderr=True)
    if not sys.stderr.isatty():
        stages: set[str] = set()

        def tell(what: str, flown: "Flown") -> None:
            if what not in stages:
                stages.add(what)
                typer.echo(f"{what}: {flown.runs:,} run{'' if flown.runs == 1 else 's'}", err=True)

        yield tell
        return
    words = "{task.description} {task.completed:,.0f} of {task.total:,.0f} runs {task.fields[pace]}"
    with Progress(TextColumn(words), BarColumn(), console=console, transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def show(what: str, flown: "Flown") -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=flown.runs, pace="")
            pace = f"{flown.rate:,.0f} a second, {flown.left:.0f} s left" if flown.rate else ""
            bar.update(tasks[what], completed=flown.done, total=flown.runs, pace=pace)

        yield show


@contextmanager
def counted(what: str, things: str) -> "Iterator[Callable[[int, int], None]]":
    """Show how many of how many are done, where a person looks on; nothing elsewhere.

    Args:
        what: Is being done, "reading".
        things: That are counted, "files".
    """
    if not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    words = f"{{task.description}} {{task.completed:,.0f}} of {{task.total:,.0f}} {things}"
    columns = (TextColumn(words), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
