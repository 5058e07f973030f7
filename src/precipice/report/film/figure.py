"""Bodies as one recognises them, in the scenario's sizes: forward, left, up from the centre of mass."""

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from precipice.report.export.shape import BAR_HEIGHT, BAR_WIDTH, WIDTHS
from precipice.report.film.solid import Colour, Solid, ball, box, flat_sides, join, limb, place, ring, sheet
from precipice.report.scene import flown
from precipice.scenario.scenario import Scenario
from precipice.simulation.run import Run

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


def motorcycle(base: float, radius: float, rear: float, ground: float, sag: float = 0.0) -> Solid:
    """Return a motocross motorcycle.

    Args:
        base: From axle to axle [m].
        radius: Of the wheels [m].
        rear: Where the rear axle is, forward [m].
        ground: Where its tyres touch at rest, up [m].
        sag: By which both wheels are pushed up further [m].
    """
    front, axle, scale = rear + base, ground + sag + radius, base / 1.485

    def at(x: float, z: float, y: float = 0.0) -> tuple[float, float, float]:
        """Return a place between the axles: 0 rear, 1 front; heights above the ground."""
        return rear + x * base, y, ground + z

    bar = BAR_HEIGHT - 0.05
    parts = []
    for x in (rear, front):
        parts += [
            ring((x, 0.0, axle), radius, 0.05, RUBBER),
            ring((x, 0.0, axle), radius - 0.075, 0.012, STEEL),
        ]
        parts.append(limb((x, -0.10, axle), (x, 0.10, axle), 0.035, STEEL))
        for turn in np.arange(6) * math.pi / 6.0:
            spoke = (radius - 0.08) * np.array([math.cos(turn), 0.0, math.sin(turn)])
            parts.append(
                limb(np.array([x, 0.0, axle]) - spoke, np.array([x, 0.0, axle]) + spoke, 0.006, STEEL, 1.0, 4)
            )
    for side in (-1.0, 1.0):
        parts.append(limb((front, 0.09 * side, axle), at(0.77, 0.98, 0.07 * side), 0.028, STEEL))
        parts.append(limb((rear, 0.09 * side, axle), at(0.40, 0.42, 0.07 * side), 0.032, STEEL))
        parts.append(limb(at(0.42, 0.36, 0.10 * side), at(0.40, 0.36, 0.27 * side), 0.022, RUBBER))
        parts.append(limb(at(0.72, 1.06, 0.04 * side), at(0.69, bar, 0.5 * BAR_WIDTH * side), 0.018, RUBBER))
        parts.append(box(at(0.60, 0.76, 0.13 * side), (0.46 * scale, 0.05, 0.26), PAINT, 0.35))
        parts.append(box(at(0.10, 0.78, 0.09 * side), (0.40 * scale, 0.03, 0.16), SHELL, -0.15))
    parts += [
        ball(at(0.47, 0.50), (0.25 * scale, 0.14, 0.20), STEEL),
        box(at(0.45, 0.33), (0.42 * scale, 0.20, 0.06), RUBBER),
        limb(at(0.40, 0.40), at(0.36, 0.86), 0.04, PAINT),
        limb(at(0.36, 0.84), at(0.74, 0.92), 0.045, PAINT),
        limb(at(0.74, 0.95), at(0.62, 0.40), 0.04, PAINT),
        ball(at(0.53, 0.86), (0.26 * scale, 0.13, 0.12), PAINT),
        limb(at(0.46, 0.92), at(-0.02, 0.93), 0.075, RUBBER, 0.8),
        box(at(-0.12, 0.95), (0.42 * scale, 0.17, 0.035), PAINT, -0.16),
        box(at(1.02, 0.78), (0.52 * scale, 0.13, 0.03), PAINT, -0.10),
        box(at(0.80, 1.02), (0.03, 0.20, 0.22), SHELL, 0.3),
        limb(at(0.32, 0.62, -0.13), at(-0.05, 0.74, -0.13), 0.05, STEEL, 1.2),
    ]
    return join(parts)


