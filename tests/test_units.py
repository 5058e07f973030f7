"""Units. Expected numbers: definitions in NIST SP 811 (2008), app. B.8, and the SI brochure."""

import contextlib
import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from precipice import units
from precipice.errors import RuleError
from precipice.units import DIMENSIONS, format_quantity, parse_quantity

# NIST SP 811, B.8: exact unless fewer digits are given there.
DEFINED = [
    ("1 mph", "speed", 0.44704, 0.0),
    ("1 kt", "speed", 0.514444, 1e-6),
    ("36 km/h", "speed", 10.0, 1e-15),
    ("1 ft", "length", 0.3048, 0.0),
    ("1 inch", "length", 0.0254, 0.0),
    ("1 yd", "length", 0.9144, 1e-15),
    ("1 nmi", "length", 1852.0, 0.0),
    ("1 mi", "length", 1609.344, 0.0),
    ("1 ft^2", "area", 0.09290304, 1e-15),
    ("1 lb", "mass", 0.45359237, 0.0),
    ("1 lbf", "force", 4.448222, 1e-6),
    ("1 kgf", "force", 9.80665, 1e-12),
    ("1 hp", "power", 745.6999, 1e-6),
    ("1 g_0", "acceleration", 9.80665, 0.0),
    ("0 degC", "temperature", 273.15, 0.0),
    ("32 degF", "temperature", 273.15, 1e-15),
    ("212 degF", "temperature", 373.15, 1e-15),
    ("9 delta_degF", "temperature_difference", 5.0, 1e-15),
    ("1 inHg", "pressure", 3386.389, 1e-6),
    ("1013.25 hPa", "pressure", 101325.0, 1e-15),
    ("180 deg", "angle", math.pi, 1e-15),
    ("1 turn", "angle", 2 * math.pi, 1e-15),
    ("60 rpm", "angular_rate", 2 * math.pi, 1e-15),
    ("4 %", "ratio", 0.04, 1e-15),
    ("0.55", "ratio", 0.55, 0.0),
    (0.55, "ratio", 0.55, 0.0),
    (3, "ratio", 3.0, 0.0),
    ("1.8 m²", "area", 1.8, 0.0),
    ("1e3 mm", "length", 1.0, 1e-15),
    ("-.5 m", "length", -0.5, 0.0),
    ("1 N*s/(m*kg)", "frequency", 1.0, 1e-15),
]


@pytest.mark.parametrize(("text", "dimension", "expected", "relative"), DEFINED)
def test_units_have_their_defined_size(text, dimension, expected, relative):
    assert parse_quantity(text, dimension) == pytest.approx(expected, rel=relative, abs=0.0)


PAIRS = [
    (name, unit)
    for name, dimension in DIMENSIONS.items()
    for unit in dimension.units
    if unit not in ("", "%")
]


@pytest.fixture(scope="module")
def registry():
    import pint

    return pint.UnitRegistry()


@pytest.mark.parametrize(("dimension", "unit"), PAIRS)
def test_the_table_agrees_with_pint(registry, dimension, unit):
    quantity = registry.Quantity(1.0, unit).to_base_units()
    assert DIMENSIONS[dimension].units[unit] == pytest.approx(quantity.magnitude, rel=1e-14)
    powers = {str(name): power for name, power in quantity.unit_items()}
    names = ("meter", "kilogram", "second", "kelvin", "radian")
    assert tuple(powers.get(name, 0) for name in names) == DIMENSIONS[dimension].base


@pytest.mark.parametrize("name", DIMENSIONS)
def test_examples_are_what_they_are_examples_of(name):
    assert math.isfinite(parse_quantity(DIMENSIONS[name].example, name))


