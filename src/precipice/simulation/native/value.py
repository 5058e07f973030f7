"""Values of a traced program while it is being written: arrays of numbers, or arrays in memory."""

import itertools
from typing import Any

import numpy as np

from precipice.simulation.native.element import CONSTANT, SIZES, Code, Element, constant, llvm_type
from precipice.simulation.native.memory import SHARED, SIDE_BY_SIDE, Memory, added, load, place_at, store

LARGEST = 2048
"""Most numbers of an array that is handled number by number."""
LOOPED = 24
"""From how many numbers on an operation is written as a loop."""
ON_STACK = 256
"""Most numbers of an array that lies on the stack rather than in the scratch memory."""


class Fill:
    """A large array of one number, before it is written anywhere.

    Attributes:
        element: The number.
        shape: Of the array.
    """

    def __init__(self, element: Element, shape: tuple[int, ...]):
        """Store what fills it."""
        self.element, self.shape, self.type = element, tuple(shape), element.type


Value = Any
"""An object array of `Element`, a `Memory`, or a `Fill`."""


class Writer(Code):
    """A function being written, with its scratch memory.

    Attributes:
        scratch: Bytes of scratch memory used so far.
    """

    def __init__(self, lanes: int):
        """Begin an empty function."""
        super().__init__(lanes)
        self.scratch = 0

    def allocate(self, type: str, count: int) -> Memory:  # noqa: A002
        """Return new memory for `count` numbers a lane, side by side."""
        stored = "i8" if type == "i1" else type
        if count <= ON_STACK:
            base = self.name("%m")
            self.entry.append(f"  {base} = alloca [{max(count, 1) * self.lanes} x {stored}], align 64")
        else:
            base = self.name("%m")
            self.entry.append(f"  {base} = getelementptr i8, ptr %scratch, i64 {self.scratch}")
            self.scratch += -(-count * self.lanes * SIZES[type] // 64) * 64
        return Memory(base, SIDE_BY_SIDE, type, (count,))

    def table(self, values: np.ndarray) -> Memory:
        """Return a constant array in memory."""
        key = (values.tobytes(), values.dtype.name, values.shape)
        type_ = llvm_type(values.dtype)
        if key not in self._arrays:
            self._arrays[key] = self.name("@c")
            stored = "i8" if type_ == "i1" else type_
            parts = []
            for value in values.reshape(-1):
                one = constant(value, type_)
                parts.append(f"{stored} {int(one.value) if stored == 'i8' else self.operand(one, 0)}")
            self.globals.append(
                f"{self._arrays[key]} = private unnamed_addr constant [{len(parts)} x {stored}] "
                f"[{', '.join(parts)}], align 64"
            )
        return Memory(self._arrays[key], SHARED, type_, values.shape, changes=False)

    # ---------------------------------------------------------------- between the two

    def elements(self, value: Value) -> np.ndarray:
        """Return the numbers of a value, an object array."""
        if isinstance(value, np.ndarray):
            return value
        size = int(np.prod(value.shape, dtype=np.int64))
        if size > LARGEST:
            raise NotImplementedError(f"an array of {value.shape} number by number")
        found = np.empty(value.shape, object)
        if isinstance(value, Fill):
            found.fill(value.element)
            return found
        places, cache = value.places(), {}
        for index in itertools.product(*(range(n) for n in value.shape)):
            place = int(places[index])
            if place not in cache:
                cache[place] = load(self, value, place_at(self, place, value.offset[1]))
            found[index] = cache[place]
        return found

    def in_memory(self, value: Value) -> Memory:
        """Return a value in memory, where it can be read at places found in flight."""
        if isinstance(value, Memory):
            return value
        if isinstance(value, np.ndarray) and all(e.kind == CONSTANT for e in value.reshape(-1)):
            if value.size == 0:
                return self.allocate("float", 0)
            kind = {"float": np.float32, "double": np.float64, "i1": bool, "i32": np.int32, "i64": np.int64}
            plain = [e.value for e in value.reshape(-1)]
            return self.table(np.array(plain, kind[value.reshape(-1)[0].type]).reshape(value.shape))
        elements = self.elements(value)
        memory = self.allocate(elements.reshape(-1)[0].type, elements.size).reshape(elements.shape)
        self.put(memory, elements, masked=False)
        return memory

    def put(self, memory: Memory, value: Value, masked: bool = True) -> None:
        """Write all numbers of a value to memory of the same shape.

        Args:
            memory: Where to; packed.
            value: What.
            masked: Whether only lanes that are going on write.
        """
        before = self.mask
        if not masked:
            self.mask = constant(True, "i1")  # noqa: FBT003
        if isinstance(value, Memory) and (not value.is_packed or value.size < LOOPED):
            value = self.elements(value)
        if isinstance(value, np.ndarray):
            places = memory.places()
            for index in itertools.product(*(range(n) for n in value.shape)):
                place = place_at(self, int(places[index]), memory.offset[1])
                store(self, memory, place, value[index])
        else:
            self._copy(memory, value)
        self.mask = before

    def _copy(self, memory: Memory, value: Fill | Memory) -> None:
        """Write a large array by a loop."""
        if not memory.is_packed:
            raise NotImplementedError("copy of a view with gaps")
        count = memory.size
        if count == 0:
            return

        def one(k: Element) -> None:
            to = added(self, k, place_at(self, *memory.offset))
            if isinstance(value, Fill):
                store(self, memory, to, value.element)
            else:
                store(self, memory, to, load(self, value, added(self, k, place_at(self, *value.offset))))

        self.loop(count, one)

    def loop(self, count: int, body: Any) -> None:
        """Write a loop that runs a fixed number of times; the body is given the turn, i64."""
        counter = self.name("%i")
        self.entry.append(f"  {counter} = alloca i64")
        self.act(f"store i64 0, ptr {counter}")
        head, end = self.name("loop"), self.name("end")
        self.act(f"br label %{head}")
        self.label(head)
        self.enter()
        turn = Element(self.write_anew(f"load i64, ptr {counter}"), 1, "i64")
        body(turn)
        following = self.write(f"add i64 {turn.value}, 1")
        self.act(f"store i64 {following}, ptr {counter}")
        test = self.write(f"icmp slt i64 {following}, {count}")
        self.leave()
        self.act(f"br i1 {test}, label %{head}, label %{end}")
        self.label(end)
