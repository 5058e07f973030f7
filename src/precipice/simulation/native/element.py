"""One number of a program, and arithmetic on it: a constant, a scalar for all lanes, or a vector of lanes."""

import math
import struct
from typing import Any

import numpy as np

FLOATS = ("float", "double")
SIZES = {"float": 4, "double": 8, "i1": 1, "i32": 4, "i64": 8}
CONSTANT, UNIFORM, VARYING = range(3)
_NUMPY = {"float": np.float32, "double": np.float64, "i1": np.bool_, "i32": np.int32, "i64": np.int64}


def llvm_type(dtype: Any) -> str:
    """Return the name of a NumPy type in LLVM; unsigned numbers are taken as signed ones."""
    names = {"float32": "float", "float64": "double", "bool": "i1", "int32": "i32", "int64": "i64"}
    names |= {"uint32": "i32", "uint64": "i64", "int8": "i32", "uint8": "i32"}
    return names[np.dtype(dtype).name]


class Element:
    """One number.

    Attributes:
        value: A Python number if constant, else the name of an LLVM value.
        kind: `CONSTANT`, `UNIFORM` (the same in all lanes) or `VARYING`.
        type: Of the number in LLVM.
        factors: The two factors of which this is the product, None if it is none: a sum with it is fused.
    """

    __slots__ = ("factors", "kind", "type", "value")

    def __init__(self, value: Any, kind: int, type: str, factors: Any = None):  # noqa: A002
        """Store what it is."""
        self.value, self.kind, self.type, self.factors = value, kind, type, factors


def constant(value: Any, type: str) -> Element:  # noqa: A002
    """Return a constant, rounded to its type."""
    return Element(_NUMPY[type](value).item(), CONSTANT, type)


