"""What JAX's operations do to arrays: shapes, parts, lookups, sums."""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from precipice.simulation.native.element import UNIFORM, VARYING, Element, constant, llvm_type
from precipice.simulation.native.memory import Memory, added, load, place_at
from precipice.simulation.native.value import LOOPED, Fill, Value, Writer

Handler = Callable[..., Any]
ARRAYS: dict[str, Handler] = {}
"""By the name of JAX's operation: called with the writer, the values, and the equation."""


def _handles(*names: str) -> Callable[[Handler], Handler]:
    def keep(handler: Handler) -> Handler:
        ARRAYS.update(dict.fromkeys(names, handler))
        return handler

    return keep


def empty(shape: tuple[int, ...]) -> np.ndarray:
    """Return an array for elements."""
    return np.empty(shape, object)


def _one(element: Element) -> np.ndarray:
    found = empty(())
    found[()] = element
    return found


# -------------------------------------------------------------------- shapes


@_handles("broadcast_in_dim")
def _broadcast(w: Writer, a: Value, *, eqn: Any) -> Value:
    shape, axes = eqn.params["shape"], eqn.params["broadcast_dimensions"]
    size = int(np.prod(shape, dtype=np.int64))
    if isinstance(a, Fill) or (size >= LOOPED and int(np.prod(a.shape, dtype=np.int64)) == 1):
        return Fill(a.element if isinstance(a, Fill) else w.elements(a).reshape(-1)[0], shape)
    if isinstance(a, Memory):
        strides = [0] * len(shape)
        for axis, target in enumerate(axes):
            strides[target] = a.strides[axis] if a.shape[axis] == shape[target] else 0
        return a.view(shape, tuple(strides))
    inner = [1] * len(shape)
    for axis, target in enumerate(axes):
        inner[target] = a.shape[axis]
    return np.broadcast_to(a.reshape(inner), shape)


@_handles("reshape")
def _reshape(w: Writer, a: Value, *, eqn: Any) -> Value:
    return _reshaped(a, eqn.params["new_sizes"])


@_handles("expand_dims", "squeeze")
def _squeeze(w: Writer, a: Value, *, eqn: Any) -> Value:
    shape = eqn.outvars[0].aval.shape
    if isinstance(a, Memory):
        kept = iter([s for n, s in zip(a.shape, a.strides, strict=True) if n != 1])
        return a.view(shape, tuple(next(kept) if n != 1 else 0 for n in shape))
    return _reshaped(a, shape)


def _reshaped(a: Value, shape: tuple[int, ...]) -> Value:
    return Fill(a.element, shape) if isinstance(a, Fill) else a.reshape(shape)


@_handles("transpose")
def _transpose(w: Writer, a: Value, *, eqn: Any) -> Value:
    order = eqn.params["permutation"]
    if isinstance(a, Memory):
        return a.view(tuple(a.shape[k] for k in order), tuple(a.strides[k] for k in order))
    return w.elements(a).transpose(order)


@_handles("rev")
def _reverse(w: Writer, a: Value, *, eqn: Any) -> Value:
    return np.flip(w.elements(a), eqn.params["dimensions"])


@_handles("slice")
def _slice(w: Writer, a: Value, *, eqn: Any) -> Value:
    begin, end = eqn.params["start_indices"], eqn.params["limit_indices"]
    step = eqn.params["strides"] or (1,) * len(begin)
    return _part(a, tuple(slice(*bounds) for bounds in zip(begin, end, step, strict=True)))


def _part(a: Value, parts: tuple[slice, ...]) -> Value:
    if isinstance(a, np.ndarray):
        return a[parts]
    shape = tuple(len(range(*part.indices(n))) for part, n in zip(parts, a.shape, strict=True))
    if isinstance(a, Fill):
        return Fill(a.element, shape)
    begin = sum(part.start * stride for part, stride in zip(parts, a.strides, strict=True))
    strides = tuple(stride * (part.step or 1) for part, stride in zip(parts, a.strides, strict=True))
    return a.view(shape, strides, begin)


