"""`precipice design-landing`: a landing on which every jump of a ramp-jump lands equally softly."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from precipice.cli.option import AsJson, print_json

if TYPE_CHECKING:
    import numpy as np


def design_landing(
    scenario: Annotated[Path, typer.Argument(help="A ramp-jump scenario.", show_default=False)],
    fall_height: Annotated[
        str, typer.Option(help='Equivalent fall height of every landing, such as "0.5 m".')
    ] = "0.5 m",
    fastest: Annotated[
        str | None,
        typer.Option(
            help="Fastest takeoff to catch.  [default: the planned one and three standard deviations]",
            show_default=False,
        ),
    ] = None,
    slowest: Annotated[
        str, typer.Option(help="Slowest takeoff to catch; 0 m/s builds back to the lip.")
    ] = "0 m/s",
    slope: Annotated[
        str | None,
        typer.Option(
            help="Of the ground beyond the lip, positive downhill.  [default: the run-up's]",
            show_default=False,
        ),
    ] = None,
    ground: Annotated[
        Path | None,
        typer.Option(
            help="Survey instead of a slope: CSV with distance and up from the lip, in metres.",
            show_default=False,
        ),
    ] = None,
    most_load: Annotated[
        str, typer.Option(help="In the transition to the ground, gravity's part included.")
    ] = "3 g_0",
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for landing.png, points.csv, landing_surface.toml, landing.json.", show_default=False
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Design the landing of a ramp-jump: one fall height for every speed."""
    from precipice.errors import InputError
    from precipice.scenario.load import load_scenario

    if out is not None and out.exists() and not out.is_dir():
        raise InputError(f"--out must be a folder, but {out} is a file: choose another name")
    if slope is not None and ground is not None:
        raise InputError("--ground must come without --slope, but both are given: leave one of them out")
    heights = _read("--fall-height", fall_height, "length")
    speeds = [
        None if text is None else _read(name, text, "speed")
        for name, text in (("--fastest", fastest), ("--slowest", slowest))
    ]
    load = _read("--most-load", most_load, "acceleration") / 9.80665
    falls = None if slope is None else _read("--slope", slope, "angle")
    survey = None if ground is None else _survey(ground)
    loaded = load_scenario(scenario)

    from precipice.planning.landing_plan import plan_landing
    from precipice.report.landing import landing_json, landing_text

    plan = plan_landing(
        loaded, heights, speed=speeds[0], slowest=speeds[1] or 0.0, slope=falls, survey=survey, most_load=load
    )
    if as_json:
        print_json(landing_json(plan))
    else:
        typer.echo(landing_text(plan), nl=False)
    if out is not None:
        from precipice.report.landing_files import save_landing

        paths = save_landing(plan, out)
        typer.echo(f"Saved {', '.join(path.name for path in paths)} in {out}", err=as_json)


def _read(option: str, text: str, dimension: str) -> float:
    from precipice.errors import InputError, RuleError
    from precipice.units import parse_quantity

    try:
        value = parse_quantity(text, dimension)
    except RuleError as error:
        raise InputError(f"{option} {error.rule}, but is {error.value}: {error.remedy}") from None
    if value < 0.0 and dimension != "angle":
        raise InputError(f"{option} must not be negative, but is {text}: take the minus away")
    return value


def _survey(path: Path) -> "np.ndarray":
    """Return distance and height of a surveyed profile, `(n, 2)` [m]."""
    import csv

    import numpy as np

    from precipice.errors import InputError

    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise InputError(
            f"{path} must be a readable CSV file, but is not ({reason}): check the path"
        ) from None
    found = []
    for number, row in enumerate(rows, 1):
        try:
            found.append([float(cell) for cell in row[:2]])
        except ValueError:
            if number > 1:
                raise InputError(
                    f"{path}: line {number} must be two numbers, but is {','.join(row)[:60]}: "
                    "write distance,up in metres below one line of names"
                ) from None
    rows_ok = [row for row in found if len(row) == 2]
    if len(rows_ok) < 2:
        raise InputError(f"{path} must have at least two points, but has {len(rows_ok)}: write one a line")
    return np.array(rows_ok)
