"""What a run rests on: how much was measured, what was assumed, and what is not in the models at all."""

from typing import NamedTuple

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
    "wind.direction",
    "wind.upwash",
)
"""Fields that a margin of the stunt hangs on, in the order in which they do: separation first."""

NOT_MODELLED = (
    "leaning, gear changes, tyre slip and the rider's own motion on the ramp",
    "arms and legs: bodies are spheres for clearance, rigid for rotation",
    "forces on the performer when the motorcycle touches lines or canopy",
    "pitching, stall and riser dynamics of the canopy",
    "pieces that break off the motorcycle",
    "rock other than the scenario's: a cliff is the same all along its edge, a survey as good as its posts",
    "what wires and trees do to a canopy: touching an obstacle ends the run",
)
"""What no number of this program knows about, for a person to add."""


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


def not_modelled(run: Run) -> list[str]:
    """Return what this run knows nothing about, in words; a nominal run has neither gusts nor bad luck."""
    calm = ["gusts, steering errors and malfunctions: this is the nominal run; fly --run N draws them"]
    return [*(calm if run.run is None else []), *NOT_MODELLED]
