"""The air: a standard atmosphere, or one fitted to what was measured."""

from typing import Literal, Self

from pydantic import model_validator

from precipice.errors import RuleError
from precipice.scenario.field import (
    Length,
    Pressure,
    Ratio,
    Temperature,
    TemperatureDifference,
    assume,
    choose,
)
from precipice.scenario.section import AbstractSection


class Air(AbstractSection):
    """Pressure, temperature and humidity over altitude."""

    model: Literal["isa", "measured"] = choose("isa", "The standard atmosphere, or through one measurement.")
    temperature_offset: TemperatureDifference = assume("0 K", "Of the day from the model, at all altitudes.")
    pressure: Pressure = assume("1013.25 hPa", "At the station itself, not reduced to sea level.", above=0)
    temperature: Temperature = assume("15 degC", "At the station.", above="-100 degC", below="70 degC")
    humidity: Ratio = assume("0 %", "Relative, at the station.", least=0, most="1")
    altitude: Length = assume("0 m", "Of the station above sea level.", above="-500 m", most="9000 m")

    @model_validator(mode="after")
    def _is_measured(self) -> Self:
        names = ("pressure", "temperature", "altitude")
        absent = [name for name in names if getattr(self, name).is_default]
        if self.model == "measured" and absent:
            raise RuleError(
                f"must have {absent[0]} to be measured", "missing", 'add it, or write model = "isa"'
            )
        if self.model == "isa" and len(absent) < len(names):
            present = next(name for name in names if name not in absent)
            raise RuleError(
                f"must be measured to have {present}", "isa", f'write model = "measured", or remove {present}'
            )
        return self
