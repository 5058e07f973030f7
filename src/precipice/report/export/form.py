"""Every format that a run is exported to, what it can carry, and refusing what it cannot."""

import datetime as dt
from fractions import Fraction
from typing import NamedTuple

from precipice.errors import InputError, quote


class Form(NamedTuple):
    """A format.

    Attributes:
        name: As on the command line.
        suffix: Of its files.
        carries: "globe": latitude, longitude and a height that counts from something; "date": the time of
            day; "ground": surfaces; "many": more than one body or camera.
        needs_date: Whether a time without a date is none to it.
    """

    name: str
    suffix: str
    carries: frozenset[str]
    needs_date: bool = False


GLOBE, SCENE = frozenset({"globe", "date", "many"}), frozenset({"date", "ground", "many"})
FORMS = {
    form.name: form
    for form in (
        Form("kml", ".kml", GLOBE, needs_date=True),
        Form("czml", ".czml", GLOBE, needs_date=True),
        Form("glb", ".glb", SCENE),
        Form("usda", ".usda", SCENE),
        Form("csv", ".csv", GLOBE),
        Form("netcdf", ".nc", GLOBE),
        Form("chan", ".chan", frozenset()),
    )
}


class Wish(NamedTuple):
    """What is asked of an export.

    Attributes:
        form: See `FORMS`.
        rate: Frames a second.
        camera: Name of the only camera that is exported; None: all.
        takeoff: Date and time of takeoff or exit in place of the scenario's.
        datum: Height of the site's vertical datum above the WGS84 ellipsoid [m]; None: looked up.
        ground: Whether surfaces are exported where the format carries them.
    """

    form: Form
    rate: Fraction = Fraction(24)
    camera: str | None = None
    takeoff: dt.datetime | None = None
    datum: float | None = None
    ground: bool = True


def find_form(name: str) -> Form:
    """Return a format by its name.

    Raises:
        InputError: When there is none of that name.
    """
    if name not in FORMS:
        raise InputError(f"--to must be one of {', '.join(FORMS)}, but is {quote(name)}: choose one of them")
    return FORMS[name]


def refuse_wish(wish: Wish, runs: int) -> None:
    """Refuse what the format cannot carry.

    Args:
        wish: What is asked.
        runs: How many runs are exported.

    Raises:
        InputError: Saying what, and what to do.
    """
    form = wish.form
    if runs > 1 and "many" not in form.carries:
        raise InputError(
            f"--to {form.name} must be of one run, but {runs} are asked for: a file of it is one camera's "
            "motion; export one run, or choose usda or glb"
        )
    if wish.datum is not None and "globe" not in form.carries:
        raise InputError(_idle("--geoid", form, "knows no place on the globe", "globe"))
    if wish.datum is not None and not abs(wish.datum) <= 12_000.0:
        raise InputError(
            f"--geoid must lie within 12000 m of the ellipsoid, but is {wish.datum:g}: give metres from the "
            "WGS84 ellipsoid up to the datum's zero"
        )
    if wish.takeoff is not None and "date" not in form.carries:
        raise InputError(_idle("--takeoff", form, "counts frames alone", "date"))
    if not wish.ground and "ground" not in form.carries:
        raise InputError(_idle("--no-ground", form, "carries no ground anyway", "ground"))


def _idle(option: str, form: Form, why: str, needed: str) -> str:
    able = ", ".join(each.name for each in FORMS.values() if needed in each.carries)
    return f"{option} must come with one of {able}, but --to is {form.name}, which {why}: leave it out"


def read_takeoff(text: str) -> dt.datetime:
    """Return a date and time with a zone: "2020-09-06T10:30:00Z", "2020-09-06T12:30:00+02:00".

    Raises:
        InputError: When it is none.
    """
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        moment = None
    # A day off both ends: zones and seconds before takeoff are taken away later.
    if moment is None or moment.tzinfo is None or not 1 < moment.year < 9999:
        raise InputError(
            f"--takeoff must be a date and time with a zone, but is {quote(text)}: write it like "
            "2020-09-06T10:30:00Z or 2020-09-06T12:30:00+02:00"
        )
    return moment.astimezone(dt.UTC)
