"""A traced program, equation by equation, as LLVM text."""

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from jax.extend.core import Literal

from precipice.simulation.native.arrays import ARRAYS, empty, own
from precipice.simulation.native.element import UNIFORM, VARYING, Element, constant, llvm_type
from precipice.simulation.native.function import LIBRARY, apply_function
from precipice.simulation.native.memory import SHARED, Memory, added, load, place_at, store
from precipice.simulation.native.value import LARGEST, LOOPED, Fill, Value, Writer
from precipice.simulation.native.varying import (
    inner_program,
    updated_in_place,
    varying_scan,
    varying_while,
)

COMPARISONS = ("eq", "ne", "lt", "le", "gt", "ge")
ROUNDING = ("round", "roundeven")


def _power(w: Writer, a: Element, power: int) -> Element:
    """Return a whole power by repeated squaring."""
    result, square, left = None, a, abs(power)
    while left:
        if left & 1:
            result = square if result is None else w.multiply(result, square)
        left >>= 1
        if left:
            square = w.multiply(square, square)
    result = constant(1, a.type) if result is None else result
    return w.divide(constant(1, a.type), result) if power < 0 else result


def _remainder(w: Writer, a: Element, b: Element) -> Element:
    """Return what a division leaves, with the sign of what is divided."""
    if a.type not in ("float", "double"):
        return w.binary("srem", a, b)
    whole = w.call("trunc", Element(*_plain(w.divide(a, b))))
    return w.fused(w.negative(whole), b, a)


def _plain(a: Element) -> tuple[Any, int, str]:
    return a.value, a.kind, a.type


def _sign(w: Writer, a: Element) -> Element:
    zero, one = constant(0, a.type), constant(1, a.type)
    found = w.select(w.compare("gt", a, zero), one, w.select(w.compare("lt", a, zero), w.negative(one), zero))
    return w.select(w.binary("fcmp uno", a, a, "i1"), a, found) if a.type in ("float", "double") else found


def _finite(w: Writer, a: Element) -> Element:
    return w.compare("lt", w.absolute(a), constant(float("inf"), a.type))


def _itself(w: Writer, a: Element) -> Element:
    del w
    return a


def _unary(intrinsic: str) -> Callable[[Writer, Element], Element]:
    def apply(w: Writer, a: Element) -> Element:
        return w.call(intrinsic, a)

    return apply


_SIMPLE: dict[str, Callable[..., Element]] = {
    "add": lambda w, a, b: w.add(a, b),
    "add_any": lambda w, a, b: w.add(a, b),
    "sub": lambda w, a, b: w.subtract(a, b),
    "mul": lambda w, a, b: w.multiply(a, b),
    "div": lambda w, a, b: w.divide(a, b),
    "rem": _remainder,
    "max": lambda w, a, b: w.largest(a, b),
    "min": lambda w, a, b: w.smallest(a, b),
    "and": lambda w, a, b: w.both(a, b),
    "or": lambda w, a, b: w.either(a, b),
    "xor": lambda w, a, b: w.binary("xor", a, b),
    "not": lambda w, a: w.invert(a),
    "neg": lambda w, a: w.negative(a),
    "abs": lambda w, a: w.absolute(a),
    "square": lambda w, a: w.multiply(a, a),
    "sqrt": _unary("sqrt"),
    "rsqrt": lambda w, a: w.divide(constant(1, a.type), w.call("sqrt", a)),
    "floor": _unary("floor"),
    "ceil": _unary("ceil"),
    "sign": _sign,
    "is_finite": _finite,
    "clamp": lambda w, low, a, high: w.smallest(w.largest(a, low), high),
    **dict.fromkeys(("stop_gradient", "copy", "copy_p"), _itself),
    "select_n": lambda w, test, no, yes: w.select(w.convert(test, "i1"), yes, no),
}


