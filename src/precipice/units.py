"""Quantities as people write them, "95 km/h", to SI numbers and back: the only conversion in the package.

A unit is looked up in a small table first. Anything else goes to pint, which takes half a second to
import, behind a grammar that leaves it nothing to hang on.
"""

import math
import re
from functools import cache
from typing import Any, NamedTuple

from precipice.errors import RuleError, quote


class Dimension(NamedTuple):
    """What a quantity measures.

    Attributes:
        noun: With its article, for messages.
        example: A value somebody could write.
        base: Exponents of metre, kilogram, second, kelvin, radian.
        units: Common units and what one of them is in SI.
    """

    noun: str
    example: str
    base: tuple[int, int, int, int, int]
    units: dict[str, float]


_INCH, _FOOT, _MILE, _POUND = 0.0254, 0.3048, 1609.344, 0.45359237
_DEGREE = math.pi / 180.0
_POUND_FORCE = _POUND * 9.80665

DIMENSIONS: dict[str, Dimension] = {
    "length": Dimension(
        "a length",
        "12 m",
        (1, 0, 0, 0, 0),
        {"m": 1.0, "km": 1e3, "cm": 1e-2, "mm": 1e-3, "ft": _FOOT, "inch": _INCH, "mi": _MILE, "nmi": 1852.0},
    ),
    "mass": Dimension("a mass", "90 kg", (0, 1, 0, 0, 0), {"kg": 1.0, "g": 1e-3, "t": 1e3, "lb": _POUND}),
    "time": Dimension(
        "a time", "1.5 s", (0, 0, 1, 0, 0), {"s": 1.0, "ms": 1e-3, "min": 60.0, "h": 3600.0, "d": 86400.0}
    ),
    "speed": Dimension(
        "a speed",
        "20 m/s",
        (1, 0, -1, 0, 0),
        {
            "m/s": 1.0,
            "km/h": 1 / 3.6,
            "mph": _MILE / 3600,
            "kt": 1852 / 3600,
            "knot": 1852 / 3600,
            "ft/s": _FOOT,
        },
    ),
    "acceleration": Dimension(
        "an acceleration", "4 m/s^2", (1, 0, -2, 0, 0), {"m/s^2": 1.0, "g_0": 9.80665, "ft/s^2": _FOOT}
    ),
    "angle": Dimension(
        "an angle", "15 deg", (0, 0, 0, 0, 1), {"deg": _DEGREE, "°": _DEGREE, "rad": 1.0, "mrad": 1e-3}
    ),
    "angular_rate": Dimension(
        "a rate of turn", "30 deg/s", (0, 0, -1, 0, 1), {"deg/s": _DEGREE, "rad/s": 1.0, "rpm": math.pi / 30}
    ),
    "area": Dimension(
        "an area",
        "0.5 m^2",
        (2, 0, 0, 0, 0),
        {"m^2": 1.0, "cm^2": 1e-4, "ft^2": _FOOT**2, "inch^2": _INCH**2},
    ),
    "volume": Dimension("a volume", "0.04 m^3", (3, 0, 0, 0, 0), {"m^3": 1.0, "l": 1e-3, "ft^3": _FOOT**3}),
    "force": Dimension("a force", "15 N", (1, 1, -2, 0, 0), {"N": 1.0, "kN": 1e3, "lbf": _POUND_FORCE}),
    "inertia": Dimension("a moment of inertia", "5 kg*m^2", (2, 1, 0, 0, 0), {"kg*m^2": 1.0}),
    "power": Dimension(
        "a power", "29 kW", (2, 1, -3, 0, 0), {"W": 1.0, "kW": 1e3, "hp": 550 * _FOOT * _POUND_FORCE}
    ),
    "stiffness": Dimension(
        "a stiffness",
        "6 kN/m",
        (0, 1, -2, 0, 0),
        {"N/m": 1.0, "kN/m": 1e3, "N/mm": 1e3, "lbf/inch": _POUND_FORCE / _INCH},
    ),
    "damping": Dimension("a damping", "500 N*s/m", (0, 1, -1, 0, 0), {"N*s/m": 1.0, "kN*s/m": 1e3}),
    "pressure": Dimension(
        "a pressure",
        "872 hPa",
        (-1, 1, -2, 0, 0),
        {"Pa": 1.0, "hPa": 1e2, "kPa": 1e3, "mbar": 1e2, "bar": 1e5},
    ),
    "temperature": Dimension("a temperature", "12 degC", (0, 0, 0, 1, 0), {"K": 1.0}),
    "temperature_difference": Dimension(
        "a temperature difference",
        "5 delta_degC",
        (0, 0, 0, 1, 0),
        {"K": 1.0, "delta_degC": 1.0, "delta_degF": 5 / 9},
    ),
    "ratio": Dimension("a number without a unit", "0.55", (0, 0, 0, 0, 0), {"": 1.0, "%": 1e-2}),
    "frequency": Dimension("a rate", "1.5 1/s", (0, 0, -1, 0, 0), {"1/s": 1.0, "Hz": 1.0, "1/min": 1 / 60}),
    "per_angle": Dimension(
        "a number per angle", "0.5 1/rad", (0, 0, 0, 0, -1), {"1/rad": 1.0, "1/deg": 1 / _DEGREE}
    ),
    "time_per_angle": Dimension(
        "a time per angle", "0.05 s/rad", (0, 0, 1, 0, -1), {"s/rad": 1.0, "s/deg": 1 / _DEGREE}
    ),
}
"""Every dimension that a field can have."""

