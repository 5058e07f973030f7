"""A run as pictures: what a camera sees at each time, with what a person wants to know under it."""

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from precipice.errors import InputError
from precipice.report.export.camera import Shot, shoot
from precipice.report.export.moving import Moving, bodies_of
from precipice.report.film.bar import Words, write_over
from precipice.report.film.canvas import FINE, Canvas, View
from precipice.report.film.cast import Cast, bodies_at, build_cast
from precipice.report.film.eye import Eye, open_eye
from precipice.report.film.light import sun_way
from precipice.report.film.painter import FAR, Painter, Patterns, draw_sky, keep_patterns
from precipice.report.film.rock import Rock, build_rock
from precipice.report.film.setting import Setting, aircraft_solids, build_setting, camera_solids
from precipice.report.film.shadow import shadow, trail, with_deck
from precipice.report.film.solid import join
from precipice.report.palette import STRETCHES, riderless, rows_of
from precipice.report.scene import out_bearing, resample, zero_time, zero_word
from precipice.scenario.scenario import Scenario
from precipice.simulation.kind import RIDING
from precipice.simulation.run import Run
from precipice.simulation.track import Track

Tell = Callable[[int, int], object]
TRAIL_STEP = 0.08
"""Between the points of a trail [s]."""
FAINT = 0.55
BARE = (0.95, 0.95, 0.92)
"""Trail of a motorcycle that nobody rides."""


class Span(NamedTuple):
    """Times that can be shown, on the run's clock: first and last [s], and the one that counts as zero."""

    first: float
    last: float
    zero: float

    def clock(self, since: float) -> float:
        """Return the run's clock at seconds after takeoff or exit [s]."""
        return self.zero + since


def span_of(run: Run) -> Span:
    """Return the times of a run that can be shown."""
    times = [track.t for track in run.tracks.values()]
    zero = zero_time(run)
    first, last = min(float(t[0]) for t in times), max(float(t[-1]) for t in times)
    return Span(first, last, first if zero is None else zero)


@dataclass(frozen=True)
class Stage:
    """A run, ready to be filmed.

    Attributes:
        run: What happened.
        scenario: What was decided.
        rock: The ground.
        setting: What stands on it.
        cast: What the bodies look like.
    """

    run: Run
    scenario: Scenario
    rock: Rock
    setting: Setting
    cast: Cast

    @cached_property
    def painter(self) -> Painter:
        """What draws it."""
        return Painter(self.rock.solids, self.setting.still, sun_way(out_bearing(self.run, self.scenario)))

    @cached_property
    def trails(self) -> list[tuple[np.ndarray, np.ndarray, tuple[float, float, float]]]:
        """Times, places and colour of the parts of each path."""
        found = []
        for name, track in self.run.tracks.items():
            if name == "motorcycle":
                found += _part(track, riderless(track), BARE)
            else:
                for stretch in STRETCHES:
                    colour = tuple(int(stretch.colour[k : k + 2], 16) / 255.0 for k in (1, 3, 5))
                    found += _part(track, rows_of(track, stretch), (colour[0], colour[1], colour[2]))
        return found


def _part(
    track: Track, rows: np.ndarray, colour: tuple[float, float, float]
) -> list[tuple[np.ndarray, np.ndarray, tuple[float, float, float]]]:
    if np.count_nonzero(rows) < 2:
        return []
    first, last = track.t[rows][0], track.t[rows][-1]
    count = min(1_500, max(2, math.ceil((last - first) / TRAIL_STEP)))
    time = np.linspace(first, last, count)
    return [(time, resample(track, time), colour)]


def build_stage(run: Run, scenario: Scenario) -> Stage:
    """Return a run, ready to be filmed.

    Raises:
        InputError: When the ground of its survey is not at hand.
    """
    rock = build_rock(run, scenario)
    cast = build_cast(run, scenario, with_deck(rock.top, run, scenario))
    return Stage(run, scenario, rock, build_setting(run, scenario, rock.top), cast)


