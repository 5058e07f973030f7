"""The air: a standard atmosphere, one fitted to what was measured, or a file of measured air."""

import datetime as dt
from typing import Literal

from pydantic import model_validator

from precipice.errors import RuleError
from precipice.scenario.field import (
    Length,
    PlainAngle,
    Pressure,
    Ratio,
    Temperature,
    TemperatureDifference,
    assume,
    choose,
    normal,
)
from precipice.scenario.quantity import Quantity
from precipice.scenario.section import AbstractSection
from precipice.scenario.weather import words


class Air(AbstractSection):
    """Pressure, temperature and humidity over altitude."""

    model: Literal["isa", "measured", "file"] = choose(
        "isa", "The standard atmosphere, through one measurement, or as a weather file has it."
    )
    file: str | None = choose(None, f'For model = "file": {words.FILE}', min_length=1)
    file_time: dt.datetime | None = choose(None, words.TIME)
    file_latitude: PlainAngle | None = choose(None, words.LATITUDE)
    file_longitude: PlainAngle | None = choose(None, words.LONGITUDE)
    file_station: str | None = choose(None, words.STATION, min_length=1)
    temperature_offset: TemperatureDifference = assume(
        "0 K", "Of the day from the model, at all altitudes.", spread=normal("5 K", "day")
    )
    pressure: Pressure = assume("1013.25 hPa", "At the station itself, not reduced to sea level.", above=0)
    temperature: Temperature = assume("15 degC", "At the station.", above="-100 degC", below="70 degC")
    humidity: Ratio = assume("0 %", "Relative, at the station.", least=0, most="1")
    altitude: Length = assume(
        "0 m", "Of the station above sea level; a METAR's needs it too.", above="-500 m", most="9000 m"
    )

    @model_validator(mode="after")
    def _is_measured(self) -> "Air":
        for name in ("pressure", "temperature", "altitude"):
            quantity: Quantity = getattr(self, name)
            if self.model == "measured" and quantity.is_default:
                rule, remedy = 'must be given for model = "measured"', 'add it, or write model = "isa"'
                raise RuleError(rule, "missing", remedy, within=name)
            if self.model == "isa" and not quantity.is_default:
                rule, remedy = 'must be absent for model = "isa"', 'remove it, or write model = "measured"'
                raise RuleError(rule, quantity.text, remedy, within=name)
            if self.model == "file" and name != "altitude" and not quantity.is_default:
                rule, remedy = 'must be absent for model = "file"', "remove it: the file has it"
                raise RuleError(rule, quantity.text, remedy, within=name)
        return self