def car(base: float, radius: float, rear: float, ground: float, wide: float, high: float) -> Solid:
    """Return a car; see `motorcycle`.

    Args:
        base: From axle to axle [m].
        radius: Of the wheels [m].
        rear: Where the rear axle is, forward [m].
        ground: Where its tyres touch, up [m].
        wide: Of its body [m].
        high: Of its roof above the ground [m].
    """
    front, axle, half = rear + base, ground + radius, 0.5 * wide
    low, belt, roof = ground + 0.6 * radius, ground + 0.55 * high, ground + high
    tail, nose = rear - 1.6 * radius, front + 1.7 * radius
    outline = [
        (tail, low), (nose, low), (nose, belt - 0.15), (front - 0.1 * base, belt),
        (front - 0.38 * base, roof), (rear + 0.12 * base, roof), (rear - 0.5 * radius, belt),
        (tail, belt - 0.02),
    ]  # fmt: skip
    body = _prism(outline[:4] + outline[6:], half, WARM)
    cabin = _prism([outline[3], *outline[4:7]], 0.88 * half, GLASS)
    wheels = [
        ring((x, y * (half - 0.06), axle), radius, 0.11, RUBBER) for x in (rear, front) for y in (-1.0, 1.0)
    ]
    hubs = [
        ball((x, y * (half - 0.02), axle), (0.6 * radius, 0.06, 0.6 * radius), STEEL)
        for x in (rear, front)
        for y in (-1.0, 1.0)
    ]
    return join([body, cabin, *wheels, *hubs])


def _prism(outline: Sequence[tuple[float, float]], half: float, colour: Colour) -> Solid:
    """Return an outline, forward and up, drawn out to both sides."""
    line = np.array(outline)
    right, left = (np.insert(line, 1, y, axis=1) for y in (-half, half))
    skin = np.stack([right, np.roll(right, -1, 0), np.roll(left, -1, 0), left], axis=1)
    parts = [flat_sides(skin, colour)]
    for face in (left, right):
        middle = face.mean(axis=0)
        fan = np.stack(
            [np.broadcast_to(middle, face.shape), face, np.roll(face, -1, 0), np.roll(face, -1, 0)], axis=1
        )
        parts.append(flat_sides(fan, colour))
    return join(parts)


def vehicle(run: Run, scenario: Scenario) -> Solid:
    """Return the vehicle of a ramp-jump with somebody on it."""
    assert scenario.vehicle is not None
    kind = scenario.vehicle.kind
    base, radius, axle, high = (
        flown(run, scenario, f"vehicle.{name}")
        for name in ("wheelbase", "wheel_radius", "rear_axle_to_cg", "cg_height")
    )
    rear, ground = -axle, -high
    middle = rear + 0.5 * base
    if kind == "car":
        return car(base, radius, rear, ground, WIDTHS["car"], 2.4 * high)
    if kind in ("motorcycle", "bicycle", "other"):
        rider = place(person("ride"), np.eye(3), np.array([rear + 0.47 * base, 0.0, ground + 1.25]))
        return join([motorcycle(base, radius, rear, ground), rider])
    if kind == "snowmobile":
        half = 0.5 * WIDTHS[kind]
        skis = [
            limb((rear + 0.75 * base, y, ground + 0.04), (rear + 1.3 * base, y, ground + 0.09), 0.05, RUBBER)
            for y in (-half, half)
        ]
        skis += [
            limb(
                (rear + 0.95 * base, y, ground + 0.06),
                (rear + 0.8 * base, 0.4 * y, ground + 0.45),
                0.03,
                STEEL,
            )
            for y in (-half, half)
        ]
        hull = ball((middle, 0.0, ground + 0.55), (0.75 * base, 0.36, 0.36), WARM)
        track = box((rear + 0.2 * base, 0.0, ground + 0.15), (base, 0.4, 0.3), RUBBER)
        rider = place(person("ride"), np.eye(3), np.array([middle - 0.1, 0.0, ground + 1.15]))
        return join([hull, track, *skis, rider])
    offsets = (-0.13, 0.13) if kind == "ski" else (0.0,)
    boards = [
        box((middle, y, ground + 0.02), (base, 0.12 if kind == "ski" else 0.28, 0.03), PAINT) for y in offsets
    ]
    rider = place(person("leap"), np.eye(3), np.array([0.0, 0.0, ground + 0.88]))
    return join([*boards, rider])


