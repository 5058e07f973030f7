"""`precipice logs list`, `show`, `plot`: a logbook for people."""

from pathlib import Path
from typing import Annotated, Any

import typer

from precipice.errors import InputError

Book = Annotated[Path, typer.Argument(help="Logbook, from precipice logs ingest.", show_default=False)]

Jump = Annotated[
    str | None, typer.Argument(help="End of a jump's name; without it, the season.", show_default=False)
]
Numbers = Annotated[
    list[str] | None, typer.Option(help="Numbers of the season to look at.", show_default=False)
]


def list_jumps(logbook: Book) -> None:
    """List every jump of a logbook."""
    from precipice.report.season import list_page
    from precipice.training.logbook import load_logbook

    typer.echo(list_page(load_logbook(logbook)), nl=False)


def show(
    logbook: Book,
    jump: Jump = None,
    number: Numbers = None,
) -> None:
    """Show one jump, or how well a season's numbers are repeated."""
    from precipice.report.season import jump_page, skill_page
    from precipice.training.logbook import load_logbook

    book = load_logbook(logbook)
    if jump is not None:
        typer.echo(jump_page(_chosen(book, jump)), nl=False)
    else:
        typer.echo(skill_page(_skills(book, number)), nl=False)


def plot(
    logbook: Book,
    out: Annotated[Path, typer.Option("--out", "-o", help="PNG or SVG.", show_default=False)],
    jump: Jump = None,
    number: Numbers = None,
) -> None:
    """Draw one jump, or a season as control charts."""
    from precipice.report.season_picture import save_jump_picture, save_season_picture
    from precipice.training.logbook import load_logbook

    book = load_logbook(logbook)
    if jump is not None:
        save_jump_picture(_chosen(book, jump), out)
    else:
        made = any(row["synthetic"] for row in book.rows)
        save_season_picture(_skills(book, number)[:8], out, synthetic=made)
    typer.echo(f"Saved {out}")


def _chosen(book: Any, jump: str) -> Any:
    from precipice.training.logbook import name_of

    found = [row for row in book.rows if name_of(row).endswith(jump) or name_of(row).startswith(jump)]
    if len(found) != 1:
        raise InputError(
            f"jump must name one jump of {book.path}, but {len(found)} fit {jump}: see precipice logs list"
        )
    return found[0]


def _skills(book: Any, numbers: list[str] | None) -> Any:
    import numpy as np

    from precipice.report.season import SAID
    from precipice.training.skill import find_skill

    chosen = numbers or [name for name in SAID if np.sum(np.isfinite(book.column(name))) >= 3]
    if not chosen:
        raise InputError(
            f"{book.path} must hold three jumps with a number in common, but does not: read more"
        )
    return [find_skill(book, name) for name in chosen]