@dataclass(frozen=True)
class Take:
    """A camera at given times.

    Attributes:
        stage: What is filmed.
        time: On the run's clock, `(n,)` [s].
        bodies: At those times.
        shots: The scenario's cameras, which may see each other.
        eye: The one that films.
        size: Columns and rows of the picture.
    """

    stage: Stage
    time: np.ndarray
    bodies: list[Moving]
    shots: list[Shot]
    eye: Eye
    size: tuple[int, int]

    @property
    def aspect(self) -> float:
        """Width over height of the picture."""
        return self.size[0] / self.size[1]

    def view(self, index: int) -> View:
        """Return what one picture shows."""
        return self.eye.view(index, self.aspect)

    def draw(self, canvas: Canvas, patterns: Patterns, index: int) -> np.ndarray:
        """Return one picture without words, with `FINE` samples a pixel each way, `(rows, columns, 3)`."""
        stage, view, now = self.stage, self.view(index), float(self.time[index])
        painter, run = stage.painter, stage.run
        since = now - span_of(run).zero
        solids = bodies_at(stage.cast, self.bodies, index, now, subject=self.eye.name != "performer")
        close = float(np.linalg.norm(self.bodies[0].position[index] - view.position))
        canvas.begin(view, 0.1 if self.eye.name == "performer" else min(max(0.15 * close, 0.3), 3.0), FAR)
        painter.still(canvas, view, patterns)
        draw_sky(canvas, view)
        for mark in stage.setting.marks:
            painter.mark(canvas, view, mark.solid, mark.opacity)
        there = [(solid, lies) for first, last, solid, lies in stage.setting.visits if first <= since <= last]
        for solid, lies in there:
            if lies:
                painter.mark(canvas, view, solid, 0.9)
        for body in [join(solids)] if self._together(index) and solids else solids:
            cast_on = shadow(body, painter.sun, stage.cast.deck)
            if cast_on:
                painter.mark(canvas, view, *cast_on)
        self._trails(canvas, view, now)
        solids += [solid for solid, lies in there if not lies]
        solids += camera_solids(self.shots, index, view.position, stage.rock.top)
        solids += aircraft_solids(stage.setting, since, view.position, run, stage.scenario)
        for solid in solids:
            painter.solid(canvas, view, solid)
        return canvas.read()

    def _together(self, index: int) -> bool:
        """Return whether the bodies are one: on the motorcycle."""
        return str(self.bodies[0].phase[index]) in RIDING

    def _trails(self, canvas: Canvas, view: View, now: float) -> None:
        # A camera on the path would look along it.
        if not self.eye.own and self.eye.name in ("performer", "chase"):
            return
        for time, places, colour in self.stage.trails:
            path = places[time <= now]
            if time[0] < now < time[-1]:
                path = np.vstack([path, [np.interp(now, time, places[:, k]) for k in range(3)]])
            found = trail(path, view, 1.6 / self.size[0] * max(1.0, self.size[1] / 720.0), colour)
            if found is not None:
                self.stage.painter.mark(canvas, view, found, FAINT)

    def words(self, index: int) -> Words:
        """Return what stands under one picture."""
        run, now, lens = self.stage.run, float(self.time[index]), self.eye.lens
        subject, track = self.bodies[0], run.performer
        speed = float(np.linalg.norm(subject.velocity[index]))
        height = float(np.interp(now, track.t, track.height))
        frame = f"{1000.0 * lens.width:.1f} × {1000.0 * lens.height:.1f} mm"
        kind = "" if self.eye.own else "free camera, "
        zero = zero_time(run)
        since = now - span_of(run).zero
        count = f"T{'−' if round(since, 2) < 0.0 else '+'}{abs(since):.2f} s"
        word = f"from {zero_word(run) if zero is not None else 'the start'}"
        which = "" if run.run is None else f" · run {run.run}"
        return Words(
            title=(self.stage.scenario.title or self.stage.scenario.file) + which,
            camera=f"{self.eye.name}: {kind}{1000.0 * lens.focal_length:.0f} mm, frame {frame}",
            time=count,
            phase=f"{word} · {subject.phase[index]}",
            speed=f"{speed:.1f} m/s ({3.6 * speed:.0f} km/h)",
            height=f"{height:.0f} m" if height >= 9.95 else f"{height:.1f} m".replace("-", "−"),
            mark="SIMULATED" if run.resolved else "SIMULATED · UNRESOLVED",
            alarm=not run.resolved,
        )

    def finish(self, samples: np.ndarray, index: int) -> np.ndarray:
        """Return a picture from its samples, with its words, `(rows, columns, 3)`."""
        rows, columns = self.size[1], self.size[0]
        cells = samples.reshape(rows, FINE, columns, FINE, 3)
        total = cells[:, 0, :, 0].astype(np.uint16)
        for y, x in ((0, 1), (1, 0), (1, 1)):
            total += cells[:, y, :, x]
        picture = ((total + 2) // (FINE * FINE)).astype(np.uint8)
        return write_over(picture, self.words(index), self.eye.frame(self.aspect))


def take(stage: Stage, camera: str, time: Sequence[float] | np.ndarray, size: tuple[int, int]) -> Take:
    """Return a camera at times.

    Args:
        stage: What is filmed.
        camera: From `eye.find_name`.
        time: On the run's clock, `(n,)` [s].
        size: Columns and rows of the picture.
    """
    run, scenario, time = stage.run, stage.scenario, np.asarray(time, float)
    bodies = bodies_of(run, scenario, time)
    places = {body.name: body.position for body in bodies}
    shots = [shoot(item, k, run, scenario, places, len(time)) for k, item in enumerate(scenario.site.camera)]
    eye = open_eye(camera, run, scenario, time, bodies, stage.rock.top, size[0] / size[1])
    return Take(stage, time, bodies, shots, eye, size)


def pictures(shot: Take, tell: Tell | None = None) -> Iterator[np.ndarray]:
    """Yield finished pictures in order; words are written while the next one is drawn.

    Args:
        shot: From `take`.
        tell: Told how many of how many are done.
    """
    count = len(shot.time)
    with Canvas(*shot.size) as canvas, ThreadPoolExecutor(1) as pool:
        waiting: Future[np.ndarray] | None = None
        patterns = keep_patterns(canvas)
        for index in range(count):
            samples = shot.draw(canvas, patterns, index)
            if waiting is not None:
                yield waiting.result()
            waiting = pool.submit(shot.finish, samples, index)
            if tell:
                tell(index, count)
        if waiting is not None:
            yield waiting.result()


def clock(span: Span, since: float, option: str) -> float:
    """Return a time after takeoff or exit on the run's clock [s].

    Args:
        span: Of the run.
        since: [s].
        option: That it was given with.

    Raises:
        InputError: When the run does not last from or until then.
    """
    low, high = span.first - span.zero, span.last - span.zero
    # Printed to a hundredth: what is printed may be typed.
    if not low - 0.005 <= since <= high + 0.005:
        raise InputError(
            f"{option} must lie within the run, {low:.2f} to {high:.2f} s, but is {since:g}: "
            "give seconds from takeoff or exit, negative before it"
        )
    return min(max(span.clock(since), span.first), span.last)