def _with_parameters(eqn: Any) -> Callable[..., Element]:
    """Return what an elementwise operation does to elements."""
    name, parameters = eqn.primitive.name, eqn.params
    if name == "integer_pow":
        return lambda w, a: _power(w, a, parameters["y"])
    if name == "convert_element_type":
        return lambda w, a: w.convert(a, llvm_type(parameters["new_dtype"]))
    if name == "round":
        return lambda w, a: w.call(ROUNDING[int(parameters["rounding_method"])], a)
    if name in COMPARISONS:
        return lambda w, a, b: w.compare(name, a, b)
    if name in LIBRARY:
        return lambda w, *given: apply_function(w, name, *given)
    if name in _SIMPLE:
        return _SIMPLE[name]
    raise NotImplementedError(f"operation {name}")


def write_program(w: Writer, program: Any, constants: Sequence[Value], given: Sequence[Value]) -> list[Value]:
    """Write a traced program and return its results.

    Args:
        w: Where it is written.
        program: Without its constants.
        constants: Values of its constants.
        given: Values of its inputs.

    Raises:
        NotImplementedError: If it does something that this compiler does not know.
    """
    known: dict[Any, Value] = dict(zip(program.constvars, constants, strict=True))
    known |= dict(zip(program.invars, given, strict=True))
    for eqn in program.eqns:
        values = [read_value(w, var, known) for var in eqn.invars]
        results = _write_equation(w, eqn, values)
        known |= dict(zip(eqn.outvars, results, strict=True))
    return [read_value(w, var, known) for var in program.outvars]


def read_value(w: Writer, var: Any, known: dict[Any, Value]) -> Value:
    """Return the value of a variable or literal."""
    return as_constant(w, np.asarray(var.val, _aval(var).dtype)) if isinstance(var, Literal) else known[var]


def _aval(var: Any) -> Any:
    return var.aval


def as_constant(w: Writer, array: np.ndarray) -> Value:
    """Return a constant array."""
    if array.size > LARGEST:
        return w.table(array)
    found, type_ = empty(array.shape), llvm_type(array.dtype)
    for index in itertools.product(*(range(n) for n in array.shape)):
        found[index] = constant(array[index], type_)
    return found


def _write_equation(w: Writer, eqn: Any, values: list[Value]) -> list[Value]:
    name = eqn.primitive.name
    if name == "while":
        return _write_while(w, eqn, values)
    if name == "scan":
        return _write_scan(w, eqn, values)
    if name in ARRAYS:
        results = ARRAYS[name](w, *values, eqn=eqn)
        return results if isinstance(results, list) else [results]
    program = inner_program(eqn)
    if program is not None:
        held = eqn.params.get("jaxpr", eqn.params.get("call_jaxpr"))
        constants = [as_constant(w, np.asarray(c)) for c in getattr(held, "consts", ())]
        return write_program(w, program, constants, values)
    return [_elementwise(w, eqn, values)]


def _elementwise(w: Writer, eqn: Any, values: list[Value]) -> Value:
    operation, shape = _with_parameters(eqn), eqn.outvars[0].aval.shape
    if all(isinstance(value, Fill) for value in values):
        return Fill(operation(w, *(value.element for value in values)), shape)
    if eqn.primitive.name in ("copy", "stop_gradient") and isinstance(values[0], Memory):
        return values[0]
    if int(np.prod(shape, dtype=np.int64)) >= LOOPED:
        return _in_a_loop(w, operation, values, eqn.outvars[0].aval)
    # JAX lets an axis of one stand for any length.
    arrays = [np.broadcast_to(w.elements(value), shape) for value in values]
    found = empty(shape)
    for index in itertools.product(*(range(n) for n in shape)):
        found[index] = operation(w, *(a[index] for a in arrays))
    return found


