"""The ground before anything is built on it: a slope, or a surveyed profile."""

from abc import ABC, abstractmethod

import numpy as np

from precipice.world.landing_surface import refuse_doubling_back


Places = np.ndarray | float
"""Distances from the lip, or one of them [m]."""


class AbstractGround(ABC):
    """Height, rise and bend of the ground over the level distance from the lip; NaN where it is unknown."""

    @abstractmethod
    def height(self, distance: Places) -> np.ndarray:
        """Return the height above the lip, `(n,)` [m]."""

    @abstractmethod
    def rise(self, distance: Places) -> np.ndarray:
        """Return the tangent of the slope, `(n,)` [-]."""

    @abstractmethod
    def bend(self, distance: Places) -> np.ndarray:
        """Return the second derivative of the height, `(n,)` [1/m]."""

    @property
    @abstractmethod
    def end(self) -> float:
        """Distance to which it is known [m]."""


class Slope(AbstractGround):
    """Ground of one slope.

    Attributes:
        up: Of the ground below the lip, relative to the lip; negative [m].
        angle: Positive up along the way [rad].
    """

    def __init__(self, up: float, angle: float) -> None:
        self.up = up
        self.angle = angle

    def height(self, distance: Places) -> np.ndarray:
        """Return the height above the lip, `(n,)` [m]."""
        return np.asarray(self.up + distance * np.tan(self.angle))

    def rise(self, distance: Places) -> np.ndarray:
        """Return the tangent of the slope, `(n,)` [-]."""
        return np.full_like(np.asarray(distance, float), np.tan(self.angle))

    def bend(self, distance: Places) -> np.ndarray:
        """Return the second derivative of the height, `(n,)` [1/m]: none."""
        return np.zeros_like(np.asarray(distance, float))

    @property
    def end(self) -> float:
        """Distance to which it is known [m]: as far as anybody flies."""
        return np.inf


class Profile(AbstractGround):
    """Surveyed ground, smooth through its points.

    Attributes:
        points: Distance from the lip and height above it, `(n, 2)` [m].
    """

    def __init__(self, points: np.ndarray) -> None:
        from scipy.interpolate import PchipInterpolator

        self.points = refuse_doubling_back(points)
        self._curve = PchipInterpolator(*self.points.T)

    def height(self, distance: Places) -> np.ndarray:
        """Return the height above the lip, `(n,)` [m]; NaN outside the survey.

        Source: shape-preserving cubic of Fritsch and Butland 1984: no bump between two points.
        """
        return self._known(distance, self._curve(distance))

    def rise(self, distance: Places) -> np.ndarray:
        """Return the tangent of the slope, `(n,)` [-]."""
        return self._known(distance, self._curve(distance, 1))

    def bend(self, distance: Places) -> np.ndarray:
        """Return the second derivative of the height, `(n,)` [1/m]."""
        return self._known(distance, self._curve(distance, 2))

    def _known(self, distance: np.ndarray, value: np.ndarray) -> np.ndarray:
        first, last = self.points[0, 0], self.points[-1, 0]
        known = (np.asarray(distance) >= first) & (np.asarray(distance) <= last)
        return np.where(known, value, np.nan)

    @property
    def end(self) -> float:
        """Distance to which it is known [m]."""
        return float(self.points[-1, 0])
