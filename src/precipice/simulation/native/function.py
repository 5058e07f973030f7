"""Elementary functions: in single precision our own short polynomials, in double the C library's.

The single-precision ones are branch-free, fused, and the same bits for any number of lanes; each is held
to a few units in the last place of NumPy's double-precision function by a test.
Source of the polynomials: Cephes (Moshier 1989), single precision.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np

from precipice.simulation.native.element import CONSTANT, Code, Element, constant

LIBRARY = {
    name: name
    for name in (
        *("exp", "exp2", "log", "log1p", "expm1", "pow", "cbrt", "erf"),
        *("sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh"),
    )
}
"""Names in the C library by JAX's name."""


def _polynomial(c: Code, x: Element, coefficients: Sequence[float]) -> Element:
    """Return a polynomial, highest power first."""
    found = constant(coefficients[0], x.type)
    for coefficient in coefficients[1:]:
        found = c.fused(found, x, constant(coefficient, x.type))
    return found


def _f(value: float) -> Element:
    return constant(value, "float")


def _keep_nan(c: Code, x: Element, found: Element) -> Element:
    return c.select(c.binary("fcmp uno", x, x, "i1"), x, found)


_EXP = (
    *(1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3),
    *(4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1),
)


def _exp(c: Code, x: Element) -> Element:
    held = c.smallest(c.largest(x, _f(-87.0)), _f(88.3762626647950))
    n = c.call("roundeven", c.multiply(held, _f(math.log2(math.e))))
    rest = c.fused(n, _f(-0.693359375), held)
    rest = c.fused(n, _f(2.12194440e-4), rest)
    tail = _polynomial(c, rest, _EXP)
    value = c.add(c.fused(tail, c.binary("fmul", rest, rest), rest), _f(1.0))
    shifted = c.binary("shl", c.add(c.convert(n, "i32"), constant(127, "i32")), constant(23, "i32"))
    value = c.binary("fmul", value, c.bits(shifted, "float"))
    value = c.select(c.compare("gt", x, _f(88.72283)), _f(math.inf), value)
    return c.select(c.compare("lt", x, _f(-87.0)), _f(0.0), value)


def _log_parts(c: Code, x: Element) -> tuple[Element, Element]:
    """Return the power of two of a number and what is left over, less one."""
    whole = c.bits(x, "i32")
    # Shifted so that the rest lies between sqrt(1/2) and sqrt(2).
    moved = c.binary("sub", whole, constant(0x3F3504F3, "i32"))
    power = c.binary("ashr", moved, constant(23, "i32"))
    rest = c.binary("sub", whole, c.binary("shl", power, constant(23, "i32")))
    return c.convert(power, "float"), c.subtract(c.bits(rest, "float"), _f(1.0))


_LOG = (
    7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1,
    -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
)  # fmt: skip


def _log(c: Code, x: Element) -> Element:
    power, rest = _log_parts(c, x)
    square = c.binary("fmul", rest, rest)
    tail = c.binary("fmul", c.binary("fmul", _polynomial(c, rest, _LOG), rest), square)
    tail = c.fused(power, _f(-2.12194440e-4), tail)
    tail = c.fused(square, _f(-0.5), tail)
    value = c.fused(power, _f(0.693359375), c.add(rest, tail))
    value = c.select(c.compare("lt", x, _f(0.0)), _f(math.nan), value)
    value = c.select(c.compare("eq", x, _f(0.0)), _f(-math.inf), value)
    value = c.select(c.compare("eq", x, _f(math.inf)), _f(math.inf), value)
    return _keep_nan(c, x, value)


