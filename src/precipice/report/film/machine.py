"""Vehicles, aircraft and cameras as one recognises them, in the scenario's sizes: forward, left, up."""

import math
from collections.abc import Sequence

import numpy as np

from precipice.report.export.shape import BAR_HEIGHT, BAR_WIDTH, WIDTHS
from precipice.report.film.figure import GLASS, PAINT, PALE, RIG, RUBBER, SHELL, STEEL, WARM, person
from precipice.report.film.solid import Colour, Solid, ball, box, flat_sides, join, limb, place, ring
from precipice.report.scene import flown
from precipice.scenario.scenario import Scenario
from precipice.simulation.run import Run


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
