"""A smoothed log on an even grid of times, with the quantities by which a jump's stages differ."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from precipice.earth import GRAVITY
from precipice.training.log import TrainingLog
from precipice.training.smooth import Smoothed

KNOWN_WITHIN = 1.5
"""A time further than this [s] from every row is not known."""
TRUSTED_SPEED = 2.5
"""Rows whose speed is stated to be off by more than this [m/s] are not known: receivers that start up."""
MOST = 300_000
"""Rows of a grid: 3.3 hours at the finest step."""
FINEST, COARSEST = 0.04, 0.2
"""Steps of the grid [s]."""


@dataclass(frozen=True)
class Motion:
    """What a body did, at even times.

    Attributes:
        step: Of the grid [s].
        time: From the log's first row, `(n,)` [s].
        height: Above the log's origin, `(n,)` [m].
        sink: Speed downward, `(n,)` [m/s].
        doppler_sink: As the receiver stated it, NaN where it does not, `(n,)` [m/s].
        speed: Length of the velocity; of its vertical part where only height was measured, `(n,)` [m/s].
        fall: Acceleration downward, `(n,)` [m/s²].
        load: Length of the specific force over gravity, `(n,)`.
        brake: The part of the specific force that slows, over gravity, `(n,)`.
        known: Whether rows are near, `(n,)`.
        level: Whether the horizontal motion was measured.
    """

    step: float
    time: Float[np.ndarray, " n"]
    height: Float[np.ndarray, " n"]
    sink: Float[np.ndarray, " n"]
    doppler_sink: Float[np.ndarray, " n"]
    speed: Float[np.ndarray, " n"]
    fall: Float[np.ndarray, " n"]
    load: Float[np.ndarray, " n"]
    brake: Float[np.ndarray, " n"]
    known: Bool[np.ndarray, " n"]
    level: bool

    def index(self, time: float) -> int:
        """Return the row of the grid nearest to a time, inside the grid."""
        place = round((time - float(self.time[0])) / self.step)
        return min(max(place, 0), len(self.time) - 1)

    def mean(self, values: np.ndarray, first: float, last: float) -> np.ndarray:
        """Return the mean of values from `first` to `last` seconds after each row, `(n,)`."""
        summed = np.concatenate([[0.0], np.cumsum(values)])
        row = np.arange(len(values))
        start = np.clip(row + round(first / self.step), 0, len(values) - 1)
        end = np.clip(row + round(last / self.step), 1, len(values))
        end = np.maximum(end, start + 1)
        return (summed[end] - summed[start]) / (end - start)


def build_motion(log: TrainingLog, smoothed: Smoothed) -> Motion | None:
    """Return the motion of a smoothed log; None where height was never measured or rows are too few."""
    time = smoothed.time
    if len(time) < 5 or time[-1] - time[0] < 2.0 or not np.isfinite(smoothed.position[:, 2]).any():
        return None
    level = bool(np.isfinite(smoothed.velocity[:, 0]).all())
    usual = float(np.clip(np.median(np.diff(time)), FINEST, COARSEST))
    # A broken clock may claim years: the grid ends where a day does, and coarsens before it grows.
    last = min(float(time[-1]), float(time[0]) + 86400.0)
    step = max(usual, (last - float(time[0])) / MOST)
    even = np.arange(time[0], last + 0.5 * step, step)
    velocity = _at(even, time, np.nan_to_num(smoothed.velocity))
    acceleration = _at(even, time, np.nan_to_num(smoothed.acceleration))
    height = _at(even, time, smoothed.position[:, 2:])[:, 0]
    specific = acceleration / GRAVITY
    specific[:, 2] += 1.0
    speed = np.sqrt((velocity**2).sum(axis=1))
    measured = np.isfinite(log.position[:, 2]) | np.isfinite(log.velocity[:, 2])
    measured = time[measured & ~(log.speed_accuracy > TRUSTED_SPEED)]
    return Motion(
        step=step,
        time=even,
        height=height,
        sink=-velocity[:, 2],
        doppler_sink=-_at(even, time, log.velocity[:, 2:])[:, 0],
        speed=speed,
        fall=-acceleration[:, 2],
        load=np.sqrt((specific**2).sum(axis=1)),
        # Below walking pace a direction means nothing.
        brake=-(specific * velocity).sum(axis=1) / np.maximum(speed, 3.0),
        known=_near(even, measured),
        level=level,
    )


def _at(even: np.ndarray, time: np.ndarray, values: np.ndarray) -> np.ndarray:
    return np.stack([np.interp(even, time, column) for column in values.T], axis=1)


def _near(even: np.ndarray, rows: np.ndarray) -> np.ndarray:
    if not len(rows):
        return np.zeros(len(even), bool)
    after = np.searchsorted(rows, even)
    behind = even - rows[np.maximum(after - 1, 0)]
    ahead = rows[np.minimum(after, len(rows) - 1)] - even
    return np.minimum(np.abs(behind), np.abs(ahead)) <= KNOWN_WITHIN
