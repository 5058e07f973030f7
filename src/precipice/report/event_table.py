"""The table of events in a timeline."""

from precipice.report.scene import distance_out, ground_height, low_word, origin_word, zero_time, zero_word
from precipice.report.words import number
from precipice.scenario.kind import MAIN, RAMP
from precipice.scenario.scenario import Scenario
from precipice.simulation.event import Event
from precipice.simulation.run import Run
from precipice.simulation.track import Track

_WIDTHS = (8, 9, -28, 10, 9, 10, 6, 6, 7, 7)
"""Of the columns of the table of events; negative is to the left."""
_HEADS = (
    ("from", "from", "", "height", "above", "out", "", "speed", "load", "vert."),
    ("{zero}", "start", "  event", "ground", "{low}", "from {origin}", "", "", "", "speed"),
    ("s", "s", "", "m", "m", "m", "m/s", "km/h", "g", "m/s"),
)


def event_table(run: Run, scenario: Scenario) -> list[str]:
    """Return the events as lines of at most 100 columns, with the units above.

    Args:
        run: What happened.
        scenario: Gives the direction out from the lip.
    """
    zero = zero_time(run)
    where = f"height above ground: over the rock straight below; above {_low(run)}: over {low_word(run)}"
    return [*_heads(run), *(_row(event, run, scenario, zero) for event in run.events), f"  {where}"]


def _heads(run: Run) -> list[str]:
    words = {"zero": zero_word(run), "origin": origin_word(run), "low": _low(run)}
    return [_line(tuple(cell.format(**words) for cell in row)) for row in _HEADS]


def _low(run: Run) -> str:
    return "base" if run.kind in RAMP - MAIN else "area"


def _line(cells: tuple[str, ...]) -> str:
    sized = zip(cells, _WIDTHS, strict=True)
    return "".join(f"{cell:>{width}}" if width > 0 else f"{cell:<{-width}}" for cell, width in sized).rstrip()


def _row(event: Event, run: Run, scenario: Scenario, zero: float | None) -> str:
    return _line(
        (
            number(None if zero is None else event.t - zero, 2, sign=True),
            number(event.t, 2),
            f"  {event.name}",
            *event_numbers(event, run, scenario),
        )
    )


def event_numbers(event: Event, run: Run, scenario: Scenario) -> list[str]:
    """Return height above ground and area, distance out, speed in both units, load and climb at an event.

    Args:
        event: What happened.
        run: In which.
        scenario: What was decided.
    """
    return [
        number(ground_height(_track(run, event.body), event.t)),
        number(event.height),
        number(float(distance_out(run, scenario, event.position))),
        number(event.speed),
        number(3.6 * event.speed, 0),
        number(event.load, 2),
        number(event.velocity[2], sign=True),
    ]


def _track(run: Run, body: str) -> Track:
    return run.tracks[body]