def _in_a_loop(w: Writer, operation: Callable[..., Element], values: list[Value], result: Any) -> Value:
    """Return an operation on many numbers, which lie in memory, turn by turn."""
    shape, size = result.shape, int(np.prod(result.shape, dtype=np.int64))
    single: list[Any] = [
        w.elements(value).reshape(-1)[0] if int(np.prod(value.shape, dtype=np.int64)) == 1 else None
        for value in values
    ]
    tables = [
        None if one is not None else _packed(w, value, shape)
        for one, value in zip(single, values, strict=True)
    ]
    if all(isinstance(table, Fill | None) for table in tables):
        given = [
            table.element if isinstance(table, Fill) else one
            for one, table in zip(single, tables, strict=True)
        ]
        return Fill(operation(w, *given), shape)
    found = w.allocate(llvm_type(result.dtype), size).reshape(shape)

    def turn(k: Element) -> None:
        given = []
        for one, table in zip(single, tables, strict=True):
            if isinstance(table, Memory):
                step = table.strides[0] if len(shape) == 1 else 1
                moved = w.multiply(k, constant(step, "i64"))
                one = load(w, table, added(w, moved, place_at(w, *table.offset)))
            given.append(table.element if isinstance(table, Fill) else one)
        store(w, found, k, operation(w, *given))

    mask, w.mask = w.mask, constant(True, "i1")  # noqa: FBT003
    w.loop(size, turn)
    w.mask = mask
    return found


def _packed(w: Writer, value: Value, shape: tuple[int, ...]) -> Memory | Fill:
    """Return a value of a shape whose numbers lie one after the other, or along one axis."""
    if isinstance(value, Fill):
        return value
    if tuple(value.shape) != tuple(shape):
        value = np.broadcast_to(w.elements(value), shape)
    if isinstance(value, Memory) and (value.is_packed or len(shape) == 1):
        return value
    return w.in_memory(value if isinstance(value, np.ndarray) else w.elements(value))


# -------------------------------------------------------------------- loops


class _Slots:
    """The carried values of a loop, in places that it reads and writes each turn."""

    def __init__(
        self, w: Writer, values: list[Value], varies: list[bool], tables: list[bool], same: list[bool]
    ):
        """Make room for what a loop carries and write its first values there.

        Args:
            w: Where it is written.
            values: First ones.
            varies: Which may differ from lane to lane.
            tables: Which are replaced in parts, in place.
            same: Which never change.
        """
        self._w, self._same = w, same
        self._places: list[Any] = []
        self._first = values
        for value, varying, table, kept in zip(values, varies, tables, same, strict=True):
            size = int(np.prod(value.shape, dtype=np.int64))
            if kept:
                self._places.append(value)
            elif table or size > LARGEST or isinstance(value, Fill):
                self._places.append(own(w, value))
            else:
                self._places.append(self._slots(w.elements(value), varying))

    def _slots(self, elements: np.ndarray, varying: bool) -> np.ndarray:
        w, found = self._w, empty(elements.shape)
        kind = VARYING if varying and w.lanes > 1 else UNIFORM
        for index in itertools.product(*(range(n) for n in elements.shape)):
            element = elements[index]
            name, wide = w.name("%s"), w.type_of(element.type, kind)
            w.entry.append(f"  {name} = alloca {wide}")
            w.act(f"store {wide} {w.operand(element, kind)}, ptr {name}")
            found[index] = Element(name, kind, element.type)
        return found

    def read(self) -> list[Value]:
        """Return the values now."""
        return [place if isinstance(place, Memory) or kept else self._read(place)
                for place, kept in zip(self._places, self._same, strict=True)]  # fmt: skip

    def _read(self, slots: np.ndarray) -> np.ndarray:
        w, found = self._w, empty(slots.shape)
        for index in itertools.product(*(range(n) for n in slots.shape)):
            slot = slots[index]
            value = w.write_anew(f"load {w.type_of(slot.type, slot.kind)}, ptr {slot.value}")
            found[index] = Element(value, slot.kind, slot.type)
        return found

    def update(self, before: list[Value], after: list[Value], going: Element) -> None:
        """Write the values after a turn, in the lanes that took it.

        Args:
            before: As they were read.
            after: Results of the turn.
            going: Which lanes took it.
        """
        w = self._w
        writes = []
        for place, old, new, kept in zip(self._places, before, after, self._same, strict=True):
            if kept:
                continue
            if isinstance(place, Memory):
                if not (isinstance(new, Memory) and new.base == place.base and new.offset == place.offset):
                    w.put(place, new if place.size >= LOOPED else w.elements(new))
                continue
            elements = w.elements(new)
            for index in itertools.product(*(range(n) for n in place.shape)):
                slot = place[index]
                chosen = elements[index]
                if slot.kind == VARYING:
                    chosen = w.select(going, chosen, old[index])
                wide = w.type_of(slot.type, slot.kind)
                writes.append(f"store {wide} {w.operand(chosen, slot.kind)}, ptr {slot.value}")
        for text in writes:
            w.act(text)