def falling_body(run: Run, scenario: Scenario) -> Solid:
    """Return the body of a drop: the sphere that holds it, striped so that one sees it turn."""
    radius = flown(run, scenario, "body.radius", 0.5)
    solid = ball((0.0, 0.0, 0.0), (radius, radius, radius), WARM, 24, 16)
    stripes = np.abs(solid.points[:, 2]) < 0.35 * radius
    nose = solid.points[:, 0] > 0.7 * radius
    colours = np.where(stripes[:, None], np.array(PALE), solid.colours)
    return solid._replace(colours=np.where(nose[:, None], np.array(PAINT), colours))


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


def aircraft(name: str) -> Solid:
    """Return another aircraft: a helicopter, a drone or an aeroplane, by what its name says."""
    word = name.casefold()
    if "drone" in word or "uav" in word:
        arms = [
            limb((-0.4 * x, -0.4 * y, 0.0), (0.4 * x, 0.4 * y, 0.0), 0.03, RIG) for x, y in ((1, 1), (1, -1))
        ]
        rotors = [
            ball((0.4 * x, 0.4 * y, 0.05), (0.22, 0.22, 0.015), GLASS) for x in (-1, 1) for y in (-1, 1)
        ]
        return join([ball((0.0, 0.0, 0.0), (0.22, 0.16, 0.09), RIG), *arms, *rotors])
    if "heli" in word:
        return join([
            ball((0.6, 0.0, 0.0), (2.2, 0.85, 0.95), PAINT),
            ball((1.5, 0.0, 0.15), (1.35, 0.78, 0.70), GLASS),
            limb((-1.2, 0.0, 0.35), (-6.4, 0.0, 0.75), 0.34, PAINT, 0.4),
            box((-6.4, 0.0, 1.2), (0.6, 0.08, 1.3), SHELL, -0.4),
            ball((0.2, 0.0, 1.75), (5.3, 5.3, 0.03), GLASS, 32, 2),
            limb((0.2, 0.0, 0.8), (0.2, 0.0, 1.75), 0.14, STEEL),
            *(limb((-1.2, y, -1.35), (2.0, y, -1.35), 0.05, STEEL) for y in (-0.95, 0.95)),
            *(
                limb((x, 0.6 * y, -0.6), (x, y, -1.35), 0.04, STEEL)
                for x in (-0.5, 1.2)
                for y in (-0.95, 0.95)
            ),
        ])  # fmt: skip
    return join([
        limb((2.6, 0.0, 0.0), (-4.2, 0.0, 0.25), 0.62, SHELL, 0.35, 12),
        box((0.4, 0.0, 0.7), (1.5, 10.8, 0.14), PAINT),
        box((-4.0, 0.0, 0.35), (0.9, 3.4, 0.08), PAINT),
        box((-4.1, 0.0, 1.0), (0.9, 0.08, 1.3), PAINT, -0.4),
        ball((1.5, 0.0, 0.45), (1.0, 0.55, 0.45), GLASS),
    ])  # fmt: skip


def tripod(height: float = 1.5) -> Solid:
    """Return a film camera on a tripod, or higher up on a mast.

    Args:
        height: Above the ground [m]; 0: it hangs in the air.
    """
    parts = [
        box((-0.05, 0.0, 0.0), (0.42, 0.18, 0.22), RIG),
        limb((0.16, 0.0, 0.0), (0.40, 0.0, 0.0), 0.075, RUBBER, 1.2),
        box((-0.02, 0.0, 0.17), (0.22, 0.10, 0.10), STEEL),
    ]
    low = min(height, 1.5)
    if height > low:
        parts.append(limb((0.0, 0.0, -0.1), (0.0, 0.0, low - height), 0.05, STEEL))
    for turn in (0.0, 2.1, 4.2) if height else ():
        foot = (0.3 * low * math.cos(turn), 0.3 * low * math.sin(turn), -height)
        parts.append(limb((0.0, 0.0, low - height - 0.1), foot, 0.022, STEEL))
    return join(parts)
