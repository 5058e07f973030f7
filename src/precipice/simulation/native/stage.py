"""A traced stage as the text of a module: arguments read, program written, results stored."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from jax.extend.core import Literal

from precipice.simulation.native.element import constant, llvm_type
from precipice.simulation.native.kernel import Layout, Leaf
from precipice.simulation.native.memory import APART, SHARED, Memory
from precipice.simulation.native.value import LOOPED, ON_STACK, Fill, Value, Writer
from precipice.simulation.native.varying import forget
from precipice.simulation.native.write import as_constant, write_program

DIRECT = 48
"""Most numbers of an input that are read at once at the start."""


def write_stage(closed: Any, shared: Sequence[bool], lanes: int, handed_on: int = 0) -> tuple[str, Layout]:
    """Return a module with one function, `stage`, and the layout of its arguments.

    Args:
        closed: Traced stage with its constants, of flat arrays of one run.
        shared: Which inputs all runs share.
        lanes: Runs side by side.
        handed_on: How many leading results go to other stages: what all runs share is not copied for each.

    Raises:
        NotImplementedError: If the stage does something that this compiler does not know.
    """
    w, program = Writer(lanes), closed.jaxpr
    rows = _rows(w)
    read = [*program.outvars, *(var for eqn in program.eqns for var in eqn.invars)]
    used = {var for var in read if not isinstance(var, Literal)}
    inputs, given = [], []
    for k, (var, common) in enumerate(zip(program.invars, shared, strict=True)):
        leaf = Leaf(tuple(var.aval.shape), np.dtype(var.aval.dtype).name, bool(common))
        inputs.append(leaf)
        given.append(
            _read(w, k, leaf, rows) if var in used else Fill(constant(0, llvm_type(leaf.dtype)), leaf.shape)
        )
    constants = [as_constant(w, np.asarray(c)) for c in closed.consts]
    results = write_program(w, program, constants, given)
    tables = {var: k for k, var in enumerate(program.invars) if shared[k]}
    sources = [
        None if k >= handed_on or isinstance(var, Literal) else tables.get(var)
        for k, var in enumerate(program.outvars)
    ]
    outputs = []
    for k, (var, value) in enumerate(zip(program.outvars, results, strict=True)):
        source = sources[k]
        leaf = Leaf(tuple(var.aval.shape), np.dtype(var.aval.dtype).name, source is not None, source)
        outputs.append(leaf)
        if source is None:
            _store(w, k, leaf, value, rows)
    forget()
    return _module(w), Layout(lanes, inputs, outputs, w.scratch)


def _rows(w: Writer) -> str:
    wide = f"<{w.lanes} x i64>" if w.lanes > 1 else "i64"
    return w.write(f"load {wide}, ptr %rows, align 8")


def _base(w: Writer, table: str, k: int, leaf: Leaf, rows: str) -> Memory:
    """Return a leaf in memory: each lane's own, or the one that all share."""
    at = w.write(f"getelementptr ptr, ptr %{table}, i64 {k}")
    base = w.write(f"load ptr, ptr {at}")
    type_ = llvm_type(leaf.dtype)
    if leaf.shared:
        return Memory(base, SHARED, type_, leaf.shape, changes=False)
    size = int(np.prod(leaf.shape, dtype=np.int64))
    if w.lanes == 1:
        first = w.write(f"mul i64 {rows}, {size}")
    else:
        narrow = w.write(f"trunc <{w.lanes} x i64> {rows} to <{w.lanes} x i32>")
        first = w.write(f"mul <{w.lanes} x i32> {narrow}, splat (i32 {size})")
    return Memory(base, APART, type_, leaf.shape, changes=False, first=first)


def _read(w: Writer, k: int, leaf: Leaf, rows: str) -> Value:
    memory = _base(w, "inputs", k, leaf, rows)
    if leaf.shared or memory.size > 2 * ON_STACK:
        return memory
    if memory.size <= DIRECT:
        return w.elements(memory)
    own = w.allocate(memory.type, memory.size).reshape(memory.shape)
    w.put(own, memory)
    own.changes = False
    return own


def _store(w: Writer, k: int, leaf: Leaf, value: Value, rows: str) -> None:
    target = _base(w, "outputs", k, leaf, rows)
    w.put(target, value if target.size >= LOOPED else w.elements(value))


def _module(w: Writer) -> str:
    vector = w.lanes * 32 if w.lanes > 1 else 128
    attributes = f'nounwind "prefer-vector-width"="{vector}" "min-legal-vector-width"="{vector}"'
    arguments = ", ".join(f"ptr noalias %{name}" for name in ("inputs", "outputs", "rows", "scratch"))
    return "\n".join(
        [
            *w.globals,
            *w.declared.values(),
            f"define void @stage({arguments}) {attributes} {{",
            "entry:",
            *w.entry,
            *w.lines,
            "  ret void",
            "}",
        ]
    )
