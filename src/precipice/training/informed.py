"""Which scenario fields a log can inform, and by which measured numbers: one table for each kind of stunt."""

from collections.abc import Mapping
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
        open: Standard deviation, on its scale, that all jumps share and no trial shows.
        worst: Stated error, on its scale, beyond which a jump does not show it.
        by: Beginnings of the paths of fields that can move it: what comes later in a jump does not move what
            came before. All fields when empty.
    """

    name: str
    logarithm: bool = False
    open: float = 0.0
    worst: float = float("inf")
    by: tuple[str, ...] = ()

    def moves_with(self, path: str) -> bool:
        """Return whether a field can move this number."""
        return not self.by or path.startswith(self.by)


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


BODY = ("performer.drag_area", "performer.lift_area", "performer.sustained_speed", "performer.sustained_sink")
"""Fields of a body in a posture and a suit."""
TOGGLES = 0.1
"""Of their travel by which a pilot's habit differs from the simulated pilot's; assumed. With the coefficients
of `rig.lift_half` and `rig.drag_half` that is 6 % of lift and 10 % of drag."""

_CANOPY = ("rig.lift_", "rig.drag_")
_PARACHUTE = (
    Field("plan.throw", logarithm=True, trial=0.04, planned=True),
    Field("performer.drag_area", logarithm=True, trial=0.1),
    Field("performer.lift_area", logarithm=True, trial=0.25),
    Field("performer.sustained_speed", logarithm=True, trial=0.1),
    Field("performer.sustained_sink", logarithm=True, trial=0.08),
    Field("rig.fill_constant", logarithm=True, trial=0.25),
    Field("rig.lift_full", logarithm=True, trial=0.06),
    Field("rig.drag_full", logarithm=True, trial=0.08),
)
_OF_PARACHUTE = (
    Number("delay", by=("plan.", "performer.", "rig.fill_")),
    Number("drag_ratio", logarithm=True, by=("performer.",)),
    Number("lift_ratio", logarithm=True, by=("performer.",)),
    Number("glide_speed", logarithm=True, by=("performer.",)),
    Number("glide_sink", logarithm=True, by=("performer.",)),
    Number("opening_loss", logarithm=True, by=("plan.", "performer.", "rig.fill_")),
    Number("canopy_lift_ratio", logarithm=True, open=0.6 * TOGGLES, worst=0.15, by=_CANOPY),
    Number("canopy_drag_ratio", logarithm=True, open=TOGGLES, worst=0.15, by=_CANOPY),
)

INFORMED = (
    Informed(
        "ramp-jump",
        "ramp_jump",
        (
            Field("performer.speed_error", logarithm=False, trial=0.7),
            Field("performer.pop", logarithm=False, trial=0.3),
            Field("performer.pitch_rate_error", logarithm=False, trial=0.25),
        ),
        # A landing that falls into a gap of the receiver is dated to a tenth of a second and worse.
        (
            Number("lip_speed"),
            Number("lip_path_angle"),
            Number("lip_rotation_rate"),
            Number("airtime", worst=0.06),
        ),
    ),
    Informed("skydive", "skydive", _PARACHUTE, _OF_PARACHUTE),
    Informed("base-jump", "base", _PARACHUTE, _OF_PARACHUTE),
)
"""By kind of jump."""


def suited(informed: Informed, values: Mapping[str, float]) -> Informed:
    """Return the fields and numbers that a rehearsed scenario has.

    A glide that is given replaces both areas; a body that falls flat has no lift area to be found.

    Args:
        informed: For its kind.
        values: Of the scenario, SI.
    """
    without: set[str] = set()
    if "performer.sustained_speed" in values:
        without |= {"performer.drag_area", "performer.lift_area", "drag_ratio", "lift_ratio"}
    else:
        without |= {"glide_speed", "glide_sink"}
        if values.get("performer.lift_area", 0.0) <= 0.0:
            without |= {"performer.lift_area", "lift_ratio"}
    fields = tuple(field for field in informed.fields if field.path in values and field.path not in without)
    return informed._replace(
        fields=fields, numbers=tuple(number for number in informed.numbers if number.name not in without)
    )


SILENT: dict[str, str] = {
    "wind.": "of the day of the stunt, which no rehearsal tells",
    "air.": "of the day of the stunt, which no rehearsal tells",
    "site.": "measured on the ground, not on a jump",
    "rig.lift_": "no flight under the canopy is in these logs",
    "rig.drag_": "no flight under the canopy is in these logs",
    "performer.lift_area": "a body that falls flat has none that shows: rehearse the posture of the stunt",
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


def why_silent(path: str, values: Mapping[str, float]) -> str:
    """Return why no log informs a field, in words.

    Args:
        path: Of the field.
        values: Of its scenario.
    """
    if path in BODY[:2] and BODY[2] in values:
        return "has no effect: sustained_speed and sustained_sink replace it"
    for beginning, why in SILENT.items():
        if path.startswith(beginning):
            return why
    return "no number of a log depends on it alone"


def informed_by(kind: str) -> list[Informed]:
    """Return what logs of a kind of rehearsal inform."""
    return [item for item in INFORMED if item.kind == kind]
