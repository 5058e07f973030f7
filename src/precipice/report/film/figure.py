"""People and what they hang from, as one recognises them: forward, left, up from the centre of mass."""

import math
from typing import Literal, NamedTuple

import numpy as np

from precipice.report.film.solid import Colour, Solid, ball, box, flat_sides, join, limb, place, sheet

SUIT, LEGS, SHELL, RIG = (0.82, 0.25, 0.08), (0.16, 0.18, 0.22), (0.95, 0.95, 0.95), (0.10, 0.11, 0.14)
RUBBER, STEEL, PAINT, GLASS = (0.09, 0.09, 0.10), (0.60, 0.62, 0.65), (0.08, 0.33, 0.78), (0.20, 0.24, 0.30)
WARM, PALE, LINE, CREW = (0.95, 0.42, 0.08), (0.98, 0.93, 0.84), (0.20, 0.20, 0.20), (0.92, 0.78, 0.16)
STANDING = 1.78
"""Height of the person that poses are written for [m]."""
CELLS = 9
"""Of the drawn canopy; a picture of one, the scenario has no cells."""

Pose = Literal["ride", "leap", "arch", "hang", "stand"]

_HIP, _SHOULDER = 0.11, 0.19


class _Joints(NamedTuple):
    """Where the joints of the left side are; the right one is alike: forward, left, up [m]."""

    hip: tuple[float, float, float]
    knee: tuple[float, float, float]
    foot: tuple[float, float, float]
    shoulder: tuple[float, float, float]
    elbow: tuple[float, float, float]
    hand: tuple[float, float, float]
    head: tuple[float, float, float]


# The centre of mass of a standing person is 0.98 m above the soles, the level that a scenario starts from.
_POSES: dict[Pose, _Joints] = {
    "stand": _Joints(
        (0.0, _HIP, -0.06), (0.03, 0.12, -0.48), (0.0, 0.13, -0.89),
        (0.0, _SHOULDER, 0.44), (-0.02, 0.27, 0.17), (0.08, 0.28, -0.08), (0.03, 0.0, 0.68),
    ),
    "ride": _Joints(
        (-0.20, _HIP, -0.16), (0.18, 0.17, -0.42), (-0.02, 0.17, -0.82),
        (0.14, _SHOULDER, 0.27), (0.30, 0.40, 0.16), (0.42, 0.36, 0.04), (0.30, 0.0, 0.46),
    ),
    "leap": _Joints(
        (-0.05, _HIP, -0.08), (0.10, 0.20, -0.46), (-0.12, 0.24, -0.80),
        (0.05, _SHOULDER, 0.40), (0.28, 0.42, 0.46), (0.48, 0.50, 0.62), (0.14, 0.0, 0.63),
    ),
    "arch": _Joints(
        (0.05, _HIP, -0.08), (0.04, 0.24, -0.50), (-0.30, 0.30, -0.72),
        (0.0, _SHOULDER, 0.42), (-0.06, 0.50, 0.46), (-0.12, 0.56, 0.78), (0.04, 0.0, 0.68),
    ),
    "hang": _Joints(
        (0.02, _HIP, -0.06), (0.14, 0.13, -0.46), (0.06, 0.14, -0.87),
        (0.0, _SHOULDER, 0.44), (0.05, 0.34, 0.62), (0.04, 0.24, 0.88), (0.06, 0.0, 0.68),
    ),
}  # fmt: skip


def person(pose: Pose, height: float = STANDING, colours: tuple[Colour, Colour] = (SUIT, LEGS)) -> Solid:
    """Return a person with a helmet and a container on the back.

    Args:
        pose: How arms and legs are held; a drawing, the simulation has a rigid body.
        height: Standing [m].
        colours: Of the upper and the lower half.
    """
    joints, (upper, lower) = _POSES[pose], colours
    hip, neck = np.array(joints.hip), np.array(joints.shoulder)
    middle, top = hip * [1.0, 0.0, 1.0], neck * [1.0, 0.0, 1.0]
    lean = math.atan2(top[0] - middle[0], top[2] - middle[2])
    back = np.array([-math.cos(lean), 0.0, math.sin(lean)])
    parts = [
        limb(middle, top + 0.02 * (top - middle), 0.145, upper, 1.12, 12),
        ball(joints.head, (0.145, 0.125, 0.15), SHELL),
        ball(np.add(joints.head, (0.05, 0.0, 0.005)), (0.115, 0.105, 0.075), GLASS),
        box(0.5 * (middle + top) + 0.04 * (top - middle) + 0.19 * back, (0.15, 0.30, 0.44), RIG, -lean),
    ]
    for side in (1.0, -1.0):
        flip = np.array([1.0, side, 1.0])
        a, b, c = (np.array(joint) * flip for joint in (joints.hip, joints.knee, joints.foot))
        parts += [limb(a, b, 0.092, lower, 0.72), limb(b, c, 0.066, lower, 0.75)]
        parts.append(limb(np.add(c, (-0.05, 0.0, -0.03)), np.add(c, (0.16, 0.0, -0.05)), 0.05, RUBBER))
        a, b, c = (np.array(joint) * flip for joint in (joints.shoulder, joints.elbow, joints.hand))
        parts += [
            limb(a, b, 0.062, upper, 0.8),
            limb(b, c, 0.05, upper, 0.8),
            ball(c, (0.055, 0.05, 0.055), RUBBER),
        ]
    return place(join(parts), np.eye(3), np.zeros(3), height / STANDING)


