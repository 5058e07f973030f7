"""`precipice site`: show a site's ground, and say what the data behind it cannot show."""

from pathlib import Path
from typing import Annotated

import typer

from precipice.cli.option import AsJson


def site(
    scenario: Annotated[Path, typer.Argument(help="The scenario file.", show_default=False)],
    out: Annotated[
        Path | None,
        typer.Option(help="A PNG file, or a folder for site.png and site.json.", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show a site: relief, slopes, wall, landing areas, and what its data cannot show."""
    import json

    from precipice.report.site_facts import site_facts
    from precipice.report.site_ground import ground_of
    from precipice.scenario.load import load_scenario

    loaded = load_scenario(scenario)
    ground = ground_of(loaded, say=lambda line: typer.echo(line, err=True))
    facts = site_facts(loaded, ground)
    text = json.dumps(facts, indent=2, ensure_ascii=False, allow_nan=False)
    if as_json:
        typer.echo(text)
    else:
        from precipice.report.site_text import site_text

        typer.echo(site_text(facts), nl=False)
    if out is not None:
        _save(out, text, facts, ground, loaded, as_json=as_json)


def _save(out: Path, text: str, facts: dict, ground: object, loaded: object, *, as_json: bool) -> None:
    from precipice.cli.file import write_whole
    from precipice.errors import InputError
    from precipice.report.site_picture import save_site_picture

    picture = out if out.suffix.lower() == ".png" else out / "site.png"
    try:
        picture.parent.mkdir(parents=True, exist_ok=True)
        save_site_picture(picture, facts, ground, loaded)  # type: ignore[arg-type]
    except OSError as error:
        reason = error.strerror or "an error"
        raise InputError(f"{out} must be writable, but is not ({reason}): choose another place") from None
    names = [picture.name]
    if picture != out:
        write_whole(out / "site.json", text + "\n", overwrite=True)
        names.append("site.json")
    typer.echo(f"Saved {', '.join(names)} in {picture.parent}", err=as_json)