def _pow(c: Code, x: Element, y: Element) -> Element:
    """Return a power of a positive number; log2 has two parts, so that large exponents stay exact."""
    power, rest = _log_parts(c, x)
    square = c.binary("fmul", rest, rest)
    tail = c.binary("fmul", c.binary("fmul", _polynomial(c, rest, _LOG), rest), square)
    # log2(x) = power + (rest + small) log2(e), the product with its rounding error beside it.
    small = c.fused(square, _f(-0.5), tail)
    log = c.add(rest, small)
    log_low = c.subtract(small, c.subtract(log, rest))
    e_high, e_low = 1.44269502162933349609, 1.92596299e-8
    high = c.binary("fmul", log, _f(e_high))
    low = c.fused(log, _f(e_high), c.negative(high))
    low = c.fused(log, _f(e_low), low)
    low = c.fused(log_low, _f(e_high), low)
    total = c.add(power, high)
    low = c.add(low, c.subtract(high, c.subtract(total, power)))
    scaled = c.binary("fmul", y, total)
    error = c.fused(y, total, c.negative(scaled))
    error = c.fused(y, low, error)
    n = c.call("roundeven", scaled)
    fraction = c.add(c.subtract(scaled, n), error)
    value = _exp(c, c.binary("fmul", fraction, _f(math.log(2.0))))
    held = c.smallest(c.largest(n, _f(-126.0)), _f(127.0))
    shifted = c.binary("shl", c.add(c.convert(held, "i32"), constant(127, "i32")), constant(23, "i32"))
    value = c.binary("fmul", value, c.bits(shifted, "float"))
    value = c.select(c.compare("gt", n, _f(127.0)), _f(math.inf), value)
    value = c.select(c.compare("lt", n, _f(-126.0)), _f(0.0), value)
    at_zero = c.select(c.compare("gt", y, _f(0.0)), _f(0.0), _f(math.inf))
    value = c.select(c.compare("eq", x, _f(0.0)), at_zero, value)
    value = c.select(c.compare("lt", x, _f(0.0)), _f(math.nan), value)
    value = c.select(c.compare("eq", y, _f(0.0)), _f(1.0), value)
    return _keep_nan(c, x, _keep_nan(c, y, value))


def _quarter(c: Code, x: Element) -> tuple[Element, Element, Element]:
    """Return sine and cosine of what is left of an angle beyond quarter turns, and their number."""
    n = c.call("roundeven", c.multiply(x, _f(2.0 / math.pi)))
    rest = c.fused(n, _f(-1.5703125), x)
    rest = c.fused(n, _f(-4.837512969970703e-4), rest)
    rest = c.fused(n, _f(-7.549789948768648e-8), rest)
    square = c.binary("fmul", rest, rest)
    sine = _polynomial(c, square, (-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1))
    sine = c.fused(c.binary("fmul", sine, square), rest, rest)
    cosine = _polynomial(c, square, (2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2))
    cosine = c.fused(c.binary("fmul", square, square), cosine, c.fused(square, _f(-0.5), _f(1.0)))
    return sine, cosine, c.convert(n, "i32")


def _bit(c: Code, n: Element, bit: int) -> Element:
    return c.compare("ne", c.binary("and", n, constant(bit, "i32")), constant(0, "i32"))


def _sin(c: Code, x: Element) -> Element:
    sine, cosine, n = _quarter(c, x)
    value = c.select(_bit(c, n, 1), cosine, sine)
    return c.select(_bit(c, n, 2), c.negative(value), value)


def _cos(c: Code, x: Element) -> Element:
    sine, cosine, n = _quarter(c, x)
    value = c.select(_bit(c, n, 1), sine, cosine)
    return c.select(_bit(c, c.add(n, constant(1, "i32")), 2), c.negative(value), value)


def _tan(c: Code, x: Element) -> Element:
    sine, cosine, n = _quarter(c, x)
    odd = _bit(c, n, 1)
    top, bottom = c.select(odd, c.negative(cosine), sine), c.select(odd, sine, cosine)
    return c.binary("fdiv", top, bottom)


def _tanh(c: Code, x: Element) -> Element:
    size = c.absolute(x)
    square = c.binary("fmul", x, x)
    near = _polynomial(
        c,
        square,
        (-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1),
    )
    near = c.fused(c.binary("fmul", near, square), x, x)
    grown = _exp(c, c.multiply(size, _f(2.0)))
    far = c.subtract(_f(1.0), c.divide(_f(2.0), c.add(grown, _f(1.0))))
    return c.select(c.compare("lt", size, _f(0.625)), near, c.call("copysign", far, x))