# Scales with a zero of their own: kelvin for each degree, kelvin at zero.
_SCALES = {"degC": (1.0, 273.15), "°C": (1.0, 273.15), "degF": (5 / 9, 459.67 * 5 / 9)}

# Letters that mean something else than most people who write them think.
_MISTAKEN = {
    ("C", "temperature"): 'C is the coulomb: write "{number} degC"',
    ("C", "temperature_difference"): 'C is the coulomb: write "{number} delta_degC"',
    ("F", "temperature"): 'F is the farad: write "{number} degF"',
    ("degC", "temperature_difference"): 'a difference has no zero point: write "{number} delta_degC"',
    ("g", "acceleration"): 'g is the gram: write "{number} g_0" for standard gravity',
    ("g", "ratio"): 'g is the gram: write "{number}" alone',
    ("kmh", "speed"): 'write "{number} km/h"',
    # Taken apart, it would be a thousand miles per hour.
    ("kmph", "speed"): 'write "{number} km/h"',
    ("nm", "length"): 'nm is the nanometre: write "{number} nmi" for nautical miles',
    ("kg", "force"): 'kg is a mass: write "{number} kgf" for its weight',
}

# What people write who mean a common unit; compared in small letters and without spaces.
_MEANT = {
    "sqft": "ft^2",
    "ft2": "ft^2",
    "sqm": "m^2",
    "sqin": "inch^2",
    "kmh": "km/h",
    "kmph": "km/h",
    "km/hr": "km/h",
    "ps": "metric_horsepower",
    "bhp": "hp",
    "ft.": "ft",
    "lbs": "lb",
    "in.": "inch",
    "'": "ft",
    '"': "inch",
}

