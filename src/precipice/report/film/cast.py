"""Bodies of a run at one time: which shape, which pose, where; canopy and pilot chute while there are any."""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np

from precipice.report.export.moving import Moving
from precipice.report.export.rotation import between, rotate
from precipice.report.film.figure import Pose, canopy, person, pilot_chute, wings
from precipice.report.film.machine import falling_body, motorcycle, vehicle
from precipice.report.film.rock import Heights
from precipice.report.film.solid import Solid, join, place
from precipice.report.scene import flown
from precipice.scenario.scenario import Scenario
from precipice.simulation.kind import RIDING
from precipice.simulation.run import Run

_POSES: dict[str, Pose] = {
    "separation": "leap",
    "freefall": "arch",
    "deployment": "arch",
    "inflation": "hang",
    "canopy": "hang",
}
MOST_SAG = 0.30
"""Travel of a motocross suspension [m]. Source: makers give 0.30 to 0.31 m."""
SPREAD = 0.10
"""Share of its span at which a canopy leaves its bag, in the drawing."""


class Cast(NamedTuple):
    """Shapes of a run's bodies.

    Attributes:
        run: What happened.
        shape: Of a body in a pose, its wheels pushed up by a length [m].
        contacts: Where the tyres of the motorcycle touch, forward, left, up of its centre, `(n, 3)` [m].
        deck: Height of what it may stand on.
        canopy: With a share of its spread.
        pilot_chute: On its bridle; None where there is none.
    """

    run: Run
    shape: Callable[[str, Pose, float], Solid]
    contacts: np.ndarray
    deck: Heights
    canopy: Callable[[float], Solid]
    pilot_chute: Solid | None


def build_cast(run: Run, scenario: Scenario, deck: Heights) -> Cast:
    """Return the shapes of a run's bodies in the scenario's sizes.

    Args:
        run: What happened.
        scenario: What was decided.
        deck: Height of what a body may stand on.
    """

    def number(path: str, otherwise: float) -> float:
        return flown(run, scenario, path, otherwise)

    height, base = number("performer.height", 1.78), number("motorcycle.wheelbase", 1.485)
    rear, ground = (
        -number("motorcycle.rear_axle_to_cg", 0.5 * base),
        -number("motorcycle.own_cg_height", 0.58),
    )
    contacts = np.array([[rear, 0.0, ground], [rear + base, 0.0, ground]])

    @cache
    def shape(name: str, pose: Pose, sag: float) -> Solid:
        if name == "performer":
            body = person(pose, height)
            worn = scenario.performer is not None and scenario.performer.suit == "wingsuit"
            return join([body, wings(height)]) if worn and pose == "arch" else body
        if name == "motorcycle":
            return motorcycle(base, number("motorcycle.wheel_radius", 0.34), rear, ground, sag)
        return vehicle(run, scenario) if name == "vehicle" else falling_body(run, scenario)

    @cache
    def open_canopy(share: float) -> Solid:
        span, area = number("rig.canopy_span", 6.9), number("rig.canopy_area", 22.3)
        return canopy(span, area, number("rig.line_length", 6.0), share)

    small = None
    if scenario.rig is not None:
        small = pilot_chute(number("rig.pilot_chute_diameter", 0.97), number("rig.bridle_length", 2.7))
    return Cast(run, shape, contacts, deck, open_canopy, small)


def bodies_at(
    cast: Cast, bodies: list[Moving], index: int, time: float, *, subject: bool = True
) -> list[Solid]:
    """Return bodies where they are.

    Args:
        cast: Their shapes.
        bodies: Their motion.
        index: Which of its times.
        time: The same time on the run's clock [s].
        subject: Whether to draw what the stunt is about; a camera on its helmet does not see it.
    """
    found = []
    for body in bodies:
        if body.name == "canopy" or (body is bodies[0] and not subject):
            continue
        pose: Pose = "ride" if body.phase[index] in RIDING else _POSES.get(str(body.phase[index]), "stand")
        turn, position = _turn(_attitude(cast, body, index, time)), body.position[index]
        sag = _sag(cast, turn, position) if body.name == "motorcycle" and pose == "ride" else 0.0
        found.append(place(cast.shape(body.name, pose, sag), turn, position))
    return found + _overhead(cast, bodies[0], index, time)


