"""`precipice logs list`, `show`, `plot`: a logbook for people."""

from pathlib import Path
from typing import Annotated, Any

import typer

from precipice.errors import InputError, quote

Book = Annotated[Path, typer.Argument(help="Logbook, from precipice logs ingest.", show_default=False)]

Jump = Annotated[
    str | None,
    typer.Argument(help="End of a jump's file and number; without it, the season.", show_default=False),
]
Numbers = Annotated[
    list[str] | None, typer.Option(help="Numbers of the season to look at.", show_default=False)
]
Performer = Annotated[str | None, typer.Option(help="Only this performer's.", show_default=False)]
Kind = Annotated[
    str | None, typer.Option(help="Only jumps of this kind: skydive, base, ramp_jump.", show_default=False)
]
SHOWN = 8
"""Numbers in one picture."""


def list_jumps(logbook: Book) -> None:
    """List every jump of a logbook."""
    from precipice.report.season import list_page
    from precipice.training.logbook import load_logbook

    typer.echo(list_page(load_logbook(logbook)), nl=False)


def show(
    logbook: Book,
    jump: Jump = None,
    number: Numbers = None,
    performer: Performer = None,
    kind: Kind = None,
) -> None:
    """Show one jump, or how well a season's numbers are repeated: by performer and kind of jump."""
    from precipice.report.season import jump_page, part_words, skill_page
    from precipice.training.logbook import load_logbook

    book = load_logbook(logbook)
    if jump is not None:
        typer.echo(jump_page(_chosen(book, jump)), nl=False)
        return
    pages: list[str] = []
    for part in _parts(book, performer, kind):
        names = _names(part, number)
        body = skill_page(_skills(part, names)) if names else "too few jumps with a number in common\n"
        pages.append(f"{part_words(part)}\n\n{body}")
    typer.echo("\n".join(pages), nl=False)


def plot(
    logbook: Book,
    out: Annotated[Path, typer.Option("--out", "-o", help="PNG or SVG.", show_default=False)],
    jump: Jump = None,
    number: Numbers = None,
    performer: Performer = None,
    kind: Kind = None,
) -> None:
    """Draw one jump, or a season of one performer and kind of jump as control charts."""
    from precipice.report.season import part_words
    from precipice.report.season_picture import check_picture, save_jump_picture, save_season_picture
    from precipice.training.logbook import load_logbook

    check_picture(out)
    book = load_logbook(logbook)
    if jump is not None:
        save_jump_picture(_chosen(book, jump), out)
        typer.echo(f"Saved {out}")
        return
    part = _one(book, _parts(book, performer, kind))
    names = _names(part, number)
    if not names:
        raise InputError(
            f"{book.path} must hold three jumps with a number in common, but does not: read more"
        )
    save_season_picture(_skills(part, names[:SHOWN]), out, part_words(part))
    rest = f"; more with --number: {', '.join(names[SHOWN:])}" if len(names) > SHOWN else ""
    typer.echo(f"Saved {out}{rest}")


def _chosen(book: Any, jump: str) -> Any:
    from precipice.training.logbook import name_of

    whole = {f"{row['file']}#{row['jump']}": row for row in book.rows}
    found = [
        name
        for name, row in whole.items()
        if name == jump or name.endswith(f"/{jump}") or name_of(row) == jump
    ]
    found = found or [name for name in whole if name.endswith(jump)]
    if len(found) == 1:
        return whole[found[0]]
    if not found:
        raise InputError(
            f"jump must name one of {book.path}, but none fits {quote(jump)}: see precipice logs list"
        )
    named = ", ".join(found[:3]) + (" and more" if len(found) > 3 else "")
    raise InputError(
        f"jump must name one jump of {book.path}, but {quote(jump)} fits {len(found)}: write more of {named}"
    )


def _parts(book: Any, performer: str | None, kind: str | None) -> Any:
    from precipice.training.logbook import parts_of

    parts = parts_of(book)
    if not parts:
        raise InputError(f"{book.path} must hold jumps, but has none: read some with precipice logs ingest")
    for option, wanted in (("performer", performer), ("kind", kind)):
        there = sorted({getattr(part, option) or "nobody" for part in parts})
        if wanted is not None and wanted not in there:
            raise InputError(
                f"--{option} must be one of {', '.join(there)}, as {book.path} has, but is {quote(wanted)}: "
                "write one of these"
            )
    found = [
        part
        for part in parts
        if (performer is None or (part.performer or "nobody") == performer) and kind in (None, part.kind)
    ]
    if not found:
        raise InputError(f"{book.path} must hold {kind} jumps of {performer}, but has none: choose others")
    return found


def _one(book: Any, parts: Any) -> Any:
    """Return the only part, or the only one of real jumps."""
    from precipice.report.season import part_words

    chosen = [part for part in parts if not part.synthetic] or parts
    if len(chosen) != 1:
        named = "; ".join(part_words(part) for part in chosen)
        raise InputError(
            f"a picture must be of one performer and kind of jump, but {book.path} has {named}: choose with "
            "--performer and --kind"
        )
    return chosen[0]


def _names(part: Any, numbers: list[str] | None) -> list[str]:
    import numpy as np

    from precipice.report.season import SAID
    from precipice.training.logbook import NUMBERS

    for name in numbers or []:
        if name not in NUMBERS:
            raise InputError(
                f"--number must be one of {', '.join(NUMBERS)}, but is {quote(name)}: choose one"
            )
    least = 1 if numbers else 3
    return [name for name in numbers or SAID if np.sum(np.isfinite(part.logbook.column(name))) >= least]


def _skills(part: Any, names: list[str]) -> Any:
    from precipice.training.skill import find_skill

    return [find_skill(part.logbook, name) for name in names]
