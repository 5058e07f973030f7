"""A run frame by frame: bodies and cameras at the same times, ready for any writer."""

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from precipice.errors import InputError, quote
from precipice.report.export.camera import Shot, shoot
from precipice.report.export.moving import Moving, bodies_of
from precipice.report.scene import zero_time
from precipice.scenario.scenario import Scenario
from precipice.simulation.run import Run

MOST_FRAMES = 100_000
MOST_ROWS = 3_000_000
"""Frames times bodies of all runs; about 300 MB of text."""
FIRST_FRAME = 1
_FILM = {round(n * 1000 / 1001, digits): Fraction(n * 1000, 1001) for n in (24, 30, 60) for digits in (2, 3)}


@dataclass(frozen=True)
class Clip:
    """A run frame by frame, with others beside it that take off at the same time.

    Attributes:
        run: What happened.
        scenario: What was decided.
        rate: Frames a second.
        time: Of each frame, as in the run's files, `(n,)` [s].
        zero: Time from which a person counts, which falls on a frame [s]; None if it never came.
        bodies: The one that the stunt is about first; those of other runs last.
        cameras: In the scenario's order.
        others: Other runs by their names.
    """

    run: Run
    scenario: Scenario
    rate: Fraction
    time: np.ndarray
    zero: float | None
    bodies: tuple[Moving, ...]
    cameras: tuple[Shot, ...]
    others: Mapping[str, Run] = field(default_factory=dict)

    @property
    def frames(self) -> np.ndarray:
        """Numbers of the frames, from 1, `(n,)`."""
        return FIRST_FRAME + np.arange(len(self.time))

    @property
    def seconds(self) -> np.ndarray:
        """Seconds since the first frame, `(n,)`."""
        return np.arange(len(self.time)) / float(self.rate)

    @property
    def zero_frame(self) -> int | None:
        """Frame of takeoff or exit."""
        return None if self.zero is None else FIRST_FRAME + round((self.zero - self.time[0]) * self.rate)

    def start(self, takeoff: dt.datetime | None = None) -> dt.datetime | None:
        """Return when the first frame is, in UTC; None where nobody says when the stunt is.

        The scenario's date and time are those of takeoff or exit, or, if it never came, of the start.

        Args:
            takeoff: In place of the scenario's.
        """
        moment = takeoff or self.scenario.takeoff_time()
        if moment is None:
            return None
        before = 0.0 if self.zero is None else self.zero - self.time[0]
        return moment.astimezone(dt.UTC) - dt.timedelta(seconds=before)


def read_rate(text: str) -> Fraction:
    """Return frames a second: "24", "23.976" (which means 24000/1001), "30000/1001".

    Raises:
        InputError: When it is none between 1/60 and 1000.
    """
    try:
        rate = Fraction(text)
    except (ValueError, ZeroDivisionError):
        rate = Fraction(0)
    rate = _FILM.get(round(float(rate), 3), rate)
    if not Fraction(1, 60) <= rate <= 1000:
        raise InputError(
            f"--fps must be frames a second from 1/60 to 1000, but is {quote(text)}: write 24, 25 or 23.976"
        )
    return rate


def build_clip(
    run: Run, scenario: Scenario, rate: Fraction = Fraction(24), others: Mapping[str, Run] | None = None
) -> Clip:
    """Return a run frame by frame; takeoff or exit falls on a frame.

    Args:
        run: What happened; cameras follow it.
        scenario: What was decided.
        rate: Frames a second.
        others: More runs of the scenario by their names; each is put at the first one's lip and takeoff.

    Raises:
        InputError: When it has more than `MOST_FRAMES`, or all bodies together more than `MOST_ROWS`.
    """
    others = dict(others or {})
    zero, start = zero_time(run), _span(run)[0]
    later = {"": 0.0, **{name: _later(other, run) for name, other in others.items()}}
    runs = {"": run, **others}
    spans = np.array([_span(each) for each in runs.values()]) - np.array([*later.values()])[:, None]
    anchor = start if zero is None else zero
    first = math.floor((float(spans[:, 0].min()) - anchor) * rate + 1e-6)
    count = math.ceil((float(spans[:, 1].max()) - anchor) * rate - 1e-6) - first + 1
    _refuse_many(count, sum(len(each.tracks) for each in runs.values()), rate)
    time = anchor + (first + np.arange(count)) / float(rate)
    bodies = {name: bodies_of(each, scenario, time + later[name], name) for name, each in runs.items()}
    places = {body.name: body.position for body in bodies[""]}
    cameras = tuple(
        shoot(camera, k, run, scenario, places, count) for k, camera in enumerate(scenario.site.camera)
    )
    every = tuple(body for each in bodies.values() for body in each)
    return Clip(run, scenario, rate, time, zero, every, cameras, others)


def _span(run: Run) -> tuple[float, float]:
    """Return when the first of a run's bodies starts and the last ends [s]."""
    times = [track.t for track in run.tracks.values()]
    return min(float(t[0]) for t in times), max(float(t[-1]) for t in times)


def _later(run: Run, first: Run) -> float:
    """Return by how much a run's clock is ahead when both take off, or, if one never does, both start [s]."""
    own, its = zero_time(run), zero_time(first)
    if own is None or its is None:
        own, its = _span(run)[0], _span(first)[0]
    return own - its


def _refuse_many(count: int, bodies: int, rate: Fraction) -> None:
    most = min(MOST_FRAMES, MOST_ROWS // bodies)
    if count > most:
        # Both ends are rounded outwards to whole frames.
        fewer = math.floor(1e2 * (most - 3) / count * rate) / 1e2
        runs = "" if most == MOST_FRAMES else f" of {bodies} bodies, or fewer runs"
        raise InputError(
            f"--fps must give at most {most} frames{runs}, but {float(rate):g} gives {count}: "
            f"choose {fewer:g} or fewer"
        )