def _arc(c: Code, top: Element, bottom: Element) -> Element:
    """Return the angle whose tangent is top over bottom; both positive, top no more than bottom."""
    steep = c.compare("gt", top, c.binary("fmul", bottom, _f(0.4142135623730950)))
    upper = c.select(steep, c.subtract(top, bottom), top)
    lower = c.select(steep, c.add(top, bottom), bottom)
    t = c.binary("fdiv", upper, lower)
    square = c.binary("fmul", t, t)
    tail = _polynomial(c, square, (8.05374449538e-2, -1.38776856032e-1, 1.99777106478e-1, -3.33329491539e-1))
    angle = c.fused(c.binary("fmul", tail, square), t, t)
    return c.add(angle, c.select(steep, _f(math.pi / 4.0), _f(0.0)))


def _atan2(c: Code, y: Element, x: Element) -> Element:
    high, wide = c.absolute(y), c.absolute(x)
    steep = c.compare("gt", high, wide)
    top, bottom = c.select(steep, wide, high), c.select(steep, high, wide)
    angle = _arc(c, top, c.select(c.compare("eq", bottom, _f(0.0)), _f(1.0), bottom))
    angle = c.select(steep, c.subtract(_f(math.pi / 2.0), angle), angle)
    angle = c.select(c.compare("lt", x, _f(0.0)), c.subtract(_f(math.pi), angle), angle)
    return c.call("copysign", angle, y)


def _atan(c: Code, x: Element) -> Element:
    return _atan2(c, x, _f(1.0))


def _half_arc(c: Code, x: Element) -> tuple[Element, Element, Element]:
    """Return the arcsine of |x| up to a half, or of the half-angle beyond; and whether it is beyond."""
    size = c.absolute(x)
    beyond = c.compare("gt", size, _f(0.5))
    half = c.multiply(c.subtract(_f(1.0), size), _f(0.5))
    square = c.select(beyond, half, c.binary("fmul", size, size))
    root = c.select(beyond, c.call("sqrt", half), size)
    tail = _polynomial(
        c, square, (4.2163199048e-2, 2.4181311049e-2, 4.5470025998e-2, 7.4953002686e-2, 1.6666752422e-1)
    )
    return c.fused(c.binary("fmul", tail, square), root, root), beyond, size


def _asin(c: Code, x: Element) -> Element:
    part, beyond, _ = _half_arc(c, x)
    far = c.subtract(_f(math.pi / 2.0), c.multiply(part, _f(2.0)))
    return c.call("copysign", c.select(beyond, far, part), x)


def _acos(c: Code, x: Element) -> Element:
    part, beyond, _ = _half_arc(c, x)
    twice = c.multiply(part, _f(2.0))
    far = c.select(c.compare("lt", x, _f(0.0)), c.subtract(_f(math.pi), twice), twice)
    return c.select(beyond, far, c.subtract(_f(math.pi / 2.0), c.call("copysign", part, x)))


def _log1p(c: Code, x: Element) -> Element:
    grown = c.add(_f(1.0), x)
    lost = c.subtract(c.binary("fsub", grown, _f(1.0)), x)
    return c.subtract(_log(c, grown), c.divide(lost, grown))


SINGLE: dict[str, Callable[..., Element]] = {
    "exp": _exp, "log": _log, "log1p": _log1p, "pow": _pow, "sin": _sin, "cos": _cos, "tan": _tan,
    "tanh": _tanh, "atan": _atan, "atan2": _atan2, "asin": _asin, "acos": _acos,
}  # fmt: skip


_NUMPY = {"atan": "arctan", "atan2": "arctan2", "asin": "arcsin", "acos": "arccos", "pow": "power"}
"""Names in NumPy where they are not JAX's."""


def apply_function(c: Code, name: str, *arguments: Element) -> Element:
    """Return an elementary function of elements.

    Args:
        c: Where it is written.
        name: JAX's.
        *arguments: One or two.

    Raises:
        NotImplementedError: If there is no such function here.
    """
    if all(argument.kind == CONSTANT for argument in arguments):
        function = getattr(np, _NUMPY.get(name, name))
        with np.errstate(all="ignore"):
            return constant(
                function(*(np.float64(argument.value) for argument in arguments)), arguments[0].type
            )
    if arguments[0].type == "float":
        if name not in SINGLE:
            raise NotImplementedError(f"single precision {name}")
        arguments = tuple(Element(a.value, a.kind, a.type) for a in arguments)
        return SINGLE[name](c, *arguments)
    return c.library(LIBRARY[name], *arguments)
