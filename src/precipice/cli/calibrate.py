"""`precipice calibrate`: a scenario whose uncertain fields are what a logbook says."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from precipice.cli.file import check_new, write_whole
from precipice.cli.progress import counted, say, stopped

if TYPE_CHECKING:
    from precipice.scenario.scenario import Scenario


def calibrate(
    scenario: Annotated[Path, typer.Argument(help="The stunt.", show_default=False)],
    logbook: Annotated[Path, typer.Option(help="From precipice logs ingest.", show_default=False)],
    out: Annotated[Path, typer.Option("--out", help="New scenario file.", show_default=False)],
    rehearsed: Annotated[
        Path | None,
        typer.Option(
            help="Scenario of the rehearsal: ramp-jump, skydive, base-jump.  [default: the stunt itself]",
            show_default=False,
        ),
    ] = None,
    performer: Annotated[str | None, typer.Option(help="Use this performer's jumps.")] = None,
    synthetic: Annotated[
        bool, typer.Option("--synthetic", help="Use synthetic jumps: a test, never evidence.")
    ] = False,
    pictures: Annotated[bool, typer.Option("--pictures", help="Save a picture beside the file.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
) -> None:
    """Write a scenario again, its fields replaced by what the next jump will be, with their evidence."""
    import json

    from precipice.campaign.fly import fly
    from precipice.report.calibration import calibration_page
    from precipice.scenario.load import load_scenario
    from precipice.training.calibrate import calibrate as learn
    from precipice.training.calibrate import calibration_json
    from precipice.training.logbook import load_logbook
    from precipice.training.write_scenario import calibrated_text

    note, picture = out.with_suffix(".evidence.json"), out.with_suffix(".png")
    for path in (out, note, *([picture] if pictures else [])):
        check_new(path, overwrite=force)
    stunt = load_scenario(scenario)
    practice = None if rehearsed is None else load_scenario(rehearsed)
    book = load_logbook(logbook)
    if performer is not None:
        book = book.where(performer=performer)

    def flown(which: "Scenario", run: int):
        return fly(which, run, TRIAL_SEED, say)

    with stopped("nothing is written"), counted("flying trials", "runs") as told:
        found = learn(stunt, book, flown, practice, synthetic=synthetic, told=told)
    text = calibrated_text(stunt, found, str(out), note.name)
    write_whole(out, text, overwrite=force)
    content = json.dumps(calibration_json(found, stunt), indent=2, ensure_ascii=False, allow_nan=False)
    write_whole(note, content + "\n", overwrite=force)
    typer.echo(calibration_page(found, stunt), nl=False)
    if pictures and found.informed:
        from precipice.report.calibration_picture import save_calibration_picture

        save_calibration_picture(found, stunt, picture)
    names = [out.name, note.name, *([picture.name] if pictures and found.informed else [])]
    typer.echo(f"Saved {', '.join(names[:-1])} and {names[-1]} in {out.parent}")


TRIAL_SEED = 471_102
"""Of the runs that show how a log depends on the fields; apart from the seeds that people choose."""
