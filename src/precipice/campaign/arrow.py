"""Numbers as Arrow holds them, and back, without pandas: importing it takes longer than reading a shard."""

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa


def to_arrow(values: np.ndarray) -> "pa.Array":
    """Return numbers or flags as an Arrow array without gaps.

    Args:
        values: Real numbers or bool, `(n,)`; not copied where they lie side by side.
    """
    import pyarrow as pa

    flags = values.dtype == bool
    held = np.packbits(values, bitorder="little") if flags else np.ascontiguousarray(values)
    return pa.Array.from_buffers(
        pa.from_numpy_dtype(values.dtype), len(values), [None, pa.py_buffer(held)], null_count=0
    )


def from_arrow(column: Any) -> np.ndarray:
    """Return a column of numbers or flags without gaps, `(n,)`.

    Args:
        column: Of an Arrow table.
    """
    import pyarrow as pa

    whole = column.combine_chunks()
    if not pa.types.is_boolean(whole.type):
        return np.from_dlpack(whole)
    bits = np.unpackbits(np.frombuffer(whole.buffers()[1], np.uint8), bitorder="little")
    return bits[whole.offset :][: len(whole)].view(bool)
