"""Bodies as a few boxes, in their own axes: forward, left, up from the centre of mass."""

from typing import NamedTuple

import numpy as np

from precipice.report.scene import flown
from precipice.scenario.scenario import Scenario
from precipice.simulation.run import Run

BAR_WIDTH, BAR_HEIGHT = 0.83, 1.27
"""Of a motocross motorcycle's handlebar [m]. Source: that class is 2.18 x 0.83 x 1.27 m."""
WIDTHS = {"car": 1.8, "snowmobile": 1.2, "ski": 0.6, "snowboard": 0.6}
"""Of a vehicle with everybody in or on it [m]; the others are as wide as a handlebar."""
CHEST, SHOULDERS, HEAD = 0.28, 0.46, 0.24
"""Depth, breadth and height of parts of a person [m]."""
RED, DARK, BLUE, ORANGE, GREEN = (
    (0.80, 0.18, 0.10),
    (0.13, 0.13, 0.13),
    (0.00, 0.45, 0.70),
    (0.90, 0.62, 0.00),
    (0.00, 0.62, 0.45),
)

Colour = tuple[float, float, float]


class Box(NamedTuple):
    """One box.

    Attributes:
        centre: Forward, left, up of the centre of mass [m].
        size: Along forward, left, up [m].
        colour: Red, green, blue, 0 to 1, linear.
    """

    centre: tuple[float, float, float]
    size: tuple[float, float, float]
    colour: Colour


_CORNERS = np.array([[x, y, z] for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)])
_SIDES = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))


def mesh_of(box: Box) -> tuple[np.ndarray, np.ndarray]:
    """Return corners, `(8, 3)` [m], and triangles that face outwards, `(12, 3)`."""
    corners = np.array(box.centre) + _CORNERS * np.array(box.size)
    return corners, np.array([t for a, b, c, d in _SIDES for t in ((a, b, c), (a, c, d))])


def shape_of(body: str, run: Run, scenario: Scenario) -> tuple[Box, ...]:
    """Return the boxes of a body by its name: "performer", "motorcycle", "vehicle", "body" or "canopy"."""
    makers = {"performer": _person, "motorcycle": _motorcycle, "vehicle": _vehicle, "canopy": _canopy}
    return makers.get(body, _thing)(run, scenario)


def _person(run: Run, scenario: Scenario) -> tuple[Box, ...]:
    height = flown(run, scenario, "performer.height", 1.78)
    soles = -flown(run, scenario, "performer.foot_offset", 0.5 * height)
    neck = soles + height - HEAD
    head = Box((0.04, 0.0, neck + 0.5 * HEAD), (HEAD, 0.18, HEAD), ORANGE)
    return Box((0.0, 0.0, 0.5 * (soles + neck)), (CHEST, SHOULDERS, neck - soles), RED), head


def _motorcycle(run: Run, scenario: Scenario) -> tuple[Box, ...]:
    base, radius = (
        flown(run, scenario, f"motorcycle.{name}", otherwise)
        for name, otherwise in (("wheelbase", 1.485), ("wheel_radius", 0.34))
    )
    rear = -flown(run, scenario, "motorcycle.rear_axle_to_cg", 0.5 * base)
    ground = -flown(run, scenario, "motorcycle.own_cg_height", 0.58)
    bar = 0.1
    wheels = [
        Box((x, 0.0, ground + radius), (2 * radius, 0.12, 2 * radius), DARK) for x in (rear, rear + base)
    ]
    frame = Box((rear + 0.5 * base, 0.0, ground + radius + 0.3), (base - 0.3, 0.26, 0.6), BLUE)
    handles = Box((rear + base - 0.35, 0.0, ground + BAR_HEIGHT - 0.5 * bar), (bar, BAR_WIDTH, bar), DARK)
    return *wheels, frame, handles


def _vehicle(run: Run, scenario: Scenario) -> tuple[Box, ...]:
    assert scenario.vehicle is not None
    base, radius, rear, high = (
        flown(run, scenario, f"vehicle.{name}")
        for name in ("wheelbase", "wheel_radius", "rear_axle_to_cg", "cg_height")
    )
    width = WIDTHS.get(scenario.vehicle.kind, BAR_WIDTH)
    middle = 0.5 * base - rear
    nose = Box((middle + 0.25 * base, 0.0, -0.5 * high), (0.5 * base + 2 * radius, width, high), ORANGE)
    whole = Box((middle - 0.25 * base, 0.0, 0.0), (0.5 * base + 2 * radius, 0.9 * width, 2.0 * high), BLUE)
    return whole, nose


def _thing(run: Run, scenario: Scenario) -> tuple[Box, ...]:
    """Return the cube inside the sphere that holds a body, with a nose that shows how it turns."""
    edge = 2.0 * flown(run, scenario, "body.radius", 0.5) / np.sqrt(3.0)
    nose = Box((0.5 * edge, 0.0, 0.25 * edge), (0.1 * edge, 0.4 * edge, 0.4 * edge), ORANGE)
    return Box((0.0, 0.0, 0.0), (edge, edge, edge), BLUE), nose


def _canopy(run: Run, scenario: Scenario) -> tuple[Box, ...]:
    """Return the open canopy as one slab, straight above the performer."""
    span = flown(run, scenario, "rig.canopy_span", 6.9)
    chord = flown(run, scenario, "rig.canopy_area", 22.3) / span
    up = flown(run, scenario, "rig.line_length", 6.0)
    return (Box((0.0, 0.0, up), (chord, span, 0.15 * chord), GREEN),)