def wings(height: float = STANDING) -> Solid:
    """Return the cloth of a wingsuit between arms, body and legs in the pose "arch".

    Args:
        height: Of the performer, standing [m].
    """
    joints = _POSES["arch"]
    sides = []
    for side in (1.0, -1.0):
        flip = np.array([1.0, side, 1.0])
        shoulder, elbow, hand, hip, knee, foot = (
            np.array(joint) * flip
            for joint in (joints.shoulder, joints.elbow, joints.hand, joints.hip, joints.knee, joints.foot)
        )
        sides += [[shoulder, elbow, hand, hip], [hip, hand, knee, knee], [hip * [1, 0, 1], hip, knee, foot]]
        sides.append([hip * [1, 0, 1], foot, foot * [1, 0, 1], foot * [1, 0, 1]])
    return place(flat_sides(np.array(sides), PAINT), np.eye(3), np.zeros(3), height / STANDING)


def canopy(span: float, area: float, lines: float, share: float = 1.0) -> Solid:
    """Return a ram-air canopy on its lines, above the performer's shoulders.

    Args:
        span: [m].
        area: [m²].
        lines: From canopy to risers [m].
        share: Of its span and chord that is spread, above 0; a drawing, the simulation knows its drag.
    """
    chord, arc = area / span * (0.35 + 0.65 * share), 0.95
    radius = span * max(share, 0.12) / arc
    wide, deep = 4 * CELLS, 8
    s, c = np.meshgrid(np.linspace(0.0, 1.0, wide + 1), np.linspace(0.0, 1.0, deep + 1), indexing="ij")
    angle = (s - 0.5) * arc
    top = 0.5 + lines
    parts = []
    for upper in (True, False):
        profile = np.sqrt(np.clip(c, 0.0, 1.0)) * (1.0 - c)
        puff = 1.0 + 0.22 * np.abs(np.sin(CELLS * math.pi * s))
        thick = (0.34 if upper else -0.04) * chord * profile * puff
        high = radius + thick
        points = np.stack(
            [(0.42 - c) * chord, high * np.sin(angle), top + high * np.cos(angle) - radius], axis=-1
        )
        along, across = np.gradient(points, axis=1), np.gradient(points, axis=0)
        normal = np.cross(across, along)
        normal *= np.sign(normal[..., 2:]) * (1.0 if upper else -1.0)
        normal /= np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-9)
        odd = (np.floor(np.clip(s, 0.0, 0.999) * CELLS) % 2 == 1)[..., None]
        colours = np.where(odd, np.array(PALE), np.array(WARM))
        parts.append(sheet(points, normal, colours * (1.0 if upper else 0.8)))
    risers = np.array([0.0, 0.0, 0.5])
    for k in range(CELLS + 1):
        i = min(4 * k, wide)
        for j in (1, 4, 7):
            end = np.array([0.0, 0.05 * np.sign(s[i, 0] - 0.5), 0.0]) + risers
            parts.append(limb(end, parts[1].points.reshape(wide + 1, deep + 1, 3)[i, j], 0.006, LINE, 1.0, 3))
    return join(parts)


def pilot_chute(diameter: float, bridle: float) -> Solid:
    """Return a pilot chute on its bridle, upwards from the container.

    Args:
        diameter: Flat [m].
        bridle: Its length [m].
    """
    dome = ball((0.0, 0.0, bridle), (0.35 * diameter, 0.35 * diameter, 0.22 * diameter), CREW)
    return join([dome, limb((0.0, 0.0, 0.1), (0.0, 0.0, bridle), 0.012, LINE, 1.0, 4)])
