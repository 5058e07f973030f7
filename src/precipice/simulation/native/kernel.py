"""From a traced stage to machine code that flies a few runs side by side, and back from a file."""

import ctypes
import threading
from collections.abc import Sequence
from typing import Any, NamedTuple

import llvmlite.binding as llvm
import numpy as np

POINTERS = ctypes.POINTER(ctypes.c_void_p)
ALIGNMENT = 64


class Leaf(NamedTuple):
    """An array that goes into or comes out of a stage.

    Attributes:
        shape: Of one run.
        dtype: Name of its NumPy type.
        shared: Whether all runs share one.
        source: Of a result that all runs share: which input it is, handed on as it came.
    """

    shape: tuple[int, ...]
    dtype: str
    shared: bool = False
    source: int | None = None


class Layout(NamedTuple):
    """What a kernel takes and returns.

    Attributes:
        lanes: Runs side by side.
        inputs: Leaves.
        outputs: Leaves.
        scratch: Bytes of scratch memory that a call needs.
    """

    lanes: int
    inputs: list[Leaf]
    outputs: list[Leaf]
    scratch: int


class Kernel:
    """A stage as machine code: called with arrays of all runs and the rows to fly."""

    def __init__(self, code: bytes, layout: Layout):
        """Load machine code.

        Args:
            code: An object file from `compile_text`.
            layout: Of its arguments.
        """
        self.layout, self.code = layout, code
        kind = ctypes.CFUNCTYPE(None, POINTERS, POINTERS, ctypes.c_void_p, ctypes.c_void_p)
        self._call = load_function(code, "stage", kind)
        self._local = threading.local()

    def __call__(
        self, inputs: Sequence[np.ndarray], outputs: Sequence[np.ndarray], order: np.ndarray
    ) -> None:
        """Fly runs in the order given, as many side by side as there are lanes.

        Args:
            inputs: Of all runs, C-contiguous, each `(runs, ...)` or shared.
            outputs: Of all runs, written at the rows flown.
            order: Rows, int64, `(n,)`; a last incomplete group repeats its last row.
        """
        lanes = self.layout.lanes
        short = -len(order) % lanes
        order = np.ascontiguousarray(np.concatenate([order, np.repeat(order[-1:], short)]), np.int64)
        given = (ctypes.c_void_p * max(len(inputs), 1))(*(leaf.ctypes.data for leaf in inputs))
        taken = (ctypes.c_void_p * max(len(outputs), 1))(*(leaf.ctypes.data for leaf in outputs))
        scratch = self._scratch()
        for first in range(0, len(order), lanes):
            self._call(given, taken, order.ctypes.data + 8 * first, scratch)

    def _scratch(self) -> int:
        """Return the address of this thread's scratch memory."""
        if not hasattr(self._local, "memory"):
            self._local.memory = np.empty(self.layout.scratch + ALIGNMENT, np.uint8)
        address = self._local.memory.ctypes.data
        return address + -address % ALIGNMENT


def load_function(code: bytes, name: str, kind: Any) -> Any:
    """Return a function of machine code, which is loaded as long as the function is.

    Args:
        code: An object file from `compile_text`.
        name: Of the function.
        kind: Of `ctypes`: what it takes and returns.
    """
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _machine())
    engine.add_object_file(llvm.object_file.ObjectFileRef.from_data(code))
    engine.finalize_object()
    function = kind(engine.get_function_address(name))
    function.engine = engine
    return function


_lock = threading.Lock()
_target: list[Any] = []


def _machine(level: int = 2) -> Any:
    """Return what LLVM knows about this processor."""
    with _lock:
        if not _target:
            llvm.initialize_native_target()
            llvm.initialize_native_asmprinter()
            llvm.load_library_permanently(_math_library())
            _target.append(llvm.Target.from_default_triple())
    return _target[0].create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=level,
        reloc="pic",
        codemodel="jitdefault",
    )


def _math_library() -> str:
    from ctypes.util import find_library

    return find_library("m") or ""


def compile_text(text: str) -> bytes:
    """Return the machine code of a module in LLVM's text form, optimised for this processor.

    Args:
        text: Of the module.
    """
    machine = _machine()
    module = llvm.parse_assembly(text)
    builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=2))
    passes = llvm.create_new_function_pass_manager()
    passes.add_sroa_pass()
    passes.add_instruction_combine_pass()
    passes.add_new_gvn_pass()
    passes.add_simplify_cfg_pass()
    passes.add_aggressive_dce_pass()
    for function in module.functions:
        if not function.is_declaration:
            passes.run(function, builder)
    return machine.emit_object(module)
