"""Cameras of a film: the scenario's own, which stand and turn, and free ones that may fly along."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from precipice.errors import InputError, quote
from precipice.report.export.camera import Lens, camera_axes, shoot
from precipice.report.export.moving import Moving
from precipice.report.export.rotation import rotate
from precipice.report.film.canvas import View
from precipice.report.film.rock import Heights
from precipice.report.scene import areas, out_bearing, resample
from precipice.scenario.scenario import Scenario
from precipice.simulation.run import Run

FREE = ("orbit", "chase", "performer", "top", "landing")
"""Cameras that every stunt has."""
SENSOR = (0.036, 0.024)
"""Of the free ones [m]: full frame."""
FOCAL = {"orbit": 0.032, "chase": 0.024, "performer": 0.018, "top": 0.035, "landing": 0.050}
"""Focal lengths of the free ones [m]."""
ABOVE = 2.5
"""That a free camera stays above the ground [m]."""


@dataclass(frozen=True)
class Eye:
    """A camera at given times.

    Attributes:
        name: Of it.
        lens: What of the world its frame shows.
        position: East-north-up, `(n, 3)` [m].
        axes: Right, up and back as columns, `(n, 3, 3)`: it looks along minus the last.
        own: Whether it is the scenario's.
    """

    name: str
    lens: Lens
    position: np.ndarray
    axes: np.ndarray
    own: bool

    def view(self, index: int, aspect: float) -> View:
        """Return the picture of one time that just holds the camera's frame.

        Args:
            index: Which time.
            aspect: Width over height of the picture.
        """
        across, upright = (
            0.5 * side / self.lens.focal_length for side in (self.lens.width, self.lens.height)
        )
        if aspect > across / upright:
            across = upright * aspect
        else:
            upright = across / aspect
        return View(self.position[index], self.axes[index], across, upright)

    def frame(self, aspect: float) -> tuple[float, float]:
        """Return the frame's share of a picture's width and height; see `view`."""
        own = self.lens.width / self.lens.height
        return min(1.0, own / aspect), min(1.0, aspect / own)


def find_name(wanted: str, scenario: Scenario) -> str:
    """Return the name of a camera that there is.

    Raises:
        InputError: Naming those that there are.
    """
    there = [camera.name for camera in scenario.site.camera]
    if wanted in there or wanted in FREE:
        return wanted
    listed = ", ".join([*map(quote, there), *(name for name in FREE if name not in there)])
    raise InputError(f"--camera must be one of {listed}, but is {quote(wanted)}: name one of them")


def open_eye(
    name: str,
    run: Run,
    scenario: Scenario,
    time: np.ndarray,
    bodies: list[Moving],
    top: Heights,
    aspect: float,
) -> Eye:
    """Return a camera at times.

    Args:
        name: From `find_name`; the scenario's own come first.
        run: What happened.
        scenario: What was decided.
        time: Of the run's clock, `(n,)` [s].
        bodies: At those times, the one that the stunt is about first.
        top: Height of the ground.
        aspect: Of the picture, which is a free camera's frame.
    """
    places = {body.name: body.position for body in bodies}
    for index, camera in enumerate(scenario.site.camera):
        if camera.name == name:
            shot = shoot(camera, index, run, scenario, _with_end(places, run, name=camera.aim), len(time))
            position = np.tile(shot.position, (len(time), 1))
            return Eye(name, shot.lens, position, shot.axes, own=True)
    lens = Lens(FOCAL[name], SENSOR[0], SENSOR[0] / aspect)
    scene = _Scene(run, scenario, np.asarray(time, float), bodies[0])
    position, way = _FREE[name](scene)
    axes = _north_up(len(time)) if name == "top" else camera_axes(way)
    if name != "performer":
        ground = np.asarray(top(position[:, 0], position[:, 1]), float) + ABOVE
        high = np.fmax(position[:, 2], ground)
        lifted = np.column_stack([position[:, :2], high])
        if name != "top":
            # Where it was lifted it looks at the same place.
            axes = camera_axes(position + way - lifted)
        position = lifted
    return Eye(name, lens, position, axes, own=False)


def _with_end(places: dict[str, np.ndarray], run: Run, name: str) -> dict[str, np.ndarray]:
    """Return places whose last row is where the run ends: there a camera looks that waits for a landing."""
    if name != "landing":
        return places
    first = next(iter(places))
    ends = places[first].copy()
    ends[-1] = run.performer.position[-1]
    return {**places, first: ends}


@dataclass(frozen=True)
class _Scene:
    """What free cameras go by."""

    run: Run
    scenario: Scenario
    time: np.ndarray
    subject: Moving

    @property
    def out(self) -> np.ndarray:
        bearing = out_bearing(self.run, self.scenario)
        return np.array([math.sin(bearing), math.cos(bearing), 0.0])

    def going(self) -> np.ndarray:
        """Return which way it goes on the map over two seconds, of length 1, `(n, 3)`."""
        track = self.run.performer
        way = resample(track, self.time + 0.8) - resample(track, self.time - 1.2)
        # A vertical fall has no way: it keeps the stunt's.
        level = way * [1.0, 1.0, 0.0] + 2.0 * self.out
        return level / np.maximum(np.linalg.norm(level, axis=1, keepdims=True), 1e-9)


def _wide(scene: _Scene) -> np.ndarray:
    """Return how much room a canopy needs, 0 to 1, `(n, 1)`: from three seconds after line stretch all."""
    stretch = scene.run.event("line stretch")
    share = (
        np.zeros(len(scene.time)) if stretch is None else np.clip((scene.time - stretch.t) / 3.0, 0.0, 1.0)
    )
    return (share * share * (3.0 - 2.0 * share))[:, None]


def _orbit(scene: _Scene) -> tuple[np.ndarray, np.ndarray]:
    """Return places and looks of a camera that swings around in the air before the rock."""
    turn = 0.95 + 0.30 * np.sin(2.0 * math.pi * scene.time / 40.0)
    bearing = out_bearing(scene.run, scene.scenario) + turn
    away = np.stack([np.sin(bearing), np.cos(bearing), np.full(len(turn), 0.22)], axis=1)
    away = (21.0 + 9.0 * _wide(scene)) * away
    return scene.subject.position + away, 2.6 * _wide(scene) * np.array([0.0, 0.0, 1.0]) - away


def _chase(scene: _Scene) -> tuple[np.ndarray, np.ndarray]:
    going, wide, up = scene.going(), _wide(scene), np.array([0.0, 0.0, 1.0])
    position = scene.subject.position - (11.0 + 7.0 * wide) * going + (4.0 + 2.5 * wide) * up
    return position, scene.subject.position + 3.0 * going + (0.6 + 2.6 * wide) * up - position


def _performer(scene: _Scene) -> tuple[np.ndarray, np.ndarray]:
    """Return what a camera on the helmet sees: from the head, along the way."""
    body = scene.subject
    head = body.position + rotate(body.attitude, np.broadcast_to([0.16, 0.0, 0.72], body.position.shape))
    speed = np.linalg.norm(body.velocity, axis=1, keepdims=True)
    ahead = np.where(speed > 3.0, body.velocity / np.maximum(speed, 1e-9), scene.going())
    return head, ahead + 0.6 * scene.going()


def _top(scene: _Scene) -> tuple[np.ndarray, np.ndarray]:
    return scene.subject.position + np.array([0.0, 0.0, 140.0]), np.tile(
        [0.0, 0.0, -1.0], (len(scene.time), 1)
    )


def _landing(scene: _Scene) -> tuple[np.ndarray, np.ndarray]:
    """Return a camera at the edge of the landing area, or beside where the run ends."""
    found = areas(scene.run, scene.scenario)
    end = scene.run.performer.position[-1]
    low = scene.run.landing_altitude - scene.run.lip_altitude
    if found and found[0].kind == "landing area":
        middle = np.array([found[0].east, found[0].north, low])
        radius = found[0].radius
    else:
        middle, radius = np.array([end[0], end[1], end[2]]), 12.0
    side = np.array([scene.out[1], -scene.out[0], 0.0])
    eye = middle + (radius + 8.0) * (0.8 * scene.out + 0.6 * side) + [0.0, 0.0, 1.0]
    position = np.tile(eye, (len(scene.time), 1))
    return position, scene.subject.position - position


def _north_up(count: int) -> np.ndarray:
    """Return axes of cameras that look straight down with north at the upper edge, `(n, 3, 3)`."""
    return np.tile(np.eye(3), (count, 1, 1))


_FREE: dict[str, Callable[[_Scene], tuple[np.ndarray, np.ndarray]]] = {
    "orbit": _orbit,
    "chase": _chase,
    "performer": _performer,
    "top": _top,
    "landing": _landing,
}