NUMBER = r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?"
_POWER = r"(?:\^-?[1-9])?"
_NAME = rf"[A-Za-zµ°][A-Za-z0-9_µ°]{{0,30}}{_POWER}"
_GROUP = rf"\({_NAME}(?:[*/]{_NAME}){{0,3}}\){_POWER}"
_FACTOR = rf"(?:{_NAME}|{_GROUP})"
_UNIT = re.compile(rf"%|(?:1/)?{_FACTOR}(?:[*/]{_FACTOR}){{0,4}}")
_QUANTITY = re.compile(rf"({NUMBER}) ?([^ ]{{0,40}})")
_WORDS = re.compile(rf"({NUMBER}) *(.{{1,40}})")
_COMMA = re.compile(r"([+-]?[0-9]{1,40}),([0-9]{1,40})( ?[^ ,]{0,40})")
_SIXTY = r"([0-9]{1,2}(?:\.[0-9]{1,6})?)"
_SEXAGESIMAL = re.compile(rf"([0-9]{{1,3}})° ?{_SIXTY}['′](?: ?{_SIXTY}(?:\"|″|''))? ?([NESW]?)")
_SHARE = re.compile(r"1 ?(?:in|/|:) ?([0-9]{1,12})")
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)\b", re.IGNORECASE)
_SPELLING = str.maketrans({"²": "^2", "³": "^3", "·": "*", "μ": "µ"})


def parse_quantity(text: object, dimension: str) -> float:
    """Return the SI value of a written quantity.

    Args:
        text: Such as "95 km/h"; a plain number where the dimension is "ratio".
        dimension: A key of `DIMENSIONS`.

    Returns:
        A finite number in SI units; angles in radians, temperatures in kelvin.

    Raises:
        RuleError: When the text is no quantity of that dimension; says what to write.
    """
    number, unit = split_quantity(text, dimension)
    factor = DIMENSIONS[dimension].units.get(unit)
    if factor is not None:
        value = float(number) * factor
    elif dimension == "temperature" and unit in _SCALES:
        scale, zero = _SCALES[unit]
        value = float(number) * scale + zero
    else:
        value = _convert_with_pint(number, unit, dimension)
    if not math.isfinite(value):
        raise _error(dimension, text, "must be a finite number")
    return value


def format_quantity(value: float, unit: str) -> str:
    """Return an SI value as text in a unit, such as "20 m/s".

    Args:
        value: In SI units.
        unit: Any unit that `parse_quantity` reads; "" for a plain number.

    Returns:
        Up to six significant digits and the unit.
    """
    if unit in _SCALES:
        scale, zero = _SCALES[unit]
        return f"{(value - zero) / scale:.6g} {unit}"
    for dimension in DIMENSIONS.values():
        if unit in dimension.units:
            return f"{value / dimension.units[unit]:.6g} {unit}".strip()
    scale, offset, _ = _from_pint(unit)
    return f"{(value - offset) / scale:.6g} {unit}"


def split_quantity(text: object, dimension: str) -> tuple[str, str]:
    """Return number and unit of a written quantity, both as text.

    Args:
        text: As for `parse_quantity`.
        dimension: A key of `DIMENSIONS`; only used to say what was expected.

    Raises:
        RuleError: When the text is not a number followed by a unit.
    """
    if isinstance(text, int | float) and not isinstance(text, bool):
        if not abs(text) < 1e300:
            raise _error(dimension, text, "must be a finite number")
        if dimension != "ratio":
            raise _error(
                dimension, text, f"must be {DIMENSIONS[dimension].noun} with its unit", _bare(text, dimension)
            )
        text = repr(text)
    if not isinstance(text, str):
        raise _error(dimension, text)
    if _NOT_FINITE.match(text.strip()):
        raise _error(dimension, text, "must be a finite number")
    match = _QUANTITY.fullmatch(text.strip())
    if match is None:
        raise _error(dimension, text, None, _meant(text.strip(), dimension))
    number, unit = match[1], match[2].translate(_SPELLING)
    if unit and not _UNIT.fullmatch(unit):
        raise _error(dimension, text, None, _meant(text.strip(), dimension))
    if not unit and dimension != "ratio":
        raise _error(
            dimension, text, f"must be {DIMENSIONS[dimension].noun} with its unit", _bare(number, dimension)
        )
    return number, unit


def _bare(number: object, dimension: str) -> str:
    unit = DIMENSIONS[dimension].example.split(" ", 1)[1]
    return f'write the unit as well, such as "{quote(str(number))} {unit}"'


