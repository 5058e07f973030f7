"""Cameras of a scenario: where, with which lens, and where they look at each time."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from precipice.report.export.rotation import quaternion_of, y_up
from precipice.report.scene import value_of
from precipice.scenario.presence import Camera
from precipice.scenario.scenario import Scenario
from precipice.simulation.run import Run
from precipice.world.arrange import altitude, place

UPRIGHT = 1e-9
"""Length of a look on the map below which it is straight up or down, and its bearing the last one's."""


@dataclass(frozen=True)
class Lens:
    """What a camera's picture shows of the world.

    Attributes:
        focal_length: [m].
        width: Of the part of the sensor that is shown [m].
        height: [m].
    """

    focal_length: float
    width: float
    height: float

    @property
    def horizontal(self) -> float:
        """Angle of view across [rad]. Source: pinhole, 2 atan(width / 2 focal length)."""
        return 2.0 * math.atan(0.5 * self.width / self.focal_length)

    @property
    def vertical(self) -> float:
        """Angle of view up and down [rad]."""
        return 2.0 * math.atan(0.5 * self.height / self.focal_length)


@dataclass(frozen=True)
class Shot:
    """A camera over all frames; it does not move, it turns.

    Attributes:
        name: In the scenario.
        lens: See `Lens`.
        sensor: Width and height of the whole sensor [m].
        aim: What it follows.
        position: East-north-up, `(3,)` [m].
        axes: Right, up and back as columns, `(n, 3, 3)`: it looks along minus the last.
        distance: To what it follows, `(n,)` [m]; where it follows nothing, 100.
    """

    name: str
    lens: Lens
    sensor: tuple[float, float]
    aim: str
    position: np.ndarray
    axes: np.ndarray
    distance: np.ndarray

    @property
    def look(self) -> np.ndarray:
        """Unit vectors along which it looks, `(n, 3)`."""
        return -self.axes[:, :, 2]

    @property
    def pan(self) -> np.ndarray:
        """Bearings of its look, clockwise from north, `(n,)` [rad], without jumps."""
        right = self.axes[:, :, 0]
        return np.unwrap(np.arctan2(-right[:, 1], right[:, 0]))

    @property
    def tilt(self) -> np.ndarray:
        """Pitch of its look, positive up, `(n,)` [rad]."""
        return np.arcsin(np.clip(self.look[:, 2], -1.0, 1.0))

    def quaternions_y_up(self) -> np.ndarray:
        """Return its attitude in y-up axes, looking along its minus z with its y up, `(n, 4)`."""
        return quaternion_of(np.swapaxes(y_up(np.swapaxes(self.axes, 1, 2)), 1, 2))


def lens_of(camera: Camera, run: Run, scenario: Scenario, index: int) -> tuple[Lens, tuple[float, float]]:
    """Return the lens of a camera and its whole sensor.

    The frame that is shown is the largest of its aspect inside the sensor.
    """

    def number(name: str) -> float:
        found = value_of(run, scenario, f"site.camera.{index}.{name}")
        return float(getattr(camera, name).value) if found is None else float(found)

    width, height, aspect = (number(name) for name in ("sensor_width", "sensor_height", "aspect"))
    lens = Lens(number("focal_length"), min(width, height * aspect), min(height, width / aspect))
    return lens, (width, height)


def shoot(
    camera: Camera, index: int, run: Run, scenario: Scenario, bodies: dict[str, np.ndarray], count: int
) -> Shot:
    """Return a camera over all frames.

    Args:
        camera: As planned.
        index: In the scenario's list.
        run: Gives the altitudes that were flown.
        scenario: What was decided.
        bodies: Where each body is, `(n, 3)` [m], the one that the stunt is about first.
        count: Frames.
    """
    spot = camera.position
    up = altitude(spot, run.lip_altitude, run.landing_altitude) - run.lip_altitude
    position = np.array([*place(spot, scenario), up], float)
    way = _ways(camera, run, scenario, bodies, count)[camera.aim]() - (
        0.0 if camera.aim == "fixed" else position
    )
    distance = np.linalg.norm(way, axis=1)
    lens, sensor = lens_of(camera, run, scenario, index)
    if camera.aim == "fixed":
        distance = np.full(count, 100.0)
    return Shot(camera.name, lens, sensor, camera.aim, position, camera_axes(way), distance)


def _ways(
    camera: Camera, run: Run, scenario: Scenario, bodies: dict[str, np.ndarray], count: int
) -> dict[str, Callable[[], np.ndarray]]:
    """Return, by what a camera follows, where that is, or for a fixed one its look, `(n, 3)`."""
    subject = next(iter(bodies.values()))

    def still(point: list[float]) -> np.ndarray:
        return np.tile(np.array(point, float), (count, 1))

    def landing() -> np.ndarray:
        area = scenario.site.landing
        if area is None:
            return np.tile(subject[-1], (count, 1))
        return still([*place(area.position, scenario), run.landing_altitude - run.lip_altitude])

    def fixed() -> np.ndarray:
        bearing, pitch = (0.0 if q is None else q.value for q in (camera.aim_bearing, camera.aim_pitch))
        level = math.cos(pitch)
        return still([level * math.sin(bearing), level * math.cos(bearing), math.sin(pitch)])

    return {
        "performer": lambda: bodies.get("performer", subject),
        "motorcycle": lambda: bodies.get("motorcycle", subject),
        "lip": lambda: still([0.0, 0.0, 0.0]),
        "landing": landing,
        "fixed": fixed,
    }


def camera_axes(way: np.ndarray) -> np.ndarray:
    """Return right, up and back of cameras that look along ways with a level horizon, `(n, 3, 3)`.

    Args:
        way: Any length but zero, east-north-up, `(n, 3)`.
    """
    length = np.linalg.norm(way, axis=1, keepdims=True)
    back = np.where(length > 0.0, -way / np.where(length > 0.0, length, 1.0), [0.0, 1.0, 0.0])
    level = np.hypot(back[:, 0], back[:, 1])
    last = np.maximum.accumulate(np.where(level > UPRIGHT, np.arange(len(way)), 0))
    from_north = -back[last, :2] if level[last[0]] > UPRIGHT else np.tile([0.0, 1.0], (len(way), 1))
    # A zero vector of frames before the first look with a bearing stands for north.
    flat = np.linalg.norm(from_north, axis=1, keepdims=True)
    ahead = np.where(flat > UPRIGHT, from_north / np.where(flat > UPRIGHT, flat, 1.0), [0.0, 1.0])
    right = np.stack([ahead[:, 1], -ahead[:, 0], np.zeros(len(way))], axis=1)
    return np.stack([right, np.cross(back, right), back], axis=2)
