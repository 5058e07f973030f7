"""Which scenario fields a log can inform, and by which measured numbers: one table for each kind of stunt."""

from typing import NamedTuple


class Field(NamedTuple):
    """A field that logs inform.

    Attributes:
        path: In the scenario.
        logarithm: Whether it is a positive number whose relative spread counts.
        trial: Standard deviation that it is given in trial runs, to see what it does to a log: SI, or of the
            logarithm.
        planned: Whether it is a decision, so that what a rehearsal tells is the deviation from its plan.
    """

    path: str
    logarithm: bool
    trial: float
    planned: bool = False


class Number(NamedTuple):
    """A measured number that depends on these fields.

    Attributes:
        name: Column of the logbook.
        logarithm: Whether its logarithm is proportional to the fields.
    """

    name: str
    logarithm: bool = False


class Informed(NamedTuple):
    """What logs of one kind of jump inform.

    Attributes:
        kind: Of stunt that is flown as a counterpart.
        jump: Kind of jump in the logbook.
        fields: That they inform.
        numbers: By which.
    """

    kind: str
    jump: str
    fields: tuple[Field, ...]
    numbers: tuple[Number, ...]


INFORMED = (
    Informed(
        "ramp-jump",
        "ramp_jump",
        (
            Field("performer.speed_error", logarithm=False, trial=0.7),
            Field("performer.pop", logarithm=False, trial=0.3),
            Field("performer.pitch_rate_error", logarithm=False, trial=0.25),
        ),
        (Number("lip_speed"), Number("lip_path_angle"), Number("lip_rotation_rate"), Number("airtime")),
    ),
    Informed(
        "skydive",
        "skydive",
        (
            Field("plan.throw", logarithm=True, trial=0.04, planned=True),
            Field("performer.drag_area", logarithm=True, trial=0.1),
            Field("rig.fill_constant", logarithm=True, trial=0.25),
        ),
        (Number("delay"), Number("drag_ratio", logarithm=True), Number("opening_loss", logarithm=True)),
    ),
)
"""By kind of jump."""

SILENT: dict[str, str] = {
    "wind.": "of the day of the stunt, which no rehearsal tells",
    "air.": "of the day of the stunt, which no rehearsal tells",
    "site.": "measured on the ground, not on a jump",
    "rig.lift_": "how far the toggles were down is in no log",
    "rig.drag_": "how far the toggles were down is in no log",
    "rig.malfunction.": "count malfunctions by hand: no log names them",
    "rig.fill_exponent": "changes a log hardly more than fill_constant, which is written",
    "rig.heading_error": "a receiver does not see where the canopy points when it opens",
    "plan.push_": "no log shows the separation",
    "plan.release": "no log shows the separation",
    "motorcycle.": "weigh and measure the motorcycle",
    "vehicle.": "weigh and measure the vehicle",
    "performer.mass": "weigh the performer",
}
"""Beginning of a path that no log informs, and why."""


def why_silent(path: str) -> str:
    """Return why no log informs a field, in words."""
    for beginning, why in SILENT.items():
        if path.startswith(beginning):
            return why
    return "no number of a log depends on it alone"


def informed_by(kind: str) -> list[Informed]:
    """Return what logs of a kind of rehearsal inform."""
    return [item for item in INFORMED if item.kind == kind]
