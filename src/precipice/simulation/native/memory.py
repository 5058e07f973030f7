"""Arrays too large to be single numbers: where they lie, and how lanes read and write them."""

import numpy as np

from precipice.simulation.native.element import CONSTANT, SIZES, UNIFORM, VARYING, Code, Element, constant

SIDE_BY_SIDE, APART, SHARED = "side by side", "apart", "shared"
"""Layouts: each number of all lanes together; each lane's array on its own; one array for all lanes."""


class Memory:
    """An array in memory, or a view of one.

    Attributes:
        base: LLVM pointer to its beginning.
        layout: One of the three.
        type: Of its numbers.
        shape: Of the view.
        strides: Of the view, in numbers.
        offset: Of the view's first number: a fixed part and, where it is found in flight, an `Element`.
        changes: Whether it may be written to after it was first read.
        first: For `APART`, where each lane's array begins, in numbers: name of a vector of i32, or of an i64.
    """

    def __init__(
        self,
        base: str,
        layout: str,
        type: str,  # noqa: A002
        shape: tuple[int, ...],
        strides: tuple[int, ...] | None = None,
        offset: tuple[int, Element | None] = (0, None),
        changes: bool = True,
        first: str = "",
    ):
        """Store where it lies."""
        self.base, self.layout, self.type, self.shape = base, layout, type, tuple(shape)
        self.strides = _packed(self.shape) if strides is None else tuple(strides)
        self.offset, self.changes, self.first = offset, changes, first

    @property
    def size(self) -> int:
        """How many numbers the view has."""
        return int(np.prod(self.shape, dtype=np.int64))

    @property
    def is_packed(self) -> bool:
        """Whether the view's numbers lie one after the other."""
        return self.strides == _packed(self.shape)

    def view(
        self, shape: tuple[int, ...], strides: tuple[int, ...], more: int = 0, moving: Element | None = None
    ) -> "Memory":
        """Return another view of the same array, that begins `more` numbers later."""
        fixed, found = self.offset
        offset = fixed + more, moving or found
        return Memory(self.base, self.layout, self.type, shape, strides, offset, self.changes, self.first)

    def reshape(self, shape: tuple[int, ...]) -> "Memory":
        """Return a packed view in another shape."""
        if not self.is_packed:
            raise NotImplementedError("reshape of a view with gaps")
        return self.view(shape, _packed(shape))

    def places(self) -> np.ndarray:
        """Return the fixed part of where each number of the view lies, `shape`."""
        found = np.full(self.shape, self.offset[0])
        for axis, (length, stride) in enumerate(zip(self.shape, self.strides, strict=True)):
            found += (np.arange(length) * stride).reshape([-1 if k == axis else 1 for k in range(found.ndim)])
        return found


def _packed(shape: tuple[int, ...]) -> tuple[int, ...]:
    steps = np.cumprod([1, *shape[::-1]], dtype=np.int64)[:-1]
    return tuple(int(step) for step in steps[::-1])


def place_at(c: Code, place: int, moving: Element | None) -> Element:
    """Return where a number lies, in numbers: i32 where lanes differ, else i64."""
    if moving is None:
        return constant(place, "i64")
    return c.add(moving, constant(place, moving.type))


def added(c: Code, step: Element, so_far: Element | None) -> Element:
    """Return a place moved on: i32 where lanes differ, so that gathers stay narrow, else i64."""
    if so_far is None:
        return step
    if VARYING in (step.kind, so_far.kind) and c.lanes > 1:
        step, so_far = c.convert(step, "i32"), c.convert(so_far, "i32")
    else:
        step, so_far = c.convert(step, "i64"), c.convert(so_far, "i64")
    return c.add(so_far, step)