@_handles("split")
def _split(w: Writer, a: Value, *, eqn: Any) -> list[Value]:
    axis, begin, found = eqn.params["axis"], 0, []
    for size in eqn.params["sizes"]:
        parts = [slice(0, n, 1) for n in a.shape]
        parts[axis] = slice(begin, begin + size, 1)
        found.append(_part(a, tuple(parts)))
        begin += size
    return found


@_handles("unstack")
def _unstack(w: Writer, a: Value, *, eqn: Any) -> list[Value]:
    axis = eqn.params.get("axis", 0)
    elements = w.elements(a)
    return [np.take(elements, [k], axis).reshape(var.aval.shape) for k, var in enumerate(eqn.outvars)]


@_handles("concatenate")
def _concatenate(w: Writer, *parts: Value, eqn: Any) -> Value:
    return np.concatenate([w.elements(part) for part in parts], eqn.params["dimension"])


@_handles("stack")
def _stack(w: Writer, *parts: Value, eqn: Any) -> Value:
    return np.stack([w.elements(part) for part in parts], eqn.params.get("axis", 0))


@_handles("pad")
def _pad(w: Writer, a: Value, filler: Value, *, eqn: Any) -> Value:
    found = empty(eqn.outvars[0].aval.shape)
    found.fill(w.elements(filler)[()])
    elements = w.elements(a)
    for index in itertools.product(*(range(n) for n in a.shape)):
        target = tuple(
            low + k * (1 + inner)
            for k, (low, _, inner) in zip(index, eqn.params["padding_config"], strict=True)
        )
        if all(0 <= k < n for k, n in zip(target, found.shape, strict=True)):
            found[target] = elements[index]
    return found


@_handles("iota")
def _iota(w: Writer, *, eqn: Any) -> Value:
    shape, axis = eqn.params["shape"], eqn.params["dimension"]
    type_ = llvm_type(eqn.params["dtype"])
    row = empty((shape[axis],))
    for k in range(shape[axis]):
        row[k] = constant(k, type_)
    return np.broadcast_to(row.reshape([-1 if k == axis else 1 for k in range(len(shape))]), shape)


# -------------------------------------------------------------------- lookups


def _held(w: Writer, index: Element, most: int) -> Element:
    """Return an index held between zero and the largest one allowed."""
    if index.kind != VARYING:
        index = w.convert(index, "i64")
    low = w.largest(index, constant(0, index.type))
    return w.smallest(low, constant(most, index.type))


def _moved(w: Writer, index: Element, stride: int, so_far: Element | None) -> Element:
    return added(w, w.multiply(index, constant(stride, index.type)), so_far)


def _fixed(*indices: Element) -> bool:
    return all(index.kind == 0 for index in indices)


@_handles("dynamic_slice")
def _dynamic_slice(w: Writer, a: Value, *starts: Value, eqn: Any) -> Value:
    sizes = eqn.params["slice_sizes"]
    held = [
        _held(w, w.elements(start).item(), n - size)
        for start, n, size in zip(starts, a.shape, sizes, strict=True)
    ]
    if isinstance(a, Fill):
        return Fill(a.element, sizes)
    if _fixed(*held) and isinstance(a, np.ndarray):
        return a[tuple(slice(h.value, h.value + size) for h, size in zip(held, sizes, strict=True))]
    memory = w.in_memory(a)
    moving = memory.offset[1]
    for index, stride, n, size in zip(held, memory.strides, a.shape, sizes, strict=True):
        if n != size:
            moving = _moved(w, index, stride, moving)
    return memory.view(tuple(sizes), memory.strides, 0, moving)


@_handles("dynamic_update_slice")
def _dynamic_update(w: Writer, a: Value, update: Value, *starts: Value, eqn: Any) -> Value:
    shape = eqn.invars[1].aval.shape
    held = [
        _held(w, w.elements(start).item(), n - size)
        for start, n, size in zip(starts, a.shape, shape, strict=True)
    ]
    if isinstance(a, np.ndarray) and _fixed(*held):
        found = a.copy()
        parts = tuple(slice(h.value, h.value + size) for h, size in zip(held, shape, strict=True))
        found[parts] = w.elements(update)
        return found
    if not isinstance(a, Memory):
        a = own(w, a)
    moving = a.offset[1]
    for index, stride in zip(held, a.strides, strict=True):
        moving = _moved(w, index, stride, moving)
    w.put(a.view(tuple(shape), a.strides, 0, moving), w.elements(update))
    return a


