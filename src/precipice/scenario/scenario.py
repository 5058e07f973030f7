"""The whole scenario: what was decided, in SI units, with its evidence."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from pathlib import Path
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
from precipice.scenario.weather.read import read_sounding
from precipice.scenario.weather.sounding import Request, Sounding
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
    _soundings: dict[str, Sounding] = PrivateAttr(default_factory=dict[str, Sounding])
    _weather_hashes: dict[str, bytes] = PrivateAttr(default_factory=dict[str, bytes])

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
        """Hash of the file, and of the weather files that it names, in hexadecimal."""
        found = hashlib.sha256(self._text.encode())
        for section in self.weather_sections():
            self.sounding(section)
            found.update(self._weather_hashes[section])
        return found.hexdigest()

    def weather_sections(self) -> list[str]:
        """Return which of "air" and "wind" come from a file."""
        chosen = {"air": self.air.model, "wind": self.wind.profile}
        return [name for name, word in chosen.items() if word == "file"]

    def weather_path(self, section: str) -> Path:
        """Return the path of the weather file of "air" or "wind"."""
        named = self.air.file if section == "air" else self.wind.file
        return Path(self._file).parent / str(named)

    def sounding(self, section: str) -> Sounding:
        """Return the weather that the file of "air" or "wind" holds for this stunt; it is read once.

        Raises:
            RuleError: If it cannot be read, or does not hold it.
        """
        if section not in self._soundings:
            path = self.weather_path(section)
            self._soundings[section] = read_sounding(path, self._request(section))
            with path.open("rb") as stream:
                self._weather_hashes[section] = hashlib.file_digest(stream, "sha256").digest()
        return self._soundings[section]

    def _request(self, section: str) -> Request:
        part = self.air if section == "air" else self.wind
        site = self.site
        time = part.file_time or self.takeoff_time()
        latitude, longitude = part.file_latitude, part.file_longitude
        altitude = self.air.altitude
        return Request(
            None if time is None else in_utc(time),
            site.latitude.value if latitude is None else latitude,
            site.longitude.value if longitude is None else longitude,
            None if altitude.is_default else altitude.value,
            part.file_station,
        )

    def takeoff_time(self) -> dt.datetime | None:
        """Return date and time of the stunt in UTC, or None where the site lacks one of them."""
        site = self.site
        if site.date is None or site.time is None:
            return None
        local = dt.datetime.combine(site.date, site.time, dt.UTC)
        return local - dt.timedelta(seconds=site.utc_offset)

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
            "file": (
                "pressure",
                "temperature",
                "humidity",
                *(["altitude"] if self.air.altitude.is_default else []),
            ),
        }
        shape = {"log": ("exponent",), "power": ("roughness",)}
        wind = shape.get(self.wind.profile, ("reference_height", "roughness", "exponent"))
        idle = [f"air.{name}." for name in air[self.air.model]] + [f"wind.{name}." for name in wind]
        if self.site.cliff is None:
            idle += ["wind.upwash", "wind.rotor_"]
        if self.site.terrain is not None:
            idle += [f"site.cliff.{name}." for name in IDLE]
        if self.plan and self.plan.pattern and self.plan.pattern.final == "planned":
            idle.append("plan.pattern.light_wind.")
        if self.rig is not None:
            parts = {"reserve_canopy": self.rig.reserve_canopy.fitted, "drogue": self.rig.drogue.fitted}
            idle += [f"rig.{name}." for name, fitted in parts.items() if not fitted]
        return tuple(idle)


def in_utc(time: dt.datetime) -> dt.datetime:
    """Return a time in UTC; without a zone it is taken as such."""
    return time.astimezone(dt.UTC) if time.tzinfo else time.replace(tzinfo=dt.UTC)


def with_sections(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tables with an empty one for every section that the kind may leave out."""
    kind: Any = raw.get("kind")
    absent: dict[str, Any] = {
        key_of(name, field): {}
        for name, field in Scenario.model_fields.items()
        if kind in only_of(field).kinds - only_of(field).needed and field.default is None and name not in raw
    }
    return {**raw, **absent}
