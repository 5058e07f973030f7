"""How a body with sensors on it truly moved: a dense record that sensor models read."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from jaxtyping import Float

from precipice.earth import GRAVITY
from precipice.simulation.track import Track

RATE = 200.0
"""Of a dense record [1/s]: twice that of the fastest sensor."""


@dataclass(frozen=True)
class TrueMotion:
    """Where a body was, at even steps of `1 / RATE`.

    Attributes:
        position: Local east-north-up, `(n, 3)` [m].
        velocity: `(n, 3)` [m/s].
        attitude: Quaternion, scalar first, body to east-north-up, `(n, 4)`.
    """

    position: Float[np.ndarray, "n 3"]
    velocity: Float[np.ndarray, "n 3"]
    attitude: Float[np.ndarray, "n 4"]

    @property
    def time(self) -> Float[np.ndarray, " n"]:
        """From the first row, `(n,)` [s]."""
        return np.arange(len(self.position)) / RATE

    def force_body(self) -> Float[np.ndarray, "n 3"]:
        """Return the specific force in body axes, `(n, 3)` [m/s²]."""
        acceleration = np.gradient(self.velocity, 1.0 / RATE, axis=0)
        acceleration[:, 2] += GRAVITY
        return _turns(self.attitude).inv().apply(acceleration)

    def rate_body(self) -> Float[np.ndarray, "n 3"]:
        """Return the angular velocity in body axes, `(n, 3)` [rad/s]."""
        first, second = self.attitude[:-1], self.attitude[1:]
        # Twice the vector part of the turn between two rows, which is small.
        scalar, axis = first[:, :1], -first[:, 1:]
        turn = scalar * second[:, 1:] + second[:, :1] * axis + np.cross(axis, second[:, 1:])
        same = np.sign(np.sum(first * second, axis=1, keepdims=True))
        return 2.0 * RATE * np.concatenate([same * turn, (same * turn)[-1:]])


def join(parts: list[TrueMotion]) -> TrueMotion:
    """Return motions one after the other."""
    return TrueMotion(
        np.concatenate([part.position for part in parts]),
        np.concatenate([part.velocity for part in parts]),
        np.concatenate([part.attitude for part in parts]),
    )


def flown_motion(track: Track, until: float) -> TrueMotion:
    """Return a body's flown track as a dense record, from its first step.

    Args:
        track: At the solver's steps.
        until: Where to stop [s].
    """
    from scipy.interpolate import CubicHermiteSpline
    from scipy.spatial.transform import Slerp

    at = np.arange(track.t[0], until, 1.0 / RATE)
    position, velocity = np.empty((len(at), 3)), np.empty((len(at), 3))
    attitude = np.empty((len(at), 4))
    # At the end of a leg two steps share their time, and velocity may jump: legs are told one by one.
    for first, last in _legs(track.t):
        rows = slice(first, last)
        inside = (at >= track.t[first]) & (at <= track.t[last - 1])
        path = CubicHermiteSpline(track.t[rows], track.position[rows], track.velocity[rows])
        position[inside], velocity[inside] = path(at[inside]), path(at[inside], 1)
        turns = Slerp(track.t[rows], _turns(track.attitude[rows]))(at[inside])
        attitude[inside] = turns.as_quat(scalar_first=True)
    return TrueMotion(position, velocity, attitude)


def _legs(time: np.ndarray) -> list[tuple[int, int]]:
    breaks = np.flatnonzero(np.diff(time) <= 1e-9) + 1
    ends = [0, *(int(k) for k in breaks), len(time)]
    return [(first, last) for first, last in pairwise(ends) if last - first > 1]


def _turns(attitude: np.ndarray) -> Any:
    from scipy.spatial.transform import Rotation

    return Rotation.from_quat(attitude, scalar_first=True)


def heading_attitude(bearing: np.ndarray, pitch: np.ndarray) -> np.ndarray:
    """Return attitudes of a body that is level but for its pitch.

    Args:
        bearing: Clockwise from north, `(n,)` [rad].
        pitch: Nose up, `(n,)` [rad].

    Returns:
        Quaternions, scalar first, body to east-north-up, `(n, 4)`.
    """
    from scipy.spatial.transform import Rotation

    angles = np.stack([0.5 * np.pi - bearing, -pitch], axis=1)
    return Rotation.from_euler("ZY", angles).as_quat(scalar_first=True)


def bridge(first: np.ndarray, last: np.ndarray, count: int) -> np.ndarray:
    """Return attitudes that turn evenly from one to another, `(count, 4)`."""
    from scipy.spatial.transform import Slerp

    ends = _turns(np.stack([first, last]))
    return Slerp([0.0, 1.0], ends)(np.linspace(0.0, 1.0, count)).as_quat(scalar_first=True)