def _meant(text: str, dimension: str) -> str | None:
    """Return what to write instead of a spelling that is common elsewhere, None for all others."""
    if found := _COMMA.fullmatch(text):
        whole, rest, unit = found.groups()
        if len(rest) == 3:
            return f'write "{whole}.{rest}{unit}" or "{whole}{rest}{unit}": the point is the decimal mark'
        return f'write "{whole}.{rest}{unit}": the point is the decimal mark'
    if dimension == "angle" and (found := _SEXAGESIMAL.fullmatch(text)):
        minutes, seconds = float(found[2]), float(found[3] or 0.0)
        degrees = float(found[1]) + minutes / 60.0 + seconds / 3600.0
        sign = "-" if found[4] in ("S", "W") else ""
        return f'write decimal degrees, "{sign}{degrees:.6f} deg"'
    if dimension == "ratio" and (found := _SHARE.fullmatch(text)) and float(found[1]) > 0.0:
        return f'write "{100.0 / float(found[1]):.6g} %"'
    if found := _WORDS.fullmatch(text):
        unit = _usual(found[2], dimension)
        return f'write "{found[1]} {unit}"' if unit else None
    return None


def _usual(unit: str, dimension: str) -> str | None:
    """Return the unit of a dimension that is meant by another spelling, or None."""
    units = DIMENSIONS[dimension].units
    compact = unit.replace(" ", "")
    if compact in units:
        return compact
    alike = [known for known in units if known.lower() == compact.lower()]
    meant = alike[0] if len(alike) == 1 else _MEANT.get(compact.lower())
    return meant if meant in units or (meant, dimension) == ("metric_horsepower", "power") else None


def _error(dimension: str, text: object, rule: str | None = None, remedy: str | None = None) -> RuleError:
    expected = DIMENSIONS[dimension]
    rule = rule or f"must be {expected.noun}"
    remedy = remedy or f'write {expected.noun} such as "{expected.example}"'
    return RuleError(rule, quote(text), remedy)


def _convert_with_pint(number: str, unit: str, dimension: str) -> float:
    written = f"{number} {unit}"
    hint = _MISTAKEN.get((unit, dimension))
    remedy = hint.format(number=number) if hint else None
    if hint or unit in _SCALES or any(unit in other.units for other in DIMENSIONS.values()):
        raise _error(dimension, written, None, remedy)
    try:
        scale, offset, base = _from_pint(unit)
    except ValueError:
        raise _error(dimension, written, None, _unknown(number, unit, dimension)) from None
    if base != DIMENSIONS[dimension].base or (offset and dimension != "temperature"):
        raise _error(dimension, written)
    return float(number) * scale + offset


def _unknown(number: str, unit: str, dimension: str) -> str:
    if usual := _usual(unit, dimension):
        return f'"{unit}" is no unit: write "{number} {usual}"'
    expected = DIMENSIONS[dimension]
    powered = re.sub(r"([A-Za-z])([23])(?=$|[*/])", r"\1^\2", unit)
    if powered != unit:
        return f'write the power with ^, "{number} {powered}"'
    return f'"{unit}" is no unit: write {expected.noun} such as "{expected.example}"'


@cache
def _registry() -> Any:
    import pint

    library: Any = pint
    return library.UnitRegistry()


@cache
def _from_pint(unit: str) -> tuple[float, float, tuple[float, ...]]:
    """Return what one unit is in SI, the offset of its zero, and its base exponents."""
    registry = _registry()
    names = ("meter", "kilogram", "second", "kelvin", "radian")
    try:
        zero = registry.Quantity(0.0, unit).to_base_units()
        one = registry.Quantity(1.0, unit).to_base_units()
        exponents = {str(name): power for name, power in one.unit_items()}
        base = tuple(float(exponents.pop(name, 0.0)) for name in names)
    except Exception as error:
        raise ValueError(f"{unit} is no unit") from error
    if exponents:
        raise ValueError(f"{unit} is no mechanical unit")
    return one.magnitude - zero.magnitude, zero.magnitude, base
