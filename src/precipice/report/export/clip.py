"""A run frame by frame: bodies and cameras at the same times, ready for any writer."""

import datetime as dt
import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from precipice.errors import InputError, quote
from precipice.report.export.camera import Shot, shoot
from precipice.report.export.rotation import between, continuous, rotate
from precipice.report.export.shape import Box, shape_of
from precipice.report.scene import flown, resample, zero_time
from precipice.scenario.scenario import Scenario
from precipice.simulation.kind import RIDING
from precipice.simulation.run import Run
from precipice.simulation.track import Track

MOST_FRAMES = 100_000
FIRST_FRAME = 1
_FILM = {round(n * 1000 / 1001, digits): Fraction(n * 1000, 1001) for n in (24, 30, 60) for digits in (2, 3)}


@dataclass(frozen=True)
class Moving:
    """A body over all frames.

    Attributes:
        name: "performer", "motorcycle", "vehicle", "body" or "canopy".
        shape: Boxes in its own axes.
        position: Of its own centre of mass, east-north-up, `(n, 3)` [m].
        velocity: `(n, 3)` [m/s].
        attitude: Scalar first, forward-left-up to east-north-up, `(n, 4)`; neighbours have like signs.
        phase: `(n,)`.
        shown: Whether it is there, `(n,)`.
    """

    name: str
    shape: tuple[Box, ...]
    position: np.ndarray
    velocity: np.ndarray
    attitude: np.ndarray
    phase: np.ndarray
    shown: np.ndarray


@dataclass(frozen=True)
class Clip:
    """A run frame by frame.

    Attributes:
        run: What happened.
        scenario: What was decided.
        rate: Frames a second.
        time: Of each frame, as in the run's files, `(n,)` [s].
        zero: Time from which a person counts, which falls on a frame [s]; None if it never came.
        bodies: The one that the stunt is about first.
        cameras: In the scenario's order.
    """

    run: Run
    scenario: Scenario
    rate: Fraction
    time: np.ndarray
    zero: float | None
    bodies: tuple[Moving, ...]
    cameras: tuple[Shot, ...]

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


def build_clip(run: Run, scenario: Scenario, rate: Fraction = Fraction(24)) -> Clip:
    """Return a run frame by frame; takeoff or exit falls on a frame.

    Args:
        run: What happened.
        scenario: What was decided.
        rate: Frames a second.

    Raises:
        InputError: When it has more than `MOST_FRAMES`.
    """
    zero = zero_time(run)
    tracks = run.tracks
    start, end = (pick(float(t.t[k]) for t in tracks.values()) for pick, k in ((min, 0), (max, -1)))
    anchor = start if zero is None else zero
    first = math.floor((start - anchor) * rate + 1e-6)
    count = math.ceil((end - anchor) * rate - 1e-6) - first + 1
    if count > MOST_FRAMES:
        most = MOST_FRAMES / (end - start)
        raise InputError(
            f"--fps must give at most {MOST_FRAMES} frames, but {float(rate):g} gives {count} for "
            f"{end - start:.0f} s: choose {math.floor(most)} or fewer"
        )
    time = anchor + (first + np.arange(count)) / float(rate)
    bodies = [_body(name, track, run, scenario, time) for name, track in tracks.items()]
    places = {body.name: body.position for body in bodies}
    cameras = tuple(
        shoot(camera, k, run, scenario, places, count) for k, camera in enumerate(scenario.site.camera)
    )
    under = bodies[0].phase == "canopy"
    if np.any(under):
        bodies.append(_canopy(bodies[0], run, scenario, under))
    return Clip(run, scenario, rate, time, zero, tuple(bodies), cameras)


def _body(name: str, track: Track, run: Run, scenario: Scenario, time: np.ndarray) -> Moving:
    held = np.clip(time, track.t[0], track.t[-1])
    k = np.clip(np.searchsorted(track.t, held, side="right") - 1, 0, len(track.t) - 2)
    width = track.t[k + 1] - track.t[k]
    share = (held - track.t[k]) / np.where(width > 0.0, width, 1.0)
    attitude = continuous(between(track.attitude[k], track.attitude[k + 1], share))
    velocity = track.velocity[k] + share[:, None] * (track.velocity[k + 1] - track.velocity[k])
    velocity = np.where((time > track.t[-1])[:, None], 0.0, velocity)
    phase = track.phase[k]
    raised = np.where(np.isin(phase, RIDING), _above_both(name, run, scenario), 0.0)
    position = resample(track, held) + rotate(attitude, raised[:, None] * np.array([0.0, 0.0, 1.0]))
    shape = shape_of(name, run, scenario)
    return Moving(name, shape, position, velocity, attitude, phase, np.ones(len(time), bool))


def _above_both(name: str, run: Run, scenario: Scenario) -> float:
    """Return how far a body's centre of mass is above that of rider and motorcycle together [m].

    While they ride, a track is of both; each is put where the separation finds it.
    Source: heights of the centres of mass with and without the rider, in the scenario.
    """
    if run.motorcycle is None or scenario.motorcycle is None:
        return 0.0
    both, own = (flown(run, scenario, f"motorcycle.{n}") for n in ("cg_height", "own_cg_height"))
    if name == "motorcycle":
        return own - both
    ratio = flown(run, scenario, "motorcycle.mass") / flown(run, scenario, "performer.mass", 1.0)
    return ratio * (both - own)


def _canopy(below: Moving, run: Run, scenario: Scenario, shown: np.ndarray) -> Moving:
    shape = shape_of("canopy", run, scenario)
    return Moving("canopy", shape, below.position, below.velocity, below.attitude, below.phase, shown)
