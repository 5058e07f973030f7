"""`precipice logs synthesize`: a season of logs whose truth is known."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from precipice.cli.progress import counted, say, stopped


def synthesize(
    scenario: Annotated[
        Path, typer.Argument(help="A ramp-jump, a skydive or a base-jump.", show_default=False)
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="New folder.", show_default=False)],
    jumps: Annotated[int, typer.Option(help="How many.", min=1, max=100_000)] = 20,
    seed: Annotated[int, typer.Option(help="Of the draws and of the sensors.", min=0)] = 0,
    gnss: Annotated[
        float | None,
        typer.Option(help="Receiver's rows in a second.  [default: 5; ramp-jump 25]", min=1, max=50),
    ] = None,
    imu: Annotated[
        float | None,
        typer.Option(help="Motion sensor's; 0 without.  [default: 40; ramp-jump 100]", min=0, max=200),
    ] = None,
    form: Annotated[
        Literal["flysight2", "plain"],
        typer.Option("--format", help="TRACK.CSV and SENSOR.CSV, or plain CSV."),
    ] = "flysight2",
) -> None:
    """Fly drawn runs and write them as a device would, with its errors: synthetic, never evidence."""
    from precipice.campaign.fly import fly
    from precipice.scenario.load import load_scenario
    from precipice.training.sensor import MotionSensor, Receiver, describe
    from precipice.training.synthesize import Devices
    from precipice.training.synthesize import synthesize as write

    loaded = load_scenario(scenario)
    ramp = loaded.kind == "ramp-jump"
    receiver = Receiver(rate=gnss or (25.0 if ramp else 5.0))
    rate = (100.0 if ramp else 40.0) if imu is None else imu
    devices = Devices(receiver, MotionSensor(rate=rate) if rate else None, form)
    # One performer, one motorcycle, one rig: what nobody has measured is the same in every jump.
    unfinished = f"{out} holds a part of a season without its truth: delete it and call it again"
    with stopped(unfinished), counted("writing", "jumps") as told:
        season = write(
            loaded, lambda run: fly(loaded, run, seed, say, constant_index=0), jumps, out, devices, told
        )
    typer.echo(
        f"{season.jumps} synthetic jumps in {len(season.files)} files in {out}; truth in {season.truth.name}"
    )
    for line in describe(receiver, devices.sensor):
        typer.echo(f"  {line}")
    for run, why in season.left_out:
        typer.echo(f"  run {run} is in no log: {why}")