def _varies(w: Writer, value: Value) -> bool:
    if w.lanes == 1:
        return False
    if isinstance(value, np.ndarray):
        return any(e.kind == VARYING for e in value.reshape(-1))
    if isinstance(value, Fill):
        return value.element.kind == VARYING
    moving = value.offset[1]
    return value.layout != SHARED or (moving is not None and moving.kind == VARYING)


def _write_while(w: Writer, eqn: Any, values: list[Value]) -> list[Value]:
    tests, bodies = eqn.params["cond_nconsts"], eqn.params["body_nconsts"]
    test, body = eqn.params["cond_jaxpr"], eqn.params["body_jaxpr"]
    carried = varying_while(eqn, [_varies(w, value) for value in values])
    invars = body.jaxpr.invars[bodies:]
    same = [out is var for out, var in zip(body.jaxpr.outvars, invars, strict=True)]
    tables = updated_in_place(body.jaxpr, invars, body.jaxpr.outvars)
    slots = _Slots(w, values[tests + bodies :], carried, tables, same)
    head, inside, end = w.name("while"), w.name("body"), w.name("end")
    w.act(f"br label %{head}")
    w.label(head)
    now = slots.read()
    constants = [as_constant(w, np.asarray(c)) for c in test.consts]
    answer: Any = w.elements(write_program(w, test.jaxpr, constants, [*values[:tests], *now])[0])[()]
    going = w.both(answer, w.mask) if answer.kind == VARYING else answer
    w.act(f"br i1 {w.any_lane(going)}, label %{inside}, label %{end}")
    w.label(inside)
    outer = w.mask
    w.enter()
    w.mask = going if going.kind == VARYING else outer
    constants = [as_constant(w, np.asarray(c)) for c in body.consts]
    after = write_program(w, body.jaxpr, constants, [*values[tests : tests + bodies], *now])
    slots.update(now, after, w.mask)
    w.mask = outer
    w.leave()
    w.act(f"br label %{head}")
    w.label(end)
    return now


def _write_scan(w: Writer, eqn: Any, values: list[Value]) -> list[Value]:
    constants, count, length = (eqn.params[name] for name in ("num_consts", "num_carry", "length"))
    body = eqn.params["jaxpr"]
    carried, _ = varying_scan(eqn, [_varies(w, value) for value in values])
    invars = body.jaxpr.invars[constants : constants + count]
    outvars = body.jaxpr.outvars[:count]
    same = [out is var for out, var in zip(outvars, invars, strict=True)]
    tables = updated_in_place(body.jaxpr, invars, outvars)
    slots = _Slots(w, values[constants : constants + count], carried, tables, same)
    columns = [w.in_memory(value) for value in values[constants + count :]]
    kept = [
        w.allocate(llvm_type(var.aval.dtype), int(np.prod(var.aval.shape, dtype=np.int64))).reshape(
            var.aval.shape
        )
        for var in eqn.outvars[count:]
    ]
    inner = [as_constant(w, np.asarray(c)) for c in body.consts]

    def turn(k: Element) -> None:
        if eqn.params["reverse"]:
            k = w.subtract(constant(length - 1, "i64"), k)
        now = slots.read()
        rows = [_row(w, column, k) for column in columns]
        results = write_program(w, body.jaxpr, inner, [*values[:constants], *now, *rows])
        slots.update(now, results[:count], w.mask)
        for table, result in zip(kept, results[count:], strict=True):
            row = _row(w, table, k)
            if row.size:
                w.put(row, result if row.size >= LOOPED else w.elements(result), masked=False)

    w.loop(length, turn)
    return [*slots.read(), *kept]


def _row(w: Writer, table: Memory, k: Element) -> Memory:
    """Return one row of a table."""
    step = w.multiply(k, constant(table.strides[0], "i64"))
    moving = added(w, step, table.offset[1])
    return table.view(table.shape[1:], table.strides[1:], 0, moving)