def _sag(cast: Cast, turn: np.ndarray, position: np.ndarray) -> float:
    """Return by how much the wheels of a ridden motorcycle are pushed up so that none sinks in [m].

    The run tells where the centre of mass is, not how far the suspension is pressed together.
    """
    touching = cast.contacts @ turn.T + position
    sinks = cast.deck(touching[:, 0], touching[:, 1]) - touching[:, 2]
    return round(float(np.clip(np.nanmax(sinks, initial=0.0), 0.0, MOST_SAG)), 2)


def _spread(cast: Cast, phase: str, time: float) -> float:
    """Return how far an opening has come by the time that it takes, 0 at line stretch to 1 when open."""
    begin, end = cast.run.event("line stretch"), cast.run.event("canopy open")
    if phase != "inflation" or begin is None or end is None:
        return 1.0 if phase == "canopy" else 0.0
    return float(np.clip((time - begin.t) / max(end.t - begin.t, 1e-3), 0.0, 1.0))


def _attitude(cast: Cast, body: Moving, index: int, time: float) -> np.ndarray:
    """Return how a body is drawn turned, `(4,)`.

    A run holds the performer's attitude during inflation and hangs them upright at its end: in between
    the swing is drawn from the time, not computed.
    """
    attitude, phase = body.attitude[index], str(body.phase[index])
    hanging = np.flatnonzero(cast.run.performer.phase == "canopy")
    if phase != "inflation" or not hanging.size:
        return attitude
    share = _spread(cast, phase, time)
    upright = cast.run.performer.attitude[hanging[0]]
    return between(attitude[None], upright[None], np.array([share * share * (3.0 - 2.0 * share)]))[0]


def _turn(attitude: np.ndarray) -> np.ndarray:
    """Return a body's axes as columns, `(3, 3)`."""
    return rotate(np.broadcast_to(attitude, (3, 4)), np.eye(3)).T


def _overhead(cast: Cast, body: Moving, index: int, time: float) -> list[Solid]:
    """Return pilot chute and canopy: along the air until lines are stretched, above the performer when open.

    How far the canopy is spread during inflation is drawn from the time, not computed.
    """
    own = _turn(_attitude(cast, body, index, time))
    phase, up = str(body.phase[index]), own[:, 2]
    if phase not in ("deployment", "inflation", "canopy"):
        return []
    position, velocity = body.position[index], body.velocity[index]
    speed = float(np.linalg.norm(velocity))
    trailing = -velocity / speed if speed > 1.0 else up
    share = _spread(cast, phase, time)
    axis = trailing + share**3 * (up - trailing)
    turn = _frame(axis / np.linalg.norm(axis), own[:, 0])
    found = []
    if phase != "deployment":
        spread = SPREAD + (1.0 - SPREAD) * round(share * share, 2)
        found.append(place(cast.canopy(spread), turn, position))
    elif cast.pilot_chute is not None:
        found.append(place(cast.pilot_chute, turn, position))
    return found


def _frame(up: np.ndarray, ahead: np.ndarray) -> np.ndarray:
    """Return axes whose last is `up` and whose first is as near to `ahead` as it can be, `(3, 3)`."""
    forward = ahead - (ahead @ up) * up
    length = float(np.linalg.norm(forward))
    if length < 1e-6:
        forward, length = np.cross([0.0, 1.0, 0.0], up), 1.0
    forward = forward / max(float(np.linalg.norm(forward)), 1e-9)
    return np.stack([forward, np.cross(up, forward), up], axis=1)