def load(c: Code, memory: Memory, place: Element) -> Element:
    """Return the number at a place, one for each lane unless all share it.

    Args:
        c: Where it is written.
        memory: Array.
        place: In numbers, i64.
    """
    kind, lanes = _load_kind(c, memory, place), c.lanes
    stored = "i8" if memory.type == "i1" else memory.type
    wide = c.type_of(stored, kind)
    read = c.write_anew if memory.changes else c.write
    if kind == UNIFORM or lanes == 1:
        at = _pointer(c, memory, place)
        value = read(f"load {stored}, ptr {at}, align {_size(memory.type)}")
    elif memory.layout == SIDE_BY_SIDE and place.kind != VARYING:
        at = _pointer(c, memory, c.multiply(c.convert(place, "i64"), constant(lanes, "i64")))
        value = read(f"load {wide}, ptr {at}, align {_size(memory.type)}")
    else:
        at, name = _pointers(c, memory, place), f"@llvm.masked.gather.v{lanes}{_short(stored)}.v{lanes}p0"
        c.declared[name] = f"declare {wide} {name}(<{lanes} x ptr>, i32, <{lanes} x i1>, {wide})"
        everywhere = f"<{lanes} x i1> splat (i1 true)"
        value = read(
            f"call {wide} {name}(<{lanes} x ptr> {at}, i32 {_size(memory.type)}, {everywhere}, {wide} poison)"
        )
    if memory.type == "i1":
        value = c.write(f"trunc {wide} {value} to {c.type_of('i1', kind)}")
    return Element(value, kind, memory.type)


def store(c: Code, memory: Memory, place: Element, element: Element) -> None:
    """Write a number to a place, in the lanes that are going on.

    Args:
        c: Where it is written.
        memory: Array, not shared.
        place: In numbers, i64.
        element: What.
    """
    lanes = c.lanes
    stored, value = memory.type, element
    if memory.type == "i1":
        stored, value = "i8", _byte(c, element)
    if lanes == 1:
        at = _pointer(c, memory, place)
        c.act(f"store {c.typed(value, UNIFORM)}, ptr {at}, align {_size(memory.type)}")
        return
    wide = c.type_of(stored, VARYING)
    everywhere = c.mask.kind == CONSTANT and c.mask.value
    if memory.layout == SIDE_BY_SIDE and place.kind != VARYING and everywhere:
        at = _pointer(c, memory, c.multiply(c.convert(place, "i64"), constant(lanes, "i64")))
        c.act(f"store {wide} {c.operand(value, VARYING)}, ptr {at}, align {_size(memory.type)}")
        return
    at, name = _pointers(c, memory, place), f"@llvm.masked.scatter.v{lanes}{_short(stored)}.v{lanes}p0"
    c.declared[name] = f"declare void {name}({wide}, <{lanes} x ptr>, i32, <{lanes} x i1>)"
    going = f"<{lanes} x i1> {c.operand(c.mask, VARYING)}"
    written = c.operand(value, VARYING)
    c.act(f"call void {name}({wide} {written}, <{lanes} x ptr> {at}, i32 {_size(memory.type)}, {going})")


def _byte(c: Code, element: Element) -> Element:
    if element.kind == CONSTANT:
        return Element(int(element.value), CONSTANT, "i8")
    wide = c.type_of("i1", element.kind), c.type_of("i8", element.kind)
    return Element(c.write(f"zext {wide[0]} {element.value} to {wide[1]}"), element.kind, "i8")


def _load_kind(c: Code, memory: Memory, place: Element) -> int:
    if c.lanes == 1 or (memory.layout == SHARED and place.kind != VARYING):
        return UNIFORM
    return VARYING


def _pointer(c: Code, memory: Memory, place: Element) -> str:
    """Return a pointer to a place that is the same in all lanes."""
    stored = "i8" if memory.type == "i1" else memory.type
    index = c.operand(c.convert(place, "i64"), UNIFORM)
    if memory.layout == APART:
        index = c.write(f"add i64 {index}, {memory.first}")
    return c.write(f"getelementptr {stored}, ptr {memory.base}, i64 {index}")


def _pointers(c: Code, memory: Memory, place: Element) -> str:
    """Return a vector of pointers to a place in each lane: a base and 32-bit steps, as gathers want them."""
    lanes = c.lanes
    stored, wide = "i8" if memory.type == "i1" else memory.type, f"<{lanes} x i32>"
    index = c.operand(c.convert(place, "i32"), VARYING)
    if memory.layout == SIDE_BY_SIDE:
        first = c.write(f"mul {wide} {index}, splat (i32 {lanes})")
        index = c.write(f"add {wide} {first}, {c.lane_numbers('i32')}")
    elif memory.layout == APART:
        index = c.write(f"add {wide} {index}, {memory.first}")
    return c.write(f"getelementptr {stored}, ptr {memory.base}, {wide} {index}")


def _size(type: str) -> int:  # noqa: A002
    return SIZES[type]


def _short(type: str) -> str:  # noqa: A002
    return {"float": "f32", "double": "f64"}.get(type, type)