REFUSED = [
    ("20 C", "temperature", "coulomb"),
    ("3 g", "acceleration", "g_0"),
    ("20 degC", "temperature_difference", "delta_degC"),
    ("nan m", "length", "finite"),
    ("-inf m", "length", "finite"),
    ("1e999 m", "length", "finite"),
    (float("nan"), "ratio", "finite"),
    (float("inf"), "length", "finite"),
    (10**400, "ratio", "finite"),
    (20, "speed", "20 m/s"),
    ("20", "speed", "20 m/s"),
    ("20 m", "speed", "a speed"),
    ("3 deg", "ratio", "without a unit"),
    ("4 %", "angle", "15 deg"),
    ("5 1/s", "angular_rate", "deg/s"),
    ("30 deg/s", "frequency", "1/s"),
    ("3 m2", "area", "m^2"),
    # Pint reads a thousand miles an hour, and a billionth of a metre.
    ("72 kmph", "speed", 'write "72 km/h"'),
    ("2 nm", "length", 'write "2 nmi"'),
    ("72 km / h", "speed", 'write "72 km/h"'),
    ("240 sqft", "area", 'write "240 ft^2"'),
    ("240 sq ft", "area", 'write "240 ft^2"'),
    ("29 KW", "power", 'write "29 kW"'),
    ("39 PS", "power", 'write "39 metric_horsepower"'),
    ("12'", "length", 'write "12 ft"'),
    ("75,5 m", "length", 'write "75.5 m"'),
    ("1,200 m", "length", '"1.200 m" or "1200 m"'),
    # A degree has 60 minutes of 60 seconds.
    ("46°12'30\"", "angle", '"46.208333 deg"'),
    ("8° 43.2' W", "angle", '"-8.720000 deg"'),
    ("1 in 1000", "ratio", 'write "0.1 %"'),
    ("1 in 0", "ratio", "without a unit"),
    ("3 foo", "mass", "no unit"),
    ("2 yd", "mass", "90 kg"),
    ("2 yd^2", "length", "12 m"),
    ("2 turn", "ratio", "without a unit"),
    ("3 count", "ratio", "without a unit"),
    ("3 dB", "ratio", "without a unit"),
    ("3 degF", "temperature_difference", "delta_degC"),
    ("9**9**9**9 m", "length", "12 m"),
    ("1 m^9^9^9^9", "length", "12 m"),
    ("1 (((((m)))))", "length", "12 m"),
    ("1 __import__('os')", "length", "12 m"),
    ("1\u00a0m", "length", "12 m"),
    ("１ m", "length", "12 m"),
    ("", "mass", "90 kg"),
    ("kg", "mass", "90 kg"),
    (True, "ratio", "without a unit"),
    (None, "mass", "90 kg"),
    (["1 m"], "length", "12 m"),
    ("1" * 5000 + " m", "length", "12 m"),
    ("1 " + "m*" * 5000 + "m", "length", "12 m"),
]


@pytest.mark.parametrize(("text", "dimension", "says"), REFUSED)
def test_anything_else_is_refused_at_once_with_what_to_write(text, dimension, says):
    began = time.perf_counter()
    with pytest.raises(RuleError) as caught:
        parse_quantity(text, dimension)
    assert time.perf_counter() - began < 3.0  # pint's own import is most of it
    assert says in f"{caught.value.rule}: {caught.value.remedy}"
    assert len(str(caught.value)) < 300


def test_common_units_do_without_pint(monkeypatch):
    def fail():
        raise AssertionError("pint was imported")

    monkeypatch.setattr(units, "_registry", fail)
    for dimension in DIMENSIONS.values():
        for unit in dimension.units:
            parse_quantity(f"1 {unit}", next(name for name, d in DIMENSIONS.items() if d is dimension))
    with pytest.raises(RuleError):
        parse_quantity("1 m", "mass")


@given(st.sampled_from(PAIRS), st.floats(-1e6, 1e6, allow_subnormal=False))
def test_formatting_and_parsing_are_inverse(pair, value):
    dimension, unit = pair
    text = format_quantity(parse_quantity(f"{value!r} {unit}", dimension), unit)
    number, written = text.split(" ", 1)
    assert written == unit
    assert float(number) == pytest.approx(value, rel=1e-5, abs=1e-300)


@given(st.text(max_size=80), st.sampled_from(sorted(DIMENSIONS)))
def test_any_text_is_a_number_or_a_rule_error(text, dimension):
    with contextlib.suppress(RuleError):
        assert math.isfinite(parse_quantity(text, dimension))


def test_celsius_is_shown_as_celsius():
    assert format_quantity(285.15, "degC") == "12 degC"
    assert format_quantity(0.04, "%") == "4 %"
    assert format_quantity(22.352, "mph") == "50 mph"
    assert format_quantity(1.8288, "yd") == "2 yd"


def test_a_metric_horsepower_lifts_75_kg_a_metre_in_a_second():
    assert parse_quantity("1 metric_horsepower", "power") == pytest.approx(75 * 9.80665, rel=1e-12)
