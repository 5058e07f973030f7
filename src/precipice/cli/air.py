"""`precipice air`: show the air and the wind of a scenario, or of a weather file."""

from pathlib import Path
from typing import Annotated, Any

import typer

from precipice.cli.option import AsJson, print_json
from precipice.errors import InputError


def air(
    what: Annotated[
        Path,
        typer.Argument(
            metavar="SCENARIO|FILE", help="A scenario (.toml) or a weather file.", show_default=False
        ),
    ],
    out: Annotated[Path | None, typer.Option(help="Draw it into this PNG.", show_default=False)] = None,
    as_json: AsJson = False,
    time: Annotated[
        str | None, typer.Option(help="For a file: such as 2020-09-06T10:30+02:00.", show_default=False)
    ] = None,
    latitude: Annotated[
        float | None, typer.Option(help="For a file: degrees.", min=-90, max=90, show_default=False)
    ] = None,
    longitude: Annotated[
        float | None, typer.Option(help="For a file: degrees.", min=-180, max=360, show_default=False)
    ] = None,
    altitude: Annotated[
        float | None, typer.Option(help="For a METAR: the station's, metres.", show_default=False)
    ] = None,
    station: Annotated[
        str | None, typer.Option(help="For METARs: its four letters.", show_default=False)
    ] = None,
) -> None:
    """Show density and wind over altitude: what a stunt flies in, or what a weather file holds."""
    from precipice.report.air import air_json, air_of_file, air_of_scenario, air_text

    chosen = {
        "--time": time,
        "--latitude": latitude,
        "--longitude": longitude,
        "--altitude": altitude,
        "--station": station,
    }
    if what.suffix == ".toml":
        from precipice.scenario.load import load_scenario

        given = [name for name, value in chosen.items() if value is not None]
        if given:
            raise InputError(f"{given[0]} must come with a weather file, but {what} is a scenario: remove it")
        shown = air_of_scenario(load_scenario(what))
    else:
        shown = air_of_file(what, _request(time, latitude, longitude, altitude, station))
    if out is not None:
        from precipice.report.air_picture import save_air

        save_air(shown, out)
    if as_json:
        print_json(air_json(shown))
    else:
        typer.echo(air_text(shown), nl=False)
    if out is not None:
        typer.echo(f"Saved {out}", err=as_json)


def _request(
    time: str | None,
    latitude: float | None,
    longitude: float | None,
    altitude: float | None,
    station: str | None,
) -> Any:
    import datetime as dt
    import math

    from precipice.scenario.weather.sounding import Request

    moment = None
    if time is not None:
        try:
            moment = dt.datetime.fromisoformat(time)
        except ValueError:
            rule = f"--time must be a date and a time, but is {time}"
            raise InputError(f"{rule}: write such as 2020-09-06T10:30+02:00") from None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    north, east = (None if degrees is None else math.radians(degrees) for degrees in (latitude, longitude))
    return Request(moment, north, east, altitude, station)
