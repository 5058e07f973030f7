"""What a run rests on: how much was measured, what was assumed, and what is not in the models at all."""

from typing import NamedTuple

from precipice.scenario.kind import CANOPY, CLIFF, DROP, MAIN, RAMP
from precipice.scenario.scenario import Scenario
from precipice.simulation.run import Run

WEIGHTY = (
    "plan.push_speed",
    "plan.push_angle",
    "plan.push_time",
    "plan.release",
    "performer.pitch_rate_error",
    "performer.exit_pitch_rate",
    "motorcycle.tumbling_drag_area",
    "site.cliff.lip_to_edge",
    "site.cliff.wall_height",
    "site.cliff.wall_angle",
    "site.cliff.talus_angle",
    "plan.throw",
    "performer.drag_area",
    "performer.lift_area",
    "performer.control_volume",
    "rig.extraction_factor",
    "rig.fill_constant",
    "rig.heading_error",
    "rig.heading_from_body",
    "rig.malfunction.line_twist.chance",
    "performer.reaction_time",
    "run_up.surface.0.friction",
    "run_up.surface.1.friction",
    "performer.braking_efficiency",
    "plan.gate.call_delay",
    "rig.lift_full",
    "rig.drag_full",
    "wind.speed",
    "wind.factor",
    "wind.direction",
    "wind.turn",
    "wind.upwash",
    "vehicle.drag_area",
    "vehicle.pitch_inertia",
    "vehicle.cg_height",
    "plan.lip_speed",
    "ramp.lip_angle",
    "landing_surface.distance",
    "landing_surface.up",
    "landing_surface.slope",
    "body.drag_area",
    "body.lift_fraction",
    "body.restitution",
    "body.slide_friction",
    "exit.speed",
    "exit.pitch",
)
"""Fields that a margin of the stunt hangs on, in the order in which they do: separation first."""

NOT_MODELLED: tuple[tuple[str, frozenset[str]], ...] = (
    ("what happens after the first touch, and to people in the way", RAMP - MAIN),
    ("arms and legs: bodies are spheres for clearance, rigid for rotation", CANOPY),
    ("forces on the performer when the motorcycle touches lines or canopy", MAIN),
    ("pitching, stall and riser dynamics of the canopy", CANOPY),
    ("pieces that break off the motorcycle", MAIN),
    ("pieces that break off, and what the body does to itself: it is a sphere where it touches", DROP),
    (
        "rock other than the scenario's: a cliff is alike all along its edge, a survey as good as its posts",
        CLIFF | DROP,
    ),
    ("what wires and trees do to a canopy: touching an obstacle ends the run", CANOPY),
)
"""What no number of this program knows about, for a person to add, and for which kinds of stunt."""
GLIDES = ("ski", "snowboard")
"""Vehicles without wheels, gears or tracks."""


class Basis(NamedTuple):
    """How the fields of a scenario are known.

    Attributes:
        measured: How many of those in use were measured.
        published: How many were published.
        assumed: Paths of those that nobody measured or published, in the order of the file's sections.
    """

    measured: int
    published: int
    assumed: tuple[str, ...]


def basis_of(scenario: Scenario) -> Basis:
    """Return how the fields of a scenario are known."""
    bases = [quantity.basis for quantity in scenario.quantities().values()]
    return Basis(bases.count("measured"), bases.count("published"), tuple(scenario.assumed()))


def weighty(scenario: Scenario) -> list[str]:
    """Return the assumed fields that margins hang on most, weightiest first."""
    assumed = set(scenario.assumed())
    return [path for path in WEIGHTY if path in assumed]


def not_modelled(run: Run, scenario: Scenario) -> list[str]:
    """Return what this run knows nothing about, in words; a nominal run has neither gusts nor bad luck."""
    luck = "gusts, steering errors and malfunctions" if run.kind in MAIN else "gusts and bad luck"
    calm = [f"{luck}: this is the nominal run; fly --run N draws them"]
    left_out = [text for text, kinds in NOT_MODELLED if run.kind in kinds]
    return [*(calm if run.run is None else []), *_riding(scenario), *left_out]


def _riding(scenario: Scenario) -> list[str]:
    """Return what is left out of run-up, ramp and jump."""
    if scenario.kind not in RAMP:
        return []
    gliding = scenario.vehicle is not None and scenario.vehicle.kind in GLIDES
    how = "turning, edging" if gliding else "leaning, gear changes, tyre slip"
    found = [f"{how} and the rider's own motion on the ramp"]
    if scenario.kind in MAIN:
        return found
    wheels = "" if gliding else "wheels that spin up or brake in the air, "
    return [*found, f"{wheels}riders who move"]
