"""The performer's body in the air: loads, moments, and how it turns."""

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
from tests.independent.surroundings import GRAVITY, Felt, cross

STRIP = 1.15
"""Drag coefficient of a strip of body in its own turning."""
RATE_TIME, ANGLE_TIME = 0.5, 1.0
"""In which the performer tries to remove a wrong rate, and a wrong attitude [s]."""


def inertia_of(p: SimpleNamespace, posture: float) -> np.ndarray:
    """Return roll, pitch and yaw inertia between standing (0) and spread (1) [kg m^2]."""
    return (1.0 - posture) * p.standing_inertia + posture * p.spread_inertia


def drag_area(p: SimpleNamespace, posture: float, head: np.ndarray, felt: Felt) -> float:
    """Return the drag area as the flow sees it [m^2]: broadside sin^2, head on cos^2."""
    broadside = (1.0 - posture) * p.upright_drag_area + posture * p.drag_area
    square = (head @ felt.velocity / felt.speed) ** 2
    return broadside * ((1.0 - square) + p.head_on_fraction * square)


def unsteadiness(axes: np.ndarray, spin: np.ndarray, felt: Felt) -> float:
    """Return the chest's angle from the flow over 60 degrees, or the rate over 120 deg/s if larger."""
    ahead = felt.velocity / felt.speed
    off = math.atan2(
        math.sqrt(cross(axes[:, 0], ahead) @ cross(axes[:, 0], ahead)), float(axes[:, 0] @ ahead)
    )
    return max(3.0 * off / math.pi, 1.5 * math.sqrt(spin @ spin) / math.pi)


def performer_rates(
    p: SimpleNamespace,
    outward: np.ndarray,
    y: np.ndarray,
    felt: Felt,
    posture: float,
    lifting: float,
    *,
    free: bool,
) -> np.ndarray:
    """Return the rates of place, velocity, direction cosines and angular momentum, `(18,)`.

    Args:
        p: The performer's numbers.
        outward: Where the head shall point as far as the flow allows.
        y: Place, velocity, direction cosines (columns chest, left, head), angular momentum in body axes.
        felt: The air.
        posture: 0 as on the motorcycle, 1 belly to the wind.
        lifting: Part of the lift area that works.
        free: Whether air and performer turn the body: not while it is pushed.
    """
    axes, momentum = y[6:15].reshape(3, 3), y[15:18]
    inertia = inertia_of(p, posture)
    spin = momentum / inertia
    ahead = felt.velocity / felt.speed
    dynamic = 0.5 * felt.density * felt.speed**2
    head = axes[:, 2]
    force = -dynamic * drag_area(p, posture, head, felt) * ahead
    facing = max(float(axes[:, 0] @ ahead), 0.0)
    if lifting > 0.0 and facing > 0.0:
        across = head - (head @ ahead) * ahead
        force = force + dynamic * p.lift_area * lifting * facing**2 / math.sqrt(across @ across) * across
    gain = force / p.mass
    gain[2] -= GRAVITY
    moment = _moment(p, inertia, axes, spin, ahead, felt, outward) if free else 0.0
    wx, wy, wz = spin
    turning = axes @ np.array([[0.0, -wz, wy], [wz, 0.0, -wx], [-wy, wx, 0.0]])
    return np.concatenate([y[3:6], gain, turning.ravel(), moment - cross(spin, momentum)])


def _moment(p: Any, inertia: Any, axes: Any, spin: Any, ahead: Any, felt: Felt, outward: Any) -> np.ndarray:
    """Return stability, control and damping about body axes [N m].

    The chest is body x. Turning it to the flow f needs x cross f = (0, -fz, fy). Turning the head
    (body z) about the chest towards a direction a across the flow needs (-ay, 0, 0).
    """
    dynamic = 0.5 * felt.density * felt.speed**2
    f, out = ahead @ axes, outward @ axes
    across_left = out[1] - (out @ f) * f[1]
    to_flow = np.array([0.0, -f[2], f[1]])
    wanted = np.array([-across_left, -f[2], f[1]]) / ANGLE_TIME
    authority = dynamic * p.control_volume
    control = authority * np.tanh(inertia * (wanted - spin) / (RATE_TIME * (authority + 1e-3)))
    slender = p.body_width / p.height
    strip = felt.density * STRIP * p.body_width * p.height**3 * np.array([0.3, 1.0, slender * slender])
    damping = strip * spin * (felt.speed / 12.0 + p.height * np.abs(spin) / 64.0)
    return control + dynamic * p.stability_volume * to_flow - damping
