"""What a ramp-jump lands on. Everything is relative to the lip, along the azimuth of the run-up."""

from itertools import pairwise
from typing import Literal

from pydantic import model_validator

from precipice.errors import RuleError, quote
from precipice.scenario.field import Angle, Length, Ratio, assume, choose, given
from precipice.scenario.section import AbstractSection
from precipice.scenario.terrain import Unit


class SurfacePoint(AbstractSection):
    """A corner of the surface's profile."""

    distance: Length = given("Level distance from the lip.", least=0)
    up: Length = given("Above the lip; negative below.")


class LandingSurface(AbstractSection):
    """A plane, a profile through points, or a terrain file."""

    shape: Literal["plane", "points", "file"] = choose(..., "Which of the three describes it.")
    distance: Length = assume("0 m", "Plane: level distance from the lip to where it begins.", least=0)
    up: Length = assume("0 m", "Plane: of its beginning above the lip; negative below.")
    slope: Angle = assume(
        "0 deg", "Plane: positive falls away from the lip.", above="-80 deg", below="80 deg"
    )
    length: Length = assume(
        "100 m", "Plane and file: how far it goes on, level; beyond a plane the ground is level.", above=0
    )
    point: tuple[SurfacePoint, ...] = choose((), "Points: from the lip outwards.", max_length=1000)
    file: str | None = choose(None, "File: an elevation model, relative to the scenario file.")
    crs: str | None = choose(None, "File: what its coordinates mean, where it does not say.")
    unit: Unit | None = choose(None, "File: of its heights, where it does not say.")
    width: Length = assume("10 m", "To land outside it is to land outside the area.", above=0)
    friction: Ratio = assume("0.6", "Of the tyres or runners on it.", above=0, most="2")
    safe_fall_height: Length = assume(
        "1.5 m", "Equivalent fall height that counts as a safe landing.", above=0
    )

    @model_validator(mode="after")
    def _is_one_shape(self) -> "LandingSurface":
        for shape, name, present in (
            ("points", "point", bool(self.point)),
            ("file", "file", self.file is not None),
        ):
            if (self.shape == shape) != present:
                rule = f'must be {"absent" if present else "given"} for shape = "{self.shape}"'
                remedy = f'remove it, or write shape = "{shape}"' if present else _REMEDIES[shape]
                raise RuleError(rule, "given" if present else "missing", remedy, within=name)
        if self.shape != "file" and (self.crs or self.unit):
            name = "crs" if self.crs else "unit"
            raise RuleError(f'must be absent for shape = "{self.shape}"', "given", "remove it", within=name)
        ways = [point.distance.value for point in self.point]
        if self.point and (len(ways) < 2 or any(b <= a for a, b in pairwise(ways))):
            rule = "must have at least two points, each farther out than the one before"
            listed = quote(", ".join(point.distance.text for point in self.point))
            raise RuleError(rule, listed, "list them from the lip outwards", within="point")
        if any(b.distance.reach[0] <= a.distance.reach[1] for a, b in pairwise(self.point)):
            rule = "must stay apart over the whole spread of their distances"
            raise RuleError(
                rule, "overlapping", "narrow the spreads: a surface cannot double back", within="point"
            )
        return self


_REMEDIES = {
    "points": "add [[landing_surface.point]] tables with distance and up, from the lip outwards",
    "file": 'add file = "park.tif"',
}