def own(w: Writer, a: Value) -> Memory:
    """Return a value in memory of its own, where it may be overwritten."""
    size = int(np.prod(a.shape, dtype=np.int64))
    type_ = a.reshape(-1)[0].type if isinstance(a, np.ndarray) else a.type
    memory = w.allocate(type_, size).reshape(a.shape)
    w.put(memory, a if size >= LOOPED else w.elements(a), masked=False)
    return memory


@_handles("gather")
def _gather(w: Writer, a: Value, indices: Value, *, eqn: Any) -> Value:
    numbers, sizes = eqn.params["dimension_numbers"], eqn.params["slice_sizes"]
    if numbers.operand_batching_dims:
        raise NotImplementedError("gather with batching dimensions")
    where = w.elements(indices)
    out = eqn.outvars[0].aval.shape
    batch_axes = [k for k in range(len(out)) if k not in numbers.offset_dims]
    window_axes = [k for k in range(len(a.shape)) if k not in numbers.collapsed_slice_dims]
    held = empty(where.shape)
    for index in itertools.product(*(range(n) for n in where.shape)):
        axis = numbers.start_index_map[index[-1]]
        held[index] = _held(w, where[index], a.shape[axis] - sizes[axis])
    simple = isinstance(a, np.ndarray) and _fixed(*held.reshape(-1))
    memory = None if simple else w.in_memory(a)
    found, cache = empty(out), {}
    for index in itertools.product(*(range(n) for n in out)):
        batch = tuple(index[k] for k in batch_axes)
        inside = [0] * len(a.shape)
        for axis, k in zip(window_axes, numbers.offset_dims, strict=True):
            inside[axis] = index[k]
        if memory is None:
            for k, axis in enumerate(numbers.start_index_map):
                inside[axis] += held[(*batch, k)].value
            found[index] = a[tuple(inside)]
            continue
        if batch not in cache:
            moving = memory.offset[1]
            for k, axis in enumerate(numbers.start_index_map):
                moving = _moved(w, held[(*batch, k)], memory.strides[axis], moving)
            cache[batch] = moving
        place = memory.offset[0] + sum(k * s for k, s in zip(inside, memory.strides, strict=True))
        found[index] = load(w, memory, place_at(w, place, cache[batch]))
    return found


@_handles("scatter", "scatter-add", "scatter_add")
def _scatter(w: Writer, a: Value, indices: Value, updates: Value, *, eqn: Any) -> Value:
    numbers = eqn.params["dimension_numbers"]
    where, given, found = w.elements(indices), w.elements(updates), w.elements(a).copy()
    if not _fixed(*where.reshape(-1)):
        raise NotImplementedError("scatter to places found in flight")
    batch_axes = [k for k in range(given.ndim) if k not in numbers.update_window_dims]
    window_axes = [k for k in range(found.ndim) if k not in numbers.inserted_window_dims]
    for index in itertools.product(*(range(n) for n in given.shape)):
        batch = tuple(index[k] for k in batch_axes)
        place = [0] * found.ndim
        for axis, k in zip(window_axes, numbers.update_window_dims, strict=True):
            place[axis] = index[k]
        for k, axis in enumerate(numbers.scatter_dims_to_operand_dims):
            place[axis] += int(where[(*batch, k)].value)
        if all(0 <= k < n for k, n in zip(place, found.shape, strict=True)):
            old = found[tuple(place)]
            new = given[index]
            found[tuple(place)] = new if eqn.primitive.name == "scatter" else w.add(old, new)
    return found


# -------------------------------------------------------------------- sums


def _reduced(w: Writer, a: Value, axes: Any) -> np.ndarray:
    """Return elements with the axes to reduce as one last axis."""
    elements = w.elements(a)
    kept = [k for k in range(elements.ndim) if k not in axes]
    moved = elements.transpose([*kept, *axes])
    return moved.reshape([*(elements.shape[k] for k in kept), -1])


