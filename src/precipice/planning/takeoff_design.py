"""A takeoff that presses no harder than allowed, and lets go of the rider straight."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Float

from precipice.earth import GRAVITY
from precipice.errors import InputError


@dataclass(frozen=True)
class Takeoff:
    """A takeoff: clothoid, circle, clothoid, straight end.

    Attributes:
        points: Distance from the lip (negative) and height above it, up to the lip, `(n, 2)` [m].
        slope: Path angle at the points, `(n,)` [rad].
        radius: Of the circle [m].
        straight: Length of the straight end [m].
        entry_speed: At its start, without losses on the way up [m/s].
    """

    points: Float[np.ndarray, "n 2"]
    slope: Float[np.ndarray, " n"]
    radius: float
    straight: float
    entry_speed: float

    @property
    def rise(self) -> float:
        """From its start to the lip [m]."""
        return float(-self.points[0, 1])


def design_takeoff(
    lip_speed: float,
    lip_angle: float,
    ground_angle: float,
    *,
    most_load: float = 1.5,
    circle_share: float = 0.99,
    straight_time: float = 0.25,
    entry_speed: float | None = None,
) -> Takeoff:
    """Return the tightest takeoff whose bend adds no more than a load.

    Args:
        lip_speed: At the lip [m/s].
        lip_angle: [rad].
        ground_angle: Of the run-up, positive up [rad].
        most_load: Largest centripetal acceleration; gravity's part comes on top [g].
        circle_share: Part of the whole turn that the circle makes; the clothoids share the rest [-].
        straight_time: How long the last, straight piece is ridden at the speed of its beginning [s].
        entry_speed: At its start [m/s]; without it, what the climb to the lip costs.

    Raises:
        InputError: If the lip does not point up from the run-up.

    Source: Levy, Hubbard, McNeil, Swedberg 2015, section 2: R = v^2/(n g), A^2 = R^2 (1 - share) turn; the
    straight end against inverting rotation: McNeil 2012.
    """
    turn = lip_angle - ground_angle
    if not turn > 0.0:
        raise InputError(
            f"the lip must point up from the run-up, but turns by "
            f"{np.degrees(turn):.1f} deg: raise the lip angle"
        )
    climb = straight_time**2 * GRAVITY * np.sin(lip_angle)
    straight = float(climb + np.hypot(climb, straight_time * lip_speed))
    entry = lip_speed if entry_speed is None else entry_speed
    # The climb costs speed, and the radius that follows from the entry speed changes the climb.
    for _ in range(0 if entry_speed is not None else 12):
        points, _ = _curve(_radius(entry, most_load), turn, ground_angle, circle_share, straight)
        entry = float(np.sqrt(lip_speed**2 + 2.0 * GRAVITY * -points[0, 1]))
    radius = _radius(entry, most_load)
    points, slope = _curve(radius, turn, ground_angle, circle_share, straight)
    return Takeoff(points, slope, radius, straight, entry)


def _radius(speed: float, most_load: float) -> float:
    return speed**2 / (most_load * GRAVITY)


def _curve(
    radius: float, turn: float, ground_angle: float, circle_share: float, straight: float, count: int = 80
) -> tuple[Float[np.ndarray, "n 2"], Float[np.ndarray, " n"]]:
    clothoid, circle = radius * (1.0 - circle_share) * turn, radius * circle_share * turn
    ends = np.cumsum([0.0, clothoid, circle, clothoid, straight])
    pieces = [np.linspace(a, b, count)[: -1 if k < 3 else None] for k, (a, b) in enumerate(pairwise(ends))]
    way = np.concatenate(pieces)
    nodes, weights = np.polynomial.legendre.leggauss(8)
    step = np.diff(way)
    inner = way[:-1, None] + 0.5 * step[:, None] * (nodes + 1.0)
    angle = ground_angle + _turned(inner, radius, ends)
    x = np.concatenate([[0.0], np.cumsum(0.5 * step * (np.cos(angle) @ weights))])
    z = np.concatenate([[0.0], np.cumsum(0.5 * step * (np.sin(angle) @ weights))])
    points = np.column_stack([x - x[-1], z - z[-1]])
    return points, ground_angle + _turned(way, radius, ends)


def _turned(way: np.ndarray, radius: float, ends: np.ndarray) -> np.ndarray:
    """Return the angle turned along the way: curvature rises to 1/radius, stays, and falls again."""
    curvature_nodes = np.array([0.0, 1.0, 1.0, 0.0, 0.0]) / radius
    turned = np.zeros_like(way)
    for a, b, k0, k1 in zip(ends, ends[1:], curvature_nodes, curvature_nodes[1:], strict=False):
        part = np.clip(way - a, 0.0, b - a)
        turned = turned + k0 * part + 0.5 * (k1 - k0) / max(b - a, 1e-12) * part**2
    return turned
