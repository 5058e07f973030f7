"""The whole scenario: what was decided, in SI units, with its evidence."""

import hashlib
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import PrivateAttr

from precipice.scenario.air import Air
from precipice.scenario.aircraft import ExitAircraft
from precipice.scenario.body import Body
from precipice.scenario.correlation import Correlation
from precipice.scenario.criterion import Criterion
from precipice.scenario.exit import Exit
from precipice.scenario.field import choose, need
from precipice.scenario.kind import ALL, CANOPY, CLIFF, DROP, MAIN, RAMP, Kind
from precipice.scenario.landing_surface import LandingSurface
from precipice.scenario.motorcycle import Motorcycle
from precipice.scenario.performer import Performer
from precipice.scenario.plan import Plan
from precipice.scenario.quantity import Quantity
from precipice.scenario.ramp import Ramp
from precipice.scenario.rig import Rig
from precipice.scenario.run_up import RunUp
from precipice.scenario.section import AbstractSection, key_of, leaves, only_of
from precipice.scenario.site import Site
from precipice.scenario.terrain import IDLE
from precipice.scenario.vehicle import Vehicle
from precipice.scenario.wind import Wind

_RAMP_JUMP = RAMP - MAIN
_SKYDIVE = CANOPY - CLIFF


class Scenario(AbstractSection):
    """Everything that was decided about one stunt. Sections that its kind does not have are None."""

    format: Literal[1] = choose(..., "Version of this file format.")
    kind: Kind = choose(..., "What sort of stunt it is.")
    title: str = choose("", "One line that says what it is.")
    site: Site = choose(..., "Where.")
    run_up: RunUp | None = need("The way to the ramp.", RAMP)
    ramp: Ramp | None = need("The ramp.", RAMP)
    motorcycle: Motorcycle | None = need("The motorcycle.", MAIN)
    vehicle: Vehicle | None = need("The vehicle.", _RAMP_JUMP)
    exit: Exit | None = need("How the body leaves a fixed place.", (CLIFF | DROP) - MAIN)
    aircraft: ExitAircraft | None = need("What the performer jumps from.", _SKYDIVE)
    body: Body | None = need("What falls.", DROP)
    landing_surface: LandingSurface | None = need("What the vehicle lands on.", _RAMP_JUMP)
    performer: Performer | None = need("Who does it.", CANOPY, also=_RAMP_JUMP)
    rig: Rig | None = need("What is on the performer's back.", CANOPY)
    air: Air = choose(Air(), "Pressure, temperature, humidity.")
    wind: Wind = choose(..., "Wind and gusts.")
    plan: Plan | None = need("What is done when.", ALL - DROP, also=DROP)
    correlation: tuple[Correlation, ...] = choose((), "What hangs together.", max_length=100)
    criterion: tuple[Criterion, ...] = choose((), "What is accepted, and by whom.", max_length=100)

    _text: str = PrivateAttr(default="")
    _file: str = PrivateAttr(default="")

    @classmethod
    def from_table(cls, raw: Mapping[str, Any], text: str = "", file: str = "") -> "Scenario":
        """Return a scenario from the tables of its file.

        Args:
            raw: As TOML gives it, with tuples for lists.
            text: The file itself.
            file: Its name.

        Raises:
            pydantic.ValidationError: With what is wrong inside the sections.
        """
        scenario = cls.model_validate(with_sections(raw))
        scenario._text, scenario._file = text, file
        return scenario

    @property
    def text(self) -> str:
        """The file as it was read."""
        return self._text

    @property
    def file(self) -> str:
        """Path of the file as it was given."""
        return self._file

    @property
    def sha256(self) -> str:
        """Hash of the file, in hexadecimal."""
        return hashlib.sha256(self._text.encode()).hexdigest()

    def quantities(self) -> dict[str, Quantity]:
        """Return every field with a number that this kind of stunt has, by dotted path, defaults included."""
        return {path: leaf for path, leaf in leaves(self, self.kind) if isinstance(leaf, Quantity)}

    def values(self) -> dict[str, float]:
        """Return the centre of every quantity, SI, by dotted path (lists as `run_up.surface.0.friction`)."""
        return {path: quantity.value for path, quantity in self.quantities().items()}

    def uncertain(self) -> dict[str, Quantity]:
        """Return the quantities that have a spread."""
        return {path: quantity for path, quantity in self.quantities().items() if quantity.spread}

    def assumed(self) -> list[str]:
        """Return the paths of the quantities in use that nobody measured or published."""
        idle = self._idle()
        return [
            path
            for path, quantity in self.quantities().items()
            if quantity.basis == "assumed" and not f"{path}.".startswith(idle)
        ]

    def _idle(self) -> tuple[str, ...]:
        """Return the beginnings of paths that have no say, given the words beside them."""
        air = {
            "isa": ("pressure", "temperature", "humidity", "altitude"),
            "measured": ("temperature_offset",),
        }
        shape = {"log": ("exponent",), "power": ("roughness",)}
        wind = shape.get(self.wind.profile, ("reference_height", "roughness", "exponent"))
        idle = [f"air.{name}." for name in air[self.air.model]] + [f"wind.{name}." for name in wind]
        if self.site.terrain is not None:
            idle += [f"site.cliff.{name}." for name in IDLE]
        if self.rig is not None:
            parts = {"reserve_canopy": self.rig.reserve_canopy.fitted, "drogue": self.rig.drogue.fitted}
            idle += [f"rig.{name}." for name, fitted in parts.items() if not fitted]
        return tuple(idle)


def with_sections(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tables with an empty one for every section that the kind may leave out."""
    kind: Any = raw.get("kind")
    absent: dict[str, Any] = {
        key_of(name, field): {}
        for name, field in Scenario.model_fields.items()
        if kind in only_of(field).kinds - only_of(field).needed and field.default is None and name not in raw
    }
    return {**raw, **absent}