def _folding(name: str, combine: Callable[[Writer], Callable[[Element, Element], Element]]) -> None:
    @_handles(name)
    def fold(w: Writer, a: Value, *, eqn: Any) -> Value:
        if isinstance(a, Memory) and len(a.shape) == 1 and a.size >= LOOPED:
            return _fold_in_a_loop(w, a, combine(w))
        rows = _reduced(w, a, eqn.params["axes"])
        found = empty(rows.shape[:-1])
        for index in itertools.product(*(range(n) for n in found.shape)):
            total = rows[index][0]
            for element in rows[index][1:]:
                total = combine(w)(total, element)
            found[index] = total
        return found


def _fold_in_a_loop(w: Writer, a: Memory, combine: Callable[[Element, Element], Element]) -> Value:
    """Return what combining all numbers of a table gives."""

    def at(k: Element) -> Element:
        moved = w.multiply(k, constant(a.strides[0], "i64"))
        return load(w, a, added(w, moved, place_at(w, *a.offset)))

    first = at(constant(0, "i64"))
    slot, kind = w.name("%s"), UNIFORM if w.lanes == 1 else VARYING
    wide = w.type_of(a.type, kind)
    w.entry.append(f"  {slot} = alloca {wide}")
    w.act(f"store {wide} {w.operand(first, kind)}, ptr {slot}")

    def turn(k: Element) -> None:
        total = Element(w.write_anew(f"load {wide}, ptr {slot}"), kind, a.type)
        total = combine(total, at(w.add(k, constant(1, "i64"))))
        w.act(f"store {wide} {w.operand(total, kind)}, ptr {slot}")

    w.loop(a.size - 1, turn)
    return _one(Element(w.write_anew(f"load {wide}, ptr {slot}"), kind, a.type))


_folding("reduce_sum", lambda w: w.add)
_folding("reduce_prod", lambda w: w.multiply)
_folding("reduce_max", lambda w: w.largest)
_folding("reduce_min", lambda w: w.smallest)
_folding("reduce_and", lambda w: w.both)
_folding("reduce_or", lambda w: w.either)


@_handles("argmin", "argmax")
def _argument(w: Writer, a: Value, *, eqn: Any) -> Value:
    rows = _reduced(w, a, eqn.params["axes"])
    type_ = llvm_type(eqn.params["index_dtype"])
    found = empty(rows.shape[:-1])
    how = "lt" if eqn.primitive.name == "argmin" else "gt"
    for index in itertools.product(*(range(n) for n in found.shape)):
        best, place = rows[index][0], constant(0, type_)
        for k, element in enumerate(rows[index][1:], 1):
            better = w.compare(how, element, best)
            best = w.select(better, element, best)
            place = w.select(better, constant(k, type_), place)
        found[index] = place
    return found


@_handles("cumsum")
def _cumulative(w: Writer, a: Value, *, eqn: Any) -> Value:
    if eqn.params.get("reverse"):
        raise NotImplementedError("cumulative sum from the end")
    rows = np.moveaxis(w.elements(a), eqn.params["axis"], -1).copy()
    for index in itertools.product(*(range(n) for n in rows.shape[:-1])):
        for k in range(1, rows.shape[-1]):
            rows[(*index, k)] = w.add(rows[(*index, k - 1)], rows[(*index, k)])
    return np.moveaxis(rows, -1, eqn.params["axis"])


@_handles("dot_general")
def _dot(w: Writer, a: Value, b: Value, *, eqn: Any) -> Value:
    (left, right), (batch, _) = eqn.params["dimension_numbers"]
    if batch:
        raise NotImplementedError("matrix product with batch dimensions")
    rows, columns = _reduced(w, a, left), _reduced(w, b, right)
    shape = rows.shape[:-1], columns.shape[:-1]
    found = empty(shape[0] + shape[1])
    for i in itertools.product(*(range(n) for n in shape[0])):
        for j in itertools.product(*(range(n) for n in shape[1])):
            total = w.multiply(rows[i][0], columns[j][0])
            for x, y in zip(rows[i][1:], columns[j][1:], strict=True):
                total = w.add(total, w.multiply(x, y))
            found[(*i, *j)] = total
    return found