class Code:
    """The text of a function being written, and the arithmetic that writes it.

    A sum of a product and a number is always one fused operation, decided by the operands alone: the
    same equations give the same bits in every program, for any number of lanes, on any processor.

    Attributes:
        lanes: Runs side by side.
        mask: Which lanes are going on, an `Element` of type i1.
    """

    def __init__(self, lanes: int):
        """Begin an empty function for so many lanes."""
        self.lanes = lanes
        self.mask = constant(True, "i1")  # noqa: FBT003
        self.entry: list[str] = []
        self.lines: list[str] = []
        self.globals: list[str] = []
        self.declared: dict[str, str] = {}
        self._next = 0
        self._arrays: dict[Any, str] = {}
        self._seen: list[dict[str, str]] = [{}]

    # ---------------------------------------------------------------- text

    def name(self, prefix: str = "%v") -> str:
        """Return a name that is not used yet."""
        self._next += 1
        return f"{prefix}{self._next}"

    def write(self, text: str) -> str:
        """Return the name of what a pure instruction gives, written unless it was written before."""
        for scope in self._seen:
            if text in scope:
                return scope[text]
        name = self._seen[-1][text] = self.write_anew(text)
        return name

    def write_anew(self, text: str) -> str:
        """Write an instruction with a result and return the result's name."""
        name = self.name()
        self.lines.append(f"  {name} = {text}")
        return name

    def enter(self) -> None:
        """Begin a part whose results are not known after it."""
        self._seen.append({})

    def leave(self) -> None:
        """End such a part."""
        self._seen.pop()

    def act(self, text: str) -> None:
        """Write an instruction without a result."""
        self.lines.append(f"  {text}")

    def label(self, name: str) -> None:
        """Begin a block."""
        self.lines.append(f"{name}:")

    def kind(self, *elements: Element) -> int:
        """Return the kind of what is computed from elements."""
        return max(element.kind for element in elements)

    def type_of(self, type: str, kind: int) -> str:  # noqa: A002
        """Return the LLVM type of elements of a kind."""
        return f"<{self.lanes} x {type}>" if kind == VARYING and self.lanes > 1 else type

    def operand(self, element: Element, kind: int) -> str:
        """Return an element as an operand of an instruction of a kind, without its type."""
        if element.kind == CONSTANT:
            text = _literal(element.value, element.type)
            return f"splat ({element.type} {text})" if kind == VARYING and self.lanes > 1 else text
        if kind == VARYING and element.kind == UNIFORM and self.lanes > 1:
            wide = self.type_of(element.type, VARYING)
            one = self.write(f"insertelement {wide} poison, {element.type} {element.value}, i32 0")
            return self.write(
                f"shufflevector {wide} {one}, {wide} poison, <{self.lanes} x i32> zeroinitializer"
            )
        return element.value

    def typed(self, element: Element, kind: int) -> str:
        """Return an element as a typed argument."""
        return f"{self.type_of(element.type, kind)} {self.operand(element, kind)}"

    def binary(self, operation: str, a: Element, b: Element, result: str | None = None) -> Element:
        """Return the result of an instruction on two elements."""
        kind = max(self.kind(a, b), UNIFORM)
        left, right = self.operand(a, kind), self.operand(b, kind)
        value = self.write(f"{operation} {self.type_of(a.type, kind)} {left}, {right}")
        return Element(value, kind, result or a.type)

    def call(self, intrinsic: str, *arguments: Element, result: str | None = None) -> Element:
        """Return the result of an LLVM intrinsic whose overload is the first argument's type."""
        kind = max(self.kind(*arguments), UNIFORM)
        first = arguments[0].type
        wide = kind == VARYING and self.lanes > 1
        short = {"float": "f32", "double": "f64"}.get(first, first)
        suffix = f"v{self.lanes}{short}" if wide else short
        name, type_ = f"@llvm.{intrinsic}.{suffix}", self.type_of(result or first, kind)
        types = ", ".join(self.type_of(argument.type, kind) for argument in arguments)
        self.declared[name] = f"declare {type_} {name}({types})"
        given = ", ".join(self.typed(argument, kind) for argument in arguments)
        return Element(self.write(f"call {type_} {name}({given})"), kind, result or first)

    def library(self, function: str, *arguments: Element) -> Element:
        """Return what a function of the C library gives, lane by lane."""
        kind, type_ = max(self.kind(*arguments), UNIFORM), arguments[0].type
        types = ", ".join(type_ for _ in arguments)
        self.declared[function] = f"declare {type_} @{function}({types}) nounwind willreturn memory(none)"
        if kind != VARYING or self.lanes == 1:
            given = ", ".join(self.typed(argument, kind) for argument in arguments)
            return Element(self.write(f"call {type_} @{function}({given})"), kind, type_)
        wide, result = self.type_of(type_, VARYING), "poison"
        operands = [self.operand(argument, VARYING) for argument in arguments]
        for lane in range(self.lanes):
            parts = [self.write(f"extractelement {wide} {operand}, i32 {lane}") for operand in operands]
            one = self.write(f"call {type_} @{function}({', '.join(f'{type_} {part}' for part in parts)})")
            result = self.write(f"insertelement {wide} {result}, {type_} {one}, i32 {lane}")
        return Element(result, VARYING, type_)

    # ---------------------------------------------------------------- arithmetic

    def add(self, a: Element, b: Element) -> Element:
        """Return a sum."""
        if a.kind == b.kind == CONSTANT:
            return _folded(lambda: _NUMPY[a.type](a.value) + _NUMPY[a.type](b.value), a.type)
        if a.type not in FLOATS:
            return self.binary("or" if a.type == "i1" else "add", a, b)
        if is_number(b, 0.0):
            return a
        if is_number(a, 0.0):
            return b
        if a.factors:
            return self.fused(a.factors[0], a.factors[1], b)
        if b.factors:
            return self.fused(b.factors[0], b.factors[1], a)
        return self.binary("fadd", a, b)

    def fused(self, a: Element, b: Element, c: Element) -> Element:
        """Return a b + c, rounded once."""
        return self.call("fma", a, b, c)

    def negative(self, a: Element) -> Element:
        """Return what is opposite."""
        if a.kind == CONSTANT:
            return constant(-a.value, a.type)
        if a.type not in FLOATS:
            return self.binary("sub", constant(0, a.type), a)
        factors = None if a.factors is None else (self.negative(a.factors[0]), a.factors[1])
        value = self.write(f"fneg {self.type_of(a.type, a.kind)} {a.value}")
        return Element(value, a.kind, a.type, factors)

    def subtract(self, a: Element, b: Element) -> Element:
        """Return a difference."""
        if a.kind == b.kind == CONSTANT:
            return _folded(lambda: _NUMPY[a.type](a.value) - _NUMPY[a.type](b.value), a.type)
        if a.type not in FLOATS:
            return self.binary("sub", a, b)
        if is_number(b, 0.0):
            return a
        if a.factors:
            return self.fused(a.factors[0], a.factors[1], self.negative(b))
        if b.factors:
            return self.fused(self.negative(b.factors[0]), b.factors[1], a)
        return self.binary("fsub", a, b)

    def multiply(self, a: Element, b: Element) -> Element:
        """Return a product, which remembers its factors."""
        if a.kind == b.kind == CONSTANT:
            return _folded(lambda: _NUMPY[a.type](a.value) * _NUMPY[a.type](b.value), a.type)
        if a.type not in FLOATS:
            return self.binary("and" if a.type == "i1" else "mul", a, b)
        if is_number(a, 1.0):
            return b
        if is_number(b, 1.0):
            return a
        found = self.binary("fmul", a, b)
        found.factors = (a, b)
        return found

    def divide(self, a: Element, b: Element) -> Element:
        """Return a quotient; of whole numbers, cut off."""
        if a.kind == b.kind == CONSTANT and b.value != 0:
            if a.type in FLOATS:
                return _folded(lambda: _NUMPY[a.type](a.value) / _NUMPY[a.type](b.value), a.type)
            return constant(int(a.value / b.value), a.type)
        return self.binary("fdiv" if a.type in FLOATS else "sdiv", a, b)

    def compare(self, how: str, a: Element, b: Element) -> Element:
        """Return whether a is "eq", "ne", "lt", "le", "gt" or "ge" b."""
        if a.kind == b.kind == CONSTANT:
            tests = {"eq": "__eq__", "ne": "__ne__", "lt": "__lt__", "le": "__le__"}
            tests |= {"gt": "__gt__", "ge": "__ge__"}
            answer = getattr(_NUMPY[a.type](a.value), tests[how])(_NUMPY[a.type](b.value))
            return constant(bool(answer), "i1")
        if a.type in FLOATS:
            return self.binary(f"fcmp {'une' if how == 'ne' else 'o' + how}", a, b, "i1")
        if a.type == "i1" and how not in ("eq", "ne"):
            a, b = self.convert(a, "i32"), self.convert(b, "i32")
        return self.binary(f"icmp {how if how in ('eq', 'ne') else 's' + how}", a, b, "i1")

    def both(self, a: Element, b: Element) -> Element:
        """Return a and b, bit by bit."""
        if a.type == "i1":
            for one, other in ((a, b), (b, a)):
                if one.kind == CONSTANT:
                    return other if one.value else one
        return self.binary("and", a, b)

    def either(self, a: Element, b: Element) -> Element:
        """Return a or b, bit by bit."""
        if a.type == "i1":
            for one, other in ((a, b), (b, a)):
                if one.kind == CONSTANT:
                    return one if one.value else other
        return self.binary("or", a, b)

    def invert(self, a: Element) -> Element:
        """Return not a, bit by bit."""
        if a.kind == CONSTANT:
            return constant(not a.value if a.type == "i1" else ~a.value, a.type)
        return self.binary("xor", a, constant(True if a.type == "i1" else -1, a.type))

    def select(self, condition: Element, yes: Element, no: Element) -> Element:
        """Return one of two by a condition."""
        if condition.kind == CONSTANT:
            return yes if condition.value else no
        if yes is no or (yes.kind == no.kind == CONSTANT and yes.value == no.value):
            return yes
        kind = max(self.kind(condition, yes, no), UNIFORM)
        test = (
            f"i1 {condition.value}"
            if condition.kind == UNIFORM
            else f"{self.type_of('i1', kind)} {condition.value}"
        )
        value = self.write(f"select {test}, {self.typed(yes, kind)}, {self.typed(no, kind)}")
        return Element(value, kind, yes.type)

    def largest(self, a: Element, b: Element) -> Element:
        """Return the larger one; not a number if either is none."""
        return self._outermost(a, b, "gt")

    def smallest(self, a: Element, b: Element) -> Element:
        """Return the smaller one; not a number if either is none."""
        return self._outermost(a, b, "lt")

    def _outermost(self, a: Element, b: Element, how: str) -> Element:
        found = self.select(self.compare(how, a, b), a, b)
        if a.type not in FLOATS or a.kind == CONSTANT:
            return found
        return self.select(self.binary("fcmp uno", a, a, "i1"), a, found)

    def absolute(self, a: Element) -> Element:
        """Return the absolute value."""
        if a.kind == CONSTANT:
            return constant(abs(a.value), a.type)
        if a.type in FLOATS:
            return self.call("fabs", a)
        return self.select(self.compare("lt", a, constant(0, a.type)), self.negative(a), a)

    def convert(self, a: Element, type: str) -> Element:  # noqa: A002
        """Return an element as another type; fractions are cut off."""
        if a.type == type:
            return a
        if a.kind == CONSTANT:
            return constant(int(a.value) if type in ("i32", "i64") else a.value, type)
        if type == "i1":
            return self.compare("ne", a, constant(0, a.type))
        source, target = a.type in FLOATS, type in FLOATS
        if source and target:
            how = "fpext" if type == "double" else "fptrunc"
        elif source:
            how = "fptosi"
        elif target:
            how = "uitofp" if a.type == "i1" else "sitofp"
        elif a.type == "i1":
            how = "zext"
        else:
            how = "sext" if SIZES[type] > SIZES[a.type] else "trunc"
        wide = self.type_of(a.type, a.kind), self.type_of(type, a.kind)
        value = self.write(f"{how} {wide[0]} {a.value} to {wide[1]}")
        if how == "fptosi":
            value = self.write(f"freeze {wide[1]} {value}")
        return Element(value, a.kind, type)

    def bits(self, a: Element, type: str) -> Element:  # noqa: A002
        """Return the same bits as another type."""
        if a.kind == CONSTANT:
            source = np.array(a.value, _NUMPY[a.type])
            return Element(source.view(_NUMPY[type]).item(), CONSTANT, type)
        wide = self.type_of(a.type, a.kind), self.type_of(type, a.kind)
        return Element(self.write(f"bitcast {wide[0]} {a.value} to {wide[1]}"), a.kind, type)

    def any_lane(self, a: Element) -> str:
        """Return whether a condition holds in any lane, as the name of an i1."""
        if a.kind == CONSTANT:
            return "true" if a.value else "false"
        if a.kind == UNIFORM or self.lanes == 1:
            return a.value
        packed = self.write(f"bitcast <{self.lanes} x i1> {a.value} to i{self.lanes}")
        return self.write(f"icmp ne i{self.lanes} {packed}, 0")

    def lane_numbers(self, type: str) -> str:  # noqa: A002
        """Return 0, 1, 2, ... as an operand."""
        return "<" + ", ".join(f"{type} {lane}" for lane in range(self.lanes)) + ">"


def is_number(a: Element, value: float) -> bool:
    """Return whether an element is a constant of a value; a negative zero is not zero."""
    return a.kind == CONSTANT and a.value == value and math.copysign(1.0, a.value) > 0.0


def _folded(compute: Any, type: str) -> Element:  # noqa: A002
    with np.errstate(all="ignore"):
        return constant(compute(), type)


def _literal(value: Any, type: str) -> str:  # noqa: A002
    if type in FLOATS:
        return "0x" + struct.pack(">d", float(value)).hex().upper()
    if type == "i1":
        return "true" if value else "false"
    return str(int(value))
